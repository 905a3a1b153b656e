//! Coverage maps: which days the papers speak for, and how many records they hold.

use crate::error::Result;
use crate::render::template::{Value, context};
use crate::render::words::Words;
use crate::report::model::{CoverageMap, Report};

/// Returns the values of the coverage section.
pub fn context(report: &Report, words: Words<'_>) -> Result<Value> {
    let mut groups: Vec<(String, Vec<Value>)> = Vec::new();
    for map in &report.coverage {
        let subject = report.subjects.iter().find(|subject| subject.msisdn == map.msisdn);
        let title = match subject.filter(|_| report.subjects.len() > 1) {
            Some(subject) => format!("{} · {}", map.period, subject.shown),
            None => map.period.clone(),
        };
        let value = map_context(map, words)?;
        match groups.last_mut().filter(|(last, _)| *last == title) {
            Some((_, maps)) => maps.push(value),
            None => groups.push((title, vec![value])),
        }
    }
    let coverage: Vec<Value> = groups.into_iter().map(|(title, maps)| context! { title, maps }).collect();
    Ok(context! { coverage })
}

/// Returns one strip: its days, and the same in a sentence.
pub fn map_context(map: &CoverageMap, words: Words<'_>) -> Result<Value> {
    let days: Vec<Value> = map.days.iter().zip(&map.events).map(|(by, events)| day(by, *events)).collect();
    let events: u64 = map.events.iter().map(|events| u64::from(*events)).sum();
    let kind = words.code("kind", &map.kind)?;
    let total = map.days.len().to_string();
    let args = [
        ("kind", kind.as_str()),
        ("covered", &map.days_covered.to_string()),
        ("days", &total),
        ("events", &events.to_string()),
        ("how", &words.plain(&format!("html.coverage.how.{}", strongest(map)))?),
    ];
    let key = match (map.kind.as_str(), map.days_covered) {
        // The rows of the operator's payment list carry no day, so none is counted by day.
        ("payments", 1..) => "html.coverage.caption.days",
        (_, 0) => "html.coverage.caption.none",
        _ => "html.coverage.caption",
    };
    Ok(context! {
        title => words.with("html.coverage.title", &[("kind", &kind), ("period", &map.period)])?,
        level => words.plain(&format!("html.coverage.level.{}", map.level))?,
        days,
        first_day => format!("{}-01", map.period.get(5..).unwrap_or("")),
        last_day => format!("{}-{total}", map.period.get(5..).unwrap_or("")),
        caption => words.with(key, &args)?,
    })
}

fn day(by: &str, events: u32) -> Value {
    let class = match by {
        "" => "none",
        "inferred" => "inferred",
        _ => "sure",
    };
    let class = if events > 0 { format!("{class} some") } else { class.to_owned() };
    let count = match events {
        0 => String::new(),
        1..=99 => events.to_string(),
        _ => "…".to_owned(),
    };
    context! { class, count }
}

/// Returns how the days are known, the weakest way that occurs among the covered ones.
fn strongest(map: &CoverageMap) -> &'static str {
    let has = |by: &str| map.days.iter().any(|day| day == by);
    match (has("inferred"), has("declared"), has("stated")) {
        (true, _, _) => "inferred",
        (false, true, _) => "declared",
        (false, false, true) => "stated",
        (false, false, false) => "none",
    }
}
