//! Usage that was charged, group by group, with what the rules make of it: the common part of the
//! detectors that compare a bill with a list.

use std::cell::OnceCell;

use rust_decimal::prelude::ToPrimitive;

use crate::detect::papers::{clauses_of, how_known, is_chargeable, verdict_of};
use crate::detect::usage::carried::due_of;
use crate::detect::usage::late;
use crate::detect::{Facts, Stake};
use crate::error::Result;
use crate::model::coverage::{Completeness, CoverKind};
use crate::model::exact::Exact;
use crate::model::finding::{Evidence, Finding, Override, Target, Verdict};
use crate::model::interval::Interval;
use crate::model::money::{Money, MoneyRounding};
use crate::model::period::Cycle;
use crate::model::plan::{Plan, Rate};
use crate::model::quantity::Unit;
use crate::model::record::{BillLine, Category};
use crate::model::usage::{UsageEvent, UsageKind};
use crate::rating::Detail;
use crate::rating::outcome::{Change, ExpectedItem, ItemKind};
use crate::rating::rounding_audit::{RoundingChange, rounding_audit};
use crate::reconcile::outcome::TieGroup;

/// A group of bill lines that charge nothing but usage.
#[derive(Debug)]
pub(crate) struct Charged {
    pub(crate) cycle: Cycle,
    /// Expected items of the group, by their indices in the rated cycle.
    items: Vec<usize>,
    pub(crate) units: Vec<Unit>,
    /// Charges of the group, by their indices in the line's bill; never empty.
    pub(crate) lines: Vec<usize>,
    /// Yuan after the reductions that are tied to them.
    pub(crate) billed: Money,
    /// Yuan that the rules make of the records on paper, before any finding.
    pub(crate) due: Interval,
    /// Whether rules price every kind of the group, and no use of it is without a rate.
    pub(crate) is_priced: bool,
    /// Single changes of counting or rounding that make the group what was billed, by item, once they are asked for.
    roundings: OnceCell<Vec<(usize, RoundingChange)>>,
}

/// Returns the usage charges of the line with something left after their reductions.
pub(crate) fn charged<'a>(facts: &Facts<'a>) -> Result<&'a [Charged]> {
    facts.memo.charged(|| find(facts))
}

fn find(facts: &Facts<'_>) -> Result<Vec<Charged>> {
    let mut all = vec![];
    for group in &facts.reconciliation.groups {
        let items = facts.items_of(group);
        let units = units_of(facts, group, &items);
        let charges = group.lines.iter().copied().filter(|line| facts.line.bill[*line].amount.is_positive());
        let lines: Vec<usize> = charges.collect();
        let billed = Money::sum(group.lines.iter().map(|line| facts.line.bill[*line].amount))?;
        let subscribed = || lines.iter().any(|line| facts.is_subscription(*line));
        if units.is_empty() || lines.is_empty() || !billed.is_positive() || subscribed() {
            continue;
        }
        let due = due_of(facts, group.cycle, &items)?;
        let priced_unit = |unit: &Unit| items.iter().any(|(_, item)| item.kind == ItemKind::Overage(*unit));
        let unrated = facts.rated.cycles.get(&group.cycle).map_or(&[][..], |rated| &rated.unrated);
        let is_priced =
            units.iter().all(priced_unit) && unrated.iter().all(|rest| !units.contains(&rest.unit));
        let items = items.iter().map(|(index, _)| *index).collect();
        let (cycle, roundings) = (group.cycle, OnceCell::new());
        all.push(Charged { cycle, items, units, lines, billed, due, is_priced, roundings });
    }
    Ok(all)
}

