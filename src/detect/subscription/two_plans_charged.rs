//! SUB-010 two-plans-charged.

use crate::detect::orders::{bill_names, quote_orders, rest_on_orders, verdict_by_orders};
use crate::detect::subscription::charge::{ask_refund, line_stake, net};
use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::coverage::{Completeness, CoverKind};
use crate::model::finding::{EvidenceRole, Finding, FindingKind, Override};
use crate::model::message::Message;
use crate::model::period::{Cycle, DaySpan};
use crate::model::plan::Plan;
use crate::model::record::{BillLine, Category};
use crate::rating::in_force::{Basis, PlanInForce};
use crate::reconcile::name::same;

/// The plan that was replaced was charged beside the one that replaced it.
pub static DETECTOR: Detector = Detector {
    code: "SUB-010",
    name: "two-plans-charged",
    kind: FindingKind::Error,
    role: Role::Plain,
    needs: &[CoverKind::Orders],
    basis: &["mfd-122", "mfd-985", "mfd-509", "hy-cucc-4"],
    page: include_str!("two_plans_charged.md"),
    stakes,
    detect,
};

/// The old plan's fee on the bill of a cycle that the new plan covers from its first to its last day.
struct OldFee<'a> {
    index: usize,
    line: &'a BillLine,
    old: &'a PlanInForce,
    new: &'a PlanInForce,
    /// Bill line of the new plan's fee.
    beside: usize,
    /// Whether the last month of the old plan is not in the papers, so that the fee may be for it.
    doubtful: bool,
}

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    old_fees(facts)
        .iter()
        .map(|fee| Ok(line_stake(facts, fee.index, net(facts, fee.index)?, vec![])))
        .collect()
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    let mut findings = vec![];
    for fee in old_fees(facts) {
        findings.extend(finding(facts, &fee)?);
    }
    Ok(findings)
}

fn old_fees<'a>(facts: &Facts<'a>) -> Vec<OldFee<'a>> {
    facts.line.billed_cycles().into_iter().filter_map(|cycle| old_fee(facts, cycle)).collect()
}

fn old_fee<'a>(facts: &Facts<'a>, cycle: Cycle) -> Option<OldFee<'a>> {
    let plans = &facts.rated.in_force.plans;
    let new = plans.iter().find(|plan| plan.span.covers(cycle.span()) && plan.basis >= Basis::CaseFile)?;
    let replaced =
        plans.iter().filter(|plan| plan.span.end <= cycle.span().start && plan.plan.id != new.plan.id);
    let old = replaced.max_by_key(|plan| plan.span.end)?;
    let beside = fee_line(facts, cycle, &new.plan, &old.plan)?;
    let index = fee_line(facts, cycle, &old.plan, &new.plan).filter(|index| *index != beside)?;
    let before = cycle.previous();
    let billed = facts.line.charges_of(before).next().is_some();
    let charged = fee_line(facts, before, &old.plan, &new.plan).is_some();
    let first = old.span.end == cycle.span().start;
    // The old plan's last month may be charged a month late.
    let late = first && billed && !charged;
    let doubtful = first && !billed;
    (!late).then_some(OldFee { index, line: &facts.line.bill[index], old, new, beside, doubtful })
}

/// Returns the monthly fee of the plan on the bill: by a name that only it uses, else by a name that both use and
/// its own price.
fn fee_line(facts: &Facts<'_>, cycle: Cycle, plan: &Plan, other: &Plan) -> Option<usize> {
    let (own, others) = (bill_names(plan), bill_names(other));
    let named = |names: &[String], line: &BillLine| names.iter().any(|name| same(name, &line.item));
    let monthly = plan.fee().map(|fee| fee.monthly)?;
    let differs = other.fee().is_none_or(|fee| fee.monthly != monthly);
    let mut fees = facts.line.charges_of(cycle).filter(|(_, line)| {
        line.category == Category::PlanFee && line.amount.is_positive() && named(&own, line)
    });
    let found = fees.find(|(_, line)| !named(&others, line) || (differs && line.amount == monthly));
    found.map(|(index, _)| index)
}

fn finding(facts: &Facts<'_>, fee: &OldFee<'_>) -> Result<Option<Finding>> {
    let amount = net(facts, fee.index)?.min(fee.line.amount);
    if !amount.is_positive() {
        return Ok(None);
    }
    let span = DaySpan { start: fee.new.span.start, end: fee.line.cycle.span().end };
    let on_paper = facts.line.completeness(CoverKind::Orders, span);
    let by_row = matches!(fee.new.basis, Basis::Order(_)) && !fee.doubtful;
    let known = if by_row { on_paper } else { on_paper.min(Completeness::Inferred) };
    let stake = line_stake(facts, fee.index, amount, vec![]);
    let mut finding = stake.finding(DETECTOR.code, FindingKind::Error, verdict_by_orders(known), "both");
    finding.explanation = finding
        .explanation
        .text("old", &fee.old.plan.name)
        .text("new", &fee.new.plan.name)
        .text("since", fee.new.span.start);
    finding.overrides = vec![Override::Refuted { bill_line: fee.index }];
    finding.evidence.extend(facts.amounts(&[fee.beside]));
    let change = facts.line.orders.iter().filter(|order| fee.new.basis == Basis::Order(order.at));
    quote_orders(facts, &mut finding, EvidenceRole::Supports, change);
    rest_on_orders(facts, &mut finding, known, span);
    let late = if fee.doubtful { "SUB-010.innocent.late-unknown" } else { "SUB-010.innocent.late" };
    finding.innocent = vec![
        Message::new("SUB-010.innocent.mid-cycle").text("since", fee.new.span.start),
        Message::new(late),
    ];
    finding
        .ask
        .insert(0, Message::new("SUB-010.ask").text("month", fee.line.cycle).text("old", &fee.old.plan.name));
    finding.ask.insert(1, ask_refund(fee.line, amount));
    Ok(Some(finding))
}
