//! One cycle made ready for the walk: buckets in the order of consumption and rates, by days in force.

use crate::model::message::Message;
use crate::model::period::{Cycle, DaySpan, WallTime};
use crate::model::plan::{Allowance, BucketSelector, Consumption, FirstMonth, Plan, Rate, Rollover, Share};
use crate::model::quantity::Volume;
use crate::model::usage::{Direction, UsageTable};
use crate::rating::in_force::{InForce, PackInForce, PlanInForce};
use crate::rating::matcher::Matcher;
use crate::rating::proration;
use crate::rating::sharing::{People, Shared};
use crate::rating::variation::{Carried, Extreme, Variation};

/// Buckets, rates and stretches of days of one cycle under one variation.
#[derive(Debug)]
pub(super) struct Setup<'p> {
    pub(super) buckets: Vec<Bucket>,
    pub(super) rates: Vec<RateUse<'p>>,
    pub(super) segments: Vec<Segment>,
}

/// Included units that events draw from.
#[derive(Debug)]
pub(super) struct Bucket {
    pub(super) id: String,
    pub(super) plan: String,
    pub(super) granted: Volume,
    pub(super) left: u64,
    pub(super) start: WallTime,
    pub(super) end: WallTime,
    pub(super) exhausted_at: Option<WallTime>,
    pub(super) matcher: Matcher,
    /// Allowance id, where what is left rolls into the next cycle.
    pub(super) rolls: Option<String>,
    /// Allowance id, where the pack is valid beyond the cycle.
    pub(super) outlives: Option<String>,
    /// Other lines that draw from it.
    pub(super) shared: Option<Shared>,
    pub(super) selector: BucketSelector,
}

/// A rate and what was collected for it.
#[derive(Debug)]
pub(super) struct RateUse<'p> {
    pub(super) plan: &'p Plan,
    pub(super) rate: &'p Rate,
    pub(super) inferred: bool,
    pub(super) start: WallTime,
    pub(super) end: WallTime,
    pub(super) matcher: Matcher,
    pub(super) collected: Collected,
}

/// Volume of a rate, added up in the way that the rate prices it.
#[derive(Debug, Default)]
pub(super) struct Collected {
    /// Covered by buckets.
    pub(super) inside: u64,
    /// Outside of every bucket.
    pub(super) outside: u64,
    /// Events with some volume outside.
    pub(super) events: u32,
    /// Per event: rounded volume → how many events.
    pub(super) by_event: std::collections::BTreeMap<u64, u32>,
    /// Per day of the cycle.
    pub(super) by_day: Vec<u64>,
}

/// A stretch of days with one plan.
#[derive(Debug)]
pub(super) struct Segment {
    pub(super) start: WallTime,
    pub(super) end: WallTime,
    /// Buckets by unit, in the order of consumption.
    pub(super) order: [Vec<usize>; 4],
    /// Rates by unit, in the order of the files; packs before the plan.
    pub(super) rates: [Vec<usize>; 4],
    /// Whether anything by unit takes incoming events; else they are free.
    pub(super) takes_incoming: [bool; 4],
}

impl<'p> Setup<'p> {
    /// Returns the buckets and rates of a line; [`Setup::lay_out`] makes them ready for the walk.
    pub(super) fn new(
        usage: &UsageTable,
        in_force: &'p InForce,
        cycle: Cycle,
        carried: &[Carried],
        variation: &Variation<'p>,
        people: &People<'_>,
    ) -> Self {
        let mut setup = Self { buckets: Vec::new(), rates: Vec::new(), segments: Vec::new() };
        if in_force.suspended_throughout(cycle).is_none() {
            for plan in in_force.plans_in(cycle) {
                setup.plan_buckets(usage, plan, cycle, variation, people);
            }
            setup.carried_buckets(usage, cycle, carried, variation, people);
        }
        for pack in in_force.packs_in(cycle) {
            setup.pack_buckets(usage, pack, cycle, variation, people);
            let chosen = variation.chosen(&pack.pack);
            setup.add_rates(usage, chosen, pack.basis.is_inferred(), (pack.start, pack.end), cycle);
        }
        for plan in in_force.plans_in(cycle) {
            let chosen = variation.chosen(&plan.plan);
            setup.add_rates(usage, chosen, plan.basis.is_inferred(), times(plan.span), cycle);
        }
        setup
    }

