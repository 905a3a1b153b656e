//! A file on disk, opened anew whenever it is read: what is too large to hold.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use crate::bundle::content::{ReadSeek, Source};
use crate::cli::workspace::unreadable;
use crate::error::Result;

/// Where it lies.
#[derive(Debug)]
pub struct FileSource(PathBuf);

impl FileSource {
    /// Returns the file at that path.
    ///
    /// # Errors
    /// When it cannot be opened, or is a folder.
    pub fn open(path: &Path) -> Result<Self> {
        let is_file = File::open(path).and_then(|file| file.metadata()).map(|it| !it.is_dir());
        match is_file {
            Ok(true) => Ok(Self(path.to_owned())),
            Ok(false) => Err(unreadable(path, io::ErrorKind::IsADirectory.into())),
            Err(error) => Err(unreadable(path, error)),
        }
    }
}

impl Source for FileSource {
    fn open(&self) -> io::Result<Box<dyn ReadSeek + '_>> {
        Ok(Box::new(File::open(&self.0)?))
    }
}
