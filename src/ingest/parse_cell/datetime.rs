//! Wall-clock times in every spelling that exports print; what is missing (year, date) is told apart,
//! never guessed here.

use chrono::{DateTime, NaiveDateTime, NaiveTime, TimeDelta};

use crate::ingest::parse_cell::cursor::Cursor;
use crate::ingest::parse_cell::date::{DatePart, take_date};
use crate::ingest::parse_cell::{CellResult, present, refused};
use crate::model::period::Day;

/// What a time cell says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stamp {
    /// Date and time of day.
    Full(NaiveDateTime),
    /// A day without a time.
    DayOnly(Day),
    /// Month, day and time of day; the year stands elsewhere.
    NoYear {
        /// 1–12.
        month: u32,
        /// 1–31.
        day: u32,
        /// Time of day.
        time: NaiveTime,
    },
    /// A time of day below a date row.
    TimeOnly(NaiveTime),
}

/// Returns what a time cell says; a cell that stops at minutes means second 0.
///
/// # Errors
/// When the cell is neither absent nor a time.
pub fn datetime(text: &str) -> CellResult<Stamp> {
    let Some(folded) = present(text) else { return Ok(None) };
    read(&folded).map(Some).ok_or_else(|| refused("datetime", text))
}

/// Returns the time of day of a cell: `21:49:51`, `21:49`, `214951`.
///
/// # Errors
/// When the cell is neither absent nor a time of day.
pub fn time_of_day(text: &str) -> CellResult<NaiveTime> {
    let Some(folded) = present(text) else { return Ok(None) };
    let mut cursor = Cursor::new(&folded);
    let time = take_time(&mut cursor).filter(|_| cursor.at_end());
    time.map(Some).ok_or_else(|| refused("time", text))
}

fn read(text: &str) -> Option<Stamp> {
    if let Some(at) = usual(text) {
        return Some(Stamp::Full(at));
    }
    if let Some(at) = unix_time(text) {
        return Some(Stamp::Full(at));
    }
    let mut cursor = Cursor::new(text);
    let Some(date) = take_date(&mut cursor) else {
        let time = take_time(&mut cursor).filter(|_| text.contains(':'))?;
        return at_end(cursor).then_some(Stamp::TimeOnly(time));
    };
    if cursor.at_end() {
        return match date {
            DatePart::Full(day) => Some(Stamp::DayOnly(day)),
            // `10-10` may be a month and a day, or anything else that counts; banks print `10/10`.
            DatePart::NoYear(month, day) if text.contains('/') => {
                Some(Stamp::NoYear { month, day, time: NaiveTime::MIN })
            }
            DatePart::NoYear(..) => None,
        };
    }
    cursor.spaces();
    let _ = cursor.word(&["T", "-"]);
    let time = take_time(&mut cursor).filter(|_| at_end(cursor))?;
    Some(match date {
        DatePart::Full(day) => Stamp::Full(day.and_time(time)),
        DatePart::NoYear(month, day) => Stamp::NoYear { month, day, time },
    })
}

/// `2025-10-01 08:12:45`, which almost every export prints.
fn usual(text: &str) -> Option<NaiveDateTime> {
    let bytes: &[u8; 19] = text.as_bytes().try_into().ok()?;
    let separated = [(4, b'-'), (7, b'-'), (10, b' '), (13, b':'), (16, b':')];
    if separated.iter().any(|(at, b)| bytes[*at] != *b) {
        return None;
    }
    let number = |from: usize, length: usize| {
        bytes[from..from + length]
            .iter()
            .try_fold(0u32, |number, b| b.is_ascii_digit().then(|| number * 10 + u32::from(b - b'0')))
    };
    let year = number(0, 4).filter(|year| (1990..=2100).contains(year))?;
    let day = Day::from_ymd_opt(year as i32, number(5, 2)?, number(8, 2)?)?;
    day.and_hms_opt(number(11, 2)?, number(14, 2)?, number(17, 2)?)
}

/// Ten digits are seconds since 1970, thirteen are milliseconds, both from 2001 to 2033; told in Beijing time.
fn unix_time(text: &str) -> Option<NaiveDateTime> {
    let digits = matches!(text.len(), 10 | 13) && text.bytes().all(|b| b.is_ascii_digit());
    let seconds: i64 = text.get(..10).filter(|_| digits && text.starts_with('1'))?.parse().ok()?;
    Some(DateTime::from_timestamp(seconds, 0)?.naive_utc() + TimeDelta::hours(8))
}

fn at_end(cursor: Cursor<'_>) -> bool {
    // No other offset is accepted: every export prints Beijing time.
    matches!(cursor.rest().trim(), "" | "+08:00" | "+0800")
}

fn take_time(cursor: &mut Cursor<'_>) -> Option<NaiveTime> {
    let compact = cursor.rest().bytes().take_while(u8::is_ascii_digit).count();
    if compact == 6 {
        return NaiveTime::from_hms_opt(cursor.fixed(2)?, cursor.fixed(2)?, cursor.fixed(2)?);
    }
    let hour = cursor.number(1, 2)?;
    let between = cursor.word(&[":", "时"])?;
    let minute = cursor.number(1, 2)?;
    let second = match between {
        ":" => take_seconds(cursor)?,
        _ => {
            cursor.word(&["分"])?;
            let second = cursor.number(1, 2);
            if second.is_some() {
                cursor.word(&["秒"])?;
            }
            second.unwrap_or(0)
        }
    };
    NaiveTime::from_hms_opt(hour, minute, second)
}

fn take_seconds(cursor: &mut Cursor<'_>) -> Option<u32> {
    if cursor.word(&[":"]).is_none() {
        return Some(0);
    }
    let second = cursor.number(1, 2)?;
    if cursor.word(&["."]).is_some() {
        cursor.digits()?;
    }
    Some(second)
}
