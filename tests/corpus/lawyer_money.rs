//! What the operator's lawyer would answer: fees and payments that look wrong and are right.

use super::papers::{OrderRow, PaymentRow};
use super::scenario::{Scenario, error, innocent};
use super::tariff::{DATA_ITEM, DataPrice, GB, MB, Pack};
use super::truth::{NEEDS, PROBABLE, PROVEN};
use super::world::{BILL, USAGE, World, gb};

const ALL_KINDS: &[&str] = &["voice", "sms", "mms", "data"];

pub const SCENARIOS: &[Scenario] = &[
    innocent("BILL-002", "started GB by the plan's rounding", 2, started_gb),
    error("BILL-003", "a pack for each day, a question", 2, day_packs),
    innocent("BILL-003", "two orders at two prices", 2, |w| priced_orders(w, &[600, 800], &[600, 800])),
    error("BILL-003", "the second is no order's", 2, |w| priced_orders(w, &[600, 800], &[600, 600, 800])),
    innocent("BILL-007", "late fee over two months of arrears", 2, old_arrears),
    innocent("SUB-001", "an order of the next day renewed it", 2, renewed_next_day),
    innocent("SUB-002", "thirty days end in the same month", 2, thirty_days),
    innocent("SUB-003", "cancelled, then ordered again", 2, ordered_again),
    innocent("SUB-003", "last day of force in the month charged", 2, last_day_in_month),
    innocent("SUB-004", "ordered under a longer name", 2, longer_name),
    innocent("SUB-004", "running before the order list begins", 2, short_list),
    innocent("SUB-006", "joined on the first day", 2, first_day),
    innocent("SUB-007", "brought down by a discount of another name", 2, loose_discount),
    innocent("SUB-008", "price known from the order of the trial", 2, announced_trial),
    innocent("SUB-009", "credit printed as a discount of its name", 2, credit_as_discount),
    innocent("SUB-011", "restarted in the month", 2, restarted),
    innocent("SUB-013", "a pack for another number", 2, for_another),
    innocent("PAY-001", "shop and wallet show one payment", 2, shop_and_wallet),
    innocent("PAY-001", "the same subscription in two months", 2, two_months),
    innocent("PAY-003", "service fee shown", 2, service_fee),
    error("PAY-004", "paid in the last hours of the list", 2, end_of_list),
    innocent("PAY-004", "credited in two parts", 2, two_parts),
    innocent("PAY-005", "refunded in two parts", 2, refunded_in_parts),
    innocent("PAY-006", "the bill's own payment", 2, bill_named_like_service),
    innocent("PAY-007", "last deduction of the running month", 2, running_month),
    error("USE-004", "prepaid line", 2, prepaid),
    error("USE-008", "thirty-day pack was still in force", 2, pack_in_force),
    error("USE-001", "a row of the list cannot be read", 2, unreadable_row),
];

fn ordinary(w: &mut World) {
    w.live(&["mms"]);
    w.complete(ALL_KINDS);
    w.complete_orders();
    w.row(w.month.plus(-1), "套餐月费", "plan-fee", w.tariff.monthly);
    w.bill_month(w.month);
    w.as_of = w.month.plus(3).day(10);
}

/// 2.3 GB at 5.00: three started GB by the plan, 15.00; 2.3 × 5.00 is 11.50.
fn started_gb(w: &mut World) {
    w.tariff.data = DataPrice::PerGb(500);
    w.live(&["data", "mms"]);
    w.complete(ALL_KINDS);
    let included = w.tariff.included.data;
    w.session(1, included);
    w.session(16, 2 * GB + 300 * MB);
    w.bill_month(w.month);
    w.bill.retain(|row| row.category != "data");
    let row = w.charge(DATA_ITEM, "data", 1500);
    (row.quantity, row.unit_price) = ("2.3".into(), "5.00".into());
}

