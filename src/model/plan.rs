//! Plans and packs: the tariff text as checked data. `rules::plan` makes them, nothing else does.

use rust_decimal::Decimal;

use crate::model::case::Operator;
use crate::model::money::{Money, MoneyRounding};
use crate::model::period::Day;
use crate::model::quantity::{Unit, Volume};
use crate::model::usage::{Direction, Scope};

/// A sentence of the contract or tariff page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// Id within the plan, e.g. `3.2`.
    pub id: String,
    /// The rule's own words.
    pub text: String,
    /// Where they were read.
    pub source: String,
    /// When they were read, if known.
    pub retrieved: Option<Day>,
    /// Whether they were only told: then nothing that rests on them is proven.
    pub oral: bool,
}

/// A plan (one a line at a time) or a pack (any number on top).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlanKind {
    /// The line's plan, with its monthly fee if it has one.
    Plan(Option<Fee>),
    /// A pack.
    Pack(Pack),
}

/// A checked plan file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Unique id, kebab-case.
    pub id: String,
    /// Name as people know it.
    pub name: String,
    /// How bills and orders name it.
    pub aliases: Vec<String>,
    /// Whose it is; none = any operator's.
    pub operator: Option<Operator>,
    /// Plan or pack.
    pub kind: PlanKind,
    /// First day on which this version of the text applies; none = always.
    pub effective_from: Option<Day>,
    /// Last day (inclusive, as written) on which it applies; none = still.
    pub effective_last: Option<Day>,
    /// The rule's own words.
    pub clauses: Vec<Clause>,
    /// Included units.
    pub allowances: Vec<Allowance>,
    /// Order in which buckets are used.
    pub consumption: Consumption,
    /// What use outside every allowance costs.
    pub rates: Vec<Rate>,
    /// Ceilings of overage in a cycle.
    pub caps: Vec<Cap>,
    /// Promised reductions.
    pub credits: Vec<Credit>,
    /// Alternatives of unclear clauses; each is a whole plan with the alternative put in.
    pub readings: Vec<Reading>,
    /// Worked examples.
    pub examples: Vec<Example>,
}

impl Plan {
    /// Returns the clause of that id; validation guarantees it for ids that the plan itself names.
    pub fn clause(&self, id: &str) -> Option<&Clause> {
        self.clauses.iter().find(|clause| clause.id == id)
    }

    /// Returns whether this version of the text applies on that day.
    pub fn applies_on(&self, day: Day) -> bool {
        self.effective_from.is_none_or(|from| from <= day)
            && self.effective_last.is_none_or(|last| day <= last)
    }

    /// Returns id, name and aliases: what an order or a bill may call it.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        [self.id.as_str(), self.name.as_str()].into_iter().chain(self.aliases.iter().map(String::as_str))
    }

    /// Returns the pack part, if it is a pack.
    pub fn pack(&self) -> Option<&Pack> {
        match &self.kind {
            PlanKind::Pack(pack) => Some(pack),
            PlanKind::Plan(_) => None,
        }
    }

    /// Returns the monthly fee, if it is a plan with one.
    pub fn fee(&self) -> Option<&Fee> {
        match &self.kind {
            PlanKind::Plan(fee) => fee.as_ref(),
            PlanKind::Pack(_) => None,
        }
    }
}

/// How much of the monthly fee the cycle of joining costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirstMonth {
    /// All of it.
    Full,
    /// The days in force.
    ByDay,
    /// All for a start on day 1–15, half from day 16.
    HalfAfter15,
    /// Nothing.
    Free,
    /// Nothing, and no allowance: everything is overage.
    OverageOnly,
}

/// How an allowance or the last fee is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    /// All of it.
    Full,
    /// The days in force, an allowance rounded down to whole minutes, messages or bytes.
    ByDay,
    /// Nothing.
    Free,
}

/// How a day's share of the monthly fee is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayRate {
    /// fee × days ÷ days in the month, rounded once.
    Exact,
    /// The day rate is cut to 分; the last day takes what remains of the fee.
    Truncated,
}

/// The monthly fee of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fee {
    /// Yuan a cycle.
    pub monthly: Money,
    /// Cycle of joining.
    pub first_month: FirstMonth,
    /// Whether the day of joining is charged (by-day only).
    pub counts_activation_day: bool,
    /// How a day is priced.
    pub day_rate: DayRate,
    /// Allowances in the cycle of joining.
    pub allowance_first_month: Share,
    /// Cycle of cancellation.
    pub last_month: Share,
    /// Holding fee for a cycle wholly suspended, in yuan.
    pub suspended: Option<Money>,
    /// Item names on the bill.
    pub billed_as: Vec<String>,
    /// Clause id.
    pub clause: String,
}

/// Which events a bucket or a rate takes. Empty lists = any.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Match {
    /// Direction; none = outgoing for voice, sms, mms; ignored for data.
    pub direction: Option<Direction>,
    /// Places.
    pub scopes: Vec<Scope>,
    /// Apps.
    pub apps: Vec<String>,
    /// Other numbers.
    pub peers: Vec<String>,
    /// Seconds of the day `[start, end)`; end before start = past midnight.
    pub hours_s: Option<(u32, u32)>,
}

