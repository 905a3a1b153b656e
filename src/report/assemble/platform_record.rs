//! The four questions that one asks of a platform that sells or resells: was its qualification shown, how fast does it
//! answer, are problems closed, are complaints put right. Answers come from records only; what is not noted is
//! said to be not noted.

use crate::error::Result;
use crate::model::case::Contact;
use crate::model::message::Message;
use crate::reconcile::qualification_word;
use crate::report::assemble::{Desk, service};
use crate::report::model::PlatformAnswer;

/// Contacts with the platform under `[[contact]]`.
const PLATFORM: &str = "platform";

/// Returns the four questions with their answers; none where no contact with a platform is noted.
pub fn platform_record(desk: &Desk<'_>) -> Result<Vec<PlatformAnswer>> {
    let contacts: Vec<&Contact> =
        desk.case.file.contacts.iter().filter(|contact| contact.channel == PLATFORM).collect();
    if contacts.is_empty() {
        return Ok(Vec::new());
    }
    let answers = [
        ("qualification", qualification(desk)),
        ("response", response(&contacts)),
        ("closed", closed(&contacts)),
        ("corrected", corrected(&contacts)),
    ];
    answers
        .into_iter()
        .map(|(question, (answer, records))| {
            Ok(PlatformAnswer {
                question: question.to_owned(),
                label: desk.wording.word(&format!("platform.question.{question}"))?,
                answer: desk.say(&answer)?,
                records,
            })
        })
        .collect()
}

/// An attachment that is about a licence was shown; what somebody said of one is no licence.
fn qualification(desk: &Desk<'_>) -> (Message, Vec<String>) {
    let shows =
        |texts: [Option<&str>; 2]| texts.into_iter().flatten().any(|it| qualification_word(it).is_some());
    let shown = desk.case.file.attachments.iter().filter(|it| shows([Some(&it.file), it.about.as_deref()]));
    let files: Vec<String> = shown.map(|attachment| attachment.file.clone()).collect();
    let key = if files.is_empty() { "platform.qualification.none" } else { "platform.qualification.shown" };
    (Message::new(key).count("count", files.len()), files)
}

fn response(contacts: &[&Contact]) -> (Message, Vec<String>) {
    let waits: Vec<u32> = contacts.iter().filter_map(|contact| contact.answered_after_s).collect();
    let days = service::days_to_answer(contacts);
    let noted =
        contacts.iter().filter(|contact| contact.answered_after_s.is_some() || contact.said.is_some());
    let records = noted.map(|contact| contact.at.to_string()).collect();
    let wait = service::twice_median(waits).map(|twice| twice / 2);
    let days = service::twice_median(days).map(service::halved);
    let message = match (wait, days) {
        (Some(wait), Some(days)) => {
            Message::new("platform.response.both").text("wait", wait).text("days", days)
        }
        (Some(wait), None) => Message::new("platform.response.wait").text("wait", wait),
        (None, Some(days)) => Message::new("platform.response.days").text("days", days),
        (None, None) => Message::new("platform.response.none"),
    };
    (message, records)
}

/// A matter is closed when the last word on it is that the promise was kept.
fn closed(contacts: &[&Contact]) -> (Message, Vec<String>) {
    let matters = service::matters(contacts);
    let is_kept = |contact: &&Contact| contact.outcome.as_deref() == Some("kept");
    let last = || matters.iter().filter_map(|matter| matter.last().copied());
    let open = last().filter(|contact| !is_kept(contact)).map(name).collect();
    counted("closed", last().filter(is_kept).count(), matters.len(), open)
}

/// A complaint is a matter that was broken or open at some time; it is put right when it was kept later.
fn corrected(contacts: &[&Contact]) -> (Message, Vec<String>) {
    let failed = |contact: &&Contact| matches!(contact.outcome.as_deref(), Some("broken" | "open"));
    let matters = service::matters(contacts);
    let complaints: Vec<&Vec<&Contact>> =
        matters.iter().filter(|matter| matter.iter().any(&failed)).collect();
    let right =
        |matter: &&&Vec<&Contact>| matter.last().is_some_and(|last| last.outcome.as_deref() == Some("kept"));
    let open = complaints.iter().filter(|matter| !right(matter)).filter_map(|matter| matter.last().copied());
    let open = open.map(name).collect();
    counted("corrected", complaints.iter().filter(right).count(), complaints.len(), open)
}

fn counted(what: &str, done: usize, all: usize, open: Vec<String>) -> (Message, Vec<String>) {
    if all == 0 {
        return (Message::new(format!("platform.{what}.none")), open);
    }
    (Message::new(format!("platform.{what}.some")).text("done", done).text("all", all), open)
}

/// Names a matter by its ticket, else by its time.
fn name(contact: &Contact) -> String {
    contact.ticket.clone().unwrap_or_else(|| contact.at.to_string())
}
