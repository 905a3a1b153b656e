//! What the records say and what happened: facts, timeline, conversations.

use crate::error::Result;
use crate::render::template::{Serde, Value, context};
use crate::render::words::{Words, shown};
use crate::report::model::{Contact, FactEvent, FactSheet, FactTable, Moment, Report};

/// Most moments that stand open; more are one click away and open in print.
const MOMENTS_MAX: usize = 40;

/// Returns the values of these sections.
pub fn context(report: &Report, words: Words<'_>) -> Result<Value> {
    let facts =
        report.facts.iter().map(|facts| fact_sheet(report, facts, words)).collect::<Result<Vec<_>>>()?;
    let moments = report.timeline.iter().map(|it| moment(it, words)).collect::<Result<Vec<_>>>()?;
    let contacts = report.contacts.iter().map(|it| contact(it, words)).collect::<Result<Vec<_>>>()?;
    let fold_timeline = moments.len() > MOMENTS_MAX;
    Ok(context! { facts, timeline => moments, fold_timeline, contacts })
}

fn fact_sheet(report: &Report, facts: &FactSheet, words: Words<'_>) -> Result<Value> {
    let subject = report.subjects.iter().find(|subject| subject.msisdn == facts.msisdn);
    let kind = words.code("kind", &facts.kind)?;
    let mut parts = vec![facts.period.clone(), kind];
    parts.extend(subject.filter(|_| report.subjects.len() > 1).map(|subject| subject.shown.clone()));
    let tables = facts.tables.iter().map(|table| fact_table(table, words)).collect::<Result<Vec<_>>>()?;
    let biggest = facts.biggest.iter().map(|event| fact_event(event, words)).collect::<Result<Vec<_>>>()?;
    Ok(context! {
        title => parts.join(" · "),
        paths => facts.paths.join(words.0.lang().list_separator()),
        sentences => &facts.sentences, tables, biggest,
    })
}

fn fact_table(table: &FactTable, words: Words<'_>) -> Result<Value> {
    let rows = table.parts.iter().map(|part| {
        Ok(context! {
            name => words.part_name(&part.name)?, events => part.events, volume => &part.shown,
            share => &part.share,
        })
    });
    let rows = rows.collect::<Result<Vec<_>>>()?;
    Ok(context! { by => words.plain(&format!("facts.by.{}", table.by))?, rows })
}

fn fact_event(event: &FactEvent, words: Words<'_>) -> Result<Value> {
    let source = &event.source;
    let what = [event.app.as_str(), event.access.as_str()];
    let what: Vec<&str> = what.into_iter().filter(|text| !text.is_empty()).collect();
    Ok(context! {
        at => &event.at, volume => &event.shown, what => what.join(" · "),
        place => words.place(&source.path, source.sheet.as_deref(), source.row)?,
    })
}

fn moment(moment: &Moment, words: Words<'_>) -> Result<Value> {
    let place = moment.source.as_ref().map(|it| words.place(&it.path, it.sheet.as_deref(), it.row));
    Ok(context! {
        at => &moment.at, kind => words.plain(&format!("chart.timeline.{}", moment.kind))?, text => &moment.text,
        amount => moment.amount.as_deref().map(shown).unwrap_or_default(),
        place => place.transpose()?.unwrap_or_default(),
    })
}

fn contact(contact: &Contact, words: Words<'_>) -> Result<Value> {
    let mut with = vec![contact.party.clone()];
    if let Some(agent) = &contact.agent_id {
        with.push(words.with("html.contact.agent", &[("id", agent)])?);
    }
    if let Some(ticket) = &contact.ticket {
        with.push(words.with("html.contact.ticket", &[("id", ticket)])?);
    }
    if let Some(seconds) = contact.answered_after_s {
        with.push(words.with("html.contact.wait", &[("seconds", &seconds.to_string())])?);
    }
    let outcome = match contact.outcome.as_deref() {
        Some(outcome @ ("kept" | "broken" | "open")) => {
            words.plain(&format!("timeline.outcome.{outcome}"))?
        }
        _ => String::new(),
    };
    let rule = match contact.rule_text_given {
        Some(true) => words.plain("html.contact.rule")?,
        Some(false) => words.plain("html.contact.no_rule")?,
        None => String::new(),
    };
    Ok(context! {
        at => &contact.at, with => Value::from(Serde(&with)), said => contact.said.clone().unwrap_or_default(),
        promise => contact.promise.clone().unwrap_or_default(), due => contact.due.clone().unwrap_or_default(),
        outcome, broken => contact.outcome.as_deref() == Some("broken"), rule,
    })
}
