//! The report as one HTML file: no request, no script, readable on paper, on a phone and by ear.

use crate::error::Result;
use crate::model::message::Message;
use crate::render::template::{self, Serde, Value, context, merge_maps};
use crate::report::model::Report;
use crate::report::wording::Wording;

mod charts;
mod csp;
mod finding;
mod maps;
mod summary;
mod tables;

/// Most set-aside rows, and evidence rows of a finding, that the page shows; the exact count stands beside them.
pub const ROWS_MAX: usize = 50;

/// Returns the report as one HTML page.
///
/// # Errors
/// When a sentence is missing in the wording files, or an amount of the report is none.
pub fn render(report: &Report, wording: &Wording) -> Result<String> {
    let words = Words(wording);
    let css = csp::style_sheet(report, words)?;
    let parts = [
        summary::context(report, words)?,
        finding::context(report, words)?,
        charts::context(report, words)?,
        tables::context(report, words)?,
        maps::context(report, words)?,
    ];
    let page = context! {
        report => Value::from(Serde(report)),
        html_lang => words.plain("html.lang")?,
        csp => csp::policy(&css),
        css => Value::from_safe_string(css),
        ..merge_maps(parts)
    };
    template::fill("report.html", wording, page)
}

/// The words of the page, with shorthands.
#[derive(Clone, Copy)]
pub(crate) struct Words<'a>(pub(crate) &'a Wording);

impl Words<'_> {
    /// Returns a sentence without arguments.
    pub(crate) fn plain(self, key: &str) -> Result<String> {
        self.0.word(key)
    }

    /// Returns a sentence with text arguments.
    pub(crate) fn with(self, key: &str, args: &[(&'static str, &str)]) -> Result<String> {
        self.0.say(&args.iter().fold(Message::new(key), |message, (name, text)| message.text(name, text)))
    }

    /// Returns a sentence with one count.
    pub(crate) fn count(self, key: &str, count: usize) -> Result<String> {
        self.0.say(&Message::new(key).count("count", count))
    }

    /// Returns the word for a code of the model, or the code itself where there is none (`common.<area>.<code>`).
    pub(crate) fn code(self, area: &str, code: &str) -> Result<String> {
        let key = format!("common.{area}.{code}");
        if self.0.has(&key) { self.0.word(&key) } else { Ok(code.to_owned()) }
    }
}

/// Returns the amount with a real minus sign.
pub(crate) fn shown(amount: &str) -> String {
    amount.replace('-', "−")
}

/// Returns the place of a row in words: path, sheet, row.
pub(crate) fn place(words: Words<'_>, path: &str, sheet: Option<&str>, row: Option<u32>) -> Result<String> {
    let file = sheet.map_or_else(|| path.to_owned(), |sheet| format!("{path} · {sheet}"));
    match row {
        Some(row) => words.with("html.place_of", &[("file", &file), ("row", &row.to_string())]),
        None => Ok(file),
    }
}
