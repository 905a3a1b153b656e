//! How much memory one file may take. Every reader spends from the same room, so no file, however it is
//! made, takes more than the program promises.

use crate::ingest::container::unusable;
use crate::model::source::Unusable;

/// What a file may take altogether: its bytes, its text, the places of its cells, its records and
/// remarks. The program itself stands beside it, together below 512 MiB.
const FILE_MEMORY_BYTES_MAX: usize = 416 << 20;

/// What is left for a file.
#[derive(Debug, Clone, Copy)]
pub struct Room {
    left_bytes: usize,
}

impl Room {
    /// Returns the room of a file of that length, whose bytes are already in memory.
    pub fn beside(length_bytes: usize) -> Self {
        Self { left_bytes: FILE_MEMORY_BYTES_MAX.saturating_sub(length_bytes) }
    }

    /// Returns what is left, in bytes.
    pub fn left_bytes(self) -> usize {
        self.left_bytes
    }

    /// Takes a part of the room.
    ///
    /// # Errors
    /// When there is not so much left: the file is too large.
    pub fn spend(&mut self, bytes: usize) -> Result<(), Unusable> {
        self.left_bytes = self.left_bytes.checked_sub(bytes).ok_or_else(|| unusable("too-large"))?;
        Ok(())
    }

    /// Gives a part of the room back: what took it is gone.
    pub fn give_back(&mut self, bytes: usize) {
        self.left_bytes += bytes;
    }
}
