//! Overlapping exports: n identical rows in each of two tables are n events, not 2n.

use std::collections::BTreeMap;

use crate::model::source::RowRef;

/// Finds out whether a record was already printed by an earlier table. Identical rows within one table
/// are different events; across tables the largest number counts.
#[derive(Debug, Clone)]
pub struct Merge<K: Ord> {
    known: BTreeMap<K, Occurrences>,
}

#[derive(Debug, Clone, Default)]
struct Occurrences {
    /// Places that were kept, with the index of the record in its list.
    kept: Vec<(RowRef, usize)>,
    /// Table that is being read, and how many of its rows were seen.
    table: Option<(u16, u16)>,
    seen: usize,
}

/// The answer for one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Printed {
    /// For the first time: keep it.
    First,
    /// Again: the record that was kept, and its index.
    Again(RowRef, usize),
}

impl<K: Ord> Default for Merge<K> {
    fn default() -> Self {
        Self { known: BTreeMap::new() }
    }
}

impl<K: Ord> Merge<K> {
    /// Takes up a row. `index` is where the record would go in its list. Tables must come one after the other.
    pub fn row(&mut self, key: K, at: RowRef, index: usize) -> Printed {
        let entry = self.known.entry(key).or_default();
        let table = Some((at.source, at.table));
        if entry.table != table {
            (entry.table, entry.seen) = (table, 0);
        }
        entry.seen += 1;
        match entry.kept.get(entry.seen - 1) {
            Some((kept, index)) => Printed::Again(*kept, *index),
            None => {
                entry.kept.push((at, index));
                Printed::First
            }
        }
    }
}
