//! One recognised sheet → its table and records. rows read = rows used + rows set aside, always.

use std::sync::Arc;

use crate::ingest::control_totals;
use crate::ingest::coverage::{self, Seen};
use crate::ingest::facts::{Facts, NameFacts};
use crate::ingest::fold::{fold_name, matches_glob};
use crate::ingest::format::FormatBook;
use crate::ingest::identify::Match;
use crate::ingest::map_row::bill::{self, BillEntry, BillRow};
use crate::ingest::map_row::{RowDefaults, map_row};
use crate::ingest::parse_cell::date::date;
use crate::ingest::parse_cell::datetime::{Stamp, datetime};
use crate::ingest::parse_cell::{is_present, shortened};
use crate::ingest::read_csv::ReadSheet;
use crate::ingest::records::Records;
use crate::ingest::row_reader::{RowReader, TableContext};
use crate::ingest::year::YearSource;
use crate::model::case::SourceHint;
use crate::model::diagnostic::{Diagnostic, DiagnosticClass};
use crate::model::message::Message;
use crate::model::period::Day;
use crate::model::sheet::{Row, Sheet};
use crate::model::source::{RowRef, Table, TableKind};

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

/// What a row below the header is.
enum RowClass {
    Data { day: Option<Day> },
    Date,
    Structure(Message),
    Oversized(u16),
}

