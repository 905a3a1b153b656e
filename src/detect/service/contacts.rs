//! What the detectors of service ask of `[[contact]]`, and how their findings look.

use crate::detect::{Facts, Stake};
use crate::model::case::Contact;
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::period::{Cycle, Day};

/// Days before the end of a term from which it is called near.
pub const NEAR_DAYS: i64 = 30;

impl<'a> Facts<'a> {
    /// Returns whether the line answers for contacts and faults, which belong to the case and name no line: the first
    /// line that case.toml names does, else the first that is billed, else the first.
    pub fn answers_for_contacts(&self) -> bool {
        let lines = || self.case.lines.iter();
        let named =
            self.case.file.lines.iter().find_map(|named| lines().find(|it| it.info.msisdn == named.msisdn));
        let first = named.or_else(|| lines().find(|line| !line.bill.is_empty())).or_else(|| lines().next());
        first.is_some_and(|first| first.info.msisdn == self.line.info.msisdn)
    }

    /// Returns the contacts by time, of the line that answers for them; the others have none.
    pub fn contacts(&self) -> Vec<&'a Contact> {
        let answers = self.answers_for_contacts();
        let mut contacts: Vec<&Contact> =
            if answers { self.case.file.contacts.iter().collect() } else { vec![] };
        contacts.sort_by_key(|contact| contact.at);
        contacts
    }

    /// Returns the later contacts of the same matter: those of the ticket, or with the same party where no
    /// ticket is noted.
    pub fn later_of(&self, contact: &'a Contact) -> impl Iterator<Item = &'a Contact> {
        let same = |other: &Contact| match &contact.ticket {
            Some(ticket) => other.ticket.as_ref() == Some(ticket),
            None => other.channel == contact.channel,
        };
        self.case.file.contacts.iter().filter(move |other| other.at > contact.at && same(other))
    }

    /// Returns how many days are left until the end of a day; negative when it is over.
    pub fn days_left(&self, day: Day) -> i64 {
        (day - self.case.as_of).num_days()
    }
}

/// Returns the stake of a contact: no yuan hang on it.
pub fn stake(contact: &Contact) -> Stake {
    let day = contact.at.day();
    let party = Message::new(format!("common.channel.{}", contact.channel));
    Stake {
        subject: format!("{}|{}", contact.channel, contact.at),
        what: Message::new("service.what.contact").text("day", day).message("party", party),
        ..of_time(Cycle::of(day), Some(day))
    }
}

/// Returns a stake of time without yuan and without words.
pub fn of_time(cycle: Cycle, day: Option<Day>) -> Stake {
    Stake {
        cycle,
        day,
        amount: Money::ZERO,
        on: vec![],
        subject: String::new(),
        what: Message::new("service.what.month").text("month", cycle),
        evidence: vec![],
        clauses: vec![],
        missing: vec![],
    }
}

/// Returns whether the contact is not known to be settled: its outcome is open or not noted.
pub fn is_open(contact: &Contact) -> bool {
    contact.outcome.as_deref().is_none_or(|outcome| outcome == "open")
}
