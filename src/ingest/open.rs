//! A ZIP without a password is opened: its members are files of their own, named `a.zip!/x.csv`.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::ingest::InputFile;
use crate::ingest::decode;

/// Most bytes that the members of an archive may inflate to together.
const INFLATED_BYTES_MAX: u64 = 256 << 20;
/// Most members that are read.
const MEMBERS_MAX: usize = 1_000;

/// Returns the members of an archive, or the file itself: everything else, and an archive that is
/// encrypted, damaged, empty or too large, so that reading it says what is wrong.
pub fn members(file: InputFile) -> Vec<InputFile> {
    match inflated(&file) {
        Some(members) if !members.is_empty() => members,
        _ => vec![file],
    }
}

fn inflated(file: &InputFile) -> Option<Vec<InputFile>> {
    if !file.bytes.starts_with(b"PK\x03\x04") {
        return None;
    }
    let mut archive = ZipArchive::new(Cursor::new(file.bytes.as_slice())).ok()?;
    let is_document = ["xl/workbook.xml", "xl/workbook.bin", "content.xml", "[Content_Types].xml"];
    if archive.len() > MEMBERS_MAX || is_document.iter().any(|name| archive.index_for_name(name).is_some()) {
        return None;
    }
    let mut room = INFLATED_BYTES_MAX;
    let mut members = Vec::new();
    for index in 0..archive.len() {
        let raw = archive.by_index_raw(index).ok()?;
        if raw.encrypted() {
            return None;
        }
        let name = member_name(raw.name_raw())?;
        let passed_over = raw.is_dir() || is_hidden(&name);
        drop(raw);
        if passed_over {
            continue;
        }
        let mut bytes = Vec::new();
        archive.by_index(index).ok()?.take(room + 1).read_to_end(&mut bytes).ok()?;
        room = room.checked_sub(bytes.len() as u64)?;
        members.push(InputFile { path: format!("{}!/{name}", file.path), bytes });
    }
    Some(members)
}

/// Names are UTF-8, or GB18030 where a Chinese Windows packed the archive.
fn member_name(raw: &[u8]) -> Option<String> {
    let name = decode::decode_short(raw)?;
    Some(name.replace('\\', "/").trim_start_matches('/').to_owned())
}

/// Leftovers of packing programs, no papers of the case.
fn is_hidden(name: &str) -> bool {
    name.split('/').any(|part| part.starts_with('.') || part == "__MACOSX" || part == "Thumbs.db")
}
