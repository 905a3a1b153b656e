//! Whole numbers: digits, thousands in groups of three.

use crate::ingest::parse_cell::money::decimal;
use crate::ingest::parse_cell::{CellResult, refused};

/// Returns the whole number of a cell, e.g. a number of rows or of seconds.
///
/// # Errors
/// When the cell is neither absent nor a whole number of at least 0.
pub fn count(text: &str) -> CellResult<u64> {
    let Some(value) = decimal(text).map_err(|_| refused("count", text))? else { return Ok(None) };
    let whole = value.normalize();
    let number = (whole.scale() == 0).then(|| u64::try_from(whole.mantissa()).ok()).flatten();
    number.map(Some).ok_or_else(|| refused("count", text))
}