/// A pack of one day was used on several days; the bill has one line a day and nobody has the orders.
fn day_packs(w: &mut World) {
    w.knows_plan = false;
    w.live(&["mms"]);
    w.complete(ALL_KINDS);
    w.charge("套餐月费", "plan-fee", w.tariff.monthly);
    for _ in 0..w.random.between(2, 6) {
        w.charge("省内流量日包", "pack-fee", 100);
    }
    w.remark("BILL-003", "Q");
}

fn priced_orders(w: &mut World, orders: &[i64], charges: &[i64]) {
    ordinary(w);
    for (index, price) in orders.iter().enumerate() {
        let order = w.order("order", w.month.at(2 + index as i64, 10, 0), "", "阅读包");
        (order.price, order.confirmed) = (Some(*price), "yes");
    }
    for price in charges {
        w.charge("阅读包", "vas", *price);
    }
    if charges.len() > orders.len() {
        w.expect("BILL-003", &["proven", "probable"], 600);
        w.allow(&["SUB-002"]);
    }
}

/// The debt of two months ago is paid in this one; days and debt are on the earlier bill.
fn old_arrears(w: &mut World) {
    let before = w.month.plus(-1);
    let debt = w.random.between(50, 200) * 100;
    w.row(before, "套餐月费", "plan-fee", w.tariff.monthly);
    w.row(before, "上期余额", "opening-balance", -debt);
    w.row(before, "期末余额", "closing-balance", -debt - w.tariff.monthly);
    w.live(&["mms"]);
    w.complete(ALL_KINDS);
    w.bill_month(w.month);
    w.charge("上期余额", "opening-balance", 0);
    // Thirty days at 3‰ of the debt, printed after it was paid.
    w.charge("违约金", "late-fee", debt * 9 / 100);
}

fn validity(w: &mut World, action: &'static str, at: String, pack: &Pack) {
    let row = w.order(action, at, &pack.id, &pack.name);
    (row.price, row.confirmed, row.auto_renew) = (Some(pack.price), "yes", "yes");
}

/// The renewal ran some hours late and stands as a new order of the next day.
fn renewed_next_day(w: &mut World) {
    let mut pack = Pack::varied(&mut w.random);
    pack.validity = "30d";
    w.live(&["data", "mms"]);
    w.complete(ALL_KINDS);
    w.complete_orders();
    let before = w.month.plus(-1);
    validity(w, "order", before.at(10, 8, 0), &pack);
    let again = if before.days() == 31 { w.month.at(10, 2, 0) } else { w.month.at(11, 2, 0) };
    validity(w, "order", again, &pack);
    let included = w.tariff.included.data;
    w.session(1, included / 2);
    w.row(before, "套餐月费", "plan-fee", w.tariff.monthly);
    w.row(before, &pack.name, "pack-fee", pack.price);
    w.bill_month(w.month);
    w.charge(&pack.name, "pack-fee", pack.price);
    w.packs.push(pack);
}

/// From the first to the thirty-first at the same hour: two validities begin in one month of 31 days.
fn thirty_days(w: &mut World) {
    w.month = super::month::Month { year: 2025, month: w.random.pick(&[3, 5, 7, 8, 10]) };
    w.start = w.month.plus(-4);
    w.as_of = w.month.plus(2).day(2);
    let mut pack = Pack::varied(&mut w.random);
    pack.validity = "30d";
    ordinary(w);
    let month = w.month;
    validity(w, "order", month.at(1, 8, 0), &pack);
    validity(w, "renew", month.at(31, 8, 0), &pack);
    w.charge(&pack.name, "pack-fee", pack.price);
    w.charge(&pack.name, "pack-fee", pack.price);
    w.packs.push(pack);
}

fn service<'w>(w: &'w mut World, action: &'static str, at: String, price: i64) -> &'w mut OrderRow {
    let order = w.order(action, at, "", "视频会员");
    (order.price, order.confirmed) = ((action != "cancel").then_some(price), "yes");
    order
}

fn ordered_again(w: &mut World) {
    ordinary(w);
    let (before, month, price) = (w.month.plus(-2), w.month, 1500);
    service(w, "order", before.plus(-1).at(2, 10, 0), price);
    service(w, "cancel", before.at(9, 10, 0), price).last = before.last_day();
    service(w, "order", month.at(3, 10, 0), price);
    w.charge("视频会员", "vas", price);
}

