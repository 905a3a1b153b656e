//! Rounding audit: which single change of counting or rounding makes a rate give the figure that was charged.

use crate::error::Result;
use crate::model::case::Line;
use crate::model::interval::Interval;
use crate::model::money::{Money, MoneyRounding};
use crate::model::period::Cycle;
use crate::model::plan::{Per, Plan, Rate, StepRounding};
use crate::model::quantity::{GB, KB, MB, Unit};
use crate::rating::outcome::{Change, RatedLine};
use crate::rating::rerate;

/// One way in which an operator may have counted otherwise than its text says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoundingChange {
    /// Volume is rounded to steps in this way.
    Round(StepRounding),
    /// Volume is added up over this before it is rounded.
    Per(Per),
    /// Steps and stages of the rate are counted in 1000 instead of 1024.
    RateIn1000,
    /// The allowances of the unit are granted in 1000 instead of 1024.
    AllowanceIn1000,
    /// Money is rounded in this way.
    MoneyRound(MoneyRounding),
    /// Money is rounded to this many decimals.
    MoneyScale(u32),
}

/// Returns every single change under which the rate `plan`/`rate` gives just the charged figure.
///
/// Empty when the rules as written give it already, when no change does, or when the rate was not in force.
/// Two changes that both give it are both returned: the papers do not tell them apart (fine print 28).
///
/// # Errors
/// When an amount leaves the exact range.
pub fn rounding_audit(
    line: &Line,
    rated: &RatedLine,
    cycle: Cycle,
    (plan, rate): (&str, &str),
    charged: Money,
) -> Result<Vec<RoundingChange>> {
    let rule = format!("{plan}/rate.{rate}");
    let as_written = rated.cycles.get(&cycle).and_then(|it| it.items.iter().find(|item| item.rule == rule));
    let Some(text) = text_of(rated, cycle, plan) else { return Ok(Vec::new()) };
    let Some(rate) = text.rates.iter().find(|known| known.id == rate) else { return Ok(Vec::new()) };
    if as_written.is_none_or(|item| item.amount == Interval::exact(charged)) {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for (candidate, change) in candidates(text, rate) {
        let changed = rerate(line, rated, cycle, &change)?;
        let item = changed.items.iter().find(|item| item.rule == rule);
        if item.is_some_and(|item| item.amount == Interval::exact(charged)) {
            found.push(candidate);
        }
    }
    Ok(found)
}

fn text_of<'r>(rated: &'r RatedLine, cycle: Cycle, id: &str) -> Option<&'r Plan> {
    let plans = rated.in_force.plans_in(cycle).map(|plan| &*plan.plan);
    plans.chain(rated.in_force.packs_in(cycle).map(|pack| &*pack.pack)).find(|plan| plan.id == id)
}

fn candidates(plan: &Plan, rate: &Rate) -> Vec<(RoundingChange, Change)> {
    let rounds = [StepRounding::Up, StepRounding::Down, StepRounding::Exact].map(RoundingChange::Round);
    let pers = [Per::Event, Per::Day, Per::Cycle].map(RoundingChange::Per);
    let money = [MoneyRounding::HalfUp, MoneyRounding::Truncate].map(RoundingChange::MoneyRound);
    let scales = [0, 1, 2].map(RoundingChange::MoneyScale);
    let of_rate =
        rounds.into_iter().chain(pers).chain([RoundingChange::RateIn1000]).chain(money).chain(scales);
    let mut all: Vec<(RoundingChange, Change)> = Vec::new();
    for candidate in of_rate {
        let changed = changed_rate(rate, candidate);
        if changed != *rate {
            let change = Change::RateReplaced { plan: plan.id.clone(), rate: Box::new(changed) };
            all.push((candidate, change));
        }
    }
    let mut allowances = plan.allowances.clone();
    for allowance in
        allowances.iter_mut().filter(|it| rate.unit == Unit::Data && it.amount.unit == Unit::Data)
    {
        allowance.amount.amount = in_1000(allowance.amount.amount);
    }
    if allowances != plan.allowances {
        let change = Change::AllowancesReplaced { plan: plan.id.clone(), allowances };
        all.push((RoundingChange::AllowanceIn1000, change));
    }
    all
}

fn changed_rate(rate: &Rate, change: RoundingChange) -> Rate {
    let mut rate = rate.clone();
    match change {
        RoundingChange::Round(round) => rate.round = round,
        RoundingChange::Per(per) => rate.per = per,
        RoundingChange::MoneyRound(rule) => rate.money_round = rule,
        RoundingChange::MoneyScale(scale) => rate.money_scale = scale,
        RoundingChange::RateIn1000 if rate.unit == Unit::Data => {
            rate.count = in_1000(rate.count);
            rate.price_per = in_1000(rate.price_per);
            for to in rate.stages.iter_mut().filter_map(|stage| stage.to.as_mut()) {
                *to = in_1000(*to);
            }
        }
        RoundingChange::RateIn1000 | RoundingChange::AllowanceIn1000 => {}
    }
    rate
}

/// Returns the bytes of a volume whose text counts in 1000: 1 GB is 1000³, 100 MB are 100 × 1000².
fn in_1000(bytes: u64) -> u64 {
    let sizes = [(GB, 1_000_000_000), (MB, 1_000_000), (KB, 1_000)];
    let (size, decimal) = sizes.into_iter().find(|(size, _)| bytes >= *size).unwrap_or((1, 1));
    u64::try_from(u128::from(bytes) * decimal / u128::from(size)).unwrap_or(bytes)
}
