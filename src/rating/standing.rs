//! A month whose rules stand still while line after line is rated: one plan from before its first day to after its
//! last, nothing carried, shared, capped or open. What such lines owe is found by the same walk and the same prices as
//! in [`super::rate_line`]; only the steps are not written down.

use crate::error::Result;
use crate::model::money::Money;
use crate::model::period::Cycle;
use crate::model::plan::{Plan, Rollover};
use crate::model::usage::UsageTable;
use crate::rating::Detail;
use crate::rating::cycle::{CycleFacts, walked};
use crate::rating::cycle_usage::CycleUsage;
use crate::rating::in_force::InForce;
use crate::rating::outcome::{ExpectedItem, ItemKind, RatedLine};
use crate::rating::setup::Setup;
use crate::rating::steps;
use crate::rating::variation::{Orders, UsedBefore, variations};
use crate::rating::walk::Walked;

/// What a month costs but for its usage.
#[derive(Debug, Clone)]
pub struct Standing {
    cycle: Cycle,
    in_force: InForce,
    /// By item of the rated month: what it costs whatever is used; none for overage.
    fixed: Vec<Option<Money>>,
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
        })
    }

    /// Returns yuan owed by item, in the order of the rated month, for another line's sorted usage of the cycle. None
    /// where the papers leave open what counts, or a volume has no price.
    ///
    /// # Errors
    /// When an amount leaves the exact range.
    pub fn amounts(&self, table: &UsageTable) -> Result<Option<Vec<Money>>> {
        let usage = CycleUsage::new(table, self.cycle, &[]);
        let walked = walk_alone(&usage, &self.in_force).filter(|(_, found)| found.unrated.is_empty());
        let Some((setup, _)) = walked else { return Ok(None) };
        let mut rates = setup.rates.iter();
        let mut amounts = Vec::with_capacity(self.fixed.len());
        for fixed in &self.fixed {
            let amount = match fixed {
                Some(amount) => Some(*amount),
                None => {
                    rates.next().map(|used| steps::overage_amount(used, self.cycle)).transpose()?.flatten()
                }
            };
            let Some(amount) = amount else { return Ok(None) };
            amounts.push(amount);
        }
        Ok(Some(amounts))
    }
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
    // Where several events of the second in which a bucket ran out differ, their order is open.
    let open = setup.buckets.iter().any(|bucket| {
        let unit = bucket.granted.unit;
        bucket.exhausted_at.is_some_and(|at| usage.orders_of(unit, at, variation.events).is_some())
    });
    (!open).then_some((setup, found))
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
