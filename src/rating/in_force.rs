//! Which plan and packs were in force when, and how that is known.
//!
//! Orders win over case.toml (fine print 29). A renewal is never supposed: only a record or a bill shows it.

mod packs;
mod plans;

use std::sync::Arc;

use crate::model::case::Line;
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::period::{Cycle, Day, DaySpan, WallTime};
use crate::model::plan::{Plan, Validity};
use crate::model::record::{Order, OrderAction};
use crate::model::source::RowRef;
use crate::rules::plan_book::PlanBook;

/// How it is known that something was in force; later is stronger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Basis {
    /// `--plan` named the only plan and nothing else says otherwise (fine print 29).
    Assumed,
    /// The bill charges its price, and nothing else speaks of it.
    Bill(RowRef),
    /// `[[subscription]]` of case.toml.
    CaseFile,
    /// An order record.
    Order(RowRef),
}

impl Basis {
    /// Returns whether nothing that rests on it is proven.
    pub fn is_inferred(self) -> bool {
        matches!(self, Self::Assumed | Self::Bill(_))
    }

    /// Returns the order row, if it is one.
    pub fn order(self) -> Option<RowRef> {
        match self {
            Self::Order(at) => Some(at),
            _ => None,
        }
    }
}

/// A plan over some days.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanInForce {
    /// The plan, in the version that applies at the start.
    pub plan: Arc<Plan>,
    /// Days in force; an open end is far in the future.
    pub span: DaySpan,
    /// First day on which the line was on this plan, in whatever version; none = not known.
    pub joined: Option<Day>,
    /// Whether the end is a real end (cancelled, changed) and not just the last that is known.
    pub ended: bool,
    /// How that is known.
    pub basis: Basis,
}

/// One validity of a pack.
#[derive(Debug, Clone, PartialEq)]
pub struct PackInForce {
    /// The pack.
    pub pack: Arc<Plan>,
    /// First second in force.
    pub start: WallTime,
    /// First second no longer in force.
    pub end: WallTime,
    /// Yuan for this validity: as its order says, else as the plan file says.
    pub price: Money,
    /// Whether it renews by itself, by order record, case.toml or plan file, in this order.
    pub auto_renew: bool,
    /// When it was cancelled, if it was.
    pub cancelled_at: Option<WallTime>,
    /// Whether a platform was paid for it.
    pub paid_elsewhere: bool,
    /// How that is known.
    pub basis: Basis,
}

/// A suspension of the line (停机保号).
#[derive(Debug, Clone, PartialEq)]
pub struct Suspension {
    /// Suspended days.
    pub span: DaySpan,
    /// Holding fee a cycle that the order states.
    pub holding_fee: Option<Money>,
    /// The order row.
    pub at: RowRef,
}

/// Plans and packs of one line over time.
#[derive(Debug, Clone, Default)]
pub struct InForce {
    /// Plans, by start; never overlapping.
    pub plans: Vec<PlanInForce>,
    /// Packs, by start.
    pub packs: Vec<PackInForce>,
    /// Suspensions, by start.
    pub suspensions: Vec<Suspension>,
}

impl InForce {
    /// Returns the plans that are in force on a day of the cycle.
    pub fn plans_in(&self, cycle: Cycle) -> impl Iterator<Item = &PlanInForce> {
        let span = cycle.span();
        self.plans.iter().filter(move |plan| plan.span.intersection(span).is_some())
    }

    /// Returns the packs that are valid at some time of the cycle.
    pub fn packs_in(&self, cycle: Cycle) -> impl Iterator<Item = &PackInForce> {
        self.packs.iter().filter(move |pack| pack.start < cycle.end_time() && cycle.start_time() < pack.end)
    }

    /// Returns the suspension that covers the whole cycle, if one does.
    pub fn suspended_throughout(&self, cycle: Cycle) -> Option<&Suspension> {
        self.suspensions.iter().find(|suspension| suspension.span.covers(cycle.span()))
    }
}

/// Returns what was in force up to the end of `last`, with remarks on contradictions and guesses.
///
/// `assumed` are the ids that `--plan` made known.
pub fn resolve(line: &Line, book: &PlanBook, assumed: &[String], last: Cycle) -> (InForce, Vec<Message>) {
    let mut notes = Vec::new();
    let mut rows: Vec<&Order> = line.orders.iter().collect();
    rows.sort_by_key(|order| (order.ordered_at, order.at));
    let view = View { line, book, rows, last };
    let plans = plans::plans(&view, assumed, &mut notes);
    let packs = packs::packs(&view, &mut notes);
    let suspensions = suspensions(&view);
    (InForce { plans, packs, suspensions }, notes)
}

