//! WST-001 allowance-unused.

use crate::detect::papers::kind_name;
use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::coverage::{Completeness, CoverKind};
use crate::model::finding::{ClauseRef, Finding, FindingKind, Verdict};
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::period::Cycle;
use crate::model::plan::Plan;
use crate::model::quantity::{Unit, Volume};

/// Less than a fifth of what the plan includes was used in each of three cycles in a row.
pub static DETECTOR: Detector = Detector {
    code: "WST-001",
    name: "allowance-unused",
    kind: FindingKind::Waste,
    role: Role::Plain,
    needs: &[CoverKind::Voice, CoverKind::Sms, CoverKind::Mms, CoverKind::Data],
    basis: &["xf-8", "zc-tariff-2018"],
    page: include_str!("allowance_unused.md"),
    stakes,
    detect,
};

/// Cycles in a row that it takes.
const CYCLES: usize = 3;
/// One in how many parts of the allowance counts as used.
const SHARE: u64 = 5;

/// What one whole cycle under the plan granted and used of a unit.
struct Use<'a> {
    cycle: Cycle,
    plan: &'a Plan,
    granted: u64,
    used: u64,
    known: Completeness,
}

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    let latest = Unit::ALL.into_iter().filter_map(|unit| Some((unit, latest(facts, unit)?)));
    Ok(latest.map(|(_, uses)| Stake::answered(uses[uses.len() - 1].cycle)).collect())
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    let latest = Unit::ALL.into_iter().filter_map(|unit| Some((unit, latest(facts, unit)?)));
    let unused = latest.filter(|(_, uses)| uses.iter().all(|it| it.used.saturating_mul(SHARE) < it.granted));
    Ok(unused.map(|(unit, uses)| finding(unit, &uses)).collect())
}

/// Returns the last three cycles in a row of one plan whose list of the unit is on paper and that the plan covers
/// wholly.
fn latest<'a>(facts: &Facts<'a>, unit: Unit) -> Option<Vec<Use<'a>>> {
    let uses: Vec<Use<'a>> =
        facts.rated.cycles.keys().filter_map(|cycle| use_of(facts, *cycle, unit)).collect();
    let follow =
        |pair: &[Use<'_>]| pair[0].cycle.next() == pair[1].cycle && pair[0].plan.id == pair[1].plan.id;
    let start = uses.windows(CYCLES).rposition(|three| three.windows(2).all(follow))?;
    Some(uses.into_iter().skip(start).take(CYCLES).collect())
}

fn use_of<'a>(facts: &Facts<'a>, cycle: Cycle, unit: Unit) -> Option<Use<'a>> {
    let rated = facts.rated.cycles.get(&cycle)?;
    let plan = facts.rated.in_force.plans_in(cycle).find(|plan| plan.span.covers(cycle.span()))?;
    let known = facts.line.completeness(unit.into(), cycle.span());
    let plan = &*plan.plan;
    let of_unit = || rated.buckets.iter().filter(|bucket| bucket.granted.unit == unit);
    let own = of_unit().filter(|bucket| plan.allowances.iter().any(|allowance| allowance.id == bucket.id));
    let granted: u64 = own.map(|bucket| bucket.granted.amount).sum();
    // Whatever bucket it came from, it is use that the plan's own allowance could have carried.
    let used: u64 = of_unit().map(|bucket| bucket.used).sum();
    let shared = plan
        .allowances
        .iter()
        .any(|allowance| allowance.amount.unit == unit && !allowance.shared_with.is_empty());
    let running = facts.rated.in_force.suspended_throughout(cycle).is_none();
    let usable = known > Completeness::Unknown && granted > 0 && !shared && running;
    usable.then_some(Use { cycle, plan, granted, used, known })
}

fn stake(unit: Unit, uses: &[Use<'_>]) -> Stake {
    let (first, last) = (&uses[0], &uses[uses.len() - 1]);
    let clauses = last.plan.allowances.iter().filter(|allowance| allowance.amount.unit == unit);
    let clauses = clauses.map(|it| ClauseRef { plan: last.plan.id.clone(), clause: it.clause.clone() });
    Stake {
        cycle: last.cycle,
        day: None,
        amount: Money::ZERO,
        on: vec![],
        subject: format!("{}|{}|{}", last.plan.id, unit.code(), first.cycle),
        what: kind_name(unit),
        evidence: vec![],
        clauses: clauses.collect(),
        missing: vec![],
    }
}

fn finding(unit: Unit, uses: &[Use<'_>]) -> Finding {
    let weakest = uses.iter().map(|it| it.known).min().unwrap_or(Completeness::Unknown);
    let verdict = if weakest.is_proved() { Verdict::Proven } else { Verdict::Probable };
    let mut finding = stake(unit, uses).finding(DETECTOR.code, FindingKind::Waste, verdict, "unused");
    let volume = |amount: u64| Volume::new(unit, amount);
    let months = uses.iter().map(|it| {
        Message::new("WST-001.month")
            .text("month", it.cycle)
            .text("used", volume(it.used))
            .text("granted", volume(it.granted))
    });
    finding.explanation =
        finding.explanation.text("plan", &uses[0].plan.name).list("months", months.collect());
    finding.innocent = vec![Message::new("WST-001.innocent")];
    finding.ask = vec![Message::new("WST-001.ask")];
    finding
}
