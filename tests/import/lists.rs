//! Usage lists of 中国移动: preambles, windows, counts, years, date rows, problems.

use mingzhang::model::case::SourceHint;
use mingzhang::model::coverage::{CoverKind, CoveredBy};
use mingzhang::model::period::DaySpan;

use super::{code, column, day, profile, read, read_hinted, set_aside};

const MESSAGES: &str = "起始时间,通信地点,对方号码,通信方式,信息类型,业务名称,套餐优惠,通信费(元)\n";
const CALLS: &str = "起始时间,通信地点,通信方式,对方号码,通信时长,通信类型,套餐优惠,实收通信费(元)\n";

fn span(first: &str, last: &str) -> DaySpan {
    DaySpan::inclusive(day(first), day(last))
}

#[test]
fn a_preamble_states_number_window_and_count() {
    let text = format!(
        "（详单信息仅供用户参考，不作其他凭证）\n手机号码：13800001111\n从2025-10-01到2025-10-31 类型：短/彩信详单 总条数：2\n{MESSAGES}\
         10-03 09:00:00,内地,10086,接收,短信,--,,0.00\n10-31 23:59:59,香港,0086139-0000-2222,发送,彩信,彩信,,0.30\n"
    );
    let reading = read("list.csv", text);
    let table = &reading.source.tables[0];
    assert_eq!(profile(&reading), "cmcc/message-list-1");
    assert_eq!(table.msisdn.as_deref(), Some("13800001111"));
    assert_eq!((table.controls[0].name.as_str(), table.controls[0].ties), ("count", true));
    let coverage = &table.coverage[0];
    assert_eq!((coverage.span, coverage.by), (span("2025-10-01", "2025-10-31"), CoveredBy::Stated));
    assert_eq!(coverage.kinds, [CoverKind::Sms, CoverKind::Mms]);
    assert_eq!(coverage.at.row.row, 3);
    assert_eq!(column(&reading, "start"), ["2025-10-03 09:00:00", "2025-10-31 23:59:59"]);
    assert_eq!(column(&reading, "kind"), ["sms", "mms"]);
    assert_eq!(column(&reading, "direction"), ["in", "out"]);
    assert_eq!(column(&reading, "scope"), ["domestic", "hmt"]);
    assert_eq!(column(&reading, "peer"), ["10086", "13900002222"]);
}

#[test]
fn wordings_of_the_window_are_all_stated() {
    let wordings = [
        "查询时间：2025-10-01至2025-10-31",
        "查询时间：2025年10月01日~2025年10月31日",
        "起始日期：2025-10-01  终止日期：2025-10-31",
        "起始时间：2025-10-01 00:00:00 终止时间：2025-10-31 23:59:59",
        "查询月份：2025年10月",
        "查询月份：202510",
        "2025年10月短/彩信详单",
        "起始日期：,2025/10/1,,终止日期：,2025/10/31",
    ];
    for wording in wordings {
        let reading = read("list.csv", format!("{wording}\n{MESSAGES}"));
        let coverage = &reading.source.tables[0].coverage;
        assert_eq!(coverage.len(), 1, "{wording}");
        assert_eq!(
            (coverage[0].span, coverage[0].by),
            (span("2025-10-01", "2025-10-31"), CoveredBy::Stated),
            "{wording}"
        );
    }
}

#[test]
fn an_empty_list_with_its_window_is_complete() {
    let stated =
        read("list.csv", format!("从2025-10-01到2025-10-31 类型：短/彩信详单 总条数：0\n{MESSAGES}"));
    assert_eq!((code(&stated), stated.source.tables[0].rows_read), ("used", 0));
    assert_eq!(stated.source.tables[0].coverage[0].by, CoveredBy::Stated);
    let sentence =
        read("list.csv", format!("{MESSAGES}您好！截至到当前，您的2025年10月短/彩信详单为0元。\n"));
    assert_eq!(sentence.source.tables[0].coverage[0].span, span("2025-10-01", "2025-10-31"));
    assert_eq!(sentence.source.tables[0].coverage[0].by, CoveredBy::Stated);
    assert_eq!(set_aside(&sentence), [(2, None, "ingest.row.no-data".to_owned())]);
    let monthless = read("list.csv", format!("{MESSAGES}未查询到相关数据\n"));
    assert_eq!(monthless.source.tables[0].coverage, [], "a sentence without a month proves nothing");
}

