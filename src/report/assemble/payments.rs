//! Payments to do with the phone, and what each was matched to.

use crate::error::Result;
use crate::model::case::Line;
use crate::model::finding::Target;
use crate::reconcile::outcome::{Match, MatchedTo, PaymentClass, PaymentFacts};
use crate::report::assemble::{Desk, quote};
use crate::report::model::{Payment, PaymentMatch};
use crate::settle;
use crate::settle::outcome::SettledLine;

/// Returns the carrier-related payments by number and time; unrelated ones are none of the report's business.
///
/// # Errors
/// When a sum leaves the exact range.
pub fn payments(desk: &Desk<'_>) -> Result<Vec<Payment>> {
    let mut all = Vec::new();
    for (index, line, settled) in desk.lines() {
        for (at, facts) in related(settled) {
            all.extend(payment(desk, index, (line, settled), at, facts)?);
        }
    }
    Ok(all)
}

/// Returns the carrier-related payments of a line: (index in the line's payments, what was found).
pub fn related(settled: &SettledLine) -> impl Iterator<Item = (usize, &PaymentFacts)> {
    let facts = settled.reconciliation.payments.iter().enumerate();
    facts.filter(|(_, facts)| facts.class != PaymentClass::Unrelated)
}

fn payment(
    desk: &Desk<'_>,
    index: usize,
    of: (&Line, &SettledLine),
    at: usize,
    facts: &PaymentFacts,
) -> Result<Option<Payment>> {
    let (line, settled) = of;
    let Some(row) = line.payments.get(at) else { return Ok(None) };
    let (counted, given_back) = settle::counted(row, facts)?;
    let about = |target: &Target| *target == Target::Payment(at);
    let findings =
        settled.findings.iter().filter(|found| found.finding.on.iter().any(|(target, _)| about(target)));
    Ok(Some(Payment {
        id: desk.payment_ids.get(&(index, at)).cloned().unwrap_or_default(),
        source: quote::place(desk.case, row.at),
        paid_at: row.paid_at.to_string(),
        platform: row.platform.clone(),
        payee: row.payee.clone(),
        description: row.description.clone(),
        amount: row.amount.to_string(),
        direction: row.direction.code().to_owned(),
        status: row.status.code().to_owned(),
        matched: facts.matched.iter().map(|found| matched(desk, index, line, found)).collect(),
        left_over: facts.left_over.to_string(),
        findings: findings.map(|found| found.id.clone()).collect(),
        counted: counted.to_string(),
        given_back: given_back.to_string(),
    }))
}

fn matched(desk: &Desk<'_>, index: usize, line: &Line, found: &Match) -> PaymentMatch {
    let (to, id) = match found.to {
        MatchedTo::Bill(cycle) => ("bill", cycle.to_string()),
        MatchedTo::Order(at) => {
            ("order", line.orders.get(at).map(|order| order.order_id.clone()).unwrap_or_default())
        }
        MatchedTo::Payment(at) => {
            ("payment", desk.payment_ids.get(&(index, at)).cloned().unwrap_or_default())
        }
    };
    PaymentMatch { to: to.to_owned(), id, amount: found.amount.to_string(), rule: found.rule.to_owned() }
}
