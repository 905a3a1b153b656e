//! Pages, old workbooks, open documents, archives: containers other than CSV and XLSX.

use std::io::{Cursor, Write};

use encoding_rs::GB18030;
use mingzhang::ingest::{InputFile, draft, members};
use mingzhang::model::message::Arg;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::workbook::{Workbook, text_row};
use super::{code, column, formats, inspected, profile, read, set_aside};

const CALLS: [&str; 8] =
    ["起始时间", "通信地点", "通信方式", "对方号码", "通信时长", "通信类型", "套餐优惠", "实收通信费(元)"];
const CALL: [&str; 8] = ["2025-10-01 08:00:00", "浙江", "主叫", "10010", "47秒", "本地", "", "0.15"];

fn tr(tag: &str, cells: &[&str]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| format!("<{tag}>{cell}</{tag}>")).collect();
    format!("<tr>{}</tr>", cells.concat())
}

#[test]
fn a_page_named_xls_is_read_with_what_stands_before_its_table() {
    let page = format!(
        "<html><head><style>td {{ color: red }}</style><script>if (1 < 2) document.write('<table>')</script></head><body>\
         <table><tr><td>客户号码：</td><td>13800001111</td></tr></table><p>从2025-10-01到2025-10-31 总条数：2</p>\
         <table border=1>{}{}<tr><td colspan=8>2025-10-02</td></tr>{}<tr><td colspan=8>共2条</td></tr></table></body></html>",
        tr("th", &CALLS),
        tr("td", &CALL),
        tr("td", &["09:00:00", "浙&#27743;&nbsp;", "被叫", "10010", "1分1秒", "本地", "", "0.00"]),
    );
    for bytes in [page.clone().into_bytes(), GB18030.encode(&page).0.into_owned()] {
        let reading = read("账单.xls", bytes);
        assert_eq!(profile(&reading), "cmcc/voice-list-1");
        let table = &reading.source.tables[0];
        assert_eq!(table.msisdn.as_deref(), Some("13800001111"));
        assert!(table.controls.iter().all(|control| control.ties), "{:?}", table.controls);
        // The n-th tr: header 1, call 2, date row 3, call 4, pager 5.
        assert_eq!(column(&reading, "row"), ["2", "4"]);
        assert_eq!(column(&reading, "start"), ["2025-10-01 08:00:00", "2025-10-02 09:00:00"]);
        assert_eq!(column(&reading, "location"), ["浙江", "浙江"]);
        assert_eq!((table.rows_read, table.rows_used), (4, 3));
    }
}

#[test]
fn cells_that_reach_down_hold_for_every_row() {
    let page = "<table><tr><td>账期<td>费用项目<td>金额<tr><td rowspan=2>2025-10<td>套餐费<td>59.00<tr><td>彩信费<td>15.00</table>";
    let reading = read("a.html", page);
    assert_eq!(column(&reading, "item"), ["套餐费", "彩信费"]);
    assert_eq!(column(&reading, "period"), ["2025-10", "2025-10"]);
}

#[test]
fn a_page_without_a_table_of_data_is_told_from_an_unknown_table() {
    assert_eq!(
        code(&read("a.xls", "<html><body><h1>请登录</h1><table><tr><td>x</td></tr></table></body></html>")),
        "html"
    );
    assert_eq!(
        code(&read("a.xls", "<html><table><tr><td>甲</td><td>乙</td></tr></table></html>")),
        "unknown-layout"
    );
}

