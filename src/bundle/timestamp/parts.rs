//! DER, field by field, each with the very bytes that it takes up: what was signed or hashed is never written anew.

use der::asn1::AnyRef;
use der::{Decode, Reader, SliceReader, Tag};

/// A field.
#[derive(Debug, Clone, Copy)]
pub struct Part<'a> {
    /// Its tag.
    pub tag: Tag,
    /// All its bytes, tag and length included.
    pub whole: &'a [u8],
    /// Its content.
    pub body: &'a [u8],
}

impl<'a> Part<'a> {
    /// Returns the one field that the bytes are.
    pub fn read(bytes: &'a [u8]) -> Option<Self> {
        let [part] = parts(bytes)?.try_into().ok()?;
        Some(part)
    }

    /// Returns the fields inside; nothing when it holds none.
    pub fn inside(&self) -> Option<Vec<Part<'a>>> {
        if self.tag.is_constructed() { parts(self.body) } else { None }
    }

    /// Returns the first field inside as a value: the identifier of an algorithm, for instance.
    pub fn first<T: Decode<'a>>(&self) -> Option<T> {
        self.inside()?.first()?.value()
    }

    /// Returns the field as a value of that type.
    pub fn value<T: Decode<'a>>(&self) -> Option<T> {
        T::from_der(self.whole).ok()
    }

    /// Returns whether it has the tag `[number]`.
    pub fn is_choice(&self, number: u8) -> bool {
        matches!(self.tag, Tag::ContextSpecific { number: own, .. } if own.value() == number)
    }
}

/// Returns the fields that follow one another in the bytes.
fn parts(bytes: &[u8]) -> Option<Vec<Part<'_>>> {
    let mut reader = SliceReader::new(bytes).ok()?;
    let mut parts = Vec::new();
    while !reader.is_finished() {
        let whole = reader.tlv_bytes().ok()?;
        let any = AnyRef::from_der(whole).ok()?;
        parts.push(Part { tag: der::Tagged::tag(&any), whole, body: any.value() });
    }
    Some(parts)
}
