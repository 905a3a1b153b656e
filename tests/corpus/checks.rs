//! The program checked against the corpus.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::evaluate::{Found, fen, findings, report, wording};
use super::print::Printed;
use super::scenario::{Case, all_cases};
use super::world::{BILL, ORDERS, PAYMENTS, USAGE};
use super::{invariants, score, spoil};
use crate::rating::evaluator::evaluate_report;

/// Every n-th case goes through the properties: enough for each family, few enough for each run of the tests.
const SAMPLE_STEP: usize = 14;

fn sample() -> impl Iterator<Item = Case> {
    all_cases().into_iter().step_by(SAMPLE_STEP)
}

/// The same of the unchanged case, from the run over the whole corpus.
fn plain(case: &Case) -> Vec<Found> {
    let mut found = findings(&score::whole_corpus().reports[&case.name]);
    found.sort();
    found
}

/// What must not depend on names of files and order of rows.
fn essence(name: &str, printed: &Printed) -> Vec<Found> {
    let mut found = findings(&report(name, printed, &wording()));
    found.sort();
    found
}

#[test]
fn errors_are_found_and_look_alikes_are_not() {
    let scores = score::whole_corpus();
    let totals = scores.totals();
    let words = super::disagreements().join("\n");
    assert!(totals.hits * 100 >= (totals.hits + totals.wrong) * 98, "precision: {totals:?}\n{words}");
    assert!(totals.hits * 100 >= (totals.hits + totals.missed) * 95, "recall: {totals:?}\n{words}");
    assert_eq!(totals.amount_exact, totals.hits, "{words}");
    assert_eq!(totals.verdict_right, totals.hits, "{words}");
}

#[test]
fn the_table_in_the_documents_is_the_one_of_this_program() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/README.md");
    let table = super::table();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        let text = fs::read_to_string(&path).expect("the document is there");
        let head = text.split("| code |").next().expect("split never is empty").to_owned();
        fs::write(&path, head + &table).expect("written");
    }
    let text = fs::read_to_string(&path).expect("the document is there");
    assert!(text.ends_with(&table), "UPDATE_GOLDEN=1 cargo test, then read the difference\n{table}");
}

#[test]
fn every_expected_line_can_be_recomputed_from_its_trace() {
    let mut formulas = 0;
    for (name, report) in &score::whole_corpus().reports {
        formulas += evaluate_report(report).unwrap_or_else(|problem| panic!("{name}: {problem}"));
    }
    // Each case has at least a fee, a volume and a price to read.
    assert!(formulas > 3 * all_cases().len(), "{formulas} formulas");
}

#[test]
fn the_sums_of_every_report_close() {
    for (name, report) in &score::whole_corpus().reports {
        assert_closes(name, report);
    }
}

#[test]
fn every_id_that_a_report_names_exists() {
    for (name, report) in &score::whole_corpus().reports {
        invariants::assert_ids_exist(name, report);
    }
}

#[test]
fn what_was_not_charged_is_a_cause_of_its_own() {
    let reports = &score::whole_corpus().reports;
    reports.iter().for_each(|(name, report)| invariants::assert_not_charged(name, report));
    let shows = |report: &&Value| report["gaps"].to_string().contains("not-charged");
    assert!(reports.values().filter(shows).count() >= 10, "the corpus shows some");
}

#[test]
fn no_yuan_is_claimed_twice() {
    for (name, report) in &score::whole_corpus().reports {
        invariants::assert_claimed_once(name, report);
    }
}

/// Claims of payment yuan stand beside the bill.
fn is_beside(code: &str) -> bool {
    code.starts_with("PAY") || code == "SUB-013"
}

