//! What a file says about itself outside its rows: window, own number, counts, sums, export time, filter.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::ingest::fold::fold_name;
use crate::ingest::format::{Format, Vocabulary};
use crate::ingest::parse_cell::count::count;
use crate::ingest::parse_cell::date::date;
use crate::ingest::parse_cell::money::{MoneyUnit, money};
use crate::ingest::parse_cell::month::month;
use crate::ingest::parse_cell::msisdn::{is_mobile, mobile_within, msisdn};
use crate::ingest::pattern::Letters;
use crate::model::money::Money;
use crate::model::period::{Cycle, Day, DaySpan};
use crate::model::sheet::Row;

/// A fact as printed, and where.
#[derive(Debug, Clone)]
struct Fact {
    text: String,
    row: Option<u32>,
    column: Option<u16>,
}

/// What a file says about itself, by the names of the blanks in the format's sentences.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    facts: BTreeMap<&'static str, Fact>,
    /// Whether a sentence says that there is no record.
    pub no_data: bool,
}

/// Where a fact is printed: (row, column); a sheet's name has neither.
pub type FactPlace = (Option<u32>, Option<u16>);

impl Facts {
    /// Takes up what a row says; earlier facts stand.
    pub fn read_row(&mut self, row: Row<'_>, format: &Format) {
        let filled = (1..=row.width()).filter(|column| !row.cell(*column).trim().is_empty());
        let columns: Vec<usize> = filled.collect();
        let text = columns.iter().map(|column| row.cell(*column).trim()).collect::<Vec<_>>().join("  ");
        let column = match columns.as_slice() {
            [only] => u16::try_from(*only).ok(),
            _ => None,
        };
        self.read_text(&text, format, (Some(row.number()), column));
    }

    /// Takes up what a text says, e.g. the name of a sheet.
    pub fn read_text(&mut self, text: &str, format: &Format, place: FactPlace) {
        let letters = Letters::of(text);
        for pattern in &format.patterns {
            for (name, value) in pattern.find_in(&letters).unwrap_or_default() {
                let fact = Fact { text: value, row: place.0, column: place.1 };
                self.facts.entry(name).or_insert(fact);
            }
        }
    }

    /// Takes up what a row says about every table of its sheet: own number, window, month, day of the export.
    pub fn read_shared(&mut self, row: Row<'_>, format: &Format) {
        let mut above = Self::default();
        above.read_row(row, format);
        for name in ["msisdn", "start", "end", "month", "exported"] {
            // A window is taken as a whole.
            let stated = matches!(name, "start" | "end" | "month") && self.window().is_some();
            if let Some(fact) = above.facts.remove(name).filter(|_| !stated) {
                self.facts.entry(name).or_insert(fact);
            }
        }
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.facts.get(name).map(|fact| fact.text.as_str())
    }

    /// Returns a fact as printed and its place.
    pub fn printed(&self, name: &str) -> Option<(&str, FactPlace)> {
        self.facts.get(name).map(|fact| (fact.text.as_str(), (fact.row, fact.column)))
    }

    /// Returns the stated window.
    pub fn window(&self) -> Option<DaySpan> {
        let day = |name| date(self.text(name)?).ok().flatten();
        match (day("start"), day("end")) {
            (Some(first), Some(last)) if first <= last => Some(DaySpan::inclusive(first, last)),
            _ => self.month().map(Cycle::span),
        }
    }

    /// Returns where the window is stated.
    pub fn window_place(&self) -> FactPlace {
        let fact = self.facts.get("start").or_else(|| self.facts.get("month"));
        fact.map_or((None, None), |fact| (fact.row, fact.column))
    }

    fn month(&self) -> Option<Cycle> {
        month(self.text("month")?).ok().flatten()
    }

    /// Returns the stated billing month: printed as such, or a window inside one month.
    pub fn cycle(&self) -> Option<Cycle> {
        let window = self.window()?;
        let cycle = Cycle::of(window.start);
        cycle.span().covers(window).then_some(cycle)
    }

    /// Returns the stated own number.
    pub fn msisdn(&self) -> Option<String> {
        self.text("msisdn").map(msisdn).filter(|number| !number.is_empty()).map(Cow::into_owned)
    }

    /// Returns the day of the export.
    pub fn exported_on(&self) -> Option<Day> {
        date(self.text("exported")?).ok().flatten()
    }

    /// Returns whether the export says that nothing was filtered out.
    pub fn unfiltered(&self, vocabulary: &Vocabulary) -> Option<bool> {
        let filter = fold_name(self.text("filter")?);
        Some(vocabulary.unfiltered.iter().any(|word| fold_name(word) == filter))
    }

    /// Returns a stated count.
    pub fn count(&self, name: &str) -> Option<u64> {
        count(self.text(name)?).ok().flatten()
    }

    /// Returns a stated sum in yuan.
    pub fn sum(&self, name: &str) -> Option<Money> {
        money(self.text(name)?, MoneyUnit::Yuan).ok().flatten()
    }
}

/// What the name of a file or sheet suggests.
#[derive(Debug, Clone, Default)]
pub struct NameFacts {
    /// A full mobile number in it.
    pub msisdn: Option<String>,
    /// A month in it.
    pub month: Option<Cycle>,
}

impl NameFacts {
    /// Returns what the names suggest, the first one first.
    pub fn of(names: &[&str]) -> Self {
        let last_parts: Vec<&str> =
            names.iter().map(|name| name.rsplit('/').next().unwrap_or(name)).collect();
        Self {
            msisdn: last_parts.iter().find_map(|name| mobile_within(name)).filter(|number| is_mobile(number)),
            month: last_parts.iter().find_map(|name| month_within(name)),
        }
    }
}

/// Finds `2025年10月`, `2025-10`, `2025_10` or `202510` in a name; eight digits are a day and no month.
fn month_within(name: &str) -> Option<Cycle> {
    let mut runs: Vec<(usize, &str)> = Vec::new();
    for (at, part) in name.split(|c: char| !c.is_ascii_digit()).scan(0, |at, part| {
        let start = *at;
        let after = &name[start + part.len()..];
        *at = start + part.len() + after.chars().next().map_or(0, char::len_utf8);
        Some((start, part))
    }) {
        if !part.is_empty() {
            runs.push((at, part));
        }
    }
    let single = runs.iter().filter(|(_, run)| run.len() == 6).find_map(|(_, run)| month(run).ok().flatten());
    single.or_else(|| {
        runs.windows(2).enumerate().find_map(|(index, pair)| joined_month(name, &runs, index, pair))
    })
}

fn joined_month(name: &str, runs: &[(usize, &str)], index: usize, pair: &[(usize, &str)]) -> Option<Cycle> {
    let [(year_at, year), (month_at, number)] = pair else { return None };
    let between = &name[year_at + year.len()..*month_at];
    let joins = matches!(between, "年" | "-" | "_" | "." | "/");
    // `2025-10-01` is a day: a third number follows with the same separator.
    let third = runs.get(index + 2).is_some_and(|(at, _)| &name[month_at + number.len()..*at] == between);
    let sized = year.len() == 4 && (1..=2).contains(&number.len());
    (joins && !third && sized).then(|| Cycle::new(year.parse().ok()?, number.parse().ok()?)).flatten()
}
