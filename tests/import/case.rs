//! Files → case: overlapping exports, lines, declared windows.

use mingzhang::ingest::{FileReading, InputFile, assemble_case, read_file};
use mingzhang::model::case::{Case, CaseFile, DeclaredCoverage, LineInfo};
use mingzhang::model::coverage::{Completeness, CoverKind};
use mingzhang::model::period::DaySpan;

use super::{assert_rows_add_up, day, formats};

const USAGE: &str = "msisdn,start,kind,direction,peer,duration_s,fee\n";
const CALL: &str = "13800001111,2025-10-05 08:00:00,voice,out,10010,60,0.15\n";

fn assembled(files: &[(&str, String)], file: CaseFile) -> Case {
    let read = |(path, text): &(&str, String)| {
        let input = InputFile { path: (*path).to_owned(), bytes: text.clone().into_bytes() };
        let hint = file.sources.iter().find(|hint| hint.file == *path).cloned();
        read_file(&input, hint.as_ref(), formats())
    };
    let readings: Vec<FileReading> = files.iter().map(read).collect();
    let case = assemble_case(readings, file.clone(), day("2025-11-20")).expect("few files");
    for source in &case.sources {
        let reading = FileReading { source: source.clone(), records: Default::default() };
        assert_rows_add_up(&reading);
    }
    case
}

fn line(number: &str) -> LineInfo {
    LineInfo { msisdn: number.to_owned(), ..LineInfo::default() }
}

fn october() -> DaySpan {
    DaySpan::inclusive(day("2025-10-01"), day("2025-10-31"))
}

#[test]
fn identical_rows_in_two_exports_are_as_many_events_as_the_larger_export_has() {
    let twice = format!("{USAGE}{CALL}{CALL}");
    let case =
        assembled(&[("b.csv", twice.clone()), ("a.csv", format!("{USAGE}{CALL}"))], CaseFile::default());
    assert_eq!(case.lines[0].usage.len(), 2);
    assert_eq!(case.lines[0].repeated.len(), 1);
    let (kept, other) = case.lines[0].repeated[0];
    assert_eq!((case.source(kept).path.as_str(), case.source(other).path.as_str()), ("a.csv", "b.csv"));
    let both = assembled(&[("a.csv", twice.clone()), ("b.csv", twice)], CaseFile::default());
    assert_eq!(
        both.lines[0].usage.len(),
        2,
        "twice within one export is two events, in two exports still two"
    );
    assert_eq!(both.lines[0].repeated.len(), 2);
}

#[test]
fn events_with_different_ids_or_fees_are_different_events() {
    let with_id =
        |id: &str| format!("msisdn,start,kind,record_id\n13800001111,2025-10-05 08:00:00,sms,{id}\n");
    let case = assembled(&[("a.csv", with_id("1")), ("b.csv", with_id("2"))], CaseFile::default());
    assert_eq!(case.lines[0].usage.len(), 2);
    let same = assembled(&[("a.csv", with_id("1")), ("b.csv", with_id("1"))], CaseFile::default());
    assert_eq!(same.lines[0].usage.len(), 1);
    let fee = CALL.replace("0.15", "0.30");
    let fees = assembled(
        &[("a.csv", format!("{USAGE}{CALL}")), ("b.csv", format!("{USAGE}{fee}"))],
        CaseFile::default(),
    );
    assert_eq!(fees.lines[0].usage.len(), 2);
}

#[test]
fn an_overlapping_operator_list_and_general_table_name_the_same_call_once() {
    let list = "手机号码：13800001111\n起始时间,通信地点,通信方式,对方号码,通信时长,通信类型,套餐优惠,实收通信费(元)\n2025-10-05 08:00:00,浙江,主叫,008610010,1分0秒,本地,,0.15\n";
    let general = format!("{USAGE}{}", CALL.replace("10010", "008610010"));
    let case = assembled(&[("a.csv", general), ("b.csv", list.to_owned())], CaseFile::default());
    assert_eq!(case.lines[0].usage.len(), 1);
}

