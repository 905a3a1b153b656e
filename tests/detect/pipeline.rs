//! Papers as files: read, rated, reconciled and settled by the real path.

use mingzhang::ingest::{self, FormatBook, InputFile};
use mingzhang::model::case::{Case, CaseFile};
use mingzhang::model::period::Day;
use mingzhang::rating::examples::checked_book;
use mingzhang::settle::outcome::SettledLine;
use mingzhang::settle::{Totals, settle_line, totals};
use mingzhang::{rating, reconcile, rules};

/// A case, settled.
pub struct Settled {
    pub case: Case,
    pub lines: Vec<SettledLine>,
    pub totals: Totals,
}

/// Settles the files of a case; `case.toml` and `plans/*.toml` are what their names say.
pub fn settle(files: &[(String, Vec<u8>)], as_of: Day) -> Settled {
    let mut case_file = CaseFile::default();
    let mut plans = vec![];
    let mut readings = vec![];
    let formats = FormatBook::built_in();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    for (path, bytes) in files.iter().filter(|(path, _)| path == "case.toml") {
        case_file = rules::case_file::parse(path, &text(bytes)).expect("case.toml holds");
    }
    for (path, bytes) in files.iter().filter(|(path, _)| path != "case.toml") {
        if path.starts_with("plans/") {
            plans.push((path.clone(), rules::plan::parse(path, &text(bytes)).expect("the plan holds")));
        } else {
            let hint = case_file.sources.iter().find(|hint| hint.file == *path);
            let file = InputFile { path: path.clone(), bytes: bytes.clone() };
            readings.push(ingest::read_file(&file, hint, formats));
        }
    }
    let (book, problems) = checked_book(plans).expect("rates");
    assert!(problems.is_empty(), "{problems:?}");
    let as_of = case_file.as_of.unwrap_or(as_of);
    let mut case = ingest::assemble_case(readings, case_file, as_of).expect("assembles");
    reconcile::adopt_payments(&mut case).expect("adds up");
    let lines: Vec<SettledLine> = case
        .lines
        .iter()
        .map(|line| {
            let rated = rating::rate_line(line, &book, &[]).expect("rates");
            let reconciliation = reconcile::reconcile(&case, line, &rated).expect("reconciles");
            settle_line(&case, line, rated, reconciliation).expect("settles")
        })
        .collect();
    let totals = totals(&case, &lines).expect("adds up");
    Settled { case, lines, totals }
}

impl Settled {
    /// The findings as `CODE verdict amount`, strongest first.
    pub fn findings(&self) -> Vec<String> {
        let all = self.lines.iter().flat_map(|line| &line.findings);
        all.map(|f| format!("{} {} {}", f.finding.code, f.finding.verdict.code(), f.finding.amount)).collect()
    }
}
