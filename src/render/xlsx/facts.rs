//! The facts sheet: what customer service can check, from records only.

use crate::error::Result;
use crate::render::words::Words;
use crate::render::xlsx::sheet::{Cell, Kind, Sheet};
use crate::report::model::{FactSheet, Report};

/// Returns the facts, by number, cycle and kind; no sheet when there are none.
pub(super) fn facts(report: &Report, words: Words<'_>) -> Result<Option<Sheet>> {
    if report.facts.is_empty() {
        return Ok(None);
    }
    let columns = [
        ("number", Kind::Text, 14),
        ("period", Kind::Text, 9),
        ("record_kind", Kind::Text, 10),
        ("by", Kind::Text, 14),
        ("part", Kind::Text, 28),
        ("records", Kind::Count, 9),
        ("base_units", Kind::Count, 16),
        ("volume", Kind::Text, 14),
        ("share", Kind::Text, 9),
        ("place", Kind::Text, 40),
    ];
    let mut sheet = super::sheet(words, "facts", &columns)?;
    for facts in &report.facts {
        sheet.table.rows.extend(rows(facts, words)?);
    }
    Ok(Some(sheet))
}

fn rows(facts: &FactSheet, words: Words<'_>) -> Result<Vec<Vec<Cell>>> {
    let head = |by: String| -> Result<Vec<Cell>> {
        let kind = words.code("kind", &facts.kind)?;
        Ok(vec![Cell::text(&facts.msisdn), Cell::text(&facts.period), Cell::text(kind), Cell::text(by)])
    };
    let mut rows = Vec::new();
    for table in &facts.tables {
        for part in &table.parts {
            let mut row = head(words.plain(&format!("facts.by.{}", table.by))?)?;
            row.extend([
                Cell::text(words.part_name(&part.name)?),
                Cell::Count(part.events),
                Cell::Count(part.volume),
                Cell::text(&part.shown),
                Cell::text(format!("{}%", part.share)),
                Cell::Blank,
            ]);
            rows.push(row);
        }
    }
    let ends = [("facts.first", &facts.first), ("facts.last", &facts.last)];
    let ends = ends.into_iter().filter_map(|(key, event)| event.as_ref().map(|event| (key, event)));
    for (key, event) in ends.chain(facts.biggest.iter().map(|event| ("facts.biggest", event))) {
        let mut row = head(words.plain(key)?)?;
        let place = words.place(&event.source.path, event.source.sheet.as_deref(), event.source.row)?;
        row.extend([
            Cell::text(&event.at),
            Cell::Count(1),
            Cell::Count(event.volume),
            Cell::text(&event.shown),
            Cell::Blank,
            Cell::text(place),
        ]);
        rows.push(row);
    }
    Ok(rows)
}
