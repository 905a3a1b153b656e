//! Days, wall-clock times, spans and billing cycles.
//!
//! No time zone here: every export prints Beijing wall-clock time without offset, and none is added.

use std::fmt;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveDateTime};

/// A calendar day.
pub type Day = NaiveDate;

/// A wall-clock time in whole seconds since 1970-01-01 00:00:00 on the same wall clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WallTime(pub i64);

impl WallTime {
    /// Returns the wall-clock time of a calendar date and time of day; parts of a second are cut.
    pub fn new(at: NaiveDateTime) -> Self {
        Self(at.and_utc().timestamp())
    }

    /// Returns 00:00 of that day.
    pub fn at_start_of(day: Day) -> Self {
        Self::new(day.and_time(chrono::NaiveTime::MIN))
    }

    /// Returns the calendar date and time of day.
    pub fn date_time(self) -> NaiveDateTime {
        DateTime::from_timestamp(self.0, 0).unwrap_or_default().naive_utc()
    }

    /// Returns the calendar day.
    pub fn day(self) -> Day {
        self.date_time().date()
    }

    /// Returns the time `seconds` later.
    pub fn after_s(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }
}

/// Prints `2025-10-10 08:12:45`.
impl fmt::Display for WallTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.date_time().format("%Y-%m-%d %H:%M:%S"))
    }
}

/// Whole days, half-open: `start` belongs to it, `end` does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DaySpan {
    /// First day.
    pub start: Day,
    /// First day that no longer belongs to it.
    pub end: Day,
}

impl DaySpan {
    /// Returns the span from `first` to `last`, both inclusive, as papers print it. Empty when reversed.
    pub fn inclusive(first: Day, last: Day) -> Self {
        Self { start: first, end: last.checked_add_days(Days::new(1)).unwrap_or(last).max(first) }
    }

    /// Returns the last day that belongs to the span.
    pub fn last(self) -> Day {
        self.end.pred_opt().unwrap_or(self.start).max(self.start)
    }

    /// Returns whether the day belongs to the span.
    pub fn contains(self, day: Day) -> bool {
        self.start <= day && day < self.end
    }

    /// Returns whether every day of `other` belongs to the span.
    pub fn covers(self, other: Self) -> bool {
        other.is_empty() || (self.start <= other.start && other.end <= self.end)
    }

    /// Returns the days that belong to both, if any.
    pub fn intersection(self, other: Self) -> Option<Self> {
        let both = Self { start: self.start.max(other.start), end: self.end.min(other.end) };
        (!both.is_empty()).then_some(both)
    }

    /// Returns how many days belong to the span.
    pub fn days(self) -> u32 {
        u32::try_from((self.end - self.start).num_days()).unwrap_or(0)
    }

    /// Returns whether no day belongs to the span.
    pub fn is_empty(self) -> bool {
        self.end <= self.start
    }

    /// Returns the days in order.
    pub fn each_day(self) -> impl Iterator<Item = Day> {
        self.start.iter_days().take(self.days() as usize)
    }
}

/// A billing cycle: one calendar month, the practice of all four operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cycle {
    first: Day,
}

impl Cycle {
    /// Returns the cycle of a year and month (1–12), if there is one.
    pub fn new(year: i32, month: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, month, 1).map(|first| Self { first })
    }

    /// Returns the cycle to which the day belongs.
    pub fn of(day: Day) -> Self {
        Self { first: day.with_day(1).unwrap_or(day) }
    }

    /// Returns the cycle written `YYYY-MM`, if it is one.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-')?;
        let sized = year.len() == 4 && month.len() == 2;
        sized.then(|| Self::new(year.parse().ok()?, month.parse().ok()?)).flatten()
    }

    /// Returns the days of the cycle.
    pub fn span(self) -> DaySpan {
        DaySpan { start: self.first, end: self.next().first }
    }

    /// Returns how many days the month has.
    pub fn days(self) -> u32 {
        self.span().days()
    }

    /// Returns the following cycle.
    pub fn next(self) -> Self {
        Self { first: self.first.checked_add_months(Months::new(1)).unwrap_or(self.first) }
    }

    /// Returns the cycle before.
    pub fn previous(self) -> Self {
        Self { first: self.first.checked_sub_months(Months::new(1)).unwrap_or(self.first) }
    }

    /// Returns the wall-clock time at which the cycle begins.
    pub fn start_time(self) -> WallTime {
        WallTime::at_start_of(self.first)
    }

    /// Returns the wall-clock time at which the next cycle begins.
    pub fn end_time(self) -> WallTime {
        self.next().start_time()
    }
}

/// Prints `2025-10`.
impl fmt::Display for Cycle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use chrono::Datelike as _;
        write!(f, "{:04}-{:02}", self.first.year(), self.first.month())
    }
}

/// Returns the day `months` later, clamped to the month's last day (2026-09-30 + 5 → 2027-02-28).
pub fn months_after(day: Day, months: u32) -> Day {
    day.checked_add_months(Months::new(months)).unwrap_or(day)
}
