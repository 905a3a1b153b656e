//! Merged cells: a number, a month or an item that reaches over several rows holds in each of them. What is
//! repeated is marked, so that an amount that reaches over two rows is never counted twice.

use crate::ingest::read_csv::ReadSheet;
use crate::ingest::room::Room;
use crate::model::sheet::{CellKind, Row, Sheet};
use crate::model::source::Unusable;

/// The first column of a region that reaches over several rows; 1-based, both rows belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Region {
    /// Row in which it begins and in which its text stands.
    pub first_row: u32,
    /// Last row to which it reaches.
    pub last_row: u32,
    /// Its first column.
    pub column: u32,
}

/// Longest text that is repeated, in bytes.
const REPEATED_BYTES_MAX: usize = 200;
/// Most regions that reach into the same row: a table has no more columns that mean anything.
const SIDE_BY_SIDE_MAX: usize = 64;

impl Region {
    /// Returns the region of 0-based corners; nothing when it has one row.
    pub fn of(start: (u32, u32), end: (u32, u32)) -> Option<Self> {
        let (first, last) = (start.0.checked_add(1)?, end.0.checked_add(1)?);
        let column = start.1.checked_add(1)?;
        (first < last).then_some(Self { first_row: first, last_row: last, column })
    }
}

/// Returns the sheet with the texts of merged cells repeated in the rows to which they reach. Rows without a cell
/// of their own stay away.
///
/// # Errors
/// When there is no room for the second copy.
pub fn fill_down(read: ReadSheet, mut regions: Vec<Region>, room: &mut Room) -> Result<ReadSheet, Unusable> {
    if regions.is_empty() {
        return Ok(read);
    }
    regions.sort_unstable();
    let mut regions = regions.into_iter().peekable();
    let mut reaching: Vec<(Region, String)> = Vec::new();
    let mut sheet = Sheet::new(read.sheet.name.clone());
    for row in read.sheet.rows() {
        reaching.retain(|(region, _)| region.last_row >= row.number());
        copy(row, &reaching, &mut sheet, room)?;
        while let Some(region) = regions.next_if(|region| region.first_row <= row.number()) {
            let text = row.cell(region.column as usize);
            let begins = region.first_row == row.number() && !text.trim().is_empty();
            if begins && text.len() <= REPEATED_BYTES_MAX && reaching.len() < SIDE_BY_SIDE_MAX {
                reaching.push((region, text.to_owned()));
            }
        }
    }
    Ok(ReadSheet { sheet, ..read })
}

fn copy(
    row: Row<'_>,
    reaching: &[(Region, String)],
    sheet: &mut Sheet,
    room: &mut Room,
) -> Result<(), Unusable> {
    let own = row.width();
    let far = reaching.iter().map(|(region, _)| region.column as usize).max().unwrap_or(0);
    let texts: usize = row.cells().map(str::len).sum();
    room.spend(texts + own.max(far) * PLACE_BYTES)?;
    sheet.begin_row(row.number());
    for column in 1..=own.max(far) {
        let cell = row.cell(column);
        let above = reaching.iter().find(|(region, _)| region.column as usize == column);
        match above.filter(|_| cell.trim().is_empty()) {
            Some((_, text)) => sheet.push_cell(text, CellKind::Repeated, None),
            None => sheet.push_cell(cell, row.kind(column), row.raw(column)),
        }
    }
    Ok(())
}

/// Bytes of a cell beside its text, with some for a stored form.
const PLACE_BYTES: usize = 16;
