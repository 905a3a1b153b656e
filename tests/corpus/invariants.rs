//! What holds of every report, whatever the papers: each sum is added up here and not by the program.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::evaluate::fen;

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).expect("a list")
}

fn text(value: &Value) -> &str {
    value.as_str().expect("text")
}

fn ids<'a>(report: &'a Value, key: &str) -> BTreeSet<&'a str> {
    list(&report[key]).iter().map(|item| text(&item["id"])).collect()
}

/// Every id that the report names is the id of something in it.
pub fn assert_ids_exist(name: &str, report: &Value) {
    let [findings, lines, payments] = ["findings", "lines", "payments"].map(|key| ids(report, key));
    let laws: BTreeSet<&str> = list(&report["laws"]).iter().map(|law| text(&law["id"])).collect();
    let known = |known: &BTreeSet<&str>, id: &Value| assert!(known.contains(text(id)), "{name}: {id}");
    for line in list(&report["lines"]) {
        list(&line["findings"]).iter().for_each(|id| known(&findings, id));
    }
    for finding in list(&report["findings"]) {
        list(&finding["lines"]).iter().for_each(|id| known(&lines, id));
        list(&finding["basis"]).iter().for_each(|id| known(&laws, id));
        let paths: BTreeSet<&str> =
            list(&report["inputs"]).iter().map(|input| text(&input["path"])).collect();
        list(&finding["evidence"]).iter().for_each(|cell| known(&paths, &cell["path"]));
    }
    for gap in list(&report["gaps"]) {
        let named = list(&gap["causes"]).iter().map(|cause| &cause["finding"]);
        named.filter(|id| !id.is_null()).for_each(|id| known(&findings, id));
    }
    for item in list(&report["expected"]) {
        list(&item["lines"]).iter().for_each(|id| known(&lines, id));
    }
    for payment in list(&report["payments"]) {
        list(&payment["findings"]).iter().for_each(|id| known(&findings, id));
        let to = list(&payment["matched"]).iter().filter(|found| found["to"] == "payment");
        to.for_each(|found| known(&payments, &found["id"]));
    }
    for bill in list(&report["bills_paid"]) {
        list(&bill["payments"]).iter().for_each(|id| known(&payments, id));
    }
    let steps = list(&report["next_steps"]).iter().map(|step| &step["finding"]);
    steps.filter(|id| !id.is_null()).for_each(|id| known(&findings, id));
    assert_eq!(findings.len(), list(&report["findings"]).len(), "{name}: an id is there twice");
    assert_eq!(lines.len(), list(&report["lines"]).len(), "{name}: an id is there twice");
    assert_eq!(payments.len(), list(&report["payments"]).len(), "{name}: an id is there twice");
}

/// What was charged too little is a cause of its own, never set off against another group: over the groups that the
/// expected items make of the bill lines, it is the sum of what is billed below the lower bound.
pub fn assert_not_charged(name: &str, report: &Value) {
    let amounts: BTreeMap<&str, i64> =
        list(&report["lines"]).iter().map(|line| (text(&line["id"]), fen(&line["amount"]))).collect();
    for gap in list(&report["gaps"]) {
        // (billed, low) by the group's lines; an item without lines is a group of its own.
        let mut groups: BTreeMap<(Vec<&str>, usize), (i64, i64)> = BTreeMap::new();
        let own = |item: &&Value| item["msisdn"] == gap["msisdn"] && item["period"] == gap["period"];
        for (index, item) in list(&report["expected"]).iter().filter(own).enumerate() {
            let lines: Vec<&str> = list(&item["lines"]).iter().map(text).collect();
            let billed = lines.iter().map(|id| amounts[id]).sum();
            let key = if lines.is_empty() { (lines, index) } else { (lines, usize::MAX) };
            groups.entry(key).or_insert((billed, 0)).1 += fen(&item["amount_low"]);
        }
        let missing: i64 = groups.values().map(|(billed, low)| (billed - low).min(0)).sum();
        let mut causes: BTreeMap<&str, i64> = BTreeMap::new();
        for cause in list(&gap["causes"]) {
            if let Some(cause_name) = cause["name"].as_str() {
                assert!(cause["finding"].is_null(), "{name}: {cause}");
                *causes.entry(cause_name).or_default() += fen(&cause["amount"]);
            } else {
                assert!(fen(&cause["amount"]) > 0, "{name}: {cause}");
            }
        }
        assert_eq!(causes.get("not-charged").copied().unwrap_or(0), missing, "{name}: {gap}");
        let known = ["not-charged", "unverified"];
        assert!(causes.keys().all(|cause| known.contains(cause)), "{name}: {gap}");
        let findings: Vec<&str> =
            list(&gap["causes"]).iter().filter_map(|cause| cause["finding"].as_str()).collect();
        let once: BTreeSet<&&str> = findings.iter().collect();
        assert_eq!(once.len(), findings.len(), "{name}: a finding causes twice: {gap}");
    }
}

/// No yuan is claimed twice: of a bill line at most its amount, of the lines of a bill together at most what they come
/// to, of a payment at most what was paid and not given back.
pub fn assert_claimed_once(name: &str, report: &Value) {
    let mut bills: BTreeMap<(&str, &str), (i64, i64)> = BTreeMap::new();
    for line in list(&report["lines"]) {
        let (amount, disputed) = (fen(&line["amount"]), fen(&line["disputed"]));
        let made = line["source"]["row"].is_null() || amount == 0;
        assert!(disputed == 0 || disputed > 0 && (made || disputed <= amount), "{name}: {line}");
        let bill = bills.entry((text(&line["msisdn"]), text(&line["period"]))).or_default();
        (bill.0, bill.1) = (bill.0 + amount, bill.1 + disputed);
    }
    assert!(bills.values().all(|(amount, disputed)| *disputed <= (*amount).max(0)), "{name}: {bills:?}");
    let mut of_payments = 0;
    for payment in list(&report["payments"]) {
        let own = list(&payment["findings"]).len();
        let kept = fen(&payment["amount"]) - fen(&payment["given_back"]);
        of_payments += if own > 0 { kept } else { 0 };
        let matched: i64 = list(&payment["matched"]).iter().map(|found| fen(&found["amount"])).sum();
        let left = fen(&payment["left_over"]);
        // A row that moved no money is matched to nothing and leaves nothing.
        let moved = matched + left > 0;
        assert!(!moved || matched + left == fen(&payment["amount"]).max(matched), "{name}: {payment}");
    }
    let on_payments = list(&report["findings"]).iter().filter(|finding| {
        let code = text(&finding["code"]);
        (code.starts_with("PAY") && code != "PAY-008" || code == "SUB-013")
            && finding["verdict"] != "needs-evidence"
    });
    let claimed: i64 = on_payments.map(|finding| fen(&finding["claim"])).sum();
    assert!(claimed <= of_payments, "{name}: {claimed} of {of_payments}");
    for bill in list(&report["bills_paid"]) {
        let [due, paid, open] = ["due", "paid", "open"].map(|key| fen(&bill[key]));
        assert!(paid > 0 && paid <= due && paid + open == due, "{name}: {bill}");
    }
}
