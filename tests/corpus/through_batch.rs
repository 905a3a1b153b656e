//! The same cases as tables of a portfolio and as folders of cases: nothing else may be found.

use std::collections::BTreeMap;
use std::io;
use std::sync::Mutex;

use mingzhang::analyse::plan_book;
use mingzhang::ingest::bulk::recognise;
use mingzhang::ingest::{FormatBook, InputFile, read_file};
use mingzhang::portfolio::merge::Merged;
use mingzhang::portfolio::result::{FindingRow, LineResult};
use mingzhang::portfolio::storage::{Bytes, Results, Spill, Watch};
use mingzhang::portfolio::table_set::TableSet;
use mingzhang::portfolio::{Lent, Means, run};
use mingzhang::rules::case_file;

use super::evaluate::{Found, fen, findings, wording};
use super::print::Printed;
use super::scenario::Case;
use super::score;

/// Returns the findings of the case as one set of tables; none where that is something else: there, payments without a
/// whole number belong to nobody, a table without a row of a line says nothing about it, and files in other encodings and
/// containers are read as folders of cases.
pub fn as_tables(printed: &Printed) -> Option<Vec<Found>> {
    if !printed.binary.is_empty() {
        return None;
    }
    let formats = FormatBook::built_in();
    let case_file = case_file::parse("case.toml", &printed.case_toml).expect("the case file holds");
    let mut files: Vec<&(String, String)> = printed.files.iter().collect();
    files.sort();
    let (mut layouts, mut small, mut kept) = (Vec::new(), Vec::new(), Vec::new());
    for (path, text) in files {
        let hint = case_file.sources.iter().find(|hint| hint.file == *path);
        match recognise(path, text.len() as u64, text.as_bytes(), hint, formats) {
            Some(layout) => {
                layouts.push(layout);
                kept.push(text.clone().into_bytes());
            }
            None => {
                let file = InputFile { path: path.clone(), bytes: text.clone().into_bytes() };
                small.push(read_file(&file, hint, formats));
            }
        }
    }
    let whole = |number: &str| number.len() == 11 && number.bytes().all(|byte| byte.is_ascii_digit());
    let of_nobody = small.iter().flat_map(|it| &it.records.payments).any(|it| !whole(&it.msisdn));
    if layouts.is_empty() || of_nobody {
        return None;
    }
    let plans = printed.plans.iter();
    let plans: Vec<InputFile> = plans
        .map(|(path, text)| InputFile { path: path.clone(), bytes: text.clone().into_bytes() })
        .collect();
    let (plans, _) = plan_book(&plans).expect("plans hold");
    let as_of = printed.as_of.parse().expect("a day");
    let set = TableSet { layouts, small, case_file, plans, assumed_plans: Vec::new(), formats, as_of };
    let memory = Memory { files: kept, ..Memory::default() };
    let lent = Lent { bytes: &memory, spill: &memory, results: &memory, watch: &memory };
    let means = Means { workers: 1, row_budget_bytes: 64 << 20, part: (1, 1), screens: true };
    let reading = run(&set, &wording(), means, lent).expect("the tables are judged");
    // A row without a number waits there, while a case gives it to its only line; a table without a row speaks of no line.
    let mut waiting = reading.files.iter().flat_map(|file| &file.aside);
    let waits = waiting.any(|it| it.reason.key == "portfolio.row.no-line");
    if waits || reading.files.iter().any(|file| file.rows_used == 0) {
        return None;
    }
    let results = memory.results.into_inner().expect("no thread panicked");
    let sequences = results.values().map(|bytes| Box::new(&bytes[..]) as Box<dyn io::Read + Send>).collect();
    let mut merged = Merged::of(sequences).expect("results hold");
    let mut lines: Vec<LineResult> = Vec::new();
    while let Some(line) = merged.next_line().expect("results hold") {
        lines.push(line);
    }
    let found = lines.iter().flat_map(|line| line.findings.iter().map(|row| found(&line.msisdn, row)));
    Some(sorted(found.collect()))
}

fn found(msisdn: &str, row: &FindingRow) -> Found {
    Found {
        code: row.code.to_owned(),
        kind: row.kind.code().to_owned(),
        verdict: row.verdict.code().to_owned(),
        msisdn: msisdn.to_owned(),
        period: row.period.to_string(),
        amount: fen(&row.amount.to_string().into()),
        claim: fen(&row.claim.to_string().into()),
        id: String::new(),
    }
}

/// Returns what `check` finds, without ids.
pub fn by_check(case: &Case) -> Vec<Found> {
    let report = &score::whole_corpus().reports[&case.name];
    sorted(findings(report).into_iter().map(|found| Found { id: String::new(), ..found }).collect())
}

/// Returns whether the case is about one line.
pub fn is_of_one_line(case: &Case) -> bool {
    let report = &score::whole_corpus().reports[&case.name];
    report["subjects"].as_array().is_some_and(|lines| lines.len() == 1)
}

fn sorted(mut found: Vec<Found>) -> Vec<Found> {
    found.sort();
    found
}

/// Returns how many cases went through as tables, and every difference in words.
pub fn differences(cases: impl Iterator<Item = Case>) -> (usize, Vec<String>) {
    let (mut count, mut differences) = (0, Vec::new());
    for case in cases.filter(is_of_one_line) {
        let Some(tables) = as_tables(&case.printed) else { continue };
        count += 1;
        let check = by_check(&case);
        let only = |a: &[Found], b: &[Found]| -> Vec<String> {
            let rows = a.iter().filter(|it| !b.contains(it));
            rows.map(|it| format!("{} {} {} {} {}", it.code, it.kind, it.verdict, it.amount, it.claim))
                .collect()
        };
        if tables != check {
            let (batch, check) = (only(&tables, &check), only(&check, &tables));
            differences.push(format!("{}: only batch {batch:?}, only check {check:?}", case.name));
        }
    }
    (count, differences)
}

/// Returns the differences of the whole corpus.
#[cfg(not(test))]
pub fn whole() -> (usize, Vec<String>) {
    differences(super::scenario::all_cases().into_iter())
}

/// Everything in memory.
#[derive(Default)]
struct Memory {
    files: Vec<Vec<u8>>,
    results: Mutex<BTreeMap<usize, Vec<u8>>>,
}

impl Bytes for Memory {
    fn read_at(&self, file: usize, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        let rest = self.files[file].get(offset as usize..).unwrap_or_default();
        let length = rest.len().min(into.len());
        into[..length].copy_from_slice(&rest[..length]);
        Ok(length)
    }
}

impl Spill for Memory {
    fn append(&self, _: &[u8]) -> io::Result<u64> {
        Err(io::ErrorKind::OutOfMemory.into())
    }

    fn read(&self, _: u64, _: &mut [u8]) -> io::Result<()> {
        Err(io::ErrorKind::OutOfMemory.into())
    }
}

impl Results for Memory {
    fn is_finished(&self, _: usize) -> bool {
        false
    }

    fn finish(&self, partition: usize, bytes: &[u8]) -> io::Result<()> {
        self.results.lock().expect("no thread panicked").insert(partition, bytes.to_vec());
        Ok(())
    }
}

impl Watch for Memory {
    fn read(&self, _: u64) {}
    fn finished(&self, _: u64) {}
}
