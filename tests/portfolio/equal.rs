//! Line by line the same as `check` on that line alone.

use mingzhang::analyse::{Inputs, analyse};
use mingzhang::ingest::{FormatBook, InputFile};
use mingzhang::portfolio::result::LineResult;
use mingzhang::report::model::Report;
use mingzhang::report::wording::{Lang, Wording};
use mingzhang::rules::case_file;

use super::tables::{CASE, Files, Memory, PLAN, files, judged, number, of_line, run_with, usual};

fn check(files: &Files, case: &str) -> Report {
    let input =
        |(path, text): (&String, &String)| InputFile { path: path.clone(), bytes: text.clone().into_bytes() };
    let case_file = case_file::parse("case.toml", case).expect("the case file holds");
    let inputs = Inputs {
        files: files.iter().map(input).collect(),
        as_of: case_file.as_of.expect("a day"),
        case_file,
        plans: vec![InputFile { path: "plans/bulk-39.toml".to_owned(), bytes: PLAN.as_bytes().to_vec() }],
        assumed_plans: Vec::new(),
        attachments: Vec::new(),
        formats: FormatBook::built_in().clone(),
    };
    analyse(inputs, &Wording::load(Lang::Zh).expect("the wording holds"))
        .expect("the case is analysed")
        .report
}

/// Findings and bill lines as text, without rows: those of a line alone are numbered otherwise.
fn said(line: &LineResult) -> Vec<String> {
    let found = line.findings.iter().map(|it| {
        let (kind, verdict) = (it.kind.code(), it.verdict.code());
        format!(
            "{} {} {kind} {verdict} {} {} {} {}",
            it.period, it.code, it.amount, it.claim, it.title, it.at.path
        )
    });
    let bill = line.bill.iter().map(|it| {
        let category = it.category.code();
        let parts = (it.amount, it.explained, it.disputed, it.unverified);
        format!("{} {} {category} {} {} {} {}", it.period, it.item, parts.0, parts.1, parts.2, parts.3)
    });
    found.chain(bill).collect()
}

fn said_by_check(report: &Report) -> Vec<String> {
    let found = report.findings.iter().map(|it| {
        let evidence = it.evidence.iter().find(|row| row.role == "supports").or(it.evidence.first());
        let path = evidence.map_or("", |row| row.path.as_str());
        format!(
            "{} {} {} {} {} {} {} {path}",
            it.period, it.code, it.kind, it.verdict, it.amount, it.claim, it.title
        )
    });
    let bill = report.lines.iter().map(|it| {
        let parts = (&it.amount, &it.explained, &it.disputed, &it.unverified);
        format!("{} {} {} {} {} {} {}", it.period, it.item, it.category, parts.0, parts.1, parts.2, parts.3)
    });
    found.chain(bill).collect()
}

#[test]
fn a_line_of_a_table_is_judged_as_check_judges_it_alone() {
    let files = files(40);
    let judged = judged(&files);
    assert_eq!(judged.len(), 40);
    for (index, line) in judged.iter().enumerate() {
        assert_eq!(line.msisdn, number(index));
        let report = check(&of_line(&files, &line.msisdn), CASE);
        assert_eq!(said(line), said_by_check(&report), "{}", line.msisdn);
    }
}

#[test]
fn what_the_screen_lets_pass_the_whole_way_lets_pass_too() {
    let files = files(60);
    let mut whole = Memory::default();
    run_with(&files, CASE, mingzhang::portfolio::Means { screens: false, ..usual() }, &mut whole);
    assert_eq!(judged(&files), whole.lines());
}

#[test]
fn without_a_declared_window_nothing_is_screened_and_nothing_is_proven() {
    let files = files(20);
    let case = "schema = \"mingzhang.case/1\"\nas_of = 2025-11-20\n";
    let mut memory = Memory::default();
    run_with(&files, case, usual(), &mut memory);
    for line in memory.lines() {
        let report = check(&of_line(&files, &line.msisdn), case);
        assert_eq!(said(&line), said_by_check(&report), "{}", line.msisdn);
    }
}

/// Per ten lines: 15.00 for pictures that nobody sent, 39.00 for the second fee, 7.00 above the items, 39.95 paid twice.
#[test]
fn every_injected_error_is_found_and_no_other() {
    let mut errors: Vec<(String, String, String)> = Vec::new();
    for line in judged(&files(20)) {
        let own =
            line.findings.iter().filter(|it| it.kind.code() == "E" && it.verdict.code() != "needs-evidence");
        errors.extend(own.map(|it| (line.msisdn.clone(), it.code.to_owned(), it.claim.to_string())));
    }
    let of = |index: usize, code: &str, claim: &str| (number(index), code.to_owned(), claim.to_owned());
    let ten = |first: usize| {
        [
            of(first + 1, "USE-001", "15.00"),
            of(first + 2, "BILL-003", "39.00"),
            of(first + 3, "BILL-001", "7.00"),
            of(first + 4, "PAY-001", "39.95"),
        ]
    };
    let wanted: Vec<_> = ten(0).into_iter().chain(ten(10)).collect();
    assert_eq!(errors, wanted);
}
