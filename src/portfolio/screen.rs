//! Lines on which no detector can find anything: the bill is what the rules say, item by item, and nothing in the
//! papers is of a kind that a detector looks at. They need no findings and no settling; their bill lines are explained.
//!
//! The screen computes nothing by itself: what is owed comes from [`rating`], what belongs together from [`reconcile`].
//! It only recognises that nothing is left to ask, and when in doubt it says nothing. Of lines that differ in usage
//! and amounts only, one is rated with every step and tied to its bill; the others are rated by amounts
//! ([`Standing`]). That the screen never speaks out of turn is tested against the whole path, line by line.

mod draft;
mod memory;

use crate::error::Result;
use crate::ingest::bulk::Layout;
use crate::model::case::{Case, CaseFile, Line, Operator};
use crate::model::coverage::{CoverKind, Coverage, CoveredBy};
use crate::model::period::{Cycle, Day, DaySpan};
use crate::model::record::{Category, MoneyDirection, PaymentStatus};
use crate::model::source::{CellRef, RowRef, TableKind};
use crate::model::usage::{BareEvents, UsageTable};
use crate::portfolio::court::{Court, Desk};
use crate::portfolio::result::{Amount, At, BillRow, LineResult};
use crate::portfolio::row::Stored;
use crate::portfolio::run::LineRows;
use crate::portfolio::screen::draft::{Calls, push};
use crate::portfolio::screen::memory::Learned;
use crate::rating::standing::Standing;
use crate::reconcile::outcome::{MatchedTo, PaymentClass, PaymentFacts};
use crate::{rating, reconcile};

pub use draft::Draft;
pub use memory::{Lessons, Memory};

/// What the tables as a whole allow.
pub struct Screen<'a> {
    court: &'a Court<'a>,
    /// Declared windows by table; none where the portfolio allows no screen at all.
    windows: Option<Vec<Vec<Coverage>>>,
    case: Case,
}

/// Kinds of usage that a bill charges by event.
const USAGE: [CoverKind; 4] = [CoverKind::Voice, CoverKind::Sms, CoverKind::Mms, CoverKind::Data];

impl<'a> Screen<'a> {
    /// Returns the screen for these tables.
    pub fn new(court: &'a Court<'a>) -> Self {
        let common = court.shares.common();
        let silent = common.contacts.is_empty()
            && common.incidents.is_empty()
            && common.sources.is_empty()
            && court.shares.are_plain()
            && court.reading.files.iter().all(|file| file.aside.is_empty());
        let windows = silent.then(|| {
            let layouts = court.set.layouts.iter().enumerate();
            layouts.map(|(index, layout)| windows(index, layout, common, court.set.as_of)).collect()
        });
        let case = Case { as_of: court.set.as_of, file: common.clone(), ..Case::default() };
        Self { court, windows, case }
    }

