//! USE-013 calls-overlap.

use std::collections::BTreeMap;

use crate::detect::papers::QUOTED_ROWS_MAX;
use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::finding::{Evidence, EvidenceRole, Finding, FindingKind, Verdict};
use crate::model::message::Message;
use crate::model::period::{Cycle, WallTime};
use crate::model::source::CellRef;
use crate::model::usage::{Direction, UsageEvent, UsageKind};

/// Two outgoing calls of one line run at the same time.
pub static DETECTOR: Detector = Detector {
    code: "USE-013",
    name: "calls-overlap",
    kind: FindingKind::Question,
    role: Role::Plain,
    needs: &[],
    basis: &["dx-33", "xf-8"],
    page: include_str!("calls_overlap.md"),
    stakes,
    detect,
};

/// Words of a list for calls that may rightly run beside another.
const SIDE_BY_SIDE: [&str; 6] = ["会议", "三方", "多方", "等待", "转移", "前转"];

/// Seconds by which two clocks of one list may differ.
const CLOCK_S: i64 = 1;

/// Two calls that overlap.
type Pair<'a> = (UsageEvent<'a>, UsageEvent<'a>);

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    let mut stakes = vec![];
    let mut until = WallTime(i64::MIN);
    for index in answered(facts) {
        let call = facts.line.usage.event(index);
        // One call of a cycle is enough.
        if call.start >= until && !is_marked(&call) {
            let cycle = Cycle::of(call.start.day());
            until = cycle.end_time();
            stakes.push(Stake::answered(cycle));
        }
    }
    Ok(stakes)
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    let mut by_cycle: BTreeMap<Cycle, Vec<Pair<'_>>> = BTreeMap::new();
    for pair in overlaps(facts) {
        by_cycle.entry(Cycle::of(pair.1.start.day())).or_default().push(pair);
    }
    Ok(by_cycle.into_iter().map(|(cycle, pairs)| finding(facts, cycle, &pairs)).collect())
}

/// Returns the outgoing calls that were answered, by start.
fn calls<'a>(facts: &Facts<'a>) -> impl Iterator<Item = UsageEvent<'a>> {
    let usage = &facts.line.usage;
    answered(facts).map(|index| usage.event(index)).filter(|event| !is_marked(event))
}

fn is_marked(event: &UsageEvent<'_>) -> bool {
    SIDE_BY_SIDE.iter().any(|word| event.app.contains(word) || event.location.contains(word))
}

/// Returns the outgoing calls that were answered, whatever a list says of them, by their indices.
fn answered(facts: &Facts<'_>) -> impl Iterator<Item = usize> {
    let columns = facts.line.usage.columns();
    (0..columns.starts.len()).filter(move |index| {
        columns.kinds[*index] == UsageKind::Voice
            && columns.directions[*index] == Direction::Out
            && !columns.failed[*index]
            && columns.durations_s[*index] > 0
    })
}

/// Returns whether a call begins before an earlier one has ended.
fn may_overlap(facts: &Facts<'_>) -> bool {
    let columns = facts.line.usage.columns();
    let mut until = i64::MIN;
    answered(facts).any(|index| {
        let start = columns.starts[index];
        let begins_within = start < until;
        until = until.max(start.saturating_add(i64::from(columns.durations_s[index])));
        begins_within
    })
}

/// Returns each call with the earlier one that was still running. Rows of one event (USE-012) are no pair.
fn overlaps<'a>(facts: &Facts<'a>) -> Vec<Pair<'a>> {
    if !may_overlap(facts) {
        return vec![];
    }
    let calls: Vec<UsageEvent<'a>> = calls(facts).collect();
    // A list that rounds every call up to minutes makes calls longer than they were.
    let rounds = calls.iter().all(|call| call.duration_s % 60 == 0);
    let tolerance_s = if rounds { 60 } else { CLOCK_S };
    let end = |call: &UsageEvent<'_>| call.start.0.saturating_add(i64::from(call.duration_s));
    let mut longest: Option<UsageEvent<'a>> = None;
    let mut pairs = vec![];
    for call in calls {
        if let Some(running) = longest {
            let same = running.start == call.start && running.duration_s == call.duration_s;
            if end(&running).saturating_sub(call.start.0) > tolerance_s && !same {
                pairs.push((running, call));
            }
        }
        longest = longest.filter(|running| end(running) >= end(&call)).or(Some(call));
    }
    pairs
}

fn finding(facts: &Facts<'_>, cycle: Cycle, pairs: &[Pair<'_>]) -> Finding {
    let (running, call) = &pairs[0];
    let stake = facts.stake_of_cycle(cycle, format!("{}|{}", running.start, call.start));
    let mut finding = stake.finding(DETECTOR.code, FindingKind::Question, Verdict::Probable, "calls");
    finding.explanation = finding
        .explanation
        .count("count", pairs.len())
        .text("first", running.start)
        .text("duration_s", running.duration_s)
        .text("second", call.start);
    let rows = pairs.iter().take(QUOTED_ROWS_MAX).flat_map(|(running, call)| [running.at, call.at]);
    let whole = |row| Evidence { role: EvidenceRole::Supports, at: CellRef { row, column: None } };
    finding.evidence = rows.map(whole).collect();
    finding.innocent = vec![Message::new("USE-013.innocent")];
    finding.ask = vec![Message::new("USE-013.ask").text("month", cycle).count("count", pairs.len())];
    finding
}
