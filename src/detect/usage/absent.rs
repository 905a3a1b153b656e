//! Charged without events: the common part of USE-001…004. Absence is proved by a list that holds every
//! event of the kind in the cycle, never assumed.

use crate::detect::papers::{
    QUOTED_ROWS_MAX, bill_item, clauses_of, how_known, is_chargeable, kind_name, last_days_before, verdict_of,
};
use crate::detect::usage::charged::weaker;
use crate::detect::usage::late::{self, LATE_DAYS, may_hold, units_of};
use crate::detect::{Facts, Stake};
use crate::error::Result;
use crate::model::coverage::{Completeness, CoverKind};
use crate::model::finding::{Evidence, EvidenceRole, Finding, FindingKind, Override, Target, Verdict};
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::period::Cycle;
use crate::model::quantity::Unit;
use crate::model::record::BillLine;
use crate::model::source::CellRef;
use crate::model::usage::UsageEvent;

/// A usage fee: the bill line, the kinds that it may contain, and what is left of it after its reductions.
struct Fee<'a> {
    index: usize,
    line: &'a BillLine,
    units: Vec<Unit>,
    net: Money,
}

/// Returns the fees of that kind, and for each what is missing to tell whether there was an event.
pub fn stakes(facts: &Facts<'_>, unit: Unit) -> Result<Vec<Stake>> {
    let question = |fee: &Fee<'_>| {
        let span = fee.line.cycle.span();
        let open = fee.units.iter().any(|unit| facts.is_unknown((*unit).into(), span));
        if open && !is_explained(facts, fee) { stake(facts, fee) } else { Stake::answered(fee.line.cycle) }
    };
    Ok(fees(facts, unit)?.iter().map(question).collect())
}

/// Returns the fees of that kind for which the papers show no event.
pub fn findings(facts: &Facts<'_>, code: &'static str, unit: Unit) -> Result<Vec<Finding>> {
    let fees = fees(facts, unit)?;
    let told = fees.iter().filter_map(|fee| {
        if is_explained(facts, fee) {
            return None;
        }
        let stake = stake(facts, fee);
        stake.missing.is_empty().then(|| finding(facts, code, fee, &stake)).flatten()
    });
    Ok(told.collect())
}

fn fees<'a>(facts: &Facts<'a>, unit: Unit) -> Result<Vec<Fee<'a>>> {
    let mut fees = vec![];
    for (index, line) in facts.line.bill.iter().enumerate() {
        let charged = line.category.is_charge() && line.amount.is_positive();
        if !charged || !may_hold(line, unit) || facts.is_subscription(index) || facts.is_other_card(index) {
            continue;
        }
        let units = units_of(line);
        let net = net_of(facts, index)?;
        if net.is_positive() {
            fees.push(Fee { index, line, units, net });
        }
    }
    Ok(fees)
}

/// Returns the line's amount after the reductions that are tied to it (fine print 26).
fn net_of(facts: &Facts<'_>, index: usize) -> Result<Money> {
    let amount = facts.line.bill[index].amount;
    let Some(group) = facts.reconciliation.group_of(index) else { return Ok(amount) };
    let together = Money::sum(group.lines.iter().map(|line| facts.line.bill[*line].amount))?;
    Ok(amount.min(together))
}

/// Returns the stake of a fee that no event explains.
fn stake(facts: &Facts<'_>, fee: &Fee<'_>) -> Stake {
    let cycle = fee.line.cycle;
    let needed = fee.units.iter().map(|unit| CoverKind::from(*unit));
    let missing = needed.filter_map(|kind| facts.need(kind, cycle.span())).collect();
    let (_, items) = facts.tied(fee.index);
    Stake {
        cycle,
        day: None,
        amount: fee.net,
        on: vec![(Target::BillLine(fee.index), fee.net)],
        subject: format!("{}|{}", fee.line.item, fee.line.amount),
        what: bill_item(fee.line),
        evidence: facts.amounts(&[fee.index]),
        clauses: clauses_of(&items),
        missing,
    }
}

/// Returns whether an event explains the fee: one of the cycle, a late one of the cycle before that was
/// not billed there, or an older one that the list of this cycle prints (fine print 12 and 34).
fn is_explained(facts: &Facts<'_>, fee: &Fee<'_>) -> bool {
    let cycle = fee.line.cycle;
    let own = facts.events_between(&fee.units, cycle.start_time(), cycle.end_time());
    own.into_iter().any(|event| is_chargeable(&event))
        || !late::explaining(facts, &fee.units, cycle).is_empty()
}

