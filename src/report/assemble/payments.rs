//! Payments to do with the phone, and what each was matched to.

use crate::error::Result;
use crate::model;
use crate::model::case::Line;
use crate::model::finding::Target;
use crate::model::money::Money;
use crate::reconcile::outcome::{Match, MatchedTo, PaymentClass, PaymentFacts};
use crate::reconcile::{HomeTie, due_of_bill, home_ties, paid_of_bill};
use crate::report::assemble::{Desk, quote};
use crate::report::model::{BillPaid, Payment, PaymentMatch, PaymentTie};
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
    for tie in home_ties(desk.case)? {
        all.extend(homeless(desk, &tie)?);
    }
    Ok(all)
}

/// Returns what was paid for each bill that some payment settles.
///
/// # Errors
/// When a sum leaves the exact range.
pub fn bills_paid(desk: &Desk<'_>) -> Result<Vec<BillPaid>> {
    let mut all = Vec::new();
    for (index, line, settled) in desk.lines() {
        let facts = &settled.reconciliation.payments;
        for cycle in line.billed_cycles() {
            let to = MatchedTo::Bill(cycle);
            let paying = |facts: &PaymentFacts| facts.matched.iter().any(|found| found.to == to);
            let ids = facts.iter().enumerate().filter(|(_, facts)| paying(facts));
            let ids: Vec<String> =
                ids.filter_map(|(at, _)| desk.payment_ids.get(&(index, at)).cloned()).collect();
            let Some(due) = due_of_bill(line, cycle)?.filter(|_| !ids.is_empty()) else { continue };
            let paid = paid_of_bill(facts, cycle)?;
            all.push(BillPaid {
                msisdn: line.info.msisdn.clone(),
                period: cycle.to_string(),
                due: due.to_string(),
                paid: paid.to_string(),
                open: due.minus(paid)?.or_zero().to_string(),
                payments: ids,
            });
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
        matched: facts.matched.iter().map(|found| matched(desk, index, line, found)).collect(),
        left_over: facts.left_over.to_string(),
        findings: findings.map(|found| found.id.clone()).collect(),
        counted: counted.to_string(),
        given_back: given_back.to_string(),
        ties: ties(desk, line, &facts.ties)?,
        ..written(desk, (index, at), row)
    }))
}

/// Returns a payment that found no line because it fits several bills, or a bill that another fits as well.
fn homeless(desk: &Desk<'_>, tie: &HomeTie) -> Result<Option<Payment>> {
    let Some(row) = desk.case.other_payments.get(tie.payment) else { return Ok(None) };
    let mut found = Vec::new();
    for (index, cycle) in &tie.bills {
        if let Some(line) = desk.case.lines.get(*index) {
            found.extend(ties(desk, line, &[MatchedTo::Bill(*cycle)])?);
        }
    }
    let own = written(desk, (desk.case.lines.len(), tie.payment), row);
    Ok(Some(Payment { ties: found, left_over: row.amount.to_string(), ..own }))
}

/// Returns what the row itself says.
fn written(desk: &Desk<'_>, key: (usize, usize), row: &model::record::Payment) -> Payment {
    Payment {
        id: desk.payment_ids.get(&key).cloned().unwrap_or_default(),
        source: quote::place(desk.case, row.at),
        paid_at: row.paid_at.to_string(),
        platform: row.platform.clone(),
        payee: row.payee.clone(),
        description: row.description.clone(),
        amount: row.amount.to_string(),
        direction: row.direction.code().to_owned(),
        status: row.status.code().to_owned(),
        matched: Vec::new(),
        left_over: Money::ZERO.to_string(),
        findings: Vec::new(),
        counted: Money::ZERO.to_string(),
        given_back: Money::ZERO.to_string(),
        ties: Vec::new(),
    }
}

fn ties(desk: &Desk<'_>, line: &Line, to: &[MatchedTo]) -> Result<Vec<PaymentTie>> {
    let mut all: Vec<PaymentTie> = Vec::new();
    for to in to {
        if let Some(tie) = tie(desk, line, *to)?.filter(|tie| !all.contains(tie)) {
            all.push(tie);
        }
    }
    Ok(all)
}

fn tie(desk: &Desk<'_>, line: &Line, to: MatchedTo) -> Result<Option<PaymentTie>> {
    let (to, id, at, amount) = match to {
        MatchedTo::Bill(cycle) => {
            let total = line.printed_total(cycle).map(|(_, total)| total.at);
            let at = total.or_else(|| line.charges_of(cycle).next().map(|(_, charge)| charge.at));
            ("bill", cycle.to_string(), at, due_of_bill(line, cycle)?)
        }
        MatchedTo::Order(index) => {
            let Some(order) = line.orders.get(index) else { return Ok(None) };
            ("order", order.order_id.clone(), Some(order.at), order.price)
        }
        MatchedTo::Payment(_) => return Ok(None),
    };
    Ok(at.map(|at| PaymentTie {
        to: to.to_owned(),
        id,
        msisdn: line.info.msisdn.clone(),
        source: quote::place(desk.case, at),
        amount: amount.map(|amount| amount.to_string()).unwrap_or_default(),
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
