//! Which column fills which field of each table.

use crate::ingest::bulk::rows::{BillRow, OrderRow, PaymentRow};
use crate::ingest::bulk::usage::UsageSlots;

/// Returns the columns of a usage table.
pub fn usage_slots(slot: impl Fn(&str) -> Option<u8>) -> UsageSlots {
    UsageSlots {
        msisdn: slot("msisdn"),
        start: slot("start"),
        kind: slot("kind"),
        direction: slot("direction"),
        scope: slot("scope"),
        peer: slot("peer"),
        duration_s: slot("duration_s"),
        bytes: slot("bytes"),
        app: slot("app"),
        location: slot("location"),
        fee: slot("fee"),
        record_id: slot("record_id"),
    }
}

/// Returns the columns of a bill.
pub fn bill_slots(slot: impl Fn(&str) -> Option<u8>) -> BillRow {
    BillRow {
        period: slot("period"),
        item: slot("item"),
        category: slot("category"),
        amount: slot("amount"),
        quantity: slot("quantity"),
        unit_price: slot("unit_price"),
        provider: slot("provider"),
    }
}

/// Returns the columns of a payment export.
pub fn payment_slots(slot: impl Fn(&str) -> Option<u8>) -> PaymentRow {
    PaymentRow {
        paid_at: slot("paid_at"),
        platform: slot("platform"),
        payee: slot("payee"),
        description: slot("description"),
        amount: slot("amount"),
        direction: slot("direction"),
        status: slot("status"),
        order_id: slot("order_id"),
        merchant_order_id: slot("merchant_order_id"),
        msisdn: slot("msisdn"),
        face_value: slot("face_value"),
    }
}

/// Returns the columns of a order record.
pub fn order_slots(slot: impl Fn(&str) -> Option<u8>) -> OrderRow {
    OrderRow {
        at: slot("at"),
        action: slot("action"),
        product: slot("product"),
        name: slot("name"),
        effective_from: slot("effective_from"),
        effective_to: slot("effective_to"),
        price: slot("price"),
        channel: slot("channel"),
        confirmed: slot("confirmed"),
        auto_renew: slot("auto_renew"),
        order_id: slot("order_id"),
    }
}
