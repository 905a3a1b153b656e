//! USE-008 charged-while-allowance-remained.

use crate::detect::papers::{bill_item, clauses_of, how_known, kind_name, verdict_of};
use crate::detect::usage::carried::due_of;
use crate::detect::usage::charged::{limits, units_of};
use crate::detect::usage::late;
use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::coverage::{Completeness, CoverKind};
use crate::model::finding::{ClauseRef, Finding, FindingKind, Override, Target, Verdict};
use crate::model::interval::Interval;
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::plan::Plan;
use crate::model::quantity::{Unit, Volume};
use crate::rating::outcome::{BucketUse, ExpectedItem, RatedCycle};
use crate::reconcile::outcome::TieGroup;

/// Overage was charged although included units were left; scopes, apps and hours are already weighed by
/// the rating, so only what is above the expected upper bound counts.
pub static DETECTOR: Detector = Detector {
    code: "USE-008",
    name: "charged-while-allowance-remained",
    kind: FindingKind::Error,
    role: Role::Effect,
    needs: &[CoverKind::Voice, CoverKind::Sms, CoverKind::Mms, CoverKind::Data],
    basis: &["mfd-509", "mfd-577", "xfss-12", "xf-10"],
    page: include_str!("charged_while_allowance_remained.md"),
    stakes,
    detect,
};

/// Charged overage of a plan that includes units of its kinds.
struct Overage<'a> {
    group: &'a TieGroup,
    items: Vec<(usize, &'a ExpectedItem)>,
    rated: &'a RatedCycle,
    units: Vec<Unit>,
    billed: Money,
    due: Interval,
}

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    let question = |overage: &Overage<'_>| {
        let span = overage.group.cycle.span();
        let open = overage.units.iter().any(|unit| facts.is_unknown((*unit).into(), span));
        if open { stake(facts, overage) } else { Some(Stake::answered(overage.group.cycle)) }
    };
    Ok(overages(facts)?
        .iter()
        .filter(|overage| !charges(facts, overage).is_empty())
        .filter_map(question)
        .collect())
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    let mut findings = vec![];
    for overage in overages(facts)? {
        findings.extend(finding(facts, &overage)?);
    }
    Ok(findings)
}

fn overages<'a>(facts: &Facts<'a>) -> Result<Vec<Overage<'a>>> {
    let mut overages = vec![];
    for group in facts.reconciliation.groups.iter().filter(|group| !group.lines.is_empty()) {
        let Some(rated) = facts.rated.cycles.get(&group.cycle) else { continue };
        let items = facts.items_of(group);
        let units = units_of(facts, group, &items);
        let billed = Money::sum(group.lines.iter().map(|line| facts.line.bill[*line].amount))?;
        let granted = units.iter().all(|unit| rated.buckets.iter().any(|b| b.granted.unit == *unit));
        let priced = units.iter().all(|unit| rated.unrated.iter().all(|rest| rest.unit != *unit));
        if !units.is_empty() && granted && priced && billed.is_positive() {
            let due = due_of(facts, group.cycle, &items)?;
            overages.push(Overage { group, items, rated, units, billed, due });
        }
    }
    Ok(overages)
}

/// Returns the charges of the group, by their indices in the line's bill.
fn charges(facts: &Facts<'_>, overage: &Overage<'_>) -> Vec<usize> {
    let charged = |line: &usize| facts.line.bill[*line].amount.is_positive();
    overage.group.lines.iter().copied().filter(charged).collect()
}

fn stake(facts: &Facts<'_>, overage: &Overage<'_>) -> Option<Stake> {
    let cycle = overage.group.cycle;
    let charges = charges(facts, overage);
    let line = &facts.line.bill[*charges.first()?];
    let needs = overage.units.iter().map(|unit| CoverKind::from(*unit));
    Some(Stake {
        cycle,
        day: None,
        amount: overage.billed,
        on: charges.iter().map(|line| (Target::BillLine(*line), facts.line.bill[*line].amount)).collect(),
        subject: format!("{}|{}", line.item, overage.billed),
        what: bill_item(line),
        evidence: facts.amounts(&charges),
        clauses: clauses_of(&overage.items),
        missing: needs.filter_map(|kind| facts.need(kind, cycle.span())).collect(),
    })
}

