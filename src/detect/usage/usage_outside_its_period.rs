//! USE-016 usage-outside-its-period.

use crate::detect::papers::QUOTED_ROWS_MAX;
use crate::detect::usage::charged::{Charged, charged, listed_fees};
use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::coverage::CoverKind;
use crate::model::finding::{EvidenceRole, Finding, FindingKind, Verdict};
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::period::{Day, WallTime};
use crate::model::source::RowRef;
use crate::model::usage::UsageEvent;

/// A record of the future, or of more than a month before the cycle, is billed.
pub static DETECTOR: Detector = Detector {
    code: "USE-016",
    name: "usage-outside-its-period",
    kind: FindingKind::Error,
    role: Role::Plain,
    needs: &[],
    basis: &["dx-33", "xf-10", "mfd-985", "hy-late"],
    page: include_str!("usage_outside_its_period.md"),
    stakes,
    detect,
};

/// Priced records outside of the cycle on the list that was issued for it.
struct Stray<'a> {
    charged: &'a Charged,
    events: Vec<UsageEvent<'a>>,
    fees: Money,
    /// Whether they lie after the bill was made; else more than a month before the cycle.
    is_future: bool,
}

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    Ok(strays(facts)?.iter().map(|stray| Stake::answered(stray.charged.cycle)).collect())
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    let mut findings = vec![];
    for stray in strays(facts)? {
        findings.extend(finding(facts, &stray)?);
    }
    Ok(findings)
}

fn strays<'a>(facts: &Facts<'a>) -> Result<Vec<Stray<'a>>> {
    let mut all = vec![];
    for is_future in [true, false] {
        for charged in charged(facts)? {
            let (billed_on, earliest) = (billed_on(facts, charged), charged.cycle.previous().start_time());
            let (first, last) = if is_future {
                (billed_on.succ_opt().map_or(WallTime(i64::MAX), WallTime::at_start_of), WallTime(i64::MAX))
            } else {
                (WallTime(i64::MIN), earliest)
            };
            let outside = facts.events_between(&charged.units, first, last).filter(|event| {
                let priced = !event.failed && event.fee.is_some_and(Money::is_positive);
                let kind = event.kind.unit();
                priced && kind.is_some_and(|unit| stands_in(facts, charged, event, unit.into()))
            });
            let events: Vec<UsageEvent<'a>> = outside.collect();
            let fees = Money::sum(events.iter().filter_map(|event| event.fee))?;
            if !events.is_empty() {
                all.push(Stray { charged, events, fees, is_future });
            }
        }
    }
    Ok(all)
}

/// Returns the day on which the bill was made; where it does not say, the day of the calculation, when it was
/// surely there.
fn billed_on(facts: &Facts<'_>, charged: &Charged) -> Day {
    let printed = charged.lines.iter().filter_map(|line| {
        let at = facts.line.bill[*line].at;
        facts.case.table(at).exported_on
    });
    printed.max().unwrap_or(facts.case.as_of)
}

/// Returns whether the row stands on a list for this cycle alone, which does not speak for the row's day.
fn stands_in(facts: &Facts<'_>, charged: &Charged, event: &UsageEvent<'_>, kind: CoverKind) -> bool {
    let same_table = |at: RowRef| (at.source, at.table) == (event.at.source, event.at.table);
    let parts = facts.line.coverage.iter();
    let own = parts.filter(|part| part.kinds.contains(&kind) && same_table(part.at.row));
    own.map(|part| part.span)
        .any(|window| !window.contains(event.start.day()) && charged.cycle.span().covers(window))
}

fn finding(facts: &Facts<'_>, stray: &Stray<'_>) -> Result<Option<Finding>> {
    let (kind, verdict, known, amount) = if stray.is_future {
        let Some((amount, verdict)) = charged_for(facts, stray)? else { return Ok(None) };
        (FindingKind::Error, verdict, "future", amount)
    } else {
        (FindingKind::Question, Verdict::Probable, "old", stray.fees)
    };
    let charged = stray.charged;
    let mut finding = charged.stake(facts, amount)?.finding(DETECTOR.code, kind, verdict, known);
    finding.subject = format!("{}|{known}", finding.subject);
    if kind == FindingKind::Error {
        charged.limit(facts, &mut finding)?;
    }
    finding.explanation = finding
        .explanation
        .count("count", stray.events.len())
        .text("start", stray.events[0].start)
        .text("fees", stray.fees);
    let quoted = stray.events.iter().take(QUOTED_ROWS_MAX);
    finding.evidence.extend(quoted.map(|event| facts.cell(EvidenceRole::Supports, event.at, "start")));
    finding.innocent = vec![Message::new(format!("USE-016.innocent.{known}"))];
    finding.ask = vec![Message::new("USE-016.ask").text("month", charged.cycle).text("fees", stray.fees)];
    Ok(Some(finding))
}

/// Returns how much of the fees is in the bill: all where the fees of the list add up to it with them, else
/// what is above the rules.
fn charged_for(facts: &Facts<'_>, stray: &Stray<'_>) -> Result<Option<(Money, Verdict)>> {
    let charged = stray.charged;
    let listed = listed_fees(charged.events(facts).chain(stray.events.iter().copied()))?;
    if listed == Some(charged.billed) {
        return Ok(Some((stray.fees, Verdict::Proven)));
    }
    let explained = !charged.is_priced || !charged.late(facts).is_empty();
    let surplus = if explained { Money::ZERO } else { charged.surplus()? };
    let amount = stray.fees.min(surplus);
    Ok(amount.is_positive().then_some((amount, Verdict::Probable)))
}
