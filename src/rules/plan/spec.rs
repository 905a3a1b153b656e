//! A plan file as written.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use crate::rules::check::Text;

type Flag = Option<bool>;
type Date = Option<Spanned<Datetime>>;
type Tables<T> = Vec<Spanned<T>>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlanSpec {
    pub(super) schema: Option<Text>,
    pub(super) id: Option<Text>,
    pub(super) name: Option<Text>,
    #[serde(default)]
    pub(super) aliases: Vec<Text>,
    pub(super) operator: Option<Text>,
    pub(super) kind: Option<Text>,
    pub(super) effective_from: Date,
    pub(super) effective_to: Date,
    #[serde(default)]
    pub(super) clause: Tables<ClauseSpec>,
    pub(super) fee: Option<Spanned<FeeSpec>>,
    #[serde(default)]
    pub(super) allowance: Tables<AllowanceSpec>,
    pub(super) consumption: Option<Spanned<ConsumptionSpec>>,
    #[serde(default)]
    pub(super) rate: Tables<RateSpec>,
    #[serde(default)]
    pub(super) cap: Tables<CapSpec>,
    #[serde(default)]
    pub(super) credit: Tables<CreditSpec>,
    pub(super) pack: Option<Spanned<PackSpec>>,
    #[serde(default)]
    pub(super) reading: Tables<ReadingSpec>,
    #[serde(default)]
    pub(super) example: Tables<ExampleSpec>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClauseSpec {
    pub(super) id: Option<Text>,
    pub(super) text: Option<Text>,
    pub(super) source: Option<Text>,
    pub(super) retrieved: Date,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FeeSpec {
    pub(super) monthly: Option<Text>,
    pub(super) first_month: Option<Text>,
    pub(super) counts_activation_day: Flag,
    pub(super) day_rate: Option<Text>,
    pub(super) allowance_first_month: Option<Text>,
    pub(super) last_month: Option<Text>,
    pub(super) suspended: Option<Text>,
    #[serde(default)]
    pub(super) billed_as: Vec<String>,
    pub(super) clause: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MatchSpec {
    pub(super) direction: Option<Text>,
    pub(super) scope: Option<Spanned<Vec<Text>>>,
    pub(super) app: Option<Spanned<Vec<String>>>,
    pub(super) hours: Option<Text>,
    pub(super) peer: Option<Spanned<Vec<String>>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AllowanceSpec {
    pub(super) id: Option<Text>,
    pub(super) unit: Option<Text>,
    pub(super) amount: Option<Text>,
    #[serde(rename = "match")]
    pub(super) matches: Option<Spanned<MatchSpec>>,
    #[serde(default)]
    pub(super) shared_with: Vec<String>,
    pub(super) rollover: Option<Text>,
    pub(super) clause: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ConsumptionSpec {
    pub(super) order: Option<Spanned<Vec<Text>>>,
    pub(super) tie: Option<Text>,
    pub(super) clause: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StageSpec {
    pub(super) to: Option<Text>,
    pub(super) price: Option<Text>,
    pub(super) cap: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RateSpec {
    pub(super) id: Option<Text>,
    pub(super) unit: Option<Text>,
    #[serde(rename = "match")]
    pub(super) matches: Option<Spanned<MatchSpec>>,
    pub(super) per: Option<Text>,
    pub(super) count: Option<Text>,
    pub(super) round: Option<Text>,
    pub(super) stages: Option<Spanned<Tables<StageSpec>>>,
    pub(super) price_per: Option<Text>,
    pub(super) money_round: Option<Text>,
    pub(super) money_scale: Option<Spanned<u32>>,
    pub(super) repeat: Flag,
    #[serde(default)]
    pub(super) billed_as: Vec<String>,
    pub(super) clause: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CapSpec {
    pub(super) unit: Option<Text>,
    pub(super) amount: Option<Text>,
    pub(super) clause: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CreditSpec {
    pub(super) id: Option<Text>,
    pub(super) amount: Option<Text>,
    pub(super) first_cycle: Option<Text>,
    pub(super) cycles: Option<Spanned<u32>>,
    #[serde(default)]
    pub(super) billed_as: Vec<String>,
    pub(super) clause: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PackSpec {
    pub(super) price: Option<Text>,
    pub(super) validity: Option<Text>,
    pub(super) auto_renew: Flag,
    pub(super) renewal_notice_days: Option<u32>,
    #[serde(default)]
    pub(super) billed_as: Vec<String>,
    pub(super) clause: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReadingSpec {
    pub(super) id: Option<Text>,
    pub(super) clause: Option<Text>,
    pub(super) set: Option<Spanned<toml::Table>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UseSpec {
    pub(super) unit: Option<Text>,
    pub(super) amount: Option<Text>,
    pub(super) at: Option<Text>,
    #[serde(default)]
    pub(super) outside: bool,
    pub(super) app: Option<String>,
    pub(super) scope: Option<Text>,
    pub(super) direction: Option<Text>,
    pub(super) peer: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExampleSpec {
    pub(super) name: Option<Text>,
    pub(super) start: Date,
    #[serde(default, rename = "use")]
    pub(super) uses: Tables<UseSpec>,
    pub(super) expect: Option<Spanned<BTreeMap<Text, Text>>>,
    pub(super) source: Option<Text>,
}
