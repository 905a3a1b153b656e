//! PAY-006 same-fee-on-bill-and-platform.

use crate::detect::papers::bill_item;
use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::coverage::{Completeness, CoverKind};
use crate::model::finding::{EvidenceRole, Finding, FindingKind, Verdict};
use crate::model::message::Message;
use crate::model::period::Cycle;
use crate::model::record::{BillLine, Category, Order, OrderAction, Payment};
use crate::reconcile::name::{normalised, same};
use crate::reconcile::outcome::{MatchedTo, PaymentClass};

/// One service, ordered once, was billed by the operator and deducted by the platform.
pub static DETECTOR: Detector = Detector {
    code: "PAY-006",
    name: "same-fee-on-bill-and-platform",
    kind: FindingKind::Error,
    role: Role::Plain,
    needs: &[CoverKind::Orders],
    basis: &["mfd-122", "mfd-985", "jg-41", "ec-62"],
    page: include_str!("same_fee_on_bill_and_platform.md"),
    stakes,
    detect,
};

/// A deduction and the bill line of the same service, amount and month.
struct Double {
    payment: usize,
    bill_line: usize,
    orders: Vec<usize>,
}

/// Returns the deductions of a service that the bill charges too, however it was ordered.
pub(super) fn doubled_payments(facts: &Facts<'_>) -> Result<Vec<usize>> {
    Ok(doubles(facts)?.iter().map(|double| double.payment).collect())
}

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    Ok(doubles(facts)?.iter().map(|double| stake(facts, double)).collect())
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    // Two orders are two services.
    let once = doubles(facts)?.into_iter().filter(|double| double.orders.len() < 2);
    Ok(once.map(|double| finding(facts, &double)).collect())
}

fn doubles(facts: &Facts<'_>) -> Result<Vec<Double>> {
    let mut used = vec![];
    let mut doubles = vec![];
    for (index, payment) in facts.deductions() {
        let matched = &facts.reconciliation.payments[index];
        let for_bill = matches!(matched.settles(), Some(MatchedTo::Bill(_)));
        let service = matches!(matched.class, PaymentClass::Carrier | PaymentClass::Purchase);
        let kept = facts.kept_of(index)? == payment.amount;
        if for_bill || !service || !kept || facts.is_payment_found(index) {
            continue;
        }
        let cycle = Cycle::of(payment.paid_at.day());
        let mut lines = facts.line.charges_of(cycle);
        let line = lines.find(|(at, line)| !used.contains(at) && is_same_service(line, payment));
        if let Some((bill_line, line)) = line {
            used.push(bill_line);
            let orders = orders_of(facts, line, payment, cycle);
            doubles.push(Double { payment: index, bill_line, orders });
        }
    }
    Ok(doubles)
}

/// Same amount, and the same product or provider.
fn is_same_service(line: &BillLine, payment: &Payment) -> bool {
    let sold = matches!(line.category, Category::Vas | Category::ThirdParty | Category::PackFee);
    let product = names(&payment.description, &line.item);
    let provider = line.provider.as_deref().is_some_and(|provider| same(provider, &payment.payee));
    sold && line.amount == payment.amount && (product || provider)
}

/// Returns whether the text holds the name of a product; a name of one or two characters says nothing.
fn names(text: &str, product: &str) -> bool {
    let product = normalised(product);
    product.chars().count() > 2 && normalised(text).contains(product.as_str())
}

/// Returns the orders and renewals of the service in that month.
fn orders_of(facts: &Facts<'_>, line: &BillLine, payment: &Payment, cycle: Cycle) -> Vec<usize> {
    let is_for = |order: &Order| {
        let begins = matches!(order.action, OrderAction::Order | OrderAction::Renew);
        let day = order.effective_from.unwrap_or(order.ordered_at.day());
        let name = same(&order.name, &line.item) || same(&order.product, &line.item);
        begins && cycle.span().contains(day) && (name || names(&payment.description, &order.name))
    };
    let orders = facts.line.orders.iter().enumerate();
    orders.filter(|(_, order)| is_for(order)).map(|(index, _)| index).collect()
}

fn stake(facts: &Facts<'_>, double: &Double) -> Stake {
    let mut stake = facts.payment_stake(double.payment, facts.line.payments[double.payment].amount);
    stake.evidence.extend(facts.amounts(&[double.bill_line]));
    let order = |index: &usize| facts.cell(EvidenceRole::Supports, facts.line.orders[*index].at, "name");
    stake.evidence.extend(double.orders.iter().map(order));
    stake
}

/// An error where one order stands in an order list that covers the month; else a question.
fn finding(facts: &Facts<'_>, double: &Double) -> Finding {
    let payment = &facts.line.payments[double.payment];
    let cycle = Cycle::of(payment.paid_at.day());
    let listed = facts.line.completeness(CoverKind::Orders, cycle.span());
    let (kind, verdict, known) = match (double.orders.len(), listed) {
        (1, Completeness::Proved { .. }) => (FindingKind::Error, Verdict::Proven, "stated"),
        (1, Completeness::Inferred) => (FindingKind::Error, Verdict::Probable, "inferred"),
        _ => (FindingKind::Question, Verdict::Probable, "question"),
    };
    let stake = stake(facts, double);
    let mut finding = stake.finding(DETECTOR.code, kind, verdict, known);
    let item = bill_item(&facts.line.bill[double.bill_line]);
    finding.explanation = finding.explanation.message("item", item.clone());
    finding.innocent = vec![Message::new(format!("PAY-006.innocent.{known}"))];
    let ask = Message::new("PAY-006.ask").message("what", stake.what.clone()).message("item", item);
    finding.ask = vec![ask.text("month", cycle)];
    if known != "stated" {
        finding.needs = vec![facts.needed(CoverKind::Orders, cycle.span())];
    }
    finding
}