#[test]
fn two_tables_on_a_sheet_are_both_read_with_what_the_top_states() {
    let text = "手机号码：13800001111\n从2025-10-01到2025-10-31\n起始时间,通信地点,通信方式,对方号码,通信时长,通信类型,套餐优惠,实收通信费(元)\n\
        10-01 08:00:00,浙江,主叫,10010,47秒,本地,,0.15\n短/彩信详单\n起始时间,通信地点,对方号码,通信方式,信息类型,业务名称,套餐优惠,通信费(元)\n\
        10-02 08:00:00,内地,10010,发送,彩信,彩信,,0.30\n";
    let reading = read("all.csv", text);
    let found: Vec<(&str, u32, u32, Option<&str>)> = reading
        .source
        .tables
        .iter()
        .map(|table| (table.profile.as_str(), table.header_row, table.rows_used, table.msisdn.as_deref()))
        .collect();
    let line = Some("13800001111");
    assert_eq!(found, [("cmcc/voice-list-1", 3, 1, line), ("cmcc/message-list-1", 6, 1, line)]);
    assert_eq!(set_aside(&reading), []);
    assert_eq!(reading.records.usage.len(), 2);
}

#[test]
fn an_open_document_is_read_exactly_and_repeated_cells_are_not_laid_out() {
    let content = r#"<?xml version="1.0"?><office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body><office:spreadsheet>
        <table:table table:name="空"><table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>
        <table:table table:name="S"><table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>
        <table:table-row><table:table-cell><text:p>paid_at</text:p></table:table-cell><table:table-cell><text:p>amount</text:p></table:table-cell><table:table-cell><text:p>payee</text:p></table:table-cell></table:table-row>
        <table:table-row><table:table-cell office:value-type="date" office:date-value="2025-10-01T08:00:00"><text:p>10/1</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="548.58000000000004"><text:p>548.6</text:p></table:table-cell><table:table-cell><text:p>A&amp;B</text:p></table:table-cell></table:table-row>
        </table:table></office:spreadsheet></office:body></office:document-content>"#;
    let book = |content: &str| {
        zip(&[
            ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
            ("content.xml", content.as_bytes()),
        ])
    };
    let reading = read("a.ods", book(content));
    assert_eq!(profile(&reading), "general/payments-1");
    assert_eq!(column(&reading, "row"), ["5"]);
    assert_eq!(column(&reading, "paid_at"), ["2025-10-01 08:00:00"]);
    assert_eq!(column(&reading, "amount"), ["548.58"]);
    assert_eq!(column(&reading, "payee"), ["A&B"]);
    let bomb = content.replace(
        "<table:table-row><table:table-cell office",
        "<table:table-row table:number-rows-repeated=\"1000000\"><table:table-cell office",
    );
    assert_eq!(code(&read("a.ods", book(&bomb))), "too-large");
}

fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).expect("a part begins");
        zip.write_all(content).expect("a part is written");
    }
    zip.finish().expect("the container closes").into_inner()
}

#[test]
fn members_of_an_archive_are_files_of_their_own() {
    let bytes = zip(&[
        ("账单/a.csv", b"paid_at,amount\n2025-10-01,1\n"),
        ("__MACOSX/._a.csv", b"x"),
        ("b.txt", b"hello"),
    ]);
    let files = members(InputFile { path: "all.zip".to_owned(), bytes });
    let names: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(names, ["all.zip!/账单/a.csv", "all.zip!/b.txt"]);
    assert_eq!(profile(&read(&files[0].path, files[0].bytes.clone())), "general/payments-1");
    let workbook = Workbook::new().sheet("S", &text_row(1, &["paid_at", "amount"])).bytes();
    assert_eq!(members(InputFile { path: "a.xlsx".to_owned(), bytes: workbook }).len(), 1);
}

/// Records of an XLS stream: type, body.
fn biff(records: &[(u16, Vec<u8>)]) -> Vec<u8> {
    let framed = records.iter().map(|(kind, body)| {
        [kind.to_le_bytes().to_vec(), (body.len() as u16).to_le_bytes().to_vec(), body.clone()].concat()
    });
    framed.collect::<Vec<_>>().concat()
}

fn begin(kind: u16) -> (u16, Vec<u8>) {
    let words = [0x0600u16, kind, 0x0DBB, 0x07CC, 0, 0, 6, 0];
    (0x0809, words.iter().flat_map(|word| word.to_le_bytes()).collect())
}

