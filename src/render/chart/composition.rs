//! What the bills consist of: one bar a month, one pattern a category.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::Result;
use crate::model::money::Money;
use crate::render::chart::drawing::{Anchor, Drawing, Ink};
use crate::render::chart::scale::Scale;
use crate::render::chart::text_width::width_px;
use crate::report::model::Report;

const WIDTH: i32 = 440;
const LEFT: i32 = 72;
const ROW_PX: i32 = 26;
const BAR_PX: i32 = 18;
const SWATCH_PX: i32 = 14;

/// Charges by month and series; a series is a category, or all the small ones together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Composition {
    /// Names of the series, largest first.
    pub series: Vec<String>,
    /// Months with their yuan by series, in the order of `series`.
    pub months: Vec<(String, Vec<Money>)>,
}

impl Composition {
    /// Returns the sum of one series over all months.
    ///
    /// # Errors
    /// When the sum leaves the exact range.
    pub fn total_of(&self, series: usize) -> Result<Money> {
        Money::sum(self.months.iter().filter_map(|(_, amounts)| amounts.get(series)).copied())
    }
}

/// Returns the composition of all bill lines; `name_of` puts a category into words, `others` names the rest
/// beyond eight series.
///
/// # Errors
/// When an amount of the report is none, or a sum leaves the exact range.
pub fn composition(
    report: &Report,
    others: &str,
    name_of: impl Fn(&str) -> Result<String>,
) -> Result<Composition> {
    let mut sums: BTreeMap<(&str, &str), Money> = BTreeMap::new();
    for line in &report.lines {
        let cell = sums.entry((&line.period, &line.category)).or_default();
        *cell = cell.plus(Money::parse(&line.amount)?)?;
    }
    let ranked = ranked_categories(&sums)?;
    let most = usize::from(Ink::SERIES);
    let own = if ranked.len() > most { most - 1 } else { ranked.len() };
    let (shown, rest) = ranked.split_at(own);
    let mut series = shown.iter().map(|category| name_of(category)).collect::<Result<Vec<_>>>()?;
    series.extend((!rest.is_empty()).then(|| others.to_owned()));
    let periods: BTreeSet<&str> = sums.keys().map(|(period, _)| *period).collect();
    let mut months = Vec::new();
    for period in periods {
        let of = |category: &&str| sums.get(&(period, *category)).copied().unwrap_or_default();
        let mut amounts: Vec<Money> = shown.iter().map(of).collect();
        if !rest.is_empty() {
            amounts.push(Money::sum(rest.iter().map(of))?);
        }
        months.push((period.to_owned(), amounts));
    }
    Ok(Composition { series, months })
}

/// Returns the categories that hold any yuan, the largest first.
fn ranked_categories<'a>(sums: &BTreeMap<(&'a str, &'a str), Money>) -> Result<Vec<&'a str>> {
    let mut sizes: BTreeMap<&str, Money> = BTreeMap::new();
    for ((_, category), amount) in sums {
        let size = sizes.entry(category).or_default();
        *size = size.plus(amount.abs())?;
    }
    let mut ranked: Vec<(&str, Money)> = sizes.into_iter().filter(|(_, size)| !size.is_zero()).collect();
    ranked.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    Ok(ranked.into_iter().map(|(category, _)| category).collect())
}

/// Returns the chart: charges to the right of the zero line, reductions to its left.
///
/// # Errors
/// When drawing fails or an amount leaves the exact range.
pub fn draw(composition: &Composition) -> Result<Drawing> {
    let mut ends = Vec::new();
    let mut totals = Vec::new();
    for (_, amounts) in &composition.months {
        ends.push(Money::sum(amounts.iter().copied().filter(|amount| amount.is_positive()))?);
        ends.push(Money::sum(amounts.iter().copied().filter(|amount| amount.is_negative()))?);
        totals.push(Money::sum(amounts.iter().copied())?.to_string().replace('-', "−"));
    }
    let widest = totals.iter().map(|total| width_px(total)).max().unwrap_or(0);
    let scale = Scale::new(ends, LEFT, WIDTH - widest - 10);
    let height = ROW_PX * (composition.months.len() + composition.series.len()) as i32 + 12;
    let mut canvas = Drawing::new(WIDTH, height);
    for (index, ((period, amounts), total)) in composition.months.iter().zip(&totals).enumerate() {
        let middle = index as i32 * ROW_PX + ROW_PX / 2;
        canvas.text(Ink::Soft, Anchor::Start, (0, middle), period);
        draw_stack(&mut canvas, amounts, scale, middle)?;
        canvas.text(Ink::Ink, Anchor::End, (WIDTH - 2, middle), total);
    }
    let bottom = composition.months.len() as i32 * ROW_PX;
    let zero = scale.px(Money::ZERO);
    canvas.path(Ink::Hair, &[(zero, 2), (zero, bottom - 2)]);
    draw_legend(&mut canvas, composition, bottom + 12)?;
    Ok(canvas)
}

fn draw_stack(canvas: &mut Drawing, amounts: &[Money], scale: Scale, middle: i32) -> Result<()> {
    let (mut up, mut down) = (Money::ZERO, Money::ZERO);
    for (index, amount) in amounts.iter().enumerate().filter(|(_, amount)| !amount.is_zero()) {
        let level = if amount.is_positive() { &mut up } else { &mut down };
        let start = *level;
        *level = level.plus(*amount)?;
        let y = (middle - BAR_PX / 2, middle + BAR_PX / 2);
        canvas.rect(Ink::Series(index as u8), (scale.px(start), scale.px(*level)), y);
    }
    Ok(())
}

fn draw_legend(canvas: &mut Drawing, composition: &Composition, top: i32) -> Result<()> {
    for (index, name) in composition.series.iter().enumerate() {
        let middle = top + index as i32 * ROW_PX + ROW_PX / 2;
        let y = (middle - SWATCH_PX / 2, middle + SWATCH_PX / 2);
        canvas.rect(Ink::Series(index as u8), (LEFT, LEFT + SWATCH_PX * 2), y);
        canvas.text(Ink::Ink, Anchor::Start, (LEFT + SWATCH_PX * 2 + 8, middle), name);
        let total = composition.total_of(index)?.to_string().replace('-', "−");
        canvas.text(Ink::Ink, Anchor::End, (WIDTH - 2, middle), &total);
    }
    Ok(())
}
