//! Text with separators to a sheet. Lenient where real exports are odd: quotes inside bare cells, tabs
//! after a closing quote, rows of any length. A row has the number of the physical line on which it starts.

use crate::model::sheet::{CellKind, Sheet};

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

/// Returns the separators, the most promising first: the one that splits the most lines into the same number of cells.
pub fn delimiters_by_promise(text: &str) -> Vec<u8> {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).take(200).collect();
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

/// Returns the cells of the text. Blank lines are left out, they keep their number.
pub fn read_csv(text: &str, delimiter: u8) -> ReadSheet {
    let mut reader = Reader { text, at: 0, line: 1, delimiter, may_close: true };
    let mut read = ReadSheet { sheet: Sheet::new(None), ..ReadSheet::default() };
    let mut cells: Vec<(String, bool)> = Vec::new();
    while reader.at < text.len() {
        let row = reader.line;
        reader.record(&mut cells);
        if cells.iter().any(|(cell, _)| !cell.trim().is_empty()) {
            push_row(&mut read, row, &cells);
        }
        cells.clear();
    }
    read
}

fn push_row(read: &mut ReadSheet, row: u32, cells: &[(String, bool)]) {
    read.sheet.begin_row(row);
    for (index, (cell, oversized)) in cells.iter().enumerate() {
        read.sheet.push_cell(cell, CellKind::Text, None);
        if *oversized {
            read.oversized.push((row, (index + 1).min(usize::from(u16::MAX)) as u16));
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    /// Byte offset of the next character.
    at: usize,
    /// Physical line at that offset.
    line: u32,
    delimiter: u8,
    /// Whether a closing quote may still follow; false once the end was reached without one.
    may_close: bool,
}

impl Reader<'_> {
    fn bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }

    /// Reads one record and its line end.
    fn record(&mut self, cells: &mut Vec<(String, bool)>) {
        loop {
            let cell = self.quoted().unwrap_or_else(|| self.bare());
            cells.push(limited(cell));
            match self.bytes().get(self.at) {
                Some(b) if *b == self.delimiter => self.at += 1,
                Some(_) => return self.line_end(),
                None => return,
            }
        }
    }

    fn line_end(&mut self) {
        let bytes = self.bytes();
        let length = if bytes[self.at..].starts_with(b"\r\n") { 2 } else { 1 };
        self.at += length;
        self.line += 1;
    }

    fn bare(&mut self) -> String {
        let delimiter = self.delimiter;
        let ends = |b: &u8| *b == delimiter || *b == b'\n' || *b == b'\r';
        let length = self.bytes()[self.at..].iter().position(ends).unwrap_or(self.text.len() - self.at);
        let cell = self.text[self.at..self.at + length].to_owned();
        self.at += length;
        cell
    }

    /// Reads a quoted cell. Nothing when none begins here, or when it never closes: then the quote is a
    /// character like any other.
    fn quoted(&mut self) -> Option<String> {
        let bytes = self.bytes();
        let blanks =
            bytes[self.at..].iter().take_while(|b| **b == b' ' || (**b == b'\t' && self.delimiter != b'\t'));
        let open = self.at + blanks.count();
        if !self.may_close || bytes.get(open) != Some(&b'"') {
            return None;
        }
        let mut cell = String::new();
        let (mut from, mut at, mut lines) = (open + 1, open + 1, 0);
        while let Some(quote) =
            bytes[at..].iter().position(|b| *b == b'"' || *b == b'\n').map(|offset| at + offset)
        {
            if bytes[quote] == b'\n' {
                lines += 1;
                at = quote + 1;
            } else if bytes.get(quote + 1) == Some(&b'"') && self.after_blanks(quote + 1) != Some(quote + 1) {
                cell.push_str(&self.text[from..=quote]);
                (from, at) = (quote + 2, quote + 2);
            } else if let Some(end) = self.after_blanks(quote + 1) {
                cell.push_str(&self.text[from..quote]);
                self.at = end;
                self.line += lines;
                return Some(cell);
            } else {
                at = quote + 1;
            }
        }
        self.may_close = false;
        None
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

fn limited(cell: String) -> (String, bool) {
    if cell.len() <= CELL_BYTES_MAX {
        return (cell, false);
    }
    let end = (0..=KEPT_BYTES).rev().find(|end| cell.is_char_boundary(*end)).unwrap_or(0);
    (cell[..end].to_owned(), true)
}
