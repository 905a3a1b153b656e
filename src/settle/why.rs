//! One sentence a bill line: why its yuan lie where they lie.

use crate::detect::Facts;
use crate::detect::papers::kind_name;
use crate::error::Result;
use crate::model::finding::{Finding, Target, Verdict};
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::quantity::Unit;
use crate::model::record::BillLine;
use crate::model::trace::TraceStep;
use crate::rating::outcome::{ExpectedItem, ItemKind};
use crate::settle::bounds::{Bounds, Ground, MadeLine, is_reduction};
use crate::settle::claim::Claims;

/// Where the yuan of a line went; the rest is explained.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parts {
    pub(super) amount: Money,
    pub(super) disputed: Money,
    pub(super) unverified: Money,
}

/// Returns the sentence of a bill line.
pub(super) fn of_line(
    facts: &Facts<'_>,
    findings: &[Finding],
    bounds: &Bounds,
    claims: &Claims,
    parts: &Parts,
    index: usize,
) -> Result<Message> {
    let line = &facts.line.bill[index];
    if parts.disputed.is_positive() {
        return Ok(disputed(findings, claims, parts, Target::BillLine(index)));
    }
    if parts.unverified.is_positive() {
        return unverified(facts, findings, bounds, line, index);
    }
    if let Some(reversal) = facts.reconciliation.reversals.get(&index).and_then(|parts| parts.first()) {
        let row = &facts.line.bill[reversal.by];
        return Ok(Message::new("settle.why.given-back")
            .text("month", row.cycle)
            .text("amount", reversal.amount));
    }
    Ok(explained(facts, bounds, line))
}

/// Returns the sentence of the made line 合计差额.
pub(super) fn of_made(facts: &Facts<'_>, findings: &[Finding], made: &MadeLine, claims: &Claims) -> Message {
    let target = Target::TotalDifference(made.cycle);
    let codes = codes(findings, claims, target);
    let figures = |key: &str| {
        Message::new(key).text("total", facts.line.bill[made.total].amount).text("amount", made.amount.abs())
    };
    match (codes.is_empty(), made.amount.is_negative()) {
        (false, _) => Message::new("settle.why.finding").list("codes", codes),
        (true, true) => figures("settle.why.total-below"),
        (true, false) if made.due.is_certain() => figures("settle.why.total-explained"),
        (true, false) => figures("settle.why.total-open"),
    }
}

/// Returns the sentence of the made line for credits that the bill lacks.
pub(super) fn of_missing_credit(findings: &[Finding], claims: &Claims, target: Target) -> Message {
    Message::new("settle.why.finding").list("codes", codes(findings, claims, target))
}

fn disputed(findings: &[Finding], claims: &Claims, parts: &Parts, target: Target) -> Message {
    let codes = codes(findings, claims, target);
    if parts.disputed == parts.amount {
        return Message::new("settle.why.finding").list("codes", codes);
    }
    let key = if parts.unverified.is_zero() { "settle.why.partly" } else { "settle.why.partly-open" };
    Message::new(key).list("codes", codes).text("disputed", parts.disputed)
}

/// Returns the codes of the findings that claim yuan of the target, each once.
fn codes(findings: &[Finding], claims: &Claims, target: Target) -> Vec<Message> {
    let on = claims.parts.iter().filter(|part| part.target == target);
    let mut codes: Vec<&str> = on.map(|part| findings[part.finding].code).collect();
    codes.sort_unstable();
    codes.dedup();
    codes.into_iter().map(|code| Message::new("settle.why.code").text("code", code)).collect()
}

fn unverified(
    facts: &Facts<'_>,
    findings: &[Finding],
    bounds: &Bounds,
    line: &BillLine,
    index: usize,
) -> Result<Message> {
    let target = Target::BillLine(index);
    let open = findings.iter().find(|finding| {
        finding.verdict == Verdict::NeedsEvidence && finding.on.iter().any(|(on, _)| *on == target)
    });
    let tie = list_ties(facts, line)?;
    Ok(match (&bounds.ground, open) {
        (_, Some(finding)) => Message::new("settle.why.open")
            .text("code", finding.code)
            .list("records", finding.needs.iter().map(|need| need.what.clone()).collect()),
        (Ground::NoRule, _) if tie => Message::new("settle.why.list-ties").text("amount", line.amount),
        (Ground::NoRule, _) => Message::new("settle.why.no-rule"),
        (Ground::Incomplete(units), _) => {
            let kinds = units.iter().map(|unit| kind_name(*unit)).collect();
            Message::new("settle.why.incomplete").list("kinds", kinds)
        }
        _ if bounds.billed <= bounds.due.high => {
            Message::new("settle.why.range").text("low", bounds.due.low).text("high", bounds.due.high)
        }
        _ => Message::new("settle.why.above").text("due", bounds.due.high).text("billed", bounds.billed),
    })
}

/// Returns whether the list's own fees of the line's kinds add up to the line (fine print 29).
fn list_ties(facts: &Facts<'_>, line: &BillLine) -> Result<bool> {
    let own = Unit::ALL.into_iter().filter(|unit| {
        line.units.contains(unit) || crate::model::record::Category::of_unit(*unit) == line.category
    });
    let units: Vec<Unit> = own.collect();
    let events = facts.events_between(&units, line.cycle.start_time(), line.cycle.end_time());
    let fees: Vec<Money> = events.filter_map(|event| event.fee).collect();
    Ok(!fees.is_empty() && Money::sum(fees)? == line.amount)
}

fn explained(facts: &Facts<'_>, bounds: &Bounds, line: &BillLine) -> Message {
    let items = facts.items_of(&bounds.group);
    match &bounds.ground {
        Ground::Order(price) => Message::new("settle.why.order").text("price", price),
        Ground::Law(limit) => Message::new("settle.why.late-fee").text("limit", limit),
        Ground::Reduction => Message::new("settle.why.reduction"),
        _ if is_reduction(line.category) && items.is_empty() => Message::new("settle.why.reduction"),
        _ if line.amount.is_zero() => Message::new("settle.why.zero"),
        _ if bounds.billed < bounds.due.low => Message::new("settle.why.below")
            .text("due", bounds.due.low)
            .text("billed", bounds.billed)
            .list("clauses", clauses(&items)),
        _ => by_rule(&items, line.amount),
    }
}

/// Returns the formula of the only usage item where one step gives the line's amount, else the clauses
/// that the line agrees with.
fn by_rule(items: &[(usize, &ExpectedItem)], amount: Money) -> Message {
    let [(_, item)] = items else { return matches(items) };
    if !matches!(item.kind, ItemKind::Overage(_)) {
        return matches(items);
    }
    let gives = |step: &&TraceStep| step.formula.contains('×') && step.after == amount.to_string();
    match item.trace.iter().rev().find(gives) {
        Some(step) => {
            Message::new("settle.why.formula").text("formula", &step.formula).list("clauses", clauses(items))
        }
        None => Message::new("settle.why.computed").text("amount", amount).list("clauses", clauses(items)),
    }
}

fn matches(items: &[(usize, &ExpectedItem)]) -> Message {
    Message::new("settle.why.matches").list("clauses", clauses(items))
}

fn clauses(items: &[(usize, &ExpectedItem)]) -> Vec<Message> {
    let clauses = crate::detect::papers::clauses_of(items).into_iter();
    clauses.map(|clause| Message::new("settle.why.clause").text("clause", clause.clause)).collect()
}
