//! Writing a masked file: rows keep their numbers, so that the copy is read exactly like the original.

use encoding_rs::GB18030;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use super::Paper;
use super::papers::{Rewriter, treatments};
use crate::error::{Error, ErrorKind, Result};
use crate::ingest::cells::{FileCells, Shape, SheetCells};
use crate::model::message::Message;
use crate::model::sheet::Row;
use crate::render::template::escaped;

/// Returns the bytes of the copy and its extension, where that is another one.
///
/// # Errors
/// When a workbook cannot be written.
pub fn file(
    paper: &Paper,
    cells: &FileCells,
    rewriter: &Rewriter<'_>,
) -> Result<(Vec<u8>, Option<&'static str>)> {
    match cells.shape {
        Shape::Csv { delimiter } => {
            let text: String = cells.sheets.iter().map(|sheet| csv(sheet, delimiter, rewriter)).collect();
            Ok((encoded(&text, &paper.bytes), None))
        }
        Shape::Html => Ok((html(&cells.sheets, rewriter).into_bytes(), Some("html"))),
        Shape::Workbook => {
            let bytes = workbook(&cells.sheets, rewriter).map_err(|error| {
                Error::new(ErrorKind::Output, Message::new("bundle.zip-fails")).with_source(error)
            })?;
            Ok((bytes, Some("xlsx")))
        }
    }
}

fn row_cells(sheet: &SheetCells, row: Row<'_>, rewriter: &Rewriter<'_>) -> Vec<String> {
    treatments(sheet, row).iter().map(|(_, treatment)| rewriter.cell(treatment)).collect()
}

fn csv(sheet: &SheetCells, delimiter: u8, rewriter: &Rewriter<'_>) -> String {
    let mut text = String::new();
    let mut line = 1;
    for row in sheet.sheet.rows() {
        while line < row.number() {
            text.push_str("\r\n");
            line += 1;
        }
        let cells = row_cells(sheet, row, rewriter);
        let quoted: Vec<String> = cells.iter().map(|cell| csv_cell(cell, delimiter)).collect();
        line += 1 + cells.iter().map(|cell| cell.matches('\n').count() as u32).sum::<u32>();
        text.push_str(&quoted.join(&char::from(delimiter).to_string()));
        text.push_str("\r\n");
    }
    text
}

fn csv_cell(cell: &str, delimiter: u8) -> String {
    if cell.contains([char::from(delimiter), '\n', '\r']) || cell.trim_start().starts_with('"') {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

/// The encoding of the original, where the stand-ins can be written in it.
fn encoded(text: &str, original: &[u8]) -> Vec<u8> {
    if original.starts_with(b"\xEF\xBB\xBF")
        || original.starts_with(b"\xFF\xFE")
        || original.starts_with(b"\xFE\xFF")
    {
        format!("\u{FEFF}{text}").into_bytes()
    } else if std::str::from_utf8(original).is_ok() {
        text.as_bytes().to_vec()
    } else {
        GB18030.encode(text).0.into_owned()
    }
}

fn html(sheets: &[SheetCells], rewriter: &Rewriter<'_>) -> String {
    let mut page = String::from("<!doctype html>\n<html><head><meta charset=\"utf-8\"></head><body>\n");
    let mut said: usize = 0;
    for sheet in sheets {
        for line in sheet.preface.iter().skip(said) {
            page.push_str(&format!("<p>{}</p>\n", escaped(&rewriter.free_text(line))));
        }
        said = sheet.preface.len().max(said);
        page.push_str("<table>\n");
        let mut next = 1;
        for row in sheet.sheet.rows() {
            while next < row.number() {
                page.push_str("<tr></tr>\n");
                next += 1;
            }
            let cells = row_cells(sheet, row, rewriter);
            let cells: String = cells.iter().map(|cell| format!("<td>{}</td>", escaped(cell))).collect();
            page.push_str(&format!("<tr>{cells}</tr>\n"));
            next += 1;
        }
        page.push_str("</table>\n");
    }
    page + "</body></html>\n"
}

fn workbook(sheets: &[SheetCells], rewriter: &Rewriter<'_>) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // Without a day of its own the file would carry the clock.
    let made = ExcelDateTime::from_ymd(1980, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
    for sheet in sheets {
        let written = workbook.add_worksheet();
        if let Some(name) = &sheet.sheet.name {
            written.set_name(rewriter.name(name))?;
        }
        written.set_hidden(sheet.hidden && sheets.iter().any(|other| !other.hidden));
        for row in sheet.sheet.rows() {
            for (index, cell) in
                row_cells(sheet, row, rewriter).iter().enumerate().filter(|(_, cell)| !cell.is_empty())
            {
                let column = u16::try_from(index).unwrap_or(u16::MAX);
                written.write_string(row.number().saturating_sub(1), column, cell.as_str())?;
            }
        }
    }
    workbook.save_to_buffer()
}
