//! Where to go, in which order, until when, and which ways shut each other out (order 35, articles 10 and 11).

use chrono::Days;

use crate::error::Result;
use crate::model::case::Contact;
use crate::model::finding::FindingKind;
use crate::model::message::Message;
use crate::model::period::{Day, months_after};
use crate::report::assemble::{Desk, deadlines};
use crate::report::model::Channel;
use crate::rules::calendar::{Calendar, WorkingDayCount};
use crate::rules::deadline::{self, EventDays};
use crate::settle::outcome::SettledFinding;

/// Days that the operator has for its reply (o35-10).
const REPLY_DAYS: u64 = 15;
/// Months within which a suit may be brought (mfd-188).
const SUIT_MONTHS: u32 = 36;
/// Who shuts out the appeal to the telecom authority once it has taken the matter on (o35-11, 4).
const SHUT_APPEAL: [&str; 3] = ["12315", "association", "court"];
/// Who shuts out 12315 (ts20-15, 2).
const SHUT_12315: [&str; 3] = ["miit", "association", "court"];

/// A way before its words.
struct Way {
    channel: &'static str,
    state: &'static str,
    from: Option<WorkingDayCount>,
    until: Option<Day>,
    text: Message,
    basis: &'static str,
}

/// Returns the ways that are open to the claims on bills, in the order in which they do not shut each other out.
/// Without such a claim there are none.
pub fn route(desk: &Desk<'_>) -> Result<Vec<Channel>> {
    let Some(event) = earliest(desk) else { return Ok(Vec::new()) };
    let ways =
        [operator(desk, event), appeal(desk, event), authority(desk), association(desk), court(desk, event)];
    ways.into_iter().enumerate().map(|(index, way)| said(desk, index, &way)).collect()
}

fn said(desk: &Desk<'_>, index: usize, way: &Way) -> Result<Channel> {
    let line = desk.case.lines.first();
    let known = line.and_then(|line| desk.law(line, way.basis, desk.case.as_of));
    Ok(Channel {
        rank: index as u32 + 1,
        channel: way.channel.to_owned(),
        label: desk.wording.word(&format!("common.channel.{}", way.channel))?,
        state: way.state.to_owned(),
        state_label: desk.wording.word(&format!("route.state.{}", way.state))?,
        from: way.from.map(|from| from.day.to_string()),
        provisional: way.from.is_some_and(|from| from.provisional),
        until: way.until.map(|day| day.to_string()),
        text: desk.say(&way.text)?,
        basis: known.map(|law| law.id),
    })
}

/// Returns the days of the claim on a bill whose term ends first.
fn earliest(desk: &Desk<'_>) -> Option<EventDays> {
    let claimed = |found: &&SettledFinding| {
        found.finding.kind == FindingKind::Error
            && found.claim.is_positive()
            && found.finding.on.iter().any(|(target, _)| target.is_on_bill())
    };
    let all = desk.parts.settled.iter().flat_map(|settled| &settled.findings).filter(claimed);
    all.map(|found| deadlines::event(&found.finding)).min_by_key(|event| event.earliest)
}

/// How far a dispute about a bill has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The operator was not asked yet.
    First,
    /// The operator has until that day to answer.
    Waiting(Day),
    /// The operator answered, or its term is over: the appeal is open until that day.
    Appeal(Day),
    /// Nobody took the matter on, and the term of the appeal is over.
    Over,
    /// The telecom authority has it.
    Appealed,
    /// Somebody else has it, who shuts the authority out.
    Elsewhere(&'static str),
}

/// Returns how far the dispute about charges of those days has come, by the contacts on record.
pub fn stage(desk: &Desk<'_>, event: EventDays) -> Stage {
    if was_asked(desk, "miit") {
        return Stage::Appealed;
    }
    if let Some(channel) = SHUT_APPEAL.into_iter().find(|channel| was_asked(desk, channel)) {
        return Stage::Elsewhere(channel);
    }
    let term = deadline::appeal(event);
    match first_complaint(desk, event) {
        None => Stage::First,
        Some(_) if term.at_the_latest < desk.case.as_of => Stage::Over,
        Some(day) if is_open(desk, event, day) => {
            let safe = term.safe_until;
            Stage::Appeal(if safe < desk.case.as_of { term.at_the_latest } else { safe })
        }
        Some(day) => Stage::Waiting(reply_until(desk, day).day),
    }
}

/// Returns the last day for a suit about charges of those days.
pub fn suit_until(event: EventDays) -> Day {
    months_after(event.earliest, SUIT_MONTHS)
}

/// Returns whether the appeal is open: the operator answered a complaint, or its term is over.
fn is_open(desk: &Desk<'_>, event: EventDays, complained: Day) -> bool {
    reply_until(desk, complained).day < desk.case.as_of || is_answered(desk, event)
}

