//! The tables of ways, parties and the four questions to a platform.

use crate::error::Result;
use crate::render::template::{Value, context};
use crate::render::words::Words;
use crate::report::model::{Channel, PlatformAnswer, Report, Service};

/// Returns the values of the tables.
pub fn context(report: &Report, words: Words<'_>) -> Result<Value> {
    Ok(context! {
        service => report.service.iter().map(|party| service(party, words)).collect::<Result<Vec<_>>>()?,
        service_head => service_head(words)?,
        route => report.route.iter().map(|way| route(way, words)).collect::<Result<Vec<_>>>()?,
        route_head => heads("route", &["channel", "state", "when", "text"], words)?,
        platform_record => report.platform_record.iter().map(answer).collect::<Vec<_>>(),
        platform_record_head => heads("platform_record", &["question", "answer", "records"], words)?,
    })
}

fn service_head(words: Words<'_>) -> Result<Vec<String>> {
    heads("service", &["party", "contacts", "kept", "broken", "wait", "answer", "rule_text", "closed"], words)
}

fn heads(table: &str, columns: &[&str], words: Words<'_>) -> Result<Vec<String>> {
    columns.iter().map(|column| words.plain(&format!("html.{table}.{column}"))).collect()
}

/// Returns channel, state, dates and what to know of a way.
fn route(way: &Channel, words: Words<'_>) -> Result<Vec<String>> {
    let from = if way.provisional { "html.route.from_provisional" } else { "html.route.from" };
    let dates = [(from, &way.from), ("html.route.until", &way.until)];
    let dates = dates.into_iter().filter_map(|(key, day)| Some((key, day.as_deref()?)));
    let dates = dates.map(|(key, day)| words.with(key, &[("day", day)])).collect::<Result<Vec<String>>>()?;
    Ok(vec![way.label.clone(), way.state_label.clone(), dates.join(" · "), way.text.clone()])
}

fn answer(answer: &PlatformAnswer) -> Vec<String> {
    vec![answer.label.clone(), answer.answer.clone(), answer.records.join(" · ")]
}

fn service(party: &Service, words: Words<'_>) -> Result<Vec<String>> {
    let wait = match party.median_wait_s {
        Some(seconds) => words.with("html.service.seconds", &[("seconds", &seconds.to_string())])?,
        None => "—".to_owned(),
    };
    let days = match &party.median_days_to_answer {
        Some(days) => words.with("html.service.days", &[("days", days)])?,
        None => "—".to_owned(),
    };
    Ok(vec![
        party.party.clone(),
        party.contacts.to_string(),
        party.promises_kept.to_string(),
        party.promises_broken.to_string(),
        wait,
        days,
        party.rule_text_given.clone(),
        party.closed.clone(),
    ])
}
