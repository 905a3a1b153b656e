//! Monthly fees, pack prices and credits of a cycle.

use crate::error::Result;
use crate::model::finding::ClauseRef;
use crate::model::interval::Interval;
use crate::model::money::Money;
use crate::model::period::{Cycle, DaySpan};
use crate::model::plan::{Credit, DayRate, Fee, FirstMonth, Plan, Share};
use crate::model::record::Category;
use crate::rating::in_force::{Basis, InForce, PackInForce, PlanInForce};
use crate::rating::outcome::{ExpectedItem, ItemKind};
use crate::rating::proration;
use crate::rating::setup::charged_days;
use crate::rating::steps::Steps;
use crate::rating::variation::Variation;

/// Returns the fee items of a cycle in bill order: monthly fees, then packs.
pub(super) fn fees<'p>(
    in_force: &'p InForce,
    cycle: Cycle,
    variation: &Variation<'p>,
) -> Result<Vec<ExpectedItem>> {
    let mut items = Vec::new();
    for plan in in_force.plans_in(cycle) {
        let chosen = variation.chosen(&plan.plan);
        if let Some(fee) = chosen.fee() {
            items.push(monthly(in_force, plan, chosen, fee, cycle)?);
        }
    }
    for pack in in_force.packs_in(cycle).filter(|pack| Cycle::of(pack.start.day()) == cycle) {
        items.extend(pack_item(pack, variation.chosen(&pack.pack)));
    }
    Ok(items)
}

fn monthly(
    in_force: &InForce,
    plan: &PlanInForce,
    chosen: &Plan,
    fee: &Fee,
    cycle: Cycle,
) -> Result<ExpectedItem> {
    let mut steps = Steps { rule: format!("{}/fee", chosen.id), clause: &fee.clause, list: Vec::new() };
    let amount = match in_force.suspended_throughout(cycle) {
        Some(suspension) => match suspension.holding_fee.or(fee.suspended) {
            Some(holding) => {
                steps.add("suspended", format!("{} → {holding}", fee.monthly), fee.monthly, holding);
                Interval::exact(holding)
            }
            // No holding fee is on paper: between nothing and the full fee.
            None => Interval::between(Money::ZERO, fee.monthly),
        },
        None => Interval::exact(monthly_amount(plan, fee, cycle, &mut steps)?),
    };
    let names = fee.billed_as.iter().chain([&chosen.name]).chain(&chosen.aliases);
    Ok(ExpectedItem {
        name: "monthly".to_owned(),
        rule: steps.rule,
        kind: ItemKind::Monthly,
        category: Category::PlanFee,
        names: names.cloned().collect(),
        clause: ClauseRef { plan: chosen.id.clone(), clause: fee.clause.clone() },
        amount,
        volume: None,
        inferred: plan.basis.is_inferred() || is_oral(chosen, &fee.clause),
        paid_elsewhere: false,
        order: plan.basis.order(),
        trace: steps.list,
    })
}

fn monthly_amount(plan: &PlanInForce, fee: &Fee, cycle: Cycle, steps: &mut Steps<'_>) -> Result<Money> {
    let month = cycle.span();
    let joins = plan.joined == Some(plan.span.start) && month.contains(plan.span.start);
    let leaves = plan.ended && month.contains(plan.span.last());
    if leaves && fee.last_month == Share::Free {
        steps.add("last-month-free", format!("{} × 0 = 0.00", fee.monthly), fee.monthly, Money::ZERO);
        return Ok(Money::ZERO);
    }
    let mut days = month;
    if joins {
        match fee.first_month {
            FirstMonth::Full => {}
            FirstMonth::ByDay => days.start = charged_days(plan, fee.counts_activation_day, cycle).start,
            FirstMonth::HalfAfter15 => return half_after_15(plan, fee, steps),
            FirstMonth::Free | FirstMonth::OverageOnly => {
                steps.add(
                    "first-month-free",
                    format!("{} × 0 = 0.00", fee.monthly),
                    fee.monthly,
                    Money::ZERO,
                );
                return Ok(Money::ZERO);
            }
        }
    }
    if leaves && fee.last_month == Share::ByDay {
        days.end = plan.span.end;
    }
    // A version of the text that begins or ends inside the month, without joining or leaving.
    if !joins && plan.span.start > month.start {
        days.start = plan.span.start;
    }
    if !leaves && plan.span.end < month.end {
        days.end = plan.span.end;
    }
    part_of_month(fee, cycle, days, steps)
}

fn half_after_15(plan: &PlanInForce, fee: &Fee, steps: &mut Steps<'_>) -> Result<Money> {
    use chrono::Datelike;
    if plan.span.start.day() <= 15 {
        steps.add("monthly", fee.monthly.to_string(), "", fee.monthly);
        return Ok(fee.monthly);
    }
    let half = proration::half_fee(fee.monthly)?;
    steps.add("half-month", format!("{} ÷ 2 → {half}", fee.monthly), fee.monthly, half);
    Ok(half)
}

