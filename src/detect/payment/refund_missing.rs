//! PAY-005 refund-missing.

use crate::detect::payment::paid::{REFUND_DAYS, days_after};
use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::finding::{Evidence, EvidenceRole, Finding, FindingKind, Verdict};
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::period::{Day, DaySpan, WallTime};
use crate::model::record::{MoneyDirection, Payment, PaymentStatus};

/// An order was closed or failed, the wallet had paid for it, and the money did not come back within the term.
pub static DETECTOR: Detector = Detector {
    code: "PAY-005",
    name: "refund-missing",
    kind: FindingKind::Error,
    role: Role::Plain,
    needs: &[],
    basis: &["mfd-122", "mfd-985", "ec-62", "xf-44"],
    page: include_str!("refund_missing.md"),
    stakes,
    detect,
};

/// A deduction whose order is closed or failed.
struct Closed<'a> {
    payment: usize,
    order: &'a Payment,
    /// Yuan that did not come back.
    kept: Money,
    /// Last day on which the refund may still come.
    term: Day,
}

/// Returns the deductions whose order is closed or failed, refunded or not.
pub(super) fn closed_payments(facts: &Facts<'_>) -> Result<Vec<usize>> {
    Ok(closed(facts)?.iter().map(|closed| closed.payment).collect())
}

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    Ok(closed(facts)?.iter().map(|closed| stake(facts, closed)).collect())
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    let missing = |closed: &&Closed<'_>| closed.kept.is_positive() && facts.case.as_of > closed.term;
    Ok(closed(facts)?.iter().filter(missing).map(|closed| finding(facts, closed)).collect())
}

/// The shop's row has the id that the wallet's row names as the merchant's. A closed order that nobody paid has
/// no such row.
fn closed<'a>(facts: &Facts<'a>) -> Result<Vec<Closed<'a>>> {
    let mut all = vec![];
    for (index, payment) in facts.deductions() {
        let closes = |order: &&Payment| {
            let ended = matches!(order.status, PaymentStatus::Closed | PaymentStatus::Failed);
            ended && order.order_id == payment.merchant_order_id && order.platform != payment.platform
        };
        let shop = every_payment(facts).find(closes).filter(|_| !payment.merchant_order_id.is_empty());
        let Some(order) = shop.filter(|_| !facts.is_payment_found(index)) else { continue };
        let back = returned_elsewhere(facts, payment)?.plus(returned_to_order(facts, order)?)?;
        let kept = facts.kept_of(index)?.minus(back)?.or_zero();
        let since = payment.paid_at.max(order.paid_at);
        all.push(Closed { payment: index, order, kept, term: term(facts, since) });
    }
    Ok(all)
}

/// Rows of a shop or a refund often name no number: they may stand beside the line.
fn every_payment<'a>(facts: &Facts<'a>) -> impl Iterator<Item = &'a Payment> {
    facts.line.payments.iter().chain(&facts.case.other_payments)
}

/// Returns what rows that belong to no line gave back of the payment, by its ids.
fn returned_elsewhere(facts: &Facts<'_>, payment: &Payment) -> Result<Money> {
    let names = |other: &&Payment| {
        let own = !payment.order_id.is_empty() && other.order_id.starts_with(&payment.order_id);
        let shop = other.merchant_order_id == payment.merchant_order_id;
        other.direction != MoneyDirection::Out && other.status == PaymentStatus::Refunded && (own || shop)
    };
    Money::sum(facts.case.other_payments.iter().filter(names).map(|other| other.amount))
}

/// Returns what refund rows that name the shop's order gave back: they may be linked to its row.
fn returned_to_order(facts: &Facts<'_>, order: &Payment) -> Result<Money> {
    let row = facts.line.payments.iter().position(|payment| payment.at == order.at);
    row.map_or(Ok(Money::ZERO), |row| facts.reconciliation.payments[row].given_back())
}

/// Fifteen days, unless a promise of a refund names a later one.
fn term(facts: &Facts<'_>, since: WallTime) -> Day {
    let promised = facts.case.file.contacts.iter().filter(|contact| {
        contact.at >= since && contact.promise.as_ref().is_some_and(|promise| promise.contains('退'))
    });
    let later = promised.filter_map(|contact| contact.due).map(WallTime::day).max();
    let usual = days_after(since.day(), REFUND_DAYS);
    later.map_or(usual, |later| later.max(usual))
}

fn stake(facts: &Facts<'_>, closed: &Closed<'_>) -> Stake {
    let mut stake = facts.payment_stake(closed.payment, closed.kept);
    let at = facts.case.cell_of(closed.order.at, "status");
    stake.evidence.push(Evidence { role: EvidenceRole::Supports, at });
    stake
}

fn finding(facts: &Facts<'_>, closed: &Closed<'_>) -> Finding {
    let whole = facts.is_export_whole_until(closed.payment, closed.term);
    let (verdict, known) =
        if whole { (Verdict::Proven, "stated") } else { (Verdict::Probable, "export-short") };
    let stake = stake(facts, closed);
    let mut finding = stake.finding(DETECTOR.code, FindingKind::Error, verdict, known);
    finding.explanation = finding.explanation.text("order", &closed.order.order_id).text("term", closed.term);
    finding.innocent =
        vec![Message::new(format!("PAY-005.innocent.{known}")), Message::new("PAY-005.innocent.other-way")];
    let ask = Message::new("PAY-005.ask").text("order", &closed.order.order_id);
    finding.ask = vec![ask.text("amount", closed.kept)];
    if !whole {
        let span = DaySpan::inclusive(facts.line.payments[closed.payment].paid_at.day(), closed.term);
        finding.needs = vec![facts.export_needed(span)];
    }
    finding
}
