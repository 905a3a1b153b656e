//! The tables below the findings: bill, expected bill, control box, payments, dates, detectors, files.

use std::collections::BTreeMap;

use crate::error::Result;
use crate::model::money::Money;
use crate::render::html::{ROWS_MAX, bills};
use crate::render::template::{Serde, Value, context};
use crate::render::words::{Words, shown};
use crate::report::model::{Input, Payment, Report};

/// Returns the values of all tables.
pub fn context(report: &Report, words: Words<'_>) -> Result<Value> {
    Ok(context! {
        bills => bills::bills(report, words)?,
        equation => bills::equation(report, words)?,
        expected => expected(report),
        control => control(report, words)?,
        payments => payments(report, words)?,
        payments_note => payments_note(report, words)?,
        deadlines => deadlines(report),
        detectors => detectors(report, words)?,
        detectors_note => words.count("html.detectors_note", report.detectors.len())?,
        set_aside => set_aside(report, words)?,
        set_aside_note => set_aside_note(report, words)?,
        sources => report.inputs.iter().map(|input| source(input, words)).collect::<Result<Vec<_>>>()?,
    })
}

fn link(report: &Report, id: &str) -> Option<Value> {
    report
        .findings
        .iter()
        .find(|finding| finding.id == id)
        .map(|finding| context! { id, code => &finding.code })
}

fn expected(report: &Report) -> Vec<Value> {
    let mut groups: BTreeMap<(&str, &str), Vec<Value>> = BTreeMap::new();
    for item in &report.expected {
        let amount = if item.amount_low == item.amount_high {
            shown(&item.amount_high)
        } else {
            format!("{}–{}", shown(&item.amount_low), shown(&item.amount_high))
        };
        let value = context! { name => &item.label, code => &item.name, amount, trace => Value::from(Serde(&item.trace)) };
        groups.entry((&item.msisdn, &item.period)).or_default().push(value);
    }
    let title = |msisdn: &str, period: &str| {
        let subject = report.subjects.iter().find(|subject| subject.msisdn == msisdn);
        subject.map_or_else(|| period.to_owned(), |subject| format!("{period} · {}", subject.shown))
    };
    groups
        .into_iter()
        .map(|((msisdn, period), items)| context! { title => title(msisdn, period), items })
        .collect()
}

