//! Bytes → records: every grammar at both sides of its edges, every container, every format.

mod bills;
mod case;
mod cells;
mod containers;
mod formats;
mod layouts;
mod limits;
mod lists;
mod merged;
mod pages;
mod parquet;
mod payments;
mod replay;
mod samples;
mod wording;
mod workbook;
mod workbooks;

use mingzhang::ingest::{FileReading, FormatBook, InputFile, inspection, read_file};
use mingzhang::model::case::SourceHint;
use mingzhang::model::diagnostic::DiagnosticClass;
use mingzhang::model::message::Message;
use mingzhang::model::period::Day;
use serde_json::Value;

/// The built-in formats; they hold or the test stops here.
pub fn formats() -> &'static FormatBook {
    FormatBook::built_in()
}

pub fn day(text: &str) -> Day {
    text.parse().expect("a test names days as YYYY-MM-DD")
}

/// Reads bytes under a name.
pub fn read(path: &str, bytes: impl Into<Vec<u8>>) -> FileReading {
    read_hinted(path, bytes, None)
}

pub fn read_hinted(path: &str, bytes: impl Into<Vec<u8>>, hint: Option<&SourceHint>) -> FileReading {
    let file = InputFile { path: path.to_owned(), bytes: bytes.into() };
    let reading = read_file(&file, hint, formats());
    assert_rows_add_up(&reading);
    reading
}

/// rows read = rows used + rows set aside, and every row set aside is named with a reason.
pub fn assert_rows_add_up(reading: &FileReading) {
    for table in &reading.source.tables {
        let named = table.set_aside.iter().filter(|d| d.class != DiagnosticClass::Note);
        let mut rows: Vec<u32> = named.filter_map(|d| d.row).collect();
        rows.sort_unstable();
        rows.dedup();
        assert_eq!(table.rows_read, table.rows_used + rows.len() as u32, "{}", reading.source.path);
    }
}

/// What `inspect --json --records` prints, with sentence keys for sentences.
pub fn inspected(reading: &FileReading) -> Value {
    inspection(reading, true, &|message: &Message| message.key.clone())
}

/// The column of a field over all records of the only table.
pub fn column(reading: &FileReading, field: &str) -> Vec<String> {
    let object = inspected(reading);
    let records = object["records"].as_array().expect("one recognised table").clone();
    let text = |record: &Value| match &record[field] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    records.iter().map(text).collect()
}

/// (row, column, sentence) of everything set aside.
pub fn set_aside(reading: &FileReading) -> Vec<(u32, Option<u16>, String)> {
    let tables = reading.source.tables.iter().flat_map(|table| &table.set_aside);
    tables.map(|d| (d.row.unwrap_or(0), d.column, d.reason.key.clone())).collect()
}

pub fn profile(reading: &FileReading) -> &str {
    match reading.source.tables.as_slice() {
        [table] => &table.profile,
        tables => panic!("{}: {} tables, {:?}", reading.source.path, tables.len(), reading.source.unusable),
    }
}

pub fn code(reading: &FileReading) -> &'static str {
    reading.source.unusable.as_ref().map_or("used", |unusable| unusable.code)
}
