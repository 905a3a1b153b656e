//! Bills paid in parts: what was paid, what is open, what was too much; and payments that fit more than one thing.

use super::scenario::{Scenario, error, innocent};
use super::truth::{PROBABLE, PROVEN};
use super::world::World;

const ALL_KINDS: &[&str] = &["voice", "sms", "mms", "data"];

pub const SCENARIOS: &[Scenario] = &[
    innocent("PAY-002", "a part of a named bill, the rest is open", 3, |w| {
        first_part(w);
    }),
    innocent("PAY-003", "two parts that add up", 3, |w| parts(w, 0)),
    error("PAY-003", "the second part too large", 3, |w| parts(w, 1)),
    error("PAY-003", "all of it after a part", 3, |w| all_after_part(w, true)),
    error("PAY-003", "all of it after a part, balance not printed", 3, |w| all_after_part(w, false)),
    innocent("PAY-003", "all of it after a part that came back", 3, part_given_back),
    innocent("PAY-003", "a part and last month's rest", 3, rest_of_last_month),
    innocent("PAY-003", "a voucher paid a part", 3, voucher),
    innocent("PAY-003", "all of it after a part, both on the account", 2, both_on_the_account),
    innocent("PAY-001", "two equal parts of a larger bill", 3, equal_parts),
    innocent("PAY-001", "a part that fits two open bills", 3, tie),
];

/// An ordinary month whose opening balance is printed as 0.00.
fn ordinary(w: &mut World) -> i64 {
    w.live(&["mms"]);
    w.complete(ALL_KINDS);
    w.bill_month(w.month);
    w.charge("上期余额", "opening-balance", 0);
    w.as_of = w.month.plus(3).day(10);
    w.paid = false;
    w.sum_of_items(&w.msisdn.clone(), &w.month.text())
}

fn pay(w: &mut World, day: i64, amount: i64) {
    let text = w.bill_payment_text(w.month);
    w.pay(w.month.plus(1).at(day, 9, 0), &text, amount);
}

/// Pays a part of the bill and returns what is due and what was paid.
fn first_part(w: &mut World) -> (i64, i64) {
    let due = ordinary(w);
    let part = w.random.between(100, due - 100);
    pay(w, 5, part);
    (due, part)
}

fn parts(w: &mut World, sign: i64) {
    let (due, part) = first_part(w);
    let more = sign * w.random.between(1, 90);
    pay(w, 9, due - part + more);
    if more > 0 {
        w.expect("PAY-003", PROVEN, more).period = w.month.plus(1).text();
    }
}

/// The whole bill is paid when only its rest was due.
fn all_after_part(w: &mut World, balance: bool) {
    let (due, part) = first_part(w);
    pay(w, 9, due);
    w.expect("PAY-003", if balance { PROVEN } else { PROBABLE }, part).period = w.month.plus(1).text();
    if !balance {
        w.bill.retain(|row| row.category != "opening-balance");
    }
}

fn part_given_back(w: &mut World) {
    let (due, _) = first_part(w);
    let mut back = w.payments.last().cloned().expect("paid");
    back.at = w.month.plus(1).at(7, 8, 0);
    (back.direction, back.status) = ("in", "refunded");
    back.order_id += "_0001";
    w.payments.push(back);
    pay(w, 9, due);
}

/// Last month's bill was paid in part; this month's payment takes its rest with it.
fn rest_of_last_month(w: &mut World) {
    let due = ordinary(w);
    w.bill.retain(|row| row.category != "opening-balance");
    let (before, monthly) = (w.month.plus(-1), w.tariff.monthly);
    w.row(before, "套餐月费", "plan-fee", monthly);
    let part = w.random.between(100, monthly - 100);
    let text = w.bill_payment_text(before);
    w.pay(w.month.at(5, 9, 0), &text, part);
    pay(w, 5, due + monthly - part);
}

/// A voucher of the platform paid a part: the bank shows what was left to pay.
fn voucher(w: &mut World) {
    let due = ordinary(w);
    let voucher = w.random.pick(&[100, 300, 500]);
    pay(w, 5, due - voucher);
}

/// The operator's own list shows both payments on the account.
fn both_on_the_account(w: &mut World) {
    let (due, part) = first_part(w);
    pay(w, 9, due);
    let next = w.month.plus(1);
    w.row(next, "套餐月费", "plan-fee", w.tariff.monthly);
    w.row(next, "本期缴费", "payment", part);
    w.row(next, "本期缴费", "payment", due);
}

/// A third of the bill twice, minutes apart: the bill is larger than both.
fn equal_parts(w: &mut World) {
    let due = ordinary(w);
    let text = w.bill_payment_text(w.month);
    for minute in [0, 4] {
        w.pay(w.month.plus(1).at(5, 9, minute), &text, due / 3);
    }
}

/// Two bills are open, and the payment names neither.
fn tie(w: &mut World) {
    ordinary(w);
    w.row(w.month.plus(-1), "套餐月费", "plan-fee", w.tariff.monthly);
    let text = format!("话费账单-138****{}", &w.msisdn[7..]);
    w.pay(w.month.plus(1).at(5, 9, 0), &text, w.tariff.monthly / 2);
}
