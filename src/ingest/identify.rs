//! Which format a sheet has: by the set of its headers, wherever the header row stands.

mod tables;
pub mod wide;

use crate::ingest::fold::fold_name;
use crate::ingest::format::{ColumnRule, Format, FormatBook};
use crate::ingest::header::{ColumnUnit, header_name};
use crate::model::case::SourceHint;
use crate::model::message::Message;
use crate::model::sheet::{Row, Sheet};
use crate::model::source::{ColumnUse, Unusable};

/// Header rows are looked for so far down: printed preambles have at most some forty rows.
pub const HEADER_ROW_MAX: usize = 500;

/// Cells of a row that are compared with headers: real ones have at most some hundred.
const HEADER_CELLS_MAX: usize = 1024;

/// A column that fills a field.
#[derive(Debug, Clone)]
pub struct Binding {
    /// 1-based column.
    pub column: u16,
    /// Index of the rule in the format.
    pub rule: usize,
    /// Unit that the header states.
    pub unit: Option<ColumnUnit>,
}

/// A format found in a sheet.
#[derive(Debug, Clone)]
pub struct Match<'f> {
    /// The format.
    pub format: &'f Format,
    /// Row of the header.
    pub header_row: u32,
    /// First and last row that belong to the table, what stands above its header included.
    pub rows: (u32, u32),
    /// How each column is read.
    pub columns: Vec<ColumnUse>,
    /// Columns by field, the preferred one first.
    pub bindings: Vec<Binding>,
    /// How many headers the format knows.
    known: usize,
    /// How many it does not know.
    unknown: usize,
    /// Whether one of the format's marks was found.
    marked: bool,
}

/// The answer for one sheet.
#[derive(Debug, Clone)]
pub enum Identified<'f> {
    /// Exactly one format wins.
    One(Box<Match<'f>>),
    /// Several fit equally well.
    Several(Vec<&'f Format>),
    /// None fits.
    None(Option<Nearest<'f>>),
}

/// The layout that comes closest.
#[derive(Debug, Clone)]
pub struct Nearest<'f> {
    /// The format.
    pub format: &'f Format,
    /// Row of the sheet that comes closest to its header.
    pub row: u32,
    /// Headers that it needs and the sheet lacks.
    pub missing: Vec<String>,
    /// Headers of the sheet that it does not know.
    pub foreign: Vec<String>,
    known: usize,
}

impl Nearest<'_> {
    /// A layout that needs no mark is the better help.
    fn rank(&self) -> (usize, bool) {
        (self.known, self.format.marks.is_empty())
    }
}

/// What is known about a sheet beside its cells.
#[derive(Debug, Clone, Copy)]
pub struct SheetContext<'a> {
    /// Known formats.
    pub book: &'a FormatBook,
    /// What case.toml says about the file. A format that it names settles the question, if it fits at all.
    pub hint: Option<&'a SourceHint>,
    /// Path of the file.
    pub path: &'a str,
}

/// Returns which format each table of the sheet has; one answer where there is none.
pub fn identify<'f>(sheet: &Sheet, context: SheetContext<'f>, preface: &str) -> Vec<Identified<'f>> {
    let wanted = context.hint.and_then(|hint| hint.format.as_deref());
    let formats: Vec<&Format> =
        context.book.formats().filter(|f| wanted.is_none_or(|id| f.id == id)).collect();
    let mut nearest: Option<Nearest<'f>> = None;
    for row in sheet.rows().take(HEADER_ROW_MAX) {
        let header = Header::over_two_rows(sheet, row, context.book).unwrap_or_else(|| Header::of(row));
        let known = header.cells.iter().any(|(_, _, name, _)| context.book.knows_header(name));
        if header.cells.len() < 2 || !known {
            continue;
        }
        let (found, near) =
            header.candidates(&formats, &|| marks_text(sheet, row.number(), context.path, preface));
        if !found.is_empty() {
            let first = decide(found);
            return tables::with_further(sheet, first, &formats, context, preface);
        }
        nearest = near.into_iter().chain(nearest).reduce(|a, b| if a.rank() > b.rank() { a } else { b });
    }
    vec![Identified::None(nearest.filter(|near| near.known > 0))]
}