#[test]
fn the_later_export_knows_what_became_of_a_payment() {
    let export = |day: &str, status: &str| {
        format!(
            "导出时间：{day}\npaid_at,platform,amount,status,order_id,msisdn\n2025-10-01 08:00:00,alipay,15.00,{status},42,13800001111\n"
        )
    };
    for (first, second) in [("a.csv", "b.csv"), ("b.csv", "a.csv")] {
        let files = [(first, export("2025-10-02", "success")), (second, export("2025-10-20", "refunded"))];
        let case = assembled(&files, CaseFile::default());
        assert_eq!(case.lines[0].payments.len(), 1);
        assert_eq!(case.lines[0].payments[0].status.code(), "refunded");
        assert_eq!(case.source(case.lines[0].payments[0].at).path, second);
        assert_eq!(case.source(case.lines[0].repeated[0].1).path, first);
    }
}

#[test]
fn payments_go_to_the_line_that_they_name() {
    let rows = "paid_at,amount,msisdn\n2025-10-03,3.00,13800001111\n2025-10-01,1.00,138****1111\n2025-10-02,2.00,\n2025-10-04,4.00,13900009999\n2025-10-05,5.00,137****0000\n";
    let one = CaseFile { lines: vec![line("13800001111")], ..CaseFile::default() };
    let case = assembled(&[("p.csv", rows.to_owned())], one);
    let amounts: Vec<String> =
        case.lines[0].payments.iter().map(|payment| payment.amount.to_string()).collect();
    assert_eq!(amounts, ["1.00", "2.00", "3.00"], "by time; the unnamed one belongs to the only line");
    assert_eq!(case.other_payments.len(), 2, "another number, and a mask that does not fit");
    let two = CaseFile { lines: vec![line("13800001111"), line("13822221111")], ..CaseFile::default() };
    let case = assembled(&[("p.csv", rows.to_owned())], two);
    assert_eq!(case.lines[0].payments.len(), 1, "the mask fits two lines, the unnamed one none");
    assert_eq!(case.other_payments.len(), 4);
}

#[test]
fn rows_wait_until_the_case_says_which_line_they_belong_to() {
    let list = "账期：2025年10月\n费用项目,金额\n彩信费,15.00\n合计,15.00\n".to_owned();
    let unknown = assembled(&[("bill.csv", list.clone())], CaseFile::default());
    let table = &unknown.sources[0].tables[0];
    assert_eq!((table.rows_used, table.set_aside.len()), (0, 2));
    assert_eq!(table.set_aside[0].reason.key, "ingest.row.no-line");
    let named = CaseFile { lines: vec![line("13800001111")], ..CaseFile::default() };
    let known = assembled(&[("bill.csv", list)], named);
    assert_eq!(known.lines[0].bill.len(), 2);
    assert_eq!(known.sources[0].tables[0].rows_used, 2);
}

#[test]
fn declared_windows_are_proof_unless_the_file_contradicts_them() {
    let declared = |file: &str| DeclaredCoverage {
        file: file.to_owned(),
        msisdn: None,
        kinds: vec![CoverKind::Voice],
        span: october(),
    };
    let with = |text: String| {
        let file = CaseFile { coverage: vec![declared("u.csv")], ..CaseFile::default() };
        assembled(&[("u.csv", text)], file)
    };
    let proved = Completeness::Proved { declared: true };
    let plain = with(format!("{USAGE}{CALL}"));
    assert_eq!(plain.lines[0].completeness(CoverKind::Voice, october()), proved);
    assert_eq!(plain.lines[0].completeness(CoverKind::Mms, october()), Completeness::Unknown);
    assert!(plain.notes.is_empty());
    let contradictions = [
        ("a row after it", format!("{USAGE}{CALL}{}", CALL.replace("10-05", "11-05"))),
        ("a row long before it", format!("{USAGE}{CALL}{}", CALL.replace("10-05", "08-05"))),
        ("only rows before it", format!("{USAGE}{}", CALL.replace("10-05", "09-20"))),
        ("a row that cannot be read", format!("{USAGE}{CALL}{}", CALL.replace("0.15", "0.1S"))),
        ("a shorter printed window", format!("从2025-10-01到2025-10-20\n{USAGE}{CALL}")),
        ("a count that does not tie out", format!("总条数：2\n{USAGE}{CALL}")),
    ];
    for (what, text) in contradictions {
        let case = with(text);
        assert_ne!(case.lines[0].completeness(CoverKind::Voice, october()), proved, "{what}");
        assert_eq!(case.notes.len(), 1, "{what}");
    }
    let late = with(format!("{USAGE}{CALL}{}", CALL.replace("10-05", "09-30")));
    assert_eq!(
        late.lines[0].completeness(CoverKind::Voice, october()),
        proved,
        "a late record of the month before"
    );
    let file = CaseFile { coverage: vec![declared("nowhere.csv")], ..CaseFile::default() };
    assert_eq!(
        assembled(&[("u.csv", format!("{USAGE}{CALL}"))], file).notes[0].reason.key,
        "ingest.declared.no-file"
    );
}

