//! Parquet tables with millions of rows: one row group at a time, some rows of every wanted column side by side. A value
//! has the same text as in [`read_parquet`](super::read_parquet); whole numbers and times need not become one.

use std::io::Read;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use bytes::{Buf as _, Bytes};
use parquet::column::reader::{ColumnReader, get_column_reader};
use parquet::errors::{ParquetError, Result as ParquetResult};
use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader};
use parquet::file::reader::{ChunkReader, Length};
use parquet::file::serialized_reader::SerializedPageReader;

use crate::ingest::container::unusable;
use crate::ingest::read_parquet::cells::{Cells, Want};
use crate::ingest::read_parquet::column::Column;
use crate::ingest::read_parquet::{COLUMNS_MAX, Refused, pages, said};
use crate::ingest::room::Room;
use crate::model::sheet::CellKind;
use crate::model::source::Unusable;

/// Bytes at the end of a file that tell how long its footer is.
pub const TAIL_BYTES: usize = 8;
/// Longest footer; that of a table with ten thousand row groups has some ten MiB.
const FOOTER_BYTES_MAX: usize = 64 << 20;
/// Most bytes of the wanted columns of one row group, as they are stored.
const GROUP_BYTES_MAX: u64 = 256 << 20;
/// Rows that are taken out of every column at a time: ten columns of them fit into a processor's own cache.
const ROWS_AT_A_TIME: usize = 1024;

/// A table in row groups.
#[derive(Debug, Clone)]
pub struct Groups {
    metadata: Arc<ParquetMetaData>,
    columns: Vec<Column>,
}

/// A row group that is being read.
pub struct OpenGroup<'g> {
    columns: Vec<(&'g Column, Want)>,
    readers: Vec<ColumnReader>,
    left: usize,
}

/// Returns the length of the footer that the last eight bytes of a file tell; none when it is no Parquet file.
pub fn footer_bytes(tail: &[u8]) -> Option<usize> {
    let (length, mark) = tail.split_first_chunk::<4>()?;
    let length = u32::from_le_bytes(*length) as usize;
    (mark == b"PAR1" && length <= FOOTER_BYTES_MAX).then_some(length)
}

impl Groups {
    /// Returns the table that a footer describes; none when the footer is damaged, or a column holds lists or maps.
    pub fn of(footer: &[u8]) -> Option<Self> {
        // The footer is read by a large grammar; what it cannot read must not end the program.
        let read = catch_unwind(AssertUnwindSafe(|| ParquetMetaDataReader::decode_metadata(footer)));
        let metadata = read.ok()?.ok()?;
        let leaves = metadata.file_metadata().schema_descr_ptr();
        let columns = leaves.columns().iter().enumerate().map(|(index, leaf)| Column::of(index, leaf));
        let columns = columns.collect::<Option<Vec<_>>>().filter(|columns| columns.len() <= COLUMNS_MAX)?;
        Some(Self { metadata: Arc::new(metadata), columns })
    }

