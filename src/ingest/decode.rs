//! Bytes to text, strictly: a wrong guess is an error, never a replaced character.

pub mod blocks;

use std::borrow::Cow;

use encoding_rs::{DecoderResult, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use memchr::memchr;

use crate::ingest::container::unusable;
use crate::ingest::room::Room;
use crate::model::source::Unusable;

/// Returns the text of a file: byte-order mark, UTF-8, UTF-16 by its zero bytes, GB18030, in this order.
///
/// # Errors
/// When no encoding fits every byte, or the text holds zero characters as only binary files do; when there
/// is no room for the text.
pub fn decode(bytes: Cow<'_, [u8]>, room: &mut Room) -> Result<String, Unusable> {
    let bytes = match plain_utf8(bytes) {
        // The bytes became the text: their room is taken already.
        Ok(text) => return Ok(text),
        Err(bytes) => bytes,
    };
    let text = text(&bytes, room.left_bytes())?.filter(|text| !text.contains('\0'));
    let text = text.ok_or_else(|| unusable("encoding"))?;
    room.spend(text.len())?;
    if let Cow::Owned(bytes) = bytes {
        room.give_back(bytes.len());
    }
    Ok(text)
}

/// Returns bytes that are given away as the text that they are, without a copy; else the bytes.
fn plain_utf8(bytes: Cow<'_, [u8]>) -> Result<String, Cow<'_, [u8]>> {
    let mark_length = match Encoding::for_bom(&bytes) {
        Some((encoding, mark_length)) if encoding == UTF_8 => mark_length,
        Some(_) => return Err(bytes),
        None => 0,
    };
    // A zero is no text, or UTF-16 without a mark.
    if memchr(0, &bytes).is_some() {
        return Err(bytes);
    }
    let Cow::Owned(bytes) = bytes else { return Err(bytes) };
    let mut text = String::from_utf8(bytes).map_err(|error| Cow::Owned(error.into_bytes()))?;
    text.drain(..mark_length);
    Ok(text)
}

/// Returns the text of a few bytes, e.g. a name in an archive; nothing when no encoding fits.
pub fn decode_short(bytes: &[u8]) -> Option<String> {
    text(bytes, bytes.len() * 4).ok().flatten().filter(|text| !text.contains('\0'))
}

fn text(bytes: &[u8], length_max: usize) -> Result<Option<String>, Unusable> {
    match Encoding::for_bom(bytes) {
        Some((encoding, mark_length)) => strictly(encoding, &bytes[mark_length..], length_max),
        None => decode_by_content(bytes, length_max),
    }
}

fn decode_by_content(bytes: &[u8], length_max: usize) -> Result<Option<String>, Unusable> {
    // A zero byte is a zero character in UTF-8 and in GB18030, and no text has one.
    if memchr(0, bytes).is_some() {
        return utf16_by_zeros(bytes).map_or(Ok(None), |encoding| strictly(encoding, bytes, length_max));
    }
    match strictly(UTF_8, bytes, length_max)? {
        Some(text) => Ok(Some(text)),
        None => strictly(GB18030, bytes, length_max),
    }
}

/// Bytes that are decoded at a time.
const BLOCK_BYTES: usize = 1 << 20;

/// Returns the text; nothing when a byte does not fit. Block by block: a few bytes may become three times as many.
fn strictly(
    encoding: &'static Encoding,
    bytes: &[u8],
    length_max: usize,
) -> Result<Option<String>, Unusable> {
    if encoding == UTF_8 && std::str::from_utf8(bytes).is_err() {
        return Ok(None);
    }
    let mut decoder = encoding.new_decoder_without_bom_handling();
    // One piece of memory that is large enough: growing would copy all of it.
    let high = bytes.iter().filter(|b| **b >= 0x80).count();
    let longest = if encoding == UTF_8 { bytes.len() } else { bytes.len() + 2 * high };
    let spare = 4 * bytes.len().min(BLOCK_BYTES);
    let mut text = String::with_capacity(longest.min(length_max) + spare);
    let mut blocks = bytes.chunks(BLOCK_BYTES).peekable();
    while let Some(block) = blocks.next() {
        text.reserve(
            decoder
                .max_utf8_buffer_length_without_replacement(block.len())
                .unwrap_or(0)
                .min(3 * BLOCK_BYTES + 16),
        );
        let is_last = blocks.peek().is_none();
        let (result, _) = decoder.decode_to_string_without_replacement(block, &mut text, is_last);
        if result != DecoderResult::InputEmpty {
            return Ok(None);
        }
        if text.len() > length_max {
            return Err(unusable("too-large"));
        }
    }
    Ok(Some(text))
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
