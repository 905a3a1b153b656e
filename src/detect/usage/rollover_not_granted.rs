//! USE-010 rollover-not-granted.

use crate::detect::papers::verdict_of;
use crate::detect::usage::carried::unchanged_plan;
use crate::detect::usage::charged::{Charged, charged, weaker};
use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::coverage::{Completeness, CoverKind};
use crate::model::finding::{ClauseRef, Finding, FindingKind, Verdict};
use crate::model::interval::Interval;
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::period::Cycle;
use crate::model::plan::{Allowance, Plan, Rollover};
use crate::model::quantity::Volume;
use crate::rating::outcome::Change;

/// The billed figure arises when nothing is carried over, although the month before left a rest.
pub static DETECTOR: Detector = Detector {
    code: "USE-010",
    name: "rollover-not-granted",
    kind: FindingKind::Error,
    role: Role::Cause,
    needs: &[CoverKind::Voice, CoverKind::Sms, CoverKind::Mms, CoverKind::Data],
    basis: &["mfd-509", "mfd-577", "xfss-12", "xf-10"],
    page: include_str!("rollover_not_granted.md"),
    stakes,
    detect,
};

/// Overage of a plan whose rest of the month before should have come first.
struct Carried<'a> {
    charged: &'a Charged,
    plan: &'a Plan,
    allowance: &'a Allowance,
    /// Most that is owed with the rest.
    due: Money,
    /// The rest that the papers show, in base units; none where they show only that there may be one.
    rest: Option<u64>,
    /// How completely the cycle and the one before are on paper; the weakest decides.
    known: Completeness,
    /// Whether the figure is the one without any rest.
    is_without_rest: bool,
}

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    let mut stakes = vec![];
    for it in carried(facts)? {
        let before = it.charged.cycle.previous();
        let own = it.charged.completeness(facts) != Completeness::Unknown;
        let at_stake = if own { it.charged.billed.minus(it.charged.due.low)? } else { it.charged.billed };
        if own && !(it.is_without_rest && it.rest.is_none()) {
            stakes.push(Stake::answered(it.charged.cycle));
            continue;
        }
        let mut stake = it.charged.stake(facts, at_stake)?;
        let kind = CoverKind::from(it.allowance.amount.unit);
        stake.missing.extend(facts.need(kind, before.span()));
        stakes.push(stake);
    }
    Ok(stakes)
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    let mut findings = vec![];
    for it in carried(facts)? {
        findings.extend(finding(facts, &it)?);
    }
    Ok(findings)
}

fn carried<'a>(facts: &Facts<'a>) -> Result<Vec<Carried<'a>>> {
    let mut all = vec![];
    for charged in charged(facts)?.iter().filter(|charged| charged.is_priced) {
        if !may_roll(facts, charged.cycle) {
            continue;
        }
        if facts.is_provisional(charged.cycle) || charged.may_hold_late(facts)? {
            continue;
        }
        let Some(plan) = unchanged_plan(facts, charged.cycle) else { continue };
        let rolls = |allowance: &&Allowance| {
            allowance.rollover == Rollover::NextMonth
                && allowance.shared_with.is_empty()
                && charged.units == [allowance.amount.unit]
        };
        let mut rolling = plan.allowances.iter().filter(rolls);
        if let (Some(allowance), None) = (rolling.next(), rolling.next()) {
            all.push(judged(facts, charged, plan, allowance)?);
        }
    }
    Ok(all)
}

/// Returns whether anything in force in the cycle rolls over.
fn may_roll(facts: &Facts<'_>, cycle: Cycle) -> bool {
    let mut allowances = facts.rated.in_force.plans_in(cycle).flat_map(|plan| &plan.plan.allowances);
    allowances.any(|allowance| allowance.rollover == Rollover::NextMonth)
}

