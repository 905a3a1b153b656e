//! Our records beside the other side's: row by row, each row at most once on either side.

mod rows;

use std::collections::BTreeMap;

use crate::error::Result;
use crate::model::case::Case;
use crate::model::coded::coded_enum;
use crate::model::message::Message;
use crate::model::source::{RowRef, TableKind};
use rows::{Field, Row, Value, rows};

/// How far two records of the same event may lie apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tolerance {
    /// Between two times: networks and clocks round differently.
    pub time_s: u32,
    /// Between two durations.
    pub duration_s: u32,
}

impl Default for Tolerance {
    fn default() -> Self {
        Self { time_s: 2, duration_s: 1 }
    }
}

coded_enum! {
    /// What became of a row.
    Outcome {
        /// Both sides have it, alike within the tolerances.
        Equal = "equal",
        /// Both sides have it, and a field is not the same.
        Differs = "differs",
        /// Only our papers have it.
        OnlyHere = "only-here",
        /// Only our papers have it, and the other side's do not reach to that day.
        OutsideWindow = "outside-window",
        /// Only the other side's papers have it.
        OnlyThere = "only-there",
    }
}

/// A field that both sides state, and not alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldDifference {
    /// Field of the general record format.
    pub field: &'static str,
    /// What our papers say.
    pub here: String,
    /// What the other side's papers say.
    pub there: String,
}

/// A row of either side, or a pair of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparedRow {
    /// Which general table it is from.
    pub table: TableKind,
    /// Number of the line.
    pub msisdn: String,
    /// The record in short, as our papers have it, else as theirs.
    pub label: Message,
    /// What became of it.
    pub outcome: Outcome,
    /// Its place in our papers.
    pub here: Option<RowRef>,
    /// Its place in theirs.
    pub there: Option<RowRef>,
    /// Fields that are not the same; empty unless it differs.
    pub differences: Vec<FieldDifference>,
}

/// Compares usage, bill and payment rows of two cases. The result is ordered by table, line and time.
///
/// # Errors
/// When an amount leaves the exact range.
pub fn compare(here: &Case, there: &Case, tolerance: Tolerance) -> Result<Vec<ComparedRow>> {
    let mut compared = Vec::new();
    for table in [TableKind::Bill, TableKind::Usage, TableKind::Payments] {
        let (ours, theirs) = (rows(here, table), rows(there, table));
        let partners = Matching { ours: &ours, theirs: &theirs, tolerance }.partners();
        let mut taken = vec![false; theirs.len()];
        for (row, partner) in ours.iter().zip(&partners) {
            let partner = partner.and_then(|index| Some((index, theirs.get(index)?)));
            if let Some(flag) = partner.and_then(|(index, _)| taken.get_mut(index)) {
                *flag = true;
            }
            compared.push(one(table, row, partner.map(|(_, row)| row), there, tolerance));
        }
        let left = theirs.iter().zip(&taken).filter(|(_, taken)| !**taken).map(|(row, _)| row);
        compared.extend(left.map(|row| lonely(table, row, Outcome::OnlyThere, None, Some(row.at))));
    }
    Ok(compared)
}

fn one(
    table: TableKind,
    row: &Row,
    partner: Option<&Row>,
    there: &Case,
    tolerance: Tolerance,
) -> ComparedRow {
    let Some(partner) = partner else {
        let outcome = if is_covered(there, table, row) { Outcome::OnlyHere } else { Outcome::OutsideWindow };
        return lonely(table, row, outcome, Some(row.at), None);
    };
    let differences = row.differences(partner, tolerance);
    let outcome = if differences.is_empty() { Outcome::Equal } else { Outcome::Differs };
    ComparedRow { differences, ..lonely(table, row, outcome, Some(row.at), Some(partner.at)) }
}

fn lonely(
    table: TableKind,
    row: &Row,
    outcome: Outcome,
    here: Option<RowRef>,
    there: Option<RowRef>,
) -> ComparedRow {
    let (msisdn, label) = (row.msisdn.clone(), row.label.clone());
    ComparedRow { table, msisdn, label, outcome, here, there, differences: Vec::new() }
}

/// Whether the other side's papers of that kind speak for the day of the row.
fn is_covered(there: &Case, table: TableKind, row: &Row) -> bool {
    let tables = there.sources.iter().flat_map(|source| &source.tables).filter(|it| it.kind == table);
    let mut coverage = tables.flat_map(|it| &it.coverage);
    coverage
        .any(|part| row.kind.is_none_or(|kind| part.kinds.contains(&kind)) && part.span.contains(row.day()))
}

/// The field that holds an operator's id.
const RECORD_ID: &str = "record_id";