#[test]
fn a_count_that_does_not_tie_out_makes_the_window_inferred() {
    let row = "2025-10-03 09:00:00,内地,10086,接收,短信,--,,0.00\n";
    for (count, by) in [(1, CoveredBy::Stated), (2, CoveredBy::Inferred), (0, CoveredBy::Inferred)] {
        let reading = read("list.csv", format!("从2025-10-01到2025-10-31 总条数：{count}\n{MESSAGES}{row}"));
        assert_eq!(reading.source.tables[0].coverage[0].by, by, "{count}");
        assert_eq!(reading.source.tables[0].controls[0].ties, count == 1);
    }
}

#[test]
fn an_unknown_message_type_is_set_aside_and_the_window_is_inferred() {
    let row = "2025-10-03 09:00:00,内地,10086,发送,飞信,--,,0.00\n";
    let reading = read("list.csv", format!("从2025-10-01到2025-10-31 总条数：1\n{MESSAGES}{row}"));
    assert_eq!(set_aside(&reading), [(3, Some(5), "ingest.cell.word".to_owned())]);
    assert_eq!(reading.source.tables[0].coverage[0].by, CoveredBy::Inferred);
    assert!(reading.source.tables[0].controls[0].ties, "the row is there, only not understood");
}

#[test]
fn all_failing_cells_of_a_row_are_named_and_the_row_counts_once() {
    let row = "2025-10-33 09:00:00,内地,10086,飞鸽,短信,--,,0.0O\n2025-10-04 09:00:00,内地,10086,接收,短信,--,,0.00\n";
    let reading = read("list.csv", format!("{MESSAGES}{row}"));
    let columns: Vec<Option<u16>> = set_aside(&reading).iter().map(|(_, column, _)| *column).collect();
    assert_eq!(columns, [Some(1), Some(4), Some(8)]);
    let table = &reading.source.tables[0];
    assert_eq!((table.rows_read, table.rows_used), (2, 1));
    let last = &table.set_aside[2];
    assert_eq!(last.header.as_deref(), Some("通信费(元)"));
    assert_eq!(last.value.as_deref(), Some("0.0O"));
    assert_eq!(last.rule.as_deref(), Some("cmcc/message-list-1: fee (money)"));
    assert!(last.help.is_some());
}

#[test]
fn times_without_a_year_follow_the_window_across_new_year() {
    let rows = "12-31 23:59:59,上海,主叫,10010,47秒,本地,,0.15\n01-01 00:00:00,上海,主叫,10010,47秒,本地,,0.15\n12-14 08:00:00,上海,主叫,10010,47秒,本地,,0.15\n";
    let reading = read("list.csv", format!("从2025-12-15到2026-01-14 总条数：3\n{CALLS}{rows}"));
    // 12-14 lies one day before the window: a late record of the same December.
    assert_eq!(
        column(&reading, "start"),
        ["2025-12-31 23:59:59", "2026-01-01 00:00:00", "2025-12-14 08:00:00"]
    );
}

#[test]
fn a_year_comes_from_the_case_or_the_name_and_is_never_invented() {
    let text = format!("{CALLS}10-05 08:00:00,上海,主叫,10010,47秒,本地,,0.15\n");
    assert_eq!(set_aside(&read("list.csv", text.clone()))[0].2, "ingest.cell.no-year");
    let hint = SourceHint { year: Some(2024), ..SourceHint::default() };
    assert_eq!(column(&read_hinted("list.csv", text.clone(), Some(&hint)), "start"), ["2024-10-05 08:00:00"]);
    let named = read("usage/13800001111_2025年10月.csv", text);
    assert_eq!(column(&named, "start"), ["2025-10-05 08:00:00"]);
    assert_eq!(column(&named, "msisdn"), ["13800001111"]);
    let coverage = &named.source.tables[0].coverage[0];
    assert_eq!((coverage.span, coverage.by), (span("2025-10-01", "2025-10-31"), CoveredBy::Inferred));
}

