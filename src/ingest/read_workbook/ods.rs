//! ODS: the content part is read event by event. Rows and cells that repeat are counted, never laid out.

use std::collections::BTreeMap;
use std::io::{BufReader, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::ingest::container::unusable;
use crate::ingest::read_csv::ReadSheet;
use crate::ingest::read_workbook::merged::{Region, fill_down};
use crate::ingest::read_workbook::number::{Printed, fifteen_digits};
use crate::ingest::read_workbook::{REGIONS_MAX, SheetError, SheetWriter, sizes};
use crate::ingest::room::Room;
use crate::model::sheet::CellKind;
use crate::model::source::Unusable;

/// Most rows over which a filled row may repeat.
const REPEATED_MAX: u32 = 1_000;

/// Returns the sheets of the workbook in their order.
///
/// # Errors
/// When it has a password, is damaged or above the limits.
pub fn read_ods(bytes: &[u8], room: &mut Room) -> Result<Vec<ReadSheet>, Unusable> {
    let manifest = sizes::member(bytes, "META-INF/manifest.xml").unwrap_or_default();
    if manifest.windows(15).any(|window| window == b"encryption-data") {
        return Err(unusable("encrypted-workbook"));
    }
    sizes::check_inflated(bytes, room).map_err(unusable)?;
    sizes::with_member(bytes, "content.xml", |content| read_content(content, room)).map_err(unusable)?
}

fn read_content(content: &mut dyn Read, room: &mut Room) -> Result<Vec<ReadSheet>, Unusable> {
    let mut reader = Reader::from_reader(BufReader::new(content));
    let mut book = Book::new(room);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let done = match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(tag)) => book.start(&tag),
            Ok(Event::Empty(tag)) => book.start(&tag).and_then(|()| book.end(tag.name().as_ref())),
            Ok(Event::End(tag)) => book.end(tag.name().as_ref()),
            Ok(Event::Text(text)) => {
                book.text(&text);
                Ok(())
            }
            Ok(Event::GeneralRef(entity)) => {
                book.entity(&entity);
                Ok(())
            }
            Ok(Event::Eof) => break,
            Ok(_) => Ok(()),
            Err(_) => return Err(unusable("damaged-workbook")),
        };
        done.map_err(|error| match error {
            SheetError::TooLarge => unusable("too-large"),
            _ => unusable("damaged-workbook"),
        })?;
    }
    Ok(book.sheets)
}

struct Book<'r> {
    sheets: Vec<ReadSheet>,
    writer: Option<SheetWriter>,
    /// Index of the current row, and over how many rows it repeats.
    row: u32,
    repeats: u32,
    column: u32,
    cells: Vec<(u32, Printed)>,
    cell: Option<OdsCell>,
    /// Merged cells of the current sheet.
    regions: Vec<Region>,
    room: &'r mut Room,
}

struct OdsCell {
    attributes: BTreeMap<String, String>,
    text: String,
    paragraphs: usize,
}

impl<'r> Book<'r> {
    fn new(room: &'r mut Room) -> Self {
        let (sheets, cells) = (Vec::new(), Vec::new());
        let regions = Vec::new();
        Self { sheets, writer: None, row: 0, repeats: 1, column: 0, cells, cell: None, regions, room }
    }

