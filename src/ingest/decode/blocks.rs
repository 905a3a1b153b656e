//! Large tables block by block: where lines end in the bytes of an encoding, and the text of some whole lines.

use std::borrow::Cow;

use encoding_rs::{DecoderResult, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use crate::ingest::decode::utf16_by_zeros;

/// The encoding of a text table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coding {
    encoding: &'static Encoding,
    /// Whether nothing but ASCII was seen when the encoding was chosen.
    is_open: bool,
}

/// A byte that no encoding here begins a character with: it stands for a line that cannot be decoded.
const UNREADABLE: u8 = 0xFF;

impl Coding {
    /// Returns the encoding by the beginning of a file, and the bytes of its mark; none when no encoding fits.
    pub fn of(head: &[u8]) -> Option<(Self, usize)> {
        let of = |encoding| Self { encoding, is_open: false };
        if let Some((encoding, mark_bytes)) = Encoding::for_bom(head) {
            return Some((of(encoding), mark_bytes));
        }
        if memchr::memchr(0, head).is_some() {
            return utf16_by_zeros(&head[..head.len() & !1]).map(|encoding| (of(encoding), 0));
        }
        if head.is_ascii() {
            return Some((Self { encoding: UTF_8, is_open: true }, 0));
        }
        let cut = head.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        if std::str::from_utf8(&head[..cut]).is_ok() {
            return Some((of(UTF_8), 0));
        }
        strictly(GB18030, &head[..cut]).map(|_| (of(GB18030), 0))
    }

    /// Returns the bytes of the smallest character.
    pub fn unit_bytes(self) -> usize {
        if self.is_wide() { 2 } else { 1 }
    }

    /// Returns where the first line end behind `from` ends; `text` and `from` begin with a character.
    pub fn line_end(self, text: &[u8], from: usize) -> Option<usize> {
        let rest = text.get(from..)?;
        if !self.is_wide() {
            // No character of GB18030 has a second byte below 0x30.
            return memchr::memchr(b'\n', rest).map(|at| from + at + 1);
        }
        let line_end = if self.encoding == UTF_16LE { [b'\n', 0] } else { [0, b'\n'] };
        rest.chunks_exact(2).position(|unit| unit == line_end).map(|at| from + at * 2 + 2)
    }

    /// Returns whole lines as UTF-8. A line that does not fit its encoding becomes one that is no UTF-8 either.
    pub fn decoded(self, lines: &[u8]) -> Cow<'_, [u8]> {
        let encoding = match self.is_open {
            // The first characters beside ASCII tell.
            true if !lines.is_ascii() && std::str::from_utf8(lines).is_err() => GB18030,
            _ => self.encoding,
        };
        if encoding == UTF_8 {
            return Cow::Borrowed(lines);
        }
        let text = strictly(encoding, lines).map(String::into_bytes);
        Cow::Owned(text.unwrap_or_else(|| self.line_by_line(encoding, lines)))
    }

    fn line_by_line(self, encoding: &'static Encoding, lines: &[u8]) -> Vec<u8> {
        let (mut text, mut from) = (Vec::with_capacity(lines.len() * 2), 0);
        while from < lines.len() {
            let end = self.line_end(lines, from).unwrap_or(lines.len());
            match strictly(encoding, &lines[from..end]) {
                Some(line) => text.extend_from_slice(line.as_bytes()),
                None => text.extend_from_slice(&[UNREADABLE, b'\n']),
            }
            from = end;
        }
        text
    }

    fn is_wide(self) -> bool {
        self.encoding == UTF_16LE || self.encoding == UTF_16BE
    }
}

fn strictly(encoding: &'static Encoding, bytes: &[u8]) -> Option<String> {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(decoder.max_utf8_buffer_length_without_replacement(bytes.len())?);
    let (result, _) = decoder.decode_to_string_without_replacement(bytes, &mut text, true);
    (result == DecoderResult::InputEmpty).then_some(text)
}
