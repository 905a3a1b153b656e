//! USE-006 unit-price-above-plan.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::detect::memo::finds_ahead;
use crate::detect::usage::cap_exceeded::was_reopened;
use crate::detect::usage::charged::{Charged, charged, cost, price_per_unit, units_in};
use crate::detect::{DETECTORS, Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::coverage::CoverKind;
use crate::model::exact::Exact;
use crate::model::finding::{EvidenceRole, Finding, FindingKind, Target, Verdict};
use crate::model::message::Message;
use crate::model::money::Money;

/// A unit was billed at more than the plan's price.
pub static DETECTOR: Detector = Detector {
    code: "USE-006",
    name: "unit-price-above-plan",
    kind: FindingKind::Error,
    role: Role::Cause,
    needs: &[CoverKind::Voice, CoverKind::Sms, CoverKind::Mms, CoverKind::Data],
    basis: &["jg-13", "mmbj-19", "mfd-498", "xf-10", "mfd-985"],
    page: include_str!("unit_price_above_plan.md"),
    stakes,
    detect,
};

/// The effect alone, or what only looks on.
const NO_CAUSES: [&str; 2] = ["USE-006", "USE-017"];

/// A change of rounding, which a higher price can explain as well.
const ROUNDING: &str = "USE-007";

/// Least units for which a higher price that gives the billed figure exactly is no chance: a figure in 分 divides by ten
/// units by chance once in ten.
const UNITS_MIN: u64 = 10;

/// A printed price above every price of the plan.
struct Dearer {
    printed: Decimal,
    plan: Exact,
    /// Units that the bill prints.
    quantity: u64,
    /// Yuan above the plan's price for all of them.
    difference: Money,
}

/// A price of whole 分 above the plan's that gives just the billed figure for the units that the plan counted.
struct Higher {
    price: Money,
    plan: Exact,
    units: u64,
}

/// What the last resort has to go by.
struct Effect {
    verdict: Verdict,
    known: &'static str,
    /// The price that was charged, where the figure tells it.
    price: Option<Higher>,
}

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    let mut stakes = vec![];
    for charged in priced(facts)? {
        stakes.push(match dearer(facts, charged) {
            Some(_) => charged.question(facts, charged.billed)?,
            None => Stake::answered(charged.cycle),
        });
    }
    Ok(stakes)
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    let mut findings = vec![];
    for charged in priced(facts)? {
        let found = match dearer(facts, charged) {
            Some(dearer) => by_printed_price(facts, charged, &dearer)?,
            None => effect(facts, charged)?.map(|effect| by_effect(facts, charged, &effect)).transpose()?,
        };
        findings.extend(found);
    }
    Ok(findings)
}

fn priced<'a>(facts: &Facts<'a>) -> Result<impl Iterator<Item = &'a Charged>> {
    Ok(charged(facts)?.iter().filter(|charged| charged.is_priced))
}

/// Returns the printed price of the only line where it is above every price of its rates.
fn dearer(facts: &Facts<'_>, charged: &Charged) -> Option<Dearer> {
    let [line] = charged.lines[..] else { return None };
    let line = &facts.line.bill[line];
    let (printed, quantity) = (line.unit_price?, line.quantity?);
    let quantity = quantity.is_integer().then(|| quantity.to_u64()).flatten()?;
    let rates = charged.rates(facts);
    let stages = rates.iter().flat_map(|(_, rate)| rate.stages.iter().map(move |stage| (rate, stage)));
    let prices: Option<Vec<Exact>> = stages.map(|(rate, stage)| price_per_unit(rate, stage.price)).collect();
    let mut plan = Exact::ZERO;
    for price in prices? {
        plan = if plan.min(price).ok()? == plan { price } else { plan };
    }
    let difference = cost(Exact::from_decimal(printed), quantity)?.minus(cost(plan, quantity)?).ok()?;
    difference.is_positive().then_some(Dearer { printed, plan, quantity, difference })
}

fn by_printed_price(facts: &Facts<'_>, charged: &Charged, dearer: &Dearer) -> Result<Option<Finding>> {
    let amount = dearer.difference.min(charged.surplus()?);
    let Some((verdict, known)) = charged.verdict(facts).filter(|_| amount.is_positive()) else {
        return Ok(None);
    };
    let mut finding = found(facts, charged, amount, verdict, known)?;
    finding.explanation = finding
        .explanation
        .text("printed", dearer.printed.normalize())
        .text("plan", dearer.plan.to_text())
        .text("quantity", dearer.quantity);
    let at = facts.line.bill[charged.lines[0]].at;
    finding.evidence.push(facts.cell(EvidenceRole::Supports, at, "unit_price"));
    Ok(Some(finding))
}

