//! Edges of terms: both sides of the last day.

use super::builders::day;
use super::pipeline::settle;

const CASE: &str = "schema = \"mingzhang.case/1\"\n";
const BILL: &str = "msisdn,period,item,category,amount\n";

/// The findings of a code on that day, as verdict and amount.
fn found(code: &str, files: &[(&str, &str)], as_of: &str) -> Vec<String> {
    let files: Vec<(String, Vec<u8>)> =
        files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
    let all = settle(&files, day(as_of)).findings();
    all.into_iter()
        .filter_map(|finding| finding.strip_prefix(code).map(|rest| rest.trim().to_owned()))
        .collect()
}

#[test]
fn the_appeal_is_near_when_less_than_thirty_days_are_left() {
    // 2025-08-01 + 5 months = 2026-01-01: thirty days before it is 2 December.
    let bill = format!("{BILL}13800001111,2025-08,彩信费,mms,15.00\n");
    let on = |as_of: &str| found("SVC-003", &[("bill.csv", &bill)], as_of).len();
    assert_eq!((on("2025-12-02"), on("2025-12-03"), on("2026-01-01"), on("2026-02-10")), (0, 1, 1, 1));
}

#[test]
fn records_are_called_for_while_they_are_still_kept() {
    // Records of August are kept to the last day of January.
    let bill = format!("{BILL}13800001111,2025-08,彩信费,mms,15.00\n");
    let on = |as_of: &str| found("SVC-004", &[("bill.csv", &bill)], as_of).len();
    assert_eq!((on("2026-01-01"), on("2026-01-02"), on("2026-01-31"), on("2026-02-01")), (0, 1, 1, 0));
}

#[test]
fn a_top_up_has_seventy_two_hours() {
    let case = format!(
        "{CASE}[[coverage]]\nfile = \"bill.csv\"\nmsisdn = \"13800001111\"\nkinds = [\"payments\"]\nstart = 2025-10-01\nend = 2025-10-31\n"
    );
    let bill = format!("{BILL}13800001111,2025-10,月费,plan-fee,59.00\n");
    let paid = "paid_at,platform,payee,description,amount,direction,status,order_id,merchant_order_id,msisdn,face_value\n2025-10-20 12:00:00,alipay,中国移动,手机充值,50.00,out,success,A1,,13800001111,\n";
    let files = [("case.toml", case.as_str()), ("bill.csv", &bill), ("payments.csv", paid)];
    // Paid on the 20th at noon: over with the end of the 23rd.
    assert!(found("PAY-004", &files, "2025-10-23").is_empty());
    assert_eq!(found("PAY-004", &files, "2025-10-24"), ["proven 50.00"]);
}

#[test]
fn contacts_are_told_once_in_a_case_of_two_lines() {
    let contact = "[[contact]]\nat = 2025-11-05T10:00:00\nchannel = \"operator\"\noutcome = \"open\"\n";
    let case = format!("{CASE}{contact}");
    let bill =
        format!("{BILL}13800001111,2025-10,月费,plan-fee,59.00\n13800002222,2025-10,月费,plan-fee,59.00\n");
    let files = [("case.toml", case.as_str()), ("bill.csv", &bill)];
    // 5 November + 15 days: the 20th is still in time.
    assert!(found("SVC-002", &files, "2025-11-20").is_empty());
    assert_eq!(found("SVC-002", &files, "2025-11-21"), ["probable 0.00"]);
}

#[test]
fn a_row_of_a_shop_that_names_no_number_closes_the_order_all_the_same() {
    // Two lines: the shop's row belongs to none of them.
    let bill =
        format!("{BILL}13800001111,2025-10,月费,plan-fee,59.00\n13800002222,2025-10,月费,plan-fee,59.00\n");
    let head = "paid_at,platform,payee,description,amount,direction,status,order_id,merchant_order_id,msisdn,face_value\n";
    let rows = "2025-10-09 10:00:00,taobao,某某店,话费,49.85,out,closed,SHOP1,,,\n2025-10-09 10:01:00,alipay,某某店,话费,49.85,out,success,A1,SHOP1,13800001111,\n";
    let back = "2025-10-12 10:01:00,alipay,某某店,退款-话费,49.85,in,refunded,A1_1,SHOP1,,\n";
    let paid = format!("{head}{rows}");
    let files =
        |payments: &str| found("PAY-005", &[("bill.csv", &bill), ("payments.csv", payments)], "2025-12-31");
    assert_eq!(files(&paid), ["probable 49.85"]);
    assert!(files(&format!("{paid}{back}")).is_empty());
}
