//! Fonts: which of them has a character, and how wide it is there. The only module that knows ttf-parser.

use std::borrow::Cow;
use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};
use ttf_parser::Face as Parsed;

use crate::embedded;
use crate::error::{Error, ErrorKind, Result};
use crate::model::message::Message;

/// Lengths in PDF files are whole thousandths of a point, so that no rounding differs between machines.
pub type Length = i32;

/// One point.
pub const PT: Length = 1000;

/// Index of a face in [`Faces`].
pub type FaceIndex = usize;

/// The regular face.
const REGULAR: FaceIndex = 0;
/// The bold face.
const BOLD: FaceIndex = 1;
/// The face that the user names.
const OWN: FaceIndex = 2;

/// A glyph of a face.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glyph {
    /// The face.
    pub face: FaceIndex,
    /// Its number in the face.
    pub id: u16,
    /// Its width in thousandths of the type size.
    pub width_per_mille: i32,
}

/// The fonts of a document: ours, and one that the user may add.
#[derive(Debug, Clone)]
pub struct Faces {
    faces: Vec<Face>,
    own_sha256: Option<String>,
}

#[derive(Debug, Clone)]
struct Face {
    bytes: Cow<'static, [u8]>,
    glyphs: BTreeMap<char, (u16, i32)>,
}

impl Faces {
    /// Returns the embedded fonts.
    ///
    /// # Errors
    /// When an embedded font cannot be read.
    pub fn embedded() -> Result<Self> {
        let faces = ["NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf"];
        let faces = faces.map(|name| Face::read(Cow::Borrowed(embedded::font(name))));
        let faces = faces.into_iter().collect::<Option<Vec<_>>>();
        let faces = faces.ok_or_else(|| unreadable("schemas/fonts"))?;
        Ok(Self { faces, own_sha256: None })
    }

    /// Returns the fonts with one more, for the characters that ours lack. `name` is for the message.
    ///
    /// # Errors
    /// When it is no TrueType or OpenType font.
    pub fn with(mut self, name: &str, bytes: Vec<u8>) -> Result<Self> {
        self.own_sha256 = Some(Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect());
        let face = Face::read(Cow::Owned(bytes)).ok_or_else(|| unreadable(name))?;
        self.faces.truncate(OWN);
        self.faces.push(face);
        Ok(self)
    }

    /// Returns the fingerprint of the font that the user added.
    pub fn own_sha256(&self) -> Option<&str> {
        self.own_sha256.as_deref()
    }

    /// Returns the font files by index.
    pub fn files(&self) -> impl Iterator<Item = &Cow<'static, [u8]>> {
        self.faces.iter().map(|face| &face.bytes)
    }

    /// Returns the glyph of a character: in the wanted weight, else regular, else in the user's font.
    pub fn glyph(&self, c: char, bold: bool) -> Option<Glyph> {
        let order: &[FaceIndex] = if bold { &[BOLD, REGULAR, OWN] } else { &[REGULAR, OWN] };
        order.iter().find_map(|face| {
            let (id, width_per_mille) = *self.faces.get(*face)?.glyphs.get(&c)?;
            Some(Glyph { face: *face, id, width_per_mille })
        })
    }
}

impl Face {
    fn read(bytes: Cow<'static, [u8]>) -> Option<Self> {
        let parsed = Parsed::parse(&bytes, 0).ok()?;
        let units = i32::from(parsed.units_per_em());
        let mut glyphs = BTreeMap::new();
        for table in
            parsed.tables().cmap?.subtables.into_iter().filter(ttf_parser::cmap::Subtable::is_unicode)
        {
            table.codepoints(|code| {
                let Some(c) = char::from_u32(code) else { return };
                let Some(glyph) = table.glyph_index(code).filter(|glyph| glyph.0 != 0) else { return };
                let width = i32::from(parsed.glyph_hor_advance(glyph).unwrap_or(0));
                glyphs.entry(c).or_insert((glyph.0, width * 1000 / units.max(1)));
            });
        }
        (!glyphs.is_empty()).then_some(Self { bytes, glyphs })
    }
}

fn unreadable(name: &str) -> Error {
    Error::new(ErrorKind::Input, Message::new("error.font").text("path", name))
}