/// Added up here and not by the program.
fn assert_closes(name: &str, report: &Value) {
    let totals = &report["totals"];
    let list = |key: &str| report[key].as_array().expect("a list").clone();
    let sum = |key: &str, part: &str| list(key).iter().map(|item| fen(&item[part])).sum::<i64>();
    for part in ["explained", "disputed", "unverified"] {
        assert_eq!(sum("lines", part), fen(&totals[part]), "{name}: {part}");
    }
    let parts = ["explained", "disputed", "unverified"].map(|part| fen(&totals[part]));
    assert_eq!(parts.iter().sum::<i64>(), fen(&totals["billed"]), "{name}");
    for line in list("lines") {
        let parts = ["explained", "disputed", "unverified"].map(|part| fen(&line[part]));
        assert_eq!(parts.iter().sum::<i64>(), fen(&line["amount"]), "{name}: {line}");
    }
    for gap in list("gaps") {
        let causes: i64 =
            gap["causes"].as_array().expect("causes").iter().map(|cause| fen(&cause["amount"])).sum();
        assert_eq!(fen(&gap["billed"]) - fen(&gap["expected"]), causes, "{name}: {gap}");
        assert_eq!(gap["residual"], "0.00", "{name}");
    }
    for input in list("inputs") {
        let count = |key: &str| input[key].as_u64().expect("a count");
        assert_eq!(
            count("rows_read"),
            count("rows_used") + count("rows_set_aside"),
            "{name}: {}",
            input["path"]
        );
    }
    assert_eq!(report["control"]["closes"], true, "{name}");
    let found = findings(report);
    for (verdict, total) in [("proven", "claim_proven"), ("probable", "claim_probable")] {
        let claims: i64 = found.iter().filter(|f| f.verdict == verdict).map(|f| f.claim).sum();
        assert_eq!(claims, fen(&totals[total]), "{name}: {total}");
    }
    let on_bill = found.iter().filter(|f| f.verdict != "needs-evidence" && !is_beside(&f.code));
    assert_eq!(on_bill.map(|f| f.claim).sum::<i64>(), fen(&totals["disputed"]), "{name}");
    for found in &found {
        let claims_nothing = found.kind != "E" || found.verdict == "needs-evidence";
        assert!(found.claim <= found.amount && (!claims_nothing || found.claim == 0), "{name}: {found:?}");
    }
}

