//! The papers themselves: files, rows set aside, remarks, and the sums that must close.

use std::collections::BTreeMap;

use crate::error::Result;
use crate::model::coverage::{Coverage, CoveredBy};
use crate::model::diagnostic::{Diagnostic, DiagnosticClass};
use crate::model::money::Money;
use crate::model::source::{Source, Table};
use crate::report::assemble::Desk;
use crate::report::model::{
    Attachment, Control, ControlTotal, Covers, Gap, Input, InputTable, Note, Problem, SetAside, Totals,
};

/// Returns the input files, by path.
pub fn inputs(desk: &Desk<'_>) -> Result<Vec<Input>> {
    let mut inputs =
        desk.case.sources.iter().map(|source| input(desk, source)).collect::<Result<Vec<_>>>()?;
    inputs.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(inputs)
}

fn input(desk: &Desk<'_>, source: &Source) -> Result<Input> {
    let sum = |count: fn(&Table) -> u64| source.tables.iter().map(count).sum();
    let first = source.tables.first();
    let problem = source.unusable.as_ref().map(|why| {
        let (message, help) = (desk.say(&why.message)?, desk.say(&why.help)?);
        Ok::<_, crate::error::Error>(Problem { code: why.code.to_owned(), message, help })
    });
    Ok(Input {
        path: source.path.clone(),
        sha256: source.sha256.clone(),
        bytes: source.length_bytes,
        profile: first.map(|table| table.profile.clone()),
        verified: first.is_some_and(|table| table.verified),
        table: first.map(|table| table.kind.code().to_owned()),
        rows_read: sum(|table| u64::from(table.rows_read)),
        rows_used: sum(|table| u64::from(table.rows_used)),
        rows_set_aside: sum(|table| table.set_aside.len() as u64),
        covers: covers(source.tables.iter().flat_map(|table| &table.coverage)),
        control: source.tables.iter().flat_map(control_totals).collect(),
        tables: if source.tables.len() > 1 {
            source.tables.iter().map(input_table).collect()
        } else {
            Vec::new()
        },
        problem: problem.transpose()?,
    })
}

fn control_totals(table: &Table) -> impl Iterator<Item = ControlTotal> {
    table.controls.iter().map(|control| ControlTotal {
        name: control.name.clone(),
        stated: control.stated.clone(),
        counted: control.counted.clone(),
        ties: control.ties,
    })
}

fn input_table(table: &Table) -> InputTable {
    InputTable {
        sheet: table.sheet.name.clone(),
        header_row: table.header_row,
        profile: table.profile.clone(),
        table: table.kind.code().to_owned(),
        rows_read: u64::from(table.rows_read),
        rows_used: u64::from(table.rows_used),
        rows_set_aside: table.set_aside.len() as u64,
    }
}

/// Returns the days from the first to the last that a file speaks for, known in the weakest way that occurs.
fn covers<'a>(parts: impl Iterator<Item = &'a Coverage>) -> Option<Covers> {
    let parts: Vec<&Coverage> = parts.filter(|part| !part.span.is_empty()).collect();
    let start = parts.iter().map(|part| part.span.start).min()?;
    let end = parts.iter().map(|part| part.span.last()).max()?;
    let by = match parts.iter().map(|part| part.by).min()? {
        CoveredBy::Stated => "stated",
        CoveredBy::Declared => "declared",
        CoveredBy::Inferred => "inferred",
    };
    Some(Covers { start: start.to_string(), end: end.to_string(), by: by.to_owned() })
}

/// Returns every row that was set aside, by path, sheet, row and column.
pub fn set_aside(desk: &Desk<'_>) -> Result<Vec<SetAside>> {
    let rows = desk.case.sources.iter().flat_map(|source| &source.tables).flat_map(|table| &table.set_aside);
    let mut rows = rows.map(|row| set_aside_row(desk, row)).collect::<Result<Vec<_>>>()?;
    rows.sort_by(|a, b| (&a.path, &a.sheet, a.row, a.column).cmp(&(&b.path, &b.sheet, b.row, b.column)));
    Ok(rows)
}

