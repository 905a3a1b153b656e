//! What the portfolio asks of the command line: bytes of files, a spill file, a place for results. Nothing here opens
//! anything by name.

use std::io;

use crate::error::{Error, ErrorKind};
use crate::model::message::Message;

/// The bytes of the input files, by index.
pub trait Bytes: Sync {
    /// Reads at most as many bytes as `into` holds from `offset`; 0 at the end.
    ///
    /// # Errors
    /// When the file cannot be read.
    fn read_at(&self, file: usize, offset: u64, into: &mut [u8]) -> io::Result<usize>;
}

/// A file for rows that do not fit into memory.
pub trait Spill: Sync {
    /// Adds bytes and returns where they begin.
    ///
    /// # Errors
    /// When they cannot be written.
    fn append(&self, bytes: &[u8]) -> io::Result<u64>;

    /// Reads bytes back.
    ///
    /// # Errors
    /// When they cannot be read.
    fn read(&self, offset: u64, into: &mut [u8]) -> io::Result<()>;
}

/// Where results are kept, shelf by shelf; what is kept is never computed again.
pub trait Results: Sync {
    /// Returns whether the shelf was filled by an earlier run.
    fn is_finished(&self, shelf: usize) -> bool;

    /// Keeps the results of a shelf, whole or not at all.
    ///
    /// # Errors
    /// When they cannot be written.
    fn finish(&self, shelf: usize, bytes: &[u8]) -> io::Result<()>;
}

/// Whoever shows how far the work is.
pub trait Watch: Sync {
    /// So many bytes of text were read.
    fn read(&self, bytes: u64);
    /// So many lines were finished.
    fn finished(&self, lines: u64);
}

/// Returns the error of a failed read or write.
pub fn failed(key: &'static str) -> impl Fn(io::Error) -> Error {
    move |source| Error::new(ErrorKind::Output, Message::new(key)).with_source(source)
}
