//! Layer 1: bytes → records. Opens no file by name; what it cannot read it says, row by row.

pub mod assemble;
pub mod bulk;
pub mod cells;
pub mod container;
mod control_totals;
mod coverage;
mod decode;
mod draft;
mod facts;
mod fold;
pub mod format;
mod header;
mod identify;
pub mod inspection;
pub mod items;
mod map_row;
mod merge;
pub mod open;
pub mod parse_cell;
pub mod pattern;
mod read_csv;
mod read_html;
mod read_parquet;
mod read_table;
pub mod read_workbook;
pub mod records;
mod room;
mod row_reader;
mod year;

use std::borrow::Cow;

use sha2::{Digest, Sha256};

pub use crate::ingest::assemble::assemble_case;
pub use crate::ingest::draft::draft;
pub use crate::ingest::format::{Format, FormatBook};
pub use crate::ingest::inspection::{Inspection, inspection};
pub use crate::ingest::open::members;
pub use crate::ingest::records::{Owned, Records};

use crate::ingest::cells::Shape;
use crate::ingest::container::{Container, sniff};
use crate::ingest::identify::wide::wide_bill;
use crate::ingest::identify::{
    HEADER_ROW_MAX, Identified, Match, SheetContext, ambiguous_layout, identify, unknown_layout,
};
use crate::ingest::read_csv::{ReadSheet, delimiters_by_promise, read_csv};
use crate::ingest::read_table::{OpenSheet, TablePlace, read_table};
use crate::ingest::room::Room;
use crate::model::case::SourceHint;
use crate::model::diagnostic::{Diagnostic, DiagnosticClass};
use crate::model::message::Message;
use crate::model::source::{Source, Unusable};

/// One file: its name and its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputFile {
    /// Path relative to the case folder, with `/`.
    pub path: String,
    /// What was hashed and is parsed.
    pub bytes: Vec<u8>,
}

/// A file as read: its place in the papers and its records. `RowRef.source` is 0 until the case is assembled.
#[derive(Debug, Clone)]
pub struct FileReading {
    /// The file and its tables.
    pub source: Source,
    /// Its records.
    pub records: Records,
}

/// Returns the answer for a file above [`container::FILE_BYTES_MAX`], which is not opened: it has no digest.
pub fn too_large(path: &str, length_bytes: u64) -> FileReading {
    let source = Source {
        path: path.to_owned(),
        sha256: String::new(),
        length_bytes,
        tables: Vec::new(),
        unusable: Some(container::unusable("too-large")),
        notes: Vec::new(),
    };
    FileReading { source, records: Records::default() }
}

/// Reads a file of any known format. Never fails: a file that cannot be used says why.
pub fn read_file(file: &InputFile, hint: Option<&SourceHint>, formats: &FormatBook) -> FileReading {
    read_bytes(&file.path, Cow::Borrowed(&file.bytes), hint, formats)
}

/// Reads a file like [`read_file`] and gives its bytes away as soon as they are read: half the memory of a long list.
pub fn read_owned(file: InputFile, hint: Option<&SourceHint>, formats: &FormatBook) -> FileReading {
    read_bytes(&file.path, Cow::Owned(file.bytes), hint, formats)
}

fn read_bytes(
    path: &str,
    bytes: Cow<'_, [u8]>,
    hint: Option<&SourceHint>,
    formats: &FormatBook,
) -> FileReading {
    let mut source = Source {
        path: path.to_owned(),
        sha256: hex(&Sha256::digest(&bytes)),
        length_bytes: bytes.len() as u64,
        tables: Vec::new(),
        unusable: None,
        notes: Vec::new(),
    };
    let mut records = Records::default();
    let context = SheetContext { book: formats, hint, path };
    let read = read_tables(bytes, context, &mut source, &mut records);
    if let Err(unusable) = read {
        (source.tables, source.notes, records) = (Vec::new(), Vec::new(), Records::default());
        source.unusable = Some(unusable);
    }
    FileReading { source, records }
}

