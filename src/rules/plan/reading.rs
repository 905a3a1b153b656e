//! Unclear clauses: each reading is the same document with some entries replaced, checked as a plan.

use std::borrow::Cow;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::spec::PlanSpec;
use super::{PlanChecker, base};
use crate::model::message::Message;
use crate::model::plan::Reading;
use crate::spec::{SpecDocument, SpecProblem};

type Value<'a> = Spanned<DeValue<'a>>;

impl PlanChecker<'_, '_> {
    /// Checks the readings themselves; the plans that they make are checked by [`readings`].
    pub(super) fn reading_keys(&mut self, spec: &PlanSpec) {
        let mut seen = std::collections::BTreeSet::new();
        for reading in &spec.reading {
            let (table, spec) = (reading.span(), reading.get_ref());
            self.unique_id(&mut seen, &table, spec.id.as_ref());
            self.clause(&table, spec.clause.as_ref());
            let set = self.check.required(&table, "set", spec.set.as_ref());
            if let Some(set) = set.filter(|set| set.get_ref().is_empty()) {
                self.check.problem(set.span(), Message::new("plan.empty-reading"));
            }
        }
    }
}

/// Returns the plan under each reading of the document, which itself is without problems.
pub(super) fn readings(document: &SpecDocument<'_>) -> (Vec<Reading>, Vec<SpecProblem>) {
    let mut problems = Vec::new();
    let mut readings = Vec::new();
    for index in 0.. {
        let Some(reading) =
            entry(document.root.get_ref(), "reading").and_then(|list| list.get_ref().get(index))
        else {
            break;
        };
        match alternative(document, reading.get_ref()) {
            Ok(reading) => readings.extend(reading),
            Err(found) => problems.extend(found),
        }
    }
    crate::spec::sort_problems(&mut problems);
    (readings, problems)
}

fn alternative(
    document: &SpecDocument<'_>,
    reading: &DeValue<'_>,
) -> Result<Option<Reading>, Vec<SpecProblem>> {
    let text = |key: &str| reading.get(key).and_then(|value| value.get_ref().as_str()).map(str::to_owned);
    let set = reading.get("set").and_then(|set| set.get_ref().as_table());
    let (Some(id), Some(clause), Some(set)) = (text("id"), text("clause"), set) else { return Ok(None) };
    let mut changed = document.clone();
    for (path, value) in set {
        if !replace(changed.root.get_mut(), path, value) {
            let message = Message::new("plan.reading-target").text("key", path.get_ref());
            changed.problems.push(document.file.problem(path.span(), message));
        }
    }
    let plan = base(changed, Some(&id))?;
    Ok(Some(Reading { id, clause, plan: Box::new(plan) }))
}

/// Puts `value` at `rate.<id>.<key>`, `allowance.<id>.<key>`, `credit.<id>.<key>`, `cap.<unit>.<key>`,
/// `fee.<key>`, `pack.<key>` or `consumption.<key>`; false when there is no such section or item.
fn replace<'a>(root: &mut DeTable<'a>, path: &Spanned<Cow<'a, str>>, value: &Value<'a>) -> bool {
    let parts: Vec<&str> = path.get_ref().split('.').collect();
    let (table, key) = match parts.as_slice() {
        [section @ ("fee" | "pack" | "consumption"), key] => (section_table(root, section), *key),
        [section @ ("rate" | "allowance" | "credit"), id, key] => (item_table(root, section, "id", id), *key),
        ["cap", unit, key] => (item_table(root, "cap", "unit", unit), *key),
        _ => (None, ""),
    };
    let Some(table) = table else { return false };
    let kept = std::mem::take(table).into_iter().filter(|(name, _)| name.get_ref() != key);
    *table = kept.collect();
    table.insert(Spanned::new(path.span(), Cow::Owned(key.to_owned())), value.clone());
    true
}

fn section_table<'t, 'a>(root: &'t mut DeTable<'a>, section: &str) -> Option<&'t mut DeTable<'a>> {
    match entry_mut(root, section)?.get_mut() {
        DeValue::Table(table) => Some(table),
        _ => None,
    }
}

fn item_table<'t, 'a>(
    root: &'t mut DeTable<'a>,
    section: &str,
    id_key: &str,
    id: &str,
) -> Option<&'t mut DeTable<'a>> {
    let DeValue::Array(items) = entry_mut(root, section)?.get_mut() else { return None };
    let named =
        |item: &Value<'a>| item.get_ref().get(id_key).and_then(|it| it.get_ref().as_str()) == Some(id);
    match items.iter_mut().find(|item| named(item))?.get_mut() {
        DeValue::Table(table) => Some(table),
        _ => None,
    }
}

fn entry<'t, 'a>(table: &'t DeTable<'a>, key: &str) -> Option<&'t Value<'a>> {
    table.iter().find(|(name, _)| name.get_ref() == key).map(|(_, value)| value)
}

fn entry_mut<'t, 'a>(table: &'t mut DeTable<'a>, key: &str) -> Option<&'t mut Value<'a>> {
    table.iter_mut().find(|(name, _)| name.get_ref() == key).map(|(_, value)| value)
}
