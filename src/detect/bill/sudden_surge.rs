//! BILL-006 sudden-surge.

use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::finding::{Evidence, EvidenceRole, Finding, FindingKind, Verdict};
use crate::model::message::Message;
use crate::model::money::{Money, MoneyRounding};
use crate::model::period::Cycle;
use crate::model::record::BillLine;
use crate::rules::law::LawBook;

/// A month costs more than five times the mean of the three before.
pub static DETECTOR: Detector = Detector {
    code: "BILL-006",
    name: "sudden-surge",
    kind: FindingKind::Question,
    role: Role::Plain,
    needs: &[],
    basis: &["dx-33", "hn-41", "zj-18"],
    page: include_str!("sudden_surge.md"),
    stakes,
    detect,
};

/// Months that make up the mean.
const MONTHS: u64 = 3;

/// A month and the sum of the three before.
struct Month {
    cycle: Cycle,
    billed: Money,
    before: Money,
}

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    Ok(months(facts)?
        .iter()
        .map(|month| facts.stake_of_cycle(month.cycle, month.billed.to_string()))
        .collect())
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    let mut findings = vec![];
    for month in months(facts)? {
        let Some(times) = times(facts, month.cycle) else { continue };
        // month > times × (sum ÷ 3), without a division
        if month.billed.times(MONTHS)? > month.before.times(times)? {
            findings.push(finding(facts, &month, times));
        }
    }
    Ok(findings)
}

/// Returns the months after three billed ones in a row that cost something.
fn months(facts: &Facts<'_>) -> Result<Vec<Month>> {
    let mut months = vec![];
    for cycle in facts.line.billed_cycles() {
        let Some(billed) = billed(facts, cycle)? else { continue };
        let (mut before, mut known, mut earlier) = (Money::ZERO, 0, cycle);
        for _ in 0..MONTHS {
            earlier = earlier.previous();
            if let Some(amount) = billed_of_whole_month(facts, earlier)? {
                (before, known) = (before.plus(amount)?, known + 1);
            }
        }
        if known == MONTHS && before.is_positive() {
            months.push(Month { cycle, billed, before });
        }
    }
    Ok(months)
}

/// Returns what the bill of the cycle asks for: its printed total, else the sum of its charges.
fn billed(facts: &Facts<'_>, cycle: Cycle) -> Result<Option<Money>> {
    if let Some((_, total)) = facts.line.printed_total(cycle) {
        return Ok(Some(total.amount));
    }
    if facts.line.charges_of(cycle).next().is_none() {
        return Ok(None);
    }
    Money::sum(facts.line.charges_of(cycle).map(|(_, line)| line.amount)).map(Some)
}

/// A month that was billed before it ended, or in which the line was suspended, makes no mean.
fn billed_of_whole_month(facts: &Facts<'_>, cycle: Cycle) -> Result<Option<Money>> {
    let suspended = facts.rated.in_force.suspended_throughout(cycle).is_some();
    if suspended || facts.is_provisional(cycle) { Ok(None) } else { billed(facts, cycle) }
}

/// Returns from how many times the mean a fee is unusual, by the rule of the place and day.
fn times(facts: &Facts<'_>, cycle: Cycle) -> Option<u64> {
    LawBook::built_in().surge_times(facts.case.file.province.as_deref(), cycle.span().last())
}

fn finding(facts: &Facts<'_>, month: &Month, times: u64) -> Finding {
    let stake = facts.stake_of_cycle(month.cycle, month.billed.to_string());
    let mut finding = stake.finding(DETECTOR.code, FindingKind::Question, Verdict::Proven, "stated");
    let third = crate::model::exact::Exact::new(1, i128::from(MONTHS));
    let before = crate::model::exact::Exact::from_decimal(month.before.yuan());
    let mean = before.times(third).and_then(|mean| mean.to_money(MoneyRounding::HalfUp, 2));
    finding.explanation = finding
        .explanation
        .text("billed", month.billed)
        .text("mean", mean.unwrap_or(Money::ZERO))
        .text("times", times);
    finding.evidence = evidence(facts, month.cycle);
    finding.innocent = vec![Message::new("BILL-006.innocent")];
    finding.ask = vec![Message::new("BILL-006.ask").text("month", month.cycle).text("billed", month.billed)];
    finding
}

/// Quotes the totals, or the charges where no total is printed, of the month and the three before.
fn evidence(facts: &Facts<'_>, cycle: Cycle) -> Vec<Evidence> {
    let rows = |cycle: Cycle| -> Vec<&BillLine> {
        match facts.line.printed_total(cycle) {
            Some((_, total)) => vec![total],
            None => facts.line.charges_of(cycle).map(|(_, line)| line).collect(),
        }
    };
    let quote = |role: EvidenceRole, cycle: Cycle| {
        rows(cycle).into_iter().map(|line| facts.cell(role, line.at, "amount")).collect::<Vec<_>>()
    };
    let mut evidence = quote(EvidenceRole::Supports, cycle);
    let mut earlier = cycle;
    for _ in 0..MONTHS {
        earlier = earlier.previous();
        evidence.extend(quote(EvidenceRole::Context, earlier));
    }
    evidence
}
