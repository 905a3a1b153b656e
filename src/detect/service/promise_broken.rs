//! SVC-001 promise-broken.

use crate::detect::service::contacts::{is_open, stake};
use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::case::Contact;
use crate::model::finding::{Finding, FindingKind, Verdict};
use crate::model::message::Message;

/// A promise noted in a contact passed its due time unkept.
pub static DETECTOR: Detector = Detector {
    code: "SVC-001",
    name: "promise-broken",
    kind: FindingKind::Question,
    role: Role::Plain,
    needs: &[],
    basis: &["xfss-12", "dx-39"],
    page: include_str!("promise_broken.md"),
    stakes,
    detect,
};

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    let promised = facts.contacts().into_iter().filter(|contact| contact.promise.is_some());
    Ok(promised.map(stake).collect())
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    let broken = facts.contacts().into_iter().filter(|contact| is_broken(facts, contact));
    Ok(broken.map(finding).collect())
}

/// The note says broken; or the due day is over, nobody noted that it was kept, and nobody of the other side
/// spoke in the matter by then.
fn is_broken(facts: &Facts<'_>, contact: &Contact) -> bool {
    let told = contact.outcome.as_deref() == Some("broken");
    let overdue = contact.due.filter(|due| due.day() < facts.case.as_of);
    let answered = |due| {
        let spoke = |other: &Contact| {
            let in_time = other.at <= due && other.said.is_some();
            in_time || other.outcome.as_deref() == Some("kept")
        };
        facts.later_of(contact).any(spoke)
    };
    let silent = is_open(contact) && overdue.is_some_and(|due| !answered(due));
    contact.promise.is_some() && (told || silent)
}

fn finding(contact: &Contact) -> Finding {
    let known = if contact.due.is_some() { "due" } else { "told" };
    let promise = contact.promise.as_deref().unwrap_or_default();
    let mut finding = stake(contact).finding(DETECTOR.code, FindingKind::Question, Verdict::Probable, known);
    let due = contact.due.map(|due| due.to_string()).unwrap_or_default();
    finding.explanation = finding.explanation.text("promise", promise).text("due", due);
    finding.innocent = vec![Message::new("SVC-001.innocent")];
    finding.ask = vec![Message::new("SVC-001.ask").text("promise", promise)];
    finding
}
