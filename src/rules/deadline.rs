//! Terms that close a channel (fine print 40). Each has a safe day and a day at the latest.

use chrono::Days;

use crate::model::case::Operator;
use crate::model::period::{Cycle, Day, months_after};

/// Months within which a charging dispute may be taken to the telecom authority (o35-11).
pub const APPEAL_MONTHS: u32 = 5;
/// Days that the operator has for its reply, and one to go on from there (o35-10).
pub const DAYS_BEFORE_APPEAL: u64 = 16;
/// Months for which operators keep raw records, not counting the month of the record.
pub const RECORDS_KEPT_MONTHS: u32 = 5;

/// The first and the last day on which an event can have happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventDays {
    /// The earliest; the safe date counts from it.
    pub earliest: Day,
    /// The latest; the date at the latest counts from it.
    pub latest: Day,
}

impl EventDays {
    /// Returns the days of a monthly charge: its printed date, else anywhere in its period.
    pub fn of_charge(cycle: Cycle, printed: Option<Day>) -> Self {
        let span = cycle.span();
        Self { earliest: printed.unwrap_or(span.start), latest: span.last() }
    }

    /// Returns the days of an event whose date is known.
    pub fn on(day: Day) -> Self {
        Self { earliest: day, latest: day }
    }
}

/// A term with the rule that it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline {
    /// Last day that is safe under every reading.
    pub safe_until: Day,
    /// Last day under the latest event that is possible.
    pub at_the_latest: Day,
    /// Id of the rule of law.
    pub basis: &'static str,
}

/// Returns the term for the appeal to the telecom authority: event + 5 months, clamped to the month's end.
pub fn appeal(event: EventDays) -> Deadline {
    Deadline {
        safe_until: months_after(event.earliest, APPEAL_MONTHS),
        at_the_latest: months_after(event.latest, APPEAL_MONTHS),
        basis: "o35-11",
    }
}

/// Returns the term for the first complaint to the operator: 16 days before the appeal.
pub fn first_complaint(event: EventDays) -> Deadline {
    let appeal = appeal(event);
    Deadline {
        safe_until: days_before(appeal.safe_until, DAYS_BEFORE_APPEAL),
        at_the_latest: days_before(appeal.at_the_latest, DAYS_BEFORE_APPEAL),
        basis: "o35-10",
    }
}

/// Returns the last day on which the operator still keeps the raw records of a cycle, and the contract
/// clause that says so: the last day of the fifth month after it.
pub fn records_kept_until(cycle: Cycle, operator: Option<Operator>) -> (Day, &'static str) {
    let month = Cycle::of(months_after(cycle.span().start, RECORDS_KEPT_MONTHS));
    let basis = if operator == Some(Operator::Cmcc) { "hy-cmcc-6" } else { "hy-vno-5m" };
    (month.span().last(), basis)
}

fn days_before(day: Day, days: u64) -> Day {
    day.checked_sub_days(Days::new(days)).unwrap_or(day)
}
