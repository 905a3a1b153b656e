//! What of each bill is still open, and payments that say which bill they pay: a part of it, all of it, or more.

use crate::error::Result;
use crate::model::case::Line;
use crate::model::money::Money;
use crate::model::period::Cycle;
use crate::model::record::Payment;
use crate::reconcile::carrier::{names_bill, repeatable_word, words};
use crate::reconcile::due::{due_of_bill, due_window, names_month};
use crate::reconcile::outcome::{MatchedTo, PaymentClass, PaymentFacts};
use crate::reconcile::payment::{moved, settle, unspent};

/// A bill of which something is still to be paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct OpenBill {
    pub(super) cycle: Cycle,
    /// What the bill asks for.
    pub(super) due: Money,
    /// What of it no payment has settled; positive.
    pub(super) rest: Money,
}

/// Returns the yuan of payments that settle the bill of the cycle.
///
/// # Errors
/// When the sum leaves the exact range.
pub fn paid_of_bill(facts: &[PaymentFacts], cycle: Cycle) -> Result<Money> {
    let to = MatchedTo::Bill(cycle);
    let parts = facts.iter().flat_map(|payment| &payment.matched).filter(|found| found.to == to);
    Money::sum(parts.map(|found| found.amount))
}

/// Returns the bills of which something is open, the oldest first.
///
/// # Errors
/// When a sum leaves the exact range.
pub(super) fn open_bills(line: &Line, facts: &[PaymentFacts]) -> Result<Vec<OpenBill>> {
    let mut open = Vec::new();
    for cycle in line.billed_cycles() {
        let Some(due) = due_of_bill(line, cycle)?.filter(|due| due.is_positive()) else { continue };
        let rest = due.minus(paid_of_bill(facts, cycle)?)?;
        if rest.is_positive() {
            open.push(OpenBill { cycle, due, rest });
        }
    }
    Ok(open)
}

/// Matches payments that name their bill and are no larger than it, by time: each takes what is open then.
///
/// # Errors
/// When a sum leaves the exact range.
pub(super) fn settle_named(line: &Line, facts: &mut [PaymentFacts]) -> Result<()> {
    for (index, payment) in line.payments.iter().enumerate() {
        let whole = unspent(payment, &facts[index])? == payment.amount;
        let Some(bill) = named_bill(line, facts, index)?.filter(|bill| whole && payment.amount <= bill.due)
        else {
            continue;
        };
        take(&mut facts[index], bill, payment.amount);
    }
    Ok(())
}

/// Matches payments that name their bill and are larger than it; what is left over is left.
///
/// # Errors
/// When a sum leaves the exact range.
pub(super) fn settle_named_above(line: &Line, facts: &mut [PaymentFacts]) -> Result<()> {
    for (index, payment) in line.payments.iter().enumerate() {
        let unspent = unspent(payment, &facts[index])?;
        if let Some(bill) = named_bill(line, facts, index)?.filter(|bill| unspent > bill.rest) {
            take(&mut facts[index], bill, unspent);
        }
    }
    Ok(())
}

/// Matches a payment that pays a bill without naming the month, and less than any: to the only one that is open, where
/// the other bill that it could be for is paid. Where both are open it is a tie.
///
/// # Errors
/// When a sum leaves the exact range.
pub(super) fn settle_unnamed_parts(line: &Line, facts: &mut [PaymentFacts], free: &[bool]) -> Result<()> {
    for (index, payment) in line.payments.iter().enumerate().filter(|(index, _)| free[*index]) {
        let last = Cycle::of(payment.paid_at.day()).previous();
        let unnamed = names_month(&payment.description, last).is_none() && names_bill(payment);
        let payable = [last.previous(), last];
        let known = payable.iter().all(|cycle| line.charges_of(*cycle).next().is_some());
        if !unnamed || !known || repeatable_word(&payment.description).is_some() {
            continue;
        }
        let open = open_bills(line, facts)?.into_iter();
        let fits = |bill: &OpenBill| payable.contains(&bill.cycle) && payment.amount < bill.rest;
        let open: Vec<OpenBill> = open.filter(fits).collect();
        match open[..] {
            [only] => take(&mut facts[index], only, payment.amount),
            _ => facts[index].ties.extend(open.iter().map(|bill| MatchedTo::Bill(bill.cycle))),
        }
    }
    Ok(())
}

/// Gives the parts of a bill that is paid in full the rule that says so.
pub(super) fn name_closed(line: &Line, facts: &mut [PaymentFacts]) -> Result<()> {
    let open: Vec<Cycle> = open_bills(line, facts)?.iter().map(|bill| bill.cycle).collect();
    for found in facts.iter_mut().flat_map(|payment| &mut payment.matched) {
        let closed = matches!(found.to, MatchedTo::Bill(cycle) if !open.contains(&cycle));
        if closed && found.rule == "bill-part" {
            found.rule = "bill-in-parts";
        }
    }
    Ok(())
}

fn take(facts: &mut PaymentFacts, bill: OpenBill, amount: Money) {
    let amount = amount.min(bill.rest);
    settle(facts, bill.cycle, amount, if amount == bill.due { "bill-named" } else { "bill-part" });
}

/// Returns the open bill that the payment names, if it names one only.
fn named_bill(line: &Line, facts: &[PaymentFacts], index: usize) -> Result<Option<OpenBill>> {
    let payment = &line.payments[index];
    let payable = matches!(facts[index].class, PaymentClass::BillPayment | PaymentClass::Carrier);
    if !payable || !moved(payment) || !payment.amount.is_positive() || facts[index].settles().is_some() {
        return Ok(None);
    }
    let mut named = line.billed_cycles().into_iter().filter(|cycle| names_bill_of(payment, *cycle));
    let Some(only) = named.next().filter(|_| named.next().is_none()) else { return Ok(None) };
    Ok(open_bills(line, facts)?.into_iter().find(|bill| bill.cycle == only))
}

/// Returns whether the payment says that it pays the phone bill of that month, and is made in the time for it. A word
/// of some other service beside it (宽带, 副卡) leaves open whose bill is meant.
pub fn names_bill_of(payment: &Payment, cycle: Cycle) -> bool {
    due_window(cycle).contains(payment.paid_at.day())
        && names_month(&payment.description, cycle) == Some(true)
        && words().payment.names_part(payment)
        && repeatable_word(&payment.description).is_none()
}
