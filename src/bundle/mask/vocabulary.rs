//! The words of `schemas/masking.toml`.

use std::sync::OnceLock;

use serde::Deserialize;

use crate::embedded;
use crate::spec::{self, SpecText};

/// The file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vocabulary {
    /// Labels behind which personal data stands.
    pub labels: Vec<String>,
    /// Words of headers whose cells are blanked.
    pub blank: Vec<String>,
    /// Words that make a payee no person.
    pub companies: Vec<String>,
    /// Fields that hold phone numbers.
    pub numbers: Vec<String>,
    /// Fields that hold ids.
    pub ids: Vec<String>,
    /// Fields that name somebody.
    pub parties: Vec<String>,
    /// Fields that hold text.
    pub texts: Vec<String>,
}

/// Returns the words; that the embedded file holds is tested, so a failure is a bug of ours.
pub fn vocabulary() -> &'static Vocabulary {
    static WORDS: OnceLock<Vocabulary> = OnceLock::new();
    WORDS.get_or_init(|| {
        let path = "masking.toml";
        let read = spec::read(SpecText { path, text: embedded::text(path) });
        let mut words: Vocabulary =
            read.unwrap_or_else(|problems| panic!("schemas/masking.toml: {problems:?}"));
        // The longest label first: 客户名称 before 客户.
        words.labels.sort_by_key(|label| std::cmp::Reverse(label.len()));
        words
    })
}

/// Returns whether a word of the list stands in the text.
pub fn holds(words: &[String], text: &str) -> bool {
    let text = text.to_lowercase();
    words.iter().any(|word| text.contains(&word.to_lowercase()))
}
