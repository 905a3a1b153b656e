//! A format file as written.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

/// `schemas/formats/<source>/<document>-vN.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormatSpec {
    /// `mingzhang.format/1`.
    pub schema: Spanned<String>,
    /// `<source>/<document>-N`.
    pub id: Spanned<String>,
    /// What the document is called.
    pub title: TitleSpec,
    /// usage, bill, payments, orders, charges, wallet.
    pub table: Spanned<String>,
    /// Whether the layout was confirmed on a real file.
    pub verified: bool,
    /// Kinds of record of which such a list holds all; empty = those that occur in it.
    #[serde(default)]
    pub kinds: Vec<Spanned<String>>,
    /// Shared sets of preamble and footer sentences, by their name in the vocabulary.
    #[serde(default)]
    pub preamble: Vec<Spanned<String>>,
    /// Further sentences.
    #[serde(default)]
    pub patterns: Vec<Spanned<String>>,
    /// Further rows that belong to the layout: globs on the first cell that is not blank.
    #[serde(default)]
    pub structure: Vec<String>,
    /// Names of group rows of a bill: globs.
    #[serde(default)]
    pub groups: Vec<String>,
    /// Headers that are known and kept as context only.
    #[serde(default)]
    pub context: Vec<String>,
    /// Headers that must be there, beside those of the needed columns.
    #[serde(default)]
    pub with: Vec<String>,
    /// Headers that must not be there: they tell this layout from a similar one.
    #[serde(default)]
    pub without: Vec<String>,
    /// Words of which one must stand above the table, or in the name of the file or the sheet: several
    /// issuers print the same header.
    #[serde(default)]
    pub marks: Vec<String>,
    /// Whether its rows carry no id of a transaction and so prove nothing.
    #[serde(default)]
    pub without_ids: bool,
    /// Fields with the same value in every row.
    #[serde(default)]
    pub constants: BTreeMap<String, Spanned<String>>,
    /// Columns that fill fields.
    #[serde(rename = "column")]
    pub columns: Vec<ColumnSpec>,
    /// Fields that are read out of other fields.
    #[serde(default, rename = "extract")]
    pub extracts: Vec<ExtractSpec>,
    /// Word tables of this format.
    #[serde(default)]
    pub words: BTreeMap<String, Vec<(String, String)>>,
}

/// Titles in both languages.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TitleSpec {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// One `[[column]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnSpec {
    /// Field of the general record format.
    pub field: Spanned<String>,
    /// Headers that mean it, the preferred one first.
    pub header: Vec<String>,
    /// Whether the layout is recognised only with it.
    #[serde(default)]
    pub required: bool,
    /// Unit of bare numbers, where the header states none.
    pub unit: Option<Spanned<String>>,
    /// Word table.
    pub words: Option<Spanned<String>>,
    /// Code for words that the table does not know; without it such a row is set aside.
    pub otherwise: Option<String>,
}

/// One `[[extract]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExtractSpec {
    /// Field that is looked into.
    pub from: Spanned<String>,
    /// Sentences with blanks; a blank fills the field of its name.
    #[serde(default)]
    pub patterns: Vec<Spanned<String>>,
    /// Field that a word table fills instead.
    pub field: Option<Spanned<String>>,
    /// That word table.
    pub words: Option<Spanned<String>>,
}

/// `schemas/formats/vocabulary.toml`: what several formats share.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VocabularySpec {
    /// Rows that belong to any layout: globs on the first cell that is not blank.
    pub structure: Vec<String>,
    /// Sentences with which an operator says that there is no record: globs on the whole row.
    pub no_data: Vec<String>,
    /// Values of an export filter that leave nothing out.
    pub unfiltered: Vec<String>,
    /// Named sets of preamble sentences.
    pub preamble: BTreeMap<String, Vec<Spanned<String>>>,
    /// Named word tables: (glob, code), the first that fits wins.
    pub words: BTreeMap<String, Vec<(String, String)>>,
}
