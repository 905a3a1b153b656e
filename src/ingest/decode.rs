//! Bytes to text, strictly: a wrong guess is an error, never a replaced character.

use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use crate::ingest::container::unusable;
use crate::model::source::Unusable;

/// Returns the text of a file: byte-order mark, UTF-8, UTF-16 by its zero bytes, GB18030, in this order.
///
/// # Errors
/// When no encoding fits every byte, or the text holds zero characters as only binary files do.
pub fn decode(bytes: &[u8]) -> Result<String, Unusable> {
    let text = decode_by_mark(bytes).unwrap_or_else(|| decode_by_content(bytes));
    text.filter(|text| !text.contains('\0')).ok_or_else(|| unusable("encoding"))
}

fn decode_by_mark(bytes: &[u8]) -> Option<Option<String>> {
    let (encoding, mark_length) = Encoding::for_bom(bytes)?;
    Some(strictly(encoding, &bytes[mark_length..]))
}

fn decode_by_content(bytes: &[u8]) -> Option<String> {
    if let Some(text) = strictly(UTF_8, bytes).filter(|text| !text.contains('\0')) {
        return Some(text);
    }
    match utf16_by_zeros(bytes) {
        Some(encoding) => strictly(encoding, bytes),
        None => strictly(GB18030, bytes),
    }
}

fn strictly(encoding: &'static Encoding, bytes: &[u8]) -> Option<String> {
    encoding.decode_without_bom_handling_and_without_replacement(bytes).map(|text| text.into_owned())
}

/// Digits, separators and line ends are ASCII in every export: in UTF-16 their other byte is zero.
fn utf16_by_zeros(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(8192) & !1];
    let zeros_at = |offset: usize| head.iter().skip(offset).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (zeros_at(0), zeros_at(1));
    let pairs = head.len() / 2;
    let clear = |many: usize, few: usize| many * 10 >= pairs && few * 20 <= many;
    if !bytes.len().is_multiple_of(2) || pairs == 0 {
        None
    } else if clear(odd, even) {
        Some(UTF_16LE)
    } else if clear(even, odd) {
        Some(UTF_16BE)
    } else {
        None
    }
}