    /// Puts the buckets in the order of consumption, for each stretch of days with one plan.
    pub(super) fn lay_out(&mut self, in_force: &'p InForce, cycle: Cycle, variation: &Variation<'p>) {
        for plan in in_force.plans_in(cycle) {
            let segment = self.segment(times(plan.span), &variation.chosen(&plan.plan).consumption);
            self.segments.push(segment);
        }
    }

    /// Lets a line whose plan is not known draw from what it shares all the same.
    pub(super) fn lay_out_without_plan(&mut self, cycle: Cycle) {
        static NO_ORDER: Consumption = Consumption { order: Vec::new(), clause: None };
        if self.segments.is_empty() {
            let segment = self.segment((cycle.start_time(), cycle.end_time()), &NO_ORDER);
            self.segments.push(segment);
        }
    }

    /// Returns the buckets by unit, in the order of consumption of the last plan that knows them.
    pub(super) fn into_buckets(self) -> Vec<Bucket> {
        let mut place = vec![(usize::MAX, usize::MAX); self.buckets.len()];
        for segment in &self.segments {
            for (unit, indices) in segment.order.iter().enumerate() {
                for (position, index) in indices.iter().enumerate() {
                    place[*index] = (unit, position);
                }
            }
        }
        let mut buckets: Vec<_> = place.into_iter().zip(self.buckets).collect();
        buckets.sort_by_key(|(place, _)| *place);
        buckets.into_iter().map(|(_, bucket)| bucket).collect()
    }

    fn plan_buckets(
        &mut self,
        usage: &UsageTable,
        plan: &PlanInForce,
        cycle: Cycle,
        variation: &Variation<'p>,
        people: &People<'_>,
    ) {
        let chosen = variation.chosen(&plan.plan);
        for allowance in &chosen.allowances {
            let Some(granted) = granted(chosen, plan, allowance, cycle) else { continue };
            let granted = people.granted(allowance, granted, variation.grants);
            let (start, end) = times(plan.span);
            let rolls = (allowance.rollover == Rollover::NextMonth).then(|| allowance.id.clone());
            self.buckets.push(Bucket {
                id: allowance.id.clone(),
                plan: chosen.id.clone(),
                granted,
                left: granted.amount,
                start: start.max(cycle.start_time()),
                end: end.min(cycle.end_time()),
                exhausted_at: None,
                matcher: Matcher::new(&allowance.matches, usage),
                rolls,
                outlives: None,
                shared: Shared::of(allowance),
                selector: BucketSelector::Allowance(allowance.id.clone()),
            });
        }
    }

    fn carried_buckets(
        &mut self,
        usage: &UsageTable,
        cycle: Cycle,
        carried: &[Carried],
        variation: &Variation<'p>,
        people: &People<'_>,
    ) {
        for rest in carried {
            let amount = if variation.grants == Extreme::Least { rest.low } else { rest.high };
            let Some(allowance) = rest.plan.allowances.iter().find(|it| it.id == rest.allowance) else {
                continue;
            };
            if rest.high == 0 {
                continue;
            }
            let granted = Volume::new(allowance.amount.unit, amount);
            let granted = people.granted(allowance, granted, variation.grants);
            self.buckets.push(Bucket {
                id: rollover_id(&rest.plan, &rest.allowance),
                plan: rest.plan.id.clone(),
                granted,
                left: granted.amount,
                start: cycle.start_time(),
                end: cycle.end_time(),
                exhausted_at: None,
                matcher: Matcher::new(&allowance.matches, usage),
                rolls: None,
                outlives: None,
                shared: Shared::of(allowance),
                selector: BucketSelector::Rollover,
            });
        }
    }

    fn pack_buckets(
        &mut self,
        usage: &UsageTable,
        pack: &PackInForce,
        cycle: Cycle,
        variation: &Variation<'p>,
        people: &People<'_>,
    ) {
        let chosen = variation.chosen(&pack.pack);
        for allowance in &chosen.allowances {
            let granted = people.granted(allowance, allowance.amount, variation.grants);
            // What a longer validity used up before this cycle is taken off by the caller.
            let left =
                granted.amount.saturating_sub(variation.used_before(&chosen.id, pack.start, &allowance.id));
            let many = if chosen.allowances.len() > 1 { format!("/{}", allowance.id) } else { String::new() };
            self.buckets.push(Bucket {
                id: format!("pack:{}{many}", chosen.id),
                plan: chosen.id.clone(),
                granted,
                left,
                start: pack.start,
                end: pack.end,
                exhausted_at: None,
                matcher: Matcher::new(&allowance.matches, usage),
                rolls: (pack.end == cycle.end_time() && allowance.rollover == Rollover::NextMonth)
                    .then(|| allowance.id.clone()),
                outlives: (pack.end > cycle.end_time()).then(|| allowance.id.clone()),
                shared: Shared::of(allowance),
                selector: BucketSelector::Pack(chosen.id.clone()),
            });
        }
    }