/// Returns the kinds of a group that holds nothing but usage of the line itself; empty for every other group.
pub(crate) fn units_of(facts: &Facts<'_>, group: &TieGroup, items: &[(usize, &ExpectedItem)]) -> Vec<Unit> {
    let lines = group.lines.iter().map(|index| (*index, &facts.line.bill[*index]));
    let charges = lines.filter(|(_, line)| line.amount.is_positive());
    let of = |line: &BillLine| Unit::ALL.into_iter().find(|unit| Category::of_unit(*unit) == line.category);
    let has_fee = items.iter().any(|(_, item)| !matches!(item.kind, ItemKind::Overage(_)));
    let of_others = |(index, line): (usize, &BillLine)| of(line).is_none() || facts.is_other_card(index);
    if has_fee || charges.clone().any(of_others) {
        return vec![];
    }
    let printed = charges.flat_map(|(_, line)| line.units.iter().copied().chain(of(line)));
    let mut units: Vec<Unit> = printed.collect();
    units.sort();
    units.dedup();
    units
}

impl Charged {
    /// Returns the expected items of the group with their indices in the rated cycle.
    pub(crate) fn items<'a>(
        &self,
        facts: &Facts<'a>,
    ) -> impl Iterator<Item = (usize, &'a ExpectedItem)> + Clone {
        let items = facts.rated.cycles.get(&self.cycle).map_or(&[][..], |rated| &rated.items);
        self.items.iter().filter_map(|index| items.get(*index).map(|item| (*index, item)))
    }

    /// Returns what was billed above the most that the rules make of the records, or zero.
    pub(crate) fn surplus(&self) -> Result<Money> {
        Ok(self.billed.minus(self.due.high)?.or_zero())
    }

    /// Returns how completely the kinds are on paper; the weakest decides.
    pub(crate) fn completeness(&self, facts: &Facts<'_>) -> Completeness {
        let of = |unit: &Unit| facts.line.completeness((*unit).into(), self.cycle.span());
        self.units.iter().map(of).reduce(weaker).unwrap_or(Completeness::Unknown)
    }

    /// Returns the strongest verdict that the records allow, with the last part of the explanation's key.
    pub(crate) fn verdict(&self, facts: &Facts<'_>) -> Option<(Verdict, &'static str)> {
        let known = self.completeness(facts);
        let verdict = verdict_of(known)?;
        let inferred = self.items(facts).any(|(_, item)| item.inferred) || facts.is_provisional(self.cycle);
        Some(if inferred {
            (verdict.min(Verdict::Probable), "inferred")
        } else {
            (verdict, how_known(known))
        })
    }

    /// Returns the stake of `amount` for the list of what is in question.
    pub(crate) fn question(&self, facts: &Facts<'_>, amount: Money) -> Result<Stake> {
        let span = self.cycle.span();
        let open = self.units.iter().any(|unit| facts.is_unknown((*unit).into(), span));
        if open { self.stake(facts, amount) } else { Ok(Stake::answered(self.cycle)) }
    }

    /// Returns the stake of `amount`, laid on the last lines; kinds that nothing speaks for are missing.
    pub(crate) fn stake(&self, facts: &Facts<'_>, amount: Money) -> Result<Stake> {
        let first = &facts.line.bill[self.lines[0]];
        let on = laid(facts, &self.lines, amount)?;
        let needs = self.units.iter().map(|unit| CoverKind::from(*unit));
        Ok(Stake {
            amount,
            on: on.into_iter().map(|(line, part)| (Target::BillLine(line), part)).collect(),
            subject: format!("{}|{}", first.item, self.billed),
            evidence: facts.amounts(&self.lines),
            clauses: clauses_of(&self.items(facts).collect::<Vec<_>>()),
            missing: needs.filter_map(|kind| facts.need(kind, self.cycle.span())).collect(),
            ..facts.stake_of_line(self.lines[0], amount)
        })
    }

    /// Puts the limits into a finding on `amount` of the group: no more than the rest of each line is owed.
    pub(crate) fn limit(&self, facts: &Facts<'_>, finding: &mut Finding) -> Result<()> {
        finding.overrides.extend(limits(facts, &self.lines, finding.amount)?);
        Ok(())
    }

    /// Returns the windows that speak for the kinds.
    pub(crate) fn windows(&self, facts: &Facts<'_>) -> Vec<Evidence> {
        let mut windows: Vec<Evidence> =
            self.units.iter().flat_map(|unit| facts.windows((*unit).into(), self.cycle.span())).collect();
        windows.dedup();
        windows
    }

    /// Returns the chargeable events of the cycle.
    pub(crate) fn events<'a>(&self, facts: &Facts<'a>) -> impl Iterator<Item = UsageEvent<'a>> {
        facts
            .events_between(&self.units, self.cycle.start_time(), self.cycle.end_time())
            .filter(is_chargeable)
    }

    /// Returns records of an earlier month that explain part of the charge.
    pub(crate) fn late<'a>(&self, facts: &Facts<'a>) -> Vec<UsageEvent<'a>> {
        late::explaining(facts, &self.units, self.cycle)
    }

    /// Returns whether late records may cost something in the cycle.
    pub(crate) fn may_hold_late(&self, facts: &Facts<'_>) -> Result<bool> {
        Ok(late::unbilled(facts, &self.units, self.cycle)? != Some(Money::ZERO))
    }

    /// Returns each single change of counting or rounding under which one item of the group makes the whole group what
    /// was billed.
    pub(crate) fn roundings(&self, facts: &Facts<'_>) -> Result<&[(usize, RoundingChange)]> {
        if self.roundings.get().is_none() {
            // Nothing below asks again, so the cell is still empty.
            _ = self.roundings.set(self.find_roundings(facts)?);
        }
        Ok(self.roundings.get().map_or(&[], Vec::as_slice))
    }

    fn find_roundings(&self, facts: &Facts<'_>) -> Result<Vec<(usize, RoundingChange)>> {
        let mut found = vec![];
        for (index, item) in self.items(facts) {
            let others = self.items(facts).filter(|(other, _)| *other != index).map(|(_, item)| item);
            if others.clone().any(|other| !other.amount.is_certain()) {
                continue;
            }
            let rest = Money::sum(others.map(|other| other.amount.high))?;
            let figure = self.billed.minus(rest)?;
            let rule = (item.clause.plan.as_str(), item.name.as_str());
            let changes = rounding_audit(facts.line, facts.rated, self.cycle, rule, figure)?;
            found.extend(changes.into_iter().map(|change| (index, change)));
        }
        Ok(found)
    }

    /// Returns the rates behind the expected items, under every reading of their plans.
    pub(crate) fn rates<'a>(&self, facts: &Facts<'a>) -> Vec<(&'a Plan, &'a Rate)> {
        let in_force = &facts.rated.in_force;
        let plans = in_force.plans_in(self.cycle).map(|plan| &*plan.plan);
        let packs = in_force.packs_in(self.cycle).map(|pack| &*pack.pack);
        let read = plans
            .chain(packs)
            .flat_map(|plan| [plan].into_iter().chain(plan.readings.iter().map(|reading| &*reading.plan)));
        let mut rates = vec![];
        for plan in read {
            let named = |rate: &&Rate| {
                let own = |item: &ExpectedItem| item.clause.plan == plan.id && item.name == rate.id;
                self.items(facts).any(|(_, item)| own(item))
            };
            rates.extend(plan.rates.iter().filter(named).map(|rate| (plan, rate)));
        }
        rates
    }

    /// Returns what the rules make of the records with one fact changed.
    pub(crate) fn due_with(&self, facts: &Facts<'_>, change: &Change) -> Result<Interval> {
        let rated = (facts.rerate)(facts.line, facts.rated, self.cycle, change, Detail::Amounts)?;
        let own = |item: &&ExpectedItem| self.items(facts).any(|(_, known)| known.rule == item.rule);
        Interval::sum(rated.items.iter().filter(own).map(|item| item.amount))
    }

    /// Returns the one price a unit (minute, message) that every rate of the group charges; none for data,
    /// ladders, ceilings and different prices.
    pub(crate) fn flat_price(&self, facts: &Facts<'_>) -> Option<Exact> {
        let mut price: Option<Exact> = None;
        for (plan, rate) in self.rates(facts) {
            let [stage] = &rate.stages[..] else { return None };
            let capped = stage.cap.is_some() || plan.caps.iter().any(|cap| cap.unit == rate.unit);
            let own = price_per_unit(rate, stage.price)?;
            if capped || stage.to.is_some() || price.is_some_and(|known| known != own) {
                return None;
            }
            price = Some(own);
        }
        price
    }
}

