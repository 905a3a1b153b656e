//! The ZIP around a bundle: the same files always give the same bytes.

mod directory;
mod read;

use std::io::{Cursor, Write};

use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, System, ZipWriter};

pub use read::{Members, Refused, read};

use crate::error::{Error, ErrorKind, Result};
use crate::model::message::Message;

/// Level of compression: part of the bytes, so it never changes.
const LEVEL: i64 = 6;
/// From this size on a file needs the 64-bit form of the header.
const LARGE_BYTES_MIN: u64 = u32::MAX as u64;

/// Returns a ZIP of the files in the order of their names: no clock, no rights, no owner of this machine.
///
/// # Errors
/// When the files do not fit into memory a second time.
pub fn write(members: &Members) -> Result<Vec<u8>> {
    let failed =
        |error: ZipError| Error::new(ErrorKind::Output, Message::new("bundle.zip-fails")).with_source(error);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(LEVEL))
            .last_modified_time(DateTime::default())
            .unix_permissions(0o644)
            .system(System::Unix)
            .large_file(bytes.len() as u64 >= LARGE_BYTES_MIN);
        writer.start_file(name.as_str(), options).map_err(failed)?;
        writer.write_all(bytes).map_err(|error| failed(error.into()))?;
    }
    Ok(writer.finish().map_err(failed)?.into_inner())
}
