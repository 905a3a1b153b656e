//! Item names of bills → what they are for, by `schemas/items.toml`.

use serde::Deserialize;
use toml::Spanned;

use crate::embedded;
use crate::ingest::fold::{fold_name, matches_glob};
use crate::model::message::Message;
use crate::model::quantity::Unit;
use crate::model::record::Category;
use crate::spec::{self, SpecProblem, SpecText};

/// What an item is for and which kinds of usage it may contain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemMeaning {
    /// What it is for.
    pub category: Category,
    /// Kinds of usage; two for 短彩信费.
    pub units: Vec<Unit>,
}

/// The item names that are known.
#[derive(Debug, Clone)]
pub struct ItemBook {
    rules: Vec<ItemRule>,
}

#[derive(Debug, Clone)]
struct ItemRule {
    /// Glob on the key of the name.
    name: String,
    /// Prefix of format ids for which it holds; empty = all.
    source: String,
    meaning: ItemMeaning,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ItemsSpec {
    rule: Vec<RuleSpec>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleSpec {
    /// Names with `*`; the first rule of the file that fits wins.
    names: Vec<String>,
    category: Spanned<String>,
    #[serde(default)]
    kinds: Vec<Spanned<String>>,
    /// Source of the formats for which it holds, e.g. `cmcc`.
    #[serde(default)]
    source: Option<String>,
}

const ITEMS: &str = "items.toml";

impl ItemBook {
    /// Returns the names of `schemas/items.toml`.
    ///
    /// # Errors
    /// When a category or kind is not known; all problems together.
    pub fn built_in() -> Result<Self, Vec<SpecProblem>> {
        let file = SpecText { path: ITEMS, text: embedded::text(ITEMS) };
        let spec: ItemsSpec = spec::read(file)?;
        let mut rules = Vec::new();
        let mut problems = Vec::new();
        for rule in spec.rule {
            match meaning(file, &rule) {
                Ok(meaning) => rules.extend(rule.names.iter().map(|name| ItemRule {
                    name: fold_name(name),
                    source: rule.source.clone().map(|source| format!("{source}/")).unwrap_or_default(),
                    meaning: meaning.clone(),
                })),
                Err(problem) => problems.push(problem),
            }
        }
        if problems.is_empty() { Ok(Self { rules }) } else { Err(problems) }
    }

    /// Returns what an item is for in a bill of that format; nothing when no rule knows its name.
    pub fn meaning(&self, item: &str, format_id: &str) -> Option<&ItemMeaning> {
        let key = item_key(item);
        let fits = |rule: &&ItemRule| format_id.starts_with(&rule.source) && matches_glob(&rule.name, &key);
        self.rules.iter().find(fits).map(|rule| &rule.meaning)
    }
}

/// Returns the key of an item name: bullets and the `*` of collected items removed.
pub fn item_key(item: &str) -> String {
    fold_name(item).trim_start_matches(['•', '·', '-', '*', '└', '├', '─', '●', '○']).to_owned()
}

fn meaning(file: SpecText<'_>, rule: &RuleSpec) -> Result<ItemMeaning, SpecProblem> {
    let unknown = |what: &'static str, word: &Spanned<String>| {
        let message = Message::new("ingest.format.unknown").text("what", what).text("value", word.get_ref());
        file.problem(word.span(), message.text("known", Category::ALL.map(Category::code).join(", ")))
    };
    let category =
        Category::from_code(rule.category.get_ref()).ok_or_else(|| unknown("category", &rule.category))?;
    let unit = |word: &Spanned<String>| Unit::from_code(word.get_ref()).ok_or_else(|| unknown("kind", word));
    let units = rule.kinds.iter().map(unit).collect::<Result<Vec<_>, _>>()?;
    Ok(ItemMeaning { category, units })
}
