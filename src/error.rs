//! The one error type below the command line: this operation cannot go on.
//!
//! Problems of single rows are [`Diagnostic`](crate::model::diagnostic::Diagnostic)s and never stop a
//! file; a bug of ours is an `assert!`.

use crate::model::message::Message;

/// The result of an operation that may not be able to go on.
pub type Result<T> = std::result::Result<T, Error>;

/// What kind of thing went wrong; the command line turns it into an exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// The command was asked for something it cannot mean (exit 2).
    Usage,
    /// An input could not be used at all (exit 3).
    Input,
    /// A case, plan, format or law file does not hold (exit 3).
    Rules,
    /// An amount left the range that is kept exactly.
    Overflow,
    /// A result could not be written.
    Output,
}

/// Why an operation cannot go on, and what to do about it. The words come from the wording files.
#[derive(Debug, thiserror::Error)]
#[error("{}", .message.key)]
pub struct Error {
    /// Decides the exit status.
    pub kind: ErrorKind,
    /// What happened.
    pub message: Message,
    /// What to do next, if there is something.
    pub help: Option<Message>,
    /// The lower error, if any.
    #[source]
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// Returns an error of that kind without help or source.
    pub fn new(kind: ErrorKind, message: Message) -> Self {
        Self { kind, message, help: None, source: None }
    }

    /// Returns the same error with advice.
    pub fn with_help(self, help: Message) -> Self {
        Self { help: Some(help), ..self }
    }

    /// Returns the same error with the lower error that caused it.
    pub fn with_source(self, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self { source: Some(Box::new(source)), ..self }
    }

    /// Returns the error for an amount outside the exact range; `what` names the sum or the product.
    pub fn overflow(what: &str) -> Self {
        Self::new(ErrorKind::Overflow, Message::new("error.overflow").text("what", what))
    }
}
