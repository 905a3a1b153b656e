//! The workbook, read back by another crate.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};

use calamine::{Data, Reader as _, Xlsx};
use mingzhang::render;
use mingzhang::report::model::Report;
use mingzhang::report::wording::{Lang, Wording};

use super::{fixture, path};

fn bytes(report: &Report, lang: Lang) -> Vec<u8> {
    let wording = Wording::load(lang).expect("words");
    render::xlsx::render(report, &wording).unwrap_or_else(|error| panic!("{error:?}"))
}

fn book(report: &Report, lang: Lang) -> Xlsx<Cursor<Vec<u8>>> {
    Xlsx::new(Cursor::new(bytes(report, lang))).expect("a workbook")
}

/// Returns the rows of the first sheet that have a formula: name → (formula, cached value, exact text).
fn sums(book: &mut Xlsx<Cursor<Vec<u8>>>) -> BTreeMap<String, (String, String, String)> {
    let name = book.sheet_names()[0].clone();
    let values = book.worksheet_range(&name).expect("values");
    let formulas = book.worksheet_formula(&name).expect("formulas");
    let mut sums = BTreeMap::new();
    for row in 0..values.end().expect("cells").0 + 1 {
        let formula = formulas.get_value((row, 1)).filter(|formula| !formula.is_empty());
        let text = |column| values.get_value((row, column)).map(ToString::to_string).unwrap_or_default();
        if let Some(formula) = formula {
            sums.insert(text(0), (formula.clone(), text(1), text(2)));
        }
    }
    sums
}

fn exact<'a>(sums: &'a BTreeMap<String, (String, String, String)>, name: &str) -> &'a str {
    &sums.get(name).unwrap_or_else(|| panic!("no row {name}: {sums:?}")).2
}

#[test]
fn every_total_is_a_formula_whose_cached_value_and_exact_text_are_those_of_the_report() {
    for name in ["mms-15-yuan", "pack-not-renewed", "clean"] {
        let report = path::sample(name, Lang::Zh);
        let sums = sums(&mut book(&report, Lang::Zh));
        let totals = &report.totals;
        for (label, wanted) in [
            ("账单收取", &totals.billed),
            ("有依据", &totals.explained),
            ("有争议", &totals.disputed),
            ("未核实", &totals.unverified),
            ("按规则应收，下限", &totals.expected_low),
            ("按规则应收，上限", &totals.expected_high),
            ("可以要求退还，证据充分", &totals.claim_proven),
            ("很可能多收，请对方核实", &totals.claim_probable),
            ("取决于缺少的材料", &totals.at_stake_needs_evidence),
            ("已付", &totals.paid),
            ("已退回", &totals.refunded),
            ("没有解释的差额，应为 0", &report.control.residual),
        ] {
            assert_eq!(exact(&sums, label), wanted, "{name}: {label}");
        }
        for (label, (formula, cached, exact)) in &sums {
            assert!(formula.contains("ROUND("), "{label}: {formula}");
            let number = |text: &str| mingzhang::model::money::Money::parse(text).expect("a number");
            assert_eq!(number(cached), number(exact), "{name}: {label}");
        }
    }
}

/// Adds up, for every formula of the form `ROUND(SUM(range),n)` on the first sheet, the exact texts beside the
/// numbers of the range: what a spreadsheet finds when it recalculates.
#[test]
fn the_numbers_under_a_total_add_up_to_it() {
    let report = path::sample("pack-not-renewed", Lang::Zh);
    let mut book = book(&report, Lang::Zh);
    let sums = sums(&mut book);
    let mut checked = 0;
    for (label, (formula, _, exact)) in &sums {
        let Some(range) = formula.trim_start_matches('=').strip_prefix("ROUND(SUM('") else { continue };
        let Some((sheet, cells)) = range.split_once("'!$") else { continue };
        let (letters, rest) = cells.split_once('$').expect("a column");
        let (first, rest) = rest.split_once(":$").expect("a first row");
        let last = rest.split_once('$').and_then(|(_, rest)| rest.split_once(')')).expect("a last row").0;
        if !formula.ends_with(&format!(":${letters}${last}),2)")) {
            continue;
        }
        let column = letters.bytes().fold(0, |sum, b| sum * 26 + u32::from(b - b'A') + 1) - 1;
        let values = book.worksheet_range(sheet).expect("a sheet");
        let number = |row: &str| row.parse::<u32>().expect("a row");
        let amounts = (number(first)..=number(last)).filter_map(|row| {
            let text = values.get_value((row - 1, column + 1)).map(ToString::to_string)?;
            mingzhang::model::money::Money::parse(&text).ok()
        });
        let sum = mingzhang::model::money::Money::sum(amounts).expect("a sum");
        assert_eq!(sum.to_string(), *exact, "{label}: {formula}");
        checked += 1;
    }
    assert!(checked >= 8, "only {checked} sums were checked");
}

