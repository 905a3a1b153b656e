//! Sums close and order does not matter, whatever the papers hold.

use std::collections::BTreeSet;

use mingzhang::model::coverage::CoveredBy;
use mingzhang::model::quantity::{GB, Unit};
use mingzhang::rating::outcome::{ExpectedItem, ItemKind};
use proptest::prelude::*;

use super::builders::{OCTOBER, Outcome, Papers, bucket, item};

const ITEMS: [(&str, &str); 9] = [
    ("套餐月费", "plan-fee"),
    ("彩信费", "mms"),
    ("短彩信费", "sms"),
    ("套餐外流量费", "data"),
    ("通话费", "voice"),
    ("阅读|甲", "vas"),
    ("优惠-彩信费", "discount"),
    ("月度优惠", "discount"),
    ("合计", "total"),
];

fn rows() -> impl Strategy<Value = Vec<(usize, i32)>> {
    prop::collection::vec((0..ITEMS.len(), 0..3000), 0..8)
}

fn papers(rows: &[(usize, i32)], list: Option<CoveredBy>, due_fen: i32, planned: bool) -> Papers {
    let amounts: Vec<String> = rows.iter().map(|(item, fen)| signed(ITEMS[*item].1, *fen)).collect();
    let lines: Vec<(&str, &str, &str)> = rows
        .iter()
        .zip(&amounts)
        .map(|((item, _), amount)| (ITEMS[*item].0, ITEMS[*item].1, amount.as_str()))
        .collect();
    let mut papers = Papers::new().bill(OCTOBER, &lines);
    if let Some(by) = list {
        papers = papers.usage(
            &[("2025-10-10 09:15", "sms", "out")],
            "sms mms data",
            "2025-10-01",
            "2025-10-31",
            by,
        );
    }
    if planned { papers.rated(OCTOBER, items(due_fen), vec![bucket(Unit::Data, GB, 0)]) } else { papers }
}

fn items(due_fen: i32) -> Vec<ExpectedItem> {
    let due = signed("data", due_fen);
    vec![
        item("monthly", ItemKind::Monthly, "套餐月费", "10.00"),
        item("data-out", ItemKind::Overage(Unit::Data), "套餐外流量费", &due),
        item("mms-out", ItemKind::Overage(Unit::Mms), "彩信费", "0.00"),
    ]
}

/// Reductions are negative; a few fixed amounts make equal lines likely.
fn signed(category: &str, fen: i32) -> String {
    let fen = if fen % 3 == 0 { 1500 } else { fen };
    let text = format!("{}.{:02}", fen / 100, fen % 100);
    if category == "discount" && fen > 0 { format!("-{text}") } else { text }
}

fn list() -> impl Strategy<Value = Option<CoveredBy>> {
    prop::sample::select(vec![
        None,
        Some(CoveredBy::Inferred),
        Some(CoveredBy::Declared),
        Some(CoveredBy::Stated),
    ])
}

fn findings(outcome: &Outcome) -> BTreeSet<String> {
    let text = |f: &mingzhang::settle::outcome::SettledFinding| {
        format!("{} {} {} {}", f.id, f.finding.verdict.code(), f.finding.amount, f.claim)
    };
    outcome.settled.findings.iter().map(text).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    // `settle` itself asserts that every disposition and every gap closes.
    #[test]
    fn every_yuan_is_explained_disputed_or_unverified(rows in rows(), list in list(), due in 0..3000, planned: bool) {
        let outcome = papers(&rows, list, due, planned).settle();
        let totals = outcome.totals;
        let parts = totals.explained.plus(totals.disputed).and_then(|sum| sum.plus(totals.unverified));
        prop_assert_eq!(parts.ok(), Some(totals.billed));
        let claims = totals.claim_proven.plus(totals.claim_probable);
        prop_assert_eq!(claims.ok(), Some(totals.disputed));
        prop_assert!(totals.disputed <= totals.billed.or_zero());
        prop_assert!(totals.at_stake <= totals.unverified);
    }

    #[test]
    fn the_order_of_bill_rows_changes_no_finding(rows in rows(), list in list(), due in 0..3000, planned: bool) {
        let mut turned = rows.clone();
        turned.reverse();
        let (plain, turned) = (papers(&rows, list, due, planned).settle(), papers(&turned, list, due, planned).settle());
        prop_assert_eq!(findings(&plain), findings(&turned));
        prop_assert_eq!(plain.totals, turned.totals);
    }

    #[test]
    fn less_evidence_never_claims_more(rows in rows(), due in 0..3000, planned: bool) {
        let claim = |list| {
            let totals = papers(&rows, list, due, planned).settle().totals;
            (totals.claim_proven, totals.disputed)
        };
        let (stated, inferred, none) = (claim(Some(CoveredBy::Stated)), claim(Some(CoveredBy::Inferred)), claim(None));
        prop_assert!(stated.0 >= inferred.0 && inferred.0 >= none.0);
        prop_assert!(stated.1 >= none.1);
    }
}
