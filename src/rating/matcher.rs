//! Which events a bucket or a rate takes, with texts looked up once.

use crate::model::plan::Match;
use crate::model::quantity::Unit;
use crate::model::usage::{Direction, Scope, UsageTable};

/// A `match` with its texts as ids of the usage table.
#[derive(Debug)]
pub(super) struct Matcher {
    pub(super) direction: Direction,
    scopes: Vec<Scope>,
    apps: Option<Vec<u32>>,
    peers: Option<Vec<u32>>,
    hours_s: Option<(u32, u32)>,
}

/// What matching looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct EventKey {
    pub(super) unit: Unit,
    pub(super) direction: Direction,
    pub(super) scope: Scope,
    pub(super) peer: u32,
    pub(super) app: u32,
    pub(super) second_of_day: u32,
}

impl Matcher {
    pub(super) fn new(matches: &Match, usage: &UsageTable) -> Self {
        let ids = |texts: &[String]| {
            let found = texts.iter().filter_map(|text| usage.text_id(text)).collect();
            (!texts.is_empty()).then_some(found)
        };
        Self {
            direction: matches.direction.unwrap_or(Direction::Out),
            scopes: matches.scopes.clone(),
            apps: ids(&matches.apps),
            peers: ids(&matches.peers),
            hours_s: matches.hours_s,
        }
    }

    #[inline]
    pub(super) fn takes(&self, event: &EventKey) -> bool {
        let direction = event.unit == Unit::Data || event.direction == self.direction;
        let scope = self.scopes.is_empty() || self.scopes.contains(&event.scope);
        let app = self.apps.as_ref().is_none_or(|apps| apps.contains(&event.app));
        let peer = self.peers.as_ref().is_none_or(|peers| peers.contains(&event.peer));
        direction && scope && app && peer && self.in_hours(event.second_of_day)
    }

    /// Returns whether the other number is named outright.
    #[inline]
    pub(super) fn names_peer(&self, peer: u32) -> bool {
        self.peers.as_ref().is_some_and(|peers| peers.contains(&peer))
    }

    #[inline]
    fn in_hours(&self, second: u32) -> bool {
        match self.hours_s {
            None => true,
            Some((start, end)) if start < end => (start..end).contains(&second),
            Some((start, end)) => second >= start || second < end,
        }
    }
}
