//! Opening a ZIP that a stranger made: into memory, within limits, and only when every program would see the same files.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::directory::{Entry, entries};
use crate::bundle::member_name::{fault, folded};

/// Files by name.
pub type Members = BTreeMap<String, Vec<u8>>;

/// Most files of a bundle.
const MEMBERS_MAX: usize = 100_000;
/// Most bytes that the files may inflate to together.
const INFLATED_BYTES_MAX: u64 = 4 << 30;
/// How much more a file may inflate to than DEFLATE can honestly give.
const RATIO_MAX: u64 = 1_100;
const FOLDER: u32 = 0o040_000;
const FILE: u32 = 0o100_000;

/// Why a ZIP, or a file in it, is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Name of the file, as far as it can be shown; none for the whole ZIP.
    pub member: Option<String>,
    /// Stable code, e.g. `not-a-zip`.
    pub code: &'static str,
}

/// Returns the files of a ZIP and what is wrong with the others. Nothing is written anywhere.
///
/// # Errors
/// When it is no ZIP, has a password, or is above the limits: then nothing of it is used.
pub fn read(bytes: &[u8]) -> Result<(Members, Vec<Refused>), Refused> {
    let whole = |code| Refused { member: None, code };
    let entries = entries(bytes).ok_or_else(|| whole("not-a-zip"))?;
    if entries.len() > MEMBERS_MAX {
        return Err(whole("too-many-files"));
    }
    if entries.iter().any(|entry| entry.encrypted) {
        return Err(whole("encrypted"));
    }
    let stated = entries.iter().try_fold(0u64, |sum, entry| sum.checked_add(entry.length_bytes));
    if stated.is_none_or(|sum| sum > INFLATED_BYTES_MAX || sum / RATIO_MAX > bytes.len() as u64) {
        return Err(whole("too-large"));
    }
    let mut refused = faults(&entries);
    if !refused.is_empty() {
        // Names that cannot be trusted are not looked behind.
        return Ok((Members::new(), refused));
    }
    let members = inflated(bytes, &entries, &mut refused).ok_or_else(|| whole("not-a-zip"))?;
    Ok((members, refused))
}

fn faults(entries: &[Entry]) -> Vec<Refused> {
    let mut refused = Vec::new();
    let mut seen = BTreeMap::new();
    for entry in entries {
        let shown = String::from_utf8_lossy(&entry.name).into_owned();
        let name = shown.strip_suffix('/').unwrap_or(&shown);
        let mut refuse = |code| refused.push(Refused { member: Some(name.to_owned()), code });
        match std::str::from_utf8(&entry.name) {
            Err(_) => refuse("name-not-utf8"),
            Ok(_) => {
                if let Some(fault) = fault(name) {
                    refuse(fault.code());
                }
            }
        }
        if entry.unix_type != 0 && entry.unix_type != FILE && entry.unix_type != FOLDER {
            refuse("not-a-file");
        }
        match seen.insert(folded(name), name.to_owned()) {
            Some(before) if before == name => refuse("name-twice"),
            Some(_) => refuse("name-alike"),
            None => {}
        }
    }
    refused
}

fn inflated(bytes: &[u8], entries: &[Entry], refused: &mut Vec<Refused>) -> Option<Members> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    (archive.len() == entries.len()).then_some(())?;
    let mut members = Members::new();
    for (index, entry) in entries.iter().enumerate() {
        let name = String::from_utf8_lossy(&entry.name).into_owned();
        (archive.by_index_raw(index).ok()?.name_raw() == entry.name).then_some(())?;
        if name.ends_with('/') {
            continue;
        }
        let mut content = Vec::new();
        let read = archive.by_index(index).map_err(std::io::Error::from);
        // One byte more than stated is enough to know that the size is a lie.
        let read = read.and_then(|file| file.take(entry.length_bytes + 1).read_to_end(&mut content));
        if read.is_ok_and(|length| length as u64 == entry.length_bytes) {
            members.insert(name, content);
        } else {
            refused.push(Refused { member: Some(name), code: "damaged" });
        }
    }
    Some(members)
}
