//! Which kinds of record are complete for which days, and how that is known.

use crate::model::period::DaySpan;
use crate::model::quantity::Unit;
use crate::model::source::CellRef;

/// A kind of record that can be complete or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CoverKind {
    /// Calls.
    Voice,
    /// Text messages.
    Sms,
    /// Multimedia messages.
    Mms,
    /// Data sessions.
    Data,
    /// 增值 and 代收 records.
    Vas,
    /// Orders, renewals, cancellations.
    Orders,
    /// The operator's own payment list.
    Payments,
}

impl CoverKind {
    /// Every kind, in the order of the specification.
    pub const ALL: [Self; 7] =
        [Self::Voice, Self::Sms, Self::Mms, Self::Data, Self::Vas, Self::Orders, Self::Payments];

    /// Returns the word used in case and format files.
    pub fn code(self) -> &'static str {
        match self {
            Self::Voice => "voice",
            Self::Sms => "sms",
            Self::Mms => "mms",
            Self::Data => "data",
            Self::Vas => "vas",
            Self::Orders => "orders",
            Self::Payments => "payments",
        }
    }

    /// Returns the kind of that word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

impl From<Unit> for CoverKind {
    fn from(unit: Unit) -> Self {
        match unit {
            Unit::Voice => Self::Voice,
            Unit::Sms => Self::Sms,
            Unit::Mms => Self::Mms,
            Unit::Data => Self::Data,
        }
    }
}

/// How the window of a list is known; later is stronger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CoveredBy {
    /// Suggested by the file name or the rows only.
    Inferred,
    /// Declared by the complainant in case.toml, from the operator's query screen.
    Declared,
    /// Printed by the export itself.
    Stated,
}

impl CoveredBy {
    /// Returns the word used in reports.
    pub fn code(self) -> &'static str {
        match self {
            Self::Inferred => "inferred",
            Self::Declared => "declared",
            Self::Stated => "stated",
        }
    }
}

/// "This list holds all events of these kinds in this window."
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    /// The line it speaks for; none = every line seen in the file.
    pub msisdn: Option<String>,
    /// Kinds it speaks for.
    pub kinds: Vec<CoverKind>,
    /// Days it speaks for.
    pub span: DaySpan,
    /// How that is known, after control totals and set-aside rows were weighed.
    pub by: CoveredBy,
    /// Where the window is stated, or a row of the list.
    pub at: CellRef,
}

/// How completely a kind is on paper over a span.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Completeness {
    /// Nothing speaks for these days.
    Unknown,
    /// Every day is spoken for, some only by inference.
    Inferred,
    /// Every day is proved; `declared` when the complainant's declaration is needed for some.
    Proved {
        /// Whether the proof rests on case.toml for some day.
        declared: bool,
    },
}

impl Completeness {
    /// Returns whether absence is proved.
    pub fn is_proved(self) -> bool {
        matches!(self, Self::Proved { .. })
    }
}

/// Returns how completely `kind` is on paper over `span`: the weakest day decides.
pub fn completeness<'a>(
    coverage: impl IntoIterator<Item = &'a Coverage>,
    kind: CoverKind,
    span: DaySpan,
) -> Completeness {
    let parts: Vec<&Coverage> = coverage.into_iter().filter(|part| part.kinds.contains(&kind)).collect();
    let best_of_day = |day| parts.iter().filter(|part| part.span.contains(day)).map(|part| part.by).max();
    let weakest = span.each_day().map(best_of_day).min();
    match weakest {
        Some(Some(CoveredBy::Stated)) => Completeness::Proved { declared: false },
        Some(Some(CoveredBy::Declared)) => Completeness::Proved { declared: true },
        Some(Some(CoveredBy::Inferred)) => Completeness::Inferred,
        Some(None) | None => Completeness::Unknown,
    }
}
