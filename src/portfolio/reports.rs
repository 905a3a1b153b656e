//! Reports of single lines out of tables. The rows of these lines are read once more, this time as they are printed, so
//! that a report quotes them; each line is then a case like any other.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::Result;
use crate::portfolio::court::{Court, Desk};
use crate::portfolio::partition::Partitions;
use crate::portfolio::read;
use crate::portfolio::row::{self, Headings, Place, Stored};
use crate::portfolio::run::{Lent, Means, spread};
use crate::portfolio::table_set::{Shares, TableSet};
use crate::report::assemble::{Assembly, assemble};
use crate::report::model::Report;
use crate::report::wording::Wording;
use crate::rules::law::LawBook;
use crate::{rating, reconcile, settle};

/// Hands the report of each of these lines to `keep`, with its number.
///
/// # Errors
/// When a file cannot be read, an amount leaves the exact range, or a report cannot be kept.
pub fn reports(
    set: &TableSet<'_>,
    wording: &Wording,
    means: Means,
    lent: Lent<'_>,
    lines: &BTreeSet<u64>,
    keep: &mut dyn FnMut(&str, &Report) -> Result<()>,
) -> Result<()> {
    let spread = spread(set);
    let partitions = Partitions::new(spread, means.row_budget_bytes, lent.spill);
    let job = read::Job {
        layouts: &set.layouts,
        bytes: lent.bytes,
        formats: set.formats,
        part: means.part,
        finished: &[],
        only: Some(lines),
        workers: means.workers,
    };
    let reading = read::read(&job, &partitions, lent.watch)?;
    let shares = Shares::of(set);
    let court = Court::new(set, &shares, &reading, wording);
    let mut desk = Desk::default();
    let mut all = Vec::new();
    for index in 0..spread.count() {
        partitions.take(index, &mut all)?;
        let mut rows = by_line(&all);
        for line in lines.iter().filter(|line| spread.partition_of(**line) == index) {
            let mut own = rows.remove(line).unwrap_or_default();
            own.sort_by_key(|(place, _)| *place);
            let msisdn = line.to_string();
            if let Some(report) = report(&court, &msisdn, &own, &mut desk)? {
                keep(&msisdn, &report)?;
            }
        }
    }
    Ok(())
}

type Rows<'c> = Vec<(Place, Stored<'c>)>;

fn by_line(rows: &[u8]) -> BTreeMap<u64, Rows<'_>> {
    let mut lines: BTreeMap<u64, Rows<'_>> = BTreeMap::new();
    for heading in Headings::of(rows) {
        let stored = row::read(rows, heading.offset);
        lines.entry(heading.msisdn).or_default().push((heading.place, stored));
    }
    lines
}

fn report(
    court: &Court<'_>,
    msisdn: &str,
    rows: &[(Place, Stored<'_>)],
    desk: &mut Desk,
) -> Result<Option<Report>> {
    let case = court.case(msisdn, rows, desk)?;
    if case.lines.is_empty() {
        return Ok(None);
    }
    let settle_one = |line| {
        let rated = rating::rate_line(line, &court.set.plans, &court.set.assumed_plans)?;
        let reconciliation = reconcile::reconcile(&case, line, &rated)?;
        settle::settle_line(&case, line, rated, reconciliation)
    };
    let settled = case.lines.iter().map(settle_one).collect::<Result<Vec<_>>>()?;
    let assembly = Assembly {
        case: &case,
        settled: &settled,
        laws: LawBook::built_in(),
        plans: &court.set.plans,
        attachments: Vec::new(),
        notes: Vec::new(),
    };
    assemble(assembly, court.wording).map(Some)
}
