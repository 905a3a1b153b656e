//! Records of an earlier month that explain a charge (fine print 12 and 34).

use crate::detect::Facts;
use crate::detect::papers::{is_chargeable, last_days_before};
use crate::error::Result;
use crate::model::coverage::CoverKind;
use crate::model::money::Money;
use crate::model::period::{Cycle, DaySpan, WallTime};
use crate::model::quantity::Unit;
use crate::model::record::{BillLine, Category};
use crate::model::usage::UsageEvent;
use crate::rating::outcome::{ExpectedItem, ItemKind};

/// Days at the end of a cycle whose records may be billed in the next (fine print 12).
pub(crate) const LATE_DAYS: u64 = 3;

/// Returns the kinds that a usage item may contain; none for fees, services and reductions.
pub(crate) fn units_of(line: &BillLine) -> Vec<Unit> {
    let own = Unit::ALL.into_iter().filter(|unit| Category::of_unit(*unit) == line.category);
    let own: Vec<Unit> = own.collect();
    if own.is_empty() || line.units.is_empty() { own } else { line.units.clone() }
}

/// Returns whether a usage item may contain that kind.
pub(crate) fn may_hold(line: &BillLine, unit: Unit) -> bool {
    let own = Unit::ALL.into_iter().any(|own| Category::of_unit(own) == line.category);
    own && if line.units.is_empty() {
        Category::of_unit(unit) == line.category
    } else {
        line.units.contains(&unit)
    }
}

/// Returns every record before the cycle that may be charged in it.
pub(crate) fn explaining<'a>(facts: &Facts<'a>, units: &[Unit], cycle: Cycle) -> Vec<UsageEvent<'a>> {
    let mut found: Vec<UsageEvent<'a>> = vec![];
    if !were_billed(facts, units, cycle) {
        found.extend(events(facts, units, cycle));
    }
    let known: Vec<_> = found.iter().map(|event| event.at).collect();
    found.extend(issued(facts, units, cycle).filter(|event| !known.contains(&event.at)));
    found
}

/// Returns the chargeable events of the last days of the cycle before.
pub(crate) fn events<'a>(
    facts: &Facts<'a>,
    units: &[Unit],
    cycle: Cycle,
) -> impl Iterator<Item = UsageEvent<'a>> {
    let start = WallTime::at_start_of(last_days_before(cycle, LATE_DAYS).start);
    facts.events_between(units, start, cycle.start_time()).filter(is_chargeable)
}

/// Returns whether the bill of the cycle before already charged its own events of these kinds: by its
/// quantity, or by an amount that reaches what they cost.
pub(crate) fn were_billed(facts: &Facts<'_>, units: &[Unit], cycle: Cycle) -> bool {
    let before = cycle.previous();
    let events = facts.events_between(units, before.start_time(), before.end_time()).filter(is_chargeable);
    let events = events.count() as u64;
    let charges = facts.line.charges_of(before).filter(|(_, line)| line.amount.is_positive());
    let mut same_kind = charges.filter(|(_, line)| units.iter().any(|unit| may_hold(line, *unit)));
    same_kind.any(|(index, line)| {
        let (_, items) = facts.tied(index);
        let counted = line.quantity.is_some_and(|quantity| quantity >= events.into());
        let priced = !items.is_empty() && items.iter().all(|(_, item)| item.amount.high <= line.amount);
        counted || (line.quantity.is_none() && (items.is_empty() || priced))
    })
}

/// Returns the most yuan of late records that the cycle may charge: what the rules make of the kinds in the cycle
/// before, less what was billed for them there. None when no rule tells, zero when every late record lies
/// inside of an allowance of its own month or was billed there.
pub(crate) fn unbilled(facts: &Facts<'_>, units: &[Unit], cycle: Cycle) -> Result<Option<Money>> {
    if explaining(facts, units, cycle).is_empty() {
        return Ok(Some(Money::ZERO));
    }
    let before = cycle.previous();
    let Some(rated) = facts.rated.cycles.get(&before) else { return Ok(None) };
    let priced = |unit: &Unit| {
        let has_rate = rated.items.iter().any(|item| item.kind == ItemKind::Overage(*unit));
        has_rate && rated.unrated.iter().all(|rest| rest.unit != *unit)
    };
    if !units.iter().all(priced) {
        return Ok(None);
    }
    let of_units = |item: &&ExpectedItem| units.iter().any(|unit| item.kind == ItemKind::Overage(*unit));
    let outside: u64 =
        rated.items.iter().filter(of_units).filter_map(|item| item.volume).map(|it| it.amount).sum();
    let owed = Money::sum(rated.items.iter().filter(of_units).map(|item| item.amount.high))?;
    let charges = facts.line.charges_of(before).map(|(_, line)| line);
    let same_kind = charges.filter(|line| units.iter().any(|unit| may_hold(line, *unit)));
    let billed = Money::sum(same_kind.map(|line| line.amount))?;
    let rest = owed.minus(billed)?.or_zero();
    // A volume that is added up over a month costs something else in another month.
    let moves = outside > 0 && units.contains(&Unit::Data) && (rest.is_positive() || owed.is_zero());
    Ok((!moves).then_some(rest))
}

/// Returns the events of the month before that a list issued for the cycle prints (fine print 34).
pub(crate) fn issued<'a>(
    facts: &Facts<'a>,
    units: &[Unit],
    cycle: Cycle,
) -> impl Iterator<Item = UsageEvent<'a>> {
    let older = facts.events_between(units, cycle.previous().start_time(), cycle.start_time());
    older.filter(is_chargeable).filter(move |event| {
        let kinds = event.kind.unit().map(CoverKind::from);
        kinds.is_some_and(|kind| {
            let windows: Vec<DaySpan> = facts.window_of_list(event.at, kind);
            let for_cycle = windows.iter().any(|window| window.intersection(cycle.span()).is_some());
            for_cycle && !windows.iter().any(|window| window.contains(event.start.day()))
        })
    })
}
