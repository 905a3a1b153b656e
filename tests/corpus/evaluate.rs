//! Runs the program on a case and sets its findings against the truth.

use mingzhang::analyse::{Inputs, analyse};
use mingzhang::ingest::{FormatBook, InputFile};
use mingzhang::report::wording::{Lang, Wording};
use mingzhang::rules::case_file;
use serde_json::Value;

use super::print::Printed;
use super::scenario::Case;
use super::truth::Expected;

/// A finding as the report prints it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// Detector code.
    pub code: String,
    /// E, Q or W.
    pub kind: String,
    /// proven, probable, needs-evidence.
    pub verdict: String,
    /// Line.
    pub msisdn: String,
    /// `2025-10`.
    pub period: String,
    /// Fen.
    pub amount: i64,
    /// Fen.
    pub claim: i64,
    /// Finding id.
    pub id: String,
}

/// How a case ended.
#[derive(Debug, Default)]
pub struct Judged {
    /// Expected findings that came, with what came.
    pub hits: Vec<(Expected, Found)>,
    /// Expected findings that did not come.
    pub missed: Vec<Expected>,
    /// Errors that were claimed and are none, and findings of the scenario's own code that should not be.
    pub wrong: Vec<Found>,
    /// Other findings that only ask for a record.
    pub open: Vec<Found>,
}

/// Returns all sentences, loaded once for many cases.
pub fn wording() -> Wording {
    Wording::load(Lang::Zh).expect("the wording holds")
}

/// Returns the report of a case as a reader of report.json sees it.
pub fn report(name: &str, printed: &Printed, wording: &Wording) -> Value {
    let file =
        |(path, text): &(String, String)| InputFile { path: path.clone(), bytes: text.clone().into_bytes() };
    let binary = |(path, bytes): &(String, Vec<u8>)| InputFile { path: path.clone(), bytes: bytes.clone() };
    let case_file = case_file::parse("case.toml", &printed.case_toml)
        .unwrap_or_else(|problems| panic!("{name}: case.toml\n{}\n{problems:?}", printed.case_toml));
    let inputs = Inputs {
        files: printed.files.iter().map(file).chain(printed.binary.iter().map(binary)).collect(),
        case_file,
        plans: printed.plans.iter().map(file).collect(),
        assumed_plans: Vec::new(),
        attachments: Vec::new(),
        formats: FormatBook::built_in().clone(),
        as_of: printed.as_of.parse().expect("a day"),
    };
    let analysis = analyse(inputs, wording).unwrap_or_else(|error| panic!("{name}: {error:?}"));
    assert!(analysis.plan_problems.is_empty(), "{name}: {:?}", analysis.plan_problems);
    serde_json::to_value(&analysis.report).expect("a report is JSON")
}

/// Returns the findings of a report.
pub fn findings(report: &Value) -> Vec<Found> {
    let text = |finding: &Value, key: &str| finding[key].as_str().unwrap_or_default().to_owned();
    let found = |finding: &Value| Found {
        code: text(finding, "code"),
        kind: text(finding, "kind"),
        verdict: text(finding, "verdict"),
        msisdn: text(finding, "msisdn"),
        period: text(finding, "period"),
        amount: fen(&finding["amount"]),
        claim: fen(&finding["claim"]),
        id: text(finding, "id"),
    };
    report["findings"].as_array().expect("findings").iter().map(found).collect()
}

/// Returns decimal yuan with two places as fen.
pub fn fen(value: &Value) -> i64 {
    let text = value.as_str().expect("money is text");
    let (yuan, places) = text.split_once('.').expect("two places");
    assert_eq!(places.len(), 2, "{text}");
    let size: i64 = format!("{}{places}", yuan.trim_start_matches('-')).parse().expect("digits");
    if yuan.starts_with('-') { -size } else { size }
}

/// Sets the findings of a case against its truth.
pub fn judge(case: &Case, findings: &[Found]) -> Judged {
    let truth = &case.printed.truth;
    let mut left = findings.to_vec();
    let mut judged = Judged::default();
    for expected in &truth.expected {
        let best = left.iter().position(|found| matches(expected, found) && has_amount(expected, found));
        match best.or_else(|| left.iter().position(|found| matches(expected, found))) {
            Some(index) => judged.hits.push((expected.clone(), left.remove(index))),
            None => judged.missed.push(expected.clone()),
        }
    }
    let own = |found: &Found| found.code == case.code;
    // Other questions cost nobody anything; one of the scenario's own code must not be there.
    left.retain(|found| found.kind == "E" || own(found));
    left.retain(|found| !truth.allowed.contains(&found.code.as_str()));
    for found in left {
        let only_asks = found.verdict == "needs-evidence" && !own(&found);
        if only_asks { judged.open.push(found) } else { judged.wrong.push(found) }
    }
    judged
}

/// Whether a finding is the expected one, whatever its verdict and amount.
fn matches(expected: &Expected, found: &Found) -> bool {
    expected.codes.contains(&found.code.as_str())
        && expected.kind.contains(found.kind.as_str())
        && expected.msisdn == found.msisdn
        && (expected.period.is_empty() || expected.period == found.period)
}

/// Whether amount and claim are exact to the fen.
pub fn has_amount(expected: &Expected, found: &Found) -> bool {
    expected.amount.is_none_or(|fen| fen == found.amount)
        && expected.claim.is_none_or(|fen| fen == found.claim)
}

/// Whether the verdict is one that the specification admits.
pub fn has_verdict(expected: &Expected, found: &Found) -> bool {
    expected.verdicts.is_empty() || expected.verdicts.contains(&found.verdict.as_str())
}
