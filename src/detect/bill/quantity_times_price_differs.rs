//! BILL-002 quantity-times-price-differs.

use rust_decimal::Decimal;

use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::exact::Exact;
use crate::model::finding::{EvidenceRole, Finding, FindingKind, Override, Verdict};
use crate::model::interval::Interval;
use crate::model::message::Message;
use crate::model::money::{Money, MoneyRounding};
use crate::model::record::{BillLine, Category};

/// The amount of a bill line is more than its own quantity times its own unit price.
pub static DETECTOR: Detector = Detector {
    code: "BILL-002",
    name: "quantity-times-price-differs",
    kind: FindingKind::Error,
    role: Role::Plain,
    needs: &[],
    basis: &["jg-13", "mmbj-19", "mfd-122", "mfd-985"],
    page: include_str!("quantity_times_price_differs.md"),
    stakes,
    detect,
};

/// Quantity and price may be for other units (MB and GB, seconds and minutes): then the amount is the
/// product times one of these.
const UNIT_FACTORS: [u64; 7] = [10, 60, 100, 1000, 1024, 3600, 1_048_576];

/// Decimals of a price in whole 分; fewer are only zeros left out.
const FEN_DECIMALS: u32 = 2;

/// A bill line that prints quantity and unit price.
struct Product<'a> {
    index: usize,
    line: &'a BillLine,
    quantity: Decimal,
    price: Decimal,
    /// Quantity × price, to 分.
    product: Money,
}

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    Ok(products(facts).iter().map(|it| facts.stake_of_line(it.index, it.line.amount)).collect())
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    let mut findings = vec![];
    for product in products(facts) {
        if exceeds(&product) && !is_other_unit(&product) && !is_due(facts, product.index)? {
            findings.push(finding(facts, &product)?);
        }
    }
    Ok(findings)
}

fn products<'a>(facts: &Facts<'a>) -> Vec<Product<'a>> {
    let lines = facts.line.bill.iter().enumerate();
    let charges = lines.filter(|(_, line)| {
        line.category.is_charge() && line.category != Category::LateFee && line.amount.is_positive()
    });
    let printed = charges.filter_map(|(index, line)| {
        let (quantity, price) = (line.quantity?, line.unit_price?);
        // A price of 0.00 is one that is not stated.
        let product = times(quantity, price, 1).filter(|product| product.is_positive())?;
        Some(Product { index, line, quantity, price, product })
    });
    printed.collect()
}

/// Returns quantity × price × factor to 分; none when it cannot be held exactly.
fn times(quantity: Decimal, price: Decimal, factor: u64) -> Option<Money> {
    let product = Exact::from_decimal(quantity).times(Exact::from_decimal(price)).ok()?;
    product.times(Exact::whole(factor)).ok()?.to_money(MoneyRounding::HalfUp, FEN_DECIMALS).ok()
}

/// Returns whether the amount is more than any quantity and price that round to the printed ones make up.
fn exceeds(product: &Product<'_>) -> bool {
    let half = |value: Decimal, decimals: u32| Decimal::new(5, (value.scale().max(decimals) + 1).min(28));
    let counted = product.quantity.normalize();
    let most_counted = if counted.scale() == 0 { counted } else { counted + half(counted, counted.scale()) };
    let most_priced = product.price + half(product.price.normalize(), FEN_DECIMALS);
    times(most_counted, most_priced, 1).is_some_and(|most| most < product.line.amount)
}

fn is_other_unit(product: &Product<'_>) -> bool {
    let near = |made: Money| made.minus(product.line.amount).is_ok_and(|off| off.abs() <= Money::from_fen(1));
    UNIT_FACTORS.iter().any(|factor| times(product.quantity, product.price, *factor).is_some_and(near))
}

/// Returns whether the rules of the plan make up the amount: a ladder has more than one price.
fn is_due(facts: &Facts<'_>, index: usize) -> Result<bool> {
    let (group, items) = facts.tied(index);
    let Some(group) = group.filter(|_| !items.is_empty()) else { return Ok(false) };
    let billed = Money::sum(group.lines.iter().map(|line| facts.line.bill[*line].amount))?;
    Ok(billed <= Interval::sum(items.iter().map(|(_, item)| item.amount))?.high)
}

fn finding(facts: &Facts<'_>, product: &Product<'_>) -> Result<Finding> {
    let surplus = product.line.amount.minus(product.product)?;
    let stake = facts.stake_of_line(product.index, surplus);
    let mut finding = stake.finding(DETECTOR.code, FindingKind::Error, Verdict::Proven, "stated");
    finding.overrides = vec![Override::AtMost { bill_line: product.index, most: product.product }];
    finding.explanation = finding
        .explanation
        .text("quantity", product.quantity.normalize())
        .text("price", product.price.normalize())
        .text("product", product.product);
    let cell = |field: &str| facts.cell(EvidenceRole::Supports, product.line.at, field);
    finding.evidence.extend([cell("quantity"), cell("unit_price")]);
    finding.innocent =
        vec![Message::new("BILL-002.innocent.rounding"), Message::new("BILL-002.innocent.unit")];
    finding.ask = vec![
        Message::new("BILL-002.ask")
            .text("item", &product.line.item)
            .text("month", product.line.cycle)
            .text("amount", surplus),
    ];
    Ok(finding)
}