fn set_aside_row(desk: &Desk<'_>, row: &Diagnostic) -> Result<SetAside> {
    Ok(SetAside {
        path: row.path.clone(),
        sheet: row.sheet.clone(),
        row: row.row,
        column: row.column.map(u32::from),
        header: row.header.clone(),
        value: row.value.clone(),
        class: row.class.code().to_owned(),
        rule: row.rule.clone(),
        reason: desk.say(&row.reason)?,
        help: row.help.as_ref().map(|help| desk.say(help)).transpose()?,
    })
}

/// Returns the remarks that belong to no row: of files, of the case, of rating, of the run.
pub fn notes(desk: &Desk<'_>) -> Result<Vec<Note>> {
    let of_files = desk.case.sources.iter().flat_map(|source| &source.notes);
    let mut notes = Vec::new();
    for remark in of_files.chain(&desk.case.notes) {
        let path = Some(remark.path.clone()).filter(|path| !path.is_empty());
        notes.push(Note { path, text: desk.say(&remark.reason)? });
    }
    let of_rating = desk.parts.settled.iter().flat_map(|settled| &settled.rated.notes);
    for message in of_rating.chain(&desk.parts.notes) {
        notes.push(Note { path: None, text: desk.say(message)? });
    }
    let mut seen = std::collections::BTreeSet::new();
    notes.retain(|note| seen.insert((note.path.clone(), note.text.clone())));
    Ok(notes)
}

/// Returns the sums that must close, and whether they do.
pub fn control(desk: &Desk<'_>, totals: &Totals, gaps: &[Gap]) -> Result<Control> {
    let tables = || desk.case.sources.iter().flat_map(|source| &source.tables);
    let rows_read = tables().map(|table| u64::from(table.rows_read)).sum();
    let rows_used = tables().map(|table| u64::from(table.rows_used)).sum();
    let mut by_class: BTreeMap<String, u64> = BTreeMap::new();
    for class in [DiagnosticClass::Problem, DiagnosticClass::Structure] {
        by_class.insert(class.code().to_owned(), 0);
    }
    for row in tables().flat_map(|table| &table.set_aside) {
        *by_class.entry(row.class.code().to_owned()).or_default() += 1;
    }
    let rows_set_aside = by_class.values().sum();
    let residual =
        Money::sum(gaps.iter().map(|gap| Money::parse(&gap.residual)).collect::<Result<Vec<_>>>()?)?;
    let all_zero = gaps.iter().all(|gap| gap.residual == "0.00");
    let parts = [&totals.explained, &totals.disputed, &totals.unverified];
    let parts = Money::sum(parts.into_iter().map(|part| Money::parse(part)).collect::<Result<Vec<_>>>()?)?;
    let closes =
        rows_read == rows_used + rows_set_aside && all_zero && parts == Money::parse(&totals.billed)?;
    Ok(Control {
        rows_read,
        rows_used,
        rows_set_aside,
        set_aside_by_class: by_class,
        residual: residual.to_string(),
        closes,
    })
}

/// Returns the quoted files with what the case says about them, by path.
pub fn attachments(desk: &Desk<'_>) -> Vec<Attachment> {
    let mut all: Vec<Attachment> = desk
        .case
        .file
        .attachments
        .iter()
        .map(|told| Attachment {
            path: told.file.clone(),
            about: told.about.clone(),
            obtained: told.obtained.clone(),
            sha256: None,
        })
        .collect();
    for found in &desk.parts.attachments {
        match all.iter_mut().find(|told| told.path == found.path) {
            Some(told) => told.sha256.clone_from(&found.sha256),
            None => all.push(found.clone()),
        }
    }
    all.sort_by(|a, b| a.path.cmp(&b.path));
    all
}
