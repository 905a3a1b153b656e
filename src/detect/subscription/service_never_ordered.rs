//! SUB-004 service-never-ordered.

use crate::detect::orders::{
    begins, first_day, is_like, is_named, names_of, order_history, rest_on_orders, verdict_by_orders,
};
use crate::detect::subscription::charge::{ask_refund, is_by_rule, line_stake, net};
use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::coverage::{Completeness, CoverKind};
use crate::model::finding::{Finding, FindingKind, Override};
use crate::model::message::Message;
use crate::model::period::DaySpan;
use crate::model::record::{BillLine, Category, Order};
use crate::reconcile::name::{normalised, same};

/// A service, pack or content fee was charged that nobody ordered.
pub static DETECTOR: Detector = Detector {
    code: "SUB-004",
    name: "service-never-ordered",
    kind: FindingKind::Error,
    role: Role::Plain,
    needs: &[CoverKind::Orders],
    basis: &["xf-9", "dx-40", "mfd-122", "mfd-985", "hy-cucc-3", "zc-0000", "hn-39"],
    page: include_str!("service_never_ordered.md"),
    stakes,
    detect,
};

/// Words of packs that carry data or calls.
const USAGE_PACK_WORDS: [&str; 9] = ["流量", "上网", "加油", "叠加", "gb", "mb", "语音", "通话", "分钟"];

/// A fee without an order row, with what the order list can say about it.
struct Fee<'a> {
    index: usize,
    line: &'a BillLine,
    known: Completeness,
    /// Days of orders that tell.
    span: DaySpan,
    /// An order row in force that no bill line of the cycle charges, at the same price.
    similar: Option<&'a Order>,
}

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    fees(facts).iter().map(|fee| stake(facts, fee)).collect()
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    let mut findings = vec![];
    for fee in fees(facts) {
        let amount = net(facts, fee.index)?;
        if fee.known > Completeness::Unknown && amount.is_positive() {
            findings.push(finding(facts, &fee)?);
        }
    }
    Ok(findings)
}

fn fees<'a>(facts: &Facts<'a>) -> Vec<Fee<'a>> {
    let fees = facts.line.bill.iter().enumerate().filter(|(_, line)| {
        let service = matches!(line.category, Category::Vas | Category::ThirdParty);
        line.amount.is_positive()
            && (service || (line.category == Category::PackFee && !carries_usage(&line.item)))
    });
    let unordered = fees.filter(|(index, line)| !is_ordered(facts, line) && !is_by_rule(facts, *index, line));
    unordered.map(|(index, line)| fee(facts, index, line)).collect()
}

/// Returns whether the item is a pack of data or calls: plans add those by themselves once an allowance is
/// used up, without an order.
fn carries_usage(item: &str) -> bool {
    let item = normalised(item);
    USAGE_PACK_WORDS.iter().any(|word| item.contains(word))
}

fn fee<'a>(facts: &Facts<'a>, index: usize, line: &'a BillLine) -> Fee<'a> {
    let unknown = (Completeness::Unknown, line.cycle.span());
    let (known, span) = order_history(facts, line).unwrap_or(unknown);
    let similar = facts.line.orders.iter().find(|order| {
        let charged = facts
            .line
            .charges_of(line.cycle)
            .any(|(_, other)| is_named(order, &names_of(facts, &other.item)));
        begins(order)
            && first_day(order) < line.cycle.span().end
            && order.price == Some(line.amount)
            && !charged
    });
    Fee { index, line, known, span, similar }
}

/// Returns whether a row or case.toml says that it was ordered, in these words or in like ones; a row that
/// was cancelled later is SUB-003's.
fn is_ordered(facts: &Facts<'_>, line: &BillLine) -> bool {
    let names = names_of(facts, &line.item);
    let like = |name: &str| names.iter().any(|own| is_like(own, name));
    let by_row = facts.line.orders.iter().any(|order| {
        let named = is_named(order, &names) || like(&order.name) || like(&order.product);
        named && first_day(order) < line.cycle.span().end
    });
    by_row
        || facts.line.subscriptions.iter().any(|stated| names.iter().any(|name| same(name, &stated.product)))
}

fn stake(facts: &Facts<'_>, fee: &Fee<'_>) -> Result<Stake> {
    let missing = if fee.known == Completeness::Unknown {
        vec![facts.needed(CoverKind::Orders, fee.span)]
    } else {
        vec![]
    };
    Ok(line_stake(facts, fee.index, net(facts, fee.index)?, missing))
}

fn finding(facts: &Facts<'_>, fee: &Fee<'_>) -> Result<Finding> {
    let stake = stake(facts, fee)?;
    let known = if fee.similar.is_some() { fee.known.min(Completeness::Inferred) } else { fee.known };
    let mut finding = stake.finding(DETECTOR.code, FindingKind::Error, verdict_by_orders(known), "no-order");
    finding.overrides = vec![Override::Refuted { bill_line: fee.index }];
    rest_on_orders(facts, &mut finding, known, fee.span);
    let included = Message::new("SUB-004.innocent.included");
    finding.innocent = vec![included];
    finding.innocent.extend(fee.similar.map(|order| {
        let name = if order.name.is_empty() { &order.product } else { &order.name };
        Message::new("SUB-004.innocent.similar").text("name", name).text("at", order.ordered_at)
    }));
    finding.ask.insert(0, Message::new("SUB-004.ask").text("item", &fee.line.item));
    finding.ask.insert(1, ask_refund(fee.line, stake.amount));
    Ok(finding)
}
