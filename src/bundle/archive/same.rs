//! Whether a ZIP would come out the same, without holding either.

use std::collections::BTreeSet;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};

/// Most bytes that are remembered as different. A header is first written with blanks and filled in afterwards; what
/// differs longer than that is another file.
const DIFFERENT_MAX: usize = 4096;

/// A target that compares what is written with a file. A byte written twice counts as it was written last.
pub struct Same<R> {
    file: BufReader<R>,
    at: u64,
    length_bytes: u64,
    different: BTreeSet<u64>,
    differs: bool,
}

impl<R: Read + Seek> Same<R> {
    /// Returns a target for comparing with that file.
    ///
    /// # Errors
    /// When it cannot be moved in.
    pub fn new(mut file: R) -> io::Result<Self> {
        let length_bytes = file.seek(SeekFrom::End(0))?;
        file.rewind()?;
        let file = BufReader::new(file);
        Ok(Self { file, at: 0, length_bytes, different: BTreeSet::new(), differs: false })
    }

    /// Returns whether everything that was written is what the file holds, and nothing more is in it.
    pub fn holds(&self) -> bool {
        !self.differs && self.different.is_empty() && self.at == self.length_bytes
    }

    fn compare(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut own = vec![0; bytes.len()];
        if self.file.read_exact(&mut own).is_err() {
            // Longer than the file.
            self.differs = true;
            return Ok(());
        }
        let end = self.at + bytes.len() as u64;
        if own == bytes {
            self.different =
                self.different.iter().copied().filter(|at| !(self.at..end).contains(at)).collect();
            return Ok(());
        }
        for ((at, own), written) in (self.at..).zip(&own).zip(bytes) {
            if own == written {
                self.different.remove(&at);
            } else {
                self.different.insert(at);
            }
        }
        self.differs = self.different.len() > DIFFERENT_MAX;
        Ok(())
    }
}

impl<R: Read + Seek> Write for Same<R> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.differs {
            self.compare(bytes)?;
        }
        self.at += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<R: Read + Seek> Seek for Same<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(step) => self.at.checked_add_signed(step),
            SeekFrom::End(step) => self.length_bytes.checked_add_signed(step),
        };
        let target = target.ok_or(io::ErrorKind::InvalidInput)?;
        if !self.differs {
            let step = i64::try_from(i128::from(target) - i128::from(self.at))
                .map_err(|_| io::ErrorKind::InvalidInput)?;
            self.file.seek_relative(step)?;
        }
        self.at = target;
        Ok(target)
    }
}
