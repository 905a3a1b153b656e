//! Single detectors, each on both sides of its edges.

use mingzhang::model::coverage::CoveredBy;
use mingzhang::model::diagnostic::{Diagnostic, DiagnosticClass};
use mingzhang::model::message::Message;
use mingzhang::model::money::Money;
use mingzhang::model::quantity::{GB, Unit};
use mingzhang::model::record::OrderAction;
use mingzhang::rating::outcome::ItemKind;

use super::builders::{OCTOBER, Papers, bucket, item, money};

fn bill(rows: &[(&str, &str, &str)]) -> Papers {
    Papers::new().bill(OCTOBER, rows)
}

// BILL-001.

#[test]
fn a_total_above_its_items_is_disputed_on_a_made_line() {
    // 59.00 + 10.00 = 69.00 of items, 70.00 printed: 1.00 has no item.
    let outcome =
        bill(&[("月费", "plan-fee", "59.00"), ("流量", "data", "10.00"), ("合计", "total", "70.00")])
            .settle();
    assert_eq!(outcome.of("BILL-001"), ["proven 1.00 1.00"]);
    assert_eq!((outcome.totals.billed, outcome.totals.disputed), (money("70.00"), money("1.00")));
    assert_eq!(outcome.gap().billed, money("70.00"));
}

#[test]
fn a_total_that_ties_is_nothing() {
    let outcome = bill(&[("月费", "plan-fee", "59.00"), ("合计", "total", "59.00")]).settle();
    assert_eq!((outcome.of("BILL-001"), outcome.outcome("BILL-001")), (vec![], "nothing"));
    let none = bill(&[("月费", "plan-fee", "59.00")]).settle();
    assert_eq!(none.outcome("BILL-001"), "not-applicable");
}

#[test]
fn a_total_below_its_items_is_explained_and_lowers_what_can_be_claimed() {
    // 59.00 + 15.00 = 74.00 of items, 64.00 printed: 10.00 less was asked for, so 5.00 of the 15.00 is left.
    let outcome =
        bill(&[("月费", "plan-fee", "59.00"), ("彩信费", "mms", "15.00"), ("合计", "total", "64.00")])
            .usage(&[], "mms", "2025-10-01", "2025-10-31", CoveredBy::Stated)
            .settle();
    assert!(outcome.of("BILL-001").is_empty());
    assert_eq!(outcome.of("USE-001"), ["proven 15.00 5.00"]);
    assert_eq!(outcome.totals.billed, money("64.00"));
}

#[test]
fn reductions_and_prepaid_deductions_make_up_a_total() {
    // The total stands before the reduction: 69.00 against 69.00 − 5.00.
    let before =
        bill(&[("月费", "plan-fee", "69.00"), ("优惠", "discount", "-5.00"), ("合计", "total", "69.00")]);
    assert!(before.settle().of("BILL-001").is_empty());
    // A payment of 20.00 on the bill makes up the difference.
    let prepaid = bill(&[
        ("月费", "plan-fee", "39.00"),
        ("预存款抵扣", "payment", "20.00"),
        ("合计", "total", "59.00"),
    ]);
    assert!(prepaid.settle().of("BILL-001").is_empty());
    let other = bill(&[
        ("月费", "plan-fee", "39.00"),
        ("预存款抵扣", "payment", "19.99"),
        ("合计", "total", "59.00"),
    ]);
    assert_eq!(other.settle().of("BILL-001"), ["proven 20.00 20.00"]);
}

#[test]
fn a_bill_with_an_unread_row_is_only_a_question() {
    let mut papers = bill(&[("月费", "plan-fee", "59.00"), ("合计", "total", "60.00")]);
    papers.case.sources[0].tables[0].set_aside.push(Diagnostic {
        class: DiagnosticClass::Problem,
        path: "0.csv".to_owned(),
        sheet: None,
        row: Some(4),
        column: None,
        header: None,
        value: None,
        rule: None,
        reason: Message::new("ingest.cell.money"),
        help: None,
    });
    let outcome = papers.settle();
    assert_eq!(outcome.of("BILL-001"), ["probable 1.00 0.00"]);
    assert_eq!(outcome.totals.unverified, money("60.00"));
}

// BILL-003.

#[test]
fn the_plan_fee_twice_is_proven() {
    let outcome = bill(&[("套餐月费", "plan-fee", "59.00"), ("套餐月费", "plan-fee", "59.00")]).settle();
    assert_eq!(outcome.of("BILL-003"), ["proven 59.00 59.00"]);
    // One line stays unverified (no rule), the other is disputed.
    assert_eq!((outcome.totals.disputed, outcome.totals.unverified), (money("59.00"), money("59.00")));
}

#[test]
fn a_plan_fee_that_comes_in_halves_is_nothing() {
    // 29.50 + 29.50 = 59.00 due.
    let halves = bill(&[("套餐月费", "plan-fee", "29.50"), ("套餐月费", "plan-fee", "29.50")])
        .rated(OCTOBER, vec![item("monthly", ItemKind::Monthly, "套餐月费", "59.00")], vec![])
        .settle();
    assert!(halves.of("BILL-003").is_empty());
    assert_eq!(halves.totals.explained, money("59.00"));
    // Due once: the second is too much.
    let twice = bill(&[("套餐月费", "plan-fee", "59.00"), ("套餐月费", "plan-fee", "59.00")])
        .rated(OCTOBER, vec![item("monthly", ItemKind::Monthly, "套餐月费", "59.00")], vec![])
        .settle();
    assert_eq!(twice.of("BILL-003"), ["proven 59.00 59.00"]);
    assert_eq!((twice.totals.explained, twice.totals.disputed), (money("59.00"), money("59.00")));
}

