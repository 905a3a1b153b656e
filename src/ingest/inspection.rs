//! What `inspect --json` prints about a file: how it was recognised, read, counted, and what was set aside.

use std::collections::BTreeMap;

use serde::ser::{Serialize, SerializeMap, Serializer};
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

/// The object of a file, written piece by piece: a million records are never laid out as JSON together.
pub struct Inspection<'a> {
    /// The file.
    pub reading: &'a FileReading,
    /// How many records of each table are shown; none = the member is left out.
    pub records: Option<usize>,
    /// Puts a sentence into the language of the user.
    pub say: &'a dyn Fn(&Message) -> String,
}

/// Returns the object of a file as a value, with every record or none.
pub fn inspection(reading: &FileReading, with_records: bool, say: &dyn Fn(&Message) -> String) -> Value {
    let records = with_records.then_some(usize::MAX);
    // Every key is a text and no number is out of range: nothing here can fail.
    serde_json::to_value(Inspection { reading, records, say }).unwrap_or(Value::Null)
}

impl Serialize for Inspection<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let source = &self.reading.source;
        let mut object = serializer.serialize_map(None)?;
        object.serialize_entry("path", &source.path)?;
        object.serialize_entry("sha256", &source.sha256)?;
        object.serialize_entry("bytes", &source.length_bytes)?;
        if let Some(unusable) = &source.unusable {
            let (message, help) = ((self.say)(&unusable.message), (self.say)(&unusable.help));
            object.serialize_entry("table", &Value::Null)?;
            let problem = json!({"code": unusable.code, "message": message, "help": help});
            object.serialize_entry("problem", &problem)?;
            return object.end();
        }
        let tables: Vec<TableObject<'_>> =
            (0..source.tables.len()).map(|index| TableObject { file: self, index }).collect();
        match tables.as_slice() {
            [only] => only.entries(&mut object)?,
            _ => {
                for (key, value) in summary(&source.tables) {
                    object.serialize_entry(&key, &value)?;
                }
                object.serialize_entry("tables", &tables)?;
            }
        }
        object.serialize_entry("notes", &self.diagnostics(&source.notes))?;
        object.end()
    }
}

impl Inspection<'_> {
    fn diagnostics<'d>(&'d self, diagnostics: &'d [Diagnostic]) -> impl Serialize + 'd {
        Lazy(move || diagnostics.iter().map(|of_row| diagnostic(of_row, self.say)))
    }
}

/// A list that is made while it is written.
struct Lazy<F>(F);

impl<I: Iterator<Item = Value>, F: Fn() -> I> Serialize for Lazy<F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((self.0)())
    }
}

/// A file with several tables: the sums of their rows stand before them.
fn summary(tables: &[Table]) -> Map<String, Value> {
    let sum = |rows: fn(&Table) -> u32| tables.iter().map(rows).sum::<u32>();
    let mut object = Map::new();
    object.insert("profile".into(), tables.first().map_or(Value::Null, |table| json!(table.profile)));
    object.insert("table".into(), tables.first().map_or(Value::Null, |table| json!(table.kind.code())));
    object.insert("rows_read".into(), json!(sum(|table| table.rows_read)));
    object.insert("rows_used".into(), json!(sum(|table| table.rows_used)));
    object.insert("rows_set_aside".into(), json!(sum(|table| table.rows_read - table.rows_used)));
    object
}

struct TableObject<'a> {
    file: &'a Inspection<'a>,
    index: usize,
}

impl Serialize for TableObject<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(None)?;
        self.entries(&mut object)?;
        object.end()
    }
}

impl TableObject<'_> {
    fn entries<M: SerializeMap>(&self, object: &mut M) -> Result<(), M::Error> {
        let reading = self.file.reading;
        let (table, number) = (&reading.source.tables[self.index], self.index as u16);
        for (key, value) in facts(reading, table, number) {
            object.serialize_entry(&key, &value)?;
        }
        object.serialize_entry("set_aside", &self.file.diagnostics(&table.set_aside))?;
        let Some(shown) = self.file.records else { return Ok(()) };
        let records = Lazy(|| rows::records(&reading.records, table.kind, number).take(shown));
        object.serialize_entry("records", &records)
    }
}

/// What is known about a table beside its rows.
fn facts(reading: &FileReading, table: &Table, number: u16) -> Map<String, Value> {
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
    object
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
