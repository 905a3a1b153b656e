//! The steps of overage as a person can follow them: volume, allowances, steps, stages, rounding.

use crate::error::Result;
use crate::model::exact::Exact;
use crate::model::message::Message;
use crate::model::money::{Money, MoneyRounding};
use crate::model::period::{Cycle, Day};
use crate::model::plan::{Per, Rate, StepRounding};
use crate::model::quantity::{Unit, Volume};
use crate::rating::Detail;
use crate::rating::outcome::TraceStep;
use crate::rating::pricing::{self, Priced};
use crate::rating::setup::{Collected, RateUse};

/// Overage of one rate in a cycle.
#[derive(Debug, Default)]
pub(super) struct Overage {
    pub(super) amount: Money,
    pub(super) trace: Vec<TraceStep>,
    /// Base units above the last stage of a ladder that does not repeat, and how many periods had some.
    pub(super) unpriced: (u64, u32),
}

/// Writes the steps of one rule.
#[derive(Debug)]
pub(super) struct Steps<'a> {
    pub(super) rule: String,
    pub(super) clause: &'a str,
    pub(super) list: Vec<TraceStep>,
}

impl Steps<'_> {
    pub(super) fn add(&mut self, what: &str, formula: String, before: impl ToString, after: impl ToString) {
        self.add_message(Message::new(format!("rating.step.{what}")), formula, before, after);
    }

    pub(super) fn add_message(
        &mut self,
        what: Message,
        formula: String,
        before: impl ToString,
        after: impl ToString,
    ) {
        let (before, after) = (before.to_string(), after.to_string());
        let clause = Some(self.clause.to_owned());
        self.list.push(TraceStep { rule: self.rule.clone(), clause, what, formula, before, after });
    }
}

/// Returns the overage of a rate: each period priced and rounded on its own, then added up.
pub(super) fn overage(used: &RateUse<'_>, cycle: Cycle, detail: Detail) -> Result<Overage> {
    match detail {
        Detail::Steps => overage_in_steps(used, cycle),
        Detail::Amounts => overage_alone(used.rate, &used.collected, cycle),
    }
}

fn overage_in_steps(used: &RateUse<'_>, cycle: Cycle) -> Result<Overage> {
    let (rate, collected) = (used.rate, &used.collected);
    let rule = format!("{}/rate.{}", used.plan.id, rate.id);
    let mut steps = Steps { rule, clause: &rate.clause, list: Vec::new() };
    volume_steps(&mut steps, rate.unit, collected);
    let mut overage = Overage::default();
    let mut parts = Vec::new();
    for period in periods(rate, collected, cycle) {
        let part = part(rate, &period)?;
        parts.push(part.amount);
        overage.add(&period, &part)?;
        period_steps(&mut steps, rate, &period, &part.priced, part.rounded)?;
    }
    if parts.len() > 1 {
        let parts = parts.iter().map(Money::to_string).collect::<Vec<_>>().join(" + ");
        steps.add("sum", format!("{parts} = {}", overage.amount), "", overage.amount);
    }
    overage.trace = steps.list;
    Ok(overage)
}

/// Returns the overage of a rate without its steps.
pub(super) fn overage_alone(rate: &Rate, collected: &Collected, cycle: Cycle) -> Result<Overage> {
    let mut overage = Overage::default();
    for period in periods(rate, collected, cycle) {
        overage.add(&period, &part(rate, &period)?)?;
    }
    Ok(overage)
}

impl Overage {
    fn add(&mut self, period: &Period, part: &Part) -> Result<()> {
        self.amount = self.amount.plus(part.amount)?;
        if part.priced.unpriced > 0 {
            self.unpriced.0 += part.priced.unpriced.saturating_mul(u64::from(period.times));
            self.unpriced.1 += period.times;
        }
        Ok(())
    }
}

/// Returns what one volume of a rate costs, rounded as the rate says; none when a part of it has no price.
pub(super) fn rounded_price(rate: &Rate, volume: u64) -> Result<Option<Money>> {
    let part = part(rate, &Period { day: None, volume, times: 1 })?;
    Ok((part.priced.unpriced == 0).then_some(part.rounded))
}

/// Returns the volumes that a rate prices in one piece, and how often each occurs.
pub(super) fn volumes(used: &RateUse<'_>) -> impl Iterator<Item = (u64, u32)> {
    let collected = &used.collected;
    let events = if used.rate.per == Per::Event { Some(collected.by_event.iter()) } else { None };
    let days = if used.rate.per == Per::Day { &collected.by_day[..] } else { &[] };
    let whole = if used.rate.per == Per::Cycle { collected.outside } else { 0 };
    let once = days.iter().copied().chain([whole]).filter(|volume| *volume > 0).map(|volume| (volume, 1));
    events.into_iter().flatten().map(|(volume, times)| (*volume, *times)).chain(once)
}

/// What one period costs.
struct Part {
    priced: Priced,
    /// Yuan of one time.
    rounded: Money,
    /// Yuan of all times.
    amount: Money,
}

