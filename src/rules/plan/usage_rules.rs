//! Allowances, order of consumption, rates and caps of a plan file.

use std::collections::BTreeSet;
use std::ops::Range;

use toml::Spanned;

use super::PlanChecker;
use super::spec::{AllowanceSpec, CapSpec, ConsumptionSpec, MatchSpec, PlanSpec, RateSpec, StageSpec};
use crate::model::message::Message;
use crate::model::money::{Money, MoneyRounding};
use crate::model::plan::{
    Allowance, BucketSelector, Cap, Consumption, Match, Per, Rate, Rollover, Stage, StepRounding,
};
use crate::model::quantity::Unit;
use crate::model::usage::{Direction, Scope};
use crate::rules::check::Text;
use crate::spec as files;

const ROLLOVER: [(&str, Rollover); 2] = [("none", Rollover::None), ("next-month", Rollover::NextMonth)];
const PER: [(&str, Per); 3] = [("event", Per::Event), ("day", Per::Day), ("cycle", Per::Cycle)];
const ROUND: [(&str, StepRounding); 3] =
    [("up", StepRounding::Up), ("down", StepRounding::Down), ("exact", StepRounding::Exact)];
const MONEY_ROUND: [(&str, MoneyRounding); 2] =
    [("half-up", MoneyRounding::HalfUp), ("truncate", MoneyRounding::Truncate)];
pub(super) const SCOPES: [(&str, Scope); 3] =
    [("domestic", Scope::Domestic), ("hmt", Scope::Hmt), ("international", Scope::International)];
pub(super) const DIRECTIONS: [(&str, Direction); 2] = [("out", Direction::Out), ("in", Direction::In)];
/// Names that an example's `expect` gives to sums: no rate may take them.
pub(super) const SUMS: [&str; 4] = ["monthly", "packs", "credits", "total"];

impl PlanChecker<'_, '_> {
    pub(super) fn allowances(&mut self, spec: &PlanSpec) -> Vec<Allowance> {
        let mut seen = BTreeSet::new();
        let allowances = spec.allowance.iter();
        allowances.filter_map(|it| self.allowance(&mut seen, &it.span(), it.get_ref())).collect()
    }

    fn allowance(
        &mut self,
        seen: &mut BTreeSet<String>,
        table: &Range<usize>,
        spec: &AllowanceSpec,
    ) -> Option<Allowance> {
        let id = self.unique_id(seen, table, spec.id.as_ref());
        let unit = self.unit(table, spec.unit.as_ref());
        let amount = self.check.required(table, "amount", spec.amount.as_ref());
        let volume = unit.zip(amount).and_then(|(unit, text)| self.check.volume(unit, text));
        if let (Some(volume), Some(text)) = (volume, amount)
            && volume.unit == Unit::Voice
            && volume.amount % 60 != 0
        {
            let message = Message::new("plan.whole-minutes").text("value", text.get_ref());
            self.check.problem(text.span(), message);
        }
        let matches = self.matches(spec.matches.as_ref());
        let rollover = self.check.choice_or_first(spec.rollover.as_ref(), &ROLLOVER);
        let clause = self.clause(table, spec.clause.as_ref());
        Some(Allowance {
            id: id?,
            amount: volume?,
            matches,
            shared_with: spec.shared_with.clone(),
            rollover: rollover?,
            clause: clause?,
        })
    }

    pub(super) fn unit(&mut self, table: &Range<usize>, value: Option<&Text>) -> Option<Unit> {
        let word = self.check.required(table, "unit", value)?;
        self.check.choice(word, &Unit::ALL.map(|unit| (unit.code(), unit)))
    }

