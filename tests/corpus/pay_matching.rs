//! PAY-002 to PAY-009: deductions against what was due, credited, refunded, agreed and logged.

use super::papers::{self, WalletRow};
use super::scenario::{Scenario, error, innocent};
use super::truth::{Expected, SURE};
use super::world::{BILL, World};

const ALL_KINDS: &[&str] = &["voice", "sms", "mms", "data"];

pub const SCENARIOS: &[Scenario] = &[
    error("PAY-002", "deduction that nothing explains", 2, without_basis),
    innocent("PAY-002", "deduction of the bill", 2, |w| bill_payment(w, 0)),
    error("PAY-003", "more than the bill", 2, |w| bill_payment(w, 1)),
    innocent("PAY-003", "top-up larger than the bill", 2, credited_top_up),
    error("PAY-004", "top-up never credited", 2, |w| top_up(w, Credited::Never)),
    innocent("PAY-004", "credited the same day", 2, |w| top_up(w, Credited::SameDay)),
    innocent("PAY-004", "慢充 within its term", 2, |w| top_up(w, Credited::SlowTerm)),
    error("PAY-005", "closed order, money taken", 2, |w| closed_order(w, Refund::Missing)),
    innocent("PAY-005", "refund row exists", 2, |w| closed_order(w, Refund::Given)),
    innocent("PAY-005", "unpaid order", 2, |w| closed_order(w, Refund::NeverPaid)),
    error("PAY-006", "service on bill and platform", 2, |w| both_sides(w, 1)),
    innocent("PAY-006", "two orders", 2, |w| both_sides(w, 2)),
    error("PAY-007", "deduction after the cancellation", 2, |w| mandate(w, 1)),
    innocent("PAY-007", "deduction before the cancellation", 2, |w| mandate(w, -1)),
    error("PAY-008", "balance after differs", 2, |w| wallet(w, 1)),
    innocent("PAY-008", "balance carries", 2, |w| wallet(w, 0)),
    error("PAY-009", "printed count differs", 2, |w| printed_count(w, 1)),
    innocent("PAY-009", "printed count agrees", 2, |w| printed_count(w, 0)),
];

fn ordinary(w: &mut World) -> i64 {
    w.live(&["mms"]);
    w.complete(ALL_KINDS);
    w.complete_orders();
    w.bill_month(w.month);
    w.as_of = w.month.plus(3).day(10);
    w.sum_of_items(&w.msisdn.clone(), &w.month.text())
}

/// A payment finding: month of the payment, what it claims is left to the order of claims.
fn expect_payment<'w>(w: &'w mut World, code: &'static str, period: String, amount: i64) -> &'w mut Expected {
    let expected = w.expect(code, SURE, amount);
    expected.period = period;
    expected.claim = None;
    expected
}

fn operator_payments_complete(w: &mut World) {
    let (start, end) = (w.month.day(1), w.month.plus(1).last_day());
    w.cover(BILL, &["payments"], start, end);
}

fn without_basis(w: &mut World) {
    ordinary(w);
    operator_payments_complete(w);
    let amount = w.random.between(3, 60) * 100;
    w.pay(w.month.at(17, 3, 12), "增值业务扣费", amount);
    expect_payment(w, "PAY-002", w.month.text(), amount).verdicts = &["proven", "probable", "needs-evidence"];
    // Whether the papers make it an error or a question is left open.
    w.truth.expected.last_mut().expect("just pushed").kind = "EQ";
    w.allow(&["PAY-004"]);
}

fn bill_payment(w: &mut World, sign: i64) {
    let due = ordinary(w);
    let more = sign * w.random.between(1, 900);
    let text = w.bill_payment_text(w.month);
    let next = w.month.plus(1);
    w.pay(next.at(5, 9, 0), &text, due + more);
    if more > 0 {
        expect_payment(w, "PAY-003", next.text(), more);
        w.allow(&["PAY-002"]);
    }
}

fn top_up_text(w: &World) -> String {
    format!("手机充值-138****{}-话费充值", &w.msisdn[7..])
}

fn credited_top_up(w: &mut World) {
    let due = ordinary(w);
    let amount = (due / 5000 + 2) * 5000;
    let text = top_up_text(w);
    w.pay(w.month.at(20, 12, 0), &text, amount);
    w.charge("本期缴费", "payment", amount);
}

enum Credited {
    Never,
    SameDay,
    SlowTerm,
}

fn top_up(w: &mut World, credited: Credited) {
    ordinary(w);
    operator_payments_complete(w);
    let face = w.random.pick(&[3000, 5000, 10000]);
    let slow = matches!(credited, Credited::SlowTerm);
    let text = top_up_text(w) + if slow { "（慢充30天内到账）" } else { "" };
    let payment = w.pay(w.month.at(20, 12, 0), &text, face - 2);
    payment.face_value = Some(face);
    match credited {
        Credited::Never => {
            // The face value was lost, what was paid can be claimed.
            expect_payment(w, "PAY-004", w.month.text(), face).claim = Some(face - 2);
            w.allow(&["PAY-002"]);
        }
        Credited::SameDay => drop(w.charge("本期缴费", "payment", face).item.clone()),
        Credited::SlowTerm => w.as_of = w.month.plus(1).day(8),
    }
}

