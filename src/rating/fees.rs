//! Monthly fees, pack prices and credits of a cycle.

use chrono::Datelike;

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
        if in_force.suspended_throughout(cycle).is_some() && is_later_version(in_force, plan, cycle) {
            continue;
        }
        if let Some(fee) = chosen.fee() {
            let before = days_before(in_force, plan, fee, cycle, variation);
            items.push(monthly(in_force, plan, chosen, (fee, before), cycle)?);
        }
    }
    for pack in in_force.packs_in(cycle).filter(|pack| Cycle::of(pack.start.day()) == cycle) {
        items.extend(pack_item(pack, variation.chosen(&pack.pack)));
    }
    Ok(items)
}

/// Returns whether another version of the same text was in force earlier in the cycle.
fn is_later_version(in_force: &InForce, plan: &PlanInForce, cycle: Cycle) -> bool {
    let mut same = in_force.plans_in(cycle).filter(|other| other.plan.id == plan.plan.id);
    same.next().is_some_and(|first| first.span.start < plan.span.start)
}

fn monthly(
    in_force: &InForce,
    plan: &PlanInForce,
    chosen: &Plan,
    (fee, days_before): (&Fee, u32),
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
        None => {
            Interval::exact(monthly_amount(part(plan, fee, cycle), fee, (cycle, days_before), &mut steps)?)
        }
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

/// How much of a month a plan charges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Nothing in the cycle of joining.
    FirstMonthFree,
    /// Nothing in the cycle of leaving.
    LastMonthFree,
    /// Half, for a start from day 16.
    Half,
    /// These days of it; none = no day counts.
    Days(Option<DaySpan>),
}

fn part(plan: &PlanInForce, fee: &Fee, cycle: Cycle) -> Part {
    let month = cycle.span();
    let joins = plan.joined == Some(plan.span.start) && month.contains(plan.span.start);
    let leaves = plan.ended && month.contains(plan.span.last());
    if leaves && fee.last_month == Share::Free {
        return Part::LastMonthFree;
    }
    let mut days = month;
    if joins {
        match fee.first_month {
            FirstMonth::Full => {}
            FirstMonth::ByDay => days.start = charged_days(plan, fee.counts_activation_day, cycle).start,
            FirstMonth::HalfAfter15 if plan.span.start.day() <= 15 => {}
            FirstMonth::HalfAfter15 => return Part::Half,
            FirstMonth::Free | FirstMonth::OverageOnly => return Part::FirstMonthFree,
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
    Part::Days((!days.is_empty()).then_some(days))
}

/// Returns the days of the cycle that earlier parts of the same fee charge: versions of one text, or a plan that
/// was left and joined again.
fn days_before<'p>(
    in_force: &'p InForce,
    plan: &PlanInForce,
    fee: &Fee,
    cycle: Cycle,
    variation: &Variation<'p>,
) -> u32 {
    let earlier = in_force.plans_in(cycle).take_while(|other| other.span.start < plan.span.start);
    let parts = earlier.filter(|other| other.plan.id == plan.plan.id).filter_map(|other| {
        let same = variation.chosen(&other.plan).fee().filter(|it| it.monthly == fee.monthly)?;
        match part(other, same, cycle) {
            Part::Days(Some(days)) if days != cycle.span() => Some(days.days()),
            _ => None,
        }
    });
    parts.sum()
}

fn monthly_amount(
    part: Part,
    fee: &Fee,
    (cycle, days_before): (Cycle, u32),
    steps: &mut Steps<'_>,
) -> Result<Money> {
    let free = |steps: &mut Steps<'_>, what: &str| {
        steps.add(what, format!("{} × 0 = 0.00", fee.monthly), fee.monthly, Money::ZERO);
        Ok(Money::ZERO)
    };
    match part {
        Part::FirstMonthFree => free(steps, "first-month-free"),
        Part::LastMonthFree => free(steps, "last-month-free"),
        Part::Days(None) => free(steps, "no-day-counts"),
        Part::Half => {
            let half = proration::half_fee(fee.monthly)?;
            steps.add("half-month", format!("{} ÷ 2 → {half}", fee.monthly), fee.monthly, half);
            Ok(half)
        }
        Part::Days(Some(days)) if days == cycle.span() => {
            steps.add("monthly", fee.monthly.to_string(), "", fee.monthly);
            Ok(fee.monthly)
        }
        Part::Days(Some(days)) => part_of_month(fee, (cycle, days_before), days, steps),
    }
}

fn part_of_month(
    fee: &Fee,
    (cycle, days_before): (Cycle, u32),
    days: DaySpan,
    steps: &mut Steps<'_>,
) -> Result<Money> {
    let amount = proration::fee_of_part(fee.monthly, fee.day_rate, cycle, days_before, days)?;
    let (count, month) = (days.days(), cycle.days());
    match fee.day_rate {
        DayRate::Exact => {
            let so_far = proration::running_total(fee.monthly, days_before + count, cycle)?;
            let formula = format!("{} × {} ÷ {month} → {so_far}", fee.monthly, days_before + count);
            steps.add("by-day", formula, fee.monthly, so_far);
            if days_before > 0 {
                let before = proration::running_total(fee.monthly, days_before, cycle)?;
                steps.add("by-day-before", format!("{so_far} − {before} = {amount}"), so_far, amount);
            }
        }
        DayRate::Truncated => {
            let rate = proration::truncated_day_rate(fee.monthly, cycle)?;
            let formula = if days.end == cycle.span().end {
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
    // A promise is kept once a cycle, however many versions of its text or validities of its pack there are.
    let mut seen: Vec<&str> = Vec::new();
    for plan in in_force.plans_in(cycle) {
        let chosen = variation.chosen(&plan.plan);
        if !seen.contains(&chosen.id.as_str()) {
            seen.push(&chosen.id);
            items.extend(due_credits(chosen, plan.joined.map(Cycle::of), cycle, plan.basis));
        }
    }
    for pack in in_force.packs_in(cycle) {
        let chosen = variation.chosen(&pack.pack);
        if !seen.contains(&chosen.id.as_str()) {
            seen.push(&chosen.id);
            let first = in_force.packs.iter().find(|other| other.pack.id == chosen.id);
            let joined = first.map(|first| Cycle::of(first.start.day()));
            items.extend(due_credits(chosen, joined, cycle, pack.basis));
        }
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
