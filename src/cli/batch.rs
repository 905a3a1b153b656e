//! `batch`: many cases, or one set of tables of many lines.

mod cases;
mod folder;
mod publish;
mod store;
mod tables;

use std::path::Path;

use crate::cli::Status;
use crate::cli::args::BatchArgs;
use crate::cli::console::Console;
use crate::error::{Error, ErrorKind, Result};
use crate::model::message::Message;

/// Judges everything below a folder and writes the portfolio report, or adds the parts of one up.
///
/// # Errors
/// When a folder cannot be read, or a result cannot be written.
pub fn run(args: &BatchArgs, console: &Console) -> Result<Status> {
    let out = args.out.clone().unwrap_or_else(|| Path::new("mingzhang-report").join("batch"));
    if args.merge {
        publish::merge(&args.folders, &out, console)?;
        return Ok(Status::Done);
    }
    let [folder] = &args.folders[..] else {
        return Err(Error::new(ErrorKind::Usage, Message::new("batch.one-folder")));
    };
    match folder::case_folders(folder, &out)? {
        None => tables::run(args, folder, &out, console),
        Some(folders) if folders.is_empty() => {
            let message = Message::new("batch.empty").text("path", folder.display());
            Err(Error::new(ErrorKind::Input, message).with_help(Message::new("batch.empty.help")))
        }
        Some(folders) => cases::run(args, &folders, &out, console),
    }
}

/// Returns the published schema of `portfolio.json`.
///
/// # Errors
/// None in this build; one without portfolios has no schema of them.
pub fn schema_text() -> Result<String> {
    Ok(crate::portfolio::schema_text())
}
