//! SUB-007 price-above-agreed.

use crate::detect::orders::{orders_of, quote_orders, rest_on_orders, verdict_by_orders};
use crate::detect::subscription::charge::{
    ask_refund, line_stake, loose_reductions, net, only_item, plan_of,
};
use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::coverage::CoverKind;
use crate::model::finding::{EvidenceRole, Finding, FindingKind, Verdict};
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::period::DaySpan;
use crate::model::record::{BillLine, Category, Order};
use crate::rating::outcome::{ExpectedItem, ItemKind};
use crate::reconcile::name::same;

/// A plan, pack or service costs more than its plan file or its order says.
pub static DETECTOR: Detector = Detector {
    code: "SUB-007",
    name: "price-above-agreed",
    kind: FindingKind::Error,
    role: Role::Plain,
    needs: &[CoverKind::Orders],
    basis: &["jg-13", "mfd-509", "mfd-577", "mmbj-19", "xfss-12", "hy-cmcc-tariff"],
    page: include_str!("price_above_agreed.md"),
    stakes,
    detect,
};

/// A fee with the price that was agreed for it.
struct Fee<'a> {
    index: usize,
    line: &'a BillLine,
    price: Money,
    agreed: Agreed<'a>,
}

/// Where the price is agreed.
enum Agreed<'a> {
    /// In the plan file, or in the order of a pack.
    Rule(&'a ExpectedItem),
    /// In the order of a service without a plan file.
    Order(&'a Order),
}

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    Ok(fees(facts).iter().map(|fee| Stake::answered(fee.line.cycle)).collect())
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    let mut findings = vec![];
    for fee in fees(facts) {
        let surplus = surplus(facts, &fee)?;
        // A reduction that belongs to no charge may bring the fee down to the price agreed.
        if surplus.is_positive() && loose_reductions(facts, fee.line.cycle)? < surplus {
            findings.push(finding(facts, &fee, surplus));
        }
    }
    Ok(findings)
}

fn surplus(facts: &Facts<'_>, fee: &Fee<'_>) -> Result<Money> {
    net(facts, fee.index)?.minus(fee.price)
}

fn fees<'a>(facts: &Facts<'a>) -> Vec<Fee<'a>> {
    let lines = facts.line.bill.iter().enumerate().filter(|(_, line)| line.amount.is_positive());
    lines
        .filter_map(|(index, line)| by_rule(facts, index, line).or_else(|| by_order(facts, index, line)))
        .collect()
}

/// Returns the full monthly fee or the pack that the line alone charges. Parts of a month are SUB-006's, months of
/// a suspension SUB-011's.
fn by_rule<'a>(facts: &Facts<'a>, index: usize, line: &'a BillLine) -> Option<Fee<'a>> {
    let (_, item) = only_item(facts, index)?;
    let price = item.amount.high;
    let full = || {
        let fee = plan_of(facts, line.cycle, item)?.plan.fee()?;
        (fee.monthly == price && facts.rated.in_force.suspended_throughout(line.cycle).is_none())
            .then_some(())
    };
    let named = || item.names.iter().any(|name| same(name, &line.item)).then_some(());
    match item.kind {
        ItemKind::Monthly => full()?,
        ItemKind::Pack => named()?,
        ItemKind::Overage(_) | ItemKind::Credit => return None,
    }
    Some(Fee { index, line, price, agreed: Agreed::Rule(item) })
}

/// Returns the only charge of a service whose orders state a price; of several the highest counts.
fn by_order<'a>(facts: &Facts<'a>, index: usize, line: &'a BillLine) -> Option<Fee<'a>> {
    let fixed = matches!(line.category, Category::PackFee | Category::Vas | Category::ThirdParty);
    if !fixed || !facts.tied(index).1.is_empty() {
        return None;
    }
    let orders: Vec<&Order> = orders_of(facts, line).collect();
    let alone =
        facts.line.charges_of(line.cycle).filter(|(_, other)| same(&other.item, &line.item)).count() == 1;
    // An order without a price leaves the price open.
    if !alone || orders.iter().any(|order| order.price.is_none()) {
        return None;
    }
    let dearest = orders.into_iter().max_by_key(|order| order.price)?;
    Some(Fee { index, line, price: dearest.price?, agreed: Agreed::Order(dearest) })
}

fn finding(facts: &Facts<'_>, fee: &Fee<'_>, surplus: Money) -> Finding {
    let stake = line_stake(facts, fee.index, surplus, vec![]);
    let mut finding = match fee.agreed {
        Agreed::Rule(item) => {
            let verdict = if item.inferred { Verdict::Probable } else { Verdict::Proven };
            let mut finding = stake.finding(DETECTOR.code, FindingKind::Error, verdict, "rule");
            let row = facts.line.orders.iter().filter(|order| item.order == Some(order.at));
            quote_orders(facts, &mut finding, EvidenceRole::Supports, row);
            finding
        }
        Agreed::Order(order) => {
            let span = DaySpan { start: order.ordered_at.day(), end: fee.line.cycle.span().end };
            let known = facts.line.completeness(CoverKind::Orders, span);
            let verdict = verdict_by_orders(known);
            let mut finding = stake.finding(DETECTOR.code, FindingKind::Error, verdict, "order");
            finding.explanation = finding.explanation.text("at", order.ordered_at);
            quote_orders(facts, &mut finding, EvidenceRole::Supports, [order]);
            rest_on_orders(facts, &mut finding, known, span);
            finding
        }
    };
    finding.explanation = finding.explanation.text("price", fee.price).text("surplus", surplus);
    finding.innocent =
        vec![Message::new("SUB-007.innocent.discount"), Message::new("SUB-007.innocent.change")];
    finding.ask.insert(0, Message::new("SUB-007.ask").text("item", &fee.line.item).text("price", fee.price));
    finding.ask.insert(1, ask_refund(fee.line, surplus));
    finding
}
