//! Bills: the tree of groups and items, names, signs, periods.

use super::{column, inspected, profile, read, set_aside};

const HEAD: &str =
    "手机号码：13800001111\n账期：2025-10-01至2025-10-31\n打印日期：2025-11-03\n费用项目,金额(元)\n";

#[test]
fn a_group_with_items_is_a_subtotal_and_without_items_a_line() {
    let text = format!(
        "{HEAD}套餐及固定费,59.00\n　畅享套餐59元,59.00\n套餐外短彩信费,15.00\n  彩信费,15.00\n套餐外上网费,3.00\n合计,77.00\n"
    );
    let reading = read("bill.csv", text);
    assert_eq!(profile(&reading), "cmcc/bill-1");
    assert_eq!(column(&reading, "item"), ["畅享套餐59元", "彩信费", "套餐外上网费", "合计"]);
    assert_eq!(column(&reading, "category"), ["plan-fee", "mms", "data", "total"]);
    assert_eq!(column(&reading, "period"), ["2025-10"; 4]);
    assert_eq!(column(&reading, "msisdn"), ["13800001111"; 4]);
    assert_eq!(set_aside(&reading).iter().map(|(row, ..)| *row).collect::<Vec<_>>(), [5, 7]);
    // 59.00 + 15.00 + 3.00
    assert_eq!(inspected(&reading)["sum_amount"], "77.00");
    assert_eq!(
        reading.source.tables[0].exported_on.map(|day| day.to_string()).as_deref(),
        Some("2025-11-03")
    );
}

#[test]
fn bullets_and_hyphens_indent_like_spaces() {
    for mark in ["•", "-", "\u{3000}\u{3000}", "  "] {
        let reading = read(
            "bill.csv",
            format!("{HEAD}套餐外短彩信费,16.00\n{mark}彩信费,15.00\n{mark}短信费,1.00\n合计,16.00\n"),
        );
        assert_eq!(column(&reading, "category"), ["mms", "sms", "total"], "{mark}");
    }
}

#[test]
fn a_flat_bill_names_groups_among_its_lines() {
    // 59.00 + 15.00 + 2.00 = 76.00: the printed total counts the groups in.
    let reading =
        read("bill.csv", format!("{HEAD}套餐及固定费,59.00\n彩信费,15.00\n短信费,2.00\n合计,76.00\n"));
    assert_eq!(column(&reading, "item"), ["套餐及固定费", "彩信费", "短信费", "合计"]);
    // 15.00 + 2.00 = 17.00: here the group is their sum.
    let nested = read("bill.csv", format!("{HEAD}短彩信费,17.00\n彩信费,15.00\n短信费,2.00\n合计,17.00\n"));
    assert_eq!(column(&nested, "item"), ["彩信费", "短信费", "合计"]);
}

#[test]
fn a_merged_item_may_contain_both_kinds_of_messages() {
    let reading = read("bill.csv", format!("{HEAD}短彩信费,15.00\n彩信费,1.00\n彩信包,5.00\n手机报,3.00\n"));
    let units: Vec<usize> = reading.records.bill.iter().map(|line| line.record.units.len()).collect();
    assert_eq!(
        column(&reading, "item"),
        ["彩信费", "彩信包", "手机报"],
        "the first row is a group with items below"
    );
    assert_eq!(column(&reading, "category"), ["mms", "pack-fee", "vas"]);
    assert_eq!(units, [1, 0, 0]);
    let alone = read("bill.csv", format!("{HEAD}短彩信费,15.00\n合计,15.00\n"));
    assert_eq!(alone.records.bill[0].record.units.len(), 2);
}

#[test]
fn names_tell_what_an_item_is_for() {
    let cases = [
        ("套餐外语音通信费", "voice"),
        ("套餐外短信费", "sms"),
        ("国内漫游费", "roaming"),
        ("*代收爱游戏信息费", "third-party"),
        ("代收小额支付", "third-party"),
        ("违约金", "late-fee"),
        ("充值赠费返还", "credit"),
        ("套餐优惠减免", "discount"),
        ("优惠国内通话费", "discount"),
        ("10GB流量月包", "pack-fee"),
        ("来电显示", "vas"),
        ("月基本费", "plan-fee"),
        ("国际长途通话费", "voice"),
        ("其它费用（元）", "other"),
        ("上期余额", "opening-balance"),
        ("本期缴费", "payment"),
        ("期末余额", "closing-balance"),
        ("本期费用合计", "total"),
        ("应付金额", "total"),
    ];
    for (item, category) in cases {
        let reading = read("bill.csv", format!("period,item,amount\n2025-10,{item},-1.00\n"));
        assert_eq!(column(&reading, "category"), [category], "{item}");
    }
}

#[test]
fn an_unknown_name_is_other_and_noted() {
    let reading = read("bill.csv", "period,item,amount\n2025-10,火星费,1.00\n");
    assert_eq!(column(&reading, "category"), ["other"]);
    assert_eq!(reading.source.notes[0].reason.key, "ingest.item.unknown");
    assert_eq!(reading.source.notes[0].row, Some(2));
}

