//! A format file as written → a format that holds; all problems together.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;

use crate::ingest::fold::fold_name;
use crate::ingest::format::field::{CellRule, fields, rule_of};
use crate::ingest::format::file::{ColumnSpec, ExtractSpec, FormatSpec, VocabularySpec};
use crate::ingest::format::{ColumnRule, Extract, Format, Words};
use crate::ingest::header::{ColumnUnit, header_name};
use crate::ingest::pattern::Pattern;
use crate::model::coverage::CoverKind;
use crate::model::message::Message;
use crate::model::source::TableKind;
use crate::spec::{SpecProblem, SpecText};

/// Returns the checked format.
///
/// # Errors
/// When a field, word table, unit, kind or sentence is not known.
pub fn format(
    file: SpecText<'_>,
    spec: FormatSpec,
    shared: SpecText<'_>,
    vocabulary: &VocabularySpec,
) -> Result<Format, Vec<SpecProblem>> {
    let Some(table) = TableKind::from_code(spec.table.get_ref()) else {
        let span = spec.table.span();
        return Err(vec![file.problem(span, unknown("table", spec.table.get_ref(), &table_words()))]);
    };
    let mut check = Check { file, shared, table, vocabulary, words: &spec.words, problems: Vec::new() };
    check.schema_and_id(&spec);
    let format = Format {
        id: spec.id.get_ref().clone(),
        title_zh: spec.title.zh.clone(),
        title_en: spec.title.en.clone(),
        table,
        verified: spec.verified,
        kinds: spec.kinds.iter().filter_map(|kind| check.kind(kind)).collect(),
        columns: spec.columns.iter().filter_map(|column| check.column(column)).collect(),
        context: spec.context.iter().map(|header| header_name(header).0).collect(),
        with: spec.with.iter().map(|header| header_name(header).0).collect(),
        without: spec.without.iter().map(|header| header_name(header).0).collect(),
        marks: spec.marks.iter().map(|word| fold_name(word)).collect(),
        without_ids: spec.without_ids,
        constants: check.constants(&spec.constants),
        patterns: check.preamble(&spec),
        structure: vocabulary.structure.iter().chain(&spec.structure).map(|glob| fold_name(glob)).collect(),
        groups: spec.groups.iter().map(|glob| fold_name(glob)).collect(),
        extracts: spec.extracts.iter().filter_map(|extract| check.extract(extract)).collect(),
    };
    if check.problems.is_empty() { Ok(format) } else { Err(check.problems) }
}

struct Check<'a> {
    file: SpecText<'a>,
    shared: SpecText<'a>,
    table: TableKind,
    vocabulary: &'a VocabularySpec,
    words: &'a BTreeMap<String, Words>,
    problems: Vec<SpecProblem>,
}

