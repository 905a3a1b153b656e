//! Parts of a monthly fee and of an allowance (spec 2: `[fee]`; fine print 24).

use crate::error::Result;
use crate::model::exact::Exact;
use crate::model::money::{Money, MoneyRounding};
use crate::model::period::{Cycle, DaySpan};
use crate::model::plan::DayRate;
use crate::model::quantity::{Unit, Volume};

/// Returns what the days of a cycle cost that is charged for nothing else under the fee.
///
/// # Errors
/// When the amount leaves the exact range.
pub fn fee_of_days(monthly: Money, method: DayRate, cycle: Cycle, days: DaySpan) -> Result<Money> {
    fee_of_part(monthly, method, cycle, 0, days)
}

/// Returns what the days of a cycle cost, `days_before` of it being charged under the same fee already.
///
/// `Exact` is fee × days ÷ days in the month, "rounded once" (spec 2, `day_rate`): the running total over the
/// parts is rounded, not each part, so that parts that make up the month add up to the fee. A part of its own is
/// just fee × days ÷ days in the month. `Truncated` cuts the day rate to 0.01 yuan and charges the remainder of
/// the monthly fee on the last day of the month.
///
/// # Errors
/// When the amount leaves the exact range.
pub fn fee_of_part(
    monthly: Money,
    method: DayRate,
    cycle: Cycle,
    days_before: u32,
    days: DaySpan,
) -> Result<Money> {
    let Some(days) = days.intersection(cycle.span()) else { return Ok(Money::ZERO) };
    match method {
        DayRate::Exact => {
            let with = running_total(monthly, days_before.saturating_add(days.days()), cycle)?;
            with.minus(running_total(monthly, days_before, cycle)?)
        }
        DayRate::Truncated => {
            let day_rate = truncated_day_rate(monthly, cycle)?;
            if days.end < cycle.span().end {
                return day_rate.times(u64::from(days.days()));
            }
            let last_day = monthly.minus(day_rate.times(u64::from(cycle.days()) - 1)?)?;
            day_rate.times(u64::from(days.days()) - 1)?.plus(last_day)
        }
    }
}

/// Returns what so many days of a cycle cost together; a whole month is the fee as written.
///
/// # Errors
/// When the amount leaves the exact range.
pub fn running_total(monthly: Money, days: u32, cycle: Cycle) -> Result<Money> {
    if days >= cycle.days() {
        return Ok(monthly);
    }
    share(monthly, u64::from(days), u64::from(cycle.days()))?.to_money(MoneyRounding::HalfUp, 2)
}

/// Returns the day rate cut to 0.01 yuan.
///
/// # Errors
/// When the amount leaves the exact range.
pub fn truncated_day_rate(monthly: Money, cycle: Cycle) -> Result<Money> {
    share(monthly, 1, u64::from(cycle.days()))?.to_money(MoneyRounding::Truncate, 2)
}

/// Returns half of a monthly fee, half away from zero to 0.01 yuan.
///
/// # Errors
/// When the amount leaves the exact range.
pub fn half_fee(monthly: Money) -> Result<Money> {
    share(monthly, 1, 2)?.to_money(MoneyRounding::HalfUp, 2)
}

/// Returns the part of an allowance for `days` of a cycle, rounded down to whole minutes, messages or bytes.
pub fn allowance_of_days(amount: Volume, days: u32, cycle: Cycle) -> Volume {
    let grain = if amount.unit == Unit::Voice { 60 } else { 1 };
    let part = u128::from(amount.amount) * u128::from(days.min(cycle.days())) / u128::from(cycle.days());
    // A part of a u64 fits a u64.
    let part = u64::try_from(part).unwrap_or(amount.amount);
    Volume::new(amount.unit, part / grain * grain)
}

fn share(amount: Money, part: u64, whole: u64) -> Result<Exact> {
    Exact::from_decimal(amount.yuan()).times(Exact::new(i128::from(part), i128::from(whole)))
}
