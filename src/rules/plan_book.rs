//! All known plans and packs: by id and day, or by what a bill or an order calls them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::embedded;
use crate::model::message::Message;
use crate::model::period::Day;
use crate::model::plan::Plan;
use crate::rules::plan;

/// Known plans and packs, each in one or more versions that never overlap in time.
#[derive(Debug, Clone, Default)]
pub struct PlanBook {
    /// Versions by id, by start of their window.
    versions: BTreeMap<String, Vec<Arc<Plan>>>,
    /// Ids by normalised id, name and alias.
    ids_by_name: BTreeMap<String, Vec<String>>,
    /// Names under which a bill may charge a pack, normalised, by its id.
    packs: BTreeMap<String, BTreeSet<String>>,
}

impl PlanBook {
    /// Returns the plans that the program brings along, by path, before their examples are run.
    ///
    /// A built-in file with a problem is a bug of ours; `tests/rules` reads each of them.
    pub fn built_in_files() -> impl Iterator<Item = (&'static str, Plan)> {
        embedded::below("plans/")
            .map(|(path, text)| {
                let plan = plan::parse(path, text);
                assert!(plan.is_ok(), "built-in plan {path} does not hold");
                plan.map(|plan| (path, plan))
            })
            .filter_map(Result::ok)
    }

    /// Returns the book of the plans that the program brings along.
    pub fn built_in() -> Self {
        let mut book = Self::default();
        for (path, plan) in Self::built_in_files() {
            let added = book.add(plan);
            assert!(added.is_ok(), "built-in plan {path} overlaps another version");
        }
        book
    }

    /// Adds a plan or a further version of one.
    ///
    /// # Errors
    /// When a version of the same id already applies on one of its days.
    pub fn add(&mut self, plan: Plan) -> Result<(), Message> {
        let versions = self.versions.entry(plan.id.clone()).or_default();
        if versions.iter().any(|version| overlap(version, &plan)) {
            return Err(Message::new("plan.overlap").text("id", &plan.id));
        }
        for name in plan.names().map(normalised_name) {
            let ids = self.ids_by_name.entry(name).or_default();
            if !ids.contains(&plan.id) {
                ids.push(plan.id.clone());
            }
        }
        if let Some(pack) = plan.pack() {
            let names = plan.names().chain(pack.billed_as.iter().map(String::as_str)).map(normalised_name);
            self.packs.entry(plan.id.clone()).or_default().extend(names);
        }
        versions.push(Arc::new(plan));
        versions.sort_by_key(|version| version.effective_from);
        Ok(())
    }

    /// Returns the version of the plan that applies on that day.
    pub fn get(&self, id: &str, day: Day) -> Option<&Arc<Plan>> {
        self.versions(id).iter().find(|version| version.applies_on(day))
    }

    /// Returns every version of the plan, by start of its window.
    pub fn versions(&self, id: &str) -> &[Arc<Plan>] {
        self.versions.get(id).map_or(&[], Vec::as_slice)
    }

    /// Returns the id of the only plan of that id, name or alias; none when two share it.
    pub fn named(&self, name: &str) -> Option<&str> {
        if let Some((id, _)) = self.versions.get_key_value(name) {
            return Some(id);
        }
        match self.ids_by_name.get(&normalised_name(name))?.as_slice() {
            [id] => Some(id),
            _ => None,
        }
    }

    /// Returns every pack by id, with the normalised names under which a bill may charge it.
    pub fn packs(&self) -> impl Iterator<Item = (&str, &BTreeSet<String>)> {
        self.packs.iter().map(|(id, names)| (id.as_str(), names))
    }

    /// Returns every version of every plan, by id, then start of its window.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Plan>> {
        self.versions.values().flatten()
    }
}

/// Returns a name as it is compared: full-width signs as ASCII, lower case, without blanks.
pub fn normalised_name(name: &str) -> String {
    let fold = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '【' | '〔' => '[',
        '】' | '〕' => ']',
        _ => c,
    };
    let kept = name.chars().map(fold).filter(|c| !c.is_whitespace() && !c.is_control() && *c != '\u{feff}');
    kept.flat_map(char::to_lowercase).collect()
}

fn overlap(a: &Plan, b: &Plan) -> bool {
    let begins_by_end_of = |x: &Plan, y: &Plan| match (x.effective_from, y.effective_last) {
        (Some(from), Some(last)) => from <= last,
        _ => true,
    };
    begins_by_end_of(a, b) && begins_by_end_of(b, a)
}
