//! `check`: the main job.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Duration};

use crate::analyse::{self, Analysis, Inputs};
use crate::cli::Status;
use crate::cli::args::{CheckArgs, FailOn, OutputFormat};
use crate::cli::catalogue;
use crate::cli::console::Console;
use crate::cli::output;
use crate::cli::workspace::{Workspace, read_file};
use crate::error::Result;
use crate::ingest::InputFile;
use crate::model::case::CaseFile;
use crate::model::finding::Verdict;
use crate::model::message::Message;
use crate::model::period::Day;
use crate::render;
use crate::report::model::{Attachment, Report};
use crate::rules;

/// Reads everything, rates, reconciles, detects and writes the report.
///
/// # Errors
/// When a path cannot be read, a result cannot be written, or an amount leaves the exact range.
pub fn run(args: &CheckArgs, console: &Console) -> Result<Status> {
    let out = args.out.clone();
    let mut workspace = Workspace::read(&args.paths, args.case.as_deref(), out.as_deref())?;
    let out = out.unwrap_or_else(|| Path::new("mingzhang-report").join(&workspace.name));
    let Some(case_file) = case_file(&workspace, console) else { return Ok(Status::InputUnusable) };
    let assumed_plans = add_plans(&args.plan, &mut workspace)?;
    for path in &workspace.passed_over {
        console.remark(&Message::new("cli.passed-over").text("path", path));
    }
    let plan_files = workspace.plans.clone();
    let as_of = args.as_of.or(case_file.as_of).unwrap_or_else(today_in_beijing);
    let Some((formats, _)) = catalogue::format_book(&args.format, console)? else {
        return Ok(Status::InputUnusable);
    };
    let inputs = Inputs {
        formats,
        files: workspace.inputs,
        case_file,
        plans: workspace.plans,
        assumed_plans,
        attachments: workspace.attachments.into_iter().map(attachment).collect(),
        as_of,
    };
    let analysis = analyse::analyse(inputs, &console.wording)?;
    tell_problems(&analysis, &plan_files, console);
    let written = write_outputs(&analysis.report, &args.formats, &out, console)?;
    tell_result(&analysis.report, &written, console);
    Ok(status(&analysis, args.fail_on))
}

/// Returns the checked case file, or none when it does not hold; its problems are printed.
pub(super) fn case_file(workspace: &Workspace, console: &Console) -> Option<CaseFile> {
    let Some(file) = &workspace.case_file else { return Some(CaseFile::default()) };
    let text = String::from_utf8_lossy(&file.bytes);
    match rules::case_file::parse(&file.path, &text) {
        Ok(case_file) => Some(case_file),
        Err(problems) => {
            console.warn(&rules::problem_text::render(&problems, &text, &|message| console.words(message)));
            None
        }
    }
}

/// Adds the plan files that `--plan` names; what is no file is an id. Returns the ids taken as in force.
pub(super) fn add_plans(named: &[String], workspace: &mut Workspace) -> Result<Vec<String>> {
    let mut ids = Vec::new();
    for name in named {
        let path = PathBuf::from(name);
        if path.is_file() {
            let file = read_file(&path, name)?;
            ids.extend(
                rules::plan::parse(name, &String::from_utf8_lossy(&file.bytes)).ok().map(|plan| plan.id),
            );
            workspace.plans.push(file);
        } else {
            ids.push(name.clone());
        }
    }
    Ok(ids)
}

/// Without `--as-of` and without a day in case.toml, a report is made as of today on the papers' own clock.
pub(super) fn today_in_beijing() -> Day {
    let elapsed = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let utc = DateTime::from_timestamp(elapsed.as_secs() as i64, 0).unwrap_or_default();
    (utc.naive_utc() + Duration::hours(8)).date()
}

fn attachment(file: crate::cli::workspace::Attached) -> Attachment {
    Attachment { path: file.path, sha256: Some(file.sha256), ..Attachment::default() }
}

fn tell_problems(analysis: &Analysis, plan_files: &[InputFile], console: &Console) {
    let say = |message: &Message| console.words(message);
    for file in plan_files {
        let problems: Vec<_> =
            analysis.plan_problems.iter().filter(|p| p.path == file.path).cloned().collect();
        if !problems.is_empty() {
            let text = String::from_utf8_lossy(&file.bytes);
            console.warn(&rules::problem_text::render(&problems, &text, &say));
        }
    }
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

fn write_outputs(
    report: &Report,
    formats: &[OutputFormat],
    out: &Path,
    console: &Console,
) -> Result<Vec<PathBuf>> {
    let wording = &console.wording;
    let mut written = Vec::new();
    let mut put = |name: &str, text: String| -> Result<()> {
        let path = out.join(name);
        output::write(&path, text.as_bytes())?;
        written.push(path);
        Ok(())
    };
    for format in formats {
        match format {
            OutputFormat::Html => put("report.html", render::html::render(report, wording)?)?,
            OutputFormat::Json => put("report.json", render::json::render(report))?,
            OutputFormat::Md => {
                put("report.md", render::markdown::render(report, wording)?)?;
                put("letters/operator.md", render::letter::operator(report, wording)?)?;
            }
        }
    }
    Ok(written)
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
        _ if settled.finding.kind != crate::model::finding::FindingKind::Error => FailOn::Question,
        Verdict::NeedsEvidence => FailOn::NeedsEvidence,
        Verdict::Probable => FailOn::Probable,
        Verdict::Proven => FailOn::Proven,
    });
    let reached = fail_on.is_some_and(|level| levels.any(|found| found >= level));
    if reached { Status::FoundAtLevel } else { Status::Done }
}
