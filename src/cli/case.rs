//! Opening a case: what every command does that works on papers.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Duration};

use crate::analyse::Inputs;
use crate::cli::args::CaseArgs;
use crate::cli::catalogue;
use crate::cli::console::Console;
use crate::cli::workspace::{Attached, Workspace, read_file};
use crate::error::Result;
use crate::ingest::InputFile;
use crate::model::case::CaseFile;
use crate::model::message::Message;
use crate::model::period::Day;
use crate::report::model::Attachment;
use crate::rules;
use crate::spec::SpecProblem;

/// A case whose files are read and whose case file holds.
pub struct OpenCase {
    /// What the analysis takes.
    pub inputs: Inputs,
    /// The plan files, to show the places of their problems.
    pub plan_files: Vec<InputFile>,
    /// Name of the case, for the output folder.
    pub name: String,
    /// case.toml as it stands, if there is one.
    pub case_file: Option<InputFile>,
    /// The quoted files.
    pub attachments: Vec<Attached>,
}

/// Reads the papers that the flags name; `out` is never read. None when the case file or a format file does
/// not hold: its problems are printed.
///
/// # Errors
/// When a path is missing or a file cannot be read.
pub fn open(args: &CaseArgs, out: Option<&Path>, console: &Console) -> Result<Option<OpenCase>> {
    let mut workspace = Workspace::read(&args.paths, args.case.as_deref(), out)?;
    let Some(case_file) = case_file(&workspace, console) else { return Ok(None) };
    let assumed_plans = add_plans(&args.plan, &mut workspace)?;
    for path in &workspace.passed_over {
        console.remark(&Message::new("cli.passed-over").text("path", path));
    }
    let Some((formats, _)) = catalogue::format_book(&args.format, console)? else { return Ok(None) };
    let plan_files = workspace.plans.clone();
    let attachments = workspace.attachments.clone();
    let inputs = Inputs {
        formats,
        files: workspace.inputs,
        as_of: args.as_of.or(case_file.as_of).unwrap_or_else(today_in_beijing),
        case_file,
        plans: workspace.plans,
        assumed_plans,
        attachments: workspace.attachments.into_iter().map(attachment).collect(),
    };
    let (name, case_file) = (workspace.name, workspace.case_file);
    Ok(Some(OpenCase { inputs, plan_files, name, case_file, attachments }))
}

/// Prints the problems of plan files, each with its line.
pub fn tell_plan_problems(files: &[InputFile], problems: &[SpecProblem], console: &Console) {
    for file in files {
        let own: Vec<SpecProblem> = problems.iter().filter(|it| it.path == file.path).cloned().collect();
        if !own.is_empty() {
            console.problems(&own, &String::from_utf8_lossy(&file.bytes));
        }
    }
}

fn case_file(workspace: &Workspace, console: &Console) -> Option<CaseFile> {
    let Some(file) = &workspace.case_file else { return Some(CaseFile::default()) };
    let text = String::from_utf8_lossy(&file.bytes);
    let parsed = rules::case_file::parse(&file.path, &text);
    parsed.map_err(|problems| console.problems(&problems, &text)).ok()
}

/// Adds the plan files that `--plan` names; what is no file is an id. Returns the ids taken as in force.
fn add_plans(named: &[String], workspace: &mut Workspace) -> Result<Vec<String>> {
    let mut ids = Vec::new();
    for name in named {
        let path = PathBuf::from(name);
        if path.is_file() {
            let file = read_file(&path, name)?;
            let plan = rules::plan::parse(name, &String::from_utf8_lossy(&file.bytes));
            ids.extend(plan.ok().map(|plan| plan.id));
            workspace.plans.push(file);
        } else {
            ids.push(name.clone());
        }
    }
    Ok(ids)
}

/// Returns today: without `--as-of` and without a day in case.toml, a report is made as of today on the papers' own clock.
pub fn today_in_beijing() -> Day {
    let elapsed = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let utc = DateTime::from_timestamp(elapsed.as_secs() as i64, 0).unwrap_or_default();
    (utc.naive_utc() + Duration::hours(8)).date()
}

fn attachment(file: Attached) -> Attachment {
    Attachment { path: file.path, sha256: Some(file.sha256), ..Attachment::default() }
}
