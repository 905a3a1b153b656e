//! Whether what the month before left is carried over: a change, a transfer or a pause in between ends it.

use crate::detect::Facts;
use crate::error::Result;
use crate::model::interval::Interval;
use crate::model::period::Cycle;
use crate::model::plan::Plan;
use crate::model::record::OrderAction;
use crate::rating::Detail;
use crate::rating::outcome::{Change, ExpectedItem};
use crate::reconcile::transfer_word;

/// Returns the one plan of the cycle and the one before, unless the line was changed, transferred, ported or
/// suspended in either.
pub(crate) fn unchanged_plan<'a>(facts: &Facts<'a>, cycle: Cycle) -> Option<&'a Plan> {
    let in_force = &facts.rated.in_force;
    let months = [cycle.previous(), cycle];
    let mut plans = months.iter().flat_map(|month| in_force.plans_in(*month));
    let first = plans.next().filter(|plan| plan.span.start <= months[0].span().start)?;
    let same = plans.all(|plan| plan.plan.id == first.plan.id);
    let suspended = |month: &Cycle| {
        in_force.suspensions.iter().any(|pause| pause.span.intersection(month.span()).is_some())
    };
    let moved = facts.line.orders.iter().any(|order| {
        let named = transfer_word(&order.name).or_else(|| transfer_word(&order.product)).is_some();
        let plan_left = order.action == OrderAction::Cancel && first.ended;
        months.contains(&Cycle::of(order.ordered_at.day())) && (named || plan_left)
    });
    (same && !months.iter().any(suspended) && !moved).then_some(&*first.plan)
}

/// Returns what the rules make of the items. Where the carry-over may have ended, what is owed without it is not
/// too much either.
pub(crate) fn due_of(facts: &Facts<'_>, cycle: Cycle, items: &[(usize, &ExpectedItem)]) -> Result<Interval> {
    let due = Interval::sum(items.iter().map(|(_, item)| item.amount))?;
    let rated = facts.rated.cycles.get(&cycle);
    let carries = rated.is_some_and(|rated| {
        rated.buckets.iter().any(|bucket| bucket.id.starts_with("rollover:") && bucket.granted.amount > 0)
    });
    if !carries || unchanged_plan(facts, cycle).is_some() {
        return Ok(due);
    }
    let without = (facts.rerate)(facts.line, facts.rated, cycle, &Change::RolloverDropped, Detail::Amounts)?;
    let own = |item: &&ExpectedItem| items.iter().any(|(_, known)| known.rule == item.rule);
    Ok(due.hull(Interval::sum(without.items.iter().filter(own).map(|item| item.amount))?))
}
