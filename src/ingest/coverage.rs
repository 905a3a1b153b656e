//! Which kinds and days a table speaks for, and how that is known.

use std::collections::{BTreeMap, BTreeSet};

use crate::ingest::facts::{Facts, NameFacts};
use crate::ingest::format::Format;
use crate::ingest::read_table::TablePlace;
use crate::ingest::records::Records;
use crate::model::coverage::{CoverKind, Coverage, CoveredBy};
use crate::model::money::Money;
use crate::model::period::{Cycle, Day, DaySpan};
use crate::model::record::MoneyDirection;
use crate::model::source::{CellRef, RowRef, Table, TableKind};
use crate::model::usage::UsageKind;

/// What the rows of a table showed.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// Rows that became records.
    pub records: u64,
    /// First row that became a record.
    pub first_row: Option<u32>,
    /// Rows that could not be read.
    pub problems: u64,
    /// First and last day by line; the empty line when rows name none.
    pub days: BTreeMap<String, (Day, Day)>,
    /// Kinds of usage that occur.
    pub kinds: BTreeSet<CoverKind>,
    /// Sums of amounts: of everything, and by direction of money; nothing when a sum overflows.
    pub sum: Option<Money>,
    /// By direction: rows and sum.
    pub by_direction: BTreeMap<MoneyDirection, (u64, Option<Money>)>,
}

impl Seen {
    /// Takes up the record that was added last.
    pub fn record(&mut self, records: &Records, table: TableKind, row: u32) {
        self.first_row.get_or_insert(row);
        let first = self.records == 0;
        self.records += 1;
        let seen = last_record(records, table);
        let Some((msisdn, day, amount)) = seen else { return };
        self.days
            .entry(msisdn)
            .and_modify(|(start, end)| (*start, *end) = ((*start).min(day), (*end).max(day)))
            .or_insert((day, day));
        let before = if first { Some(Money::ZERO) } else { self.sum };
        self.sum = before.and_then(|sum| sum.plus(amount).ok());
        if table == TableKind::Usage {
            let kind = records.usage.event(records.usage.len() - 1).kind;
            self.kinds.insert(cover_kind(kind));
        }
        if let Some(payment) = records.payments.last().filter(|_| table == TableKind::Payments) {
            let counted = self.by_direction.entry(payment.direction).or_insert((0, Some(Money::ZERO)));
            *counted = (counted.0 + 1, counted.1.and_then(|sum| sum.plus(payment.amount).ok()));
        }
    }

    /// Returns the first and last day of all lines.
    pub fn span(&self) -> Option<DaySpan> {
        let first = self.days.values().map(|(first, _)| *first).min()?;
        let last = self.days.values().map(|(_, last)| *last).max()?;
        Some(DaySpan::inclusive(first, last))
    }
}

fn last_record(records: &Records, table: TableKind) -> Option<(String, Day, Money)> {
    let zero = Money::ZERO;
    Some(match table {
        TableKind::Usage => {
            let index = records.usage.len().checked_sub(1)?;
            let event = records.usage.event(index);
            let owner = records.owners[*records.usage_owners.last()? as usize].clone();
            (owner, event.start.day(), event.fee.unwrap_or(zero))
        }
        TableKind::Bill => {
            let line = records.bill.last()?;
            let amount = if line.record.category.is_charge() { line.record.amount } else { zero };
            (line.msisdn.clone(), line.record.cycle.span().start, amount)
        }
        TableKind::Payments => {
            let payment = records.payments.last()?;
            (String::new(), payment.paid_at.day(), payment.amount)
        }
        TableKind::Orders => {
            let order = records.orders.last()?;
            (order.msisdn.clone(), order.record.ordered_at.day(), order.record.price.unwrap_or(zero))
        }
        TableKind::Charges => {
            let charge = records.charges.last()?;
            (charge.msisdn.clone(), charge.record.charged_at.day(), charge.record.amount)
        }
        TableKind::Wallet => {
            let entry = records.wallet.last()?;
            (entry.msisdn.clone(), entry.record.changed_at.day(), entry.record.change)
        }
    })
}

/// Returns the kind of completeness that a kind of usage belongs to.
pub fn cover_kind(kind: UsageKind) -> CoverKind {
    kind.unit().map_or(CoverKind::Vas, CoverKind::from)
}

/// Returns what the table speaks for. The window is stated, else the month in the file's name, else
/// from the first to the last day of its rows.
pub fn of_table(
    table: &Table,
    facts: &Facts,
    names: &NameFacts,
    seen: &Seen,
    format: &Format,
    place: TablePlace<'_>,
) -> Vec<Coverage> {
    let kinds = kinds_of(table, format, seen);
    let part =
        |msisdn: Option<String>, span: DaySpan, by: CoveredBy, row: Option<u32>, column: Option<u16>| {
            let row = RowRef { source: 0, table: place.table, row: row.unwrap_or(table.header_row) };
            Coverage { msisdn, kinds: kinds.clone(), span, by, at: CellRef { row, column } }
        };
    if let Some(window) = stated_window(table, facts) {
        let by = if is_whole(table, seen) { CoveredBy::Stated } else { CoveredBy::Inferred };
        let (row, column) = facts.window_place();
        return vec![part(table.msisdn.clone(), window, by, row, column)];
    }
    if table.kind == TableKind::Bill {
        return bill_window(seen)
            .map(|span| part(None, span, CoveredBy::Inferred, None, None))
            .into_iter()
            .collect();
    }
    if let Some(month) = names.month {
        return vec![part(table.msisdn.clone(), month.span(), CoveredBy::Inferred, None, None)];
    }
    let spans = seen.days.iter().map(|(msisdn, (first, last))| {
        let line = Some(msisdn.clone()).filter(|line| !line.is_empty());
        // The place tells a window that only rows suggest: it is a row of the list.
        part(line, DaySpan::inclusive(*first, *last), CoveredBy::Inferred, seen.first_row, None)
    });
    spans.collect()
}

/// Bills without a printed period cover the months that they charge.
fn bill_window(seen: &Seen) -> Option<DaySpan> {
    let span = seen.span()?;
    Some(DaySpan { start: span.start, end: Cycle::of(span.last()).span().end })
}

/// The day of the export is not over when the list is made, so it is not spoken for.
fn stated_window(table: &Table, facts: &Facts) -> Option<DaySpan> {
    let window = facts.window()?;
    let end = table.exported_on.map_or(window.end, |day| window.end.min(day));
    // A bill printed before its period ends keeps its period: it is told to be provisional elsewhere.
    let clipped = DaySpan { start: window.start, end: end.max(window.start) };
    Some(if table.kind == TableKind::Bill { window } else { clipped })
}

/// A row that cannot be read, or a count that does not tie out, may hide a record of any kind.
fn is_whole(table: &Table, seen: &Seen) -> bool {
    seen.problems == 0 && table.controls.iter().all(|control| control.name != "count" || control.ties)
}

/// A general table holds the kinds that occur in it, text and multimedia messages together.
fn kinds_of(table: &Table, format: &Format, seen: &Seen) -> Vec<CoverKind> {
    match table.kind {
        _ if !format.kinds.is_empty() => format.kinds.clone(),
        TableKind::Usage => {
            let mut kinds = seen.kinds.clone();
            if kinds.contains(&CoverKind::Sms) || kinds.contains(&CoverKind::Mms) {
                kinds.extend([CoverKind::Sms, CoverKind::Mms]);
            }
            kinds.into_iter().collect()
        }
        TableKind::Orders => vec![CoverKind::Orders],
        _ => Vec::new(),
    }
}
