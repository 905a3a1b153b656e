//! Opening a ZIP that a stranger made: within limits, and only when every program would see the same files.

use std::collections::BTreeMap;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;

use zip::read::ZipFile;
use zip::{CompressionMethod, ZipArchive};

use super::directory::{Entry, entries};
use super::{INFLATED_BYTES_MAX, MEMBERS_MAX, Members};
use crate::bundle::content::{Content, Part, ReadSeek, Source, copy};
use crate::bundle::member_name::{fault, folded};

/// How much more a file may inflate to than DEFLATE can honestly give.
const RATIO_MAX: u64 = 1_100;
/// Files up to this size are held in memory ...
const HELD_EACH_BYTES_MAX: u64 = 16 << 20;
/// ... until they have this size together; all others are read again where they lie.
const HELD_BYTES_MAX: u64 = 192 << 20;
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
pub fn read(zip: &Arc<dyn Source>) -> Result<(Members, Vec<Refused>), Refused> {
    let whole = |code| Refused { member: None, code };
    let not_a_zip = || whole("not-a-zip");
    let mut file = zip.open().map_err(|_| not_a_zip())?;
    let entries = entries(&mut file).ok_or_else(not_a_zip)?;
    if entries.len() > MEMBERS_MAX {
        return Err(whole("too-many-files"));
    }
    if entries.iter().any(|entry| entry.encrypted) {
        return Err(whole("encrypted"));
    }
    let length = file.seek(SeekFrom::End(0)).map_err(|_| not_a_zip())?;
    let stated = entries.iter().try_fold(0u64, |sum, entry| sum.checked_add(entry.length_bytes));
    if stated.is_none_or(|sum| sum > INFLATED_BYTES_MAX || sum / RATIO_MAX > length) {
        return Err(whole("too-large"));
    }
    let mut refused = faults(&entries);
    if !refused.is_empty() {
        // Names that cannot be trusted are not looked behind.
        return Ok((Members::new(), refused));
    }
    let members = inflated(zip, file, &entries, &mut refused).ok_or_else(not_a_zip)?;
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

fn inflated(
    zip: &Arc<dyn Source>,
    file: Box<dyn ReadSeek + '_>,
    entries: &[Entry],
    refused: &mut Vec<Refused>,
) -> Option<Members> {
    let mut archive = ZipArchive::new(file).ok()?;
    (archive.len() == entries.len()).then_some(())?;
    let mut members = Members::new();
    let mut held_bytes = 0;
    for (index, entry) in entries.iter().enumerate() {
        let name = String::from_utf8_lossy(&entry.name).into_owned();
        (archive.by_index_raw(index).ok()?.name_raw() == entry.name).then_some(())?;
        if name.ends_with('/') {
            continue;
        }
        let hold =
            entry.length_bytes <= HELD_EACH_BYTES_MAX && held_bytes + entry.length_bytes <= HELD_BYTES_MAX;
        let read = archive.by_index(index).map_err(io::Error::from);
        match read.and_then(|mut file| if hold { held(&mut file, entry) } else { measured(zip, file, entry) })
        {
            Ok(content) => {
                held_bytes += if hold { entry.length_bytes } else { 0 };
                members.insert(name, content);
            }
            Err(_) => refused.push(Refused { member: Some(name), code: "damaged" }),
        }
    }
    Some(members)
}

/// A file in memory. One byte more than stated is enough to know that the size is a lie.
fn held(file: &mut dyn Read, entry: &Entry) -> io::Result<Content> {
    let mut content = Vec::new();
    let length = file.take(entry.length_bytes + 1).read_to_end(&mut content)?;
    if length as u64 == entry.length_bytes {
        Ok(content.into())
    } else {
        Err(io::ErrorKind::InvalidData.into())
    }
}

/// A file that stays in the ZIP, known by its checksum.
fn measured<R: Read>(zip: &Arc<dyn Source>, mut file: ZipFile<'_, R>, entry: &Entry) -> io::Result<Content> {
    let deflated = match file.compression() {
        CompressionMethod::Deflated => true,
        CompressionMethod::Stored => false,
        _ => return Err(io::ErrorKind::Unsupported.into()),
    };
    let offset = file.data_start().ok_or(io::ErrorKind::InvalidData)?;
    let part = Part { offset, packed_bytes: file.compressed_size(), deflated };
    let (length, sha256) = copy(&mut file, entry.length_bytes, &mut io::sink())?;
    if length != entry.length_bytes {
        return Err(io::ErrorKind::InvalidData.into());
    }
    Ok(Content::elsewhere(Arc::clone(zip), Some(part), length, sha256))
}