fn part_of_month(fee: &Fee, cycle: Cycle, days: DaySpan, steps: &mut Steps<'_>) -> Result<Money> {
    let amount = proration::fee_of_days(fee.monthly, fee.day_rate, cycle, days)?;
    if days == cycle.span() {
        steps.add("monthly", fee.monthly.to_string(), "", fee.monthly);
        return Ok(amount);
    }
    let (count, month) = (days.days(), cycle.days());
    match fee.day_rate {
        DayRate::Exact => {
            let formula = format!("{} × {count} ÷ {month} → {amount}", fee.monthly);
            steps.add("by-day", formula, fee.monthly, amount);
        }
        DayRate::Truncated => {
            let rate = proration::truncated_day_rate(fee.monthly, cycle)?;
            let ends_month = days.end == cycle.span().end;
            let formula = if ends_month {
                let last = fee.monthly.minus(rate.times(u64::from(month) - 1)?)?;
                format!("{rate} × {} + {last} = {amount}", count.saturating_sub(1))
            } else {
                format!("{rate} × {count} = {amount}")
            };
            steps.add("by-day-truncated", formula, fee.monthly, amount);
        }
    }
    Ok(amount)
}

fn pack_item(pack: &PackInForce, chosen: &Plan) -> Option<ExpectedItem> {
    let rule = chosen.pack()?;
    let mut steps = Steps { rule: format!("{}/pack", chosen.id), clause: &rule.clause, list: Vec::new() };
    steps.add("pack", format!("1 × {} = {}", pack.price, pack.price), "", pack.price);
    let names = rule.billed_as.iter().map(String::as_str).chain([chosen.name.as_str()]);
    let names = names.chain(chosen.aliases.iter().map(String::as_str));
    // What only the bill knows cannot explain itself: it may be owed, or not.
    let amount = match pack.basis {
        Basis::Bill(_) => Interval::between(Money::ZERO, pack.price),
        _ => Interval::exact(pack.price),
    };
    Some(ExpectedItem {
        name: chosen.id.clone(),
        rule: steps.rule,
        kind: ItemKind::Pack,
        category: Category::PackFee,
        names: names.map(str::to_owned).collect(),
        clause: ClauseRef { plan: chosen.id.clone(), clause: rule.clause.clone() },
        amount,
        volume: None,
        inferred: pack.basis.is_inferred() || is_oral(chosen, &rule.clause),
        paid_elsewhere: pack.paid_elsewhere,
        order: pack.basis.order(),
        trace: steps.list,
    })
}

/// Returns the credits of a cycle: negative items.
pub(super) fn credits<'p>(
    in_force: &'p InForce,
    cycle: Cycle,
    variation: &Variation<'p>,
) -> Vec<ExpectedItem> {
    let mut items = Vec::new();
    for plan in in_force.plans_in(cycle) {
        let chosen = variation.chosen(&plan.plan);
        let joined = plan.joined.map(Cycle::of);
        items.extend(due_credits(chosen, joined, cycle, plan.basis));
    }
    let mut seen: Vec<&str> = Vec::new();
    for pack in in_force.packs_in(cycle) {
        let chosen = variation.chosen(&pack.pack);
        if seen.contains(&chosen.id.as_str()) {
            continue;
        }
        seen.push(&chosen.id);
        let first = in_force.packs.iter().find(|other| other.pack.id == chosen.id);
        items.extend(due_credits(chosen, first.map(|first| Cycle::of(first.start.day())), cycle, pack.basis));
    }
    items
}

fn due_credits(chosen: &Plan, joined: Option<Cycle>, cycle: Cycle, basis: Basis) -> Vec<ExpectedItem> {
    let Some(joined) = joined else { return Vec::new() };
    let due = chosen.credits.iter().filter_map(|credit| {
        let number = credit_number(credit, joined, cycle)?;
        Some(credit_item(chosen, credit, number, basis))
    });
    due.collect()
}

/// Returns the 1-based number of the credit in that cycle, if one is due.
fn credit_number(credit: &Credit, joined: Cycle, cycle: Cycle) -> Option<u32> {
    let mut first = if credit.starts_next_month { joined.next() } else { joined };
    for number in 1..=credit.cycles {
        if first == cycle {
            return Some(number);
        }
        if first > cycle {
            return None;
        }
        first = first.next();
    }
    None
}

fn credit_item(chosen: &Plan, credit: &Credit, number: u32, basis: Basis) -> ExpectedItem {
    let rule = format!("{}/credit.{}", chosen.id, credit.id);
    let mut steps = Steps { rule, clause: &credit.clause, list: Vec::new() };
    let amount = credit.amount.negated();
    steps.add("credit", format!("{number}/{}: {amount}", credit.cycles), "", amount);
    ExpectedItem {
        name: credit.id.clone(),
        rule: steps.rule,
        kind: ItemKind::Credit,
        category: Category::Credit,
        names: credit.billed_as.clone(),
        clause: ClauseRef { plan: chosen.id.clone(), clause: credit.clause.clone() },
        amount: Interval::exact(amount),
        volume: None,
        inferred: basis.is_inferred() || is_oral(chosen, &credit.clause),
        paid_elsewhere: false,
        order: basis.order(),
        trace: steps.list,
    }
}

/// Returns whether a clause was only told: then nothing that rests on it is proven (fine print 29).
pub(super) fn is_oral(plan: &Plan, clause: &str) -> bool {
    plan.clause(clause).is_some_and(|clause| clause.oral)
}
