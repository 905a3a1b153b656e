//! The first sheet: who, what is wrong, and every total of the report as a live formula over the other sheets.

use crate::error::Result;
use crate::render::words::Words;
use crate::render::xlsx::sheet::{Cell, Kind, Sheet, rounded};
use crate::render::xlsx::{bill, findings, papers, payments, recalculation};
use crate::report::model::Report;

/// The sheets that the totals are formed over.
pub(super) struct Over<'a> {
    pub(super) findings: &'a Sheet,
    pub(super) bill: &'a Sheet,
    pub(super) expected: &'a Sheet,
    pub(super) gaps: &'a Sheet,
    pub(super) payments: &'a Sheet,
    pub(super) sources: &'a Sheet,
}

pub(super) fn summary(report: &Report, over: &Over<'_>, words: Words<'_>) -> Result<Sheet> {
    let columns = [("what", Kind::Text, 34), ("value", Kind::Money, 14), ("how", Kind::Long, 62)];
    let mut sheet = super::sheet(words, "summary", &columns)?;
    sheet.preamble = preamble(report, words)?;
    for (name, formula, result) in sums(report, over, words)? {
        sheet.table.rows.push(vec![
            Cell::text(words.plain(&format!("xlsx.sum.{name}"))?),
            rounded(&formula, &result),
            Cell::text(words.plain(&format!("xlsx.sum.{name}.how"))?),
        ]);
    }
    Ok(sheet)
}

/// Returns every total: its name, its formula, and what the report says it is.
fn sums(report: &Report, over: &Over<'_>, words: Words<'_>) -> Result<Vec<(&'static str, String, String)>> {
    let (totals, control) = (&report.totals, &report.control);
    let sum = |sheet: &Sheet, column: usize| format!("SUM({})", sheet.range(column));
    let of_bill = |column: usize| sum(over.bill, column);
    let claims = |verdict: &str| -> Result<String> {
        let word = words.code("verdict", verdict)?.replace('"', "\"\"");
        let (claims, verdicts) =
            (over.findings.range(findings::CLAIM), over.findings.range(findings::VERDICT));
        Ok(format!("SUMIFS({claims},{verdicts},\"{word}\")"))
    };
    let (amount, explained) = (of_bill(bill::AMOUNT), of_bill(bill::EXPLAINED));
    let (disputed, unverified) = (of_bill(bill::DISPUTED), of_bill(bill::UNVERIFIED));
    let closes = format!("{amount}-{explained}-{disputed}-{unverified}");
    let (read, used, aside) =
        (sum(over.sources, papers::READ), sum(over.sources, papers::USED), sum(over.sources, papers::ASIDE));
    let rows = format!("{read}-{used}-{aside}");
    let expected = |column: usize| sum(over.expected, column);
    let all = [
        ("billed", amount, totals.billed.clone()),
        ("explained", explained, totals.explained.clone()),
        ("disputed", disputed, totals.disputed.clone()),
        ("unverified", unverified, totals.unverified.clone()),
        ("closes", closes, "0.00".to_owned()),
        ("expected_low", expected(recalculation::LOW), totals.expected_low.clone()),
        ("expected_high", expected(recalculation::HIGH), totals.expected_high.clone()),
        ("residual", sum(over.gaps, recalculation::RESIDUAL), control.residual.clone()),
        ("claim_proven", claims("proven")?, totals.claim_proven.clone()),
        ("claim_probable", claims("probable")?, totals.claim_probable.clone()),
        ("at_stake", sum(over.findings, findings::AT_STAKE), totals.at_stake_needs_evidence.clone()),
        ("paid", sum(over.payments, payments::COUNTED), totals.paid.clone()),
        ("refunded", sum(over.payments, payments::GIVEN_BACK), totals.refunded.clone()),
        ("rows_read", read, control.rows_read.to_string()),
        ("rows_used", used, control.rows_used.to_string()),
        ("rows_set_aside", aside, control.rows_set_aside.to_string()),
        ("rows_close", rows, "0".to_owned()),
    ];
    Ok(all.into_iter().collect())
}

fn preamble(report: &Report, words: Words<'_>) -> Result<Vec<String>> {
    let mut lines = vec![report.title.clone(), report.lead.clone()];
    for subject in &report.subjects {
        let mut parts = vec![subject.msisdn.clone()];
        parts.extend(Some(subject.operator_name.clone()).filter(|name| !name.is_empty()));
        if let (Some(start), Some(end)) = (&subject.start, &subject.end) {
            parts.push(words.with("html.billed_days", &[("start", start), ("end", end)])?);
        }
        lines.push(parts.join(" · "));
    }
    let as_of = words.with("html.as_of", &[("day", &report.as_of)])?;
    let made = words.with("html.made_by", &[("version", &report.program.version), ("id", &report.id)])?;
    lines.push(format!("{as_of} · {made}"));
    lines.push(words.plain("xlsx.note")?);
    Ok(lines)
}
