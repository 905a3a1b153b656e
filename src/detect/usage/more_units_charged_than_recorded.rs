//! USE-005 more-units-charged-than-recorded.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::detect::usage::charged::{Charged, charged, cost, counted, units_in};
use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::coverage::CoverKind;
use crate::model::exact::Exact;
use crate::model::finding::{EvidenceRole, Finding, FindingKind};
use crate::model::message::Message;
use crate::model::quantity::Unit;
use crate::model::usage::UsageEvent;

/// The bill counts more units than a complete list has.
pub static DETECTOR: Detector = Detector {
    code: "USE-005",
    name: "more-units-charged-than-recorded",
    kind: FindingKind::Error,
    role: Role::Effect,
    needs: &[CoverKind::Voice, CoverKind::Sms, CoverKind::Mms],
    basis: &["dx-33", "xf-10", "mfd-122", "mfd-985", "jg-41", "hy-cmcc-7"],
    page: include_str!("more_units_charged_than_recorded.md"),
    stakes,
    detect,
};

/// A charge that prints its units, with those on the list.
struct Counted<'a> {
    charged: &'a Charged,
    quantity: u64,
    recorded: u64,
    /// Yuan a unit.
    price: Exact,
}

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    let mut stakes = vec![];
    for it in counts(facts)? {
        // Where the rows that were seen account for every unit, a longer list could not lower that.
        let answered = it.quantity <= it.recorded;
        let question = || it.charged.question(facts, it.charged.billed);
        stakes.push(if answered { Stake::answered(it.charged.cycle) } else { question()? });
    }
    Ok(stakes)
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    let mut findings = vec![];
    for counted in counts(facts)? {
        findings.extend(finding(facts, &counted)?);
    }
    Ok(findings)
}

fn counts<'a>(facts: &Facts<'a>) -> Result<Vec<Counted<'a>>> {
    let told = charged(facts)?.iter().filter_map(|charged| {
        let quantity = quantity(facts, charged)?;
        let recorded = recorded(facts, charged)?;
        let price = price(facts, charged, quantity)?;
        Some(Counted { charged, quantity, recorded, price })
    });
    Ok(told.collect())
}

/// Returns the units that the lines print together; none when one of them prints none or a part.
fn quantity(facts: &Facts<'_>, charged: &Charged) -> Option<u64> {
    let printed = charged.lines.iter().map(|line| facts.line.bill[*line].quantity);
    let sum = printed.collect::<Option<Vec<Decimal>>>()?.into_iter().sum::<Decimal>();
    sum.is_integer().then(|| sum.to_u64()).flatten().filter(|quantity| *quantity > 0)
}

/// Returns the units on the list: those outside of every allowance where a flat price is known, else all.
fn recorded(facts: &Facts<'_>, charged: &Charged) -> Option<u64> {
    let late: Option<Vec<u64>> = charged.late(facts).iter().map(counted).collect();
    let late: u64 = late?.into_iter().sum();
    let ruled = charged.is_priced.then(|| charged.flat_price(facts)).flatten();
    let own = match ruled.and_then(|price| units_in(charged.due.high, price)) {
        Some(units) => units,
        None => {
            charged.events(facts).map(|event| most_units(&event)).collect::<Option<Vec<_>>>()?.iter().sum()
        }
    };
    Some(own.saturating_add(late))
}

/// Returns the most units that an event can be billed as where no rule tells: calls may be counted in seconds.
fn most_units(event: &UsageEvent<'_>) -> Option<u64> {
    let seconds = event.kind.unit().filter(|unit| *unit == Unit::Voice).map(|_| u64::from(event.duration_s));
    seconds.or_else(|| counted(event))
}

/// Returns the printed price, else what was billed for one unit.
fn price(facts: &Facts<'_>, charged: &Charged, quantity: u64) -> Option<Exact> {
    let printed = charged.lines.iter().filter_map(|line| facts.line.bill[*line].unit_price);
    let least = printed.filter(|price| price.is_sign_positive() && !price.is_zero()).min();
    let each = || Exact::from_decimal(charged.billed.yuan()).times(Exact::new(1, i128::from(quantity))).ok();
    least.map(Exact::from_decimal).or_else(each)
}

fn finding(facts: &Facts<'_>, it: &Counted<'_>) -> Result<Option<Finding>> {
    let more = it.quantity.saturating_sub(it.recorded);
    let Some((verdict, known)) = it.charged.verdict(facts).filter(|_| more > 0) else { return Ok(None) };
    let Some(amount) = cost(it.price, more) else { return Ok(None) };
    // Where rules are known, no more than what is above them.
    let most = if it.charged.is_priced { it.charged.surplus()? } else { it.charged.billed };
    let amount = amount.min(most);
    if !amount.is_positive() {
        return Ok(None);
    }
    let stake = it.charged.stake(facts, amount)?;
    let mut finding = stake.finding(DETECTOR.code, FindingKind::Error, verdict, known);
    it.charged.limit(facts, &mut finding)?;
    finding.explanation = finding
        .explanation
        .text("quantity", it.quantity)
        .text("recorded", it.recorded)
        .text("more", more)
        .text("price", it.price.to_text());
    let lines = it.charged.lines.iter().map(|line| facts.line.bill[*line].at);
    finding.evidence.extend(lines.map(|at| facts.cell(EvidenceRole::Supports, at, "quantity")));
    finding.evidence.extend(it.charged.windows(facts));
    finding.innocent = vec![Message::new("USE-005.innocent.parts"), Message::new("USE-005.innocent.late")];
    let item = &facts.line.bill[it.charged.lines[0]].item;
    let ask = |key: &str| {
        Message::new(key).text("item", item).text("month", it.charged.cycle).text("amount", amount)
    };
    finding.ask = vec![ask("USE-005.ask").text("quantity", it.quantity)];
    Ok(Some(finding))
}
