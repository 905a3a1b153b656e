//! The findings, and every cell that they quote.

use crate::error::Result;
use crate::model::money::Money;
use crate::render::words::Words;
use crate::render::xlsx::sheet::{Cell, Kind, Sheet};
use crate::report::model::{Finding, Report};

pub(super) const VERDICT: usize = 2;
pub(super) const CLAIM: usize = 8;
pub(super) const AT_STAKE: usize = 9;

pub(super) fn findings(report: &Report, words: Words<'_>) -> Result<Sheet> {
    let columns = [
        ("code", Kind::Text, 10),
        ("kind", Kind::Text, 10),
        ("verdict", Kind::Text, 11),
        ("number", Kind::Text, 14),
        ("period", Kind::Text, 9),
        ("date", Kind::Text, 11),
        ("title", Kind::Long, 32),
        ("stake", Kind::Money, 11),
        ("claim", Kind::Money, 11),
        ("open", Kind::Money, 11),
        ("explanation", Kind::Long, 60),
        ("basis", Kind::Long, 40),
        ("innocent", Kind::Long, 40),
        ("ask", Kind::Long, 40),
        ("safe_until", Kind::Text, 12),
        ("latest", Kind::Text, 12),
        ("finding_id", Kind::Text, 14),
    ];
    let mut sheet = super::sheet(words, "findings", &columns)?;
    let claims = report.findings.iter().map(|finding| Money::parse(&finding.claim));
    let claims = Money::sum(claims.collect::<Result<Vec<_>>>()?)?.to_string();
    for (index, total) in [(CLAIM, claims.as_str()), (AT_STAKE, &report.totals.at_stake_needs_evidence)] {
        sheet.total(index, total);
    }
    for finding in &report.findings {
        sheet.table.rows.push(row(report, finding, words)?);
    }
    Ok(sheet)
}

fn row(report: &Report, finding: &Finding, words: Words<'_>) -> Result<Vec<Cell>> {
    let appeal = finding.deadlines.iter().find(|date| date.what == "appeal");
    let clauses = finding.clauses.iter().map(|clause| {
        let args = [("plan", clause.plan_name.as_str()), ("clause", &clause.clause)];
        Ok(format!("{}{}{}", words.with("html.clause_of", &args)?, words.plain("html.colon")?, clause.text))
    });
    let mut basis = clauses.collect::<Result<Vec<String>>>()?;
    let laws = report.laws.iter().filter(|law| finding.basis.contains(&law.id));
    basis.extend(laws.map(|law| law.title.clone()));
    Ok(vec![
        Cell::text(&finding.code),
        Cell::text(words.code("finding-kind", &finding.kind)?),
        Cell::text(words.code("verdict", &finding.verdict)?),
        Cell::text(&finding.msisdn),
        Cell::text(&finding.period),
        Cell::text(finding.date.as_deref().unwrap_or_default()),
        Cell::text(&finding.title),
        Cell::money(&finding.amount),
        Cell::money(&finding.claim),
        Cell::money(if finding.at_stake.is_empty() { "0.00" } else { &finding.at_stake }),
        Cell::text(&finding.explanation),
        Cell::text(basis.join("\n")),
        Cell::text(finding.innocent.join("\n")),
        Cell::text(finding.ask.join("\n")),
        Cell::text(appeal.map_or("", |date| &date.safe_until)),
        Cell::text(appeal.map_or("", |date| &date.at_the_latest)),
        Cell::text(&finding.id),
    ])
}

/// Returns every quoted cell, by finding.
pub(super) fn evidence(report: &Report, words: Words<'_>) -> Result<Sheet> {
    let columns = [
        ("code", Kind::Text, 10),
        ("finding_id", Kind::Text, 14),
        ("role", Kind::Text, 10),
        ("file", Kind::Text, 36),
        ("row", Kind::Count, 7),
        ("column", Kind::Count, 7),
        ("head", Kind::Text, 18),
        ("quote", Kind::Long, 60),
        ("raw", Kind::Text, 18),
    ];
    let mut sheet = super::sheet(words, "evidence", &columns)?;
    for finding in &report.findings {
        for quoted in &finding.evidence {
            sheet.table.rows.push(vec![
                Cell::text(&finding.code),
                Cell::text(&finding.id),
                Cell::text(words.code("role", &quoted.role)?),
                Cell::text(words.place(&quoted.path, quoted.sheet.as_deref(), None)?),
                Cell::Count(quoted.row.into()),
                quoted.column.map_or(Cell::Blank, |column| Cell::Count(column.into())),
                Cell::text(quoted.header.as_deref().unwrap_or_default()),
                Cell::text(&quoted.quote),
                Cell::text(quoted.raw.as_deref().unwrap_or_default()),
            ]);
        }
    }
    Ok(sheet)
}