/// Returns whether a higher price explains the charge, and no cause but a change of rounding does: then the price is the
/// simpler cause (fine print 28).
///
/// # Errors
/// When a sum leaves the exact range.
pub(crate) fn is_higher_price(facts: &Facts<'_>, charged: &Charged) -> Result<bool> {
    if dearer(facts, charged).is_some() || higher(facts, charged).is_none() {
        return Ok(false);
    }
    Ok(effect(facts, charged)?.is_some())
}

/// The last resort (fine print 28): the list is complete, something was chargeable, more was billed than the
/// rules allow, and nothing else explains it.
fn effect(facts: &Facts<'_>, charged: &Charged) -> Result<Option<Effect>> {
    let Some((verdict, known)) = charged.verdict(facts) else { return Ok(None) };
    let chargeable =
        charged.items(facts).any(|(_, item)| item.volume.is_some_and(|volume| volume.amount > 0));
    let is_complete = charged.completeness(facts).is_proved();
    let open = !is_complete || !chargeable || !charged.surplus()?.is_positive();
    if open
        || facts.is_provisional(charged.cycle)
        || was_reopened(facts, charged.cycle)
        || charged.may_hold_late(facts)?
    {
        return Ok(None);
    }
    let price = higher(facts, charged);
    let explains = |code: &str| !NO_CAUSES.contains(&code) && (price.is_none() || code != ROUNDING);
    Ok((!has_other_cause(facts, charged, explains)?).then_some(Effect { verdict, known, price }))
}

/// Returns the higher price that gives just the billed figure, where at least ten units of one price were counted.
fn higher(facts: &Facts<'_>, charged: &Charged) -> Option<Higher> {
    let plan = charged.flat_price(facts).filter(|_| charged.due.is_certain())?;
    let units = units_in(charged.due.high, plan).filter(|units| *units >= UNITS_MIN)?;
    let price = charged.billed.yuan().checked_div(Decimal::from(units))?.normalize();
    let price = Money::new(price).ok().filter(|_| price.scale() <= 2)?;
    let exact = price.times(units).ok()? == charged.billed && charged.billed > charged.due.high;
    exact.then_some(Higher { price, plan, units })
}

fn by_effect(facts: &Facts<'_>, charged: &Charged, effect: &Effect) -> Result<Finding> {
    let mut finding = found(facts, charged, charged.surplus()?, effect.verdict, effect.known)?;
    finding.explanation = finding.explanation.text("billed", charged.billed).text("due", charged.due.high);
    let mut told = "effect";
    if let Some(Higher { price, plan, units }) = &effect.price {
        told = "price";
        finding.explanation =
            finding.explanation.text("price", price).text("plan", plan.to_text()).text("quantity", units);
    }
    finding.explanation.key = format!("USE-006.explanation.{told}-{}", effect.known);
    Ok(finding)
}

/// Returns whether another detector that can explain the charge finds an error on these lines.
fn has_other_cause(facts: &Facts<'_>, charged: &Charged, explains: impl Fn(&str) -> bool) -> Result<bool> {
    for detector in DETECTORS.iter().filter(|detector| explains(detector.code)) {
        let is_cause = |finding: &Finding| {
            let here = |line: &usize| finding.on.iter().any(|(on, _)| *on == Target::BillLine(*line));
            finding.kind == FindingKind::Error && charged.lines.iter().any(here)
        };
        if finds_ahead(facts, detector, is_cause)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn found(
    facts: &Facts<'_>,
    charged: &Charged,
    amount: Money,
    verdict: Verdict,
    known: &'static str,
) -> Result<Finding> {
    let mut finding =
        charged.stake(facts, amount)?.finding(DETECTOR.code, FindingKind::Error, verdict, known);
    charged.limit(facts, &mut finding)?;
    finding.evidence.extend(charged.windows(facts));
    finding.innocent = vec![Message::new("USE-006.innocent")];
    let item = &facts.line.bill[charged.lines[0]].item;
    finding.ask = vec![
        Message::new("USE-006.ask").text("item", item).text("month", charged.cycle).text("amount", amount),
    ];
    Ok(finding)
}
