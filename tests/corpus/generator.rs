//! The generator checked against itself: before it judges the program, its own cases must hold.

use std::collections::{BTreeMap, BTreeSet};

use super::month::Month;
use super::random::Random;
use super::scenario::{all_cases, all_scenarios};
use super::tariff::{DataPrice, GB, MB};

/// Every detector of the specification: family and how many.
const FAMILIES: &[(&str, u32)] = &[("USE", 17), ("BILL", 7), ("SUB", 14), ("PAY", 9), ("SVC", 5), ("WST", 2)];

pub fn codes() -> Vec<String> {
    FAMILIES
        .iter()
        .flat_map(|(family, count)| (1..=*count).map(move |n| format!("{family}-{n:03}")))
        .collect()
}

#[test]
fn every_detector_has_an_error_and_a_look_alike() {
    for injected in [true, false] {
        let covered: BTreeSet<&str> = all_scenarios()
            .filter(|scenario| scenario.injected == injected)
            .map(|scenario| scenario.code)
            .collect();
        let missing: Vec<String> =
            codes().into_iter().filter(|code| !covered.contains(code.as_str())).collect();
        assert!(missing.is_empty(), "injected = {injected}: {missing:?}");
    }
    assert_eq!(codes().len(), 54);
}

#[test]
fn there_are_at_least_300_cases_with_distinct_names_and_papers() {
    let cases = all_cases();
    assert!(cases.len() >= 300, "{}", cases.len());
    let names: BTreeSet<&String> = cases.iter().map(|case| &case.name).collect();
    assert_eq!(names.len(), cases.len());
    let papers: BTreeSet<_> = cases.iter().map(|case| (&case.printed.files, &case.printed.binary)).collect();
    assert_eq!(papers.len(), cases.len());
}

#[test]
fn the_same_name_makes_the_same_papers() {
    for (first, second) in all_cases().iter().zip(&all_cases()) {
        assert!(first.printed == second.printed, "{}", first.name);
    }
}

#[test]
fn an_injected_error_says_what_must_be_found_and_a_look_alike_nothing_of_its_code() {
    for case in all_cases() {
        let own = case.printed.truth.expected.iter().any(|expected| expected.codes.contains(&case.code));
        assert_eq!(own, case.injected, "{}", case.name);
        for expected in &case.printed.truth.expected {
            assert!(expected.amount.is_none_or(|fen| fen > 0), "{}: {expected:?}", case.name);
            assert!(
                expected.claim.is_none_or(|fen| Some(fen) <= expected.amount),
                "{}: {expected:?}",
                case.name
            );
        }
    }
}

/// Reads fen from `12.30`, for the checks only.
fn fen(text: &str) -> i64 {
    let (yuan, rest) = text.split_once('.').expect("two places");
    let size: i64 = format!("{}{rest}", yuan.trim_start_matches('-')).parse().expect("digits");
    if text.starts_with('-') { -size } else { size }
}

/// (line, period) → (sum of the charges, printed total).
fn bill_sums(text: &str) -> BTreeMap<(String, String), (i64, Option<i64>)> {
    let mut sums = BTreeMap::new();
    for row in text.lines().skip(1) {
        let cells: Vec<&str> = row.split(',').collect();
        let sum: &mut (i64, Option<i64>) =
            sums.entry((cells[0].to_owned(), cells[1].to_owned())).or_default();
        match cells[3] {
            "total" => sum.1 = Some(fen(cells[4])),
            "payment" | "opening-balance" | "closing-balance" => {}
            _ => sum.0 += fen(cells[4]),
        }
    }
    sums
}

#[test]
fn bills_add_up_unless_that_is_the_point() {
    for case in all_cases() {
        let bill = case.printed.files.iter().find(|(path, _)| path == super::world::BILL);
        let Some((_, bill)) = bill else { continue };
        let expected = &case.printed.truth.expected;
        let surplus: i64 = expected.iter().filter(|e| e.codes == ["BILL-001"]).filter_map(|e| e.amount).sum();
        let prepaid = case.name.contains("prepaid deductions");
        for ((line, period), (items, total)) in bill_sums(bill) {
            let Some(total) = total else { continue };
            assert!(total - items == surplus || prepaid && total < items, "{} {line} {period}", case.name);
        }
    }
}

