//! PAY-001 and the matches of payments.

use mingzhang::model::coverage::CoveredBy;
use mingzhang::model::money::Money;
use mingzhang::model::record::OrderAction;
use mingzhang::reconcile::outcome::{MatchedTo, PaymentClass};

use super::builders::{OCTOBER, Papers, cycle, money};

type Row = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

const FIRST: Row = ("2025-11-05 09:00", "中国移动", "话费账单", "89.00", "success", "A1");
const SECOND: Row = ("2025-11-05 09:02", "中国移动", "话费账单", "89.00", "success", "A2");

fn billed(rows: &[Row]) -> Papers {
    Papers::new()
        .bill(OCTOBER, &[("月费", "plan-fee", "89.00"), ("合计", "total", "89.00")])
        .payments(rows, "2025-11-30")
}

#[test]
fn a_second_deduction_for_one_bill_is_proven() {
    let outcome = billed(&[FIRST, SECOND]).settle();
    assert_eq!(outcome.of("PAY-001"), ["proven 89.00 89.00"]);
    let found = &outcome.only("PAY-001").finding;
    // Payments belong to the month in which they were paid.
    assert_eq!(
        (found.cycle.to_string().as_str(), found.day.map(|d| d.to_string())),
        ("2025-11", Some("2025-11-05".to_owned()))
    );
    // Payment yuan are claimed beside the bill, never on it.
    assert_eq!((outcome.totals.disputed, outcome.totals.claim_proven), (Money::ZERO, money("89.00")));
    assert_eq!(outcome.totals.paid, money("178.00"));
}

#[test]
fn one_deduction_is_nothing_and_settles_the_bill() {
    let papers = billed(&[FIRST]);
    assert_eq!(papers.settle().outcome("PAY-001"), "not-applicable");
    let facts = &papers.reconciled().payments[0];
    assert_eq!((facts.class, facts.left_over), (PaymentClass::BillPayment, Money::ZERO));
    assert_eq!(facts.settles(), Some(MatchedTo::Bill(cycle(OCTOBER))));
}

#[test]
fn the_export_must_run_fifteen_days_on_and_be_unfiltered() {
    let until = |day: &str| {
        let mut papers = billed(&[FIRST, SECOND]);
        papers.case.sources[1].tables[0].exported_on = Some(super::builders::day(day));
        papers
    };
    // 5 November + 15 days = 20 November.
    assert_eq!(until("2025-11-20").settle().of("PAY-001"), ["proven 89.00 89.00"]);
    assert_eq!(until("2025-11-19").settle().of("PAY-001"), ["probable 89.00 89.00"]);
    let mut filtered = until("2025-11-30");
    filtered.case.sources[1].tables[0].unfiltered = None;
    assert_eq!(filtered.settle().of("PAY-001"), ["probable 89.00 89.00"]);
    let mut early = until("2025-11-30");
    early.case.as_of = super::builders::day("2025-11-10");
    assert_eq!(early.settle().of("PAY-001"), ["probable 89.00 89.00"]);
}

#[test]
fn a_refund_of_one_of_both_ends_it() {
    let by_id: Row = ("2025-11-06 10:00", "中国移动", "退款-话费账单", "89.00", "refund", "A2_77");
    let outcome = billed(&[FIRST, SECOND, by_id]).settle();
    assert!(outcome.of("PAY-001").is_empty());
    assert_eq!((outcome.totals.paid, outcome.totals.refunded), (money("178.00"), money("89.00")));
    // The first was given back: the second settles the bill.
    let first: Row = ("2025-11-06 10:00", "中国移动", "退款-话费账单", "89.00", "refund", "A1_77");
    let papers = billed(&[FIRST, SECOND, first]);
    assert!(papers.settle().of("PAY-001").is_empty());
    assert_eq!(papers.reconciled().payments[1].settles(), Some(MatchedTo::Bill(cycle(OCTOBER))));
    // Without ids: by payee, amount and status.
    let by_payee: Row = ("2025-11-06 10:00", "中国移动-退款", "话费", "89.00", "refund", "503");
    assert!(billed(&[FIRST, SECOND, by_payee]).settle().of("PAY-001").is_empty());
    let whole: Row = ("2025-11-05 09:02", "中国移动", "话费账单", "89.00", "refunded", "A2");
    assert!(billed(&[FIRST, whole]).settle().of("PAY-001").is_empty());
}

