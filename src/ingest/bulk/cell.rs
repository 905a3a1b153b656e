//! The plainest spelling of each kind of cell. `None` never means "wrong": it means "let the ordinary code read it".

use crate::model::period::{Cycle, Day};

/// Days before 1970-01-01 of the first day that is taken; earlier ones are left to the ordinary code.
const YEARS: std::ops::RangeInclusive<u32> = 2000..=2099;

/// Remembers the last calendar day: rows of a switch stand in order of time.
#[derive(Debug, Default, Clone, Copy)]
pub struct DayMemory {
    text: [u8; 10],
    start_s: i64,
}

impl DayMemory {
    /// Returns the seconds of `2025-10-10 08:12:45`, also with a `T`.
    #[inline]
    pub fn time(&mut self, cell: &[u8]) -> Option<i64> {
        let cell: &[u8; 19] = cell.try_into().ok()?;
        let (day, time) = (cell.first_chunk::<10>()?, cell.last_chunk::<8>()?);
        if !matches!(cell[10], b' ' | b'T') || time[2] != b':' || time[5] != b':' {
            return None;
        }
        if *day != self.text {
            self.start_s = crate::model::period::WallTime::at_start_of(self::day(day)?).0;
            self.text = *day;
        }
        let (hour, minute, second) =
            (pair(time[0], time[1])?, pair(time[3], time[4])?, pair(time[6], time[7])?);
        let inside = hour < 24 && minute < 60 && second < 60;
        inside.then(|| self.start_s + i64::from(hour * 3600 + minute * 60 + second))
    }
}

/// Returns the day `2025-10-10`.
pub fn day(cell: &[u8]) -> Option<Day> {
    let cell: &[u8; 10] = cell.try_into().ok()?;
    if cell[4] != b'-' || cell[7] != b'-' {
        return None;
    }
    let year = pair(cell[0], cell[1])? * 100 + pair(cell[2], cell[3])?;
    if !YEARS.contains(&year) {
        return None;
    }
    Day::from_ymd_opt(year as i32, pair(cell[5], cell[6])?, pair(cell[8], cell[9])?)
}

/// Returns the month `2025-10`.
pub fn month(cell: &[u8]) -> Option<Cycle> {
    let cell: &[u8; 7] = cell.try_into().ok()?;
    let year = pair(cell[0], cell[1])? * 100 + pair(cell[2], cell[3])?;
    let dashed = cell[4] == b'-' && YEARS.contains(&year);
    dashed.then(|| Cycle::new(year as i32, pair(cell[5], cell[6])?)).flatten()
}

/// Returns a whole number of at most 18 digits.
#[inline]
pub fn number(cell: &[u8]) -> Option<u64> {
    if cell.is_empty() || cell.len() > 18 {
        return None;
    }
    let mut value = 0u64;
    for byte in cell {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value * 10 + u64::from(digit);
    }
    Some(value)
}

/// Returns a whole phone number: digits without a leading zero or a country code.
#[inline]
pub fn msisdn(cell: &[u8]) -> Option<u64> {
    let coded = cell.starts_with(b"86") && cell.len() == 13;
    number(cell).filter(|_| cell[0] != b'0' && !coded)
}

/// Returns yuan in 0.0001: an optional sign, at most 12 digits, at most 4 decimals.
pub fn money_e4(cell: &[u8]) -> Option<i64> {
    let (negative, digits) = match cell {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, cell),
    };
    let point = digits.iter().position(|byte| *byte == b'.');
    let (whole, decimals) = match point {
        Some(at) => (&digits[..at], &digits[at + 1..]),
        None => (digits, &[][..]),
    };
    if whole.len() > 12 || decimals.len() > 4 || (point.is_some() && decimals.is_empty()) {
        return None;
    }
    let scale = 10i64.pow(4 - decimals.len() as u32);
    let part = if decimals.is_empty() { 0 } else { number(decimals)? as i64 * scale };
    let value = number(whole)? as i64 * 10_000 + part;
    Some(if negative { -value } else { value })
}

/// Returns text that needs no trimming and stands for something: it holds an ASCII letter or digit, or a Chinese
/// character, and begins and ends with a visible one.
pub fn text(cell: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(cell).ok()?;
    let visible = |c: char| c.is_ascii_graphic() || is_chinese(c);
    let framed = text.chars().next().is_some_and(visible) && text.chars().next_back().is_some_and(visible);
    let stands = text.chars().any(|c| c.is_ascii_alphanumeric() || is_chinese(c));
    let clean = !text.contains(['"', '\r']);
    (framed && stands && clean).then_some(text)
}

/// Returns an id: ASCII letters and digits.
#[inline]
pub fn id(cell: &[u8]) -> Option<&str> {
    let plain = !cell.is_empty() && cell.len() <= 64 && cell.iter().all(u8::is_ascii_alphanumeric);
    if plain { std::str::from_utf8(cell).ok() } else { None }
}

/// Returns the number of somebody else, or an access point: ASCII letters and digits, without a country code.
#[inline]
pub fn peer(cell: &[u8]) -> Option<&str> {
    let coded = matches!((cell.len(), cell), (13, [b'8', b'6', ..]) | (15, [b'0', b'0', b'8', b'6', ..]));
    if coded { None } else { id(cell) }
}

fn is_chinese(c: char) -> bool {
    ('\u{4E00}'..='\u{9FFF}').contains(&c)
}

#[inline]
fn pair(tens: u8, ones: u8) -> Option<u32> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    (tens <= 9 && ones <= 9).then(|| u32::from(tens) * 10 + u32::from(ones))
}