    /// Returns the result of a line on which there is nothing to find; none when that is not certain.
    ///
    /// # Errors
    /// When an amount leaves the exact range.
    pub fn pass<'r>(
        &self,
        msisdn: &str,
        rows: LineRows<'r>,
        draft: &mut Draft<'r>,
        desk: &mut Desk,
        memory: &mut Memory<'_>,
    ) -> Result<Option<LineResult>> {
        let Some(windows) = &self.windows else { return Ok(None) };
        draft.clear();
        memory.events.clear();
        if self.draw_up(rows, draft, desk, &mut memory.events).is_none() {
            return Ok(None);
        }
        let Some(cycle) = self.only_cycle(draft, &memory.events, windows) else { return Ok(None) };
        if !draft.adds_up() || !draft.has_plain_order(cycle) || draft.payments.len() > 1 {
            return Ok(None);
        }
        memory.usage.replace_bare(&mut memory.events);
        memory.recall(draft, cycle, |usage| self.learn(msisdn, rows, usage, desk, cycle))?;
        let Memory { known, key, usage, owed, .. } = memory;
        let Some(Some(known)) = known.get_mut(key) else { return Ok(None) };
        if !known.session.amounts(usage, owed)? || !known.agrees(draft, owed) {
            return Ok(None);
        }
        if known.fill(msisdn, draft).is_none() {
            return Ok(None);
        }
        let settled = payments_settle(&known.line, &reconcile::payments(&known.line)?, cycle);
        Ok(settled.then(|| self.explained(msisdn, draft, known.operator)))
    }

    /// Reads the rows of a line; none when one is of a kind that a detector may look at.
    fn draw_up<'r>(
        &self,
        rows: LineRows<'r>,
        draft: &mut Draft<'r>,
        desk: &mut Desk,
        events: &mut BareEvents,
    ) -> Option<()> {
        let mut calls = Calls::default();
        for (place, stored) in rows.iter() {
            let at = self.court.reading.row_of(place);
            match stored {
                Stored::Usage(usage) => {
                    push(events, &usage, at, &mut calls)?;
                    draft.files |= 1u64.checked_shl(at.source.into())?;
                }
                Stored::Text(text) => self.text(draft, at, text, desk)?,
                Stored::Odd(_) => return None,
            }
        }
        Some(())
    }

    fn text<'r>(&self, draft: &mut Draft<'r>, at: RowRef, text: &'r str, desk: &mut Desk) -> Option<()> {
        let layout = &self.court.set.layouts[usize::from(at.source)];
        desk.block.open(text.as_bytes());
        let record = desk.block.record(text.as_bytes(), layout.columns)?;
        let plain = &mut desk.plain;
        match layout.kind {
            TableKind::Bill => {
                draft.bill.push((at, layout.bill.cells(&record, plain, layout, self.court.set.formats)?));
            }
            TableKind::Payments => draft.payments.push((at, layout.payment.cells(&record, plain)?)),
            TableKind::Orders => draft.orders.push((at, layout.order.cells(&record, plain)?)),
            TableKind::Usage | TableKind::Charges | TableKind::Wallet => return None,
        }
        Some(())
    }

    /// Rates a line with every step and ties it to its bill: what comes out holds for every line of its kind. None
    /// where no line of its kind may pass.
    fn learn(
        &self,
        msisdn: &str,
        rows: LineRows<'_>,
        usage: &UsageTable,
        desk: &mut Desk,
        cycle: Cycle,
    ) -> Result<Option<Learned>> {
        let Some(mut line) = self.line(msisdn, rows, desk) else { return Ok(None) };
        line.usage = usage.clone();
        let rated = rating::rate_line(&line, &self.court.set.plans, &self.court.set.assumed_plans)?;
        let Some(standing) = Standing::of(&rated, cycle).filter(|_| has_plain_items(&line)) else {
            return Ok(None);
        };
        let found = reconcile::reconcile(&self.case, &line, &rated)?;
        let mut ties = vec![None; line.bill.len()];
        let mut unbilled = Vec::new();
        for group in &found.groups {
            match (&group.lines[..], &group.items[..]) {
                ([bill], [item]) => ties[*bill] = Some(*item),
                ([], [item]) => unbilled.push(*item),
                _ => return Ok(None),
            }
        }
        let last = rated.in_force.plans.last().map(|plan| &plan.plan);
        // Bare events have no texts.
        let texts = last.into_iter().flat_map(|plan| {
            let of_rates = plan.rates.iter().map(|it| &it.matches);
            plan.allowances.iter().map(|it| &it.matches).chain(of_rates)
        });
        let textless = texts.into_iter().all(|it| it.apps.is_empty() && it.peers.is_empty());
        let operator = last.and_then(|plan| plan.operator);
        line.usage = UsageTable::default();
        Ok(textless.then_some(Learned { standing, operator, ties, unbilled, line }))
    }

    /// Returns the line as the ordinary code reads it, but for its usage.
    fn line(&self, msisdn: &str, rows: LineRows<'_>, desk: &mut Desk) -> Option<Line> {
        let mut line = Line::default();
        let mut seen = 0u64;
        for (place, stored) in rows.iter() {
            let at = self.court.reading.row_of(place);
            let file = usize::from(at.source);
            match stored {
                Stored::Odd(_) => return None,
                Stored::Usage(_) => seen |= 1 << file,
                Stored::Text(text) => {
                    let layout = &self.court.set.layouts[file];
                    desk.block.open(text.as_bytes());
                    let record = desk.block.record(text.as_bytes(), layout.columns)?;
                    let plain = &mut desk.plain;
                    match layout.kind {
                        TableKind::Bill => {
                            let formats = self.court.set.formats;
                            line.bill.push(layout.bill.read(&record, at, plain, layout, formats)?);
                        }
                        TableKind::Payments => line.payments.push(layout.payment.read(&record, at, plain)?),
                        _ => line.orders.push(layout.order.read(&record, at, plain)?),
                    }
                }
            }
        }
        let windows = self.windows.iter().flatten().enumerate().filter(|(file, _)| seen >> file & 1 != 0);
        line.coverage = windows.flat_map(|(_, windows)| windows.iter().cloned()).collect();
        line.info.msisdn = msisdn.to_owned();
        line.bill.sort_by_key(|bill| (bill.cycle, bill.at));
        Some(line)
    }

    /// Returns the one month that is billed, when it is over, all usage lies in it and every kind is on paper.
    fn only_cycle(&self, draft: &Draft<'_>, events: &BareEvents, windows: &[Vec<Coverage>]) -> Option<Cycle> {
        let cycle = draft.bill.first()?.1.cycle;
        let inside = |start: &i64| (cycle.start_time().0..cycle.end_time().0).contains(start);
        let one = draft.bill.iter().all(|(_, bill)| bill.cycle == cycle)
            && inside(events.starts.first()?)
            && inside(events.starts.last()?)
            && cycle.span().end <= self.court.set.as_of;
        let covered = |kind: &CoverKind| {
            let seen = windows.iter().enumerate().filter(|(file, _)| draft.files >> file & 1 != 0);
            let mut parts = seen.flat_map(|(_, windows)| windows);
            parts.any(|part| part.kinds.contains(kind) && part.span.covers(cycle.span()))
        };
        (one && USAGE.iter().all(covered)).then_some(cycle)
    }

    fn explained(&self, msisdn: &str, draft: &Draft<'_>, operator: Option<Operator>) -> LineResult {
        let charges = draft.bill.iter().filter(|(_, bill)| bill.category.is_charge());
        let bill = charges.map(|(at, bill)| BillRow {
            period: bill.cycle,
            item: bill.item.to_owned(),
            category: bill.category,
            amount: Amount::E4(bill.amount_e4),
            explained: Amount::E4(bill.amount_e4),
            disputed: Amount::ZERO,
            unverified: Amount::ZERO,
            at: At { path: self.court.set.layouts[usize::from(at.source)].path.clone(), row: at.row },
        });
        LineResult { msisdn: msisdn.to_owned(), operator, bill: bill.collect(), ..LineResult::default() }
    }
}

