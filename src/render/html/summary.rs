//! The first screen: who, the lead sentence, four figures, what stands on the page.

use crate::error::Result;
use crate::model::money::Money;
use crate::render::template::{self, Value, context};
use crate::render::words::{Words, shown};
use crate::report::model::{Report, Subject};

/// Returns the values of the first screen.
pub fn context(report: &Report, words: Words<'_>) -> Result<Value> {
    Ok(context! {
        mood => mood(report)?,
        subject_lines => subject_lines(report, words)?,
        lead => Value::from_safe_string(emphasised(&report.lead)),
        figures => figures(report, words)?,
        step_note => step_note(report, words)?,
        contents => contents(report, words)?,
        foot => foot(report, words)?,
    })
}

/// Returns the mood of the page: `claim` (something to claim), `open` (something to find out) or `clean`.
fn mood(report: &Report) -> Result<&'static str> {
    let claimed =
        Money::parse(&report.totals.claim_proven)?.plus(Money::parse(&report.totals.claim_probable)?)?;
    let open = Money::parse(&report.totals.unverified)?.is_positive()
        || report.findings.iter().any(|finding| finding.verdict == "needs-evidence" || finding.kind == "Q");
    Ok(match (claimed.is_positive(), open || report.lines.is_empty()) {
        (true, _) => "claim",
        (false, true) => "open",
        (false, false) => "clean",
    })
}

fn subject_lines(report: &Report, words: Words<'_>) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for subject in report.subjects.iter().take(4) {
        lines.push(subject_line(subject, words)?);
    }
    if report.subjects.len() > 4 {
        lines.push(words.count("html.more_subjects", report.subjects.len() - 4)?);
    }
    Ok(lines)
}

fn subject_line(subject: &Subject, words: Words<'_>) -> Result<String> {
    let mut parts = vec![subject.shown.clone()];
    if !subject.operator_name.is_empty() {
        parts.push(subject.operator_name.clone());
    }
    if let (Some(start), Some(end)) = (&subject.start, &subject.end) {
        parts.push(words.with("html.billed_days", &[("start", start), ("end", end)])?);
    }
    Ok(parts.join(" · "))
}

/// Returns the lead sentence as HTML with its amounts in bold.
fn emphasised(lead: &str) -> String {
    let escaped = template::escaped(lead);
    let mut html = String::new();
    let mut rest = escaped.as_str();
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let number: String = rest[start..].chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
        let after = &rest[start + number.len()..];
        let unit = [" 元", " yuan"].into_iter().find(|unit| after.starts_with(unit));
        html.push_str(&rest[..start]);
        match unit {
            Some(unit) => html.push_str(&format!("<b>{number}{unit}</b>")),
            None => html.push_str(&number),
        }
        rest = &after[unit.map_or(0, str::len)..];
    }
    html + rest
}

fn figures(report: &Report, words: Words<'_>) -> Result<Vec<Value>> {
    Ok(vec![
        claim_figure(report, words)?,
        billed_figure(report, words)?,
        expected_figure(report, words)?,
        open_figure(report, words)?,
    ])
}

fn figure(label: String, value: &str, note: String, some: bool) -> Value {
    let value = shown(value);
    let long = value.chars().count() > 9;
    context! { label, value, note, long, some }
}

fn claim_figure(report: &Report, words: Words<'_>) -> Result<Value> {
    let totals = &report.totals;
    let proven = Money::parse(&totals.claim_proven)?.is_positive();
    let probable = Money::parse(&totals.claim_probable)?.is_positive();
    let amount = &[("amount", totals.claim_probable.as_str())];
    let note = match (proven, probable) {
        (true, false) => words.plain("html.figure.claim.proven")?,
        (true, true) => words.with("html.figure.claim.both", amount)?,
        (false, true) => words.with("html.figure.claim.probable", amount)?,
        (false, false) => words.plain("html.figure.claim.none")?,
    };
    Ok(figure(words.plain("html.figure.claim")?, &totals.claim_proven, note, false))
}

