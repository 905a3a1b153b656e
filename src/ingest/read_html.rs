//! Tables of a page to sheets, also of pages that are named .xls. A row has the number of its `tr` in the table.

use html5gum::{StartTag, Token, Tokenizer};

use crate::ingest::container::unusable;
use crate::ingest::decode;
use crate::ingest::read_csv::{CELL_BYTES_MAX, ReadSheet};
use crate::ingest::room::Room;
use crate::model::sheet::{CellKind, Sheet};
use crate::model::source::Unusable;

/// Most tables that stand in each other; what is deeper counts as text.
const DEPTH_MAX: usize = 64;
/// Longest text between two tags.
const RUN_BYTES_MAX: usize = 16 << 20;
/// Bytes of a cell beside its text, while the page is read.
const CELL_BYTES: usize = 64;
/// Most columns over which a cell may stretch.
const SPAN_MAX: usize = 256;
/// Most tables of a page that are looked at.
const TABLES_MAX: usize = 1_000;
/// Most cells that reach down side by side.
const REACHING_MAX: usize = 512;
/// Longest text that a cell repeats in the rows over which it reaches, in bytes.
const REACHING_BYTES_MAX: usize = 200;
/// Longest line that is kept as text before a table.
const LINE_BYTES_MAX: usize = 4096;
/// Most lines that are kept as text before a table.
const PREFACE_LINES_MAX: usize = 200;
/// A table with so few columns may be the preamble of the next one.
const PREAMBLE_COLUMNS_MAX: usize = 4;

/// Returns the tables of the page in the order in which they begin.
///
/// # Errors
/// When the page holds no table of two columns, as a login or an error page, or too many or too large cells.
pub fn read_html(bytes: &[u8], room: &mut Room) -> Result<Vec<ReadSheet>, Unusable> {
    if longest_run(bytes, b'<') > RUN_BYTES_MAX {
        return Err(unusable("large-cell"));
    }
    let text = decode::decode(bytes.into(), room)?;
    let mut page = Page { room: room.left_bytes(), ..Page::default() };
    for token in Tokenizer::new(text.as_str()) {
        let Ok(token) = token;
        page.token(&token);
    }
    page.close_all();
    if page.room == 0 {
        return Err(unusable("too-large"));
    }
    room.spend(room.left_bytes() - page.room)?;
    if page.done.iter().all(|table| table.width() < 2) {
        return Err(unusable("html"));
    }
    page.done.sort_by_key(|table| table.order);
    Ok(sheets(page.done))
}

/// Returns the length of the longest run without that byte.
pub fn longest_run(bytes: &[u8], byte: u8) -> usize {
    let mut from = 0;
    let mut longest = 0;
    for at in memchr::memchr_iter(byte, bytes).chain([bytes.len()]) {
        longest = longest.max(at - from);
        from = at;
    }
    longest
}

/// Each table with the text before it: loose lines and narrow tables.
fn sheets(tables: Vec<HtmlTable>) -> Vec<ReadSheet> {
    let mut preface: Vec<String> = Vec::new();
    let mut sheets = Vec::new();
    for table in tables {
        preface.extend(table.before.iter().cloned());
        preface.truncate(PREFACE_LINES_MAX);
        let mut read =
            ReadSheet { sheet: Sheet::new(None), preface: preface.clone(), ..ReadSheet::default() };
        for (number, cells) in &table.rows {
            read.sheet.begin_row(*number);
            for (index, cell) in cells.iter().enumerate() {
                push(&mut read, *number, index, cell);
            }
        }
        if table.width() <= PREAMBLE_COLUMNS_MAX {
            preface.extend(table.rows.iter().map(|(_, cells)| {
                cells.iter().map(|cell| cell.text.as_str()).collect::<Vec<_>>().join("  ")
            }));
        }
        sheets.push(read);
    }
    sheets
}

