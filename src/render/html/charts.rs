//! The two charts of the page.

use crate::error::Result;
use crate::render::chart::composition;
use crate::render::chart::waterfall::{self, Bar};
use crate::render::chart_svg::Labels;
use crate::render::template::{Value, context};
use crate::render::words::{Words, shown};
use crate::report::model::Report;

/// Returns the charts as safe SVG, empty where there is nothing to draw.
pub fn context(report: &Report, words: Words<'_>) -> Result<Value> {
    let (waterfall, waterfall_text) = waterfall(report, words)?;
    Ok(context! {
        waterfall => Value::from_safe_string(waterfall),
        waterfall_text,
        composition => Value::from_safe_string(composition(report, words)?),
    })
}

fn waterfall(report: &Report, words: Words<'_>) -> Result<(String, String)> {
    if report.gaps.is_empty() {
        return Ok((String::new(), String::new()));
    }
    let names = waterfall::Words {
        expected: words.plain("html.waterfall.expected")?,
        billed: words.plain("html.waterfall.billed")?,
        others: words.plain("html.waterfall.others")?,
        residual: words.plain("html.waterfall.residual")?,
    };
    let bars = waterfall::bars(report, &names)?;
    let text = sentence(&bars, words)?;
    let title = words.plain("html.waterfall")?;
    let labels = Labels { id: "waterfall", title: &title, description: &text };
    Ok((waterfall::draw(&bars, labels)?, text))
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

fn composition(report: &Report, words: Words<'_>) -> Result<String> {
    let others = words.plain("html.composition.others")?;
    let data = composition::composition(report, &others, |category| words.code("category", category))?;
    if data.series.is_empty() {
        return Ok(String::new());
    }
    let mut parts = Vec::new();
    for (index, name) in data.series.iter().enumerate() {
        let amount = shown(&data.total_of(index)?.to_string());
        parts.push(words.with("html.waterfall.part", &[("label", name), ("amount", &amount)])?);
    }
    let (title, description) =
        (words.plain("html.composition")?, parts.join(words.0.lang().list_separator()));
    composition::draw(&data, Labels { id: "composition", title: &title, description: &description })
}
