//! Parquet tables to a sheet: the header is row 0, a row has the number that it has in the file. Columns are
//! read side by side, some rows at a time; what lists or maps hold is left out.

pub mod cells;
mod column;
pub mod groups;
mod pages;

use std::panic::{AssertUnwindSafe, catch_unwind};

use bytes::Bytes;
use parquet::column::reader::ColumnReader;
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, RowGroupReader, SerializedFileReader};

use crate::ingest::container::unusable;
use crate::ingest::read_csv::{CELL_BYTES_MAX, ReadSheet};
use crate::ingest::read_parquet::column::Column;
use crate::ingest::read_workbook::number::Printed;
use crate::ingest::room::Room;
use crate::model::sheet::{CellKind, Sheet};
use crate::model::source::Unusable;

/// Rows that are taken out of every column at a time.
const ROWS_AT_A_TIME: usize = 4096;
/// Most columns that are read; the general format has a dozen.
const COLUMNS_MAX: usize = 256;
/// Bytes of a cell on its way and in the sheet, beside its text.
const CELL_BYTES: usize = 9;

/// Returns the table of the file.
///
/// # Errors
/// When the file is damaged, encrypted, compressed in a way that cannot be read, or above the limits.
pub fn read_parquet(bytes: &[u8], room: &mut Room) -> Result<Vec<ReadSheet>, Unusable> {
    if bytes.len() < 12 || !bytes.ends_with(b"PAR1") {
        return Err(unusable("truncated"));
    }
    room.spend(bytes.len())?;
    let copy = Bytes::copy_from_slice(bytes);
    // The footer and the pages are read by a large grammar; what it cannot read must not end the program.
    let read = catch_unwind(AssertUnwindSafe(|| read_table(copy, room)));
    read.unwrap_or_else(|_| Err(unusable("damaged-parquet"))).map(|sheet| vec![sheet])
}

/// Why a column could not be read.
enum Refused {
    Parquet(ParquetError),
    Unusable(Unusable),
}

impl From<ParquetError> for Refused {
    fn from(error: ParquetError) -> Self {
        Self::Parquet(error)
    }
}

impl From<Unusable> for Refused {
    fn from(unusable: Unusable) -> Self {
        Self::Unusable(unusable)
    }
}

fn read_table(bytes: Bytes, room: &mut Room) -> Result<ReadSheet, Unusable> {
    table(bytes, room).map_err(said)
}

fn said(refused: Refused) -> Unusable {
    match refused {
        Refused::Unusable(unusable) => unusable,
        // The message of a codec that is not built in says so; it is the one problem that a user can solve.
        Refused::Parquet(ParquetError::NYI(_)) => unusable("parquet-codec"),
        Refused::Parquet(error) if error.to_string().contains("feature") => unusable("parquet-codec"),
        Refused::Parquet(_) => unusable("damaged-parquet"),
    }
}

fn table(bytes: Bytes, room: &mut Room) -> Result<ReadSheet, Refused> {
    let file = SerializedFileReader::new(bytes.clone())?;
    let schema = file.metadata().file_metadata().schema_descr_ptr();
    let all = schema.columns().iter().enumerate();
    let columns: Vec<Column> =
        all.filter_map(|(index, leaf)| Column::of(index, leaf)).take(COLUMNS_MAX).collect();
    let mut sheet = Sheet::new(None);
    sheet.begin_row(0);
    columns.iter().for_each(|column| sheet.push_cell(&column.name, CellKind::Text, None));
    let mut read = ReadSheet { sheet, ..ReadSheet::default() };
    let mut next_row: u32 = 1;
    for index in 0..file.num_row_groups() {
        pages::check(&bytes, file.metadata().row_group(index), &columns, *room)?;
        let group = file.get_row_group(index)?;
        read_group(group.as_ref(), &columns, &mut read, &mut next_row, room)?;
    }
    Ok(read)
}

fn read_group(
    group: &dyn RowGroupReader,
    columns: &[Column],
    read: &mut ReadSheet,
    next_row: &mut u32,
    room: &mut Room,
) -> Result<(), Refused> {
    let readers: Result<Vec<ColumnReader>, ParquetError> =
        columns.iter().map(|column| group.get_column_reader(column.index)).collect();
    let mut readers = readers?;
    let mut left = usize::try_from(group.metadata().num_rows()).map_err(|_| unusable("damaged-parquet"))?;
    while left > 0 {
        let rows = left.min(ROWS_AT_A_TIME);
        let cells: Result<Vec<Vec<Option<Printed>>>, Refused> =
            columns.iter().zip(&mut readers).map(|(column, reader)| column.read(reader, rows)).collect();
        write_rows(&cells?, rows, read, next_row, room)?;
        left -= rows;
    }
    Ok(())
}

fn write_rows(
    columns: &[Vec<Option<Printed>>],
    rows: usize,
    read: &mut ReadSheet,
    next_row: &mut u32,
    room: &mut Room,
) -> Result<(), Unusable> {
    for index in 0..rows {
        let cells = columns.iter().map(|column| column.get(index).and_then(Option::as_ref));
        if cells.clone().any(|cell| cell.is_some_and(|cell| !cell.text.trim().is_empty())) {
            read.sheet.begin_row(*next_row);
            for (column, cell) in cells.enumerate() {
                write_cell(read, (*next_row, column), cell, room)?;
            }
        }
        *next_row = next_row.checked_add(1).ok_or_else(|| unusable("too-large"))?;
    }
    Ok(())
}

fn write_cell(
    read: &mut ReadSheet,
    (row, column): (u32, usize),
    cell: Option<&Printed>,
    room: &mut Room,
) -> Result<(), Unusable> {
    let Some(cell) = cell else {
        read.sheet.push_cell("", CellKind::Text, None);
        return room.spend(CELL_BYTES);
    };
    if cell.text.len() > CELL_BYTES_MAX {
        read.oversized.push((row, (column + 1) as u16));
        read.sheet.push_cell("…", cell.kind, None);
        return room.spend(CELL_BYTES);
    }
    read.sheet.push_cell(&cell.text, cell.kind, cell.raw.as_deref());
    room.spend(CELL_BYTES + cell.text.len() + cell.raw.as_ref().map_or(0, |raw| raw.len() + 48))
}
