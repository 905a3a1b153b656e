//! A month whose rules stand still while line after line is rated: one plan from before its first day to after its
//! last, nothing carried, shared, capped or open. What such lines owe is found by the same walk and the same prices as
//! in [`super::rate_line`]; only the steps are not written down.

use std::collections::BTreeMap;

use crate::error::Result;
use crate::model::money::Money;
use crate::model::period::Cycle;
use crate::model::plan::{Plan, Rollover};
use crate::model::usage::UsageTable;
use crate::rating::Detail;
use crate::rating::cycle::{CycleFacts, walked};
use crate::rating::cycle_usage::CycleUsage;
use crate::rating::in_force::InForce;
use crate::rating::outcome::{DayUse, ExpectedItem, ItemKind, RatedLine};
use crate::rating::pricing;
use crate::rating::setup::{Setup, Terms};
use crate::rating::sharing::People;
use crate::rating::steps;
use crate::rating::variation::{Extreme, Orders, UsedBefore, variations};
use crate::rating::walk::{Walked, Walker};

/// What a month costs but for its usage.
#[derive(Debug, Clone)]
pub struct Standing {
    cycle: Cycle,
    in_force: InForce,
    /// By item of the rated month: what it costs whatever is used; none for overage.
    fixed: Vec<Option<Money>>,
    /// No pack was used before: there is none.
    used_before: UsedBefore,
}

impl Standing {
    /// Returns the standing of a rated line. None where more than its plan decides what its items are, or more than
    /// its usage what they cost.
    pub fn of(rated: &RatedLine, cycle: Cycle) -> Option<Self> {
        let ([plan], Some(month)) = (&rated.in_force.plans[..], rated.cycles.get(&cycle)) else {
            return None;
        };
        let alone = rated.in_force.packs.is_empty()
            && rated.in_force.suspensions.is_empty()
            && rated.siblings.is_empty()
            && rated.notes.is_empty()
            && rated.cycles.len() == 1;
        let still = alone && plan.span.covers(cycle.span()) && stands_still(&plan.plan);
        let settled = month.items.iter().all(|item| {
            item.amount.is_certain()
                && !item.inferred
                && !item.paid_elsewhere
                && !item.amount.low.is_negative()
        });
        let overage = month.items.iter().filter(|item| is_overage(item)).count();
        let whole = overage == plan.plan.rates.len();
        (still && settled && whole).then(|| Self {
            cycle,
            in_force: rated.in_force.clone(),
            fixed: month.items.iter().map(|item| (!is_overage(item)).then_some(item.amount.low)).collect(),
            used_before: UsedBefore::new(),
        })
    }

    /// Returns the rules made ready for line after line.
    pub fn session(&self) -> Option<Session<'_>> {
        let plan = self.in_force.plans.first()?;
        let (all, _) = variations(&[&plan.plan], false, false, &self.used_before);
        let variation = all.into_iter().next()?;
        let people = People { rated: "", owner: "", siblings: &[], cycle: self.cycle };
        let (in_force, cycle) = (&self.in_force, self.cycle);
        let usage = &UsageTable::default();
        let mut setup = Setup::new(&Terms {
            usage,
            in_force,
            cycle,
            carried: &[],
            variation: &variation,
            people: &people,
        });
        setup.lay_out(in_force, cycle, &variation);
        let by_day = std::array::from_fn(|_| vec![DayUse::default(); cycle.days() as usize]);
        Some(Session {
            standing: self,
            events: variation.events,
            ready: Some((setup, by_day)),
            prices: Prices::new(),
        })
    }
}

/// The rules of a standing month made ready for the walk: what is made for one line serves the next one, too. No rule
/// may name an app or another number: texts of a list mean nothing in the next one.
#[derive(Debug)]
pub struct Session<'s> {
    standing: &'s Standing,
    events: Extreme,
    /// What the last walk handed back; none after an error.
    ready: Option<(Setup<'s>, [Vec<DayUse>; 4])>,
    prices: Prices,
}

