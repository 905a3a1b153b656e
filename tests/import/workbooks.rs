//! XLSX: numbers, dates, gaps, limits.

use mingzhang::ingest::read_workbook::number::{fifteen_digits, serial_time};

use super::workbook::{Workbook, number, text, text_row};
use super::{code, column, inspected, profile, read, set_aside};

const WECHAT_HEADER: [&str; 11] = [
    "交易时间",
    "交易类型",
    "交易对方",
    "商品",
    "收/支",
    "金额(元)",
    "支付方式",
    "当前状态",
    "交易单号",
    "商户单号",
    "备注",
];

/// A row of the numeric WeChat layout: time and amount are numbers, everything else is text.
fn wechat_row(row: u32, time: &str, amount: &str, status: &str, id: &str) -> String {
    let cells = [
        number(&format!("A{row}"), time, 1),
        text(&format!("B{row}"), "商户消费"),
        text(&format!("C{row}"), "某商户"),
        text(&format!("D{row}"), "移动话费200元"),
        text(&format!("E{row}"), "支出"),
        number(&format!("F{row}"), amount, 2),
        text(&format!("G{row}"), "零钱"),
        text(&format!("H{row}"), status),
        text(&format!("I{row}"), id),
        text(&format!("J{row}"), "/"),
        text(&format!("K{row}"), "/"),
    ];
    format!(r#"<row r="{row}">{}</row>"#, cells.concat())
}

fn wechat(rows: &str) -> Vec<u8> {
    let preamble = [
        text_row(1, &["微信支付账单明细"]),
        text_row(3, &["起始时间：[2026-09-01 00:00:00] 终止时间：[2026-09-30 23:59:59]"]),
        text_row(4, &["导出类型：[全部账单]"]),
        text_row(5, &["导出时间：[2026-10-08 11:22:33]"]),
        text_row(7, &["共4笔记录"]),
        text_row(18, &WECHAT_HEADER),
    ];
    Workbook::new()
        .sheet("说明", &text_row(1, &["没有表头的一页"]))
        .sheet("Sheet1", &(preamble.concat() + rows))
        .bytes()
}

fn float(stored: &str) -> f64 {
    stored.parse().expect("a test names a number")
}

#[test]
fn stored_floats_become_the_figure_that_the_sheet_shows() {
    let cases = [
        ("548.58000000000004", "548.58"),
        ("0.30000000000000004", "0.3"),
        ("0", "0"),
        ("-0", "0"),
        ("-15", "-15"),
        ("100", "100"),
        ("0.000123", "0.000123"),
        ("123456789012345", "123456789012345"),
        ("999999999999999", "999999999999999"),
        ("1234567.8899999999", "1234567.89"),
    ];
    for (stored, shown) in cases {
        assert_eq!(fifteen_digits(float(stored)), shown, "{stored}");
    }
    assert!(fifteen_digits(1e15).contains('E'), "digits are lost from here on");
    assert!(fifteen_digits(f64::NAN).contains("NaN"));
}

#[test]
fn date_serials_round_to_the_nearest_second_in_both_systems() {
    // Worked in rational arithmetic: 46283.79487268518 × 86400 = 3998919876.99995…, the next second.
    let cases = [
        ("46283.79487268518", false, "2026-09-18 19:04:37"),
        ("46293.96523148148", false, "2026-09-28 23:09:56"),
        ("46295.84104166667", false, "2026-09-30 20:11:06"),
        ("46283.795138888888", false, "2026-09-18 19:05:00"),
        ("61", false, "1900-03-01 00:00:00"),
        ("59", false, "1900-02-28 00:00:00"),
        // 1904 system: 1462 days later.
        ("44821.79487268518", true, "2026-09-18 19:04:37"),
    ];
    for (serial, is_1904, expected) in cases {
        assert_eq!(
            serial_time(float(serial), is_1904).map(|at| at.to_string()).as_deref(),
            Some(expected),
            "{serial}"
        );
    }
    assert_eq!(serial_time(-1.0, false), None);
    assert_eq!(serial_time(3_000_000.0, false), None);
}

#[test]
fn the_numeric_wechat_workbook_is_read_with_its_own_row_numbers() {
    let rows = wechat_row(19, "46283.79487268518", "548.58000000000004", "支付成功", "4200001")
        + &wechat_row(21, "46293.96523148148", "149.6", "已退款(￥39.93)", "4200002")
        + &wechat_row(22, "46295.84104166667", "28.16", "已全额退款", "4200003")
        + &wechat_row(24, "46283.795138888888", "0.3", "支付成功", "4200004");
    let reading = read("wechat.xlsx", wechat(&rows));
    assert_eq!(profile(&reading), "wechat/xlsx-2026");
    assert_eq!(column(&reading, "row"), ["19", "21", "22", "24"]);
    assert_eq!(column(&reading, "paid_at")[0], "2026-09-18 19:04:37");
    assert_eq!(column(&reading, "amount"), ["548.58", "149.60", "28.16", "0.30"]);
    assert_eq!(column(&reading, "status"), ["success", "partly-refunded", "refunded", "success"]);
    assert_eq!(column(&reading, "refunded")[1], "39.93");
    assert_eq!(column(&reading, "face_value")[1], "200.00");
    let table = &reading.source.tables[0];
    assert_eq!(table.sheet.row(19).and_then(|row| row.raw(6)), Some("548.58000000000004"));
    assert_eq!((table.header_row, table.unfiltered), (18, Some(true)));
    assert_eq!(inspected(&reading)["control"][0]["ties"], true);
    // 548.58 + 149.60 + 28.16 + 0.30
    assert_eq!(inspected(&reading)["sum_amount"], "726.64");
}

#[test]
fn serials_of_the_1904_system_name_the_same_time() {
    let rows = text_row(1, &["paid_at", "amount"])
        + &format!(r#"<row r="2">{}{}</row>"#, number("A2", "44821.79487268518", 1), number("B2", "15", 2));
    let reading = read("a.xlsx", Workbook::new().sheet("S", &rows).with_1904().bytes());
    assert_eq!(column(&reading, "paid_at"), ["2026-09-18 19:04:37"]);
}

#[test]
fn a_cell_at_the_far_end_of_the_sheet_costs_nothing() {
    let rows = text_row(1, &["paid_at", "amount"])
        + &format!(r#"<row r="1048576">{}</row>"#, text("XFD1048576", "x"));
    let reading = read("far.xlsx", Workbook::new().sheet("S", &rows).bytes());
    assert_eq!(profile(&reading), "general/payments-1");
    assert_eq!(set_aside(&reading)[0].0, 1_048_576);
}

#[test]
fn an_id_that_was_saved_as_a_number_is_emptied_and_noted() {
    let rows = text_row(1, &["paid_at", "amount", "order_id"])
        + &format!(
            r#"<row r="2">{}{}{}</row>"#,
            number("A2", "46283.79487268518", 1),
            number("B2", "15", 2),
            number("C2", "2.02510101234567E+27", 0)
        );
    let reading = read("resaved.xlsx", Workbook::new().sheet("S", &rows).bytes());
    assert_eq!(column(&reading, "order_id"), [""]);
    assert_eq!(reading.source.notes[0].reason.key, "ingest.cell.resaved");
}

#[test]
fn every_sheet_with_a_known_header_is_read_and_no_other() {
    let usage = text_row(1, &["msisdn", "start", "kind"])
        + &text_row(2, &["13800001111", "2025-10-01 08:00:00", "voice"]);
    let bill = text_row(1, &["msisdn", "period", "item", "amount"])
        + &text_row(2, &["13800001111", "2025-10", "彩信费", "15.00"]);
    let bytes = Workbook::new()
        .sheet("封面", &text_row(1, &["关于", "说明"]))
        .sheet("详单", &usage)
        .sheet("账单", &bill)
        .bytes();
    let reading = read("both.xlsx", bytes);
    let profiles: Vec<&str> = reading.source.tables.iter().map(|table| table.profile.as_str()).collect();
    assert_eq!(profiles, ["general/usage-1", "general/bill-1"]);
    let object = inspected(&reading);
    assert_eq!(object["tables"][1]["sheet"], "账单");
    assert_eq!(object["rows_read"], 2);
}

#[test]
fn rows_out_of_order_are_damage_and_not_a_panic() {
    let rows = text_row(2, &["paid_at", "amount"]) + &text_row(1, &["2025-10-01", "1"]);
    assert_eq!(code(&read("a.xlsx", Workbook::new().sheet("S", &rows).bytes())), "damaged-workbook");
    let doubled = format!(r#"<row r="1">{}{}</row>"#, text("B1", "x"), text("A1", "y"));
    assert_eq!(code(&read("b.xlsx", Workbook::new().sheet("S", &doubled).bytes())), "damaged-workbook");
}

#[test]
fn a_workbook_that_inflates_beyond_the_limit_is_not_opened() {
    // 513 MiB of zeros deflate to half a megabyte.
    let bytes = Workbook::new()
        .sheet("S", &text_row(1, &["a", "b"]))
        .part("xl/media/zeros.bin", vec![0; 513 << 20])
        .bytes();
    assert!(bytes.len() < 1 << 20);
    assert_eq!(code(&read("bomb.xlsx", bytes)), "zip-bomb");
}

#[test]
fn a_workbook_cut_off_anywhere_is_told_and_never_a_panic() {
    let whole = wechat(&wechat_row(19, "46283.79487268518", "1", "支付成功", "1"));
    for length in [5, 100, whole.len() / 2, whole.len() - 1] {
        assert_eq!(code(&read("cut.xlsx", &whole[..length])), "truncated", "{length}");
    }
}
