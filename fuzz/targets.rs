//! What each target does with its bytes. The replay test runs the same functions over the kept inputs.

use std::io::{Cursor, Write};

use mingzhang::ingest::parse_cell::{
    count::count, date::date, datetime::datetime, datetime::time_of_day, duration::duration_s, id::id,
    money::MoneyUnit, money::money, month::month, msisdn::msisdn, volume::volume_bytes, yes_no::yes_no,
};
use mingzhang::ingest::{FormatBook, InputFile, inspection, members, read_file};
use mingzhang::model::sheet::CellKind;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

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

/// Any container, as it is; behind a slash one part of a workbook, which then is put into a whole one: the checksums
/// of a container hide its parts from bytes that change at random.
pub fn workbook(bytes: &[u8]) {
    let part = bytes.split_first_chunk().and_then(|([slash, letter], content)| {
        let place = b"snywo".iter().position(|known| known == letter)?;
        (*slash == b'/').then_some((PARTS[place], content))
    });
    match part {
        Some((name, content)) => read("a.xlsx", workbook_with(name, content)),
        None => read("a.xls", bytes.to_vec()),
    }
}

/// Parts of a workbook: the sheet, its texts, its styles, its list of sheets; the one part of an open document.
const PARTS: [&str; 5] =
    ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml", "content.xml"];

/// The parts that a workbook has beside the one that is tried.
const WHOLE: [(&str, &str); 6] = [
    (
        "_rels/.rels",
        r#"<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
    ),
    (
        "xl/_rels/workbook.xml.rels",
        r#"<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#,
    ),
    (
        "xl/workbook.xml",
        r#"<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>"#,
    ),
    (
        "xl/worksheets/sheet1.xml",
        r#"<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row><row r="2"><c r="A2" s="1"><v>45931.5</v></c><c r="B2"><v>15</v></c></row></sheetData></worksheet>"#,
    ),
    ("xl/sharedStrings.xml", "<sst><si><t>paid_at</t></si><si><t>amount</t></si></sst>"),
    (
        "xl/styles.xml",
        r#"<styleSheet><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs></styleSheet>"#,
    ),
];

fn workbook_with(name: &str, content: &[u8]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut write = |name: &str, content: &[u8]| {
        zip.start_file(name, options).expect("a part begins");
        zip.write_all(content).expect("a part is written");
    };
    write(name, content);
    if name == "content.xml" {
        write("mimetype", b"application/vnd.oasis.opendocument.spreadsheet");
    } else {
        for (other, content) in WHOLE.iter().filter(|(other, _)| *other != name) {
            write(other, content.as_bytes());
        }
    }
    zip.finish().expect("the container closes").into_inner()
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
    let _ = (datetime(&text), time_of_day(&text), date(&text), duration_s(&text, 60), month(&text));
    let _ = (msisdn(&text), count(&text), yes_no(&text), id(&text, CellKind::Text));
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
