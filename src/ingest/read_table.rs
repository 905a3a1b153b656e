//! One recognised sheet → its table and records. rows read = rows used + rows set aside, always.

mod row_class;

use std::sync::Arc;

use crate::ingest::control_totals;
use crate::ingest::coverage::{self, Seen};
use crate::ingest::facts::{Facts, NameFacts};
use crate::ingest::format::FormatBook;
use crate::ingest::identify::Match;
use crate::ingest::map_row::bill::{self, BillEntry, BillRow};
use crate::ingest::map_row::{RowDefaults, map_row};
use crate::ingest::read_csv::ReadSheet;
use crate::ingest::read_table::row_class::{RowClass, classify};
use crate::ingest::records::Records;
use crate::ingest::room::Room;
use crate::ingest::row_reader::{Fields, RowReader, TableContext};
use crate::ingest::year::YearSource;
use crate::model::case::SourceHint;
use crate::model::diagnostic::{Diagnostic, DiagnosticClass};
use crate::model::message::Message;
use crate::model::period::Day;
use crate::model::sheet::{Row, Sheet};
use crate::model::source::{RowRef, Table, TableKind, Unusable};

/// Where a table stands in its file.
#[derive(Debug, Clone, Copy)]
pub struct TablePlace<'a> {
    /// Path of the file.
    pub path: &'a str,
    /// Index of the table in its source.
    pub table: u16,
    /// What case.toml says about the file.
    pub hint: Option<&'a SourceHint>,
}

/// A sheet whose tables are read.
#[derive(Debug, Clone)]
pub struct OpenSheet {
    /// Its cells, which every table of it can quote.
    pub sheet: Arc<Sheet>,
    /// (row, column) of cells that are too large.
    pub oversized: Vec<(u32, u16)>,
    /// Lines of text before it.
    pub preface: Vec<String>,
    /// Whether the workbook hides it.
    pub hidden: bool,
}

impl From<ReadSheet> for OpenSheet {
    fn from(read: ReadSheet) -> Self {
        let ReadSheet { sheet, oversized, preface, hidden } = read;
        Self { sheet: Arc::new(sheet), oversized, preface, hidden }
    }
}

/// Returns the table; its records are added to `records`, its remarks to `notes`.
///
/// # Errors
/// When there is no room for the records, or for the remarks about what could not be read.
pub fn read_table(
    open: &OpenSheet,
    found: &Match<'_>,
    place: TablePlace<'_>,
    book: &FormatBook,
    records: &mut Records,
    notes: &mut Vec<Diagnostic>,
    room: &mut Room,
) -> Result<Table, Unusable> {
    let sheet = &open.sheet;
    let (facts, classes) = classify(open, found, book, room)?;
    let rows_read = classes.count;
    if found.format.table == TableKind::Usage {
        room.spend(rows_read as usize * EVENT_BYTES)?;
        records.reserve_usage(rows_read as usize);
    }
    let fields = Fields::of(found);
    let names = NameFacts::of(&[sheet.name.as_deref().unwrap_or_default(), place.path]);
    let years = YearSource {
        window: facts.window(),
        year: place.hint.and_then(|hint| hint.year),
        month: names.month,
        exported_on: facts.exported_on(),
    };
    let own_number = own_number(found, &facts, &names, place.hint);
    let context = TableContext {
        path: place.path,
        sheet: sheet.name.as_deref(),
        found,
        fields: &fields,
        years: &years,
    };
    let cycle = facts.cycle().or(if facts.window().is_none() { names.month } else { None });
    let defaults =
        RowDefaults { msisdn: own_number.as_deref().unwrap_or_default(), cycle, items: &book.items };
    let (remarks, texts_bytes) = (notes.len(), records.usage.texts_bytes());
    let mut reading = Reading {
        context,
        place,
        defaults,
        records,
        notes,
        set_aside: Vec::new(),
        remarks,
        texts_bytes,
        used: 0,
        seen: Seen::default(),
        bill: Vec::new(),
    };
    classes.try_each(sheet, |row, class| {
        reading.row(row, class);
        reading.spend(row, room)
    })?;
    reading.finish_bill();
    let (set_aside, used, seen) = (reading.set_aside, reading.used, reading.seen);
    let mut table = Table {
        profile: found.format.id.clone(),
        verified: found.format.verified,
        kind: found.format.table,
        header_row: found.header_row,
        columns: found.columns.clone(),
        rows_read,
        rows_used: used,
        set_aside,
        coverage: Vec::new(),
        controls: control_totals::controls(&facts, &seen, place),
        msisdn: own_number,
        exported_on: facts.exported_on(),
        unfiltered: facts.unfiltered(&book.vocabulary),
        sheet: Arc::clone(sheet),
    };
    table.coverage = coverage::of_table(&table, &facts, &names, &seen, found.format, place);
    Ok(table)
}

/// Payments name the line that they are for in their rows; a number elsewhere is the payer's account.
fn own_number(
    found: &Match<'_>,
    facts: &Facts,
    names: &NameFacts,
    hint: Option<&SourceHint>,
) -> Option<String> {
    let hinted = hint.and_then(|hint| hint.msisdn.clone());
    if found.format.table == TableKind::Payments {
        return hinted;
    }
    facts.msisdn().or(hinted).or_else(|| names.msisdn.clone())
}