fn control(report: &Report, words: Words<'_>) -> Result<Vec<Value>> {
    let control = &report.control;
    let class = |name: &str| control.set_aside_by_class.get(name).copied().unwrap_or(0).to_string();
    let rows = words.with(
        "html.control.rows.text",
        &[
            ("read", &control.rows_read.to_string()),
            ("used", &control.rows_used.to_string()),
            ("aside", &control.rows_set_aside.to_string()),
            ("structure", &class("structure")),
            ("problem", &class("problem")),
        ],
    )?;
    let mut entries = vec![("rows", rows), ("bill", bills::equation(report, words)?)];
    for gap in &report.gaps {
        entries.push(("gap", gap_text(report, gap, words)?));
    }
    let totals = &report.totals;
    let paid = &[("paid", totals.paid.as_str()), ("refunded", totals.refunded.as_str())];
    entries.push(("paid", words.with("html.control.paid.text", paid)?));
    let ties =
        |wanted: bool| report.inputs.iter().flat_map(|i| &i.control).filter(|c| c.ties == wanted).count();
    let totals = &[("ties", ties(true).to_string()), ("differs", ties(false).to_string())];
    let totals: Vec<(&'static str, &str)> =
        totals.iter().map(|(name, count)| (*name, count.as_str())).collect();
    entries.push(("totals", words.with("html.control.totals.text", &totals)?));
    entries.push(("files", words.count("html.control.files.text", report.inputs.len())?));
    entries
        .into_iter()
        .map(|(key, text)| Ok(context! { label => words.plain(&format!("html.control.{key}"))?, text }))
        .collect()
}

/// Returns billed − expected = Σ causes + residual of one cycle, as text.
fn gap_text(report: &Report, gap: &crate::report::model::Gap, words: Words<'_>) -> Result<String> {
    let difference = Money::parse(&gap.billed)?.minus(Money::parse(&gap.expected)?)?;
    let mut causes = Vec::new();
    for cause in &gap.causes {
        let finding = cause.finding.as_ref().and_then(|id| report.findings.iter().find(|f| f.id == *id));
        let name = finding.map_or(cause.label.as_str(), |finding| finding.code.as_str());
        causes.push(format!("{name} {}", shown(&cause.amount)));
    }
    if causes.is_empty() {
        causes.push("0.00".to_owned());
    }
    words.with(
        "html.control.gap.text",
        &[
            ("period", &gap.period),
            ("billed", &shown(&gap.billed)),
            ("expected", &shown(&gap.expected)),
            ("difference", &shown(&difference.to_string())),
            ("causes", &causes.join(" ＋ ")),
            ("residual", &shown(&gap.residual)),
        ],
    )
}

fn payments(report: &Report, words: Words<'_>) -> Result<Vec<Value>> {
    report.payments.iter().map(|payment| payment_row(report, payment, words)).collect()
}

fn payment_row(report: &Report, payment: &Payment, words: Words<'_>) -> Result<Value> {
    let mut matched = words.matches(payment)?;
    let links: Vec<Value> = payment.findings.iter().filter_map(|id| link(report, id)).collect();
    if matched.is_empty() && links.is_empty() {
        matched.push(words.plain("html.match.none")?);
    }
    let open = !Money::parse(&payment.left_over)?.is_zero();
    let payee =
        if payment.payee.is_empty() { words.plain("html.not_stated")? } else { payment.payee.clone() };
    let status = match (payment.status.as_str(), payment.direction.as_str()) {
        ("success", "out") => String::new(),
        (status, _) => words.code("payment-status", status)?,
    };
    let source = &payment.source;
    Ok(context! {
        id => &payment.id, paid_at => &payment.paid_at, payee, description => &payment.description,
        place => words.place(&source.path, source.sheet.as_deref(), source.row)?,
        amount => shown(&payment.amount), status, matched, links, left_over => shown(&payment.left_over), open,
    })
}

fn payments_note(report: &Report, words: Words<'_>) -> Result<String> {
    let totals = &report.totals;
    let sums = words.with("html.payments_note", &[("paid", &totals.paid), ("refunded", &totals.refunded)])?;
    let open = words.bills_open(report)?;
    Ok(std::iter::once(sums).chain(open).collect::<Vec<_>>().join(&words.plain("payments.and")?))
}

/// Returns every date once, with the findings that it belongs to, the earliest first.
fn deadlines(report: &Report) -> Vec<Value> {
    let mut dates: BTreeMap<(&str, &str, &str, &str), Vec<Value>> = BTreeMap::new();
    for finding in &report.findings {
        for date in &finding.deadlines {
            let key = (
                date.safe_until.as_str(),
                date.at_the_latest.as_str(),
                date.label.as_str(),
                date.basis.as_str(),
            );
            dates.entry(key).or_default().push(context! { id => &finding.id, code => &finding.code });
        }
    }
    let title = |basis: &str| {
        report.laws.iter().find(|law| law.id == basis).map_or("", |law| law.title.as_str()).to_owned()
    };
    dates
        .into_iter()
        .map(|((safe_until, at_the_latest, label, basis), links)| {
            context! { safe_until, at_the_latest, label, basis => title(basis), links }
        })
        .collect()
}

fn detectors(report: &Report, words: Words<'_>) -> Result<Vec<Value>> {
    let mut groups = Vec::new();
    for outcome in ["found", "needs-evidence", "nothing", "not-applicable"] {
        let entries: Vec<_> =
            report.detectors.iter().filter(|detector| detector.outcome == outcome).collect();
        if !entries.is_empty() {
            let title = words.plain(&format!("html.outcome.{outcome}"))?;
            groups.push(context! { title, entries => Value::from(Serde(entries)) });
        }
    }
    Ok(groups)
}

/// Returns the rows that were set aside, problems first, at most [`ROWS_MAX`].
fn set_aside(report: &Report, words: Words<'_>) -> Result<Vec<Value>> {
    let problems = report.set_aside.iter().filter(|row| row.class == "problem");
    let others = report.set_aside.iter().filter(|row| row.class != "problem");
    let mut rows = Vec::new();
    for row in problems.chain(others).take(ROWS_MAX) {
        let mut at = words.place(&row.path, row.sheet.as_deref(), row.row)?;
        if let Some(column) = row.column {
            let header = row.header.clone().unwrap_or_default();
            at = words.with(
                "html.column_of",
                &[("place", &at), ("column", &column.to_string()), ("header", &header)],
            )?;
        }
        let value = row.value.clone().unwrap_or_default();
        rows.push(context! {
            place => at, value => shortened(&value), reason => &row.reason,
            help => row.help.clone().unwrap_or_default(), problem => row.class == "problem",
        });
    }
    Ok(rows)
}

fn set_aside_note(report: &Report, words: Words<'_>) -> Result<String> {
    let all = report.set_aside.len();
    if all > ROWS_MAX {
        return words
            .with("html.set_aside_some", &[("shown", &ROWS_MAX.to_string()), ("all", &all.to_string())]);
    }
    words.count("html.set_aside_all", all)
}

fn shortened(value: &str) -> String {
    const MOST: usize = 200;
    if value.chars().count() <= MOST {
        return value.to_owned();
    }
    value.chars().take(MOST).chain(['…']).collect()
}

fn source(input: &Input, words: Words<'_>) -> Result<Value> {
    let layout = match (&input.profile, &input.table) {
        (Some(profile), Some(table)) => format!("{} · {profile}", words.code("table", table)?),
        (Some(profile), None) => profile.clone(),
        _ => words.plain("html.not_used")?,
    };
    let problem = input.problem.as_ref().map(|p| format!("{} {}", p.message, p.help)).unwrap_or_default();
    let counts = [input.rows_read, input.rows_used, input.rows_set_aside].map(|count| count.to_string());
    let rows = words
        .with("html.source_rows", &[("read", &counts[0]), ("used", &counts[1]), ("aside", &counts[2])])?;
    let mut controls = Vec::new();
    for total in &input.control {
        controls.push(context! { ties => total.ties, text => words.control_total(total)? });
    }
    let covers = match &input.covers {
        Some(days) => words.covers(days)?,
        None => "—".to_owned(),
    };
    Ok(context! { path => &input.path, sha256 => &input.sha256, layout, problem, rows, controls, covers })
}
