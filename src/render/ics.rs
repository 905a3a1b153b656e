//! Deadlines and promises as a calendar file: whole days, with a reminder a week and a day ahead. The time stamp is
//! the day of the calculation and ids come from content, so the same report gives the same bytes.

use std::collections::BTreeMap;

use chrono::{Duration, NaiveDate};
use icalendar::{Alarm, Calendar, Component as _, Event, EventLike as _};
use sha2::{Digest as _, Sha256};

use crate::error::Result;
use crate::render::visible::visible;
use crate::render::words::Words;
use crate::report::model::{Contact, Report};
use crate::report::wording::Wording;

/// Days before a date on which the calendar reminds of it.
const REMINDERS: [i64; 2] = [7, 1];

/// One entry before it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    day: NaiveDate,
    summary: String,
    description: Vec<String>,
    /// What the id is made from.
    key: String,
}

/// Returns the dates of the report as a calendar; one without dates is a calendar without entries.
///
/// # Errors
/// When a sentence is missing in the wording files.
pub fn render(report: &Report, wording: &Wording) -> Result<String> {
    let words = Words(wording);
    let mut entries = deadlines(report, words)?;
    for contact in &report.contacts {
        entries.extend(promise(report, contact, words)?);
    }
    entries.sort_by(|a, b| (a.day, &a.summary, &a.key).cmp(&(b.day, &b.summary, &b.key)));
    let stamp = format!("{}T000000Z", report.as_of.replace('-', ""));
    let mut calendar = Calendar::empty();
    calendar.append_property(("VERSION", "2.0")).append_property(("CALSCALE", "GREGORIAN"));
    let product = format!("-//mingzhang//{}//ZH", report.program.version);
    calendar.append_property(("PRODID", product.as_str()));
    calendar.name(&visible(&report.title));
    for entry in &entries {
        calendar.push(event(entry, report, &stamp));
    }
    Ok(calendar.to_string())
}

/// Returns every date once, with the findings that it belongs to.
fn deadlines(report: &Report, words: Words<'_>) -> Result<Vec<Entry>> {
    let mut dates: BTreeMap<(NaiveDate, &str, &str, &str), Vec<String>> = BTreeMap::new();
    for finding in &report.findings {
        for date in &finding.deadlines {
            let Ok(day) = date.safe_until.parse() else { continue };
            let key = (day, date.what.as_str(), date.label.as_str(), date.at_the_latest.as_str());
            let line = words.with("ics.finding", &[("code", &finding.code), ("title", &finding.title)])?;
            let lines = dates.entry(key).or_default();
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
    }
    let entry =
        |((day, what, label, latest), mut description): ((NaiveDate, &str, &str, &str), Vec<String>)| {
            description.insert(0, words.with("ics.latest", &[("day", latest)])?);
            Ok(Entry { day, summary: label.to_owned(), description, key: format!("{what}|{day}|{latest}") })
        };
    dates.into_iter().map(entry).collect()
}

/// Returns the promise of a conversation, unless it is known to be kept.
fn promise(report: &Report, contact: &Contact, words: Words<'_>) -> Result<Option<Entry>> {
    let due = contact.due.as_deref().and_then(|due| due.get(..10)?.parse().ok());
    let (Some(promise), Some(day)) = (&contact.promise, due) else { return Ok(None) };
    if contact.outcome.as_deref() == Some("kept") {
        return Ok(None);
    }
    let args = [("party", contact.party.as_str()), ("promise", promise)];
    let mut description = vec![words.with("ics.promised_at", &[("at", &contact.at)])?];
    if let Some(ticket) = &contact.ticket {
        description.push(words.with("ics.ticket", &[("ticket", ticket)])?);
    }
    let key = format!("promise|{}|{}|{promise}", report.as_of, contact.at);
    Ok(Some(Entry { day, summary: words.with("ics.promise", &args)?, description, key }))
}

fn event(entry: &Entry, report: &Report, stamp: &str) -> Event {
    let uid = uid(&format!("{}|{}", report.id, entry.key));
    let summary = visible(&entry.summary);
    let mut event = Event::new();
    event.uid(&uid).summary(&summary).description(&visible(&entry.description.join("\n"))).starts(entry.day);
    // The end of a whole day is the day after it.
    event.ends(entry.day.succ_opt().unwrap_or(entry.day));
    event.add_property("DTSTAMP", stamp).add_property("TRANSP", "TRANSPARENT");
    for days in REMINDERS {
        let mut alarm = Alarm::display(&summary, -Duration::days(days));
        alarm.uid(&format!("{days}-{uid}")).add_property("DTSTAMP", stamp);
        event.alarm(alarm);
    }
    event.done()
}

fn uid(content: &str) -> String {
    let hash = Sha256::digest(content.as_bytes());
    let hex: String = hash.iter().take(10).map(|byte| format!("{byte:02x}")).collect();
    format!("{hex}@mingzhang")
}
