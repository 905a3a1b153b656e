//! The records of one file, each with the line that it names.

use std::collections::BTreeMap;

use crate::model::record::{BillLine, Charge, Order, Payment, WalletEntry};
use crate::model::usage::{UsageEvent, UsageTable};

/// A record and the line that its row or file names; empty = not said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owned<T> {
    /// Number of the line.
    pub msisdn: String,
    /// The record.
    pub record: T,
}

/// The records of one file in the order of its rows.
#[derive(Debug, Clone, Default)]
pub struct Records {
    /// Usage events.
    pub usage: UsageTable,
    /// Lines of the usage events: index into [`Records::owners`], by event.
    pub usage_owners: Vec<u32>,
    /// Numbers that usage rows name.
    pub owners: Vec<String>,
    owner_ids: BTreeMap<String, u32>,
    /// Bill lines.
    pub bill: Vec<Owned<BillLine>>,
    /// Payments; they name their line themselves.
    pub payments: Vec<Payment>,
    /// Orders.
    pub orders: Vec<Owned<Order>>,
    /// Details of bill lines.
    pub charges: Vec<Owned<Charge>>,
    /// Balance log.
    pub wallet: Vec<Owned<WalletEntry>>,
}

impl Records {
    /// Makes place for so many further usage events.
    pub fn reserve_usage(&mut self, events: usize) {
        self.usage_owners.reserve_exact(events);
        self.usage.reserve(events);
    }

    /// Adds a usage event of a line.
    pub fn push_usage(&mut self, msisdn: &str, event: &UsageEvent<'_>) {
        let owner = self.owner_ids.get(msisdn).copied().unwrap_or_else(|| {
            let id = self.owners.len() as u32;
            self.owners.push(msisdn.to_owned());
            self.owner_ids.insert(msisdn.to_owned(), id);
            id
        });
        self.usage_owners.push(owner);
        self.usage.push(event);
    }

    /// Returns the usage events with the line that each names.
    pub fn usage_events(&self) -> impl Iterator<Item = (&str, UsageEvent<'_>)> {
        let owners = self.usage_owners.iter().map(|owner| self.owners[*owner as usize].as_str());
        owners.zip(self.usage.events())
    }
}
