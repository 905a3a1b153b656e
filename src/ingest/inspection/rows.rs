//! The records of one table in the general record format.

use serde_json::{Value, json};

use crate::ingest::records::Records;
use crate::model::money::Money;
use crate::model::period::{Cycle, Day};
use crate::model::source::TableKind;

/// Returns the amounts that `sum_amount` adds: of a bill the charges only, of payments without sign.
pub fn amounts(records: &Records, kind: TableKind, table: u16) -> Vec<Money> {
    match kind {
        TableKind::Usage => records
            .usage
            .events()
            .filter(|event| event.at.table == table)
            .filter_map(|event| event.fee)
            .collect(),
        TableKind::Bill => {
            let lines =
                records.bill.iter().map(|line| &line.record).filter(move |line| line.at.table == table);
            lines.filter(|line| line.category.is_charge()).map(|line| line.amount).collect()
        }
        TableKind::Payments => records
            .payments
            .iter()
            .filter(|payment| payment.at.table == table)
            .map(|payment| payment.amount)
            .collect(),
        TableKind::Orders => {
            let orders =
                records.orders.iter().map(|order| &order.record).filter(move |order| order.at.table == table);
            orders.filter_map(|order| order.price).collect()
        }
        TableKind::Charges => {
            let charges = records.charges.iter().map(|charge| &charge.record);
            charges.filter(|charge| charge.at.table == table).map(|charge| charge.amount).collect()
        }
        TableKind::Wallet => {
            let entries = records.wallet.iter().map(|entry| &entry.record);
            entries.filter(|entry| entry.at.table == table).map(|entry| entry.change).collect()
        }
    }
}

/// Returns the words by which `count_by_kind` counts the records; a balance log has none.
pub fn kinds(records: &Records, kind: TableKind, table: u16) -> Vec<&'static str> {
    match kind {
        TableKind::Usage => records
            .usage
            .events()
            .filter(|event| event.at.table == table)
            .map(|event| event.kind.code())
            .collect(),
        TableKind::Bill => {
            let lines =
                records.bill.iter().map(|line| &line.record).filter(move |line| line.at.table == table);
            lines.map(|line| line.category.code()).collect()
        }
        TableKind::Payments => {
            let payments = records.payments.iter().filter(move |payment| payment.at.table == table);
            payments.map(|payment| payment.status.code()).collect()
        }
        TableKind::Orders => {
            let orders =
                records.orders.iter().map(|order| &order.record).filter(move |order| order.at.table == table);
            orders.map(|order| order.action.code()).collect()
        }
        TableKind::Charges => {
            let charges = records.charges.iter().map(|charge| &charge.record);
            charges.filter(|charge| charge.at.table == table).map(|charge| charge.category.code()).collect()
        }
        TableKind::Wallet => Vec::new(),
    }
}

/// Some records, one after the other.
type Rows<'a> = Box<dyn Iterator<Item = Value> + 'a>;

/// Returns the records with the columns of the general record format, and the row of each.
pub fn records(records: &Records, kind: TableKind, table: u16) -> Rows<'_> {
    match kind {
        TableKind::Usage => usage(records, table),
        TableKind::Bill => bill(records, table),
        TableKind::Payments => payments(records, table),
        TableKind::Orders => orders(records, table),
        TableKind::Charges => charges(records, table),
        TableKind::Wallet => wallet(records, table),
    }
}

fn money(amount: Option<Money>) -> String {
    amount.map(|amount| amount.to_string()).unwrap_or_default()
}

fn day(day: Option<Day>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

fn yes_no(value: Option<bool>) -> &'static str {
    match value {
        Some(true) => "yes",
        Some(false) => "no",
        None => "",
    }
}

fn usage(records: &Records, table: u16) -> Rows<'_> {
    let events = records.usage_events().filter(move |(_, event)| event.at.table == table);
    let rows = events.map(|(msisdn, event)| {
        json!({
            "row": event.at.row, "msisdn": msisdn, "start": event.start.to_string(), "kind": event.kind.code(),
            "direction": event.direction.code(), "scope": event.scope.code(), "peer": event.peer, "duration_s": event.duration_s,
            "bytes": event.length_bytes, "app": event.app, "location": event.location, "fee": money(event.fee),
            "record_id": event.record_id,
        })
    });
    Box::new(rows)
}

fn bill(records: &Records, table: u16) -> Rows<'_> {
    let lines = records.bill.iter().filter(move |line| line.record.at.table == table);
    let rows = lines.map(|owned| {
        let line = &owned.record;
        json!({
            "row": line.at.row, "msisdn": owned.msisdn, "period": line.cycle.to_string(), "item": line.item,
            "category": line.category.code(), "amount": line.amount.to_string(),
            "quantity": line.quantity.map(|quantity| quantity.to_string()).unwrap_or_default(),
            "unit_price": line.unit_price.map(|price| price.to_string()).unwrap_or_default(),
            "provider": line.provider.clone().unwrap_or_default(),
        })
    });
    Box::new(rows)
}

fn payments(records: &Records, table: u16) -> Rows<'_> {
    let payments = records.payments.iter().filter(move |payment| payment.at.table == table);
    let rows = payments.map(|payment| {
        json!({
            "row": payment.at.row, "paid_at": payment.paid_at.to_string(), "platform": payment.platform,
            "payee": payment.payee, "description": payment.description, "amount": payment.amount.to_string(),
            "direction": payment.direction.code(), "status": payment.status.code(), "order_id": payment.order_id,
            "merchant_order_id": payment.merchant_order_id, "msisdn": payment.msisdn,
            "face_value": money(payment.face_value), "refunded": money(payment.refunded),
        })
    });
    Box::new(rows)
}

fn orders(records: &Records, table: u16) -> Rows<'_> {
    let orders = records.orders.iter().filter(move |order| order.record.at.table == table);
    let rows = orders.map(|owned| {
        let order = &owned.record;
        json!({
            "row": order.at.row, "msisdn": owned.msisdn, "at": order.ordered_at.to_string(),
            "action": order.action.code(), "product": order.product, "name": order.name,
            "effective_from": day(order.effective_from), "effective_to": day(order.effective_last),
            "price": money(order.price), "channel": order.channel, "confirmed": yes_no(order.confirmed),
            "auto_renew": yes_no(order.auto_renew), "order_id": order.order_id,
        })
    });
    Box::new(rows)
}

fn charges(records: &Records, table: u16) -> Rows<'_> {
    let charges = records.charges.iter().filter(move |charge| charge.record.at.table == table);
    let rows = charges.map(|owned| {
        let charge = &owned.record;
        json!({
            "row": charge.at.row, "msisdn": owned.msisdn, "charged_at": charge.charged_at.to_string(),
            "period": charge.cycle.map(|cycle: Cycle| cycle.to_string()).unwrap_or_default(), "item": charge.item,
            "category": charge.category.code(), "amount": charge.amount.to_string(),
            "provider": charge.provider.clone().unwrap_or_default(),
        })
    });
    Box::new(rows)
}

fn wallet(records: &Records, table: u16) -> Rows<'_> {
    let entries = records.wallet.iter().filter(move |entry| entry.record.at.table == table);
    let rows = entries.map(|owned| {
        let entry = &owned.record;
        json!({
            "row": entry.at.row, "at": entry.changed_at.to_string(), "account": entry.account,
            "order_id": entry.order_id, "change": entry.change.to_string(), "before": money(entry.before),
            "after": money(entry.after), "note": entry.note,
        })
    });
    Box::new(rows)
}
