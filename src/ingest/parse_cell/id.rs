//! Record and order ids: always text. An id that a spreadsheet has turned into a number with an exponent
//! is damaged and never used as a key.

use std::borrow::Cow;

use crate::ingest::parse_cell::present;
use crate::model::sheet::CellKind;

/// An id cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Id<'a> {
    /// As printed, trimmed; empty when absent.
    Whole(Cow<'a, str>),
    /// Re-saved as a number: digits are lost.
    Damaged,
}

/// Returns the id of a cell.
pub fn id(text: &str, kind: CellKind) -> Id<'_> {
    let Some(folded) = present(text) else { return Id::Whole(Cow::Borrowed("")) };
    let digits = folded.bytes().filter(u8::is_ascii_digit).count();
    if is_exponent_number(&folded) || (kind == CellKind::Number && digits > 15) {
        return Id::Damaged;
    }
    // Guards against spreadsheets: ="123", '123.
    let bare = folded.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')).unwrap_or(&folded);
    let bare = bare.strip_prefix('\'').unwrap_or(bare);
    match bare.len() == folded.len() {
        true => Id::Whole(folded),
        false => Id::Whole(Cow::Owned(bare.to_owned())),
    }
}

/// Returns whether the text is a number with an exponent, such as `2.02E+27`.
pub fn is_exponent_number(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else { return false };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let signed = exponent.starts_with(['+', '-']);
    // `1E5` without point or sign may be a real id such as a product code.
    digits(whole)
        && digits(fraction)
        && digits(exponent.trim_start_matches(['+', '-']))
        && (signed || mantissa.contains('.'))
}