fn judged<'a>(
    facts: &Facts<'a>,
    charged: &'a Charged,
    plan: &'a Plan,
    allowance: &'a Allowance,
) -> Result<Carried<'a>> {
    let unit = allowance.amount.unit;
    let before = facts.line.completeness(unit.into(), charged.cycle.previous().span());
    let own = charged.completeness(facts);
    let without = charged.due_with(facts, &Change::RolloverDropped)?;
    let is_without_rest = without == Interval::exact(charged.billed) && charged.due.low < charged.billed;
    let opened = || facts.line.openings.iter().any(|opening| opening.rollover.unit == unit);
    let mut it =
        Carried { due: charged.due.high, rest: None, known: own, charged, plan, allowance, is_without_rest };
    let bucket = facts.rated.cycles.get(&it.charged.cycle).and_then(|rated| {
        rated.buckets.iter().find(|bucket| bucket.id == format!("rollover:{}", allowance.id))
    });
    if is_without_rest && it.charged.surplus()?.is_positive() {
        // The rest is known: by the list of the month before, or as case.toml says.
        it.rest = bucket.map(|bucket| bucket.granted.amount);
        it.known = if before.is_proved() || !opened() { weaker(own, before) } else { own };
    } else if is_without_rest && before == Completeness::Inferred {
        it.rest = least_rest(facts, &it);
        it.known = Completeness::Inferred;
        if let Some(amount) = it.rest {
            let (plan, allowance) = (plan.id.clone(), allowance.id.clone());
            it.due = it.charged.due_with(facts, &Change::RolloverGranted { plan, allowance, amount })?.high;
        }
    }
    Ok(it)
}

/// Returns the least that the month before can have left: everything used counts against its own allowance.
fn least_rest(facts: &Facts<'_>, it: &Carried<'_>) -> Option<u64> {
    let before = facts.rated.cycles.get(&it.charged.cycle.previous())?;
    let unit = it.allowance.amount.unit;
    let used: u64 = before.buckets.iter().filter(|b| b.granted.unit == unit).map(|b| b.used).sum();
    let granted = before.buckets.iter().find(|bucket| bucket.id == it.allowance.id)?.granted.amount;
    granted.checked_sub(used).filter(|rest| *rest > 0)
}

fn finding(facts: &Facts<'_>, it: &Carried<'_>) -> Result<Option<Finding>> {
    let charged = it.charged;
    let amount = charged.billed.minus(it.due)?.or_zero();
    let known = verdict_of(it.known).filter(|_| it.is_without_rest && amount.is_positive());
    let (Some(rest), Some(records), Some((own, how))) = (it.rest, known, charged.verdict(facts)) else {
        return Ok(None);
    };
    let oral = it.plan.clause(&it.allowance.clause).is_some_and(|clause| clause.oral);
    let verdict = if oral { Verdict::Probable } else { records.min(own) };
    let how = if verdict == Verdict::Proven { how } else { "inferred" };
    let stake = charged.stake(facts, amount)?;
    let mut finding = stake.finding(DETECTOR.code, FindingKind::Error, verdict, "rest");
    charged.limit(facts, &mut finding)?;
    let before = charged.cycle.previous();
    finding.explanation = finding
        .explanation
        .text("before", before)
        .text("rest", Volume::new(it.allowance.amount.unit, rest))
        .text("billed", charged.billed)
        .text("due", it.due)
        .message("known", Message::new(format!("detect.known.{how}")));
    finding.evidence.extend(facts.windows(it.allowance.amount.unit.into(), before.span()));
    finding.evidence.extend(charged.windows(facts));
    finding.evidence.dedup();
    finding.clauses.push(ClauseRef { plan: it.plan.id.clone(), clause: it.allowance.clause.clone() });
    finding.clauses.sort();
    finding.clauses.dedup();
    finding.innocent = vec![Message::new("USE-010.innocent")];
    let ask = |key: &str| Message::new(key).text("month", charged.cycle).text("before", before);
    finding.ask = vec![ask("USE-010.ask").text("amount", amount)];
    Ok(Some(finding))
}
