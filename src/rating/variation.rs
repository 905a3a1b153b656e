//! What the papers leave open in a cycle: each possibility is rated, the answers are bounds.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::period::WallTime;
use crate::model::plan::Plan;

/// Most combinations that are rated (spec 2, Interval).
pub(super) const COMBINATIONS_MAX: usize = 256;

/// One of two ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Extreme {
    /// The smaller one.
    Least,
    /// The larger one.
    Most,
}

/// What is left of an allowance of the cycle before, between two bounds, in base units.
#[derive(Debug, Clone)]
pub(super) struct Carried {
    pub(super) plan: Arc<Plan>,
    pub(super) allowance: String,
    pub(super) low: u64,
    pub(super) high: u64,
}

/// Use of a pack's allowance in earlier cycles of the same validity: (pack, start, allowance) → at least, at most.
pub(super) type UsedBefore = BTreeMap<(String, WallTime, String), (u64, u64)>;

/// Another order of events of one second: place in the list → event that stands there.
pub(super) type Orders = BTreeMap<usize, usize>;

/// One possibility.
#[derive(Debug, Clone)]
pub(super) struct Variation<'p> {
    /// Plan id → number of the reading; absent = the text as the file has it.
    pub(super) readings: BTreeMap<&'p str, usize>,
    /// How much is granted by rollover, shared allowances and packs that were in use before.
    pub(super) grants: Extreme,
    /// How many events count that the papers do not settle.
    pub(super) events: Extreme,
    used_before: &'p UsedBefore,
}

impl Extreme {
    /// Returns the opposite end.
    pub(super) fn other(self) -> Self {
        if self == Self::Least { Self::Most } else { Self::Least }
    }
}

impl<'p> Variation<'p> {
    /// Returns the plan under the reading of this variation.
    pub(super) fn chosen(&self, plan: &'p Plan) -> &'p Plan {
        let number = self.readings.get(plan.id.as_str());
        let reading = number.and_then(|number| plan.readings.get(*number));
        reading.map_or(plan, |reading| &*reading.plan)
    }

    /// Returns how much of a pack's allowance earlier cycles used.
    pub(super) fn used_before(&self, pack: &str, start: WallTime, allowance: &str) -> u64 {
        if self.used_before.is_empty() {
            return 0;
        }
        let used = self.used_before.get(&(pack.to_owned(), start, allowance.to_owned()));
        let (least, most) = used.copied().unwrap_or_default();
        if self.grants == Extreme::Least { most } else { least }
    }
}

/// Returns every possibility, the one that favours the operator first, and whether all are there.
pub(super) fn variations<'p>(
    plans: &[&'p Plan],
    open_grants: bool,
    open_events: bool,
    used_before: &'p UsedBefore,
) -> (Vec<Variation<'p>>, bool) {
    let (readings, complete) =
        reading_choices(plans, if open_grants { 2 } else { 1 } * if open_events { 2 } else { 1 });
    let grants: &[Extreme] = if open_grants { &[Extreme::Least, Extreme::Most] } else { &[Extreme::Least] };
    let events: &[Extreme] = if open_events { &[Extreme::Most, Extreme::Least] } else { &[Extreme::Most] };
    let mut all = Vec::new();
    for readings in &readings {
        for grants in grants {
            for events in events {
                let readings = readings.clone();
                all.push(Variation { readings, grants: *grants, events: *events, used_before });
            }
        }
    }
    (all, complete)
}

/// Returns every combination of readings; beyond the limit only the single changes.
fn reading_choices<'p>(plans: &[&'p Plan], others: usize) -> (Vec<BTreeMap<&'p str, usize>>, bool) {
    let mut unclear: Vec<&'p Plan> = plans.iter().copied().filter(|plan| !plan.readings.is_empty()).collect();
    unclear.sort_by(|a, b| a.id.cmp(&b.id));
    unclear.dedup_by(|a, b| a.id == b.id);
    let count = unclear.iter().try_fold(others, |count, plan| count.checked_mul(plan.readings.len() + 1));
    let complete = count.is_some_and(|count| count <= COMBINATIONS_MAX);
    let mut choices = vec![BTreeMap::new()];
    for plan in unclear {
        let base = if complete { choices.clone() } else { vec![BTreeMap::new()] };
        for number in 0..plan.readings.len() {
            let changed = base.iter().cloned().map(|mut choice: BTreeMap<&str, usize>| {
                choice.insert(&plan.id, number);
                choice
            });
            choices.extend(changed);
        }
    }
    (choices, complete)
}