#[test]
fn other_amount_provider_or_item_is_no_twin() {
    for second in
        [("阅读|甲公司", "vas", "6.01"), ("阅读|乙公司", "vas", "6.00"), ("听书|甲公司", "vas", "6.00")]
    {
        assert_eq!(
            bill(&[("阅读|甲公司", "vas", "6.00"), second]).settle().outcome("BILL-003"),
            "not-applicable"
        );
    }
}

#[test]
fn a_service_twice_is_proven_only_with_a_complete_order_list_and_one_order() {
    let twice = || {
        Papers::new()
            .bill("2025-09", &[("月费", "plan-fee", "59.00")])
            .bill(OCTOBER, &[("阅读包", "vas", "6.00"), ("阅读包", "vas", "6.00")])
    };
    assert_eq!(twice().settle().of("BILL-003"), ["probable 6.00 6.00"]);
    let one = [("2025-10-02 10:00", OrderAction::Order, "阅读包")];
    // September's bill lacks the fee, and the list reaches from there to the end of October.
    let complete = twice().orders(&one, "2025-09-01", "2025-10-31", CoveredBy::Stated);
    assert_eq!(complete.settle().of("BILL-003"), ["proven 6.00 6.00"]);
    let short = twice().orders(&one, "2025-10-01", "2025-10-31", CoveredBy::Stated);
    assert_eq!(short.settle().of("BILL-003"), ["probable 6.00 6.00"]);
    let two = [one[0], ("2025-10-03 10:00", OrderAction::Order, "阅读包")];
    let ordered_twice = twice().orders(&two, "2025-09-01", "2025-10-31", CoveredBy::Stated);
    assert!(ordered_twice.settle().of("BILL-003").is_empty());
}

#[test]
fn further_cards_and_instalments_are_a_question() {
    for name in ["副卡功能费", "手机分期款", "亲情号月费"] {
        let outcome = bill(&[(name, "plan-fee", "10.00"), (name, "plan-fee", "10.00")]).settle();
        assert_eq!(outcome.of("BILL-003"), ["probable 10.00 0.00"], "{name}");
        assert_eq!(outcome.totals.claim_probable, Money::ZERO);
    }
}

#[test]
fn three_times_gives_two_back() {
    let outcome =
        bill(&[("月费", "plan-fee", "9.00"), ("月费", "plan-fee", "9.00"), ("月费", "plan-fee", "9.00")])
            .settle();
    assert_eq!(outcome.of("BILL-003"), ["proven 18.00 18.00"]);
}

// USE-008.

fn overage(due: &str, used: u64) -> Papers {
    bill(&[("套餐外流量费", "data", "29.00")]).rated(
        OCTOBER,
        vec![item("data-out", ItemKind::Overage(Unit::Data), "套餐外流量费", due)],
        vec![bucket(Unit::Data, 10 * GB, used)],
    )
}

fn listed(papers: Papers, by: CoveredBy) -> Papers {
    papers.usage(&[("2025-10-10 09:15", "data", "")], "data", "2025-10-01", "2025-10-31", by)
}

#[test]
fn overage_beside_an_unused_rest_gives_back_what_is_above_the_upper_bound() {
    // 29.00 billed − 4.00 due = 25.00.
    let outcome = listed(overage("4.00", 9 * GB), CoveredBy::Stated).settle();
    assert_eq!(outcome.of("USE-008"), ["proven 25.00 25.00"]);
    assert_eq!((outcome.totals.explained, outcome.totals.disputed), (money("4.00"), money("25.00")));
    let probable = listed(overage("4.00", 9 * GB), CoveredBy::Inferred).settle();
    assert_eq!(probable.of("USE-008"), ["probable 25.00 25.00"]);
    let unknown = overage("4.00", 9 * GB).settle();
    assert_eq!(unknown.of("USE-008"), ["needs-evidence 29.00 0.00"]);
}

#[test]
fn overage_after_the_allowance_was_used_up_is_not_its_business() {
    let outcome = listed(overage("4.00", 10 * GB), CoveredBy::Stated).settle();
    assert!(outcome.of("USE-008").is_empty());
    // No detector names the cause: the surplus is unverified, not disputed.
    assert_eq!((outcome.totals.disputed, outcome.totals.unverified), (Money::ZERO, money("25.00")));
    assert_eq!(outcome.gap().causes[0].name, Some("unverified"));
}

#[test]
fn overage_as_expected_is_nothing_even_with_a_rest() {
    // A rest for other apps is left; the rating expects the whole fee.
    let outcome = listed(overage("29.00", 9 * GB), CoveredBy::Stated).settle();
    assert_eq!((outcome.of("USE-008"), outcome.outcome("USE-008")), (vec![], "nothing"));
    assert_eq!(outcome.totals.explained, money("29.00"));
}

#[test]
fn a_cause_claims_before_the_effect() {
    // MMS charged without MMS while MMS were included: both fire, one claim.
    let outcome = bill(&[("彩信费", "mms", "15.00")])
        .usage(&[], "mms", "2025-10-01", "2025-10-31", CoveredBy::Stated)
        .rated(
            OCTOBER,
            vec![item("mms-out", ItemKind::Overage(Unit::Mms), "彩信费", "0.00")],
            vec![bucket(Unit::Mms, 10, 0)],
        )
        .settle();
    assert_eq!(outcome.of("USE-001"), ["proven 15.00 15.00"]);
    assert_eq!(outcome.of("USE-008"), ["proven 15.00 0.00"]);
}
