//! What was said to whom before, and whether a channel takes the letter yet.

use chrono::Days;

use crate::error::Result;
use crate::model::period::Day;
use crate::render::letter::Channel;
use crate::render::letter::parties::Blanks;
use crate::render::template::{Value, context};
use crate::render::words::Words;
use crate::report::model::{Contact, Deadline, Report};

/// Days that the operator has for its answer before an appeal is taken (o35-10).
const ANSWER_DAYS: u64 = 15;

/// Returns the conversations that belong into a letter, and the questions of the appeal form.
pub fn values(report: &Report, channel: Channel, words: Words<'_>, blanks: &mut Blanks) -> Result<Value> {
    let belongs = |contact: &&Contact| match channel {
        Channel::Operator => contact.channel == "operator",
        Channel::Platform => contact.channel == "platform",
        Channel::Miit | Channel::Consumer | Channel::Heimao => true,
    };
    let contacts = report.contacts.iter().filter(belongs);
    let mut contacts =
        contacts.map(|contact| sentence(contact, channel, words)).collect::<Result<Vec<_>>>()?;
    if contacts.is_empty() && channel == Channel::Miit {
        contacts.push(blanks.or_blank(None, "complaint", words)?);
    }
    let appeal = dates(report, "appeal").min_by(|a, b| a.safe_until.cmp(&b.safe_until));
    let appeal = match appeal.filter(|_| channel == Channel::Miit) {
        Some(date) => words
            .with("letter.appeal_term", &[("safe", &date.safe_until), ("latest", &date.at_the_latest)])?,
        None => String::new(),
    };
    Ok(context! { contacts, appeal })
}

/// Returns a conversation in one sentence.
fn sentence(contact: &Contact, channel: Channel, words: Words<'_>) -> Result<String> {
    let at = contact.at.get(..16).unwrap_or(&contact.at);
    let mut parts = vec![words.with("letter.contact", &[("at", at), ("party", &contact.party)])?];
    let told = [("said", &contact.said), ("promise", &contact.promise), ("due", &contact.due)];
    for (key, value) in told {
        if let Some(value) = value {
            let value = if key == "due" { value.get(..16).unwrap_or(value) } else { value.as_str() };
            parts.push(words.with(&format!("letter.contact.{key}"), &[(key, value)])?);
        }
    }
    if let Some(outcome) = &contact.outcome {
        let key = format!("letter.contact.outcome.{outcome}");
        if words.0.has(&key) {
            parts.push(words.plain(&key)?);
        }
    }
    // Names of agents and ticket numbers do not belong into a public post.
    for (key, value) in [("agent", &contact.agent_id), ("ticket", &contact.ticket)] {
        if let Some(value) = value.as_ref().filter(|_| channel != Channel::Heimao) {
            parts.push(words.with(&format!("letter.contact.{key}"), &[(key, value)])?);
        }
    }
    Ok(parts.join(&words.plain("letter.contact.separator")?) + &words.plain("letter.contact.stop")?)
}

/// Returns what stands in the way of sending the letter, in plain words.
///
/// # Errors
/// When a sentence is missing in the wording files.
pub fn conditions(report: &Report, channel: Channel, words: Words<'_>) -> Result<Vec<String>> {
    let as_of = day(&report.as_of);
    let mut notes = match channel {
        Channel::Operator | Channel::Platform => Vec::new(),
        Channel::Miit => first_complaint(report, as_of, words)?,
        Channel::Consumer | Channel::Heimao if asked(report).is_none() => {
            vec![words.plain("letter.note.ask_first")?]
        }
        Channel::Consumer | Channel::Heimao => Vec::new(),
    };
    notes.extend(terms(report, channel, as_of, words)?);
    let accepted: &[&str] = match channel {
        Channel::Miit => &["12315", "association", "court"],
        Channel::Consumer => &["miit", "association", "court"],
        Channel::Operator | Channel::Heimao | Channel::Platform => &[],
    };
    let mut elsewhere: Vec<&str> = report.contacts.iter().map(|it| it.channel.as_str()).collect();
    elsewhere.retain(|channel| accepted.contains(channel));
    elsewhere.sort_unstable();
    elsewhere.dedup();
    for other in elsewhere {
        let who = words.code("channel", other)?;
        notes.push(words.with("letter.note.elsewhere", &[("who", &who)])?);
    }
    if channel == Channel::Consumer {
        notes.push(words.plain("letter.note.may_be_passed_on")?);
    }
    Ok(notes)
}

/// The operator comes first, and has 15 days (o35-10).
fn first_complaint(report: &Report, as_of: Option<Day>, words: Words<'_>) -> Result<Vec<String>> {
    let Some(first) = asked(report) else { return Ok(vec![words.plain("letter.note.operator_first")?]) };
    let free = first.checked_add_days(Days::new(ANSWER_DAYS));
    let answered = report.contacts.iter().any(|it| it.channel == "operator" && it.said.is_some());
    match (free, as_of) {
        (Some(free), Some(as_of)) if as_of < free => {
            let key = if answered { "letter.note.answered" } else { "letter.note.wait" };
            let args = [("asked", first.to_string()), ("free", free.to_string())];
            Ok(vec![words.with(key, &[("asked", &args[0].1), ("free", &args[1].1)])?])
        }
        _ => Ok(Vec::new()),
    }
}

/// Returns the day of the first complaint to the operator.
fn asked(report: &Report) -> Option<Day> {
    let days = report.contacts.iter().filter(|contact| contact.channel == "operator");
    days.filter_map(|contact| day(contact.at.get(..10)?)).min()
}

/// Returns a warning when the term of the channel is over or about to be.
fn terms(report: &Report, channel: Channel, as_of: Option<Day>, words: Words<'_>) -> Result<Vec<String>> {
    let what = match channel {
        Channel::Operator => "first-complaint",
        Channel::Miit => "appeal",
        Channel::Consumer | Channel::Heimao | Channel::Platform => return Ok(Vec::new()),
    };
    let Some(as_of) = as_of else { return Ok(Vec::new()) };
    let first = dates(report, what).min_by(|a, b| a.safe_until.cmp(&b.safe_until));
    let Some(date) = first else { return Ok(Vec::new()) };
    let args = [("safe", date.safe_until.as_str()), ("latest", &date.at_the_latest)];
    Ok(match (day(&date.safe_until), day(&date.at_the_latest)) {
        (_, Some(latest)) if as_of > latest => vec![words.with("letter.note.term_over", &args)?],
        (Some(safe), _) if as_of > safe => vec![words.with("letter.note.term_unsafe", &args)?],
        _ => Vec::new(),
    })
}

/// Returns the dates of that kind of all findings that claim or ask for something.
fn dates<'a>(report: &'a Report, what: &'a str) -> impl Iterator<Item = &'a Deadline> {
    let findings = report.findings.iter().filter(|finding| finding.kind == "E");
    findings.flat_map(|finding| &finding.deadlines).filter(move |date| date.what == what)
}

fn day(text: &str) -> Option<Day> {
    text.parse().ok()
}
