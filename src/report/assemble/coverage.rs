//! Which days the papers speak for, by kind, and how many records they hold.

use chrono::Datelike;

use crate::model::case::Line;
use crate::model::coverage::{Completeness, CoverKind, CoveredBy};
use crate::model::period::{Cycle, Day, WallTime};
use crate::model::quantity::Unit;
use crate::model::record::Category;
use crate::report::assemble::Desk;
use crate::report::model::CoverageMap;

/// Returns a map for every billed cycle and every kind that occurs in it, by number, cycle and kind.
pub fn coverage(desk: &Desk<'_>) -> Vec<CoverageMap> {
    let mut maps = Vec::new();
    for line in &desk.case.lines {
        for cycle in cycles(line) {
            maps.extend(CoverKind::ALL.into_iter().filter_map(|kind| map(line, cycle, kind)));
        }
    }
    maps
}

/// Returns the billed cycles; a case without a bill shows the cycles of its records.
fn cycles(line: &Line) -> Vec<Cycle> {
    let billed = line.billed_cycles();
    if !billed.is_empty() {
        return billed;
    }
    let mut cycles: Vec<Cycle> = line.usage.events().map(|event| Cycle::of(event.start.day())).collect();
    cycles.sort();
    cycles.dedup();
    cycles
}

fn map(line: &Line, cycle: Cycle, kind: CoverKind) -> Option<CoverageMap> {
    let span = cycle.span();
    let days: Vec<&str> = span.each_day().map(|day| best(line, kind, day)).collect();
    let events = events(line, cycle, kind);
    let days_covered = days.iter().filter(|by| !by.is_empty()).count() as u32;
    let occurs = days_covered > 0 || events.iter().any(|count| *count > 0) || is_charged(line, cycle, kind);
    occurs.then(|| CoverageMap {
        msisdn: line.info.msisdn.clone(),
        period: cycle.to_string(),
        kind: kind.code().to_owned(),
        level: level(line.completeness(kind, span)).to_owned(),
        days_covered,
        days: days.into_iter().map(str::to_owned).collect(),
        events,
    })
}

fn best(line: &Line, kind: CoverKind, day: Day) -> &'static str {
    let parts = line.coverage.iter().filter(|part| part.kinds.contains(&kind) && part.span.contains(day));
    match parts.map(|part| part.by).max() {
        Some(CoveredBy::Stated) => "stated",
        Some(CoveredBy::Declared) => "declared",
        Some(CoveredBy::Inferred) => "inferred",
        None => "",
    }
}

fn level(completeness: Completeness) -> &'static str {
    match completeness {
        Completeness::Proved { .. } => "proved",
        Completeness::Inferred => "inferred",
        Completeness::Unknown => "unknown",
    }
}

fn events(line: &Line, cycle: Cycle, kind: CoverKind) -> Vec<u32> {
    let mut counts = vec![0; cycle.days() as usize];
    let mut count = |at: WallTime| {
        if let Some(day) = counts.get_mut(at.day().day0() as usize) {
            *day += 1;
        }
    };
    match kind {
        CoverKind::Orders => {
            line.orders
                .iter()
                .map(|order| order.ordered_at)
                .filter(|at| Cycle::of(at.day()) == cycle)
                .for_each(&mut count);
        }
        // Rows of the operator's payment list are bill rows without a day.
        CoverKind::Payments => {}
        _ => {
            let range = line.usage.range(cycle.start_time(), cycle.end_time());
            let events = range.map(|index| line.usage.event(index));
            events.filter(|event| event.kind.code() == kind.code()).for_each(|event| count(event.start));
        }
    }
    counts
}

fn is_charged(line: &Line, cycle: Cycle, kind: CoverKind) -> bool {
    let unit = Unit::ALL.into_iter().find(|unit| CoverKind::from(*unit) == kind);
    line.charges_of(cycle).any(|(_, printed)| match unit {
        Some(unit) => {
            !printed.amount.is_zero()
                && (printed.category == Category::of_unit(unit) || printed.units.contains(&unit))
        }
        None => kind == CoverKind::Vas && printed.category == Category::Vas,
    })
}