/// Bytes of an event in its columns, of another record, of a text, of a remark with its printed form.
const EVENT_BYTES: usize = 64;
const RECORD_BYTES: usize = 320;
const TEXT_BYTES: usize = 48;
const REMARK_BYTES: usize = 4096;
/// From so many remarks on they are why the room is full.
const REMARKS_MANY: usize = 10_000;

/// Returns the answer for a file of which too much could not be read, with the first reason.
fn too_many_problems(first: &Diagnostic, count: usize) -> Unusable {
    let message = Message::new("ingest.file.too-many-problems").count("count", count);
    Unusable {
        code: "too-many-problems",
        message: message.text("row", first.row.unwrap_or_default()).message("reason", first.reason.clone()),
        help: Message::new("ingest.file.too-many-problems.help"),
    }
}

struct Reading<'a, 'r> {
    context: TableContext<'a>,
    place: TablePlace<'a>,
    defaults: RowDefaults<'a>,
    records: &'r mut Records,
    notes: &'r mut Vec<Diagnostic>,
    set_aside: Vec<Diagnostic>,
    /// Remarks whose room was taken.
    remarks: usize,
    /// Bytes of the texts of usage events whose room was taken.
    texts_bytes: usize,
    used: u32,
    seen: Seen,
    bill: Vec<BillRow>,
}

impl<'a> Reading<'a, '_> {
    fn row(&mut self, row: Row<'a>, class: RowClass) {
        match class {
            RowClass::Date(_) => self.used += 1,
            RowClass::Structure(reason) => self.aside(row.number(), DiagnosticClass::Structure, reason),
            RowClass::Oversized(column) => self.oversized(row.number(), column),
            RowClass::Data { day } => self.data(row, day),
        }
    }

    /// Takes the room of the record of a row and of the remarks about it.
    fn spend(&mut self, row: Row<'_>, room: &mut Room) -> Result<(), Unusable> {
        let remarks = self.set_aside.len() + self.notes.len();
        let record = match self.context.found.format.table {
            // The places of the events were taken all at once.
            TableKind::Usage => {
                let texts_bytes = self.records.usage.texts_bytes();
                texts_bytes - std::mem::replace(&mut self.texts_bytes, texts_bytes)
            }
            _ => RECORD_BYTES + row.cells().map(|cell| cell.len() + TEXT_BYTES).sum::<usize>(),
        };
        let spent = room.spend(record + (remarks - self.remarks) * REMARK_BYTES);
        self.remarks = remarks;
        match (spent, self.set_aside.first()) {
            (Err(_), Some(first)) if remarks > REMARKS_MANY => Err(too_many_problems(first, remarks)),
            (spent, _) => spent,
        }
    }

    fn data(&mut self, row: Row<'a>, day: Option<Day>) {
        let mut reader = RowReader::new(self.context, row, day);
        let at = RowRef { source: 0, table: self.place.table, row: row.number() };
        let mapped = if self.context.found.format.table == TableKind::Bill {
            bill::read(&mut reader, at, self.defaults).map(|row| self.bill.push(row)).is_some()
        } else {
            map_row(&mut reader, at, self.defaults, self.records)
        };
        let (problems, notes) = (reader.problems, reader.notes);
        if mapped {
            self.notes.extend(notes);
            if self.context.found.format.table != TableKind::Bill {
                self.used += 1;
                self.seen.record(self.records, self.context.found.format.table, row.number());
            }
        } else {
            // A row that cannot become a record always says why.
            assert!(!problems.is_empty(), "a row is set aside with its reason");
            self.seen.problems += 1;
            self.set_aside.extend(problems);
        }
    }

    fn finish_bill(&mut self) {
        for entry in bill::weigh(std::mem::take(&mut self.bill)) {
            match entry {
                BillEntry::Line(line, note) => {
                    self.used += 1;
                    if let Some(note) = note {
                        self.notes.push(self.diagnostic(line.record.at.row, DiagnosticClass::Note, note));
                    }
                    let row = line.record.at.row;
                    self.records.bill.push(line);
                    self.seen.record(self.records, TableKind::Bill, row);
                }
                BillEntry::Structure(at, reason) => self.aside(at.row, DiagnosticClass::Structure, reason),
            }
        }
        self.set_aside.sort_by_key(|diagnostic| (diagnostic.row, diagnostic.column));
    }

    fn oversized(&mut self, row: u32, column: u16) {
        self.seen.problems += 1;
        let mut diagnostic =
            self.diagnostic(row, DiagnosticClass::Problem, Message::new("ingest.row.oversized"));
        diagnostic.column = Some(column);
        diagnostic.help = Some(Message::new("ingest.row.problem.help"));
        self.set_aside.push(diagnostic);
    }

    fn aside(&mut self, row: u32, class: DiagnosticClass, reason: Message) {
        let diagnostic = self.diagnostic(row, class, reason);
        self.set_aside.push(diagnostic);
    }

    fn diagnostic(&self, row: u32, class: DiagnosticClass, reason: Message) -> Diagnostic {
        Diagnostic {
            class,
            path: self.place.path.to_owned(),
            sheet: self.context.sheet.map(str::to_owned),
            row: Some(row),
            column: None,
            header: None,
            value: None,
            rule: Some(self.context.found.format.id.clone()),
            reason,
            help: None,
        }
    }
}
