//! Files that are made to hurt, small enough for every run; `benches/import/hostile.py` makes the large ones.

use mingzhang::ingest::{InputFile, read_file, read_owned};

use super::workbook::{Workbook, text_row};
use super::{code, column, formats, inspected, read, set_aside};

const MIB: usize = 1 << 20;

#[test]
fn a_cell_of_eight_mebibytes_sets_its_row_aside_and_the_rest_is_read() {
    let texts = ["x".repeat(8 * MIB), format!("\"{}\"", "x\n".repeat(4 * MIB)), "\"\"".repeat(4 * MIB)];
    for (index, text) in texts.into_iter().enumerate() {
        let quoted = if index == 2 { format!("\"{text}\"") } else { text };
        let reading = read(
            "a.csv",
            format!("paid_at,amount,description\n2025-10-01,1,a\n2025-10-02,2,{quoted}\n2025-10-03,3,c\n"),
        );
        assert_eq!(column(&reading, "amount"), ["1.00", "3.00"], "text {index}");
        assert_eq!(set_aside(&reading), [(3, Some(3), "ingest.row.oversized".to_owned())], "text {index}");
    }
}

#[test]
fn doubled_quotes_up_to_the_limit_are_one_cell() {
    let reading = |quotes: usize| {
        let cell = "\"\"".repeat(quotes);
        read("a.csv", format!("paid_at,amount,description\n2025-10-01,1,\"{cell}\"\n"))
    };
    // Two quotes in the file are one character of the cell.
    assert_eq!(column(&reading(MIB), "description")[0].len(), MIB);
    assert_eq!(set_aside(&reading(MIB + 1)).len(), 1);
}

#[test]
fn a_text_of_more_than_sixteen_mebibytes_in_a_page_or_workbook_is_refused() {
    let huge = "x".repeat(16 * MIB + 1);
    assert_eq!(code(&read("a.html", format!("<table><tr><td>paid_at<td>{huge}</table>"))), "large-cell");
    let rows = format!(
        "{}<row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>{huge}</t></is></c></row>",
        text_row(1, &["paid_at", "amount"])
    );
    assert_eq!(code(&read("a.xlsx", Workbook::new().sheet("S", &rows).bytes())), "large-cell");
}

#[test]
fn tables_inside_each_other_without_end_are_answered() {
    let page = format!("<html>{}<tr><td>a<td>b", "<table>".repeat(200_000));
    // The two cells stand in the deepest table that is looked at.
    assert_eq!(code(&read("a.html", page)), "unknown-layout");
}

#[test]
fn a_zero_byte_in_a_text_is_told_at_once() {
    let text = "paid_at,amount\n2025-10-01,1\0\n";
    assert_eq!(code(&read("a.csv", text)), "encoding");
}

#[test]
fn rows_that_are_far_to_the_right_or_far_below_cost_nothing_in_between() {
    let rows = format!(
        "{}<row r=\"1048576\"><c r=\"XFD1048576\" t=\"inlineStr\"><is><t>x</t></is></c></row>",
        text_row(1, &["paid_at", "amount"])
    );
    let reading = read("a.xlsx", Workbook::new().sheet("S", &rows).bytes());
    // Row 1,048,576 has neither a time nor an amount.
    let missing = |column| (1_048_576, Some(column), "ingest.row.missing".to_owned());
    assert_eq!(set_aside(&reading), [missing(1), missing(2)]);
}

#[test]
fn cells_of_a_workbook_are_counted_before_they_are_read() {
    let rows = |count: usize| format!("<row>{}</row>", "<c/>".repeat(count));
    let answer = |count| code(&read("a.xlsx", Workbook::new().sheet("S", &rows(count)).bytes()));
    // The limit is 6,000,000; a cell that lies across two blocks is not seen.
    assert_eq!(answer(6_100_000), "too-large");
    assert_eq!(answer(1_000), "unknown-layout");
}

#[test]
fn the_place_of_a_cell_far_outside_every_sheet_is_damage() {
    for place in ["JEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEE1", "A99999999999999999999"] {
        let row = format!("<row r=\"2\"><c r=\"{place}\"><v>1</v></c></row>");
        let rows = text_row(1, &["paid_at", "amount"]) + &row;
        assert_ne!(code(&read("a.xlsx", Workbook::new().sheet("S", &rows).bytes())), "used");
    }
}

#[test]
fn bytes_that_are_given_away_are_read_like_bytes_that_are_kept() {
    let text = "paid_at,amount,description\n2025-10-01,15.00,话费\n";
    let (gb, _, _) = encoding_rs::GB18030.encode(text);
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
    for bytes in [text.as_bytes().to_vec(), marked, gb.into_owned(), wide, b"a,b\0c".to_vec()] {
        let file = InputFile { path: "a.csv".to_owned(), bytes };
        let kept = inspected(&read_file(&file, None, formats()));
        assert_eq!(inspected(&read_owned(file, None, formats())), kept);
    }
}
