//! One cycle rated under every possibility that the papers leave open; the hull is the answer.

use std::sync::Arc;

use crate::error::Result;
use crate::model::coverage::CoverKind;
use crate::model::finding::ClauseRef;
use crate::model::interval::Interval;
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::period::Cycle;
use crate::model::plan::{Allowance, Plan, Rollover};
use crate::model::quantity::{Unit, Volume};
use crate::model::record::Category;
use crate::rating::fees::{self, is_oral};
use crate::rating::in_force::InForce;
use crate::rating::outcome::{BucketUse, ExpectedItem, ItemKind, RatedCycle, TraceStep, Unrated};
use crate::rating::setup::{Bucket, Setup};
use crate::rating::steps;
use crate::rating::variation::{Carried, UsedBefore, Variation, variations};
use crate::rating::walk::{CycleUsage, walk};

/// A rated cycle and what it hands to the next one.
#[derive(Debug)]
pub(super) struct CycleOutcome {
    pub(super) rated: RatedCycle,
    pub(super) carried: Vec<Carried>,
    pub(super) used: UsedBefore,
    pub(super) notes: Vec<Message>,
}

/// One possibility, rated.
struct Run {
    items: Vec<ExpectedItem>,
    /// In the order of consumption, by unit.
    buckets: Vec<Bucket>,
    days: std::collections::BTreeMap<Unit, Vec<crate::rating::outcome::DayUse>>,
    unrated: Vec<Unrated>,
}

/// Rates one cycle. `is_complete` tells whether the use of a kind is proved complete in it.
pub(super) fn rate_cycle(
    usage: &CycleUsage<'_>,
    in_force: &InForce,
    carried: &[Carried],
    used_before: &UsedBefore,
    is_complete: &dyn Fn(CoverKind) -> bool,
) -> Result<CycleOutcome> {
    let cycle = usage.cycle;
    let plans: Vec<&Plan> = in_force
        .plans_in(cycle)
        .map(|plan| &*plan.plan)
        .chain(in_force.packs_in(cycle).map(|pack| &*pack.pack))
        .collect();
    let shared = plans.iter().flat_map(|plan| &plan.allowances).any(|it| !it.shared_with.is_empty());
    let open_grants = shared || carried.iter().any(|rest| rest.low != rest.high);
    let (all, complete) = variations(&plans, open_grants, usage.is_open, used_before);
    let mut notes = Vec::new();
    if !complete {
        notes.push(Message::new("rating.note.too-many-readings").text("cycle", cycle));
    }
    let runs: Vec<Run> =
        all.iter().map(|variation| run(usage, in_force, carried, variation)).collect::<Result<_>>()?;
    let carried = hand_on(&runs, in_force, cycle, is_complete);
    let used = used_of_longer_packs(&runs);
    let rated = hull(cycle, runs)?;
    Ok(CycleOutcome { rated, carried, used, notes })
}

fn run<'p>(
    usage: &CycleUsage<'_>,
    in_force: &'p InForce,
    carried: &[Carried],
    variation: &Variation<'p>,
) -> Result<Run> {
    let cycle = usage.cycle;
    let mut setup = Setup::new(usage.table, in_force, cycle, carried, variation);
    let walked = walk(&mut setup, usage, variation.events);
    let mut items = fees::fees(in_force, cycle, variation)?;
    let mut unrated = walked.unrated;
    items.extend(overage_items(&setup, cycle, &mut unrated)?);
    items.extend(fees::credits(in_force, cycle, variation));
    Ok(Run { items, buckets: setup.into_buckets(), days: walked.days, unrated })
}

fn overage_items(setup: &Setup<'_>, cycle: Cycle, unrated: &mut Vec<Unrated>) -> Result<Vec<ExpectedItem>> {
    let mut items = Vec::new();
    for used in &setup.rates {
        let (plan, rate) = (used.plan, used.rate);
        let overage = steps::overage(used, cycle)?;
        if overage.unpriced.0 > 0 {
            let reason = Message::new("rating.unrated.above-stages").text("rate", &rate.id);
            let volume = Volume::new(rate.unit, overage.unpriced.0);
            unrated.push(Unrated { unit: rate.unit, volume, events: overage.unpriced.1, reason });
        }
        items.push(ExpectedItem {
            name: rate.id.clone(),
            rule: format!("{}/rate.{}", plan.id, rate.id),
            kind: ItemKind::Overage(rate.unit),
            category: Category::of_unit(rate.unit),
            names: rate.billed_as.clone(),
            clause: ClauseRef { plan: plan.id.clone(), clause: rate.clause.clone() },
            amount: Interval::exact(overage.amount),
            volume: Some(Volume::new(rate.unit, used.collected.outside)),
            inferred: used.inferred || is_oral(plan, &rate.clause),
            paid_elsewhere: false,
            order: None,
            trace: overage.trace,
        });
    }
    let mut capped: Vec<&str> = Vec::new();
    for used in &setup.rates {
        if !capped.contains(&used.plan.id.as_str()) {
            capped.push(&used.plan.id);
            apply_caps(used.plan, &mut items)?;
        }
    }
    Ok(items)
}

/// Takes what is above a cap off the last rates of that unit.
fn apply_caps(plan: &Plan, items: &mut [ExpectedItem]) -> Result<()> {
    for cap in &plan.caps {
        let of_unit = |item: &&mut ExpectedItem| {
            item.kind == ItemKind::Overage(cap.unit) && item.clause.plan == plan.id
        };
        let total = Money::sum(items.iter_mut().filter(of_unit).map(|item| item.amount.high))?;
        let mut excess = total.minus(cap.amount)?.or_zero();
        for item in items.iter_mut().rev().filter(of_unit) {
            if excess.is_zero() {
                break;
            }
            let before = item.amount.high;
            let taken = before.min(excess);
            let after = before.minus(taken)?;
            excess = excess.minus(taken)?;
            item.amount = Interval::exact(after);
            item.trace.push(TraceStep {
                rule: format!("{}/cap.{}", plan.id, cap.unit.code()),
                clause: Some(cap.clause.clone()),
                what: Message::new("rating.step.cap"),
                formula: format!("{total} > {} : {before} − {taken} = {after}", cap.amount),
                before: before.to_string(),
                after: after.to_string(),
            });
        }
    }
    Ok(())
}

