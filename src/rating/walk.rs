//! The one pass over the usage of a cycle: consume buckets, collect overage. No allocation per event.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::model::message::Message;
use crate::model::period::{Cycle, WallTime};
use crate::model::plan::Per;
use crate::model::quantity::{Unit, Volume};
use crate::model::usage::{Direction, UsageColumns, UsageTable};
use crate::rating::outcome::{DayUse, Unrated};
use crate::rating::pricing;
use crate::rating::setup::{EventKey, Segment, Setup, no_plan};
use crate::rating::variation::Extreme;

/// Emergency and public-service numbers: no allowance, no charge unless a rate names them (fine print 21).
pub const FREE_NUMBERS: [&str; 6] = ["110", "119", "120", "122", "12110", "12395"];

/// The usage of one cycle, looked through once for what its rows leave open.
#[derive(Debug)]
pub(super) struct CycleUsage<'a> {
    pub(super) table: &'a UsageTable,
    pub(super) cycle: Cycle,
    range: Range<usize>,
    /// Rows that repeat an earlier one, and whether equal ids make that certain.
    repeats: BTreeMap<usize, bool>,
    /// Whether the papers leave open which events count.
    pub(super) is_open: bool,
    /// Events of an example that skip the allowances, by index; empty = none.
    outside: &'a [bool],
    free_peers: Vec<u32>,
}

/// What a walk found beside the buckets and rates.
#[derive(Debug, Default)]
pub(super) struct Walked {
    pub(super) days: BTreeMap<Unit, Vec<DayUse>>,
    pub(super) unrated: Vec<Unrated>,
}

impl<'a> CycleUsage<'a> {
    pub(super) fn new(table: &'a UsageTable, cycle: Cycle, outside: &'a [bool]) -> Self {
        let range = table.range(cycle.start_time(), cycle.end_time());
        let columns = table.columns();
        let repeats = repeats(&columns, range.clone());
        let unstated = range.clone().any(|index| {
            let directed = columns.kinds[index].unit().is_some_and(|unit| unit != Unit::Data);
            directed && columns.directions[index] == Direction::Unstated && !columns.failed[index]
        });
        let is_open = unstated || repeats.values().any(|certain| !certain);
        let free_peers = FREE_NUMBERS.iter().filter_map(|number| table.text_id(number)).collect();
        Self { table, cycle, range, repeats, is_open, outside, free_peers }
    }

    /// Returns whether a row that repeats an earlier one counts.
    fn counts(&self, index: usize, events: Extreme) -> bool {
        match self.repeats.get(&index) {
            None => true,
            Some(certain) => !certain && events == Extreme::Most,
        }
    }
}

/// Returns the rows that are the same event as an earlier row: equal in every part and not told apart by
/// two different ids (fine print 4).
fn repeats(columns: &UsageColumns<'_>, range: Range<usize>) -> BTreeMap<usize, bool> {
    let mut found = BTreeMap::new();
    for index in range.clone() {
        let earlier =
            (range.start..index).rev().take_while(|other| columns.starts[*other] == columns.starts[index]);
        let mut same = earlier.filter(|other| same_event(columns, *other, index));
        let ids = columns.record_ids;
        let verdict = same.try_fold(false, |found, other| match (ids[other], ids[index]) {
            (0, _) | (_, 0) => Ok(true),
            (a, b) if a == b => Err(()),
            _ => Ok(found),
        });
        match verdict {
            Err(()) => _ = found.insert(index, true),
            Ok(true) => _ = found.insert(index, false),
            Ok(false) => {}
        }
    }
    found
}

fn same_event(columns: &UsageColumns<'_>, a: usize, b: usize) -> bool {
    columns.kinds[a] == columns.kinds[b]
        && columns.directions[a] == columns.directions[b]
        && columns.peers[a] == columns.peers[b]
        && columns.durations_s[a] == columns.durations_s[b]
        && columns.lengths_bytes[a] == columns.lengths_bytes[b]
}

/// Walks the events of the cycle through the buckets and rates.
pub(super) fn walk(setup: &mut Setup<'_>, usage: &CycleUsage<'_>, events: Extreme) -> Walked {
    let columns = usage.table.columns();
    let days = usage.cycle.days() as usize;
    let mut by_day: [Vec<DayUse>; 4] = std::array::from_fn(|_| vec![DayUse::default(); days]);
    let mut unrated = UnratedVolumes::default();
    for index in usage.range.clone() {
        let Some((key, volume)) = chargeable(&columns, index, usage.cycle, events) else { continue };
        if !usage.counts(index, events) {
            continue;
        }
        let start = WallTime(columns.starts[index]);
        let day = ((start.0 - usage.cycle.start_time().0) / 86_400) as usize;
        let Some(segment) = setup.segments.iter().position(|it| it.start <= start && start < it.end) else {
            if key.direction == Direction::Out {
                let used = &mut by_day[key.unit as usize][day];
                used.outside = used.outside.saturating_add(volume);
                unrated.add(key.unit, volume, UnratedReason::NoPlan);
            }
            continue;
        };
        if is_free(setup, &setup.segments[segment], &key, &usage.free_peers) {
            continue;
        }
        let skips = usage.outside.get(index).copied().unwrap_or(false);
        let covered = if skips { 0 } else { consume(setup, segment, &key, start, volume) };
        let outside = volume.saturating_sub(covered);
        let priced = collect(setup, segment, &key, start, day, covered, outside);
        // Incoming calls and messages are free where no rate names them.
        if priced || covered > 0 || key.direction == Direction::Out {
            let used = &mut by_day[key.unit as usize][day];
            used.inside = used.inside.saturating_add(covered);
            used.outside = used.outside.saturating_add(outside);
        }
        if !priced && outside > 0 && key.direction == Direction::Out {
            unrated.add(key.unit, outside, UnratedReason::NoRate);
        }
    }
    let used = Unit::ALL.into_iter().zip(by_day);
    let used = used.filter(|(_, days)| days.iter().any(|day| day.inside > 0 || day.outside > 0));
    Walked { days: used.collect(), unrated: unrated.into_list() }
}

