//! Windows that case.toml declares, weighed against what the file shows.

use crate::ingest::assemble::clipped;
use crate::ingest::assemble::lines::Lines;
use crate::ingest::coverage::cover_kind;
use crate::model::case::{Case, CaseFile, DeclaredCoverage};
use crate::model::coverage::{CoverKind, Coverage, CoveredBy};
use crate::model::diagnostic::{Diagnostic, DiagnosticClass};
use crate::model::message::Message;
use crate::model::period::{Day, DaySpan, WallTime, months_after};
use crate::model::source::{CellRef, RowRef, Source};
use crate::model::usage::UsageEvent;

/// Returns the declared windows by line. What contradicts a declaration lowers it to inferred, with a
/// remark in the case.
pub fn coverage(case: &mut Case, file: &CaseFile, lines: &Lines) -> Vec<(usize, Coverage)> {
    let mut windows = Vec::new();
    for declared in &file.coverage {
        let Some(index) = case.sources.iter().position(|source| source.path == declared.file) else {
            case.notes.push(note(declared, Message::new("ingest.declared.no-file")));
            continue;
        };
        leave_out_other_kinds(&mut case.sources[index], file, declared);
        let span = clipped(declared.span, case.as_of);
        let (source, index) = (&case.sources[index], index as u16);
        let of_lines = match &declared.msisdn {
            Some(msisdn) => lines.resolve(msisdn).into_iter().collect(),
            None => lines.seen_in(index, None),
        };
        for line in of_lines {
            let doubt = doubt(source, index, line, declared, file, lines);
            let by = if doubt.is_none() { CoveredBy::Declared } else { CoveredBy::Inferred };
            let header = source.tables.first().map_or(1, |table| table.header_row);
            let row = RowRef { source: index, table: 0, row: header };
            let at = CellRef { row, column: None };
            let msisdn = Some(lines.number(line).to_owned());
            windows.push((line, Coverage { msisdn, kinds: declared.kinds.clone(), span, by, at }));
            case.notes.extend(doubt.map(|reason| note(declared, reason)));
        }
    }
    windows
}

/// A declaration speaks for the whole file: what its rows merely suggest about other kinds is dropped.
fn leave_out_other_kinds(source: &mut Source, file: &CaseFile, declared: &DeclaredCoverage) {
    let of_file = file.coverage.iter().filter(|other| other.file == declared.file);
    let kinds: Vec<CoverKind> = of_file.flat_map(|other| other.kinds.iter().copied()).collect();
    for coverage in source.tables.iter_mut().flat_map(|table| &mut table.coverage) {
        if coverage.by == CoveredBy::Inferred {
            coverage.kinds.retain(|kind| kinds.contains(kind));
        }
    }
}

/// Returns what speaks against the declaration, if anything.
fn doubt(
    source: &Source,
    index: u16,
    line: usize,
    declared: &DeclaredCoverage,
    file: &CaseFile,
    lines: &Lines,
) -> Option<Message> {
    if source.tables.is_empty() {
        return Some(Message::new("ingest.declared.unusable"));
    }
    let problems = source.tables.iter().flat_map(|table| &table.set_aside);
    let problems = problems.filter(|row| row.class == DiagnosticClass::Problem).count();
    if problems > 0 {
        return Some(Message::new("ingest.declared.problem-rows").count("count", problems));
    }
    let untied =
        source.tables.iter().flat_map(|table| &table.controls).find(|c| c.name == "count" && !c.ties);
    if let Some(control) = untied {
        let message = Message::new("ingest.declared.count").text("stated", &control.stated);
        return Some(message.text("counted", &control.counted));
    }
    let stated = source.tables.iter().flat_map(|table| &table.coverage).filter(|c| c.by == CoveredBy::Stated);
    if let Some(window) = stated.map(|coverage| coverage.span).find(|window| !window.covers(declared.span)) {
        let message = Message::new("ingest.declared.window").text("start", window.start);
        return Some(message.text("end", window.last()));
    }
    row_outside(index, line, declared, file, lines)
        .map(|day| Message::new("ingest.declared.row").text("day", day))
}

/// A list issued for a month may hold late records of up to one month before, but only beside its own.
/// A row that another declaration of the same file speaks for is no stranger.
fn row_outside(
    index: u16,
    line: usize,
    declared: &DeclaredCoverage,
    file: &CaseFile,
    lines: &Lines,
) -> Option<Day> {
    let DaySpan { start, end } = declared.span;
    // A row inside the window is no stranger.
    let within = WallTime::at_start_of(start).0..WallTime::at_start_of(end).0;
    if lines.usage(line).columns().starts.iter().all(|start| within.contains(start)) {
        return None;
    }
    let others: Vec<&DeclaredCoverage> = file.coverage.iter().filter(|o| o.file == declared.file).collect();
    let spoken_for = |event: &UsageEvent<'_>| {
        let kind = cover_kind(event.kind);
        others.iter().any(|other| other.kinds.contains(&kind) && other.span.contains(event.start.day()))
    };
    let of_file = lines
        .usage(line)
        .events()
        .filter(|event| event.at.source == index && declared.kinds.contains(&cover_kind(event.kind)));
    let days: Vec<(Day, bool)> = of_file.map(|event| (event.start.day(), spoken_for(&event))).collect();
    let inside = days.iter().any(|(day, _)| declared.span.contains(*day));
    let strangers = days.into_iter().filter(|(_, spoken_for)| !spoken_for).map(|(day, _)| day);
    let is_outside = |day: &Day| *day >= end || (*day < start && (!inside || months_after(*day, 1) < start));
    strangers.into_iter().find(is_outside)
}

fn note(declared: &DeclaredCoverage, reason: Message) -> Diagnostic {
    Diagnostic {
        class: DiagnosticClass::Note,
        path: declared.file.clone(),
        sheet: None,
        row: None,
        column: None,
        header: None,
        value: None,
        rule: Some("case.toml: [[coverage]]".to_owned()),
        reason,
        help: Some(Message::new("ingest.declared.help")),
    }
}
