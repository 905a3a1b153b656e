//! The laws of the model types.

use chrono::NaiveDate;
use mingzhang::model::coverage::{Completeness, CoverKind, Coverage, CoveredBy, completeness};
use mingzhang::model::exact::Exact;
use mingzhang::model::money::{Money, MoneyRounding};
use mingzhang::model::period::{Cycle, DaySpan, WallTime, months_after};
use mingzhang::model::quantity::{GB, MB, Unit, Volume};
use mingzhang::model::sheet::{CellKind, Sheet};
use mingzhang::model::source::{CellRef, RowRef};
use mingzhang::model::usage::{Direction, Scope, UsageEvent, UsageKind, UsageTable};
use proptest::prelude::*;

fn money(text: &str) -> Money {
    Money::parse(text).expect("an amount")
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a day")
}

#[test]
fn money_prints_two_places_and_more_only_when_it_has_them() {
    for (text, shown) in
        [("15", "15.00"), ("-0", "0.00"), ("0.10", "0.10"), ("0.105", "0.105"), ("1234.5", "1234.50")]
    {
        assert_eq!(money(text).to_string(), shown);
    }
}

#[test]
fn money_refuses_what_it_cannot_keep_exactly() {
    // 12 decimals and just below 10¹⁵ fit; one more of either does not.
    for text in ["0.000000000001", "999999999999999.99", "-999999999999999"] {
        assert!(Money::parse(text).is_ok(), "{text}");
    }
    for text in ["0.0000000000001", "1000000000000000", "1e3", "1_000", "", ".", "1.", "--1", "1.2.3", "١"] {
        assert!(Money::parse(text).is_err(), "{text}");
    }
}

#[test]
fn a_sum_outside_the_range_is_an_error_and_never_wraps() {
    let most = money("999999999999999.999999999999");
    assert!(most.plus(money("0.000000000001")).is_err());
    assert_eq!(most.minus(most).expect("in range"), Money::ZERO);
    assert!(most.times(2).is_err());
}

#[test]
fn money_rounds_half_away_from_zero_or_cuts() {
    // 0.105 is a half at two places; -0.105 goes away from zero too.
    for (text, half_up, cut) in
        [("0.105", "0.11", "0.10"), ("-0.105", "-0.11", "-0.10"), ("0.1049", "0.10", "0.10")]
    {
        assert_eq!(money(text).rounded(MoneyRounding::HalfUp, 2).to_string(), half_up);
        assert_eq!(money(text).rounded(MoneyRounding::Truncate, 2).to_string(), cut);
    }
}

#[test]
fn a_fraction_is_divided_once_at_the_end() {
    let third = Exact::new(1, 3);
    let sum = third.plus(third).and_then(|two| two.plus(third)).expect("fits");
    assert_eq!(sum, Exact::whole(1));
    // 2/3 = 0.666…: half up 0.67, cut 0.66; -1/8 = -0.125: half up -0.13.
    assert_eq!(Exact::new(2, 3).to_money(MoneyRounding::HalfUp, 2).expect("fits"), money("0.67"));
    assert_eq!(Exact::new(2, 3).to_money(MoneyRounding::Truncate, 2).expect("fits"), money("0.66"));
    assert_eq!(Exact::new(-1, 8).to_money(MoneyRounding::HalfUp, 2).expect("fits"), money("-0.13"));
    assert_eq!(
        (Exact::new(5, 8).to_text(), Exact::new(1, 3).to_text()),
        ("0.625".to_owned(), "1/3".to_owned())
    );
}

#[test]
fn five_months_later_is_clamped_to_the_end_of_the_month() {
    assert_eq!(months_after(day(2026, 9, 30), 5), day(2027, 2, 28));
    assert_eq!(months_after(day(2026, 8, 31), 5), day(2027, 1, 31));
    assert_eq!(months_after(day(2023, 9, 30), 5), day(2024, 2, 29));
}

#[test]
fn a_cycle_is_its_calendar_month() {
    let cycle = Cycle::parse("2024-02").expect("a cycle");
    assert_eq!(
        (cycle.days(), cycle.next().to_string(), cycle.previous().to_string()),
        (29, "2024-03".into(), "2024-01".into())
    );
    assert_eq!(Cycle::parse("2024-12").map(|cycle| cycle.next().to_string()), Some("2025-01".into()));
    assert!(["2024-13", "2024-1", "24-01", "2024/01", ""].iter().all(|text| Cycle::parse(text).is_none()));
    // The last second belongs to the cycle, the next one does not.
    assert_eq!(cycle.end_time().after_s(-1).to_string(), "2024-02-29 23:59:59");
    assert_eq!(Cycle::of(cycle.end_time().day()), cycle.next());
}

#[test]
fn volumes_are_read_in_1024_and_printed_in_the_largest_whole_unit() {
    let data = |text| Volume::parse(Unit::Data, text).map(|volume| volume.amount);
    assert_eq!(
        (data("10GB"), data("206MB"), data("1.5GB")),
        (Some(10 * GB), Some(206 * MB), Some(1536 * MB))
    );
    assert_eq!((data("0.3B"), data("10"), data("10G"), data("-1MB")), (None, None, None, None));
    assert_eq!(Volume::parse(Unit::Voice, "200min").map(|v| v.amount), Some(12_000));
    for (volume, shown) in [
        ((Unit::Data, 1536 * MB), "1536MB"),
        ((Unit::Voice, 61), "61s"),
        ((Unit::Sms, 8), "8"),
        ((Unit::Data, 0), "0GB"),
    ] {
        assert_eq!(Volume::new(volume.0, volume.1).to_string(), shown);
    }
}