/// Returns the limits that take `amount` off the charges: no more than the rest of each line is owed.
pub(crate) fn limits(facts: &Facts<'_>, lines: &[usize], amount: Money) -> Result<Vec<Override>> {
    let parts = laid(facts, lines, amount)?.into_iter();
    let limit = |(bill_line, part): (usize, Money)| {
        facts.line.bill[bill_line].amount.minus(part).map(|most| Override::AtMost { bill_line, most })
    };
    parts.map(limit).collect()
}

/// Lays an amount on the last of the lines, never above a line's own amount.
fn laid(facts: &Facts<'_>, lines: &[usize], amount: Money) -> Result<Vec<(usize, Money)>> {
    let mut rest = amount;
    let mut laid = vec![];
    for line in lines.iter().rev() {
        let part = facts.line.bill[*line].amount.min(rest);
        rest = rest.minus(part)?;
        if part.is_positive() {
            laid.push((*line, part));
        }
    }
    laid.reverse();
    Ok(laid)
}

/// Returns the price of one minute or message; none for data, whose unit the bill does not tell.
pub(crate) fn price_per_unit(rate: &Rate, price: rust_decimal::Decimal) -> Option<Exact> {
    let base = match rate.unit {
        Unit::Voice => 60,
        Unit::Sms | Unit::Mms => 1,
        Unit::Data => return None,
    };
    Exact::from_decimal(price).times(Exact::new(base, i128::from(rate.price_per.max(1)))).ok()
}

