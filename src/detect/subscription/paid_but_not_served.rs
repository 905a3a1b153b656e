//! SUB-013 paid-but-not-served.

use crate::detect::papers::{how_known, verdict_of};
use crate::detect::payment::paid::term_of;
use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::coverage::{Completeness, CoverKind};
use crate::model::finding::{Finding, FindingKind, Verdict};
use crate::model::message::Message;
use crate::model::period::DaySpan;
use crate::model::record::{Order, OrderAction, Payment};
use crate::reconcile::name::normalised;
use crate::reconcile::outcome::{MatchedTo, PaymentClass};
use crate::reconcile::subscription_word;

/// A pack or its renewal was paid on a platform and is absent on the operator's side after 72 hours.
pub static DETECTOR: Detector = Detector {
    code: "SUB-013",
    name: "paid-but-not-served",
    kind: FindingKind::Error,
    role: Role::Plain,
    needs: &[CoverKind::Orders],
    basis: &["mfd-577", "mfd-509", "xf-44", "ec-62"],
    page: include_str!("paid_but_not_served.md"),
    stakes,
    detect,
};

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    let absent = absent(facts)?;
    let stake = |(index, payment): (usize, &Payment)| {
        let asks = absent.contains(&index) && known(facts, payment) == Completeness::Unknown;
        let need = || facts.needed(CoverKind::Orders, window(payment));
        let answered = || Stake::answered(crate::model::period::Cycle::of(payment.paid_at.day()));
        let open = || Stake { missing: vec![need()], ..facts.payment_stake(index, payment.amount) };
        if asks { open() } else { answered() }
    };
    Ok(bought(facts).map(stake).collect())
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    Ok(absent(facts)?.into_iter().filter_map(|index| finding(facts, index)).collect())
}

/// Returns the payments for a pack, by the words of their purpose.
fn bought<'a>(facts: &Facts<'a>) -> impl Iterator<Item = (usize, &'a Payment)> {
    let classes = &facts.reconciliation.payments;
    facts.deductions().filter(|(index, payment)| {
        let for_bill = classes[*index].class == PaymentClass::BillPayment;
        !for_bill && subscription_word(&payment.description).is_some()
    })
}

/// Returns those whose term is over, of which nothing came back, and that neither orders, bills nor the
/// operator's payment list show.
fn absent(facts: &Facts<'_>) -> Result<Vec<usize>> {
    let credited = facts.credited()?;
    let mut all = vec![];
    for (index, payment) in bought(facts) {
        let whole = facts.kept_of(index)? == payment.amount;
        let over = facts.case.as_of > term_of(payment).last();
        let ordered = matches!(facts.reconciliation.payments[index].settles(), Some(MatchedTo::Order(_)));
        if whole && over && !ordered && !credited[index] && !is_served(facts, payment) {
            all.push(index);
        }
    }
    Ok(all)
}

/// The day before the payment is looked at too: an order may be written down first.
fn window(payment: &Payment) -> DaySpan {
    let term = term_of(payment);
    DaySpan { start: term.start.pred_opt().unwrap_or(term.start), end: term.end }
}

/// Returns whether the pack began within the term, or stands on the operator's bill or in case.toml.
fn is_served(facts: &Facts<'_>, payment: &Payment) -> bool {
    let window = window(payment);
    let began = |order: &Order| {
        let begins = matches!(order.action, OrderAction::Order | OrderAction::Renew | OrderAction::Change);
        let from = order.effective_from.unwrap_or(order.ordered_at.day());
        let in_time = window.contains(order.ordered_at.day()) || window.contains(from);
        let price = order.price == Some(payment.amount);
        begins && in_time && (price || is_named(payment, &order.name) || is_named(payment, &order.product))
    };
    let charged = |cycle| facts.line.charges_of(cycle).any(|(_, line)| is_named(payment, &line.item));
    let cycles = [window.start, window.last()].map(crate::model::period::Cycle::of);
    let declared = facts.line.subscriptions.iter().any(|subscription| window.contains(subscription.start));
    facts.line.orders.iter().any(began) || cycles.into_iter().any(charged) || declared
}

/// Returns whether the purpose and the name name the same product, one of them perhaps with more words.
fn is_named(payment: &Payment, name: &str) -> bool {
    let (purpose, name) = (normalised(&payment.description), normalised(name));
    !name.is_empty() && (purpose.contains(name.as_str()) || name.contains(purpose.as_str()))
}

fn known(facts: &Facts<'_>, payment: &Payment) -> Completeness {
    facts.line.completeness(CoverKind::Orders, window(payment))
}

fn finding(facts: &Facts<'_>, index: usize) -> Option<Finding> {
    let payment = &facts.line.payments[index];
    let completeness = known(facts, payment);
    let verdict = verdict_of(completeness)?;
    let window = window(payment);
    let mut stake = facts.payment_stake(index, payment.amount);
    stake.evidence.extend(facts.windows(CoverKind::Orders, window));
    let mut finding = stake.finding(DETECTOR.code, FindingKind::Error, verdict, how_known(completeness));
    finding.explanation = finding
        .explanation
        .text("name", &payment.description)
        .text("start", window.start)
        .text("end", window.last());
    finding.innocent =
        vec![Message::new("SUB-013.innocent.slow"), Message::new("SUB-013.innocent.other-name")];
    let ask = |whom: &str| {
        let ask = Message::new(format!("SUB-013.ask.{whom}")).message("what", stake.what.clone());
        ask.text("name", &payment.description)
    };
    finding.ask = vec![ask("platform"), ask("operator")];
    if matches!(completeness, Completeness::Proved { declared: true }) {
        finding.ask.push(Message::new("detect.ask.enclose-query-screen"));
    }
    if verdict != Verdict::Proven {
        finding.needs = vec![facts.needed(CoverKind::Orders, window)];
    }
    Some(finding)
}
