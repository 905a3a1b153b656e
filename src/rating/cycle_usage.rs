//! The usage of one cycle as the walk sees it: what counts, what repeats, what stands in one second.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::model::period::{Cycle, WallTime};
use crate::model::quantity::Unit;
use crate::model::usage::{Direction, UsageColumns, UsageTable};
use crate::rating::matcher::EventKey;
use crate::rating::variation::{Extreme, Orders};

/// Emergency and public-service numbers: no allowance, no charge unless a rate names them (fine print 21).
pub const FREE_NUMBERS: [&str; 6] = ["110", "119", "120", "122", "12110", "12395"];

/// The usage of one cycle, looked through once for what its rows leave open.
#[derive(Debug)]
pub(super) struct CycleUsage<'a> {
    pub(super) table: &'a UsageTable,
    pub(super) cycle: Cycle,
    /// 00:00 of its first day.
    pub(super) cycle_start: WallTime,
    pub(super) range: Range<usize>,
    /// Rows that repeat an earlier one, and whether equal ids make that certain.
    repeats: BTreeMap<usize, bool>,
    /// Whether the papers leave open which events count.
    pub(super) is_open: bool,
    /// Events of an example that skip the allowances, by index; empty = none.
    pub(super) outside: &'a [bool],
    pub(super) free_peers: Vec<u32>,
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
        Self { table, cycle, cycle_start: cycle.start_time(), range, repeats, is_open, outside, free_peers }
    }

    /// Returns whether a row that repeats an earlier one counts.
    #[inline]
    pub(super) fn counts(&self, index: usize, events: Extreme) -> bool {
        match self.repeats.get(&index) {
            None => true,
            Some(certain) => !certain && events == Extreme::Most,
        }
    }

    /// Returns every order of the events of one unit that start in that second, the order of the papers first,
    /// and whether those are all. None when no other order can matter: fewer than two events, or all alike.
    pub(super) fn orders_of(
        &self,
        unit: Unit,
        second: WallTime,
        events: Extreme,
    ) -> Option<(Vec<Orders>, bool)> {
        let columns = self.table.columns();
        let within = self.table.range(second, second.after_s(1));
        let counted = |index: &usize| {
            let of_unit = columns.kinds[*index].unit() == Some(unit) && self.counts(*index, events);
            of_unit && chargeable(&columns, *index, self.cycle_start, events).is_some()
        };
        let group: Vec<usize> = within.filter(counted).collect();
        let alike = |index: &usize| chargeable(&columns, *index, self.cycle_start, events);
        if group.len() < 2 || group.iter().all(|index| alike(index) == alike(&group[0])) {
            return None;
        }
        let (orders, complete) = permutations(&group);
        // Events that are alike in all that matters make the same order.
        let mut seen = BTreeSet::new();
        let distinct =
            orders.into_iter().filter(|order| seen.insert(order.iter().map(alike).collect::<Vec<_>>()));
        let placed = distinct.map(|order| group.iter().copied().zip(order).collect());
        Some((placed.collect(), complete))
    }
}

/// Most events of one second whose orders are all tried.
const PERMUTED_MAX: usize = 4;

/// Returns all orders of a few things, the given one first; of many only it and its reverse.
fn permutations(things: &[usize]) -> (Vec<Vec<usize>>, bool) {
    if things.len() > PERMUTED_MAX {
        return (vec![things.to_vec(), things.iter().rev().copied().collect()], false);
    }
    let mut all = vec![Vec::new()];
    for _ in things {
        let longer = |part: &Vec<usize>| {
            let missing = things.iter().filter(|thing| !part.contains(thing));
            missing.map(|thing| [part.as_slice(), &[*thing]].concat()).collect::<Vec<_>>()
        };
        all = all.iter().flat_map(longer).collect();
    }
    (all, true)
}

/// Returns the rows that are the same event as an earlier row: equal in every part and not told apart by
/// two different ids (fine print 4).
fn repeats(columns: &UsageColumns<'_>, range: Range<usize>) -> BTreeMap<usize, bool> {
    let mut found = BTreeMap::new();
    for index in range.clone().skip(1) {
        // Most events have a second of their own.
        if columns.starts[index - 1] != columns.starts[index] {
            continue;
        }
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

/// Returns what matching needs and the volume (seconds, messages, bytes); none for what cannot cost anything.
#[inline]
pub(super) fn chargeable(
    columns: &UsageColumns<'_>,
    index: usize,
    cycle_start: WallTime,
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
    let second_of_day = ((columns.starts[index] - cycle_start.0) % 86_400) as u32;
    let (peer, app) = (columns.peers[index], columns.apps[index]);
    let key = EventKey { unit, direction, scope: columns.scopes[index], peer, app, second_of_day };
    (volume > 0).then_some((key, volume))
}
