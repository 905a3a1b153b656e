//! A bill that several payments make up, and a payment that makes up several bills. Only sums that come out exactly,
//! and in one way only: a tie is never guessed.

use crate::error::Result;
use crate::model::case::Line;
use crate::model::money::Money;
use crate::model::period::Cycle;
use crate::model::record::Payment;
use crate::reconcile::due::{due_window, names_month};
use crate::reconcile::name::{normalised, same};
use crate::reconcile::outcome::{MatchedTo, PaymentClass, PaymentFacts};
use crate::reconcile::payment::{moved, settle, unspent};
use crate::reconcile::rest::{OpenBill, open_bills};

/// Most amounts that are tried in every combination; among more of them some sum nearly always fits.
const AMOUNTS_MAX: usize = 10;

/// Matches what single amounts left open: bills in parts first, then payments for several bills. Where more than one
/// choice adds up, none is taken, and each payment in question says what it fits.
///
/// # Errors
/// When a sum leaves the exact range.
pub(super) fn settle_sums(line: &Line, facts: &mut [PaymentFacts]) -> Result<()> {
    for bill in open_bills(line, facts)? {
        let parts = parts_of(line, facts, bill)?;
        let amounts: Vec<Money> = parts.iter().map(|index| line.payments[*index].amount).collect();
        match sums(&amounts, bill.rest)? {
            Sums::None => {}
            Sums::One(chosen) => {
                for at in chosen {
                    settle(&mut facts[parts[at]], bill.cycle, amounts[at], "bill-in-parts");
                }
            }
            Sums::Several(chosen) => {
                for at in chosen {
                    tie(&mut facts[parts[at]], [bill.cycle]);
                }
            }
        }
    }
    for (index, payment) in line.payments.iter().enumerate() {
        if !is_free(line, facts, index)? {
            continue;
        }
        let open = open_bills(line, facts)?.into_iter();
        let bills: Vec<OpenBill> = open.filter(|bill| is_for(payment, bill.cycle)).collect();
        let rests: Vec<Money> = bills.iter().map(|bill| bill.rest).collect();
        match sums(&rests, payment.amount)? {
            Sums::None => {}
            Sums::One(chosen) => {
                for at in chosen {
                    settle(&mut facts[index], bills[at].cycle, rests[at], "bills-together");
                }
            }
            Sums::Several(chosen) => tie(&mut facts[index], chosen.into_iter().map(|at| bills[at].cycle)),
        }
    }
    Ok(())
}

/// Returns, by payment, whether it went to the operator and nothing explains any of it.
///
/// # Errors
/// When a sum leaves the exact range.
pub(super) fn free(line: &Line, facts: &[PaymentFacts]) -> Result<Vec<bool>> {
    (0..line.payments.len()).map(|index| is_free(line, facts, index)).collect()
}

fn tie(facts: &mut PaymentFacts, cycles: impl IntoIterator<Item = Cycle>) {
    facts.ties.extend(cycles.into_iter().map(MatchedTo::Bill));
}

/// Returns the payments that can be a part of the bill.
fn parts_of(line: &Line, facts: &[PaymentFacts], bill: OpenBill) -> Result<Vec<usize>> {
    let mut parts = Vec::new();
    for (index, payment) in line.payments.iter().enumerate() {
        if payment.amount < bill.rest && is_for(payment, bill.cycle) && is_free(line, facts, index)? {
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

/// Which of several amounts add up to a sum.
enum Sums {
    None,
    One(Vec<usize>),
    /// More than one choice does; the amounts that are in any of them.
    Several(Vec<usize>),
}

/// Returns which of the amounts, at least two, add up to the sum.
fn sums(amounts: &[Money], sum: Money) -> Result<Sums> {
    if amounts.len() > AMOUNTS_MAX {
        return Ok(Sums::None);
    }
    let mut found: Vec<u32> = Vec::new();
    for choice in 0u32..1 << amounts.len() {
        let chosen = members(choice, amounts.len());
        if chosen.len() >= 2 && Money::sum(chosen.iter().map(|at| amounts[*at]))? == sum {
            found.push(choice);
        }
    }
    Ok(match found[..] {
        [] => Sums::None,
        [only] => Sums::One(members(only, amounts.len())),
        _ => Sums::Several(members(found.iter().fold(0, |any, choice| any | choice), amounts.len())),
    })
}

fn members(choice: u32, count: usize) -> Vec<usize> {
    (0..count).filter(|at| choice >> at & 1 == 1).collect()
}
