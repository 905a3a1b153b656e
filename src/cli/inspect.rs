//! `inspect`: how a file was recognised and read.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::cli::Status;
use crate::cli::args::InspectArgs;
use crate::cli::catalogue;
use crate::cli::console::Console;
use crate::cli::json_list::JsonList;
use crate::cli::workspace::{file_name, read_file};
use crate::error::Result;
use crate::ingest::container::FILE_BYTES_MAX;
use crate::ingest::{self, FileReading, Inspection};
use crate::model::case::SourceHint;
use crate::model::message::Message;
use crate::model::source::Unusable;

/// How many rows people are shown.
const FIRST_ROWS: usize = 3;

/// Reads each file and shows what was understood of it.
///
/// # Errors
/// When a file cannot be opened.
pub fn run(args: &InspectArgs, console: &Console) -> Result<Status> {
    let own: Vec<PathBuf> = args.format.iter().map(PathBuf::from).filter(|path| path.is_file()).collect();
    let Some((formats, ids)) = catalogue::format_book(&own, console)? else {
        return Ok(Status::InputUnusable);
    };
    let format = ids.into_iter().next().or_else(|| args.format.clone());
    let say = |message: &Message| console.words(message);
    let mut status = Status::Done;
    let mut out = args.json.then(|| JsonList::begin(console));
    for path in &args.files {
        let shown = if args.files.len() == 1 { file_name(path) } else { path.display().to_string() };
        let hint = SourceHint {
            file: shown.clone(),
            msisdn: args.msisdn.clone(),
            format: format.clone(),
            year: None,
        };
        let mut answer = |reading: &FileReading| {
            if let Some(unusable) = &reading.source.unusable {
                warn_unusable(&reading.source.path, unusable, console);
                status = Status::InputUnusable;
            }
            // People are shown the first rows; programs get them when they ask.
            let records = if args.json { args.records.then_some(usize::MAX) } else { Some(FIRST_ROWS) };
            let inspection = Inspection { reading, records, say: &say };
            match &mut out {
                Some(list) => list.push(&inspection),
                None => show(&serde_json::to_value(inspection).unwrap_or_default(), console),
            }
        };
        if let Some(length) = length_bytes(path).filter(|length| *length > FILE_BYTES_MAX) {
            answer(&ingest::too_large(&shown, length));
            continue;
        }
        // One file after the other: what was read of one is gone before the next one is opened.
        for file in ingest::members(read_file(path, &shown)?) {
            answer(&ingest::read_owned(file, Some(&hint), &formats));
        }
    }
    if let Some(list) = out {
        list.end();
    }
    Ok(status)
}

fn length_bytes(path: &Path) -> Option<u64> {
    std::fs::metadata(path).ok().map(|file| file.len())
}

fn warn_unusable(path: &str, unusable: &Unusable, console: &Console) {
    let words = Message::new("cli.unusable").text("path", path);
    let words = words.message("message", unusable.message.clone()).message("help", unusable.help.clone());
    console.warn(&console.words(&words));
}

/// Prints an inspection for people: one block a file.
fn show(inspection: &Value, console: &Console) {
    let text = |key: &str| plain(&inspection[key]);
    if inspection["table"].is_null() {
        return;
    }
    console
        .say(&Message::new("cli.inspect-file").text("path", text("path")).text("profile", text("profile")));
    match inspection["tables"].as_array() {
        Some(tables) => tables.iter().for_each(|table| {
            let title = Message::new("cli.inspect-one-of").text("profile", plain(&table["profile"]));
            console.say(&title.text("sheet", plain(&table["sheet"])));
            show_table(table, console);
        }),
        None => show_table(inspection, console),
    }
    for note in inspection["notes"].as_array().into_iter().flatten().take(NOTES_SHOWN) {
        let words = Message::new("cli.inspect-note").text("row", plain(&note["row"]));
        console.say(&words.text("sheet", plain(&note["sheet"])).text("reason", plain(&note["reason"])));
    }
}

/// How many remarks people are shown; programs get all.
const NOTES_SHOWN: usize = 20;

/// Prints one table of a file.
fn show_table(inspection: &Value, console: &Console) {
    let text = |key: &str| plain(&inspection[key]);
    let table =
        Message::new("cli.inspect-table").text("table", text("table")).text("header_row", text("header_row"));
    console.say(&table);
    let rows =
        Message::new("cli.inspect-rows").text("read", text("rows_read")).text("used", text("rows_used"));
    console.say(&rows.text("set_aside", text("rows_set_aside")));
    let covers = &inspection["covers"];
    if !covers.is_null() {
        let window = Message::new("cli.inspect-covers").text("start", plain(&covers["start"]));
        let by = Message::new(format!("cli.covered-{}", plain(&covers["by"])));
        console.say(&window.text("end", plain(&covers["end"])).message("by", by));
    }
    console.say(
        &Message::new("cli.inspect-sum")
            .text("sum", text("sum_amount"))
            .text("counts", pairs(&inspection["count_by_kind"])),
    );
    for control in inspection["control"].as_array().into_iter().flatten() {
        let ties =
            if control["ties"] == Value::Bool(true) { "cli.control-ties" } else { "cli.control-differs" };
        let name = Message::new(format!("common.control.{}", plain(&control["name"])));
        let words = Message::new(ties).message("name", name).text("stated", plain(&control["stated"]));
        console.say(&words.text("counted", plain(&control["counted"])));
    }
    show_columns(inspection, console);
    for (index, record) in inspection["records"].as_array().into_iter().flatten().take(FIRST_ROWS).enumerate()
    {
        let key = if index == 0 { "cli.inspect-first-rows" } else { "cli.inspect-next-row" };
        console.say(&Message::new(key).text("record", filled_pairs(record)));
    }
    for row in inspection["set_aside"].as_array().into_iter().flatten() {
        let words = Message::new("cli.inspect-set-aside")
            .text("row", plain(&row["row"]))
            .text("column", plain(&row["column"]));
        console.say(&words.text("value", plain(&row["value"])).text("reason", plain(&row["reason"])));
    }
}

/// Prints which headers fill which fields, and which are kept as context.
fn show_columns(inspection: &Value, console: &Console) {
    let columns = inspection["columns"].as_object();
    let (used, context): (Vec<_>, Vec<_>) =
        columns.into_iter().flatten().partition(|(_, field)| !field.is_null());
    let used: Vec<String> =
        used.into_iter().map(|(header, field)| format!("{header} → {}", plain(field))).collect();
    console.say(&Message::new("cli.inspect-columns").text("columns", used.join("  ")));
    let context: Vec<String> = context.into_iter().map(|(header, _)| header.clone()).collect();
    if !context.is_empty() {
        console.say(&Message::new("cli.inspect-context").text("columns", context.join("  ")));
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn pairs(value: &Value) -> String {
    let pair = |(key, value): (&String, &Value)| format!("{key} {}", plain(value));
    value.as_object().map(|map| map.iter().map(pair).collect::<Vec<_>>().join("  ")).unwrap_or_default()
}

/// Returns the fields of a record that are filled.
fn filled_pairs(record: &Value) -> String {
    let filled = record.as_object().into_iter().flatten().filter(|(_, value)| !plain(value).is_empty());
    filled.map(|(key, value)| format!("{key}={}", plain(value))).collect::<Vec<_>>().join("  ")
}