    fn add_rates(
        &mut self,
        usage: &UsageTable,
        plan: &'p Plan,
        inferred: bool,
        (start, end): (WallTime, WallTime),
        cycle: Cycle,
    ) {
        for rate in &plan.rates {
            // Two validities of one pack share its rates: overage of a cycle is added up once.
            let known = self.rates.iter_mut().find(|known| std::ptr::eq(known.rate, rate));
            if let Some(known) = known {
                (known.start, known.end) = (known.start.min(start), known.end.max(end));
                continue;
            }
            let by_day = vec![0; cycle.days() as usize];
            self.rates.push(RateUse {
                plan,
                rate,
                inferred,
                start,
                end,
                matcher: Matcher::new(&rate.matches, usage),
                collected: Collected { by_day, ..Collected::default() },
            });
        }
    }

    fn segment(&self, (start, end): (WallTime, WallTime), consumption: &Consumption) -> Segment {
        let mut order: [Vec<usize>; 4] = Default::default();
        let mut rates: [Vec<usize>; 4] = Default::default();
        let mut takes_incoming = [false; 4];
        for (index, bucket) in self.buckets.iter().enumerate() {
            if bucket.start < end && start < bucket.end {
                let unit = bucket.granted.unit as usize;
                order[unit].push(index);
                takes_incoming[unit] |= bucket.matcher.direction == Direction::In;
            }
        }
        for (index, rate) in self.rates.iter().enumerate() {
            if rate.start < end && start < rate.end {
                let unit = rate.rate.unit as usize;
                rates[unit].push(index);
                takes_incoming[unit] |= rate.matcher.direction == Direction::In;
            }
        }
        for indices in &mut order {
            indices.sort_by_key(|index| {
                let bucket = &self.buckets[*index];
                (rank(consumption, &bucket.selector), bucket.end, bucket.start, bucket.id.clone())
            });
        }
        Segment { start, end, order, rates, takes_incoming }
    }
}

/// Returns the id of a rollover bucket; that of a pack names the pack.
fn rollover_id(plan: &Plan, allowance: &str) -> String {
    match plan.pack() {
        Some(_) => format!("rollover:pack:{}/{allowance}", plan.id),
        None => format!("rollover:{allowance}"),
    }
}

/// Returns the place of a bucket in the order of consumption; an entry that names it wins over `pack:*`.
fn rank(consumption: &Consumption, selector: &BucketSelector) -> usize {
    let place = |wanted: &BucketSelector| consumption.order.iter().position(|entry| entry == wanted);
    let any_pack = || match selector {
        BucketSelector::Pack(_) => place(&BucketSelector::AnyPack),
        _ => None,
    };
    place(selector).or_else(any_pack).unwrap_or(consumption.order.len())
}

/// Returns what an allowance grants in the cycle; none in a first cycle without allowances.
fn granted(chosen: &Plan, plan: &PlanInForce, allowance: &Allowance, cycle: Cycle) -> Option<Volume> {
    let joining = plan.joined == Some(plan.span.start) && Cycle::of(plan.span.start) == cycle;
    let Some(fee) = chosen.fee().filter(|_| joining) else { return Some(allowance.amount) };
    if fee.first_month == FirstMonth::OverageOnly {
        return None;
    }
    Some(match fee.allowance_first_month {
        Share::ByDay => {
            let days = charged_days(plan, fee.counts_activation_day, cycle).days();
            proration::allowance_of_days(allowance.amount, days, cycle)
        }
        Share::Full | Share::Free => allowance.amount,
    })
}

/// Returns the days of the first cycle that count, to the end of the month.
pub(super) fn charged_days(plan: &PlanInForce, counts_activation_day: bool, cycle: Cycle) -> DaySpan {
    let first = plan.span.start;
    let start = if counts_activation_day { first } else { first.succ_opt().unwrap_or(first) };
    DaySpan { start, end: cycle.span().end }
}

fn times(span: DaySpan) -> (WallTime, WallTime) {
    (WallTime::at_start_of(span.start), WallTime::at_start_of(span.end))
}

/// Returns the remark for days without a plan.
pub(super) fn no_plan() -> Message {
    Message::new("rating.unrated.no-plan")
}
