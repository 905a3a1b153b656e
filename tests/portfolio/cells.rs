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
    for text in ["13800001111", "10086", "cmnet", "95588"] {
        assert_eq!(cell::peer(text.as_bytes()), Some(text));
        assert_eq!(msisdn(text), text);
    }
    // What begins like a country code is one before a number of somebody, and nothing special in an id.
    for text in ["8613800001111", "008613800001111"] {
        assert_eq!(cell::peer(text.as_bytes()), None, "{text}");
    }
    for text in ["A0000001", "1E5", "20251010", "8613800001111", "8600017"] {
        assert_eq!(cell::id(text.as_bytes()), Some(text));
        assert_eq!(id(text, CellKind::Text), Id::Whole(text.into()));
    }
    for text in ["138 0000 1111", "138****1111", "2.02E+27", "'123"] {
        assert_eq!(cell::id(text.as_bytes()), None, "{text}");
    }
    assert_eq!(cell::msisdn(b"13800001111"), Some(13_800_001_111));
    for text in ["0571123", "8613800001111", "", "1380000x111"] {
        assert_eq!(cell::msisdn(text.as_bytes()), None, "{text}");
    }
}
