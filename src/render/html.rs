//! The report as one HTML file: no request, no script, readable on paper, on a phone and by ear.

use crate::error::Result;
use crate::render::charts;
use crate::render::template::{self, Serde, Value, context, merge_maps};
use crate::render::words::Words;
use crate::report::model::Report;
use crate::report::wording::Wording;

mod bills;
pub(crate) mod csp;
mod finding;
mod history;
mod maps;
mod service;
mod summary;
mod tables;

pub use csp::{plain_style_sheet, policy};

/// Most set-aside rows, and evidence rows of a finding, that the page shows; the exact count stands beside them.
pub const ROWS_MAX: usize = 50;

/// Returns the report as one HTML page.
///
/// # Errors
/// When a sentence is missing in the wording files, or an amount of the report is none.
pub fn render(report: &Report, wording: &Wording) -> Result<String> {
    let words = Words(wording);
    let css = csp::style_sheet(report, words)?;
    let page = context! {
        charts => drawn_charts(report, wording)?,
        html_lang => words.plain("html.lang")?,
        csp => csp::policy(&css),
        css => Value::from_safe_string(css),
        ..values(report, words)?
    };
    template::fill("report.html", wording, page)
}

/// Returns the report in words: what every printed form of it shows.
pub(crate) fn values(report: &Report, words: Words<'_>) -> Result<Value> {
    Ok(merge_maps([
        context! { report => Value::from(Serde(report)) },
        summary::context(report, words)?,
        finding::context(report, words)?,
        tables::context(report, words)?,
        service::context(report, words)?,
        history::context(report, words)?,
        maps::context(report, words)?,
    ]))
}

fn drawn_charts(report: &Report, wording: &Wording) -> Result<Vec<Value>> {
    let draw = |chart: charts::Chart| {
        let svg = Value::from_safe_string(chart.svg()?);
        let text = if chart.note == chart.description { String::new() } else { chart.description };
        Ok(context! { title => chart.title, note => chart.note, text, svg })
    };
    charts::beside_strips(report, wording)?.into_iter().map(draw).collect()
}
