//! `batch` in a build without the feature `portfolio`: says so, and what to do.

use crate::cli::Status;
use crate::cli::args::BatchArgs;
use crate::cli::console::Console;
use crate::error::{Error, ErrorKind, Result};
use crate::model::message::Message;

/// Says that this build cannot do it.
///
/// # Errors
/// Always.
pub fn run(_: &BatchArgs, _: &Console) -> Result<Status> {
    Err(missing())
}

/// Says that this build does not know the schema.
///
/// # Errors
/// Always.
pub fn schema_text() -> Result<String> {
    Err(missing())
}

fn missing() -> Error {
    Error::new(ErrorKind::Usage, Message::new("batch.missing")).with_help(Message::new("batch.missing.help"))
}
