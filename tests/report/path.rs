//! From the sample cases to the report: what the assembly adds to the settled case.

use std::path::{Path, PathBuf};

use mingzhang::ingest::{self, FormatBook, InputFile};
use mingzhang::model::money::Money;
use mingzhang::report::assemble::{Assembly, assemble};
use mingzhang::report::model::Report;
use mingzhang::report::wording::{Lang, Wording};
use mingzhang::rules::law::LawBook;
use mingzhang::{rating, reconcile, rules, settle};

/// Returns the report of a sample case.
pub fn sample(name: &str, lang: Lang) -> Report {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_bills").join(name);
    let case_text = std::fs::read_to_string(root.join("case.toml")).expect("the case file is there");
    let case_file = rules::case_file::parse("case.toml", &case_text).expect("the case file holds");
    let as_of = case_file.as_of.expect("the sample says its day");
    let plans = files(&root, &root.join("plans")).into_iter().map(|file| {
        let text = String::from_utf8(file.bytes).expect("plans are text");
        (file.path.clone(), rules::plan::parse(&file.path, &text).expect("the plan holds"))
    });
    let (plans, problems) = rating::examples::checked_book(plans).expect("amounts fit");
    assert!(problems.is_empty(), "{problems:?}");
    let formats = FormatBook::built_in();
    let papers = files(&root, &root).into_iter().filter(|file| !file.path.ends_with(".toml"));
    let readings = papers.map(|file| ingest::read_file(&file, None, formats)).collect();
    let case = ingest::assemble_case(readings, case_file, as_of).expect("the case is assembled");
    let settled = case.lines.iter().map(|line| {
        let rated = rating::rate_line(line, &plans, &[]).expect("rated");
        let reconciliation = reconcile::reconcile(&case, line, &rated).expect("reconciled");
        settle::settle_line_with(&case, line, rated, reconciliation, rating::rerate_to).expect("settled")
    });
    let settled: Vec<_> = settled.collect();
    let laws = LawBook::built_in();
    let wording = Wording::load(lang).expect("the wording files hold");
    let assembly =
        Assembly { case: &case, settled: &settled, laws, plans: &plans, attachments: vec![], notes: vec![] };
    assemble(assembly, &wording).unwrap_or_else(|error| panic!("{error:?}"))
}

/// Returns the files below a folder, by path relative to the root.
fn files(root: &Path, folder: &Path) -> Vec<InputFile> {
    let mut all = Vec::new();
    let mut folders: Vec<PathBuf> = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("the folder is there").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name =
                    path.strip_prefix(root).expect("below the root").to_string_lossy().replace('\\', "/");
                all.push(InputFile { path: name, bytes: std::fs::read(&path).expect("readable") });
            }
        }
    }
    all.sort_by(|a, b| a.path.cmp(&b.path));
    all
}

fn yuan(text: &str) -> Money {
    Money::parse(text).expect("an amount")
}

fn sum<'a>(amounts: impl Iterator<Item = &'a String>) -> Money {
    Money::sum(amounts.map(|amount| yuan(amount))).expect("a sum")
}

const SAMPLES: [&str; 3] = ["mms-15-yuan", "pack-not-renewed", "clean"];

#[test]
fn every_yuan_of_every_sample_has_its_place() {
    for name in SAMPLES {
        let report = sample(name, Lang::Zh);
        let totals = &report.totals;
        for line in &report.lines {
            let parts = sum([&line.explained, &line.disputed, &line.unverified].into_iter());
            assert_eq!(parts, yuan(&line.amount), "{name}: {line:?}");
        }
        assert_eq!(sum(report.lines.iter().map(|line| &line.amount)), yuan(&totals.billed));
        assert_eq!(sum(report.lines.iter().map(|line| &line.disputed)), yuan(&totals.disputed));
        for gap in &report.gaps {
            let causes =
                sum(gap.causes.iter().map(|cause| &cause.amount)).plus(yuan(&gap.residual)).expect("a sum");
            assert_eq!(
                yuan(&gap.billed).minus(yuan(&gap.expected)).expect("a difference"),
                causes,
                "{name}: {gap:?}"
            );
        }
        assert!(report.control.closes, "{name}: {:?}", report.control);
    }
}

