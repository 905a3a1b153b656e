//! Tables in the encodings that spreadsheets and billing systems write.

use encoding_rs::{GB18030, UTF_16BE};

use super::tables::{CASE, Memory, Raw, files, judged, raw, run_raw, run_with, usual};

/// Returns the text in UTF-16, smaller byte first or last, with its mark.
fn utf16(text: &str, little: bool) -> Vec<u8> {
    let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
    units.flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
}

/// Names whose bytes hold line ends, commas and digits in one encoding or another: U+4E0A, U+2C2C, 0x8130 in GB18030.
fn tables(lines: usize) -> super::tables::Files {
    let mut files = files(lines);
    let payments = files.get_mut("payments.csv").expect("payments");
    *payments = payments.replace("话费自动充值", "上Ⱜ\u{80}㐀话费自动充值");
    files
}

#[test]
fn tables_in_other_encodings_are_judged_like_the_same_in_utf_8() {
    let files = tables(200);
    let plain = judged(&files);
    let encode = |coded: &dyn Fn(&str) -> Vec<u8>| -> Raw {
        files.iter().map(|(path, text)| (path.clone(), coded(text))).collect()
    };
    let encodings: [(&str, Raw); 3] = [
        ("GB18030", encode(&|text| GB18030.encode(text).0.into_owned())),
        ("UTF-16, small end first", encode(&|text| utf16(text, true))),
        (UTF_16BE.name(), encode(&|text| utf16(text, false))),
    ];
    for (name, tables) in encodings {
        let mut memory = Memory::default();
        run_raw(&tables, CASE, usual(), &mut memory);
        assert_eq!(memory.lines(), plain, "{name}");
    }
}

/// The beginning of the file is ASCII, and only a row far below tells the encoding.
#[test]
fn a_table_that_begins_in_ascii_may_go_on_in_gb18030() {
    let mut files = files(400);
    let bill = files.get_mut("bill.csv").expect("bills");
    let last = bill.trim_end().rfind("Total").expect("a total");
    bill.replace_range(last..last + 5, "合计");
    let mut tables = raw(&files);
    assert!(files["bill.csv"].len() > 64 << 10, "the head is read alone");
    tables.insert("bill.csv".to_owned(), GB18030.encode(&files["bill.csv"]).0.into_owned());
    let mut memory = Memory::default();
    run_raw(&tables, CASE, usual(), &mut memory);
    assert_eq!(memory.lines(), judged(&files));
}

#[test]
fn a_row_that_does_not_fit_the_encoding_is_set_aside_and_the_others_are_read() {
    let files = tables(700);
    let mut tables: Raw =
        files.iter().map(|(path, text)| (path.clone(), GB18030.encode(text).0.into_owned())).collect();
    let payments = tables.get_mut("payments.csv").expect("payments");
    // 0xFF begins no character. The last row, far below the head: each line has a row, every tenth two, one is the header.
    let row = payments.trim_ascii_end().iter().rposition(|byte| *byte == b'\n').expect("rows") + 1;
    assert!(row > 64 << 10, "the head alone tells the encoding");
    payments.insert(row + 30, 0xFF);
    let mut memory = Memory::default();
    let reading = run_raw(&tables, CASE, usual(), &mut memory);
    let mut plain = Memory::default();
    let all = run_with(&files, CASE, usual(), &mut plain);
    // Files are in the order of their paths: bill, orders, payments, usage.
    assert_eq!(reading.files[2].rows_read, all.files[2].rows_read);
    assert_eq!(reading.files[2].rows_used + 1, all.files[2].rows_used);
    assert_eq!(reading.files[2].aside.iter().map(|it| it.row).collect::<Vec<_>>(), [Some(1 + 770)]);
}
