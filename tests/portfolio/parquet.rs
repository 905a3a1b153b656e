//! Tables in Parquet: what is found in them is what is found in the same tables as text.

use std::sync::Arc;

use mingzhang::portfolio::result::{At, LineResult};
use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

use super::tables::{CASE, Files, Memory, Raw, files, number, run_raw, run_with, usual};

/// Stands for a quote, a line break and a comma in the cell of a column.
const BROKEN: char = '⏎';

/// How a column is written: its type in the schema, and its numbers where it has some.
fn column(name: &str, texts: &[&str], typed: bool) -> (String, Option<Vec<i64>>) {
    let numbers = texts.iter().map(|text| text.parse::<i64>().ok()).collect::<Option<Vec<_>>>();
    let times = || {
        let time = |text: &&str| chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").ok();
        let millis = |text| time(text).map(|at| at.and_utc().timestamp_millis());
        texts.iter().map(millis).collect::<Option<Vec<_>>>()
    };
    match name {
        "msisdn" | "duration_s" | "bytes" | "record_id" if typed && numbers.is_some() => {
            (format!("optional int64 {name};"), numbers)
        }
        "start" | "at" | "paid_at" if typed && times().is_some() => {
            (format!("optional int64 {name} (TIMESTAMP(MILLIS,false));"), times())
        }
        _ => (format!("optional binary {name} (UTF8);"), None),
    }
}

/// Writes a CSV text as Parquet, `rows` rows a group; empty cells are absent.
fn parquet(text: &str, typed: bool, rows: usize) -> Vec<u8> {
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let cells: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    let broken = |text: &str| text.trim_matches('"').replace(BROKEN, "\"\n,");
    let cells: Vec<Vec<String>> =
        cells.iter().map(|row| row.iter().map(|text| broken(text)).collect()).collect();
    let texts = |index: usize| cells.iter().map(|row| row[index].as_str()).collect::<Vec<_>>();
    let columns: Vec<_> =
        names.iter().enumerate().map(|(index, name)| column(name, &texts(index), typed)).collect();
    let fields: Vec<&str> = columns.iter().map(|(field, _)| field.as_str()).collect();
    let schema = parse_message_type(&format!("message table {{ {} }}", fields.join(" "))).expect("a schema");
    let properties = Arc::new(WriterProperties::builder().build());
    let mut writer = SerializedFileWriter::new(Vec::new(), Arc::new(schema), properties).expect("begun");
    for from in (0..cells.len()).step_by(rows) {
        let to = (from + rows).min(cells.len());
        let mut group = writer.next_row_group().expect("a group");
        let mut index = 0;
        while let Some(mut column) = group.next_column().expect("a column") {
            if let (_, Some(numbers)) = &columns[index] {
                let levels = vec![1; to - from];
                column
                    .typed::<Int64Type>()
                    .write_batch(&numbers[from..to], Some(&levels), None)
                    .expect("written");
            } else {
                let texts = &texts(index)[from..to];
                let levels: Vec<i16> = texts.iter().map(|text| i16::from(!text.is_empty())).collect();
                let values = texts.iter().filter(|text| !text.is_empty()).map(|text| ByteArray::from(*text));
                let values: Vec<ByteArray> = values.collect();
                column.typed::<ByteArrayType>().write_batch(&values, Some(&levels), None).expect("written");
            }
            column.close().expect("closed");
            index += 1;
        }
        group.close().expect("closed");
    }
    writer.into_inner().expect("whole")
}

fn as_parquet(files: &Files, typed: bool, rows: usize) -> Raw {
    let named =
        |(path, text): (&String, &String)| (path.replace(".csv", ".parquet"), parquet(text, typed, rows));
    files.iter().map(named).collect()
}

fn judged(files: &Raw) -> Vec<LineResult> {
    let mut memory = Memory::default();
    run_raw(files, &CASE.replace("usage.csv", "usage.parquet"), usual(), &mut memory);
    memory.lines()
}