/// The whole corpus with rows in another order, files under other names, lists and bills in two files each, and papers
/// beside them that have nothing to do with the case: all at once, so that one more run tells of every case.
#[test]
fn order_names_splits_and_other_files_change_no_finding_of_any_case() {
    let cases = all_cases();
    let wording = wording();
    let wrong = |case: &Case| {
        let printed = spoil::shuffled(&case.printed, &case.name);
        let printed = if may_split(case) { spoil::split(&printed) } else { printed };
        let printed = spoil::renamed(&spoil::with_unrelated(&printed, names_lines(case)));
        let mut found = findings(&report(&case.name, &printed, &wording));
        found.sort();
        (found != plain(case)).then(|| format!("{}: {found:?}", case.name))
    };
    score::whole_corpus();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let differing: Vec<String> = std::thread::scope(|scope| {
        let parts = cases.chunks(cases.len().div_ceil(threads));
        let runs: Vec<_> =
            parts.map(|part| scope.spawn(|| part.iter().filter_map(&wrong).collect::<Vec<_>>())).collect();
        runs.into_iter().flat_map(|run| run.join().expect("every case can be analysed")).collect()
    });
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

/// An export or a fault that names no line belongs to the case's only one; a second line would leave it open.
fn names_lines(case: &Case) -> bool {
    let named = |path: &str| !path.contains("alipay") && !path.contains("wallet");
    // A payment row's tenth cell is the line that it is for.
    let named_rows = |text: &String| text.lines().skip(1).all(|row| row.split(',').nth(9) != Some(""));
    let payments = case.printed.files.iter().filter(|(path, _)| path == PAYMENTS);
    case.printed.files.iter().all(|(path, _)| named(path))
        && payments.map(|(_, text)| text).all(named_rows)
        && case.printed.binary.is_empty()
        && !case.printed.case_toml.contains("[[incident]]")
}

/// Without a declared window the rows of one list have to span the month; halves of it do not. A row that contradicts
/// the declaration weakens the half that holds it only, because the other half is declared to be whole by itself.
fn may_split(case: &Case) -> bool {
    let contradicted = ["cannot be read", "call of the future"].iter().any(|word| case.name.contains(word));
    !contradicted && case.printed.case_toml.contains(&format!("file = \"{USAGE}\""))
}

#[test]
fn order_of_rows_and_names_of_files_change_no_finding() {
    for case in sample() {
        let plain = plain(&case);
        let changed = spoil::renamed(&spoil::shuffled(&case.printed, &case.name));
        assert_eq!(essence(&case.name, &changed), plain, "{}", case.name);
    }
}

#[test]
fn split_and_unrelated_files_change_no_finding() {
    for case in sample() {
        let plain = plain(&case);
        let more = spoil::with_unrelated(&case.printed, names_lines(&case));
        assert_eq!(essence(&case.name, &more), plain, "{}", case.name);
        if may_split(&case) {
            assert_eq!(essence(&case.name, &spoil::split(&case.printed)), plain, "{}", case.name);
        }
    }
}

/// Returns the verdicts of a code as evidence is taken away step by step; the amount must stay.
fn verdicts(case: &Case, steps: &[Printed]) -> Vec<String> {
    let amount = case.printed.truth.expected[0].amount;
    let verdict_of = |printed: &Printed| {
        let found = essence(&case.name, printed).into_iter().find(|found| found.code == case.code);
        let found = found.unwrap_or_else(|| panic!("{}: nothing of {}", case.name, case.code));
        assert_eq!(Some(found.amount), amount, "{}", case.name);
        found.verdict
    };
    steps.iter().map(verdict_of).collect()
}

fn cases_of(prefixes: &[&str]) -> Vec<Case> {
    let named = |case: &Case| prefixes.iter().any(|prefix| case.name.starts_with(prefix));
    all_cases().into_iter().filter(named).collect()
}

#[test]
fn a_usage_finding_weakens_as_the_list_loses_its_window_and_goes() {
    for case in cases_of(&["USE-001/declared", "USE-002/declared", "USE-008/data inside the allowance"]) {
        let steps = [
            case.printed.clone(),
            spoil::without_coverage(&case.printed, USAGE),
            spoil::without_file(&case.printed, USAGE),
        ];
        assert_eq!(verdicts(&case, &steps), ["proven", "probable", "needs-evidence"], "{}", case.name);
    }
    // A general list holds the kinds that occur in it: without a window it says nothing of calls or sessions.
    for case in cases_of(&["USE-003/declared", "USE-004/declared"]) {
        let steps = [case.printed.clone(), spoil::without_coverage(&case.printed, USAGE)];
        assert_eq!(verdicts(&case, &steps), ["proven", "needs-evidence"], "{}", case.name);
    }
}

#[test]
fn a_pack_that_was_not_renewed_is_proven_only_with_balances_orders_and_usage() {
    for case in cases_of(&["SUB-001/not renewed, balance positive"]) {
        let balances = ["opening-balance", "closing-balance", "payment"];
        let steps = [
            case.printed.clone(),
            spoil::without_rows(&case.printed, &balances),
            spoil::without_coverage(&case.printed, ORDERS),
            spoil::without_coverage(&case.printed, USAGE),
        ];
        assert_eq!(verdicts(&case, &steps), ["proven", "probable", "probable", "probable"], "{}", case.name);
    }
}

/// Scenarios whose papers are complete: what the bill should have been follows from them to the fen.
const COMPLETE: &[&str] = &[
    "USE-001/declared",
    "USE-001/window printed",
    "USE-001/complete list",
    "USE-001/one was sent",
    "USE-001/pack with order",
    "USE-001/on a bill tree",
    "USE-002/declared",
    "USE-002/used",
    "USE-003/declared",
    "USE-003/used",
    "USE-004/declared",
    "USE-004/used",
    "USE-008/data inside",
    "USE-008/calls",
    "USE-008/texts",
    "USE-008/allowance",
    "USE-008/one byte",
    "USE-008/used abroad",
    "USE-008/night",
    "USE-008/last call",
    "USE-008/special",
    "USE-008/day pack",
    "SUB-001/not renewed, balance",
    "SUB-001/renewed",
    "SUB-001/cancelled",
    "SUB-001/does not",
    "SUB-001/no overage",
    "SUB-001/the pack",
    "BILL-001/total above the items/",
    "BILL-001/a bill tree",
    "BILL-003/monthly",
    "BILL-003/pack ordered twice",
    "PAY-001/bill paid twice, unfiltered",
];

#[test]
fn what_a_bill_should_have_been_is_what_the_scenario_worked_out() {
    for case in cases_of(COMPLETE) {
        let totals = &score::whole_corpus().reports[&case.name]["totals"];
        let total = |key: &str| fen(&totals[key]);
        let on_bill =
            case.printed.truth.expected.iter().filter(|expected| !expected.codes[0].starts_with("PAY"));
        let due = total("billed") - on_bill.filter_map(|expected| expected.claim).sum::<i64>();
        let settled = [total("expected_low"), total("expected_high"), total("explained")];
        assert_eq!(settled, [due; 3], "{}: {totals}", case.name);
        assert_eq!(total("unverified"), 0, "{}", case.name);
    }
}

#[test]
fn a_doubled_pack_is_only_probable_without_the_order_record() {
    for case in cases_of(&["BILL-003/pack twice, one order"]) {
        let steps = [
            case.printed.clone(),
            spoil::without_coverage(&case.printed, ORDERS),
            spoil::without_file(&case.printed, ORDERS),
        ];
        assert_eq!(verdicts(&case, &steps), ["proven", "probable", "probable"], "{}", case.name);
    }
}

#[test]
fn a_case_without_its_bill_disputes_nothing() {
    for case in cases_of(&["USE-001/declared", "BILL-001/total above the items/"]) {
        let found = essence(&case.name, &spoil::without_file(&case.printed, BILL));
        assert!(found.iter().all(|found| found.claim == 0), "{}: {found:?}", case.name);
    }
}
