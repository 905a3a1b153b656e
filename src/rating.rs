//! Layer 2: what the bill should have been, as bounds, with every step in a trace.

mod counting;
mod cycle;
mod cycle_usage;
pub mod examples;
mod fees;
mod hull;
pub mod in_force;
mod matcher;
pub mod outcome;
pub mod pricing;
pub mod proration;
pub mod rounding_audit;
mod setup;
pub mod sharing;
pub mod standing;
mod steps;
mod variation;
mod walk;
mod what_if;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::error::Result;
use crate::model::case::Line;
use crate::model::message::Message;
use crate::model::period::Cycle;
use crate::model::plan::{Plan, Rollover};
use crate::rating::cycle::CycleFacts;
use crate::rating::cycle_usage::CycleUsage;
use crate::rating::in_force::{InForce, resolve};
use crate::rating::outcome::{Change, RatedCycle, RatedLine};
use crate::rating::sharing::Sibling;
use crate::rating::variation::{Carried, UsedBefore};
use crate::rating::what_if::WhatIf;
use crate::rules::plan_book::PlanBook;

pub use cycle_usage::FREE_NUMBERS;

/// Rates every cycle of the line that has a bill or usage. `assumed` are the ids that `--plan` made known.
///
/// # Errors
/// When an amount leaves the exact range.
pub fn rate_line(line: &Line, plans: &PlanBook, assumed: &[String]) -> Result<RatedLine> {
    rate_line_to((line, &[]), plans, assumed, Detail::Steps)
}

/// Rates a line like [`rate_line`], and lets the other lines of the case draw from what they share with it.
/// `all` may hold the line itself.
///
/// # Errors
/// When an amount leaves the exact range.
pub fn rate_line_among(line: &Line, all: &[Line], plans: &PlanBook, assumed: &[String]) -> Result<RatedLine> {
    rate_line_to((line, all), plans, assumed, Detail::Steps)
}

/// Rates a line like [`rate_line_among`], with as much detail as is wanted.
///
/// # Errors
/// When an amount leaves the exact range.
pub fn rate_line_to(
    (line, all): (&Line, &[Line]),
    plans: &PlanBook,
    assumed: &[String],
    detail: Detail,
) -> Result<RatedLine> {
    let wanted = wanted_cycles(line);
    let Some(last) = wanted.last().copied() else { return Ok(RatedLine::default()) };
    let other_plans = other_plans(line, plans);
    let (in_force, mut notes) = resolve(line, plans, assumed, last);
    let own = &line.info.msisdn;
    let others = all.iter().filter(|other| other.info.msisdn != *own);
    let siblings: Vec<Sibling> = others
        .filter_map(|other| {
            let (others_plans, _) = resolve(other, plans, assumed, last);
            let shares = sharing::share((own, &in_force), (&other.info.msisdn, &others_plans));
            shares.then(|| sibling(other, others_plans))
        })
        .collect();
    let scene = Scene { line, in_force: &in_force, siblings: &siblings, what_if: None, detail };
    let cycles = scene.rate_cycles(&wanted, &mut notes)?;
    Ok(RatedLine { in_force, cycles, notes, siblings, other_plans })
}

/// Returns the plans that the line could be on: those of its operator that cost a monthly fee.
fn other_plans(line: &Line, plans: &PlanBook) -> Vec<Arc<Plan>> {
    let of_operator = |plan: &&Arc<Plan>| plan.operator.is_none() || plan.operator == line.info.operator;
    plans.iter().filter(|plan| plan.fee().is_some()).filter(of_operator).cloned().collect()
}

fn sibling(line: &Line, in_force: InForce) -> Sibling {
    Sibling {
        msisdn: line.info.msisdn.clone(),
        usage: line.usage.clone(),
        coverage: line.coverage.clone(),
        in_force,
    }
}

/// How much of the way to an amount is written down. The amounts are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// Every step, as a person can follow it.
    Steps,
    /// Overage without its steps, for whoever only looks at amounts.
    Amounts,
}

/// Rates one cycle again with one fact changed, by the same rules.
///
/// # Errors
/// When an amount leaves the exact range, or the change names something that was never in force.
pub fn rerate(line: &Line, rated: &RatedLine, cycle: Cycle, change: &Change) -> Result<RatedCycle> {
    rerate_to(line, rated, cycle, change, Detail::Steps)
}

