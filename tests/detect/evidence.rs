//! Absence is proved, not assumed: the verdict moves with the evidence.

use mingzhang::model::coverage::CoveredBy;
use mingzhang::model::money::Money;
use mingzhang::model::quantity::Unit;
use mingzhang::rating::outcome::ItemKind;

use super::builders::{OCTOBER, Papers, item, money};

const WHOLE: (&str, &str) = ("2025-10-01", "2025-10-31");

fn mms_bill() -> Papers {
    Papers::new().bill(OCTOBER, &[("套餐月费", "plan-fee", "59.00"), ("彩信费", "mms", "15.00")])
}

/// A list of one text message with the window.
fn with_list(papers: Papers, by: CoveredBy) -> Papers {
    papers.usage(&[("2025-10-10 09:15", "sms", "out")], "sms mms", WHOLE.0, WHOLE.1, by)
}

#[test]
fn a_list_that_states_its_window_proves_absence() {
    let outcome = with_list(mms_bill(), CoveredBy::Stated).settle();
    assert_eq!(outcome.of("USE-001"), ["proven 15.00 15.00"]);
    assert_eq!(outcome.only("USE-001").finding.explanation.key, "USE-001.explanation.stated");
    assert_eq!(outcome.totals.claim_proven, money("15.00"));
    // The plan fee has no rule here: 59.00 unverified; 59.00 + 15.00 = 74.00 billed, at most 59.00 due.
    assert_eq!((outcome.totals.unverified, outcome.totals.expected.high), (money("59.00"), money("59.00")));
}

#[test]
fn a_declared_window_proves_absence_and_says_that_it_is_declared() {
    let outcome = with_list(mms_bill(), CoveredBy::Declared).settle();
    assert_eq!(outcome.of("USE-001"), ["proven 15.00 15.00"]);
    let found = &outcome.only("USE-001").finding;
    assert_eq!(found.explanation.key, "USE-001.explanation.declared");
    assert!(found.ask.iter().any(|ask| ask.key == "detect.ask.enclose-query-screen"));
}

#[test]
fn an_inferred_window_makes_it_probable() {
    let outcome = with_list(mms_bill(), CoveredBy::Inferred).settle();
    assert_eq!(outcome.of("USE-001"), ["probable 15.00 15.00"]);
    assert_eq!((outcome.totals.claim_proven, outcome.totals.claim_probable), (Money::ZERO, money("15.00")));
}

#[test]
fn without_a_list_it_needs_evidence_and_claims_nothing() {
    let outcome = mms_bill().settle();
    assert_eq!(outcome.of("USE-001"), ["needs-evidence 15.00 0.00"]);
    assert_eq!(outcome.outcome("USE-001"), "needs-evidence");
    assert_eq!((outcome.totals.claim_proven, outcome.totals.at_stake), (Money::ZERO, money("15.00")));
    let need = &outcome.only("USE-001").finding.needs[0];
    // October + 5 months, its last day.
    assert_eq!(need.kept_until.map(|day| day.to_string()), Some("2026-03-31".to_owned()));
}

#[test]
fn a_list_that_ends_a_day_early_proves_nothing() {
    let outcome = mms_bill()
        .usage(
            &[("2025-10-10 09:15", "sms", "out")],
            "sms mms",
            "2025-10-01",
            "2025-10-30",
            CoveredBy::Stated,
        )
        .settle();
    assert_eq!(outcome.of("USE-001"), ["needs-evidence 15.00 0.00"]);
}

#[test]
fn a_list_of_texts_only_says_nothing_about_mms() {
    let outcome = mms_bill()
        .usage(&[("2025-10-10 09:15", "sms", "out")], "sms", WHOLE.0, WHOLE.1, CoveredBy::Stated)
        .settle();
    assert_eq!(outcome.of("USE-001"), ["needs-evidence 15.00 0.00"]);
}

#[test]
fn an_empty_list_with_its_window_is_the_strongest_proof() {
    let outcome = mms_bill().usage(&[], "sms mms", WHOLE.0, WHOLE.1, CoveredBy::Stated).settle();
    assert_eq!(outcome.of("USE-001"), ["proven 15.00 15.00"]);
}

