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
        if !matches!(cell[10], b' ' | b'T') {
            return None;
        }
        if *day != self.text {
            self.start_s = crate::model::period::WallTime::at_start_of(self::day(day)?).0;
            self.text = *day;
        }
        // Digits become their values, colons nothing: what is neither shows in the high bits.
        let values = u64::from_le_bytes(*time) ^ u64::from_le_bytes(*b"00:00:00");
        const COLONS: u64 = 0x0000_FF00_00FF_0000;
        if (values.wrapping_add(ABOVE_NINE) | values) & HIGH_BITS != 0 || values & COLONS != 0 {
            return None;
        }
        let pair = |at: u32| (values >> at & 0xFF) * 10 + (values >> (at + 8) & 0xFF);
        let (hour, minute, second) = (pair(0), pair(24), pair(48));
        let inside = hour < 24 && minute < 60 && second < 60;
        inside.then(|| self.start_s + (hour * 3600 + minute * 60 + second) as i64)
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

/// Remembers the last month: the bills of a portfolio are of few.
#[derive(Debug, Default, Clone, Copy)]
pub struct MonthMemory {
    text: [u8; 7],
    cycle: Option<Cycle>,
}

impl MonthMemory {
    /// Returns the month `2025-10`.
    #[inline]
    pub fn month(&mut self, cell: &[u8]) -> Option<Cycle> {
        let cell: &[u8; 7] = cell.try_into().ok()?;
        if *cell != self.text {
            (self.text, self.cycle) = (*cell, month(cell));
        }
        self.cycle
    }
}

fn month(cell: &[u8; 7]) -> Option<Cycle> {
    let year = pair(cell[0], cell[1])? * 100 + pair(cell[2], cell[3])?;
    let dashed = cell[4] == b'-' && YEARS.contains(&year);
    dashed.then(|| Cycle::new(year as i32, pair(cell[5], cell[6])?)).flatten()
}

/// Most digits of a number.
const DIGITS_MAX: usize = 18;
/// What makes a byte above nine reach its high bit.
const ABOVE_NINE: u64 = 0x7676_7676_7676_7676;
const HIGH_BITS: u64 = 0x8080_8080_8080_8080;
const ZEROS: u64 = 0x3030_3030_3030_3030;

/// Returns a whole number of at most 18 digits.
#[inline]
pub fn number(cell: &[u8]) -> Option<u64> {
    match cell.len() {
        1..=8 => eight(word(cell) ^ (ZEROS >> (64 - cell.len() * 8)), cell.len()),
        9..=16 => {
            let (high, low) = (cell.first_chunk()?, cell.last_chunk()?);
            let high = eight(u64::from_le_bytes(*high) ^ ZEROS, 8)?;
            // Of the last eight bytes, those that the first eight held already are dropped.
            let (new, known) = (cell.len() - 8, 16 - cell.len());
            let low = (u64::from_le_bytes(*low) ^ ZEROS) >> (known * 8);
            Some(high * TENS[new] + eight(low, new)?)
        }
        17..=DIGITS_MAX => {
            let (high, low) = cell.split_at(cell.len() - 8);
            Some(number(high)? * TENS[8] + number(low)?)
        }
        _ => None,
    }
}

/// Powers of ten.
const TENS: [u64; 9] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

/// Returns a cell of at most eight bytes as a word, the first byte lowest.
#[inline(always)]
pub fn word(cell: &[u8]) -> u64 {
    if let (Some(first), Some(last)) = (cell.first_chunk::<4>(), cell.last_chunk::<4>()) {
        // The halves of five to seven bytes overlap, and agree where they do.
        let [first, last] = [first, last].map(|half| u64::from(u32::from_le_bytes(*half)));
        return first | last << ((cell.len().min(8) - 4) * 8);
    }
    let Some((first, last)) = cell.first().zip(cell.last()) else { return 0 };
    let (middle, end) = (cell.len() / 2, cell.len() - 1);
    u64::from(*first) | u64::from(cell[middle]) << (middle * 8) | u64::from(*last) << (end * 8)
}

/// Returns the number of one to eight digits, given by their values in the lowest bytes, the first one lowest.
#[inline]
fn eight(values: u64, count: usize) -> Option<u64> {
    if (values.wrapping_add(ABOVE_NINE) | values) & HIGH_BITS != 0 {
        return None;
    }
    // Zeros in front; then pairs, fours and eights of digits are added up side by side.
    let digits = values << (64 - count * 8);
    let pairs = digits.wrapping_mul(10) + (digits >> 8);
    let high = (pairs & 0x0000_00FF_0000_00FF).wrapping_mul(100 + (1_000_000 << 32));
    let low = (pairs >> 16 & 0x0000_00FF_0000_00FF).wrapping_mul(1 + (10_000 << 32));
    Some(high.wrapping_add(low) >> 32)
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
    let stands = || text.chars().any(|c| c.is_ascii_alphanumeric() || is_chinese(c));
    let clean = || !cell.iter().any(|byte| matches!(byte, b'"' | b'\r'));
    (framed && stands() && clean()).then_some(text)
}

/// An id or a number of somebody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Id<'b> {
    /// Not stated.
    #[default]
    None,
    /// That many digits, zeros in front included.
    Digits(u8, u64),
    /// ASCII letters and digits.
    Text(&'b [u8]),
}

/// Returns an id, ASCII letters and digits, or that there is none.
#[inline]
pub fn id(cell: &[u8]) -> Option<Id<'_>> {
    if cell.is_empty() {
        return Some(Id::None);
    }
    if let Some(value) = number(cell) {
        return Some(Id::Digits(cell.len() as u8, value));
    }
    let plain = cell.len() <= 64 && cell.iter().all(u8::is_ascii_alphanumeric);
    plain.then_some(Id::Text(cell))
}

/// Returns the number of somebody else, or an access point: ASCII letters and digits, without a country code.
#[inline]
pub fn peer(cell: &[u8]) -> Option<Id<'_>> {
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
