//! XLS (BIFF5, BIFF8). The one stream that matters is taken out of its container and checked, record by
//! record, before calamine lays out a sheet: it allocates every cell between the first and the last one.

use std::io::{Cursor, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, DataRef, Reader, SheetVisible, Xls, XlsError};
use cfb::{CompoundFile, Version};

use crate::ingest::container::unusable;
use crate::ingest::read_csv::ReadSheet;
use crate::ingest::read_workbook::merged::{Region, fill_down};
use crate::ingest::read_workbook::{SheetError, SheetWriter};
use crate::ingest::room::Room;
use crate::model::source::Unusable;

/// Most cells between the first and the last one of all sheets.
const AREA_MAX: u64 = 6_000_000;

/// Returns the sheets of the workbook in their order.
///
/// # Errors
/// When it has a password, is damaged or above the limits.
pub fn read_xls(bytes: &[u8], room: &mut Room) -> Result<Vec<ReadSheet>, Unusable> {
    let stream = workbook_stream(bytes).ok_or_else(|| unusable("damaged-workbook"))?;
    check(&stream).map_err(unusable)?;
    let container = container_of(&stream).ok_or_else(|| unusable("damaged-workbook"))?;
    // The record grammar is old and large; a record that it cannot read must not end the program.
    let read = catch_unwind(AssertUnwindSafe(|| sheets(container, room)));
    read.unwrap_or_else(|_| Err(unusable("damaged-workbook")))
}

fn workbook_stream(bytes: &[u8]) -> Option<Vec<u8>> {
    if !bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        return Some(bytes.to_vec());
    }
    let mut file = CompoundFile::open(Cursor::new(bytes)).ok()?;
    let path = ["/Workbook", "/Book"].into_iter().find(|path| file.is_stream(path))?;
    let mut stream = Vec::new();
    let length = bytes.len() as u64;
    file.open_stream(path).ok()?.take(length).read_to_end(&mut stream).ok()?;
    Some(stream)
}

/// A container with nothing but that stream: no loops, no macros. In version 3, as spreadsheets write it: calamine
/// refuses one of version 4 whose stream is too long for the small sectors.
fn container_of(stream: &[u8]) -> Option<Vec<u8>> {
    let mut file = CompoundFile::create_with_version(Version::V3, Cursor::new(Vec::new())).ok()?;
    file.create_stream("/Workbook").ok()?.write_all(stream).ok()?;
    file.flush().ok()?;
    Some(file.into_inner().into_inner())
}

const FILE_PASS: u16 = 0x002F;
const BEGIN: u16 = 0x0809;
const MUL_RK: u16 = 0x00BD;
/// Records of one cell: formula, number, label, truth value, shared string, RK, rich label.
const CELLS: [u16; 7] = [0x0006, 0x0203, 0x0204, 0x0205, 0x00FD, 0x027E, 0x00D6];

/// Walks over the records: no password, none longer than the stream, sheets of a size that can be laid out.
fn check(stream: &[u8]) -> Result<(), &'static str> {
    let (mut at, mut area) = (0, 0);
    let mut bounds: Option<(u64, u64, u64, u64)> = None;
    while let Some(head) = stream.get(at..at + 4) {
        let (kind, length) = (word(head), usize::from(u16::from_le_bytes([head[2], head[3]])));
        let Some(body) = stream.get(at + 4..at + 4 + length) else {
            // Streams are padded with zeros to a whole sector.
            return if kind == 0 { Ok(()) } else { Err("truncated") };
        };
        match kind {
            FILE_PASS if body.len() >= 2 && word(body) != 0 => return Err("encrypted-workbook"),
            BEGIN => {
                area += bounds.take().map_or(0, area_of);
            }
            _ if (CELLS.contains(&kind) || kind == MUL_RK) && body.len() >= 6 => {
                let (row, first) = (u64::from(word(body)), u64::from(word(&body[2..])));
                let last = if kind == MUL_RK { u64::from(word(&body[body.len() - 2..])) } else { first };
                let (low, high) = (first.min(last), first.max(last));
                let old = bounds.unwrap_or((row, row, low, high));
                bounds = Some((old.0.min(row), old.1.max(row), old.2.min(low), old.3.max(high)));
            }
            _ => {}
        }
        if area + bounds.map_or(0, area_of) > AREA_MAX {
            return Err("too-large");
        }
        at += 4 + length;
    }
    Ok(())
}

fn word(bytes: &[u8]) -> u16 {
    u16::from_le_bytes([bytes[0], bytes[1]])
}

fn area_of((top, bottom, left, right): (u64, u64, u64, u64)) -> u64 {
    (bottom - top + 1) * (right - left + 1)
}

fn sheets(container: Vec<u8>, room: &mut Room) -> Result<Vec<ReadSheet>, Unusable> {
    let opened = Xls::new(Cursor::new(container));
    let mut workbook = opened.map_err(|error| match error {
        XlsError::Password => unusable("encrypted-workbook"),
        _ => unusable("damaged-workbook"),
    })?;
    let hidden: Vec<bool> =
        workbook.sheets_metadata().iter().map(|sheet| sheet.visible != SheetVisible::Visible).collect();
    let mut sheets = Vec::new();
    for (index, name) in workbook.sheet_names().into_iter().enumerate() {
        let Ok(range) = workbook.worksheet_range(&name) else { continue };
        let (top, left) = range.start().unwrap_or((0, 0));
        let mut writer = SheetWriter::new(&name);
        for (row, column, value) in range.used_cells() {
            let written = writer.cell(top + row as u32, left + column as u32, &borrowed(value), room);
            written.map_err(|error| match error {
                SheetError::TooLarge => unusable("too-large"),
                _ => unusable("damaged-workbook"),
            })?;
        }
        writer.read.hidden = hidden.get(index).copied().unwrap_or(false);
        let regions = workbook.merge_cells_by_sheet_name(&name).unwrap_or_default();
        let regions = regions.iter().filter_map(|region| Region::of(region.start, region.end)).collect();
        sheets.push(fill_down(writer.read, regions, room)?);
    }
    Ok(sheets)
}

fn borrowed(value: &Data) -> DataRef<'_> {
    match value {
        Data::Int(number) => DataRef::Int(*number),
        Data::Float(number) => DataRef::Float(*number),
        Data::String(text) => DataRef::SharedString(text),
        Data::Bool(truth) => DataRef::Bool(*truth),
        Data::DateTime(serial) => DataRef::DateTime(*serial),
        Data::DateTimeIso(text) => DataRef::DateTimeIso(text.clone()),
        Data::DurationIso(text) => DataRef::DurationIso(text.clone()),
        Data::Error(error) => DataRef::Error(error.clone()),
        _ => DataRef::Empty,
    }
}
