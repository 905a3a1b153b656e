//! `batch` checked against the corpus.

use std::collections::BTreeMap;
use std::fs;

use assert_cmd::Command;
use tempfile::TempDir;

use super::evaluate::fen;
use super::scenario::{Case, all_cases};
use super::through_batch::{by_check, differences};

/// Every n-th case: each family is there, and the tests stay quick. `cargo run --example corpus` takes all of them.
const SAMPLE_STEP: usize = 7;

fn sample() -> impl Iterator<Item = Case> {
    all_cases().into_iter().step_by(SAMPLE_STEP)
}

#[test]
fn a_case_of_one_line_is_judged_alike_as_a_case_and_as_a_set_of_tables() {
    let (count, differences) = differences(sample());
    assert!(count > 50, "{count} cases are tables");
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// Names of cases have parts.
fn folder_name(case: &Case) -> String {
    case.name.replace(['/', ',', ' '], "_")
}

#[test]
fn folders_of_cases_are_judged_as_each_case_alone() {
    let cases: Vec<Case> = sample().collect();
    let folder = TempDir::new().expect("a folder");
    for case in &cases {
        let home = folder.path().join("cases").join(folder_name(case));
        for (path, text) in case.printed.files.iter().chain(&case.printed.plans) {
            let path = home.join(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            fs::write(path, text).expect("written");
        }
        for (path, bytes) in &case.printed.binary {
            let path = home.join(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            fs::write(path, bytes).expect("written");
        }
        let toml = &case.printed.case_toml;
        let day = format!("as_of = {}\n", case.printed.as_of);
        // The day stands before the first table of the file.
        let dated = if toml.contains("as_of") { toml.clone() } else { day + toml };
        fs::write(home.join("case.toml"), dated).expect("written");
    }
    let out = folder.path().join("out");
    let mut command = Command::cargo_bin("mingzhang").expect("the binary is built");
    command.arg("-q").arg("batch").arg(folder.path().join("cases")).arg("--out").arg(&out).assert().success();
    type Row = (String, String, String, String, i64, i64);
    let mut found: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    let table = fs::read_to_string(out.join("findings.csv")).expect("written");
    for line in table.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let [case, msisdn, period, code, _, verdict, amount, claim, ..] = cells[..] else { panic!("{line}") };
        let text = |text: &str| text.to_owned();
        let row =
            (text(msisdn), text(period), text(code), text(verdict), fen(&amount.into()), fen(&claim.into()));
        found.entry(text(case)).or_default().push(row);
    }
    for case in &cases {
        let check = by_check(case).into_iter();
        let mut wanted: Vec<Row> =
            check.map(|it| (it.msisdn, it.period, it.code, it.verdict, it.amount, it.claim)).collect();
        wanted.sort();
        let mut found = found.remove(&folder_name(case)).unwrap_or_default();
        found.sort();
        assert_eq!(found, wanted, "{}", case.name);
    }
}
