//! Merged cells: what reaches over several rows holds in each of them, and an amount counts once.

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::workbook::{Workbook, text, text_row};
use super::{column, inspected, read, set_aside};

/// A bill in which month and number are one cell over three rows, and one amount over two of them.
fn merged_bill(regions: &str) -> Vec<u8> {
    let head = text_row(1, &["msisdn", "period", "item", "amount"]);
    let first = text_row(2, &["13800001111", "2025-10", "套餐费", "59.00"]);
    let second = format!(r#"<row r="3">{}{}</row>"#, text("C3", "彩信费"), text("D3", "15.00"));
    let third = format!(r#"<row r="4">{}</row>"#, text("C4", "短信费"));
    // The merged cells of a sheet stand behind its rows.
    let rows =
        format!("{head}{first}{second}{third}</sheetData><mergeCells>{regions}</mergeCells><sheetData>");
    Workbook::new().sheet("S", &rows).bytes()
}

#[test]
fn a_number_and_a_month_that_reach_down_hold_for_every_row_of_a_workbook() {
    let regions = r#"<mergeCell ref="A2:A4"/><mergeCell ref="B2:B4"/>"#;
    let reading = read("a.xlsx", merged_bill(regions));
    assert_eq!(column(&reading, "msisdn"), ["13800001111", "13800001111"]);
    assert_eq!(column(&reading, "period"), ["2025-10", "2025-10"]);
    assert_eq!(column(&reading, "item"), ["套餐费", "彩信费"]);
    // The third row has no amount at all.
    assert_eq!(set_aside(&reading), [(4, Some(4), "ingest.row.missing".to_owned())]);
}

#[test]
fn a_region_ends_with_its_last_row() {
    let reading = read("a.xlsx", merged_bill(r#"<mergeCell ref="A2:A3"/><mergeCell ref="B2:B3"/>"#));
    assert_eq!(column(&reading, "item"), ["套餐费", "彩信费"]);
    let rows: Vec<u32> = set_aside(&reading).into_iter().map(|(row, ..)| row).collect();
    // Row 4 has neither a month nor an amount.
    assert!(!rows.is_empty() && rows.iter().all(|row| *row == 4), "{rows:?}");
}

#[test]
fn an_amount_over_two_rows_counts_in_the_first_one_only() {
    let regions = r#"<mergeCell ref="A2:A4"/><mergeCell ref="B2:B4"/><mergeCell ref="D3:D4"/>"#;
    let reading = read("a.xlsx", merged_bill(regions));
    // 59.00 + 15.00: the 15.00 that reaches into row 4 is no third amount.
    assert_eq!(inspected(&reading)["sum_amount"], "74.00");
    assert_eq!(set_aside(&reading), [(4, Some(4), "ingest.row.merged".to_owned())]);
}

#[test]
fn a_row_that_is_nothing_but_the_one_above_is_no_second_record() {
    let page = "<table><tr><td>paid_at<td>amount\
        <tr><td rowspan=2>2025-10-01<td rowspan=2>15.00<tr><tr><td>2025-10-02<td>16.00</table>";
    assert_eq!(column(&read("a.html", page), "amount"), ["15.00", "16.00"]);
    let rows = [text_row(1, &["paid_at", "amount"]), text_row(2, &["2025-10-01", "15.00"])].concat();
    let rows = format!(
        r#"{rows}<row r="3"><c r="A3"/><c r="B3"/></row></sheetData><mergeCells><mergeCell ref="A2:B3"/></mergeCells><sheetData>"#
    );
    let reading = read("a.xlsx", Workbook::new().sheet("S", &rows).bytes());
    assert_eq!(column(&reading, "amount"), ["15.00"]);
}

#[test]
fn an_amount_over_two_rows_of_a_page_counts_once() {
    let page = "<table><tr><td>账期<td>费用项目<td>金额\
        <tr><td rowspan=2>2025-10<td>套餐费<td rowspan=2>59.00<tr><td>流量包<tr><td>2025-10<td>彩信费<td>15.00</table>";
    let reading = read("a.html", page);
    assert_eq!(inspected(&reading)["sum_amount"], "74.00");
    assert_eq!(set_aside(&reading), [(3, Some(3), "ingest.row.merged".to_owned())]);
}

#[test]
fn a_month_over_two_rows_of_an_open_document_holds_for_both() {
    let cell = |attributes: &str, text: &str| {
        format!("<table:table-cell{attributes}><text:p>{text}</text:p></table:table-cell>")
    };
    let row = |cells: &[String]| format!("<table:table-row>{}</table:table-row>", cells.concat());
    let head = row(&["period", "item", "amount"].map(|name| cell("", name)));
    let first =
        row(&[cell(" table:number-rows-spanned=\"2\"", "2025-10"), cell("", "套餐费"), cell("", "59.00")]);
    let second = row(&["<table:covered-table-cell/>".to_owned(), cell("", "彩信费"), cell("", "15.00")]);
    let content = format!(
        "<office:document-content><office:body><office:spreadsheet><table:table table:name=\"S\">{head}{first}{second}</table:table></office:spreadsheet></office:body></office:document-content>"
    );
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, part) in
        [("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", content.as_str())]
    {
        zip.start_file(name, SimpleFileOptions::default()).expect("a part begins");
        zip.write_all(part.as_bytes()).expect("a part is written");
    }
    let reading = read("a.ods", zip.finish().expect("the container closes").into_inner());
    assert_eq!(column(&reading, "period"), ["2025-10", "2025-10"]);
}

#[test]
fn a_group_heading_above_two_columns_does_not_name_the_first_of_them() {
    let head =
        r#"<tr><td rowspan=2>费用项目<td colspan=2>费用<td rowspan=2>备注<tr><td>原价<td>实收金额(元)"#;
    let page = format!(
        "<p>中国移动</p><p>账期：2025年10月</p><table>{head}<tr><td>套餐费<td>99.00<td>59.00<td><tr><td>彩信费<td>15.00<td>15.00<td></table>"
    );
    let reading = read("a.html", page);
    // 59.00 and 15.00 were paid; 99.00 is the list price.
    assert_eq!(column(&reading, "amount"), ["59.00", "15.00"]);
    assert_eq!(reading.source.tables[0].header_row, 2);
    assert!(set_aside(&reading).is_empty());
    // The header once more below itself stays a repeated header.
    let twice = "msisdn,period,item,amount\nmsisdn,period,item,amount\n13800001111,2025-10,套餐费,59.00\n";
    let reading = read("a.csv", twice);
    assert_eq!(reading.source.tables[0].header_row, 1);
    assert_eq!(set_aside(&reading), [(2, None, "ingest.row.header-again".to_owned())]);
}
