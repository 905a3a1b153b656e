//! Rows by line: every line falls into one partition, whose rows are kept in memory as far as the budget goes and
//! in a spill file beyond it.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::error::Result;
use crate::portfolio::codec::Writer;
use crate::portfolio::storage::{Spill, failed};

/// Bytes of text for which one partition is made: its rows fit into a processor's own cache.
const TEXT_BYTES: u64 = 2 << 20;
/// Most partitions.
const COUNT_MAX: u64 = 1024;
/// Bytes that the workers' open chunks may hold together.
const OPEN_BYTES: u64 = 8 << 20;

/// How lines are spread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spread {
    /// Power of two.
    count: u64,
}

/// Some rows of a partition.
#[derive(Debug)]
enum Chunk {
    Memory(Vec<u8>),
    Spilled { offset: u64, length: usize },
}

/// The rows of all lines.
pub struct Partitions<'s> {
    spread: Spread,
    chunks: Vec<Mutex<Vec<Chunk>>>,
    resident: AtomicU64,
    spilled: AtomicU64,
    budget: u64,
    spill: &'s dyn Spill,
}

/// The open chunks of one worker.
pub struct Feeder<'p, 's> {
    partitions: &'p Partitions<'s>,
    open: Vec<Vec<u8>>,
    chunk_bytes: usize,
    /// The row that is being written.
    pub row: Writer,
}

impl Spread {
    /// Returns the spread for so many bytes of text; the same text is always spread in the same way.
    pub fn of(text_bytes: u64) -> Self {
        Self { count: (text_bytes / TEXT_BYTES).clamp(16, COUNT_MAX).next_power_of_two() }
    }

    /// Returns how many partitions there are.
    pub fn count(self) -> usize {
        self.count as usize
    }

    /// Returns the partition of a line.
    #[inline]
    pub fn partition_of(self, msisdn: u64) -> usize {
        ((mixed(msisdn) >> 32) & (self.count - 1)) as usize
    }
}

/// Returns whether the line belongs to part `k` of `n` (1-based): by its number alone.
pub fn is_in_part(msisdn: u64, (k, n): (u32, u32)) -> bool {
    n <= 1 || (mixed(msisdn) & 0xFFFF_FFFF) % u64::from(n) == u64::from(k.saturating_sub(1))
}

/// Returns the number stirred, so that neighbours fall apart.
fn mixed(msisdn: u64) -> u64 {
    let once = (msisdn ^ (msisdn >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let twice = (once ^ (once >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    twice ^ (twice >> 31)
}

impl<'s> Partitions<'s> {
    /// Returns empty partitions that keep at most `budget` bytes in memory.
    pub fn new(spread: Spread, budget: u64, spill: &'s dyn Spill) -> Self {
        let chunks = (0..spread.count()).map(|_| Mutex::new(Vec::new())).collect();
        Self { spread, chunks, resident: AtomicU64::new(0), spilled: AtomicU64::new(0), budget, spill }
    }

    /// Returns the open chunks of one of `workers` workers.
    pub fn feeder(&self, workers: usize) -> Feeder<'_, 's> {
        let share = OPEN_BYTES.min(self.budget / 2) / (workers as u64 * self.spread.count);
        Feeder {
            partitions: self,
            open: (0..self.spread.count()).map(|_| Vec::new()).collect(),
            chunk_bytes: share.clamp(4 << 10, 64 << 10) as usize,
            row: Writer::default(),
        }
    }

    /// Returns how lines are spread.
    #[inline]
    pub fn spread(&self) -> Spread {
        self.spread
    }

    /// Returns how many bytes went to the spill file.
    pub fn spilled_bytes(&self) -> u64 {
        self.spilled.load(Ordering::Relaxed)
    }

    fn add(&self, partition: usize, rows: Vec<u8>) -> Result<()> {
        let length = rows.len() as u64;
        let resident = self.resident.fetch_add(length, Ordering::Relaxed) + length;
        let chunk = if resident <= self.budget {
            Chunk::Memory(rows)
        } else {
            self.resident.fetch_sub(length, Ordering::Relaxed);
            self.spilled.fetch_add(length, Ordering::Relaxed);
            let offset = self.spill.append(&rows).map_err(failed("portfolio.spill-failed"))?;
            Chunk::Spilled { offset, length: rows.len() }
        };
        if let Ok(mut chunks) = self.chunks[partition].lock() {
            chunks.push(chunk);
        }
        Ok(())
    }

    /// Takes the rows of a partition out of memory and spill file.
    ///
    /// # Errors
    /// When the spill file cannot be read.
    pub fn take(&self, partition: usize) -> Result<Vec<Vec<u8>>> {
        let chunks = self.chunks[partition].lock().map(|mut chunks| std::mem::take(&mut *chunks));
        let load = |chunk| match chunk {
            Chunk::Memory(rows) => {
                self.resident.fetch_sub(rows.len() as u64, Ordering::Relaxed);
                Ok(rows)
            }
            Chunk::Spilled { offset, length } => {
                let mut rows = vec![0; length];
                self.spill.read(offset, &mut rows).map_err(failed("portfolio.spill-failed"))?;
                Ok(rows)
            }
        };
        chunks.unwrap_or_default().into_iter().map(load).collect()
    }
}

impl Feeder<'_, '_> {
    /// Adds the row that was written to the partition of its line.
    ///
    /// # Errors
    /// When the spill file cannot be written.
    #[inline]
    pub fn put(&mut self, msisdn: u64) -> Result<()> {
        let partition = self.partitions.spread.partition_of(msisdn);
        let open = &mut self.open[partition];
        if open.len() + self.row.bytes.len() > open.capacity() {
            let room = self.chunk_bytes.max(self.row.bytes.len());
            let full = std::mem::replace(open, Vec::with_capacity(room));
            if !full.is_empty() {
                self.partitions.add(partition, full)?;
            }
        }
        self.open[partition].extend_from_slice(&self.row.bytes);
        self.row.bytes.clear();
        Ok(())
    }

    /// Hands over what is still open.
    ///
    /// # Errors
    /// When the spill file cannot be written.
    pub fn finish(self) -> Result<()> {
        for (partition, mut rows) in self.open.into_iter().enumerate().filter(|(_, rows)| !rows.is_empty()) {
            rows.shrink_to_fit();
            self.partitions.add(partition, rows)?;
        }
        Ok(())
    }
}
