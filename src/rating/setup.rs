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

/// What the buckets and rates of a line are made from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Terms<'s, 'p> {
    pub(super) usage: &'s UsageTable,
    pub(super) in_force: &'p InForce,
    pub(super) cycle: Cycle,
    pub(super) carried: &'s [Carried],
    pub(super) variation: &'s Variation<'p>,
    pub(super) people: &'s People<'s>,
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
    /// Allowance id and its whole volume, where the pack is valid beyond the cycle.
    pub(super) outlives: Option<(String, u64)>,
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
    /// When it is in force: a pack that was bought twice has two windows.
    pub(super) windows: Vec<(WallTime, WallTime)>,
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

impl Bucket {
    /// Returns the bucket of an allowance; its id is that of the allowance. Others may have used what is shared.
    fn new(
        terms: &Terms<'_, '_>,
        (plan, allowance): (&Plan, &Allowance),
        granted: Volume,
        (start, end): (WallTime, WallTime),
        selector: BucketSelector,
    ) -> Self {
        let granted = terms.people.granted(allowance, granted, terms.variation.grants);
        Self {
            id: allowance.id.clone(),
            plan: plan.id.clone(),
            granted,
            left: granted.amount,
            start,
            end,
            exhausted_at: None,
            matcher: Matcher::new(&allowance.matches, terms.usage),
            rolls: None,
            outlives: None,
            shared: Shared::of(allowance),
            selector,
        }
    }
}

impl RateUse<'_> {
    /// Returns whether it is in force at that time.
    #[inline]
    pub(super) fn applies_at(&self, time: WallTime) -> bool {
        self.windows.iter().any(|(start, end)| *start <= time && time < *end)
    }
}

