//! What happened and when: bills, orders, allowances used up, payments, contacts and their promises, faults.

use crate::error::Result;
use crate::model::case::{Contact, Incident, Line};
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::record::{MoneyDirection, Order, OrderAction, Payment};
use crate::report::assemble::{Desk, payments, quote, service};
use crate::report::model::{Moment, Place};
use crate::settle::outcome::SettledLine;

/// Returns what happened, by time, then kind and text.
///
/// # Errors
/// When a sentence is missing in the wording files.
pub fn timeline(desk: &Desk<'_>) -> Result<Vec<Moment>> {
    let mut all = Vec::new();
    for (_, line, settled) in desk.lines() {
        all.extend(bills(desk, settled)?);
        for order in &line.orders {
            all.push(order_moment(desk, order)?);
        }
        all.extend(exhausted(desk, settled)?);
        for (at, _) in payments::related(settled) {
            all.extend(line.payments.get(at).map(|payment| payment_moment(desk, payment)).transpose()?);
        }
        all.extend(cancellations(desk, line)?);
    }
    for contact in &desk.case.file.contacts {
        all.extend(contact_moments(desk, contact)?);
    }
    for incident in &desk.case.file.incidents {
        all.extend(fault_moments(desk, incident)?);
    }
    all.sort_by(|a, b| (&a.at, &a.kind, &a.text).cmp(&(&b.at, &b.kind, &b.text)));
    all.dedup();
    Ok(all)
}

fn moment(
    desk: &Desk<'_>,
    at: impl ToString,
    kind: &str,
    text: &Message,
    amount: Option<Money>,
    source: Option<Place>,
) -> Result<Moment> {
    let (at, kind, text) = (at.to_string(), kind.to_owned(), desk.say(text)?);
    Ok(Moment { at, kind, text, amount: amount.map(|amount| amount.to_string()), source })
}

/// Returns the bills; a bill stands at the last day that it charges.
fn bills(desk: &Desk<'_>, settled: &SettledLine) -> Result<Vec<Moment>> {
    let bill = |gap: &crate::settle::outcome::Gap| {
        let text = Message::new("timeline.bill").text("period", gap.cycle);
        moment(desk, gap.cycle.span().last(), "bill", &text, Some(gap.billed), None)
    };
    settled.gaps.iter().map(bill).collect()
}

fn order_moment(desk: &Desk<'_>, order: &Order) -> Result<Moment> {
    let name = if order.name.is_empty() { &order.product } else { &order.name };
    let text = order_text(order.action, name);
    let place = Some(quote::place(desk.case, order.at));
    moment(desk, order.ordered_at, "order", &text, order.price, place)
}

fn order_text(action: OrderAction, name: &str) -> Message {
    let action = Message::new(format!("timeline.action.{}", action.code()));
    Message::new("timeline.order").message("action", action).text("name", name)
}

/// Returns the cancellations that only case.toml tells.
fn cancellations(desk: &Desk<'_>, line: &Line) -> Result<Vec<Moment>> {
    let told = line.subscriptions.iter().filter_map(|part| Some((part.cancelled_at?, &part.product)));
    told.map(|(at, product)| moment(desk, at, "order", &order_text(OrderAction::Cancel, product), None, None))
        .collect()
}

fn exhausted(desk: &Desk<'_>, settled: &SettledLine) -> Result<Vec<Moment>> {
    let buckets = settled.rated.cycles.values().flat_map(|cycle| &cycle.buckets);
    let used_up = buckets.filter_map(|bucket| Some((bucket.exhausted_at?, &bucket.plan)));
    let name = |id: &String| {
        let plans = settled.rated.in_force.plans.iter().map(|part| &part.plan);
        let packs = settled.rated.in_force.packs.iter().map(|part| &part.pack);
        plans
            .chain(packs)
            .find(|known| known.id == *id)
            .map_or_else(|| id.clone(), |known| known.name.clone())
    };
    used_up
        .map(|(at, plan)| {
            let text = Message::new("timeline.exhausted").text("plan", name(plan));
            moment(desk, at, "exhausted", &text, None, None)
        })
        .collect()
}

fn payment_moment(desk: &Desk<'_>, payment: &Payment) -> Result<Moment> {
    let key = if payment.direction == MoneyDirection::In { "timeline.refund" } else { "timeline.payment" };
    let text = Message::new(key).text("payee", &payment.payee);
    let place = Some(quote::place(desk.case, payment.at));
    moment(desk, payment.paid_at, "payment", &text, Some(payment.amount), place)
}

fn contact_moments(desk: &Desk<'_>, contact: &Contact) -> Result<Vec<Moment>> {
    let party = service::party_name(desk, &contact.channel)?;
    let said = contact.said.as_deref().unwrap_or_default();
    let text = Message::new("timeline.contact").text("party", &party).text("said", said);
    let mut moments = vec![moment(desk, contact.at, "contact", &text, None, None)?];
    if let (Some(promise), Some(due)) = (&contact.promise, contact.due) {
        let outcome = match contact.outcome.as_deref() {
            Some(outcome @ ("kept" | "broken" | "open")) => {
                desk.wording.word(&format!("timeline.outcome.{outcome}"))?
            }
            _ => String::new(),
        };
        let text = Message::new("timeline.promise").text("party", &party).text("promise", promise);
        moments.push(moment(desk, due, "promise", &text.text("outcome", outcome), None, None)?);
    }
    Ok(moments)
}

fn fault_moments(desk: &Desk<'_>, incident: &Incident) -> Result<Vec<Moment>> {
    let symptom = incident.symptom.as_deref().unwrap_or_default();
    let text = Message::new("timeline.fault").text("symptom", symptom);
    let mut moments = vec![moment(desk, incident.start, "fault", &text, None, None)?];
    if let Some(end) = incident.end {
        moments.push(moment(desk, end, "fault", &Message::new("timeline.fault-end"), None, None)?);
    }
    Ok(moments)
}