/// What becomes of the unused rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rollover {
    /// It lapses.
    None,
    /// It stays valid through the next cycle only.
    NextMonth,
}

/// Included units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowance {
    /// Id within the plan.
    pub id: String,
    /// What and how much a cycle; voice in seconds (whole minutes).
    pub amount: Volume,
    /// Which events may use it.
    pub matches: Match,
    /// Other lines that draw from it.
    pub shared_with: Vec<String>,
    /// What becomes of the rest.
    pub rollover: Rollover,
    /// Clause id.
    pub clause: String,
}

/// One entry of the order of consumption.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BucketSelector {
    /// What was rolled over.
    Rollover,
    /// Any pack.
    AnyPack,
    /// The pack of that id.
    Pack(String),
    /// The plan's allowance of that id.
    Allowance(String),
}

/// Order in which buckets are used; ties by expiry, activation, id.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Consumption {
    /// Earlier entries first; buckets that are not named come after all named.
    pub order: Vec<BucketSelector>,
    /// Clause id, if the text says so.
    pub clause: Option<String>,
}

/// Over what a volume is added up before it is priced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Per {
    /// Each event on its own.
    Event,
    /// Each calendar day.
    Day,
    /// The cycle.
    Cycle,
}

/// How a volume is rounded to whole counting steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepRounding {
    /// Every started step counts.
    Up,
    /// Only full steps count.
    Down,
    /// No rounding; parts of a step pro rata.
    Exact,
}

/// One stage of a price: from the previous stage's `to` up to its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// Upper end in base units; none only for the last stage.
    pub to: Option<u64>,
    /// Yuan per `price_per`.
    pub price: Decimal,
    /// Most that this stage costs, in yuan.
    pub cap: Option<Money>,
}

/// What overage costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rate {
    /// Id within the plan.
    pub id: String,
    /// What is measured.
    pub unit: Unit,
    /// Which events it prices.
    pub matches: Match,
    /// Over what the volume is added up.
    pub per: Per,
    /// Counting step in base units.
    pub count: u64,
    /// How the volume is rounded to steps.
    pub round: StepRounding,
    /// Price ladder, rising.
    pub stages: Vec<Stage>,
    /// Volume that a price is for, in base units; the counting step unless the file says otherwise.
    pub price_per: u64,
    /// How money is rounded.
    pub money_round: MoneyRounding,
    /// To how many decimals.
    pub money_scale: u32,
    /// After the last stage's `to`, begin again at the first.
    pub repeat: bool,
    /// Item names on the bill.
    pub billed_as: Vec<String>,
    /// Clause id.
    pub clause: String,
}

/// Overage of a unit above this in one cycle is not owed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cap {
    /// What is measured.
    pub unit: Unit,
    /// Yuan a cycle.
    pub amount: Money,
    /// Clause id.
    pub clause: String,
}

/// A promised reduction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credit {
    /// Id within the plan.
    pub id: String,
    /// Yuan a cycle, positive; it lowers what is owed.
    pub amount: Money,
    /// Whether it begins in the cycle after the start (else in the cycle of the start).
    pub starts_next_month: bool,
    /// How many cycles.
    pub cycles: u32,
    /// Item names on the bill.
    pub billed_as: Vec<String>,
    /// Clause id.
    pub clause: String,
}

/// How long a pack is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validity {
    /// To the end of the calendar month.
    Month,
    /// Days of 24 hours from activation.
    Days(u32),
    /// To 24:00 of the day.
    OneDay,
}

/// What makes a plan file a pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pack {
    /// Yuan for one validity.
    pub price: Money,
    /// How long it is valid.
    pub validity: Validity,
    /// Whether it renews by itself: month on day 1, 00:00; else at each expiry.
    pub auto_renew: bool,
    /// Days of notice before a renewal.
    pub renewal_notice_days: u32,
    /// Item names on the bill, besides name and aliases.
    pub billed_as: Vec<String>,
    /// Clause id.
    pub clause: String,
}

/// An unclear clause read in another way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Id within the plan.
    pub id: String,
    /// Clause id.
    pub clause: String,
    /// The plan under this reading; it has no readings itself.
    pub plan: Box<Plan>,
}

/// Use of an example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExampleUse {
    /// What and how much.
    pub volume: Volume,
    /// When.
    pub at: crate::model::period::WallTime,
    /// Whether it skips the allowances.
    pub outside: bool,
    /// App, if it matters.
    pub app: Option<String>,
    /// Where; the mainland unless the file says otherwise.
    pub scope: Scope,
    /// Outgoing unless the file says otherwise; ignored for data.
    pub direction: Direction,
    /// Other number, if it matters.
    pub peer: Option<String>,
}

/// A worked example of a plan file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// What it shows.
    pub name: String,
    /// First day on the plan or with the pack; none = since before the month of the example.
    pub start: Option<Day>,
    /// The usage.
    pub uses: Vec<ExampleUse>,
    /// Expected yuan by rate id, `monthly`, `packs`, `credits` or `total`.
    pub expect: Vec<(String, Money)>,
    /// Where the example was read.
    pub source: String,
    /// 1-based row in the plan file, for the message when it fails.
    pub row: u32,
}
