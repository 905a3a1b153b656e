//! Lines on which no detector can find anything: the bill is what the rules say, item by item, and nothing in the
//! papers is of a kind that a detector looks at. They need no findings and no settling; their bill lines are explained.
//!
//! The screen computes nothing by itself: what is owed comes from [`rating`], what belongs together from [`reconcile`].
//! It only recognises that nothing is left to ask, and when in doubt it says nothing. Of lines that differ in usage
//! and amounts only, one is rated with every step and tied to its bill; the others are rated by amounts
//! ([`Standing`]). That the screen never speaks out of turn is tested against the whole path, line by line.

use std::collections::BTreeMap;

use chrono::Datelike as _;

use crate::error::Result;
use crate::ingest::bulk::Layout;
use crate::model::case::{Case, CaseFile, Line, Operator};
use crate::model::coverage::{CoverKind, Coverage, CoveredBy};
use crate::model::money::Money;
use crate::model::period::{Cycle, Day, DaySpan};
use crate::model::record::{Category, MoneyDirection, OrderAction, PaymentStatus};
use crate::model::source::{CellRef, RowRef, TableKind};
use crate::model::usage::{BareEvents, Direction, Scope, UsageKind, UsageTable};
use crate::portfolio::court::{Court, Desk};
use crate::portfolio::result::{Amount, At, BillRow, LineResult};
use crate::portfolio::row::{Place, Stored, StoredUsage};
use crate::rating::standing::Standing;
use crate::reconcile::outcome::{MatchedTo, PaymentClass, PaymentFacts};
use crate::{rating, reconcile};

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
    pub fn pass(
        &self,
        msisdn: &str,
        rows: &[(Place, Stored<'_>)],
        desk: &mut Desk,
        memory: &mut Memory,
    ) -> Result<Option<LineResult>> {
        let Some(windows) = &self.windows else { return Ok(None) };
        let Some(line) = self.line(msisdn, rows, windows, desk) else { return Ok(None) };
        let Some(cycle) = self.only_cycle(&line) else { return Ok(None) };
        if !adds_up(&line, cycle)? || !has_plain_order(&line, cycle) {
            return Ok(None);
        }
        let Some(known) = memory.recall(&line, cycle, || self.learn(&line, cycle))? else { return Ok(None) };
        let agrees = known.standing.amounts(&line.usage)?.is_some_and(|owed| known.agrees(&line, &owed));
        if !agrees || !payments_settle(&line, &reconcile::payments(&line)?, cycle) {
            return Ok(None);
        }
        Ok(Some(self.explained(&line, known.operator)))
    }

    /// Rates a line with every step and ties it to its bill: what comes out holds for every line of its kind. None
    /// where no line of its kind may pass.
    fn learn(&self, line: &Line, cycle: Cycle) -> Result<Option<Known>> {
        let rated = rating::rate_line(line, &self.court.set.plans, &self.court.set.assumed_plans)?;
        let Some(standing) = Standing::of(&rated, cycle).filter(|_| has_plain_items(line)) else {
            return Ok(None);
        };
        let found = reconcile::reconcile(&self.case, line, &rated)?;
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
        Ok(textless.then_some(Known { standing, operator, ties, unbilled }))
    }

    /// Returns the line with bare events; none when a row is of a kind that a detector may look at.
    fn line(
        &self,
        msisdn: &str,
        rows: &[(Place, Stored<'_>)],
        windows: &[Vec<Coverage>],
        desk: &mut Desk,
    ) -> Option<Line> {
        let mut events = BareEvents::default();
        let mut line = Line::default();
        let mut seen = [false; 64];
        let mut calls = Calls::default();
        for (place, stored) in rows {
            let at = self.court.reading.row_of(*place);
            match stored {
                Stored::Odd(_) => return None,
                Stored::Text(text) => self.text(&mut line, at, text, desk)?,
                Stored::Usage(usage) => {
                    push(&mut events, usage, at, &mut calls)?;
                    let file = usize::from(at.source);
                    if !*seen.get(file)? {
                        seen[file] = true;
                        line.coverage.extend(windows[file].iter().cloned());
                    }
                }
            }
        }
        line.info.msisdn = msisdn.to_owned();
        line.bill.sort_by_key(|bill| (bill.cycle, bill.at));
        line.usage = UsageTable::bare(events);
        Some(line)
    }

    fn text(&self, line: &mut Line, at: RowRef, text: &str, desk: &mut Desk) -> Option<()> {
        let layout = &self.court.set.layouts[usize::from(at.source)];
        desk.block.open(text.as_bytes());
        let record = desk.block.record(text.as_bytes(), layout.columns)?;
        match layout.kind {
            TableKind::Bill => {
                let read = layout.bill.read(&record, at, &mut desk.plain, layout, self.court.set.formats)?;
                line.bill.push(read);
            }
            TableKind::Payments => line.payments.push(layout.payment.read(&record, at, &mut desk.plain)?),
            TableKind::Orders => line.orders.push(layout.order.read(&record, at, &mut desk.plain)?),
            TableKind::Usage | TableKind::Charges | TableKind::Wallet => return None,
        }
        Some(())
    }

    /// Returns the one month that is billed, when it is over, all usage lies in it and every kind is on paper.
    fn only_cycle(&self, line: &Line) -> Option<Cycle> {
        let cycle = line.bill.first()?.cycle;
        let starts = line.usage.columns().starts;
        let inside = |start: &i64| (cycle.start_time().0..cycle.end_time().0).contains(start);
        let one = line.bill.last()?.cycle == cycle
            && inside(starts.first()?)
            && inside(starts.last()?)
            && cycle.span().end <= self.court.set.as_of;
        let covered = |kind: &CoverKind| {
            let parts = line.coverage.iter();
            parts.filter(|part| part.kinds.contains(kind)).any(|part| part.span.covers(cycle.span()))
        };
        (one && USAGE.iter().all(covered)).then_some(cycle)
    }

    fn explained(&self, line: &Line, operator: Option<Operator>) -> LineResult {
        let charges = line.bill.iter().filter(|bill| bill.category.is_charge());
        let bill = charges.map(|bill| BillRow {
            period: bill.cycle,
            item: bill.item.clone(),
            category: bill.category,
            amount: bill.amount.into(),
            explained: bill.amount.into(),
            disputed: Amount::ZERO,
            unverified: Amount::ZERO,
            at: At {
                path: self.court.set.layouts[usize::from(bill.at.source)].path.clone(),
                row: bill.at.row,
            },
        });
        LineResult {
            msisdn: line.info.msisdn.clone(),
            operator,
            bill: bill.collect(),
            ..LineResult::default()
        }
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

/// The outgoing calls so far.
#[derive(Default)]
struct Calls {
    until: i64,
}

/// Adds an event in order of time. None for what a detector may look at: fees, places, free numbers, two events of
/// one second (a repetition, or an open order), a call that begins before another has ended.
fn push(events: &mut BareEvents, usage: &StoredUsage<'_>, at: RowRef, calls: &mut Calls) -> Option<()> {
    let plain = usage.fee_e4.is_none()
        && usage.kind != UsageKind::Vas
        && usage.scope == Scope::Domestic
        && !usage.is_free_number
        && (usage.direction != Direction::Unstated || usage.kind == UsageKind::Data)
        && events.starts.last().is_none_or(|last| *last < usage.start);
    if !plain {
        return None;
    }
    if usage.kind == UsageKind::Voice && usage.direction == Direction::Out {
        if usage.start < calls.until {
            return None;
        }
        calls.until = usage.start + i64::from(usage.duration_s);
    }
    events.starts.push(usage.start);
    events.kinds.push(usage.kind);
    events.directions.push(usage.direction);
    events.durations_s.push(usage.duration_s);
    events.lengths_bytes.push(usage.length_bytes);
    events.rows.push(at);
    Some(())
}

/// Returns whether the bill is nothing but charges above zero, and one total that is their sum.
fn adds_up(line: &Line, cycle: Cycle) -> Result<bool> {
    let bare = line.bill.iter().all(|bill| {
        let alone = bill.quantity.is_none() && bill.unit_price.is_none() && bill.provider.is_none();
        alone && bill.amount.is_positive()
    });
    let Some((_, total)) = line.printed_total(cycle).filter(|_| bare) else { return Ok(false) };
    let sum = Money::sum(line.charges_of(cycle).map(|(_, charge)| charge.amount))?;
    Ok(sum == total.amount)
}

/// Returns whether the items are different charges of plan and usage, each for single events of its kind.
fn has_plain_items(line: &Line) -> bool {
    use Category::{Data, Mms, PlanFee, Sms, Total, Voice};
    line.bill.iter().enumerate().all(|(index, bill)| {
        let known = matches!(bill.category, PlanFee | Voice | Sms | Mms | Data | Total);
        let event = reconcile::subscription_word(&bill.item).is_none() && !names_elsewhere(&bill.item);
        let mut others = line.bill[..index].iter();
        known && event && others.all(|other| other.item != bill.item && other.category != bill.category)
    })
}

/// Returns whether the item may be for roaming or long distance.
fn names_elsewhere(item: &str) -> bool {
    item.contains("漫游") || item.contains("长途")
}

/// Returns whether one order, before the month, without price, channel and end, is all that was ordered.
fn has_plain_order(line: &Line, cycle: Cycle) -> bool {
    let [order] = &line.orders[..] else { return false };
    order.action == OrderAction::Order
        && order.price.is_none()
        && order.channel.is_empty()
        && order.effective_last.is_none()
        && order.ordered_at < cycle.start_time()
}

/// What holds for every line with the same order and the same items on its bill.
#[derive(Debug)]
struct Known {
    standing: Standing,
    operator: Option<Operator>,
    /// By bill line, the item to which it is tied; none for the total.
    ties: Vec<Option<usize>>,
    /// Items to which no bill line is tied.
    unbilled: Vec<usize>,
}

impl Known {
    /// Returns whether every charge is the amount of the one item that it is tied to, and every other item is nothing.
    fn agrees(&self, line: &Line, owed: &[Money]) -> bool {
        let charged = line.bill.iter().zip(&self.ties);
        let mut charged = charged.filter(|(bill, _)| bill.category.is_charge());
        let is_owed = |item: &usize, amount: Money| owed.get(*item) == Some(&amount);
        charged.all(|(bill, tie)| tie.is_some_and(|item| is_owed(&item, bill.amount)))
            && self.unbilled.iter().all(|item| is_owed(item, Money::ZERO))
    }
}

/// What one thread remembers from line to line. It only saves work: what is remembered is what would be found again.
#[derive(Debug, Default)]
pub struct Memory {
    known: BTreeMap<Vec<u8>, Option<Known>>,
    key: Vec<u8>,
}

/// Most kinds of lines that are remembered; beyond it, lines of other kinds take the whole way.
const REMEMBERED_MAX: usize = 8192;

impl Memory {
    fn recall(
        &mut self,
        line: &Line,
        cycle: Cycle,
        learn: impl FnOnce() -> Result<Option<Known>>,
    ) -> Result<Option<&Known>> {
        self.key.clear();
        write_key(line, cycle, &mut self.key);
        if !self.known.contains_key(&self.key) && self.known.len() < REMEMBERED_MAX {
            self.known.insert(self.key.clone(), learn()?);
        }
        Ok(self.known.get(&self.key).and_then(Option::as_ref))
    }
}

/// Writes all of a line that passed the first questions but for its usage, its amounts and what nobody rates by: rows,
/// ids, and the time of day of an order from before the month.
fn write_key(line: &Line, cycle: Cycle, key: &mut Vec<u8>) {
    let day = |day: Day, key: &mut Vec<u8>| key.extend(day.num_days_from_ce().to_le_bytes());
    let text = |text: &str, key: &mut Vec<u8>| {
        key.extend((text.len() as u32).to_le_bytes());
        key.extend(text.as_bytes());
    };
    day(cycle.span().start, key);
    for order in &line.orders {
        day(order.ordered_at.day(), key);
        day(order.effective_from.unwrap_or(Day::MIN), key);
        text(&order.product, key);
        text(&order.name, key);
        key.push(order.auto_renew.map_or(2, u8::from));
        key.push(order.confirmed.map_or(2, u8::from));
    }
    for bill in &line.bill {
        key.push(bill.category as u8);
        text(&bill.item, key);
    }
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
