//! The records of a case, each with an id made from its content alone: the same records have the same ids in any file,
//! in any order, on any side.

use std::collections::BTreeMap;

use super::sha256;
use crate::model::case::{Case, Line};
use crate::model::record::Payment;
use crate::model::source::RowRef;
use crate::model::usage::UsageEvent;

/// The list of records as it stands in a bundle, and its checksum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordList {
    /// `id TAB content TAB path TAB sheet TAB row`, one record a line, by id.
    pub text: String,
    /// How many there are.
    pub count: u64,
    /// SHA-256 of the ids, one a line.
    pub sha256: String,
}

/// Returns the records of a case. Content is `table|field|…#n`; n tells apart records that are alike.
pub fn list(case: &Case) -> RecordList {
    let mut contents: Vec<(String, RowRef)> = case.lines.iter().flat_map(of_line).collect();
    contents.extend(case.other_payments.iter().map(|it| (payment(&it.msisdn, it), it.at)));
    contents.sort();
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    let mut rows: Vec<(String, String)> = Vec::new();
    for (content, at) in contents {
        let nth = seen.entry(content.clone()).or_insert(0);
        *nth += 1;
        let content = format!("{content}#{nth}");
        let source = case.source(at);
        let sheet = case.table(at).sheet.name.as_deref().unwrap_or_default();
        let place = format!("{}\t{}\t{}", plain(&source.path), plain(sheet), at.row);
        rows.push((sha256(content.as_bytes()), format!("{content}\t{place}")));
    }
    rows.sort();
    let ids: String = rows.iter().map(|(id, _)| format!("{id}\n")).collect();
    let text = rows.iter().map(|(id, rest)| format!("{id}\t{rest}\n")).collect();
    RecordList { text, count: rows.len() as u64, sha256: sha256(ids.as_bytes()) }
}

fn of_line(line: &Line) -> Vec<(String, RowRef)> {
    let number = line.info.msisdn.as_str();
    let mut contents: Vec<(String, RowRef)> =
        line.usage.events().map(|event| (usage(number, &event), event.at)).collect();
    for it in &line.bill {
        let fields = [
            it.cycle.to_string(),
            it.item.clone(),
            it.category.code().to_owned(),
            it.amount.to_string(),
            optional(it.quantity),
            optional(it.unit_price),
            it.provider.clone().unwrap_or_default(),
        ];
        contents.push((content("bill", number, &fields), it.at));
    }
    contents.extend(line.payments.iter().map(|it| (payment(number, it), it.at)));
    for it in &line.orders {
        let fields = [
            it.ordered_at.to_string(),
            it.action.code().to_owned(),
            it.product.clone(),
            it.name.clone(),
            optional(it.effective_from),
            optional(it.effective_last),
            optional(it.price),
            it.channel.clone(),
            optional(it.confirmed),
            optional(it.auto_renew),
            it.order_id.clone(),
        ];
        contents.push((content("orders", number, &fields), it.at));
    }
    for it in &line.charges {
        let fields = [
            it.charged_at.to_string(),
            optional(it.cycle),
            it.item.clone(),
            it.category.code().to_owned(),
            it.amount.to_string(),
            it.provider.clone().unwrap_or_default(),
        ];
        contents.push((content("charges", number, &fields), it.at));
    }
    for it in &line.wallet {
        let fields = [
            it.changed_at.to_string(),
            it.account.clone(),
            it.order_id.clone(),
            it.change.to_string(),
            optional(it.before),
            optional(it.after),
            it.note.clone(),
        ];
        contents.push((content("wallet", number, &fields), it.at));
    }
    contents
}

fn usage(number: &str, event: &UsageEvent<'_>) -> String {
    let fields = [
        event.start.to_string(),
        event.kind.code().to_owned(),
        event.direction.code().to_owned(),
        event.scope.code().to_owned(),
        event.peer.to_owned(),
        event.duration_s.to_string(),
        event.length_bytes.to_string(),
        event.app.to_owned(),
        event.location.to_owned(),
        optional(event.fee),
        event.record_id.to_owned(),
        if event.failed { "failed" } else { "" }.to_owned(),
    ];
    content("usage", number, &fields)
}

fn payment(number: &str, it: &Payment) -> String {
    let fields = [
        it.paid_at.to_string(),
        it.platform.clone(),
        it.payee.clone(),
        it.description.clone(),
        it.amount.to_string(),
        it.direction.code().to_owned(),
        it.status.code().to_owned(),
        it.order_id.clone(),
        it.merchant_order_id.clone(),
        optional(it.face_value),
        optional(it.refunded),
    ];
    content("payments", number, &fields)
}

fn content(table: &str, number: &str, fields: &[String]) -> String {
    let fields = fields.iter().map(|field| plain(field)).collect::<Vec<_>>();
    format!("{table}|{}|{}", plain(number), fields.join("|"))
}

fn optional(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// Returns text on one line, in which the separators are written as escapes.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '|' | '#' => plain.extend(['\\', c]),
            c if c.is_control() => plain.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => plain.push(c),
        }
    }
    plain
}
