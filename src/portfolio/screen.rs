//! Lines on which no detector can find anything: the bill is what the rules say, item by item, and nothing in the
//! papers is of a kind that a detector looks at. They need no findings and no settling; their bill lines are explained.
//!
//! The screen computes nothing by itself: what is owed comes from [`rating::rate_line`], what belongs together from
//! [`reconcile::reconcile`]. It only recognises that nothing is left to ask, and when in doubt it says nothing. That
//! it never speaks out of turn is tested against the whole path, line by line.

use crate::error::Result;
use crate::ingest::bulk::Layout;
use crate::model::case::{Case, CaseFile, Line};
use crate::model::coverage::{CoverKind, Coverage, CoveredBy};
use crate::model::interval::Interval;
use crate::model::money::Money;
use crate::model::period::{Cycle, Day, DaySpan};
use crate::model::record::{Category, MoneyDirection, OrderAction, PaymentStatus};
use crate::model::source::{CellRef, RowRef, TableKind};
use crate::model::usage::{BareEvents, Direction, Scope, UsageKind, UsageTable};
use crate::portfolio::judge::{Court, Desk};
use crate::portfolio::result::{Amount, At, BillRow, LineResult};
use crate::portfolio::row::{Place, Stored, StoredUsage};
use crate::rating::outcome::RatedLine;
use crate::reconcile::outcome::{MatchedTo, PaymentClass, Reconciliation};
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
    ) -> Result<Option<LineResult>> {
        let Some(windows) = &self.windows else { return Ok(None) };
        let Some(line) = self.line(msisdn, rows, windows, desk) else { return Ok(None) };
        let Some(cycle) = self.only_cycle(&line) else { return Ok(None) };
        if !is_plain_bill(&line, cycle)? {
            return Ok(None);
        }
        let rated = rating::rate_line(&line, &self.court.set.plans, &self.court.set.assumed_plans)?;
        if !is_plain_plan(&rated, cycle) {
            return Ok(None);
        }
        let reconciliation = reconcile::reconcile(&self.case, &line, &rated)?;
        let ties =
            ties(&line, &rated, &reconciliation, cycle) && payments_settle(&line, &reconciliation, cycle);
        Ok(ties.then(|| self.explained(&line, &rated)))
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

    fn explained(&self, line: &Line, rated: &RatedLine) -> LineResult {
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
            operator: rated.in_force.plans.last().and_then(|plan| plan.plan.operator),
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

/// Returns whether the bill is nothing but different charges of plan and usage and one total that is their sum.
fn is_plain_bill(line: &Line, cycle: Cycle) -> Result<bool> {
    use Category::{Data, Mms, PlanFee, Sms, Total, Voice};
    let usual = line.bill.iter().all(|bill| {
        let known = matches!(bill.category, PlanFee | Voice | Sms | Mms | Data | Total);
        let bare = bill.quantity.is_none() && bill.unit_price.is_none() && bill.provider.is_none();
        let event = reconcile::subscription_word(&bill.item).is_none() && !names_elsewhere(&bill.item);
        known && bare && event && bill.amount.is_positive()
    });
    let Some((_, total)) = line.printed_total(cycle).filter(|_| usual) else { return Ok(false) };
    let distinct = line.bill.iter().enumerate().all(|(index, bill)| {
        line.bill[..index].iter().all(|other| other.item != bill.item && other.category != bill.category)
    });
    let sum = Money::sum(line.charges_of(cycle).map(|(_, charge)| charge.amount))?;
    Ok(distinct && sum == total.amount)
}

/// Returns whether the item may be for roaming or long distance.
fn names_elsewhere(item: &str) -> bool {
    item.contains("漫游") || item.contains("长途")
}

/// Returns whether one plan, ordered before the month and never changed, decides what is owed, without anything open.
fn is_plain_plan(rated: &RatedLine, cycle: Cycle) -> bool {
    let ([plan], Some(month)) = (&rated.in_force.plans[..], rated.cycles.get(&cycle)) else { return false };
    let rules = &plan.plan;
    let texts = rules.allowances.iter().map(|it| &it.matches).chain(rules.rates.iter().map(|it| &it.matches));
    // Bare events have no texts.
    let textless = texts.into_iter().all(|it| it.apps.is_empty() && it.peers.is_empty());
    let settled = month.open.is_empty() && month.unrated.is_empty() && month.total.is_certain();
    let items = month.items.iter().all(|item| {
        item.amount.is_certain() && !item.inferred && !item.paid_elsewhere && !item.amount.low.is_negative()
    });
    rated.in_force.packs.is_empty()
        && rated.in_force.suspensions.is_empty()
        && rated.notes.is_empty()
        && rated.cycles.len() == 1
        && plan.span.covers(cycle.span())
        && rules.readings.is_empty()
        && textless
        && settled
        && items
}

/// Returns whether every charge is the amount of the one item that it is tied to, and every other item is nothing.
fn ties(line: &Line, rated: &RatedLine, found: &Reconciliation, cycle: Cycle) -> bool {
    let plain_orders = line.orders.iter().all(|order| {
        order.action == OrderAction::Order
            && order.price.is_none()
            && order.channel.is_empty()
            && order.effective_last.is_none()
            && order.ordered_at < cycle.start_time()
    });
    let items = rated.cycles.get(&cycle).map_or(&[][..], |month| &month.items);
    let agrees = found.groups.iter().all(|group| match (&group.lines[..], &group.items[..]) {
        ([bill], [item]) => Interval::exact(line.bill[*bill].amount) == items[*item].amount,
        ([], [item]) => items[*item].amount == Interval::ZERO,
        _ => false,
    });
    plain_orders && line.orders.len() == 1 && agrees
}

/// Returns whether there is at most one payment, and it settles the bill exactly.
fn payments_settle(line: &Line, found: &Reconciliation, cycle: Cycle) -> bool {
    match (&line.payments[..], &found.payments[..]) {
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
