//! Fine print 28: a higher price that gives the billed figure exactly is a simpler cause than a change of rounding, from
//! ten units on.

use super::builders::day;
use super::pages::blocks;
use super::pipeline::{Settled, settle};

/// Calls of those minutes at 0.15 yuan a started minute, and what was billed for them.
fn billed(minutes: &[u32], amount: &str) -> Settled {
    let page = mingzhang::detect::detector("USE-006").expect("is there").page;
    let block = blocks(page).pop().expect("has examples");
    let mut files = vec![];
    for (path, text) in block.files {
        let text = match path.as_str() {
            "case.toml" => String::from_utf8(text).expect("UTF-8").replace("\"sms\", \"mms\"", "\"voice\""),
            "plans/demo-19.toml" => PLAN.to_owned(),
            "bill.csv" => format!(
                "msisdn,period,item,category,amount\n13800001111,2025-10,套餐月费,plan-fee,19.00\n\
                 13800001111,2025-10,通话费,voice,{amount}\n"
            ),
            "usage.csv" => usage(minutes),
            _ => continue,
        };
        files.push((path, text.into_bytes()));
    }
    settle(&files, day("2025-12-31"))
}

fn usage(minutes: &[u32]) -> String {
    let row = |(index, minutes): (usize, &u32)| {
        let (day, duration_s) = (index + 1, minutes * 60);
        format!("13800001111,2025-10-{day:02} 09:00:00,voice,out,domestic,13900000001,{duration_s},,,\n")
    };
    let rows: String = minutes.iter().enumerate().map(row).collect();
    format!("msisdn,start,kind,direction,scope,peer,duration_s,bytes,fee,record_id\n{rows}")
}

const PLAN: &str = r#"
schema = "mingzhang.plan/1"
id = "demo-19"
name = "演示套餐19元"
operator = "cmcc"
kind = "plan"
[[clause]]
id = "1"
text = "月费 19 元；国内通话 0.15 元/分钟，不足 1 分钟按 1 分钟。"
source = "演示资费说明（虚构）"
[fee]
monthly = "19.00"
billed_as = ["套餐月费"]
clause = "1"
[[rate]]
id = "voice-out"
unit = "voice"
match = { scope = ["domestic"] }
per = "event"
count = "60s"
round = "up"
stages = [{ price = "0.15" }]
billed_as = ["通话费"]
clause = "1"
"#;

fn check(minutes: &[u32], amount: &str, expected: &[&str]) {
    let settled = billed(minutes, amount);
    let causes = settled.findings().into_iter().filter(|found| ["USE-006", "USE-007"].contains(&&found[..7]));
    assert_eq!(causes.collect::<Vec<_>>(), expected, "{minutes:?} {amount}");
}

#[test]
fn ten_units_at_a_higher_price_are_a_higher_price() {
    // 10 × 0.15 = 1.50. Each call to one decimal: 8 × 0.2 + 0.3 = 1.90 = 10 × 0.19.
    check(&[1, 1, 1, 1, 1, 1, 1, 1, 2], "1.90", &["USE-006 proven 0.40"]);
    // Each call to one decimal: 10 × 0.2 = 2.00 = 10 × 0.20.
    check(&[1; 10], "2.00", &["USE-006 proven 0.50"]);
}

#[test]
fn nine_units_at_a_higher_price_may_be_a_change_of_rounding() {
    // 9 × 0.15 = 1.35. Each call to one decimal: 9 × 0.2 = 1.80 = 9 × 0.20.
    check(&[1; 9], "1.80", &["USE-007 proven 0.45"]);
}

#[test]
fn a_price_with_parts_of_a_fen_is_no_price() {
    // 11 × 0.15 = 1.65. Each call to one decimal: 9 × 0.2 + 0.3 = 2.10; 2.10 ÷ 11 is no whole 分.
    check(&[1, 1, 1, 1, 1, 1, 1, 1, 1, 2], "2.10", &["USE-007 proven 0.45"]);
}

#[test]
fn a_figure_that_no_change_of_rounding_gives_names_its_price_from_ten_units_on() {
    // 10 × 0.17 = 1.70 and 9 × 0.17 = 1.53: no change of rounding gives either.
    for (minutes, amount, key) in [
        (&[1; 10][..], "1.70", "USE-006.explanation.price-declared"),
        (&[1; 9][..], "1.53", "USE-006.explanation.effect-declared"),
    ] {
        let settled = billed(minutes, amount);
        let mut found = settled.lines.iter().flat_map(|line| &line.findings);
        let finding = found.find(|found| found.finding.code == "USE-006").expect("is found");
        assert_eq!(finding.finding.explanation.key, key);
    }
}

#[test]
fn a_figure_at_or_below_the_rules_is_no_finding() {
    // 10 × 0.15 = 1.50 is owed.
    check(&[1; 10], "1.50", &[]);
    check(&[1; 10], "1.40", &[]);
}
