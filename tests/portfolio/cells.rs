//! The plain grammars take nothing that the ordinary code reads otherwise.

use mingzhang::ingest::bulk::cell;
use mingzhang::ingest::parse_cell::datetime::{Stamp, datetime};
use mingzhang::ingest::parse_cell::id::{Id, id};
use mingzhang::ingest::parse_cell::money::{MoneyUnit, money};
use mingzhang::ingest::parse_cell::msisdn::msisdn;
use mingzhang::model::money::Money;
use mingzhang::model::period::WallTime;
use mingzhang::model::sheet::CellKind;

#[test]
fn a_plain_time_is_the_time_that_the_ordinary_code_reads() {
    for text in ["2025-10-10 08:12:45", "2025-10-10T08:12:45", "2000-01-01 00:00:00", "2099-12-31 23:59:59"] {
        let Ok(Some(Stamp::Full(at))) = datetime(text) else { panic!("{text} is a time") };
        assert_eq!(cell::DayMemory::default().time(text.as_bytes()), Some(WallTime::new(at).0), "{text}");
    }
}

#[test]
fn what_is_no_plain_time_is_left_to_the_ordinary_code() {
    let others = [
        "2025-10-10",
        "2025-1-10 08:12:45",
        "2025-02-29 08:12:45",
        "2025-10-10 24:00:00",
        "1999-12-31 08:12:45",
        "2025-10-10 08:60:00",
        "",
    ];
    for text in others {
        assert_eq!(cell::DayMemory::default().time(text.as_bytes()), None, "{text}");
    }
}

#[test]
fn the_day_that_is_remembered_is_not_taken_for_another() {
    let mut days = cell::DayMemory::default();
    let first = days.time(b"2025-10-10 00:00:01").expect("a time");
    // One day is 86,400 seconds.
    assert_eq!(days.time(b"2025-10-11 00:00:01"), Some(first + 86_400));
    assert_eq!(days.time(b"2025-10-32 00:00:01"), None);
    assert_eq!(days.time(b"2025-10-10 00:00:02"), Some(first + 1));
}

#[test]
fn plain_money_is_the_money_that_the_ordinary_code_reads() {
    for text in ["0", "15.00", "-0.3", "0.0001", "123456789012.9999", "-7"] {
        let wanted = money(text, MoneyUnit::Yuan).expect("money").expect("present");
        let e4 = cell::money_e4(text.as_bytes()).expect("plain");
        assert_eq!(Money::from_e4(e4).expect("in range"), wanted, "{text}");
    }
    for text in ["0.00001", "1234567890123", "1,000.00", "¥5", "5.", ".5", "-", "", "1e3", "+5"] {
        assert_eq!(cell::money_e4(text.as_bytes()), None, "{text}");
    }
}

#[test]
fn plain_numbers_and_ids_are_kept_as_the_ordinary_code_keeps_them() {
    use cell::Id as Plain;
    for (text, kept) in [
        ("13800001111", Plain::Digits(11, 13_800_001_111)),
        ("10086", Plain::Digits(5, 10_086)),
        ("cmnet", Plain::Text(b"cmnet")),
        ("057112345678", Plain::Digits(12, 57_112_345_678)),
    ] {
        assert_eq!(cell::peer(text.as_bytes()), Some(kept));
        assert_eq!(msisdn(text), text);
    }
    // What begins like a country code is one before a number of somebody, and nothing special in an id.
    for text in ["8613800001111", "008613800001111"] {
        assert_eq!(cell::peer(text.as_bytes()), None, "{text}");
    }
    for (text, kept) in [
        ("A0000001", Plain::Text(b"A0000001")),
        ("1E5", Plain::Text(b"1E5")),
        ("20251010", Plain::Digits(8, 20_251_010)),
        ("8613800001111", Plain::Digits(13, 8_613_800_001_111)),
        ("0", Plain::Digits(1, 0)),
        ("000000000000000017", Plain::Digits(18, 17)),
        // Nineteen digits stay a text.
        ("1000000000000000017", Plain::Text(b"1000000000000000017")),
    ] {
        assert_eq!(cell::id(text.as_bytes()), Some(kept));
        assert_eq!(id(text, CellKind::Text), Id::Whole(text.into()));
    }
    assert_eq!(cell::id(b""), Some(Plain::None));
    for text in ["138 0000 1111", "138****1111", "2.02E+27", "'123"] {
        assert_eq!(cell::id(text.as_bytes()), None, "{text}");
    }
    assert_eq!(cell::msisdn(b"13800001111"), Some(13_800_001_111));
    for text in ["0571123", "8613800001111", "", "1380000x111"] {
        assert_eq!(cell::msisdn(text.as_bytes()), None, "{text}");
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn a_number_is_what_its_digits_say(text in "[0-9]{1,18}") {
        proptest::prop_assert_eq!(cell::number(text.as_bytes()), text.parse().ok());
    }

    #[test]
    fn what_holds_anything_but_digits_is_no_number(text in "[0-9]{0,17}[ -/:-~\\x00\\x7f][0-9]{0,9}") {
        proptest::prop_assert_eq!(cell::number(text.as_bytes()), None);
    }
}

#[test]
fn numbers_have_one_to_eighteen_digits() {
    assert_eq!(cell::number(b""), None);
    assert_eq!(cell::number(b"999999999999999999"), Some(999_999_999_999_999_999));
    assert_eq!(cell::number(b"1000000000000000000"), None);
    // Bytes beside ASCII, too, are no digits.
    assert_eq!(cell::number("１２".as_bytes()), None);
}

#[test]
fn what_is_no_time_of_day_is_left_to_the_ordinary_code_whatever_stands_there() {
    for text in ["2025-10-10 08:12:4x", "2025-10-10 08-12-45", "2025-10-10 0::12:45", "2025-10-10 08:12:60"] {
        assert_eq!(cell::DayMemory::default().time(text.as_bytes()), None, "{text}");
    }
}
