//! What settlement returns: the case with every yuan in its place.

use crate::model::coded::coded_enum;
use crate::model::finding::{ClauseRef, Finding};
use crate::model::interval::Interval;
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::period::Cycle;
use crate::rating::outcome::{RatedLine, TraceStep};
use crate::reconcile::outcome::Reconciliation;

/// A finding with its id and its share of the claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettledFinding {
    /// `F-` and ten hexadecimal digits of a hash of code, number, cycle, subject and occurrence.
    pub id: String,
    /// The finding.
    pub finding: Finding,
    /// Yuan claimed after overlaps are removed; zero for questions and needs-evidence.
    pub claim: Money,
}

/// What a disposition is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DisposedLine {
    /// A bill line, by its index in the line's bill.
    Bill(usize),
    /// The made line 合计差额; the index is that of the printed total.
    TotalDifference(usize),
}

/// Where each yuan of a bill line went: explained + disputed + unverified = amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disposition {
    /// The line.
    pub line: DisposedLine,
    /// Its yuan.
    pub amount: Money,
    /// Yuan that a rule, order or law explains.
    pub explained: Money,
    /// Yuan claimed by findings that are proven or probable.
    pub disputed: Money,
    /// Yuan that cannot be told yet.
    pub unverified: Money,
    /// Ids of the findings on it.
    pub findings: Vec<String>,
    /// Why, in one sentence.
    pub why: Message,
    /// Clauses that explain it.
    pub clauses: Vec<ClauseRef>,
}

/// An expected item after the findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettledItem {
    /// The cycle.
    pub cycle: Cycle,
    /// Name in the report: rate id, `monthly`, pack id, credit id, or what a finding adds.
    pub name: String,
    /// Yuan owed.
    pub amount: Interval,
    /// How it was computed.
    pub trace: Vec<TraceStep>,
    /// Bill lines that charge it.
    pub lines: Vec<DisposedLine>,
}

/// One cause of a gap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// Finding id; none for `not-charged` and `unverified`.
    pub finding: Option<String>,
    /// Name of a cause without finding: `not-charged` (negative), `unverified`.
    pub name: Option<&'static str>,
    /// Yuan.
    pub amount: Money,
}

/// billed − expected of one cycle, in named disjoint causes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// The cycle.
    pub cycle: Cycle,
    /// Σ charges of the bill (with the made line).
    pub billed: Money,
    /// Settled high.
    pub expected: Money,
    /// Causes.
    pub causes: Vec<Cause>,
    /// What no cause explains; 0.00 or itself reported.
    pub residual: Money,
}

coded_enum! {
    /// How a detector ended for one line.
    Outcome {
        /// Nothing in the papers concerns it.
        NotApplicable = "not-applicable",
        /// It ran and found nothing.
        Nothing = "nothing",
        /// It cannot tell: a record is missing.
        NeedsEvidence = "needs-evidence",
        /// It found something.
        Found = "found",
    }
}

/// One detector on one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DetectorRun {
    /// Detector code.
    pub code: &'static str,
    /// How it ended.
    pub outcome: Outcome,
    /// How many findings.
    pub findings: usize,
    /// Records that were missing.
    pub missing: Vec<Message>,
}

/// A settled line: everything the report needs beside the case itself.
#[derive(Debug, Clone)]
pub struct SettledLine {
    /// Rated, without findings.
    pub rated: RatedLine,
    /// Ties and payment matches.
    pub reconciliation: Reconciliation,
    /// Findings by verdict (strongest first), claim (largest first), code, id.
    pub findings: Vec<SettledFinding>,
    /// Every charge line of the bill, and made lines.
    pub dispositions: Vec<Disposition>,
    /// Expected items after the findings.
    pub expected: Vec<SettledItem>,
    /// One a billed cycle.
    pub gaps: Vec<Gap>,
    /// Every detector, by code.
    pub detectors: Vec<DetectorRun>,
}
