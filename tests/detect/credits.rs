//! What a bill lacks gets a line of 0.00: explained −x, disputed x (fine print 5).

use mingzhang::settle::outcome::DisposedLine;

use super::builders::{assert_closes, day, money};
use super::pipeline::{Settled, settle};

const PLAN: &str = r#"schema = "mingzhang.plan/1"
id = "demo-59"
name = "演示套餐59元档"
operator = "cmcc"
kind = "plan"
[[clause]]
id = "1"
text = "月费 59 元，入网起每月返还 10 元，共 12 个月。"
source = "演示资费说明（虚构）"
[fee]
monthly = "59.00"
first_month = "full"
billed_as = ["套餐月费"]
clause = "1"
[[credit]]
id = "return"
amount = "10.00"
first_cycle = "this-month"
cycles = 12
billed_as = ["话费返还"]
clause = "1"
"#;

const ORDER: &str = "msisdn,at,action,product,name,effective_from,effective_to,price,channel,confirmed,auto_renew,order_id\n\
     13800001111,2025-07-01 10:00:00,order,demo-59,演示套餐59元档,2025-07-01,,59.00,,yes,,O1\n";

fn october(rows: &[&str]) -> Settled {
    let rows: String = rows.iter().map(|row| format!("13800001111,2025-10,{row}\n")).collect();
    let bill = format!("msisdn,period,item,category,amount\n{rows}");
    let files = [("plans/demo-59.toml", PLAN), ("orders.csv", ORDER), ("bill.csv", bill.as_str())];
    let files: Vec<_> = files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())).into();
    settle(&files, day("2025-12-31"))
}

/// The made line's amount, explained and disputed, if there is one.
fn made_line(settled: &Settled) -> Option<[String; 3]> {
    let mut lines = settled.lines[0].dispositions.iter();
    let made = lines.find(|found| matches!(found.line, DisposedLine::MissingCredit(_)))?;
    Some([made.amount, made.explained, made.disputed].map(|amount| amount.to_string()))
}

#[test]
fn a_credit_that_the_bill_lacks_gets_a_line_of_its_own() {
    let settled = october(&["套餐月费,plan-fee,59.00"]);
    assert_eq!(settled.findings(), ["SUB-009 proven 10.00"]);
    assert_eq!(made_line(&settled), Some(["0.00", "-10.00", "10.00"].map(str::to_owned)));
    // Owed 59.00 − 10.00 = 49.00; billed 59.00; the gap of 10.00 is the finding's.
    let gap = &settled.lines[0].gaps[0];
    assert_eq!((gap.billed, gap.expected, gap.residual), (money("59.00"), money("49.00"), money("0.00")));
    assert_eq!(settled.totals.claim_proven, money("10.00"));
    assert_closes(&settled.lines[0], settled.totals);
}

#[test]
fn a_short_credit_is_owed_as_far_as_it_is_short() {
    let settled = october(&["套餐月费,plan-fee,59.00", "话费返还,credit,-4.00"]);
    assert_eq!(settled.findings(), ["SUB-009 proven 6.00"]);
    assert_eq!(made_line(&settled), Some(["0.00", "-6.00", "6.00"].map(str::to_owned)));
    assert_closes(&settled.lines[0], settled.totals);
}

#[test]
fn a_credit_that_was_given_leaves_no_line() {
    let settled = october(&["套餐月费,plan-fee,59.00", "话费返还,credit,-10.00"]);
    assert_eq!((settled.findings(), made_line(&settled)), (vec![], None));
}