/// Returns the day of the first contact with the operator that can be about charges of those days.
fn first_complaint(desk: &Desk<'_>, event: EventDays) -> Option<Day> {
    complaints(desk, event).map(|contact| contact.at.day()).min()
}

fn complaints<'a>(desk: &Desk<'a>, event: EventDays) -> impl Iterator<Item = &'a Contact> {
    contacts(desk, "operator").filter(move |contact| contact.at.day() >= event.earliest)
}

/// What was said at once is an answer, unless it put the answer off; so is a later contact on the ticket in which
/// something was said (fine print 40).
fn is_answered(desk: &Desk<'_>, event: EventDays) -> bool {
    let answers = |contact: &Contact| {
        let said_later = |other: &Contact| {
            other.at > contact.at
                && other.said.is_some()
                && other.promise.is_none()
                && other.ticket == contact.ticket
        };
        contact.said.is_some() && contact.promise.is_none() || complaints(desk, event).any(said_later)
    };
    complaints(desk, event).any(answers)
}

fn contacts<'a>(desk: &Desk<'a>, channel: &str) -> impl Iterator<Item = &'a Contact> {
    desk.case.file.contacts.iter().filter(move |contact| contact.channel == channel)
}

/// Returns whether a contact with the party is on record.
pub fn was_asked(desk: &Desk<'_>, channel: &str) -> bool {
    contacts(desk, channel).next().is_some()
}

/// The first complaint; done as soon as a contact with the operator is noted.
fn operator(desk: &Desk<'_>, event: EventDays) -> Way {
    let done = first_complaint(desk, event).is_some();
    let until = deadline::first_complaint(event).safe_until;
    let late = until < desk.case.as_of;
    let (state, key) = match (done, late) {
        (true, _) => ("done", "route.operator.done"),
        (false, true) => ("now", "route.operator.late"),
        (false, false) => ("now", "route.operator.now"),
    };
    let until = (!done).then_some(until);
    Way { channel: "operator", state, from: None, until, text: Message::new(key), basis: "o35-10" }
}

/// The appeal needs the operator's answer, or the end of its term; another body that took the matter on ends it.
fn appeal(desk: &Desk<'_>, event: EventDays) -> Way {
    let complained = first_complaint(desk, event);
    let term = deadline::appeal(event);
    let shut = SHUT_APPEAL.iter().any(|channel| was_asked(desk, channel));
    let from = complained.map(|day| reply_until(desk, day));
    let (state, key) = if was_asked(desk, "miit") {
        ("done", "route.miit.done")
    } else if shut {
        ("shut", "route.miit.shut")
    } else if term.at_the_latest < desk.case.as_of {
        ("over", "route.miit.over")
    } else if complained.is_some_and(|day| is_open(desk, event, day)) {
        ("now", if is_answered(desk, event) { "route.miit.answered" } else { "route.miit.now" })
    } else if complained.is_some() {
        ("later", "route.miit.wait")
    } else {
        ("later", "route.miit.later")
    };
    Way {
        channel: "miit",
        state,
        from,
        until: Some(term.safe_until),
        text: Message::new(key),
        basis: "o35-11",
    }
}

/// Returns the last day for the operator's reply to a complaint of that day, by the rule of the province.
fn reply_until(desk: &Desk<'_>, complained: Day) -> WorkingDayCount {
    let province = desk.case.file.province.as_deref();
    match desk.parts.laws.reply_working_days(province, complained) {
        Some(days) => Calendar::built_in().working_days_after(complained, days),
        None => {
            let day = complained.checked_add_days(Days::new(REPLY_DAYS)).unwrap_or(complained);
            WorkingDayCount { day, provisional: false }
        }
    }
}

fn authority(desk: &Desk<'_>) -> Way {
    let (state, key) = if was_asked(desk, "12315") {
        ("done", "route.12315.done")
    } else if SHUT_12315.iter().any(|channel| was_asked(desk, channel)) {
        ("shut", "route.12315.shut")
    } else {
        ("later", "route.12315.later")
    };
    Way { channel: "12315", state, from: None, until: None, text: Message::new(key), basis: "ts20-15" }
}

fn association(desk: &Desk<'_>) -> Way {
    let done = was_asked(desk, "association");
    let (state, key) =
        if done { ("done", "route.association.done") } else { ("later", "route.association.later") };
    Way { channel: "association", state, from: None, until: None, text: Message::new(key), basis: "xf-39" }
}

fn court(desk: &Desk<'_>, event: EventDays) -> Way {
    let done = was_asked(desk, "court");
    let (state, key) = if done { ("done", "route.court.done") } else { ("later", "route.court.later") };
    let until = Some(suit_until(event));
    Way { channel: "court", state, from: None, until, text: Message::new(key), basis: "mfd-188" }
}
