//! `detectors`, `formats`, `laws`, `schema`: what the program knows.

use std::path::{Path, PathBuf};

use crate::bundle;
use crate::cli::Status;
use crate::cli::args::{CodeArgs, FormatsArgs, SchemaArgs};
use crate::cli::batch;
use crate::cli::console::Console;
use crate::cli::workspace::{file_name, read_file};
use crate::detect::DETECTORS;
use crate::embedded;
use crate::error::{Error, ErrorKind, Result};
use crate::ingest::{self, FormatBook};
use crate::model::message::Message;
use crate::report;
use crate::report::wording::Lang;
use crate::rules::law::LawBook;

/// Lists the detectors, or prints the page of one.
///
/// # Errors
/// When no detector has the code.
pub fn detectors(args: &CodeArgs, console: &Console) -> Result<Status> {
    let Some(code) = &args.id else {
        for detector in DETECTORS {
            let title = console.words(&Message::new(format!("{}.title", detector.code)));
            console.line(&format!(
                "{:<10}{:<3}{:<36}{title}",
                detector.code,
                detector.kind.code(),
                detector.name
            ));
        }
        return Ok(Status::Done);
    };
    let found = DETECTORS.iter().find(|d| d.code.eq_ignore_ascii_case(code) || d.name == code);
    let Some(detector) = found else {
        return Err(unknown_id(code, "cli.what-detector", DETECTORS.iter().map(|d| d.code.to_owned())));
    };
    console.print(detector.page);
    Ok(Status::Done)
}

/// Lists the layouts, or prints the file of one.
///
/// # Errors
/// When no layout has the id.
pub fn formats(args: &FormatsArgs, console: &Console) -> Result<Status> {
    let book = FormatBook::built_in();
    if let Some(path) = &args.new {
        return new_format(path, book, console);
    }
    let Some(id) = &args.id else {
        for format in book.formats() {
            let verified = if format.verified {
                String::new()
            } else {
                console.words(&Message::new("cli.unverified-layout"))
            };
            let title = if console.wording.lang() == Lang::Zh { &format.title_zh } else { &format.title_en };
            console.line(&format!("{:<26}{:<10}{title}{verified}", format.id, format.table.code()));
        }
        return Ok(Status::Done);
    };
    let file = embedded::below("formats/")
        .find(|(_, text)| text.lines().any(|line| line.trim() == format!("id = \"{id}\"")));
    let Some((_, text)) = file else {
        return Err(unknown_id(id, "cli.what-format", book.formats().map(|format| format.id.clone())));
    };
    console.print(text);
    Ok(Status::Done)
}

fn new_format(path: &Path, book: &FormatBook, console: &Console) -> Result<Status> {
    let sample = read_file(path, &file_name(path))?;
    match ingest::draft(&sample, book) {
        Ok(text) => {
            console.print(&text);
            Ok(Status::Done)
        }
        Err(unusable) => {
            let words = Message::new("cli.unusable").text("path", &sample.path);
            let words = words.message("message", unusable.message).message("help", unusable.help);
            console.warn(&console.words(&words));
            Ok(Status::InputUnusable)
        }
    }
}

/// Returns the known layouts with those of the user's files, and the ids of the latter; nothing when a file
/// does not hold, and its problems are printed.
///
/// # Errors
/// When a file cannot be opened.
pub fn format_book(files: &[PathBuf], console: &Console) -> Result<Option<(FormatBook, Vec<String>)>> {
    let mut book = FormatBook::built_in().clone();
    let mut ids = Vec::new();
    for path in files {
        let file = read_file(path, &path.display().to_string())?;
        let text = String::from_utf8_lossy(&file.bytes);
        match book.add(&file.path, &text) {
            Ok(id) => ids.push(id),
            Err(problems) => {
                console.problems(&problems, &text);
                return Ok(None);
            }
        }
    }
    Ok(Some((book, ids)))
}

/// Lists the rules of law, or prints one word for word.
///
/// # Errors
/// When no rule has the id.
pub fn laws(args: &CodeArgs, console: &Console) -> Result<Status> {
    let book = LawBook::built_in();
    let Some(id) = &args.id else {
        for law in book.iter() {
            console.line(&format!("{:<16}{} {}", law.id, law.name_zh, law.article));
        }
        return Ok(Status::Done);
    };
    let Some(law) = book.iter().find(|law| law.id == *id) else {
        return Err(unknown_id(id, "cli.what-law", book.iter().map(|law| law.id.clone())));
    };
    console.line(&format!("{} {}\n\n{}\n", law.name_zh, law.article, law.quote_zh));
    Ok(Status::Done)
}

/// Prints a published JSON Schema.
///
/// # Errors
/// When this build has no portfolios; other names are checked by the command line.
pub fn schema(args: &SchemaArgs, console: &Console) -> Result<Status> {
    console.print(&match args.name.as_str() {
        "manifest" => bundle::manifest::schema_text(),
        "comparison" => bundle::comparison::schema_text(),
        "verification" => bundle::verify::schema_text(),
        "portfolio" => batch::schema_text()?,
        _ => report::schema_text(),
    });
    Ok(Status::Done)
}

/// Returns the error for an unknown id, with the near ones; with all when none is near.
pub fn unknown_id(id: &str, what: &str, known: impl Iterator<Item = String>) -> Error {
    let message = Message::new("cli.unknown-id").text("id", id).message("what", Message::new(what));
    let known: Vec<String> = known.collect();
    let known = crate::spec::near(id, known.iter().map(String::as_str)).join("  ");
    Error::new(ErrorKind::Usage, message).with_help(Message::new("cli.unknown-id-help").text("known", known))
}
