//! USE-009 consumption-order-wrong.

use crate::detect::usage::charged::{Charged, charged};
use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::coverage::CoverKind;
use crate::model::finding::{ClauseRef, Finding, FindingKind, Verdict};
use crate::model::interval::Interval;
use crate::model::message::Message;
use crate::model::plan::{BucketSelector, Plan};
use crate::rating::in_force::PlanInForce;
use crate::rating::outcome::{BucketUse, Change};

/// The billed figure arises when the included units are used in another order than the plan's.
pub static DETECTOR: Detector = Detector {
    code: "USE-009",
    name: "consumption-order-wrong",
    kind: FindingKind::Error,
    role: Role::Cause,
    needs: &[CoverKind::Voice, CoverKind::Sms, CoverKind::Mms, CoverKind::Data],
    basis: &["mfd-509", "mfd-577", "xfss-12", "xf-10"],
    page: include_str!("consumption_order_wrong.md"),
    stakes,
    detect,
};

/// Most buckets of which every order is tried; of more, each is only moved to the front or the end.
const BUCKETS_MAX: usize = 4;

/// Overage beside two or more buckets that can be used one before the other.
struct Ordered<'a> {
    charged: &'a Charged,
    plan: &'a PlanInForce,
    /// Buckets in the plan's order, each once.
    buckets: Vec<BucketSelector>,
}

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    let mut stakes = vec![];
    for it in ordered(facts)? {
        stakes.push(it.charged.question(facts, it.charged.billed)?);
    }
    Ok(stakes)
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    let mut findings = vec![];
    for it in ordered(facts)? {
        let late = it.charged.may_hold_late(facts)?;
        if it.charged.surplus()?.is_positive() && !late && !facts.is_provisional(it.charged.cycle) {
            findings.extend(finding(facts, &it)?);
        }
    }
    Ok(findings)
}

fn ordered<'a>(facts: &Facts<'a>) -> Result<Vec<Ordered<'a>>> {
    let mut all = vec![];
    for charged in charged(facts)?.iter().filter(|charged| charged.is_priced) {
        let mut plans = facts.rated.in_force.plans_in(charged.cycle);
        let (Some(plan), None) = (plans.next(), plans.next()) else { continue };
        let Some(rated) = facts.rated.cycles.get(&charged.cycle) else { continue };
        let of_units = rated.buckets.iter().filter(|bucket| charged.units.contains(&bucket.granted.unit));
        let mut buckets: Vec<BucketSelector> = vec![];
        for bucket in of_units.filter(|bucket| bucket.granted.amount > 0) {
            let selector = selector(bucket, &plan.plan);
            if !buckets.contains(&selector) {
                buckets.push(selector);
            }
        }
        if buckets.len() > 1 {
            all.push(Ordered { charged, plan, buckets });
        }
    }
    Ok(all)
}

fn selector(bucket: &BucketUse, plan: &Plan) -> BucketSelector {
    if bucket.id.starts_with("rollover:") {
        BucketSelector::Rollover
    } else if bucket.plan == plan.id {
        BucketSelector::Allowance(bucket.id.clone())
    } else {
        BucketSelector::Pack(bucket.plan.clone())
    }
}

/// Returns the finding of the first order that gives just what was billed. One order is enough: that another one
/// gives the same figure changes nothing in the charge.
fn finding(facts: &Facts<'_>, it: &Ordered<'_>) -> Result<Option<Finding>> {
    let Some((verdict, known)) = it.charged.verdict(facts) else { return Ok(None) };
    for order in orders(&it.buckets) {
        let change = Change::BucketOrder { plan: it.plan.plan.id.clone(), order: order.clone() };
        if it.charged.due_with(facts, &change)? == Interval::exact(it.charged.billed) {
            return told(
                facts,
                it,
                &order,
                if is_stated(facts, it) {
                    (verdict, known)
                } else {
                    (verdict.min(Verdict::Probable), "inferred")
                },
            )
            .map(Some);
        }
    }
    Ok(None)
}

