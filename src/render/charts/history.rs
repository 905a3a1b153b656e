//! Charts of what happened: the timeline, payments against bills, and which days the papers cover.

use chrono::NaiveDate;

use crate::error::Result;
use crate::model::money::Money;
use crate::render::chart::drawing::Ink;
use crate::render::chart::moments::{self, Lane};
use crate::render::chart::{coverage, paid};
use crate::render::charts::{COVERAGE, Chart, who};
use crate::render::words::{Words, shown};
use crate::report::model::Report;

/// Kinds of moments, in the order of their lanes.
const LANES: [&str; 7] = ["bill", "order", "exhausted", "payment", "contact", "promise", "fault"];

/// Most months that are told one by one below the chart of payments.
const MONTHS_MAX: usize = 6;

/// The timeline; none when only one kind of thing happened.
pub(super) fn timeline(report: &Report, words: Words<'_>) -> Result<Option<Chart>> {
    let mut lanes = Vec::new();
    let mut parts = Vec::new();
    for kind in LANES {
        let marks = marks(report, kind);
        let (Some(first), Some(last)) = (marks.first(), marks.last()) else { continue };
        let name = words.plain(&format!("chart.timeline.{kind}"))?;
        let args = [
            ("lane", name.clone()),
            ("count", marks.len().to_string()),
            ("first", first.0.to_string()),
            ("last", if marks.len() > 1 { last.0.to_string() } else { String::new() }),
        ];
        parts.push(words.filled("chart.timeline.part", &args)?);
        let ink = match kind {
            "bill" => Ink::Open,
            "exhausted" | "fault" => Ink::Series(0),
            "payment" => Ink::Explained,
            "promise" => Ink::Unverified,
            _ => Ink::Ink,
        };
        lanes.push(Lane { name, marks, ink });
    }
    let description = parts.join(words.0.lang().clause_separator());
    Ok((lanes.len() > 1).then_some(Chart {
        id: "events",
        title: words.plain("chart.timeline")?,
        note: description.clone(),
        description,
        drawing: moments::draw(&lanes),
    }))
}

fn marks(report: &Report, kind: &str) -> Vec<(NaiveDate, String)> {
    let of_kind = report.timeline.iter().filter(|moment| moment.kind == kind);
    of_kind
        .filter_map(|moment| {
            let day = NaiveDate::parse_from_str(moment.at.get(..10)?, "%Y-%m-%d").ok()?;
            let label = match &moment.amount {
                Some(amount) => shown(amount),
                None => moment.at.get(5..10).unwrap_or_default().to_owned(),
            };
            Some((day, label))
        })
        .collect()
}

/// Payments against bills; none when nothing was paid.
pub(super) fn payments(report: &Report, words: Words<'_>) -> Result<Option<Chart>> {
    let months = paid::months(report)?;
    if report.payments.is_empty() || months.is_empty() {
        return Ok(None);
    }
    let names = [
        words.plain("chart.payments.billed")?,
        words.plain("chart.payments.paid")?,
        words.plain("chart.payments.open")?,
    ];
    let mut parts = Vec::new();
    for (period, month) in &months {
        let open = if month.open.is_zero() { String::new() } else { yuan(month.open) };
        let args = [
            ("period", period.clone()),
            ("billed", yuan(month.billed)),
            ("paid", yuan(month.paid)),
            ("open", open),
        ];
        parts.push(words.filled("chart.payments.part", &args)?);
    }
    let description = parts.join(words.0.lang().clause_separator());
    Ok(Some(Chart {
        id: "payments-and-bills",
        title: words.plain("chart.payments")?,
        note: if parts.len() > MONTHS_MAX { words.plain("chart.payments.key")? } else { description.clone() },
        description,
        drawing: paid::draw(&months, &names),
    }))
}

fn yuan(amount: Money) -> String {
    shown(&amount.to_string())
}

/// The coverage map; none when no kind of record occurs.
pub(super) fn coverage(report: &Report, words: Words<'_>) -> Result<Option<Chart>> {
    let mut rows = Vec::new();
    let mut parts = Vec::new();
    for map in report.coverage.iter().take(coverage::ROWS_MAX) {
        let kind = words.code("kind", &map.kind)?;
        let args = [
            ("period", format!("{}{}", who(report, &map.msisdn), map.period)),
            ("kind", kind.clone()),
            ("covered", map.days_covered.to_string()),
            ("days", map.days.len().to_string()),
        ];
        parts.push(words.filled("chart.coverage.part", &args)?);
        rows.push(coverage::Row { name: kind, map });
    }
    let names = [
        words.plain("chart.coverage.proved")?,
        words.plain("chart.coverage.inferred")?,
        words.plain("chart.coverage.none")?,
        words.plain("chart.coverage.records")?,
    ];
    Ok((!rows.is_empty()).then_some(Chart {
        id: COVERAGE,
        title: words.plain("chart.coverage")?,
        note: words.plain("html.coverage_note")?,
        description: parts.join(words.0.lang().clause_separator()),
        drawing: coverage::draw(&rows, &names),
    }))
}