/// What resolving looks at.
struct View<'a> {
    line: &'a Line,
    book: &'a PlanBook,
    /// Orders by time.
    rows: Vec<&'a Order>,
    /// Last cycle of interest.
    last: Cycle,
}

impl View<'_> {
    /// Returns the plan id that an order row names, by product, else by name.
    fn product_of(&self, order: &Order) -> Option<&str> {
        let by_product = (!order.product.is_empty()).then(|| self.book.named(&order.product)).flatten();
        by_product.or_else(|| (!order.name.is_empty()).then(|| self.book.named(&order.name)).flatten())
    }

    /// Returns whether the id is a pack in every version.
    fn is_pack(&self, id: &str) -> bool {
        self.book.versions(id).iter().any(|plan| plan.pack().is_some())
    }
}

/// Returns the end of a validity that begins at `start`.
pub fn validity_end(validity: Validity, start: WallTime) -> WallTime {
    match validity {
        Validity::Month => Cycle::of(start.day()).end_time(),
        Validity::Days(days) => start.after_s(i64::from(days) * 86_400),
        Validity::OneDay => WallTime::at_start_of(start.day()).after_s(86_400),
    }
}

/// Returns the first day that is no longer in force by a cancel row (fine print 20).
pub fn first_day_without(cancel: &Order) -> Day {
    let month_end = Cycle::of(cancel.ordered_at.day()).span().end;
    let after_last = cancel.effective_last.and_then(|last| last.succ_opt());
    after_last.or(cancel.effective_from).unwrap_or(month_end)
}

fn suspensions(view: &View<'_>) -> Vec<Suspension> {
    let mut found: Vec<(Suspension, Ended)> = Vec::new();
    for row in &view.rows {
        let day = row.effective_from.unwrap_or_else(|| row.ordered_at.day());
        match row.action {
            OrderAction::Suspend => {
                let end = row.effective_last.and_then(|last| last.succ_opt()).unwrap_or(far_future());
                let span = DaySpan { start: day, end };
                found.push((Suspension { span, holding_fee: row.price, at: row.at }, Ended::ByItsTerm));
            }
            OrderAction::Resume => {
                for (suspension, ended) in found.iter_mut().filter(|(other, _)| day < other.span.end) {
                    suspension.span.end = day.max(suspension.span.start);
                    *ended = Ended::ByResuming;
                }
            }
            _ => {}
        }
    }
    joined(found)
}

/// How a suspension ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    ByItsTerm,
    ByResuming,
}

/// Joins suspensions that follow each other without a day in between: together they may suspend a whole cycle. Where
/// the line was resumed, its month is one of a restart. Two at different fees stay apart, because no rule says what
/// such a cycle costs.
fn joined(mut found: Vec<(Suspension, Ended)>) -> Vec<Suspension> {
    found.sort_by_key(|(suspension, _)| (suspension.span.start, suspension.span.end));
    let mut joined: Vec<(Suspension, Ended)> = Vec::new();
    for (next, ended) in found {
        match joined.last_mut() {
            Some((last, before)) if *before == Ended::ByItsTerm && goes_on(last, &next) => {
                last.span.end = last.span.end.max(next.span.end);
                last.holding_fee = last.holding_fee.or(next.holding_fee);
                *before = ended;
            }
            _ => joined.push((next, ended)),
        }
    }
    joined.into_iter().map(|(suspension, _)| suspension).collect()
}

fn goes_on(last: &Suspension, next: &Suspension) -> bool {
    let fees = [last.holding_fee, next.holding_fee];
    last.span.end >= next.span.start && (fees[0] == fees[1] || fees.contains(&None))
}

/// First day after every record: stands for an open end.
fn far_future() -> Day {
    Day::from_ymd_opt(9999, 12, 31).unwrap_or(Day::MAX)
}

/// A day before every record: stands for an unknown start.
fn far_past() -> Day {
    Day::from_ymd_opt(1900, 1, 1).unwrap_or(Day::MIN)
}
