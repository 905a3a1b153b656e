//! A sentence that is still without words: its key in the wording files and what to fill in.

use std::collections::BTreeMap;

/// Something filled into a sentence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Arg {
    /// Printed as it stands: an amount, a date, a quoted cell.
    Text(String),
    /// A number of things; the wording may inflect by it.
    Count(u64),
    /// Another sentence or word, put into the same language.
    Message(Message),
    /// Several of them; the wording joins them.
    List(Vec<Message>),
}

/// A key of `schemas/wording/*.toml` with its arguments. Every key stands in both languages (tested).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Message {
    /// Key in the wording files, e.g. `USE-001.title`.
    pub key: String,
    /// Named arguments, in the order of their names.
    pub args: BTreeMap<&'static str, Arg>,
}

impl Message {
    /// Returns the sentence of `key` without arguments.
    pub fn new(key: impl Into<String>) -> Self {
        Self { key: key.into(), args: BTreeMap::new() }
    }

    /// Returns the same sentence with a text filled in.
    pub fn text(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.insert(name, Arg::Text(value.to_string()));
        self
    }

    /// Returns the same sentence with a count filled in.
    pub fn count(mut self, name: &'static str, value: usize) -> Self {
        self.args.insert(name, Arg::Count(value as u64));
        self
    }

    /// Returns the same sentence with another sentence filled in.
    pub fn message(mut self, name: &'static str, value: Message) -> Self {
        self.args.insert(name, Arg::Message(value));
        self
    }

    /// Returns the same sentence with a list of sentences filled in.
    pub fn list(mut self, name: &'static str, values: Vec<Message>) -> Self {
        self.args.insert(name, Arg::List(values));
        self
    }
}