#[test]
fn a_declaration_leaves_other_kinds_of_the_file_unknown() {
    let rows =
        "msisdn,start,kind\n13800001111,2025-10-01 08:00:00,mms\n13800001111,2025-10-31 08:00:00,voice\n"
            .to_owned();
    let inferred = assembled(&[("u.csv", rows.clone())], CaseFile::default());
    assert_eq!(inferred.lines[0].completeness(CoverKind::Voice, october()), Completeness::Inferred);
    let declared = DeclaredCoverage {
        file: "u.csv".to_owned(),
        msisdn: None,
        kinds: vec![CoverKind::Mms],
        span: october(),
    };
    let case = assembled(&[("u.csv", rows)], CaseFile { coverage: vec![declared], ..CaseFile::default() });
    assert_eq!(case.lines[0].completeness(CoverKind::Voice, october()), Completeness::Unknown);
    assert_eq!(
        case.lines[0].completeness(CoverKind::Mms, october()),
        Completeness::Proved { declared: true }
    );
}

#[test]
fn rows_near_both_ends_of_a_month_suggest_the_whole_month() {
    let list = |first: &str, last: &str| {
        format!("{USAGE}{}{}", CALL.replace("10-05", first), CALL.replace("10-05", last))
    };
    let of = |first: &str, last: &str| {
        let case = assembled(&[("u.csv", list(first, last))], CaseFile::default());
        case.lines[0].completeness(CoverKind::Voice, october())
    };
    // Three days from 10-01 is 10-04, three days from 10-31 is 10-28.
    assert_eq!(of("10-04", "10-28"), Completeness::Inferred);
    assert_eq!(of("10-05", "10-28"), Completeness::Unknown);
    assert_eq!(of("10-04", "10-27"), Completeness::Unknown);
}

#[test]
fn an_empty_list_covers_the_only_line_and_windows_end_with_the_day_of_calculation() {
    let list = "从2025-11-01到2025-11-30 总条数：0\n起始时间,通信地点,对方号码,通信方式,信息类型,业务名称,套餐优惠,通信费(元)\n".to_owned();
    let case = assembled(
        &[("list.csv", list)],
        CaseFile { lines: vec![line("13800001111")], ..CaseFile::default() },
    );
    let to = |last: &str| DaySpan::inclusive(day("2025-11-01"), day(last));
    let complete = |last: &str| case.lines[0].completeness(CoverKind::Mms, to(last));
    assert_eq!(complete("2025-11-20"), Completeness::Proved { declared: false });
    assert_eq!(complete("2025-11-21"), Completeness::Unknown);
}

#[test]
fn the_order_of_files_changes_nothing() {
    let bill = "msisdn,period,item,amount\n13800001111,2025-10,彩信费,15.00\n".to_owned();
    let files = [("b.csv", bill), ("a.csv", format!("{USAGE}{CALL}")), ("c.csv", format!("{USAGE}{CALL}"))];
    let mut reversed = files.clone();
    reversed.reverse();
    let (one, other) = (assembled(&files, CaseFile::default()), assembled(&reversed, CaseFile::default()));
    let paths = |case: &Case| case.sources.iter().map(|source| source.path.clone()).collect::<Vec<_>>();
    assert_eq!(paths(&one), ["a.csv", "b.csv", "c.csv"]);
    assert_eq!(paths(&one), paths(&other));
    assert_eq!(one.lines[0].bill, other.lines[0].bill);
    assert_eq!(one.lines[0].repeated, other.lines[0].repeated);
    assert_eq!(one.source(one.lines[0].bill[0].at).path, "b.csv");
}
