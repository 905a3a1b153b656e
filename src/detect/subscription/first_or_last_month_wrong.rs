//! SUB-006 first-or-last-month-wrong.

use crate::detect::orders::quote_orders;
use crate::detect::subscription::charge::{
    ask_refund, line_stake, loose_reductions, net, only_item, plan_of,
};
use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::coverage::CoverKind;
use crate::model::finding::{EvidenceRole, Finding, FindingKind, Verdict};
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::period::{Cycle, Day};
use crate::model::record::BillLine;
use crate::rating::in_force::{Basis, PlanInForce};
use crate::rating::outcome::ExpectedItem;

/// The fee of the month of joining or leaving is higher than the plan's own proration.
pub static DETECTOR: Detector = Detector {
    code: "SUB-006",
    name: "first-or-last-month-wrong",
    kind: FindingKind::Error,
    role: Role::Plain,
    needs: &[CoverKind::Orders],
    basis: &["mfd-498", "xf-10", "qh-10"],
    page: include_str!("first_or_last_month_wrong.md"),
    stakes,
    detect,
};

/// The monthly fee of a month that the plan was in force in part only.
struct PartMonth<'a> {
    index: usize,
    line: &'a BillLine,
    item: &'a ExpectedItem,
    plan: &'a PlanInForce,
    /// First day with the plan, or the last.
    edge: Edge,
}

/// Where the plan's days end inside the month.
#[derive(Debug, Clone, Copy)]
enum Edge {
    First(Day),
    Last(Day),
}

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    part_months(facts)
        .iter()
        .map(|part| Ok(line_stake(facts, part.index, surplus(facts, part)?.or_zero(), vec![])))
        .collect()
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    let mut findings = vec![];
    for part in part_months(facts) {
        let surplus = surplus(facts, &part)?;
        // A reduction that belongs to no charge may be the proration itself.
        if surplus.is_positive() && loose_reductions(facts, part.line.cycle)? < surplus {
            findings.push(finding(facts, &part, surplus));
        }
    }
    Ok(findings)
}

fn part_months<'a>(facts: &Facts<'a>) -> Vec<PartMonth<'a>> {
    let lines = facts.line.bill.iter().enumerate().filter(|(_, line)| line.amount.is_positive());
    let parts = lines.filter_map(|(index, line)| {
        let (_, item) = only_item(facts, index)?;
        let plan = plan_of(facts, line.cycle, item)?;
        let edge = edge(plan, line.cycle)?;
        let running = facts.rated.in_force.suspended_throughout(line.cycle).is_none();
        running.then_some(PartMonth { index, line, item, plan, edge })
    });
    parts.collect()
}

fn edge(plan: &PlanInForce, cycle: Cycle) -> Option<Edge> {
    let month = cycle.span();
    let joins = plan.joined == Some(plan.span.start) && month.contains(plan.span.start);
    let leaves = plan.ended && month.contains(plan.span.last());
    if joins && plan.span.start > month.start {
        return Some(Edge::First(plan.span.start));
    }
    (leaves && plan.span.end < month.end).then_some(Edge::Last(plan.span.last()))
}

fn surplus(facts: &Facts<'_>, part: &PartMonth<'_>) -> Result<Money> {
    net(facts, part.index)?.minus(part.item.amount.high)
}

fn finding(facts: &Facts<'_>, part: &PartMonth<'_>, surplus: Money) -> Finding {
    let by_row = matches!(part.plan.basis, Basis::Order(_));
    // A day that only the complainant states is one fact without a record.
    let verdict = if by_row && !part.item.inferred { Verdict::Proven } else { Verdict::Probable };
    let (edge, day) = match part.edge {
        Edge::First(day) => ("first", day),
        Edge::Last(day) => ("last", day),
    };
    let stake = line_stake(facts, part.index, surplus, vec![]);
    let mut finding = stake.finding(DETECTOR.code, FindingKind::Error, verdict, edge);
    let formula = part.item.trace.iter().rev().find(|step| !step.formula.is_empty());
    finding.explanation = finding
        .explanation
        .text("day", day)
        .text("plan", &part.plan.plan.name)
        .text("formula", formula.map_or("", |step| step.formula.as_str()))
        .text("due", part.item.amount.high);
    let orders = facts.line.orders.iter().filter(|order| part.plan.basis == Basis::Order(order.at));
    quote_orders(facts, &mut finding, EvidenceRole::Supports, orders);
    finding.innocent =
        vec![Message::new("SUB-006.innocent.full"), Message::new("SUB-006.innocent.day").text("day", day)];
    finding.ask =
        vec![Message::new("SUB-006.ask").text("month", part.line.cycle), ask_refund(part.line, surplus)];
    if !by_row {
        finding.needs = vec![facts.needed(CoverKind::Orders, part.line.cycle.span())];
    }
    finding
}
