//! BILL-007 late-fee-above-limit.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::finding::{EvidenceRole, Finding, FindingKind, Override, Verdict};
use crate::model::message::Message;
use crate::model::money::{Money, MoneyRounding};
use crate::model::period::Cycle;
use crate::model::record::{BillLine, Category};

/// A late fee is more than 3‰ of the debt a day (Telecommunications Regulations, article 34).
pub static DETECTOR: Detector = Detector {
    code: "BILL-007",
    name: "late-fee-above-limit",
    kind: FindingKind::Error,
    role: Role::Plain,
    needs: &[],
    basis: &["dx-34"],
    page: include_str!("late_fee_above_limit.md"),
    stakes,
    detect,
};

/// Most days for which the debt at the beginning of a cycle can have been open within it.
const DAYS_OF_CYCLE_MAX: u64 = 31;

/// What the papers say about the debt behind a late fee.
enum Known {
    /// Limit in yuan and days, both from the line itself and the opening balance.
    Printed { debt: Money, days: u64, limit: Money },
    /// Limit from the bills back to the one in which the debt began.
    FromBills { limit: Money, since: Cycle },
    /// Debt without days, or not even the debt.
    Open { debt: Option<Money> },
    /// The debt was paid before the cycle; it is older than the bill shows.
    Older,
}

/// Returns the most that the law allows of a late fee, where the papers show debt and days.
///
/// # Errors
/// When a sum leaves the exact range.
pub fn lawful_limit(facts: &Facts<'_>, line: &BillLine) -> Result<Option<Money>> {
    Ok(match known(facts, line)? {
        Known::Printed { limit, .. } | Known::FromBills { limit, .. } => Some(limit),
        Known::Open { .. } | Known::Older => None,
    })
}

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    Ok(fees(facts).map(|(index, line)| facts.stake_of_line(index, line.amount)).collect())
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    let mut findings = vec![];
    for (index, line) in fees(facts) {
        let known = known(facts, line)?;
        let limit = match &known {
            Known::Printed { limit, .. } | Known::FromBills { limit, .. } => *limit,
            Known::Open { .. } => Money::ZERO,
            Known::Older => continue,
        };
        let surplus = line.amount.minus(limit)?;
        if surplus.is_positive() {
            findings.push(finding(facts, index, &known, limit, surplus));
        }
    }
    Ok(findings)
}

fn fees<'a>(facts: &Facts<'a>) -> impl Iterator<Item = (usize, &'a BillLine)> {
    let lines = facts.line.bill.iter().enumerate();
    lines.filter(|(_, line)| line.category == Category::LateFee && line.amount.is_positive())
}

fn known(facts: &Facts<'_>, line: &BillLine) -> Result<Known> {
    let Some(opening) = balance(facts, line.cycle, Category::OpeningBalance) else {
        return Ok(Known::Open { debt: None });
    };
    let debt = opening.negated();
    if !debt.is_positive() {
        let was_open =
            facts.line.billed_cycles().into_iter().filter(|cycle| *cycle < line.cycle).any(|cycle| {
                let balances = [Category::OpeningBalance, Category::ClosingBalance];
                balances.iter().any(|kind| balance(facts, cycle, *kind).is_some_and(Money::is_negative))
            });
        return Ok(if was_open { Known::Older } else { Known::Open { debt: None } });
    }
    // A count of 1 stands for the item itself as often as for a day.
    let days = line.quantity.and_then(|days| days.is_integer().then(|| days.to_u64()).flatten());
    match days {
        Some(days @ 2..=DAYS_OF_CYCLE_MAX) => Ok(Known::Printed { debt, days, limit: limit(debt, days)? }),
        _ => Ok(since_start(facts, line.cycle)?.unwrap_or(Known::Open { debt: Some(debt) })),
    }
}

/// Returns the balance of that kind where the bill prints exactly one, and bills this number only.
fn balance(facts: &Facts<'_>, cycle: Cycle, category: Category) -> Option<Money> {
    let mut rows = facts.line.bill_of(cycle).map(|(_, line)| line).filter(|line| line.category == category);
    let row = rows.next().filter(|row| !facts.bills_others(row.at))?;
    rows.next().is_none().then_some(row.amount)
}

/// Returns 3‰ of the debt for each day, the larger of rounding once and rounding each day.
fn limit(debt: Money, days: u64) -> Result<Money> {
    let daily = Money::new(debt.yuan() * Decimal::new(3, 3))?;
    let once = daily.times(days)?;
    let up = once.plus(Money::new(Decimal::new(9, 3))?)?.rounded(MoneyRounding::Truncate, 2);
    Ok(up.max(daily.rounded(MoneyRounding::HalfUp, 2).times(days)?))
}

/// Returns the limit over the bills back to the one that began without a debt; the whole cycle in which it
/// began counts, so that the limit is never too low.
fn since_start(facts: &Facts<'_>, cycle: Cycle) -> Result<Option<Known>> {
    let (mut at, mut sum, mut largest) = (cycle, Money::ZERO, Money::ZERO);
    while let Some(opening) = balance(facts, at, Category::OpeningBalance) {
        largest = largest.max(opening.negated());
        sum = sum.plus(limit(largest, u64::from(at.days()))?)?;
        if !opening.is_negative() {
            return Ok(Some(Known::FromBills { limit: sum, since: at }));
        }
        at = at.previous();
    }
    Ok(None)
}

fn finding(facts: &Facts<'_>, index: usize, known: &Known, limit: Money, surplus: Money) -> Finding {
    let (kind, verdict, how) = match known {
        Known::Printed { .. } => (FindingKind::Error, Verdict::Proven, "printed"),
        Known::FromBills { .. } => (FindingKind::Error, Verdict::Probable, "from-bills"),
        _ => (FindingKind::Question, Verdict::Probable, "open"),
    };
    let line = &facts.line.bill[index];
    let mut finding = facts.stake_of_line(index, surplus).finding(DETECTOR.code, kind, verdict, how);
    match known {
        Known::Printed { debt, days, .. } => {
            finding.explanation =
                finding.explanation.text("debt", *debt).text("days", *days).text("limit", limit);
        }
        Known::FromBills { since, .. } => {
            finding.explanation = finding.explanation.text("since", *since).text("limit", limit);
        }
        Known::Open { debt: Some(debt) } => {
            finding.explanation.key = "BILL-007.explanation.no-days".to_owned();
            finding.explanation = finding.explanation.text("debt", *debt);
        }
        Known::Open { debt: None } | Known::Older => {}
    }
    if kind == FindingKind::Error {
        finding.overrides = vec![Override::AtMost { bill_line: index, most: limit }];
    }
    let opening = facts.line.bill_of(line.cycle).map(|(_, line)| line);
    let opening = opening.filter(|line| line.category == Category::OpeningBalance);
    finding.evidence.extend(opening.map(|line| facts.cell(EvidenceRole::Supports, line.at, "amount")));
    if matches!(known, Known::Printed { .. }) {
        finding.evidence.push(facts.cell(EvidenceRole::Supports, line.at, "quantity"));
    }
    finding.innocent = vec![Message::new("BILL-007.innocent")];
    finding.ask = vec![Message::new("BILL-007.ask").text("month", line.cycle).text("item", &line.item)];
    finding
}
