//! `case.toml` as written.

use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use crate::rules::check::Text;

type Words = Option<String>;
type Time = Option<Spanned<Datetime>>;
type Tables<T> = Vec<Spanned<T>>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CaseSpec {
    pub(super) schema: Option<Text>,
    pub(super) title: Words,
    pub(super) province: Words,
    pub(super) as_of: Time,
    pub(super) complainant: Option<ComplainantSpec>,
    #[serde(default)]
    pub(super) line: Tables<LineSpec>,
    #[serde(default)]
    pub(super) subscription: Tables<SubscriptionSpec>,
    #[serde(default)]
    pub(super) source: Tables<SourceSpec>,
    #[serde(default)]
    pub(super) statement: Tables<StatementSpec>,
    #[serde(default)]
    pub(super) coverage: Tables<CoverageSpec>,
    #[serde(default)]
    pub(super) opening: Tables<OpeningSpec>,
    #[serde(default)]
    pub(super) contact: Tables<ContactSpec>,
    #[serde(default)]
    pub(super) incident: Tables<IncidentSpec>,
    #[serde(default)]
    pub(super) attachment: Tables<AttachmentSpec>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ComplainantSpec {
    pub(super) name: Words,
    pub(super) phone: Words,
    pub(super) address: Words,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LineSpec {
    pub(super) msisdn: Option<Text>,
    pub(super) operator: Option<Text>,
    pub(super) billing: Option<Text>,
    pub(super) respondent: Words,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SubscriptionSpec {
    pub(super) msisdn: Option<Text>,
    pub(super) product: Option<Text>,
    pub(super) start: Time,
    pub(super) end: Time,
    pub(super) auto_renew: Option<bool>,
    pub(super) cancelled_at: Time,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SourceSpec {
    pub(super) file: Option<Text>,
    pub(super) msisdn: Option<Text>,
    pub(super) format: Words,
    pub(super) year: Option<Spanned<i32>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StatementSpec {
    pub(super) about: Option<Text>,
    pub(super) text: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CoverageSpec {
    pub(super) file: Option<Text>,
    pub(super) msisdn: Option<Text>,
    pub(super) kinds: Option<Spanned<Vec<Text>>>,
    pub(super) start: Time,
    pub(super) end: Time,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OpeningSpec {
    pub(super) msisdn: Option<Text>,
    pub(super) rollover: Option<Text>,
    pub(super) allowance: Words,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ContactSpec {
    pub(super) at: Time,
    pub(super) channel: Option<Text>,
    pub(super) agent_id: Words,
    pub(super) ticket: Words,
    pub(super) answered_after_s: Option<u32>,
    pub(super) said: Words,
    pub(super) promise: Words,
    pub(super) due: Time,
    pub(super) outcome: Option<Text>,
    pub(super) rule_text_given: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IncidentSpec {
    pub(super) start: Time,
    pub(super) end: Time,
    pub(super) place: Words,
    #[serde(default)]
    pub(super) rural: bool,
    pub(super) symptom: Words,
    #[serde(default)]
    pub(super) tried: Vec<String>,
    pub(super) ticket: Words,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AttachmentSpec {
    pub(super) file: Option<Text>,
    pub(super) about: Words,
    pub(super) obtained: Words,
}