/// Returns whether a written clause of the plan states the order, and the packs in it are on record.
fn is_stated(facts: &Facts<'_>, it: &Ordered<'_>) -> bool {
    let plan = &it.plan.plan;
    let clause = plan.consumption.clause.as_deref().and_then(|id| plan.clause(id));
    let packs = facts.rated.in_force.packs_in(it.charged.cycle);
    let guessed = packs.filter(|pack| pack.basis.is_inferred());
    let mut guessed = guessed.map(|pack| BucketSelector::Pack(pack.pack.id.clone()));
    clause.is_some_and(|clause| !clause.oral) && !guessed.any(|pack| it.buckets.contains(&pack))
}

fn told(
    facts: &Facts<'_>,
    it: &Ordered<'_>,
    order: &[BucketSelector],
    (verdict, known): (Verdict, &'static str),
) -> Result<Finding> {
    let (charged, plan) = (&it.charged, &it.plan.plan);
    let amount = charged.surplus()?;
    let stake = charged.stake(facts, amount)?;
    let mut finding = stake.finding(DETECTOR.code, FindingKind::Error, verdict, "order");
    charged.limit(facts, &mut finding)?;
    finding.explanation = finding
        .explanation
        .text("billed", charged.billed)
        .text("due", charged.due.high)
        .list("agreed", it.buckets.iter().map(|bucket| name(facts, bucket)).collect())
        .list("used", order.iter().map(|bucket| name(facts, bucket)).collect())
        .message("known", Message::new(format!("detect.known.{known}")));
    finding.evidence.extend(charged.windows(facts));
    let clause = plan.consumption.clause.iter();
    finding.clauses.extend(clause.map(|id| ClauseRef { plan: plan.id.clone(), clause: id.clone() }));
    finding.clauses.sort();
    finding.clauses.dedup();
    finding.innocent = vec![Message::new("USE-009.innocent")];
    let ask = |key: &str| Message::new(key).text("month", charged.cycle).text("amount", amount);
    finding.ask = vec![ask("USE-009.ask")];
    Ok(finding)
}

fn name(facts: &Facts<'_>, selector: &BucketSelector) -> Message {
    match selector {
        BucketSelector::Rollover => Message::new("USE-009.bucket.rollover"),
        BucketSelector::AnyPack => Message::new("USE-009.bucket.packs"),
        BucketSelector::Pack(id) => {
            let pack = facts.rated.in_force.packs.iter().find(|pack| pack.pack.id == *id);
            Message::new("USE-009.bucket.pack").text("name", pack.map_or(id, |pack| &pack.pack.name))
        }
        BucketSelector::Allowance(id) => Message::new("USE-009.bucket.allowance").text("id", id),
    }
}

/// Returns the orders to try, the plan's own left out.
fn orders(buckets: &[BucketSelector]) -> Vec<Vec<BucketSelector>> {
    let mut all = if buckets.len() <= BUCKETS_MAX { permutations(buckets) } else { moved(buckets) };
    all.retain(|order| order != buckets);
    all
}

fn permutations(buckets: &[BucketSelector]) -> Vec<Vec<BucketSelector>> {
    if buckets.is_empty() {
        return vec![vec![]];
    }
    let without = |at: usize| [&buckets[..at], &buckets[at + 1..]].concat();
    let with_first = |at: usize| {
        let rests = permutations(&without(at)).into_iter();
        rests.map(move |rest| [vec![buckets[at].clone()], rest].concat())
    };
    (0..buckets.len()).flat_map(with_first).collect()
}

fn moved(buckets: &[BucketSelector]) -> Vec<Vec<BucketSelector>> {
    let without = |at: usize| [&buckets[..at], &buckets[at + 1..]].concat();
    let to_front = |at: usize| [vec![buckets[at].clone()], without(at)].concat();
    let to_end = |at: usize| [without(at), vec![buckets[at].clone()]].concat();
    (0..buckets.len()).flat_map(|at| [to_front(at), to_end(at)]).collect()
}