/// Returns what rolls into the next cycle: bounds over all runs; open where use is not proved complete.
fn hand_on(
    runs: &[Run],
    in_force: &InForce,
    cycle: Cycle,
    is_complete: &dyn Fn(CoverKind) -> bool,
) -> Vec<Carried> {
    let carried = rolling(in_force, cycle).into_iter().map(|(plan, allowance, goes_on)| {
        let of_run = |run: &Run| {
            let same =
                |bucket: &&Bucket| bucket.plan == plan.id && bucket.rolls.as_deref() == Some(&allowance.id);
            let buckets = run.buckets.iter().filter(same);
            buckets.fold((0, 0), |sum, bucket| (sum.0 + bucket.left, sum.1 + bucket.granted.amount))
        };
        let known = is_complete(allowance.amount.unit.into());
        let high = runs.iter().map(|run| if known { of_run(run).0 } else { of_run(run).1 }).max();
        // Operators drop the rest when the plan changes, or keep it: the text decides, and is silent.
        let low = (known && goes_on).then(|| runs.iter().map(|run| of_run(run).0).min()).flatten();
        Carried {
            plan: Arc::clone(plan),
            allowance: allowance.id.clone(),
            low: low.unwrap_or(0),
            high: high.unwrap_or(0),
        }
    });
    carried.collect()
}

/// Returns what rolls out of a cycle: allowances of the plan at its end and of month packs, and whether
/// the rest surely stays (the plan goes on).
pub(super) fn rolling(in_force: &InForce, cycle: Cycle) -> Vec<(&Arc<Plan>, &Allowance, bool)> {
    let last_day = cycle.span().last();
    let plans = in_force.plans_in(cycle).filter(|plan| plan.span.contains(last_day)).map(|plan| {
        let goes_on = in_force.plans_in(cycle.next()).any(|next| next.plan.id == plan.plan.id);
        (&plan.plan, goes_on)
    });
    let packs =
        in_force.packs_in(cycle).filter(|pack| pack.end == cycle.end_time()).map(|pack| (&pack.pack, true));
    let mut found: Vec<(&Arc<Plan>, &Allowance, bool)> = Vec::new();
    for (plan, goes_on) in plans.chain(packs) {
        for allowance in plan.allowances.iter().filter(|it| it.rollover == Rollover::NextMonth) {
            if !found.iter().any(|(other, known, _)| other.id == plan.id && known.id == allowance.id) {
                found.push((plan, allowance, goes_on));
            }
        }
    }
    found
}

fn used_of_longer_packs(runs: &[Run]) -> UsedBefore {
    let mut used = UsedBefore::new();
    for bucket in runs.iter().flat_map(|run| &run.buckets) {
        let Some(allowance) = &bucket.outlives else { continue };
        let entry = used.entry((bucket.plan.clone(), bucket.start, allowance.clone())).or_default();
        *entry = (*entry).max(bucket.granted.amount - bucket.left);
    }
    used
}

/// Returns the bounds over all runs. Text and buckets are those of the run that costs most; claims use it.
fn hull(cycle: Cycle, runs: Vec<Run>) -> Result<RatedCycle> {
    let mut best: Vec<ExpectedItem> = Vec::new();
    for run in &runs {
        for (item, number) in numbered(&run.items) {
            let same = best.iter_mut().filter(|known| known.rule == item.rule).nth(number);
            match same {
                Some(known) => widen(known, item),
                None => best.push(item.clone()),
            }
        }
    }
    for item in best.iter_mut().filter(|item| !item.amount.is_certain()) {
        item.trace.push(TraceStep {
            rule: item.rule.clone(),
            clause: Some(item.clause.clause.clone()),
            what: Message::new("rating.step.bounds"),
            formula: format!("{} … {}", item.amount.low, item.amount.high),
            before: item.amount.low.to_string(),
            after: item.amount.high.to_string(),
        });
    }
    let Some(first) = runs.into_iter().next() else {
        return Ok(RatedCycle {
            cycle,
            items: best,
            buckets: Vec::new(),
            days: Default::default(),
            unrated: Vec::new(),
        });
    };
    let buckets = first.buckets.iter().map(bucket_use).collect();
    Ok(RatedCycle { cycle, items: best, buckets, days: first.days, unrated: first.unrated })
}

/// Returns each item with its number among the items of the same rule.
fn numbered(items: &[ExpectedItem]) -> impl Iterator<Item = (&ExpectedItem, usize)> {
    items
        .iter()
        .enumerate()
        .map(|(index, item)| (item, items[..index].iter().filter(|before| before.rule == item.rule).count()))
}

fn widen(known: &mut ExpectedItem, item: &ExpectedItem) {
    if item.amount.high > known.amount.high {
        known.trace = item.trace.clone();
        known.volume = item.volume;
    }
    known.amount = known.amount.hull(item.amount);
    known.inferred |= item.inferred;
}

fn bucket_use(bucket: &Bucket) -> BucketUse {
    BucketUse {
        id: bucket.id.clone(),
        plan: bucket.plan.clone(),
        granted: bucket.granted,
        used: bucket.granted.amount - bucket.left,
        start: bucket.start,
        end: bucket.end,
        exhausted_at: bucket.exhausted_at,
    }
}
