//! The papers: which days they cover, what was looked for, where they come from, what could not be read.

use crate::error::Result;
use crate::render::words::Words;
use crate::render::xlsx::sheet::{Cell, Column, Kind, Sheet};
use crate::report::model::{CoverageMap, Input, Report};

/// Longest month.
const DAYS: usize = 31;

pub(super) fn coverage(report: &Report, words: Words<'_>) -> Result<Sheet> {
    let columns = [
        ("number", Kind::Text, 14),
        ("period", Kind::Text, 9),
        ("record_kind", Kind::Text, 12),
        ("level", Kind::Text, 12),
        ("days_covered", Kind::Count, 9),
        ("records", Kind::Count, 9),
    ];
    let mut sheet = super::sheet(words, "coverage", &columns)?;
    for day in 1..=DAYS {
        let head = day.to_string();
        sheet.table.columns.push(Column::new(Kind::Day, 5, head));
    }
    for map in &report.coverage {
        sheet.table.rows.push(coverage_row(map, words)?);
    }
    sheet.preamble = vec![words.plain("html.coverage")?, words.plain("xlsx.coverage.key")?];
    Ok(sheet)
}

fn coverage_row(map: &CoverageMap, words: Words<'_>) -> Result<Vec<Cell>> {
    let records = map.events.iter().map(|count| u64::from(*count)).sum();
    let mut row = vec![
        Cell::text(&map.msisdn),
        Cell::text(&map.period),
        Cell::text(words.code("kind", &map.kind)?),
        Cell::text(words.plain(&format!("html.coverage.level.{}", map.level))?),
        Cell::Count(map.days_covered.into()),
        Cell::Count(records),
    ];
    row.extend((0..DAYS).map(|day| match (map.days.get(day), map.events.get(day)) {
        (Some(by), events) => {
            let mark = match by.as_str() {
                "" => "",
                "inferred" => "~",
                _ => "=",
            };
            let events = events.copied().unwrap_or(0);
            // A day that nothing speaks for and that holds no record stays empty: it is not a zero.
            let count = if mark.is_empty() && events == 0 { "—".to_owned() } else { events.to_string() };
            Cell::Text(format!("{mark}{count}"))
        }
        _ => Cell::Blank,
    }));
    Ok(row)
}

pub(super) fn detectors(report: &Report, words: Words<'_>) -> Result<Sheet> {
    let columns = [
        ("code", Kind::Text, 10),
        ("title", Kind::Long, 44),
        ("outcome", Kind::Text, 24),
        ("found", Kind::Count, 9),
        ("missing", Kind::Long, 60),
        ("name", Kind::Text, 36),
    ];
    let mut sheet = super::sheet(words, "detectors", &columns)?;
    for detector in &report.detectors {
        sheet.table.rows.push(vec![
            Cell::text(&detector.code),
            Cell::text(&detector.title),
            Cell::text(words.plain(&format!("html.outcome.{}", detector.outcome))?),
            Cell::Count(detector.findings),
            Cell::text(detector.missing.join("\n")),
            Cell::text(&detector.name),
        ]);
    }
    Ok(sheet)
}

pub(super) const READ: usize = 4;
pub(super) const USED: usize = 5;
pub(super) const ASIDE: usize = 6;

pub(super) fn sources(report: &Report, words: Words<'_>) -> Result<Sheet> {
    let columns = [
        ("file", Kind::Text, 36),
        ("table", Kind::Text, 12),
        ("layout", Kind::Text, 24),
        ("bytes", Kind::Count, 10),
        ("read", Kind::Count, 9),
        ("used", Kind::Count, 9),
        ("aside", Kind::Count, 9),
        ("covers", Kind::Text, 34),
        ("control", Kind::Long, 36),
        ("remark", Kind::Long, 36),
        ("sha256", Kind::Text, 66),
    ];
    let mut sheet = super::sheet(words, "sources", &columns)?;
    let control = &report.control;
    let sums = [(READ, control.rows_read), (USED, control.rows_used), (ASIDE, control.rows_set_aside)];
    for (index, total) in sums {
        sheet.total(index, &total.to_string());
    }
    for input in &report.inputs {
        sheet.table.rows.push(source(input, words)?);
    }
    for file in &report.attachments {
        let mut row = vec![Cell::Blank; columns.len()];
        row[0] = Cell::text(&file.path);
        row[1] = Cell::text(words.plain("html.attachment")?);
        let about = [file.about.as_deref(), file.obtained.as_deref()];
        row[9] = Cell::text(about.into_iter().flatten().collect::<Vec<_>>().join("\n"));
        row[10] = Cell::text(file.sha256.as_deref().unwrap_or_default());
        sheet.table.rows.push(row);
    }
    Ok(sheet)
}

fn source(input: &Input, words: Words<'_>) -> Result<Vec<Cell>> {
    let table =
        input.table.as_deref().map_or_else(|| words.plain("html.not_used"), |it| words.code("table", it));
    let covers = input.covers.as_ref().map(|days| words.covers(days)).transpose()?.unwrap_or_default();
    let controls = input.control.iter().map(|total| words.control_total(total));
    let controls = controls.collect::<Result<Vec<_>>>()?;
    let remark = input.problem.as_ref().map(|it| format!("{} {}", it.message, it.help)).unwrap_or_default();
    Ok(vec![
        Cell::text(&input.path),
        Cell::text(table?),
        Cell::text(input.profile.as_deref().unwrap_or_default()),
        Cell::Count(input.bytes),
        Cell::Count(input.rows_read),
        Cell::Count(input.rows_used),
        Cell::Count(input.rows_set_aside),
        Cell::text(covers),
        Cell::text(controls.join("\n")),
        Cell::text(remark),
        Cell::text(&input.sha256),
    ])
}

/// Returns the rows that were set aside; no sheet when there are none.
pub(super) fn set_aside(report: &Report, words: Words<'_>) -> Result<Option<Sheet>> {
    if report.set_aside.is_empty() {
        return Ok(None);
    }
    let columns = [
        ("file", Kind::Text, 36),
        ("row", Kind::Count, 7),
        ("column", Kind::Count, 7),
        ("head", Kind::Text, 18),
        ("value", Kind::Long, 40),
        ("reason", Kind::Long, 40),
        ("help", Kind::Long, 40),
    ];
    let mut sheet = super::sheet(words, "set-aside", &columns)?;
    for row in &report.set_aside {
        sheet.table.rows.push(vec![
            Cell::text(words.place(&row.path, row.sheet.as_deref(), None)?),
            row.row.map_or(Cell::Blank, |row| Cell::Count(row.into())),
            row.column.map_or(Cell::Blank, |column| Cell::Count(column.into())),
            Cell::text(row.header.as_deref().unwrap_or_default()),
            Cell::text(row.value.as_deref().unwrap_or_default()),
            Cell::text(&row.reason),
            Cell::text(row.help.as_deref().unwrap_or_default()),
        ]);
    }
    Ok(Some(sheet))
}
