//! WST-002 cheaper-plan.

use std::sync::Arc;

use crate::detect::papers::clauses_of;
use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::coverage::{Completeness, CoverKind};
use crate::model::finding::{Finding, FindingKind, Verdict};
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::period::Cycle;
use crate::model::plan::Plan;
use crate::model::quantity::Unit;
use crate::rating::Detail;
use crate::rating::in_force::PlanInForce;
use crate::rating::outcome::{Change, RatedCycle};

/// The same usage costs less under another known plan of the operator.
pub static DETECTOR: Detector = Detector {
    code: "WST-002",
    name: "cheaper-plan",
    kind: FindingKind::Waste,
    role: Role::Plain,
    needs: &[CoverKind::Voice, CoverKind::Sms, CoverKind::Mms, CoverKind::Data],
    basis: &["xf-8", "zc-tariff-2018"],
    page: include_str!("cheaper_plan.md"),
    stakes,
    detect,
};

/// Most cycles that are compared.
const CYCLES_MAX: usize = 3;

/// A whole cycle under one plan whose use is on paper.
struct Month<'a> {
    rated: &'a RatedCycle,
    plan: &'a PlanInForce,
    known: Completeness,
}

/// Another plan with what the same months cost under it.
struct Offer<'a> {
    plan: &'a Arc<Plan>,
    costs: Vec<Money>,
    /// Yuan less than under the line's own plan, in all months together.
    saving: Money,
}

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    let months = months(facts);
    let others = months.last().is_some_and(|month| others(facts, month).next().is_some());
    let last = months.last().filter(|_| others);
    Ok(last.map(|month| Stake::answered(month.rated.cycle)).into_iter().collect())
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    let months = months(facts);
    let Some(last) = months.last() else { return Ok(vec![]) };
    let mut best: Option<Offer<'_>> = None;
    for plan in others(facts, last) {
        let offer = offer(facts, &months, plan)?;
        let better = |offer: &Offer<'_>| best.as_ref().is_none_or(|best| offer.saving > best.saving);
        best = offer.filter(better).or(best);
    }
    Ok(best.map(|offer| finding(&months, &offer)).into_iter().collect())
}

/// Returns the last months in a row, three at most, under the latest plan of the line.
fn months<'a>(facts: &Facts<'a>) -> Vec<Month<'a>> {
    let mut months: Vec<Month<'a>> = vec![];
    for cycle in facts.line.billed_cycles().into_iter().rev() {
        let Some(month) = month(facts, cycle) else { if months.is_empty() { continue } else { break } };
        let follows =
            |later: &Month<'a>| cycle.next() == later.rated.cycle && later.plan.plan.id == month.plan.plan.id;
        if months.len() == CYCLES_MAX || !months.last().is_none_or(follows) {
            break;
        }
        months.push(month);
    }
    months.reverse();
    months
}

/// Returns the month where one plan covers it, the line ran, every kind of use is on paper and has its price.
fn month<'a>(facts: &Facts<'a>, cycle: Cycle) -> Option<Month<'a>> {
    let rated = facts.rated.cycles.get(&cycle)?;
    let plan = facts.rated.in_force.plans_in(cycle).find(|plan| plan.span.covers(cycle.span()))?;
    let kinds = Unit::ALL.into_iter().map(|unit| facts.line.completeness(unit.into(), cycle.span()));
    let known = kinds.min()?;
    let settled = plan.joined.is_none_or(|day| Cycle::of(day) < cycle);
    let running = facts.rated.in_force.suspended_throughout(cycle).is_none() && !facts.is_provisional(cycle);
    let priced = rated.unrated.is_empty() && plan.plan.fee().is_some();
    (known > Completeness::Unknown && settled && running && priced && !is_shared(&plan.plan))
        .then_some(Month { rated, plan, known })
}

fn is_shared(plan: &Plan) -> bool {
    plan.allowances.iter().any(|allowance| !allowance.shared_with.is_empty())
}

