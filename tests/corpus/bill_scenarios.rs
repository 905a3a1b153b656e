//! BILL-001 to BILL-007: the bill against itself and against the bills before.

use super::papers::{self, yuan};
use super::scenario::{Scenario, error, innocent};
use super::tariff::{MMS_ITEM, SMS_ITEM};
use super::truth::{PROBABLE, PROVEN};
use super::world::World;

const ALL_KINDS: &[&str] = &["voice", "sms", "mms", "data"];

pub const SCENARIOS: &[Scenario] = &[
    error("BILL-001", "total above the items", 6, |w| total_off(w, 1)),
    error("BILL-001", "total above the items, no plan", 4, total_off_without_plan),
    error("BILL-001", "total above the items of a bill tree", 4, |w| tree(w, 1)),
    innocent("BILL-001", "a bill tree adds up", 4, |w| tree(w, 0)),
    innocent("BILL-001", "total is the sum", 3, |w| total_off(w, 0)),
    innocent("BILL-001", "total after prepaid deductions", 4, |w| total_off(w, -1)),
    innocent("BILL-001", "netted discount", 4, netted_discount),
    innocent("BILL-001", "no total printed", 2, no_total),
    error("BILL-002", "amount above quantity times price", 2, product_off),
    innocent("BILL-002", "product rounded to fen", 2, product_rounded),
    error("BILL-003", "monthly fee twice", 5, fee_twice),
    error("BILL-003", "pack twice, one order", 4, |w| pack_twice(w, 1, true)),
    error("BILL-003", "pack twice, orders not complete", 4, |w| pack_twice(w, 1, false)),
    error("BILL-003", "service twice, one order", 4, service_twice),
    error("BILL-003", "secondary cards alike", 3, |w| rightly_twice(w, "副卡功能费")),
    error("BILL-003", "instalments alike", 3, |w| rightly_twice(w, "终端分期款")),
    innocent("BILL-003", "pack ordered twice", 4, |w| pack_twice(w, 2, true)),
    innocent("BILL-003", "same fee in two periods", 3, two_periods),
    innocent("BILL-003", "two providers", 3, two_providers),
    innocent("BILL-003", "two amounts", 2, two_amounts),
    innocent("BILL-003", "a group of one item", 4, group_of_one),
    error("BILL-003", "pack twice, its one order in two exports", 4, order_in_two_exports),
    innocent("BILL-003", "the bill handed over twice", 4, |w| bill_again(w, false)),
    innocent("BILL-003", "the bill handed over in two formats", 4, |w| bill_again(w, true)),
    innocent("BILL-003", "two equal discounts", 2, two_discounts),
    error("BILL-004", "closing balance off", 2, |w| balance(w, 1)),
    innocent("BILL-004", "balance carries", 2, |w| balance(w, 0)),
    error("BILL-005", "a month is missing", 2, |w| earlier_bills(w, &[-3, -1], 0)),
    innocent("BILL-005", "no month is missing", 2, |w| earlier_bills(w, &[-3, -2, -1], 0)),
    error("BILL-006", "six times the mean", 2, |w| earlier_bills(w, &[-3, -2, -1], 6)),
    innocent("BILL-006", "four times the mean", 2, |w| earlier_bills(w, &[-3, -2, -1], 4)),
    error("BILL-007", "late fee above the limit", 2, |w| late_fee(w, true)),
    innocent("BILL-007", "late fee at the limit", 2, |w| late_fee(w, false)),
];

fn ordinary(w: &mut World) {
    w.live(&["mms"]);
    w.complete(ALL_KINDS);
    w.bill_month(w.month);
}

fn total_off(w: &mut World, sign: i64) {
    ordinary(w);
    let gap = sign * w.random.between(1, 1800);
    w.total_off.insert(w.month.text(), gap);
    if gap > 0 {
        w.expect("BILL-001", PROVEN, gap);
    }
}

