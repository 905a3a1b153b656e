//! What a file is, by its bytes and never by its name.

use crate::ingest::read_workbook::sizes;
use crate::model::message::Message;
use crate::model::source::Unusable;

/// A container that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    /// Text with separators.
    Text,
    /// An XLSX workbook whose sizes were checked.
    Workbook,
    /// An XLS workbook.
    Xls,
    /// An ODS workbook.
    Ods,
    /// A page that may hold tables.
    Html,
    /// A Parquet table.
    Parquet,
}

/// Largest file that is read: with its text it fills what a file may take. `batch` streams larger ones.
pub const FILE_BYTES_MAX: u64 = 384 << 20;

/// Returns what the file is.
///
/// # Errors
/// When it cannot be read at all: which kind of thing it is and what to export instead.
pub fn sniff(bytes: &[u8]) -> Result<Container, Unusable> {
    if bytes.len() as u64 > FILE_BYTES_MAX {
        return Err(unusable("too-large"));
    }
    if bytes.iter().all(|b| b.is_ascii_whitespace() || *b == 0) {
        return Err(unusable("empty"));
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return zip_container(bytes);
    }
    if bytes.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        return ole_container(bytes);
    }
    if BARE_XLS.iter().any(|start| bytes.starts_with(start)) {
        return Ok(Container::Xls);
    }
    if bytes.starts_with(b"PAR1") {
        return Ok(Container::Parquet);
    }
    if is_html(bytes) {
        return Ok(Container::Html);
    }
    if is_json(bytes) {
        return Err(unusable("json"));
    }
    let known = MAGIC.iter().find(|(start, _)| bytes.starts_with(start)).map(|(_, code)| *code);
    match known.or_else(|| is_webp(bytes).then_some("picture")) {
        Some(code) => Err(unusable(code)),
        None => Ok(Container::Text),
    }
}

/// Returns the answer for a file that cannot be used, by its stable code.
pub fn unusable(code: &'static str) -> Unusable {
    Unusable {
        code,
        message: Message::new(format!("ingest.file.{code}")),
        help: Message::new(format!("ingest.file.{code}.help")),
    }
}

/// Beginnings of XLS records without a container around them.
const BARE_XLS: [&[u8]; 2] = [b"\x09\x08\x10\x00\x00\x06\x05\x00", b"\x09\x08\x08\x00\x00\x05\x05\x00"];

const MAGIC: [(&[u8], &str); 9] = [
    (b"\x89PNG\r\n", "picture"),
    (b"\xFF\xD8\xFF", "picture"),
    (b"GIF8", "picture"),
    (b"BM6", "picture"),
    (b"%PDF", "pdf"),
    (b"PARE", "encrypted-workbook"),
    (b"Rar!", "archive"),
    (b"7z\xBC\xAF\x27\x1C", "archive"),
    (b"\x1F\x8B", "archive"),
];

fn is_webp(bytes: &[u8]) -> bool {
    let heic = bytes.get(4..8) == Some(b"ftyp") && bytes.get(8..11) != Some(b"mp4");
    heic || (bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP"))
}

/// A list of objects or one object; a table may begin with a bracket too, but not with two.
fn is_json(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    // Web pages fetch it wrapped in a call: `jQuery183045([{…}])`.
    let name = text.iter().take_while(|b| b.is_ascii_alphanumeric() || b"_$.".contains(b)).count();
    let text = text[name..].strip_prefix(b"(").filter(|_| name > 0).unwrap_or(text);
    let mut signs = text.iter().filter(|b| !b.is_ascii_whitespace());
    matches!((signs.next(), signs.next()), (Some(b'['), Some(b'{')) | (Some(b'{'), Some(b'"')))
}

fn is_html(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(4096)];
    // UTF-16 pages have a zero beside every ASCII byte.
    let ascii: Vec<u8> = head.iter().filter(|b| **b != 0).map(u8::to_ascii_lowercase).collect();
    let holds = |word: &[u8]| ascii.windows(word.len()).any(|window| window == word);
    let opens = ascii.iter().find(|b| b.is_ascii_graphic()) == Some(&b'<');
    opens && (holds(b"<html") || holds(b"<!doctype html") || holds(b"<table"))
}

fn ole_container(bytes: &[u8]) -> Result<Container, Unusable> {
    if holds_utf16(bytes, "EncryptedPackage") {
        Err(unusable("encrypted-workbook"))
    } else if holds_utf16(bytes, "Workbook") || holds_utf16(bytes, "Book") {
        Ok(Container::Xls)
    } else {
        Err(unusable("office-document"))
    }
}

/// Stream names of an OLE file are UTF-16 LE.
fn holds_utf16(bytes: &[u8], word: &str) -> bool {
    let wide: Vec<u8> = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.windows(wide.len()).any(|window| window == wide)
}

fn zip_container(bytes: &[u8]) -> Result<Container, Unusable> {
    let names = sizes::checked_names(bytes).map_err(unusable)?;
    let has = |name: &str| names.iter().any(|n| n == name);
    if has("xl/workbook.xml") {
        Ok(Container::Workbook)
    } else if has("xl/workbook.bin") {
        Err(unusable("xlsb"))
    } else if has("content.xml") && has("mimetype") {
        Ok(Container::Ods)
    } else if has("word/document.xml") || has("ppt/presentation.xml") {
        Err(unusable("office-document"))
    } else {
        Err(unusable("archive"))
    }
}