fn last_day_in_month(w: &mut World) {
    ordinary(w);
    let (month, price) = (w.month, 1500);
    service(w, "order", w.start.at(2, 10, 0), price);
    service(w, "cancel", month.at(3, 10, 0), price).last = month.last_day();
    w.row(month.plus(-1), "视频会员", "vas", price);
    w.charge("视频会员", "vas", price);
}

/// The order names the product as its shop does; the bill says what it is.
fn longer_name(w: &mut World) {
    ordinary(w);
    let price = 1500;
    let order = w.order("order", w.month.at(2, 10, 0), "", "视频会员连续包月");
    (order.price, order.confirmed) = (Some(price), "yes");
    w.charge("视频会员", "vas", price);
}

/// The service stands on every bill; the order list only begins with this month.
fn short_list(w: &mut World) {
    w.live(&["mms"]);
    w.complete(ALL_KINDS);
    w.empty_order_list = true;
    let (start, end) = (w.month.day(1), w.month.last_day());
    w.cover(super::world::ORDERS, &["orders"], start, end);
    for offset in [-3, -2, -1] {
        w.row(w.month.plus(offset), "套餐月费", "plan-fee", w.tariff.monthly);
        w.row(w.month.plus(offset), "来电提醒", "vas", 300);
    }
    w.bill_month(w.month);
    w.charge("来电提醒", "vas", 300);
    // It may still be asked for, and be probable at most (fine print 31); here nothing speaks for an error.
    w.truth.allowed.push("SUB-004");
}

fn first_day(w: &mut World) {
    w.tariff.fee_keys = "first_month = \"by-day\"\n".into();
    w.first_day = w.month.day(1);
    w.live(&["mms"]);
    w.complete(ALL_KINDS);
    w.bill_month(w.month);
}

/// The item is printed at its list price; a discount of its own name brings it down to the price of the order.
fn loose_discount(w: &mut World) {
    ordinary(w);
    service(w, "order", w.month.at(2, 10, 0), 1000);
    w.charge("视频会员", "vas", 1500);
    w.charge("合约优惠", "discount", -500);
}

fn announced_trial(w: &mut World) {
    ordinary(w);
    let month = w.month;
    let order = w.order("order", month.plus(-2).at(1, 10, 0), "", "视频彩铃");
    (order.price, order.confirmed) = (Some(600), "yes");
    for offset in [-2, -1] {
        w.row(month.plus(offset), "视频彩铃", "vas", 0);
    }
    w.charge("视频彩铃", "vas", 600);
}

fn credit_as_discount(w: &mut World) {
    w.tariff.more =
        "[[credit]]\nid = \"return\"\namount = \"10.00\"\nfirst_cycle = \"next-month\"\ncycles = 24\n\
                     billed_as = [\"充值赠费返还\"]\nclause = \"1\"\n"
            .into();
    w.live(&["mms"]);
    w.complete(ALL_KINDS);
    w.bill_month(w.month);
    w.charge("充值赠费返还", "discount", -1000);
}

/// Suspended in the month before, restarted on the 10th: both months are charged in full by the rule.
fn restarted(w: &mut World) {
    w.tariff.fee_keys = "suspended = \"5.00\"\n".into();
    ordinary(w);
    let (before, month) = (w.month.plus(-1), w.month);
    w.order("suspend", before.at(15, 10, 0), "", "停机保号").from = before.day(15);
    w.order("resume", month.at(10, 10, 0), "", "复机").from = month.day(10);
}

fn for_another(w: &mut World) {
    ordinary(w);
    let mut pack = Pack::varied(&mut w.random);
    pack.auto_renew = false;
    let payment = w.pay(w.month.at(10, 9, 0), &pack.name, pack.price);
    (payment.platform, payment.payee) = ("taobao", "某某通信专营店".into());
    payment.msisdn = "13700009999".into();
    w.packs.push(pack);
}

