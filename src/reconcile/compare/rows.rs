//! Records of any table as rows that can be compared.

use std::fmt;

use super::Tolerance;
use crate::ingest::parse_cell::msisdn::fits;
use crate::model::case::{Case, Line};
use crate::model::coverage::CoverKind;
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::period::{Day, WallTime};
use crate::model::record::Payment;
use crate::model::source::{RowRef, TableKind};
use crate::model::usage::{UsageEvent, UsageKind};
use crate::reconcile::carrier;
use crate::reconcile::name::same;

/// A value and how it is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A time.
    Time(WallTime),
    /// A duration in seconds.
    Duration(u32),
    /// A count.
    Count(u64),
    /// Yuan; none = not stated.
    Amount(Option<Money>),
    /// A word; empty = not stated.
    Word(String),
    /// A name, compared without spaces and width; empty = not stated.
    Name(String),
    /// A phone number, possibly with stars; empty = not stated.
    Number(String),
}

/// A named value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Field of the general record format.
    pub name: &'static str,
    /// Its value.
    pub value: Value,
}

/// A record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Where it stands.
    pub at: RowRef,
    /// Number of the line.
    pub msisdn: String,
    /// Records of different groups are never the same event.
    pub group: String,
    /// When it happened; the first day of the cycle for bill lines.
    pub start_s: i64,
    /// Ids of the operator or platform.
    pub ids: Vec<String>,
    /// The record in short.
    pub label: Message,
    /// Which field is its clock.
    pub clock: &'static str,
    /// Kind by which windows speak for it; none for bills.
    pub kind: Option<CoverKind>,
    /// What is compared.
    pub fields: Vec<Field>,
}

impl Row {
    /// Returns the day on which it happened.
    pub fn day(&self) -> Day {
        WallTime(self.start_s).day()
    }
}

impl Field {
    /// Returns the value as text.
    pub fn text(&self) -> String {
        self.value.to_string()
    }
}

impl Value {
    /// Returns whether both sides say the same, or one says nothing.
    pub fn agrees(&self, other: &Value, tolerance: Tolerance) -> bool {
        match (self, other) {
            (Self::Time(a), Self::Time(b)) => a.0.abs_diff(b.0) <= u64::from(tolerance.time_s),
            (Self::Duration(a), Self::Duration(b)) => a.abs_diff(*b) <= tolerance.duration_s,
            (Self::Amount(a), Self::Amount(b)) => a.is_none() || b.is_none() || a == b,
            (Self::Name(a), Self::Name(b)) => a.is_empty() || b.is_empty() || same(a, b),
            (Self::Word(a), Self::Word(b)) => a.is_empty() || b.is_empty() || a == b,
            (Self::Number(a), Self::Number(b)) => {
                a.is_empty() || b.is_empty() || a == b || fits(a, b) || fits(b, a)
            }
            (a, b) => a == b,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Time(at) => write!(f, "{at}"),
            Self::Duration(seconds) => write!(f, "{seconds}"),
            Self::Count(count) => write!(f, "{count}"),
            Self::Amount(amount) => amount.map_or(Ok(()), |amount| write!(f, "{amount}")),
            Self::Word(text) | Self::Name(text) | Self::Number(text) => f.write_str(text),
        }
    }
}

/// Returns the records of a table, by line and time.
pub fn rows(case: &Case, table: TableKind) -> Vec<Row> {
    let mut rows: Vec<Row> = match table {
        TableKind::Usage => case.lines.iter().flat_map(usage).collect(),
        TableKind::Bill => case.lines.iter().flat_map(bill).collect(),
        TableKind::Payments => case.lines.iter().flat_map(payments).collect(),
        TableKind::Orders | TableKind::Charges | TableKind::Wallet => Vec::new(),
    };
    rows.sort_by(|a, b| (&a.msisdn, a.start_s, a.at).cmp(&(&b.msisdn, b.start_s, b.at)));
    rows
}

fn field(name: &'static str, value: Value) -> Field {
    Field { name, value }
}

fn usage(line: &Line) -> Vec<Row> {
    let row = |event: UsageEvent<'_>| Row {
        at: event.at,
        msisdn: line.info.msisdn.clone(),
        group: event.kind.code().to_owned(),
        start_s: event.start.0,
        ids: [event.record_id].iter().filter(|id| !id.is_empty()).map(|id| (*id).to_owned()).collect(),
        label: Message::new("compare.label.usage")
            .text("start", event.start)
            .message("kind", Message::new(format!("common.kind.{}", event.kind.code())))
            .text("peer", event.peer),
        clock: "start",
        kind: cover_kind(event.kind),
        fields: vec![
            field("start", Value::Time(event.start)),
            field("direction", Value::Word(event.direction.code().to_owned())),
            field("peer", Value::Number(event.peer.to_owned())),
            field("duration_s", Value::Duration(event.duration_s)),
            field("bytes", Value::Count(event.length_bytes)),
            field("fee", Value::Amount(event.fee)),
            field("record_id", Value::Word(event.record_id.to_owned())),
        ],
    };
    line.usage.events().map(row).collect()
}

fn cover_kind(kind: UsageKind) -> Option<CoverKind> {
    CoverKind::from_code(kind.code())
}

fn bill(line: &Line) -> Vec<Row> {
    let rows = line.bill.iter().map(|it| Row {
        at: it.at,
        msisdn: line.info.msisdn.clone(),
        group: it.category.code().to_owned(),
        start_s: it.cycle.start_time().0,
        ids: Vec::new(),
        label: Message::new("compare.label.bill").text("period", it.cycle).text("item", &it.item),
        clock: "item",
        kind: None,
        fields: vec![
            field("item", Value::Name(it.item.clone())),
            field("amount", Value::Amount(Some(it.amount))),
            field("provider", Value::Name(it.provider.clone().unwrap_or_default())),
        ],
    });
    rows.collect()
}

/// Payments that have to do with a phone line; what else a platform lists is nobody else's business.
fn payments(line: &Line) -> Vec<Row> {
    let words = &carrier::words().payment;
    let row = |it: &Payment| Row {
        at: it.at,
        msisdn: line.info.msisdn.clone(),
        group: String::new(),
        start_s: it.paid_at.0,
        ids: [&it.order_id, &it.merchant_order_id].into_iter().filter(|id| !id.is_empty()).cloned().collect(),
        label: Message::new("compare.label.payment")
            .text("paid_at", it.paid_at)
            .text("payee", &it.payee)
            .text("amount", it.amount),
        clock: "paid_at",
        kind: None,
        fields: vec![
            field("paid_at", Value::Time(it.paid_at)),
            field("amount", Value::Amount(Some(it.amount))),
        ],
    };
    let own = |it: &&Payment| words.is_carrier(it) || matches!(it.platform.as_str(), "" | "operator");
    line.payments.iter().filter(own).map(row).collect()
}
