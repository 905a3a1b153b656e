//! One cycle rated under every possibility that the papers leave open; the hull is the answer.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::error::Result;
use crate::model::coverage::CoverKind;
use crate::model::finding::ClauseRef;
use crate::model::interval::Interval;
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::period::{Cycle, DaySpan};
use crate::model::plan::{Allowance, Plan, Rollover};
use crate::model::quantity::{Unit, Volume};
use crate::model::record::Category;
use crate::rating::Detail;
use crate::rating::cycle_usage::CycleUsage;
use crate::rating::fees::{self, is_oral};
use crate::rating::hull::hull;
use crate::rating::in_force::InForce;
use crate::rating::outcome::{DayUse, ExpectedItem, ItemKind, RatedCycle, TraceStep, Unrated};
use crate::rating::setup::{Bucket, Setup, Terms};
use crate::rating::sharing::{People, Sibling, pool};
use crate::rating::steps;
use crate::rating::variation::{COMBINATIONS_MAX, Carried, Orders, UsedBefore, Variation, variations};
use crate::rating::walk::{Walker, walk_together};

/// Says whether the use of a kind is proved complete in some days.
pub(super) type IsComplete<'a> = dyn Fn(CoverKind, DaySpan) -> bool + 'a;

/// What a cycle of one line is rated from.
pub(super) struct CycleFacts<'a> {
    pub(super) msisdn: &'a str,
    pub(super) usage: &'a CycleUsage<'a>,
    pub(super) in_force: &'a InForce,
    pub(super) carried: &'a [Carried],
    pub(super) used_before: &'a UsedBefore,
    /// Lines that share an allowance with this one.
    pub(super) siblings: &'a [Sibling],
    /// Whether the steps of overage are written down.
    pub(super) detail: Detail,
    /// Whether the use of a kind is proved complete in these days.
    pub(super) is_complete: &'a IsComplete<'a>,
}

/// A rated cycle and what it hands to the next one.
#[derive(Debug)]
pub(super) struct CycleOutcome {
    pub(super) rated: RatedCycle,
    pub(super) carried: Vec<Carried>,
    pub(super) used: UsedBefore,
    pub(super) notes: Vec<Message>,
}

/// One possibility, rated.
pub(super) struct Run<'p> {
    pub(super) variation: Variation<'p>,
    pub(super) orders: Orders,
    pub(super) items: Vec<ExpectedItem>,
    /// In the order of consumption, by unit.
    pub(super) buckets: Vec<Bucket>,
    pub(super) days: BTreeMap<Unit, Vec<DayUse>>,
    pub(super) unrated: Vec<Unrated>,
}

/// Rates one cycle.
pub(super) fn rate_cycle(facts: &CycleFacts<'_>) -> Result<CycleOutcome> {
    let cycle = facts.usage.cycle;
    let (runs, complete) = all_runs(facts)?;
    let mut notes = Vec::new();
    if !complete {
        notes.push(Message::new("rating.note.too-many-readings").text("cycle", cycle));
    }
    let carried = hand_on(&runs, facts.in_force, cycle, facts.is_complete);
    let used = used_of_longer_packs(&runs, cycle, facts.is_complete);
    let rated = hull(facts, runs)?;
    Ok(CycleOutcome { rated, carried, used, notes })
}

/// Rates every possibility, the one that favours the operator first; false when there are too many.
fn all_runs<'a>(facts: &CycleFacts<'a>) -> Result<(Vec<Run<'a>>, bool)> {
    let (in_force, cycle) = (facts.in_force, facts.usage.cycle);
    let plans: Vec<&Plan> = in_force
        .plans_in(cycle)
        .map(|plan| &*plan.plan)
        .chain(in_force.packs_in(cycle).map(|pack| &*pack.pack))
        .collect();
    let shared = plans.iter().flat_map(|plan| &plan.allowances).any(|it| !it.shared_with.is_empty());
    let unknown = facts.carried.iter().any(|rest| rest.low != rest.high);
    let used_before = pack_with_unknown_rest(facts).is_some();
    let open_grants = shared || !facts.siblings.is_empty() || unknown || used_before;
    let (all, mut complete) = variations(&plans, open_grants, facts.usage.is_open, facts.used_before);
    let mut runs = Vec::new();
    for (done, variation) in all.iter().enumerate() {
        // Every variation is rated at least once; orders of events share what is left of the limit.
        let spare = COMBINATIONS_MAX.saturating_sub(runs.len() + all.len() - done - 1);
        complete &= runs_of(facts, variation, spare.max(1), &mut runs)?;
    }
    Ok((runs, complete))
}