fn finding(facts: &Facts<'_>, code: &'static str, fee: &Fee<'_>, stake: &Stake) -> Option<Finding> {
    let cycle = fee.line.cycle;
    let kinds = fee.units.iter().map(|unit| CoverKind::from(*unit));
    let weakest = kinds.map(|kind| facts.line.completeness(kind, cycle.span())).reduce(weaker)?;
    let provisional = facts.is_provisional(cycle);
    let verdict = verdict_of(weakest)?;
    let verdict = if provisional { verdict.min(Verdict::Probable) } else { verdict };
    let known = if provisional { "provisional" } else { how_known(weakest) };
    let mut finding = stake.finding(code, FindingKind::Error, verdict, known);
    finding.explanation = explained(finding.explanation, fee);
    finding.overrides = vec![Override::Refuted { bill_line: fee.index }];
    finding.evidence.extend(evidence(facts, fee));
    finding.innocent = innocent(facts, code, fee);
    finding.ask = asks(code, fee, weakest);
    if verdict != Verdict::Proven {
        let kinds = fee.units.iter().map(|unit| CoverKind::from(*unit));
        finding.needs = kinds.map(|kind| facts.needed(kind, cycle.span())).collect();
    }
    Some(finding)
}

fn explained(message: Message, fee: &Fee<'_>) -> Message {
    let span = fee.line.cycle.span();
    let kinds = fee.units.iter().map(|unit| kind_name(*unit)).collect();
    message.list("kinds", kinds).text("start", span.start).text("end", span.last())
}

/// Quotes the windows, and the incoming or failed events that are no ground for a fee.
fn evidence(facts: &Facts<'_>, fee: &Fee<'_>) -> Vec<Evidence> {
    let span = fee.line.cycle.span();
    let mut evidence: Vec<Evidence> =
        fee.units.iter().flat_map(|unit| facts.windows((*unit).into(), span)).collect();
    evidence.dedup();
    let whole_row = |event: UsageEvent<'_>| CellRef { row: event.at, column: None };
    let free = free_events(facts, fee).take(QUOTED_ROWS_MAX);
    evidence.extend(free.map(|event| Evidence { role: EvidenceRole::Context, at: whole_row(event) }));
    evidence
}

fn free_events<'a>(facts: &Facts<'a>, fee: &Fee<'_>) -> impl Iterator<Item = UsageEvent<'a>> {
    let cycle = fee.line.cycle;
    let events = facts.events_between(&fee.units, cycle.start_time(), cycle.end_time());
    events.filter(|event| !is_chargeable(event))
}

fn innocent(facts: &Facts<'_>, code: &'static str, fee: &Fee<'_>) -> Vec<Message> {
    let before = last_days_before(fee.line.cycle, LATE_DAYS);
    let kinds = || fee.units.iter().map(|unit| kind_name(*unit)).collect::<Vec<_>>();
    let seen =
        fee.units.iter().all(|unit| facts.line.completeness((*unit).into(), before) != Completeness::Unknown);
    let billed = late::events(facts, &fee.units, fee.line.cycle).next().is_some();
    let late = match (seen, billed) {
        (_, true) => "detect.innocent.late-billed",
        (true, false) => "detect.innocent.late-none",
        (false, false) => "detect.innocent.late-unknown",
    };
    let month = Cycle::of(before.start);
    let mut innocent = vec![Message::new(late).list("kinds", kinds()).text("month", month)];
    let free = free_events(facts, fee).count();
    if free > 0 {
        innocent
            .push(Message::new("detect.innocent.free-events").list("kinds", kinds()).count("count", free));
    }
    innocent.push(Message::new(format!("{code}.innocent")));
    innocent
}

fn asks(code: &'static str, fee: &Fee<'_>, known: Completeness) -> Vec<Message> {
    let amount = |key: &str| {
        Message::new(key).text("item", &fee.line.item).text("amount", fee.net).text("month", fee.line.cycle)
    };
    let mut asks = vec![amount(&format!("{code}.ask.records")), amount("detect.ask.refund")];
    if known == (Completeness::Proved { declared: true }) {
        asks.push(Message::new("detect.ask.enclose-query-screen"));
    }
    asks
}
