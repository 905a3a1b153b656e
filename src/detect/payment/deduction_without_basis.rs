//! PAY-002 deduction-without-basis.

use crate::detect::payment::paid::term_of;
use crate::detect::payment::{
    deducted_after_agreement_ended, deducted_more_than_due, refund_missing, same_fee_on_bill_and_platform,
};
use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::coverage::CoverKind;
use crate::model::finding::{Finding, FindingKind, Need, Verdict};
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::period::{Cycle, DaySpan};
use crate::model::record::Payment;
use crate::reconcile::outcome::PaymentClass;
use crate::reconcile::{due_of_bill, names_bill, paid_of_bill};

/// A carrier-related deduction that no bill, order or top-up in the papers explains.
pub static DETECTOR: Detector = Detector {
    code: "PAY-002",
    name: "deduction-without-basis",
    kind: FindingKind::Question,
    role: Role::Plain,
    needs: &[CoverKind::Orders, CoverKind::Payments],
    basis: &["mfd-122", "mfd-985", "ec-62", "jg-13"],
    page: include_str!("deduction_without_basis.md"),
    stakes,
    detect,
};

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    let mut stakes = vec![];
    for index in unexplained(facts)? {
        let missing = bills_needed(facts, index);
        stakes.push(Stake { missing, ..stake(facts, index) });
    }
    Ok(stakes)
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    let told = unexplained(facts)?.into_iter().filter(|index| bills_needed(facts, *index).is_empty());
    told.map(|index| finding(facts, index)).collect()
}

fn stake(facts: &Facts<'_>, index: usize) -> Stake {
    facts.payment_stake(index, facts.line.payments[index].amount)
}

/// Returns the deductions that nothing explains, and that no other detector of payments explains as an error.
/// Top-ups buy face value; what stands on the account was no deduction; a payment that says that it pays a bill is
/// not in question only because that bill is not in the papers.
fn unexplained(facts: &Facts<'_>) -> Result<Vec<usize>> {
    let open: Vec<(usize, &Payment)> = facts.deductions().filter(|it| is_open(facts, it)).collect();
    if open.is_empty() {
        return Ok(vec![]);
    }
    let credited = facts.credited()?;
    let mut named = deducted_more_than_due::surplus_payments(facts)?;
    named.extend(refund_missing::closed_payments(facts)?);
    named.extend(same_fee_on_bill_and_platform::doubled_payments(facts)?);
    named.extend(deducted_after_agreement_ended::late_payments(facts)?);
    let mut all = vec![];
    for (index, payment) in open {
        let elsewhere = credited[index] || named.contains(&index) || facts.is_payment_found(index);
        let bill_elsewhere = names_bill(payment) && !bills_needed(facts, index).is_empty();
        if !elsewhere && !bill_elsewhere && !is_part_of_bill(facts, index)? {
            all.push(index);
        }
    }
    Ok(all)
}

/// Returns whether the payment may be for a bill and none takes any of it. What fits several bills has a basis; which one
/// is told in the table of payments.
fn is_open(facts: &Facts<'_>, (index, payment): &(usize, &Payment)) -> bool {
    let matched = &facts.reconciliation.payments[*index];
    let kind = matches!(matched.class, PaymentClass::Carrier | PaymentClass::BillPayment);
    kind && matched.left_over == payment.amount && matched.ties.is_empty()
}

/// Returns the cycles whose bills the payment can be for: it is paid in one of the two months after.
fn payable(facts: &Facts<'_>, index: usize) -> [Cycle; 2] {
    let before = Cycle::of(facts.line.payments[index].paid_at.day()).previous();
    [before.previous(), before]
}

/// Returns whether the payment and others that nothing explains add up to what is open of a bill: it was paid in parts.
fn is_part_of_bill(facts: &Facts<'_>, index: usize) -> Result<bool> {
    for cycle in payable(facts, index) {
        let open = facts.deductions().map(|(other, _)| other);
        let parts = open.filter(|other| payable(facts, *other).contains(&cycle));
        let parts: Vec<Money> = parts.map(|other| facts.reconciliation.payments[other].left_over).collect();
        if rest_of_bill(facts, cycle)?.is_positive() && rest_of_bill(facts, cycle)? == Money::sum(parts)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Returns what of the bill of the cycle no payment settles; nothing without a bill.
fn rest_of_bill(facts: &Facts<'_>, cycle: Cycle) -> Result<Money> {
    let due = due_of_bill(facts.line, cycle)?.unwrap_or_default();
    due.minus(paid_of_bill(&facts.reconciliation.payments, cycle)?).map(Money::or_zero)
}

/// The bills of the two months before tell what could have been due.
fn bills_needed(facts: &Facts<'_>, index: usize) -> Vec<Need> {
    let absent = payable(facts, index).into_iter().filter(|cycle| !facts.has_bill(*cycle));
    absent.map(|cycle| facts.bill_needed(cycle)).collect()
}

/// Returns what is not proved complete of the orders and of the operator's payment list around the deduction.
fn open_lists(facts: &Facts<'_>, index: usize) -> Vec<Need> {
    let payment = &facts.line.payments[index];
    let orders = DaySpan { start: Cycle::of(payment.paid_at.day()).span().start, end: term_of(payment).end };
    let needs = [facts.needed(CoverKind::Orders, orders), facts.payments_needed(term_of(payment))];
    let open = |need: &Need| !facts.line.completeness(need.kind, need.span).is_proved();
    needs.into_iter().filter(open).collect()
}

/// An error only where bills, orders and the operator's payment list are all complete (fine print 17), and no
/// bill is left of which it could be a part.
fn finding(facts: &Facts<'_>, index: usize) -> Result<Finding> {
    let needs = open_lists(facts, index);
    let rests: Vec<Money> =
        payable(facts, index).into_iter().map(|cycle| rest_of_bill(facts, cycle)).collect::<Result<_>>()?;
    let bills_paid = rests.into_iter().all(Money::is_zero);
    let (kind, verdict, known) = if needs.is_empty() && bills_paid {
        (FindingKind::Error, Verdict::Proven, "stated")
    } else {
        (FindingKind::Question, Verdict::Probable, "question")
    };
    let stake = stake(facts, index);
    let mut finding = stake.finding(DETECTOR.code, kind, verdict, known);
    finding.innocent = vec![
        Message::new(format!("PAY-002.innocent.{known}")),
        Message::new("PAY-002.innocent.other-number"),
    ];
    let ask = |whom: &str| Message::new(format!("PAY-002.ask.{whom}")).message("what", stake.what.clone());
    finding.ask = vec![ask("platform"), ask("operator")];
    finding.needs = needs;
    Ok(finding)
}
