//! SVC-002 reply-overdue.

use chrono::Days;

use crate::detect::service::contacts::{is_open, stake};
use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::case::Contact;
use crate::model::finding::{Finding, FindingKind, Verdict};
use crate::model::message::Message;
use crate::model::period::Day;
use crate::rules::calendar::{Calendar, WorkingDayCount};
use crate::rules::law::LawBook;

/// A complaint to the operator had no reply within 15 days, or within the term of the province.
pub static DETECTOR: Detector = Detector {
    code: "SVC-002",
    name: "reply-overdue",
    kind: FindingKind::Question,
    role: Role::Plain,
    needs: &[],
    basis: &["o35-10", "dx-39", "hn-38", "cq-20"],
    page: include_str!("reply_overdue.md"),
    stakes,
    detect,
};

/// Days that the operator has for its reply (o35-10).
const REPLY_DAYS: u64 = 15;

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    Ok(complaints(facts).into_iter().map(stake).collect())
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    let overdue = complaints(facts).into_iter().filter(|contact| {
        facts.case.as_of > reply_until(facts, contact.at.day()).day && !is_answered(facts, contact)
    });
    Ok(overdue.map(|contact| finding(facts, contact)).collect())
}

/// A complaint is a contact with the operator whose outcome is open or not noted (fine print 18).
fn complaints<'a>(facts: &Facts<'a>) -> Vec<&'a Contact> {
    let mut contacts = facts.contacts();
    contacts.retain(|contact| contact.channel == "operator" && is_open(contact));
    contacts
}

/// Any later contact on the ticket is an answer; without a ticket, a later one in which something was said. What
/// was said at once answers too, unless it put the answer off.
fn is_answered(facts: &Facts<'_>, contact: &Contact) -> bool {
    let at_once = contact.said.is_some() && contact.promise.is_none();
    let later = |other: &Contact| contact.ticket.is_some() || other.said.is_some();
    at_once || facts.later_of(contact).any(later)
}

/// Returns the last day for the reply; provisional where days off of a year are not published yet.
fn reply_until(facts: &Facts<'_>, complained: Day) -> WorkingDayCount {
    let province = facts.case.file.province.as_deref();
    if let Some(working_days) = LawBook::built_in().reply_working_days(province, complained) {
        return Calendar::built_in().working_days_after(complained, working_days);
    }
    let day = complained.checked_add_days(Days::new(REPLY_DAYS)).unwrap_or(complained);
    WorkingDayCount { day, provisional: false }
}

fn finding(facts: &Facts<'_>, contact: &Contact) -> Finding {
    let complained = contact.at.day();
    let known = if contact.ticket.is_some() { "ticket" } else { "no-ticket" };
    let mut finding = stake(contact).finding(DETECTOR.code, FindingKind::Question, Verdict::Probable, known);
    let until = reply_until(facts, complained);
    finding.explanation = finding
        .explanation
        .text("until", until.day)
        .text("ticket", contact.ticket.as_deref().unwrap_or_default());
    finding.innocent = vec![Message::new("SVC-002.innocent")];
    if until.provisional {
        finding.innocent.push(Message::new("SVC-002.innocent.provisional").text("until", until.day));
    }
    finding.ask = vec![Message::new("SVC-002.ask").text("day", complained)];
    finding
}
