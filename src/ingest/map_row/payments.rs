//! Payment rows. Every row is kept, whatever became of the payment.

use std::borrow::Cow;

use crate::ingest::map_row::{RowDefaults, line_of};
use crate::ingest::parse_cell::money::{MoneyUnit, money};
use crate::ingest::row_reader::RowReader;
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::record::{MoneyDirection, Payment, PaymentStatus};
use crate::model::source::RowRef;

/// Returns the payment of a row; nothing when a cell that is needed cannot be read.
pub fn map<'a>(reader: &mut RowReader<'a>, at: RowRef, defaults: RowDefaults<'a>) -> Option<Payment> {
    let stated = line_of(reader, defaults);
    let msisdn = if stated.is_empty() { reader.extracted("msisdn").unwrap_or_default() } else { stated };
    let paid_at = reader.time("paid_at");
    let paid_at = reader.need("paid_at", paid_at);
    let (printed, direction) = match moved(reader) {
        Some((amount, direction)) => (Some(amount), direction),
        None => {
            let printed = reader.money("amount");
            let named = ["amount", "change"].into_iter().find(|field| reader.has(field)).unwrap_or("expense");
            let printed = reader.need(named, printed);
            (printed, direction(reader, printed))
        }
    };
    let stated = reader.word("status");
    let status = reader.extracted("status").or(stated.map(Cow::Borrowed));
    let face_value = reader.money("face_value").or_else(|| extracted_money(reader, "face_value"));
    let refunded = reader.money("refunded").or_else(|| extracted_money(reader, "refunded"));
    let payment = Payment {
        at,
        paid_at: paid_at?,
        platform: reader.text("platform").to_owned(),
        payee: reader.text("payee").to_owned(),
        description: reader.text("description").to_owned(),
        amount: printed?.abs(),
        direction,
        status: status.as_deref().and_then(PaymentStatus::from_code).unwrap_or(PaymentStatus::Success),
        order_id: reader.id("order_id").into_owned(),
        merchant_order_id: reader.id("merchant_order_id").into_owned(),
        msisdn: msisdn.into_owned(),
        face_value,
        refunded: refunded.filter(|refunded| refunded.is_positive()),
    };
    if reader.table.found.format.without_ids {
        reader.remark("amount", Message::new("ingest.payment.no-id"));
    }
    reader.problems.is_empty().then(|| with_refund(payment))
}

/// What a bank prints in two columns, or with the sign of the balance.
fn moved(reader: &mut RowReader<'_>) -> Option<(Money, MoneyDirection)> {
    for (field, direction) in [("income", MoneyDirection::In), ("expense", MoneyDirection::Out)] {
        let other_is_blank = field == "expense";
        if let Some(amount) = reader.money(field).filter(|amount| other_is_blank || !amount.is_zero()) {
            // A negative expense is money that came back.
            let back = amount.is_negative();
            let turned =
                if direction == MoneyDirection::In { MoneyDirection::Out } else { MoneyDirection::In };
            return Some((amount, if back { turned } else { direction }));
        }
    }
    let change = reader.money("change")?;
    Some((change, if change.is_negative() { MoneyDirection::Out } else { MoneyDirection::In }))
}

/// The stated direction; an export without that column signs its amounts.
fn direction(reader: &mut RowReader<'_>, amount: Option<Money>) -> MoneyDirection {
    if !reader.has("direction") {
        return if amount.is_some_and(Money::is_negative) { MoneyDirection::In } else { MoneyDirection::Out };
    }
    match reader.word("direction") {
        Some("out") => MoneyDirection::Out,
        Some("in") => MoneyDirection::In,
        _ => MoneyDirection::Neutral,
    }
}

fn extracted_money(reader: &RowReader<'_>, field: &str) -> Option<Money> {
    money(&reader.extracted(field)?, MoneyUnit::Yuan).ok().flatten()
}

/// `已退款(￥39.93)` on the payment says how much came back; on the refund row it repeats the row's own amount.
fn with_refund(payment: Payment) -> Payment {
    let refund_row =
        payment.direction == MoneyDirection::In && payment.status == PaymentStatus::PartlyRefunded;
    match payment.refunded {
        Some(_) if refund_row => Payment { status: PaymentStatus::Refunded, refunded: None, ..payment },
        Some(back) if payment.status == PaymentStatus::PartlyRefunded && back >= payment.amount => {
            Payment { status: PaymentStatus::Refunded, ..payment }
        }
        Some(back) if payment.status == PaymentStatus::Success && back < payment.amount => {
            Payment { status: PaymentStatus::PartlyRefunded, ..payment }
        }
        _ => payment,
    }
}