fn part(rate: &Rate, period: &Period) -> Result<Part> {
    let priced = pricing::price(rate, period.volume)?;
    let rounded = priced.fee.to_money(rate.money_round, rate.money_scale)?;
    Ok(Part { amount: rounded.times(u64::from(period.times))?, priced, rounded })
}

/// A volume that is priced in one piece, `times` over.
struct Period {
    day: Option<Day>,
    volume: u64,
    times: u32,
}

fn periods(rate: &Rate, collected: &Collected, cycle: Cycle) -> Vec<Period> {
    match rate.per {
        Per::Event => {
            let groups = collected.by_event.iter();
            groups.map(|(volume, times)| Period { day: None, volume: *volume, times: *times }).collect()
        }
        Per::Day => {
            let days = cycle.span().each_day().zip(&collected.by_day).filter(|(_, volume)| **volume > 0);
            days.map(|(day, volume)| Period { day: Some(day), volume: *volume, times: 1 }).collect()
        }
        Per::Cycle if collected.outside > 0 => {
            vec![Period { day: None, volume: collected.outside, times: 1 }]
        }
        Per::Cycle => Vec::new(),
    }
}

fn volume_steps(steps: &mut Steps<'_>, unit: Unit, collected: &Collected) {
    let text = |amount: u64| Volume::new(unit, amount).to_string();
    let (inside, outside) = (collected.inside, collected.outside);
    if inside == 0 && outside == 0 {
        steps.add("no-use", String::from("0"), "", "0");
        return;
    }
    let total = text(inside.saturating_add(outside));
    steps.add("volume", format!("{} + {} = {total}", text(inside), text(outside)), "", &total);
    if inside > 0 {
        steps.add(
            "allowance",
            format!("{total} − {} = {}", text(inside), text(outside)),
            &total,
            text(outside),
        );
    }
}

fn period_steps(
    steps: &mut Steps<'_>,
    rate: &Rate,
    period: &Period,
    priced: &Priced,
    rounded: Money,
) -> Result<()> {
    let text = |amount: u64| Volume::new(rate.unit, amount).to_string();
    if let Some(day) = period.day {
        let what = Message::new("rating.step.day").text("day", day);
        steps.add_message(what, text(period.volume), "", text(period.volume));
    }
    if rate.round != StepRounding::Exact && rate.per != Per::Event {
        let (open, close) = if rate.round == StepRounding::Up { ("⌈", "⌉") } else { ("⌊", "⌋") };
        let count = priced.counted / rate.count;
        let formula = format!("{open}{} ÷ {}{close} = {count}", text(period.volume), text(rate.count));
        steps.add("count", formula, text(period.volume), text(priced.counted));
    }
    for stage in &priced.stages {
        let before = stage.before_cap.to_text();
        let formula = format!("{} × {} = {before}", stage.units.to_text(), stage.price.to_text());
        let what = Message::new("rating.step.stage").text("number", stage.number);
        steps.add_message(what, formula, stage.units.to_text(), &before);
        if let Some(cap) = stage.cap.filter(|_| stage.fee != stage.before_cap) {
            let formula = format!("min({before}, {cap}) = {cap}");
            steps.add("stage-cap", formula, &before, cap);
        }
    }
    stages_step(steps, priced)?;
    ladder_step(steps, priced)?;
    let exact = priced.fee.to_text();
    if Exact::from_decimal(rounded.yuan()) != priced.fee {
        let rule = if rate.money_round == MoneyRounding::HalfUp { "round-half-up" } else { "round-truncate" };
        steps.add(rule, format!("{exact} → {rounded}"), &exact, rounded);
    }
    if period.times > 1 {
        let sum = rounded.times(u64::from(period.times))?;
        let what = Message::new("rating.step.events").text("volume", text(period.volume));
        steps.add_message(what, format!("{} × {rounded} = {sum}", period.times), rounded, sum);
    }
    Ok(())
}

fn stages_step(steps: &mut Steps<'_>, priced: &Priced) -> Result<()> {
    if priced.stages.len() > 1 {
        let parts = priced.stages.iter().map(|stage| stage.fee.to_text()).collect::<Vec<_>>().join(" + ");
        let total = priced.stages.iter().try_fold(Exact::ZERO, |sum, stage| sum.plus(stage.fee))?.to_text();
        steps.add("stages", format!("{parts} = {total}"), "", total);
    }
    Ok(())
}

fn ladder_step(steps: &mut Steps<'_>, priced: &Priced) -> Result<()> {
    let (full, fee) = priced.ladders;
    if full > 0 {
        let rest = priced.stages.iter().try_fold(Exact::ZERO, |sum, stage| sum.plus(stage.fee))?;
        let total = priced.fee.to_text();
        let formula = format!("{full} × {} + {} = {total}", fee.to_text(), rest.to_text());
        steps.add("repeat", formula, rest.to_text(), total);
    }
    Ok(())
}
