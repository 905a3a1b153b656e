//! USE-015 incoming-or-free-number-charged.

use crate::detect::papers::QUOTED_ROWS_MAX;
use crate::detect::usage::charged::{Charged, charged, listed_fees};
use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::coverage::Completeness;
use crate::model::finding::{EvidenceRole, Finding, FindingKind, Verdict};
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::period::Cycle;
use crate::model::plan::Rate;
use crate::model::quantity::Unit;
use crate::model::usage::{Direction, Scope, UsageEvent};
use crate::rating::FREE_NUMBERS;
use crate::reconcile::foreign_word;

/// A fee on an incoming mainland call or on a call to an emergency number.
pub static DETECTOR: Detector = Detector {
    code: "USE-015",
    name: "incoming-or-free-number-charged",
    kind: FindingKind::Error,
    role: Role::Cause,
    needs: &[],
    basis: &["jg-13", "mmbj-19", "mfd-122", "mfd-985", "xf-10"],
    page: include_str!("incoming_or_free_number_charged.md"),
    stakes,
    detect,
};

/// Calls that should be free and that the list prices.
struct Free<'a> {
    charged: &'a Charged,
    calls: Vec<UsageEvent<'a>>,
    fees: Money,
    /// Whether one of them is an incoming call; else all went to emergency numbers.
    has_incoming: bool,
}

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    Ok(free(facts)?.iter().map(|free| Stake::answered(free.charged.cycle)).collect())
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    let mut findings = vec![];
    for free in free(facts)? {
        findings.extend(finding(facts, &free)?);
    }
    Ok(findings)
}

fn free<'a>(facts: &Facts<'a>) -> Result<Vec<Free<'a>>> {
    let mut all = vec![];
    if !facts.line.usage.states_fees() {
        return Ok(all);
    }
    for charged in charged(facts)?.iter().filter(|charged| charged.units == [Unit::Voice]) {
        let rates = rates(facts, charged.cycle);
        let takes_incoming = rates.iter().any(|rate| rate.matches.direction == Some(Direction::In));
        let is_incoming = |call: &UsageEvent<'_>| call.direction == Direction::In && !takes_incoming;
        let is_emergency = |call: &UsageEvent<'_>| {
            let named = || rates.iter().any(|rate| rate.matches.peers.iter().any(|peer| peer == call.peer));
            FREE_NUMBERS.contains(&call.peer) && !named()
        };
        let priced = charged.events(facts).filter(|call| {
            let has_fee = call.fee.is_some_and(Money::is_positive);
            let mainland = || call.scope == Scope::Domestic && foreign_word(call.location).is_none();
            has_fee && (is_incoming(call) || is_emergency(call)) && mainland()
        });
        let calls: Vec<UsageEvent<'a>> = priced.collect();
        let fees = Money::sum(calls.iter().filter_map(|call| call.fee))?;
        let has_incoming = calls.iter().any(is_incoming);
        if !calls.is_empty() {
            all.push(Free { charged, calls, fees, has_incoming });
        }
    }
    Ok(all)
}

/// Returns the call rates of everything in force in the cycle, under every reading.
fn rates<'a>(facts: &Facts<'a>, cycle: Cycle) -> Vec<&'a Rate> {
    let in_force = &facts.rated.in_force;
    let plans = in_force.plans_in(cycle).map(|plan| &*plan.plan);
    let packs = in_force.packs_in(cycle).map(|pack| &*pack.pack);
    let own = plans.chain(packs);
    let read = own.flat_map(|plan| [plan].into_iter().chain(plan.readings.iter().map(|it| &*it.plan)));
    read.flat_map(|plan| &plan.rates).filter(|rate| rate.unit == Unit::Voice).collect()
}

fn finding(facts: &Facts<'_>, free: &Free<'_>) -> Result<Option<Finding>> {
    let Some((amount, ties)) = charged_for(facts, free)? else { return Ok(None) };
    let (verdict, known) = judged(facts, free, ties);
    let mut finding =
        free.charged.stake(facts, amount)?.finding(DETECTOR.code, FindingKind::Error, verdict, known);
    free.charged.limit(facts, &mut finding)?;
    finding.explanation = finding.explanation.count("count", free.calls.len()).text("fees", free.fees);
    let quoted = free.calls.iter().take(QUOTED_ROWS_MAX);
    finding.evidence.extend(quoted.map(|call| facts.cell(EvidenceRole::Supports, call.at, "fee")));
    finding.innocent = vec![Message::new(format!("USE-015.innocent.{known}"))];
    finding.ask = vec![Message::new("USE-015.ask").text("month", free.charged.cycle).text("amount", amount)];
    Ok(Some(finding))
}

/// Returns how much of the fees the bill charged, and whether the list's fees add up to it: all where they
/// do, else what is above the rules; nothing where neither tells (a bill may credit what a list prices).
fn charged_for(facts: &Facts<'_>, free: &Free<'_>) -> Result<Option<(Money, bool)>> {
    let charged = &free.charged;
    if listed_fees(charged.events(facts))? == Some(charged.billed) {
        return Ok(Some((free.fees.min(charged.billed), true)));
    }
    let explained = !charged.is_priced || !charged.late(facts).is_empty();
    let surplus = if explained { Money::ZERO } else { charged.surplus()? };
    let amount = free.fees.min(surplus);
    Ok(amount.is_positive().then_some((amount, false)))
}

fn judged(facts: &Facts<'_>, free: &Free<'_>, ties: bool) -> (Verdict, &'static str) {
    let charged = &free.charged;
    let inferred = charged.items(facts).any(|(_, item)| item.inferred);
    let complete = charged.completeness(facts) >= Completeness::Proved { declared: false };
    match (free.has_incoming, charged.is_priced) {
        (true, false) => (Verdict::Probable, "no-plan"),
        (true, true) if !inferred && (ties || complete) => (Verdict::Proven, "incoming"),
        (true, true) => (Verdict::Probable, "incoming"),
        (false, _) if ties || (complete && !inferred) => (Verdict::Proven, "emergency"),
        (false, _) => (Verdict::Probable, "emergency"),
    }
}