fn total_off_without_plan(w: &mut World) {
    w.knows_plan = false;
    total_off(w, 1);
}

fn tree(w: &mut World, sign: i64) {
    total_off(w, sign);
    w.print_cmcc_bill();
}

/// A bill tree prints the same sum for a group and for its only item.
fn group_of_one(w: &mut World) {
    ordinary(w);
    w.print_cmcc_bill();
}

fn netted_discount(w: &mut World) {
    ordinary(w);
    let off = w.random.between(1, 9) * 100;
    w.charge("套餐月费优惠", "discount", -off);
}

fn no_total(w: &mut World) {
    ordinary(w);
    w.prints_totals = false;
}

fn product_off(w: &mut World) {
    w.live(&["sms", "mms"]);
    w.complete(ALL_KINDS);
    w.bill_month(w.month);
    let count = w.random.between(3, 9);
    for day in w.days(count) {
        w.message("sms", day);
    }
    let surplus = w.random.between(1, 60) * 10;
    let price = w.tariff.price.sms;
    let row = w.charge(SMS_ITEM, "sms", count * price + surplus);
    (row.quantity, row.unit_price) = (count.to_string(), yuan(price));
    w.expect("BILL-002", PROVEN, surplus).claim = None;
    w.allow(&["USE-006", "USE-017"]);
}

/// 7 × 0.2857 = 1.9999, printed 2.00; no plan, so that only the line itself is checked.
fn product_rounded(w: &mut World) {
    w.knows_plan = false;
    w.live(&["sms", "mms"]);
    w.complete(ALL_KINDS);
    w.charge("套餐月费", "plan-fee", w.tariff.monthly);
    let count = w.random.between(6, 8);
    for day in w.days(count) {
        w.message("mms", day);
    }
    // count × 0.2857 in 1/10000 yuan, rounded to fen by hand.
    let fen = (count * 2857 + 50) / 100;
    let row = w.charge(MMS_ITEM, "mms", fen);
    (row.quantity, row.unit_price) = (count.to_string(), "0.2857".into());
}

fn fee_twice(w: &mut World) {
    ordinary(w);
    let monthly = w.tariff.monthly;
    w.charge("套餐月费", "plan-fee", monthly);
    w.expect("BILL-003", PROVEN, monthly);
    w.allow(&["SUB-006", "SUB-007", "SUB-010"]);
}

fn pack_twice(w: &mut World, orders: i64, complete: bool) {
    ordinary(w);
    let price = w.random.between(3, 40) * 100;
    let name = w.random.pick(&["5GB流量加油包", "视频会员流量包", "校园流量包"]);
    for order in 0..orders {
        let at = w.month.at(3 + order, 10, 0);
        w.order("order", at, "", name).price = Some(price);
    }
    if complete {
        w.complete_orders();
    }
    for _ in 0..2 {
        w.charge(name, "pack-fee", price);
    }
    if orders == 1 {
        w.expect("BILL-003", if complete { PROVEN } else { PROBABLE }, price);
        w.allow(&["SUB-002", "SUB-004"]);
    }
}

/// Two exports of the order record overlap; the order stays one.
fn order_in_two_exports(w: &mut World) {
    pack_twice(w, 1, true);
    let again = papers::orders_csv(&w.orders);
    w.files.push(("orders/again.csv".into(), again));
}

/// The same bill, as a second copy or as the tree that the operator prints.
fn bill_again(w: &mut World, other_format: bool) {
    ordinary(w);
    w.prints_totals = !other_format;
    let plain = w.bill.clone();
    w.print_cmcc_bill();
    if other_format {
        w.bill = plain;
    } else {
        let tree = w.files.last().cloned().expect("just printed").1;
        w.files.push(("bills/cmcc-2.csv".into(), tree));
    }
}