#[test]
fn one_sent_mms_anywhere_in_the_cycle_ends_it() {
    for at in ["2025-10-01 00:00", "2025-10-31 23:59"] {
        let outcome =
            mms_bill().usage(&[(at, "mms", "out")], "sms mms", WHOLE.0, WHOLE.1, CoveredBy::Stated).settle();
        assert_eq!((outcome.of("USE-001"), outcome.outcome("USE-001")), (vec![], "nothing"), "{at}");
    }
    // The first second of November is not October.
    let outcome = mms_bill()
        .usage(&[("2025-11-01 00:00", "mms", "out")], "sms mms", WHOLE.0, "2025-11-30", CoveredBy::Stated)
        .settle();
    assert_eq!(outcome.of("USE-001"), ["proven 15.00 15.00"]);
}

#[test]
fn received_and_failed_mms_are_no_ground_for_a_fee() {
    let rows = [("2025-10-03 10:00", "mms", "in"), ("2025-10-04 10:00", "mms", "failed")];
    let outcome = mms_bill().usage(&rows, "sms mms", WHOLE.0, WHOLE.1, CoveredBy::Stated).settle();
    assert_eq!(outcome.of("USE-001"), ["proven 15.00 15.00"]);
    let found = &outcome.only("USE-001").finding;
    assert!(found.innocent.iter().any(|innocent| innocent.key == "detect.innocent.free-events"));
}

#[test]
fn an_mms_of_the_last_three_days_before_explains_the_fee_unless_it_was_billed_there() {
    let list = |papers: Papers, at: &str| {
        papers.usage(&[(at, "mms", "out")], "sms mms", "2025-09-01", "2025-10-31", CoveredBy::Stated)
    };
    // 28 September 00:00 is the first of its last three days.
    assert!(list(mms_bill(), "2025-09-28 00:00").settle().of("USE-001").is_empty());
    assert_eq!(list(mms_bill(), "2025-09-27 23:59").settle().of("USE-001"), ["proven 15.00 15.00"]);
    let billed = list(mms_bill().bill("2025-09", &[("彩信费", "mms", "0.30")]), "2025-09-29 10:00").settle();
    let of_october = |found: &&mingzhang::settle::outcome::SettledFinding| {
        found.finding.code == "USE-001" && found.finding.cycle.to_string() == OCTOBER
    };
    let found = billed.settled.findings.iter().find(of_october).expect("found");
    assert!(found.finding.innocent.iter().any(|i| i.key == "detect.innocent.late-billed"));
}

#[test]
fn an_older_mms_on_the_list_of_the_cycle_explains_the_fee() {
    // The list issued for October prints a record of 15 September (fine print 34).
    let outcome = mms_bill()
        .usage(&[("2025-09-15 10:00", "mms", "out")], "sms mms", WHOLE.0, WHOLE.1, CoveredBy::Stated)
        .settle();
    assert!(outcome.of("USE-001").is_empty());
}

#[test]
fn the_unknown_month_before_is_an_innocent_explanation_not_an_excuse() {
    let outcome = with_list(mms_bill(), CoveredBy::Stated).settle();
    let found = &outcome.only("USE-001").finding;
    assert!(found.innocent.iter().any(|innocent| innocent.key == "detect.innocent.late-unknown"));
    let both = mms_bill().usage(&[], "sms mms", "2025-09-01", "2025-10-31", CoveredBy::Stated).settle();
    let found = &both.only("USE-001").finding;
    assert!(found.innocent.iter().any(|innocent| innocent.key == "detect.innocent.late-none"));
}

#[test]
fn a_bill_printed_before_its_end_is_at_most_probable() {
    let early = with_list(mms_bill(), CoveredBy::Stated).printed_on("2025-10-31").settle();
    assert_eq!(early.of("USE-001"), ["probable 15.00 15.00"]);
    let later = with_list(mms_bill(), CoveredBy::Stated).printed_on("2025-11-01").settle();
    assert_eq!(later.of("USE-001"), ["proven 15.00 15.00"]);
}

