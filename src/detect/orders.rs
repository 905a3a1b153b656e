//! What order rows say about the product that a bill item charges.

use crate::detect::Facts;
use crate::model::coverage::{Completeness, CoverKind};
use crate::model::finding::{EvidenceRole, Finding, Verdict};
use crate::model::message::Message;
use crate::model::period::{Cycle, Day, DaySpan};
use crate::model::plan::{Plan, PlanKind};
use crate::model::record::{BillLine, Order, OrderAction};
use crate::rating::in_force::{Basis, first_day_without};
use crate::reconcile::name::{normalised, same};

/// Returns the orders and renewals of the item that charge its cycle.
pub fn orders_of<'a>(facts: &Facts<'a>, line: &'a BillLine) -> impl Iterator<Item = &'a Order> {
    let names = names_of(facts, &line.item);
    let span = line.cycle.span();
    facts.line.orders.iter().filter(move |order| {
        let last = order.effective_last.unwrap_or(span.last());
        begins(order) && is_named(order, &names) && first_day(order) < span.end && last >= span.start
    })
}

/// Returns the order that the charge is for. Charges of one name and their orders are paired: first those whose
/// prices agree, then the others in the order of the papers; with fewer orders than charges the last stay alone.
pub fn order_of_charge<'a>(facts: &Facts<'a>, bill_line: usize) -> Option<&'a Order> {
    let line = &facts.line.bill[bill_line];
    let twins = facts.line.charges_of(line.cycle).filter(|(_, other)| {
        same(&other.item, &line.item) && other.category == line.category && other.amount.is_positive()
    });
    let twins: Vec<(usize, &BillLine)> = twins.collect();
    let mut open: Vec<&Order> =
        orders_of(facts, line).filter(|order| !is_cancelled(facts, line, order)).collect();
    if twins.len() < 2 {
        return open.pop();
    }
    let mut left = vec![];
    for (index, twin) in twins {
        match open.iter().position(|order| order.price == Some(twin.amount)) {
            Some(at) if index == bill_line => return open.get(at).copied(),
            Some(at) => _ = open.remove(at),
            None => left.push(index),
        }
    }
    let place = left.iter().position(|index| *index == bill_line)?;
    open.get(place).copied()
}

/// Returns whether a later cancellation of the item took effect before the cycle of the charge.
fn is_cancelled(facts: &Facts<'_>, line: &BillLine, order: &Order) -> bool {
    let names = names_of(facts, &line.item);
    let mut cancels = facts.line.orders.iter().filter(|other| other.action == OrderAction::Cancel);
    cancels.any(|cancel| {
        cancel.ordered_at >= order.ordered_at
            && is_named(cancel, &names)
            && first_day_without(cancel) <= line.cycle.span().start
    })
}

/// Returns every name of the product that the item charges: its own, and those of the pack that bills so.
pub fn names_of(facts: &Facts<'_>, item: &str) -> Vec<String> {
    let packs = facts.rated.in_force.packs.iter().map(|pack| &*pack.pack);
    let charged = packs.filter(|plan| bill_names(plan).iter().any(|name| same(name, item)));
    let known = charged.flat_map(|plan| plan.names().map(str::to_owned).collect::<Vec<_>>());
    let mut names: Vec<String> = known.chain([item.to_owned()]).collect();
    names.sort();
    names.dedup();
    names
}

/// Returns every name under which a bill may charge the plan or pack.
pub fn bill_names(plan: &Plan) -> Vec<String> {
    let billed_as = match &plan.kind {
        PlanKind::Plan(fee) => fee.as_ref().map_or(&[][..], |fee| &fee.billed_as),
        PlanKind::Pack(pack) => &pack.billed_as,
    };
    plan.names().map(str::to_owned).chain(billed_as.iter().cloned()).collect()
}

/// Returns whether the row begins or extends a product.
pub fn begins(order: &Order) -> bool {
    matches!(order.action, OrderAction::Order | OrderAction::Renew | OrderAction::Change)
}

/// Returns whether the row names one of the names, by product or by name.
pub fn is_named(order: &Order, names: &[String]) -> bool {
    names.iter().any(|name| same(name, &order.name) || same(name, &order.product))
}

