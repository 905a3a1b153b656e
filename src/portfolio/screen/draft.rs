//! What the rows of a line say, read without a copy of any text.

use crate::ingest::bulk::{BillCells, OrderCells, PaymentCells};
use crate::model::period::Cycle;
use crate::model::record::{Category, OrderAction};
use crate::model::source::RowRef;
use crate::model::usage::{BareEvents, Direction, UsageKind};
use crate::portfolio::row::StoredUsage;

/// What the rows of a line say, as they stand in them.
#[derive(Debug, Default)]
pub struct Draft<'r> {
    pub(super) bill: Vec<(RowRef, BillCells<'r>)>,
    pub(super) payments: Vec<(RowRef, PaymentCells<'r>)>,
    pub(super) orders: Vec<(RowRef, OrderCells<'r>)>,
    /// The files with usage, a bit each.
    pub(super) files: u64,
}

impl Draft<'_> {
    pub(super) fn clear(&mut self) {
        self.bill.clear();
        self.payments.clear();
        self.orders.clear();
        self.files = 0;
    }

    /// Returns whether the bill is nothing but charges above zero, and one total that is their sum.
    pub(super) fn adds_up(&self) -> bool {
        let (mut sum_e4, mut total_e4) = (0i64, None);
        for (_, bill) in &self.bill {
            if bill.amount_e4 <= 0 || !bill.provider.is_empty() {
                return false;
            }
            if bill.category.is_charge() {
                let Some(more) = sum_e4.checked_add(bill.amount_e4) else { return false };
                sum_e4 = more;
            } else if bill.category == Category::Total && total_e4.replace(bill.amount_e4).is_some() {
                return false;
            }
        }
        total_e4 == Some(sum_e4)
    }

    /// Returns whether one order, before the month, without price, channel and end, is all that was ordered.
    pub(super) fn has_plain_order(&self, cycle: Cycle) -> bool {
        let [(_, order)] = &self.orders[..] else { return false };
        order.action == OrderAction::Order
            && order.price_e4.is_none()
            && order.channel.is_empty()
            && order.effective_last.is_none()
            && order.ordered_at < cycle.start_time().0
    }
}

/// The outgoing calls so far.
#[derive(Debug, Default)]
pub(super) struct Calls {
    until: i64,
}

/// Adds an event in order of time. None for what a detector may look at: what is stated of it, two events of one
/// second (a repetition, or an open order), a call that begins before another has ended.
pub(super) fn push(
    events: &mut BareEvents,
    usage: &StoredUsage<'_>,
    at: RowRef,
    calls: &mut Calls,
) -> Option<()> {
    if !usage.is_bare || events.starts.last().is_some_and(|last| *last >= usage.start) {
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
