//! Files from outside in TOML: read into an `XSpec` with the place of every problem.

use serde::de::DeserializeOwned;

use crate::model::message::Message;

/// A problem of a case, plan, format or law file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecProblem {
    /// Path of the file.
    pub path: String,
    /// 1-based row.
    pub row: u32,
    /// 1-based column, in characters.
    pub column: u32,
    /// Bytes of the file that it is about.
    pub span: std::ops::Range<usize>,
    /// What is wrong and what is right.
    pub message: Message,
}

/// A text with the places of its lines: turns byte spans into problems.
#[derive(Debug, Clone, Copy)]
pub struct SpecText<'a> {
    /// Path of the file.
    pub path: &'a str,
    /// Its text.
    pub text: &'a str,
}

impl SpecText<'_> {
    /// Returns the problem at a byte span.
    pub fn problem(&self, span: std::ops::Range<usize>, message: Message) -> SpecProblem {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        SpecProblem {
            path: self.path.to_owned(),
            row: before.matches('\n').count() as u32 + 1,
            column: before[line_start..].chars().count() as u32 + 1,
            span,
            message,
        }
    }
}

/// Reads a TOML file into its spec type.
///
/// # Errors
/// When the text is not TOML or does not have the shape of the type.
pub fn read<T: DeserializeOwned>(file: SpecText<'_>) -> Result<T, Vec<SpecProblem>> {
    toml::from_str(file.text).map_err(|error| {
        let span = error.span().unwrap_or(0..0);
        vec![file.problem(span, Message::new("spec.toml").text("detail", error.message()))]
    })
}
