//! Shorthands for the words of a renderer.

use crate::error::Result;
use crate::model::message::Message;
use crate::report::wording::Wording;

/// The words of one language, with shorthands for the ways in which renderers ask.
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

    /// Returns a sentence with text arguments that were made for it.
    pub(crate) fn filled(self, key: &str, args: &[(&'static str, String)]) -> Result<String> {
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

    /// Returns the name of a part of the use in words: what the records leave empty and the smaller ones have names.
    pub(crate) fn part_name(self, name: &str) -> Result<String> {
        match name {
            "" => self.plain("facts.not-stated"),
            "*" => self.plain("facts.others"),
            name => Ok(name.to_owned()),
        }
    }

    /// Returns the place of a row in words: path, sheet, row.
    pub(crate) fn place(self, path: &str, sheet: Option<&str>, row: Option<u32>) -> Result<String> {
        let file = sheet.map_or_else(|| path.to_owned(), |sheet| format!("{path} · {sheet}"));
        match row {
            Some(row) => self.with("html.place_of", &[("file", &file), ("row", &row.to_string())]),
            None => Ok(file),
        }
    }
}

/// Returns the amount with a real minus sign.
pub(crate) fn shown(amount: &str) -> String {
    amount.replace('-', "−")
}
