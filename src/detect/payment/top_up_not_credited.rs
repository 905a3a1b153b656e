//! PAY-004 top-up-not-credited.

use std::collections::BTreeMap;

use crate::detect::papers::verdict_of;
use crate::detect::payment::paid::term_of;
use crate::detect::payment::refund_missing;
use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::coverage::{Completeness, CoverKind};
use crate::model::finding::{Finding, FindingKind};
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::period::{Cycle, DaySpan};
use crate::model::record::Payment;
use crate::reconcile::outcome::PaymentClass;

/// A successful top-up that the operator's own payment list does not show within 72 hours.
pub static DETECTOR: Detector = Detector {
    code: "PAY-004",
    name: "top-up-not-credited",
    kind: FindingKind::Error,
    role: Role::Plain,
    needs: &[CoverKind::Payments],
    basis: &["mfd-577", "mfd-509", "ec-62", "xf-44"],
    page: include_str!("top_up_not_credited.md"),
    stakes,
    detect,
};

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    let mut stakes: Vec<Stake> =
        top_ups(facts).map(|(index, row)| facts.payment_stake(index, face(row))).collect();
    let mut open: BTreeMap<Cycle, Vec<usize>> = BTreeMap::new();
    for index in uncredited(facts)? {
        let payment = &facts.line.payments[index];
        if known(facts, payment) == Completeness::Unknown {
            open.entry(Cycle::of(payment.paid_at.day())).or_default().push(index);
        }
    }
    for (cycle, payments) in open {
        stakes.push(open_stake(facts, cycle, &payments)?);
    }
    Ok(stakes)
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    let uncredited = uncredited(facts)?;
    Ok(uncredited.into_iter().filter_map(|index| finding(facts, index)).collect())
}

fn top_ups<'a>(facts: &Facts<'a>) -> impl Iterator<Item = (usize, &'a Payment)> {
    let classes = &facts.reconciliation.payments;
    facts.deductions().filter(|(index, _)| classes[*index].class == PaymentClass::TopUp)
}

fn face(payment: &Payment) -> Money {
    payment.face_value.unwrap_or(payment.amount)
}

/// Returns the top-ups whose term is over, of which nothing came back, and that the operator's list does not show.
/// Those of a closed order are for another detector.
fn uncredited(facts: &Facts<'_>) -> Result<Vec<usize>> {
    let credited = facts.credited()?;
    let closed = refund_missing::closed_payments(facts)?;
    let mut all = vec![];
    for (index, payment) in top_ups(facts).filter(|(index, _)| !closed.contains(index)) {
        let whole = facts.kept_of(index)? == payment.amount;
        let over = facts.case.as_of > term_of(payment).last();
        if whole && over && !credited[index] && !facts.is_payment_found(index) {
            all.push(index);
        }
    }
    Ok(all)
}

fn known(facts: &Facts<'_>, payment: &Payment) -> Completeness {
    facts.line.completeness(CoverKind::Payments, term_of(payment))
}

/// The operator's list of a month answers for all its top-ups at once.
fn open_stake(facts: &Facts<'_>, cycle: Cycle, payments: &[usize]) -> Result<Stake> {
    let of = |index: &usize| facts.payment_stake(*index, face(&facts.line.payments[*index]));
    let parts: Vec<Stake> = payments.iter().map(of).collect();
    let amount = Money::sum(payments.iter().map(|index| facts.line.payments[*index].amount))?;
    let end = payments.iter().map(|index| term_of(&facts.line.payments[*index]).end).max();
    let span =
        DaySpan { start: cycle.span().start, end: end.unwrap_or(cycle.span().end).max(cycle.span().end) };
    let need = facts.payments_needed(span);
    Ok(Stake {
        cycle,
        day: None,
        amount,
        on: parts.iter().flat_map(|part| part.on.clone()).collect(),
        subject: format!("open|{amount}"),
        what: Message::new("PAY-004.what")
            .text("month", cycle)
            .count("count", payments.len())
            .text("amount", amount),
        evidence: parts.iter().flat_map(|part| part.evidence.clone()).collect(),
        clauses: vec![],
        missing: vec![need],
    })
}

fn finding(facts: &Facts<'_>, index: usize) -> Option<Finding> {
    let payment = &facts.line.payments[index];
    let completeness = known(facts, payment);
    let verdict = verdict_of(completeness)?;
    let term = term_of(payment);
    let mut stake = facts.payment_stake(index, face(payment));
    stake.evidence.extend(facts.windows(CoverKind::Payments, term));
    let how = crate::detect::papers::how_known(completeness);
    let mut finding = stake.finding(DETECTOR.code, FindingKind::Error, verdict, how);
    finding.explanation =
        finding.explanation.text("paid", payment.amount).text("start", term.start).text("end", term.last());
    finding.innocent =
        vec![Message::new("PAY-004.innocent.slow"), Message::new("PAY-004.innocent.other-number")];
    let ask = |whom: &str| {
        Message::new(format!("PAY-004.ask.{whom}")).text("day", term.start).text("amount", payment.amount)
    };
    finding.ask = vec![ask("platform"), ask("operator")];
    if matches!(completeness, Completeness::Proved { declared: true }) {
        finding.ask.push(Message::new("detect.ask.enclose-query-screen"));
    }
    if completeness == Completeness::Inferred {
        finding.needs = vec![facts.payments_needed(term)];
    }
    Some(finding)
}