/// How two rows may be found to be the same event, the surest way first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pass {
    /// Every field is the same.
    Same,
    /// Every field is the same within the tolerances.
    Near,
    /// The same id.
    Id,
    /// The same time within the tolerance, the same kind.
    Time,
    /// The same day and the same figures: the clocks differ.
    Day,
    /// Alike but for its id: each side may count in its own way.
    OtherId,
}

struct Matching<'r> {
    ours: &'r [Row],
    theirs: &'r [Row],
    tolerance: Tolerance,
}

impl Matching<'_> {
    /// Returns for each of our rows the index of theirs.
    fn partners(&self) -> Vec<Option<usize>> {
        let mut partners = vec![None; self.ours.len()];
        let mut taken = vec![false; self.theirs.len()];
        let mut by_id: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, row) in self.theirs.iter().enumerate() {
            row.ids.iter().for_each(|id| by_id.entry(id).or_default().push(index));
        }
        for pass in [Pass::Same, Pass::Near, Pass::Id, Pass::Time, Pass::Day, Pass::OtherId] {
            for (row, partner) in
                self.ours.iter().zip(partners.iter_mut()).filter(|(_, partner)| partner.is_none())
            {
                let candidates: Vec<usize> = match pass {
                    Pass::Id => {
                        row.ids.iter().filter_map(|id| by_id.get(id.as_str())).flatten().copied().collect()
                    }
                    _ => self.within(row, pass).collect(),
                };
                let fits = |index: &usize| {
                    !taken.get(*index).copied().unwrap_or(true)
                        && self.theirs.get(*index).is_some_and(|other| self.fits(row, other, pass))
                };
                let nearest = candidates.into_iter().filter(fits).min_by_key(|index| {
                    self.theirs.get(*index).map_or(u64::MAX, |other| other.start_s.abs_diff(row.start_s))
                });
                if let Some(flag) = nearest.and_then(|index| taken.get_mut(index)) {
                    *flag = true;
                }
                *partner = nearest;
            }
        }
        partners
    }

    /// Their rows that begin near enough; rows are sorted by line and time.
    fn within(&self, row: &Row, pass: Pass) -> std::ops::Range<usize> {
        let reach = match pass {
            Pass::Same => 0,
            Pass::Day => 86_400,
            _ => i64::from(self.tolerance.time_s),
        };
        let key = |other: &Row| (other.msisdn.clone(), other.start_s);
        let first =
            self.theirs.partition_point(|other| key(other) < (row.msisdn.clone(), row.start_s - reach));
        let end =
            self.theirs.partition_point(|other| key(other) <= (row.msisdn.clone(), row.start_s + reach));
        first..end
    }

    fn fits(&self, row: &Row, other: &Row, pass: Pass) -> bool {
        if row.group != other.group || row.msisdn != other.msisdn {
            return false;
        }
        let exact = Tolerance { time_s: 0, duration_s: 0 };
        let differing = |tolerance| row.differences(other, tolerance);
        match pass {
            Pass::Same => !row.has_other_id(other) && differing(exact).is_empty(),
            Pass::Near => !row.has_other_id(other) && differing(self.tolerance).is_empty(),
            Pass::OtherId => differing(self.tolerance).iter().all(|it| it.field == RECORD_ID),
            Pass::Id => true,
            // Two ids that are both stated and differ name two events.
            Pass::Time => !row.has_other_id(other) && row.names_same(other),
            Pass::Day => {
                let same_day = row.day() == other.day();
                !row.has_other_id(other)
                    && same_day
                    && differing(self.tolerance).iter().all(|it| it.field == row.clock)
            }
        }
    }
}

impl Row {
    /// Returns the fields that both sides state and that are not the same.
    fn differences(&self, other: &Row, tolerance: Tolerance) -> Vec<FieldDifference> {
        let pairs = self.fields.iter().filter_map(|field| {
            let there = other.fields.iter().find(|it| it.name == field.name)?;
            (!field.value.agrees(&there.value, tolerance)).then(|| FieldDifference {
                field: field.name,
                here: field.value.to_string(),
                there: there.value.to_string(),
            })
        });
        pairs.collect()
    }

    fn has_other_id(&self, other: &Row) -> bool {
        !self.ids.is_empty() && !other.ids.is_empty() && !self.ids.iter().any(|id| other.ids.contains(id))
    }

    /// Bill lines at the same time are told apart by their names.
    fn names_same(&self, other: &Row) -> bool {
        let name =
            |row: &Row| row.fields.iter().find(|it| matches!(it.value, Value::Name(_))).map(Field::text);
        match (name(self), name(other)) {
            (Some(here), Some(there)) => super::name::same(&here, &there),
            _ => true,
        }
    }
}