/// Returns the plans that could be had in the month instead of its own.
fn others<'a>(facts: &Facts<'a>, month: &Month<'_>) -> impl Iterator<Item = &'a Arc<Plan>> {
    let (own, day) = (month.plan.plan.id.clone(), month.rated.cycle.span().last());
    let known = facts.rated.other_plans.iter();
    known.filter(move |plan| plan.id != own && plan.applies_on(day) && !is_shared(plan))
}

/// Returns what the months cost under the plan, if it prices every use and is cheaper in all of them together. What it
/// promises to new customers is left out.
fn offer<'a>(facts: &Facts<'_>, months: &[Month<'_>], plan: &'a Arc<Plan>) -> Result<Option<Offer<'a>>> {
    if costs_more(facts, months, plan)? {
        return Ok(None);
    }
    let mut plain = Plan::clone(plan);
    plain.credits.clear();
    let change = Change::PlanReplaced { plan: Arc::new(plain) };
    let (mut costs, mut saving) = (vec![], Money::ZERO);
    for month in months {
        let rated = (facts.rerate)(facts.line, facts.rated, month.rated.cycle, &change, Detail::Amounts)?;
        if !rated.unrated.is_empty() {
            return Ok(None);
        }
        saving = saving.plus(month.rated.total.low.minus(rated.total.high)?)?;
        costs.push(rated.total.high);
    }
    Ok(saving.is_positive().then_some(Offer { plan, costs, saving }))
}

/// Returns whether the monthly fees of the plan alone are no less than what the months cost: where the line stays on
/// its plan and has no pack, nothing takes anything off them.
fn costs_more(facts: &Facts<'_>, months: &[Month<'_>], plan: &Plan) -> Result<bool> {
    let in_force = &facts.rated.in_force;
    let stays = |month: &Month<'_>| {
        let cycle = month.rated.cycle;
        !(month.plan.ended && month.plan.span.end <= cycle.span().end)
            && in_force.packs_in(cycle).next().is_none()
            && in_force.suspensions.iter().all(|pause| pause.span.intersection(cycle.span()).is_none())
    };
    let Some(fee) = plan.fee().filter(|_| months.iter().all(stays)) else { return Ok(false) };
    let own = Money::sum(months.iter().map(|month| month.rated.total.low))?;
    Ok(fee.monthly.times(months.len() as u64)? >= own)
}

fn stake(months: &[Month<'_>]) -> Stake {
    let last = &months[months.len() - 1];
    let items: Vec<_> = last.rated.items.iter().enumerate().collect();
    Stake {
        cycle: last.rated.cycle,
        day: None,
        amount: Money::ZERO,
        on: vec![],
        subject: last.plan.plan.id.clone(),
        what: Message::new("WST-002.what").text("plan", &last.plan.plan.name),
        evidence: vec![],
        clauses: clauses_of(&items),
        missing: vec![],
    }
}

fn finding(months: &[Month<'_>], offer: &Offer<'_>) -> Finding {
    let proved = months.iter().all(|month| month.known.is_proved());
    let guessed = months.iter().any(|month| month.rated.items.iter().any(|item| item.inferred));
    let verdict = if proved && !guessed { Verdict::Proven } else { Verdict::Probable };
    let mut finding = stake(months).finding(DETECTOR.code, FindingKind::Waste, verdict, "cheaper");
    let compared = months.iter().zip(&offer.costs).map(|(month, cost)| {
        Message::new("WST-002.month")
            .text("month", month.rated.cycle)
            .text("own", month.rated.total.low)
            .text("other", cost)
    });
    finding.explanation = finding
        .explanation
        .text("other", &offer.plan.name)
        .text("saving", offer.saving)
        .list("months", compared.collect());
    finding.innocent = vec![Message::new("WST-002.innocent")];
    finding.ask = vec![Message::new("WST-002.ask").text("other", &offer.plan.name)];
    finding
}