#[test]
fn the_unsent_mms_is_quoted_with_row_header_and_neighbours() {
    let report = sample("mms-15-yuan", Lang::Zh);
    let finding = &report.findings[0];
    assert_eq!(
        (finding.code.as_str(), finding.verdict.as_str(), finding.claim.as_str()),
        ("USE-001", "proven", "15.00")
    );
    let bill = &finding.evidence[0];
    // The MMS fee stands in row 12, column 2 of the bill, under 金额(元).
    assert_eq!(
        (bill.row, bill.column, bill.header.as_deref(), bill.quote.as_str()),
        (12, Some(2), Some("金额(元)"), "15.00")
    );
    let excerpt = &finding.excerpts[0];
    let rows: Vec<(u32, bool)> = excerpt.rows.iter().map(|row| (row.row, row.hit)).collect();
    assert_eq!(rows, [(11, false), (12, true), (13, false)]);
    assert_eq!(excerpt.rows[1].hit_column, Some(2));
    // The window of the list stands above its header and is quoted without one.
    assert!(
        finding.excerpts[1].header.is_empty() && finding.excerpts[1].rows[0].cells[0].contains("2025-10-01")
    );
}

#[test]
fn dates_count_from_the_first_day_that_is_possible() {
    let report = sample("mms-15-yuan", Lang::Zh);
    let dates: Vec<(&str, &str, &str)> = report.findings[0]
        .deadlines
        .iter()
        .map(|date| (date.what.as_str(), date.safe_until.as_str(), date.at_the_latest.as_str()))
        .collect();
    // 2025-10-01 + 5 months = 2026-03-01, 2025-10-31 + 5 months = 2026-03-31; 16 days before each:
    // 2026-02-13 and 2026-03-15 (February 2026 has 28 days).
    assert_eq!(
        dates,
        [("appeal", "2026-03-01", "2026-03-31"), ("first-complaint", "2026-02-13", "2026-03-15")]
    );
    assert_eq!(report.next_steps[0].by.as_deref(), Some("2026-02-13"));
    assert_eq!(report.next_steps[0].money, "15.00");
}

#[test]
fn the_number_is_masked_for_headlines_only() {
    let report = sample("mms-15-yuan", Lang::Zh);
    assert_eq!(report.subjects[0].shown, "138****1111");
    assert_eq!(report.subjects[0].msisdn, "13800001111");
}

#[test]
fn every_law_that_is_named_is_quoted() {
    for name in SAMPLES {
        let report = sample(name, Lang::Zh);
        for finding in &report.findings {
            let dates = finding.deadlines.iter().map(|date| &date.basis);
            for id in
                finding.basis.iter().chain(dates).chain(finding.remedies.iter().map(|remedy| &remedy.basis))
            {
                assert!(report.laws.iter().any(|law| law.id == *id && !law.quote.is_empty()), "{id}");
            }
        }
    }
}

#[test]
fn ids_are_made_from_content_and_unique() {
    let (first, second) = (sample("pack-not-renewed", Lang::Zh), sample("pack-not-renewed", Lang::Zh));
    assert_eq!(first, second);
    let mut ids: Vec<&str> = first.lines.iter().map(|line| line.id.as_str()).collect();
    ids.extend(first.payments.iter().map(|payment| payment.id.as_str()));
    ids.extend(first.findings.iter().map(|finding| finding.id.as_str()));
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count);
    assert!(first.lines.iter().all(|line| line.id.len() == 12 && line.id.starts_with("L-")));
}

#[test]
fn only_payments_to_do_with_the_phone_are_listed() {
    let report = sample("mms-15-yuan", Lang::Zh);
    // The statement holds five rows; one of them pays the phone bill: 89.00.
    assert_eq!(report.payments.len(), 1);
    assert_eq!(report.totals.paid, "89.00");
}

#[test]
fn the_lead_says_what_how_much_and_where() {
    let lead = sample("mms-15-yuan", Lang::Zh).lead;
    assert_eq!(lead, "多收了 15.00 元：收了彩信费，但没有发过彩信。证据在账单第 12 行、详单第 3 行。");
    assert!(sample("clean", Lang::Zh).lead.starts_with("没有发现多收。"));
    assert!(sample("mms-15-yuan", Lang::En).lead.starts_with("15.00 yuan too much were charged"));
}