#[derive(PartialEq)]
enum Refund {
    Missing,
    Given,
    NeverPaid,
}

/// A shop closed the order; the wallet that paid for it names the shop's order.
fn closed_order(w: &mut World, refund: Refund) {
    ordinary(w);
    let amount = w.random.pick(&[2990, 4985, 9980]);
    let shop_order = "SHOP000000000001";
    let text = top_up_text(w);
    let closed = w.pay(w.month.at(9, 10, 0), &text, amount);
    (closed.platform, closed.status) = ("taobao", "closed");
    (closed.order_id, closed.payee) = (shop_order.into(), "某某话费专营店".into());
    if refund != Refund::NeverPaid {
        let paid = w.pay(w.month.at(9, 10, 1), &text, amount);
        (paid.merchant_order_id, paid.payee) = (shop_order.into(), "某某话费专营店".into());
    }
    if refund == Refund::Given {
        let mut row = w.payments.last().cloned().expect("paid");
        row.at = w.month.at(11, 8, 0);
        (row.direction, row.status) = ("in", "refunded");
        row.order_id += "_0001";
        w.payments.push(row);
    }
    if refund == Refund::Missing {
        expect_payment(w, "PAY-005", w.month.text(), amount);
        w.allow(&["PAY-002", "PAY-004"]);
    }
}

/// One service, ordered once or twice, on the operator's bill and deducted by the platform.
fn both_sides(w: &mut World, orders: i64) {
    ordinary(w);
    let price = w.random.between(5, 30) * 100;
    let name = "视频会员月卡";
    for day in 0..orders {
        let order = w.order("order", w.month.at(2 + day, 10, 0), "", name);
        (order.price, order.confirmed) = (Some(price), "yes");
    }
    w.charge(name, "vas", price).provider = "某某视频".into();
    w.pay(w.month.at(2, 10, 1), name, price).payee = "某某视频".into();
    if orders == 1 {
        expect_payment(w, "PAY-006", w.month.text(), price);
        w.allow(&["PAY-002"]);
    }
}

/// The mandate is the order whose id the payments name; its cancel row ends it `sign` × some days apart.
fn mandate(w: &mut World, sign: i64) {
    ordinary(w);
    let price = w.random.between(5, 30) * 100;
    let name = "视频会员连续包月";
    let mandate = "MANDATE0001";
    let order = w.order("order", w.start.at(2, 10, 0), "", name);
    (order.price, order.confirmed, order.auto_renew) = (Some(price), "yes", "yes");
    (order.channel, order.id) = ("alipay".into(), mandate.into());
    let month = w.month;
    let cancel = w.order("cancel", month.at(14, 10, 0), "", name);
    (cancel.channel, cancel.id) = ("alipay".into(), mandate.into());
    cancel.last = month.day(14);
    let day = 14 + sign * w.random.between(3, 12);
    let payment = w.pay(w.month.at(day, 10, 1), name, price);
    (payment.payee, payment.merchant_order_id) = ("某某视频".into(), mandate.into());
    if sign > 0 {
        expect_payment(w, "PAY-007", w.month.text(), price);
        w.allow(&["PAY-002"]);
    }
}

fn wallet(w: &mut World, wrong: i64) {
    ordinary(w);
    let mut balance = w.random.between(100, 300) * 100;
    let gap = wrong * w.random.between(1, 500);
    for (index, change) in [-1250, 3000, -495].into_iter().enumerate() {
        let after = balance + change - if index == 1 { gap } else { 0 };
        let at = w.month.at(5 + 6 * index as i64, 12, 0);
        let order_id = format!("W{index}");
        w.wallet
            .push(WalletRow { at, account: "话费钱包".into(), order_id, change, before: balance, after });
        balance = after;
    }
    if wrong > 0 {
        let expected = w.expect("PAY-008", SURE, gap);
        (expected.kind, expected.period, expected.claim) = ("EQ", String::new(), None);
    }
}

fn printed_count(w: &mut World, more: usize) {
    let due = ordinary(w);
    let text = w.bill_payment_text(w.month);
    let next = w.month.plus(1);
    w.pay(next.at(5, 9, 0), &text, due);
    let rows = std::mem::take(&mut w.payments);
    let exported = format!("{} 08:00:00", w.as_of);
    let list = papers::alipay_csv(&rows, &w.month.day(1), &next.last_day(), &exported, rows.len() + more);
    w.files.push(("payments/alipay.csv".into(), list));
    w.paid = false;
    if more > 0 {
        w.remark("PAY-009", "Q");
    }
}
