//! Durations: `1小时2分3秒` with every unit optional, `00:08:42`, or a bare number in the column's unit.

use crate::ingest::fold::fold_joined;
use crate::ingest::parse_cell::count::count;
use crate::ingest::parse_cell::cursor::Cursor;
use crate::ingest::parse_cell::{CellResult, present, refused};

/// Returns the duration of a cell in seconds. `seconds_per_unit` values a bare number (1 or 60).
///
/// # Errors
/// When the cell is neither absent nor a duration below 136 years.
pub fn duration_s(text: &str, seconds_per_unit: u32) -> CellResult<u32> {
    let Some(folded) = present(text) else { return Ok(None) };
    let joined = fold_joined(folded);
    let seconds = clock(&joined).or_else(|| chinese(&joined)).or_else(|| bare(&joined, seconds_per_unit));
    let fits = seconds.and_then(|seconds| u32::try_from(seconds).ok());
    fits.map(Some).ok_or_else(|| refused("duration", text))
}

/// `08:42` alone is refused: it may be minutes or hours.
fn clock(text: &str) -> Option<u64> {
    let mut parts = text.split(':');
    let (hours, minutes, seconds) = (parts.next()?, parts.next()?, parts.next()?);
    let sized = parts.next().is_none() && minutes.len() <= 2 && seconds.len() <= 2;
    let digits =
        |part: &str| part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse::<u64>().ok()).flatten();
    let (hours, minutes, seconds) = (digits(hours)?, digits(minutes)?, digits(seconds)?);
    (sized && minutes < 60 && seconds < 60)
        .then(|| hours.checked_mul(3600)?.checked_add(minutes * 60 + seconds))
        .flatten()
}

fn chinese(text: &str) -> Option<u64> {
    const UNITS: [(&[&str], u64); 3] = [(&["小时", "时"], 3600), (&["分钟", "分"], 60), (&["秒钟", "秒"], 1)];
    let mut cursor = Cursor::new(text);
    let mut seconds: u64 = 0;
    let mut next_unit = 0;
    while !cursor.at_end() {
        let number: u64 = cursor.digits()?.parse().ok()?;
        let found = (next_unit..UNITS.len()).find(|unit| cursor.word(UNITS[*unit].0).is_some())?;
        seconds = seconds.checked_add(number.checked_mul(UNITS[found].1)?)?;
        next_unit = found + 1;
    }
    (next_unit > 0).then_some(seconds)
}

fn bare(text: &str, seconds_per_unit: u32) -> Option<u64> {
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    let number = digits.then(|| count(text).ok().flatten()).flatten()?;
    number.checked_mul(seconds_per_unit.into())
}
