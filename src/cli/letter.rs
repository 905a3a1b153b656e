//! `letter`: the complaint for one channel.

use std::path::{Path, PathBuf};

use crate::analyse;
use crate::cli::Status;
use crate::cli::args::LetterArgs;
use crate::cli::case;
use crate::cli::console::Console;
use crate::cli::output;
use crate::cli::workspace::read_file;
use crate::error::Result;
use crate::model::message::Message;
use crate::render::letter::{self, Letter};
use crate::render::outputs::Output;
use crate::render::pdf::face::Faces;
use crate::report::model::Report;

/// Writes the letter as Markdown and as PDF, says what stands in its way and what has to be filled in, and prints
/// the paths.
///
/// # Errors
/// When a path cannot be read, the letter cannot be written, or an amount leaves the exact range.
pub fn run(args: &LetterArgs, console: &Console) -> Result<Status> {
    let Some(opened) = case::open(&args.case, args.out.as_deref(), console)? else {
        return Ok(Status::InputUnusable);
    };
    let faces = faces(args.font.as_deref())?;
    let analysis = analyse::analyse(opened.inputs, &console.wording)?;
    case::tell_plan_problems(&opened.plan_files, &analysis.plan_problems, console);
    let status = if analysis.has_unusable_input() { Status::InputUnusable } else { Status::Done };
    let Some(letter) = letter::letter(&analysis.report, args.to, &console.wording)? else {
        console.say(&Message::new("cli.letter.nothing"));
        return Ok(status);
    };
    let files = files(&letter, &analysis.report, args, &faces, console)?;
    let folder = Path::new("mingzhang-report").join(&opened.name).join("letters");
    let written = match &args.out {
        Some(file) if single(file).is_some() => {
            files.iter().try_for_each(|output| output::write(file, &output.bytes))?;
            vec![file.clone()]
        }
        out => output::write_all(out.as_deref().unwrap_or(&folder), &files)?,
    };
    tell(&letter, &written, console);
    Ok(status)
}

/// Returns the fonts of PDF files, with the one that the user names.
///
/// # Errors
/// When it cannot be read.
pub fn faces(own: Option<&Path>) -> Result<Faces> {
    let faces = Faces::embedded()?;
    let Some(path) = own else { return Ok(faces) };
    let name = path.display().to_string();
    faces.with(&name, read_file(path, &name)?.bytes)
}

/// Returns the form of a single file by its ending.
fn single(path: &Path) -> Option<&'static str> {
    ["md", "pdf"].into_iter().find(|form| path.extension().is_some_and(|own| own == *form))
}

fn files(
    letter: &Letter,
    report: &Report,
    args: &LetterArgs,
    faces: &Faces,
    console: &Console,
) -> Result<Vec<Output>> {
    let only = args.out.as_deref().and_then(single);
    let mut files = Vec::new();
    for form in ["md", "pdf"].into_iter().filter(|form| only.is_none_or(|only| only == *form)) {
        let bytes = match form {
            "md" => letter.markdown().into_bytes(),
            _ => letter.pdf(report, &console.wording, faces)?,
        };
        files.push(Output { name: format!("{}.{form}", args.to.name()), bytes });
    }
    Ok(files)
}

fn tell(letter: &Letter, written: &[PathBuf], console: &Console) {
    letter.notes.iter().for_each(|note| console.warn(note));
    if !letter.blanks.is_empty() {
        let blanks = letter.blanks.join(console.wording.lang().list_separator());
        console.remark(&Message::new("cli.letter.blanks").text("blanks", blanks));
    }
    for path in written {
        console.line(&path.display().to_string());
    }
}
