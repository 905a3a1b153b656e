//! The report as compact Markdown, for issue trackers and for programs that read text.

use crate::error::Result;
use crate::render::template::{self, Serde, Value, context};
use crate::render::words::{Words, shown};
use crate::report::model::{Evidence, Finding, Payment, Report};
use crate::report::wording::Wording;

/// Most quoted cells of a finding; the exact count stands beside them.
const EVIDENCE_MAX: usize = 10;

/// Returns the report as Markdown.
///
/// # Errors
/// When a sentence is missing in the wording files.
pub fn render(report: &Report, wording: &Wording) -> Result<String> {
    let words = Words(wording);
    let findings = report.findings.iter().map(|found| finding(found, words)).collect::<Result<Vec<_>>>()?;
    let totals = &report.totals;
    let sums = [
        ("explained", shown(&totals.explained)),
        ("disputed", shown(&totals.disputed)),
        ("unverified", shown(&totals.unverified)),
        ("billed", shown(&totals.billed)),
    ];
    let sums: Vec<(&'static str, &str)> = sums.iter().map(|(name, sum)| (*name, sum.as_str())).collect();
    let expected = if totals.expected_low == totals.expected_high {
        totals.expected_high.clone()
    } else {
        format!("{}–{}", totals.expected_low, totals.expected_high)
    };
    template::fill(
        "report.md",
        wording,
        context! {
            report => Value::from(Serde(report)), findings, expected,
            equation => words.with("html.equation", &sums)?,
            payments => report.payments.iter().map(|it| payment(it, words)).collect::<Result<Vec<_>>>()?,
            bills_open => words.bills_open(report)?,
        },
    )
}

fn finding(finding: &Finding, words: Words<'_>) -> Result<Value> {
    let tag = match finding.kind.as_str() {
        "Q" | "W" => words.code("finding-kind", &finding.kind)?,
        _ => words.code("verdict", &finding.verdict)?,
    };
    let quoted = finding.evidence.iter().take(EVIDENCE_MAX).map(|evidence| quoted(evidence, words));
    let all = finding.evidence.len();
    let more = if all > EVIDENCE_MAX { words.count("html.more_evidence", all)? } else { String::new() };
    Ok(context! {
        id => &finding.id, code => &finding.code, tag, title => &finding.title, period => &finding.period,
        amount => shown(&finding.amount), claim => shown(&finding.claim), explanation => &finding.explanation,
        evidence => quoted.collect::<Result<Vec<_>>>()?, more, ask => &finding.ask, innocent => &finding.innocent,
        deadlines => Value::from(Serde(&finding.deadlines)), remedies => Value::from(Serde(&finding.remedies)),
    })
}

fn payment(payment: &Payment, words: Words<'_>) -> Result<Value> {
    let source = &payment.source;
    let place = words.place(&source.path, source.sheet.as_deref(), source.row)?;
    let matched = words.matches(payment)?;
    Ok(context! {
        paid_at => &payment.paid_at, payee => &payment.payee, description => &payment.description, place,
        amount => shown(&payment.amount), matched, left_over => shown(&payment.left_over),
    })
}

fn quoted(evidence: &Evidence, words: Words<'_>) -> Result<Value> {
    let place = words.place(&evidence.path, evidence.sheet.as_deref(), Some(evidence.row))?;
    let header = evidence.header.clone().unwrap_or_default();
    Ok(context! { place, header, quote => &evidence.quote })
}