/// The same with the places that the rows have in the CSV file: there the header is row 1, in Parquet row 0.
fn in_csv(lines: Vec<LineResult>) -> Vec<LineResult> {
    let moved =
        |at: &At| At { path: at.path.replace(".parquet", ".csv"), row: at.row + u32::from(at.row > 0) };
    let line = |mut line: LineResult| {
        line.findings.iter_mut().for_each(|row| row.at = moved(&row.at));
        line.bill.iter_mut().for_each(|row| row.at = moved(&row.at));
        line
    };
    lines.into_iter().map(line).collect()
}

#[test]
fn texts_in_columns_are_judged_like_lines_of_text() {
    let files = files(40);
    assert_eq!(in_csv(judged(&as_parquet(&files, false, 1000))), super::tables::judged(&files));
}

#[test]
fn numbers_and_times_in_columns_are_judged_like_lines_of_text() {
    let mut files = files(40);
    // A column of times has one spelling.
    let usage = files.get_mut("usage.csv").expect("usage");
    *usage = usage.replace("2025/10/", "2025-10-");
    let typed = as_parquet(&files, true, 50);
    assert_eq!(in_csv(judged(&typed)), super::tables::judged(&files));
}

#[test]
fn a_table_in_parts_is_one_table_and_each_row_has_the_place_in_its_own_part() {
    let files = files(20);
    let mut split = as_parquet(&files, true, 7);
    let usage = &files["usage.csv"];
    let rows: Vec<&str> = usage.lines().collect();
    let (first, second) = rows[1..].split_at(rows.len() / 2);
    split.remove("usage.parquet");
    for (name, part) in [("usage/part-0.parquet", first), ("usage/part-1.parquet", second)] {
        let text = format!("{}\n{}\n", rows[0], part.join("\n"));
        split.insert(name.to_owned(), parquet(&text, false, 30));
    }
    let window = |part: u32| {
        let kinds = "kinds = [\"voice\", \"sms\", \"mms\", \"data\"]\nstart = 2025-10-01\nend = 2025-10-31\n";
        format!("[[coverage]]\nfile = \"usage/part-{part}.parquet\"\n{kinds}")
    };
    let case = format!("schema = \"mingzhang.case/1\"\nas_of = 2025-11-20\n{}{}", window(0), window(1));
    let mut memory = Memory::default();
    run_raw(&split, &case, usual(), &mut memory);
    let mut whole = Memory::default();
    run_with(&files, CASE, usual(), &mut whole);
    let claims = |lines: Vec<LineResult>| -> Vec<(String, &'static str, String)> {
        let of = |line: LineResult| {
            let rows =
                line.findings.into_iter().map(move |it| (line.msisdn.clone(), it.code, it.claim.to_string()));
            rows.collect::<Vec<_>>()
        };
        lines.into_iter().flat_map(of).collect()
    };
    assert_eq!(claims(memory.lines()), claims(whole.lines()));
}

#[test]
fn a_row_that_cannot_be_read_is_set_aside_with_its_place() {
    let mut files = files(10);
    let usage = files.get_mut("usage.csv").expect("usage");
    let rows: Vec<&str> = usage.lines().collect();
    let bad = format!("{},yesterday,voice,out,domestic,13900000001,60,0,77", number(0));
    *usage = [&rows[..2], &[bad.as_str()], &rows[2..]].concat().join("\n") + "\n";
    let mut memory = Memory::default();
    let case = CASE.replace("usage.csv", "usage.parquet");
    let reading = run_raw(&as_parquet(&files, false, 4), &case, usual(), &mut memory);
    let facts = &reading.files[3];
    assert_eq!(facts.rows_read, facts.rows_used + 1);
    let places: Vec<(Option<u32>, Option<u16>)> = facts.aside.iter().map(|it| (it.row, it.column)).collect();
    // The second record: records begin with row 1.
    assert_eq!(places, [(Some(2), Some(2))]);
}

#[test]
fn line_breaks_quotes_and_commas_in_cells_of_columns_are_cells_all_the_same() {
    let mut files = files(10);
    let plain = super::tables::judged(&files);
    let payments = files.get_mut("payments.csv").expect("payments");
    *payments = payments.replace("话费自动充值", &format!("话费自动{BROKEN}充值"));
    // The description decides nothing here: the payments settle the bills as before, one of them twice.
    assert_eq!(in_csv(judged(&as_parquet(&files, false, 100))), plain);
}
