//! What the records say and what happened: use by day, facts, moments, conversations.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Place;

report_type! {
    /// Use of one kind by day of a cycle, in base units: seconds, messages, bytes.
    UsageDays {
        /// Number.
        msisdn: String,
        /// Cycle.
        period: String,
        /// `voice`, `sms`, `mms` or `data`.
        unit: String,
        /// Base units that the rules grant for the cycle, all buckets together.
        granted: u64,
        /// Base units that allowances and packs covered, by day.
        inside: Vec<u64>,
        /// Base units outside, by day.
        outside: Vec<u64>,
        /// When the last bucket was used up, if use outside followed.
        overage_from: Option<String>,
        /// Yuan that the list states, by day; empty when no record states a fee.
        fees: Vec<String>,
    }
}

report_type! {
    /// What the records of one kind say about one cycle.
    FactSheet {
        /// Number.
        msisdn: String,
        /// Cycle.
        period: String,
        /// Kind of record.
        kind: String,
        /// Files that hold the records.
        paths: Vec<String>,
        /// How many records.
        events: u64,
        /// Base units of all records: seconds, messages, bytes.
        volume: u64,
        /// The facts as sentences.
        sentences: Vec<String>,
        /// The first record.
        first: Option<FactEvent>,
        /// The last record.
        last: Option<FactEvent>,
        /// Use by part of the month, day, hour, direction, app and network; only what the list carries.
        tables: Vec<FactTable>,
        /// The ten biggest records.
        biggest: Vec<FactEvent>,
    }
}

report_type! {
    /// Use of one kind, divided by one field.
    FactTable {
        /// `half`, `day`, `hour`, `direction`, `app` or `access`.
        by: String,
        /// Its parts, in the order of time or the largest first.
        parts: Vec<FactPart>,
    }
}

report_type! {
    /// One part of the use.
    FactPart {
        /// Value of the field; empty when the records leave it empty, `*` for all the smaller ones together.
        name: String,
        /// How many records.
        events: u64,
        /// Base units.
        volume: u64,
        /// The volume in words, e.g. `150.2 GB`.
        shown: String,
        /// Share of all, in percent with one decimal.
        share: String,
    }
}

report_type! {
    /// One record, quoted as a fact.
    FactEvent {
        /// When it began.
        at: String,
        /// Base units.
        volume: u64,
        /// The volume in words.
        shown: String,
        /// App or service; empty = not stated.
        app: String,
        /// Network or access point of a data session; empty = not stated. Other people's numbers stay in the list.
        access: String,
        /// Where it stands.
        source: Place,
    }
}

report_type! {
    /// Something that happened.
    Moment {
        /// `YYYY-MM-DD` or `YYYY-MM-DD HH:MM:SS`.
        at: String,
        /// `bill`, `order`, `exhausted`, `payment`, `contact`, `promise` or `fault`.
        kind: String,
        /// What happened, in words.
        text: String,
        /// Yuan, where it is about an amount.
        amount: Option<String>,
        /// Where it stands; null when case.toml tells it.
        source: Option<Place>,
    }
}

report_type! {
    /// One conversation about the case, as the complainant wrote it down.
    Contact {
        /// When.
        at: String,
        /// With whom: code of the channel.
        channel: String,
        /// With whom, in words.
        party: String,
        /// 工号.
        agent_id: Option<String>,
        /// 工单号.
        ticket: Option<String>,
        /// What was said.
        said: Option<String>,
        /// What was promised.
        promise: Option<String>,
        /// When the promise is due.
        due: Option<String>,
        /// `kept`, `broken` or `open`.
        outcome: Option<String>,
        /// Waiting time.
        answered_after_s: Option<u32>,
        /// Whether the plan rule was given in writing when asked.
        rule_text_given: Option<bool>,
    }
}