fn billed_figure(report: &Report, words: Words<'_>) -> Result<Value> {
    let note = if report.lines.is_empty() {
        words.plain("html.figure.billed.none")?
    } else {
        words.count("html.figure.billed.lines", report.lines.len())?
    };
    Ok(figure(words.plain("html.figure.billed")?, &report.totals.billed, note, false))
}

fn expected_figure(report: &Report, words: Words<'_>) -> Result<Value> {
    let (low, high) = (&report.totals.expected_low, &report.totals.expected_high);
    let (value, key) = if report.lines.is_empty() {
        ("—".to_owned(), "html.figure.expected.none")
    } else if low == high {
        (high.clone(), "html.figure.expected.certain")
    } else {
        (format!("{low}–{high}"), "html.figure.expected.range")
    };
    Ok(figure(words.plain("html.figure.expected")?, &value, words.plain(key)?, false))
}

fn open_figure(report: &Report, words: Words<'_>) -> Result<Value> {
    let open =
        Money::parse(&report.totals.unverified)?.max(Money::parse(&report.totals.at_stake_needs_evidence)?);
    let questions = report.findings.iter().filter(|f| f.kind == "Q" && f.verdict != "needs-evidence").count();
    let needs = report.findings.iter().filter(|finding| finding.verdict == "needs-evidence").count();
    let note = match (needs, questions, open.is_positive()) {
        (0, 0, false) => words.plain("html.figure.open.none")?,
        (0, 0, true) => words.plain("html.figure.open.unverified")?,
        (0, _, _) => words.count("html.figure.open.questions", questions)?,
        (_, 0, _) => words.count("html.figure.open.needs", needs)?,
        _ => words.with(
            "html.figure.open.both",
            &[("needs", &needs.to_string()), ("questions", &questions.to_string())],
        )?,
    };
    Ok(figure(words.plain("html.figure.open")?, &open.to_string(), note, open.is_positive()))
}

/// Returns the dates behind the first step: why it is that day.
fn step_note(report: &Report, words: Words<'_>) -> Result<String> {
    let Some(step) = report.next_steps.first() else { return Ok(String::new()) };
    let finding = report.findings.iter().find(|finding| Some(&finding.id) == step.finding.as_ref());
    let appeal = finding.and_then(|finding| finding.deadlines.iter().find(|d| d.what == "appeal"));
    match appeal.filter(|_| step.by.is_some()) {
        Some(appeal) => {
            words.with("html.step_note", &[("safe", &appeal.safe_until), ("latest", &appeal.at_the_latest)])
        }
        None => Ok(String::new()),
    }
}

fn contents(report: &Report, words: Words<'_>) -> Result<Vec<Value>> {
    let all = [
        ("findings", true),
        ("bill", !report.lines.is_empty()),
        ("charts", true),
        ("expected", !report.expected.is_empty()),
        ("control", true),
        ("payments", !report.payments.is_empty()),
        ("coverage", !report.coverage.is_empty()),
        ("facts", !report.facts.is_empty()),
        ("timeline", !report.timeline.is_empty()),
        ("deadlines", report.findings.iter().any(|finding| !finding.deadlines.is_empty())),
        ("route", !report.route.is_empty()),
        ("service", !report.service.is_empty() || !report.contacts.is_empty()),
        ("platform_record", !report.platform_record.is_empty()),
        ("laws", !report.laws.is_empty()),
        ("detectors", true),
        ("set_aside", !report.set_aside.is_empty()),
        ("sources", true),
    ];
    let shown = all.into_iter().filter(|(_, shown)| *shown);
    shown
        .map(|(id, _)| {
            Ok(context! { id => id.replace('_', "-"), title => words.plain(&format!("html.{id}"))? })
        })
        .collect()
}

fn foot(report: &Report, words: Words<'_>) -> Result<String> {
    let made = words.with("html.made_by", &[("version", &report.program.version), ("id", &report.id)])?;
    let subjects: Vec<&str> = report.subjects.iter().take(3).map(|subject| subject.shown.as_str()).collect();
    Ok([subjects.join(" · "), words.with("html.as_of", &[("day", &report.as_of)])?, made]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" · "))
}
