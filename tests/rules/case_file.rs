//! `case.toml`, to the letter.

use mingzhang::model::case::{CaseFile, Operator};
use mingzhang::model::coverage::CoverKind;
use mingzhang::model::period::{DaySpan, WallTime};
use mingzhang::model::quantity::{Unit, Volume};
use mingzhang::rules::case_file::parse;

/// Row, column and message key of every problem.
fn problems(text: &str) -> Vec<(u32, u32, String)> {
    let problems = parse("case.toml", text).expect_err("the file has problems");
    problems.into_iter().map(|problem| (problem.row, problem.column, problem.message.key)).collect()
}

fn day(text: &str) -> chrono::NaiveDate {
    text.parse().expect("a day")
}

fn time(text: &str) -> WallTime {
    WallTime::new(text.parse().expect("a time"))
}

/// Every key that a case file may have.
const FULL: &str = r#"schema = "mingzhang.case/1"
title = "10月彩信费争议"
province = "浙江"
as_of = 2025-11-20
[complainant]
name = "甲"
phone = "13800001111"
address = "某地"
[[line]]
msisdn = "13800001111"
operator = "cmcc"
billing = "postpaid"
respondent = "某公司"
[[subscription]]
msisdn = "13800001111"
product = "demo-59"
start = 2025-01-01
end = 2025-12-31
auto_renew = true
cancelled_at = 2025-09-28T10:00:00
[[source]]
file = "usage/list.xls"
msisdn = "13800001111"
format = "cmcc/voice-list-1"
year = 2025
[[statement]]
about = "mms"
text = "我从未发送过彩信"
[[coverage]]
file = "usage/2025-10.csv"
kinds = ["sms", "mms"]
start = 2025-10-01
end = 2025-10-31
[[opening]]
msisdn = "13800001111"
rollover = "1.5GB"
allowance = "data"
[[contact]]
at = 2025-10-12T10:03:00
channel = "operator"
agent_id = "8812"
ticket = "T1"
answered_after_s = 25
said = "系统正常"
promise = "24小时内回复"
due = 2025-10-13T10:03:00
outcome = "broken"
rule_text_given = false
[[incident]]
start = 2025-10-15T14:00:00
end = 2025-10-18T09:00:00
place = "某桥附近"
rural = false
symptom = "无法打开网页"
tried = ["重启手机", "飞行模式切换"]
ticket = "T2"
[[attachment]]
file = "attachments/账单截图.png"
about = "bill 2025-10"
obtained = "手机营业厅 App, 2025-10-11"
"#;

#[test]
fn every_key_of_a_full_case_file_arrives() {
    let case = parse("case.toml", FULL).expect("no problems");
    assert_eq!(case.as_of, Some(day("2025-11-20")));
    assert_eq!(case.province.as_deref(), Some("浙江"));
    assert_eq!((case.lines[0].operator, case.lines[0].prepaid), (Some(Operator::Cmcc), Some(false)));
    let subscription = &case.subscriptions[0];
    assert_eq!((subscription.start, subscription.last), (day("2025-01-01"), Some(day("2025-12-31"))));
    assert_eq!(
        (subscription.auto_renew, subscription.cancelled_at),
        (Some(true), Some(time("2025-09-28T10:00:00")))
    );
    assert_eq!(
        (case.sources[0].format.as_deref(), case.sources[0].year),
        (Some("cmcc/voice-list-1"), Some(2025))
    );
    assert_eq!(case.statements[0].about, "mms");
    // The end is inclusive in the file, half-open in the model.
    assert_eq!(case.coverage[0].span, DaySpan { start: day("2025-10-01"), end: day("2025-11-01") });
    assert_eq!(case.coverage[0].kinds, [CoverKind::Sms, CoverKind::Mms]);
    assert_eq!(case.openings[0].rollover, Volume::new(Unit::Data, 3 << 29));
    assert_eq!(case.contacts[0].due, Some(time("2025-10-13T10:03:00")));
    assert_eq!(
        (case.contacts[0].answered_after_s, case.contacts[0].rule_text_given),
        (Some(25), Some(false))
    );
    assert_eq!(case.incidents[0].tried.len(), 2);
    assert_eq!(case.attachments[0].file, "attachments/账单截图.png");
}

