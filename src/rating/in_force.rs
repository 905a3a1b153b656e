//! Which plan and packs were in force when, and how that is known.

use std::sync::Arc;

use crate::model::period::{DaySpan, WallTime};
use crate::model::plan::Plan;
use crate::model::source::RowRef;

/// How it is known that something was in force; later is stronger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Basis {
    /// `--plan` named the only plan and nothing else says otherwise (fine print 29).
    Assumed,
    /// The bill charges its price.
    Bill(RowRef),
    /// `[[subscription]]` of case.toml.
    CaseFile,
    /// An order record.
    Order(RowRef),
}

/// A plan over some days.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanInForce {
    /// The plan, in the version that applies at the start.
    pub plan: Arc<Plan>,
    /// Days in force; an open end is far in the future.
    pub span: DaySpan,
    /// Whether the end is a real end (cancelled, changed) and not just the last that is known.
    pub ended: bool,
    /// How that is known.
    pub basis: Basis,
}

/// One validity of a pack.
#[derive(Debug, Clone, PartialEq)]
pub struct PackInForce {
    /// The pack.
    pub pack: Arc<Plan>,
    /// First second in force.
    pub start: WallTime,
    /// First second no longer in force.
    pub end: WallTime,
    /// Whether it renews by itself, by order record, case.toml or plan file, in this order.
    pub auto_renew: bool,
    /// When it was cancelled, if it was.
    pub cancelled_at: Option<WallTime>,
    /// Whether a platform was paid for it.
    pub paid_elsewhere: bool,
    /// How that is known.
    pub basis: Basis,
}

/// Plans and packs of one line over time.
#[derive(Debug, Clone, Default)]
pub struct InForce {
    /// Plans, by start; never overlapping.
    pub plans: Vec<PlanInForce>,
    /// Packs, by start.
    pub packs: Vec<PackInForce>,
}
