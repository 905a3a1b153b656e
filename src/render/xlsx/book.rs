//! Writes sheets into a workbook. The only module that knows the crate; creation time and order are fixed, so the
//! same report gives the same bytes.

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, FormatPattern, Formula, Workbook,
    Worksheet, XlsxError,
};

use crate::error::{Error, ErrorKind, Result};
use crate::model::message::Message;
use crate::render::chart::text_width::wrapped;
use crate::render::visible::visible;
use crate::render::xlsx::number::{count, number};
use crate::render::xlsx::sheet::{Cell, Column, Kind, Sheet, Table, letters, rounded};

/// Most characters of a cell (Excel allows 32,767 units of UTF-16).
const CELL_MAX: usize = 16_000;
/// Excel's number of the paper size A4.
const PAPER_A4: u8 = 9;
/// Characters of the default font that a page holds at a legible scale.
const CHARS_ON_PAGE: u16 = 180;
const HEAD: Color = Color::RGB(0x00EF_EBE0);
const HAIR: Color = Color::RGB(0x00D5_CFC0);
const SOFT: Color = Color::RGB(0x0059_626C);
const COVERED: Color = Color::RGB(0x00D9_E8DF);
const INFERRED: Color = Color::RGB(0x00FF_F4D6);
const HATCH: Color = Color::RGB(0x00E3_B94F);

/// What the file says about itself.
pub(super) struct About {
    pub(super) title: String,
    pub(super) comment: String,
    /// Foot of every printed page: left text, and the page in words with `&P` and `&N`.
    pub(super) foot: String,
    pub(super) page: String,
    /// Head of the column beside an amount that holds its exact text.
    pub(super) exact: String,
    /// Head of the row of totals.
    pub(super) total: String,
}

/// Returns the bytes of the workbook.
///
/// # Errors
/// When the workbook cannot be written.
pub(super) fn bytes(sheets: &[Sheet], about: &About) -> Result<Vec<u8>> {
    write(sheets, about)
        .map_err(|error| Error::new(ErrorKind::Output, Message::new("error.workbook").text("cause", error)))
}

fn write(sheets: &[Sheet], about: &About) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
    let about_file = DocProperties::new().set_title(&about.title).set_comment(&about.comment);
    book.set_properties(&about_file.set_creation_datetime(&created));
    let pens = Pens::new();
    for (index, sheet) in sheets.iter().enumerate() {
        let page = book.add_worksheet();
        page.set_name(&sheet.name)?;
        set_up_print(page, sheet, about);
        put_preamble(page, sheet, &pens)?;
        put_table(page, &sheet.table, sheet.head_row(), about, &pens)?;
        set_view(page, sheet, index)?;
    }
    book.save_to_buffer()
}

/// The formats of cells.
struct Pens {
    plain: Format,
    title: Format,
    head: Format,
    text: Format,
    long: Format,
    count: Format,
    money: Format,
    exact: Format,
    total: Format,
    total_money: Format,
    day: Format,
    day_covered: Format,
    day_inferred: Format,
}

impl Pens {
    fn new() -> Self {
        let cell = || {
            Format::new()
                .set_border_bottom(FormatBorder::Hair)
                .set_border_bottom_color(HAIR)
                .set_align(FormatAlign::Top)
        };
        let total =
            || Format::new().set_bold().set_border_top(FormatBorder::Thin).set_align(FormatAlign::Top);
        let money = "0.00##########";
        let day = || cell().set_align(FormatAlign::Center);
        Self {
            plain: Format::new().set_align(FormatAlign::Top).set_text_wrap(),
            title: Format::new().set_bold().set_font_size(14).set_text_wrap(),
            head: Format::new()
                .set_bold()
                .set_text_wrap()
                .set_background_color(HEAD)
                .set_border_bottom(FormatBorder::Thin)
                .set_align(FormatAlign::VerticalCenter),
            text: cell(),
            long: cell().set_text_wrap(),
            count: cell().set_num_format("0").set_align(FormatAlign::Right).set_indent(1),
            money: cell().set_num_format(money),
            exact: cell().set_font_color(SOFT).set_align(FormatAlign::Right).set_indent(1),
            total: total(),
            total_money: total().set_num_format(money),
            day: day(),
            day_covered: day().set_background_color(COVERED),
            day_inferred: day()
                .set_pattern(FormatPattern::LightUp)
                .set_foreground_color(HATCH)
                .set_background_color(INFERRED),
        }
    }

    fn of(&self, kind: Kind) -> &Format {
        match kind {
            Kind::Text => &self.text,
            Kind::Long => &self.long,
            Kind::Count => &self.count,
            Kind::Money => &self.money,
            Kind::Day => &self.day,
        }
    }
}

/// Sets paper and foot; a wide sheet takes several pages side by side instead of shrinking until nobody can read it.
fn set_up_print(page: &mut Worksheet, sheet: &Sheet, about: &About) {
    let pages = (sheet.chars() / CHARS_ON_PAGE + 1).min(4);
    page.set_paper_size(PAPER_A4).set_landscape().set_print_fit_to_pages(pages, 0);
    page.set_footer(format!("&L&8{}&R&8{}", about.foot.replace('&', "&&"), about.page));
}

/// Freezes the head of the table and lets it be filtered; the first sheet is a page to read, not to filter.
fn set_view(page: &mut Worksheet, sheet: &Sheet, index: usize) -> std::result::Result<(), XlsxError> {
    if index == 0 {
        return Ok(());
    }
    let (table, head) = (&sheet.table, sheet.head_row());
    page.set_freeze_panes(head + 1, 0)?;
    page.set_repeat_rows(head, head)?;
    let last = head + (table.rows.len() as u32).max(1);
    page.autofilter(head, 0, last, table.width().saturating_sub(1))?;
    Ok(())
}

