//! Data volumes: `12MB34KB`, `1G2M3K`, `1.5GB`, or a bare number in the column's unit. 1 KB = 1024 bytes.

use rust_decimal::{Decimal, RoundingStrategy};

use crate::ingest::fold::fold_joined;
use crate::ingest::parse_cell::cursor::Cursor;
use crate::ingest::parse_cell::{CellResult, present, refused};
use crate::model::quantity::{GB, KB, MB};

/// Returns the volume of a cell in bytes, to the nearest byte: a printed fraction is itself rounded.
/// `bytes_per_unit` values a bare number; without it a bare number is refused, because it could be
/// bytes, KB or MB.
///
/// # Errors
/// When the cell is neither absent nor a volume with a known unit.
pub fn volume_bytes(text: &str, bytes_per_unit: Option<u64>) -> CellResult<u64> {
    let Some(folded) = present(text) else { return Ok(None) };
    let joined = fold_joined(folded);
    if let Some(bytes) = whole_with_units(&joined) {
        return Ok(Some(bytes));
    }
    let total = with_units(&joined.to_uppercase()).or_else(|| bare(&joined, bytes_per_unit));
    let rounded =
        total.map(|t| t.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero).normalize());
    let whole = rounded.filter(|t| t.scale() == 0).and_then(|t| u64::try_from(t.mantissa()).ok());
    let rule = if joined.bytes().all(|b| b.is_ascii_digit() || b == b'.') { "volume-unit" } else { "volume" };
    whole.map(Some).ok_or_else(|| refused(rule, text))
}

/// The common case of [`with_units`], without decimals: `12MB34KB`.
fn whole_with_units(text: &str) -> Option<u64> {
    const UNITS: [(&str, u64); 3] = [("GB", GB), ("MB", MB), ("KB", KB)];
    let mut cursor = Cursor::new(text);
    let (mut total, mut above) = (0u64, u64::MAX);
    while !cursor.at_end() {
        let number: u64 = cursor.digits()?.parse().ok()?;
        let (_, unit) =
            UNITS.into_iter().find(|(word, unit)| *unit < above && cursor.word(&[word]).is_some())?;
        total = total.checked_add(number.checked_mul(unit)?)?;
        above = unit;
    }
    (above < u64::MAX).then_some(total)
}

fn with_units(text: &str) -> Option<Decimal> {
    const UNITS: [(&[&str], u64); 5] =
        [(&["TB", "T"], GB << 10), (&["GB", "G"], GB), (&["MB", "M"], MB), (&["KB", "K"], KB), (&["B"], 1)];
    let mut cursor = Cursor::new(text);
    let mut total = Decimal::ZERO;
    let mut next_unit = 0;
    while !cursor.at_end() {
        let number = Decimal::from_str_exact(cursor.decimal()?).ok()?;
        let found = (next_unit..UNITS.len()).find(|unit| cursor.word(UNITS[*unit].0).is_some())?;
        total = total.checked_add(number.checked_mul(UNITS[found].1.into())?)?;
        next_unit = found + 1;
    }
    (next_unit > 0).then_some(total)
}

fn bare(text: &str, bytes_per_unit: Option<u64>) -> Option<Decimal> {
    let mut cursor = Cursor::new(text);
    let number = cursor.decimal().filter(|_| cursor.at_end())?;
    Decimal::from_str_exact(number).ok()?.checked_mul(bytes_per_unit?.into())
}
