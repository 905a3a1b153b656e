//! SUB-003 charged-after-cancellation.

use crate::detect::orders::{
    begins, bill_names, first_day, is_named, quote_orders, rest_on_orders, verdict_by_orders,
};
use crate::detect::subscription::charge::{ask_refund, line_stake, net};
use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::coverage::{Completeness, CoverKind};
use crate::model::finding::{EvidenceRole, Finding, FindingKind, Override};
use crate::model::message::Message;
use crate::model::period::{Cycle, Day, DaySpan};
use crate::model::plan::Plan;
use crate::model::record::{BillLine, Category, Order, OrderAction};
use crate::rating::in_force::{Basis, first_day_without};
use crate::reconcile::name::same;

/// A fee was charged for a month that began after the cancellation took effect.
pub static DETECTOR: Detector = Detector {
    code: "SUB-003",
    name: "charged-after-cancellation",
    kind: FindingKind::Error,
    role: Role::Plain,
    needs: &[CoverKind::Orders],
    basis: &["mfd-122", "mfd-985", "hy-cucc-4", "cq-21"],
    page: include_str!("charged_after_cancellation.md"),
    stakes,
    detect,
};

/// A charge of something cancelled.
struct Charged<'a> {
    /// Index in the line's bill.
    index: usize,
    line: &'a BillLine,
    cancel: &'a Order,
    /// First day without the product.
    ended: Day,
    /// Whether the last month in force is not in the papers, so that the charge may be for it.
    doubtful: bool,
}

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    charged(facts)
        .iter()
        .map(|charged| Ok(line_stake(facts, charged.index, net(facts, charged.index)?, vec![])))
        .collect()
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    let mut findings = vec![];
    for charged in charged(facts) {
        findings.extend(finding(facts, &charged)?);
    }
    Ok(findings)
}

fn charged<'a>(facts: &Facts<'a>) -> Vec<Charged<'a>> {
    let mut found: Vec<Charged<'a>> = vec![];
    let fees = facts.line.bill.iter().enumerate().filter(|(_, line)| is_fee(line));
    for (index, line) in fees {
        // The latest cancellation speaks; an earlier one was overtaken by what came after it.
        let cancels = facts.line.orders.iter().rev().filter(|order| order.action == OrderAction::Cancel);
        found.extend(cancels.filter_map(|cancel| charge(facts, index, line, cancel)).next());
    }
    found
}

fn is_fee(line: &BillLine) -> bool {
    let fixed =
        matches!(line.category, Category::PlanFee | Category::PackFee | Category::Vas | Category::ThirdParty);
    fixed && line.amount.is_positive()
}

fn charge<'a>(facts: &Facts<'a>, index: usize, line: &'a BillLine, cancel: &'a Order) -> Option<Charged<'a>> {
    let names = names_of(facts, cancel);
    let named = |item: &str| names.iter().any(|name| same(name, item));
    let ended = first_day_without(cancel);
    let cycle = line.cycle;
    if !named(&line.item) || ended > cycle.span().start || is_in_force(facts, line) {
        return None;
    }
    // Ordered again: later, or earlier for a time after the end.
    let again = facts.line.orders.iter().any(|order| {
        let later = order.ordered_at > cancel.ordered_at || first_day(order) >= ended;
        begins(order) && is_named(order, &names) && later && first_day(order) < cycle.span().end
    });
    let last_cycle = Cycle::of(ended.pred_opt().unwrap_or(ended));
    let charged_in = |cycle: Cycle| facts.line.charges_of(cycle).any(|(_, other)| named(&other.item));
    let billed_in = |cycle: Cycle| facts.line.charges_of(cycle).next().is_some();
    // The first charge after the end may be that of the last month in force, printed a month late.
    let first = cycle == last_cycle.next();
    let late = first && billed_in(last_cycle) && !charged_in(last_cycle);
    let doubtful = first && !billed_in(last_cycle);
    (!again && !late).then_some(Charged { index, line, cancel, ended, doubtful })
}

/// Returns every name under which a bill may charge what the row names.
fn names_of(facts: &Facts<'_>, order: &Order) -> Vec<String> {
    let plans = facts.rated.in_force.plans.iter().map(|plan| &*plan.plan);
    let packs = facts.rated.in_force.packs.iter().map(|pack| &*pack.pack);
    let called =
        |plan: &&Plan| plan.names().any(|name| same(name, &order.name) || same(name, &order.product));
    let known = plans.chain(packs).filter(called).flat_map(bill_names);
    let mut names: Vec<String> = known.chain([order.name.clone(), order.product.clone()]).collect();
    names.retain(|name| !name.is_empty());
    names.sort();
    names.dedup();
    names
}

/// Returns whether a plan or pack that is in force in the cycle bills under the line's name.
fn is_in_force(facts: &Facts<'_>, line: &BillLine) -> bool {
    let plans = facts.rated.in_force.plans_in(line.cycle).map(|plan| &*plan.plan);
    let packs = facts.rated.in_force.packs_in(line.cycle).filter(|pack| pack.basis >= Basis::CaseFile);
    plans
        .chain(packs.map(|pack| &*pack.pack))
        .any(|plan| bill_names(plan).iter().any(|name| same(name, &line.item)))
}

fn finding(facts: &Facts<'_>, charged: &Charged<'_>) -> Result<Option<Finding>> {
    let amount = net(facts, charged.index)?;
    if !amount.is_positive() {
        return Ok(None);
    }
    let span = DaySpan { start: charged.cancel.ordered_at.day(), end: charged.line.cycle.span().end };
    let on_paper = facts.line.completeness(CoverKind::Orders, span);
    let known = if charged.doubtful { on_paper.min(Completeness::Inferred) } else { on_paper };
    let stake = line_stake(facts, charged.index, amount, vec![]);
    let mut finding = stake.finding(DETECTOR.code, FindingKind::Error, verdict_by_orders(known), "cancelled");
    finding.explanation =
        finding.explanation.text("at", charged.cancel.ordered_at).text("ended", charged.ended);
    finding.overrides = vec![Override::Refuted { bill_line: charged.index }];
    quote_orders(facts, &mut finding, EvidenceRole::Supports, [charged.cancel]);
    rest_on_orders(facts, &mut finding, known, span);
    let again =
        if on_paper.is_proved() { "SUB-003.innocent.no-order" } else { "SUB-003.innocent.order-unknown" };
    let late = if charged.doubtful { "SUB-003.innocent.late-unknown" } else { "SUB-003.innocent.late" };
    finding.innocent = vec![
        Message::new("SUB-003.innocent.next-month").text("ended", charged.ended),
        Message::new(again),
        Message::new(late),
    ];
    finding.ask.insert(0, Message::new("SUB-003.ask").text("item", &charged.line.item));
    finding.ask.insert(1, ask_refund(charged.line, amount));
    Ok(Some(finding))
}
