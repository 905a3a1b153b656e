//! Panels over the days of a cycle: what an allowance still held, and what was used and charged.

use crate::error::Result;
use crate::model::money::Money;
use crate::render::chart::drawing::{Anchor, Drawing, Ink};
use crate::render::chart::scale::{Scale, length_px};
use crate::render::chart::text_width::wrapped;
use crate::report::model::UsageDays;

/// Most panels of one chart; the rest is in the tables.
pub const PANELS_MAX: usize = 6;

const WIDTH: i32 = 440;
const LEFT: i32 = 4;
const RIGHT: i32 = 436;
const LINE_PX: i32 = 20;
const PLOT_PX: i32 = 84;
const BELOW_PX: i32 = 40;
const GAP_PX: i32 = 16;

/// One panel with its words.
#[derive(Debug, Clone)]
pub struct Panel<'a> {
    /// The days.
    pub days: &'a UsageDays,
    /// What stands above the plot.
    pub title: String,
    /// Name of the moment at which the allowance was used up, if it was.
    pub moment: Option<String>,
}

/// Returns the burn-down: what was left of the allowances at the end of each day, and below the line what was used
/// outside them.
pub fn burn_down(panels: &[Panel<'_>]) -> Drawing {
    stacked(panels, |canvas, panel, top| {
        let days = panel.days;
        let zero = top + PLOT_PX;
        let most_outside = days.outside.iter().copied().max().unwrap_or(0);
        let mut left = days.granted;
        for (index, (inside, outside)) in days.inside.iter().zip(&days.outside).enumerate() {
            left = left.saturating_sub(*inside);
            let x = day_px(index, days.inside.len());
            if left > 0 {
                let height = length_px(left, days.granted, PLOT_PX).max(1);
                canvas.rect(Ink::Series(2), x, (zero - height, zero));
            }
            if *outside > 0 {
                let height = length_px(*outside, most_outside, BELOW_PX).max(2);
                canvas.rect(Ink::Series(0), x, (zero, zero + height));
            }
        }
        Ok(())
    })
    .unwrap_or_default()
}

/// Returns use against charge: upwards what was used each day, inside the allowances light and outside dark;
/// downwards what the list charges for the day.
///
/// # Errors
/// When an amount of the report is none.
pub fn use_and_charge(panels: &[Panel<'_>]) -> Result<Drawing> {
    stacked(panels, |canvas, panel, top| {
        let days = panel.days;
        let zero = top + PLOT_PX;
        let sums =
            days.inside.iter().zip(&days.outside).map(|(inside, outside)| inside.saturating_add(*outside));
        let most = sums.max().unwrap_or(0);
        let fees = days.fees.iter().map(|fee| Money::parse(fee)).collect::<Result<Vec<_>>>()?;
        let scale = Scale::new(fees.iter().copied(), 0, BELOW_PX);
        for (index, (inside, outside)) in days.inside.iter().zip(&days.outside).enumerate() {
            let x = day_px(index, days.inside.len());
            let inside_px = length_px(*inside, most, PLOT_PX);
            let outside_px = length_px(*outside, most, PLOT_PX);
            if *inside > 0 {
                canvas.rect(Ink::Series(2), x, (zero - inside_px.max(1), zero));
            }
            if *outside > 0 {
                canvas.rect(Ink::Series(0), x, (zero - inside_px - outside_px.max(2), zero - inside_px));
            }
            if let Some(fee) = fees.get(index).filter(|fee| !fee.is_zero()) {
                canvas.rect(Ink::Series(1), x, (zero, zero + scale.px(fee.abs()).max(2)));
            }
        }
        Ok(())
    })
}

fn stacked(
    panels: &[Panel<'_>],
    draw: impl Fn(&mut Drawing, &Panel<'_>, i32) -> Result<()>,
) -> Result<Drawing> {
    let lines: Vec<Vec<String>> = panels.iter().map(|panel| wrapped(&panel.title, RIGHT - LEFT)).collect();
    let height_of = |index: usize| {
        let titles = lines.get(index).map_or(1, Vec::len) as i32;
        let moments = i32::from(panels.get(index).is_some_and(|panel| panel.moment.is_some()));
        (titles + moments) * LINE_PX + PLOT_PX + BELOW_PX + LINE_PX + GAP_PX
    };
    let mut canvas = Drawing::new(WIDTH, (0..panels.len()).map(height_of).sum());
    let mut top = 0;
    for (index, (panel, titles)) in panels.iter().zip(&lines).enumerate() {
        for (row, title) in titles.iter().enumerate() {
            let middle = top + row as i32 * LINE_PX + LINE_PX / 2;
            canvas.text(Ink::Ink, Anchor::Start, (LEFT, middle), title);
        }
        let mut plot = top + titles.len() as i32 * LINE_PX;
        if let Some(moment) = &panel.moment {
            draw_moment(&mut canvas, panel.days, moment, plot);
            plot += LINE_PX;
        }
        draw(&mut canvas, panel, plot)?;
        draw_axis(&mut canvas, panel.days, plot + PLOT_PX, plot + PLOT_PX + BELOW_PX);
        top += height_of(index);
    }
    Ok(canvas)
}

/// Draws the line at which the allowance was used up, with its words beside it on the side that has room.
fn draw_moment(canvas: &mut Drawing, days: &UsageDays, moment: &str, top: i32) {
    let count = days.inside.len();
    let at = days.overage_from.as_deref().unwrap_or_default();
    let part =
        |from: usize, to: usize| at.get(from..to).and_then(|text| text.parse::<i32>().ok()).unwrap_or(0);
    let (start, end) = day_px((part(8, 10).max(1) - 1) as usize, count);
    let x = start + (end - start) * part(11, 13) / 24;
    let (anchor, text_x) = if x > WIDTH / 2 { (Anchor::End, x - 4) } else { (Anchor::Start, x + 4) };
    canvas.path(Ink::Ink, &[(x, top), (x, top + LINE_PX + PLOT_PX + BELOW_PX)]);
    canvas.text(Ink::DisputedText, anchor, (text_x, top + LINE_PX / 2), moment);
}

/// Draws the zero line and the days that carry a number: the first, every fifth, the last.
fn draw_axis(canvas: &mut Drawing, days: &UsageDays, zero: i32, bottom: i32) {
    canvas.path(Ink::Soft, &[(LEFT, zero), (RIGHT, zero)]);
    let count = days.inside.len();
    for day in (1..=count).filter(|day| *day == 1 || day % 5 == 0 && day + 2 < count || *day == count) {
        let (start, end) = day_px(day - 1, count);
        let middle = (start + end) / 2;
        canvas.path(Ink::Hair, &[(middle, bottom), (middle, bottom + 4)]);
        let number = day.to_string();
        let (anchor, x) = match number.len() {
            _ if day == count => (Anchor::End, RIGHT),
            1 => (Anchor::Start, start),
            _ => (Anchor::Start, middle - 8),
        };
        canvas.text(Ink::Soft, anchor, (x, bottom + LINE_PX / 2 + 4), &number);
    }
}

/// Returns left and right of a day; one pixel stays free between two days.
fn day_px(index: usize, count: usize) -> (i32, i32) {
    let count = count.max(1) as i32;
    let at = |index: i32| LEFT + index * (RIGHT - LEFT) / count;
    (at(index as i32), at(index as i32 + 1) - 2)
}