/// A pack that was in use before the cycle, and how much of it at least and at most.
pub(super) struct OpenedPack<'a> {
    pub(super) pack: &'a str,
    pub(super) least: Volume,
    pub(super) most: Volume,
}

/// Returns a pack that was in use before the cycle, if it is not known how much of it was used.
pub(super) fn pack_with_unknown_rest<'a>(facts: &CycleFacts<'a>) -> Option<OpenedPack<'a>> {
    facts.in_force.packs_in(facts.usage.cycle).find_map(|valid| {
        valid.pack.allowances.iter().find_map(|allowance| {
            let key = (valid.pack.id.clone(), valid.start, allowance.id.clone());
            let (least, most) = *facts.used_before.get(&key).filter(|used| used.0 < used.1)?;
            let [least, most] = [least, most].map(|used| Volume::new(allowance.amount.unit, used));
            Some(OpenedPack { pack: &valid.pack.id, least, most })
        })
    })
}

/// Rates one variation under every order of the events of a second in which a bucket ran out: where none runs
/// out, each event draws from its first bucket whatever the order.
fn runs_of<'a>(
    facts: &CycleFacts<'a>,
    variation: &Variation<'a>,
    spare: usize,
    runs: &mut Vec<Run<'a>>,
) -> Result<bool> {
    let (before, mut complete) = (runs.len(), true);
    let mut waiting = vec![Orders::new()];
    while let Some(orders) = waiting.pop() {
        let run = run(facts, variation, orders)?;
        let undecided =
            run.buckets.iter().filter_map(|bucket| Some((bucket.granted.unit, bucket.exhausted_at?)));
        let mut open =
            undecided.filter_map(|(unit, second)| facts.usage.orders_of(unit, second, variation.events));
        let next = open.find(|(orders, _)| {
            orders.iter().flat_map(Orders::keys).all(|place| !run.orders.contains_key(place))
        });
        let Some((orders, all)) = next else {
            runs.push(run);
            continue;
        };
        complete &= all;
        if runs.len() - before + waiting.len() + orders.len() > spare {
            complete = false;
            runs.push(run);
            continue;
        }
        // The order of the papers lies on top, so that it is rated first.
        waiting.extend(
            orders.into_iter().rev().map(|order| run.orders.clone().into_iter().chain(order).collect()),
        );
    }
    Ok(complete)
}

fn run<'a>(facts: &CycleFacts<'a>, variation: &Variation<'a>, orders: Orders) -> Result<Run<'a>> {
    let cycle = facts.usage.cycle;
    let (setup, walked) = walked(facts, variation, &orders);
    let mut items = fees::fees(facts.in_force, cycle, variation)?;
    let mut unrated = walked.unrated;
    items.extend(overage_items(&setup, cycle, &mut unrated, facts.detail)?);
    items.extend(fees::credits(facts.in_force, cycle, variation));
    let buckets = setup.into_buckets();
    Ok(Run { variation: variation.clone(), orders, items, buckets, days: walked.days, unrated })
}

