//! The grammar of single cells, one file each. Every parser returns the value, nothing for an absent
//! cell, or the sentence that says what the cell is not.

pub mod count;
pub mod cursor;
pub mod date;
pub mod datetime;
pub mod duration;
pub mod id;
pub mod money;
pub mod month;
pub mod msisdn;
pub mod volume;
pub mod yes_no;

use std::borrow::Cow;

use crate::ingest::fold::fold;
use crate::model::message::Message;

/// What a cell parser returns: a value, nothing (absent), or why it is neither.
pub type CellResult<T> = Result<Option<T>, Message>;

/// Returns the folded text of a cell that is present; `-`, `--`, `/` and blank are absent.
pub fn present(text: &str) -> Option<Cow<'_, str>> {
    let folded = fold(text);
    let absent = folded == "/" || folded.chars().all(|c| c == '-' || c == '—');
    (!absent).then_some(folded)
}

/// Returns whether a cell is present, without making its folded text.
pub fn is_present(text: &str) -> bool {
    text.bytes().any(|b| b.is_ascii_alphanumeric()) || present(text).is_some()
}

/// Returns the sentence of a rule that a cell does not follow.
pub fn refused(rule: &str, text: &str) -> Message {
    Message::new(format!("ingest.cell.{rule}")).text("value", shortened(text.trim()))
}

/// Returns at most the first 80 characters: a quoted cell never floods a report.
pub fn shortened(text: &str) -> String {
    let mut chars = text.chars();
    let head: String = chars.by_ref().take(80).collect();
    if chars.next().is_some() { format!("{head}…") } else { head }
}
