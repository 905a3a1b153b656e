//! From what the bill should have been to what was billed, cause by cause; it closes exactly.

use std::collections::BTreeMap;

use crate::error::Result;
use crate::model::money::Money;
use crate::render::chart::drawing::{Anchor, Drawing, FONT_PX, Ink};
use crate::render::chart::scale::Scale;
use crate::render::chart::text_width::{width_px, wrapped};
use crate::report::model::Report;

/// Most causes shown one by one; the rest is one bar.
pub const CAUSES_MAX: usize = 8;

const WIDTH: i32 = 440;
const LEFT: i32 = 2;
const RIGHT: i32 = 436;
const LINE_PX: i32 = 20;
const BAR_PX: i32 = 18;
const GAP_PX: i32 = 14;

/// Words of the chart that no finding supplies.
#[derive(Debug, Clone)]
pub struct Words {
    /// Name of the first bar.
    pub expected: String,
    /// Name of the last bar.
    pub billed: String,
    /// Name of the bar that holds the causes beyond [`CAUSES_MAX`].
    pub others: String,
    /// Name of the residual.
    pub residual: String,
}

/// One bar: it runs from `start` to `end` on the scale of yuan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// What it is.
    pub label: String,
    /// Where it begins; zero for the first and the last bar.
    pub start: Money,
    /// Where it ends.
    pub end: Money,
    /// How it is drawn.
    pub ink: Ink,
}

/// Returns the bars: expected, the causes (largest first), the residual if it is not zero, billed.
///
/// # Errors
/// When an amount of the report is none, or a sum leaves the exact range.
pub fn bars(report: &Report, words: &Words) -> Result<Vec<Bar>> {
    let (mut expected, mut billed, mut residual) = (Money::ZERO, Money::ZERO, Money::ZERO);
    let mut causes: BTreeMap<(Ink, String), Money> = BTreeMap::new();
    for gap in &report.gaps {
        expected = expected.plus(Money::parse(&gap.expected)?)?;
        billed = billed.plus(Money::parse(&gap.billed)?)?;
        residual = residual.plus(Money::parse(&gap.residual)?)?;
        for cause in &gap.causes {
            let sum = causes.entry((ink_of(cause.name.as_deref()), cause.label.clone())).or_default();
            *sum = sum.plus(Money::parse(&cause.amount)?)?;
        }
    }
    let mut steps = ranked(causes, words)?;
    if !residual.is_zero() {
        steps.push((Ink::Unverified, words.residual.clone(), residual));
    }
    let first = Bar { label: words.expected.clone(), start: Money::ZERO, end: expected, ink: Ink::Explained };
    let mut bars = vec![first];
    let mut level = expected;
    for (ink, label, amount) in steps {
        let end = level.plus(amount)?;
        bars.push(Bar { label, start: level, end, ink });
        level = end;
    }
    bars.push(Bar { label: words.billed.clone(), start: Money::ZERO, end: billed, ink: Ink::Open });
    Ok(bars)
}

/// Returns the chart.
///
/// # Errors
/// When drawing fails or an amount leaves the exact range.
pub fn draw(bars: &[Bar]) -> Result<Drawing> {
    let scale = Scale::new(bars.iter().flat_map(|bar| [bar.start, bar.end]), LEFT, RIGHT);
    let last = bars.len().saturating_sub(1);
    let rows = bars
        .iter()
        .enumerate()
        .map(|(index, bar)| Row::of(bar, index == 0 || index == last))
        .collect::<Result<Vec<_>>>()?;
    let height: i32 = rows.iter().map(Row::height).sum();
    let mut canvas = Drawing::new(WIDTH, height);
    let mut top = 0;
    for (bar, row) in bars.iter().zip(&rows) {
        draw_row(&mut canvas, bar, row, scale, top);
        top += row.height();
    }
    draw_links(&mut canvas, bars, &rows, scale);
    Ok(canvas)
}

/// A bar with its words laid out.
struct Row {
    lines: Vec<String>,
    amount: String,
}

impl Row {
    fn of(bar: &Bar, is_sum: bool) -> Result<Self> {
        let change = bar.end.minus(bar.start)?;
        let sign = if is_sum || !change.is_positive() { "" } else { "＋" };
        let amount = format!("{sign}{change}").replace('-', "−");
        let lines = wrapped(&bar.label, RIGHT - LEFT - width_px(&amount) - FONT_PX as i32 - 7);
        Ok(Self { lines, amount })
    }

    fn height(&self) -> i32 {
        self.lines.len() as i32 * LINE_PX + BAR_PX + GAP_PX
    }

    fn bar_top(&self, top: i32) -> i32 {
        top + self.lines.len() as i32 * LINE_PX
    }
}

fn draw_row(canvas: &mut Drawing, bar: &Bar, row: &Row, scale: Scale, top: i32) {
    let ink = if bar.ink == Ink::Disputed { Ink::DisputedText } else { Ink::Ink };
    for (index, line) in row.lines.iter().enumerate() {
        let middle = top + index as i32 * LINE_PX + LINE_PX / 2;
        canvas.text(ink, Anchor::Start, (LEFT, middle), line);
    }
    canvas.text(ink, Anchor::End, (RIGHT - 7, top + LINE_PX / 2), &row.amount);
    let y = row.bar_top(top);
    canvas.rect(bar.ink, (scale.px(bar.start), scale.px(bar.end)), (y, y + BAR_PX));
}

/// Hair lines from the end of each bar to the next: the eye sees that it closes.
fn draw_links(canvas: &mut Drawing, bars: &[Bar], rows: &[Row], scale: Scale) {
    let mut top = 0;
    for (index, (bar, row)) in bars.iter().zip(rows).enumerate() {
        let next_top = top + row.height();
        if let Some(next) = rows.get(index + 1) {
            let x = scale.px(bar.end);
            canvas.path(Ink::Hair, &[(x, row.bar_top(top) + BAR_PX), (x, next.bar_top(next_top))]);
        }
        top = next_top;
    }
}

/// Returns the causes by size, those beyond the limit as one.
fn ranked(causes: BTreeMap<(Ink, String), Money>, words: &Words) -> Result<Vec<(Ink, String, Money)>> {
    let mut steps: Vec<(Ink, String, Money)> = causes
        .into_iter()
        .filter(|(_, amount)| !amount.is_zero())
        .map(|((ink, label), amount)| (ink, label, amount))
        .collect();
    steps.sort_by(|a, b| b.2.abs().cmp(&a.2.abs()).then_with(|| a.1.cmp(&b.1)));
    if steps.len() > CAUSES_MAX {
        let rest = Money::sum(steps.split_off(CAUSES_MAX - 1).into_iter().map(|step| step.2))?;
        steps.push((Ink::Series(0), words.others.clone(), rest));
    }
    Ok(steps)
}

fn ink_of(name: Option<&str>) -> Ink {
    match name {
        None => Ink::Disputed,
        Some("not-charged") => Ink::Missing,
        Some(_) => Ink::Unverified,
    }
}
