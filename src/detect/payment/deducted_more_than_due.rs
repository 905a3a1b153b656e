//! PAY-003 deducted-more-than-due.

use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::finding::{EvidenceRole, Finding, FindingKind, Verdict};
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::period::Cycle;
use crate::model::record::{BillLine, Category, Payment};
use crate::reconcile::name::same;
use crate::reconcile::outcome::{MatchedTo, PaymentClass};
use crate::reconcile::{due_of_bill, names_bill_of, names_service_fee, paid_of_bill};

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
    /// What of it other payments had settled.
    before: Money,
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
    let settled = due.map(|(_, payment)| payment);
    let above = surpluses(facts)?.into_iter().map(|surplus| &facts.line.payments[surplus.payment]);
    Ok(settled.chain(above).map(|payment| Stake::answered(Cycle::of(payment.paid_at.day()))).collect())
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    Ok(surpluses(facts)?.iter().map(|surplus| finding(facts, surplus)).collect())
}

/// A fee for the service that the row shows, and money that stands on the account, are no loss.
fn surpluses(facts: &Facts<'_>) -> Result<Vec<Surplus>> {
    let credited = facts.credited()?;
    let mut all = vec![];
    for (index, payment) in facts.deductions() {
        if credited[index] || facts.is_payment_found(index) {
            continue;
        }
        let of_order = of_order(facts, index)?;
        let found = if of_order.is_some() { of_order } else { of_bill(facts, index, payment)? };
        all.extend(found.filter(|_| !names_service_fee(payment)));
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
    let found = Surplus { payment: index, due, sum, before: Money::ZERO, amount, verdict: Verdict::Proven };
    Ok((amount.is_positive() && !periods).then_some(found))
}

/// A bill that the payment names and that is paid in full: what of the payment is left over is too much. Two equal
/// payments are no matter of this detector.
fn of_bill(facts: &Facts<'_>, index: usize, payment: &Payment) -> Result<Option<Surplus>> {
    let matched = &facts.reconciliation.payments[index];
    let amount = matched.left_over;
    if matched.class != PaymentClass::BillPayment || !amount.is_positive() {
        return Ok(None);
    }
    for cycle in facts.line.billed_cycles() {
        let due = MatchedTo::Bill(cycle);
        let Some(sum) = due_of_bill(facts.line, cycle)?.filter(|_| names_bill_of(payment, cycle)) else {
            continue;
        };
        let own = Money::sum(matched.matched.iter().filter(|part| part.to == due).map(|part| part.amount))?;
        let paid = paid_of_bill(&facts.reconciliation.payments, cycle)?;
        let beside = own.is_zero() && (matched.settles().is_some() || has_twin(facts, payment));
        if paid == sum
            && !beside
            && amount > arrears(facts, cycle)?
            && !facts.is_provisional(cycle)
            && !is_last_bill(facts, cycle, amount)?
        {
            let sure = own.is_positive() && is_sure(facts, payment, cycle)?;
            let verdict = if sure { Verdict::Proven } else { Verdict::Probable };
            let before = paid.minus(own)?;
            return Ok(Some(Surplus { payment: index, due, sum, before, amount, verdict }));
        }
    }
    Ok(None)
}

/// Returns whether another payment of the same sum goes to the same payee for the same purpose.
fn has_twin(facts: &Facts<'_>, payment: &Payment) -> bool {
    let alike = |other: &Payment| {
        other.at != payment.at && other.amount == payment.amount && same(&other.payee, &payment.payee)
    };
    facts.line.payments.iter().any(alike)
}

/// Returns the debt with which the cycle began, as its bill prints it.
fn arrears(facts: &Facts<'_>, cycle: Cycle) -> Result<Money> {
    let opening = |line: &&BillLine| line.category == Category::OpeningBalance && line.amount.is_negative();
    let lines = facts.line.bill_of(cycle).map(|(_, line)| line);
    Money::sum(lines.filter(opening).map(|line| line.amount.abs()))
}

/// Returns whether the surplus is just what is open of the bill before.
fn is_last_bill(facts: &Facts<'_>, cycle: Cycle, amount: Money) -> Result<bool> {
    Ok(rest_of(facts, cycle.previous())? == Some(amount))
}

/// Returns what no payment settles of the bill of the cycle; none without a bill.
fn rest_of(facts: &Facts<'_>, cycle: Cycle) -> Result<Option<Money>> {
    let Some(due) = due_of_bill(facts.line, cycle)? else { return Ok(None) };
    due.minus(paid_of_bill(&facts.reconciliation.payments, cycle)?).map(Some)
}

/// Proven only where no older debt can be in the payment and no late fee has begun: the bill prints a balance
/// that is not negative, or the bill before is paid; and it was paid in the month after.
fn is_sure(facts: &Facts<'_>, payment: &Payment, cycle: Cycle) -> Result<bool> {
    let mut lines = facts.line.bill_of(cycle).map(|(_, line)| line);
    let balance = lines.any(|line| line.category == Category::OpeningBalance && !line.amount.is_negative());
    let in_time = cycle.next().span().contains(payment.paid_at.day());
    Ok(in_time && (balance || rest_of(facts, cycle.previous())? == Some(Money::ZERO)))
}

fn stake(facts: &Facts<'_>, surplus: &Surplus) -> Stake {
    let mut stake = facts.payment_stake(surplus.payment, surplus.amount);
    stake.evidence.extend(facts.due_cell(surplus.due));
    let others = facts.reconciliation.payments.iter().zip(&facts.line.payments).enumerate();
    let parts = others.filter(|(index, (matched, _))| {
        *index != surplus.payment && matched.matched.iter().any(|part| part.to == surplus.due)
    });
    stake.evidence.extend(parts.map(|(_, (_, row))| facts.cell(EvidenceRole::Supports, row.at, "amount")));
    stake
}

fn finding(facts: &Facts<'_>, surplus: &Surplus) -> Finding {
    let known = if surplus.verdict == Verdict::Proven { "stated" } else { "older-debt" };
    let stake = stake(facts, surplus);
    let paid = facts.line.payments[surplus.payment].amount;
    let part = if surplus.before.is_zero() { "" } else { "-part" };
    let reason = format!("{known}{part}");
    let mut finding = stake.finding(DETECTOR.code, FindingKind::Error, surplus.verdict, &reason);
    finding.explanation = finding
        .explanation
        .text("paid", paid)
        .text("sum", surplus.sum)
        .message("due", facts.due_words(Some(surplus.due)));
    if !surplus.before.is_zero() {
        finding.explanation = finding.explanation.text("before", surplus.before);
    }
    finding.innocent =
        vec![Message::new(format!("PAY-003.innocent.{known}")), Message::new("PAY-003.innocent.service-fee")];
    let ask = Message::new("PAY-003.ask").text("amount", surplus.amount);
    finding.ask = vec![ask.message("what", stake.what.clone())];
    finding
}
