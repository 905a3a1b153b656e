//! `batch`: many cases, or one set of tables of many lines.

mod folder;
mod publish;
mod store;
mod tables;

use std::path::{Path, PathBuf};

use crate::cli::Status;
use crate::cli::args::BatchArgs;
use crate::cli::console::Console;
use crate::error::Result;

/// Judges everything below a folder and writes the portfolio report.
///
/// # Errors
/// When the folder cannot be read, or a result cannot be written.
pub fn run(args: &BatchArgs, console: &Console) -> Result<Status> {
    let folder = args.folders.first().map_or(Path::new("."), PathBuf::as_path);
    let out = args.out.clone().unwrap_or_else(|| Path::new("mingzhang-report").join("batch"));
    match folder::case_folders(folder, &out)? {
        None => tables::run(args, folder, &out, console),
        Some(_) => Ok(Status::Usage),
    }
}
