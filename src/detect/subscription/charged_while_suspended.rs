//! SUB-011 charged-while-suspended.

use crate::detect::orders::{quote_orders, rest_on_orders, verdict_by_orders};
use crate::detect::papers::is_chargeable;
use crate::detect::subscription::charge::{ask_refund, line_stake, net, only_item, plan_of};
use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::coverage::{Completeness, CoverKind};
use crate::model::finding::{EvidenceRole, Finding, FindingKind, Need};
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::period::DaySpan;
use crate::model::quantity::Unit;
use crate::model::record::BillLine;
use crate::rating::in_force::{PlanInForce, Suspension};

/// A cycle that was wholly suspended cost more than the holding fee.
pub static DETECTOR: Detector = Detector {
    code: "SUB-011",
    name: "charged-while-suspended",
    kind: FindingKind::Error,
    role: Role::Plain,
    needs: &[CoverKind::Orders],
    basis: &["mfd-509", "mfd-122", "hy-cmcc-4"],
    page: include_str!("charged_while_suspended.md"),
    stakes,
    detect,
};

/// The monthly fee of a cycle that was wholly suspended.
struct Pause<'a> {
    index: usize,
    line: &'a BillLine,
    plan: &'a PlanInForce,
    suspension: &'a Suspension,
    /// What such a cycle costs: as the order says, else as the plan says (fine print 16).
    holding: Option<Money>,
    inferred: bool,
}

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    pauses(facts).iter().map(|pause| stake(facts, pause)).collect()
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    let mut findings = vec![];
    for pause in pauses(facts) {
        if let Some(holding) = pause.holding {
            findings.extend(finding(facts, &pause, holding)?);
        }
    }
    Ok(findings)
}

fn pauses<'a>(facts: &Facts<'a>) -> Vec<Pause<'a>> {
    let lines = facts.line.bill.iter().enumerate().filter(|(_, line)| line.amount.is_positive());
    let pauses = lines.filter_map(|(index, line)| {
        let suspension = facts.rated.in_force.suspended_throughout(line.cycle)?;
        let (_, item) = only_item(facts, index)?;
        let plan = plan_of(facts, line.cycle, item)?;
        let holding = suspension.holding_fee.or(plan.plan.fee()?.suspended);
        // A line that was used was not suspended.
        let (start, end) = (line.cycle.start_time(), line.cycle.end_time());
        let used = facts.events_between(&Unit::ALL, start, end).any(|event| is_chargeable(&event));
        (!used).then_some(Pause { index, line, plan, suspension, holding, inferred: item.inferred })
    });
    pauses.collect()
}

fn stake(facts: &Facts<'_>, pause: &Pause<'_>) -> Result<Stake> {
    let amount = net(facts, pause.index)?.minus(pause.holding.unwrap_or(Money::ZERO))?.or_zero();
    let missing = if pause.holding.is_none() { vec![holding_needed(facts, pause)] } else { vec![] };
    Ok(line_stake(facts, pause.index, amount, missing))
}

/// What a suspended month costs stands in the operator's rules or on the receipt of the suspension.
fn holding_needed(facts: &Facts<'_>, pause: &Pause<'_>) -> Need {
    let what = Message::new("SUB-011.need").message("holder", facts.holder());
    Need { what, kept_until: None, ..facts.needed(CoverKind::Orders, pause.line.cycle.span()) }
}

fn finding(facts: &Facts<'_>, pause: &Pause<'_>, holding: Money) -> Result<Option<Finding>> {
    let stake = stake(facts, pause)?;
    if !stake.amount.is_positive() {
        return Ok(None);
    }
    let span = DaySpan { start: pause.suspension.span.start, end: pause.line.cycle.span().end };
    let on_paper = facts.line.completeness(CoverKind::Orders, span);
    let known = if pause.inferred { on_paper.min(Completeness::Inferred) } else { on_paper };
    let mut finding = stake.finding(DETECTOR.code, FindingKind::Error, verdict_by_orders(known), "suspended");
    finding.explanation = finding
        .explanation
        .text("since", pause.suspension.span.start)
        .text("plan", &pause.plan.plan.name)
        .text("holding", holding)
        .text("surplus", stake.amount);
    let row = facts.line.orders.iter().filter(|order| order.at == pause.suspension.at);
    quote_orders(facts, &mut finding, EvidenceRole::Supports, row);
    rest_on_orders(facts, &mut finding, known, span);
    let resumed = if on_paper.is_proved() {
        "SUB-011.innocent.not-resumed"
    } else {
        "SUB-011.innocent.resumed-unknown"
    };
    finding.innocent = vec![Message::new("SUB-011.innocent.stop-month"), Message::new(resumed)];
    finding.ask.insert(0, Message::new("SUB-011.ask").text("month", pause.line.cycle));
    finding.ask.insert(1, ask_refund(pause.line, stake.amount));
    Ok(Some(finding))
}