fn label(row: u16, column: u16, text: &str) -> (u16, Vec<u8>) {
    let wide: Vec<u16> = text.encode_utf16().collect();
    let head =
        [row, column, 0, wide.len() as u16].iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<_>>();
    (0x0204, [head, vec![1], wide.iter().flat_map(|unit| unit.to_le_bytes()).collect()].concat())
}

fn number(row: u16, column: u16, value: f64) -> (u16, Vec<u8>) {
    let head = [row, column, 0].iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<_>>();
    (0x0203, [head, value.to_le_bytes().to_vec()].concat())
}

fn xls(cells: &[(u16, Vec<u8>)]) -> Vec<u8> {
    xls_with(cells, 0)
}

/// A workbook with one sheet; state 0 = visible, 1 = hidden.
fn xls_with(cells: &[(u16, Vec<u8>)], state: u8) -> Vec<u8> {
    let sheet_name = [vec![0; 4], vec![state, 0], vec![1, 0], b"S".to_vec()].concat();
    let globals = |offset: u32| {
        let place = [offset.to_le_bytes().to_vec(), sheet_name[4..].to_vec()].concat();
        biff(&[begin(5), (0x0085, place), (0x000A, Vec::new())])
    };
    let offset = globals(0).len() as u32;
    let sheet = [vec![begin(0x10)], cells.to_vec(), vec![(0x000A, Vec::new())]].concat();
    [globals(offset), biff(&sheet)].concat()
}

#[test]
fn an_old_workbook_is_read_with_and_without_its_container() {
    let cells = [
        label(0, 0, "paid_at"),
        label(0, 1, "amount"),
        label(0, 2, "说明"),
        label(1, 0, "2025-10-01 08:00:00"),
        number(1, 1, 548.58),
        label(1, 2, "彩信费"),
    ];
    let stream = xls(&cells);
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).expect("a container");
    file.create_stream("/Workbook").and_then(|mut s| s.write_all(&stream)).expect("a stream");
    file.flush().expect("written");
    for bytes in [stream.clone(), file.into_inner().into_inner()] {
        let reading = read("2021年02月语音通信.xls", bytes);
        assert_eq!(profile(&reading), "general/payments-1");
        assert_eq!(column(&reading, "amount"), ["548.58"]);
        assert_eq!(column(&reading, "description"), ["彩信费"]);
    }
    let far = xls(&[label(0, 0, "a"), label(65_535, 255, "b")]);
    // 65,536 × 256 cells between the first and the last one.
    assert_eq!(code(&read("a.xls", far)), "too-large");
    for end in 20..stream.len() {
        read("a.xls", stream[..end].to_vec());
    }
}

/// The stream in the container of a spreadsheet program.
fn contained(stream: &[u8]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new()))
        .expect("a container");
    file.create_stream("/Workbook").and_then(|mut s| s.write_all(stream)).expect("a stream");
    file.flush().expect("written");
    file.into_inner().into_inner()
}

#[test]
fn an_old_workbook_of_many_rows_is_read_from_its_container() {
    let mut cells = vec![label(0, 0, "paid_at"), label(0, 1, "amount")];
    for row in 1..=200 {
        cells.extend([label(row, 0, "2025-10-01 08:00:00"), number(row, 1, 0.3)]);
    }
    let stream = xls(&cells);
    assert!(stream.len() > 4096, "longer than what lies in the small sectors");
    let reading = read("a.xls", contained(&stream));
    assert_eq!(code(&reading), "used");
    // 200 × 0.30
    assert_eq!(inspected(&reading)["sum_amount"], "60.00");
}