/// Rates one cycle like [`rerate`], with as much detail as is wanted.
///
/// # Errors
/// When an amount leaves the exact range, or the change names something that was never in force.
pub fn rerate_to(
    line: &Line,
    rated: &RatedLine,
    cycle: Cycle,
    change: &Change,
    detail: Detail,
) -> Result<RatedCycle> {
    let what_if = WhatIf::new(&rated.in_force, cycle, change)?;
    let siblings = &rated.siblings;
    let scene = Scene { line, in_force: &what_if.earlier, siblings, what_if: Some(&what_if), detail };
    let mut wanted = BTreeSet::from([cycle]);
    if scene.hands_on() {
        wanted.extend(wanted_cycles(line).into_iter().filter(|other| *other < cycle));
    }
    let mut cycles = scene.rate_cycles(&wanted, &mut Vec::new())?;
    Ok(cycles.remove(&cycle).unwrap_or_else(|| RatedCycle::empty(cycle)))
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

/// What the cycles of a line are rated from.
struct Scene<'a> {
    line: &'a Line,
    in_force: &'a InForce,
    siblings: &'a [Sibling],
    what_if: Option<&'a WhatIf<'a>>,
    detail: Detail,
}

impl Scene<'_> {
    /// Rates the cycles in order; what is left of one is what the next begins with.
    fn rate_cycles(
        &self,
        wanted: &BTreeSet<Cycle>,
        notes: &mut Vec<Message>,
    ) -> Result<BTreeMap<Cycle, RatedCycle>> {
        let mut rated = BTreeMap::new();
        let mut used = UsedBefore::new();
        let (Some(first), Some(last)) = (wanted.first().copied(), wanted.last().copied()) else {
            return Ok(rated);
        };
        let mut cycle = self.first_walked(first);
        let mut carried = cycle::unknown_rests(self.in_force, cycle.previous());
        while cycle <= last {
            let changed = self.what_if.filter(|what_if| what_if.cycle == cycle);
            let in_force = changed.map_or(self.in_force, |what_if| &what_if.in_force);
            if cycle == first {
                take_openings(self.line, in_force, cycle, &mut carried, notes);
            }
            if let Some(what_if) = changed {
                what_if.carry(&mut carried);
            }
            let known =
                in_force.plans_in(cycle).next().is_some() || in_force.packs_in(cycle).next().is_some();
            if known {
                let usage = CycleUsage::new(&self.line.usage, cycle, &[]);
                let is_shown = wanted.contains(&cycle) && (cycle == last || self.what_if.is_none());
                let outcome = cycle::rate_cycle(&CycleFacts {
                    msisdn: &self.line.info.msisdn,
                    usage: &usage,
                    in_force,
                    carried: &carried,
                    used_before: &used,
                    siblings: self.siblings,
                    detail: if is_shown { self.detail } else { Detail::Amounts },
                    is_complete: &|kind, days| self.line.completeness(kind, days).is_proved(),
                })?;
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

    /// Returns the cycle with which the walk begins: the one before the first, where what it leaves may roll over,
    /// or the one in which a pack began that is still valid.
    fn first_walked(&self, first: Cycle) -> Cycle {
        let begun = self.in_force.packs_in(first).map(|pack| Cycle::of(pack.start.day())).min();
        let rolled = if rolls(self.in_force) { first.previous() } else { first };
        begun.map_or(rolled, |begun| begun.min(rolled))
    }

    /// Returns whether a cycle may begin with something that an earlier one left: what rolls over, or a pack.
    fn hands_on(&self) -> bool {
        let changed = self.what_if.map(|what_if| &what_if.in_force);
        std::iter::once(self.in_force).chain(changed).any(|it| rolls(it) || !it.packs.is_empty())
    }
}

/// Returns whether anything ever rolls over.
fn rolls(in_force: &InForce) -> bool {
    let plans = in_force.plans.iter().map(|plan| &plan.plan);
    let packs = in_force.packs.iter().map(|pack| &pack.pack);
    let mut allowances = plans.chain(packs).flat_map(|plan| &plan.allowances);
    allowances.any(|allowance| allowance.rollover == Rollover::NextMonth)
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
        // Two versions of one text in the cycle name one allowance.
        fitting.dedup_by(|a, b| (&a.plan.id, &a.allowance) == (&b.plan.id, &b.allowance));
        match (fitting.pop(), fitting.is_empty()) {
            (Some(known), true) => {
                carried.retain(|rest| rest.plan.id != known.plan.id || rest.allowance != known.allowance);
                carried.push(known);
            }
            _ => notes.push(Message::new("rating.note.opening").text("volume", opening.rollover)),
        }
    }
}
