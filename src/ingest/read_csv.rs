//! Text with separators to a sheet. Lenient where real exports are odd: quotes inside bare cells, tabs
//! after a closing quote, rows of any length. A row has the number of the physical line on which it starts.

use memchr::{memchr_iter, memchr2, memchr3};

use crate::ingest::container::unusable;
use crate::ingest::room::Room;
use crate::model::sheet::Sheet;
use crate::model::source::Unusable;

/// Separators, in the order in which they are tried.
pub const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];

/// A cell above this size sets its row aside; only its beginning is kept.
pub const CELL_BYTES_MAX: usize = 1 << 20;
/// Bytes of an oversized cell that are kept for the quotation.
const KEPT_BYTES: usize = 256;

/// A sheet as read, with the rows that hold a cell above the limit.
#[derive(Debug, Clone, Default)]
pub struct ReadSheet {
    /// Its cells.
    pub sheet: Sheet,
    /// (row, column) of cells above [`CELL_BYTES_MAX`], in order.
    pub oversized: Vec<(u32, u16)>,
    /// Lines of text that stand before the table, outside it.
    pub preface: Vec<String>,
    /// Whether the workbook hides the sheet.
    pub hidden: bool,
}

/// A text as cells, all of it or its beginning.
#[derive(Debug)]
pub struct CsvSheet {
    /// The cells.
    pub read: ReadSheet,
    /// Whether the text was read to its end.
    pub is_whole: bool,
}

impl CsvSheet {
    /// Gives the text back, to be read in another way.
    pub fn into_text(self) -> String {
        self.read.sheet.into_text()
    }
}

/// Beginning of a text by which its separator is told.
const PROMISE_BYTES: usize = 1 << 20;

/// Returns the separators, the most promising first: the one that splits the most lines into the same number of cells.
pub fn delimiters_by_promise(text: &str) -> Vec<u8> {
    let head = &text[..text.floor_char_boundary(PROMISE_BYTES)];
    let lines: Vec<&str> = head.lines().filter(|line| !line.trim().is_empty()).take(200).collect();
    let promise = |delimiter: u8| {
        let counts = lines.iter().map(|line| line.bytes().filter(|b| *b == delimiter).count());
        let mut by_count = std::collections::BTreeMap::new();
        for count in counts.filter(|count| *count > 0) {
            *by_count.entry(count).or_insert(0usize) += count.min(8);
        }
        by_count.into_values().max().unwrap_or(0)
    };
    let mut order = DELIMITERS.to_vec();
    order.sort_by_key(|delimiter| std::cmp::Reverse(promise(*delimiter)));
    order
}

/// Returns the cells of the first `rows_max` rows of the text. Blank lines are left out, they keep their number.
///
/// # Errors
/// When the cells are more than the room holds.
pub fn read_csv(text: String, delimiter: u8, rows_max: usize, room: Room) -> Result<CsvSheet, Unusable> {
    let mut reader =
        Reader { text: &text, at: 0, line: 1, delimiter, may_close: true, beside: String::new() };
    let mut read = ReadSheet { sheet: Sheet::new(None), ..ReadSheet::default() };
    let (mut cells, mut rows) = (Vec::new(), 0);
    if rows_max == usize::MAX {
        reserve(&mut read.sheet, &text, delimiter, room);
    }
    while reader.at < text.len() && rows < rows_max {
        let row = reader.line;
        let cells_max = room.left_bytes().saturating_sub(read.sheet.places_bytes()) / CELL_PLACE_BYTES;
        reader.record(&mut cells, cells_max)?;
        if !cells.iter().all(|cell| reader.is_blank(*cell)) {
            rows += 1;
            reader.push_row(&mut read, row, &cells);
        }
        cells.clear();
    }
    let (is_whole, beside) = (reader.at == text.len(), reader.beside);
    read.sheet.set_texts(text, beside);
    Ok(CsvSheet { read, is_whole })
}

/// Makes place for as many cells as the text has separators, where there is room for them.
fn reserve(sheet: &mut Sheet, text: &str, delimiter: u8, room: Room) {
    let rows = memchr_iter(b'\n', text.as_bytes()).count() + 1;
    let cells = memchr_iter(delimiter, text.as_bytes()).count() + rows;
    if (rows + cells) * CELL_PLACE_BYTES <= room.left_bytes() {
        sheet.reserve(rows, cells);
    }
}

/// A cell takes its place once in the row that is being read and once in the sheet.
const CELL_PLACE_BYTES: usize = 16;

/// Start and end of a cell in the text, or behind it in what stands beside.
type CellPlace = (u32, u32);

struct Reader<'a> {
    text: &'a str,
    /// Byte offset of the next character.
    at: usize,
    /// Physical line at that offset.
    line: u32,
    delimiter: u8,
    /// Whether a closing quote may still follow; false once the end was reached without one.
    may_close: bool,
    /// Cells whose doubled quotes were made single: they stand nowhere in the text as they are.
    beside: String,
}

