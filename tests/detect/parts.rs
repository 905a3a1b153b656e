//! Payments that pay a part of a bill, more than it, or one of several: what is paid, what is open, what is a tie.

use mingzhang::model::money::Money;
use mingzhang::model::record::OrderAction;
use mingzhang::reconcile::outcome::MatchedTo;

use super::builders::{OCTOBER, Outcome, Papers, cycle, money};

type Row = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

const SEPTEMBER: &str = "2025-09";
const NAMED: &str = "话费缴费-2025年10月账单";

/// A payment of the October bill that names it.
fn named(time: &'static str, amount: &'static str, id: &'static str) -> Row {
    (time, "中国移动", NAMED, amount, "success", id)
}

/// October's bill of 89.00, opened by a balance of 0.00, so that no older debt can be in a payment.
fn october(rows: &[Row]) -> Papers {
    let bill =
        [("上期余额", "opening-balance", "0.00"), ("月费", "plan-fee", "89.00"), ("合计", "total", "89.00")];
    Papers::new().bill(OCTOBER, &bill).payments(rows, "2025-12-31")
}

/// (what is matched to October with its rule, what is left over) of each payment.
fn matched(papers: &Papers) -> Vec<(Vec<(Money, &'static str)>, Money)> {
    let bill = MatchedTo::Bill(cycle(OCTOBER));
    let facts = papers.reconciled().payments.into_iter();
    let parts = |matched: Vec<mingzhang::reconcile::outcome::Match>| {
        matched.into_iter().filter(|part| part.to == bill).map(|part| (part.amount, part.rule)).collect()
    };
    facts.map(|facts| (parts(facts.matched), facts.left_over)).collect()
}

/// Codes of the payment findings with verdict, amount and claim.
fn found(outcome: &Outcome) -> Vec<String> {
    ["PAY-001", "PAY-002", "PAY-003"]
        .iter()
        .flat_map(|code| outcome.of(code).into_iter().map(move |found| format!("{code} {found}")))
        .collect()
}

#[test]
fn a_part_of_a_named_bill_settles_that_part_and_the_rest_stays_open() {
    // 20.00 of 89.00: 69.00 are open, nothing is left over and nothing is wrong.
    let papers = october(&[named("2025-11-05 09:00", "20.00", "A1")]);
    assert_eq!(matched(&papers), [(vec![(money("20.00"), "bill-part")], Money::ZERO)]);
    assert_eq!(found(&papers.settle()), [""; 0]);
    // One fen less than the bill is a part, too; the whole bill is none.
    let papers = october(&[named("2025-11-05 09:00", "88.99", "A1")]);
    assert_eq!(matched(&papers), [(vec![(money("88.99"), "bill-part")], Money::ZERO)]);
    let papers = october(&[named("2025-11-05 09:00", "89.00", "A1")]);
    assert_eq!(matched(&papers), [(vec![(money("89.00"), "bill-named")], Money::ZERO)]);
}

#[test]
fn parts_that_add_up_close_the_bill() {
    let rows = [named("2025-11-05 09:00", "20.00", "A1"), named("2025-11-09 09:00", "69.00", "A2")];
    let parts = [
        (vec![(money("20.00"), "bill-in-parts")], Money::ZERO),
        (vec![(money("69.00"), "bill-in-parts")], Money::ZERO),
    ];
    assert_eq!(matched(&october(&rows)), parts);
    assert_eq!(found(&october(&rows).settle()), [""; 0]);
}

#[test]
fn a_full_payment_after_a_part_is_too_much_by_exactly_the_part() {
    // 89.00 − 20.00 = 69.00 were open; 89.00 − 69.00 = 20.00 too much.
    let rows = [named("2025-11-05 09:00", "20.00", "A1"), named("2025-11-09 09:00", "89.00", "A2")];
    let papers = october(&rows);
    let parts = [
        (vec![(money("20.00"), "bill-in-parts")], Money::ZERO),
        (vec![(money("69.00"), "bill-in-parts")], money("20.00")),
    ];
    assert_eq!(matched(&papers), parts);
    let outcome = papers.settle();
    assert_eq!(found(&outcome), ["PAY-003 proven 20.00 20.00"]);
    let explanation = &outcome.only("PAY-003").finding.explanation;
    assert_eq!(explanation.key, "PAY-003.explanation.stated-part");
    // The same when the full payment does not name the month.
    let unnamed: Row = ("2025-11-09 09:00", "中国移动", "话费账单", "89.00", "success", "A2");
    assert_eq!(matched(&october(&[rows[0], unnamed])), parts);
    // One fen less than full: too much by one fen less.
    let less = named("2025-11-09 09:00", "88.99", "A2");
    assert_eq!(found(&october(&[rows[0], less]).settle()), ["PAY-003 proven 19.99 19.99"]);
    // The rest exactly is nothing; one fen more is one fen.
    let more = named("2025-11-09 09:00", "69.01", "A2");
    assert_eq!(found(&october(&[rows[0], more]).settle()), ["PAY-003 proven 0.01 0.01"]);
}

#[test]
fn a_part_after_the_full_payment_is_only_probably_too_much() {
    // Nothing but its text ties the 20.00 to the bill that is paid: a late fee may be meant.
    let rows = [named("2025-11-05 09:00", "89.00", "A1"), named("2025-11-09 09:00", "20.00", "A2")];
    assert_eq!(found(&october(&rows).settle()), ["PAY-003 probable 20.00 20.00"]);
}

#[test]
fn a_part_that_was_given_back_leaves_the_bill_open_for_the_full_payment() {
    let back: Row = ("2025-11-07 09:00", "中国移动", "退款-话费缴费", "20.00", "refund", "A1_7");
    let rows = [named("2025-11-05 09:00", "20.00", "A1"), back, named("2025-11-09 09:00", "89.00", "A2")];
    let papers = october(&rows);
    assert_eq!(matched(&papers)[2], (vec![(money("89.00"), "bill-named")], Money::ZERO));
    assert_eq!(found(&papers.settle()), [""; 0]);
}

#[test]
fn what_the_operator_sells_or_another_line_needs_is_no_part_of_the_bill() {
    let others =
        ["2025年10月流量包", "增值业务2025年10月话费代收", "2025年10月宽带账单", "2025年10月副卡话费账单"];
    for purpose in others {
        let row: Row = ("2025-11-05 09:00", "中国移动", purpose, "20.00", "success", "A1");
        assert_eq!(matched(&october(&[row])), [(vec![], money("20.00"))], "{purpose}");
    }
    // Another month is another bill; the last day of the second month counts, the day after does not.
    let september: Row = ("2025-11-05 09:00", "中国移动", "2025年9月账单", "20.00", "success", "A1");
    assert_eq!(matched(&october(&[september]))[0].0, []);
    assert_eq!(matched(&october(&[named("2025-12-31 23:59", "20.00", "A1")]))[0].0.len(), 1);
    assert_eq!(matched(&october(&[named("2026-01-01 00:00", "20.00", "A1")]))[0].0, []);
}

/// September's bill of 59.00 beside October's of 89.00.
fn two_bills(rows: &[Row]) -> Papers {
    october(rows).bill(SEPTEMBER, &[("月费", "plan-fee", "59.00"), ("合计", "total", "59.00")])
}

const UNNAMED: Row = ("2025-11-05 09:00", "中国移动", "话费账单", "20.00", "success", "A1");

#[test]
fn a_part_that_fits_two_open_bills_is_a_tie_and_is_not_guessed() {
    let bills = [MatchedTo::Bill(cycle(SEPTEMBER)), MatchedTo::Bill(cycle(OCTOBER))];
    let facts = two_bills(&[UNNAMED]).reconciled().payments.remove(0);
    assert_eq!((facts.matched.len(), facts.left_over, &facts.ties[..]), (0, money("20.00"), &bills[..]));
    // September is paid: only October is open.
    let paid: Row = ("2025-10-05 09:00", "中国移动", "2025年9月账单", "59.00", "success", "A0");
    let facts = two_bills(&[paid, UNNAMED]).reconciled().payments.remove(1);
    assert_eq!((facts.settles(), facts.ties.len()), (Some(MatchedTo::Bill(cycle(OCTOBER))), 0));
    // September's bill is not in the papers: it may be meant, so nothing is chosen.
    let facts = october(&[UNNAMED]).reconciled().payments.remove(0);
    assert_eq!((facts.settles(), facts.ties.len()), (None, 0));
}

#[test]
fn two_ways_to_add_up_are_a_tie_of_every_payment_in_them() {
    let half = |time, id| -> Row { (time, "中国移动", "话费账单", "44.50", "success", id) };
    let rows =
        [half("2025-11-05 09:00", "A1"), half("2025-11-05 10:00", "A2"), half("2025-11-06 09:00", "A3")];
    let facts = october(&rows).reconciled();
    assert!(facts.payments.iter().all(|facts| facts.ties == [MatchedTo::Bill(cycle(OCTOBER))]));
}

#[test]
fn a_payment_that_fits_two_orders_names_both() {
    let row: Row = ("2025-10-02 10:05", "中国移动", "流量包", "15.00", "success", "B1");
    let orders = [
        ("2025-10-02 10:00", OrderAction::Order, "流量包甲"),
        ("2025-10-02 10:01", OrderAction::Order, "流量包乙"),
    ];
    let mut papers = october(&[row]).orders(
        &orders,
        "2025-10-01",
        "2025-10-31",
        mingzhang::model::coverage::CoveredBy::Stated,
    );
    for order in &mut papers.line.orders {
        (order.price, order.channel) = (Some(money("15.00")), "支付宝".to_owned());
    }
    let ties = [MatchedTo::Order(0), MatchedTo::Order(1)];
    assert_eq!(papers.reconciled().payments[0].ties, ties);
    papers.line.orders[1].price = Some(money("15.01"));
    assert_eq!(papers.reconciled().payments[0].settles(), Some(MatchedTo::Order(0)));
}
