//! What the rows below a header are: data, date rows, totals, footers.

use crate::ingest::facts::Facts;
use crate::ingest::fold::{fold_name, matches_glob};
use crate::ingest::format::FormatBook;
use crate::ingest::identify::Match;
use crate::ingest::parse_cell::date::date;
use crate::ingest::parse_cell::datetime::{Stamp, datetime};
use crate::ingest::parse_cell::{is_present, shortened};
use crate::ingest::read_table::OpenSheet;
use crate::ingest::room::Room;
use crate::model::message::Message;
use crate::model::period::Day;
use crate::model::sheet::{Row, Sheet};
use crate::model::source::{TableKind, Unusable};

/// What a row below the header is.
pub enum RowClass {
    /// A record, below that date row.
    Data {
        /// Day of the date row.
        day: Option<Day>,
    },
    /// A date row of that day.
    Date(Option<Day>),
    /// Part of the layout.
    Structure(Message),
    /// A cell of that column is too large.
    Oversized(u16),
}

/// What the rows below a header are. Only what is no record is kept: a list has millions of records.
pub struct RowClasses {
    /// Rows below the header that are not blank.
    pub count: u32,
    header_row: u32,
    last_row: u32,
    others: Vec<(u32, RowClass)>,
}

impl RowClasses {
    /// Hands every row below the header to `each`, from top to bottom, with what it is.
    ///
    /// # Errors
    /// As soon as `each` has one.
    pub fn try_each<'s, E>(
        self,
        sheet: &'s Sheet,
        mut each: impl FnMut(Row<'s>, RowClass) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut others = self.others.into_iter().peekable();
        let mut day = None;
        for row in sheet.rows_after(self.header_row).take_while(|row| row.number() <= self.last_row) {
            if row.is_blank() {
                continue;
            }
            let class = others.next_if(|(number, _)| *number == row.number());
            let class = class.map_or(RowClass::Data { day }, |(_, class)| class);
            if let RowClass::Date(of_row) = class {
                day = of_row;
            }
            each(row, class)?;
        }
        Ok(())
    }
}

/// Returns what the file says about itself, and what the rows below the header are.
///
/// # Errors
/// When there is no room for what is no record.
pub fn classify(
    open: &OpenSheet,
    found: &Match<'_>,
    book: &FormatBook,
    room: &mut Room,
) -> Result<(Facts, RowClasses), Unusable> {
    let (sheet, (first, last)) = (&open.sheet, found.rows);
    let mut facts = Facts::default();
    let mut classes =
        RowClasses { count: 0, header_row: found.header_row, last_row: last, others: Vec::new() };
    let header = sheet.row(found.header_row).map(row_key).unwrap_or_default();
    let (mut day, mut footer) = (None, false);
    let required = RequiredColumns::of(found);
    let mut oversized = open.oversized.iter().peekable();
    // In Parquet the header is row 0, and nothing stands above it.
    let above = sheet.rows_after(first.saturating_sub(1)).take_while(|row| row.number() < found.header_row);
    above.filter(|row| !row.is_blank()).for_each(|row| facts.read_row(row, found.format));
    let below = sheet.rows_after(found.header_row).take_while(|row| row.number() <= last);
    for row in below.filter(|row| !row.is_blank()) {
        classes.count += 1;
        footer |= is_rule(row);
        while oversized.next_if(|(number, _)| *number < row.number()).is_some() {}
        let class = match oversized.peek().filter(|(number, _)| *number == row.number()) {
            Some((_, column)) => RowClass::Oversized(*column),
            None if footer => footer_row(row, found, &mut facts),
            None if required.is_plain(row, &header) => continue,
            None => class_of(row, &header, found, book, &mut facts, &mut day),
        };
        if !matches!(class, RowClass::Data { .. }) {
            room.spend(OTHER_BYTES)?;
            classes.others.push((row.number(), class));
        }
    }
    open.preface.iter().for_each(|line| facts.read_text(line, found.format, (None, None)));
    if let Some(name) = &sheet.name {
        facts.read_text(name, found.format, (None, None));
    }
    // What stands at the top of the sheet holds for its further tables too, unless it counts their rows.
    let top = sheet.rows().take(TOP_ROWS_MAX).take_while(|row| row.number() < first && !row.is_blank());
    top.for_each(|row| facts.read_shared(row, found.format));
    Ok((facts, classes))
}

/// Bytes of a row that is no record, with its reason.
const OTHER_BYTES: usize = 768;

/// Rows above the first table of a sheet that are read for the further ones.
const TOP_ROWS_MAX: usize = 30;

/// Below a line of hyphens stands the footer of the export, in as many rows as its notes need.
fn is_rule(row: Row<'_>) -> bool {
    let mut filled = row.cells().map(str::trim).filter(|cell| !cell.is_empty());
    let first = filled.next().unwrap_or_default();
    first.len() >= 10 && first.bytes().all(|b| b == b'-') && filled.next().is_none()
}

fn footer_row(row: Row<'_>, found: &Match<'_>, facts: &mut Facts) -> RowClass {
    facts.read_row(row, found.format);
    let first = row.cells().map(str::trim).find(|cell| !cell.is_empty()).unwrap_or_default();
    RowClass::Structure(Message::new("ingest.row.structure").text("value", shortened(first)))
}

/// The columns that tell a row of data at a glance.
struct RequiredColumns<'a> {
    /// By field: the row has one of them filled.
    columns: Vec<Vec<usize>>,
    found: &'a Match<'a>,
}

impl<'a> RequiredColumns<'a> {
    fn of(found: &'a Match<'a>) -> Self {
        let required = found.format.columns.iter().enumerate().filter(|(_, rule)| rule.required);
        let columns_of = |rule: usize| {
            let columns = found.bindings.iter().filter(move |binding| binding.rule == rule);
            columns.map(|binding| usize::from(binding.column)).collect()
        };
        Self { columns: required.map(|(rule, _)| columns_of(rule)).collect(), found }
    }

    /// A row with every needed cell is a record, whatever words its first cell begins with.
    fn are_filled(&self, row: Row<'_>) -> bool {
        self.columns.iter().all(|columns| columns.iter().any(|column| is_present(row.cell(*column))))
    }

    /// Returns whether a row is data and nothing else, without folding a text: most rows of a list.
    fn is_plain(&self, row: Row<'_>, header: &str) -> bool {
        let filled = |cell: &&str| !cell.trim().is_empty();
        let begins_with_digit = |text: &str| text.trim_start().starts_with(|c: char| c.is_ascii_digit());
        let first = row.cells().find(filled).unwrap_or_default();
        self.found.format.table != TableKind::Bill
            && begins_with_digit(first)
            && !begins_with_digit(header)
            && row.cells().filter(filled).nth(1).is_some()
            && self.are_filled(row)
            && !is_adjustment(row, self.found)
    }
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
        return RowClass::Date(*day);
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
    let complete = found.format.table != TableKind::Bill && RequiredColumns::of(found).are_filled(row);
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
        && row.cells().any(|cell| cell.trim_end().ends_with("23:59:59"))
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
