//! The sample cases, by the real path.

use std::fs;
use std::path::{Path, PathBuf};

use super::builders::{day, money};
use super::pipeline::{Settled, settle};

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = vec![];
    for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        if entry.is_dir() { files.extend(files_below(&entry)) } else { files.push(entry) }
    }
    files.sort();
    files
}

fn files_of(case: &str) -> Vec<(String, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_bills").join(case);
    let read = |path: PathBuf| {
        let relative = path.strip_prefix(&root).expect("below").to_string_lossy().replace('\\', "/");
        (relative, fs::read(&path).expect("read"))
    };
    files_below(&root).into_iter().map(read).collect()
}

fn sample(case: &str) -> Settled {
    settle(&files_of(case), day("2025-12-31"))
}

/// The case with one GB18030 file changed.
fn spoiled(case: &str, file: &str, change: impl Fn(&str) -> String) -> Settled {
    let mut files = files_of(case);
    let (_, bytes) = files.iter_mut().find(|(path, _)| path == file).expect("the file is there");
    let (text, _, _) = encoding_rs::GB18030.decode(bytes);
    let text = change(&text);
    *bytes = encoding_rs::GB18030.encode(&text).0.into_owned();
    settle(&files, day("2025-12-31"))
}

const MESSAGES: &str = "usage/短彩信详单202510.csv";
const ALIPAY: &str = "payments/支付宝交易明细(20251015-20251130).csv";

#[test]
fn mms_15_yuan_is_found_and_nothing_else() {
    // sample_bills/README.md: 89.00 billed, 74.00 due.
    let settled = sample("mms-15-yuan");
    assert_eq!(settled.findings(), ["USE-001 proven 15.00"]);
    let totals = settled.totals;
    assert_eq!(
        (totals.billed, totals.expected.low, totals.expected.high),
        (money("89.00"), money("74.00"), money("74.00"))
    );
    assert_eq!(
        (totals.explained, totals.disputed, totals.unverified),
        (money("74.00"), money("15.00"), money("0.00"))
    );
    assert_eq!((totals.claim_proven, totals.paid), (money("15.00"), money("89.00")));
    // 15.00 comes from two stages, 10.00 + 5.00: no single product gives it.
    let overage =
        settled.lines[0].dispositions.iter().find(|d| d.amount == money("15.00") && d.disputed.is_zero());
    assert_eq!(overage.map(|d| d.why.key.as_str()), Some("settle.why.computed"));
}

#[test]
fn a_missed_renewal_is_found_and_nothing_else() {
    // sample_bills/README.md: 148.30 billed, 113.30 due.
    let settled = sample("pack-not-renewed");
    // The contact in case.toml notes a broken promise and a rule text that was not given: two questions.
    let found = ["SUB-001 proven 35.00", "SVC-001 probable 0.00", "SVC-005 probable 0.00"];
    assert_eq!(settled.findings(), found);
    let totals = settled.totals;
    assert_eq!((totals.billed, totals.expected.high), (money("148.30"), money("113.30")));
    assert_eq!((totals.disputed, totals.unverified), (money("35.00"), money("0.00")));
    let overage: Vec<_> = settled.lines[0]
        .expected
        .iter()
        .filter(|item| item.name == "data-out")
        .map(|item| item.amount.high)
        .collect();
    assert!(overage.contains(&money("5.00")), "{overage:?}");
}

#[test]
fn a_clean_case_has_no_finding() {
    let settled = sample("clean");
    assert_eq!(settled.findings(), Vec::<String>::new());
    assert_eq!((settled.totals.billed, settled.totals.explained), (money("59.80"), money("59.80")));
}

#[test]
fn the_verdict_moves_with_the_list_of_messages() {
    let no_window =
        |text: &str| text.lines().filter(|line| !line.starts_with('从')).collect::<Vec<_>>().join("\r\n");
    let settled = spoiled("mms-15-yuan", MESSAGES, no_window);
    assert_eq!(settled.findings(), ["USE-001 probable 15.00"]);
    let wrong_count = spoiled("mms-15-yuan", MESSAGES, |text| text.replace("总条数：8", "总条数：9"));
    assert_eq!(wrong_count.findings(), ["USE-001 probable 15.00"]);
    let one_mms = |text: &str| text.replace("13900000001,发送,短信,短信", "13900000001,发送,彩信,彩信");
    // One MMS costs 0.30 by the plan; 15.00 − 0.30 = 14.70 above its price (fine print 28).
    assert_eq!(spoiled("mms-15-yuan", MESSAGES, one_mms).findings(), ["USE-006 proven 14.70"]);
    let mut files = files_of("mms-15-yuan");
    files.retain(|(path, _)| path != MESSAGES);
    let settled = settle(&files, day("2025-12-31"));
    assert_eq!(settled.findings(), ["USE-001 needs-evidence 15.00"]);
    let totals = settled.totals;
    assert_eq!(
        (totals.unverified, totals.at_stake, totals.explained),
        (money("15.00"), money("15.00"), money("74.00"))
    );
}

#[test]
fn a_bill_paid_twice_on_alipay_is_found() {
    // The October bill of 89.00 once more, two minutes later; the export runs to 30 November.
    let again = |text: &str| {
        let paid = text.lines().find(|line| line.contains("2025年10月账单")).expect("the row");
        let second = paid.replace("09:00:12", "09:02:12").replace("000005", "000009");
        text.replace("共5笔记录", "共6笔记录").replace(paid, &format!("{second}\r\n{paid}"))
    };
    let settled = spoiled("mms-15-yuan", ALIPAY, again);
    assert_eq!(settled.findings(), ["PAY-001 proven 89.00", "USE-001 proven 15.00"]);
    assert_eq!(settled.totals.claim_proven, money("104.00"));
    assert_eq!(settled.totals.disputed, money("15.00"));
    // A row fewer than the export says: it may be the refund.
    let short = |text: &str| again(text).replace("共6笔记录", "共7笔记录");
    let settled = spoiled("mms-15-yuan", ALIPAY, short);
    assert!(settled.findings().contains(&"PAY-001 probable 89.00".to_owned()), "{:?}", settled.findings());
}

#[test]
fn a_pack_that_was_cancelled_or_renewed_is_no_missed_renewal() {
    // The same usage, but the September bill is all that shows the pack: at most probable.
    let mut files = files_of("pack-not-renewed");
    files.retain(|(path, _)| !path.starts_with("orders/"));
    let case = files.iter_mut().find(|(path, _)| path == "case.toml").expect("case.toml");
    let text = String::from_utf8(case.1.clone()).expect("UTF-8");
    let coverage = text.find("[[coverage]]").expect("declared orders");
    let contact = text.find("[[contact]]").expect("a contact");
    let subscription =
        "[[subscription]]\nmsisdn = \"13800002222\"\nproduct = \"demo-39\"\nstart = 2025-01-01\n";
    case.1 = format!("{}{subscription}{}", &text[..coverage], &text[contact..]).into_bytes();
    let settled = settle(&files, day("2025-12-31"));
    let found = ["SUB-001 probable 35.00", "SVC-001 probable 0.00", "SVC-005 probable 0.00"];
    assert_eq!(settled.findings(), found);
}
