//! What a file is, by its bytes: encodings, separators, and everything that is not a table.

use encoding_rs::GB18030;
use proptest::prelude::*;

use super::workbook::{Workbook, text_row};
use super::{code, column, profile, read, set_aside};

const TEXT: &str = "手机号码：13800001111\n费用项目,金额(元)\n彩信费,15.00\n龘字服务费,1.00\n";
const BILL: &str = "账期：2025年10月\n";

fn utf16(text: &str, mark: bool, big: bool) -> Vec<u8> {
    let units = mark.then_some(0xFEFF).into_iter().chain(text.encode_utf16());
    units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

#[test]
fn every_encoding_with_every_separator_gives_the_same_rows() {
    for separator in [",", "\t", ";", "|"] {
        let text = format!("{BILL}{}", TEXT.replace(',', separator));
        let encoded = [
            ("utf-8", text.clone().into_bytes()),
            ("utf-8 mark", [b"\xEF\xBB\xBF".as_slice(), text.as_bytes()].concat()),
            ("gb18030", GB18030.encode(&text).0.into_owned()),
            ("utf-16 le mark", utf16(&text, true, false)),
            ("utf-16 be mark", utf16(&text, true, true)),
            ("utf-16 le", utf16(&text, false, false)),
            ("utf-16 be", utf16(&text, false, true)),
        ];
        for (name, bytes) in encoded {
            let reading = read("a.csv", bytes);
            assert_eq!(code(&reading), "used", "{name} {separator:?}");
            assert_eq!(profile(&reading), "cmcc/bill-1", "{name} {separator:?}");
            assert_eq!(column(&reading, "item"), ["彩信费", "龘字服务费"], "{name} {separator:?}");
            assert_eq!(
                reading.source.tables[0].msisdn.as_deref(),
                Some("13800001111"),
                "{name} {separator:?}"
            );
        }
    }
}

#[test]
fn bytes_of_no_encoding_are_refused_and_never_replaced() {
    let broken = [BILL.as_bytes(), TEXT.as_bytes(), b"\xFF\xFF\xFE\n"].concat();
    assert_eq!(code(&read("a.csv", broken)), "encoding");
    assert_eq!(code(&read("a.csv", b"\xEF\xBB\xBFmsisdn,\xFF\n".as_slice())), "encoding");
    assert_eq!(code(&read("a.bin", b"a\0b\0\0\0c,d\n1,2\n".as_slice())), "encoding");
}

#[test]
fn what_is_no_table_is_named_by_its_bytes() {
    let wide = |word: &str| word.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let ole =
        |stream: &str| [b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec(), vec![0; 64], wide(stream)].concat();
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("empty", Vec::new()),
        ("empty", b" \r\n\r\n".to_vec()),
        ("picture", b"\x89PNG\r\n\x1A\n....".to_vec()),
        ("picture", b"\xFF\xD8\xFF\xE0....".to_vec()),
        ("picture", b"GIF89a....".to_vec()),
        ("picture", b"RIFF\x10\0\0\0WEBPVP8 ".to_vec()),
        ("pdf", b"%PDF-1.7\n".to_vec()),
        ("html", b"\xEF\xBB\xBF<!DOCTYPE html><table><tr><td>x</td></tr></table>".to_vec()),
        ("html", "<table border=1><tr><td>起始时间</td></tr></table>".into()),
        ("damaged-workbook", ole("Workbook")),
        ("encrypted-workbook", ole("EncryptedPackage")),
        ("office-document", ole("WordDocument")),
        ("damaged-parquet", b"PAR1....PAR1".to_vec()),
        ("archive", b"Rar!\x1A\x07".to_vec()),
        ("json", b"\xEF\xBB\xBF[ {\"paid_at\": \"2025-10-01\"}]".to_vec()),
        ("json", b"{\"billList\": []}".to_vec()),
        ("unknown-layout", b"[1],[2]\n3,4\n".to_vec()),
        ("truncated", b"PK\x03\x04\x14\0\0\0".to_vec()),
    ];
    for (expected, bytes) in cases {
        let reading = read("bill.xls", bytes);
        assert_eq!(code(&reading), expected);
        assert!(reading.source.tables.is_empty());
    }
}