#[test]
fn failed_closed_and_pending_rows_moved_no_money() {
    for status in ["failed", "closed", "pending"] {
        let second: Row = ("2025-11-05 09:02", "中国移动", "话费账单", "89.00", status, "A2");
        assert!(billed(&[FIRST, second]).settle().of("PAY-001").is_empty(), "{status}");
    }
}

#[test]
fn one_fen_another_purpose_payee_or_month_is_no_twin() {
    let others: [Row; 4] = [
        ("2025-11-05 09:02", "中国移动", "话费账单", "88.99", "success", "A2"),
        ("2025-11-05 09:02", "中国移动", "宽带账单", "89.00", "success", "A2"),
        ("2025-11-05 09:02", "中国联通", "话费账单", "89.00", "success", "A2"),
        ("2025-12-05 09:02", "中国移动", "话费账单", "89.00", "success", "A2"),
    ];
    for second in others {
        assert!(billed(&[FIRST, second]).settle().of("PAY-001").is_empty(), "{second:?}");
    }
}

#[test]
fn two_lines_topped_up_and_two_top_ups_credited_are_nothing() {
    let mut lines = billed(&[FIRST, SECOND]);
    lines.line.payments[0].msisdn = "138****1111".to_owned();
    lines.line.payments[1].msisdn = "138****2222".to_owned();
    assert!(lines.settle().of("PAY-001").is_empty());
    lines.line.payments[1].msisdn = "13800001111".to_owned();
    assert_eq!(lines.settle().of("PAY-001"), ["proven 89.00 89.00"]);
    // The operator's own list shows both on the account.
    let credited = billed(&[FIRST, SECOND])
        .bill("2025-11", &[("缴费", "payment", "89.00"), ("缴费", "payment", "89.00")]);
    assert!(credited.settle().of("PAY-001").is_empty());
    let one = billed(&[FIRST, SECOND]).bill("2025-11", &[("缴费", "payment", "89.00")]);
    assert_eq!(one.settle().of("PAY-001"), ["proven 89.00 89.00"]);
}

#[test]
fn top_ups_are_never_compared_with_a_bill() {
    let top_up: Row = ("2025-11-05 09:00", "中国移动", "话费充值", "89.00", "success", "A1");
    let again: Row = ("2025-11-05 09:02", "中国移动", "话费充值", "89.00", "success", "A2");
    let papers = billed(&[top_up, again]);
    assert!(papers.settle().of("PAY-001").is_empty());
    let facts = papers.reconciled();
    assert!(
        facts.payments.iter().all(|facts| facts.class == PaymentClass::TopUp && facts.matched.is_empty())
    );
}

#[test]
fn an_order_paid_twice_is_found_by_its_id_or_price() {
    let pay = |at: &'static str, id: &'static str| -> Row {
        (at, "中国移动", "10GB流量月包", "15.00", "success", id)
    };
    let order = [("2025-10-02 10:00", OrderAction::Order, "10GB流量月包")];
    let mut papers = Papers::new()
        .orders(&order, "2025-10-01", "2025-10-31", CoveredBy::Stated)
        .payments(&[pay("2025-10-02 10:00", "B1"), pay("2025-10-02 10:01", "B2")], "2025-11-30");
    papers.line.orders[0].price = Some(money("15.00"));
    // The channel names no platform: the operator bills it, nothing is matched.
    assert!(papers.settle().of("PAY-001").iter().all(|found| found.starts_with("needs-evidence")));
    papers.line.orders[0].channel = "支付宝".to_owned();
    assert_eq!(papers.settle().of("PAY-001"), ["proven 15.00 15.00"]);
    papers.line.orders[0].channel = String::new();
    papers.line.orders[0].order_id = "B2".to_owned();
    assert_eq!(papers.settle().of("PAY-001"), ["proven 15.00 15.00"]);
    assert_eq!(papers.reconciled().payments[1].settles(), Some(MatchedTo::Order(0)));
}

