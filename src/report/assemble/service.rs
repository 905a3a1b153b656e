//! The service record: what each party promised and kept.

use std::collections::BTreeMap;

use crate::error::Result;
use crate::model::case::Contact;
use crate::report::assemble::Desk;
use crate::report::model::{self, Service};

/// Returns the record of every party that was contacted, by channel.
pub fn service(desk: &Desk<'_>) -> Result<Vec<Service>> {
    let mut parties: BTreeMap<&str, Vec<&Contact>> = BTreeMap::new();
    for contact in &desk.case.file.contacts {
        parties.entry(&contact.channel).or_default().push(contact);
    }
    parties.into_iter().map(|(channel, contacts)| party(desk, channel, &contacts)).collect()
}

/// Returns the conversations about the case, by time.
pub fn contacts(desk: &Desk<'_>) -> Result<Vec<model::Contact>> {
    let mut contacts: Vec<&Contact> = desk.case.file.contacts.iter().collect();
    contacts.sort_by_key(|contact| contact.at);
    let written = |contact: &Contact| {
        Ok(model::Contact {
            at: contact.at.to_string(),
            channel: contact.channel.clone(),
            party: party_name(desk, &contact.channel)?,
            agent_id: contact.agent_id.clone(),
            ticket: contact.ticket.clone(),
            said: contact.said.clone(),
            promise: contact.promise.clone(),
            due: contact.due.map(|due| due.to_string()),
            outcome: contact.outcome.clone(),
            answered_after_s: contact.answered_after_s,
            rule_text_given: contact.rule_text_given,
        })
    };
    contacts.into_iter().map(written).collect()
}

/// Returns the party behind a channel in words.
pub fn party_name(desk: &Desk<'_>, channel: &str) -> Result<String> {
    let key = format!("common.channel.{channel}");
    if desk.wording.has(&key) { desk.wording.word(&key) } else { Ok(channel.to_owned()) }
}

fn party(desk: &Desk<'_>, channel: &str, contacts: &[&Contact]) -> Result<Service> {
    let outcomes = |outcome: &str| {
        contacts
            .iter()
            .filter(|contact| contact.promise.is_some() && contact.outcome.as_deref() == Some(outcome))
            .count()
    };
    let asked: Vec<bool> = contacts.iter().filter_map(|contact| contact.rule_text_given).collect();
    let given = asked.iter().filter(|given| **given).count();
    let waits: Vec<u32> = contacts.iter().filter_map(|contact| contact.answered_after_s).collect();
    Ok(Service {
        party: party_name(desk, channel)?,
        contacts: contacts.len() as u32,
        promises_kept: outcomes("kept") as u32,
        promises_broken: outcomes("broken") as u32,
        median_wait_s: twice_median(waits).map(|twice| twice / 2),
        median_days_to_answer: twice_median(days_to_answer(contacts)).map(halved),
        rule_text_given: format!("{given}/{}", asked.len()),
        closed: closed(contacts),
    })
}

/// Returns how many matters ended with a kept promise, of all: `1/2`.
fn closed(contacts: &[&Contact]) -> String {
    let matters = matters(contacts);
    let kept = |matter: &&Vec<&Contact>| {
        matter.last().is_some_and(|contact| contact.outcome.as_deref() == Some("kept"))
    };
    format!("{}/{}", matters.iter().filter(kept).count(), matters.len())
}

/// Returns the matters, each with its contacts by time: those of one ticket, and each contact without a ticket.
pub fn matters<'a>(contacts: &[&'a Contact]) -> Vec<Vec<&'a Contact>> {
    let mut by_ticket: BTreeMap<&str, Vec<&Contact>> = BTreeMap::new();
    let mut matters = vec![];
    for contact in contacts {
        match contact.ticket.as_deref() {
            Some(ticket) => by_ticket.entry(ticket).or_default().push(contact),
            None => matters.push(vec![*contact]),
        }
    }
    matters.extend(by_ticket.into_values());
    matters.iter_mut().for_each(|matter| matter.sort_by_key(|contact| contact.at));
    matters.sort_by_key(|matter| matter.first().map(|contact| contact.at));
    matters
}

/// Returns the days from the first contact of a ticket to the first later one in which something was said.
pub fn days_to_answer(contacts: &[&Contact]) -> Vec<u32> {
    let days = |matter: Vec<&Contact>| {
        let answer = matter.iter().skip(1).find(|contact| contact.said.is_some())?;
        let days = (answer.at.day() - matter.first()?.at.day()).num_days();
        Some(u32::try_from(days).unwrap_or(0))
    };
    matters(contacts).into_iter().filter_map(days).collect()
}

/// Returns twice the median, so that the half of an even count stays exact.
pub fn twice_median(mut values: Vec<u32>) -> Option<u32> {
    values.sort_unstable();
    let middle = values.len() / 2;
    let upper = *values.get(middle)?;
    let lower = if values.len().is_multiple_of(2) { *values.get(middle.checked_sub(1)?)? } else { upper };
    lower.checked_add(upper)
}

/// Writes half of it.
pub fn halved(twice: u32) -> String {
    if twice.is_multiple_of(2) { (twice / 2).to_string() } else { format!("{}.5", twice / 2) }
}
