//! Payments against bills: for each month what was billed, what was paid for it, and payments that fit nothing.

use std::collections::BTreeMap;

use crate::error::Result;
use crate::model::money::Money;
use crate::render::chart::drawing::{Anchor, Drawing, Ink};
use crate::render::chart::scale::Scale;
use crate::render::chart::text_width::width_px;
use crate::report::model::Report;

const WIDTH: i32 = 440;
const LEFT: i32 = 72;
const ROW_PX: i32 = 20;
const BAR_PX: i32 = 14;
const GAP_PX: i32 = 12;
const SWATCH_PX: i32 = 14;

/// One month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Month {
    /// Σ charges of its bills.
    pub billed: Money,
    /// Yuan of payments that settle its bills.
    pub paid: Money,
    /// Yuan of payments of the month that fit nothing.
    pub open: Money,
}

/// Returns the months that have a bill or an unmatched payment.
///
/// # Errors
/// When an amount of the report is none, or a sum leaves the exact range.
pub fn months(report: &Report) -> Result<BTreeMap<String, Month>> {
    let mut months: BTreeMap<String, Month> = BTreeMap::new();
    for gap in &report.gaps {
        let month = months.entry(gap.period.clone()).or_default();
        month.billed = month.billed.plus(Money::parse(&gap.billed)?)?;
    }
    for payment in &report.payments {
        for found in payment.matched.iter().filter(|found| found.to == "bill") {
            let month = months.entry(found.id.clone()).or_default();
            month.paid = month.paid.plus(Money::parse(&found.amount)?)?;
        }
        let left = Money::parse(&payment.left_over)?;
        if !left.is_zero() {
            let month = months.entry(payment.paid_at.chars().take(7).collect()).or_default();
            month.open = month.open.plus(left)?;
        }
    }
    Ok(months)
}

/// Returns the chart; `names` are those of the three bars: billed, paid, unmatched.
pub fn draw(months: &BTreeMap<String, Month>, names: &[String; 3]) -> Drawing {
    let rows: Vec<(&String, Vec<(Ink, Money)>)> =
        months.iter().map(|(name, month)| (name, bars(month))).collect();
    let amounts = || rows.iter().flat_map(|(_, bars)| bars).map(|(_, amount)| *amount);
    let widest = amounts().map(|amount| width_px(&label(amount))).max().unwrap_or(0);
    let scale = Scale::new(amounts(), LEFT, WIDTH - widest - 10);
    let height: i32 = rows.iter().map(|(_, bars)| bars.len() as i32 * ROW_PX + GAP_PX).sum();
    let mut canvas = Drawing::new(WIDTH, height + 3 * 26);
    let mut top = 0;
    for (name, bars) in &rows {
        canvas.text(Ink::Soft, Anchor::Start, (0, top + ROW_PX / 2), name);
        for (ink, amount) in bars {
            let middle = top + ROW_PX / 2;
            if !amount.is_zero() {
                let x = (scale.px(Money::ZERO), scale.px(*amount));
                canvas.rect(*ink, x, (middle - BAR_PX / 2, middle + BAR_PX / 2));
            }
            canvas.text(Ink::Ink, Anchor::End, (WIDTH - 2, middle), &label(*amount));
            top += ROW_PX;
        }
        top += GAP_PX;
    }
    let zero = scale.px(Money::ZERO);
    canvas.path(Ink::Hair, &[(zero, 2), (zero, top - GAP_PX)]);
    for (index, (ink, name)) in
        [Ink::Open, Ink::Explained, Ink::Unverified].into_iter().zip(names).enumerate()
    {
        let middle = top + index as i32 * 26 + 13;
        let y = (middle - SWATCH_PX / 2, middle + SWATCH_PX / 2);
        canvas.rect(ink, (LEFT, LEFT + SWATCH_PX * 2), y);
        canvas.text(Ink::Ink, Anchor::Start, (LEFT + SWATCH_PX * 2 + 8, middle), name);
    }
    canvas
}

fn bars(month: &Month) -> Vec<(Ink, Money)> {
    let mut bars = vec![(Ink::Open, month.billed), (Ink::Explained, month.paid)];
    if !month.open.is_zero() {
        bars.push((Ink::Unverified, month.open));
    }
    bars
}

fn label(amount: Money) -> String {
    amount.to_string().replace('-', "−")
}