/// Writes the lines above the table, wrapped over its whole width.
fn put_preamble(page: &mut Worksheet, sheet: &Sheet, pens: &Pens) -> std::result::Result<(), XlsxError> {
    let last = sheet.table.width().saturating_sub(1);
    // A character of the default font is about seven pixels wide.
    let width_px = i32::from(sheet.chars()) * 7;
    for (row, line) in (0..).zip(&sheet.preamble) {
        let (pen, line_px) = if row == 0 { (&pens.title, 24) } else { (&pens.plain, 18) };
        let shown = clipped(line);
        let lines = wrapped(&shown, width_px).len() as u32;
        page.merge_range(row, 0, row, last, "", pen)?;
        put_text(page, (row, 0), &shown, pen)?;
        page.set_row_height_pixels(row, lines * line_px)?;
    }
    Ok(())
}

fn put_table(
    page: &mut Worksheet,
    table: &Table,
    head: u32,
    about: &About,
    pens: &Pens,
) -> std::result::Result<(), XlsxError> {
    for (index, column) in table.columns.iter().enumerate() {
        let place = table.place(index);
        page.set_column_width(place, column.width)?;
        put_text(page, (head, place), &column.head, &pens.head)?;
        if column.kind == Kind::Money {
            page.set_column_width(place + 1, column.width)?;
            put_text(page, (head, place + 1), &about.exact, &pens.head)?;
        }
    }
    for (row, cells) in (head + 1..).zip(&table.rows) {
        for (index, (cell, column)) in cells.iter().zip(&table.columns).enumerate() {
            put_cell(page, (row, table.place(index)), cell, column, pens)?;
        }
    }
    if table.has_total() { put_totals(page, table, head, about, pens) } else { Ok(()) }
}

fn put_cell(
    page: &mut Worksheet,
    at: (u32, u16),
    cell: &Cell,
    column: &Column,
    pens: &Pens,
) -> std::result::Result<(), XlsxError> {
    let pen = pens.of(column.kind);
    match cell {
        Cell::Blank => page.write_blank(at.0, at.1, pen).map(|_| ())?,
        Cell::Text(text) if column.kind == Kind::Day => put_day(page, at, text, pens)?,
        Cell::Text(text) => put_text(page, at, text, pen)?,
        Cell::Count(value) => page.write_number_with_format(at.0, at.1, count(*value), pen).map(|_| ())?,
        Cell::Money(amount) => {
            page.write_number_with_format(at.0, at.1, number(amount), pen)?;
            put_text(page, (at.0, at.1 + 1), amount, &pens.exact)?;
        }
        Cell::Formula { formula, result } => {
            let live = Formula::new(formula).set_result(result);
            page.write_formula_with_format(at.0, at.1, live, pen)?;
            if column.kind == Kind::Money {
                put_text(page, (at.0, at.1 + 1), result, &pens.exact)?;
            }
        }
    }
    // An amount that is blank leaves its exact text blank too, with the same hair line.
    if *cell == Cell::Blank && column.kind == Kind::Money {
        page.write_blank(at.0, at.1 + 1, &pens.exact)?;
    }
    Ok(())
}

/// Writes a day of a coverage map: `=` proved, `~` inferred, else not covered; then the count of records.
fn put_day(
    page: &mut Worksheet,
    at: (u32, u16),
    text: &str,
    pens: &Pens,
) -> std::result::Result<(), XlsxError> {
    let (pen, records) = match text.split_at_checked(1) {
        Some(("=", records)) => (&pens.day_covered, records),
        Some(("~", records)) => (&pens.day_inferred, records),
        _ => (&pens.day, text),
    };
    match records.parse::<u32>() {
        Ok(records) => page.write_number_with_format(at.0, at.1, records, pen).map(|_| ()),
        Err(_) => put_text(page, at, records, pen),
    }
}

fn put_totals(
    page: &mut Worksheet,
    table: &Table,
    head: u32,
    about: &About,
    pens: &Pens,
) -> std::result::Result<(), XlsxError> {
    let row = head + 1 + table.rows.len() as u32;
    for place in 0..table.width() {
        page.write_blank(row, place, &pens.total)?;
    }
    put_text(page, (row, 0), &about.total, &pens.total)?;
    for (index, column) in table.columns.iter().enumerate() {
        let Some(total) = &column.total else { continue };
        let place = table.place(index);
        let letters = letters(place);
        let sum = match table.rows.len() {
            0 => "0".to_owned(),
            _ => format!("SUM({letters}{}:{letters}{row})", head + 2),
        };
        if let Cell::Formula { formula, result } = rounded(&sum, total) {
            let live = Formula::new(formula).set_result(&result);
            page.write_formula_with_format(row, place, live, &pens.total_money)?;
            if column.kind == Kind::Money {
                put_text(page, (row, place + 1), &result, &pens.total)?;
            }
        }
    }
    Ok(())
}

/// Writes text as text: it is never a formula, also not after somebody edits the cell.
fn put_text(
    page: &mut Worksheet,
    at: (u32, u16),
    text: &str,
    pen: &Format,
) -> std::result::Result<(), XlsxError> {
    let shown = clipped(text);
    if shown.starts_with(['=', '+', '-', '@', '\t', '\n']) {
        page.write_string_with_format(at.0, at.1, shown, &pen.clone().set_quote_prefix())?;
    } else {
        page.write_string_with_format(at.0, at.1, shown, pen)?;
    }
    Ok(())
}

/// Returns the text as a cell can hold it: control and bidi characters visible, no longer than a cell.
fn clipped(text: &str) -> String {
    let shown = visible(text);
    if shown.chars().count() <= CELL_MAX {
        return shown;
    }
    shown.chars().take(CELL_MAX).chain(['…']).collect()
}
