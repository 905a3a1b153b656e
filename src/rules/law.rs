//! Rules of law and of the trade: `schemas/laws.toml`, whose every entry was read in its source.

use std::sync::LazyLock;

use serde::Deserialize;
use toml::Spanned;

use crate::embedded;
use crate::model::message::Message;
use crate::model::period::Day;
use crate::spec::{self, SpecProblem, SpecText};

/// Version of the file that is read.
pub const SCHEMA: &str = "mingzhang.laws/1";
const BUILT_IN: &str = "laws.toml";
/// Ending of the id of an earlier version.
const OLD: &str = "-old";

/// What binds whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LawKind {
    /// A law or regulation.
    Law,
    /// An operator's form contract; the customer's own decides.
    Contract,
    /// A public promise of an operator.
    Promise,
    /// Known from elsewhere; never quoted.
    Secondary,
}

/// One rule in one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Law {
    /// Id, e.g. `dx-33`.
    pub id: String,
    /// What binds whom.
    pub kind: LawKind,
    /// Operator code; none = all.
    pub operator: Option<String>,
    /// Province; none = all.
    pub province: Option<String>,
    /// Name in Chinese.
    pub name_zh: String,
    /// Name in English.
    pub name_en: String,
    /// Who issued it.
    pub issuer: String,
    /// 法律, 行政法规, 部门规章 …
    pub level: String,
    /// Number of the document; empty = none.
    pub document_number: String,
    /// Article.
    pub article: String,
    /// First day in force; none = not known.
    pub effective_from: Option<Day>,
    /// Last day in force (inclusive); none = still in force.
    pub effective_last: Option<Day>,
    /// The words themselves.
    pub quote_zh: String,
    /// Where the words were read.
    pub source: String,
    /// Times the mean of the months before from which a bill is unusual, where the rule names it.
    pub surge_times: Option<u64>,
    /// Working days that it leaves for the reply to a complaint, where it names them.
    pub reply_working_days: Option<u32>,
    /// What it serves for.
    pub used_for: Vec<String>,
    /// Remark of the collector.
    pub note: String,
}

impl Law {
    /// Returns whether it was in force on that day.
    pub fn in_force_on(&self, day: Day) -> bool {
        self.effective_from.is_none_or(|from| from <= day)
            && self.effective_last.is_none_or(|last| day <= last)
    }

    /// Returns whether its words may be printed as a quotation.
    pub fn is_quotable(&self) -> bool {
        self.kind != LawKind::Secondary
    }

    /// Returns whether it binds in that province and that operator (its code), where these are known. A province may
    /// be named with its rank: 河南省 is 河南.
    pub fn applies_to(&self, province: Option<&str>, operator: Option<&str>) -> bool {
        let place = self.province.as_deref();
        let there = place.is_none_or(|own| province.is_some_and(|asked| asked.trim().starts_with(own)));
        there && self.operator.as_deref().is_none_or(|own| operator == Some(own))
    }
}

/// All rules.
#[derive(Debug, Clone, Default)]
pub struct LawBook {
    laws: Vec<Law>,
}

