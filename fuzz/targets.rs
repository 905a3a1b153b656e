//! What each target does with its bytes. The replay test runs the same functions over the kept inputs.

use mingzhang::ingest::parse_cell::{
    datetime::datetime, duration::duration_s, id::id, money::MoneyUnit, money::money, month::month,
    msisdn::msisdn, volume::volume_bytes,
};
use mingzhang::ingest::{FormatBook, InputFile, inspection, members, read_file};
use mingzhang::model::sheet::CellKind;

/// Headers under which text is tried.
const HEADERS: [&str; 6] = [
    "msisdn,start,kind,direction,duration_s,bytes,fee,record_id",
    "账期：2025年10月\n费用项目,原价,减免,实际消费",
    "交易时间,商户名称,交易说明,金额,交易状态,收/支,交易订单号",
    "起始时间,通信地点,通信方式,对方号码,通信时长,通信类型,套餐优惠,实收通信费(元)",
    "记账日期,货币,交易金额,联机余额,交易摘要,对手信息,客户摘要",
    "",
];

fn read(path: &str, bytes: Vec<u8>) {
    for file in members(InputFile { path: path.to_owned(), bytes }) {
        let reading = read_file(&file, None, FormatBook::built_in());
        for table in &reading.source.tables {
            assert!(table.rows_used <= table.rows_read, "no row is used twice");
        }
        inspection(&reading, true, &|message| message.key.clone());
    }
}

/// Text below the header that its first byte chooses.
pub fn csv(bytes: &[u8]) {
    let Some((first, rest)) = bytes.split_first() else { return };
    let header = HEADERS[usize::from(*first) % HEADERS.len()];
    read("a.csv", [header.as_bytes(), b"\n", rest].concat());
}

/// Any container, as it is.
pub fn workbook(bytes: &[u8]) {
    read("a.xls", bytes.to_vec());
}

/// A Parquet file between its marks.
pub fn parquet(bytes: &[u8]) {
    let marked = [b"PAR1".as_slice(), bytes.strip_prefix(b"PAR1").unwrap_or(bytes)].concat();
    let ended = if marked.ends_with(b"PAR1") { marked } else { [marked.as_slice(), b"PAR1"].concat() };
    read("a.parquet", ended);
}

/// A page.
pub fn html(bytes: &[u8]) {
    read("a.html", [b"<html>".as_slice(), bytes].concat());
}

/// One cell under every grammar.
pub fn cell(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let _ = (datetime(&text), duration_s(&text, 60), month(&text), msisdn(&text));
    let _ = (volume_bytes(&text, None), volume_bytes(&text, Some(1 << 30)), id(&text, CellKind::Number));
    for unit in [MoneyUnit::Yuan, MoneyUnit::Fen, MoneyUnit::Li] {
        if let Ok(Some(amount)) = money(&text, unit) {
            let again = money(&amount.to_string(), MoneyUnit::Yuan);
            assert_eq!(again, Ok(Some(amount)), "an amount reads back as it is printed");
        }
    }
}

/// A format file, and a file read by it.
pub fn format(bytes: &[u8]) {
    let mut book = FormatBook::built_in().clone();
    let text = String::from_utf8_lossy(bytes);
    if book.add("my.toml", &text).is_ok() {
        let file = InputFile { path: "a.csv".to_owned(), bytes: "甲,乙,丙\n1,2,3\n".into() };
        read_file(&file, None, &book);
    }
}