fn read_tables(
    bytes: Cow<'_, [u8]>,
    context: SheetContext<'_>,
    source: &mut Source,
    records: &mut Records,
) -> Result<(), Unusable> {
    let SheetContext { book, hint, path } = context;
    let mut room = Room::beside(bytes.len());
    let (_, sheets) = recognised(bytes, context, &mut room)?;
    for (read, found) in sheets {
        let sheet = OpenSheet::from(read);
        source.notes.extend(sheet.hidden.then(|| hidden_note(path, &sheet)));
        for found in found {
            let table = u16::try_from(source.tables.len()).unwrap_or(u16::MAX);
            let place = TablePlace { path, table, hint };
            let read = read_table(&sheet, &found, place, book, records, &mut source.notes, &mut room)?;
            source.tables.push(read);
        }
    }
    Ok(())
}

/// Sheets with a known table, and their tables.
type Recognised<'f> = Vec<(ReadSheet, Vec<Match<'f>>)>;

fn recognised<'f>(
    bytes: Cow<'_, [u8]>,
    place: SheetContext<'f>,
    room: &mut Room,
) -> Result<(Shape, Recognised<'f>), Unusable> {
    let (shape, sheets) = match sniff(&bytes)? {
        Container::Text => return recognised_text(decode::decode(bytes, room)?, place, room),
        Container::Html => (Shape::Html, read_html::read_html(&bytes, room)?),
        Container::Workbook => (Shape::Workbook, read_workbook::read_workbook(&bytes, room)?),
        Container::Xls => (Shape::Workbook, read_workbook::read_xls(&bytes, room)?),
        Container::Parquet => (Shape::Workbook, read_parquet::read_parquet(&bytes, room)?),
        Container::Ods => (Shape::Workbook, read_workbook::read_ods(&bytes, room)?),
    };
    Ok((shape, recognised_sheets(sheets, place)?))
}

/// The separator is the one under which the beginning of the text has a known layout.
fn recognised_text<'f>(
    mut text: String,
    place: SheetContext<'f>,
    room: &mut Room,
) -> Result<(Shape, Recognised<'f>), Unusable> {
    let mut first_answer = None;
    for delimiter in delimiters_by_promise(&text) {
        let head = read_csv(text, delimiter, HEADER_ROW_MAX, *room)?;
        match identify(&head.read.sheet, place, "").swap_remove(0) {
            Identified::One(_) => {
                let is_whole = head.is_whole;
                let read = match is_whole {
                    true => head.read,
                    false => read_csv(head.into_text(), delimiter, usize::MAX, *room)?.read,
                };
                room.spend(read.sheet.places_bytes())?;
                return Ok((Shape::Csv { delimiter }, recognised_sheets(vec![read], place)?));
            }
            Identified::Several(several) => return Err(ambiguous_layout(&several)),
            Identified::None(near) => {
                let wide = || wide_bill(&head.read.sheet, place.book);
                first_answer.get_or_insert_with(|| wide().unwrap_or_else(|| unknown_layout(near.as_ref())));
            }
        }
        text = head.into_text();
    }
    Err(first_answer.unwrap_or_else(|| unknown_layout(None)))
}

/// Every sheet with a known header is read; the others hold no data of ours.
fn recognised_sheets<'f>(
    sheets: Vec<ReadSheet>,
    place: SheetContext<'f>,
) -> Result<Recognised<'f>, Unusable> {
    let mut found = Vec::new();
    let (mut nearest, mut wide) = (None, None);
    for sheet in sheets {
        let preface = sheet.preface.join(" ");
        let mut tables = Vec::new();
        for answer in identify(&sheet.sheet, place, &preface) {
            match answer {
                Identified::One(matched) => tables.push(*matched),
                Identified::Several(several) => return Err(ambiguous_layout(&several)),
                Identified::None(near) => nearest = nearest.or(near),
            }
        }
        if !tables.is_empty() {
            found.push((sheet, tables));
        } else {
            wide = wide.or_else(|| wide_bill(&sheet.sheet, place.book));
        }
    }
    if found.is_empty() { Err(wide.unwrap_or_else(|| unknown_layout(nearest.as_ref()))) } else { Ok(found) }
}

fn hidden_note(path: &str, sheet: &OpenSheet) -> Diagnostic {
    Diagnostic {
        class: DiagnosticClass::Note,
        path: path.to_owned(),
        sheet: sheet.sheet.name.clone(),
        row: None,
        column: None,
        header: None,
        value: None,
        rule: None,
        reason: Message::new("ingest.sheet.hidden"),
        help: None,
    }
}

fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
