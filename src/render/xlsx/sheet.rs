//! A sheet before it is written: tables of cells, the places of their columns, and the formulas over them.

/// One cell. An amount takes two places: the number, and its exact text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cell {
    /// Text; it never becomes a formula.
    Text(String),
    /// A count.
    Count(u64),
    /// Decimal text of an amount in yuan.
    Money(String),
    /// A live formula and the exact result that the report holds for it.
    Formula { formula: String, result: String },
    /// Nothing.
    Blank,
}

impl Cell {
    pub(super) fn text(text: impl AsRef<str>) -> Self {
        let text = text.as_ref();
        if text.is_empty() { Self::Blank } else { Self::Text(text.to_owned()) }
    }

    pub(super) fn money(amount: &str) -> Self {
        if amount.is_empty() { Self::Blank } else { Self::Money(amount.to_owned()) }
    }
}

/// What the cells of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Short text or a code.
    Text,
    /// Sentences, wrapped.
    Long,
    /// Counts.
    Count,
    /// Amounts: two places.
    Money,
    /// A day of a coverage map.
    Day,
}

/// A column with its head.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub(super) head: String,
    pub(super) kind: Kind,
    /// Width in characters of the default font.
    pub(super) width: u16,
    /// Exact total of the column, where one stands below it.
    pub(super) total: Option<String>,
}

impl Column {
    pub(super) fn new(kind: Kind, width: u16, head: String) -> Self {
        Self { head, kind, width, total: None }
    }
}

/// A table: head, rows, and a total where columns have one.
#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Vec<Cell>>,
}

impl Table {
    /// Returns the first place (0-based sheet column) of the column at that index.
    pub(super) fn place(&self, index: usize) -> u16 {
        let before = self.columns.iter().take(index);
        before.map(|column| if column.kind == Kind::Money { 2 } else { 1 }).sum()
    }

    /// Returns how many sheet columns the table takes.
    pub(super) fn width(&self) -> u16 {
        self.place(self.columns.len())
    }

    pub(super) fn has_total(&self) -> bool {
        self.columns.iter().any(|column| column.total.is_some())
    }
}

/// A sheet: lines of text, then one table.
#[derive(Debug, Clone, Default)]
pub(super) struct Sheet {
    pub(super) name: String,
    pub(super) preamble: Vec<String>,
    pub(super) table: Table,
}

impl Sheet {
    /// Returns the 0-based sheet row of the head of the table.
    pub(super) fn head_row(&self) -> u32 {
        if self.preamble.is_empty() { 0 } else { self.preamble.len() as u32 + 1 }
    }

    /// Returns how wide the table is, in characters of the default font.
    pub(super) fn chars(&self) -> u16 {
        let of = |column: &Column| if column.kind == Kind::Money { column.width * 2 } else { column.width };
        self.table.columns.iter().map(of).sum()
    }

    /// Puts a live total below a column; `exact` is what the report holds for it.
    pub(super) fn total(&mut self, column: usize, exact: &str) {
        if let Some(column) = self.table.columns.get_mut(column) {
            column.total = Some(exact.to_owned());
        }
    }

    /// Returns the cells of a column as an absolute reference, e.g. `'账单'!$H$2:$H$13`; of an amount, its numbers.
    pub(super) fn range(&self, column: usize) -> String {
        let first = self.head_row() + 1;
        let last = first + (self.table.rows.len() as u32).max(1) - 1;
        let letters = letters(self.table.place(column));
        format!("'{}'!${letters}${}:${letters}${}", self.name, first + 1, last + 1)
    }

    /// Returns a cell of a column as an absolute reference; `row` counts the rows of the table from 0.
    pub(super) fn cell(&self, row: usize, column: usize) -> String {
        format!("${}${}", letters(self.table.place(column)), self.head_row() as usize + row + 2)
    }
}

/// Returns the formula of an exact sum: rounded to the decimals of the result, so that binary floats agree.
pub(super) fn rounded(formula: &str, result: &str) -> Cell {
    let places = result.split_once('.').map_or(0, |(_, places)| places.len());
    Cell::Formula { formula: format!("=ROUND({formula},{places})"), result: result.to_owned() }
}

/// Returns the letters of a 0-based sheet column: `A`, `Z`, `AA`.
pub(super) fn letters(mut column: u16) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(b'A' + (column % 26) as u8));
        match (column / 26).checked_sub(1) {
            Some(next) => column = next,
            None => break,
        }
    }
    letters.iter().rev().collect()
}
