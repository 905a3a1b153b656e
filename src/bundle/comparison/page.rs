//! `comparison.html`: one file, the look of the report, no script.

use super::{ComparedLine, Comparison, Place};
use crate::embedded;
use crate::error::Result;
use crate::render::html::{ROWS_MAX, csp};
use crate::render::template::{self, Serde, Value, context};
use crate::report::wording::Wording;

/// Returns the page.
///
/// # Errors
/// When a sentence is missing in the wording files.
pub fn render(comparison: &Comparison, wording: &Wording) -> Result<String> {
    let css = embedded::text("templates/report.css").to_owned();
    let mut groups = Vec::new();
    for counts in &comparison.counts {
        let rows = comparison.rows.iter().filter(|row| row.table == counts.table);
        let (equal, others): (Vec<&ComparedLine>, Vec<&ComparedLine>) =
            rows.partition(|row| row.outcome == "equal");
        groups.push(context! {
            title => wording.word(&format!("common.table.{}", counts.table))?,
            counts => Value::from(Serde(counts)),
            more => others.len().saturating_sub(ROWS_MAX * 10),
            rows => others.iter().take(ROWS_MAX * 10).map(|row| said(row, wording)).collect::<Result<Vec<_>>>()?,
            equal_more => equal.len().saturating_sub(ROWS_MAX),
            equal => equal.iter().take(ROWS_MAX).map(|row| said(row, wording)).collect::<Result<Vec<_>>>()?,
        });
    }
    let alike = comparison.rows.iter().all(|row| matches!(row.outcome.as_str(), "equal" | "outside-window"));
    let page = context! {
        comparison => Value::from(Serde(comparison)),
        groups,
        alike,
        html_lang => wording.word("html.lang")?,
        csp => csp::policy(&css),
        css => Value::from_safe_string(css),
    };
    template::fill("bundle-comparison.html", wording, page)
}

fn said(row: &ComparedLine, wording: &Wording) -> Result<Value> {
    let mut differences = Vec::new();
    for it in &row.differences {
        let field = wording.word(&format!("compare.field.{}", it.field))?;
        differences.push(context! { field, here => it.here.as_str(), there => it.there.as_str() });
    }
    Ok(context! {
        label => row.label.as_str(),
        msisdn => row.msisdn.as_str(),
        outcome => wording.word(&format!("compare.outcome.{}", row.outcome))?,
        code => row.outcome.as_str(),
        here => row.here.as_ref().map(shown),
        there => row.there.as_ref().map(shown),
        differences,
    })
}

fn shown(place: &Place) -> String {
    let sheet = place.sheet.as_ref().map(|sheet| format!(" · {sheet}")).unwrap_or_default();
    format!("{}{sheet}:{}", place.path, place.row)
}
