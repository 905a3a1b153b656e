//! The layout of a bulk table, and what of it a single line of the portfolio sees.

mod slots;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::ingest::bulk::layout::slots::{bill_slots, order_slots, payment_slots, usage_slots};
use crate::ingest::bulk::rows::{BillRow, OrderRow, PaymentRow};
use crate::ingest::bulk::split::CELLS_MAX;
use crate::ingest::bulk::usage::UsageSlots;
use crate::ingest::coverage::{self, Seen};
use crate::ingest::decode::blocks::Coding;
use crate::ingest::facts::{Facts, NameFacts};
use crate::ingest::format::{Format, FormatBook};
use crate::ingest::identify::{Identified, Match, SheetContext, identify};
use crate::ingest::read_csv::read_csv;
use crate::ingest::read_parquet::cells::Want;
use crate::ingest::read_parquet::groups::Groups;
use crate::ingest::read_table::{OpenSheet, TablePlace, read_table};
use crate::ingest::records::Records;
use crate::ingest::room::Room;
use crate::ingest::{FileReading, read_csv::ReadSheet};
use crate::model::case::SourceHint;
use crate::model::coverage::CoverKind;
use crate::model::diagnostic::{Diagnostic, DiagnosticClass};
use crate::model::period::Day;
use crate::model::sheet::{CellKind, Sheet};
use crate::model::source::{Source, Table, TableKind};

/// A bulk table in the general record format: comma-separated UTF-8 with the header on its first line, or Parquet.
#[derive(Debug, Clone)]
pub struct Layout {
    /// Path of the file.
    pub path: String,
    /// Size of the file.
    pub length_bytes: u64,
    /// Which general table it fills.
    pub kind: TableKind,
    /// Cells of a row.
    pub columns: usize,
    /// Where its rows stand.
    pub body: Body,
    /// Column of the number of the line.
    pub msisdn: u8,
    /// Columns of a usage table.
    pub usage: UsageSlots,
    /// Columns of a bill.
    pub bill: BillRow,
    /// Columns of a payment export.
    pub payment: PaymentRow,
    /// Columns of an order record.
    pub order: OrderRow,
    header: String,
    /// What the cells of each column are.
    kinds: Vec<CellKind>,
    /// What of each column is looked at.
    wants: Vec<Want>,
    hint: Option<SourceHint>,
    table: Table,
    /// What the file's name says.
    names: NameFacts,
    /// Number of its format in the book by which it was recognised.
    format_place: usize,
}

/// Where the rows of a table stand.
#[derive(Debug, Clone)]
pub enum Body {
    /// Lines of text.
    Text {
        /// Bytes of the header line with its line end, and of a mark of the encoding before it.
        starts: u64,
        /// Its encoding.
        coding: Coding,
    },
    /// Row groups of columns.
    Groups(Groups),
}

impl Body {
    /// Returns the number of the first row below the header.
    pub fn first_row(&self) -> u32 {
        match self {
            Self::Text { .. } => 2,
            Self::Groups(_) => 1,
        }
    }
}

/// Bytes of a usual row as text.
const ROW_BYTES: u64 = 72;

/// What the rows of a table showed, as far as one line of the portfolio is concerned.
#[derive(Debug, Clone, Default)]
pub struct Shown {
    /// Records of the line.
    pub records: u64,
    /// First and last day of the line's records.
    pub days: Option<(Day, Day)>,
    /// First row of the whole table that became a record.
    pub first_row: Option<u32>,
    /// Kinds of usage that occur in the whole table.
    pub kinds: BTreeSet<CoverKind>,
    /// Rows of the whole table that could not be read, at most some; their number tells whether it is whole.
    pub problems: Vec<Diagnostic>,
    /// Rows of the line as they are printed, where somebody has them.
    pub sheet: Option<Arc<Sheet>>,
}

/// Returns the layout of a table by the beginning of its file; none when it is no bulk table.
pub fn recognise(
    path: &str,
    length_bytes: u64,
    head: &[u8],
    hint: Option<&SourceHint>,
    formats: &FormatBook,
) -> Option<Layout> {
    let (coding, mark_bytes) = Coding::of(head)?;
    let marked = head.get(mark_bytes..)?;
    let starts = coding.line_end(marked, 0)?;
    let text = String::from_utf8(coding.decoded(&marked[..whole_lines(coding, marked)]).into_owned()).ok()?;
    let header = text.split_inclusive('\n').next().filter(|line| line.ends_with('\n'))?;
    if header.contains('"') {
        return None;
    }
    let body = Body::Text { starts: (mark_bytes + starts) as u64, coding };
    let kinds = vec![CellKind::Text; header.split(',').count()];
    Head { path, length_bytes, header, kinds, body, hint }.layout(&cells(&text)?, formats)
}

/// Returns the bytes of whole lines: the head of a file ends anywhere.
fn whole_lines(coding: Coding, head: &[u8]) -> usize {
    let (mut end, mut next) = (0, coding.line_end(head, 0));
    while let Some(at) = next {
        (end, next) = (at, coding.line_end(head, at));
    }
    end
}

