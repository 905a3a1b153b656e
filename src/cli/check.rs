//! `check`: the main job.

use std::path::{Path, PathBuf};

use crate::analyse::{self, Analysis};
use crate::cli::Status;
use crate::cli::args::{CheckArgs, FailOn};
use crate::cli::case;
use crate::cli::console::Console;
use crate::cli::letter::faces;
use crate::cli::output;
use crate::error::Result;
use crate::model::finding::{FindingKind, Verdict};
use crate::model::message::Message;
use crate::render::outputs::outputs_with;
use crate::report::model::Report;

/// Reads everything, rates, reconciles, detects and writes the report.
///
/// # Errors
/// When a path cannot be read, a result cannot be written, or an amount leaves the exact range.
pub fn run(args: &CheckArgs, console: &Console) -> Result<Status> {
    let Some(opened) = case::open(&args.case, args.out.as_deref(), console)? else {
        return Ok(Status::InputUnusable);
    };
    let out = args.out.clone().unwrap_or_else(|| Path::new("mingzhang-report").join(&opened.name));
    let analysis = analyse::analyse(opened.inputs, &console.wording)?;
    case::tell_plan_problems(&opened.plan_files, &analysis.plan_problems, console);
    tell_problems(&analysis, console);
    let faces = args.font.as_deref().map(|font| faces(Some(font))).transpose()?;
    let files = outputs_with(&analysis.report, &args.formats, &console.wording, faces.as_ref())?;
    let written = output::write_all(&out, &files)?;
    tell_result(&analysis.report, &written, console);
    Ok(status(&analysis, args.fail_on))
}

fn tell_problems(analysis: &Analysis, console: &Console) {
    for input in &analysis.report.inputs {
        if let Some(problem) = &input.problem {
            let words =
                Message::new("cli.unusable").text("path", &input.path).text("message", &problem.message);
            console.warn(&console.words(&words.text("help", &problem.help)));
        }
    }
    for row in analysis.report.set_aside.iter().filter(|row| row.class == "problem") {
        let place = [row.row, row.column].iter().flatten().map(u32::to_string).collect::<Vec<_>>().join(":");
        let words = Message::new("cli.set-aside").text("path", &row.path).text("place", place);
        let words = words.text("header", row.header.as_deref().unwrap_or_default());
        let words = words.text("value", row.value.as_deref().unwrap_or_default());
        let words = words.text("rule", row.rule.as_deref().unwrap_or_default()).text("reason", &row.reason);
        console.warn(&console.words(&words.text("help", row.help.as_deref().unwrap_or_default())));
    }
}

fn tell_result(report: &Report, written: &[PathBuf], console: &Console) {
    console.remark(&Message::new("cli.lead").text("lead", &report.lead));
    let totals = &report.totals;
    let sums = Message::new("cli.sums").text("billed", &totals.billed).text("explained", &totals.explained);
    console.remark(&sums.text("disputed", &totals.disputed).text("unverified", &totals.unverified));
    for path in written {
        console.line(&path.display().to_string());
    }
}

fn status(analysis: &Analysis, fail_on: Option<FailOn>) -> Status {
    if analysis.has_unusable_input() {
        return Status::InputUnusable;
    }
    let findings = analysis.settled.iter().flat_map(|line| &line.findings);
    let mut levels = findings.map(|settled| match settled.finding.verdict {
        _ if settled.finding.kind != FindingKind::Error => FailOn::Question,
        Verdict::NeedsEvidence => FailOn::NeedsEvidence,
        Verdict::Probable => FailOn::Probable,
        Verdict::Proven => FailOn::Proven,
    });
    let reached = fail_on.is_some_and(|level| levels.any(|found| found >= level));
    if reached { Status::FoundAtLevel } else { Status::Done }
}
