//! Formats: one export layout of one issuer, as data.

mod check;
pub mod field;
mod file;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use crate::embedded;
use crate::ingest::fold::fold_name;
use crate::ingest::format::field::CellRule;
use crate::ingest::format::file::{FormatSpec, VocabularySpec};
use crate::ingest::header::ColumnUnit;
use crate::ingest::items::ItemBook;
use crate::ingest::pattern::Pattern;
use crate::model::coverage::CoverKind;
use crate::model::source::TableKind;
use crate::spec::{self, SpecProblem, SpecText};

/// One export layout, checked.
#[derive(Debug, Clone)]
pub struct Format {
    /// Id, e.g. `cmcc/bill-1`.
    pub id: String,
    /// Title in Chinese.
    pub title_zh: String,
    /// Title in English.
    pub title_en: String,
    /// General table that it fills.
    pub table: TableKind,
    /// Whether it was confirmed on a real file.
    pub verified: bool,
    /// Kinds of which such a list holds all; empty = those that occur.
    pub kinds: Vec<CoverKind>,
    /// Columns that fill fields.
    pub columns: Vec<ColumnRule>,
    /// Keys of headers that are known and kept as context.
    pub context: Vec<String>,
    /// Keys of headers that must be there.
    pub with: Vec<String>,
    /// Keys of headers that must not be there.
    pub without: Vec<String>,
    /// Words of which one must stand above the table or in a name; empty = none is needed.
    pub marks: Vec<String>,
    /// Whether its rows carry no id of a transaction.
    pub without_ids: bool,
    /// Fields with the same value in every row.
    pub constants: BTreeMap<String, String>,
    /// Sentences of the preamble and the footer.
    pub patterns: Vec<Pattern>,
    /// Globs of rows that belong to the layout.
    pub structure: Vec<String>,
    /// Globs of group rows.
    pub groups: Vec<String>,
    /// Fields read out of other fields.
    pub extracts: Vec<Extract>,
}

impl Format {
    /// Returns id and title, to name the format in a sentence.
    pub fn label(&self) -> String {
        format!("{}（{}）", self.id, self.title_zh)
    }
}

/// Pairs of (glob, code); the first that fits wins.
pub type Words = Vec<(String, String)>;

/// How a column is recognised and read.
#[derive(Debug, Clone)]
pub struct ColumnRule {
    /// Field that it fills.
    pub field: String,
    /// Keys of its headers, the preferred one first.
    pub headers: Vec<String>,
    /// Whether the layout is recognised only with it.
    pub required: bool,
    /// Grammar of its cells.
    pub rule: CellRule,
    /// Unit of bare numbers, where the header states none.
    pub unit: Option<ColumnUnit>,
    /// Its words; empty for other grammars.
    pub words: Words,
    /// Code for other words.
    pub otherwise: Option<String>,
}

/// How fields are read out of another one.
#[derive(Debug, Clone)]
pub struct Extract {
    /// Field that is looked into.
    pub from: String,
    /// Sentences whose blanks fill fields.
    pub patterns: Vec<Pattern>,
    /// Field that the words fill.
    pub field: Option<String>,
    /// Words, for [`Extract::field`].
    pub words: Words,
}

/// What every format shares.
#[derive(Debug, Clone, Default)]
pub struct Vocabulary {
    /// Sentences that say that there is no record.
    pub no_data: Vec<String>,
    /// Filters that leave nothing out.
    pub unfiltered: Vec<String>,
}

/// Every known format, in the order of their ids, with the item names of bills.
#[derive(Debug, Clone)]
pub struct FormatBook {
    formats: Vec<Arc<Format>>,
    pub(in crate::ingest) vocabulary: Arc<Vocabulary>,
    pub(in crate::ingest) items: Arc<ItemBook>,
    /// Keys of the headers of all formats.
    headers: BTreeSet<String>,
}

impl FormatBook {
    /// Returns the formats of `schemas/formats`, which the tests keep whole; they are read once.
    pub fn built_in() -> &'static Self {
        static BUILT_IN: LazyLock<FormatBook> = LazyLock::new(|| {
            let book = FormatBook::read_built_in();
            book.unwrap_or_else(|problems| panic!("the built-in formats do not hold: {problems:?}"))
        });
        &BUILT_IN
    }

    fn read_built_in() -> Result<Self, Vec<SpecProblem>> {
        let shared = SpecText { path: VOCABULARY, text: embedded::text(VOCABULARY) };
        let vocabulary: VocabularySpec = spec::read(shared)?;
        let mut formats = Vec::new();
        let mut problems = Vec::new();
        for (path, text) in embedded::below("formats/").filter(|(path, _)| *path != VOCABULARY) {
            let file = SpecText { path, text };
            match spec::read::<FormatSpec>(file)
                .and_then(|spec| check::format(file, spec, shared, &vocabulary))
            {
                Ok(format) => formats.push(Arc::new(format)),
                Err(found) => problems.extend(found),
            }
        }
        formats.sort_by(|a: &Arc<Format>, b| a.id.cmp(&b.id));
        let items = ItemBook::built_in().map_err(|found| problems.extend(found)).ok();
        match items.filter(|_| problems.is_empty()) {
            Some(items) => Ok(Self {
                headers: formats.iter().flat_map(|format| headers_of(format)).collect(),
                formats,
                vocabulary: Arc::new(Vocabulary {
                    no_data: vocabulary.no_data.iter().map(|glob| fold_name(glob)).collect(),
                    unfiltered: vocabulary.unfiltered,
                }),
                items: Arc::new(items),
            }),
            None => Err(problems),
        }
    }

    /// Adds the format of a file of the user; one with the same id is replaced.
    ///
    /// # Errors
    /// When the file is no format that holds; all problems together.
    pub fn add(&mut self, path: &str, text: &str) -> Result<String, Vec<SpecProblem>> {
        let shared = SpecText { path: VOCABULARY, text: embedded::text(VOCABULARY) };
        let vocabulary: VocabularySpec = spec::read(shared)?;
        let file = SpecText { path, text };
        let format =
            spec::read::<FormatSpec>(file).and_then(|spec| check::format(file, spec, shared, &vocabulary))?;
        let id = format.id.clone();
        self.headers.extend(headers_of(&format));
        self.formats.retain(|other| other.id != id);
        self.formats.push(Arc::new(format));
        self.formats.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(id)
    }

    /// Returns whether any format knows a header of that key.
    pub(in crate::ingest) fn knows_header(&self, key: &str) -> bool {
        self.headers.contains(key)
    }

    /// Returns the formats by id.
    pub fn formats(&self) -> impl Iterator<Item = &Format> {
        self.formats.iter().map(|format| &**format)
    }
}

fn headers_of(format: &Format) -> impl Iterator<Item = String> {
    let columns = format.columns.iter().flat_map(|column| &column.headers);
    columns.chain(&format.context).cloned().collect::<Vec<_>>().into_iter()
}

const VOCABULARY: &str = "formats/vocabulary.toml";
