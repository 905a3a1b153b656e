//! The layout of a bulk table, and what of it a single line of the portfolio sees.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::ingest::bulk::rows::{BillRow, OrderRow, PaymentRow};
use crate::ingest::bulk::split::CELLS_MAX;
use crate::ingest::bulk::usage::UsageSlots;
use crate::ingest::coverage::{self, Seen};
use crate::ingest::facts::{Facts, NameFacts};
use crate::ingest::format::{Format, FormatBook};
use crate::ingest::identify::{Identified, Match, SheetContext, identify};
use crate::ingest::read_csv::read_csv;
use crate::ingest::read_table::{OpenSheet, TablePlace, read_table};
use crate::ingest::records::Records;
use crate::ingest::room::Room;
use crate::ingest::{FileReading, read_csv::ReadSheet};
use crate::model::case::SourceHint;
use crate::model::coverage::CoverKind;
use crate::model::diagnostic::{Diagnostic, DiagnosticClass};
use crate::model::period::Day;
use crate::model::source::{Source, Table, TableKind};

/// A bulk table: comma-separated UTF-8 in the general record format, the header on its first line.
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
    /// Bytes of the header line with its line end, and of a mark of the encoding before it.
    pub body_starts: u64,
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
    hint: Option<SourceHint>,
    table: Table,
}

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
}

/// Returns the layout of a table by the beginning of its file, cut at a line end; none when it is no bulk table.
pub fn recognise(
    path: &str,
    length_bytes: u64,
    head: &[u8],
    hint: Option<&SourceHint>,
    formats: &FormatBook,
) -> Option<Layout> {
    let text = std::str::from_utf8(head).ok()?;
    let bare = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let header = bare.split_inclusive('\n').next().filter(|line| line.ends_with('\n'))?;
    if header.contains('"') {
        return None;
    }
    let read = cells(bare)?;
    let context = SheetContext { book: formats, hint, path };
    let mut found = identify(&read.sheet, context, "");
    let Some(Identified::One(matched)) = found.pop().filter(|_| found.is_empty()) else { return None };
    let slots = slots(&matched).filter(|_| hint.is_none_or(|hint| hint.msisdn.is_none()))?;
    let slot = |field: &str| slots.get(field).copied();
    let body_starts = (text.len() - bare.len() + header.len()) as u64;
    let columns = header.split(',').count();
    let table = empty_table(path, header, &matched, hint, formats)?;
    let known = matches!(
        matched.format.table,
        TableKind::Usage | TableKind::Bill | TableKind::Payments | TableKind::Orders
    );
    if !known || columns > CELLS_MAX {
        return None;
    }
    Some(Layout {
        path: path.to_owned(),
        length_bytes,
        kind: matched.format.table,
        columns,
        body_starts,
        msisdn: slot("msisdn")?,
        usage: usage_slots(slot),
        bill: bill_slots(slot),
        payment: payment_slots(slot),
        order: order_slots(slot),
        header: header.to_owned(),
        hint: hint.cloned(),
        table,
    })
}

