//! What a case holds by construction: the findings that must come, and those that may.

/// The records needed are proved complete.
pub const PROVEN: &[&str] = &["proven"];
/// One fact is inferred.
pub const PROBABLE: &[&str] = &["probable"];
/// A record is missing.
pub const NEEDS: &[&str] = &["needs-evidence"];
/// Not complete: the specification says only that it is not proven.
pub const OPEN: &[&str] = &["probable", "needs-evidence"];
/// The specification leaves open how sure.
pub const SURE: &[&str] = &["proven", "probable"];

/// A finding that must come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// Codes of which one must fire; more than one only where the specification leaves open which.
    pub codes: Vec<&'static str>,
    /// E, Q or W.
    pub kind: &'static str,
    /// Line.
    pub msisdn: String,
    /// `2025-10`; empty = any.
    pub period: String,
    /// Verdicts that the specification admits.
    pub verdicts: &'static [&'static str],
    /// Fen; none where it is not settled or the finding is a question.
    pub amount: Option<i64>,
    /// Fen after overlaps; none where it is not settled.
    pub claim: Option<i64>,
}

/// The truth of a case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Truth {
    /// What must be found.
    pub expected: Vec<Expected>,
    /// Codes that rightly fire beside it, because they see the same error.
    pub allowed: Vec<&'static str>,
}
