//! USE-011 cap-exceeded.

use crate::detect::usage::charged::{Charged, charged};
use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::finding::{ClauseRef, Finding, FindingKind, Verdict};
use crate::model::interval::Interval;
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::period::Cycle;
use crate::model::plan::{Cap, Plan};
use crate::reconcile::reopen_word;

/// Overage above the ceiling of the plan.
pub static DETECTOR: Detector = Detector {
    code: "USE-011",
    name: "cap-exceeded",
    kind: FindingKind::Error,
    role: Role::Cause,
    needs: &[],
    basis: &["mfd-509", "mfd-577", "xf-16", "xfss-12", "dx-33"],
    page: include_str!("cap_exceeded.md"),
    stakes,
    detect,
};

/// Usage charges under a plan with a ceiling for them.
struct Capped<'a> {
    charged: &'a Charged,
    plan: &'a Plan,
    cap: &'a Cap,
    /// Yuan: the highest ceiling under every reading, and what other plans may charge in the group.
    most: Money,
    is_inferred: bool,
}

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    let mut stakes = vec![];
    for capped in capped(facts)? {
        // The ceiling and the bill suffice: how much was used does not matter.
        stakes.push(Stake::answered(capped.charged.cycle));
    }
    Ok(stakes)
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    let mut findings = vec![];
    for capped in capped(facts)? {
        let excess = capped.charged.billed.minus(capped.most)?;
        if excess.is_positive() && !was_reopened(facts, capped.charged.cycle) {
            findings.push(finding(facts, &capped, excess)?);
        }
    }
    Ok(findings)
}

fn capped<'a>(facts: &Facts<'a>) -> Result<Vec<Capped<'a>>> {
    let mut all = vec![];
    for charged in charged(facts)? {
        let in_force = &facts.rated.in_force;
        let plans = in_force.plans_in(charged.cycle).map(|plan| (&*plan.plan, plan.basis));
        let packs = in_force.packs_in(charged.cycle).map(|pack| (&*pack.pack, pack.basis));
        let owner = plans.chain(packs).find_map(|(plan, basis)| {
            let of_group = charged.items(facts).any(|(_, item)| item.clause.plan == plan.id);
            let [unit] = charged.units[..] else { return None };
            let cap = plan.caps.iter().find(|cap| cap.unit == unit).filter(|_| of_group)?;
            Some((plan, cap, basis))
        });
        let Some((plan, cap, basis)) = owner else { continue };
        let readings = plan.readings.iter().map(|reading| &*reading.plan);
        let ceilings = readings.map(|plan| plan.caps.iter().find(|other| other.unit == cap.unit));
        let Some(ceilings) = ceilings.collect::<Option<Vec<&Cap>>>() else { continue };
        let highest = ceilings.iter().map(|cap| cap.amount).max().unwrap_or(cap.amount).max(cap.amount);
        let foreign = charged.items(facts).filter(|(_, item)| item.clause.plan != plan.id);
        let others = Interval::sum(foreign.map(|(_, item)| item.amount))?.high;
        let oral = plan.clause(&cap.clause).is_some_and(|clause| clause.oral);
        let most = highest.plus(others)?;
        all.push(Capped { charged, plan, cap, most, is_inferred: oral || basis.is_inferred() });
    }
    Ok(all)
}

/// Returns whether the customer asked in that cycle to go on beyond the ceiling: by an order, or by what
/// was said to the operator.
pub(crate) fn was_reopened(facts: &Facts<'_>, cycle: Cycle) -> bool {
    let span = cycle.span();
    let orders = facts.line.orders.iter().filter(|order| span.contains(order.ordered_at.day()));
    let contacts = facts.case.file.contacts.iter().filter(|contact| span.contains(contact.at.day()));
    let said = contacts.filter_map(|contact| contact.said.as_deref());
    orders.map(|order| order.name.as_str()).chain(said).any(|text| reopen_word(text).is_some())
}

fn finding(facts: &Facts<'_>, capped: &Capped<'_>, excess: Money) -> Result<Finding> {
    let (verdict, known) =
        if capped.is_inferred { (Verdict::Probable, "inferred") } else { (Verdict::Proven, "stated") };
    let stake = capped.charged.stake(facts, excess)?;
    let mut finding = stake.finding(DETECTOR.code, FindingKind::Error, verdict, known);
    capped.charged.limit(facts, &mut finding)?;
    finding.explanation = finding
        .explanation
        .text("billed", capped.charged.billed)
        .text("cap", capped.most)
        .text("plan", &capped.plan.name)
        .text("clause", &capped.cap.clause);
    finding.clauses.push(ClauseRef { plan: capped.plan.id.clone(), clause: capped.cap.clause.clone() });
    finding.innocent = vec![Message::new("USE-011.innocent")];
    finding.ask =
        vec![Message::new("USE-011.ask").text("month", capped.charged.cycle).text("amount", excess)];
    Ok(finding)
}
