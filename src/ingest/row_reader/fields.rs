//! The columns of a table by the field that they fill, looked up once a table instead of once a cell.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::ingest::fold::{fold_name, matches_glob};
use crate::ingest::format::field::fields;
use crate::ingest::format::{ColumnRule, Words};
use crate::ingest::identify::{Binding, Match};

/// The columns and constants of a table, by field.
#[derive(Debug)]
pub struct Fields<'a> {
    fields: Vec<Field<'a>>,
    /// Codes of words that were met, by table of words: lists say the same few words in every row.
    codes: RefCell<Vec<(&'a Words, Codes<'a>)>>,
}

/// Code by the word as it stands in the file.
type Codes<'a> = BTreeMap<String, Option<&'a str>>;

#[derive(Debug)]
struct Field<'a> {
    name: &'static str,
    columns: Vec<(&'a Binding, &'a ColumnRule)>,
    constant: Option<&'a str>,
}

/// Most words of a table whose codes are kept.
const CODES_MAX: usize = 4096;
/// Longest word whose code is kept, in bytes.
const CODE_BYTES_MAX: usize = 200;

impl<'a> Fields<'a> {
    /// Returns the fields of a table of that format.
    pub fn of(found: &'a Match<'a>) -> Self {
        let format = found.format;
        let field = |name: &'static str| Field {
            name,
            columns: found
                .bindings
                .iter()
                .map(|binding| (binding, &format.columns[binding.rule]))
                .filter(|(_, rule)| rule.field == name)
                .collect(),
            constant: format.constants.get(name).map(String::as_str),
        };
        let all = fields(format.table).iter().map(|(name, _)| field(name));
        let filled = all.filter(|field| !field.columns.is_empty() || field.constant.is_some());
        Self { fields: filled.collect(), codes: RefCell::default() }
    }

    fn field(&self, name: &str) -> Option<&Field<'a>> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Returns the columns that fill the field, the preferred one first.
    pub fn columns(&self, name: &str) -> &[(&'a Binding, &'a ColumnRule)] {
        self.field(name).map_or(&[], |field| &field.columns)
    }

    /// Returns the value of the field in every row, where the format states it.
    pub fn constant(&self, name: &str) -> Option<&'a str> {
        self.field(name)?.constant
    }

    /// Returns the code of the first word that fits the text.
    pub fn code_of(&self, words: &'a Words, text: &str) -> Option<&'a str> {
        if text.len() > CODE_BYTES_MAX {
            return code_of(words, text);
        }
        let mut tables = self.codes.borrow_mut();
        let index = tables.iter().position(|(known, _)| std::ptr::eq(*known, words)).unwrap_or_else(|| {
            tables.push((words, Codes::new()));
            tables.len() - 1
        });
        let codes = &mut tables[index].1;
        if let Some(code) = codes.get(text) {
            return *code;
        }
        let code = code_of(words, text);
        if codes.len() < CODES_MAX {
            codes.insert(text.to_owned(), code);
        }
        code
    }
}

fn code_of<'a>(words: &'a Words, text: &str) -> Option<&'a str> {
    let key = fold_name(text);
    words.iter().find(|(glob, _)| matches_glob(glob, &key)).map(|(_, code)| code.as_str())
}
