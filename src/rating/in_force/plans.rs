//! The line's plan over time: order records, then case.toml, then `--plan`.

use std::sync::Arc;

use super::{Basis, PlanInForce, View, far_future, far_past, first_day_without};
use crate::model::message::Message;
use crate::model::period::{Day, DaySpan};
use crate::model::plan::Plan;
use crate::model::record::OrderAction;

/// One stay on a plan, before its versions are looked up.
#[derive(Debug, Clone)]
struct Stay {
    id: String,
    start: Day,
    /// First day without; none = open.
    end: Option<Day>,
    basis: Basis,
}

pub(super) fn plans(view: &View<'_>, assumed: &[String], notes: &mut Vec<Message>) -> Vec<PlanInForce> {
    let ordered = one_at_a_time(by_orders(view));
    let stated = one_at_a_time(by_case_file(view, notes));
    let mut stays = before_orders(stated, &ordered, notes);
    stays.extend(ordered);
    if stays.is_empty() {
        stays.extend(assumed_plan(view, assumed, notes));
    }
    stays.iter().flat_map(|stay| versions(view, stay, notes)).collect()
}

fn by_orders(view: &View<'_>) -> Vec<Stay> {
    let mut stays: Vec<Stay> = Vec::new();
    for row in &view.rows {
        let Some(id) = view.product_of(row).filter(|id| !view.is_pack(id)) else { continue };
        match row.action {
            OrderAction::Order | OrderAction::Change | OrderAction::Renew => {
                let start = row.effective_from.unwrap_or_else(|| row.ordered_at.day());
                let end = row.effective_last.and_then(|last| last.succ_opt());
                let running = stays.iter_mut().rfind(|stay| {
                    stay.id == id && stay.start <= start && stay.end.is_none_or(|end| start <= end)
                });
                match running {
                    Some(stay) if row.action == OrderAction::Renew => stay.end = end,
                    _ => stays.push(Stay { id: id.to_owned(), start, end, basis: Basis::Order(row.at) }),
                }
            }
            OrderAction::Cancel => {
                let without = first_day_without(row);
                for stay in stays.iter_mut().filter(|stay| stay.id == id && stay.start < without) {
                    stay.end = Some(stay.end.map_or(without, |end| end.min(without)));
                }
            }
            OrderAction::Suspend | OrderAction::Resume => {}
        }
    }
    stays
}

fn by_case_file(view: &View<'_>, notes: &mut Vec<Message>) -> Vec<Stay> {
    let mut stays = Vec::new();
    for subscription in &view.line.subscriptions {
        let Some(id) = view.book.named(&subscription.product) else {
            notes.push(Message::new("rating.note.unknown-product").text("product", &subscription.product));
            continue;
        };
        if view.is_pack(id) {
            continue;
        }
        let cancelled =
            subscription.cancelled_at.map(|at| crate::model::period::Cycle::of(at.day()).span().end);
        let end = subscription.last.and_then(|last| last.succ_opt()).or(cancelled);
        stays.push(Stay { id: id.to_owned(), start: subscription.start, end, basis: Basis::CaseFile });
    }
    stays
}

/// Returns the stays by start, each ended by the next one; of two with the same start the later named wins.
fn one_at_a_time(mut stays: Vec<Stay>) -> Vec<Stay> {
    stays.sort_by_key(|stay| stay.start);
    let mut result: Vec<Stay> = Vec::new();
    for stay in stays {
        if let Some(before) = result.last_mut() {
            before.end = Some(before.end.map_or(stay.start, |end| end.min(stay.start)));
        }
        result.retain(|before| before.end.is_none_or(|end| before.start < end));
        result.push(stay);
    }
    result
}

/// Returns the stated stays up to the first order; a different plan after it is a contradiction.
fn before_orders(stated: Vec<Stay>, ordered: &[Stay], notes: &mut Vec<Message>) -> Vec<Stay> {
    let Some(first) = ordered.first() else { return stated };
    let mut kept = Vec::new();
    for mut stay in stated {
        let other_order = ordered.iter().find(|order| {
            order.id != stay.id
                && stay.end.is_none_or(|end| order.start < end)
                && order.end.is_none_or(|end| stay.start < end)
                && stay.start >= first.start
        });
        if let Some(order) = other_order {
            let note = Message::new("rating.note.order-contradicts");
            notes.push(note.text("stated", &stay.id).text("ordered", &order.id));
        }
        if stay.start < first.start {
            stay.end = Some(stay.end.map_or(first.start, |end| end.min(first.start)));
            kept.push(stay);
        }
    }
    kept
}

/// Returns the plan that `--plan` named, if it is the only one (fine print 29).
fn assumed_plan(view: &View<'_>, assumed: &[String], notes: &mut Vec<Message>) -> Option<Stay> {
    let mut ids: Vec<&str> =
        assumed.iter().filter_map(|id| view.book.named(id)).filter(|id| !view.is_pack(id)).collect();
    ids.sort_unstable();
    ids.dedup();
    let [id] = ids.as_slice() else { return None };
    notes.push(Message::new("rating.note.assumed").text("plan", id));
    Some(Stay { id: (*id).to_owned(), start: far_past(), end: None, basis: Basis::Assumed })
}

/// Returns the stay cut at the edges of the versions of its plan.
fn versions(view: &View<'_>, stay: &Stay, notes: &mut Vec<Message>) -> Vec<PlanInForce> {
    let whole = DaySpan { start: stay.start, end: stay.end.unwrap_or(far_future()) };
    let joined = (stay.basis != Basis::Assumed).then_some(stay.start);
    let window = |plan: &Plan| DaySpan {
        start: plan.effective_from.unwrap_or(far_past()),
        end: plan.effective_last.and_then(|last| last.succ_opt()).unwrap_or(far_future()),
    };
    let parts = view.book.versions(&stay.id).iter();
    let parts: Vec<PlanInForce> = parts
        .filter_map(|plan| {
            let span = window(plan).intersection(whole)?;
            let ended = stay.end == Some(span.end);
            Some(PlanInForce { plan: Arc::clone(plan), span, joined, ended, basis: stay.basis })
        })
        .collect();
    let days: u32 = parts.iter().map(|part| part.span.days()).sum();
    if days < whole.days() && stay.basis != Basis::Assumed {
        notes.push(Message::new("rating.note.version-missing").text("plan", &stay.id));
    }
    parts
}
