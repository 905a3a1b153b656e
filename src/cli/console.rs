//! Words on the terminal: results to stdout, everything else to stderr.

use std::io::{IsTerminal, Write};

use crate::cli::Status;
use crate::cli::args::{ColorArg, Global, LangArg};
use crate::error::{Error, ErrorKind, Result};
use crate::model::message::Message;
use crate::report::wording::{Lang, Wording};
use crate::rules::problem_text;
use crate::spec::SpecProblem;

/// Prints messages in the chosen language.
pub struct Console {
    /// The words.
    pub wording: Wording,
    quiet: bool,
    colour: bool,
}

impl Console {
    /// Returns the console of those flags.
    ///
    /// # Errors
    /// When the embedded wording files do not hold: a bug of ours that a test finds.
    pub fn new(global: &Global) -> Result<Self> {
        let lang = match global.lang {
            LangArg::Zh => Lang::Zh,
            LangArg::En => Lang::En,
        };
        let colour = match global.color {
            ColorArg::Auto => std::io::stderr().is_terminal(),
            ColorArg::Always => true,
            ColorArg::Never => false,
        };
        Ok(Self { wording: Wording::load(lang)?, quiet: global.quiet, colour })
    }

    /// Returns the words of a message. A message without words is printed as its key, never swallowed.
    pub fn words(&self, message: &Message) -> String {
        self.wording.say(message).unwrap_or_else(|_| message.key.clone())
    }

    /// Returns a console with the same words that prints no remarks.
    #[cfg(feature = "portfolio")]
    pub fn silent(&self) -> Self {
        Self { wording: self.wording.clone(), quiet: true, colour: self.colour }
    }

    /// Returns whether only results are printed.
    #[cfg(feature = "portfolio")]
    pub fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Prints a result line.
    pub fn line(&self, text: &str) {
        self.print(&format!("{text}\n"));
    }

    /// Prints a result as it stands. A closed pipe ends the output quietly.
    pub fn print(&self, text: &str) {
        let _ = std::io::stdout().write_all(text.as_bytes());
    }

    /// Prints a result message.
    pub fn say(&self, message: &Message) {
        self.line(&self.words(message));
    }

    /// Prints a remark, unless `--quiet`.
    pub fn remark(&self, message: &Message) {
        if !self.quiet {
            eprintln!("{}", self.words(message));
        }
    }

    /// Prints a warning that `--quiet` does not hide.
    pub fn warn(&self, text: &str) {
        let label = self.words(&Message::new("cli.label-warning"));
        eprintln!("{}{text}", self.painted(&label, "33"));
    }

    /// Prints the problems of a case, plan or format file under the lines they are in.
    pub fn problems(&self, problems: &[SpecProblem], text: &str) {
        eprintln!("{}", problem_text::render(problems, text, &|message| self.words(message)));
    }

    /// Prints an error with its causes and advice, and returns the exit status of its kind.
    pub fn error(&self, error: &Error) -> Status {
        let label = self.words(&Message::new("cli.label-error"));
        eprintln!("{}{}", self.painted(&label, "31"), self.words(&error.message));
        let mut source = std::error::Error::source(error);
        while let Some(cause) = source {
            eprintln!("  {cause}");
            source = cause.source();
        }
        if let Some(help) = &error.help {
            eprintln!("{}{}", self.words(&Message::new("cli.label-help")), self.words(help));
        }
        match error.kind {
            ErrorKind::Usage => Status::Usage,
            ErrorKind::Input | ErrorKind::Rules => Status::InputUnusable,
            ErrorKind::Overflow | ErrorKind::Output => Status::Internal,
        }
    }

    fn painted(&self, text: &str, code: &str) -> String {
        if self.colour { format!("\u{1b}[1;{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}