/// Returns the only column of each field. None when a header states a unit or a field has two columns: such tables
/// are left to the ordinary code.
fn slots(matched: &Match<'_>) -> Option<BTreeMap<String, u8>> {
    let format = matched.format;
    let general = format.id.starts_with("general/") && matched.header_row == 1;
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

/// Returns the table as the ordinary code sees it when nothing but the header is there.
fn empty_table(
    path: &str,
    header: &str,
    matched: &Match<'_>,
    hint: Option<&SourceHint>,
    formats: &FormatBook,
) -> Option<Table> {
    let open = OpenSheet::from(cells(header)?);
    let mut alone = matched.clone();
    alone.rows = (1, 1);
    let place = TablePlace { path, table: 0, hint };
    let mut room = Room::beside(header.len());
    read_table(&open, &alone, place, formats, &mut Records::default(), &mut Vec::new(), &mut room).ok()
}

/// Returns the cells of some lines; none when they are larger than any file may be.
fn cells(text: &str) -> Option<ReadSheet> {
    read_csv(text.to_owned(), b',', usize::MAX, Room::beside(text.len())).ok().map(|sheet| sheet.read)
}

impl Layout {
    /// Reads rows that are not plain by the ordinary code: row number and text of each, in order.
    pub fn read_odd(&self, rows: &[(u32, &str)], formats: &FormatBook) -> FileReading {
        let mut sheet = ReadSheet { sheet: crate::model::sheet::Sheet::new(None), ..ReadSheet::default() };
        let lines = std::iter::once((1, self.header.as_str())).chain(rows.iter().copied());
        for (number, text) in lines {
            let Some(read) = cells(text) else { continue };
            let Some(row) = read.sheet.rows().next() else { continue };
            sheet.sheet.begin_row(number);
            row.cells()
                .for_each(|cell| sheet.sheet.push_cell(cell, crate::model::sheet::CellKind::Text, None));
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
    pub fn reading(
        &self,
        msisdn: &str,
        shown: &Shown,
        records: Records,
        formats: &FormatBook,
    ) -> FileReading {
        let mut source = self.source();
        let mut table = self.table.clone();
        table.rows_used = u32::try_from(shown.records).unwrap_or(u32::MAX);
        table.rows_read = table.rows_used;
        table.set_aside = shown.problems.clone();
        let problems = shown.problems.iter().filter(|it| it.class == DiagnosticClass::Problem).count();
        let seen = Seen {
            records: shown.records,
            first_row: shown.first_row,
            problems: problems as u64,
            days: shown.days.map(|days| (msisdn.to_owned(), days)).into_iter().collect(),
            kinds: shown.kinds.clone(),
            ..Seen::default()
        };
        let names = NameFacts::of(&["", &self.path]);
        let place = TablePlace { path: &self.path, table: 0, hint: self.hint.as_ref() };
        if let Some(format) = self.format(formats) {
            table.coverage = coverage::of_table(&table, &Facts::default(), &names, &seen, format, place);
        }
        source.tables.push(table);
        FileReading { source, records }
    }

    /// Returns the 1-based column of a field.
    pub fn column_of(&self, field: &str) -> Option<u16> {
        self.table.column_of(field)
    }

    fn format<'f>(&self, formats: &'f FormatBook) -> Option<&'f Format> {
        formats.formats().find(|format| format.id == self.table.profile)
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
    pub fn sheet(&self) -> Arc<crate::model::sheet::Sheet> {
        Arc::clone(&self.table.sheet)
    }
}

fn usage_slots(slot: impl Fn(&str) -> Option<u8>) -> UsageSlots {
    UsageSlots {
        msisdn: slot("msisdn"),
        start: slot("start"),
        kind: slot("kind"),
        direction: slot("direction"),
        scope: slot("scope"),
        peer: slot("peer"),
        duration_s: slot("duration_s"),
        bytes: slot("bytes"),
        app: slot("app"),
        location: slot("location"),
        fee: slot("fee"),
        record_id: slot("record_id"),
    }
}

fn bill_slots(slot: impl Fn(&str) -> Option<u8>) -> BillRow {
    BillRow {
        period: slot("period"),
        item: slot("item"),
        category: slot("category"),
        amount: slot("amount"),
        quantity: slot("quantity"),
        unit_price: slot("unit_price"),
        provider: slot("provider"),
    }
}

fn payment_slots(slot: impl Fn(&str) -> Option<u8>) -> PaymentRow {
    PaymentRow {
        paid_at: slot("paid_at"),
        platform: slot("platform"),
        payee: slot("payee"),
        description: slot("description"),
        amount: slot("amount"),
        direction: slot("direction"),
        status: slot("status"),
        order_id: slot("order_id"),
        merchant_order_id: slot("merchant_order_id"),
        msisdn: slot("msisdn"),
        face_value: slot("face_value"),
    }
}

fn order_slots(slot: impl Fn(&str) -> Option<u8>) -> OrderRow {
    OrderRow {
        at: slot("at"),
        action: slot("action"),
        product: slot("product"),
        name: slot("name"),
        effective_from: slot("effective_from"),
        effective_to: slot("effective_to"),
        price: slot("price"),
        channel: slot("channel"),
        confirmed: slot("confirmed"),
        auto_renew: slot("auto_renew"),
        order_id: slot("order_id"),
    }
}