fn push(read: &mut ReadSheet, row: u32, index: usize, cell: &PageCell) {
    if cell.text.len() > CELL_BYTES_MAX {
        read.oversized.push((row, (index + 1).min(usize::from(u16::MAX)) as u16));
        return read.sheet.push_cell("…", CellKind::Text, None);
    }
    let kind = if cell.is_repeated { CellKind::Repeated } else { CellKind::Text };
    read.sheet.push_cell(&cell.text, kind, None);
}

#[derive(Debug, Default)]
struct Page {
    open: Vec<HtmlTable>,
    done: Vec<HtmlTable>,
    /// Lines outside every cell since the last table.
    loose: Vec<String>,
    line: String,
    /// Name of the element whose content is no text.
    skipped: Option<Vec<u8>>,
    tables: usize,
    /// Tables that are too deep to be looked at.
    too_deep: usize,
    /// Bytes of memory that are left.
    room: usize,
}

#[derive(Debug, Default)]
struct HtmlTable {
    order: usize,
    before: Vec<String>,
    rows: Vec<(u32, Vec<PageCell>)>,
    /// Number of the current `tr`.
    row: u32,
    cells: Option<Vec<PageCell>>,
    cell: Option<Cell>,
    /// Cells that reach down: (column index, rows left, text).
    reaching: Vec<(usize, usize, String)>,
}

/// A finished cell.
#[derive(Debug, Default)]
struct PageCell {
    text: String,
    /// Whether it reaches down from a row above.
    is_repeated: bool,
}

#[derive(Debug, Default)]
struct Cell {
    text: String,
    columns: usize,
    rows: usize,
}

impl Page {
    fn token(&mut self, token: &Token) {
        match token {
            Token::EndTag(tag) if self.skipped.as_ref() == Some(&tag.name.0) => self.skipped = None,
            _ if self.skipped.is_some() => {}
            Token::StartTag(tag) => self.start(tag),
            Token::EndTag(tag) => self.end(&tag.name.0),
            Token::String(text) => self.text(&String::from_utf8_lossy(&text.value.0)),
            _ => {}
        }
    }

    fn start(&mut self, tag: &StartTag<()>) {
        match tag.name.0.as_slice() {
            name @ (b"script" | b"style") if !tag.self_closing => self.skipped = Some(name.to_vec()),
            b"table" => self.begin_table(),
            b"tr" => self.in_table(HtmlTable::begin_row),
            b"td" | b"th" => {
                let span = |name: &[u8]| {
                    let value = tag.attributes.iter().find(|(key, _)| key.0 == name)?.1;
                    std::str::from_utf8(&value.0).ok()?.trim().parse::<usize>().ok()
                };
                let columns = span(b"colspan").unwrap_or(1).clamp(1, SPAN_MAX);
                let rows = span(b"rowspan").unwrap_or(1).clamp(1, SPAN_MAX);
                let reaching = self.open.last().map_or(0, |table| table.reaching.len());
                self.spend((columns + reaching) * CELL_BYTES);
                self.in_table(|table| table.begin_cell(columns, rows));
            }
            b"br" | b"p" | b"div" | b"li" | b"h1" | b"h2" | b"h3" => self.break_line(),
            _ => {}
        }
    }

    fn end(&mut self, name: &[u8]) {
        match name {
            b"table" => self.end_table(),
            b"tr" => self.in_table(HtmlTable::end_row),
            b"td" | b"th" => self.in_table(HtmlTable::end_cell),
            b"p" | b"div" | b"li" | b"h1" | b"h2" | b"h3" | b"title" => self.break_line(),
            _ => {}
        }
    }

    fn spend(&mut self, bytes: usize) {
        self.room = self.room.saturating_sub(bytes);
    }

    fn in_table(&mut self, act: impl FnOnce(&mut HtmlTable)) {
        if let Some(table) = self.open.last_mut().filter(|_| self.room > 0) {
            act(table);
        }
    }