/// The shop's list and the wallet's list each hold the one top-up.
fn shop_and_wallet(w: &mut World) {
    ordinary(w);
    let amount = w.random.pick(&[3000, 5000]);
    let text = format!("手机充值-138****{}-话费充值", &w.msisdn[7..]);
    let paid = w.pay(w.month.at(9, 10, 1), &text, amount);
    (paid.merchant_order_id, paid.payee) = ("SHOP0001".into(), "某某话费专营店".into());
    let shop = w.pay(w.month.at(9, 10, 0), &text, amount);
    (shop.platform, shop.order_id, shop.payee) = ("taobao", "SHOP0001".into(), "某某话费专营店".into());
    shop.merchant_order_id = String::new();
    w.charge("本期缴费", "payment", amount);
}

fn two_months(w: &mut World) {
    ordinary(w);
    let price = 1500;
    let order = w.order("order", w.start.at(2, 10, 0), "", "视频会员连续包月");
    (order.price, order.confirmed, order.auto_renew) = (Some(price), "yes", "yes");
    (order.channel, order.id) = ("alipay".into(), "MANDATE0001".into());
    for offset in [-1, 0] {
        let month = w.month.plus(offset);
        let renewed = w.order("renew", month.at(2, 10, 0), "", "视频会员连续包月");
        (renewed.price, renewed.channel, renewed.auto_renew) = (Some(price), "alipay".into(), "yes");
        let at = month.at(2, 10, 1);
        let payment = w.pay(at, "视频会员连续包月", price);
        (payment.payee, payment.merchant_order_id) = ("某某视频".into(), "MANDATE0001".into());
    }
}

fn service_fee(w: &mut World) {
    ordinary(w);
    let due = w.sum_of_items(&w.msisdn.clone(), &w.month.text());
    let text = w.bill_payment_text(w.month) + "（含服务费）";
    let at = w.month.plus(1).at(5, 9, 0);
    w.pay(at, &text, due + 100);
}

fn top_up(w: &mut World, at: String, amount: i64) -> &mut PaymentRow {
    let text = format!("手机充值-138****{}-话费充值", &w.msisdn[7..]);
    let payment = w.pay(at, &text, amount);
    payment.face_value = Some(amount);
    payment
}

/// The operator's list ends with the month; the top-up was made in its last hour.
fn end_of_list(w: &mut World) {
    ordinary(w);
    let (start, end) = (w.month.day(1), w.month.last_day());
    w.cover(BILL, &["payments"], start, end);
    top_up(w, w.month.at(w.month.days(), 23, 10), 5000);
    w.expect("PAY-004", NEEDS, 5000);
}

fn two_parts(w: &mut World) {
    ordinary(w);
    let (start, end) = (w.month.day(1), w.month.plus(1).last_day());
    w.cover(BILL, &["payments"], start, end);
    top_up(w, w.month.at(9, 10, 0), 5000);
    w.charge("本期缴费", "payment", 3000);
    w.charge("本期缴费", "payment", 2000);
}

fn refunded_in_parts(w: &mut World) {
    ordinary(w);
    let text = format!("手机充值-138****{}-话费充值", &w.msisdn[7..]);
    let closed = w.pay(w.month.at(9, 10, 0), &text, 4985);
    (closed.platform, closed.status) = ("taobao", "closed");
    (closed.order_id, closed.payee) = ("SHOP0001".into(), "某某话费专营店".into());
    let paid = w.pay(w.month.at(9, 10, 1), &text, 4985);
    (paid.merchant_order_id, paid.payee) = ("SHOP0001".into(), "某某话费专营店".into());
    let paid = w.payments.last().cloned().expect("paid");
    for (day, part) in [(11, 3000), (12, 1985)] {
        let mut row = paid.clone();
        (row.at, row.amount) = (w.month.at(day, 8, 0), part);
        (row.direction, row.status) = ("in", "refunded");
        row.order_id += &format!("_{day}");
        w.payments.push(row);
    }
}

