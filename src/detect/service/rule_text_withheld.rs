//! SVC-005 rule-text-withheld.

use crate::detect::service::contacts::stake;
use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::case::Contact;
use crate::model::finding::{Finding, FindingKind, Verdict};
use crate::model::message::Message;

/// The rule text or a free list was asked for and not given.
pub static DETECTOR: Detector = Detector {
    code: "SVC-005",
    name: "rule-text-withheld",
    kind: FindingKind::Question,
    role: Role::Plain,
    needs: &[],
    basis: &["xf-8", "dx-30", "dx-33"],
    page: include_str!("rule_text_withheld.md"),
    stakes,
    detect,
};

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    let asked = facts.contacts().into_iter().filter(|contact| contact.rule_text_given.is_some());
    Ok(asked.map(stake).collect())
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    let withheld = facts.contacts().into_iter().filter(|contact| is_withheld(facts, contact));
    Ok(withheld.map(finding).collect())
}

/// A text that came later, from the same party, was not withheld.
fn is_withheld(facts: &Facts<'_>, contact: &Contact) -> bool {
    let given = |other: &Contact| {
        let later = other.at > contact.at && other.channel == contact.channel;
        later && other.rule_text_given == Some(true)
    };
    contact.rule_text_given == Some(false) && !facts.case.file.contacts.iter().any(given)
}

fn finding(contact: &Contact) -> Finding {
    let known = if contact.said.is_some() { "said" } else { "told" };
    let mut finding = stake(contact).finding(DETECTOR.code, FindingKind::Question, Verdict::Probable, known);
    finding.explanation = finding.explanation.text("said", contact.said.as_deref().unwrap_or_default());
    finding.innocent = vec![Message::new("SVC-005.innocent")];
    finding.ask = vec![Message::new("SVC-005.ask")];
    finding
}