/// Returns the windows that case.toml declares for every line of a usage table.
fn windows(index: usize, layout: &Layout, file: &CaseFile, as_of: Day) -> Vec<Coverage> {
    let own = file.coverage.iter().filter(|it| it.file == layout.path && layout.kind == TableKind::Usage);
    let end = DaySpan::inclusive(as_of, as_of).end;
    let window = |declared: &crate::model::case::DeclaredCoverage| Coverage {
        msisdn: None,
        kinds: declared.kinds.clone(),
        span: DaySpan { start: declared.span.start, end: declared.span.end.min(end) },
        by: CoveredBy::Declared,
        at: CellRef { row: RowRef { source: index as u16, table: 0, row: 1 }, column: None },
    };
    own.map(window).collect()
}

/// Returns whether the items are different charges of plan and usage, each for single events of its kind.
fn has_plain_items(line: &Line) -> bool {
    use Category::{Data, Mms, PlanFee, Sms, Total, Voice};
    line.bill.iter().enumerate().all(|(index, bill)| {
        let known = matches!(bill.category, PlanFee | Voice | Sms | Mms | Data | Total);
        let other = reconcile::other_card_word(&bill.item).is_some() || names_elsewhere(&bill.item);
        let event = reconcile::subscription_word(&bill.item).is_none() && !other;
        let mut others = line.bill[..index].iter();
        known && event && others.all(|other| other.item != bill.item && other.category != bill.category)
    })
}

/// Returns whether the item may be for roaming or long distance.
fn names_elsewhere(item: &str) -> bool {
    item.contains("漫游") || item.contains("长途")
}

/// Returns whether there is at most one payment, and it settles the bill exactly.
fn payments_settle(line: &Line, found: &[PaymentFacts], cycle: Cycle) -> bool {
    match (&line.payments[..], found) {
        ([], []) => true,
        ([payment], [facts]) => {
            payment.status == PaymentStatus::Success
                && payment.direction == MoneyDirection::Out
                && payment.refunded.is_none()
                && payment.face_value.is_none_or(|face| face == payment.amount)
                && facts.class == PaymentClass::BillPayment
                && facts.left_over.is_zero()
                && matches!(&facts.matched[..], [only] if only.to == MatchedTo::Bill(cycle))
        }
        _ => false,
    }
}
