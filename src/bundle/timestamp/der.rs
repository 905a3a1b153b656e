//! Just enough of DER to walk through a token: definite lengths, one-byte tags.

/// Tag of a SEQUENCE.
pub const SEQUENCE: u8 = 0x30;
/// Bit of tags whose content is more DER.
const CONSTRUCTED: u8 = 0x20;

/// A value with its tag.
#[derive(Debug, Clone, Copy)]
pub struct Der<'a> {
    /// Tag byte.
    pub tag: u8,
    /// Content.
    pub body: &'a [u8],
}

impl<'a> Der<'a> {
    /// Returns the values inside; nothing when it holds none.
    pub fn children(self) -> Option<Vec<Der<'a>>> {
        (self.tag & CONSTRUCTED != 0).then_some(())?;
        let mut children = Vec::new();
        let mut rest = self.body;
        while !rest.is_empty() {
            let (child, after) = read(rest)?;
            children.push(child);
            rest = after;
        }
        Some(children)
    }
}

/// Returns the first value and what follows it.
pub fn read(bytes: &[u8]) -> Option<(Der<'_>, &[u8])> {
    let (tag, rest) = bytes.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0..=0x7F => (usize::from(*first), rest),
        0x81..=0x84 => {
            let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7F))?;
            (digits.iter().fold(0, |sum, digit| sum << 8 | usize::from(*digit)), rest)
        }
        _ => return None,
    };
    let (body, after) = rest.split_at_checked(length)?;
    Some((Der { tag: *tag, body }, after))
}