#[test]
fn claims_on_a_bill_stay_below_its_total() {
    for case in all_cases() {
        let Some((_, bill)) = case.printed.files.iter().find(|(path, _)| path == super::world::BILL) else {
            continue;
        };
        let charged: i64 =
            bill_sums(bill).values().map(|(items, total)| total.unwrap_or(*items).max(*items)).sum();
        let on_bill = case.printed.truth.expected.iter().filter(|e| !e.codes[0].starts_with("PAY"));
        let claimed: i64 = on_bill.filter_map(|expected| expected.claim).sum();
        assert!(claimed < charged, "{}: {claimed} of {charged}", case.name);
    }
}

#[test]
fn rows_stay_inside_the_declared_windows() {
    for case in all_cases() {
        let Some((_, list)) = case.printed.files.iter().find(|(path, _)| path == super::world::USAGE) else {
            continue;
        };
        let Some(window) = window_of(&case.printed.case_toml, super::world::USAGE) else { continue };
        let outside =
            ["late", "last days", "future", "weeks before", "next month on the list", "cannot be read"];
        let late = outside.iter().any(|word| case.name.contains(word));
        for row in list.lines().skip(1) {
            let day = &row.split(',').nth(1).expect("a start")[..10];
            assert!(late || window.0.as_str() <= day && day <= window.1.as_str(), "{}: {day}", case.name);
        }
    }
}

/// Returns the first and the last declared day of a file.
fn window_of(case_toml: &str, file: &str) -> Option<(String, String)> {
    let of_file = |part: &&str| part.contains(&format!("file = \"{file}\""));
    let key = |part: &str, key: &str| {
        let line = part.lines().find(|line| line.starts_with(key)).expect("coverage has both days");
        line.rsplit(' ').next().expect("a day").to_owned()
    };
    let parts: Vec<&str> = case_toml.split("[[").filter(of_file).collect();
    let start = parts.iter().map(|part| key(part, "start")).min()?;
    Some((start, parts.iter().map(|part| key(part, "end")).max()?))
}

#[test]
fn data_prices_are_those_of_the_published_texts() {
    // 0.29/MB, at 60 free to 1 GB, then again: 206 × 0.29 = 59.74; 207 × 0.29 = 60.03, at most 60.00.
    let ladder = DataPrice::Ladder(29, 6000);
    let vectors =
        [(100, 2900), (206, 5974), (207, 6000), (1024, 6000), (1025, 6029), (1124, 8900), (2048, 12000)];
    for (mb, fee) in vectors {
        assert_eq!(ladder.fee(mb * MB), fee, "{mb} MB");
    }
    // 0.03/MB, 100 MB = 3 yuan = 1 GB.
    for (mb, fee) in [(50, 150), (100, 300), (1024, 300), (1025, 303), (2560, 900)] {
        assert_eq!(DataPrice::Ladder(3, 300).fee(mb * MB), fee, "{mb} MB");
    }
    // 3 yuan a GB, below 1 GB not counted.
    assert_eq!(
        [GB * 9 / 10, GB, GB * 27 / 10].map(|bytes| DataPrice::PerFullGb(300).fee(bytes)),
        [0, 300, 600]
    );
    assert_eq!([1, GB, GB + 1].map(|bytes| DataPrice::PerGb(500).fee(bytes)), [500, 500, 1000]);
    assert_eq!([0, 1, MB + 1].map(|bytes| DataPrice::PerMb(3).fee(bytes)), [0, 3, 6]);
}

#[test]
fn months_follow_the_calendar() {
    let month = |year, month| Month { year, month };
    let days =
        [month(2024, 2), month(2025, 2), month(1900, 2), month(2025, 4), month(2025, 12)].map(Month::days);
    assert_eq!(days, [29, 28, 28, 30, 31]);
    assert_eq!([month(2025, 1).plus(-1).text(), month(2025, 12).plus(1).text()], ["2024-12", "2026-01"]);
    assert_eq!(month(2025, 4).day(31), "2025-05-01");
}

#[test]
fn a_stream_of_numbers_depends_on_its_name_only() {
    let numbers = |name: &str| {
        let mut random = Random::named(name);
        (0..8).map(|_| random.between(0, 999)).collect::<Vec<_>>()
    };
    assert_eq!(numbers("a"), numbers("a"));
    assert_ne!(numbers("a"), numbers("b"));
    assert!(numbers("a").iter().all(|number| (0..=999).contains(number)));
}
