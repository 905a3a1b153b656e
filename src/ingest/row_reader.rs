//! One row under one format: fields in, values out, every problem of the row collected.

mod fields;

use std::borrow::Cow;

use chrono::NaiveDateTime;
use rust_decimal::Decimal;

pub use crate::ingest::row_reader::fields::Fields;

use crate::ingest::format::{ColumnRule, Extract, Format};
use crate::ingest::header::ColumnUnit;
use crate::ingest::identify::{Binding, Match};
use crate::ingest::parse_cell::date::date;
use crate::ingest::parse_cell::datetime::{Stamp, datetime, time_of_day};
use crate::ingest::parse_cell::duration::duration_s;
use crate::ingest::parse_cell::id::{Id, id, is_exponent_number};
use crate::ingest::parse_cell::money::{MoneyUnit, decimal, money};
use crate::ingest::parse_cell::month::month;
use crate::ingest::parse_cell::msisdn::msisdn;
use crate::ingest::parse_cell::volume::volume_bytes;
use crate::ingest::parse_cell::yes_no::yes_no;
use crate::ingest::parse_cell::{CellResult, is_present, refused, shortened};
use crate::ingest::pattern::Letters;
use crate::ingest::year::YearSource;
use crate::model::diagnostic::{Diagnostic, DiagnosticClass};
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::period::{Cycle, Day, WallTime};
use crate::model::sheet::{CellKind, Row};

/// What is the same for every row of a table.
#[derive(Debug, Clone, Copy)]
pub struct TableContext<'a> {
    /// Path of the file.
    pub path: &'a str,
    /// Sheet, if it has a name.
    pub sheet: Option<&'a str>,
    /// The format and its columns.
    pub found: &'a Match<'a>,
    /// Its columns by field.
    pub fields: &'a Fields<'a>,
    /// What supplies a missing year or date.
    pub years: &'a YearSource,
}

/// One row being read.
#[derive(Debug)]
pub struct RowReader<'a> {
    /// The table.
    pub table: TableContext<'a>,
    /// The row.
    pub row: Row<'a>,
    /// Date row above it.
    pub day: Option<Day>,
    /// Why the row cannot be used.
    pub problems: Vec<Diagnostic>,
    /// What is worth knowing about it.
    pub notes: Vec<Diagnostic>,
}

/// A cell that is present, or a constant of the format.
#[derive(Debug, Clone, Copy)]
struct Cell<'a> {
    text: &'a str,
    place: Option<(&'a Binding, &'a ColumnRule)>,
}

impl<'a> RowReader<'a> {
    /// Returns a reader of the row.
    pub fn new(table: TableContext<'a>, row: Row<'a>, day: Option<Day>) -> Self {
        Self { table, row, day, problems: Vec::new(), notes: Vec::new() }
    }

