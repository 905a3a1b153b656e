//! Writing results: to a temporary name beside the target, then renamed, so that an interrupted run
//! leaves the previous report whole.

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind, Result};
use crate::model::message::Message;
use crate::render::outputs::Output;

/// Writes a file in one step, making its folder when needed.
///
/// # Errors
/// When the folder cannot be made or the file cannot be written.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    write_beside(folder, path, bytes).map_err(|error| {
        let message = Message::new("cli.file-unwritable").text("path", path.display());
        Error::new(ErrorKind::Output, message).with_source(error)
    })
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

fn write_beside(folder: &Path, path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    make_readable(file.as_file())?;
    file.persist(path)?;
    Ok(())
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
