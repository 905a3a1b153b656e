//! The grammar of single cells, both sides of every edge.

use mingzhang::ingest::parse_cell::count::count;
use mingzhang::ingest::parse_cell::date::date;
use mingzhang::ingest::parse_cell::datetime::{Stamp, datetime, time_of_day};
use mingzhang::ingest::parse_cell::duration::duration_s;
use mingzhang::ingest::parse_cell::id::{Id, id};
use mingzhang::ingest::parse_cell::money::{MoneyUnit, money};
use mingzhang::ingest::parse_cell::month::month;
use mingzhang::ingest::parse_cell::msisdn::{fits, mobile_within, msisdn};
use mingzhang::ingest::parse_cell::volume::volume_bytes;
use mingzhang::ingest::parse_cell::yes_no::yes_no;
use mingzhang::ingest::pattern::Pattern;
use mingzhang::model::sheet::CellKind;

use super::day;

fn yuan(text: &str) -> Option<String> {
    money(text, MoneyUnit::Yuan).ok().flatten().map(|amount| amount.to_string())
}

#[test]
fn amounts_are_read_exactly_in_every_spelling() {
    let same = [
        ("15", "15.00"),
        ("15.00", "15.00"),
        ("￥15.00", "15.00"),
        ("¥ 15.00", "15.00"),
        ("15.00元", "15.00"),
        ("１５．００", "15.00"),
        ("+15.00", "15.00"),
        ("-15.00", "-15.00"),
        ("¥-15.00", "-15.00"),
        ("-￥15.00", "-15.00"),
        ("(15.00)", "-15.00"),
        ("（15.00）", "-15.00"),
        ("欠4.2元", "-4.20"),
        ("-0", "0.00"),
        ("(0.00)", "0.00"),
        ("1,234.50", "1234.50"),
        ("12,345,678.9", "12345678.90"),
        ("１，０００.00", "1000.00"),
        ("0.105", "0.105"),
        ("0.000000000001", "0.000000000001"),
        (" \t15.00\u{3000}", "15.00"),
    ];
    for (text, expected) in same {
        assert_eq!(yuan(text).as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn absent_amounts_are_not_zero() {
    for text in ["", " ", "-", "--", "/", "\u{3000}", "－", "——"] {
        assert_eq!(money(text, MoneyUnit::Yuan), Ok(None), "{text:?}");
    }
}

#[test]
fn what_is_not_an_amount_is_refused_and_never_guessed() {
    let refused = [
        "12.3O",
        "1.234,50",
        "12,50",
        "1,23",
        "1234,567",
        "1,2345",
        "1e3",
        "1.5E2",
        "12.",
        ".5",
        "1 000",
        "--5",
        "-(5.00)",
        "(-5.00)",
        "¥¥5",
        "5.00元元",
        "5.00分",
        "五元",
        "12.00.00",
        "0.0000000000001",
        "1000000000000000",
        "5%",
    ];
    for text in refused {
        assert!(money(text, MoneyUnit::Yuan).is_err(), "{text}");
    }
}

#[test]
fn the_header_unit_decides_and_no_digit_is_lost() {
    // 1990 分 = 19.90 元; 5 厘 = 0.005 元.
    let fen = money("1990", MoneyUnit::Fen).ok().flatten().map(|m| m.to_string());
    assert_eq!(fen.as_deref(), Some("19.90"));
    let li = money("5", MoneyUnit::Li).ok().flatten().map(|m| m.to_string());
    assert_eq!(li.as_deref(), Some("0.005"));
    assert!(money("15.00元", MoneyUnit::Fen).is_err(), "a cell in yuan below a header in fen contradicts it");
}

fn stamp(text: &str) -> String {
    match datetime(text) {
        Ok(Some(Stamp::Full(at))) => at.to_string(),
        Ok(Some(Stamp::DayOnly(day))) => format!("day {day}"),
        Ok(Some(Stamp::NoYear { month, day, time })) => format!("?-{month:02}-{day:02} {time}"),
        Ok(Some(Stamp::TimeOnly(time))) => format!("time {time}"),
        Ok(None) => "absent".to_owned(),
        Err(_) => "refused".to_owned(),
    }
}

#[test]
fn times_are_read_in_every_spelling() {
    let cases = [
        ("2025-10-10 08:12:45", "2025-10-10 08:12:45"),
        ("2025-10-10T08:12:45", "2025-10-10 08:12:45"),
        ("2025-10-10T08:12:45+08:00", "2025-10-10 08:12:45"),
        ("2025-10-10 08:12:45.999", "2025-10-10 08:12:45"),
        ("2025/10/10 08:12:45", "2025-10-10 08:12:45"),
        ("2026/8/1 21:29", "2026-08-01 21:29:00"),
        ("2025-10-10-08:12:45", "2025-10-10 08:12:45"),
        ("20251010081245", "2025-10-10 08:12:45"),
        ("20251010 08:12:45", "2025-10-10 08:12:45"),
        ("2025年10月10日 08:12:45", "2025-10-10 08:12:45"),
        ("2025年10月10日08时12分45秒", "2025-10-10 08:12:45"),
        ("２０２５－１０－１０　０８：１２：４５", "2025-10-10 08:12:45"),
        ("2025-10-10", "day 2025-10-10"),
        ("20251010", "day 2025-10-10"),
        ("10-10 08:12:45", "?-10-10 08:12:45"),
        ("08:12:45", "time 08:12:45"),
        ("23:59:59", "time 23:59:59"),
        ("2024-02-29 00:00:00", "2024-02-29 00:00:00"),
        ("--", "absent"),
    ];
    for (text, expected) in cases {
        assert_eq!(stamp(text), expected, "{text}");
    }
}

#[test]
fn times_that_cannot_be_are_refused() {
    let refused = [
        "2025-02-29 00:00:00",
        "2025-13-01 00:00:00",
        "2025-10-10 24:00:00",
        "2025-10-10 08:60:00",
        "10-10",
        "45943.5",
        "2025-10-10 08:12:45 PM",
        "2025-10-10T08:12:45Z",
        "10/11/2025 08:00:00",
        "0025-10-10 00:00:00",
        "昨天",
    ];
    for text in refused {
        assert_eq!(stamp(text), "refused", "{text}");
    }
}

#[test]
fn days_months_and_times_of_day_are_read() {
    assert_eq!(date("2025年1月2日"), Ok(Some(day("2025-01-02"))));
    assert_eq!(date("2025-10-31 23:59:59"), Ok(Some(day("2025-10-31"))));
    assert!(date("10-31").is_err());
    for text in ["2025-10", "202510", "2025/10", "2025年10月", "2025年10月份", "2025-10-17", "20251017"]
    {
        assert_eq!(month(text).ok().flatten().map(|m| m.to_string()).as_deref(), Some("2025-10"), "{text}");
    }
    for text in ["2025", "2025-13", "10月", "2025-1x"] {
        assert!(month(text).is_err(), "{text}");
    }
    assert_eq!(time_of_day("214951").ok().flatten().map(|t| t.to_string()).as_deref(), Some("21:49:51"));
    assert!(time_of_day("25:00:00").is_err());
}

#[test]
fn durations_are_seconds_in_every_spelling() {
    let cases = [
        ("47秒", 47),
        ("8分27秒", 507),
        ("7分0秒", 420),
        ("1小时2分3秒", 3723),
        ("1小时59分钟41秒", 7181),
        ("1时2分3秒", 3723),
        ("1小时3秒", 3603),
        ("00:08:42", 522),
        ("100:00:00", 360_000),
        ("89", 89),
        ("0", 0),
        ("0秒", 0),
        ("４７秒", 47),
    ];
    for (text, expected) in cases {
        assert_eq!(duration_s(text, 1), Ok(Some(expected)), "{text}");
    }
    assert_eq!(duration_s("3", 60), Ok(Some(180)), "a header in minutes");
    assert_eq!(duration_s("--", 1), Ok(None));
    assert_eq!(duration_s("4294967295", 1), Ok(Some(u32::MAX)));
    for text in ["4294967296", "08:42", "00:60:00", "3秒2分", "1分1分", "-5", "89.5", "九秒", "1e3"] {
        assert!(duration_s(text, 1).is_err(), "{text}");
    }
}

#[test]
fn volumes_are_bytes_to_the_base_of_1024() {
    let cases = [
        ("123KB", 125_952),              // 123 × 1024
        ("12MB34KB", 12_617_728),        // 12 × 1048576 + 34 × 1024
        ("1GB235MB12KB", 1_320_169_472), // 1073741824 + 235 × 1048576 + 12 × 1024
        ("1G2M3K", 1_075_842_048),       // 1073741824 + 2097152 + 3072
        ("1.5GB", 1_610_612_736),
        ("1 GB　2 MB", 1_075_838_976),
        ("512kb", 524_288),
        ("0B", 0),
        ("307.30MB", 322_227_405), // 307.30 × 1048576 = 322227404.8, the printed figure is rounded itself
    ];
    for (text, expected) in cases {
        assert_eq!(volume_bytes(text, None), Ok(Some(expected)), "{text}");
    }
    assert_eq!(volume_bytes("2", Some(1024)), Ok(Some(2048)), "a header in KB");
    assert_eq!(volume_bytes("--", None), Ok(None));
    assert!(volume_bytes("307.30", None).is_err(), "no unit anywhere: bytes, KB or MB");
    for text in ["-5MB", "1KB1MB", "1MB1MB", "MB", "1,5MB", "1e3"] {
        assert!(volume_bytes(text, Some(1)).is_err(), "{text}");
    }
}

#[test]
fn ids_are_text_and_a_resaved_id_is_damaged() {
    let whole = |text: &str| Id::Whole(text.to_owned().into());
    assert_eq!(id("20251010001\t", CellKind::Text), whole("20251010001"));
    assert_eq!(id("/", CellKind::Text), whole(""));
    assert_eq!(id("=\"0012\"", CellKind::Text), whole("0012"));
    assert_eq!(id("1E5", CellKind::Text), whole("1E5"), "a product code may look like this");
    assert_eq!(id("2.02E+27", CellKind::Text), Id::Damaged);
    assert_eq!(id("2E+27", CellKind::Text), Id::Damaged);
    assert_eq!(id("123456789012345", CellKind::Number), whole("123456789012345"));
    assert_eq!(id("1.23456789012346E+15", CellKind::Number), Id::Damaged);
}

#[test]
fn numbers_lose_their_country_code_and_keep_their_mask() {
    assert_eq!(msisdn("008613800001111"), "13800001111");
    assert_eq!(msisdn("+86 138-0000-1111"), "13800001111");
    assert_eq!(msisdn("8613800001111"), "13800001111");
    assert_eq!(msisdn("10086"), "10086");
    assert_eq!(
        msisdn("8602112345678"),
        "8602112345678",
        "only a mobile number follows a country code for certain"
    );
    assert_eq!(msisdn("138****1111"), "138****1111");
    assert_eq!(msisdn("对方号码"), "对方号码");
    assert!(fits("138****1111", "13800001111"));
    assert!(!fits("138****1111", "13800001112"));
    assert!(!fits("138***1111", "13800001111"));
    assert_eq!(mobile_within("13800001111_202510.csv").as_deref(), Some("13800001111"));
    assert_eq!(mobile_within("微信支付账单_20251008112233.xlsx"), None);
}

#[test]
fn counts_and_answers_are_read() {
    assert_eq!(count("1,234"), Ok(Some(1234)));
    assert!(count("1.5").is_err());
    assert!(count("-1").is_err());
    assert_eq!(yes_no("是"), Ok(Some(true)));
    assert_eq!(yes_no("no"), Ok(Some(false)));
    assert_eq!(yes_no(""), Ok(None));
    assert!(yes_no("也许").is_err());
}

fn filled(pattern: &str, text: &str) -> Option<Vec<(&'static str, String)>> {
    Pattern::parse(pattern).expect("the pattern of a test holds").find(text)
}

#[test]
fn sentences_with_blanks_match_anywhere_and_take_whole_numbers() {
    let window = filled("从{start}到{end}", "从2025-10-01到2025-10-31 类型：短/彩信详单 总条数：8");
    assert_eq!(window, Some(vec![("start", "2025-10-01".to_owned()), ("end", "2025-10-31".to_owned())]));
    let spaced = filled(
        "起始时间:{start}终止时间:{end}",
        "起始时间：[2023-02-10 00:00:00]    终止时间：[2023-02-13 23:59:59]",
    );
    assert_eq!(spaced.map(|f| f[1].1.clone()).as_deref(), Some("2023-02-13 23:59:59"));
    let hyphen = filled("账期:{start}-{end}", "账期：2025-10-01-2025-10-31");
    assert_eq!(hyphen.map(|f| f[1].1.clone()).as_deref(), Some("2025-10-31"));
    assert_eq!(filled("{month}", "打印日期：2025-11-03"), None, "a day is no month");
    assert_eq!(
        filled("{month}账单", "2025年10月账单").map(|f| f[0].1.clone()).as_deref(),
        Some("2025年10月")
    );
    assert_eq!(
        filled("手机号码:{msisdn}", "手机号码  13800001111").map(|f| f[0].1.clone()).as_deref(),
        Some("13800001111")
    );
    assert_eq!(filled("客服{msisdn}", "客服10086"), None, "a short code is nobody's own number");
    assert_eq!(
        filled("收入:{in_count}笔{in}元", "收入：1笔 28.50元").map(|f| f[1].1.clone()).as_deref(),
        Some("28.50")
    );
    assert!(Pattern::parse("从{unknown}").is_err());
}