/// Returns the units of one event as bills count them: started minutes, parts of a long text, one MMS; none
/// for data.
pub(crate) fn counted(event: &UsageEvent<'_>) -> Option<u64> {
    // A text of more than 140 bytes goes out in parts of 134.
    const TEXT_BYTES: u64 = 140;
    const PART_BYTES: u64 = 134;
    match event.kind {
        UsageKind::Voice => Some(u64::from(event.duration_s).div_ceil(60)),
        UsageKind::Sms if event.length_bytes > TEXT_BYTES => Some(event.length_bytes.div_ceil(PART_BYTES)),
        UsageKind::Sms | UsageKind::Mms => Some(1),
        UsageKind::Data | UsageKind::Vas => None,
    }
}

/// Returns price × count to 分; none when it cannot be held exactly.
pub(crate) fn cost(price: Exact, count: u64) -> Option<Money> {
    price.times(Exact::whole(count)).ok()?.to_money(MoneyRounding::HalfUp, 2).ok()
}

/// Returns how many units an amount is, when it is a whole number of them.
pub(crate) fn units_in(amount: Money, price: Exact) -> Option<u64> {
    let cent = price.to_money(MoneyRounding::Truncate, 4).ok()?.yuan();
    let units = amount.yuan().checked_div(cent)?;
    let whole = units.is_integer().then(|| units.to_u64()).flatten()?;
    // A price with more decimals is rounded for each event: then the amount does not tell the units.
    (cost(price, whole)? == amount && Exact::from_decimal(cent) == price).then_some(whole)
}

/// Returns the sum of the fees that the list prints; none when an event has no fee, or there is none.
pub(crate) fn listed_fees<'a>(events: impl Iterator<Item = UsageEvent<'a>>) -> Result<Option<Money>> {
    let mut sum = None;
    for event in events {
        let Some(fee) = event.fee else { return Ok(None) };
        sum = Some(sum.unwrap_or(Money::ZERO).plus(fee)?);
    }
    Ok(sum)
}

/// Returns the weaker of two; a declared proof is weaker than a printed one.
pub(crate) fn weaker(a: Completeness, b: Completeness) -> Completeness {
    match (a, b) {
        (Completeness::Proved { declared: a }, Completeness::Proved { declared: b }) => {
            Completeness::Proved { declared: a || b }
        }
        (a, b) => a.min(b),
    }
}
