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
        let (alike, others): (Vec<&ComparedLine>, Vec<&ComparedLine>) = rows.partition(|row| is_quiet(row));
        let (equal, outside): (Vec<&ComparedLine>, Vec<&ComparedLine>) =
            alike.into_iter().partition(|row| row.outcome == "equal");
        groups.push(context! {
            title => wording.word(&format!("common.table.{}", counts.table))?,
            counts => Value::from(Serde(counts)),
            compared => others.len() + equal.len(),
            more => others.len().saturating_sub(ROWS_MAX * 10),
            rows => others.iter().take(ROWS_MAX * 10).map(|row| said(row, wording)).collect::<Result<Vec<_>>>()?,
            quiet => [folded("equal", &equal, wording)?, folded("outside-window", &outside, wording)?],
        });
    }
    let alike = comparison.rows.iter().all(is_quiet);
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

/// Rows that nobody has to look at.
fn is_quiet(row: &ComparedLine) -> bool {
    matches!(row.outcome.as_str(), "equal" | "outside-window")
}

fn folded(outcome: &str, rows: &[&ComparedLine], wording: &Wording) -> Result<Value> {
    Ok(context! {
        title => wording.word(&format!("compare.outcome.{outcome}"))?,
        count => rows.len(),
        more => rows.len().saturating_sub(ROWS_MAX),
        rows => rows.iter().take(ROWS_MAX).map(|row| said(row, wording)).collect::<Result<Vec<_>>>()?,
    })
}

fn said(row: &ComparedLine, wording: &Wording) -> Result<Value> {
    let mut differences = Vec::new();
    for it in &row.differences {
        let field = wording.word(&format!("compare.field.{}", it.field))?;
        let [here, there] = it.words();
        differences.push(context! { field, here => wording.say(&here)?, there => wording.say(&there)? });
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
