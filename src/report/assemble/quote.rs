//! Evidence: the cells that carry a finding, and the rows around them as the file prints them.

use std::collections::BTreeMap;

use crate::model::case::Case;
use crate::model::finding::Evidence as Quoted;
use crate::model::source::{CellRef, RowRef, Table};
use crate::report::model::{Evidence, Excerpt, ExcerptRow, Place};

/// Most columns that an excerpt shows; the deciding ones always.
const COLUMNS_MAX: usize = 6;
/// Most rows of evidence that an excerpt shows.
const HITS_MAX: usize = 50;
/// Most characters of a quoted cell.
const CELL_MAX: usize = 400;

/// Returns the place of a row.
pub fn place(case: &Case, at: RowRef) -> Place {
    Place { path: case.source(at).path.clone(), sheet: case.table(at).sheet.name.clone(), row: Some(at.row) }
}

/// Returns the quoted cell with its header and, for a workbook number that differs, its stored form.
pub fn evidence(case: &Case, quoted: &Quoted) -> Evidence {
    let at = quoted.at;
    let table = case.table(at.row);
    let below_header = at.row.row > table.header_row;
    let header = at.column.filter(|_| below_header).and_then(|column| header_of(table, column));
    let raw = at.column.and_then(|column| table.sheet.row(at.row.row)?.raw(usize::from(column)));
    Evidence {
        role: quoted.role.code().to_owned(),
        path: case.source(at.row).path.clone(),
        sheet: table.sheet.name.clone(),
        row: at.row.row,
        column: at.column.map(u32::from),
        header,
        quote: clipped(&case.quote(at)),
        raw: raw.map(str::to_owned),
    }
}

/// Returns the rows around the evidence, one excerpt a table, preamble and body apart, in the order of the evidence.
pub fn excerpts(case: &Case, evidence: &[Quoted]) -> Vec<Excerpt> {
    let mut order = Vec::new();
    let mut hits: BTreeMap<(u16, u16, bool), BTreeMap<u32, Option<u16>>> = BTreeMap::new();
    // A window that nothing but the header stands for needs no excerpt: every excerpt shows its header.
    for quoted in evidence.iter().filter(|quoted| !is_header(case, quoted)) {
        let CellRef { row, column } = quoted.at;
        let key = (row.source, row.table, row.row > case.table(row).header_row);
        if !order.contains(&key) {
            order.push(key);
        }
        let cell = hits.entry(key).or_default().entry(row.row).or_default();
        *cell = cell.or(column);
    }
    let excerpt = |key: (u16, u16, bool)| {
        let rows = hits.get(&key)?;
        let at = RowRef { source: key.0, table: key.1, row: 0 };
        let excerpt = if key.2 { body(case.table(at), rows) } else { preamble(case.table(at), rows) };
        Some(Excerpt {
            path: case.source(at).path.clone(),
            sheet: case.table(at).sheet.name.clone(),
            ..excerpt
        })
    };
    order.into_iter().filter_map(excerpt).collect()
}

/// Returns whether the quoted row is the header of its table.
pub fn is_header(case: &Case, quoted: &Quoted) -> bool {
    quoted.at.row.row == case.table(quoted.at.row).header_row
}

/// Returns rows above the header: what the file says about itself.
fn preamble(table: &Table, hits: &BTreeMap<u32, Option<u16>>) -> Excerpt {
    let shown: Vec<u32> = hits.keys().copied().take(HITS_MAX).collect();
    let filled = |column: usize| {
        shown.iter().any(|row| table.sheet.row(*row).is_some_and(|row| !row.cell(column).trim().is_empty()))
    };
    let widest =
        shown.iter().filter_map(|row| table.sheet.row(*row)).map(|row| row.width()).max().unwrap_or(0);
    let columns: Vec<u32> =
        (1..=widest).filter(|column| filled(*column)).map(|column| column as u32).collect();
    let rows = shown.iter().map(|row| excerpt_row(table, *row, &columns, hits)).collect();
    Excerpt { columns, rows, ..Excerpt::default() }
}

/// Returns rows of the table, each with its neighbour above and below.
fn body(table: &Table, hits: &BTreeMap<u32, Option<u16>>) -> Excerpt {
    let all: Vec<u32> = table
        .sheet
        .rows()
        .filter(|row| row.number() > table.header_row && !row.is_blank())
        .map(|row| row.number())
        .collect();
    let mut shown = Vec::new();
    for (index, row) in all.iter().enumerate() {
        let is_hit = |other: Option<&u32>| other.is_some_and(|row| hits.contains_key(row));
        let before = index.checked_sub(1).and_then(|before| all.get(before));
        if is_hit(Some(row)) || is_hit(before) || is_hit(all.get(index + 1)) {
            shown.push(*row);
        }
    }
    shown.truncate(HITS_MAX * 3);
    let columns = columns(table, &shown, hits);
    let header = columns.iter().map(|column| header_of(table, *column as u16).unwrap_or_default()).collect();
    let rows = shown.iter().map(|row| excerpt_row(table, *row, &columns, hits)).collect();
    Excerpt { header, columns, rows, ..Excerpt::default() }
}

/// Returns the columns to show: the deciding ones, then those that were read into a field and hold something.
fn columns(table: &Table, shown: &[u32], hits: &BTreeMap<u32, Option<u16>>) -> Vec<u32> {
    let mut chosen: Vec<u32> = hits.values().flatten().map(|column| u32::from(*column)).collect();
    chosen.sort_unstable();
    chosen.dedup();
    let filled = |column: u16| {
        let cells = shown.iter().filter_map(|row| table.sheet.row(*row));
        cells.into_iter().any(|row| !row.cell(usize::from(column)).trim().is_empty())
    };
    let fields = table
        .columns
        .iter()
        .filter(|column| column.field.is_some() && column.field.as_deref() != Some("msisdn"));
    for column in fields.filter(|column| filled(column.column)) {
        if chosen.len() < COLUMNS_MAX && !chosen.contains(&u32::from(column.column)) {
            chosen.push(u32::from(column.column));
        }
    }
    chosen.sort_unstable();
    chosen
}

fn excerpt_row(table: &Table, row: u32, columns: &[u32], hits: &BTreeMap<u32, Option<u16>>) -> ExcerptRow {
    let cells = columns.iter().map(|column| {
        table.sheet.row(row).map_or_else(String::new, |cells| clipped(cells.cell(*column as usize).trim()))
    });
    let hit = hits.get(&row);
    ExcerptRow {
        row,
        cells: cells.collect(),
        hit: hit.is_some(),
        hit_column: hit.copied().flatten().map(u32::from),
    }
}

fn header_of(table: &Table, column: u16) -> Option<String> {
    let known = table.columns.iter().find(|known| known.column == column).map(|known| known.header.clone());
    known.or_else(|| Some(table.sheet.row(table.header_row)?.cell(usize::from(column)).trim().to_owned()))
}

fn clipped(text: &str) -> String {
    if text.chars().count() <= CELL_MAX {
        return text.to_owned();
    }
    text.chars().take(CELL_MAX).chain(['…']).collect()
}