    fn begin_table(&mut self) {
        if self.open.len() >= DEPTH_MAX {
            self.too_deep += 1;
            return;
        }
        self.break_line();
        let before = std::mem::take(&mut self.loose);
        self.open.push(HtmlTable { order: self.tables, before, ..HtmlTable::default() });
        self.tables += 1;
    }

    fn end_table(&mut self) {
        if let Some(deep) = self.too_deep.checked_sub(1) {
            self.too_deep = deep;
        } else if let Some(mut table) = self.open.pop() {
            table.end_row();
            // A page of a thousand tables is no bill; the first ones are enough to say so.
            if self.done.len() < TABLES_MAX {
                let before: usize = table.before.iter().map(String::len).sum();
                self.spend(before);
                self.done.push(table);
            }
        }
    }

    fn close_all(&mut self) {
        self.too_deep = 0;
        while !self.open.is_empty() {
            self.end_table();
        }
    }

    fn text(&mut self, text: &str) {
        let line_is_kept = self.line.len() <= LINE_BYTES_MAX;
        match self.open.last_mut().and_then(|table| table.cell.as_mut()) {
            // Beyond the limit a cell is only known to be too large.
            Some(cell) if cell.text.len() <= CELL_BYTES_MAX => {
                cell.text.push_str(text);
                // Once in the page and once in the sheet.
                self.spend(2 * text.len());
            }
            None if line_is_kept => self.line.push_str(text),
            _ => {}
        }
    }

    fn break_line(&mut self) {
        if let Some(cell) = self.open.last_mut().and_then(|table| table.cell.as_mut()) {
            return cell.text.push(' ');
        }
        let line = std::mem::take(&mut self.line);
        if !line.trim().is_empty() && line.len() <= LINE_BYTES_MAX && self.loose.len() < PREFACE_LINES_MAX {
            self.loose.push(line.trim().to_owned());
        }
    }
}

impl HtmlTable {
    fn width(&self) -> usize {
        let filled = |cells: &Vec<PageCell>| cells.iter().filter(|cell| !cell.text.is_empty()).count();
        self.rows.iter().map(|(_, cells)| filled(cells)).max().unwrap_or(0)
    }

    fn begin_row(&mut self) {
        self.end_row();
        self.row += 1;
        self.cells = Some(Vec::new());
    }

    fn begin_cell(&mut self, columns: usize, rows: usize) {
        if self.cells.is_none() {
            self.begin_row();
        }
        self.end_cell();
        self.fill_from_above();
        self.cell = Some(Cell { text: String::new(), columns, rows });
    }

    /// Writes the cells of rows above that reach into this column.
    fn fill_from_above(&mut self) {
        let Some(cells) = &mut self.cells else { return };
        while let Some(above) =
            self.reaching.iter_mut().find(|(column, rows, _)| *column == cells.len() && *rows > 0)
        {
            above.1 -= 1;
            cells.push(PageCell { text: above.2.clone(), is_repeated: true });
        }
    }

    fn end_cell(&mut self) {
        let (Some(cell), Some(cells)) = (self.cell.take(), &mut self.cells) else { return };
        let text = cell.text.split_whitespace().collect::<Vec<_>>().join(" ");
        for offset in 0..cell.columns {
            let shown = if offset == 0 { text.clone() } else { String::new() };
            if cell.rows > 1 && self.reaching.len() < REACHING_MAX {
                let repeated = if shown.len() <= REACHING_BYTES_MAX { shown.clone() } else { String::new() };
                self.reaching.push((cells.len(), cell.rows - 1, repeated));
            }
            cells.push(PageCell { text: shown, is_repeated: false });
        }
    }

    fn end_row(&mut self) {
        self.end_cell();
        self.fill_from_above();
        let has_own =
            |cells: &Vec<PageCell>| cells.iter().any(|cell| !cell.is_repeated && !cell.text.is_empty());
        if let Some(cells) = self.cells.take().filter(has_own) {
            self.rows.push((self.row, cells));
        }
        self.reaching.retain(|(_, rows, _)| *rows > 0);
    }
}
