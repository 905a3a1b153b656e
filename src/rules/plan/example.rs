//! Worked examples of a plan file.

use std::ops::Range;

use super::PlanChecker;
use super::spec::{ExampleSpec, PlanSpec, UseSpec};
use super::usage_rules::{DIRECTIONS, SCOPES, SUMS};
use crate::model::message::Message;
use crate::model::period::{Cycle, WallTime};
use crate::model::plan::{Example, ExampleUse};
use crate::rules::check::Text;

/// Most messages of one use: each becomes an event.
const MESSAGES_MAX: u64 = 100_000;

impl PlanChecker<'_, '_> {
    pub(super) fn examples(&mut self, spec: &PlanSpec) -> Vec<Example> {
        // Under another reading the examples would say something else: they belong to the main reading.
        if self.reading.is_some() {
            return Vec::new();
        }
        spec.example.iter().filter_map(|it| self.example(&it.span(), it.get_ref(), spec)).collect()
    }

    fn example(&mut self, table: &Range<usize>, spec: &ExampleSpec, plan: &PlanSpec) -> Option<Example> {
        let name = self.check.text(table, "name", spec.name.as_ref());
        let start = self.check.optional_day(spec.start.as_ref());
        let source = self.check.text(table, "source", spec.source.as_ref());
        let uses: Vec<Option<ExampleUse>> =
            spec.uses.iter().map(|it| self.example_use(&it.span(), it.get_ref())).collect();
        let uses: Option<Vec<ExampleUse>> = uses.into_iter().collect();
        if let Some(uses) = &uses {
            self.same_cycle(table, uses);
        }
        let expect = self.check.required(table, "expect", spec.expect.as_ref())?;
        if expect.get_ref().is_empty() {
            self.check.problem(expect.span(), Message::new("plan.empty-expect"));
        }
        let mut amounts = Vec::new();
        for (key, text) in expect.get_ref() {
            // A rate with a problem of its own is still a known name.
            let written = plan.rate.iter().filter_map(|rate| rate.get_ref().id.as_ref());
            let written: Vec<&str> = written.map(|id| id.get_ref().as_str()).collect();
            if !written.iter().copied().chain(SUMS).any(|name| name == key.get_ref()) {
                self.unknown_expectation(key, &written);
            }
            amounts.extend(
                self.check.or_note(
                    text,
                    crate::model::money::Money::parse(text.get_ref())
                        .ok()
                        .map(|amount| (key.get_ref().clone(), amount)),
                    "spec.money",
                ),
            );
        }
        let row = self.check.row_of(table);
        Some(Example { name: name?, start, uses: uses?, expect: amounts, source: source?, row })
    }

    fn same_cycle(&mut self, table: &Range<usize>, uses: &[ExampleUse]) {
        let mut cycles = uses.iter().map(|it| Cycle::of(it.at.day()));
        if let Some(first) = cycles.next()
            && cycles.any(|cycle| cycle != first)
        {
            self.check.problem(table.clone(), Message::new("plan.example-cycles"));
        }
    }

    fn example_use(&mut self, table: &Range<usize>, spec: &UseSpec) -> Option<ExampleUse> {
        let unit = self.unit(table, spec.unit.as_ref());
        let amount = self.check.required(table, "amount", spec.amount.as_ref());
        let volume = unit.zip(amount).and_then(|(unit, text)| self.check.volume(unit, text));
        let at = self.check.required(table, "at", spec.at.as_ref());
        let at = at.and_then(|text| self.check.or_note(text, time_of(text), "spec.time-text"));
        let data_or_call =
            |unit| matches!(unit, crate::model::quantity::Unit::Voice | crate::model::quantity::Unit::Data);
        if let (Some(volume), Some(text)) = (volume, amount)
            && !data_or_call(volume.unit)
            && volume.amount > MESSAGES_MAX
        {
            self.check.problem(text.span(), Message::new("plan.too-many-messages"));
        }
        Some(ExampleUse {
            volume: volume?,
            at: at?,
            outside: spec.outside,
            app: spec.app.clone(),
            scope: self.check.choice_or_first(spec.scope.as_ref(), &SCOPES)?,
            direction: self.check.choice_or_first(spec.direction.as_ref(), &DIRECTIONS)?,
            peer: spec.peer.clone(),
        })
    }
}

/// Returns the time of `2025-10-03 10:00:00`, with a blank or `T` between.
fn time_of(text: &Text) -> Option<WallTime> {
    let text = text.get_ref().trim().replacen('T', " ", 1);
    chrono::NaiveDateTime::parse_from_str(&text, "%Y-%m-%d %H:%M:%S").ok().map(WallTime::new)
}