/// The service is on the bill, and the bill was paid on the platform; the payment is as large as the service.
fn bill_named_like_service(w: &mut World) {
    w.knows_plan = false;
    w.tariff.monthly = 0;
    w.complete(ALL_KINDS);
    w.complete_orders();
    let price = 1500;
    service(w, "order", w.month.at(2, 10, 0), price);
    w.charge("视频会员", "vas", price).provider = "某某视频".into();
    let text = w.bill_payment_text(w.month);
    let at = w.month.plus(1).at(5, 9, 0);
    w.pay(at, &text, price);
    w.as_of = w.month.plus(3).day(10);
}

/// The mandate was cancelled; its last day in force is the end of the month, the deduction stands before.
fn running_month(w: &mut World) {
    ordinary(w);
    let (price, month) = (1500, w.month);
    let order = w.order("order", w.start.at(2, 10, 0), "", "视频会员连续包月");
    (order.price, order.confirmed, order.auto_renew) = (Some(price), "yes", "yes");
    (order.channel, order.id) = ("alipay".into(), "MANDATE0001".into());
    let cancel = w.order("cancel", month.at(4, 10, 0), "", "视频会员连续包月");
    (cancel.channel, cancel.id, cancel.last) = ("alipay".into(), "MANDATE0001".into(), month.last_day());
    let payment = w.pay(month.at(10, 10, 1), "视频会员连续包月", price);
    (payment.payee, payment.merchant_order_id) = ("某某视频".into(), "MANDATE0001".into());
}

/// A prepaid line: the month is charged to its balance; no session stands on the complete list.
fn prepaid(w: &mut World) {
    w.live(&["mms", "data"]);
    w.complete(ALL_KINDS);
    w.bill_month(w.month);
    let fee = w.tariff.data.fee(w.random.between(1, 900) * MB);
    w.charge(DATA_ITEM, "data", fee);
    let due = w.sum_of_items(&w.msisdn.clone(), &w.month.text());
    w.charge("上期余额", "opening-balance", due + 5000);
    w.charge("期末余额", "closing-balance", 5000);
    w.paid = false;
    w.expect("USE-004", PROVEN, fee);
    w.allow(&["USE-006", "USE-008", "USE-017"]);
}

/// Ordered on the 20th of the month before, in force to the 19th; used up by nobody.
fn pack_in_force(w: &mut World) {
    let mut pack = Pack::varied(&mut w.random);
    (pack.validity, pack.auto_renew) = ("30d", false);
    w.tariff.included.data = gb(2);
    w.live(&["data", "mms"]);
    w.complete(ALL_KINDS);
    w.complete_orders();
    let before = w.month.plus(-1);
    w.cover(USAGE, ALL_KINDS, before.day(1), before.last_day());
    validity(w, "order", before.at(20, 8, 0), &pack);
    w.orders.last_mut().expect("just ordered").auto_renew = "no";
    w.session(2, gb(2));
    w.session(10, gb(1));
    w.row(before, "套餐月费", "plan-fee", w.tariff.monthly);
    w.row(before, &pack.name, "pack-fee", pack.price);
    w.bill_month(w.month);
    w.bill.retain(|row| row.category != "data");
    let fee = w.tariff.data.fee(gb(1));
    w.charge(DATA_ITEM, "data", fee);
    w.packs.push(pack);
    w.expect("USE-008", PROVEN, fee);
    w.allow(&["USE-006", "USE-009", "USE-017"]);
}

/// A row inside the window cannot be read: it may be the one that was sent (fine print 32).
fn unreadable_row(w: &mut World) {
    w.live(&["mms"]);
    w.complete(ALL_KINDS);
    w.bill_month(w.month);
    let bad = w.message("sms", 15);
    bad.start = bad.start.replace("2025-", "2025/13/");
    let fee = w.random.between(2, 60) * 50;
    w.charge("彩信费", "mms", fee);
    w.expect("USE-001", PROBABLE, fee);
    w.allow(&["USE-005", "USE-006", "USE-017"]);
}
