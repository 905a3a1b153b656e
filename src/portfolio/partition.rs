//! Rows by line: every line falls into one partition, whose rows are kept in memory as far as the budget goes and
//! in a spill file beyond it.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::error::Result;
use crate::portfolio::codec::Writer;
use crate::portfolio::row::write_block;
use crate::portfolio::storage::{Spill, failed};

/// Bytes of text for which one partition is made: its rows fit into a processor's own cache.
const TEXT_BYTES: u64 = 1 << 20;
/// Most partitions.
const COUNT_MAX: u64 = 1024;
/// Most files of results: making one takes as long as judging some ten lines.
const SHELVES_MAX: usize = 128;
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
    open: Vec<Open>,
    chunk_bytes: usize,
    block: u32,
    /// The row that is being written.
    pub row: Writer,
}

/// Rows of a partition that are not handed over yet.
#[derive(Debug, Default, Clone)]
struct Open {
    rows: Vec<u8>,
    /// The block of the last of them.
    block: u32,
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

    /// Returns the partitions whose results are kept together: some hundred of them, however many lines there are.
    pub fn shelves(self) -> impl Iterator<Item = std::ops::Range<usize>> {
        let each = (self.count() / SHELVES_MAX).max(1);
        (0..self.count()).step_by(each).map(move |first| first..first + each)
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
            open: vec![Open::default(); self.spread.count()],
            chunk_bytes: share.clamp(4 << 10, 64 << 10) as usize,
            block: 0,
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

    /// Takes the rows of a partition out of memory and spill file, one chunk behind the other; what `all` held before
    /// is gone, but for its memory.
    ///
    /// # Errors
    /// When the spill file cannot be read.
    pub fn take(&self, partition: usize, all: &mut Vec<u8>) -> Result<()> {
        let chunks = self.chunks[partition].lock().map(|mut chunks| std::mem::take(&mut *chunks));
        all.clear();
        for chunk in chunks.unwrap_or_default() {
            match chunk {
                Chunk::Memory(rows) => {
                    self.resident.fetch_sub(rows.len() as u64, Ordering::Relaxed);
                    all.extend_from_slice(&rows);
                }
                Chunk::Spilled { offset, length } => {
                    let begins = all.len();
                    all.resize(begins + length, 0);
                    let read = self.spill.read(offset, &mut all[begins..]);
                    read.map_err(failed("portfolio.spill-failed"))?;
                }
            }
        }
        Ok(())
    }
}

/// Bytes of what tells the block of a row.
const BLOCK_BYTES: usize = 5;

impl Feeder<'_, '_> {
    /// The next rows stand in this block.
    pub fn begin(&mut self, block: u32) {
        self.block = block;
    }

    /// Adds the row in `self.row` to a partition.
    ///
    /// # Errors
    /// When the spill file cannot be written.
    pub fn put_row(&mut self, partition: usize) -> Result<()> {
        let row = std::mem::take(&mut self.row.bytes);
        self.put(partition, &row)?;
        self.row.bytes = row;
        self.row.bytes.clear();
        Ok(())
    }

    /// Adds a row to a partition.
    ///
    /// # Errors
    /// When the spill file cannot be written.
    #[inline]
    pub fn put(&mut self, partition: usize, row: &[u8]) -> Result<()> {
        let open = &mut self.open[partition];
        if open.rows.len() + row.len() + BLOCK_BYTES > open.rows.capacity() {
            let room = self.chunk_bytes.max(row.len() + BLOCK_BYTES);
            let full = std::mem::replace(&mut open.rows, Vec::with_capacity(room));
            if !full.is_empty() {
                self.partitions.add(partition, full)?;
            }
        }
        let open = &mut self.open[partition];
        if open.rows.is_empty() || open.block != self.block {
            open.block = self.block;
            write_block(&mut open.rows, self.block);
        }
        open.rows.extend_from_slice(row);
        Ok(())
    }

    /// Hands over what is still open.
    ///
    /// # Errors
    /// When the spill file cannot be written.
    pub fn finish(self) -> Result<()> {
        for (partition, mut open) in
            self.open.into_iter().enumerate().filter(|(_, open)| !open.rows.is_empty())
        {
            open.rows.shrink_to_fit();
            self.partitions.add(partition, open.rows)?;
        }
        Ok(())
    }
}