/// What the marks of a format are looked for in: names, and everything above the header.
fn marks_text(sheet: &Sheet, header_row: u32, path: &str, preface: &str) -> String {
    let above = sheet.rows().take_while(|row| row.number() < header_row).flat_map(|row| row.cells());
    let names = [path, sheet.name.as_deref().unwrap_or_default()];
    let texts = names.into_iter().chain(preface.split(' ')).chain(above);
    texts.filter(|text| text.len() <= 400).map(fold_name).collect::<Vec<_>>().join(" ")
}

/// The format that knows the most headers wins; then the one whose mark was found, then the one that leaves
/// the fewest unknown.
fn decide(mut found: Vec<Match<'_>>) -> Identified<'_> {
    let rank = |m: &Match<'_>| (std::cmp::Reverse(m.known), !m.marked, m.unknown);
    found.sort_by_key(rank);
    let best = rank(&found[0]);
    let equal = found.iter().take_while(|m| rank(m) == best).count();
    if equal > 1 {
        return Identified::Several(found[..equal].iter().map(|m| m.format).collect());
    }
    Identified::One(Box::new(found.swap_remove(0)))
}

/// The cells of a row that may be a header.
struct Header<'a> {
    row: u32,
    cells: Vec<HeaderCell<'a>>,
}

/// Column, text as printed, key, unit.
type HeaderCell<'a> = (u16, &'a str, String, Option<ColumnUnit>);

impl<'a> Header<'a> {
    fn of(row: Row<'a>) -> Self {
        let numbered = row.cells().enumerate().take(usize::from(u16::MAX));
        let cells = numbered.filter(|(_, cell)| !cell.trim().is_empty() && cell.len() <= 200);
        let named = cells.take(HEADER_CELLS_MAX).map(|(index, cell)| {
            let (name, unit) = header_name(cell);
            (index as u16 + 1, cell.trim(), name, unit)
        });
        Self { row: row.number(), cells: named.filter(|(_, _, name, _)| !name.is_empty()).collect() }
    }

