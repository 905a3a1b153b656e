//! What `inspect --json` prints about a file: how it was recognised, read, counted, and what was set aside.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::ingest::FileReading;
use crate::ingest::records::Records;
use crate::model::coverage::CoveredBy;
use crate::model::diagnostic::Diagnostic;
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::period::{Day, DaySpan};
use crate::model::source::{Table, TableKind};

mod rows;

/// Returns the object of a file. `say` puts a sentence into the language of the user.
pub fn inspection(reading: &FileReading, with_records: bool, say: &dyn Fn(&Message) -> String) -> Value {
    let source = &reading.source;
    let mut object = Map::new();
    object.insert("path".into(), json!(source.path));
    object.insert("sha256".into(), json!(source.sha256));
    object.insert("bytes".into(), json!(source.length_bytes));
    if let Some(unusable) = &source.unusable {
        object.insert("table".into(), Value::Null);
        let problem =
            json!({"code": unusable.code, "message": say(&unusable.message), "help": say(&unusable.help)});
        object.insert("problem".into(), problem);
        return Value::Object(object);
    }
    let tables: Vec<Value> =
        (0..source.tables.len()).map(|index| table(reading, index, with_records, say)).collect();
    match tables.as_slice() {
        [only] => object.extend(only.as_object().cloned().unwrap_or_default()),
        _ => object.extend(summary(&source.tables, tables)),
    }
    object.insert("notes".into(), source.notes.iter().map(|note| diagnostic(note, say)).collect());
    Value::Object(object)
}

/// A file with several tables: the sums of their rows, then each of them.
fn summary(tables: &[Table], objects: Vec<Value>) -> Map<String, Value> {
    let sum = |rows: fn(&Table) -> u32| tables.iter().map(rows).sum::<u32>();
    let mut object = Map::new();
    object.insert("profile".into(), tables.first().map_or(Value::Null, |table| json!(table.profile)));
    object.insert("table".into(), tables.first().map_or(Value::Null, |table| json!(table.kind.code())));
    object.insert("rows_read".into(), json!(sum(|table| table.rows_read)));
    object.insert("rows_used".into(), json!(sum(|table| table.rows_used)));
    object.insert("rows_set_aside".into(), json!(sum(|table| table.rows_read - table.rows_used)));
    object.insert("tables".into(), Value::Array(objects));
    object
}

fn table(reading: &FileReading, index: usize, with_records: bool, say: &dyn Fn(&Message) -> String) -> Value {
    let table = &reading.source.tables[index];
    let number = index as u16;
    let mut object = Map::new();
    object.insert("profile".into(), json!(table.profile));
    object.insert("verified".into(), json!(table.verified));
    object.insert("table".into(), json!(table.kind.code()));
    object.insert("sheet".into(), json!(table.sheet.name));
    object.insert("header_row".into(), json!(table.header_row));
    object.insert("rows_read".into(), json!(table.rows_read));
    object.insert("rows_used".into(), json!(table.rows_used));
    object.insert("rows_set_aside".into(), json!(table.rows_read - table.rows_used));
    object.insert("covers".into(), covers(table));
    object.insert("control".into(), control(table));
    object.insert("msisdn".into(), json!(table.msisdn));
    object.insert("exported_on".into(), json!(table.exported_on.map(|day| day.to_string())));
    object.insert("columns".into(), columns(table));
    object.insert("count_by_kind".into(), json!(count_by_kind(&reading.records, table.kind, number)));
    let sum = Money::sum(rows::amounts(&reading.records, table.kind, number)).ok();
    object.insert("sum_amount".into(), json!(sum.map(|sum| sum.to_string())));
    object.insert("set_aside".into(), table.set_aside.iter().map(|row| diagnostic(row, say)).collect());
    if with_records {
        object.insert("records".into(), Value::Array(rows::records(&reading.records, table.kind, number)));
    }
    Value::Object(object)
}

/// The window of the whole table and the weakest way in which a part of it is known.
fn covers(table: &Table) -> Value {
    let spans = table.coverage.iter().map(|coverage| coverage.span);
    let joined = spans.reduce(|a, b| DaySpan { start: a.start.min(b.start), end: a.end.max(b.end) });
    let by = table.coverage.iter().map(|coverage| coverage.by).min().map(CoveredBy::code);
    match joined {
        Some(span) => json!({"start": text(span.start), "end": text(span.last()), "by": by}),
        None => Value::Null,
    }
}

fn text(day: Day) -> String {
    day.to_string()
}

fn control(table: &Table) -> Value {
    let totals = table.controls.iter().map(|control| {
        json!({"name": control.name, "stated": control.stated, "counted": control.counted, "ties": control.ties})
    });
    totals.collect()
}

/// Header → field of the general record format; null = kept as context.
fn columns(table: &Table) -> Value {
    let pairs = table.columns.iter().map(|column| (column.header.clone(), json!(column.field)));
    Value::Object(pairs.collect())
}

fn count_by_kind(records: &Records, kind: TableKind, table: u16) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for code in rows::kinds(records, kind, table) {
        *counts.entry(code).or_insert(0) += 1;
    }
    counts
}

fn diagnostic(diagnostic: &Diagnostic, say: &dyn Fn(&Message) -> String) -> Value {
    json!({
        "path": diagnostic.path,
        "sheet": diagnostic.sheet,
        "row": diagnostic.row,
        "column": diagnostic.column,
        "header": diagnostic.header,
        "value": diagnostic.value,
        "class": diagnostic.class.code(),
        "rule": diagnostic.rule,
        "reason": say(&diagnostic.reason),
        "help": diagnostic.help.as_ref().map(say),
    })
}
