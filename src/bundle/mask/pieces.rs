//! What in a text has to be replaced: numbers, ids, and what stands behind a label.

use super::vocabulary::vocabulary;
use crate::ingest::parse_cell::msisdn::msisdn;
use crate::model::period::Day;

/// What kind of original a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A phone number, possibly with stars.
    Number,
    /// A record, order, ticket or account id.
    Id,
    /// The name of a person.
    Name,
    /// The other side of a payment.
    Party,
    /// What a payment that is none of the operator's was for.
    Purpose,
}

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece<'t> {
    /// It stays.
    Keep(&'t str),
    /// It is replaced.
    Replace(Kind, &'t str),
}

/// Shortest number that is somebody's: 10086, 95533 and 110 are everybody's.
const NUMBER_DIGITS_MIN: usize = 7;

/// Returns the parts of free text: numbers and ids are replaced wherever they stand, names where a label tells.
pub fn of_text(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, value, after)) = labelled(rest) {
        digits(before, &mut pieces);
        pieces.push(Piece::Replace(kind_of_value(value), value));
        rest = after;
    }
    digits(rest, &mut pieces);
    pieces
}

/// Returns the parts of a cell that holds a phone number, or the name of something.
pub fn of_number(text: &str) -> Vec<Piece<'_>> {
    let number = msisdn(text);
    let digits = number.bytes().filter(|b| b.is_ascii_digit() || *b == b'*').count();
    if digits == number.len() && digits >= NUMBER_DIGITS_MIN {
        vec![Piece::Replace(Kind::Number, text.trim())]
    } else {
        of_text(text)
    }
}

/// Returns the one part of a cell that is replaced as a whole; blank cells and dashes stay.
pub fn whole(kind: Kind, text: &str) -> Vec<Piece<'_>> {
    let told = text.chars().filter(|c| c.is_alphanumeric()).count();
    if told == 0 { vec![Piece::Keep(text)] } else { vec![Piece::Replace(kind, text.trim())] }
}

/// Returns the one part of a cell below or behind a label: a name, a number or an id.
pub fn of_label(text: &str) -> Vec<Piece<'_>> {
    whole(kind_of_value(text.trim()), text)
}

/// Returns whether the text is a label whose value stands in the next cell.
pub fn is_label(text: &str) -> bool {
    let text = text.trim().trim_end_matches([':', '：']);
    vocabulary().labels.iter().any(|label| label.eq_ignore_ascii_case(text))
}

/// What stands before the first labelled value, the value, and what stands after it.
fn labelled(text: &str) -> Option<(&str, &str, &str)> {
    let colons = text.char_indices().filter(|(_, c)| matches!(c, ':' | '：'));
    for (at, colon) in colons {
        let before = text[..at].trim_end();
        let lower = before.to_lowercase();
        if !vocabulary().labels.iter().any(|label| lower.ends_with(&label.to_lowercase())) {
            continue;
        }
        let behind = &text[at + colon.len_utf8()..];
        let open = behind.len() - behind.trim_start_matches([' ', '\u{3000}', '[', '【', '"']).len();
        let value = &behind[open..];
        let end =
            value.find(['\t', ',', '，', ';', '；', ']', '】', '"', '\n', '\r', '|']).unwrap_or(value.len());
        let end = value.find("  ").map_or(end, |gap| gap.min(end));
        let value = value[..end].trim_end();
        if value.chars().any(char::is_alphanumeric) {
            let start = at + colon.len_utf8() + open;
            return Some((&text[..start], value, &text[start + value.len()..]));
        }
    }
    None
}

fn kind_of_value(value: &str) -> Kind {
    let digits = value.chars().all(|c| c.is_ascii_digit() || c == '*' || c == '-' || c == '+' || c == ' ');
    if digits && msisdn(value).len() == 11 {
        Kind::Number
    } else if value.is_ascii() {
        Kind::Id
    } else {
        Kind::Name
    }
}

/// Splits a text at the runs of digits and stars that are numbers or ids.
fn digits<'t>(text: &'t str, pieces: &mut Vec<Piece<'t>>) {
    let mut kept = 0;
    let mut at = 0;
    while let Some(offset) = text[at..].find(|c: char| c.is_ascii_digit()) {
        let start = at + offset;
        let run = text[start..].find(|c: char| !c.is_ascii_digit() && c != '*').unwrap_or(text.len() - start);
        let end = start + run;
        if let Some(kind) = kind_of_run(text, start, end) {
            if kept < start {
                pieces.push(Piece::Keep(&text[kept..start]));
            }
            pieces.push(Piece::Replace(kind, &text[start..end]));
            kept = end;
        }
        at = end;
    }
    if kept < text.len() {
        pieces.push(Piece::Keep(&text[kept..]));
    }
}

fn kind_of_run(text: &str, start: usize, end: usize) -> Option<Kind> {
    let run = text[start..end].trim_end_matches('*');
    let stars = text[start..end].contains('*');
    let amount =
        text[end..].strip_prefix('.').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
            || text[..start].ends_with(['.', '¥', '￥']);
    if end - start < NUMBER_DIGITS_MIN || amount || is_date(run) {
        None
    } else if stars
        || (run.len() == 11 && run.starts_with('1'))
        || ((10..=12).contains(&run.len()) && run.starts_with('0'))
    {
        Some(Kind::Number)
    } else {
        Some(Kind::Id)
    }
}

/// `20251001`, `202510011230`, `20251001123000`.
fn is_date(run: &str) -> bool {
    let part = |range| run.get(range).and_then(|text: &str| text.parse::<u32>().ok()).unwrap_or(0);
    let day = Day::from_ymd_opt(part(0..4) as i32, part(4..6), part(6..8));
    let clock = part(8..10) < 24 && part(10..12) < 60 && part(12..14) < 60;
    matches!(run.len(), 8 | 12 | 14) && (1990..2100).contains(&part(0..4)) && day.is_some() && clock
}
