//! One set of tables with many lines: what is read in bulk, what in the ordinary way, and what each line sees of it.

use std::collections::{BTreeMap, BTreeSet};

use crate::ingest::bulk::Layout;
use crate::ingest::records::{Owned, Records};
use crate::ingest::{FileReading, FormatBook};
use crate::model::case::CaseFile;
use crate::model::period::Day;
use crate::model::source::Source;
use crate::rules::plan_book::PlanBook;

/// The tables of a portfolio and the rules to judge them by.
pub struct TableSet<'a> {
    /// Tables that are read in bulk, by path.
    pub layouts: Vec<Layout>,
    /// Files that are read in the ordinary way.
    pub small: Vec<FileReading>,
    /// case.toml: what it says without a number holds for every line.
    pub case_file: CaseFile,
    /// Plans.
    pub plans: PlanBook,
    /// Ids that `--plan` names.
    pub assumed_plans: Vec<String>,
    /// Known layouts.
    pub formats: &'a FormatBook,
    /// Day of the calculation.
    pub as_of: Day,
}

/// What the case file and the small files say about single lines.
pub struct Shares {
    common: CaseFile,
    own: BTreeMap<String, CaseFile>,
    /// Sources of the small files, and their records by number.
    small: Vec<(Source, BTreeMap<String, Records>)>,
}

impl Shares {
    /// Returns what each line has in the case file and the small files.
    pub fn of(set: &TableSet<'_>) -> Self {
        let (common, own) = split_case_file(&set.case_file);
        let small =
            set.small.iter().map(|reading| (reading.source.clone(), split(&reading.records))).collect();
        Self { common, own, small }
    }

    /// Returns whether only the bulk tables speak of lines: then every line has the same case file.
    pub fn are_plain(&self) -> bool {
        self.own.is_empty() && self.small.is_empty()
    }

    /// Returns the numbers that small files or the case file name.
    pub fn numbers(&self) -> BTreeSet<&str> {
        let of_files = self.small.iter().flat_map(|(_, records)| records.keys());
        self.own.keys().chain(of_files).map(String::as_str).filter(|number| !number.is_empty()).collect()
    }

    /// Returns the case file of a line.
    pub fn case_file(&self, msisdn: &str) -> CaseFile {
        let Some(own) = self.own.get(msisdn) else { return self.common.clone() };
        CaseFile {
            lines: own.lines.clone(),
            subscriptions: own.subscriptions.clone(),
            openings: own.openings.clone(),
            coverage: self.common.coverage.iter().chain(&own.coverage).cloned().collect(),
            ..self.common.clone()
        }
    }

    /// Returns what the small files hold of a line.
    pub fn readings(&self, msisdn: &str) -> impl Iterator<Item = FileReading> {
        self.small.iter().map(move |(source, records)| {
            let records = records.get(msisdn).cloned().unwrap_or_default();
            FileReading { source: source.clone(), records }
        })
    }

    /// Returns what holds for every line.
    pub fn common(&self) -> &CaseFile {
        &self.common
    }
}

fn split_case_file(file: &CaseFile) -> (CaseFile, BTreeMap<String, CaseFile>) {
    let mut own: BTreeMap<String, CaseFile> = BTreeMap::new();
    let mut common = file.clone();
    for line in common.lines.drain(..) {
        own.entry(line.msisdn.clone()).or_default().lines.push(line);
    }
    for subscription in common.subscriptions.drain(..) {
        own.entry(subscription.msisdn.clone()).or_default().subscriptions.push(subscription);
    }
    for opening in common.openings.drain(..) {
        own.entry(opening.msisdn.clone()).or_default().openings.push(opening);
    }
    let (named, all) = common.coverage.drain(..).partition(|declared| declared.msisdn.is_some());
    common.coverage = all;
    let named: Vec<crate::model::case::DeclaredCoverage> = named;
    for declared in named {
        own.entry(declared.msisdn.clone().unwrap_or_default()).or_default().coverage.push(declared);
    }
    (common, own)
}

fn split(records: &Records) -> BTreeMap<String, Records> {
    let mut by_line: BTreeMap<String, Records> = BTreeMap::new();
    for (msisdn, event) in records.usage_events() {
        by_line.entry(msisdn.to_owned()).or_default().push_usage(msisdn, &event);
    }
    fn each<T: Clone>(
        list: &[Owned<T>],
        by_line: &mut BTreeMap<String, Records>,
        into: impl Fn(&mut Records) -> &mut Vec<Owned<T>>,
    ) {
        for owned in list {
            into(by_line.entry(owned.msisdn.clone()).or_default()).push(owned.clone());
        }
    }
    each(&records.bill, &mut by_line, |records| &mut records.bill);
    each(&records.orders, &mut by_line, |records| &mut records.orders);
    each(&records.charges, &mut by_line, |records| &mut records.charges);
    each(&records.wallet, &mut by_line, |records| &mut records.wallet);
    for payment in &records.payments {
        by_line.entry(payment.msisdn.clone()).or_default().payments.push(payment.clone());
    }
    by_line
}