#[test]
fn a_date_row_dates_the_times_below_it_and_is_used() {
    let rows = "2025-10-05,,,,,,,\n08:00:00,上海,主叫,10010,47秒,本地,,0.15\n2025-10-06\n08:00:00,上海,被叫,10010,00:00:47,本地,,0.00\n";
    let reading = read("list.csv", format!("{CALLS}{rows}"));
    assert_eq!(column(&reading, "start"), ["2025-10-05 08:00:00", "2025-10-06 08:00:00"]);
    assert_eq!(reading.source.tables[0].rows_used, 4);
    let before = read("list.csv", format!("{CALLS}08:00:00,上海,主叫,10010,47秒,本地,,0.15\n"));
    assert_eq!(set_aside(&before)[0].2, "ingest.cell.no-year");
}

#[test]
fn totals_pagers_and_repeated_headers_are_structure() {
    let rows = format!(
        "2025-10-05 08:00:00,上海,主叫,10010,47秒,本地,,0.15\n小计,,,,,,,0.15\n{CALLS}2025-10-06 08:00:00,上海,有条件呼叫转移主叫,10010,47秒,本地,,0.15\n合计,,,,,,,0.30\n共2条\n------\n"
    );
    let reading = read("list.csv", format!("{CALLS}{rows}"));
    let rows: Vec<u32> = set_aside(&reading).iter().map(|(row, ..)| *row).collect();
    assert_eq!(rows, [3, 4, 6, 7, 8]);
    assert_eq!(column(&reading, "direction"), ["out", ""], "a forwarded leg is not the user's own call");
    let control = &reading.source.tables[0].controls[0];
    assert_eq!((control.stated.as_str(), control.counted.as_str(), control.ties), ("2", "2", true));
}

#[test]
fn without_a_stated_window_the_rows_only_suggest_one() {
    let rows = "2025-10-05 08:00:00,上海,主叫,10010,47秒,本地,,0.15\n2025-10-20 08:00:00,上海,主叫,10010,47秒,本地,,0.15\n";
    let reading = read("list.csv", format!("{CALLS}{rows}"));
    let coverage = &reading.source.tables[0].coverage[0];
    assert_eq!((coverage.span, coverage.by), (span("2025-10-05", "2025-10-20"), CoveredBy::Inferred));
}

#[test]
fn the_day_of_the_export_is_not_spoken_for() {
    let text = format!("从2025-10-01到2025-10-31\n导出时间：2025-10-20 16:05:22\n{CALLS}");
    let reading = read("list.csv", text);
    assert_eq!(reading.source.tables[0].coverage[0].span, span("2025-10-01", "2025-10-19"));
    assert_eq!(reading.source.tables[0].exported_on, Some(day("2025-10-20")));
}

#[test]
fn a_general_table_holds_the_kinds_that_occur_and_both_kinds_of_messages_together() {
    let rows = "13800001111,2025-10-01 08:00:00,voice\n13800001111,2025-10-02 08:00:00,mms\n13800002222,2025-10-03 08:00:00,voice\n";
    let reading = read("a.csv", format!("msisdn,start,kind\n{rows}"));
    let coverage = &reading.source.tables[0].coverage;
    assert_eq!(coverage[0].kinds, [CoverKind::Voice, CoverKind::Sms, CoverKind::Mms]);
    assert_eq!(coverage[0].msisdn.as_deref(), Some("13800001111"));
    assert_eq!(coverage[0].span, span("2025-10-01", "2025-10-02"));
    assert_eq!(coverage[1].span, span("2025-10-03", "2025-10-03"));
}
