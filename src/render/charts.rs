//! The charts of a report: what each shows, its name and its text alternative, for every form that paints them.

use crate::error::Result;
use crate::render::chart::composition;
use crate::render::chart::drawing::Drawing;
use crate::render::chart::waterfall::{self, Bar};
use crate::render::chart_svg::{self, Labels};
use crate::render::words::{Words, shown};
use crate::report::model::Report;
use crate::report::wording::Wording;

mod history;
mod usage;

/// Id of the coverage map.
pub const COVERAGE: &str = "coverage-map";

/// A chart with its words.
#[derive(Debug, Clone)]
pub struct Chart {
    /// Its id: unique in a report, the same in every form, a file name without ending.
    pub id: &'static str,
    /// Its name.
    pub title: String,
    /// The chart in words, for those who do not see it.
    pub description: String,
    /// What stands below the chart for those who do: the description itself where it is short, else a key.
    pub note: String,
    /// What is painted.
    pub drawing: Drawing,
}

impl Chart {
    /// Returns the chart as inline SVG with its text alternative.
    ///
    /// # Errors
    /// When drawing fails.
    pub fn svg(&self) -> Result<String> {
        let labels = Labels { id: self.id, title: &self.title, description: &self.description };
        chart_svg::svg(&self.drawing, labels)
    }
}

/// Returns the charts that the report has something to show for, in the order in which they are read.
///
/// # Errors
/// When an amount of the report is none, or a sum leaves the exact range.
pub fn charts(report: &Report, wording: &Wording) -> Result<Vec<Chart>> {
    let words = Words(wording);
    let all = [
        waterfall(report, words)?,
        composition(report, words)?,
        usage::burn_down(report, words)?,
        usage::use_and_charge(report, words)?,
        history::timeline(report, words)?,
        history::payments(report, words)?,
        history::coverage(report, words)?,
    ];
    Ok(all.into_iter().flatten().collect())
}

/// Returns the charts for a form that has strips of its own for the coverage of each kind, as page and PDF do.
///
/// # Errors
/// When an amount of the report is none, or a sum leaves the exact range.
pub fn beside_strips(report: &Report, wording: &Wording) -> Result<Vec<Chart>> {
    let all = charts(report, wording)?;
    Ok(all.into_iter().filter(|chart| chart.id != COVERAGE).collect())
}

fn waterfall(report: &Report, words: Words<'_>) -> Result<Option<Chart>> {
    if report.gaps.is_empty() {
        return Ok(None);
    }
    let names = waterfall::Words {
        expected: words.plain("html.waterfall.expected")?,
        billed: words.plain("html.waterfall.billed")?,
        others: words.plain("html.waterfall.others")?,
        residual: words.plain("html.waterfall.residual")?,
    };
    let bars = waterfall::bars(report, &names)?;
    Ok(Some(Chart {
        id: "waterfall",
        title: words.plain("html.waterfall")?,
        note: sentence(&bars, words)?,
        description: sentence(&bars, words)?,
        drawing: waterfall::draw(&bars)?,
    }))
}

/// Returns the waterfall as an equation in words: 按规则应收 74.10 ＋ 彩信费 15.00 ＝ 账单收取 89.10.
fn sentence(bars: &[Bar], words: Words<'_>) -> Result<String> {
    let mut text = String::new();
    for (index, bar) in bars.iter().enumerate() {
        let change = bar.end.minus(bar.start)?;
        let sign = match index {
            0 => "",
            _ if index + 1 == bars.len() => " ＝ ",
            _ if change.is_negative() => " − ",
            _ => " ＋ ",
        };
        let amount = if index == 0 || index + 1 == bars.len() { change } else { change.abs() };
        let part = words
            .with("html.waterfall.part", &[("label", &bar.label), ("amount", &shown(&amount.to_string()))])?;
        text.push_str(&format!("{sign}{part}"));
    }
    Ok(text)
}

fn composition(report: &Report, words: Words<'_>) -> Result<Option<Chart>> {
    let others = words.plain("html.composition.others")?;
    let data = composition::composition(report, &others, |category| words.code("category", category))?;
    if data.series.is_empty() {
        return Ok(None);
    }
    let mut parts = Vec::new();
    for (index, name) in data.series.iter().enumerate() {
        let amount = shown(&data.total_of(index)?.to_string());
        parts.push(words.with("html.waterfall.part", &[("label", name), ("amount", &amount)])?);
    }
    let description = parts.join(words.0.lang().list_separator());
    Ok(Some(Chart {
        id: "composition",
        title: words.plain("html.composition")?,
        note: description.clone(),
        description,
        drawing: composition::draw(&data)?,
    }))
}

/// Returns the shown number and a space where the report is about several lines, else nothing.
fn who(report: &Report, msisdn: &str) -> String {
    let subject = report.subjects.iter().find(|subject| subject.msisdn == msisdn);
    subject.filter(|_| report.subjects.len() > 1).map(|it| format!("{} ", it.shown)).unwrap_or_default()
}
