//! Billing months: `2025-10`, `2025/10`, `202510`, `2025年10月`, or any day of the month.

use crate::ingest::parse_cell::cursor::Cursor;
use crate::ingest::parse_cell::date::date;
use crate::ingest::parse_cell::{CellResult, present, refused};
use crate::model::period::Cycle;

/// Returns the billing month of a cell.
///
/// # Errors
/// When the cell is neither absent nor a month with its year.
pub fn month(text: &str) -> CellResult<Cycle> {
    let Some(folded) = present(text) else { return Ok(None) };
    let cycle = bare_month(&folded).or_else(|| date(&folded).ok().flatten().map(Cycle::of));
    cycle.map(Some).ok_or_else(|| refused("month", text))
}

fn bare_month(text: &str) -> Option<Cycle> {
    let mut cursor = Cursor::new(text);
    let compact = text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit());
    let (year, month) = if compact {
        (cursor.fixed(4)?, cursor.fixed(2)?)
    } else {
        let year = cursor.number(4, 4)?;
        let between = cursor.word(&["-", "/", ".", "年"])?;
        let month = cursor.number(1, 2)?;
        if between == "年" {
            cursor.word(&["月份", "月"])?;
        }
        (year, month)
    };
    let plausible = cursor.at_end() && (1990..=2100).contains(&year);
    plausible.then(|| Cycle::new(year as i32, month)).flatten()
}
