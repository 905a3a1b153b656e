//! Every bill line with its disposition.

use crate::error::Result;
use crate::render::words::Words;
use crate::render::xlsx::sheet::{Cell, Kind, Sheet};
use crate::report::model::Report;

/// First two columns of every table by number and cycle.
pub(super) const NUMBER: usize = 0;
pub(super) const PERIOD: usize = 1;
pub(super) const AMOUNT: usize = 6;
pub(super) const EXPLAINED: usize = 7;
pub(super) const DISPUTED: usize = 8;
pub(super) const UNVERIFIED: usize = 9;

pub(super) fn bill(report: &Report, words: Words<'_>) -> Result<Sheet> {
    let columns = [
        ("number", Kind::Text, 14),
        ("period", Kind::Text, 9),
        ("file", Kind::Text, 28),
        ("row", Kind::Count, 6),
        ("item", Kind::Text, 26),
        ("category", Kind::Text, 12),
        ("amount", Kind::Money, 11),
        ("explained", Kind::Money, 11),
        ("disputed", Kind::Money, 11),
        ("unverified", Kind::Money, 11),
        ("findings", Kind::Text, 16),
        ("why", Kind::Long, 60),
        ("line_id", Kind::Text, 14),
    ];
    let mut sheet = super::sheet(words, "bill", &columns)?;
    let totals = &report.totals;
    let sums = [
        (AMOUNT, &totals.billed),
        (EXPLAINED, &totals.explained),
        (DISPUTED, &totals.disputed),
        (UNVERIFIED, &totals.unverified),
    ];
    for (index, total) in sums {
        sheet.total(index, total);
    }
    for line in &report.lines {
        sheet.table.rows.push(vec![
            Cell::text(&line.msisdn),
            Cell::text(&line.period),
            Cell::text(words.place(&line.source.path, line.source.sheet.as_deref(), None)?),
            line.source.row.map_or(Cell::Blank, |row| Cell::Count(row.into())),
            Cell::text(&line.item),
            Cell::text(words.code("category", &line.category)?),
            Cell::money(&line.amount),
            Cell::money(&line.explained),
            Cell::money(&line.disputed),
            Cell::money(&line.unverified),
            Cell::text(codes(report, &line.findings)),
            Cell::text(&line.why),
            Cell::text(&line.id),
        ]);
    }
    Ok(sheet)
}

/// Returns the codes of findings, each once.
pub(super) fn codes(report: &Report, ids: &[String]) -> String {
    let mut codes: Vec<&str> = Vec::new();
    for finding in report.findings.iter().filter(|finding| ids.contains(&finding.id)) {
        if !codes.contains(&finding.code.as_str()) {
            codes.push(&finding.code);
        }
    }
    codes.join(" ")
}
