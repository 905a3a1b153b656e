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
}

/// The cells of one CSV file or one sheet of a workbook. Rows and columns are 1-based for people,
/// and a row keeps the number that it has in its file, also where rows are missing.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    /// Name of the sheet; none for a CSV file.
    pub name: Option<String>,
    text: String,
    cell_ends: Vec<u32>,
    cell_kinds: Vec<CellKind>,
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
        self.row_ends.push(self.cell_ends.len() as u32);
    }

    /// Adds the next cell of the current row. `raw` is the stored form where it differs from the text,
    /// e.g. `548.58000000000004`.
    pub fn push_cell(&mut self, text: &str, kind: CellKind, raw: Option<&str>) {
        if let Some(raw) = raw.filter(|raw| *raw != text) {
            self.raw.push((self.cell_ends.len() as u32, raw.to_owned()));
        }
        self.text.push_str(text);
        self.cell_ends.push(self.text.len() as u32);
        self.cell_kinds.push(kind);
        if let Some(end) = self.row_ends.last_mut() {
            *end = self.cell_ends.len() as u32;
        }
    }

    /// Returns how many bytes of text the sheet holds; readers refuse to go beyond 4 GiB.
    pub fn length_bytes(&self) -> usize {
        self.text.len()
    }

    /// Returns how many rows the sheet holds, blank ones included.
    pub fn row_count(&self) -> usize {
        self.row_numbers.len()
    }

    /// Returns the rows in order.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.row_numbers.len()).map(|index| Row { sheet: self, index })
    }

    /// Returns the row with that number in its file.
    pub fn row(&self, number: u32) -> Option<Row<'_>> {
        self.row_numbers.binary_search(&number).ok().map(|index| Row { sheet: self, index })
    }
}

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
        let start = cell.checked_sub(1).map_or(0, |before| self.sheet.cell_ends[before] as usize);
        &self.sheet.text[start..self.sheet.cell_ends[cell] as usize]
    }

    /// Returns what the cell in that 1-based column was; text when the row is shorter.
    pub fn kind(self, column: usize) -> CellKind {
        self.cell_index(column).map_or(CellKind::Text, |cell| self.sheet.cell_kinds[cell])
    }

    /// Returns the stored form of the cell in that 1-based column, where it differs from the text.
    pub fn raw(self, column: usize) -> Option<&'a str> {
        let cell = self.cell_index(column)? as u32;
        let at = self.sheet.raw.binary_search_by_key(&cell, |(index, _)| *index).ok()?;
        Some(&self.sheet.raw[at].1)
    }

    /// Returns the cells in order, untrimmed.
    pub fn cells(self) -> impl Iterator<Item = &'a str> {
        (1..=self.width()).map(move |column| self.cell(column))
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
