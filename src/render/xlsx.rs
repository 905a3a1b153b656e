//! The evidence workbook: every total is a live formula whose cached value is that of the report, every amount has
//! its exact text beside it, and no text from outside becomes a formula.

use crate::error::Result;
use crate::render::words::Words;
use crate::render::xlsx::book::About;
use crate::render::xlsx::sheet::{Column, Kind, Sheet, Table};
use crate::report::model::Report;
use crate::report::wording::Wording;

mod bill;
mod book;
mod facts;
mod findings;
mod number;
mod papers;
mod payments;
mod recalculation;
mod sheet;
mod summary;

/// Returns the report as a workbook.
///
/// # Errors
/// When a sentence is missing in the wording files, an amount of the report is none, or the workbook cannot be
/// written.
pub fn render(report: &Report, wording: &Wording) -> Result<Vec<u8>> {
    let words = Words(wording);
    let findings = findings::findings(report, words)?;
    let bill = bill::bill(report, words)?;
    let expected = recalculation::expected(report, words)?;
    let gaps = recalculation::gaps(report, &bill, &expected, words)?;
    let payments = payments::payments(report, words)?;
    let sources = papers::sources(report, words)?;
    let over = summary::Over {
        findings: &findings,
        bill: &bill,
        expected: &expected,
        gaps: &gaps,
        payments: &payments,
        sources: &sources,
    };
    let mut sheets = vec![summary::summary(report, &over, words)?];
    sheets.push(findings);
    sheets.push(findings::evidence(report, words)?);
    sheets.extend([bill, expected, gaps, payments]);
    sheets.push(papers::coverage(report, words)?);
    sheets.extend(facts::facts(report, words)?);
    sheets.push(papers::detectors(report, words)?);
    sheets.push(sources);
    sheets.extend(papers::set_aside(report, words)?);
    book::bytes(&sheets, &about(report, words)?)
}

fn about(report: &Report, words: Words<'_>) -> Result<About> {
    let made = words.with("html.made_by", &[("version", &report.program.version), ("id", &report.id)])?;
    Ok(About {
        title: report.title.clone(),
        comment: made.clone(),
        foot: made,
        page: words.plain("xlsx.page")?,
        exact: words.plain("xlsx.exact")?,
        total: words.plain("html.sum")?,
    })
}

/// Returns an empty sheet whose name is `xlsx.sheet.<name>` and whose heads are `xlsx.<head>`.
fn sheet(words: Words<'_>, name: &str, columns: &[(&str, Kind, u16)]) -> Result<Sheet> {
    let column = |(head, kind, width): &(&str, Kind, u16)| {
        Ok(Column::new(*kind, *width, words.plain(&format!("xlsx.{head}"))?))
    };
    let columns = columns.iter().map(column).collect::<Result<Vec<_>>>()?;
    let name = words.plain(&format!("xlsx.sheet.{name}"))?;
    Ok(Sheet { name, preamble: Vec::new(), table: Table { columns, rows: Vec::new() } })
}
