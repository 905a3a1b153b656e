//! The bills line by line: every yuan with its place.

use std::collections::BTreeMap;

use crate::error::Result;
use crate::model::money::Money;
use crate::render::chart::scale::per_mille;
use crate::render::template::{self, Value, context};
use crate::render::words::{Words, shown};
use crate::report::model::{BillLine, Report};

/// From how many lines of a report on bills without any dispute are folded.
const LINES_OPEN: usize = 400;
/// Lines of one piece of a table.
const PIECE: usize = 250;

/// Returns billed = explained + disputed + unverified with its figures.
pub fn equation(report: &Report, words: Words<'_>) -> Result<String> {
    let totals = &report.totals;
    sums(words, &totals.explained, &totals.disputed, &totals.unverified, &totals.billed)
}

fn sums(words: Words<'_>, explained: &str, disputed: &str, unverified: &str, billed: &str) -> Result<String> {
    words.with(
        "html.equation",
        &[
            ("explained", &shown(explained)),
            ("disputed", &shown(disputed)),
            ("unverified", &shown(unverified)),
            ("billed", &shown(billed)),
        ],
    )
}

/// Returns the bills by number, cycle and file, each with its lines in pieces that a browser lays out only when
/// they come into view.
pub fn bills(report: &Report, words: Words<'_>) -> Result<Vec<Value>> {
    let mut groups: BTreeMap<(&str, &str, &str), Vec<&BillLine>> = BTreeMap::new();
    for line in &report.lines {
        groups.entry((&line.msisdn, &line.period, &line.source.path)).or_default().push(line);
    }
    groups
        .into_iter()
        .map(|((msisdn, period, path), lines)| bill(report, (msisdn, period, path), &lines, words))
        .collect()
}

fn bill(report: &Report, of: (&str, &str, &str), lines: &[&BillLine], words: Words<'_>) -> Result<Value> {
    let (msisdn, period, path) = of;
    let subject = report.subjects.iter().find(|subject| subject.msisdn == msisdn);
    let number = subject.map_or(msisdn, |subject| subject.shown.as_str());
    let caption =
        words.with("html.bill_caption", &[("period", period), ("number", number), ("path", path)])?;
    let sum = |part: fn(&BillLine) -> &str| -> Result<String> {
        let amounts = lines.iter().map(|line| Money::parse(part(line))).collect::<Result<Vec<_>>>()?;
        Ok(Money::sum(amounts)?.to_string())
    };
    let total = sum(|line| &line.amount)?;
    let equation = sums(
        words,
        &sum(|line| &line.explained)?,
        &sum(|line| &line.disputed)?,
        &sum(|line| &line.unverified)?,
        &total,
    )?;
    let is_explained = lines.iter().all(|line| line.disputed == "0.00" && line.unverified == "0.00");
    let folded = if is_explained && report.lines.len() > LINES_OPEN {
        words.with("html.folded", &[("caption", &caption), ("count", &lines.len().to_string())])?
    } else {
        String::new()
    };
    let rows = lines.iter().map(|line| bill_line(report, line, words)).collect::<Result<Vec<_>>>()?;
    let mut pieces = Vec::new();
    for (index, piece) in rows.chunks(PIECE).enumerate() {
        let first = index * PIECE + 1;
        let (first, last) = (first.to_string(), (first + piece.len() - 1).to_string());
        let part = match lines.len() {
            all if all > PIECE => words.with("html.lines_from", &[("first", &first), ("last", &last)])?,
            _ => String::new(),
        };
        pieces.push(context! { lines => piece, part, is_last => (index + 1) * PIECE >= lines.len() });
    }
    Ok(context! { caption, folded, lines => rows, pieces, total => shown(&total), equation })
}

fn bill_line(report: &Report, line: &BillLine, words: Words<'_>) -> Result<Value> {
    let amounts = [&line.explained, &line.disputed, &line.unverified];
    let [explained, disputed, unverified] =
        [Money::parse(amounts[0])?, Money::parse(amounts[1])?, Money::parse(amounts[2])?];
    let whole = Money::sum([explained.abs(), disputed.abs(), unverified.abs()])?;
    let mut parts = Vec::new();
    let mut x = 0;
    for (class, amount) in [("e", explained), ("d", disputed), ("u", unverified)] {
        let width = per_mille(amount, whole);
        if width > 0 {
            parts.push(context! { class, x, width });
            x += width;
        }
    }
    let tone = match (disputed.is_positive(), unverified.is_positive()) {
        (true, _) => "dis",
        (false, true) => "unk",
        (false, false) if line.findings.is_empty() => "ok",
        (false, false) => "dim",
    };
    // What is wholly explained needs no bar to say so where there are thousands of lines.
    let bar = tone != "ok" || report.lines.len() <= LINES_OPEN;
    let row = line.source.row.map_or_else(|| "—".to_owned(), |row| row.to_string());
    let bar_label = sums(words, &line.explained, &line.disputed, &line.unverified, &line.amount)?;
    Ok(context! {
        id => &line.id, row, item => &line.item, amount => shown(&line.amount),
        parts, bar, bar_label, tone, why => why(report, line),
    })
}

/// Returns the sentence of a bill line in which every code of its findings leads to the card; codes that the
/// sentence does not name come after it.
fn why(report: &Report, line: &BillLine) -> Value {
    let mut html = template::escaped(&line.why);
    let mut linked = Vec::new();
    for id in &line.findings {
        let Some(finding) = report.findings.iter().find(|finding| finding.id == *id) else { continue };
        if linked.contains(&&finding.code) {
            continue;
        }
        linked.push(&finding.code);
        let code = template::escaped(&finding.code);
        let anchor = format!("<a href=\"#{}\">{code}</a>", template::escaped(id));
        html =
            if html.contains(&code) { html.replacen(&code, &anchor, 1) } else { format!("{html} {anchor}") };
    }
    Value::from_safe_string(html)
}
