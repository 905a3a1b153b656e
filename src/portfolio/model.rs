//! `portfolio.json`: the sums of a portfolio. Amounts are decimal text, lists are ordered by rule.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Name and version of the file's layout; fields are added, never changed.
pub const SCHEMA: &str = "mingzhang.portfolio/1";

/// The portfolio.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Portfolio {
    /// `mingzhang.portfolio/1`.
    pub schema: String,
    /// Version of the program.
    pub version: String,
    /// Day of the calculation; none where each case has its own.
    pub as_of: Option<String>,
    /// Title.
    pub title: String,
    /// `tables` or `cases`.
    pub of: String,
    /// `k/n`, where only a part of the lines was judged.
    pub part: Option<String>,
    /// Files of a set of tables.
    pub inputs: Vec<Input>,
    /// Cases that could not be judged.
    pub failures: Vec<Failure>,
    /// Sums over everything.
    pub totals: Totals,
    /// Findings by detector, kind and verdict, in the order of the detectors.
    pub by_detector: Vec<OfDetector>,
    /// By operator; the empty one is not known.
    pub by_operator: Vec<OfGroup>,
    /// Findings on payments, by platform.
    pub by_platform: Vec<OfGroup>,
    /// By month.
    pub by_month: Vec<OfGroup>,
    /// Errors that concern the most lines, the most frequent first.
    pub common_problems: Vec<Common>,
    /// Answers that took longest.
    pub slowest_answers: Vec<Answer>,
    /// Lines with the largest claims.
    pub largest_claims: Vec<Outlier>,
    /// Lines with the largest bills of one month.
    pub largest_bills: Vec<Outlier>,
}

/// A file of a set of tables.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Input {
    /// Path.
    pub path: String,
    /// Size.
    pub bytes: u64,
    /// Non-blank rows below the header.
    pub rows_read: u64,
    /// Rows that became records.
    pub rows_used: u64,
    /// The others.
    pub rows_set_aside: u64,
}

/// A case that could not be judged.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Failure {
    /// Name of its folder.
    pub case: String,
    /// Why.
    pub message: String,
}

/// Sums over everything.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Totals {
    /// Case folders.
    pub cases: u64,
    /// Lines judged.
    pub lines: u64,
    /// Lines with an error that is proven or probable.
    pub lines_with_errors: u64,
    /// Findings of every kind.
    pub findings: u64,
    /// Yuan charged.
    pub billed: String,
    /// Yuan that rules explain.
    pub explained: String,
    /// Yuan of bills that findings claim.
    pub disputed: String,
    /// Yuan that cannot be told yet.
    pub unverified: String,
    /// Yuan claimed by proven findings, on bills and payments.
    pub claim_proven: String,
    /// Yuan claimed by probable ones.
    pub claim_probable: String,
}

/// What one detector found.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct OfDetector {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// In words.
    pub title: String,
    /// E, Q or W.
    pub kind: String,
    /// Verdict.
    pub verdict: String,
    /// Findings.
    pub findings: u64,
    /// Lines.
    pub lines: u64,
    /// Σ amount.
    pub amount: String,
    /// Σ claim.
    pub claim: String,
}

/// Sums of an operator, platform or month.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct OfGroup {
    /// Its code, or the month.
    pub name: String,
    /// Lines.
    pub lines: u64,
    /// Findings.
    pub findings: u64,
    /// Yuan charged.
    pub billed: String,
    /// Yuan of bills that cannot be told yet.
    pub unverified: String,
    /// Σ claim.
    pub claim: String,
}

/// A frequent error.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Common {
    /// Detector.
    pub code: String,
    /// In words.
    pub title: String,
    /// Lines that have it.
    pub lines: u64,
    /// Of a thousand lines, rounded down.
    pub per_mille: u64,
    /// Σ claim.
    pub claim: String,
}

/// An answer that took long.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, JsonSchema)]
pub struct Answer {
    /// Days from the question to the answer.
    pub days: u32,
    /// Case folder.
    pub case: String,
    /// Who answered.
    pub party: String,
}

/// A line that stands out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Outlier {
    /// Case folder; empty in a set of tables.
    pub case: String,
    /// Number.
    pub msisdn: String,
    /// Month, or empty.
    pub period: String,
    /// Yuan.
    pub amount: String,
}