/// Walks the cycle of the line, together with the lines that share an allowance with it.
pub(super) fn walked<'a>(
    facts: &CycleFacts<'a>,
    variation: &Variation<'a>,
    orders: &Orders,
) -> (Setup<'a>, crate::rating::walk::Walked) {
    let cycle = facts.usage.cycle;
    let set_up = |owner: &str, usage: &CycleUsage<'_>, in_force: &'a InForce, carried: &[Carried]| {
        let people = People { rated: facts.msisdn, owner, siblings: facts.siblings, cycle };
        Setup::new(&Terms { usage: usage.table, in_force, cycle, carried, variation, people: &people })
    };
    let mut own = set_up(facts.msisdn, facts.usage, facts.in_force, facts.carried);
    if facts.siblings.is_empty() {
        own.lay_out(facts.in_force, cycle, variation);
        let mut walker = Walker::new(own, facts.usage, variation.events, orders);
        walker.walk();
        return walker.finish();
    }
    let usages: Vec<CycleUsage<'_>> =
        facts.siblings.iter().map(|it| CycleUsage::new(&it.usage, cycle, &[])).collect();
    let mut party = vec![(facts.msisdn, facts.usage.table, own)];
    for (sibling, usage) in facts.siblings.iter().zip(&usages) {
        let carried = unknown_rests(&sibling.in_force, cycle.previous());
        let setup = set_up(&sibling.msisdn, usage, &sibling.in_force, &carried);
        party.push((&sibling.msisdn, usage.table, setup));
    }
    let pools = pool(&mut party);
    let in_force = std::iter::once(facts.in_force).chain(facts.siblings.iter().map(|it| &it.in_force));
    let all_usages = std::iter::once(facts.usage).chain(&usages);
    // What favours the rated line: the others use little, and later in the same second.
    let of_others = variation.grants.other();
    let as_printed = Orders::new();
    let mut walkers: Vec<Walker<'_, '_>> = Vec::new();
    for (((_, _, mut setup), in_force), usage) in party.into_iter().zip(in_force).zip(all_usages) {
        setup.lay_out(in_force, cycle, variation);
        let own = walkers.is_empty();
        if !own {
            setup.lay_out_without_plan(cycle);
        }
        let (events, orders) = if own { (variation.events, orders) } else { (of_others, &as_printed) };
        walkers.push(Walker::new(setup, usage, events, orders));
    }
    walk_together(&mut walkers, &pools, variation.grants == crate::rating::variation::Extreme::Most);
    walkers.swap_remove(0).finish()
}

/// Returns the rests of a cycle that is not looked at: anything from nothing to the whole allowance.
pub(super) fn unknown_rests(in_force: &InForce, cycle: Cycle) -> Vec<Carried> {
    let rests = rolling(in_force, cycle).into_iter().map(|(plan, allowance, _)| Carried {
        plan: plan.clone(),
        allowance: allowance.id.clone(),
        low: 0,
        high: allowance.amount.amount,
    });
    rests.collect()
}

fn overage_items(
    setup: &Setup<'_>,
    cycle: Cycle,
    unrated: &mut Vec<Unrated>,
    detail: Detail,
) -> Result<Vec<ExpectedItem>> {
    let mut items = Vec::with_capacity(setup.rates.len());
    for used in &setup.rates {
        let (plan, rate) = (used.plan, used.rate);
        let overage = steps::overage(used, cycle, detail)?;
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
fn hand_on(runs: &[Run<'_>], in_force: &InForce, cycle: Cycle, is_complete: &IsComplete<'_>) -> Vec<Carried> {
    let carried = rolling(in_force, cycle).into_iter().map(|(plan, allowance, goes_on)| {
        let of_run = |run: &Run<'_>| {
            let same =
                |bucket: &&Bucket| bucket.plan == plan.id && bucket.rolls.as_deref() == Some(&allowance.id);
            let buckets = run.buckets.iter().filter(same);
            buckets.fold((0, 0), |sum, bucket| (sum.0 + bucket.left, sum.1 + bucket.granted.amount))
        };
        let known = is_complete(allowance.amount.unit.into(), cycle.span());
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

/// Returns what is used of packs that go on: bounds over all runs, and at most everything where use is not proved
/// complete since the pack began.
fn used_of_longer_packs(runs: &[Run<'_>], cycle: Cycle, is_complete: &IsComplete<'_>) -> UsedBefore {
    let mut used = UsedBefore::new();
    for bucket in runs.iter().flat_map(|run| &run.buckets) {
        let Some((allowance, whole)) = &bucket.outlives else { continue };
        let so_far = whole.saturating_sub(bucket.left);
        let days = DaySpan { start: bucket.start.day(), end: cycle.span().end };
        let known = is_complete(bucket.granted.unit.into(), days);
        let most = if known { so_far } else { *whole };
        let entry = used.entry((bucket.plan.clone(), bucket.start, allowance.clone()));
        let (least_used, most_used) = entry.or_insert((so_far, most));
        (*least_used, *most_used) = ((*least_used).min(so_far), (*most_used).max(most));
    }
    used
}