impl LawBook {
    /// Returns the rules that the program brings along, which the tests keep whole; they are read once.
    pub fn built_in() -> &'static Self {
        static LAWS: LazyLock<LawBook> = LazyLock::new(|| {
            let book = LawBook::parse(BUILT_IN, embedded::text(BUILT_IN));
            book.unwrap_or_else(|problems| panic!("the built-in laws do not hold: {problems:?}"))
        });
        &LAWS
    }

    /// Returns the rules of a law file.
    ///
    /// # Errors
    /// With every problem of the file, by place.
    pub fn parse(path: &str, text: &str) -> Result<Self, Vec<SpecProblem>> {
        let file = SpecText { path, text };
        let spec: LawsSpec = spec::read(file)?;
        let mut problems = Vec::new();
        if spec.schema.get_ref() != SCHEMA {
            let message = Message::new("spec.schema").text("found", spec.schema.get_ref());
            problems.push(file.problem(spec.schema.span(), message.text("expected", SCHEMA)));
        }
        let laws: Vec<Law> = spec.rule.iter().filter_map(|rule| rule.law(file, &mut problems)).collect();
        if problems.is_empty() { Ok(Self { laws }) } else { Err(problems) }
    }

    /// Returns the version of the rule that was in force on that day.
    pub fn get(&self, id: &str, day: Day) -> Option<&Law> {
        let is_version = |law: &&Law| law.id == id || law.id.strip_suffix(OLD) == Some(id);
        self.laws.iter().filter(is_version).find(|law| law.in_force_on(day))
    }

    /// Returns from how many times the mean a bill is unusual in that province on that day; a rule of the province
    /// goes before one of the country.
    pub fn surge_times(&self, province: Option<&str>, day: Day) -> Option<u64> {
        self.figure(province, day, |law| law.surge_times)
    }

    /// Returns the working days for the reply to a complaint where a rule of the province names them.
    pub fn reply_working_days(&self, province: Option<&str>, day: Day) -> Option<u32> {
        self.figure(province, day, |law| law.reply_working_days)
    }

    fn figure<T>(&self, province: Option<&str>, day: Day, of: impl Fn(&Law) -> Option<T>) -> Option<T> {
        let binding = self.laws.iter().filter(|law| law.in_force_on(day) && law.applies_to(province, None));
        let named = binding.filter(|law| of(law).is_some());
        named.max_by_key(|law| law.province.is_some()).and_then(of)
    }

    /// Returns every rule in every version, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Law> {
        self.laws.iter()
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LawsSpec {
    schema: Spanned<String>,
    #[serde(rename = "compiled_on")]
    _compiled_on: String,
    rule: Vec<LawSpec>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LawSpec {
    id: Spanned<String>,
    kind: Spanned<String>,
    operator: String,
    province: String,
    law_zh: String,
    law_en: String,
    issuer: String,
    level: String,
    doc_no: String,
    article: String,
    effective_from: Spanned<String>,
    effective_to: Spanned<String>,
    quote_zh: String,
    url_or_source: String,
    #[serde(rename = "status")]
    _status: String,
    verified: bool,
    surge_times: Option<u64>,
    reply_working_days: Option<u32>,
    used_for: Vec<String>,
    note: String,
}

impl LawSpec {
    fn law(&self, file: SpecText<'_>, problems: &mut Vec<SpecProblem>) -> Option<Law> {
        let kinds = [
            ("law", LawKind::Law),
            ("contract", LawKind::Contract),
            ("promise", LawKind::Promise),
            ("secondary", LawKind::Secondary),
        ];
        let kind = kinds.iter().find(|(word, _)| word == self.kind.get_ref()).map(|(_, kind)| *kind);
        if kind.is_none() {
            let near = kinds.map(|(word, _)| word).join(", ");
            let message =
                Message::new("spec.unknown-word").text("word", self.kind.get_ref()).text("near", near);
            problems.push(file.problem(self.kind.span(), message));
        }
        if !self.verified {
            let message = Message::new("law.unverified").text("id", self.id.get_ref());
            problems.push(file.problem(self.id.span(), message));
        }
        let mut day = |text: &Spanned<String>| {
            let parsed: Option<Day> = text.get_ref().parse().ok();
            if parsed.is_none() && !text.get_ref().is_empty() {
                let message = Message::new("spec.day").text("value", text.get_ref());
                problems.push(file.problem(text.span(), message));
            }
            parsed
        };
        let (effective_from, effective_last) = (day(&self.effective_from), day(&self.effective_to));
        let some = |text: &String| (!text.is_empty()).then(|| text.clone());
        Some(Law {
            id: self.id.get_ref().clone(),
            kind: kind?,
            operator: some(&self.operator),
            province: some(&self.province),
            name_zh: self.law_zh.clone(),
            name_en: self.law_en.clone(),
            issuer: self.issuer.clone(),
            level: self.level.clone(),
            document_number: self.doc_no.clone(),
            article: self.article.clone(),
            effective_from,
            effective_last,
            quote_zh: self.quote_zh.clone(),
            source: self.url_or_source.clone(),
            surge_times: self.surge_times,
            reply_working_days: self.reply_working_days,
            used_for: self.used_for.clone(),
            note: self.note.clone(),
        })
    }
}
