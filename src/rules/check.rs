//! The semantic checks that plan and case files share: each notes its problem and goes on.

use std::ops::Range;

use chrono::{NaiveDate, NaiveTime};
use rust_decimal::Decimal;
use toml::Spanned;
use toml::value::Datetime;

use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::period::{Day, WallTime};
use crate::model::quantity::{Unit, Volume};
use crate::spec::{self, SpecDocument, SpecProblem, SpecText};

/// A text value with its place.
pub(super) type Text = Spanned<String>;

/// Collects the problems of one file.
#[derive(Debug)]
pub(super) struct Checker<'a> {
    file: SpecText<'a>,
    taken_out: Vec<(usize, String)>,
    /// What was found so far.
    pub(super) problems: Vec<SpecProblem>,
}

impl<'a> Checker<'a> {
    /// Returns a checker that goes on where the check of the shape ended.
    pub(super) fn after(document: SpecDocument<'a>) -> Self {
        Self { file: document.file, taken_out: document.taken_out, problems: document.problems }
    }

    /// Notes a problem.
    pub(super) fn problem(&mut self, span: Range<usize>, message: Message) {
        self.problems.push(self.file.problem(span, message));
    }

    /// Returns the 1-based row of a place.
    pub(super) fn row_of(&self, span: &Range<usize>) -> u32 {
        self.file.place(span).0
    }

    /// Returns the value, or notes that the table at `table` lacks the key. A key that was there but
    /// wrong is already noted.
    pub(super) fn required<T>(&mut self, table: &Range<usize>, key: &str, value: Option<T>) -> Option<T> {
        let wrong = self.taken_out.iter().any(|(start, taken)| *start == table.start && taken == key);
        if value.is_none() && !wrong {
            self.problem(table.clone(), Message::new("spec.missing-key").text("key", key));
        }
        value
    }

    /// Returns the required text; blank text counts as missing.
    pub(super) fn text(&mut self, table: &Range<usize>, key: &str, value: Option<&Text>) -> Option<String> {
        let text = self.required(table, key, value)?;
        if text.get_ref().trim().is_empty() {
            self.problem(text.span(), Message::new("spec.empty").text("key", key));
            return None;
        }
        Some(text.get_ref().clone())
    }

    /// Checks the `schema` line.
    pub(super) fn schema(&mut self, value: Option<&Text>, expected: &str) {
        let Some(found) = self.required(&(0..0), "schema", value) else { return };
        if found.get_ref() != expected {
            let message =
                Message::new("spec.schema").text("found", found.get_ref()).text("expected", expected);
            self.problem(found.span(), message);
        }
    }

    /// Returns the amount of exact decimal text that is not negative.
    pub(super) fn money(&mut self, value: &Text) -> Option<Money> {
        let amount = Money::parse(value.get_ref()).ok().filter(|amount| !amount.is_negative());
        self.or_note(value, amount, "spec.money")
    }

    /// Returns the decimal number of exact text that is not negative.
    pub(super) fn price(&mut self, value: &Text) -> Option<Decimal> {
        self.money(value).map(Money::yuan)
    }

    /// Returns the volume of a text in that unit.
    pub(super) fn volume(&mut self, unit: Unit, value: &Text) -> Option<Volume> {
        let volume = Volume::parse(unit, value.get_ref());
        if volume.is_none() {
            let message = Message::new(format!("spec.volume.{}", unit.code())).text("value", value.get_ref());
            self.problem(value.span(), message);
        }
        volume
    }

    /// Returns a volume that is more than nothing.
    pub(super) fn positive_volume(&mut self, unit: Unit, value: &Text) -> Option<u64> {
        let volume = self.volume(unit, value)?;
        self.or_note(value, (volume.amount > 0).then_some(volume.amount), "spec.volume-zero")
    }

    /// Returns the meaning of one of the listed words.
    pub(super) fn choice<T: Copy>(&mut self, value: &Text, choices: &[(&'static str, T)]) -> Option<T> {
        let found = choices.iter().find(|(word, _)| word == value.get_ref()).map(|(_, meaning)| *meaning);
        if found.is_none() {
            self.unknown_word(value, choices.iter().map(|(word, _)| *word));
        }
        found
    }

    /// Returns the meaning of the word, or of the first choice when it is left out.
    pub(super) fn choice_or_first<T: Copy>(
        &mut self,
        value: Option<&Text>,
        choices: &[(&'static str, T)],
    ) -> Option<T> {
        value
            .map_or_else(|| choices.first().map(|(_, meaning)| *meaning), |value| self.choice(value, choices))
    }

    /// Notes a word that is none of the choices and names the near ones.
    pub(super) fn unknown_word<'c>(&mut self, value: &Text, choices: impl IntoIterator<Item = &'c str>) {
        let near = spec::near(value.get_ref(), choices).join(", ");
        let message = Message::new("spec.unknown-word").text("word", value.get_ref()).text("near", near);
        self.problem(value.span(), message);
    }

    /// Returns the calendar day of a TOML date.
    pub(super) fn day(&mut self, value: &Spanned<Datetime>) -> Option<Day> {
        let whole = value.get_ref().time.is_none() && value.get_ref().offset.is_none();
        let day = value.get_ref().date.filter(|_| whole).and_then(day_of);
        if day.is_none() {
            self.problem(value.span(), Message::new("spec.day").text("value", value.get_ref()));
        }
        day
    }

    /// Returns the wall-clock time of a TOML date-time without offset.
    pub(super) fn time(&mut self, value: &Spanned<Datetime>) -> Option<WallTime> {
        let time = wall_time_of(value.get_ref());
        if time.is_none() {
            self.problem(value.span(), Message::new("spec.time").text("value", value.get_ref()));
        }
        time
    }

    /// Returns the optional day, noting one that is none.
    pub(super) fn optional_day(&mut self, value: Option<&Spanned<Datetime>>) -> Option<Day> {
        value.and_then(|value| self.day(value))
    }

    /// Returns the optional time, noting one that is none.
    pub(super) fn optional_time(&mut self, value: Option<&Spanned<Datetime>>) -> Option<WallTime> {
        value.and_then(|value| self.time(value))
    }

    /// Notes that the end lies before the start.
    pub(super) fn ends_before_start(&mut self, end: Range<usize>, start: &str) {
        self.problem(end, Message::new("spec.end-before-start").text("start", start));
    }

    /// Returns the value, or notes the text under that message key.
    pub(super) fn or_note<T>(&mut self, value: &Text, parsed: Option<T>, key: &str) -> Option<T> {
        if parsed.is_none() {
            self.problem(value.span(), Message::new(key).text("value", value.get_ref()));
        }
        parsed
    }
}

fn day_of(date: toml::value::Date) -> Option<Day> {
    NaiveDate::from_ymd_opt(i32::from(date.year), u32::from(date.month), u32::from(date.day))
}

fn wall_time_of(value: &Datetime) -> Option<WallTime> {
    let (date, time) = (value.date?, value.time?);
    let clock =
        NaiveTime::from_hms_opt(time.hour.into(), time.minute.into(), time.second.unwrap_or(0).into())?;
    let no_offset = value.offset.is_none();
    no_offset.then(|| day_of(date).map(|day| WallTime::new(day.and_time(clock)))).flatten()
}
