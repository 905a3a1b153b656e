//! The year of times that print none: from the stated window, else from case.toml, the file's name or the export day.

use chrono::Datelike;

use crate::model::period::{Cycle, Day, DaySpan, months_after};

/// What is known about the year of a table's times.
#[derive(Debug, Clone, Default)]
pub struct YearSource {
    /// Stated window.
    pub window: Option<DaySpan>,
    /// Year given in case.toml.
    pub year: Option<i32>,
    /// Month in the file's name.
    pub month: Option<Cycle>,
    /// Day of the export.
    pub exported_on: Option<Day>,
}

impl YearSource {
    /// Returns the day of a month and day, if the year is known. A window across New Year decides by the
    /// day; records up to one month before a window belong to the year of that earlier day.
    pub fn day(&self, month: u32, day: u32) -> Option<Day> {
        let window = self.window.or_else(|| self.month.map(Cycle::span));
        if let Some(window) = window.filter(|window| !window.is_empty()) {
            let years = window.start.year() - 1..=window.last().year();
            let days: Vec<Day> = years.filter_map(|year| Day::from_ymd_opt(year, month, day)).collect();
            let inside = days.iter().rev().find(|day| window.contains(**day));
            let late =
                days.iter().rev().find(|day| **day < window.start && months_after(**day, 1) >= window.start);
            return inside.or(late).or(days.last()).copied();
        }
        if let Some(year) = self.year {
            return Day::from_ymd_opt(year, month, day);
        }
        let exported = self.exported_on?;
        let this_year = Day::from_ymd_opt(exported.year(), month, day);
        this_year
            .filter(|day| *day <= exported)
            .or_else(|| Day::from_ymd_opt(exported.year() - 1, month, day))
    }
}