    fn matches(&mut self, spec: Option<&Spanned<MatchSpec>>) -> Match {
        let Some(spanned) = spec else { return Match::default() };
        let spec = spanned.get_ref();
        let lists = [
            spec.scope.as_ref().map(|list| (list.span(), list.get_ref().is_empty())),
            spec.app.as_ref().map(|list| (list.span(), list.get_ref().is_empty())),
            spec.peer.as_ref().map(|list| (list.span(), list.get_ref().is_empty())),
        ];
        let named = spec.direction.is_some() || spec.hours.is_some() || lists.iter().any(Option::is_some);
        if !named {
            self.check.problem(spanned.span(), Message::new("plan.empty-match"));
        }
        for (span, _) in lists.into_iter().flatten().filter(|(_, empty)| *empty) {
            self.check.problem(span, Message::new("plan.empty-match"));
        }
        let words = spec.scope.as_ref().map_or(&[][..], |scopes| scopes.get_ref().as_slice());
        Match {
            direction: spec.direction.as_ref().and_then(|word| self.check.choice(word, &DIRECTIONS)),
            scopes: words.iter().filter_map(|word| self.check.choice(word, &SCOPES)).collect(),
            apps: spec.app.as_ref().map(|apps| apps.get_ref().clone()).unwrap_or_default(),
            peers: spec.peer.as_ref().map(|peers| peers.get_ref().clone()).unwrap_or_default(),
            hours_s: spec
                .hours
                .as_ref()
                .and_then(|text| self.check.or_note(text, hours_of(text.get_ref()), "plan.hours")),
        }
    }

    pub(super) fn consumption(
        &mut self,
        spanned: &Spanned<ConsumptionSpec>,
        allowances: &[&str],
    ) -> Option<Consumption> {
        let spec = spanned.get_ref();
        let order = self.check.required(&spanned.span(), "order", spec.order.as_ref());
        if let Some(tie) = &spec.tie {
            self.check.choice(tie, &[("expiry", ())]);
        }
        let clause = self.optional_clause(spec.clause.as_ref());
        let order = order?;
        if order.get_ref().is_empty() {
            self.check.problem(order.span(), Message::new("plan.empty-order"));
        }
        let mut seen = BTreeSet::new();
        for entry in order.get_ref() {
            if !seen.insert(entry.get_ref()) {
                self.check
                    .problem(entry.span(), Message::new("plan.repeated-id").text("id", entry.get_ref()));
            }
        }
        let entries = order.get_ref().iter();
        let order = entries.filter_map(|entry| self.selector(entry, allowances)).collect();
        Some(Consumption { order, clause })
    }

    fn selector(&mut self, entry: &Text, allowances: &[&str]) -> Option<BucketSelector> {
        let word = entry.get_ref().as_str();
        if word == "rollover" {
            return Some(BucketSelector::Rollover);
        }
        if let Some(pack) = word.strip_prefix("pack:") {
            return match pack {
                "*" => Some(BucketSelector::AnyPack),
                id if super::is_kebab_case(id) => Some(BucketSelector::Pack(id.to_owned())),
                _ => self.check.or_note(entry, None, "plan.id-form"),
            };
        }
        if allowances.contains(&word) {
            return Some(BucketSelector::Allowance(word.to_owned()));
        }
        let choices = ["rollover", "pack:*"].into_iter();
        self.check.unknown_word(entry, choices.chain(allowances.iter().copied()));
        None
    }

    pub(super) fn rates(&mut self, spec: &PlanSpec) -> Vec<Rate> {
        let mut seen: BTreeSet<String> = SUMS.map(str::to_owned).into();
        let rates = spec.rate.iter();
        rates.filter_map(|rate| self.rate(&mut seen, &rate.span(), rate.get_ref())).collect()
    }

    fn rate(&mut self, seen: &mut BTreeSet<String>, table: &Range<usize>, spec: &RateSpec) -> Option<Rate> {
        let id = self.unique_id(seen, table, spec.id.as_ref());
        let unit = self.unit(table, spec.unit.as_ref());
        let matches = self.matches(spec.matches.as_ref());
        let per = self.check.required(table, "per", spec.per.as_ref());
        let per = per.and_then(|word| self.check.choice(word, &PER));
        let count = self.check.required(table, "count", spec.count.as_ref());
        let count = unit.zip(count).and_then(|(unit, text)| self.check.positive_volume(unit, text));
        let round = self.check.choice_or_first(spec.round.as_ref(), &ROUND);
        let price_per =
            unit.zip(spec.price_per.as_ref()).map(|(unit, text)| self.check.positive_volume(unit, text));
        let money_round = self.check.choice_or_first(spec.money_round.as_ref(), &MONEY_ROUND);
        if let Some(scale) = spec.money_scale.as_ref().filter(|it| *it.get_ref() > Money::SCALE_MAX) {
            self.check.problem(scale.span(), Message::new("plan.money-scale"));
        }
        let stages = self.check.required(table, "stages", spec.stages.as_ref());
        let repeat = spec.repeat.unwrap_or(false);
        let stages = unit.zip(stages).and_then(|(unit, stages)| self.stages(unit, stages, repeat));
        let clause = self.clause(table, spec.clause.as_ref());
        Some(Rate {
            id: id?,
            unit: unit?,
            matches,
            per: per?,
            count: count?,
            round: round?,
            stages: stages?,
            price_per: price_per.unwrap_or(count)?,
            money_round: money_round?,
            money_scale: spec.money_scale.as_ref().map_or(2, |scale| *scale.get_ref()),
            repeat,
            billed_as: spec.billed_as.clone(),
            clause: clause?,
        })
    }

