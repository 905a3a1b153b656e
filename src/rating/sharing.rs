//! Allowances that several lines draw from (`shared_with`), by start time.

use crate::model::coverage::{Coverage, completeness};
use crate::model::period::Cycle;
use crate::model::plan::{Allowance, Match};
use crate::model::quantity::{Unit, Volume};
use crate::model::usage::UsageTable;
use crate::rating::in_force::InForce;
use crate::rating::matcher::Matcher;
use crate::rating::setup::{Bucket, Setup};
use crate::rating::variation::Extreme;
use crate::rating::walk::Walker;

/// Another line of the case that shares an allowance with the rated one.
#[derive(Debug, Clone)]
pub struct Sibling {
    /// Its number.
    pub msisdn: String,
    /// Its usage, sorted.
    pub usage: UsageTable,
    /// Windows that speak for it.
    pub coverage: Vec<Coverage>,
    /// Its plans and packs.
    pub in_force: InForce,
}

impl Sibling {
    /// Returns whether its use of a unit is proved complete in the cycle.
    pub(super) fn is_complete(&self, unit: Unit, cycle: Cycle) -> bool {
        completeness(&self.coverage, unit.into(), cycle.span()).is_proved()
    }
}

/// Who shares a bucket, and which events may use it.
#[derive(Debug, Clone)]
pub(super) struct Shared {
    with: Vec<String>,
    matches: Match,
}

impl Shared {
    /// Returns with whom an allowance is shared, if it is.
    pub(super) fn of(allowance: &Allowance) -> Option<Self> {
        let shared = !allowance.shared_with.is_empty();
        shared.then(|| Self { with: allowance.shared_with.clone(), matches: allowance.matches.clone() })
    }
}

/// Who the rated line is, whose buckets are made, and whose use is known.
#[derive(Debug)]
pub(super) struct People<'a> {
    /// The line whose cycle is rated.
    pub(super) rated: &'a str,
    /// The line whose plan grants the buckets.
    pub(super) owner: &'a str,
    /// The other lines of the case that share something with it.
    pub(super) siblings: &'a [Sibling],
    pub(super) cycle: Cycle,
}

impl People<'_> {
    /// Others whose use is not proved complete may have used up a shared allowance: nothing of it is left then.
    pub(super) fn granted(&self, allowance: &Allowance, granted: Volume, grants: Extreme) -> Volume {
        if allowance.shared_with.is_empty() || grants == Extreme::Most {
            return granted;
        }
        let owner = [self.owner];
        let members = allowance.shared_with.iter().map(String::as_str).chain(owner);
        let mut others = members.filter(|member| *member != self.rated);
        let known = |member: &str| {
            let sibling = self.siblings.iter().find(|sibling| sibling.msisdn == member);
            sibling.is_some_and(|sibling| sibling.is_complete(granted.unit, self.cycle))
        };
        if others.all(known) { granted } else { Volume::new(granted.unit, 0) }
    }
}

/// Returns whether one of the lines shares an allowance with the other.
pub(super) fn share(a: (&str, &InForce), b: (&str, &InForce)) -> bool {
    names(a.1, b.0) || names(b.1, a.0)
}

fn names(in_force: &InForce, msisdn: &str) -> bool {
    let plans = in_force.plans.iter().map(|plan| &plan.plan);
    let packs = in_force.packs.iter().map(|pack| &pack.pack);
    let mut allowances = plans.chain(packs).flat_map(|plan| &plan.allowances);
    allowances.any(|allowance| allowance.shared_with.iter().any(|other| other == msisdn))
}

/// One bucket as it stands in the setups of several lines.
#[derive(Debug)]
pub(super) struct Pool {
    /// Its place in each setup; none = that line may not use it.
    places: Vec<Option<usize>>,
}

impl Pool {
    /// Brings the copies of all lines to what the line at `turn` left.
    pub(super) fn level(&self, turn: usize, walkers: &mut [Walker<'_, '_>]) {
        let Some(place) = self.places[turn] else { return };
        let bucket = &walkers[turn].setup.buckets[place];
        let (left, exhausted_at) = (bucket.left, bucket.exhausted_at);
        for (walker, place) in walkers.iter_mut().zip(&self.places) {
            if let Some(place) = place {
                let copy = &mut walker.setup.buckets[*place];
                (copy.left, copy.exhausted_at) = (left, exhausted_at);
            }
        }
    }
}

/// Gives each line the buckets that others share with it. `party` are number, usage and setup.
pub(super) fn pool(party: &mut [(&str, &UsageTable, Setup<'_>)]) -> Vec<Pool> {
    let mut pools = Vec::new();
    let own: Vec<usize> = party.iter().map(|(_, _, setup)| setup.buckets.len()).collect();
    for owner in 0..party.len() {
        for place in 0..own[owner] {
            let Some(shared) = party[owner].2.buckets[place].shared.clone() else { continue };
            let mut places = vec![None; party.len()];
            places[owner] = Some(place);
            for other in (0..party.len()).filter(|other| *other != owner) {
                if shared.with.iter().any(|msisdn| *msisdn == party[other].0) {
                    let copy = borrowed(&party[owner].2.buckets[place], &shared, party[other].1);
                    places[other] = Some(party[other].2.buckets.len());
                    party[other].2.buckets.push(copy);
                }
            }
            pools.push(Pool { places });
        }
    }
    pools
}

/// The bucket as another line sees it: what is left of it stays with its owner.
fn borrowed(bucket: &Bucket, shared: &Shared, usage: &UsageTable) -> Bucket {
    Bucket {
        id: format!("shared:{}", bucket.id),
        plan: bucket.plan.clone(),
        granted: bucket.granted,
        left: bucket.left,
        start: bucket.start,
        end: bucket.end,
        exhausted_at: None,
        matcher: Matcher::new(&shared.matches, usage),
        rolls: None,
        outlives: None,
        shared: None,
        selector: bucket.selector.clone(),
    }
}
