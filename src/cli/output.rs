//! Writing results: to a temporary name beside the target, then renamed, so that an interrupted run
//! leaves the previous report whole.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind, Result};
use crate::model::message::Message;
use crate::render::outputs::Output;

/// How much is written at a time.
const BUFFER_BYTES: usize = 256 << 10;

/// Writes a file in one step, making its folder when needed.
///
/// # Errors
/// When the folder cannot be made or the file cannot be written.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    write_with(path, |file| file.write_all(bytes).map_err(|error| unwritable(path, error)))
}

/// Writes a file in one step, making its folder when needed; its bytes come from `fill`.
///
/// # Errors
/// When the folder cannot be made, the file cannot be written, or `fill` fails.
pub fn write_with(path: &Path, fill: impl FnOnce(&mut BufWriter<&File>) -> Result<()>) -> Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let failed = |error| unwritable(path, error);
    std::fs::create_dir_all(folder).map_err(failed)?;
    let file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    let mut buffered = BufWriter::with_capacity(BUFFER_BYTES, file.as_file());
    fill(&mut buffered)?;
    buffered.flush().map_err(failed)?;
    drop(buffered);
    make_readable(file.as_file()).map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

/// Writes the files of a report into a folder and returns their paths.
///
/// # Errors
/// When a file cannot be written.
pub fn write_all(folder: &Path, files: &[Output]) -> Result<Vec<PathBuf>> {
    let put = |file: &Output| {
        let path = folder.join(&file.name);
        write(&path, &file.bytes)?;
        Ok(path)
    };
    files.iter().map(put).collect()
}

fn unwritable(path: &Path, error: io::Error) -> Error {
    let message = Message::new("cli.file-unwritable").text("path", path.display());
    Error::new(ErrorKind::Output, message).with_source(error)
}

/// Lets everybody read it: temporary files are private; a report is a file like any other.
///
/// # Errors
/// When the file's rights cannot be set.
#[cfg(unix)]
pub fn make_readable(file: &std::fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
pub fn make_readable(_: &std::fs::File) -> std::io::Result<()> {
    Ok(())
}