#[test]
fn an_archive_with_a_password_is_told_from_one_without() {
    let mut bytes = Workbook::new().sheet("S", &text_row(1, &["a", "b"])).bytes();
    // Bit 0 of the general-purpose flags, in the local header (offset 6) and the central one (offset 8).
    let places: Vec<(usize, usize)> = bytes
        .windows(4)
        .enumerate()
        .filter_map(|(at, window)| match window {
            b"PK\x03\x04" => Some((at, 6)),
            b"PK\x01\x02" => Some((at, 8)),
            _ => None,
        })
        .collect();
    for (at, offset) in places {
        bytes[at + offset] |= 1;
    }
    assert_eq!(code(&read("a.zip", bytes)), "encrypted-zip");
    let plain = super::workbook::Workbook::new().part("bill.csv", TEXT.into()).bytes();
    // A container that holds a workbook part is a workbook; this one holds none of its sheets.
    assert_ne!(code(&read("a.zip", plain)), "used");
}

#[test]
fn quotes_inside_cells_and_tabs_after_them_do_not_move_a_column() {
    let text = "paid_at,amount,description,order_id,payee\n\
        2025-10-01 08:00:00,15.00,打开\"多多视频\"领券,\"42001\"\t,\"a, b\"\n\
        2025-10-02 08:00:00,16.00,\"两行\n说明\",\"42002\t\",\"他说\"\"好\"\"\"\n\
        2025-10-03 08:00:00,17.00,\"没有结束,42003,c\n\
        2025-10-04 08:00:00,18.00,短\n\
        2025-10-05 08:00:00,19.00,长,42005,e,,,\n";
    let reading = read("a.csv", text);
    assert_eq!(column(&reading, "row"), ["2", "3", "5", "6", "7"], "the line on which a record starts");
    assert_eq!(
        column(&reading, "description"),
        ["打开\"多多视频\"领券", "两行\n说明", "\"没有结束", "短", "长"]
    );
    assert_eq!(column(&reading, "order_id"), ["42001", "42002", "42003", "", "42005"]);
    assert_eq!(column(&reading, "payee"), ["a, b", "他说\"好\"", "c", "", "e"]);
}

#[test]
fn line_ends_of_any_kind_count_as_lines() {
    let reading = read("a.csv", "paid_at,amount\r\n2025-10-01,1\r\n\r\n2025-10-02,2\r2025-10-03,3");
    assert_eq!(column(&reading, "row"), ["2", "4", "5"]);
}

#[test]
fn a_cell_above_one_mebibyte_sets_its_row_aside() {
    let cell = |length: usize| {
        format!("paid_at,amount,description\n2025-10-01,1,{}\n2025-10-02,2,b\n", "x".repeat(length))
    };
    assert_eq!(set_aside(&read("a.csv", cell(1 << 20))), []);
    let reading = read("a.csv", cell((1 << 20) + 1));
    assert_eq!(set_aside(&reading), [(2, Some(3), "ingest.row.oversized".to_owned())]);
    assert_eq!(column(&reading, "amount"), ["2.00"]);
}

proptest! {
    #[test]
    fn junk_below_a_known_header_never_panics_and_always_adds_up(junk in "[\\x00-\\x7f一-三￥“”,\"\n\r\t;|-]{0,200}", header in 0..5usize) {
        let headers = [
            "msisdn,start,kind,direction,duration_s,bytes,fee,record_id",
            "msisdn,period,item,category,amount,quantity",
            "paid_at,amount,direction,status,order_id",
            "费用项目,金额(元)",
            "起始时间,通信地点,对方号码,通信方式,信息类型,业务名称,套餐优惠,通信费(元)",
        ];
        // `read` checks that rows read = rows used + rows set aside.
        read("a.csv", format!("{}\n{junk}", headers[header]));
    }

    #[test]
    fn any_bytes_are_read_or_refused_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        read("a.bin", bytes.clone());
        read("a.zip", [b"PK\x03\x04".to_vec(), bytes].concat());
    }
}

#[test]
fn a_header_of_a_million_columns_and_wide_junk_above_it_are_answered() {
    let wide = ["x"; 1_000_000].join(",");
    assert_eq!(code(&read("a.csv", wide.clone())), "unknown-layout");
    let known = format!("paid_at,amount,{wide}\n2025-10-01,1,{wide}\n");
    assert_eq!(column(&read("a.csv", known), "amount"), ["1.00"]);
}