/// Returns the first day in force by a row that begins a product.
pub fn first_day(order: &Order) -> Day {
    order.effective_from.unwrap_or_else(|| order.ordered_at.day())
}

/// Returns whether one name holds the other, as `视频会员费` holds `视频会员`: enough to doubt, never to tie.
pub fn is_like(a: &str, b: &str) -> bool {
    let (a, b) = (normalised(a), normalised(b));
    let long_enough = |name: &str| name.chars().count() >= 2;
    long_enough(&a) && long_enough(&b) && (a.contains(&b) || b.contains(&a))
}

/// Returns how completely the orders of the item are on paper to the end of the cycle charged, and the days
/// that it takes: from the line's first day, or from a cycle whose final bill lacks the item (fine print 31).
/// None when neither is known.
pub fn order_history(facts: &Facts<'_>, line: &BillLine) -> Option<(Completeness, DaySpan)> {
    let names = names_of(facts, &line.item);
    let holds = |cycle: Cycle| {
        facts.line.charges_of(cycle).any(|(_, other)| names.iter().any(|name| same(name, &other.item)))
    };
    let earlier = facts.line.billed_cycles().into_iter().filter(|cycle| *cycle < line.cycle);
    let lacking = earlier.filter(|cycle| !holds(*cycle) && !facts.is_provisional(*cycle));
    let first_plan = facts.rated.in_force.plans.first().filter(|plan| plan.basis >= Basis::CaseFile);
    let first_day = first_plan.map(|plan| plan.span.start).filter(|day| *day < line.cycle.span().end);
    let starts = lacking.map(|cycle| cycle.span().start).chain(first_day);
    // A list of the cycle charged alone leaves out an order of the month before: then nothing is proven.
    let before = line.cycle.previous();
    let cost_before = facts
        .line
        .charges_of(before)
        .any(|(_, other)| other.amount.is_positive() && names.iter().any(|name| same(name, &other.item)));
    let begins_here = facts.line.billed_cycles().contains(&before) && !cost_before;
    let of_cycle = facts.line.completeness(CoverKind::Orders, line.cycle.span());
    let suggested = if begins_here { of_cycle.min(Completeness::Inferred) } else { Completeness::Unknown };
    let histories = starts.map(|start| {
        let span = DaySpan { start, end: line.cycle.span().end };
        (facts.line.completeness(CoverKind::Orders, span).max(suggested), span)
    });
    histories.max_by_key(|(completeness, span)| (*completeness, span.start))
}

/// Returns the verdict that an order list allows where a further row in it would change everything.
pub fn verdict_by_orders(completeness: Completeness) -> Verdict {
    if completeness.is_proved() { Verdict::Proven } else { Verdict::Probable }
}

/// Puts into a finding how far the order list speaks: a sentence `known`, its window, and what is still to be
/// asked for or enclosed.
pub fn rest_on_orders(facts: &Facts<'_>, finding: &mut Finding, completeness: Completeness, span: DaySpan) {
    let known = match completeness {
        Completeness::Proved { declared: false } => "sub.orders.stated",
        Completeness::Proved { declared: true } => "sub.orders.declared",
        Completeness::Inferred => "sub.orders.inferred",
        Completeness::Unknown => "sub.orders.unknown",
    };
    let known = Message::new(known).text("start", span.start).text("end", span.last());
    finding.explanation = finding.explanation.clone().message("known", known);
    finding.evidence.extend(facts.windows(CoverKind::Orders, span));
    if completeness == (Completeness::Proved { declared: true }) {
        finding.ask.push(Message::new("detect.ask.enclose-query-screen"));
    }
    if !completeness.is_proved() {
        finding.needs.push(facts.needed(CoverKind::Orders, span));
    }
}

/// Quotes order rows.
pub fn quote_orders<'a>(
    facts: &Facts<'_>,
    finding: &mut Finding,
    role: EvidenceRole,
    orders: impl IntoIterator<Item = &'a Order>,
) {
    for order in orders {
        let field = if order.name.is_empty() { "product" } else { "name" };
        finding.evidence.push(facts.cell(role, order.at, field));
    }
}
