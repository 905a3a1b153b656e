//! Parts of a monthly fee and of an allowance (spec 2: `[fee]`; fine print 24).

use crate::error::Result;
use crate::model::exact::Exact;
use crate::model::money::{Money, MoneyRounding};
use crate::model::period::{Cycle, DaySpan};
use crate::model::plan::DayRate;
use crate::model::quantity::{Unit, Volume};

/// Returns the part of a monthly fee for some days of a cycle.
///
/// `Exact` is fee × days ÷ days in the month, rounded once. `Truncated` cuts the day rate to 0.01 yuan and
/// charges the remainder of the monthly fee on the last day of the month.
///
/// # Errors
/// When the amount leaves the exact range.
pub fn fee_of_days(monthly: Money, method: DayRate, cycle: Cycle, days: DaySpan) -> Result<Money> {
    let Some(days) = days.intersection(cycle.span()) else { return Ok(Money::ZERO) };
    if days == cycle.span() {
        return Ok(monthly);
    }
    let month_days = u64::from(cycle.days());
    match method {
        DayRate::Exact => {
            share(monthly, u64::from(days.days()), month_days)?.to_money(MoneyRounding::HalfUp, 2)
        }
        DayRate::Truncated => {
            let day_rate = truncated_day_rate(monthly, cycle)?;
            let charges_last_day = days.end == cycle.span().end;
            if !charges_last_day {
                return day_rate.times(u64::from(days.days()));
            }
            let before_last = day_rate.times(month_days - 1)?;
            let last_day = monthly.minus(before_last)?;
            day_rate.times(u64::from(days.days()) - 1)?.plus(last_day)
        }
    }
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
