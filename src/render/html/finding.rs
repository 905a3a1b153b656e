//! The cards of the findings.

use std::collections::BTreeSet;

use crate::error::Result;
use crate::model::money::Money;
use crate::render::html::ROWS_MAX;
use crate::render::html::maps::map_context;
use crate::render::template::{Serde, Value, context};
use crate::render::words::{Words, shown};
use crate::report::model::{Excerpt, Finding, Report};

/// Most coverage strips in one card.
const MAPS_MAX: usize = 4;

/// Most laws that stand open in a card; the others are one click away and open in print.
const LAWS_MAX: usize = 2;

/// From how many rows on a quotation may break across printed pages.
const LONG: usize = 14;

/// Returns the values of the findings section.
pub fn context(report: &Report, words: Words<'_>) -> Result<Value> {
    Ok(context! { findings => groups(report, words)?, findings_note => note(report, words)? })
}

/// Returns the findings in four groups: what is claimed, what needs papers, questions, better choices.
fn groups(report: &Report, words: Words<'_>) -> Result<Vec<Value>> {
    let mut groups = Vec::new();
    for name in ["claim", "needs", "question", "waste"] {
        let members: Vec<&Finding> =
            report.findings.iter().filter(|finding| group_of(finding) == name).collect();
        if members.is_empty() {
            continue;
        }
        let findings =
            members.iter().map(|finding| card(report, finding, words)).collect::<Result<Vec<_>>>()?;
        let title =
            if name == "claim" { String::new() } else { words.plain(&format!("html.group.{name}"))? };
        let note =
            if name == "claim" { String::new() } else { words.plain(&format!("html.group.{name}.note"))? };
        groups.push(context! { title, note, findings });
    }
    Ok(groups)
}

fn group_of(finding: &Finding) -> &'static str {
    match (finding.kind.as_str(), finding.verdict.as_str()) {
        ("W", _) => "waste",
        ("Q", _) => "question",
        (_, "needs-evidence") => "needs",
        _ => "claim",
    }
}

fn card(report: &Report, finding: &Finding, words: Words<'_>) -> Result<Value> {
    let tone = match finding.kind.as_str() {
        "Q" => "q",
        "W" => "w",
        _ => finding.verdict.as_str(),
    };
    let tag = match finding.kind.as_str() {
        "Q" | "W" => words.code("finding-kind", &finding.kind)?,
        _ => words.code("verdict", &finding.verdict)?,
    };
    let (amount_shown, amount_note) = amount(finding, words)?;
    let excerpts = finding.excerpts.iter().map(|e| excerpt(e, words)).collect::<Result<Vec<_>>>()?;
    let mut laws: Vec<Value> = finding
        .basis
        .iter()
        .filter_map(|id| report.laws.iter().find(|law| law.id == *id))
        .map(|law| Value::from(Serde(law)))
        .collect();
    let more_laws = laws.split_off(laws.len().min(LAWS_MAX));
    let hidden = finding.evidence.len().saturating_sub(ROWS_MAX);
    let more_rows =
        if hidden > 0 { words.count("html.more_evidence", finding.evidence.len())? } else { String::new() };
    Ok(context! {
        id => &finding.id, code => &finding.code, tone, tag, title => &finding.title,
        amount_shown, amount_note, meta => meta(report, finding, words)?,
        explanation => &finding.explanation, excerpts, maps => maps(report, finding, words)?, more_rows,
        clauses => Value::from(Serde(&finding.clauses)), laws, more_laws,
        innocent => &finding.innocent, ask => &finding.ask,
        deadlines => Value::from(Serde(&finding.deadlines)), remedies => Value::from(Serde(&finding.remedies)),
    })
}

/// Returns the amount of the card, and what it is when it is not the claim.
fn amount(finding: &Finding, words: Words<'_>) -> Result<(String, String)> {
    let yuan = |amount: &str| words.with("html.yuan", &[("amount", &shown(amount))]);
    let amount = Money::parse(&finding.amount)?;
    if group_of(finding) == "claim" {
        let differs = Money::parse(&finding.claim)? != amount;
        let note =
            if differs { words.with("html.alone", &[("amount", &finding.amount)])? } else { String::new() };
        return Ok((yuan(&finding.claim)?, note));
    }
    if amount.is_zero() {
        return Ok((String::new(), String::new()));
    }
    let key = if group_of(finding) == "needs" { "html.hangs_on_it" } else { "html.not_claimed" };
    Ok((yuan(&finding.amount)?, words.plain(key)?))
}

