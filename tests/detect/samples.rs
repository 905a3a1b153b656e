//! The sample cases, by the real path.

use std::fs;
use std::path::{Path, PathBuf};

use super::builders::{day, money};
use super::pipeline::{Settled, settle};

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = vec![];
    for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        if entry.is_dir() { files.extend(files_below(&entry)) } else { files.push(entry) }
    }
    files.sort();
    files
}

fn sample(case: &str) -> Settled {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_bills").join(case);
    let read = |path: PathBuf| {
        let relative = path.strip_prefix(&root).expect("below").to_string_lossy().replace('\\', "/");
        (relative, fs::read(&path).expect("read"))
    };
    let files: Vec<_> = files_below(&root).into_iter().map(read).collect();
    settle(&files, day("2025-12-31"))
}

#[test]
fn mms_15_yuan_is_found_and_nothing_else() {
    // sample_bills/README.md: 89.00 billed, 74.00 due.
    let settled = sample("mms-15-yuan");
    assert_eq!(settled.findings(), ["USE-001 proven 15.00"]);
    let totals = settled.totals;
    assert_eq!(
        (totals.billed, totals.expected.low, totals.expected.high),
        (money("89.00"), money("74.00"), money("74.00"))
    );
    assert_eq!(
        (totals.explained, totals.disputed, totals.unverified),
        (money("74.00"), money("15.00"), money("0.00"))
    );
    assert_eq!((totals.claim_proven, totals.paid), (money("15.00"), money("148.00")));
}

#[test]
fn a_missed_renewal_is_found_and_nothing_else() {
    // sample_bills/README.md: 148.30 billed, 113.30 due.
    let settled = sample("pack-not-renewed");
    assert_eq!(settled.findings(), ["SUB-001 proven 35.00"]);
    let totals = settled.totals;
    assert_eq!((totals.billed, totals.expected.high), (money("148.30"), money("113.30")));
    assert_eq!((totals.disputed, totals.unverified), (money("35.00"), money("0.00")));
    let overage: Vec<_> = settled.lines[0]
        .expected
        .iter()
        .filter(|item| item.name == "data-out")
        .map(|item| item.amount.high)
        .collect();
    assert!(overage.contains(&money("5.00")), "{overage:?}");
}

#[test]
fn a_clean_case_has_no_finding() {
    let settled = sample("clean");
    assert_eq!(settled.findings(), Vec::<String>::new());
    assert_eq!((settled.totals.billed, settled.totals.explained), (money("59.80"), money("59.80")));
}
