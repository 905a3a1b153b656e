//! The ZIP around a bundle: the same files always give the same bytes.

mod directory;
mod read;
mod same;

use std::collections::BTreeMap;
use std::io::{self, Seek, Write};

use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, System, ZipWriter};

pub use read::{Refused, read};
pub use same::Same;

use super::content::Content;
use crate::error::{Error, ErrorKind, Result};
use crate::model::message::Message;

/// Files by name.
pub type Members = BTreeMap<String, Content>;

/// Most files of a bundle.
pub const MEMBERS_MAX: usize = 100_000;
/// Most bytes that the files of a bundle may have together: 32 GiB.
pub const INFLATED_BYTES_MAX: u64 = 32 << 30;

/// Level of compression: part of the bytes, so it never changes.
const LEVEL: i64 = 6;
/// Pictures, recordings and archives are packed already: packing them again takes minutes and gains nothing. Part of the
/// bytes, so it never changes.
const PACKED_ALREADY: [&str; 19] = [
    "7z", "aac", "amr", "gif", "gz", "heic", "jpeg", "jpg", "m4a", "mkv", "mov", "mp3", "mp4", "ogg", "png",
    "rar", "webm", "webp", "zip",
];
/// From this size on a file needs the 64-bit form of the header.
const LARGE_BYTES_MIN: u64 = u32::MAX as u64;

/// Writes a ZIP of the files in the order of their names: no clock, no rights, no owner of this machine.
///
/// # Errors
/// When there is more than a bundle may hold, a file cannot be read, or the ZIP cannot be written.
pub fn write(members: &Members, target: impl Write + Seek) -> Result<()> {
    let bytes: u64 = members.values().map(Content::length_bytes).sum();
    if members.len() > MEMBERS_MAX || bytes > INFLATED_BYTES_MAX {
        return Err(Error::new(ErrorKind::Output, Message::new("bundle.too-large-to-pack")));
    }
    let mut writer = ZipWriter::new(target);
    for (name, content) in members {
        let method = method(name);
        let options = SimpleFileOptions::default()
            .compression_method(method)
            .compression_level((method == CompressionMethod::Deflated).then_some(LEVEL))
            .last_modified_time(DateTime::default())
            .unix_permissions(0o644)
            .system(System::Unix)
            .large_file(content.length_bytes() >= LARGE_BYTES_MIN);
        writer.start_file(name.as_str(), options).map_err(failed)?;
        content.copy_to(&mut writer).map_err(|error| of_member(name, error))?;
    }
    writer.finish().map_err(failed)?.flush().map_err(|error| failed(error.into()))
}

fn method(name: &str) -> CompressionMethod {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    match extension.is_some_and(|it| PACKED_ALREADY.contains(&it.as_str())) {
        true => CompressionMethod::Stored,
        false => CompressionMethod::Deflated,
    }
}

fn failed(error: ZipError) -> Error {
    Error::new(ErrorKind::Output, Message::new("bundle.zip-fails")).with_source(error)
}

fn of_member(name: &str, error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::InvalidData => {
            Error::new(ErrorKind::Input, Message::new("bundle.changed-meanwhile").text("member", name))
        }
        _ => failed(error.into()),
    }
}
