//! Workbooks to sheets, cell by cell: the declared size of a sheet is never allocated.
//! The only place of the program that sees binary floats of a file.

pub mod merged;
pub mod number;
mod ods;
pub mod sizes;
mod xls;

pub use ods::read_ods;
pub use xls::read_xls;

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, Reader, SheetVisible, Xlsx, XlsxError, open_workbook_from_rs};

use crate::ingest::container::unusable;
use crate::ingest::read_csv::{CELL_BYTES_MAX, ReadSheet};
use crate::ingest::read_workbook::merged::Region;
use crate::ingest::read_workbook::number::Printed;
use crate::ingest::room::Room;
use crate::model::sheet::{CellKind, Sheet};
use crate::model::source::Unusable;

/// Returns the sheets of the workbook in their order; chart sheets are left out.
///
/// # Errors
/// When the workbook is damaged or above the limits.
pub fn read_workbook(bytes: &[u8], room: &mut Room) -> Result<Vec<ReadSheet>, Unusable> {
    let merged = sizes::check_inflated(bytes, room).map_err(unusable)?;
    // The place of a cell is a text of any length; one that leaves every range must not end the program.
    let read = catch_unwind(AssertUnwindSafe(|| sheets(bytes, merged, room)));
    read.unwrap_or_else(|_| Err(unusable("damaged-workbook")))
}

fn sheets(bytes: &[u8], merged: usize, room: &mut Room) -> Result<Vec<ReadSheet>, Unusable> {
    let opened: Result<Xlsx<_>, XlsxError> = open_workbook_from_rs(Cursor::new(bytes));
    let mut workbook = opened.map_err(|error| unusable(code_of(&error)))?;
    let mut sheets = Vec::new();
    let listed: Vec<(String, bool)> = workbook
        .sheets_metadata()
        .iter()
        .map(|sheet| (sheet.name.clone(), sheet.visible != SheetVisible::Visible))
        .collect();
    for (name, hidden) in listed {
        match read_sheet(&mut workbook, &name, room) {
            Ok(sheet) => {
                // The merged cells stand behind the rows: finding them means reading the sheet once more.
                let regions = match (1..=REGIONS_MAX).contains(&merged) {
                    true => regions(&mut workbook, &name),
                    false => Vec::new(),
                };
                let sheet = merged::fill_down(sheet, regions, room)?;
                sheets.push(ReadSheet { hidden, ..sheet });
            }
            Err(SheetError::Workbook(XlsxError::NotAWorksheet(_))) => {}
            Err(SheetError::Workbook(error)) => return Err(unusable(code_of(&error))),
            Err(SheetError::TooLarge) => return Err(unusable("too-large")),
            Err(SheetError::Disorder) => return Err(unusable("damaged-workbook")),
        }
    }
    Ok(sheets)
}

/// Bytes of the place of a cell, and of a stored form beside its text.
const CELL_BYTES: usize = 9;
const RAW_BYTES: usize = 48;

/// Most merged cells of a workbook that are looked at.
const REGIONS_MAX: usize = 200_000;

enum SheetError {
    Workbook(XlsxError),
    TooLarge,
    Disorder,
}

/// A damaged list of merged cells is no reason to refuse the cells.
fn regions(workbook: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Vec<Region> {
    let merged = workbook.merge_cells_by_sheet_name(name).unwrap_or_default();
    merged.iter().filter_map(|region| Region::of(region.start, region.end)).collect()
}

fn code_of(error: &XlsxError) -> &'static str {
    match error {
        XlsxError::Password => "encrypted-workbook",
        XlsxError::XmlEof(_) => "truncated",
        _ => "damaged-workbook",
    }
}

fn read_sheet(
    workbook: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    room: &mut Room,
) -> Result<ReadSheet, SheetError> {
    let mut cells = workbook.worksheet_cells_reader(name).map_err(SheetError::Workbook)?;
    let mut writer = SheetWriter::new(name);
    while let Some(cell) = cells.next_cell().map_err(SheetError::Workbook)? {
        let (row_index, column_index) = cell.get_position();
        writer.cell(row_index, column_index, cell.get_value(), room)?;
    }
    Ok(writer.read)
}

struct SheetWriter {
    read: ReadSheet,
    /// Index of the current row; none before the first.
    row_index: Option<u32>,
    /// Index of the next column to be written.
    next_column: u32,
}

impl SheetWriter {
    fn new(name: &str) -> Self {
        let read = ReadSheet { sheet: Sheet::new(Some(name.to_owned())), ..ReadSheet::default() };
        Self { read, row_index: None, next_column: 0 }
    }

    fn cell(
        &mut self,
        row: u32,
        column: u32,
        value: &DataRef<'_>,
        room: &mut Room,
    ) -> Result<(), SheetError> {
        if matches!(value, DataRef::Empty) {
            return Ok(());
        }
        self.write(row, column, &number::printed(value), room)
    }

    /// Writes a cell; rows and the columns of a row come in rising order.
    fn write(&mut self, row: u32, column: u32, printed: &Printed, room: &mut Room) -> Result<(), SheetError> {
        if self.row_index.is_some_and(|current| row < current) {
            return Err(SheetError::Disorder);
        }
        if self.row_index != Some(row) {
            self.read.sheet.begin_row(row.checked_add(1).ok_or(SheetError::Disorder)?);
            (self.row_index, self.next_column) = (Some(row), 0);
        }
        let Some(gap) = column.checked_sub(self.next_column) else { return Err(SheetError::Disorder) };
        let raw = printed.raw.as_ref().map_or(0, |raw| raw.len() + RAW_BYTES);
        let bytes = printed.text.len() + (gap as usize + 1) * CELL_BYTES + raw;
        room.spend(bytes).map_err(|_| SheetError::TooLarge)?;
        for _ in 0..gap {
            self.read.sheet.push_cell("", CellKind::Text, None);
        }
        self.push(row + 1, column + 1, printed);
        self.next_column = column + 1;
        Ok(())
    }

    fn push(&mut self, row: u32, column: u32, printed: &Printed) {
        if printed.text.len() > CELL_BYTES_MAX {
            self.read.oversized.push((row, column.min(u32::from(u16::MAX)) as u16));
            return self.read.sheet.push_cell("…", printed.kind, None);
        }
        self.read.sheet.push_cell(&printed.text, printed.kind, printed.raw.as_deref());
    }
}