/// Returns the layout of a Parquet table; none when it is no bulk table.
pub fn recognise_groups(
    path: &str,
    length_bytes: u64,
    groups: Groups,
    hint: Option<&SourceHint>,
    formats: &FormatBook,
) -> Option<Layout> {
    let names: Vec<&str> = groups.names().collect();
    if names.iter().any(|name| name.contains([',', '"', '\r', '\n'])) {
        return None;
    }
    let (header, kinds) = (names.join(",") + "\n", groups.kinds());
    let read = at_row(&header, 0)?;
    let body = Body::Groups(groups);
    Head { path, length_bytes, header: &header, kinds, body, hint }.layout(&read, formats)
}

/// What is known of a table before its layout.
struct Head<'h> {
    path: &'h str,
    length_bytes: u64,
    header: &'h str,
    kinds: Vec<CellKind>,
    body: Body,
    hint: Option<&'h SourceHint>,
}

impl Head<'_> {
    /// Returns the layout, by the header and what may stand below it.
    fn layout(self, read: &ReadSheet, formats: &FormatBook) -> Option<Layout> {
        let context = SheetContext { book: formats, hint: self.hint, path: self.path };
        let mut found = identify(&read.sheet, context, "");
        let Some(Identified::One(matched)) = found.pop().filter(|_| found.is_empty()) else { return None };
        let header_row = self.body.first_row() - 1;
        let slots =
            slots(&matched, header_row).filter(|_| self.hint.is_none_or(|hint| hint.msisdn.is_none()))?;
        let slot = |field: &str| slots.get(field).copied();
        // Binary numbers are shown in a way of their own, which only the ordinary code knows.
        let exact =
            slots.values().all(|column| self.kinds.get(usize::from(*column)) != Some(&CellKind::Number));
        let table = empty_table(self.path, self.header, &matched, self.hint, formats)?;
        let known = matches!(
            matched.format.table,
            TableKind::Usage | TableKind::Bill | TableKind::Payments | TableKind::Orders
        );
        if !known || !exact || self.kinds.len() > CELLS_MAX {
            return None;
        }
        Some(Layout {
            path: self.path.to_owned(),
            length_bytes: self.length_bytes,
            kind: matched.format.table,
            columns: self.kinds.len(),
            body: self.body,
            msisdn: slot("msisdn")?,
            usage: usage_slots(slot),
            bill: bill_slots(slot),
            payment: payment_slots(slot),
            order: order_slots(slot),
            header: self.header.to_owned(),
            wants: wants(&slots, self.kinds.len()),
            kinds: self.kinds,
            hint: self.hint.cloned(),
            names: NameFacts::of(&["", self.path]),
            format_place: formats.formats().position(|it| it.id == table.profile).unwrap_or_default(),
            table,
        })
    }
}

/// Returns the only column of each field. None when a header states a unit or a field has two columns: such tables
/// are left to the ordinary code.
fn slots(matched: &Match<'_>, header_row: u32) -> Option<BTreeMap<String, u8>> {
    let format = matched.format;
    let general = format.id.starts_with("general/") && matched.header_row == header_row;
    // What a description says of number and face value is only looked for where their columns are empty.
    let extracts = format.extracts.iter().all(|it| it.from == "description" && it.field.is_none());
    if !general || !extracts || !format.constants.is_empty() || !format.groups.is_empty() {
        return None;
    }
    let mut slots = BTreeMap::new();
    for binding in &matched.bindings {
        let field = format.columns.get(binding.rule)?.field.clone();
        let column = u8::try_from(binding.column.checked_sub(1)?).ok()?;
        if binding.unit.is_some() || slots.insert(field, column).is_some() {
            return None;
        }
    }
    Some(slots)
}

/// Returns what is looked at: numbers and times of usage rows as they are stored, other columns with a meaning as text.
fn wants(slots: &BTreeMap<String, u8>, columns: usize) -> Vec<Want> {
    let numbers = ["msisdn", "start", "duration_s", "bytes"];
    let want = |(field, _): (&String, &u8)| match numbers.contains(&field.as_str()) {
        true => Want::Number,
        false => Want::Text,
    };
    let of = |column: usize| slots.iter().find(|(_, slot)| usize::from(**slot) == column);
    (0..columns).map(|column| of(column).map_or(Want::Nothing, want)).collect()
}

/// Returns the table as the ordinary code sees it when nothing but the header is there.
fn empty_table(
    path: &str,
    header: &str,
    matched: &Match<'_>,
    hint: Option<&SourceHint>,
    formats: &FormatBook,
) -> Option<Table> {
    let open = OpenSheet::from(at_row(header, matched.header_row)?);
    let mut alone = matched.clone();
    alone.rows = (matched.header_row, matched.header_row);
    let place = TablePlace { path, table: 0, hint };
    let mut room = Room::beside(header.len());
    read_table(&open, &alone, place, formats, &mut Records::default(), &mut Vec::new(), &mut room).ok()
}

