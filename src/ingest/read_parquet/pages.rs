//! The pages of a row group before anybody inflates them: each header says how large its page will be, and a
//! header that lies is refused by the reader. Only the three numbers that matter are read.

use parquet::file::metadata::RowGroupMetaData;

use crate::ingest::container::unusable;
use crate::ingest::read_parquet::column::Column;
use crate::ingest::room::Room;
use crate::model::source::Unusable;

/// Largest page; writers make pages of 1 MiB.
const PAGE_BYTES_MAX: u64 = 64 << 20;
/// Most structures inside each other in a page header.
const DEPTH_MAX: usize = 8;

/// Checks that the largest pages of the columns fit into the room side by side.
///
/// # Errors
/// When they do not, or a page header cannot be read.
pub fn check(bytes: &[u8], group: &RowGroupMetaData, columns: &[Column], room: Room) -> Result<(), Unusable> {
    let chunk = |column: &Column| {
        let chunk = group.columns().get(column.index)?;
        let start = chunk.dictionary_page_offset().filter(|at| *at > 0).unwrap_or(chunk.data_page_offset());
        let end = start.checked_add(chunk.compressed_size())?;
        bytes.get(usize::try_from(start).ok()?..usize::try_from(end).ok()?)
    };
    let chunks: Option<Vec<&[u8]>> = columns.iter().map(chunk).collect();
    fit(chunks.ok_or_else(|| unusable("damaged-parquet"))?.into_iter(), room)
}

/// Checks that the largest pages of these columns fit into the room side by side.
///
/// # Errors
/// When they do not, or a page header cannot be read.
pub fn fit<'c>(columns: impl Iterator<Item = &'c [u8]>, room: Room) -> Result<(), Unusable> {
    let mut together = 0;
    for column in columns {
        let largest = largest_page(column).ok_or_else(|| unusable("damaged-parquet"))?;
        // One page and the dictionary of the column are in memory at a time.
        together += 2 * largest;
        if largest > PAGE_BYTES_MAX || together > room.left_bytes() as u64 {
            return Err(unusable("too-large"));
        }
    }
    Ok(())
}

/// Returns the size of the largest page of a column, inflated; nothing when a header cannot be read.
fn largest_page(mut chunk: &[u8]) -> Option<u64> {
    let mut largest = 0;
    while !chunk.is_empty() {
        let mut header = Thrift { bytes: chunk };
        let sizes = header.sizes()?;
        largest = largest.max(sizes.inflated);
        chunk = header.bytes.get(usize::try_from(sizes.stored).ok()?..)?;
    }
    Some(largest)
}

struct Sizes {
    inflated: u64,
    stored: u64,
}

/// Bytes in the compact form of Thrift, in which page headers are written.
struct Thrift<'a> {
    bytes: &'a [u8],
}

impl Thrift<'_> {
    /// Reads a page header: field 2 is the inflated size, field 3 the stored one.
    fn sizes(&mut self) -> Option<Sizes> {
        let mut sizes = [None; 2];
        let mut id: i64 = 0;
        while let Some(kind) = self.field(&mut id)? {
            match (id, kind) {
                (2 | 3, 5) => sizes[id as usize - 2] = u64::try_from(self.zigzag()?).ok(),
                _ => self.skip(kind, 0)?,
            }
        }
        Some(Sizes { inflated: sizes[0]?, stored: sizes[1]? })
    }

    /// Reads the head of a field and returns its kind; the inner nothing is the end of the structure.
    fn field(&mut self, id: &mut i64) -> Option<Option<u8>> {
        let head = self.byte()?;
        let kind = head & 0x0F;
        if kind == 0 {
            return Some(None);
        }
        *id = match head >> 4 {
            0 => self.zigzag()?,
            step => id.checked_add(step.into())?,
        };
        Some(Some(kind))
    }

    fn skip(&mut self, kind: u8, depth: usize) -> Option<()> {
        if depth > DEPTH_MAX {
            return None;
        }
        match kind {
            1 | 2 => Some(()),
            3 => self.byte().map(|_| ()),
            4..=6 => self.varint().map(|_| ()),
            7 => self.take(8),
            8 => {
                let length = self.varint()?;
                self.take(usize::try_from(length).ok()?)
            }
            9 | 10 => {
                let head = self.byte()?;
                let count = if head >> 4 == 15 { self.varint()? } else { u64::from(head >> 4) };
                // An element of a list takes a byte at least, also a truth value.
                let element = if matches!(head & 0x0F, 1 | 2) { 3 } else { head & 0x0F };
                (0..count).try_for_each(|_| self.skip(element, depth + 1))
            }
            12 => {
                let mut id = 0;
                while let Some(kind) = self.field(&mut id)? {
                    self.skip(kind, depth + 1)?;
                }
                Some(())
            }
            _ => None,
        }
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(*first)
    }

    fn take(&mut self, length: usize) -> Option<()> {
        self.bytes = self.bytes.get(length..)?;
        Some(())
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    fn zigzag(&mut self) -> Option<i64> {
        let value = self.varint()?;
        Some((value >> 1).cast_signed() ^ -((value & 1).cast_signed()))
    }
}
