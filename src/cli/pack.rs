//! `pack`: the evidence bundle of a case.

use std::path::Path;
use std::sync::Arc;

use crate::bundle::case_set::{CaseMember, CaseSet, Role, Settings};
use crate::bundle::content::Content;
use crate::bundle::mask;
use crate::bundle::pack::{self, Packed};
use crate::cli::Status;
use crate::cli::args::{CaseArgs, PackArgs};
use crate::cli::case::{self, OpenCase};
use crate::cli::console::Console;
use crate::cli::file_source::FileSource;
use crate::cli::output;
use crate::cli::workspace::{file_name, read_file};
use crate::error::Result;
use crate::ingest::InputFile;
use crate::model::message::Message;

/// Reads a case, analyses it and writes the bundle.
///
/// # Errors
/// When a path cannot be read, the bundle cannot be written, or an amount leaves the exact range.
pub fn run(args: &PackArgs, console: &Console) -> Result<Status> {
    let Some(opened) = case::open(&args.case, Some(&args.output), console)? else {
        return Ok(Status::InputUnusable);
    };
    let plan_files = opened.plan_files.clone();
    let set = case_set(opened, args, console)?;
    let packed = if args.mask { mask::pack_masked(&set)? } else { pack::pack(&set, None)? };
    case::tell_plan_problems(&plan_files, &packed.analysed.analysis.plan_problems, console);
    output::write_with(&args.output, |file| packed.write_zip(file))?;
    tell(&packed, &args.output, console);
    let unusable = packed.analysed.analysis.has_unusable_input();
    Ok(if unusable { Status::InputUnusable } else { Status::Done })
}

fn tell(packed: &Packed, output: &Path, console: &Console) {
    let manifest = &packed.manifest;
    let words = Message::new("bundle.packed").count("files", manifest.files.len());
    let words = words.text("records", manifest.records.count).text("sha256", &manifest.records.sha256);
    console.remark(&words.text("id", &manifest.report_id));
    if manifest.masked {
        console.remark(&Message::new("bundle.packed-masked").count("withheld", manifest.withheld.len()));
    } else {
        console.remark(&Message::new("bundle.packed-whole"));
    }
    console.line(&output.display().to_string());
}

/// Returns everything that the report is made from, under names that tell nothing of this machine.
fn case_set(opened: OpenCase, args: &PackArgs, console: &Console) -> Result<CaseSet> {
    let mut members = Vec::new();
    let mut put = |role, path: String, bytes: Content| members.push(CaseMember { role, path, bytes });
    if let Some(file) = opened.case_file {
        put(Role::Case, "case.toml".to_owned(), file.bytes.into());
    }
    for file in opened.inputs.files {
        put(Role::Input, file.path, file.bytes.into());
    }
    for file in opened.inputs.plans {
        put(Role::Plan, inside("plans", &file), file.bytes.into());
    }
    for file in format_files(&args.case)? {
        put(Role::Format, inside("formats", &file), file.bytes.into());
    }
    for it in opened.attachments {
        let file = Arc::new(FileSource::open(&it.place)?);
        put(Role::Attachment, it.path, Content::elsewhere(file, None, it.length_bytes, it.sha256));
    }
    let settings = Settings {
        as_of: opened.inputs.as_of,
        lang: console.wording.lang(),
        formats: args.formats.clone(),
        assumed_plans: opened.inputs.assumed_plans,
    };
    Ok(CaseSet { members, settings })
}

fn format_files(args: &CaseArgs) -> Result<Vec<InputFile>> {
    args.format.iter().map(|path| read_file(path, &path.display().to_string())).collect()
}

/// A file that a flag names may lie anywhere; only its name goes into the bundle.
fn inside(folder: &str, file: &InputFile) -> String {
    let prefix = format!("{folder}/");
    let own = file.path.starts_with(&prefix) && !file.path.split('/').any(|part| part == "..");
    if own { file.path.clone() } else { prefix + &file_name(Path::new(&file.path)) }
}