impl Check<'_> {
    fn refuse(&mut self, span: Range<usize>, message: Message) {
        self.problems.push(self.file.problem(span, message));
    }

    fn schema_and_id(&mut self, spec: &FormatSpec) {
        if spec.schema.get_ref() != SCHEMA {
            self.refuse(spec.schema.span(), unknown("schema", spec.schema.get_ref(), SCHEMA));
        }
        if spec.id.get_ref().split('/').filter(|part| !part.is_empty()).count() != 2 {
            self.refuse(spec.id.span(), Message::new("ingest.format.id").text("value", spec.id.get_ref()));
        }
    }

    fn kind(&mut self, kind: &Spanned<String>) -> Option<CoverKind> {
        let found = CoverKind::from_code(kind.get_ref());
        if found.is_none() {
            let known = CoverKind::ALL.map(CoverKind::code).join(", ");
            self.refuse(kind.span(), unknown("kind", kind.get_ref(), &known));
        }
        found
    }

    fn field(&mut self, field: &Spanned<String>) -> Option<CellRule> {
        let rule = rule_of(self.table, field.get_ref());
        if rule.is_none() {
            let known: Vec<&str> = fields(self.table).iter().map(|(name, _)| *name).collect();
            self.refuse(field.span(), unknown("field", field.get_ref(), &known.join(", ")));
        }
        rule
    }

    fn word_table(&mut self, name: &Spanned<String>) -> Option<Words> {
        let found = self.words.get(name.get_ref()).or_else(|| self.vocabulary.words.get(name.get_ref()));
        let words = found
            .map(|words| words.iter().map(|(glob, code)| (fold_name(glob), code.clone())).collect::<Words>());
        if words.is_none() {
            let known: Vec<&str> = self.vocabulary.words.keys().map(String::as_str).collect();
            self.refuse(name.span(), unknown("words", name.get_ref(), &known.join(", ")));
        }
        words
    }

    fn column(&mut self, column: &ColumnSpec) -> Option<ColumnRule> {
        let rule = self.field(&column.field)?;
        let words = match &column.words {
            Some(name) => self.word_table(name)?,
            None if rule == CellRule::Word => {
                self.refuse(
                    column.field.span(),
                    Message::new("ingest.format.no-words").text("field", column.field.get_ref()),
                );
                return None;
            }
            None => Words::new(),
        };
        let unit = match &column.unit {
            Some(word) => Some(self.unit(word)?),
            None => None,
        };
        let headers = column.header.iter().map(|header| header_name(header).0).collect();
        let (field, otherwise) = (column.field.get_ref().clone(), column.otherwise.clone());
        Some(ColumnRule { field, headers, required: column.required, rule, unit, words, otherwise })
    }

    fn unit(&mut self, word: &Spanned<String>) -> Option<ColumnUnit> {
        let unit = ColumnUnit::from_word(&fold_name(word.get_ref()));
        if unit.is_none() {
            self.refuse(word.span(), unknown("unit", word.get_ref(), "元, 分, 厘, 秒, 分钟, B, KB, MB, GB"));
        }
        unit
    }

    fn constants(&mut self, constants: &BTreeMap<String, Spanned<String>>) -> BTreeMap<String, String> {
        let mut checked = BTreeMap::new();
        for (field, value) in constants {
            if rule_of(self.table, field).is_none() {
                let known: Vec<&str> = fields(self.table).iter().map(|(name, _)| *name).collect();
                self.refuse(value.span(), unknown("field", field, &known.join(", ")));
            }
            checked.insert(field.clone(), value.get_ref().clone());
        }
        checked
    }

    fn preamble(&mut self, spec: &FormatSpec) -> Vec<Pattern> {
        let mut patterns: Vec<Pattern> = self.patterns(&spec.patterns);
        for name in &spec.preamble {
            match self.vocabulary.preamble.get(name.get_ref()) {
                Some(set) => {
                    let (own, shared) = (self.file, self.shared);
                    self.file = shared;
                    patterns.extend(self.patterns(set));
                    self.file = own;
                }
                None => {
                    let known: Vec<&str> = self.vocabulary.preamble.keys().map(String::as_str).collect();
                    self.refuse(name.span(), unknown("preamble", name.get_ref(), &known.join(", ")));
                }
            }
        }
        patterns
    }

    fn patterns(&mut self, written: &[Spanned<String>]) -> Vec<Pattern> {
        let mut patterns = Vec::new();
        for text in written {
            match Pattern::parse(text.get_ref()) {
                Ok(pattern) => patterns.push(pattern),
                Err(blank) => {
                    self.refuse(text.span(), Message::new("ingest.format.blank").text("value", blank))
                }
            }
        }
        patterns
    }

    fn extract(&mut self, extract: &ExtractSpec) -> Option<Extract> {
        self.field(&extract.from)?;
        let patterns = self.patterns(&extract.patterns);
        let (field, words) = match (&extract.field, &extract.words) {
            (Some(field), Some(words)) => {
                self.field(field)?;
                (Some(field.get_ref().clone()), self.word_table(words)?)
            }
            _ => (None, Words::new()),
        };
        Some(Extract { from: extract.from.get_ref().clone(), patterns, field, words })
    }
}

const SCHEMA: &str = "mingzhang.format/1";

fn table_words() -> String {
    TableKind::ALL.map(TableKind::code).join(", ")
}

fn unknown(what: &'static str, value: &str, known: &str) -> Message {
    Message::new("ingest.format.unknown").text("what", what).text("value", value).text("known", known)
}