impl Session<'_> {
    /// Writes yuan owed by item, in the order of the rated month, for a line's sorted usage of the cycle; false where
    /// the papers leave open what counts, or a volume has no price.
    ///
    /// # Errors
    /// When an amount leaves the exact range.
    pub fn amounts(&mut self, table: &UsageTable, owed: &mut Vec<Money>) -> Result<bool> {
        owed.clear();
        let usage = CycleUsage::new(table, self.standing.cycle, &[]);
        let Some((mut setup, by_day)) = self.ready.take_if(|_| !usage.is_open) else { return Ok(false) };
        setup.begin_anew();
        let orders = Orders::new();
        let mut walker = Walker::again(setup, by_day, &usage, self.events, &orders);
        walker.walk();
        let (setup, by_day, is_rated) = walker.into_parts();
        let is_certain = is_rated
            && !is_order_open(&setup, &usage, self.events)
            && self::owed(&self.standing.fixed, &setup, &mut self.prices, owed)?;
        self.ready = Some((setup, by_day));
        Ok(is_certain)
    }
}

/// Yuan by number of a rate and counted volume.
type Prices = BTreeMap<(usize, u64), Option<Money>>;

/// Most prices that are remembered: started minutes and gigabytes are few, exact volumes are never met again.
const PRICES_MAX: usize = 1024;

/// Writes what each item costs; false where a part of the volume has no price.
fn owed(
    fixed: &[Option<Money>],
    setup: &Setup<'_>,
    prices: &mut Prices,
    owed: &mut Vec<Money>,
) -> Result<bool> {
    let mut rates = setup.rates.iter().enumerate();
    for fixed in fixed {
        if let Some(amount) = fixed {
            owed.push(*amount);
            continue;
        }
        let Some((number, used)) = rates.next() else { return Ok(false) };
        let mut amount = Money::ZERO;
        for (volume, times) in steps::volumes(used) {
            let counted = pricing::counted(used.rate, volume);
            let price = match prices.get(&(number, counted)) {
                Some(known) => *known,
                None => {
                    let price = steps::rounded_price(used.rate, volume)?;
                    if prices.len() < PRICES_MAX {
                        prices.insert((number, counted), price);
                    }
                    price
                }
            };
            let Some(price) = price else { return Ok(false) };
            amount = amount.plus(price.times(times.into())?)?;
        }
        owed.push(amount);
    }
    Ok(true)
}

/// Walks a month with one plan and nothing carried or shared. None where the papers leave open what counts, or the order
/// of events decides.
pub(super) fn walk_alone<'a>(
    usage: &'a CycleUsage<'a>,
    in_force: &'a InForce,
) -> Option<(Setup<'a>, Walked)> {
    static NONE_USED: UsedBefore = UsedBefore::new();
    let plan = in_force.plans_in(usage.cycle).next().filter(|_| !usage.is_open)?;
    let (all, _) = variations(&[&plan.plan], false, false, &NONE_USED);
    let [variation] = &all[..] else { return None };
    let facts = CycleFacts {
        msisdn: "",
        usage,
        in_force,
        carried: &[],
        used_before: &NONE_USED,
        siblings: &[],
        detail: Detail::Amounts,
        is_complete: &|_, _| true,
    };
    let (setup, found) = walked(&facts, variation, &Orders::new());
    (!is_order_open(&setup, usage, variation.events)).then_some((setup, found))
}

/// Returns whether several events of the second in which a bucket ran out differ, so that their order decides.
fn is_order_open(setup: &Setup<'_>, usage: &CycleUsage<'_>, events: Extreme) -> bool {
    let mut exhausted =
        setup.buckets.iter().filter_map(|bucket| Some((bucket.granted.unit, bucket.exhausted_at?)));
    exhausted.any(|(unit, at)| usage.orders_of(unit, at, events).is_some())
}

/// Returns whether nothing but the usage of the month decides what the plan costs in a month that it covers.
pub(super) fn stands_still(plan: &Plan) -> bool {
    let alone =
        |it: &crate::model::plan::Allowance| it.shared_with.is_empty() && it.rollover == Rollover::None;
    plan.readings.is_empty() && plan.caps.is_empty() && plan.allowances.iter().all(alone)
}

fn is_overage(item: &ExpectedItem) -> bool {
    matches!(item.kind, ItemKind::Overage(_))
}