fn service_twice(w: &mut World) {
    ordinary(w);
    let price = w.random.between(2, 30) * 100;
    let at = w.month.at(2, 10, 0);
    w.order("order", at, "", "彩铃功能费").price = Some(price);
    w.complete_orders();
    for _ in 0..2 {
        w.charge("彩铃功能费", "vas", price).provider = "某某科技".into();
    }
    w.expect("BILL-003", PROVEN, price);
    w.allow(&["SUB-002", "SUB-004", "SUB-007"]);
}

/// Two secondary cards or instalments cost the same: a question, never an error.
fn rightly_twice(w: &mut World, item: &str) {
    ordinary(w);
    for _ in 0..2 {
        w.charge(item, "other", 1000);
    }
    w.remark("BILL-003", "Q");
}

fn two_periods(w: &mut World) {
    ordinary(w);
    w.row(w.month.plus(-1), "套餐月费", "plan-fee", w.tariff.monthly);
}

fn ordered_service(w: &mut World, name: &str, price: i64, provider: &str) {
    let at = w.start.at(2, 10, 0);
    w.order("order", at, "", name).price = Some(price);
    w.charge(name, "vas", price).provider = provider.into();
}

fn two_providers(w: &mut World) {
    ordinary(w);
    w.complete_orders();
    let price = w.random.between(2, 30) * 100;
    ordered_service(w, "视频会员", price, "甲公司");
    ordered_service(w, "视频会员", price, "乙公司");
}

fn two_amounts(w: &mut World) {
    ordinary(w);
    w.complete_orders();
    let price = w.random.between(2, 30) * 100;
    ordered_service(w, "视频会员", price, "甲公司");
    ordered_service(w, "视频会员", price + 100, "甲公司");
}

fn two_discounts(w: &mut World) {
    ordinary(w);
    for _ in 0..2 {
        w.charge("套餐月费优惠", "discount", -300);
    }
}

fn balance(w: &mut World, wrong: i64) {
    ordinary(w);
    let opening = w.random.between(20, 90) * 100;
    let paid = w.random.between(50, 200) * 100;
    let charges = w.sum_of_items(&w.msisdn.clone(), &w.month.text());
    let gap = wrong * w.random.between(1, 900);
    w.charge("期初余额", "opening-balance", opening);
    w.charge("本期缴费", "payment", paid);
    w.charge("期末余额", "closing-balance", opening + paid - charges - gap);
    if wrong > 0 {
        w.remark("BILL-004", "Q");
    }
}

/// Bills of the months at the offsets, each the monthly fee; the month of the case costs `times` as much in other
/// charges that an order explains.
fn earlier_bills(w: &mut World, offsets: &[i64], times: i64) {
    ordinary(w);
    for &offset in offsets {
        w.row(w.month.plus(offset), "套餐月费", "plan-fee", w.tariff.monthly);
    }
    if times > 0 {
        let sum = w.sum_of_items(&w.msisdn.clone(), &w.month.text());
        let more = times * w.tariff.monthly - sum;
        w.complete_orders();
        let at = w.month.at(2, 10, 0);
        w.order("order", at, "", "年度会员").price = Some(more);
        w.charge("年度会员", "vas", more);
    }
    if offsets.len() == 2 {
        w.remark("BILL-005", "Q");
    }
    if times > 5 {
        w.remark("BILL-006", "Q");
    }
}

/// Debt 50.00 to 300.00, 10 to 30 days: debt × 3‰ × days is a whole number of fen for debts of whole 10 yuan.
fn late_fee(w: &mut World, wrong: bool) {
    ordinary(w);
    let (debt, days) = (w.random.between(5, 30) * 1000, w.random.between(10, 30));
    let limit = debt * 3 * days / 1000;
    let surplus = if wrong { w.random.between(1, 500) } else { 0 };
    w.charge("期初余额", "opening-balance", -debt);
    let row = w.charge("违约金", "late-fee", limit + surplus);
    row.quantity = days.to_string();
    if wrong {
        w.expect("BILL-007", PROVEN, surplus);
    }
}
