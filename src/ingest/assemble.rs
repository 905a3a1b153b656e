//! Files → the frozen case: overlapping exports merged, records split by line, declared windows added.

mod declared;
mod lines;

use crate::error::{Error, ErrorKind, Result};
use crate::ingest::FileReading;
use crate::ingest::assemble::lines::Lines;
use crate::model::case::{Case, CaseFile};
use crate::model::message::Message;
use crate::model::period::{Day, DaySpan};
use crate::model::source::{Source, TableKind};

/// Assembles the case: sources by path, `RowRef.source` set, lines by number.
///
/// # Errors
/// When there are more than 65,535 files.
pub fn assemble_case(mut readings: Vec<FileReading>, file: CaseFile, as_of: Day) -> Result<Case> {
    readings.sort_by(|a, b| a.source.path.cmp(&b.source.path));
    if readings.len() > usize::from(u16::MAX) {
        let message = Message::new("ingest.too-many-files").count("count", readings.len());
        return Err(Error::new(ErrorKind::Input, message));
    }
    let mut lines = Lines::new(&readings, &file);
    let mut sources = Vec::with_capacity(readings.len());
    for (index, reading) in readings.into_iter().enumerate() {
        let mut source = placed(reading.source, index as u16, as_of);
        lines.take(&mut source, index as u16, reading.records);
        sources.push(source);
    }
    let mut case = Case { as_of, sources, ..Case::default() };
    let declared = declared::coverage(&mut case, &file, &lines);
    lines.finish(&mut case, declared, &file);
    case.file = file;
    Ok(case)
}

/// Sets the index of the source in every place that the tables name, and clips windows to the day of the calculation.
fn placed(mut source: Source, index: u16, as_of: Day) -> Source {
    for table in &mut source.tables {
        for control in &mut table.controls {
            control.at.row.source = index;
        }
        for coverage in &mut table.coverage {
            coverage.at.row.source = index;
            // A bill printed before its period ends keeps its period: it is provisional.
            if table.kind != TableKind::Bill {
                coverage.span = clipped(coverage.span, as_of);
            }
        }
        table.coverage.retain(|coverage| !coverage.span.is_empty());
    }
    source
}

fn clipped(span: DaySpan, as_of: Day) -> DaySpan {
    let end = DaySpan::inclusive(as_of, as_of).end;
    DaySpan { start: span.start, end: span.end.min(end).max(span.start) }
}
