//! Rounding audit: which single change of counting or rounding makes a rate give the figure that was charged.

use crate::error::Result;
use crate::model::case::Line;
use crate::model::interval::Interval;
use crate::model::message::Message;
use crate::model::money::{Money, MoneyRounding};
use crate::model::period::Cycle;
use crate::model::plan::{Per, Plan, Rate, StepRounding};
use crate::model::quantity::{GB, KB, MB, Unit};
use crate::rating::counting::Counting;
use crate::rating::outcome::{Change, RatedLine};
use crate::rating::{Detail, rerate_to};

/// One way in which an operator may have counted otherwise than its text says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoundingChange {
    /// Volume is rounded to steps in this way.
    Round(StepRounding),
    /// Volume is added up over this before it is rounded.
    Per(Per),
    /// Steps and stages of the rate are counted in 1000 instead of 1024.
    RateIn1000,
    /// The data allowances of this plan or pack are granted in 1000 instead of 1024.
    AllowanceIn1000 {
        /// Id of the plan or pack.
        plan: String,
    },
    /// Money is rounded in this way.
    MoneyRound(MoneyRounding),
    /// Money is rounded to this many decimals.
    MoneyScale(u32),
}

impl RoundingChange {
    /// Returns the change as a half-sentence: "… gives the figure".
    pub fn words(&self) -> Message {
        let key = |name: &str| Message::new(format!("rating.rounding.{name}"));
        match self {
            Self::Round(StepRounding::Up) => key("round-up"),
            Self::Round(StepRounding::Down) => key("round-down"),
            Self::Round(StepRounding::Exact) => key("round-exact"),
            Self::Per(Per::Event) => key("per-event"),
            Self::Per(Per::Day) => key("per-day"),
            Self::Per(Per::Cycle) => key("per-cycle"),
            Self::RateIn1000 => key("rate-in-1000"),
            Self::AllowanceIn1000 { plan } => key("allowance-in-1000").text("plan", plan),
            Self::MoneyRound(MoneyRounding::HalfUp) => key("money-half-up"),
            Self::MoneyRound(MoneyRounding::Truncate) => key("money-truncate"),
            Self::MoneyScale(scale) => key("money-scale").count("scale", *scale as usize),
        }
    }
}

/// Returns every single change under which the rate `plan`/`rate` gives just the charged figure. `plan` may be a
/// pack; what is granted is tried for every plan and pack that the rate's events could draw from.
///
/// Empty when the rules as written give it already, when no change does, or when the rate was not in force.
/// Two changes that both give it are both returned: the papers do not tell them apart (fine print 28).
///
/// # Errors
/// When an amount leaves the exact range.
pub fn rounding_audit(
    line: &Line,
    rated: &RatedLine,
    cycle: Cycle,
    (plan, rate): (&str, &str),
    charged: Money,
) -> Result<Vec<RoundingChange>> {
    let rule = format!("{plan}/rate.{rate}");
    let as_written = rated.cycles.get(&cycle).and_then(|it| it.items.iter().find(|item| item.rule == rule));
    let texts = texts(rated, cycle);
    let named = texts.iter().filter(|text| text.id == plan).flat_map(|text| &text.rates);
    let Some(rate) = named.into_iter().find(|known| known.id == rate) else { return Ok(Vec::new()) };
    if as_written.is_none_or(|item| item.amount == Interval::exact(charged)) {
        return Ok(Vec::new());
    }
    let counting = Counting::of(line, rated, cycle, rate)?;
    let mut found = Vec::new();
    for (candidate, change) in candidates(plan, rate, &texts) {
        let amount = match (&counting, &change) {
            (Some(counting), Change::RateReplaced { rate, .. }) => {
                Some(Interval::exact(counting.amount(rate)?))
            }
            _ => {
                let changed = rerate_to(line, rated, cycle, &change, Detail::Amounts)?;
                changed.items.iter().find(|item| item.rule == rule).map(|item| item.amount)
            }
        };
        if amount == Some(Interval::exact(charged)) {
            found.push(candidate);
        }
    }
    Ok(found)
}

/// Returns the texts of plans and packs in force in the cycle, each id once.
fn texts(rated: &RatedLine, cycle: Cycle) -> Vec<&Plan> {
    let mut texts: Vec<&Plan> = Vec::new();
    let in_force = &rated.in_force;
    let plans = in_force.plans_in(cycle).map(|plan| &*plan.plan);
    for text in plans.chain(in_force.packs_in(cycle).map(|pack| &*pack.pack)) {
        if !texts.iter().any(|known| known.id == text.id) {
            texts.push(text);
        }
    }
    texts
}

fn candidates(plan: &str, rate: &Rate, texts: &[&Plan]) -> Vec<(RoundingChange, Change)> {
    let rounds = [StepRounding::Up, StepRounding::Down, StepRounding::Exact].map(RoundingChange::Round);
    let pers = [Per::Event, Per::Day, Per::Cycle].map(RoundingChange::Per);
    let money = [MoneyRounding::HalfUp, MoneyRounding::Truncate].map(RoundingChange::MoneyRound);
    let scales = [0, 1, 2].map(RoundingChange::MoneyScale);
    let of_rate =
        rounds.into_iter().chain(pers).chain([RoundingChange::RateIn1000]).chain(money).chain(scales);
    let mut all: Vec<(RoundingChange, Change)> = Vec::new();
    for candidate in of_rate {
        let changed = changed_rate(rate, &candidate);
        if changed != *rate {
            all.push((candidate, Change::RateReplaced { plan: plan.to_owned(), rate: Box::new(changed) }));
        }
    }
    let granting = texts.iter().filter(|_| rate.unit == Unit::Data);
    all.extend(granting.filter_map(|text| allowances_in_1000(text)));
    all
}

fn allowances_in_1000(text: &Plan) -> Option<(RoundingChange, Change)> {
    let mut allowances = text.allowances.clone();
    for allowance in allowances.iter_mut().filter(|it| it.amount.unit == Unit::Data) {
        allowance.amount.amount = in_1000(allowance.amount.amount);
    }
    let plan = text.id.clone();
    (allowances != text.allowances).then(|| {
        let change = Change::AllowancesReplaced { plan: plan.clone(), allowances };
        (RoundingChange::AllowanceIn1000 { plan }, change)
    })
}

fn changed_rate(rate: &Rate, change: &RoundingChange) -> Rate {
    let mut rate = rate.clone();
    match *change {
        RoundingChange::Round(round) => rate.round = round,
        RoundingChange::Per(per) => rate.per = per,
        RoundingChange::MoneyRound(rule) => rate.money_round = rule,
        RoundingChange::MoneyScale(scale) => rate.money_scale = scale,
        RoundingChange::RateIn1000 if rate.unit == Unit::Data => {
            rate.count = in_1000(rate.count);
            rate.price_per = in_1000(rate.price_per);
            for to in rate.stages.iter_mut().filter_map(|stage| stage.to.as_mut()) {
                *to = in_1000(*to);
            }
        }
        RoundingChange::RateIn1000 | RoundingChange::AllowanceIn1000 { .. } => {}
    }
    rate
}

/// Returns the bytes of a volume whose text counts in 1000: 1 GB is 1000³, 100 MB are 100 × 1000².
fn in_1000(bytes: u64) -> u64 {
    let sizes = [(GB, 1_000_000_000), (MB, 1_000_000), (KB, 1_000)];
    let (size, decimal) = sizes.into_iter().find(|(size, _)| bytes >= *size).unwrap_or((1, 1));
    u64::try_from(u128::from(bytes) * decimal / u128::from(size)).unwrap_or(bytes)
}
