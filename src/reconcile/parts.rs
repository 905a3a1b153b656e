//! A bill that several payments make up, and a payment that makes up several bills. Only sums that come out exactly,
//! and in one way only: a tie is never guessed.

use crate::error::Result;
use crate::model::case::Line;
use crate::model::money::Money;
use crate::model::period::Cycle;
use crate::model::record::Payment;
use crate::reconcile::due::{due_of_bill, due_window, names_month};
use crate::reconcile::name::{normalised, same};
use crate::reconcile::outcome::{Match, MatchedTo, PaymentClass, PaymentFacts};
use crate::reconcile::payment::{moved, unspent};

/// Most amounts that are tried in every combination; among more of them some sum nearly always fits.
const AMOUNTS_MAX: usize = 10;

/// Matches what single amounts left open: bills in parts first, then payments for several bills.
///
/// # Errors
/// When a sum leaves the exact range.
pub(super) fn settle_sums(line: &Line, facts: &mut [PaymentFacts]) -> Result<()> {
    for (cycle, due) in open_bills(line, facts)? {
        let parts = parts_of(line, facts, cycle, due)?;
        let amounts: Vec<Money> = parts.iter().map(|index| line.payments[*index].amount).collect();
        for at in only_sum(&amounts, due)?.unwrap_or_default() {
            settle(&mut facts[parts[at]], cycle, amounts[at], "bill-in-parts");
        }
    }
    for (index, payment) in line.payments.iter().enumerate() {
        if !is_free(line, facts, index)? {
            continue;
        }
        let open = open_bills(line, facts)?.into_iter();
        let bills: Vec<(Cycle, Money)> = open.filter(|(cycle, _)| is_for(payment, *cycle)).collect();
        let dues: Vec<Money> = bills.iter().map(|(_, due)| *due).collect();
        for at in only_sum(&dues, payment.amount)?.unwrap_or_default() {
            settle(&mut facts[index], bills[at].0, dues[at], "bills-together");
        }
    }
    Ok(())
}

fn settle(facts: &mut PaymentFacts, cycle: Cycle, amount: Money, rule: &'static str) {
    facts.class = PaymentClass::BillPayment;
    facts.matched.push(Match { to: MatchedTo::Bill(cycle), amount, rule });
}

/// Returns the bills that no payment settles, with what they ask for.
fn open_bills(line: &Line, facts: &[PaymentFacts]) -> Result<Vec<(Cycle, Money)>> {
    let mut open = Vec::new();
    for cycle in line.billed_cycles() {
        let to = MatchedTo::Bill(cycle);
        let settled = facts.iter().flat_map(|payment| &payment.matched).any(|found| found.to == to);
        let due = due_of_bill(line, cycle)?.filter(|due| due.is_positive() && !settled);
        open.extend(due.map(|due| (cycle, due)));
    }
    Ok(open)
}

/// Returns the payments that can be a part of the bill.
fn parts_of(line: &Line, facts: &[PaymentFacts], cycle: Cycle, due: Money) -> Result<Vec<usize>> {
    let mut parts = Vec::new();
    for (index, payment) in line.payments.iter().enumerate() {
        if payment.amount < due && is_for(payment, cycle) && is_free(line, facts, index)? {
            parts.push(index);
        }
    }
    Ok(parts)
}

fn is_for(payment: &Payment, cycle: Cycle) -> bool {
    due_window(cycle).contains(payment.paid_at.day())
        && names_month(&payment.description, cycle) != Some(false)
}

/// Returns whether the payment went to the operator and nothing explains any of it. The twin of a payment that settles
/// something is left alone: it may be the second deduction of one due sum.
fn is_free(line: &Line, facts: &[PaymentFacts], index: usize) -> Result<bool> {
    let payment = &line.payments[index];
    let payable = matches!(facts[index].class, PaymentClass::BillPayment | PaymentClass::Carrier);
    let whole = unspent(payment, &facts[index])? == payment.amount && payment.amount.is_positive();
    let is_twin = |(other, facts): (&Payment, &PaymentFacts)| {
        let alike = other.amount == payment.amount && same(&other.payee, &payment.payee);
        let purpose = normalised(&other.description) == normalised(&payment.description);
        alike && purpose && facts.matched.iter().any(|found| found.amount == other.amount)
    };
    Ok(payable && whole && moved(payment) && !line.payments.iter().zip(facts).any(is_twin))
}

/// Returns which of the amounts, at least two, add up to the sum; none when no or more than one choice does.
///
/// # Errors
/// When a sum leaves the exact range.
fn only_sum(amounts: &[Money], sum: Money) -> Result<Option<Vec<usize>>> {
    if amounts.len() > AMOUNTS_MAX {
        return Ok(None);
    }
    let mut found = None;
    for choice in 0u32..1 << amounts.len() {
        let chosen: Vec<usize> = (0..amounts.len()).filter(|at| choice >> at & 1 == 1).collect();
        if chosen.len() >= 2 && Money::sum(chosen.iter().map(|at| amounts[*at]))? == sum {
            if found.is_some() {
                return Ok(None);
            }
            found = Some(chosen);
        }
    }
    Ok(found)
}