#[test]
fn a_merged_line_needs_both_kinds_absent() {
    let merged = || Papers::new().bill(OCTOBER, &[("短彩信费", "sms", "15.00")]);
    let with = |rows: &[(&str, &str, &str)], kinds| {
        merged().usage(rows, kinds, WHOLE.0, WHOLE.1, CoveredBy::Stated).settle()
    };
    let one_text = with(&[("2025-10-10 09:15", "sms", "out")], "sms mms");
    assert!(one_text.of("USE-001").is_empty() && one_text.of("USE-002").is_empty());
    // None of both: two findings, one claim of 15.00.
    let none = with(&[], "sms mms");
    assert_eq!(none.of("USE-001"), ["proven 15.00 15.00"]);
    assert_eq!(none.of("USE-002"), ["proven 15.00 0.00"]);
    assert_eq!(none.totals.claim_proven, money("15.00"));
    // Only MMS on paper: the texts may explain it.
    assert_eq!(with(&[], "mms").of("USE-001"), ["needs-evidence 15.00 0.00"]);
}

#[test]
fn subscriptions_are_no_usage_fee() {
    for name in ["彩信包", "手机报（彩信）"] {
        let papers = Papers::new().bill(OCTOBER, &[(name, "mms", "5.00")]);
        let outcome = with_list(papers, CoveredBy::Stated).settle();
        assert_eq!((outcome.of("USE-001"), outcome.outcome("USE-001")), (vec![], "not-applicable"), "{name}");
    }
}

#[test]
fn a_fee_of_nothing_is_no_stake() {
    let papers = Papers::new().bill(OCTOBER, &[("彩信费", "mms", "0.00")]);
    assert_eq!(papers.settle().outcome("USE-001"), "not-applicable");
}

#[test]
fn a_reduction_of_the_same_item_lowers_what_can_be_claimed() {
    // 15.00 − 10.00 = 5.00 was really charged.
    let rows = [("彩信费", "mms", "15.00"), ("优惠-彩信费", "discount", "-10.00")];
    let outcome = with_list(Papers::new().bill(OCTOBER, &rows), CoveredBy::Stated).settle();
    assert_eq!(outcome.of("USE-001"), ["proven 5.00 5.00"]);
    assert_eq!(outcome.totals.billed, money("5.00"));
    // Wholly reduced: nothing was charged.
    let rows = [("彩信费", "mms", "15.00"), ("彩信费", "discount", "-15.00")];
    let outcome = with_list(Papers::new().bill(OCTOBER, &rows), CoveredBy::Stated).settle();
    assert_eq!(outcome.outcome("USE-001"), "not-applicable");
}

#[test]
fn a_reduction_of_the_whole_bill_caps_all_claims() {
    // 15.00 − 8.00 = 7.00 charged in all.
    let rows = [("彩信费", "mms", "15.00"), ("月度优惠", "discount", "-8.00")];
    let outcome = with_list(Papers::new().bill(OCTOBER, &rows), CoveredBy::Stated).settle();
    assert_eq!(outcome.of("USE-001"), ["proven 15.00 7.00"]);
}

#[test]
fn a_rated_zero_is_disputed_against_the_rule() {
    // One plan item 59.00, MMS due 0.00: 74.00 billed, 59.00 due, 15.00 disputed, 59.00 explained.
    let papers = with_list(mms_bill(), CoveredBy::Stated).rated(
        OCTOBER,
        vec![
            item("monthly", ItemKind::Monthly, "套餐月费", "59.00"),
            item("mms-out", ItemKind::Overage(Unit::Mms), "彩信费", "0.00"),
        ],
        vec![],
    );
    let outcome = papers.settle();
    assert_eq!(outcome.of("USE-001"), ["proven 15.00 15.00"]);
    assert_eq!((outcome.totals.explained, outcome.totals.unverified), (money("59.00"), Money::ZERO));
    assert_eq!(outcome.gap().expected, money("59.00"));
    let id = outcome.only("USE-001").id.clone();
    let causes: Vec<_> = outcome.gap().causes.iter().map(|c| (c.finding.clone(), c.amount)).collect();
    assert_eq!(causes, [(Some(id), money("15.00"))]);
}

#[test]
fn an_item_outside_the_plan_is_a_usage_fee_although_it_names_the_plan() {
    for name in ["套餐外彩信费", "彩信包外彩信费"] {
        let papers = Papers::new().bill(OCTOBER, &[(name, "mms", "15.00")]);
        assert_eq!(with_list(papers, CoveredBy::Stated).settle().of("USE-001"), ["proven 15.00 15.00"]);
    }
    let papers = Papers::new().bill(OCTOBER, &[("彩信套餐费", "mms", "15.00")]);
    assert_eq!(with_list(papers, CoveredBy::Stated).settle().outcome("USE-001"), "not-applicable");
}