/// Returns the cells of some lines; none when they are larger than any file may be.
fn cells(text: &str) -> Option<ReadSheet> {
    read_csv(text.to_owned(), b',', usize::MAX, Room::beside(text.len())).ok().map(|sheet| sheet.read)
}

/// Returns the cells of a header, whatever its row.
fn at_row(header: &str, number: u32) -> Option<ReadSheet> {
    let read = cells(header)?;
    let mut sheet = Sheet::new(None);
    sheet.begin_row(number);
    read.sheet.rows().next()?.cells().for_each(|cell| sheet.push_cell(cell, CellKind::Text, None));
    Some(ReadSheet { sheet, ..ReadSheet::default() })
}

impl Layout {
    /// Reads rows that are not plain by the ordinary code: row number and text of each, in order.
    pub fn read_odd(&self, rows: &[(u32, &str)], formats: &FormatBook) -> FileReading {
        let header_row = self.body.first_row() - 1;
        let mut sheet = ReadSheet { sheet: Sheet::new(None), ..ReadSheet::default() };
        let lines = std::iter::once((header_row, self.header.as_str())).chain(rows.iter().copied());
        for (number, text) in lines {
            let Some(read) = cells(text) else { continue };
            let Some(row) = read.sheet.rows().next() else { continue };
            sheet.sheet.begin_row(number);
            for (column, cell) in row.cells().enumerate() {
                let kind = self.kinds.get(column).filter(|_| number != header_row);
                sheet.sheet.push_cell(cell, kind.copied().unwrap_or(CellKind::Text), None);
            }
            sheet.oversized.extend(read.oversized.iter().map(|(_, column)| (number, *column)));
        }
        let mut source = self.source();
        let mut records = Records::default();
        let context = SheetContext { book: formats, hint: self.hint.as_ref(), path: &self.path };
        let found = identify(&sheet.sheet, context, "").pop();
        let open = OpenSheet::from(sheet);
        if let Some(Identified::One(matched)) = found {
            let place = TablePlace { path: &self.path, table: 0, hint: self.hint.as_ref() };
            let mut room = Room::beside(self.header.len());
            match read_table(&open, &matched, place, formats, &mut records, &mut source.notes, &mut room) {
                Ok(table) => source.tables.push(table),
                Err(unusable) => source.unusable = Some(unusable),
            }
        }
        FileReading { source, records }
    }

    /// Returns the file as a case of that one line sees it.
    pub fn reading(&self, msisdn: &str, shown: Shown, records: Records, formats: &FormatBook) -> FileReading {
        let mut source = self.source();
        let mut table = self.table.clone();
        table.rows_used = u32::try_from(shown.records).unwrap_or(u32::MAX);
        table.rows_read = table.rows_used;
        let problems = shown.problems.iter().filter(|it| it.class == DiagnosticClass::Problem).count();
        table.set_aside = shown.problems;
        if let Some(sheet) = shown.sheet {
            table.sheet = sheet;
        }
        let seen = Seen {
            records: shown.records,
            first_row: shown.first_row,
            problems: problems as u64,
            days: shown.days.map(|days| (msisdn.to_owned(), days)).into_iter().collect(),
            kinds: shown.kinds,
            ..Seen::default()
        };
        let place = TablePlace { path: &self.path, table: 0, hint: self.hint.as_ref() };
        if let Some(format) = self.format(formats) {
            table.coverage = coverage::of_table(&table, &Facts::default(), &self.names, &seen, format, place);
        }
        source.tables.push(table);
        FileReading { source, records }
    }

    /// Returns how many bytes the table takes as text, at least about.
    pub fn text_bytes(&self) -> u64 {
        match &self.body {
            Body::Text { .. } => self.length_bytes,
            Body::Groups(groups) => groups.rows().saturating_mul(ROW_BYTES),
        }
    }

    /// Returns what of each column is looked at.
    pub fn wants(&self) -> &[Want] {
        &self.wants
    }

    /// Returns the 1-based column of a field.
    pub fn column_of(&self, field: &str) -> Option<u16> {
        self.table.column_of(field)
    }

    fn format<'f>(&self, formats: &'f FormatBook) -> Option<&'f Format> {
        // The place is a hint: another book may hold other formats.
        let hinted = formats.formats().nth(self.format_place).into_iter();
        hinted.chain(formats.formats()).find(|format| format.id == self.table.profile)
    }

    fn source(&self) -> Source {
        Source {
            path: self.path.clone(),
            sha256: String::new(),
            length_bytes: self.length_bytes,
            tables: Vec::new(),
            unusable: None,
            notes: Vec::new(),
        }
    }

    /// Returns the header as a sheet, for quotations.
    pub fn sheet(&self) -> Arc<Sheet> {
        Arc::clone(&self.table.sheet)
    }
}
