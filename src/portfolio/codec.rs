//! Numbers and short texts as bytes, for rows that wait for their line and for results that wait for the end.

use crate::ingest::bulk::cell;

/// Writes values one behind the other.
#[derive(Debug, Default)]
pub struct Writer {
    /// What was written.
    pub bytes: Vec<u8>,
}

/// Reads them back; what is missing reads as zero or empty text, which the caller's counts would show.
#[derive(Debug, Clone)]
pub struct Reader<'b> {
    bytes: &'b [u8],
}

/// Text of that many digits at most is kept as a number.
const DIGITS_MAX: usize = 18;
/// First tag of a text whose length follows from the tag.
const INLINE: u8 = 19;
/// Tag of a text whose length follows.
const LONG: u8 = 255;
/// Bytes that hold a number of so many digits.
const BYTES_OF_DIGITS: [u8; DIGITS_MAX + 1] = [0, 1, 1, 2, 2, 3, 3, 3, 4, 4, 5, 5, 5, 6, 6, 7, 7, 8, 8];

/// Returns how many bytes hold a number of so many digits.
#[inline]
pub fn bytes_of_digits(count: u8) -> usize {
    usize::from(BYTES_OF_DIGITS[usize::from(count).min(DIGITS_MAX)])
}

/// Returns the tag of a text of less than 236 bytes that is no number.
#[inline]
pub fn tag_of_text(length_bytes: usize) -> u8 {
    INLINE + length_bytes as u8
}

impl Writer {
    /// Adds one byte.
    #[inline]
    pub fn byte(&mut self, value: u8) {
        self.bytes.push(value);
    }

    /// Adds a number: small ones take little room.
    #[inline]
    pub fn number(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.bytes.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.bytes.push(value as u8);
    }

    /// Adds a number with a sign.
    #[inline]
    pub fn signed(&mut self, value: i64) {
        self.number(((value << 1) ^ (value >> 63)) as u64);
    }

    /// Adds a text; one of digits becomes a number.
    #[inline]
    pub fn text(&mut self, text: &str) {
        match cell::number(text.as_bytes()) {
            Some(value) => self.digits(text.len() as u8, value),
            None => self.plain(text.as_bytes()),
        }
    }

    fn digits(&mut self, count: u8, value: u64) {
        self.byte(count);
        self.bytes.extend_from_slice(&value.to_le_bytes()[..bytes_of_digits(count)]);
    }

    fn plain(&mut self, bytes: &[u8]) {
        if bytes.is_empty() {
            self.byte(0);
        } else if bytes.len() < usize::from(LONG - INLINE) {
            self.byte(tag_of_text(bytes.len()));
            self.bytes.extend_from_slice(bytes);
        } else {
            self.byte(LONG);
            self.number(bytes.len() as u64);
            self.bytes.extend_from_slice(bytes);
        }
    }
}

impl<'b> Reader<'b> {
    /// Returns a reader of those bytes.
    pub fn new(bytes: &'b [u8]) -> Self {
        Self { bytes }
    }

    /// Returns whether everything was read.
    pub fn is_at_end(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Returns what is left.
    pub fn rest(&self) -> &'b [u8] {
        self.bytes
    }

    /// Returns how many bytes are left.
    pub fn left(&self) -> usize {
        self.bytes.len()
    }

    /// Returns the next byte.
    #[inline]
    pub fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.bytes.split_first() else { return 0 };
        self.bytes = rest;
        *first
    }

    /// Returns the next number.
    #[inline]
    pub fn number(&mut self) -> u64 {
        let (mut value, mut shift) = (0u64, 0);
        loop {
            let byte = self.byte();
            value |= u64::from(byte & 0x7F) << shift;
            shift += 7;
            if byte < 0x80 || shift > 63 {
                return value;
            }
        }
    }

    /// Returns the next number with a sign.
    #[inline]
    pub fn signed(&mut self) -> i64 {
        let value = self.number();
        (value >> 1) as i64 ^ -((value & 1) as i64)
    }

    /// Returns the next bytes.
    #[inline]
    pub fn bytes(&mut self, length: usize) -> &'b [u8] {
        let (taken, rest) = self.bytes.split_at(length.min(self.bytes.len()));
        self.bytes = rest;
        taken
    }

    /// Returns the next text as it is kept: to be written out when it is wanted.
    #[inline]
    pub fn packed(&mut self) -> Packed<'b> {
        match self.byte() {
            0 => Packed::Text(""),
            count @ 1..INLINE => {
                let stored = self.bytes(bytes_of_digits(count));
                let value = stored.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte));
                Packed::Digits { count, value }
            }
            LONG => {
                let length = self.number() as usize;
                Packed::Text(std::str::from_utf8(self.bytes(length)).unwrap_or_default())
            }
            tag => {
                Packed::Text(std::str::from_utf8(self.bytes(usize::from(tag - INLINE))).unwrap_or_default())
            }
        }
    }

    /// Returns the next text.
    pub fn text(&mut self) -> String {
        let mut text = String::new();
        self.packed().push_to(&mut text);
        text
    }
}

/// A text as it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packed<'b> {
    /// As it stands.
    Text(&'b str),
    /// That many digits.
    Digits {
        /// How many, zeros in front included.
        count: u8,
        /// The number.
        value: u64,
    },
}

impl Default for Packed<'_> {
    fn default() -> Self {
        Self::Text("")
    }
}

impl Packed<'_> {
    /// Writes the text behind `to`.
    pub fn push_to(self, to: &mut String) {
        match self {
            Self::Text(text) => to.push_str(text),
            Self::Digits { count, value } => {
                // As many as the largest number has; more digits are never packed.
                let (mut digits, mut rest) = ([b'0'; 20], value);
                let hidden = digits.len().saturating_sub(usize::from(count));
                for digit in digits[hidden..].iter_mut().rev() {
                    (*digit, rest) = (b'0' + (rest % 10) as u8, rest / 10);
                }
                to.push_str(std::str::from_utf8(&digits[hidden..]).unwrap_or_default());
            }
        }
    }
}
