//! Further tables below the first one of a sheet, each with its own header.

use crate::ingest::format::Format;
use crate::ingest::header::header_name;
use crate::ingest::identify::{Header, Identified, Match, SheetContext, decide, marks_text};
use crate::model::sheet::{Row, Sheet};

/// A further table is told by at least so many known headers: data may repeat one or two header words.
const KNOWN_MIN: usize = 3;

/// Returns the first table and those below it. Where the first one is not certain, its answer stands alone.
pub fn with_further<'f>(
    sheet: &Sheet,
    first: Identified<'f>,
    formats: &[&'f Format],
    context: SheetContext<'f>,
    preface: &str,
) -> Vec<Identified<'f>> {
    let Identified::One(mut current) = first else { return vec![first] };
    let mut tables = Vec::new();
    let mut above: Vec<u32> = Vec::new();
    let first_header = current.header_row;
    for row in sheet.rows().filter(|row| row.number() > first_header && !row.is_blank()) {
        match next_table(sheet, row, &current, formats, context, preface) {
            Some(mut next) => {
                let begins = above.first().copied().unwrap_or(next.header_row);
                current.rows.1 = begins - 1;
                next.rows.0 = begins;
                tables.push(Identified::One(std::mem::replace(&mut current, next)));
                above.clear();
            }
            // A heading above a header stands alone in its row.
            None if is_heading(row) => above.push(row.number()),
            None => above.clear(),
        }
    }
    tables.push(Identified::One(current));
    tables
}

fn is_heading(row: Row<'_>) -> bool {
    row.cells().filter(|cell| !cell.trim().is_empty()).count() == 1
}

fn next_table<'f>(
    sheet: &Sheet,
    row: Row<'_>,
    current: &Match<'f>,
    formats: &[&'f Format],
    context: SheetContext<'f>,
    preface: &str,
) -> Option<Box<Match<'f>>> {
    let mut filled = row.cells().filter(|cell| !cell.trim().is_empty());
    let is_known = |cell: &str| cell.len() <= 200 && context.book.knows_header(&header_name(cell).0);
    let plain = |cell: &&str| !cell.trim_start().starts_with(|c: char| c.is_ascii_digit());
    if !filled.next().filter(plain).is_some_and(is_known) || !filled.next().is_some_and(is_known) {
        return None;
    }
    let header = Header::of(row);
    let (found, _) = header.candidates(formats, &|| marks_text(sheet, row.number(), context.path, preface));
    match (!found.is_empty()).then(|| decide(found))? {
        // The same header once more is a page break of the same table.
        Identified::One(next) if next.known >= KNOWN_MIN && !same_header(&next, current) => Some(next),
        _ => None,
    }
}

fn same_header(a: &Match<'_>, b: &Match<'_>) -> bool {
    let names = |m: &Match<'_>| m.columns.iter().map(|used| header_name(&used.header).0).collect::<Vec<_>>();
    a.format.id == b.format.id && names(a) == names(b)
}
