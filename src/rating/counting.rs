//! What was used of one rate in a cycle, event by event and day by day. What it costs when it is counted or rounded in
//! another way is then a matter of prices alone, without another walk.

use std::collections::BTreeMap;

use crate::error::Result;
use crate::model::case::Line;
use crate::model::money::Money;
use crate::model::period::Cycle;
use crate::model::plan::{Per, Rate, StepRounding};
use crate::rating::cycle_usage::CycleUsage;
use crate::rating::outcome::{Change, RatedLine};
use crate::rating::setup::Collected;
use crate::rating::standing::{stands_still, walk_alone};
use crate::rating::what_if::WhatIf;
use crate::rating::{pricing, rolls, steps};

/// Volume of a rate outside of every allowance.
pub(super) struct Counting {
    cycle: Cycle,
    inside: u64,
    outside: u64,
    events: u32,
    /// Exact volume → how many events have it.
    by_volume: BTreeMap<u64, u32>,
    by_day: Vec<u64>,
}

impl Counting {
    /// Returns what was used of the rate. None where more than one walk decides what it costs: several plans or rates,
    /// packs, carried or shared units, caps, readings, or events that the papers leave open.
    ///
    /// # Errors
    /// When the rate was never in force.
    pub(super) fn of(line: &Line, rated: &RatedLine, cycle: Cycle, rate: &Rate) -> Result<Option<Self>> {
        let in_force = &rated.in_force;
        let mut plans = in_force.plans_in(cycle);
        let (Some(plan), None) = (plans.next(), plans.next()) else { return Ok(None) };
        let of_unit = plan.plan.rates.iter().filter(|known| known.unit == rate.unit);
        let alone = in_force.packs.is_empty() && rated.siblings.is_empty() && !rolls(in_force);
        if !alone || !stands_still(&plan.plan) || of_unit.count() != 1 {
            return Ok(None);
        }
        let exact = Rate { per: Per::Event, round: StepRounding::Exact, ..rate.clone() };
        let change = Change::RateReplaced { plan: plan.plan.id.clone(), rate: Box::new(exact) };
        let what_if = WhatIf::new(in_force, cycle, &change)?;
        let usage = CycleUsage::new(&line.usage, cycle, &[]);
        let Some((setup, mut found)) = walk_alone(&usage, &what_if.in_force) else { return Ok(None) };
        let used = setup.rates.into_iter().find(|used| used.rate.id == rate.id);
        let Some(collected) = used.map(|used| used.collected).filter(|_| found.unrated.is_empty()) else {
            return Ok(None);
        };
        // It is the only rate of its unit, and no use is without a rate: what is outside on a day is its own.
        let days = found.days.remove(&rate.unit).unwrap_or_default();
        let Collected { inside, outside, events, by_event, .. } = collected;
        let by_day = days.iter().map(|day| day.outside).collect();
        Ok(Some(Self { cycle, inside, outside, events, by_volume: by_event, by_day }))
    }

    /// Returns what the volume costs under another version of the rate, which takes the same events.
    ///
    /// # Errors
    /// When an amount leaves the exact range.
    pub(super) fn amount(&self, rate: &Rate) -> Result<Money> {
        let mut by_event = BTreeMap::new();
        for (volume, times) in &self.by_volume {
            *by_event.entry(pricing::counted(rate, *volume)).or_default() += times;
        }
        let (inside, outside, events) = (self.inside, self.outside, self.events);
        let collected = Collected { inside, outside, events, by_event, by_day: self.by_day.clone() };
        Ok(steps::overage_alone(rate, &collected, self.cycle)?.amount)
    }
}
