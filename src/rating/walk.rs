//! The one pass over the usage of a cycle: consume buckets, collect overage. No allocation per event.

use std::collections::BTreeMap;

use crate::model::message::Message;
use crate::model::period::WallTime;
use crate::model::plan::Per;
use crate::model::quantity::{Unit, Volume};
use crate::model::usage::{Direction, UsageColumns};
use crate::rating::cycle_usage::{CycleUsage, chargeable};
use crate::rating::matcher::EventKey;
use crate::rating::outcome::{DayUse, Unrated};
use crate::rating::pricing;
use crate::rating::setup::{Segment, Setup, no_plan};
use crate::rating::sharing::Pool;
use crate::rating::variation::{Extreme, Orders};

/// What a walk found beside the buckets and rates.
#[derive(Debug, Default)]
pub(super) struct Walked {
    pub(super) days: BTreeMap<Unit, Vec<DayUse>>,
    pub(super) unrated: Vec<Unrated>,
}

/// The walk of one line through its cycle.
#[derive(Debug)]
pub(super) struct Walker<'w, 'p> {
    pub(super) setup: Setup<'p>,
    usage: &'w CycleUsage<'w>,
    columns: UsageColumns<'w>,
    events: Extreme,
    /// Places of the list that hold another event of the same second.
    orders: &'w Orders,
    by_day: [Vec<DayUse>; 4],
    unrated: UnratedVolumes,
}

impl<'w, 'p> Walker<'w, 'p> {
    pub(super) fn new(
        setup: Setup<'p>,
        usage: &'w CycleUsage<'w>,
        events: Extreme,
        orders: &'w Orders,
    ) -> Self {
        let by_day = std::array::from_fn(|_| vec![DayUse::default(); usage.cycle.days() as usize]);
        Self::again(setup, by_day, usage, events, orders)
    }

    /// Returns the walk of another line over the same rules; `by_day` is what an earlier walk handed back.
    pub(super) fn again(
        setup: Setup<'p>,
        mut by_day: [Vec<DayUse>; 4],
        usage: &'w CycleUsage<'w>,
        events: Extreme,
        orders: &'w Orders,
    ) -> Self {
        by_day.iter_mut().for_each(|days| days.fill(DayUse::default()));
        let columns = usage.table.columns();
        Self { setup, usage, columns, events, orders, by_day, unrated: UnratedVolumes::default() }
    }

    /// Walks the whole cycle.
    pub(super) fn walk(&mut self) {
        for place in self.usage.range.clone() {
            self.step(place);
        }
    }

    pub(super) fn finish(self) -> (Setup<'p>, Walked) {
        let used = Unit::ALL.into_iter().zip(self.by_day);
        let used = used.filter(|(_, days)| days.iter().any(|day| day.inside > 0 || day.outside > 0));
        (self.setup, Walked { days: used.collect(), unrated: self.unrated.into_list() })
    }

    /// Returns what the walk worked with, and whether it rated everything.
    pub(super) fn into_parts(self) -> (Setup<'p>, [Vec<DayUse>; 4], bool) {
        (self.setup, self.by_day, self.unrated.0.is_empty())
    }

    /// Rates the event at one place of the list.
    #[inline]
    fn step(&mut self, place: usize) {
        let index =
            if self.orders.is_empty() { place } else { self.orders.get(&place).copied().unwrap_or(place) };
        let Some((key, volume)) = chargeable(&self.columns, index, self.usage.cycle_start, self.events)
        else {
            return;
        };
        if !self.usage.counts(index, self.events) {
            return;
        }
        let setup = &mut self.setup;
        let start = WallTime(self.columns.starts[index]);
        let day = ((start.0 - self.usage.cycle_start.0) / 86_400) as usize;
        let Some(segment) = setup.segments.iter().position(|it| it.start <= start && start < it.end) else {
            if key.direction == Direction::Out {
                let used = &mut self.by_day[key.unit as usize][day];
                used.outside = used.outside.saturating_add(volume);
                self.unrated.add(key.unit, volume, UnratedReason::NoPlan);
            }
            return;
        };
        if is_free(setup, &setup.segments[segment], &key, &self.usage.free_peers) {
            return;
        }
        let skips = self.usage.outside.get(index).copied().unwrap_or(false);
        let covered = if skips { 0 } else { consume(setup, segment, &key, start, volume) };
        let outside = volume.saturating_sub(covered);
        let priced = collect(setup, segment, &key, start, day, covered, outside);
        // Incoming calls and messages are free where no rate names them.
        if priced || covered > 0 || key.direction == Direction::Out {
            let used = &mut self.by_day[key.unit as usize][day];
            used.inside = used.inside.saturating_add(covered);
            used.outside = used.outside.saturating_add(outside);
        }
        if !priced && outside > 0 && key.direction == Direction::Out {
            self.unrated.add(key.unit, outside, UnratedReason::NoRate);
        }
    }
}

/// Walks several lines by start time; what one draws from a shared bucket is gone for the others. In one second
/// the line at `first` goes before the others, or after them.
pub(super) fn walk_together(walkers: &mut [Walker<'_, '_>], pools: &[Pool], first_goes_first: bool) {
    let mut places: Vec<usize> = walkers.iter().map(|walker| walker.usage.range.start).collect();
    loop {
        let waiting =
            walkers.iter().zip(&places).enumerate().filter(|(_, (it, place))| **place < it.usage.range.end);
        let turn = waiting.min_by_key(|(index, (it, place))| {
            (it.columns.starts[**place], (*index == 0) != first_goes_first, *index)
        });
        let Some((turn, _)) = turn else { return };
        walkers[turn].step(places[turn]);
        places[turn] += 1;
        for pool in pools {
            pool.level(turn, walkers);
        }
    }
}

#[inline]
fn is_free(setup: &Setup<'_>, segment: &Segment, key: &EventKey, free_peers: &[u32]) -> bool {
    let unit = key.unit as usize;
    if key.direction == Direction::In && !segment.takes_incoming[unit] {
        return true;
    }
    let named = || segment.rates[unit].iter().any(|rate| setup.rates[*rate].matcher.names_peer(key.peer));
    free_peers.contains(&key.peer) && !named()
}

/// Draws the event from the buckets; returns the covered volume (whole minutes for calls).
#[inline]
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
#[inline]
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
        rate.matcher.takes(key) && rate.applies_at(start)
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
