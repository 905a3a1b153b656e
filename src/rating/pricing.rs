//! Volume → fee: steps, stages, ladders (spec 2, Rating 4; fine print 23). Nothing is rounded here but steps.

use crate::error::Result;
use crate::model::exact::Exact;
use crate::model::money::Money;
use crate::model::plan::{Rate, Stage, StepRounding};

/// What a volume costs before money is rounded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Priced {
    /// Volume after rounding to steps, in base units.
    pub counted: u64,
    /// Whole ladders gone through, and the fee of one of them.
    pub ladders: (u64, Exact),
    /// Stages of the last, open ladder that hold volume.
    pub stages: Vec<StageFee>,
    /// Yuan, exact.
    pub fee: Exact,
    /// Base units above the last stage of a ladder that does not repeat: not priced.
    pub unpriced: u64,
}

/// What one stage of a ladder costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageFee {
    /// 1-based number of the stage.
    pub number: usize,
    /// Prices counted: volume in the stage ÷ what the price is for.
    pub units: Exact,
    /// Yuan per unit.
    pub price: Exact,
    /// Yuan before the stage's cap.
    pub before_cap: Exact,
    /// Most that the stage costs.
    pub cap: Option<Money>,
    /// Yuan.
    pub fee: Exact,
}

/// Returns the volume rounded to the counting steps of the rate.
pub fn counted(rate: &Rate, volume: u64) -> u64 {
    match rate.round {
        StepRounding::Exact => volume,
        StepRounding::Up => volume.div_ceil(rate.count).saturating_mul(rate.count),
        StepRounding::Down => volume / rate.count * rate.count,
    }
}

/// Returns what a volume costs under the rate.
///
/// # Errors
/// When an amount does not fit 127 bits.
pub fn price(rate: &Rate, volume: u64) -> Result<Priced> {
    let counted = counted(rate, volume);
    let top = rate.stages.last().and_then(|stage| stage.to);
    let (full, rest, unpriced) = match top {
        Some(top) if rate.repeat => (counted / top, counted % top, 0),
        Some(top) => (0, counted.min(top), counted.saturating_sub(top)),
        None => (0, counted, 0),
    };
    let ladder_fee = match top {
        Some(top) if full > 0 => ladder(rate, top)?.1,
        _ => Exact::ZERO,
    };
    let (stages, rest_fee) = ladder(rate, rest)?;
    let fee = ladder_fee.times(Exact::whole(full))?.plus(rest_fee)?;
    Ok(Priced { counted, ladders: (full, ladder_fee), stages, fee, unpriced })
}

/// Returns the stages that a volume reaches, and their fee.
fn ladder(rate: &Rate, volume: u64) -> Result<(Vec<StageFee>, Exact)> {
    let mut fees = Vec::new();
    let mut total = Exact::ZERO;
    let mut below = 0;
    for (index, stage) in rate.stages.iter().enumerate() {
        if volume <= below {
            break;
        }
        let upper = stage.to.unwrap_or(volume).min(volume);
        let fee = stage_fee(rate, index, stage, upper - below)?;
        total = total.plus(fee.fee)?;
        fees.push(fee);
        below = upper;
    }
    Ok((fees, total))
}

fn stage_fee(rate: &Rate, index: usize, stage: &Stage, volume: u64) -> Result<StageFee> {
    let units = Exact::new(i128::from(volume), i128::from(rate.price_per.max(1)));
    let price = Exact::from_decimal(stage.price);
    let before_cap = units.times(price)?;
    let fee = match stage.cap {
        Some(cap) => before_cap.min(Exact::from_decimal(cap.yuan()))?,
        None => before_cap,
    };
    Ok(StageFee { number: index + 1, units, price, before_cap, cap: stage.cap, fee })
}
