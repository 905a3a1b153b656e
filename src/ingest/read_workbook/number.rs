//! Workbook values as text: numbers to 15 significant digits as spreadsheets do, dates to the nearest second.

use calamine::{DataRef, ExcelDateTime};
use chrono::{Days, NaiveDate, NaiveTime};

use crate::model::period::WallTime;
use crate::model::sheet::CellKind;

/// A cell value as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// The text that is read and quoted.
    pub text: String,
    /// What it was.
    pub kind: CellKind,
    /// The stored number, where the text differs from it.
    pub raw: Option<String>,
}

/// Returns the value as text.
pub fn printed(value: &DataRef<'_>) -> Printed {
    let as_is = |text: String, kind| Printed { text, kind, raw: None };
    match value {
        DataRef::String(text) => as_is(text.clone(), CellKind::Text),
        DataRef::SharedString(text) => as_is((*text).to_owned(), CellKind::Text),
        DataRef::Int(number) => as_is(number.to_string(), CellKind::Number),
        DataRef::Float(number) => printed_number(*number),
        DataRef::DateTime(serial) => Printed {
            text: serial_text(serial),
            kind: CellKind::DateTime,
            raw: Some(stored(serial.as_f64())),
        },
        DataRef::DateTimeIso(text) => as_is(text.replace('T', " "), CellKind::DateTime),
        DataRef::DurationIso(text) => as_is(text.clone(), CellKind::Other),
        DataRef::Bool(true) => as_is("TRUE".to_owned(), CellKind::Other),
        DataRef::Bool(false) => as_is("FALSE".to_owned(), CellKind::Other),
        DataRef::Error(error) => as_is(format!("{error}"), CellKind::Other),
        DataRef::Empty => as_is(String::new(), CellKind::Text),
    }
}

/// Returns a binary number as text, with its stored form beside.
pub fn printed_number(number: f64) -> Printed {
    Printed { text: fifteen_digits(number), kind: CellKind::Number, raw: Some(stored(number)) }
}

/// Returns the decimal text of a workbook number: 15 significant digits, as spreadsheets show it
/// (548.58000000000004 → `548.58`). From 10¹⁵ on digits are lost for good: the text keeps its exponent
/// (`2.02E+27`), which no grammar accepts as an amount or an id.
pub fn fifteen_digits(number: f64) -> String {
    if !number.is_finite() || number.abs() >= 1e15 {
        return format!("{number:E}").replace('E', "E+");
    }
    plain(&format!("{number:.14e}"))
}

/// Returns the number as a workbook stores it: 17 significant digits name every binary value.
fn stored(number: f64) -> String {
    if number.is_finite() && number.abs() < 1e15 {
        plain(&format!("{number:.16e}"))
    } else {
        fifteen_digits(number)
    }
}

/// Returns plain decimal text of d.ddd…e±x.
fn plain(scientific: &str) -> String {
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
    let negative = mantissa.starts_with('-');
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let text = place_point(&digits, exponent);
    if negative && text != "0" { format!("-{text}") } else { text }
}

/// Places the point of d.ddd × 10^exponent and cuts zeros at the end.
fn place_point(digits: &str, exponent: i32) -> String {
    let (whole, fraction) = match usize::try_from(exponent) {
        Ok(shift) => {
            let at = (shift + 1).min(digits.len());
            (digits[..at].to_owned(), digits[at..].to_owned())
        }
        Err(_) => ("0".to_owned(), format!("{}{digits}", "0".repeat((-1 - exponent).max(0) as usize))),
    };
    let fraction = fraction.trim_end_matches('0');
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") }
}

/// Returns a styled serial number as text: `YYYY-MM-DD HH:MM:SS`, or `HH:MM:SS` for a time of day or a length of time.
fn serial_text(serial: &ExcelDateTime) -> String {
    let value = serial.as_f64();
    if serial.is_duration() || (0.0..1.0).contains(&value) {
        let seconds = (value * 86_400.0).round().max(0.0) as u64;
        return format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
    // calamine keeps the date system to itself: its own conversion of a whole day tells which one it is.
    serial_time(value, is_1904(serial)).map_or_else(|| fifteen_digits(value), |at| at.to_string())
}

fn is_1904(serial: &ExcelDateTime) -> bool {
    let (year, ..) = serial.to_ymd_hms_milli();
    let in_1900 = serial_time(serial.as_f64(), false);
    // The systems are 1462 days apart, so the years differ by at least three.
    in_1900.is_some_and(|at| i64::from(year) - i64::from(chrono::Datelike::year(&at.date_time())) >= 3)
}

/// Returns the wall-clock time of a date serial, rounded to the nearest second: stored serials lie up to
/// half a millisecond below the second that they mean.
pub fn serial_time(serial: f64, is_1904: bool) -> Option<WallTime> {
    if !(0.0..2_958_466.0).contains(&serial) {
        return None;
    }
    // The 1900 system counts a 29 February 1900 that never was: serials before it lie one day later.
    let epoch = match (is_1904, serial < 60.0) {
        (true, _) => NaiveDate::from_ymd_opt(1904, 1, 1)?,
        (false, true) => NaiveDate::from_ymd_opt(1899, 12, 31)?,
        (false, false) => NaiveDate::from_ymd_opt(1899, 12, 30)?,
    };
    let seconds = (serial * 86_400.0).round() as u64;
    let day = epoch.checked_add_days(Days::new(seconds / 86_400))?;
    let time = NaiveTime::from_num_seconds_from_midnight_opt((seconds % 86_400) as u32, 0)?;
    Some(WallTime::new(day.and_time(time)))
}