/// Returns the table; its records are added to `records`, its remarks to `notes`.
pub fn read_table(
    open: &OpenSheet,
    found: &Match<'_>,
    place: TablePlace<'_>,
    book: &FormatBook,
    records: &mut Records,
    notes: &mut Vec<Diagnostic>,
) -> Table {
    let sheet = &open.sheet;
    let (facts, rows) = classify(open, found, book);
    let names = NameFacts::of(&[sheet.name.as_deref().unwrap_or_default(), place.path]);
    let years = YearSource {
        window: facts.window(),
        year: place.hint.and_then(|hint| hint.year),
        month: names.month,
        exported_on: facts.exported_on(),
    };
    let own_number = own_number(found, &facts, &names, place.hint);
    let context = TableContext { path: place.path, sheet: sheet.name.as_deref(), found, years: &years };
    let cycle = facts.cycle().or(if facts.window().is_none() { names.month } else { None });
    let defaults =
        RowDefaults { msisdn: own_number.as_deref().unwrap_or_default(), cycle, items: &book.items };
    let mut reading = Reading {
        context,
        place,
        defaults,
        records,
        notes,
        set_aside: Vec::new(),
        used: 0,
        seen: Seen::default(),
        bill: Vec::new(),
    };
    for (row, class) in &rows {
        reading.row(*row, class);
    }
    reading.finish_bill();
    let (set_aside, used, seen) = (reading.set_aside, reading.used, reading.seen);
    let mut table = Table {
        profile: found.format.id.clone(),
        verified: found.format.verified,
        kind: found.format.table,
        header_row: found.header_row,
        columns: found.columns.clone(),
        rows_read: rows.len() as u32,
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
    table
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

/// Returns what the file says about itself, and the rows below the header with what each is.
fn classify<'s>(
    open: &'s OpenSheet,
    found: &Match<'_>,
    book: &FormatBook,
) -> (Facts, Vec<(Row<'s>, RowClass)>) {
    let (sheet, (first, last)) = (&open.sheet, found.rows);
    let mut facts = Facts::default();
    let mut rows = Vec::new();
    let header = sheet.row(found.header_row).map(row_key).unwrap_or_default();
    let (mut day, mut footer) = (None, false);
    let own = sheet.rows().filter(|row| (first..=last).contains(&row.number()) && !row.is_blank());
    for row in own {
        if row.number() < found.header_row {
            facts.read_row(row, found.format);
        }
        if row.number() <= found.header_row {
            continue;
        }
        footer |= is_rule(row);
        let class = match open.oversized.iter().find(|(number, _)| *number == row.number()) {
            Some((_, column)) => RowClass::Oversized(*column),
            None if footer => footer_row(row, found, &mut facts),
            None => class_of(row, &header, found, book, &mut facts, &mut day),
        };
        rows.push((row, class));
    }
    open.preface.iter().for_each(|line| facts.read_text(line, found.format, (None, None)));
    if let Some(name) = &sheet.name {
        facts.read_text(name, found.format, (None, None));
    }
    // What stands at the top of the sheet holds for its further tables too, unless it counts their rows.
    let top = sheet.rows().take(TOP_ROWS_MAX).take_while(|row| row.number() < first && !row.is_blank());
    top.for_each(|row| facts.read_shared(row, found.format));
    (facts, rows)
}

/// Rows above the first table of a sheet that are read for the further ones.
const TOP_ROWS_MAX: usize = 30;

/// Below a line of hyphens stands the footer of the export, in as many rows as its notes need.
fn is_rule(row: Row<'_>) -> bool {
    let mut filled = row.cells().map(str::trim).filter(|cell| !cell.is_empty());
    let first = filled.next().unwrap_or_default();
    filled.next().is_none() && first.len() >= 10 && first.bytes().all(|b| b == b'-')
}

fn footer_row(row: Row<'_>, found: &Match<'_>, facts: &mut Facts) -> RowClass {
    facts.read_row(row, found.format);
    let first = row.cells().map(str::trim).find(|cell| !cell.is_empty()).unwrap_or_default();
    RowClass::Structure(Message::new("ingest.row.structure").text("value", shortened(first)))
}

fn class_of(
    row: Row<'_>,
    header: &str,
    found: &Match<'_>,
    book: &FormatBook,
    facts: &mut Facts,
    day: &mut Option<Day>,
) -> RowClass {
    let mut filled = row.cells().map(str::trim).filter(|cell| !cell.is_empty());
    let first = filled.next().unwrap_or_default();
    let alone = filled.next().is_none();
    let first_key = if first.len() <= 400 { fold_name(first) } else { String::new() };
    if alone && is_date(first) {
        *day = date(first).ok().flatten();
        return RowClass::Date;
    }
    if alone && book.vocabulary.no_data.iter().any(|glob| matches_glob(glob, &first_key)) {
        facts.no_data = true;
        facts.read_row(row, found.format);
        return RowClass::Structure(Message::new("ingest.row.no-data"));
    }
    let item = item_name(row, found).filter(|name| !name.trim().is_empty());
    let key = item.map_or_else(|| first_key.clone(), fold_name);
    // 合计 and the balances are rows of the layout in a list, but lines of a bill where they stand as its item.
    let bill_line = found.format.table == TableKind::Bill
        && item.is_some()
        && book.items.meaning(&key, &found.format.id).is_some_and(|meaning| !meaning.category.is_charge());
    let complete = found.format.table != TableKind::Bill && fills_required(row, found);
    if !bill_line && !complete && found.format.structure.iter().any(|glob| matches_glob(glob, &key)) {
        facts.read_row(row, found.format);
        return RowClass::Structure(Message::new("ingest.row.structure").text("value", shortened(first)));
    }
    if !header.is_empty() && header.starts_with(&first_key) && row_key(row) == header {
        return RowClass::Structure(Message::new("ingest.row.header-again"));
    }
    if is_adjustment(row, found) {
        return RowClass::Structure(Message::new("ingest.row.adjustment"));
    }
    RowClass::Data { day: *day }
}

/// Some provinces close a month with rows at 23:59:59 that name a fee and nothing that a call or a message
/// has: no peer, no direction, no duration.
fn is_adjustment(row: Row<'_>, found: &Match<'_>) -> bool {
    let blank = |field: &str| {
        let of_field = found.bindings.iter().filter(|b| found.format.columns[b.rule].field == field);
        let cells: Vec<&str> = of_field.map(|binding| row.cell(binding.column.into())).collect();
        !cells.is_empty() && !cells.iter().any(|cell| is_present(cell))
    };
    found.format.table == TableKind::Usage
        && row.cells().any(|cell| cell.trim().ends_with("23:59:59"))
        && blank("peer")
        && blank("direction")
}

/// Returns the item of a bill row: it tells a subtotal also where other columns stand before it.
fn item_name<'s>(row: Row<'s>, found: &Match<'_>) -> Option<&'s str> {
    let is_item = |rule: usize| found.format.columns[rule].field == "item";
    let columns = found.bindings.iter().filter(|binding| is_item(binding.rule)).map(|binding| binding.column);
    let filled =
        columns.map(|column| row.cell(column.into())).find(|cell| is_present(cell) && cell.len() <= 400);
    filled.filter(|_| found.format.table == TableKind::Bill)
}

/// A row with every needed cell is a record, whatever words its first cell begins with.
fn fills_required(row: Row<'_>, found: &Match<'_>) -> bool {
    let required = found.format.columns.iter().enumerate().filter(|(_, rule)| rule.required);
    let filled = |rule: usize| {
        let mut columns = found.bindings.iter().filter(|binding| binding.rule == rule);
        columns.any(|binding| is_present(row.cell(binding.column.into())))
    };
    required.into_iter().all(|(index, _)| filled(index))
}

fn is_date(text: &str) -> bool {
    matches!(datetime(text), Ok(Some(Stamp::DayOnly(_))))
}

fn row_key(row: Row<'_>) -> String {
    row.cells()
        .take(64)
        .filter(|cell| cell.len() <= 200)
        .map(fold_name)
        .filter(|cell| !cell.is_empty())
        .collect::<Vec<_>>()
        .join("\u{1F}")
}

struct Reading<'a, 'r> {
    context: TableContext<'a>,
    place: TablePlace<'a>,
    defaults: RowDefaults<'a>,
    records: &'r mut Records,
    notes: &'r mut Vec<Diagnostic>,
    set_aside: Vec<Diagnostic>,
    used: u32,
    seen: Seen,
    bill: Vec<BillRow>,
}

impl<'a> Reading<'a, '_> {
    fn row(&mut self, row: Row<'a>, class: &RowClass) {
        match class {
            RowClass::Date => self.used += 1,
            RowClass::Structure(reason) => {
                self.aside(row.number(), DiagnosticClass::Structure, reason.clone())
            }
            RowClass::Oversized(column) => self.oversized(row.number(), *column),
            RowClass::Data { day } => self.data(row, *day),
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
