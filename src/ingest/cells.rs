//! The cells of a recognised file with what each column is for: what somebody needs who writes the file anew.

use std::sync::Arc;

use crate::ingest::format::{Format, FormatBook};
use crate::ingest::header::header_name;
use crate::ingest::identify::{Match, SheetContext};
use crate::ingest::read_csv::ReadSheet;
use crate::ingest::room::Room;
use crate::ingest::{InputFile, recognised};
use crate::model::case::SourceHint;
use crate::model::sheet::Sheet;
use crate::model::source::{TableKind, Unusable};

/// What kind of file the cells come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Text with that separator.
    Csv {
        /// The separator.
        delimiter: u8,
    },
    /// A page with tables.
    Html,
    /// A workbook of any kind.
    Workbook,
}

/// The cells of a file.
#[derive(Debug, Clone)]
pub struct FileCells {
    /// What kind of file it is.
    pub shape: Shape,
    /// Its sheets that hold a known table.
    pub sheets: Vec<SheetCells>,
}

/// One sheet, page table or text.
#[derive(Debug, Clone)]
pub struct SheetCells {
    /// The cells as printed.
    pub sheet: Arc<Sheet>,
    /// Lines of text that stand before it.
    pub preface: Vec<String>,
    /// Whether the workbook hides it.
    pub hidden: bool,
    /// Its tables, from top to bottom.
    pub tables: Vec<TableCells>,
}

/// One table of a sheet.
#[derive(Debug, Clone)]
pub struct TableCells {
    /// General table that it fills.
    pub kind: TableKind,
    /// Row of the header.
    pub header_row: u32,
    /// Last row that belongs to it.
    pub last_row: u32,
    /// What its columns are for, with their headers.
    pub columns: Vec<(u16, String, ColumnRole)>,
}

/// What a column is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnRole {
    /// It fills that field of the general record format.
    Field(String),
    /// The layout knows it and keeps it as context.
    Context,
    /// The layout does not know it.
    Unknown,
}

/// Returns the cells of a file that a known layout fits.
///
/// # Errors
/// When the file cannot be used.
pub fn cells(file: &InputFile, hint: Option<&SourceHint>, book: &FormatBook) -> Result<FileCells, Unusable> {
    let place = SheetContext { book, hint, path: &file.path };
    let (shape, found) = recognised((&file.bytes).into(), place, &mut Room::beside(file.bytes.len()))?;
    Ok(FileCells { shape, sheets: found.into_iter().map(sheet_cells).collect() })
}

fn sheet_cells((read, tables): (ReadSheet, Vec<Match<'_>>)) -> SheetCells {
    SheetCells {
        tables: tables.iter().map(|found| table_cells(&read.sheet, found)).collect(),
        sheet: Arc::new(read.sheet),
        preface: read.preface,
        hidden: read.hidden,
    }
}

fn table_cells(sheet: &Sheet, found: &Match<'_>) -> TableCells {
    let header = sheet.row(found.header_row);
    let width = header.map_or(0, |row| row.width().min(usize::from(u16::MAX))) as u16;
    let column = |column: u16| {
        let printed = header.map_or("", |row| row.cell(usize::from(column))).trim();
        (column, printed.to_owned(), role(found, column, printed))
    };
    TableCells {
        kind: found.format.table,
        header_row: found.header_row,
        last_row: found.rows.1,
        columns: (1..=width).map(column).collect(),
    }
}

fn role(found: &Match<'_>, column: u16, printed: &str) -> ColumnRole {
    let format: &Format = found.format;
    match found.bindings.iter().find(|binding| binding.column == column) {
        Some(binding) => ColumnRole::Field(format.columns[binding.rule].field.clone()),
        None if format.context.contains(&header_name(printed).0) => ColumnRole::Context,
        None => ColumnRole::Unknown,
    }
}
