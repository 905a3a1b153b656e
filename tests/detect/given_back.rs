//! Charges that a later bill takes back: what was given back is not claimed again.

use mingzhang::model::coverage::CoveredBy;
use mingzhang::model::money::Money;

use super::builders::{OCTOBER, Outcome, Papers, money};

const NOVEMBER: &str = "2025-11";

/// October charges 15.00 for pictures that nobody sent; November holds `back`.
fn outcome(back: &[(&str, &str, &str)]) -> Outcome {
    Papers::new()
        .bill(OCTOBER, &[("月费", "plan-fee", "59.00"), ("彩信费", "mms", "15.00")])
        .bill(NOVEMBER, back)
        .usage(
            &[("2025-10-10 09:15", "sms", "out")],
            "sms mms",
            "2025-10-01",
            "2025-10-31",
            CoveredBy::Stated,
        )
        .settle()
}

fn found(item: &str, category: &str, amount: &str) -> Vec<String> {
    outcome(&[("月费", "plan-fee", "59.00"), (item, category, amount)]).of("USE-001")
}

#[test]
fn what_the_next_bill_gave_back_is_taken_off_the_claim() {
    // 15.00 − 15.00 = 0.00; 15.00 − 14.99 = 0.01; more than was charged is no more than all of it.
    assert_eq!(found("彩信费退费", "discount", "-15.00"), [""; 0]);
    assert_eq!(found("彩信费退费", "discount", "-14.99"), ["proven 0.01 0.01"]);
    assert_eq!(found("彩信费退费", "discount", "-20.00"), [""; 0]);
    assert_eq!(found("退还多收彩信费", "credit", "-15.00"), [""; 0]);
    // A discount that says nothing of giving back, and one for another item, change nothing.
    assert_eq!(found("彩信费优惠", "discount", "-15.00"), ["proven 15.00 15.00"]);
    assert_eq!(found("短信费退费", "discount", "-3.00"), ["proven 15.00 15.00"]);
}

#[test]
fn a_reversal_that_names_no_item_is_tied_by_its_exact_amount_only() {
    assert_eq!(found("话费退款", "credit", "-15.00"), [""; 0]);
    assert_eq!(found("话费退款", "credit", "-14.99"), ["proven 15.00 15.00"]);
    // Two charges of that amount: it is not told which was given back.
    let twice = Papers::new()
        .bill(OCTOBER, &[("视频", "vas", "15.00"), ("彩信费", "mms", "15.00")])
        .bill(NOVEMBER, &[("话费退款", "credit", "-15.00")])
        .reconciled();
    assert!(twice.reversals.is_empty());
}

#[test]
fn a_reversal_takes_from_the_month_that_it_names() {
    let papers = |item: &str| {
        Papers::new()
            .bill("2025-09", &[("彩信费", "mms", "8.00")])
            .bill(OCTOBER, &[("彩信费", "mms", "15.00")])
            .bill(NOVEMBER, &[(item, "discount", "-5.00")])
            .reconciled()
    };
    let given_back = |item: &str| [0, 1].map(|line| papers(item).given_back(line).expect("a sum"));
    assert_eq!(given_back("9月彩信费退费"), [money("5.00"), Money::ZERO]);
    // Without a month: the last bill before it.
    assert_eq!(given_back("彩信费退费"), [Money::ZERO, money("5.00")]);
    // The bill's own lines are no matter of a later bill.
    let own =
        Papers::new().bill(OCTOBER, &[("彩信费", "mms", "15.00"), ("彩信费退费", "discount", "-15.00")]);
    assert!(own.reconciled().reversals.is_empty());
}

#[test]
fn the_yuan_of_a_charge_that_was_given_back_are_explained() {
    let back = outcome(&[("彩信费退费", "discount", "-15.00")]);
    // 59.00 + 15.00 − 15.00 = 59.00 billed; the fee has no rule: 59.00 unverified, and 15.00 − 15.00 explained.
    let totals = back.totals;
    assert_eq!(
        [totals.billed, totals.explained, totals.disputed, totals.unverified],
        [money("59.00"), Money::ZERO, Money::ZERO, money("59.00")]
    );
}

#[test]
fn use_of_another_card_is_not_told_by_this_lines_list() {
    let found = |item: &str| {
        let papers = Papers::new().bill(OCTOBER, &[(item, "mms", "15.00")]).usage(
            &[("2025-10-10 09:15", "sms", "out")],
            "sms mms",
            "2025-10-01",
            "2025-10-31",
            CoveredBy::Stated,
        );
        papers.settle().of("USE-001")
    };
    assert_eq!(found("彩信费"), ["proven 15.00 15.00"]);
    assert_eq!(found("副卡彩信费"), [""; 0]);
}
