//! Findings: what is wrong, how much, how sure, on which rows, under which clause. No prose: only keys.

use crate::model::coded::coded_enum;
use crate::model::coverage::CoverKind;
use crate::model::interval::Interval;
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::period::{Cycle, Day, DaySpan};
use crate::model::source::CellRef;
use crate::model::trace::TraceStep;

coded_enum! {
    /// How sure a finding is; later is stronger.
    Verdict {
        /// Cannot be told yet; what to ask for is listed. `amount` is what hangs on it.
        NeedsEvidence = "needs-evidence",
        /// The records speak for it, but completeness or one fact is inferred.
        Probable = "probable",
        /// Holds under every reading and every open order of events, on records proved complete.
        Proven = "proven",
    }
}

coded_enum! {
    /// What a finding is for.
    FindingKind {
        /// Error of operator or platform: money is claimed.
        Error = "E",
        /// Question: never in the claim.
        Question = "Q",
        /// Waste, a better choice: never in the claim.
        Waste = "W",
    }
}

coded_enum! {
    /// What a quoted row does for a finding.
    EvidenceRole {
        /// It speaks for the finding.
        Supports = "supports",
        /// It speaks against it.
        Contradicts = "contradicts",
        /// It is needed to understand it.
        Context = "context",
    }
}

/// A quoted cell or row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Evidence {
    /// What it does.
    pub role: EvidenceRole,
    /// Where it stands.
    pub at: CellRef,
}

/// Which yuan a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// A bill line, by its index in the line's bill.
    BillLine(usize),
    /// The made line 合计差额 of a cycle: printed total − Σ items.
    TotalDifference(Cycle),
    /// A payment, by its index in the line's payments.
    Payment(usize),
}

/// What the finding changes in what was owed, once it is accepted. `settle` applies these to the group
/// of bill lines and expected items to which the target belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Override {
    /// The bill line is not owed at all.
    Refuted {
        /// Index in the line's bill.
        bill_line: usize,
    },
    /// Of the bill line no more than this is owed; the rest of the line is judged as before.
    AtMost {
        /// Index in the line's bill.
        bill_line: usize,
        /// Most that is owed of it, in yuan.
        most: Money,
    },
    /// An expected item is due at another amount (the counterfactual).
    Due {
        /// Cycle of the item.
        cycle: Cycle,
        /// Index of the item in the rated cycle.
        item: usize,
        /// What is due instead, in yuan.
        due: Interval,
        /// How that was computed.
        trace: Vec<TraceStep>,
    },
    /// Something else is owed in its place, e.g. the price of the pack that should have been renewed.
    Owed {
        /// Bill line in whose group it is owed, by its index in the line's bill.
        bill_line: usize,
        /// Its name in the report, e.g. the pack id.
        name: String,
        /// What it is.
        what: Message,
        /// Yuan owed.
        amount: Money,
    },
}

/// A clause of a plan.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClauseRef {
    /// Plan id.
    pub plan: String,
    /// Clause id.
    pub clause: String,
}

/// A record that is missing to decide something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// Which kind of record.
    pub kind: CoverKind,
    /// For which days.
    pub span: DaySpan,
    /// Who holds it and what it is called there.
    pub what: Message,
    /// Day until which the holder keeps it (verified contract clause), if known.
    pub kept_until: Option<Day>,
}

/// What a detector found. The detector's record supplies code, name and legal basis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Detector code, e.g. `USE-001`.
    pub code: &'static str,
    /// Kind; most detectors have one, some decide.
    pub kind: FindingKind,
    /// How sure.
    pub verdict: Verdict,
    /// Cycle that it is about (fine print 11).
    pub cycle: Cycle,
    /// Day of the event, where there is one; deadlines count from it.
    pub day: Option<Day>,
    /// Yuan that the finding alone would give back, or that hang on it.
    pub amount: Money,
    /// The charge or payment yuan it is about; the amounts add up to at least `amount`.
    pub on: Vec<(Target, Money)>,
    /// What it changes in what was owed.
    pub overrides: Vec<Override>,
    /// Rows that carry it, in reading order.
    pub evidence: Vec<Evidence>,
    /// Clauses that carry it.
    pub clauses: Vec<ClauseRef>,
    /// One line: what is wrong. Key `<code>.title`.
    pub title: Message,
    /// Why we know, in one or two sentences. Key `<code>.explanation…`.
    pub explanation: Message,
    /// Innocent explanations, each answered as far as the papers can.
    pub innocent: Vec<Message>,
    /// What to ask, whom.
    pub ask: Vec<Message>,
    /// Records that are missing, for `needs-evidence` and `probable`.
    pub needs: Vec<Need>,
    /// Text that tells this finding from another of the same code and cycle: item, amount, never a path or row.
    pub subject: String,
}