    /// A group of columns has its heading above them: `费用` over `原价` and `实收`. The lower words name the columns;
    /// the upper ones stand for themselves where nothing is below.
    fn over_two_rows(sheet: &'a Sheet, row: Row<'a>, book: &FormatBook) -> Option<Self> {
        let next = sheet.rows_after(row.number()).next().filter(|next| next.number() == row.number() + 1)?;
        let (upper, lower) = (Self::of(row), Self::of(next));
        let known = !lower.cells.is_empty() && lower.cells.iter().all(|cell| book.knows_header(&cell.2));
        let in_row = |cells: &[HeaderCell<'_>], column: u16| cells.iter().any(|cell| cell.0 == column);
        // The same header once more has a word above every word.
        if !known || lower.cells.iter().all(|cell| in_row(&upper.cells, cell.0)) {
            return None;
        }
        let alone = upper.cells.into_iter().filter(|cell| !in_row(&lower.cells, cell.0));
        let mut cells: Vec<HeaderCell<'a>> = alone.collect();
        cells.extend(lower.cells);
        cells.sort_by_key(|cell| cell.0);
        Some(Self { row: lower.row, cells })
    }

    /// The formats that fit, else the one that comes closest.
    fn candidates<'f>(
        &self,
        formats: &[&'f Format],
        text: &dyn Fn() -> String,
    ) -> (Vec<Match<'f>>, Option<Nearest<'f>>) {
        let (mut found, mut nearest) = (Vec::new(), None::<Nearest<'f>>);
        for format in formats {
            match self.compare(format) {
                Ok(matched) => found.push(matched),
                Err(near) if nearest.as_ref().is_none_or(|best| near.rank() > best.rank()) => {
                    nearest = Some(near)
                }
                Err(_) => {}
            }
        }
        if found.iter().any(|matched| !matched.format.marks.is_empty()) {
            let text = text();
            for matched in &mut found {
                matched.marked = matched.format.marks.iter().any(|mark| text.contains(mark));
            }
            found.retain(|matched| matched.marked || matched.format.marks.is_empty());
        }
        (found, nearest)
    }

    /// Headers beside the columns that must, or must not, be there.
    fn accompanied(&self, format: &Format) -> bool {
        let has = |name: &String| self.cells.iter().any(|(_, _, cell, _)| cell == name);
        format.with.iter().all(has) && !format.without.iter().any(has)
    }

    fn compare<'f>(&self, format: &'f Format) -> Result<Match<'f>, Nearest<'f>> {
        let bindings = self.bindings(format);
        let bound = |column: u16| bindings.iter().any(|binding| binding.column == column);
        let lacks =
            |rule: &(usize, &ColumnRule)| rule.1.required && !bindings.iter().any(|b| b.rule == rule.0);
        let missing: Vec<String> =
            format.columns.iter().enumerate().filter(lacks).map(|(_, rule)| shown_name(rule)).collect();
        let foreign = self
            .cells
            .iter()
            .filter(|(column, _, name, _)| !bound(*column) && !format.context.contains(name));
        let foreign: Vec<String> = foreign.map(|(_, printed, ..)| (*printed).to_owned()).collect();
        let known = self.cells.len() - foreign.len();
        let plausible = self.accompanied(format) && (known >= foreign.len() || self.names_fields(format));
        if missing.is_empty() && !bindings.is_empty() && plausible {
            let columns = self.columns(format, &bindings);
            let (header_row, unknown) = (self.row, foreign.len());
            let rows = (1, u32::MAX);
            Ok(Match { format, header_row, rows, columns, bindings, known, unknown, marked: false })
        } else {
            Err(Nearest { format, row: self.row, missing, foreign, known: bindings.len() })
        }
    }

    /// Every needed column has the preferred name. Then any number of foreign columns is context; a table that
    /// merely shares a few common words with a layout is another layout.
    fn names_fields(&self, format: &Format) -> bool {
        let named =
            |rule: &ColumnRule| self.cells.iter().any(|(_, _, name, _)| Some(name) == rule.headers.first());
        format.columns.iter().filter(|rule| rule.required).all(named)
    }

    /// Each column fills one field; the preferred header of a rule comes first.
    fn bindings(&self, format: &Format) -> Vec<Binding> {
        let mut bindings: Vec<Binding> = Vec::new();
        for (index, rule) in format.columns.iter().enumerate() {
            for header in &rule.headers {
                let free = |column: u16| !bindings.iter().any(|binding| binding.column == column);
                let found = self.cells.iter().find(|(column, _, name, _)| name == header && free(*column));
                if let Some((column, _, _, unit)) = found {
                    bindings.push(Binding { column: *column, rule: index, unit: *unit });
                }
            }
        }
        bindings
    }

    fn columns(&self, format: &Format, bindings: &[Binding]) -> Vec<ColumnUse> {
        let field_of = |column: u16| {
            let binding = bindings.iter().find(|binding| binding.column == column)?;
            let field = &format.columns[binding.rule].field;
            let first = bindings.iter().find(|other| &format.columns[other.rule].field == field)?;
            // Only the preferred column is quoted as the field; the others stand in for it where it is blank.
            (first.column == column).then(|| field.clone())
        };
        let used = |(column, printed): (u16, &str)| ColumnUse {
            column,
            header: printed.to_owned(),
            field: field_of(column),
        };
        self.cells.iter().map(|(column, printed, ..)| used((*column, printed))).collect()
    }
}

/// Returns the preferred header of a column, with a Chinese one beside an English one.
fn shown_name(rule: &ColumnRule) -> String {
    let preferred = &rule.headers[0];
    match rule.headers.iter().find(|header| !header.is_ascii()).filter(|_| preferred.is_ascii()) {
        Some(other) => format!("{preferred}（{other}）"),
        None => preferred.clone(),
    }
}

/// Returns the answer for a file whose layout is not known.
pub fn unknown_layout(nearest: Option<&Nearest<'_>>) -> Unusable {
    let Some(near) = nearest else {
        return Unusable {
            code: "unknown-layout",
            message: Message::new("ingest.file.no-header"),
            help: Message::new("ingest.file.no-header.help"),
        };
    };
    let message = Message::new("ingest.file.unknown-layout")
        .text("format", near.format.label())
        .text("row", near.row)
        .text("missing", near.missing.join("、"))
        .text("foreign", near.foreign.join("、"));
    Unusable { code: "unknown-layout", message, help: Message::new("ingest.file.unknown-layout.help") }
}

/// Returns the answer for a file that several layouts fit.
pub fn ambiguous_layout(formats: &[&Format]) -> Unusable {
    let labels: Vec<String> = formats.iter().map(|format| format.label()).collect();
    Unusable {
        code: "ambiguous-layout",
        message: Message::new("ingest.file.ambiguous-layout").text("formats", labels.join("、")),
        help: Message::new("ingest.file.ambiguous-layout.help"),
    }
}
