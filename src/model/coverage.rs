//! Which kinds of record are complete for which days, and how that is known.

use crate::model::coded::coded_enum;
use crate::model::period::{Day, DaySpan};
use crate::model::quantity::Unit;
use crate::model::source::CellRef;

coded_enum! {
    /// A kind of record that can be complete or not.
    CoverKind {
        /// Calls.
        Voice = "voice",
        /// Text messages.
        Sms = "sms",
        /// Multimedia messages.
        Mms = "mms",
        /// Data sessions.
        Data = "data",
        /// 增值 and 代收 records.
        Vas = "vas",
        /// Orders, renewals, cancellations.
        Orders = "orders",
        /// The operator's own payment list.
        Payments = "payments",
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

coded_enum! {
    /// How the window of a list is known; later is stronger.
    CoveredBy {
        /// Suggested by the file name or the rows only.
        Inferred = "inferred",
        /// Declared by the complainant in case.toml, from the operator's query screen.
        Declared = "declared",
        /// Printed by the export itself.
        Stated = "stated",
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
    let best_of_day =
        |day: Day| parts.iter().filter(|part| part.span.contains(day)).map(|part| part.by).max();
    // What speaks for a day changes only where a window begins or ends.
    let turns = parts.iter().flat_map(|part| [part.span.start, part.span.end]);
    let days = std::iter::once(span.start).chain(turns).filter(|day| span.contains(*day));
    let weakest = days.map(best_of_day).min();
    match weakest {
        Some(Some(CoveredBy::Stated)) => Completeness::Proved { declared: false },
        Some(Some(CoveredBy::Declared)) => Completeness::Proved { declared: true },
        Some(Some(CoveredBy::Inferred)) => Completeness::Inferred,
        Some(None) | None => Completeness::Unknown,
    }
}
