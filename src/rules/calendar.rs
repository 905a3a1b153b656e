//! Working days of the mainland with the published days off and working weekends.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use crate::embedded;
use crate::model::message::Message;
use crate::model::period::Day;
use crate::spec::{self, SpecProblem, SpecText};

/// Version of the file that is read.
pub const SCHEMA: &str = "mingzhang.holidays/1";
const BUILT_IN: &str = "holidays.toml";

/// A day counted in working days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkingDayCount {
    /// The day.
    pub day: Day,
    /// Whether a year without published days off was counted Monday to Friday.
    pub provisional: bool,
}

/// Days off and working weekends by year.
#[derive(Debug, Clone, Default)]
pub struct Calendar {
    years: BTreeMap<i32, Year>,
}

#[derive(Debug, Clone, Default)]
struct Year {
    rest: BTreeSet<Day>,
    work: BTreeSet<Day>,
}

impl Calendar {
    /// Returns the calendar that the program brings along.
    pub fn built_in() -> Self {
        let calendar = Self::parse(BUILT_IN, embedded::text(BUILT_IN));
        assert!(calendar.is_ok(), "the built-in calendar does not hold: {:?}", calendar.err());
        calendar.unwrap_or_default()
    }

    /// Returns the calendar of a holiday file.
    ///
    /// # Errors
    /// With every problem of the file, by place.
    pub fn parse(path: &str, text: &str) -> Result<Self, Vec<SpecProblem>> {
        let file = SpecText { path, text };
        let spec: HolidaysSpec = spec::read(file)?;
        let mut problems = Vec::new();
        if spec.schema.get_ref() != SCHEMA {
            let message = Message::new("spec.schema").text("found", spec.schema.get_ref());
            problems.push(file.problem(spec.schema.span(), message.text("expected", SCHEMA)));
        }
        let mut years = BTreeMap::new();
        for year in &spec.year {
            let rest = days(file, &year.rest, &mut problems);
            let work = days(file, &year.work, &mut problems);
            years.insert(year.year, Year { rest, work });
        }
        if problems.is_empty() { Ok(Self { years }) } else { Err(problems) }
    }

    /// Returns whether the days off of that year are known.
    pub fn knows(&self, year: i32) -> bool {
        self.years.contains_key(&year)
    }

    /// Returns whether people work on that day; Monday to Friday where the year is not known.
    pub fn is_working_day(&self, day: Day) -> bool {
        let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        // A notice may list days of the year before or after: late December belongs to the next one's.
        let listed =
            |list: fn(&Year) -> &BTreeSet<Day>| self.years.values().any(|year| list(year).contains(&day));
        let rest = listed(|year| &year.rest);
        let work = listed(|year| &year.work);
        work || (!weekend && !rest)
    }

    /// Returns the `count`-th working day after `day`, which itself is not counted.
    pub fn working_days_after(&self, day: Day, count: u32) -> WorkingDayCount {
        let mut result = WorkingDayCount { day, provisional: false };
        let mut left = count;
        while left > 0 {
            let Some(next) = result.day.checked_add_days(Days::new(1)) else { break };
            result.day = next;
            result.provisional |= !self.knows(next.year());
            left -= u32::from(self.is_working_day(next));
        }
        result
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct HolidaysSpec {
    schema: Spanned<String>,
    year: Vec<YearSpec>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct YearSpec {
    year: i32,
    #[serde(rename = "source")]
    _source: String,
    rest: Vec<Spanned<Datetime>>,
    work: Vec<Spanned<Datetime>>,
}

fn days(file: SpecText<'_>, list: &[Spanned<Datetime>], problems: &mut Vec<SpecProblem>) -> BTreeSet<Day> {
    let mut found = BTreeSet::new();
    for value in list {
        let date = value.get_ref().date.filter(|_| value.get_ref().time.is_none());
        let day = date
            .and_then(|date| NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into()));
        match day {
            Some(day) => _ = found.insert(day),
            None => {
                let message = Message::new("spec.day").text("value", value.get_ref());
                problems.push(file.problem(value.span(), message));
            }
        }
    }
    found
}