#[test]
fn a_case_file_needs_nothing_but_its_schema_line() {
    assert_eq!(parse("case.toml", "schema = \"mingzhang.case/1\"\n"), Ok(CaseFile::default()));
    assert_eq!(problems(""), [(1, 1, "spec.missing-key".to_owned())]);
    assert_eq!(problems("schema = \"mingzhang.case/2\"\n"), [(1, 10, "spec.schema".to_owned())]);
}

#[test]
fn all_problems_are_reported_together_with_their_places() {
    let text = r#"schema = "mingzhang.case/1"
titel = "x"
as_of = "2025-11-20"
[[line]]
msisdn = 13800001111
operator = "cmc"
[[coverage]]
file = "a.csv"
kinds = ["sms", "mails"]
start = 2025-10-31
end = 2025-10-01
[[contact]]
channel = "phone"
[[attachment]]
file = "../secret.png"
"#;
    let expected = [
        (2, 1, "spec.unknown-key"),
        (3, 9, "spec.wrong-type"),
        (5, 10, "spec.number-needs-quotes"),
        (6, 12, "spec.unknown-word"),
        (9, 17, "spec.unknown-word"),
        (11, 7, "spec.end-before-start"),
        (12, 1, "spec.missing-key"),
        (13, 11, "spec.unknown-word"),
        (15, 8, "case.path"),
    ];
    let expected: Vec<(u32, u32, String)> =
        expected.into_iter().map(|(row, column, key)| (row, column, key.to_owned())).collect();
    assert_eq!(problems(text), expected);
}

#[test]
fn an_unknown_key_names_the_near_one() {
    let problems =
        parse("case.toml", "schema = \"mingzhang.case/1\"\nprovinz = \"浙江\"\n").expect_err("unknown key");
    let near = problems[0].message.args.get("near");
    assert_eq!(near, Some(&mingzhang::model::message::Arg::Text("province".to_owned())));
}

#[test]
fn columns_count_characters_not_bytes() {
    let text = "schema = \"mingzhang.case/1\"\n[[statement]]\nabout = \"彩信\"\ntext = \"\"\n[complainant]\nname = \"甲乙\" # \nphone = 1\n";
    assert_eq!(
        problems(text),
        [(4, 8, "spec.empty".to_owned()), (7, 9, "spec.number-needs-quotes".to_owned())]
    );
    let inline = "schema = \"mingzhang.case/1\"\ncomplainant = { name = \"甲乙\", fone = \"1\" }\n";
    // `complainant = { name = "甲乙", ` is 16 + 13 characters (33 bytes): the key begins at column 30.
    assert_eq!(problems(inline), [(2, 30, "spec.unknown-key".to_owned())]);
}

#[test]
fn text_that_is_not_toml_is_one_problem_beside_the_others() {
    let text = "schema = \"mingzhang.case/1\"\ntitle = \nunknown = 1\n";
    let found = problems(text);
    assert_eq!(
        found.iter().map(|(row, _, key)| (*row, key.as_str())).collect::<Vec<_>>(),
        [(2, "spec.toml"), (3, "spec.unknown-key")]
    );
}

#[test]
fn only_listed_lines_may_be_named_when_any_is_listed() {
    let subscription = "[[subscription]]\nmsisdn = \"13900002222\"\nproduct = \"x\"\nstart = 2025-01-01\n";
    let without = format!("schema = \"mingzhang.case/1\"\n{subscription}");
    assert!(parse("case.toml", &without).is_ok());
    let with = format!("schema = \"mingzhang.case/1\"\n[[line]]\nmsisdn = \"13800001111\"\n{subscription}");
    assert_eq!(problems(&with), [(5, 10, "case.unlisted-line".to_owned())]);
}

#[test]
fn a_window_of_one_day_is_not_reversed() {
    let text = "schema = \"mingzhang.case/1\"\n[[coverage]]\nfile = \"a.csv\"\nkinds = [\"sms\"]\nstart = 2025-10-01\nend = 2025-10-01\n";
    assert_eq!(parse("case.toml", text).expect("no problems").coverage[0].span.days(), 1);
    let reversed = text.replace("end = 2025-10-01", "end = 2025-09-30");
    assert_eq!(problems(&reversed), [(6, 7, "spec.end-before-start".to_owned())]);
}
