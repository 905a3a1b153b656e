//! What a later bill gave back is no longer wrong: an error on a charge shrinks by it, or is none.

use crate::detect::Facts;
use crate::detect::papers::bill_item;
use crate::error::Result;
use crate::model::finding::{EvidenceRole, Finding, FindingKind, Target};
use crate::model::message::Message;
use crate::model::money::Money;

/// Returns the finding without the yuan that later bills gave back of its charges; none when nothing is left.
///
/// # Errors
/// When a difference leaves the exact range.
pub(super) fn after(facts: &Facts<'_>, mut finding: Finding) -> Result<Option<Finding>> {
    if facts.reconciliation.reversals.is_empty() || finding.kind != FindingKind::Error {
        return Ok(Some(finding));
    }
    let mut rest = finding.amount;
    let mut on = Vec::new();
    for (target, most) in &finding.on {
        let back = match target {
            Target::BillLine(index) => facts.reconciliation.given_back(*index)?.min(*most).min(rest),
            _ => Money::ZERO,
        };
        rest = rest.minus(back)?;
        on.push((*target, most.minus(back)?));
    }
    let back = finding.amount.minus(rest)?;
    if back.is_zero() {
        return Ok(Some(finding));
    }
    if !rest.is_positive() {
        return Ok(None);
    }
    let rows = finding.on.iter().filter_map(|(target, _)| match target {
        Target::BillLine(index) => facts.reconciliation.reversals.get(index),
        _ => None,
    });
    for reversal in rows.flatten() {
        let row = &facts.line.bill[reversal.by];
        finding.evidence.push(facts.cell(EvidenceRole::Context, row.at, "amount"));
        let said = Message::new("detect.innocent.given-back").message("what", bill_item(row));
        finding.innocent.push(said.text("month", row.cycle).text("amount", reversal.amount));
    }
    (finding.amount, finding.on) = (rest, on);
    Ok(Some(finding))
}