/// Returns what matching needs and the volume (seconds, messages, bytes); none for what cannot cost anything.
fn chargeable(
    columns: &UsageColumns<'_>,
    index: usize,
    cycle: Cycle,
    events: Extreme,
) -> Option<(EventKey, u64)> {
    let unit = columns.kinds[index].unit()?;
    if columns.failed[index] {
        return None;
    }
    let direction = match columns.directions[index] {
        _ if unit == Unit::Data => Direction::Out,
        // Whether the line's user started it is not on paper: it counts at most, not at least.
        Direction::Unstated if events == Extreme::Least => return None,
        Direction::Unstated => Direction::Out,
        stated => stated,
    };
    let volume = match unit {
        Unit::Voice => u64::from(columns.durations_s[index]),
        Unit::Sms | Unit::Mms => 1,
        Unit::Data => columns.lengths_bytes[index],
    };
    let second_of_day = ((columns.starts[index] - cycle.start_time().0) % 86_400) as u32;
    let (peer, app) = (columns.peers[index], columns.apps[index]);
    let key = EventKey { unit, direction, scope: columns.scopes[index], peer, app, second_of_day };
    (volume > 0).then_some((key, volume))
}

fn is_free(setup: &Setup<'_>, segment: &Segment, key: &EventKey, free_peers: &[u32]) -> bool {
    let unit = key.unit as usize;
    if key.direction == Direction::In && !segment.takes_incoming[unit] {
        return true;
    }
    let named = || segment.rates[unit].iter().any(|rate| setup.rates[*rate].matcher.names_peer(key.peer));
    free_peers.contains(&key.peer) && !named()
}

/// Draws the event from the buckets; returns the covered volume (whole minutes for calls).
fn consume(setup: &mut Setup<'_>, segment: usize, key: &EventKey, start: WallTime, volume: u64) -> u64 {
    let unit = key.unit as usize;
    let needed = if key.unit == Unit::Voice { volume.div_ceil(60) * 60 } else { volume };
    let mut missing = needed;
    for place in 0..setup.segments[segment].order[unit].len() {
        if missing == 0 {
            break;
        }
        let bucket = &mut setup.buckets[setup.segments[segment].order[unit][place]];
        let open = bucket.left > 0 && bucket.start <= start && start < bucket.end;
        if open && bucket.matcher.takes(key) {
            let taken = bucket.left.min(missing);
            bucket.left -= taken;
            missing -= taken;
            if bucket.left == 0 {
                bucket.exhausted_at = Some(start);
            }
        }
    }
    needed - missing
}

/// Adds what is outside to the first rate that fits; false when none does.
fn collect(
    setup: &mut Setup<'_>,
    segment: usize,
    key: &EventKey,
    start: WallTime,
    day: usize,
    covered: u64,
    outside: u64,
) -> bool {
    let rates = &setup.segments[segment].rates[key.unit as usize];
    let fits = |index: &&usize| {
        let rate = &setup.rates[**index];
        rate.start <= start && start < rate.end && rate.matcher.takes(key)
    };
    let Some(index) = rates.iter().find(fits).copied() else { return false };
    let rate = &mut setup.rates[index];
    rate.collected.inside = rate.collected.inside.saturating_add(covered);
    if outside > 0 {
        rate.collected.outside = rate.collected.outside.saturating_add(outside);
        rate.collected.events += 1;
        match rate.rate.per {
            Per::Event => {
                *rate.collected.by_event.entry(pricing::counted(rate.rate, outside)).or_default() += 1
            }
            Per::Day => {
                let of_day = &mut rate.collected.by_day[day];
                *of_day = of_day.saturating_add(outside);
            }
            Per::Cycle => {}
        }
    }
    true
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum UnratedReason {
    NoPlan,
    NoRate,
}

#[derive(Debug, Default)]
struct UnratedVolumes(BTreeMap<(Unit, UnratedReason), (u64, u32)>);

impl UnratedVolumes {
    fn add(&mut self, unit: Unit, volume: u64, reason: UnratedReason) {
        let entry = self.0.entry((unit, reason)).or_default();
        entry.0 = entry.0.saturating_add(volume);
        entry.1 += 1;
    }

    fn into_list(self) -> Vec<Unrated> {
        let message = |unit: Unit, reason| match reason {
            UnratedReason::NoPlan => no_plan(),
            UnratedReason::NoRate => Message::new("rating.unrated.no-rate")
                .message("unit", Message::new(format!("rating.unit.{}", unit.code()))),
        };
        let list = self.0.into_iter().map(|((unit, reason), (volume, events))| Unrated {
            unit,
            volume: Volume::new(unit, volume),
            events,
            reason: message(unit, reason),
        });
        list.collect()
    }
}