impl Reader<'_> {
    fn bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }

    /// Returns the text of a cell.
    fn cell(&self, (start, end): CellPlace) -> &str {
        let (start, end) = (start as usize, end as usize);
        match start.checked_sub(self.text.len()) {
            Some(start) => &self.beside[start..end - self.text.len()],
            None => &self.text[start..end],
        }
    }

    fn is_blank(&self, cell: CellPlace) -> bool {
        self.cell(cell).trim().is_empty()
    }

    fn push_row(&self, read: &mut ReadSheet, row: u32, cells: &[CellPlace]) {
        read.sheet.begin_row(row);
        for (index, place) in cells.iter().enumerate() {
            let (start, mut end) = (place.0 as usize, place.1 as usize);
            if end - start > CELL_BYTES_MAX {
                read.oversized.push((row, (index + 1).min(usize::from(u16::MAX)) as u16));
                end = start + self.cell(*place).floor_char_boundary(KEPT_BYTES);
            }
            read.sheet.push_range(start..end);
        }
    }

    /// Reads one record and its line end.
    fn record(&mut self, cells: &mut Vec<CellPlace>, cells_max: usize) -> Result<(), Unusable> {
        loop {
            let place = self.quoted().unwrap_or_else(|| self.bare());
            cells.push(place);
            if cells.len() > cells_max {
                return Err(unusable("too-large"));
            }
            match self.bytes().get(self.at) {
                Some(b) if *b == self.delimiter => self.at += 1,
                Some(_) => {
                    self.line_end();
                    return Ok(());
                }
                None => return Ok(()),
            }
        }
    }

    fn line_end(&mut self) {
        let bytes = self.bytes();
        let length = if bytes[self.at..].starts_with(b"\r\n") { 2 } else { 1 };
        self.at += length;
        self.line += 1;
    }

    fn bare(&mut self) -> CellPlace {
        let start = self.at;
        let rest = &self.bytes()[start..];
        self.at += memchr3(self.delimiter, b'\n', b'\r', rest).unwrap_or(rest.len());
        (start as u32, self.at as u32)
    }

    /// Reads a quoted cell. Nothing when none begins here, or when it never closes: then the quote is a
    /// character like any other.
    fn quoted(&mut self) -> Option<CellPlace> {
        let bytes = self.text.as_bytes();
        let is_blank = |b: &&u8| **b == b' ' || (**b == b'\t' && self.delimiter != b'\t');
        let open = self.at + bytes[self.at..].iter().take_while(is_blank).count();
        if !self.may_close || bytes.get(open) != Some(&b'"') {
            return None;
        }
        let beside_from = self.beside.len();
        let (mut from, mut at, mut lines) = (open + 1, open + 1, 0);
        while let Some(quote) = memchr2(b'"', b'\n', &bytes[at..]).map(|offset| at + offset) {
            if bytes[quote] == b'\n' {
                lines += 1;
                at = quote + 1;
            } else if bytes.get(quote + 1) == Some(&b'"') && self.after_blanks(quote + 1) != Some(quote + 1) {
                self.keep_beside(beside_from, from..quote + 1);
                (from, at) = (quote + 2, quote + 2);
            } else if let Some(end) = self.after_blanks(quote + 1) {
                (self.at, self.line) = (end, self.line + lines);
                if self.beside.len() == beside_from {
                    return Some((from as u32, quote as u32));
                }
                self.keep_beside(beside_from, from..quote);
                let behind = |at: usize| (self.text.len() + at) as u32;
                return Some((behind(beside_from), behind(self.beside.len())));
            } else {
                at = quote + 1;
            }
        }
        self.beside.truncate(beside_from);
        self.may_close = false;
        None
    }

    /// Adds a part of the cell that begins there; beyond the limit of a cell nothing is kept.
    fn keep_beside(&mut self, cell_from: usize, part: std::ops::Range<usize>) {
        if self.beside.len() - cell_from <= CELL_BYTES_MAX {
            let part = &self.text[part];
            let kept = part.floor_char_boundary(CELL_BYTES_MAX + KEPT_BYTES);
            self.beside.push_str(&part[..kept]);
        }
    }

    /// Returns where the cell ends when only blanks stand before the next separator or line end.
    fn after_blanks(&self, at: usize) -> Option<usize> {
        let bytes = self.bytes();
        let blank = |b: &&u8| **b == b' ' || (**b == b'\t' && self.delimiter != b'\t');
        let end = at + bytes.get(at..)?.iter().take_while(blank).count();
        let closes = bytes.get(end).is_none_or(|b| *b == self.delimiter || *b == b'\n' || *b == b'\r');
        closes.then_some(end)
    }
}