#[test]
fn a_sheet_keeps_the_numbers_of_its_rows_and_the_stored_form_of_its_cells() {
    let mut sheet = Sheet::new(Some("Sheet1".into()));
    sheet.begin_row(5);
    sheet.push_cell("金额", CellKind::Text, None);
    sheet.begin_row(7);
    sheet.push_cell("", CellKind::Text, None);
    sheet.push_cell("548.58", CellKind::Number, Some("548.58000000000004"));
    let row = sheet.row(7).expect("row 7 is there");
    assert_eq!(
        (row.width(), row.cell(2), row.raw(2), row.cell(3)),
        (2, "548.58", Some("548.58000000000004"), "")
    );
    assert!(sheet.row(6).is_none());
    assert_eq!(sheet.rows().map(|row| row.number()).collect::<Vec<_>>(), [5, 7]);
}

fn covered(first: NaiveDate, last: NaiveDate, by: CoveredBy) -> Coverage {
    let at = CellRef { row: RowRef { source: 0, table: 0, row: 2 }, column: None };
    Coverage { msisdn: None, kinds: vec![CoverKind::Mms], span: DaySpan::inclusive(first, last), by, at }
}

#[test]
fn the_weakest_day_decides_whether_a_kind_is_complete() {
    let october = Cycle::parse("2025-10").expect("a cycle").span();
    let level = |parts: &[Coverage]| completeness(parts, CoverKind::Mms, october);
    let whole = covered(day(2025, 10, 1), day(2025, 10, 31), CoveredBy::Stated);
    assert_eq!(level(std::slice::from_ref(&whole)), Completeness::Proved { declared: false });
    // One day short at either end.
    assert_eq!(
        level(&[covered(day(2025, 10, 2), day(2025, 10, 31), CoveredBy::Stated)]),
        Completeness::Unknown
    );
    let short = covered(day(2025, 10, 1), day(2025, 10, 30), CoveredBy::Stated);
    assert_eq!(level(std::slice::from_ref(&short)), Completeness::Unknown);
    // The missing day from a weaker source.
    let last = |by| covered(day(2025, 10, 31), day(2025, 10, 31), by);
    assert_eq!(level(&[short.clone(), last(CoveredBy::Declared)]), Completeness::Proved { declared: true });
    assert_eq!(level(&[short, last(CoveredBy::Inferred)]), Completeness::Inferred);
    assert_eq!(completeness(&[whole], CoverKind::Sms, october), Completeness::Unknown);
}

fn event<'a>(start: i64, row: u32, fee: Option<&str>, peer: &'a str) -> UsageEvent<'a> {
    UsageEvent {
        start: WallTime(start),
        kind: UsageKind::Voice,
        direction: Direction::Out,
        scope: Scope::Domestic,
        failed: false,
        duration_s: 61,
        length_bytes: 0,
        fee: fee.map(money),
        peer,
        app: "",
        location: "浙江杭州",
        record_id: "",
        at: RowRef { source: 0, table: 0, row },
    }
}

#[test]
fn usage_columns_give_back_what_was_put_in() {
    let mut table = UsageTable::default();
    table.push(&event(20, 3, Some("0.10"), "10086"));
    table.push(&event(10, 4, None, ""));
    // Five decimals do not fit the column of 0.0001 yuan and are kept beside, not rounded.
    table.push(&event(10, 2, Some("0.12345"), "10086"));
    let sorted = table.sorted();
    let fees: Vec<Option<String>> = sorted.events().map(|e| e.fee.map(|fee| fee.to_string())).collect();
    assert_eq!(fees, [Some("0.12345".to_owned()), None, Some("0.10".to_owned())]);
    assert_eq!(
        sorted.events().map(|e| (e.at.row, e.peer.to_owned())).collect::<Vec<_>>()[1],
        (4, String::new())
    );
    assert_eq!(
        (sorted.range(WallTime(10), WallTime(20)), sorted.range(WallTime(11), WallTime(21))),
        (0..2, 2..3)
    );
}

proptest! {
    #[test]
    fn sums_do_not_depend_on_order(mut fen in prop::collection::vec(-1_000_000_i32..1_000_000, 0..40)) {
        let forward = Money::sum(fen.iter().copied().map(Money::from_fen)).expect("in range");
        fen.reverse();
        let backward = Money::sum(fen.iter().copied().map(Money::from_fen)).expect("in range");
        prop_assert_eq!(forward, backward);
        let total: i64 = fen.iter().map(|f| i64::from(*f)).sum();
        prop_assert_eq!(forward, Money::new(rust_decimal::Decimal::new(total, 2)).expect("in range"));
    }

    #[test]
    fn what_money_prints_it_reads_back(units in -1_000_000_000_000_i64..1_000_000_000_000, scale in 0_u32..=12) {
        let amount = Money::new(rust_decimal::Decimal::new(units, scale)).expect("in range");
        prop_assert_eq!(Money::parse(&amount.to_string()).expect("reads back"), amount);
    }
}