    /// Checks the ladder: `to` rises, only the last stage may be open, and a ladder that repeats ends.
    fn stages(
        &mut self,
        unit: Unit,
        spanned: &Spanned<Vec<Spanned<StageSpec>>>,
        repeat: bool,
    ) -> Option<Vec<Stage>> {
        let specs = spanned.get_ref();
        if specs.is_empty() {
            self.check.problem(spanned.span(), Message::new("plan.no-stages"));
        }
        let mut below = 0;
        let mut stages = Vec::new();
        for (index, spec) in specs.iter().enumerate() {
            let last = index + 1 == specs.len();
            let to = spec.get_ref().to.as_ref().map(|text| (text, self.check.positive_volume(unit, text)));
            match to {
                Some((text, Some(to))) if to <= below => {
                    let message = Message::new("plan.stage-order").text("value", text.get_ref());
                    self.check.problem(text.span(), message);
                }
                Some((_, to)) => below = to.unwrap_or(below),
                None if !last => self.check.problem(spec.span(), Message::new("plan.open-stage")),
                None if repeat => self.check.problem(spec.span(), Message::new("plan.open-repeat")),
                None => {}
            }
            let price = self.check.required(&spec.span(), "price", spec.get_ref().price.as_ref());
            let price = price.and_then(|text| self.check.price(text));
            let cap = spec.get_ref().cap.as_ref().and_then(|text| self.check.money(text));
            stages.push(price.map(|price| Stage { to: to.and_then(|(_, to)| to), price, cap }));
        }
        stages.into_iter().collect()
    }

    pub(super) fn caps(&mut self, spec: &PlanSpec) -> Vec<Cap> {
        let mut seen = BTreeSet::new();
        spec.cap.iter().filter_map(|cap| self.cap(&mut seen, &cap.span(), cap.get_ref())).collect()
    }

    fn cap(&mut self, seen: &mut BTreeSet<Unit>, table: &Range<usize>, spec: &CapSpec) -> Option<Cap> {
        let unit = self.unit(table, spec.unit.as_ref());
        if let (Some(unit), Some(text)) = (unit, &spec.unit)
            && !seen.insert(unit)
        {
            self.check.problem(text.span(), Message::new("plan.repeated-id").text("id", unit.code()));
        }
        let amount = self.check.required(table, "amount", spec.amount.as_ref());
        let amount = amount.and_then(|text| self.check.money(text));
        let clause = self.clause(table, spec.clause.as_ref());
        Some(Cap { unit: unit?, amount: amount?, clause: clause? })
    }

    /// Names near keys for the message of an example key; `rates` are the ids as written.
    pub(super) fn unknown_expectation(&mut self, key: &Text, rates: &[&str]) {
        let choices: Vec<&str> = rates.iter().copied().chain(SUMS).collect();
        let near = files::near(key.get_ref(), choices).join(", ");
        let message = Message::new("plan.unknown-expectation").text("key", key.get_ref()).text("near", near);
        self.check.problem(key.span(), message);
    }
}

/// Returns the seconds of the day of `23:00-07:00`; both ends differ.
fn hours_of(text: &str) -> Option<(u32, u32)> {
    let (start, end) = text.split_once('-')?;
    let (start, end) = (second_of_day(start.trim())?, second_of_day(end.trim())?);
    (start != end).then_some((start, end))
}

fn second_of_day(text: &str) -> Option<u32> {
    let (hour, minute) = text.split_once(':')?;
    let two_digits = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
    let (hour, minute): (u32, u32) = (two_digits(hour) && two_digits(minute))
        .then(|| Some((hour.parse().ok()?, minute.parse().ok()?)))??;
    let second = hour * 3600 + minute * 60;
    (minute < 60 && second <= 86_400).then_some(second)
}
