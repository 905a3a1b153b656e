//! Phone numbers: country code and separators removed, masks kept.

use std::borrow::Cow;

use crate::ingest::fold::{fold, fold_joined};
use crate::ingest::parse_cell::present;

/// Returns the number without `+86`, `0086`, spaces and hyphens; other text is kept as printed, trimmed.
/// Empty when the cell is absent.
pub fn msisdn(text: &str) -> Cow<'_, str> {
    let Some(folded) = present(text) else { return Cow::Borrowed("") };
    if is_mobile(&folded) {
        return folded;
    }
    let joined = fold_joined(folded.clone());
    let dialled = joined.strip_prefix('+').unwrap_or(&joined);
    if dialled.is_empty() || !dialled.chars().all(|c| c.is_ascii_digit() || c == '*' || c == '-') {
        return folded;
    }
    let digits = dialled.replace('-', "");
    let national = digits.strip_prefix("0086").or_else(|| digits.strip_prefix("86"));
    Cow::Owned(national.filter(|national| is_mobile(national)).unwrap_or(&digits).to_owned())
}

/// Returns whether the text is a mobile number of the mainland, possibly masked with `*`.
pub fn is_mobile(text: &str) -> bool {
    text.len() == 11 && text.starts_with('1') && text.chars().all(|c| c.is_ascii_digit() || c == '*')
}

/// Returns whether the number is masked.
pub fn is_masked(text: &str) -> bool {
    text.contains('*')
}

/// Returns whether a possibly masked number may be that full number.
pub fn fits(masked: &str, full: &str) -> bool {
    masked.len() == full.len() && masked.bytes().zip(full.bytes()).all(|(m, f)| m == b'*' || m == f)
}

/// Returns the first run of exactly eleven digits that is a mobile number, e.g. in a file name.
pub fn mobile_within(text: &str) -> Option<String> {
    let folded = fold(text);
    let mut runs = folded.split(|c: char| !c.is_ascii_digit());
    runs.find(|run| is_mobile(run)).map(str::to_owned)
}
