//! PAY-007 deducted-after-agreement-ended.

use crate::detect::payment::paid::{REFUND_DAYS, days_after, order_name};
use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::coverage::CoverKind;
use crate::model::finding::{EvidenceRole, Finding, FindingKind, Verdict};
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::period::{Cycle, Day, DaySpan};
use crate::model::record::{Order, OrderAction, Payment};

/// An automatic deduction after its mandate had ended.
pub static DETECTOR: Detector = Detector {
    code: "PAY-007",
    name: "deducted-after-agreement-ended",
    kind: FindingKind::Error,
    role: Role::Plain,
    needs: &[CoverKind::Orders],
    basis: &["mfd-122", "mfd-985", "wljy-18", "ptjg-20", "ec-62"],
    page: include_str!("deducted_after_agreement_ended.md"),
    stakes,
    detect,
};

/// A deduction under a mandate that was cancelled.
struct Mandated {
    payment: usize,
    /// Index of the cancel row.
    cancel: usize,
    /// Last day of the mandate.
    last: Day,
    kept: Money,
}

/// Returns the deductions after the end of their mandate.
pub(super) fn late_payments(facts: &Facts<'_>) -> Result<Vec<usize>> {
    let all = mandated(facts)?;
    Ok(all.iter().filter(|mandated| is_late(facts, mandated)).map(|mandated| mandated.payment).collect())
}

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    Ok(mandated(facts)?.iter().map(|mandated| stake(facts, mandated)).collect())
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    let all = mandated(facts)?;
    Ok(all
        .iter()
        .filter(|mandated| is_late(facts, mandated))
        .map(|mandated| finding(facts, mandated))
        .collect())
}

fn is_late(facts: &Facts<'_>, mandated: &Mandated) -> bool {
    facts.line.payments[mandated.payment].paid_at.day() > mandated.last && mandated.kept.is_positive()
}

/// The mandate is the order whose id the payments name as the merchant's; its last cancel row before the payment
/// ends it (fine print 17), unless it was signed again.
fn mandated(facts: &Facts<'_>) -> Result<Vec<Mandated>> {
    let mut all = vec![];
    for (index, payment) in facts.deductions() {
        if payment.merchant_order_id.is_empty() || facts.is_payment_found(index) {
            continue;
        }
        let rows = || rows_of(facts, payment);
        let signed = rows().any(|(_, order)| order.action == OrderAction::Order);
        let last = rows().rfind(|(_, order)| order.ordered_at <= payment.paid_at);
        let cancelled = last.filter(|(_, order)| order.action == OrderAction::Cancel && signed);
        if let Some((cancel, order)) = cancelled {
            let kept = facts.kept_of(index)?;
            all.push(Mandated { payment: index, cancel, last: last_day(order), kept });
        }
    }
    Ok(all)
}

fn rows_of<'a>(facts: &Facts<'a>, payment: &Payment) -> impl DoubleEndedIterator<Item = (usize, &'a Order)> {
    let begins_or_ends =
        |order: &Order| matches!(order.action, OrderAction::Order | OrderAction::Renew | OrderAction::Cancel);
    let orders = facts.line.orders.iter().enumerate();
    orders.filter(move |(_, order)| order.order_id == payment.merchant_order_id && begins_or_ends(order))
}

/// Returns the last day in force of a cancel row (fine print 20).
fn last_day(cancel: &Order) -> Day {
    let first_without = cancel.effective_from.and_then(|day| day.pred_opt());
    let month_end = Cycle::of(cancel.ordered_at.day()).span().last();
    cancel.effective_last.or(first_without).unwrap_or(month_end)
}

fn stake(facts: &Facts<'_>, mandated: &Mandated) -> Stake {
    let mut stake = facts.payment_stake(mandated.payment, mandated.kept);
    let at = facts.line.orders[mandated.cancel].at;
    stake.evidence.push(facts.cell(EvidenceRole::Supports, at, "action"));
    stake
}

/// Proven where the order list would show a new mandate and the export a refund.
fn finding(facts: &Facts<'_>, mandated: &Mandated) -> Finding {
    let (payment, cancel) = (&facts.line.payments[mandated.payment], &facts.line.orders[mandated.cancel]);
    let day = payment.paid_at.day();
    let span = DaySpan::inclusive(cancel.ordered_at.day(), day);
    let until = days_after(day, REFUND_DAYS);
    let signed = facts.line.completeness(CoverKind::Orders, span).is_proved();
    let refund = facts.is_export_whole_until(mandated.payment, until);
    let (verdict, known) =
        if signed && refund { (Verdict::Proven, "stated") } else { (Verdict::Probable, "open") };
    let stake = stake(facts, mandated);
    let mut finding = stake.finding(DETECTOR.code, FindingKind::Error, verdict, known);
    finding.explanation = finding
        .explanation
        .text("name", order_name(cancel))
        .text("cancelled", cancel.ordered_at)
        .text("last", mandated.last);
    finding.innocent =
        vec![Message::new(format!("PAY-007.innocent.{known}")), Message::new("PAY-007.innocent.arrears")];
    finding.ask =
        vec![Message::new("PAY-007.ask").message("what", stake.what.clone()).text("last", mandated.last)];
    if !signed {
        finding.needs.push(facts.needed(CoverKind::Orders, span));
    }
    if !refund {
        finding.needs.push(facts.export_needed(DaySpan::inclusive(day, until)));
    }
    finding
}