    fn start(&mut self, tag: &BytesStart<'_>) -> Result<(), SheetError> {
        match tag.name().as_ref() {
            "table:table" => {
                let name = attributes(tag).remove("table:name").unwrap_or_default();
                (self.writer, self.row) = (Some(SheetWriter::new(&name)), 0);
            }
            "table:table-row" => {
                self.repeats = repeated(&attributes(tag), "table:number-rows-repeated");
                self.column = 0;
                self.cells.clear();
            }
            "table:table-cell" | "table:covered-table-cell" => {
                self.cell = Some(OdsCell { attributes: attributes(tag), text: String::new(), paragraphs: 0 });
            }
            "text:p" => self.in_cell(|cell| {
                cell.paragraphs += 1;
                if cell.paragraphs > 1 {
                    cell.text.push(' ');
                }
            }),
            "text:s" | "text:tab" | "text:line-break" => self.text(" "),
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &str) -> Result<(), SheetError> {
        match name {
            "table:table" => {
                if let Some(writer) = self.writer.take() {
                    let regions = std::mem::take(&mut self.regions);
                    let filled = fill_down(writer.read, regions, self.room);
                    self.sheets.push(filled.map_err(|_| SheetError::TooLarge)?);
                }
            }
            "table:table-row" => self.end_row()?,
            "table:table-cell" | "table:covered-table-cell" => self.end_cell()?,
            _ => {}
        }
        Ok(())
    }

    fn in_cell(&mut self, act: impl FnOnce(&mut OdsCell)) {
        if let Some(cell) = &mut self.cell {
            act(cell);
        }
    }

    fn text(&mut self, text: &str) {
        self.in_cell(|cell| {
            if cell.paragraphs > 0 {
                cell.text.push_str(text);
            }
        });
    }

    fn entity(&mut self, name: &str) {
        let character = match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => name.strip_prefix('#').and_then(|number| {
                let code = match number.strip_prefix('x') {
                    Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                    None => number.parse().ok()?,
                };
                char::from_u32(code)
            }),
        };
        if let Some(character) = character {
            self.text(character.encode_utf8(&mut [0; 4]));
        }
    }

    fn end_cell(&mut self) -> Result<(), SheetError> {
        let Some(cell) = self.cell.take() else { return Ok(()) };
        let repeats = repeated(&cell.attributes, "table:number-columns-repeated");
        let spanned = repeated(&cell.attributes, "table:number-rows-spanned");
        let last_row = self.row.saturating_add(spanned - 1);
        if self.regions.len() < REGIONS_MAX {
            self.regions.extend(Region::of((self.row, self.column), (last_row, self.column)));
        }
        let printed = printed(&cell);
        if !printed.text.is_empty() {
            let bytes = (repeats as usize).saturating_mul(size_of::<(u32, Printed)>() + printed.text.len());
            self.room.spend(bytes).map_err(|_| SheetError::TooLarge)?;
            let columns = self.column..self.column.saturating_add(repeats);
            self.cells.extend(columns.map(|column| (column, printed.clone())));
        }
        self.column = self.column.saturating_add(repeats);
        Ok(())
    }

    fn end_row(&mut self) -> Result<(), SheetError> {
        let Some(writer) = &mut self.writer else { return Ok(()) };
        if !self.cells.is_empty() {
            if self.repeats > REPEATED_MAX {
                return Err(SheetError::TooLarge);
            }
            for row in self.row..self.row.saturating_add(self.repeats) {
                for (column, printed) in &self.cells {
                    writer.write(row, *column, printed, self.room)?;
                }
            }
        }
        self.cells.clear();
        self.row = self.row.saturating_add(self.repeats);
        Ok(())
    }
}

fn attributes(tag: &BytesStart<'_>) -> BTreeMap<String, String> {
    let readable = tag.attributes().flatten();
    let pairs = readable.filter_map(|attribute| {
        let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok()?.into_owned();
        Some((attribute.key.as_ref().to_owned(), value))
    });
    pairs.collect()
}

fn repeated(attributes: &BTreeMap<String, String>, name: &str) -> u32 {
    attributes.get(name).and_then(|count| count.parse().ok()).unwrap_or(1).max(1)
}

/// Returns the value of a cell: a stored number or date, else its text.
fn printed(cell: &OdsCell) -> Printed {
    let stored = |name: &str| cell.attributes.get(name).cloned();
    if let Some(number) = stored("office:value") {
        let shown = number.parse().map_or(number.clone(), fifteen_digits);
        return Printed { text: shown, kind: CellKind::Number, raw: Some(number) };
    }
    if let Some(date) = stored("office:date-value") {
        let whole = date.split('.').next().unwrap_or_default().replace('T', " ");
        return Printed { text: whole, kind: CellKind::DateTime, raw: Some(date) };
    }
    Printed { text: cell.text.clone(), kind: CellKind::Text, raw: None }
}