impl<'p> Setup<'p> {
    /// Returns the buckets and rates of a line; [`Setup::lay_out`] makes them ready for the walk.
    pub(super) fn new(terms: &Terms<'_, 'p>) -> Self {
        let mut setup = Self { buckets: Vec::new(), rates: Vec::new(), segments: Vec::new() };
        let (in_force, cycle) = (terms.in_force, terms.cycle);
        if in_force.suspended_throughout(cycle).is_none() {
            for plan in in_force.plans_in(cycle) {
                setup.plan_buckets(terms, plan);
            }
            setup.carried_buckets(terms);
        }
        for pack in in_force.packs_in(cycle) {
            setup.pack_buckets(terms, pack);
            let chosen = terms.variation.chosen(&pack.pack);
            setup.add_rates(terms, chosen, pack.basis.is_inferred(), (pack.start, pack.end));
        }
        for plan in in_force.plans_in(cycle) {
            let chosen = terms.variation.chosen(&plan.plan);
            setup.add_rates(terms, chosen, plan.basis.is_inferred(), times(plan.span));
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

    /// Fills the buckets and empties the rates, for the next line under the same rules; what packs gave before the
    /// cycle is not known here.
    pub(super) fn begin_anew(&mut self) {
        for bucket in &mut self.buckets {
            (bucket.left, bucket.exhausted_at) = (bucket.granted.amount, None);
        }
        for rate in &mut self.rates {
            let collected = &mut rate.collected;
            (collected.inside, collected.outside, collected.events) = (0, 0, 0);
            collected.by_event.clear();
            collected.by_day.fill(0);
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

    fn plan_buckets(&mut self, terms: &Terms<'_, 'p>, plan: &PlanInForce) {
        let (chosen, month) = (terms.variation.chosen(&plan.plan), terms.cycle.span());
        for allowance in &chosen.allowances {
            let Some(plan) = stretch(terms, plan, allowance) else { continue };
            let Some(granted) = granted(chosen, &plan, allowance, terms.cycle) else { continue };
            let (start, end) = times(plan.span.intersection(month).unwrap_or(plan.span));
            let rolls = (allowance.rollover == Rollover::NextMonth).then(|| allowance.id.clone());
            let selector = BucketSelector::Allowance(allowance.id.clone());
            let bucket = Bucket::new(terms, (chosen, allowance), granted, (start, end), selector);
            self.buckets.push(Bucket { rolls, ..bucket });
        }
    }

    fn carried_buckets(&mut self, terms: &Terms<'_, 'p>) {
        let window = (terms.cycle.start_time(), terms.cycle.end_time());
        for rest in terms.carried.iter().filter(|rest| rest.high > 0) {
            let amount = if terms.variation.grants == Extreme::Least { rest.low } else { rest.high };
            let Some(allowance) = rest.plan.allowances.iter().find(|it| it.id == rest.allowance) else {
                continue;
            };
            let granted = Volume::new(allowance.amount.unit, amount);
            let granting = (&*rest.plan, allowance);
            let bucket = Bucket::new(terms, granting, granted, window, BucketSelector::Rollover);
            self.buckets.push(Bucket { id: rollover_id(&rest.plan, &rest.allowance), ..bucket });
        }
    }

    fn pack_buckets(&mut self, terms: &Terms<'_, 'p>, pack: &PackInForce) {
        let chosen = terms.variation.chosen(&pack.pack);
        let cycle_end = terms.cycle.end_time();
        for allowance in &chosen.allowances {
            let selector = BucketSelector::Pack(chosen.id.clone());
            let granting = (chosen, allowance);
            let bucket = Bucket::new(terms, granting, allowance.amount, (pack.start, pack.end), selector);
            let used_before = terms.variation.used_before(&chosen.id, pack.start, &allowance.id);
            let many = if chosen.allowances.len() > 1 { format!("/{}", allowance.id) } else { String::new() };
            let rolls = pack.end == cycle_end && allowance.rollover == Rollover::NextMonth;
            self.buckets.push(Bucket {
                id: format!("pack:{}{many}", chosen.id),
                left: bucket.left.saturating_sub(used_before),
                rolls: rolls.then(|| allowance.id.clone()),
                outlives: (pack.end > cycle_end).then(|| (allowance.id.clone(), allowance.amount.amount)),
                ..bucket
            });
        }
    }

    fn add_rates(
        &mut self,
        terms: &Terms<'_, 'p>,
        plan: &'p Plan,
        inferred: bool,
        window: (WallTime, WallTime),
    ) {
        for rate in &plan.rates {
            // Two validities of one pack, or two versions of a text that say the same of a rate, share it: overage
            // of a cycle is added up once.
            let same = |known: &&mut RateUse<'_>| known.plan.id == plan.id && known.rate == rate;
            if let Some(known) = self.rates.iter_mut().find(same) {
                known.windows.push(window);
                known.inferred |= inferred;
                continue;
            }
            let by_day = vec![0; terms.cycle.days() as usize];
            self.rates.push(RateUse {
                plan,
                rate,
                inferred,
                windows: vec![window],
                matcher: Matcher::new(&rate.matches, terms.usage),
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
            if rate.windows.iter().any(|window| window.0 < end && start < window.1) {
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

/// Returns the plan over all days on which versions of its text grant the same allowance without a break; none when
/// an earlier version began to: the later one goes on with what is left.
fn stretch(terms: &Terms<'_, '_>, plan: &PlanInForce, allowance: &Allowance) -> Option<PlanInForce> {
    let grants = |version: &&PlanInForce| {
        let mut known = terms.variation.chosen(&version.plan).allowances.iter();
        version.plan.id == plan.plan.id
            && version.joined == plan.joined
            && known.any(|it| Allowance { clause: allowance.clause.clone(), ..it.clone() } == *allowance)
    };
    let mut whole = plan.clone();
    for version in terms.in_force.plans_in(terms.cycle).filter(grants) {
        if version.span.end == plan.span.start {
            return None;
        }
        if version.span.start == whole.span.end {
            (whole.span.end, whole.ended) = (version.span.end, version.ended);
        }
    }
    Some(whole)
}

/// Returns what an allowance grants in the cycle; none in a first cycle without allowances.
fn granted(chosen: &Plan, plan: &PlanInForce, allowance: &Allowance, cycle: Cycle) -> Option<Volume> {
    let month = cycle.span();
    let mut days = month;
    let joins = plan.joined == Some(plan.span.start) && month.contains(plan.span.start);
    if let Some(fee) = chosen.fee().filter(|_| joins) {
        if fee.first_month == FirstMonth::OverageOnly {
            return None;
        }
        if fee.allowance_first_month == Share::ByDay {
            days.start = charged_days(plan, fee.counts_activation_day, cycle).start;
        }
    }
    // A version that grants something else begins or ends inside the month: each is cut by its days, as the fee is.
    if !joins && plan.joined.is_some() {
        days.start = days.start.max(plan.span.start);
    }
    if !plan.ended {
        days.end = days.end.min(plan.span.end);
    }
    if days == month {
        return Some(allowance.amount);
    }
    Some(proration::allowance_of_days(allowance.amount, days.days(), cycle))
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
