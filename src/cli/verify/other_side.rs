//! `verify --with` and `--reply`: the other side's files beside the bundle.

use std::path::PathBuf;

use crate::bundle::comparison::{self, ComparedLine, Comparison, Difference, OtherSide};
use crate::bundle::pack::Packed;
use crate::cli::Status;
use crate::cli::args::VerifyArgs;
use crate::cli::console::Console;
use crate::cli::output;
use crate::cli::workspace::{Workspace, file_name, read_file};
use crate::error::{Error, ErrorKind, Result};
use crate::ingest::InputFile;
use crate::model::message::Message;
use crate::reconcile::compare::Tolerance;

/// Most rows of a table that are printed; all are in the files.
const SHOWN_MAX: usize = 10;

/// Compares what the flags name with the bundle, writes the comparison and prints its sums.
///
/// # Errors
/// When a file cannot be read or written, or the bundle could not be computed again.
pub fn run(args: &VerifyArgs, packed: Option<(&Packed, &str)>, console: &Console) -> Result<Status> {
    if args.with.is_empty() && args.reply.is_none() {
        return Ok(Status::Done);
    }
    let Some(packed) = packed else {
        return Err(Error::new(ErrorKind::Input, Message::new("compare.no-bundle")));
    };
    let reply = args.reply.as_ref().map(|path| read_file(path, &file_name(path))).transpose()?;
    let side = OtherSide { records: records(&args.with)?, reply };
    let tolerance = Tolerance { time_s: args.time_tolerance, duration_s: args.duration_tolerance };
    let comparison = comparison::comparison(packed, &side, tolerance, &console.wording)?;
    let written = output::write_all(&args.out, &comparison.outputs(&console.wording)?)?;
    if !args.json {
        tell(&comparison, console);
    }
    for file in &comparison.files {
        if let Some(problem) = &file.problem {
            let words =
                Message::new("compare.file-unusable").text("path", &file.path).text("problem", problem);
            console.warn(&console.words(&words));
        }
    }
    written.iter().filter(|_| !args.json).for_each(|path| console.line(&path.display().to_string()));
    Ok(if comparison.has_unusable_file() { Status::InputUnusable } else { Status::Done })
}

fn records(paths: &[PathBuf]) -> Result<Vec<InputFile>> {
    if paths.is_empty() { Ok(Vec::new()) } else { Ok(Workspace::read(paths, None, None)?.inputs) }
}

fn tell(comparison: &Comparison, console: &Console) {
    let tolerances = &comparison.tolerances;
    let words = Message::new("compare.tolerances").text("time_s", tolerances.time_s);
    console.say(&words.text("duration_s", tolerances.duration_s));
    for counts in &comparison.counts {
        let table = Message::new(format!("common.table.{}", counts.table));
        let words = Message::new("compare.table").message("table", table).text("equal", counts.equal);
        let words = words.text("differs", counts.differs).text("only_here", counts.only_here);
        console.say(&words.text("only_there", counts.only_there).text("outside", counts.outside_window));
        let rows = comparison.rows.iter().filter(|row| row.table == counts.table);
        let rows = rows.filter(|row| !matches!(row.outcome.as_str(), "equal" | "outside-window"));
        rows.take(SHOWN_MAX).for_each(|row| tell_row(row, console));
    }
    for line in &comparison.reply {
        let words = Message::new("reply.line").text("period", &line.period).text("item", &line.item);
        let words = words.text("replied", &line.replied).text("why", &line.why);
        console.say(&words.text("computed", line.computed_high.as_deref().unwrap_or_default()));
    }
}

fn tell_row(row: &ComparedLine, console: &Console) {
    let fields = row.differences.iter().map(Difference::message);
    let outcome = Message::new(format!("compare.outcome.{}", row.outcome));
    let words = Message::new("compare.row").message("outcome", outcome).text("label", &row.label);
    console.say(&words.list("differences", fields.collect()));
}