#[test]
fn merged_cells_of_an_old_workbook_hold_for_every_row() {
    let words = |words: &[u16]| words.iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<_>>();
    // One region: rows 2 and 3 of column A.
    let merged = (0x00E5, words(&[1, 1, 2, 0, 0]));
    let bill = |regions: &[(u16, Vec<u8>)]| {
        let cells = [
            label(0, 0, "账期"),
            label(0, 1, "费用项目"),
            label(0, 2, "金额"),
            label(1, 0, "2025-10"),
            label(1, 1, "套餐费"),
            number(1, 2, 59.0),
            label(2, 1, "彩信费"),
            number(2, 2, 15.0),
        ];
        read("a.xls", xls(&[&cells, regions].concat()))
    };
    assert_eq!(column(&bill(&[merged]), "period"), ["2025-10", "2025-10"]);
    // Without the region the second row has no month.
    assert_eq!(column(&bill(&[]), "period"), ["2025-10"]);
}

#[test]
fn a_hidden_sheet_is_read_and_said() {
    let cells =
        [label(0, 0, "paid_at"), label(0, 1, "amount"), label(1, 0, "2025-10-01"), number(1, 1, 15.0)];
    let rows = [text_row(1, &["paid_at", "amount"]), text_row(2, &["2025-10-01", "15"])].concat();
    let workbook = |hidden| match hidden {
        true => Workbook::new().hidden_sheet("S", &rows).bytes(),
        false => Workbook::new().sheet("S", &rows).bytes(),
    };
    for hidden in [true, false] {
        for bytes in [workbook(hidden), xls_with(&cells, u8::from(hidden))] {
            let reading = read("a.xls", bytes);
            assert_eq!(column(&reading, "amount"), ["15.00"]);
            let notes: Vec<&str> = reading.source.notes.iter().map(|note| note.reason.key.as_str()).collect();
            assert_eq!(notes.contains(&"ingest.sheet.hidden"), hidden);
        }
    }
}

#[test]
fn a_bill_with_a_column_for_each_fee_is_told_with_what_to_write() {
    let text = "某公司 2025年10月 通信费用清单\n序号,业务号码,月基本费,语音通信费,短信彩信费,综合信息服务费,优惠费用,应收合计\n1,13300001111,59.00,1.20,15.00,5.00,-10.00,70.20\n";
    let reading = read("a.csv", text);
    assert_eq!(code(&reading), "wide-bill");
    let help = reading.source.unusable.expect("not used").help;
    let example = Arg::Text("13300001111,YYYY-MM,月基本费,59.00".to_owned());
    assert_eq!(help.args["example"], example);
    assert_eq!(help.args["count"], Arg::Text("5".to_owned()), "综合信息服务费 stands between two fees");
    // Two columns of fees may be anything.
    assert_eq!(
        code(&read("a.csv", "业务号码,月基本费,语音通信费\n13300001111,59.00,1.20\n")),
        "unknown-layout"
    );
}

#[test]
fn a_draft_from_a_sample_is_a_format_that_reads_it() {
    let text = "起始时间,通信地点,通信方式,对方号码,通信时长,通信类型,我的套餐,实际收费\n2025-10-01 08:00:00,浙江,主叫,10010,47秒,本地,,0.15\n";
    assert_eq!(code(&read("a.csv", text)), "unknown-layout");
    let sample = InputFile { path: "a.csv".to_owned(), bytes: text.into() };
    let drafted = draft(&sample, formats()).expect("a header is there");
    assert!(drafted.contains("context = [\"我的套餐\", \"实际收费\"]"), "{drafted}");
    let assigned =
        format!("{drafted}\n[[column]]\nfield = \"fee\"\nheader = [\"实际收费\"]\nrequired = true\n");
    let mut book = formats().clone();
    assert_eq!(book.add("my.toml", &assigned), Ok("my/format-1".to_owned()));
    let reading = mingzhang::ingest::read_file(&sample, None, &book);
    assert_eq!(profile(&reading), "my/format-1");
    assert_eq!(column(&reading, "fee"), ["0.15"]);
    assert!(book.add("my.toml", &assigned.replace("fee", "fees")).is_err());
}
