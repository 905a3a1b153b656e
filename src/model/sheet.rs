//! A table of cells as a file prints them, kept compactly so that any row can be quoted later.

/// What a cell was in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellKind {
    /// Text, as every CSV cell is.
    Text,
    /// A workbook number: the text holds 15 significant digits.
    Number,
    /// A workbook date: the text holds `YYYY-MM-DD HH:MM:SS`, rounded to the nearest second.
    DateTime,
    /// A workbook error value, a boolean or anything else that is not data here.
    Other,
    /// Text of a merged cell that reaches down from a row above: it holds here too, but is no amount of this row.
    Repeated,
}

/// The cells of one CSV file or one sheet of a workbook. Rows and columns are 1-based for people,
/// and a row keeps the number that it has in its file, also where rows are missing.
///
/// A cell is a range of the sheet's text, so a decoded CSV file becomes a sheet without being copied.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    /// Name of the sheet; none for a CSV file.
    pub name: Option<String>,
    text: String,
    /// Cells that stand nowhere in the text as they are; their places count on behind it.
    beside: String,
    cells: Vec<(u32, u32)>,
    /// What each cell was; shorter than the cells where the rest is text.
    kinds: Vec<CellKind>,
    row_numbers: Vec<u32>,
    row_ends: Vec<u32>,
    raw: Vec<(u32, String)>,
}

impl Sheet {
    /// Returns an empty sheet of that name.
    pub fn new(name: Option<String>) -> Self {
        Self { name, ..Self::default() }
    }

    /// Begins a row; rows must come in rising order of their numbers.
    pub fn begin_row(&mut self, row: u32) {
        debug_assert!(self.row_numbers.last().is_none_or(|last| *last < row), "rows come in order");
        self.row_numbers.push(row);
        self.row_ends.push(self.cells.len() as u32);
    }

    /// Adds the next cell of the current row. `raw` is the stored form where it differs from the text,
    /// e.g. `548.58000000000004`.
    pub fn push_cell(&mut self, text: &str, kind: CellKind, raw: Option<&str>) {
        if let Some(raw) = raw.filter(|raw| *raw != text) {
            self.raw.push((self.cells.len() as u32, raw.to_owned()));
        }
        if kind != CellKind::Text {
            self.kinds.resize(self.cells.len(), CellKind::Text);
            self.kinds.push(kind);
        }
        let start = self.text.len() + self.beside.len();
        self.beside.push_str(text);
        self.push_range(start..start + text.len());
    }

    /// Adds a text cell that is a range of the texts which [`Sheet::set_texts`] takes over.
    pub fn push_range(&mut self, range: std::ops::Range<usize>) {
        self.cells.push((range.start as u32, range.end as u32));
        if let Some(end) = self.row_ends.last_mut() {
            *end = self.cells.len() as u32;
        }
    }

    /// Makes place for so many rows and cells at once: growing step by step would take half as much again.
    pub fn reserve(&mut self, rows: usize, cells: usize) {
        self.row_numbers.reserve_exact(rows);
        self.row_ends.reserve_exact(rows);
        self.cells.reserve_exact(cells);
    }

    /// Takes over the texts into which the ranges of the cells point: the second one counts on behind the first.
    pub fn set_texts(&mut self, text: String, beside: String) {
        assert!(self.text.is_empty() && self.beside.is_empty(), "the cells point into one pair of texts");
        (self.text, self.beside) = (text, beside);
    }

    /// Returns the text from place to place.
    fn slice(&self, (start, end): (u32, u32)) -> &str {
        let (start, end) = (start as usize, end as usize);
        match start.checked_sub(self.text.len()) {
            Some(start) if !self.beside.is_empty() => &self.beside[start..end - self.text.len()],
            _ => &self.text[start..end],
        }
    }

    /// Gives back the text that was taken over.
    pub fn into_text(self) -> String {
        self.text
    }

    /// Returns how many bytes of memory the places of the cells and rows take, without their text.
    pub fn places_bytes(&self) -> usize {
        (self.cells.len() + self.row_numbers.len()) * PLACE_BYTES + self.kinds.len()
    }

    /// Returns how many rows the sheet holds, blank ones included.
    pub fn row_count(&self) -> usize {
        self.row_numbers.len()
    }

    /// Returns the rows in order.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.row_numbers.len()).map(|index| Row { sheet: self, index })
    }

    /// Returns the rows below the row with that number, in order.
    pub fn rows_after(&self, number: u32) -> impl Iterator<Item = Row<'_>> {
        let first = self.row_numbers.partition_point(|row| *row <= number);
        (first..self.row_numbers.len()).map(|index| Row { sheet: self, index })
    }

    /// Returns the row with that number in its file.
    pub fn row(&self, number: u32) -> Option<Row<'_>> {
        self.row_numbers.binary_search(&number).ok().map(|index| Row { sheet: self, index })
    }
}

/// Bytes of the place of a cell, and of the place of a row.
const PLACE_BYTES: usize = 8;

/// One row of a [`Sheet`].
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    sheet: &'a Sheet,
    index: usize,
}

impl<'a> Row<'a> {
    /// Returns the 1-based number of the row in its file.
    pub fn number(self) -> u32 {
        self.sheet.row_numbers[self.index]
    }

    fn first_cell(self) -> usize {
        self.index.checked_sub(1).map_or(0, |before| self.sheet.row_ends[before] as usize)
    }

    /// Returns how many cells the row has.
    pub fn width(self) -> usize {
        self.sheet.row_ends[self.index] as usize - self.first_cell()
    }

    /// Returns the text of the cell in that 1-based column, untrimmed; empty when the row is shorter.
    pub fn cell(self, column: usize) -> &'a str {
        let Some(cell) = self.cell_index(column) else { return "" };
        self.sheet.slice(self.sheet.cells[cell])
    }

    /// Returns what the cell in that 1-based column was; text when the row is shorter.
    pub fn kind(self, column: usize) -> CellKind {
        let kind = self.cell_index(column).and_then(|cell| self.sheet.kinds.get(cell));
        kind.copied().unwrap_or(CellKind::Text)
    }

    /// Returns the stored form of the cell in that 1-based column, where it differs from the text.
    pub fn raw(self, column: usize) -> Option<&'a str> {
        let cell = self.cell_index(column)? as u32;
        let at = self.sheet.raw.binary_search_by_key(&cell, |(index, _)| *index).ok()?;
        Some(&self.sheet.raw[at].1)
    }

    /// Returns the cells in order, untrimmed.
    pub fn cells(self) -> impl Iterator<Item = &'a str> {
        let last = self.sheet.row_ends[self.index] as usize;
        let places = &self.sheet.cells[self.first_cell()..last];
        places.iter().map(|place| self.sheet.slice(*place))
    }

    /// Returns whether every cell is blank.
    pub fn is_blank(self) -> bool {
        self.cells().all(|cell| cell.trim().is_empty())
    }

    fn cell_index(self, column: usize) -> Option<usize> {
        let cell = self.first_cell() + column.checked_sub(1)?;
        (cell < self.sheet.row_ends[self.index] as usize).then_some(cell)
    }
}
