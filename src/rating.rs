//! Layer 2: what the bill should have been, as bounds, with every step in a trace.

mod cycle;
pub mod examples;
mod fees;
pub mod in_force;
pub mod outcome;
pub mod pricing;
pub mod proration;
mod setup;
mod steps;
mod variation;
mod walk;

use std::collections::{BTreeMap, BTreeSet};

use crate::error::{Error, ErrorKind, Result};
use crate::model::case::Line;
use crate::model::message::Message;
use crate::model::period::Cycle;
use crate::model::plan::Rollover;
use crate::rating::in_force::{InForce, PackInForce, resolve, validity_end};
use crate::rating::outcome::{Change, RatedCycle, RatedLine};
use crate::rating::variation::{Carried, UsedBefore};
use crate::rating::walk::CycleUsage;
use crate::rules::plan_book::PlanBook;

pub use walk::FREE_NUMBERS;

/// Rates every cycle of the line that has a bill or usage. `assumed` are the ids that `--plan` made known.
///
/// # Errors
/// When an amount leaves the exact range.
pub fn rate_line(line: &Line, plans: &PlanBook, assumed: &[String]) -> Result<RatedLine> {
    let wanted = wanted_cycles(line);
    let Some(last) = wanted.last().copied() else { return Ok(RatedLine::default()) };
    let (in_force, mut notes) = resolve(line, plans, assumed, last);
    let cycles = rate_cycles(line, &in_force, &wanted, &mut notes)?;
    Ok(RatedLine { in_force, cycles, notes })
}

/// Rates one cycle again with one fact changed, by the same rules.
///
/// # Errors
/// When an amount leaves the exact range, or the change names a pack that was never in force.
pub fn rerate(line: &Line, rated: &RatedLine, cycle: Cycle, change: &Change) -> Result<RatedCycle> {
    let in_force = changed(&rated.in_force, change)?;
    let wanted = wanted_cycles(line).into_iter().filter(|other| *other <= cycle).chain([cycle]).collect();
    let mut cycles = rate_cycles(line, &in_force, &wanted, &mut Vec::new())?;
    cycles.remove(&cycle).ok_or_else(|| unknown_pack(change))
}

fn changed(in_force: &InForce, change: &Change) -> Result<InForce> {
    let Change::PackRenewed { pack, at } = change;
    let before = in_force.packs.iter().rev().find(|known| known.pack.id == *pack && known.start < *at);
    let any = || in_force.packs.iter().find(|known| known.pack.id == *pack);
    let known = before.or_else(any).ok_or_else(|| unknown_pack(change))?;
    let validity = known.pack.pack().map(|pack| pack.validity).ok_or_else(|| unknown_pack(change))?;
    let renewed = PackInForce { start: *at, end: validity_end(validity, *at), ..known.clone() };
    let mut changed = in_force.clone();
    changed.packs.push(renewed);
    changed.packs.sort_by(|a, b| (a.start, &a.pack.id).cmp(&(b.start, &b.pack.id)));
    Ok(changed)
}

fn unknown_pack(change: &Change) -> Error {
    let Change::PackRenewed { pack, .. } = change;
    Error::new(ErrorKind::Rules, Message::new("rating.error.unknown-pack").text("pack", pack))
}

/// Returns the cycles with a bill or usage.
fn wanted_cycles(line: &Line) -> BTreeSet<Cycle> {
    let mut wanted: BTreeSet<Cycle> = line.billed_cycles().into_iter().collect();
    let columns = line.usage.columns();
    let mut next = 0;
    while let Some(start) = columns.starts.get(next) {
        let cycle = Cycle::of(crate::model::period::WallTime(*start).day());
        wanted.insert(cycle);
        next = line.usage.range(cycle.start_time(), cycle.end_time()).end.max(next + 1);
    }
    wanted
}

/// Rates the cycles in order; what is left of one is what the next begins with.
fn rate_cycles(
    line: &Line,
    in_force: &InForce,
    wanted: &BTreeSet<Cycle>,
    notes: &mut Vec<Message>,
) -> Result<BTreeMap<Cycle, RatedCycle>> {
    let mut rated = BTreeMap::new();
    let mut used = UsedBefore::new();
    let (Some(first), Some(last)) = (wanted.first().copied(), wanted.last().copied()) else {
        return Ok(rated);
    };
    // The cycle before the first one is walked too, where what it leaves may roll over.
    let plans = in_force.plans.iter().map(|plan| &plan.plan);
    let packs = in_force.packs.iter().map(|pack| &pack.pack);
    let mut allowances = plans.chain(packs).flat_map(|plan| &plan.allowances);
    let rolls = allowances.any(|allowance| allowance.rollover == Rollover::NextMonth);
    let mut cycle = if rolls { first.previous() } else { first };
    let mut carried = unknown_rests(in_force, cycle.previous());
    while cycle <= last {
        if cycle == first {
            take_openings(line, in_force, cycle, &mut carried, notes);
        }
        let known = in_force.plans_in(cycle).next().is_some() || in_force.packs_in(cycle).next().is_some();
        if known {
            let usage = CycleUsage::new(&line.usage, cycle, &[]);
            let is_complete = |kind| line.completeness(kind, cycle.span()).is_proved();
            let outcome = cycle::rate_cycle(&usage, in_force, &carried, &used, &is_complete)?;
            carried = outcome.carried;
            used.extend(outcome.used);
            notes.extend(outcome.notes);
            if wanted.contains(&cycle) {
                rated.insert(cycle, outcome.rated);
            }
        } else {
            carried.clear();
        }
        cycle = cycle.next();
    }
    Ok(rated)
}

/// Returns the rests of a cycle that is not looked at: anything from nothing to the whole allowance.
fn unknown_rests(in_force: &InForce, cycle: Cycle) -> Vec<Carried> {
    let rests = cycle::rolling(in_force, cycle).into_iter().map(|(plan, allowance, _)| Carried {
        plan: plan.clone(),
        allowance: allowance.id.clone(),
        low: 0,
        high: allowance.amount.amount,
    });
    rests.collect()
}

/// Puts what `[[opening]]` says in the place of what is not known before the first record.
fn take_openings(
    line: &Line,
    in_force: &InForce,
    cycle: Cycle,
    carried: &mut Vec<Carried>,
    notes: &mut Vec<Message>,
) {
    for opening in &line.openings {
        let plans = in_force.plans_in(cycle).map(|plan| &plan.plan);
        let mut fitting: Vec<Carried> = plans
            .flat_map(|plan| plan.allowances.iter().map(move |allowance| (plan, allowance)))
            .filter(|(_, allowance)| {
                let named = opening.allowance.as_ref().is_none_or(|id| *id == allowance.id);
                named
                    && allowance.rollover == Rollover::NextMonth
                    && allowance.amount.unit == opening.rollover.unit
            })
            .map(|(plan, allowance)| Carried {
                plan: plan.clone(),
                allowance: allowance.id.clone(),
                low: opening.rollover.amount,
                high: opening.rollover.amount,
            })
            .collect();
        match (fitting.pop(), fitting.is_empty()) {
            (Some(known), true) => {
                carried.retain(|rest| rest.plan.id != known.plan.id || rest.allowance != known.allowance);
                carried.push(known);
            }
            _ => notes.push(Message::new("rating.note.opening").text("volume", opening.rollover)),
        }
    }
}
