//! Memory, threads, parts and interruptions change nothing.

use mingzhang::portfolio::Means;

use super::tables::{CASE, Memory, files, judged, number, run_with, usual};

#[test]
fn rows_that_wait_on_disk_give_the_same_results() {
    let files = files(300);
    let mut memory = Memory::default();
    run_with(&files, CASE, Means { row_budget_bytes: 20_000, ..usual() }, &mut memory);
    assert!(memory.spilled_bytes() > 20_000, "so little memory cannot hold the rows");
    assert_eq!(memory.lines(), judged(&files));
}

#[test]
fn one_thread_or_four_give_the_same_results() {
    let files = files(50);
    for workers in [1, 4] {
        let mut memory = Memory::default();
        run_with(&files, CASE, Means { workers, ..usual() }, &mut memory);
        assert_eq!(memory.lines(), judged(&files), "{workers} threads");
    }
}

#[test]
fn parts_hold_every_line_once_and_add_up_to_the_whole() {
    let files = files(50);
    let mut lines = Vec::new();
    for k in 1..=3 {
        let mut memory = Memory::default();
        run_with(&files, CASE, Means { part: (k, 3), ..usual() }, &mut memory);
        let own = memory.lines();
        assert!(!own.is_empty() && own.len() < 50, "part {k} is a part");
        lines.extend(own);
    }
    lines.sort_by(|a, b| a.msisdn.cmp(&b.msisdn));
    assert_eq!(lines, judged(&files));
}

#[test]
fn what_an_earlier_run_finished_is_not_judged_again() {
    let files = files(50);
    let mut memory = Memory::default();
    run_with(&files, CASE, usual(), &mut memory);
    let kept: Vec<usize> = memory.results.lock().expect("no panic").keys().copied().step_by(2).collect();
    memory.results.lock().expect("no panic").retain(|partition, _| kept.contains(partition));
    memory.judged.lock().expect("no panic").clear();
    run_with(&files, CASE, usual(), &mut memory);
    let judged_again = memory.judged.lock().expect("no panic").clone();
    assert!(!judged_again.is_empty());
    assert!(judged_again.iter().all(|partition| !kept.contains(partition)));
    assert_eq!(memory.lines(), judged(&files));
}

#[test]
fn a_row_that_cannot_be_read_is_set_aside_with_its_place_and_costs_the_proof() {
    let mut files = files(10);
    let usage = files.get_mut("usage.csv").expect("usage");
    // Row 3 of the file: the header is row 1.
    let rows: Vec<&str> = usage.lines().collect();
    let bad = format!("{},yesterday,voice,out,domestic,13900000001,60,0,77", number(0));
    let text = [&rows[..2], &[bad.as_str()], &rows[2..]].concat().join("\n") + "\n";
    *usage = text;
    let mut memory = Memory::default();
    let reading = run_with(&files, CASE, usual(), &mut memory);
    // Files are in the order of their paths: bill, orders, payments, usage.
    let facts = &reading.files[3];
    assert_eq!(facts.rows_read, facts.rows_used + 1);
    let places: Vec<(Option<u32>, Option<u16>)> = facts.aside.iter().map(|it| (it.row, it.column)).collect();
    assert_eq!(places, [(Some(3), Some(2))]);
    let lines = memory.lines();
    let pictures = lines[1].findings.iter().find(|it| it.code == "USE-001").expect("still found");
    assert_eq!(pictures.verdict.code(), "probable");
}

#[test]
fn line_ends_and_marks_of_the_encoding_change_nothing() {
    let plain = files(30);
    let windows =
        plain.iter().map(|(path, text)| (path.clone(), format!("\u{FEFF}{}", text.replace('\n', "\r\n"))));
    assert_eq!(judged(&windows.collect()), judged(&plain));
}
