//! What rating returns.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::finding::ClauseRef;
use crate::model::interval::Interval;
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::period::{Cycle, WallTime};
use crate::model::plan::{Allowance, BucketSelector, Plan, Rate};
use crate::model::quantity::{Unit, Volume};
use crate::model::record::Category;
use crate::model::source::RowRef;
use crate::rating::in_force::InForce;
use crate::rating::sharing::Sibling;

pub use crate::model::trace::TraceStep;

/// What an expected item is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ItemKind {
    /// Monthly fee of a plan.
    Monthly,
    /// Overage of a unit.
    Overage(Unit),
    /// One validity of a pack.
    Pack,
    /// A promised reduction; its amount is negative.
    Credit,
}

/// Something that the bill should contain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectedItem {
    /// Name in the report: rate id, `monthly`, pack id, credit id.
    pub name: String,
    /// Rule id, e.g. `demo-59/rate.data-out`.
    pub rule: String,
    /// What it is.
    pub kind: ItemKind,
    /// Category of a bill line that would charge it.
    pub category: Category,
    /// Item names that a bill may use: `billed_as`, and name and aliases of plan fees and packs.
    pub names: Vec<String>,
    /// The rule's clause.
    pub clause: ClauseRef,
    /// Yuan owed.
    pub amount: Interval,
    /// Chargeable volume after every allowance; none for fees.
    pub volume: Option<Volume>,
    /// Whether the figure rests on something inferred or oral: then nothing on it is proven.
    pub inferred: bool,
    /// Whether a platform was paid for it: then it is not on the operator's bill (fine print 7).
    pub paid_elsewhere: bool,
    /// Order row that supports it, if any.
    pub order: Option<RowRef>,
    /// How it was computed.
    pub trace: Vec<TraceStep>,
}

/// How a bucket was used in a cycle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketUse {
    /// `rollover:data`, `pack:data-10gb`, or the allowance id.
    pub id: String,
    /// Plan or pack that grants it.
    pub plan: String,
    /// Granted; voice in seconds.
    pub granted: Volume,
    /// Used; voice in seconds of whole minutes.
    pub used: u64,
    /// When it could first be used.
    pub start: WallTime,
    /// When it ends.
    pub end: WallTime,
    /// When it was used up, if it was.
    pub exhausted_at: Option<WallTime>,
}

/// Use of one day, for charts: (cycle day, unit) → volume inside and outside the allowances.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DayUse {
    /// Volume that allowances and packs covered, in base units.
    pub inside: u64,
    /// Volume outside, in base units.
    pub outside: u64,
}

/// Usage that no rate prices; it is never priced at 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unrated {
    /// What is measured.
    pub unit: Unit,
    /// How much.
    pub volume: Volume,
    /// How many events.
    pub events: u32,
    /// Why.
    pub reason: Message,
}

/// Something that the papers leave open and that moves what is owed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenQuestion {
    /// The question.
    pub what: Message,
    /// The clause that is unclear, if it is one.
    pub clause: Option<ClauseRef>,
    /// The answer under which less is owed.
    pub at_low: Message,
    /// Yuan of the cycle under that answer; of the item alone where `what` names an item.
    pub low: Money,
    /// The answer under which more is owed, all else being equal.
    pub at_high: Message,
    /// Yuan under that answer.
    pub high: Money,
}

/// One rated cycle of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RatedCycle {
    /// The cycle.
    pub cycle: Cycle,
    /// Expected items in bill order: fees, packs, overage, credits.
    pub items: Vec<ExpectedItem>,
    /// Yuan owed to the operator for the cycle: bounds over the possibilities, never wider than the items' own.
    pub total: Interval,
    /// What decides between the bounds; empty when they are equal.
    pub open: Vec<OpenQuestion>,
    /// Buckets, in the order of consumption.
    pub buckets: Vec<BucketUse>,
    /// Use by day of the cycle (index 0 = day 1) and unit.
    pub days: BTreeMap<Unit, Vec<DayUse>>,
    /// Usage without a rate.
    pub unrated: Vec<Unrated>,
}

impl RatedCycle {
    /// Returns the cycle of a line for which nothing was in force.
    pub fn empty(cycle: Cycle) -> Self {
        Self {
            cycle,
            items: Vec::new(),
            total: Interval::ZERO,
            open: Vec::new(),
            buckets: Vec::new(),
            days: BTreeMap::new(),
            unrated: Vec::new(),
        }
    }
}

/// A rated line.
#[derive(Debug, Clone, Default)]
pub struct RatedLine {
    /// Plans and packs in force.
    pub in_force: InForce,
    /// Rated cycles; a cycle without any known plan is absent.
    pub cycles: BTreeMap<Cycle, RatedCycle>,
    /// Remarks: contradictions between orders and case.toml, plans taken as in force.
    pub notes: Vec<Message>,
    /// Lines of the case that share an allowance with this one.
    pub siblings: Vec<Sibling>,
    /// Other known plans of the same operator with a monthly fee, every version by id and start.
    pub other_plans: Vec<Arc<Plan>>,
}

/// One fact changed: the counterfactual that a detector asks for. All else stays as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The pack is in force from that time for one validity, its price included.
    PackRenewed {
        /// Plan id of the pack.
        pack: String,
        /// Renewal instant.
        at: WallTime,
    },
    /// That much of an allowance rolled over into the cycle.
    RolloverGranted {
        /// Plan or pack that grants the allowance.
        plan: String,
        /// Allowance id.
        allowance: String,
        /// Base units.
        amount: u64,
    },
    /// Nothing rolled over into the cycle.
    RolloverDropped,
    /// The monthly fee of a plan, or the price of a pack, is another one.
    PlanPrice {
        /// Plan id.
        plan: String,
        /// Yuan.
        price: Money,
    },
    /// Buckets are used in another order in the cycle; what earlier cycles left stays as it was.
    BucketOrder {
        /// Id of the plan whose order it is.
        plan: String,
        /// Earlier entries first.
        order: Vec<BucketSelector>,
    },
    /// A rate reads otherwise in the cycle.
    RateReplaced {
        /// Plan id.
        plan: String,
        /// The rate, with the id of the one it replaces.
        rate: Box<Rate>,
    },
    /// A plan grants other allowances in the cycle.
    AllowancesReplaced {
        /// Plan id.
        plan: String,
        /// All of them.
        allowances: Vec<Allowance>,
    },
    /// The line is on another plan in the cycle; packs stay, and nothing rolls over into it.
    PlanReplaced {
        /// The other plan.
        plan: Arc<Plan>,
    },
}
