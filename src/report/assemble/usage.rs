//! Use and stated fees by day, for the charts of allowances and of charges.

use crate::error::Result;
use crate::model::case::Line;
use crate::model::money::Money;
use crate::model::period::Cycle;
use crate::model::quantity::Unit;
use crate::rating::outcome::{DayUse, RatedCycle};
use crate::report::assemble::Desk;
use crate::report::model::UsageDays;

/// Returns the use of every rated cycle by number, cycle and kind.
///
/// # Errors
/// When a sum leaves the exact range.
pub fn usage(desk: &Desk<'_>) -> Result<Vec<UsageDays>> {
    let mut all = Vec::new();
    for (_, line, settled) in desk.lines() {
        for (cycle, rated) in &settled.rated.cycles {
            for (unit, days) in &rated.days {
                all.push(of_unit(line, *cycle, rated, *unit, days)?);
            }
        }
    }
    Ok(all)
}

fn of_unit(line: &Line, cycle: Cycle, rated: &RatedCycle, unit: Unit, days: &[DayUse]) -> Result<UsageDays> {
    let buckets: Vec<_> = rated.buckets.iter().filter(|bucket| bucket.granted.unit == unit).collect();
    let is_exceeded = days.iter().any(|day| day.outside > 0);
    let last_exhausted = buckets.iter().filter_map(|bucket| bucket.exhausted_at).max();
    Ok(UsageDays {
        msisdn: line.info.msisdn.clone(),
        period: cycle.to_string(),
        unit: unit.code().to_owned(),
        granted: buckets.iter().fold(0, |sum, bucket| bucket.granted.amount.saturating_add(sum)),
        inside: days.iter().map(|day| day.inside).collect(),
        outside: days.iter().map(|day| day.outside).collect(),
        overage_from: last_exhausted.filter(|_| is_exceeded).map(|at| at.to_string()),
        fees: fees(line, cycle, unit)?,
    })
}

/// Returns the fees that the list states, by day; nothing when no record states one.
fn fees(line: &Line, cycle: Cycle, unit: Unit) -> Result<Vec<String>> {
    let mut days = vec![Money::ZERO; cycle.days() as usize];
    let mut is_stated = false;
    for index in line.usage.range(cycle.start_time(), cycle.end_time()) {
        let event = line.usage.event(index);
        let Some(fee) = event.fee.filter(|_| event.kind.unit() == Some(unit)) else { continue };
        let day = (event.start.0 - cycle.start_time().0) / 86_400;
        if let Some(sum) = usize::try_from(day).ok().and_then(|day| days.get_mut(day)) {
            *sum = sum.plus(fee)?;
            is_stated = true;
        }
    }
    Ok(if is_stated { days.iter().map(Money::to_string).collect() } else { Vec::new() })
}