#[test]
fn without_the_bill_two_equal_deductions_need_it() {
    let outcome = Papers::new().payments(&[FIRST, SECOND], "2025-11-30").settle();
    assert_eq!(outcome.of("PAY-001"), ["needs-evidence 89.00 0.00"]);
    assert_eq!(outcome.totals.at_stake, money("89.00"));
    assert_eq!(outcome.only("PAY-001").finding.needs[0].what.key, "detect.need.bill");
}

#[test]
fn equal_bills_of_two_months_are_two_dues() {
    let months: [Row; 2] = [
        ("2025-10-05 09:00", "中国移动", "话费账单", "89.00", "success", "A1"),
        ("2025-11-05 09:00", "中国移动", "话费账单", "89.00", "success", "A2"),
    ];
    // September's bill is not in the papers: October's payment settles October's bill in November only.
    assert!(billed(&months).settle().of("PAY-001").is_empty());
    let both = billed(&[FIRST, SECOND]).bill("2025-09", &[("月费", "plan-fee", "89.00")]);
    assert!(both.settle().of("PAY-001").is_empty());
}

#[test]
fn false_friends_and_other_shops_are_unrelated() {
    let rows: [Row; 3] = [
        ("2025-11-05 09:00", "中国银行移动支付平台", "还款", "89.00", "success", "A1"),
        ("2025-11-05 09:02", "街角面馆", "午餐", "89.00", "success", "A2"),
        ("2025-11-05 09:03", "公交", "一卡通充值", "89.00", "success", "A3"),
    ];
    let papers = billed(&rows);
    assert!(papers.reconciled().payments.iter().all(|facts| facts.class == PaymentClass::Unrelated));
    assert_eq!(papers.settle().totals.paid, Money::ZERO);
}

#[test]
fn a_bank_row_for_the_same_payment_is_no_second_deduction() {
    let bank: Row = ("2025-11-05 09:00", "支付宝-中国移动", "话费账单", "89.00", "success", "K1");
    let mut papers = billed(&[FIRST, bank]);
    papers.line.payments[1].platform = "bank".to_owned();
    let facts = papers.reconciled();
    assert_eq!(facts.payments[1].matched[0].rule, "same-payment");
    let outcome = papers.settle();
    assert!(outcome.of("PAY-001").is_empty());
    assert_eq!(outcome.totals.paid, money("89.00"));
}

#[test]
fn the_order_of_payment_rows_changes_no_finding() {
    let refund: Row = ("2025-11-06 10:00", "中国移动", "退款-话费账单", "89.00", "refund", "A3_1");
    let third: Row = ("2025-11-05 09:04", "中国移动", "话费账单", "89.00", "success", "A3");
    let ids = |rows: &[Row]| {
        let outcome = billed(rows).settle();
        let all = outcome.settled.findings.iter();
        all.map(|f| (f.id.clone(), f.finding.verdict, f.claim)).collect::<Vec<_>>()
    };
    let plain = ids(&[FIRST, SECOND, third, refund]);
    // Three paid, one given back: one too much.
    assert_eq!(plain.len(), 1);
    assert_eq!(plain, ids(&[refund, third, SECOND, FIRST]));
    assert_eq!(plain, ids(&[third, FIRST, refund, SECOND]));
}

