//! Days: `2025-10-01`, `2025/10/1`, `2025.10.01`, `2025年10月1日`, `20251001`.

use crate::ingest::parse_cell::cursor::Cursor;
use crate::ingest::parse_cell::datetime::{Stamp, datetime};
use crate::ingest::parse_cell::{CellResult, present, refused};
use crate::model::period::Day;

/// Returns the day of a cell; a time of day behind it is cut.
///
/// # Errors
/// When the cell is neither absent nor a day with its year.
pub fn date(text: &str) -> CellResult<Day> {
    if present(text).is_none() {
        return Ok(None);
    }
    match datetime(text) {
        Ok(Some(Stamp::Full(at))) => Ok(Some(at.date())),
        Ok(Some(Stamp::DayOnly(day))) => Ok(Some(day)),
        _ => Err(refused("date", text)),
    }
}

/// A date at a cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatePart {
    /// With its year.
    Full(Day),
    /// Month and day without a year.
    NoYear(u32, u32),
}

/// Moves over a date and returns it: with separators, Chinese units, or as eight digits.
pub fn take_date(cursor: &mut Cursor<'_>) -> Option<DatePart> {
    let mut ahead = *cursor;
    let part = take_full(&mut ahead).or_else(|| {
        ahead = *cursor;
        take_without_year(&mut ahead)
    })?;
    *cursor = ahead;
    Some(part)
}

fn take_full(cursor: &mut Cursor<'_>) -> Option<DatePart> {
    let compact = cursor.rest().bytes().take_while(u8::is_ascii_digit).count();
    if compact == 8 || compact == 14 {
        return full(cursor.fixed(4)?, cursor.fixed(2)?, cursor.fixed(2)?);
    }
    let year = cursor.number(4, 4)?;
    let between = cursor.word(&["-", "/", ".", "年"])?;
    let month = cursor.number(1, 2)?;
    cursor.word(&[if between == "年" { "月" } else { between }])?;
    let day = cursor.number(1, 2)?;
    if between == "年" {
        cursor.word(&["日"])?;
    }
    full(year, month, day)
}

fn full(year: u32, month: u32, day: u32) -> Option<DatePart> {
    let plausible = (1990..=2100).contains(&year);
    let day = Day::from_ymd_opt(year as i32, month, day).filter(|_| plausible)?;
    Some(DatePart::Full(day))
}

fn take_without_year(cursor: &mut Cursor<'_>) -> Option<DatePart> {
    let month = cursor.number(1, 2).filter(|month| (1..=12).contains(month))?;
    let between = cursor.word(&["-", "/", "月"])?;
    let day = cursor.number(1, 2).filter(|day| (1..=31).contains(day))?;
    if between == "月" {
        cursor.word(&["日"])?;
    }
    Some(DatePart::NoYear(month, day))
}