fn finding(facts: &Facts<'_>, overage: &Overage<'_>) -> Result<Option<Finding>> {
    // Late records that were not billed in their month explain as much as they cost (fine print 12).
    let Some(late) = late::unbilled(facts, &overage.units, overage.group.cycle)? else { return Ok(None) };
    let surplus = overage.billed.minus(overage.due.high)?.minus(late)?;
    let Some(bucket) = unspent(overage).filter(|_| surplus.is_positive()) else { return Ok(None) };
    let Some(stake) = stake(facts, overage) else { return Ok(None) };
    let span = overage.group.cycle.span();
    let kinds = overage.units.iter().map(|unit| facts.line.completeness((*unit).into(), span));
    let weakest = kinds.min().unwrap_or(Completeness::Unknown);
    let Some(verdict) = verdict_of(weakest) else { return Ok(None) };
    let inferred =
        overage.items.iter().any(|(_, item)| item.inferred) || facts.is_provisional(overage.group.cycle);
    let verdict = if inferred { verdict.min(Verdict::Probable) } else { verdict };
    let mut finding = stake.finding(DETECTOR.code, FindingKind::Error, verdict, how_known(weakest));
    finding.amount = surplus;
    finding.overrides = overrides(facts, overage, late, surplus)?;
    finding.explanation = explanation(finding.explanation, overage, bucket).text("surplus", surplus);
    finding.evidence.extend(overage.units.iter().flat_map(|unit| facts.windows((*unit).into(), span)));
    finding.clauses.extend(granting_clause(facts, bucket));
    finding.innocent = vec![Message::new("USE-008.innocent.scope")];
    let ask = |key: &str| Message::new(key).text("month", overage.group.cycle).text("amount", surplus);
    finding.ask = vec![ask("USE-008.ask.use"), ask("USE-008.ask.refund")];
    Ok(Some(finding))
}

/// Returns a bucket of the charged kinds of which something is left at its end.
fn unspent<'a>(overage: &Overage<'a>) -> Option<&'a BucketUse> {
    let left = |bucket: &&BucketUse| bucket.used < bucket.granted.amount;
    let mut buckets = overage.rated.buckets.iter().filter(|b| overage.units.contains(&b.granted.unit));
    buckets.find(left)
}

/// What the rules make of the records is due; where late records come on top, the lines are only cut.
fn overrides(facts: &Facts<'_>, overage: &Overage<'_>, late: Money, surplus: Money) -> Result<Vec<Override>> {
    let cycle = overage.group.cycle;
    if late.is_positive() {
        return limits(facts, &charges(facts, overage), surplus);
    }
    if overage.items.is_empty() {
        let lines = overage.group.lines.iter();
        return Ok(lines.map(|line| Override::Refuted { bill_line: *line }).collect());
    }
    let due = |(index, item): &(usize, &ExpectedItem)| Override::Due {
        cycle,
        item: *index,
        due: item.amount,
        trace: item.trace.clone(),
    };
    Ok(overage.items.iter().map(due).collect())
}

fn explanation(message: Message, overage: &Overage<'_>, bucket: &BucketUse) -> Message {
    let left = bucket.granted.amount.saturating_sub(bucket.used);
    message
        .text("granted", bucket.granted)
        .text("left", Volume::new(bucket.granted.unit, left))
        .message("kind", kind_name(bucket.granted.unit))
        .text("billed", overage.billed)
        .text("due", overage.due.high)
}

fn granting_clause(facts: &Facts<'_>, bucket: &BucketUse) -> Option<ClauseRef> {
    let plans = facts.rated.in_force.plans.iter().map(|plan| &plan.plan);
    let packs = facts.rated.in_force.packs.iter().map(|pack| &pack.pack);
    let plan: &Plan = plans.chain(packs).find(|plan| plan.id == bucket.plan)?;
    let named = plan.allowances.iter().find(|allowance| allowance.id == bucket.id);
    let same_unit = || plan.allowances.iter().find(|allowance| allowance.amount.unit == bucket.granted.unit);
    let allowance = named.or_else(same_unit)?;
    Some(ClauseRef { plan: plan.id.clone(), clause: allowance.clause.clone() })
}