#[test]
fn text_from_outside_stays_text() {
    let mut report = fixture::mms_15_yuan();
    let payloads = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "=HYPERLINK(\"http://x\",\"y\")"];
    for (line, payload) in report.lines.iter_mut().zip(payloads) {
        line.item = payload.into();
        line.why = payload.into();
    }
    report.title = "=2+2".into();
    report.inputs[0].path = "=3+3".into();
    let mut book = book(&report, Lang::Zh);
    for name in book.sheet_names() {
        let formulas = book.worksheet_formula(&name).expect("formulas");
        for (row, column, formula) in formulas.used_cells() {
            let ours = formula.starts_with("ROUND(");
            assert!(formula.is_empty() || ours, "{name} {row}:{column} {formula}");
        }
    }
    let bill = book.worksheet_range("账单").expect("the bill");
    let items: Vec<&Data> = bill.rows().skip(1).filter_map(|row| row.get(4)).take(4).collect();
    assert_eq!(
        items,
        payloads[..4]
            .iter()
            .map(|it| Data::String((*it).to_owned()))
            .collect::<Vec<_>>()
            .iter()
            .collect::<Vec<_>>()
    );
}

#[test]
fn control_and_bidi_characters_are_shown_by_their_number() {
    let mut book = book(&fixture::hostile(), Lang::Zh);
    for name in book.sheet_names() {
        for (_, _, cell) in book.worksheet_range(&name).expect("cells").used_cells() {
            let text = cell.to_string();
            assert!(!text.contains(['\u{202e}', '\u{7}', '\u{feff}']), "{name}: {text:?}");
        }
    }
    let bill = book.worksheet_range("账单").expect("the bill");
    assert!(bill.used_cells().any(|(_, _, cell)| cell.to_string().contains("〔U+202E〕")));
}

#[test]
fn every_part_of_the_report_has_its_sheet() {
    let names = |report: &Report, lang| book(report, lang).sheet_names();
    let zh = names(&fixture::many(), Lang::Zh);
    for name in ["汇总", "发现", "证据", "账单", "应收", "差额", "付款", "覆盖", "检查项", "来源", "搁置"]
    {
        assert!(zh.contains(&name.to_owned()), "{name} of {zh:?}");
    }
    let en = names(&fixture::clean(), Lang::En);
    for name in
        ["Summary", "Findings", "Bill", "Recalculation", "Payments", "Coverage", "Detectors", "Sources"]
    {
        assert!(en.contains(&name.to_owned()), "{name} of {en:?}");
    }
}

#[test]
fn every_row_of_the_report_is_there_and_none_is_cut() {
    let report = fixture::many();
    let mut book = book(&report, Lang::Zh);
    let rows = |book: &mut Xlsx<_>, name: &str| book.worksheet_range(name).expect("a sheet").height();
    // Head and total above and below the lines; all 73 rows that were set aside below their head.
    assert_eq!(rows(&mut book, "账单"), report.lines.len() + 2);
    assert_eq!(rows(&mut book, "搁置"), 74);
    assert_eq!(rows(&mut book, "检查项"), report.detectors.len() + 1);
}

#[test]
fn an_empty_report_is_a_workbook_too() {
    let sums = sums(&mut book(&fixture::empty(), Lang::En));
    assert_eq!(exact(&sums, "billed"), "0.00");
}

#[test]
fn an_overlong_cell_is_cut_and_the_workbook_still_opens() {
    let mut report = fixture::mms_15_yuan();
    report.lines[0].why = "长".repeat(40_000);
    let mut book = book(&report, Lang::Zh);
    let bill = book.worksheet_range("账单").expect("the bill");
    let longest = bill.used_cells().map(|(_, _, cell)| cell.to_string().chars().count()).max();
    assert_eq!(longest, Some(16_001));
}

#[test]
fn the_same_report_gives_the_same_workbook() {
    assert_eq!(bytes(&fixture::many(), Lang::Zh), bytes(&fixture::many(), Lang::Zh));
    // No clock: the file says when it was made, and that is always the same.
    let book = bytes(&fixture::many(), Lang::Zh);
    let mut archive = zip::ZipArchive::new(Cursor::new(book)).expect("an archive");
    let mut text = String::new();
    archive.by_name("docProps/core.xml").expect("properties").read_to_string(&mut text).expect("text");
    assert!(text.contains("2000-01-01T00:00:00Z"), "{text}");
}
