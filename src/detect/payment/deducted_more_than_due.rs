//! PAY-003 deducted-more-than-due.

use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::finding::{Finding, FindingKind, Verdict};
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::period::Cycle;
use crate::model::record::{BillLine, Category, Payment};
use crate::reconcile::outcome::{MatchedTo, PaymentClass};
use crate::reconcile::{due_of_bill, names_month, names_service_fee};

/// A payment for one bill or order took more than it asks for.
pub static DETECTOR: Detector = Detector {
    code: "PAY-003",
    name: "deducted-more-than-due",
    kind: FindingKind::Error,
    role: Role::Plain,
    needs: &[],
    basis: &["mfd-122", "mfd-985", "jg-41", "ec-62"],
    page: include_str!("deducted_more_than_due.md"),
    stakes,
    detect,
};

/// A payment with the sum that was due and what was taken beyond it.
struct Surplus {
    payment: usize,
    due: MatchedTo,
    sum: Money,
    amount: Money,
    verdict: Verdict,
}

/// Returns the payments of which more was taken than due, for other detectors that would see the same yuan.
pub(super) fn surplus_payments(facts: &Facts<'_>) -> Result<Vec<usize>> {
    Ok(surpluses(facts)?.iter().map(|surplus| surplus.payment).collect())
}

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    let due =
        facts.deductions().filter(|(index, _)| facts.reconciliation.payments[*index].settles().is_some());
    let settled = due.map(|(index, payment)| facts.payment_stake(index, payment.amount));
    let above = surpluses(facts)?.into_iter().map(|surplus| stake(facts, &surplus)).collect::<Vec<_>>();
    Ok(settled.chain(above).collect())
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    Ok(surpluses(facts)?.iter().map(|surplus| finding(facts, surplus)).collect())
}

/// A fee for the service that the row shows, and money that stands on the account, are no loss.
fn surpluses(facts: &Facts<'_>) -> Result<Vec<Surplus>> {
    let credited = facts.credited()?;
    let mut all = vec![];
    for (index, payment) in facts.deductions() {
        if names_service_fee(payment) || credited[index] || facts.is_payment_found(index) {
            continue;
        }
        let of_order = of_order(facts, index)?;
        let found = if of_order.is_some() { of_order } else { of_bill(facts, index, payment)? };
        all.extend(found);
    }
    Ok(all)
}

/// An order that the payment names by id, with its price. Several times the price may be several periods.
fn of_order(facts: &Facts<'_>, index: usize) -> Result<Option<Surplus>> {
    let Some(due @ MatchedTo::Order(order)) = facts.reconciliation.payments[index].settles() else {
        return Ok(None);
    };
    let Some(sum) = facts.line.orders[order].price.filter(|price| price.is_positive()) else {
        return Ok(None);
    };
    let kept = facts.kept_of(index)?;
    let amount = kept.minus(sum)?;
    let periods = (kept.yuan() % sum.yuan()).is_zero();
    let found = Surplus { payment: index, due, sum, amount, verdict: Verdict::Proven };
    Ok((amount.is_positive() && !periods).then_some(found))
}

/// A bill that the payment names, which no other payment settles or names.
fn of_bill(facts: &Facts<'_>, index: usize, payment: &Payment) -> Result<Option<Surplus>> {
    if facts.reconciliation.payments[index].class != PaymentClass::BillPayment || settles(facts, index) {
        return Ok(None);
    }
    for cycle in facts.line.billed_cycles() {
        let Some(sum) = due_of_bill(facts.line, cycle)?.filter(|_| names_alone(facts, index, payment, cycle))
        else {
            continue;
        };
        let amount = facts.kept_of(index)?.minus(sum)?;
        let old = arrears(facts, cycle)?;
        if amount.is_positive()
            && amount > old
            && !facts.is_provisional(cycle)
            && !is_last_bill(facts, cycle, amount)?
        {
            let verdict = if is_sure(facts, payment, cycle) { Verdict::Proven } else { Verdict::Probable };
            return Ok(Some(Surplus { payment: index, due: MatchedTo::Bill(cycle), sum, amount, verdict }));
        }
    }
    Ok(None)
}

fn settles(facts: &Facts<'_>, index: usize) -> bool {
    facts.reconciliation.payments[index].settles().is_some()
}

/// Returns whether the payment, and no other one, names the bill of the cycle, in the two months after it.
fn names_alone(facts: &Facts<'_>, index: usize, payment: &Payment, cycle: Cycle) -> bool {
    let window = cycle.span().end..cycle.next().next().span().end;
    let names = |payment: &Payment| names_month(&payment.description, cycle) == Some(true);
    let settled = facts.reconciliation.payments.iter().any(|p| p.settles() == Some(MatchedTo::Bill(cycle)));
    let other = facts.deductions().any(|(other, payment)| other != index && names(payment));
    window.contains(&payment.paid_at.day()) && names(payment) && !settled && !other
}

/// Returns the debt with which the cycle began, as its bill prints it.
fn arrears(facts: &Facts<'_>, cycle: Cycle) -> Result<Money> {
    let opening = |line: &&BillLine| line.category == Category::OpeningBalance && line.amount.is_negative();
    let lines = facts.line.bill_of(cycle).map(|(_, line)| line);
    Money::sum(lines.filter(opening).map(|line| line.amount.abs()))
}

/// Returns whether the surplus is just the bill before, which no payment in the papers settles.
fn is_last_bill(facts: &Facts<'_>, cycle: Cycle, amount: Money) -> Result<bool> {
    let before = due_of_bill(facts.line, cycle.previous())?;
    Ok(before == Some(amount) && !is_settled(facts, cycle.previous()))
}

fn is_settled(facts: &Facts<'_>, cycle: Cycle) -> bool {
    facts.reconciliation.payments.iter().any(|payment| payment.settles() == Some(MatchedTo::Bill(cycle)))
}

/// Proven only where no older debt can be in the payment and no late fee has begun: the bill prints a balance
/// that is not negative, or the bill before is paid; and it was paid in the month after.
fn is_sure(facts: &Facts<'_>, payment: &Payment, cycle: Cycle) -> bool {
    let mut lines = facts.line.bill_of(cycle).map(|(_, line)| line);
    let balance = lines.any(|line| line.category == Category::OpeningBalance && !line.amount.is_negative());
    let in_time = cycle.next().span().contains(payment.paid_at.day());
    in_time && (balance || is_settled(facts, cycle.previous()))
}

fn stake(facts: &Facts<'_>, surplus: &Surplus) -> Stake {
    let mut stake = facts.payment_stake(surplus.payment, surplus.amount);
    stake.evidence.extend(facts.due_cell(surplus.due));
    stake
}

fn finding(facts: &Facts<'_>, surplus: &Surplus) -> Finding {
    let known = if surplus.verdict == Verdict::Proven { "stated" } else { "older-debt" };
    let stake = stake(facts, surplus);
    let paid = facts.line.payments[surplus.payment].amount;
    let mut finding = stake.finding(DETECTOR.code, FindingKind::Error, surplus.verdict, known);
    finding.explanation = finding
        .explanation
        .text("paid", paid)
        .text("sum", surplus.sum)
        .message("due", facts.due_words(Some(surplus.due)));
    finding.innocent =
        vec![Message::new(format!("PAY-003.innocent.{known}")), Message::new("PAY-003.innocent.service-fee")];
    let ask = Message::new("PAY-003.ask").text("amount", surplus.amount);
    finding.ask = vec![ask.message("what", stake.what.clone())];
    finding
}
