//! What one thread remembers of kinds of lines.

use std::collections::BTreeMap;

use chrono::Datelike as _;
use typed_arena::Arena;

use crate::error::Result;
use crate::ingest::bulk::rows::yuan;
use crate::model::case::{Line, Operator};
use crate::model::money::Money;
use crate::model::period::{Cycle, Day, WallTime};
use crate::model::usage::{BareEvents, UsageTable};
use crate::portfolio::screen::draft::Draft;
use crate::rating::standing::{Session, Standing};

/// What holds for every line with the same order, the same items on its bill and the same kind of payment.
#[derive(Debug)]
pub(super) struct Learned {
    pub(super) standing: Standing,
    pub(super) operator: Option<Operator>,
    /// By bill line, the item to which it is tied; none for the total.
    pub(super) ties: Vec<Option<usize>>,
    /// Items to which no bill line is tied.
    pub(super) unbilled: Vec<usize>,
    /// The line that it was learned from, without its usage.
    pub(super) line: Line,
}

/// The same, at work.
#[derive(Debug)]
pub(super) struct Known<'m> {
    pub(super) session: Session<'m>,
    pub(super) operator: Option<Operator>,
    ties: &'m [Option<usize>],
    unbilled: &'m [usize],
    /// A line of the kind; what its lines differ in is filled in for each.
    pub(super) line: Line,
}

impl Known<'_> {
    /// Returns whether every charge is the amount of the one item that it is tied to, and every other item is nothing.
    pub(super) fn agrees(&self, draft: &Draft<'_>, owed: &[Money]) -> bool {
        let charged = draft.bill.iter().zip(self.ties);
        let mut charged = charged.filter(|((_, bill), _)| bill.category.is_charge());
        let is_owed = |item: usize, e4: i64| owed.get(item).is_some_and(|owed| owed.e4() == Some(e4));
        charged.all(|((_, bill), tie)| tie.is_some_and(|item| is_owed(item, bill.amount_e4)))
            && self.unbilled.iter().all(|item| is_owed(*item, 0))
    }

    /// Makes the line another one of its kind; what the two can differ in is all that is filled in.
    pub(super) fn fill(&mut self, msisdn: &str, draft: &Draft<'_>) -> Option<()> {
        fn write(text: &str, to: &mut String) {
            to.clear();
            to.push_str(text);
        }
        write(msisdn, &mut self.line.info.msisdn);
        for (line, (at, bill)) in self.line.bill.iter_mut().zip(&draft.bill) {
            (line.at, line.amount) = (*at, yuan(bill.amount_e4)?);
        }
        for (order, (at, cells)) in self.line.orders.iter_mut().zip(&draft.orders) {
            (order.at, order.ordered_at) = (*at, WallTime(cells.ordered_at));
            write(cells.order_id, &mut order.order_id);
        }
        for (payment, (at, cells)) in self.line.payments.iter_mut().zip(&draft.payments) {
            (payment.at, payment.paid_at) = (*at, WallTime(cells.paid_at));
            payment.amount = yuan(cells.amount_e4)?;
            payment.face_value = match cells.face_value_e4 {
                None => None,
                Some(e4) => Some(yuan(e4)?),
            };
            write(cells.order_id, &mut payment.order_id);
            write(cells.merchant_order_id, &mut payment.merchant_order_id);
            write(cells.msisdn, &mut payment.msisdn);
        }
        Some(())
    }
}

/// What one thread remembers from line to line. It only saves work: what is remembered is what would be found again.
pub struct Memory<'m> {
    arena: &'m Arena<Learned>,
    pub(super) known: BTreeMap<Vec<u8>, Option<Known<'m>>>,
    pub(super) key: Vec<u8>,
    pub(super) events: BareEvents,
    pub(super) usage: UsageTable,
    pub(super) owed: Vec<Money>,
}

/// Where a memory keeps what it learns.
pub struct Lessons(Arena<Learned>);

impl Lessons {
    /// Returns a place without anything in it.
    pub fn none() -> Self {
        Self(Arena::new())
    }
}

/// Most kinds of lines that are remembered; beyond it, lines of other kinds take the whole way.
const REMEMBERED_MAX: usize = 8192;

impl<'m> Memory<'m> {
    /// Returns a memory without anything in it.
    pub fn new(lessons: &'m Lessons) -> Self {
        Self {
            arena: &lessons.0,
            known: BTreeMap::new(),
            key: Vec::new(),
            events: BareEvents::default(),
            usage: UsageTable::default(),
            owed: Vec::new(),
        }
    }

    /// Puts the kind of the line into `key`, and what is known of it into `known`.
    pub(super) fn recall(
        &mut self,
        draft: &Draft<'_>,
        cycle: Cycle,
        learn: impl FnOnce(&UsageTable) -> Result<Option<Learned>>,
    ) -> Result<()> {
        self.key.clear();
        write_key(draft, cycle, &mut self.key);
        if self.known.contains_key(&self.key) || self.known.len() >= REMEMBERED_MAX {
            return Ok(());
        }
        let learned = learn(&self.usage)?.map(|learned| &*self.arena.alloc(learned));
        let known = learned.and_then(|learned| {
            Some(Known {
                session: learned.standing.session()?,
                operator: learned.operator,
                ties: &learned.ties,
                unbilled: &learned.unbilled,
                line: learned.line.clone(),
            })
        });
        self.known.insert(self.key.clone(), known);
        Ok(())
    }
}

/// Writes all of a line that passed the first questions but for its usage, its amounts and what nobody rates by: rows,
/// ids, the time of the payment, and the time of day of an order from before the month.
fn write_key(draft: &Draft<'_>, cycle: Cycle, key: &mut Vec<u8>) {
    let day = |day: Day, key: &mut Vec<u8>| key.extend(day.num_days_from_ce().to_le_bytes());
    let text = |text: &str, key: &mut Vec<u8>| {
        key.extend((text.len() as u32).to_le_bytes());
        key.extend(text.as_bytes());
    };
    day(cycle.span().start, key);
    for (_, order) in &draft.orders {
        day(WallTime(order.ordered_at).day(), key);
        day(order.effective_from.unwrap_or(Day::MIN), key);
        text(order.product, key);
        text(order.name, key);
        key.push(order.auto_renew.map_or(2, u8::from));
        key.push(order.confirmed.map_or(2, u8::from));
    }
    key.push(draft.bill.len() as u8);
    for (_, bill) in &draft.bill {
        key.push(bill.category as u8);
        text(bill.item, key);
    }
    for (_, payment) in &draft.payments {
        key.extend([payment.direction as u8, payment.status as u8]);
        text(payment.platform, key);
        text(payment.payee, key);
        text(payment.description, key);
    }
}