    fn format(&self) -> &'a Format {
        self.table.found.format
    }

    fn bindings(&self, field: &str) -> impl Iterator<Item = (&'a Binding, &'a ColumnRule)> {
        self.table.fields.columns(field).iter().copied()
    }

    /// The first column of the field that is not absent in this row, else the constant.
    fn cell(&self, field: &str) -> Option<Cell<'a>> {
        let row = self.row;
        let repeated = |column: u16| row.kind(column.into()) == CellKind::Repeated;
        let mut filled = self.bindings(field).filter(|(binding, rule)| {
            is_present(row.cell(binding.column.into()))
                && !(rule.rule.is_counted() && repeated(binding.column))
        });
        let cell = filled.next().map(|(binding, rule)| Cell {
            text: row.cell(binding.column.into()),
            place: Some((binding, rule)),
        });
        cell.or_else(|| self.table.fields.constant(field).map(|text| Cell { text, place: None }))
    }

    /// Returns whether the table has a column or a constant for the field.
    pub fn has(&self, field: &str) -> bool {
        self.bindings(field).next().is_some() || self.table.fields.constant(field).is_some()
    }

    /// Returns the printed text of a field, trimmed; empty when absent.
    pub fn text(&self, field: &str) -> &'a str {
        let cell = self.cell(field).filter(|cell| is_present(cell.text));
        cell.map(|cell| cell.text.trim().trim_matches(['\u{FEFF}', '\u{3000}', '\t', ' ']))
            .unwrap_or_default()
    }

    /// Returns the text of a field as printed with its indentation.
    pub fn untrimmed(&self, field: &str) -> &'a str {
        self.cell(field).map_or("", |cell| cell.text)
    }

    /// Returns a phone number; one that a spreadsheet damaged is emptied with a note.
    pub fn number(&mut self, field: &str) -> Cow<'a, str> {
        let Some(cell) = self.cell(field) else { return Cow::Borrowed("") };
        if is_exponent_number(cell.text.trim()) {
            self.note(
                field,
                cell,
                Message::new("ingest.cell.resaved"),
                Message::new("ingest.cell.resaved.help"),
            );
            return Cow::Borrowed("");
        }
        msisdn(cell.text)
    }

    /// Returns an id; one that a spreadsheet damaged is emptied with a note.
    pub fn id(&mut self, field: &str) -> Cow<'a, str> {
        let Some(cell) = self.cell(field) else { return Cow::Borrowed("") };
        let kind = cell.place.map_or(CellKind::Text, |(b, _)| self.row.kind(b.column.into()));
        match id(cell.text, kind) {
            Id::Whole(text) => text,
            Id::Damaged => {
                self.note(
                    field,
                    cell,
                    Message::new("ingest.cell.resaved"),
                    Message::new("ingest.cell.resaved.help"),
                );
                Cow::Borrowed("")
            }
        }
    }

    /// Returns an amount in yuan.
    pub fn money(&mut self, field: &str) -> Option<Money> {
        let unit = self.unit(field).and_then(ColumnUnit::money).unwrap_or(MoneyUnit::Yuan);
        let format = self.format();
        self.read(field, |cell| {
            money(cell.text, unit).or_else(|refused| {
                // `131.77(已退款89.84)`: the amount stands in a sentence that the format knows.
                let inside = format.extracts.iter().filter(|extract| extract.from == field);
                let found =
                    inside.flat_map(|extract| &extract.patterns).find_map(|pattern| pattern.find(cell.text));
                let amount = found.and_then(|filled| filled.into_iter().find(|(name, _)| *name == field));
                amount.map_or(Err(refused), |(_, text)| money(&text, unit))
            })
        })
    }

    /// Returns an exact number.
    pub fn decimal(&mut self, field: &str) -> Option<Decimal> {
        self.read(field, |cell| decimal(cell.text))
    }

    /// Returns a duration in seconds.
    pub fn duration_s(&mut self, field: &str) -> Option<u32> {
        let seconds = self.unit(field).and_then(ColumnUnit::seconds).unwrap_or(1);
        self.read(field, |cell| duration_s(cell.text, seconds))
    }

    /// Returns a data volume in bytes.
    pub fn bytes(&mut self, field: &str) -> Option<u64> {
        let bytes = self.unit(field).and_then(ColumnUnit::bytes);
        self.read(field, |cell| volume_bytes(cell.text, bytes))
    }

    /// Returns a day.
    pub fn day_of(&mut self, field: &str) -> Option<Day> {
        self.read(field, |cell| date(cell.text))
    }

    /// Returns a billing month.
    pub fn month(&mut self, field: &str) -> Option<Cycle> {
        self.read(field, |cell| month(cell.text))
    }

    /// Returns yes or no.
    pub fn yes_no(&mut self, field: &str) -> Option<bool> {
        self.read(field, |cell| yes_no(cell.text))
    }

    /// Returns a time, completed by a separate time column, a date row or the year that the file states.
    pub fn time(&mut self, field: &str) -> Option<WallTime> {
        let beside = self.read("time", |cell| time_of_day(cell.text));
        let (day, years) = (self.day, self.table.years);
        let at = self.read(field, |cell| match datetime(cell.text)? {
            None => Ok(None),
            Some(stamp) => {
                completed(stamp, beside, day, years).map(Some).ok_or_else(|| refused("no-year", cell.text))
            }
        });
        at.map(WallTime::new)
    }

    /// Returns the code of a word by the column's table.
    pub fn word(&mut self, field: &str) -> Option<&'a str> {
        let cell = self.cell(field)?;
        let Some((_, rule)) = cell.place else { return Some(cell.text) };
        if let Some(code) = self.table.fields.code_of(&rule.words, cell.text) {
            return Some(code);
        }
        let known: Vec<&str> = rule.words.iter().map(|(glob, _)| glob.as_str()).collect();
        let reason = refused("word", cell.text).text("known", known.join("、"));
        match &rule.otherwise {
            Some(code) => {
                self.note(field, cell, reason, Message::new("ingest.cell.word-kept.help").text("code", code));
                Some(code.as_str())
            }
            None => {
                self.problem(field, cell, reason);
                None
            }
        }
    }

    /// Returns what the format's extracts read out of other fields for this field.
    pub fn extracted(&self, field: &str) -> Option<Cow<'a, str>> {
        self.format().extracts.iter().find_map(|extract| self.extract(extract, field))
    }

    fn extract(&self, extract: &'a Extract, field: &str) -> Option<Cow<'a, str>> {
        let is_word = extract.field.as_deref() == Some(field);
        if !is_word && extract.patterns.is_empty() {
            return None;
        }
        let text = self.text(&extract.from);
        if is_word {
            return self.table.fields.code_of(&extract.words, text).map(Cow::Borrowed);
        }
        let letters = Letters::of(text);
        let filled = extract.patterns.iter().find_map(|pattern| pattern.find_in(&letters))?;
        filled.into_iter().find(|(name, _)| *name == field).map(|(_, value)| Cow::Owned(value))
    }

    /// Returns the value, or notes that the field must not be absent. A problem of the same field stands alone.
    pub fn need<T>(&mut self, field: &str, value: Option<T>) -> Option<T> {
        if value.is_none() && !self.is_refused(field) {
            let first = self.bindings(field).next();
            let merged =
                first.is_some_and(|(binding, _)| self.row.kind(binding.column.into()) == CellKind::Repeated);
            let key = if merged { "ingest.row.merged" } else { "ingest.row.missing" };
            let reason = Message::new(key).text("field", field);
            let diagnostic = self.diagnostic(DiagnosticClass::Problem, field, first, None, reason);
            self.problems.push(diagnostic);
        }
        value
    }

    fn is_refused(&self, field: &str) -> bool {
        let rule = format!("{}: {field} ", self.format().id);
        self.problems.iter().any(|problem| problem.rule.as_deref().is_some_and(|r| r.starts_with(&rule)))
    }

    fn unit(&self, field: &str) -> Option<ColumnUnit> {
        let (binding, rule) = self.cell(field)?.place?;
        binding.unit.or(rule.unit)
    }

    fn read<T>(&mut self, field: &str, parse: impl Fn(Cell<'a>) -> CellResult<T>) -> Option<T> {
        let cell = self.cell(field)?;
        parse(cell).unwrap_or_else(|reason| {
            self.problem(field, cell, reason);
            None
        })
    }

    fn problem(&mut self, field: &str, cell: Cell<'a>, reason: Message) {
        let help = Message::new("ingest.row.problem.help");
        let mut diagnostic =
            self.diagnostic(DiagnosticClass::Problem, field, cell.place, Some(cell.text), reason);
        diagnostic.help = Some(help);
        self.problems.push(diagnostic);
    }

    fn note(&mut self, field: &str, cell: Cell<'a>, reason: Message, help: Message) {
        let mut diagnostic = self.diagnostic(
            DiagnosticClass::Note,
            field,
            cell.place,
            Some(cell.text),
            reason.text("value", shortened(cell.text.trim())),
        );
        diagnostic.help = Some(help);
        self.notes.push(diagnostic);
    }

    /// Adds a remark about a field of this row.
    pub fn remark(&mut self, field: &str, reason: Message) {
        let place = self.bindings(field).next();
        let text = self.cell(field).map(|cell| cell.text);
        let diagnostic = self.diagnostic(DiagnosticClass::Note, field, place, text, reason);
        self.notes.push(diagnostic);
    }

    fn diagnostic(
        &self,
        class: DiagnosticClass,
        field: &str,
        place: Option<(&Binding, &ColumnRule)>,
        value: Option<&str>,
        reason: Message,
    ) -> Diagnostic {
        let column = place.map(|(binding, _)| binding.column);
        let header = column.and_then(|column| {
            self.table.found.columns.iter().find(|used| used.column == column).map(|used| used.header.clone())
        });
        let rule = place.map_or("constant", |(_, rule)| rule.rule.code());
        Diagnostic {
            class,
            path: self.table.path.to_owned(),
            sheet: self.table.sheet.map(str::to_owned),
            row: Some(self.row.number()),
            column,
            header,
            value: value.map(|value| shortened(value.trim())),
            rule: Some(format!("{}: {field} ({rule})", self.format().id)),
            reason,
            help: None,
        }
    }
}

fn completed(
    stamp: Stamp,
    beside: Option<chrono::NaiveTime>,
    day: Option<Day>,
    years: &YearSource,
) -> Option<NaiveDateTime> {
    match stamp {
        Stamp::Full(at) => Some(at),
        Stamp::DayOnly(day) => Some(day.and_time(beside.unwrap_or(chrono::NaiveTime::MIN))),
        Stamp::NoYear { month, day, time } => years.day(month, day).map(|day| day.and_time(time)),
        Stamp::TimeOnly(time) => day.map(|day| day.and_time(time)),
    }
}
