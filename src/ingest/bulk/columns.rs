//! Rows of columns. Usage in its plainest values becomes a row at once; every other row becomes the line that a text file
//! would hold, so that no cell is read in two ways.

use crate::ingest::bulk::cell::{self, DayMemory, Id};
use crate::ingest::bulk::usage::{UsageRow, UsageSlots, direction, empty_or, kind, scope, zero_or};
use crate::ingest::read_parquet::cells::{Cells, Want};
use crate::model::usage::Direction;

/// Some rows of a table in columns.
pub struct Rows<'w> {
    count: usize,
    /// What is wanted of each column; the others have no cells.
    wants: &'w [Want],
    /// Index among the cells, by column.
    places: Vec<Option<usize>>,
    cells: Vec<Cells>,
}

/// First second of the year 2000.
const YEAR_2000_S: i64 = 946_684_800;
/// First second of the year 2100.
const YEAR_2100_S: i64 = 4_102_444_800;
/// Numbers with 18 digits at most are below.
const NUMBER_END: i64 = 1_000_000_000_000_000_000;
/// Numbers of thirteen digits that begin with 86.
const WITH_COUNTRY_CODE: std::ops::Range<i64> = 8_600_000_000_000..8_700_000_000_000;

impl<'w> Rows<'w> {
    /// Returns the rows of these cells, one list of them for each wanted column.
    pub fn new(count: usize, wants: &'w [Want], cells: Vec<Cells>) -> Self {
        let mut next = 0..cells.len();
        let place = |want: &Want| if *want == Want::Nothing { None } else { next.next() };
        let places = wants.iter().map(place).collect();
        Self { count, wants, places, cells }
    }

    /// Returns how many rows there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Writes a row as a line of comma-separated text without line end; returns whether no cell had to be quoted.
    pub fn write_line(&self, row: usize, to: &mut Vec<u8>) -> bool {
        let mut plain = true;
        let mut text = Vec::new();
        for (column, place) in self.places.iter().enumerate().take(self.wants.len()) {
            if column > 0 {
                to.push(b',');
            }
            let Some(cells) = place.and_then(|place| self.cells.get(place)) else { continue };
            text.clear();
            cells.print(row, &mut text);
            if text.iter().any(|byte| matches!(byte, b',' | b'"' | b'\r' | b'\n')) {
                plain = false;
                to.push(b'"');
                text.iter().for_each(|byte| match byte {
                    b'"' => to.extend_from_slice(b"\"\""),
                    byte => to.push(*byte),
                });
                to.push(b'"');
            } else {
                to.extend_from_slice(&text);
            }
        }
        plain
    }

    #[inline]
    fn column(&self, slot: Option<u8>) -> Option<&Cells> {
        let place = *self.places.get(usize::from(slot?))?;
        self.cells.get(place?)
    }

    /// Returns the text of a cell; empty where there is no such column, none where it is stored as something else.
    #[inline]
    fn text(&self, slot: Option<u8>, row: usize) -> Option<&[u8]> {
        self.column(slot).map_or(Some(&[]), |cells| cells.text(row))
    }

    #[inline]
    fn number(&self, slot: Option<u8>, row: usize) -> Option<u64> {
        match self.column(slot).and_then(|cells| cells.whole(row)) {
            Some(value) => (0..NUMBER_END).contains(&value).then_some(value as u64),
            None => zero_or(self.text(slot, row)?),
        }
    }

    #[inline]
    fn msisdn(&self, slot: Option<u8>, row: usize) -> Option<u64> {
        match self.column(slot).and_then(|cells| cells.whole(row)) {
            Some(value) => ((1..NUMBER_END).contains(&value) && !WITH_COUNTRY_CODE.contains(&value))
                .then_some(value as u64),
            None => cell::msisdn(self.text(slot, row)?),
        }
    }

    #[inline]
    fn time(&self, slot: Option<u8>, row: usize, days: &mut DayMemory) -> Option<i64> {
        match self.column(slot).and_then(|cells| cells.time(row)) {
            Some(seconds) => (YEAR_2000_S..YEAR_2100_S).contains(&seconds).then_some(seconds),
            None => days.time(self.text(slot, row)?),
        }
    }
}

impl UsageSlots {
    /// Returns a row of columns; none when any cell is not in its plainest spelling.
    #[inline]
    pub fn read_row<'b>(&self, rows: &'b Rows<'_>, row: usize, days: &mut DayMemory) -> Option<UsageRow<'b>> {
        let of = |slot| rows.text(slot, row);
        let direction = direction(of(self.direction)?)?;
        let (start, peer) = (rows.time(self.start, row, days)?, cell::peer(of(self.peer)?)?);
        // As in text: rows at the last second of a day without a peer may be adjustments of the month.
        if direction == Direction::Unstated && peer == Id::None && start.rem_euclid(86_400) == 86_399 {
            return None;
        }
        Some(UsageRow {
            msisdn: rows.msisdn(self.msisdn, row)?,
            start,
            kind: kind(of(self.kind)?)?,
            direction,
            scope: scope(of(self.scope)?)?,
            duration_s: u32::try_from(rows.number(self.duration_s, row)?).ok()?,
            length_bytes: rows.number(self.bytes, row)?,
            fee_e4: match of(self.fee)? {
                b"" => None,
                fee => Some(cell::money_e4(fee)?),
            },
            peer,
            app: empty_or(of(self.app)?, cell::text)?,
            location: empty_or(of(self.location)?, cell::text)?,
            record_id: cell::id(of(self.record_id)?)?,
        })
    }
}