/// Returns what each payment settles.
fn settled(papers: &Papers) -> Vec<Option<MatchedTo>> {
    papers.reconciled().payments.iter().map(|payment| payment.settles()).collect()
}

#[test]
fn a_bill_paid_in_parts_is_settled_by_the_parts_that_add_up_in_one_way_only() {
    let october = Some(MatchedTo::Bill(cycle(OCTOBER)));
    let part = |time, amount, id| -> Row { (time, "中国移动", "话费账单", amount, "success", id) };
    let (a, b) = (part("2025-11-05 09:00", "60.00", "A1"), part("2025-11-07 09:00", "29.00", "A2"));
    // 60.00 + 29.00 = 89.00, the bill.
    let papers = billed(&[a, b]);
    assert_eq!(settled(&papers), [october, october]);
    assert!(papers.reconciled().payments.iter().all(|payment| payment.left_over == Money::ZERO));
    // One fen less: 60.00 + 28.99 = 88.99.
    assert_eq!(settled(&billed(&[a, part("2025-11-07 09:00", "28.99", "A2")])), [None, None]);
    // Two equal halves are one choice; a third one makes three choices, and none is taken.
    let half = |time, id| part(time, "44.50", id);
    let halves = [half("2025-11-05 09:00", "A1"), half("2025-11-05 10:00", "A2")];
    assert_eq!(settled(&billed(&halves)), [october, october]);
    assert!(billed(&halves).settle().of("PAY-001").is_empty());
    let three = [halves[0], halves[1], half("2025-11-06 09:00", "A3")];
    assert_eq!(settled(&billed(&three)), [None, None, None]);
    // The last day of the second month after the cycle counts, the day after does not.
    assert_eq!(settled(&billed(&[a, part("2025-12-31 23:00", "29.00", "A2")])), [october, october]);
    assert_eq!(settled(&billed(&[a, part("2026-01-01 00:00", "29.00", "A2")])), [None, None]);
}

#[test]
fn one_payment_for_two_bills_settles_both() {
    let september = "2025-09";
    let total = |amount: &'static str| [("月费", "plan-fee", amount), ("合计", "total", amount)];
    let both = |amount: &'static str, purpose: &'static str| {
        Papers::new()
            .bill(september, &total("59.00"))
            .bill(OCTOBER, &total("89.00"))
            .payments(&[("2025-11-05 09:00", "中国移动", purpose, amount, "success", "A1")], "2025-11-30")
    };
    // 59.00 + 89.00 = 148.00
    let papers = both("148.00", "话费账单");
    let matched: Vec<(MatchedTo, Money)> =
        papers.reconciled().payments[0].matched.iter().map(|found| (found.to, found.amount)).collect();
    let bill = |month| MatchedTo::Bill(cycle(month));
    assert_eq!(matched, [(bill(september), money("59.00")), (bill(OCTOBER), money("89.00"))]);
    assert_eq!(papers.reconciled().payments[0].left_over, Money::ZERO);
    assert_eq!(settled(&both("148.01", "话费账单")), [None]);
    // Who pays for October says so; September is then not meant, and 148.00 − 89.00 = 59.00 are left over.
    let named = both("148.00", "10月话费账单");
    assert_eq!(settled(&named), [Some(bill(OCTOBER))]);
    assert_eq!(named.reconciled().payments[0].left_over, money("59.00"));
}

#[test]
fn the_twin_of_a_payment_that_settles_a_bill_is_no_part_of_another_bill() {
    // 89.00 paid twice, and 11.00: the second 89.00 and 11.00 would make up September's 100.00.
    let rows = [FIRST, SECOND, ("2025-11-06 09:00", "中国移动", "话费账单", "11.00", "success", "A3")];
    let papers =
        billed(&rows).bill("2025-09", &[("月费", "plan-fee", "100.00"), ("合计", "total", "100.00")]);
    assert_eq!(papers.settle().of("PAY-001"), ["proven 89.00 89.00"]);
}