#[test]
fn the_total_tells_the_sign_of_a_reduction_printed_without_one() {
    // 59.00 + 15.00 − 4.00 = 70.00.
    let flipped =
        read("bill.csv", format!("{HEAD}套餐费,59.00\n彩信费,15.00\n本月通信费优惠,4.00\n合计,70.00\n"));
    assert_eq!(column(&flipped, "amount"), ["59.00", "15.00", "-4.00", "70.00"]);
    assert_eq!(flipped.source.notes[0].reason.key, "ingest.item.flipped");
    // 59.00 + 15.00 + 4.00 = 78.00: 优惠 in the name, a charge by the sum.
    let charged =
        read("bill.csv", format!("{HEAD}套餐费,59.00\n彩信费,15.00\n总费用优惠费,4.00\n合计,78.00\n"));
    assert_eq!(column(&charged, "category")[2], "other");
    assert_eq!(column(&charged, "amount")[2], "4.00");
    let printed = read("bill.csv", format!("{HEAD}套餐费,59.00\n优惠,-4.00\n合计,55.00\n"));
    assert_eq!(column(&printed, "category"), ["plan-fee", "discount", "total"]);
    assert!(printed.source.notes.is_empty());
}

#[test]
fn balances_and_payments_are_lines_that_are_no_charges() {
    let reading = read(
        "bill.csv",
        format!("{HEAD}上期余额,100.00\n本期缴费,50.00\n套餐费,59.00\n合计,59.00\n期末余额,91.00\n"),
    );
    assert_eq!(
        column(&reading, "category"),
        ["opening-balance", "payment", "plan-fee", "total", "closing-balance"]
    );
    assert_eq!(inspected(&reading)["sum_amount"], "59.00");
}

#[test]
fn of_three_amounts_the_one_really_charged_counts() {
    let reading = read(
        "bill.csv",
        "账期：2025年10月\n费用项目,原价,减免,实际消费\n流量包,20.00,-20.00,0.00\n套餐费,59.00,,59.00\n合计,79.00,-20.00,59.00\n",
    );
    assert_eq!(column(&reading, "amount"), ["0.00", "59.00", "59.00"]);
    assert_eq!(reading.source.tables[0].column_of("amount"), Some(4));
}

#[test]
fn the_period_is_printed_named_or_missing() {
    let wordings = [
        "账期：2025-10-01至2025-10-31",
        "计费周期：2025年10月01日-2025年10月31日",
        "账单周期：2025/10/01~2025/10/31",
        "账期,202510",
        "2025年10月账单",
        "2025年10月",
        "账单月份：2025-10",
    ];
    for wording in wordings {
        let reading =
            read("bill.csv", format!("打印日期：2025-11-03\n{wording}\n费用项目,金额\n彩信费,15.00\n"));
        assert_eq!(column(&reading, "period"), ["2025-10"], "{wording}");
    }
    let named = read("bills/13800001111-202510.csv", "费用项目,金额\n彩信费,15.00\n");
    assert_eq!(column(&named, "period"), ["2025-10"]);
    let missing = read("bill.csv", "费用项目,金额\n彩信费,15.00\n");
    assert_eq!(set_aside(&missing), [(2, None, "ingest.row.missing".to_owned())]);
    // A window over two months is no billing month.
    let two = read("bill.csv", "账期：2025-10-01至2025-11-30\n费用项目,金额\n彩信费,15.00\n");
    assert_eq!(set_aside(&two)[0].2, "ingest.row.missing");
}

#[test]
fn a_total_that_repeats_another_is_no_second_total() {
    let reading = read("bill.csv", format!("{HEAD}彩信费,15.00\n合计,15.00\n应付金额,15.00\n"));
    assert_eq!(column(&reading, "category"), ["mms", "total"]);
    let other = read("bill.csv", format!("{HEAD}彩信费,15.00\n合计,15.00\n应付金额,10.00\n"));
    assert_eq!(column(&other, "category"), ["mms", "total", "total"]);
}

#[test]
fn amounts_in_fen_are_yuan_in_the_record() {
    let reading = read("bill.csv", "period,item,amount(分)\n2025-10,彩信费,1500\n");
    assert_eq!(column(&reading, "amount"), ["15.00"]);
}

#[test]
fn a_subtotal_is_structure_also_behind_other_columns() {
    let rows =
        "13800001111,2025-10,彩信费,15.00\n13800001111,2025-10,小计,15.00\n13800001111,2025-10,合计,15.00\n";
    let reading = read("bill.csv", format!("msisdn,period,item,amount\n{rows}"));
    assert_eq!(column(&reading, "category"), ["mms", "total"]);
    assert_eq!(set_aside(&reading), [(3, None, "ingest.row.structure".to_owned())]);
}

#[test]
fn a_total_in_front_of_an_empty_item_is_structure_and_no_problem() {
    let text = "手机号码,账期,费用项目,金额（元）\n13800001111,2025-09,套餐月费,59.00\n合计,,,59.00\n";
    let reading = read("手抄.csv", text);
    super::assert_rows_add_up(&reading);
    assert_eq!(set_aside(&reading), [(3, None, "ingest.row.structure".to_owned())]);
}