fn meta(report: &Report, finding: &Finding, words: Words<'_>) -> Result<String> {
    let mut parts = vec![finding.date.clone().unwrap_or_else(|| finding.period.clone())];
    let items: BTreeSet<&str> = report
        .lines
        .iter()
        .filter(|line| finding.lines.contains(&line.id))
        .map(|line| line.item.as_str())
        .collect();
    parts.extend(items.into_iter().take(4).map(str::to_owned));
    if report.subjects.len() > 1 {
        let subject = report.subjects.iter().find(|subject| subject.msisdn == finding.msisdn);
        parts.push(subject.map_or_else(|| finding.msisdn.clone(), |subject| subject.shown.clone()));
    }
    if matches!(finding.kind.as_str(), "Q" | "W") && finding.verdict == "needs-evidence" {
        parts.push(words.code("verdict", &finding.verdict)?);
    }
    Ok(parts.join(" · "))
}

/// Returns the coverage strips of the records that decide a finding.
fn maps(report: &Report, finding: &Finding, words: Words<'_>) -> Result<Vec<Value>> {
    let kinds = kinds_of(report, finding);
    let maps = report
        .coverage
        .iter()
        .filter(|map| map.msisdn == finding.msisdn && map.period == finding.period)
        .filter(|map| kinds.contains(map.kind.as_str()));
    maps.take(MAPS_MAX).map(|map| map_context(map, words)).collect()
}

/// Returns the kinds of record that a finding turns on: those of its bill lines, and those of its family.
fn kinds_of<'a>(report: &'a Report, finding: &'a Finding) -> BTreeSet<&'a str> {
    let lines = report.lines.iter().filter(|line| finding.lines.contains(&line.id));
    let mut kinds: BTreeSet<&str> = lines.map(|line| line.category.as_str()).collect();
    match finding.code.get(..3) {
        Some("SUB") => kinds.extend(["orders"]),
        Some("PAY") => kinds.extend(["payments"]),
        _ => {}
    }
    // Both stand in one list (短彩信详单): that it holds the one shows that it is a list of both.
    if kinds.contains("mms") {
        kinds.insert("sms");
    }
    kinds
}

fn excerpt(excerpt: &Excerpt, words: Words<'_>) -> Result<Value> {
    let is_right = |index: usize| {
        let cells = excerpt.rows.iter().filter_map(|row| row.cells.get(index));
        let mut filled = cells.filter(|cell| !cell.trim().is_empty()).peekable();
        filled.peek().is_some() && filled.all(|cell| is_figure(cell))
    };
    let columns = excerpt.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let right: Vec<bool> = (0..columns).map(is_right).collect();
    let is_right = |index: usize| right.get(index).copied().unwrap_or(false);
    let mut rows = Vec::new();
    let mut previous = None;
    for row in excerpt.rows.iter().take(ROWS_MAX) {
        let cell = |(index, text): (usize, &String)| {
            let deciding = row.hit_column.is_some() && excerpt.columns.get(index).copied() == row.hit_column;
            context! { text, right => is_right(index), deciding }
        };
        let cells: Vec<Value> = row.cells.iter().enumerate().map(cell).collect();
        let after_gap = previous.is_some_and(|number: u32| number + 1 < row.row);
        rows.push(context! { row => row.row, hit => row.hit, cells, after_gap });
        previous = Some(row.row);
    }
    let header: Vec<Value> = excerpt
        .header
        .iter()
        .enumerate()
        .map(|(index, text)| context! { text, right => is_right(index) })
        .collect();
    let hits: Vec<String> =
        excerpt.rows.iter().filter(|row| row.hit).map(|row| row.row.to_string()).collect();
    let (first, last) = (hits.first().cloned().unwrap_or_default(), hits.last().cloned().unwrap_or_default());
    let rows_label = match hits.len() {
        0 => String::new(),
        1..=4 => words.with("html.row_number", &[("row", &hits.join(words.0.lang().list_separator()))])?,
        _ => words.with(
            "html.row_range",
            &[("first", &first), ("last", &last), ("count", &hits.len().to_string())],
        )?,
    };
    let note = if excerpt.header.is_empty() { words.plain("html.preamble")? } else { String::new() };
    let (wide, long) = (columns > 4, rows.len() > LONG);
    Ok(
        context! { path => &excerpt.path, sheet => &excerpt.sheet, header, rows, rows_label, note, wide, long },
    )
}

fn is_figure(cell: &str) -> bool {
    let digits = cell.trim().trim_start_matches(['-', '−', '+', '¥', '￥']);
    !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit() || c == '.' || c == ',')
}

fn note(report: &Report, words: Words<'_>) -> Result<String> {
    let outcomes =
        |outcome: &str| report.detectors.iter().filter(|d| d.outcome == outcome).count().to_string();
    words.with(
        "html.findings_note",
        &[
            (
                "found",
                &report.findings.iter().filter(|finding| group_of(finding) == "claim").count().to_string(),
            ),
            ("run", &report.detectors.len().to_string()),
            ("nothing", &outcomes("nothing")),
            ("not_applicable", &outcomes("not-applicable")),
            ("needs", &outcomes("needs-evidence")),
        ],
    )
}