    /// Returns the names of the columns.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.name.as_str())
    }

    /// Returns what the cells of each column are.
    pub fn kinds(&self) -> Vec<CellKind> {
        let leaves = self.metadata.file_metadata().schema_descr_ptr();
        self.columns.iter().map(|column| column.kind(leaves.column(column.index).physical_type())).collect()
    }

    /// Returns how many row groups there are.
    pub fn count(&self) -> usize {
        self.metadata.num_row_groups()
    }

    /// Returns how many rows there are, as the file says.
    pub fn rows(&self) -> u64 {
        self.metadata.row_groups().iter().filter_map(|group| u64::try_from(group.num_rows()).ok()).sum()
    }

    /// Returns where the wanted columns of a row group stand in the file.
    ///
    /// # Errors
    /// When the footer lies, or the group is larger than any writer makes one.
    pub fn ranges(&self, group: usize, wants: &[Want]) -> Result<Vec<Range<u64>>, Unusable> {
        let group = self.metadata.row_groups().get(group).ok_or_else(|| unusable("damaged-parquet"))?;
        let wanted = self.columns.iter().zip(wants).filter(|(_, want)| **want != Want::Nothing);
        let ranges = wanted.map(|(column, _)| {
            let chunk = group.columns().get(column.index)?;
            let start =
                chunk.dictionary_page_offset().filter(|at| *at > 0).unwrap_or(chunk.data_page_offset());
            let start = u64::try_from(start).ok()?;
            Some(start..start.checked_add(u64::try_from(chunk.compressed_size()).ok()?)?)
        });
        let ranges: Vec<Range<u64>> =
            ranges.collect::<Option<_>>().ok_or_else(|| unusable("damaged-parquet"))?;
        let all = ranges.iter().map(|range| range.end - range.start).fold(0u64, u64::saturating_add);
        if all > GROUP_BYTES_MAX { Err(unusable("too-large")) } else { Ok(ranges) }
    }

    /// Opens a row group whose wanted columns were loaded from those ranges.
    ///
    /// # Errors
    /// When the group is damaged, compressed in a way that cannot be read, or its pages are too large.
    pub fn open(
        &self,
        group: usize,
        wants: &[Want],
        loaded: Vec<(u64, Vec<u8>)>,
    ) -> Result<OpenGroup<'_>, Unusable> {
        let found = self.metadata.row_groups().get(group).ok_or_else(|| unusable("damaged-parquet"))?;
        let rows = usize::try_from(found.num_rows()).map_err(|_| unusable("damaged-parquet"))?;
        let wanted = self.columns.iter().zip(wants).filter(|(_, want)| **want != Want::Nothing);
        let columns: Vec<(&Column, Want)> = wanted.map(|(column, want)| (column, *want)).collect();
        let stored = loaded.iter().map(|(_, bytes)| bytes.len()).sum();
        pages::fit(loaded.iter().map(|(_, bytes)| &bytes[..]), Room::beside(stored))?;
        let reader = |((column, _), (starts, bytes)): (&(&Column, Want), (u64, Vec<u8>))| {
            let stretch = Arc::new(Stretch { starts, bytes: Bytes::from(bytes) });
            let chunk = found.columns().get(column.index).ok_or_else(|| unusable("damaged-parquet"))?;
            let pages = SerializedPageReader::new(stretch, chunk, rows, None)?;
            Ok(get_column_reader(chunk.column_descr_ptr(), Box::new(pages)))
        };
        let readers: Result<Vec<ColumnReader>, Refused> = columns.iter().zip(loaded).map(reader).collect();
        Ok(OpenGroup { readers: readers.map_err(said)?, columns, left: rows })
    }
}

impl OpenGroup<'_> {
    /// Returns how many rows are left.
    pub fn left(&self) -> usize {
        self.left
    }

    /// Returns the next rows: the cells of each wanted column; none at the end.
    ///
    /// # Errors
    /// When a column is damaged, or a text is no UTF-8.
    pub fn next_rows(&mut self) -> Result<Option<(usize, Vec<Cells>)>, Unusable> {
        let rows = self.left.min(ROWS_AT_A_TIME);
        if rows == 0 {
            return Ok(None);
        }
        let readers = self.columns.iter().zip(&mut self.readers);
        let read = AssertUnwindSafe(|| {
            readers.map(|((column, want), reader)| column.cells(reader, rows, *want)).collect()
        });
        // Pages are read by a large grammar; what it cannot read must not end the program.
        let cells: Result<Vec<Cells>, Refused> =
            catch_unwind(read).unwrap_or_else(|_| Err(unusable("damaged-parquet").into()));
        self.left -= rows;
        cells.map(|cells| Some((rows, cells))).map_err(said)
    }
}

/// A part of a file in memory.
struct Stretch {
    starts: u64,
    bytes: Bytes,
}

impl Length for Stretch {
    fn len(&self) -> u64 {
        self.starts + self.bytes.len() as u64
    }
}

impl ChunkReader for Stretch {
    type T = Box<dyn Read>;

    fn get_read(&self, start: u64) -> ParquetResult<Self::T> {
        let at = self.place(start, 0)?;
        Ok(Box::new(self.bytes.slice(at..).reader()))
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<Bytes> {
        let at = self.place(start, length)?;
        Ok(self.bytes.slice(at..at + length))
    }
}

impl Stretch {
    fn place(&self, start: u64, length: usize) -> ParquetResult<usize> {
        let at = start.checked_sub(self.starts).and_then(|at| usize::try_from(at).ok());
        let fits = |at: &usize| at.checked_add(length).is_some_and(|end| end <= self.bytes.len());
        at.filter(fits).ok_or_else(|| ParquetError::EOF("outside of the column".to_owned()))
    }
}
