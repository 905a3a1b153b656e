//! What the operator's lawyer would answer, once more: corrections, gifts, shared and moved numbers, contracts.

use super::papers::OrderRow;
use super::scenario::{Scenario, error, innocent};
use super::tariff::{GB, MMS_ITEM, Pack};
use super::truth::PROVEN;
use super::world::{BILL, World, gb};

const ALL_KINDS: &[&str] = &["voice", "sms", "mms", "data"];

pub const SCENARIOS: &[Scenario] = &[
    innocent("USE-001", "given back on the next bill", 2, |w| given_back(w, Back::Whole)),
    error("USE-001", "half of it given back on the next bill", 2, |w| given_back(w, Back::Half)),
    innocent("BILL-003", "the second fee given back on the next bill", 2, fee_given_back),
    innocent("SUB-004", "a gift that its own discount pays", 2, gift),
    innocent("SUB-006", "moved to this operator in mid-month", 2, moved_here),
    innocent("SUB-011", "three months at the holding fee", 2, |w| held(w, "停机保号费", true)),
    innocent("SUB-011", "the plan's holding fee under the plan's name", 2, |w| held(w, "套餐月费", false)),
    innocent("USE-003", "the only call began in the last minute", 2, over_midnight),
    error("USE-016", "roaming call told two months later", 2, late_roaming),
    innocent("SUB-004", "代收 ordered and confirmed by text", 2, confirmed_by_text),
    innocent("SUB-013", "a pack for the other number, named in words", 2, other_number),
    innocent("PAY-004", "100 yuan of credit for 98.50", 2, discounted_top_up),
    innocent("PAY-002", "bill of the number that was given away", 2, old_number),
    innocent("BILL-003", "broadband on the same bill", 2, broadband),
    innocent("SUB-007", "a discount that ended by its contract", 2, discount_over),
    innocent("SUB-002", "a yearly fee beside the monthly one", 2, yearly_fee),
    innocent("SUB-004", "a new card", 2, |w| one_off(w, "补卡工本费", 1000)),
    innocent("USE-017", "minimum consumption made up", 2, |w| one_off(w, "保底消费额", 592)),
    innocent("BILL-001", "cents dropped by a line of its own", 2, cents_dropped),
    innocent("SUB-009", "points turned into credit", 2, points),
    innocent("SUB-010", "two plans by the day in one month", 2, two_plans_by_day),
    innocent("PAY-001", "three automatic top-ups of one day", 2, three_top_ups),
    innocent("PAY-001", "broadband paid on the same day", 2, broadband_paid),
    innocent("USE-006", "texts abroad at their own price", 2, texts_abroad),
    innocent("BILL-003", "two packs of an hour, two orders", 2, hour_packs),
    innocent("SUB-006", "closed on the tenth, last month in full", 2, closed_line),
    innocent("SUB-003", "billed a month later, and says so", 2, billed_in_arrears),
    innocent("SUB-001", "renewed under its new name", 2, renewed_under_new_name),
    innocent("PAY-006", "an app of another provider at that price", 2, other_provider),
    innocent("SUB-007", "three months charged at once", 2, quarterly),
    innocent("USE-004", "data of the secondary card", 2, |w| secondary(w, "副卡上网费", "data")),
    innocent("USE-003", "calls of the secondary card", 2, |w| secondary(w, "副卡语音通话费", "voice")),
    innocent("PAY-004", "credited with a gift on top", 2, credited_with_gift),
    innocent("PAY-001", "the month before was deducted late", 2, deducted_late),
    innocent("USE-008", "family members used up the shared pack", 2, family_pack),
    innocent("PAY-005", "given back to the bank card", 2, back_to_the_card),
];

fn ordinary(w: &mut World) {
    w.live(&["mms"]);
    w.complete(ALL_KINDS);
    w.complete_orders();
    w.row(w.month.plus(-1), "套餐月费", "plan-fee", w.tariff.monthly);
    w.bill_month(w.month);
    w.as_of = w.month.plus(3).day(10);
}

fn due(w: &World) -> i64 {
    w.sum_of_items(&w.msisdn, &w.month.text())
}

#[derive(PartialEq)]
enum Back {
    Whole,
    Half,
}

/// Nobody sent a picture; the next bill takes the fee back under the item's name.
fn given_back(w: &mut World, back: Back) {
    ordinary(w);
    let fee = w.random.between(2, 30) * 100;
    w.charge(MMS_ITEM, "mms", fee);
    let next = w.month.plus(1);
    let amount = if back == Back::Whole { fee } else { fee / 2 };
    w.row(next, "套餐月费", "plan-fee", w.tariff.monthly);
    w.row(next, &format!("{}月{MMS_ITEM}退费", w.month.month), "discount", -amount);
    w.allow(&["USE-005", "USE-006", "USE-017"]);
    if back == Back::Half {
        w.expect("USE-001", PROVEN, fee - amount);
    }
}

fn fee_given_back(w: &mut World) {
    ordinary(w);
    let fee = w.tariff.monthly;
    w.charge("套餐月费", "plan-fee", fee);
    let next = w.month.plus(1);
    w.row(next, "套餐月费", "plan-fee", fee);
    w.row(next, "退还多收套餐月费", "credit", -fee);
    w.allow(&["SUB-007"]);
}

/// A friend gave the month; it stands on the bill with the discount that pays it.
fn gift(w: &mut World) {
    ordinary(w);
    w.charge("视频会员", "vas", 1500);
    w.charge("视频会员优惠", "discount", -1500);
}

/// The number came from another operator on the 15th; the first month is charged by the day.
fn moved_here(w: &mut World) {
    w.tariff.fee_keys = "first_month = \"by-day\"\nallowance_first_month = \"full\"\n".into();
    w.first_day = w.month.day(15);
    w.live(&["mms", "voice", "sms", "data"]);
    w.session(20, gb(1));
    w.complete(ALL_KINDS);
    w.order("order", w.month.at(15, 9, 0), "", "携号转网入网");
    let (days, left) = (w.month.days(), w.month.days() - 14);
    // Fee × days ÷ days of the month, half a fen upwards.
    w.charge("套餐月费", "plan-fee", (2 * w.tariff.monthly * left + days) / (2 * days));
}

/// Suspended from the first of the month before last; each month costs what the suspension costs.
fn held(w: &mut World, item: &str, price_in_order: bool) {
    if !price_in_order {
        w.tariff.fee_keys = "suspended = \"5.00\"\n".into();
    }
    w.empty_usage_list = true;
    w.complete(ALL_KINDS);
    w.complete_orders();
    let first = w.month.plus(-2);
    let row = w.order("suspend", first.plus(-1).at(28, 9, 0), "", "停机保号");
    row.from = first.day(1);
    if price_in_order {
        row.price = Some(500);
    }
    w.row(first.plus(-1), "套餐月费", "plan-fee", w.tariff.monthly);
    for offset in [-2, -1, 0] {
        w.row(w.month.plus(offset), item, "plan-fee", 500);
    }
}

/// It began at 23:59 of the last day and ended in the next month: it belongs to the month in which it began.
fn over_midnight(w: &mut World) {
    w.tariff.included.voice = 0;
    w.live(&["voice", "mms"]);
    w.complete(ALL_KINDS);
    let start = w.month.at(w.month.days(), 23, 59);
    let seconds = w.random.between(90, 900);
    w.event("voice", start).duration_s = seconds;
    w.bill_month(w.month);
}

/// The foreign network sent its record two months later; the fee stands on this bill.
fn late_roaming(w: &mut World) {
    ordinary(w);
    let call = w.event("voice", w.month.plus(-2).at(9, 10, 0));
    (call.scope, call.duration_s, call.fee) = ("international", 125, Some(297));
    w.charge("国际漫游通话费", "roaming", 297);
    w.remark("USE-016", "Q");
}

fn confirmed_by_text(w: &mut World) {
    ordinary(w);
    let order = w.order("order", w.month.at(2, 10, 0), "", "游戏点数");
    (order.price, order.confirmed, order.channel) = (Some(1000), "yes", "短信".into());
    w.charge("代收费-游戏点数", "third-party", 1000).provider = "某某科技有限公司".into();
}

/// The shop's row names the number that it is for in its text only.
fn other_number(w: &mut World) {
    ordinary(w);
    let mut pack = Pack::varied(&mut w.random);
    pack.auto_renew = false;
    let text = format!("{}-13700009999-自动发货", pack.name);
    let payment = w.pay(w.month.at(10, 9, 0), &text, pack.price);
    (payment.platform, payment.payee, payment.msisdn) =
        ("taobao", "某某通信专营店".into(), "13700009999".into());
    w.packs.push(pack);
}

fn discounted_top_up(w: &mut World) {
    ordinary(w);
    let (start, end) = (w.month.day(1), w.month.plus(1).last_day());
    w.cover(BILL, &["payments"], start, end);
    let text = format!("手机充值-138****{}-话费充值100元", &w.msisdn[7..]);
    w.pay(w.month.at(9, 10, 0), &text, 9850).face_value = Some(10000);
    w.charge("本期缴费", "payment", 10000);
}

/// The old number belongs to somebody else since last month; its last bill was still paid from this account.
fn old_number(w: &mut World) {
    ordinary(w);
    let text = format!("话费缴费-139****0001-{}账单", w.month.chinese());
    w.pay(w.month.plus(1).at(6, 9, 0), &text, 4321).msisdn = "13900000001".into();
}

fn broadband(w: &mut World) {
    ordinary(w);
    w.charge("宽带月费", "plan-fee", 3000);
    w.row(w.month.plus(-1), "宽带月费", "plan-fee", 3000);
    let order = w.order("order", w.start.at(3, 9, 0), "", "宽带月费");
    (order.price, order.confirmed) = (Some(3000), "yes");
}

fn discount_over(w: &mut World) {
    ordinary(w);
    for offset in [-3, -2] {
        w.row(w.month.plus(offset), "套餐月费", "plan-fee", w.tariff.monthly);
    }
    for offset in [-3, -2, -1] {
        w.row(w.month.plus(offset), "合约优惠", "discount", -1000);
    }
}

fn yearly_fee(w: &mut World) {
    ordinary(w);
    let order = w.order("order", w.month.at(2, 10, 0), "", "号码保护年费");
    (order.price, order.confirmed) = (Some(12000), "yes");
    w.charge("号码保护年费", "vas", 12000);
}

fn one_off(w: &mut World, item: &str, amount: i64) {
    ordinary(w);
    w.charge(item, "other", amount);
}

/// The bill drops what is below ten fen, and prints a line for it.
fn cents_dropped(w: &mut World) {
    ordinary(w);
    let cents = due(w) % 10;
    let cents = if cents == 0 {
        w.charge("其他费用", "other", 7);
        7
    } else {
        cents
    };
    w.charge("抹零", "discount", -cents);
}

fn points(w: &mut World) {
    ordinary(w);
    let worth = w.random.pick(&[500, 1000]);
    w.charge("积分兑换话费", "credit", -worth);
}

/// The plan changed on the 16th by its terms: both fees by the day.
fn two_plans_by_day(w: &mut World) {
    w.knows_plan = false;
    w.live(&["mms"]);
    w.complete(ALL_KINDS);
    w.complete_orders();
    let month = w.month;
    let change = w.order("change", month.at(15, 9, 0), "", "语料新套餐");
    (change.from, change.confirmed) = (month.day(16), "yes");
    w.charge("语料旧套餐月费(按天)", "plan-fee", 1500);
    w.charge("语料新套餐月费(按天)", "plan-fee", 2500);
}

/// The balance fell below the mark three times; all three are on the account.
fn three_top_ups(w: &mut World) {
    ordinary(w);
    for minute in [0, 7, 15] {
        let text = format!("自动充值-138****{}-话费充值", &w.msisdn[7..]);
        w.pay(w.month.at(9, 10, minute), &text, 5000).face_value = Some(5000);
        w.charge("本期缴费", "payment", 5000);
    }
}

/// The broadband costs as much as the bill and is paid to the same payee on the same day.
fn broadband_paid(w: &mut World) {
    ordinary(w);
    let due = due(w);
    let text = w.bill_payment_text(w.month);
    w.pay(w.month.plus(1).at(5, 9, 0), &text, due);
    w.pay(w.month.plus(1).at(5, 9, 10), "宽带续费", due).msisdn = String::new();
}

fn texts_abroad(w: &mut World) {
    w.tariff.more = "[[rate]]\nid = \"sms-far\"\nunit = \"sms\"\nmatch = { scope = [\"international\"] }\nper = \"event\"\n\
                     count = \"1\"\nround = \"up\"\nstages = [{ price = \"1.00\" }]\nbilled_as = [\"国际短信费\"]\nclause = \"3\"\n"
        .into();
    ordinary(w);
    w.message("sms", 15).scope = "international";
    w.charge("国际短信费", "sms", 100);
}

fn hour_packs(w: &mut World) {
    ordinary(w);
    for hour in [10, 15] {
        let order = w.order("order", w.month.at(8, hour, 0), "", "1GB流量小时包");
        (order.price, order.confirmed) = (Some(200), "yes");
        w.charge("1GB流量小时包", "pack-fee", 200);
    }
}

/// Closed on the 10th; by the plan the last month costs its fee in full.
fn closed_line(w: &mut World) {
    w.tariff.fee_keys = "last_month = \"full\"\n".into();
    ordinary(w);
    let (id, name) = (w.tariff.id.clone(), w.tariff.name.clone());
    let month = w.month;
    w.order("cancel", month.at(10, 9, 0), &id, &name).last = month.last_day();
}

/// Content is billed a month later: the line says which month it is for, and that month was ordered.
fn billed_in_arrears(w: &mut World) {
    ordinary(w);
    let before = w.month.plus(-1);
    service(w, "order", before.at(2, 10, 0), 1500);
    service(w, "cancel", before.at(25, 10, 0), 1500).last = before.last_day();
    w.charge(&format!("视频会员({}月)", before.month), "vas", 1500);
}

fn service<'w>(w: &'w mut World, action: &'static str, at: String, price: i64) -> &'w mut OrderRow {
    let order = w.order(action, at, "", "视频会员");
    (order.price, order.confirmed) = ((action != "cancel").then_some(price), "yes");
    order
}

/// The pack got a new name with the month; the order record shows the renewal under it.
fn renewed_under_new_name(w: &mut World) {
    let mut pack = Pack::varied(&mut w.random);
    pack.validity = "month";
    w.live(&["data", "mms"]);
    w.complete(ALL_KINDS);
    w.complete_orders();
    let before = w.month.plus(-1);
    let row = w.order("order", before.at(1, 8, 0), &pack.id, &pack.name);
    (row.price, row.confirmed, row.auto_renew) = (Some(pack.price), "yes", "yes");
    let renewed = w.order("renew", w.month.at(1, 0, 0), &pack.id, "畅享流量包");
    (renewed.price, renewed.auto_renew) = (Some(pack.price), "yes");
    let included = w.tariff.included.data;
    w.session(3, included + gb(pack.data_gb));
    w.session(20, GB / 2);
    w.row(before, "套餐月费", "plan-fee", w.tariff.monthly);
    w.row(before, &pack.name, "pack-fee", pack.price);
    w.bill_month(w.month);
    w.bill.retain(|row| row.category != "data");
    let fee = w.tariff.data.fee(GB / 2);
    if fee > 0 {
        w.charge(super::tariff::DATA_ITEM, "data", fee);
    }
    w.charge("畅享流量包", "pack-fee", pack.price);
    w.packs.push(pack);
}

fn other_provider(w: &mut World) {
    ordinary(w);
    service(w, "order", w.month.at(2, 10, 0), 1500);
    w.charge("视频会员", "vas", 1500).provider = "某某视频".into();
    let payment = w.pay(w.month.at(2, 11, 0), "音乐会员连续包月", 1500);
    (payment.payee, payment.msisdn) = ("某某音乐".into(), String::new());
}

/// The order names the price of three months, and they are charged in one.
fn quarterly(w: &mut World) {
    ordinary(w);
    let order = w.order("order", w.month.at(1, 10, 0), "", "云盘会员季卡");
    (order.price, order.confirmed) = (Some(4500), "yes");
    w.charge("云盘会员季卡", "vas", 4500);
}

/// The account's secondary card has a list of its own, which is not in the papers.
fn secondary(w: &mut World, item: &str, kind: &'static str) {
    w.live(&["mms", kind]);
    w.complete(ALL_KINDS);
    w.bill_month(w.month);
    let fee = w.random.between(2, 30) * 50;
    w.charge(item, kind, fee);
}

fn credited_with_gift(w: &mut World) {
    ordinary(w);
    let (start, end) = (w.month.day(1), w.month.plus(1).last_day());
    w.cover(BILL, &["payments"], start, end);
    let text = format!("手机充值-138****{}-话费充值", &w.msisdn[7..]);
    w.pay(w.month.at(9, 10, 0), &text, 10000).face_value = Some(10000);
    w.charge("本期缴费", "payment", 10000);
    w.charge("充值赠送", "payment", 500);
}

/// The deduction for the month before failed and was made a month later, days before that of this month.
fn deducted_late(w: &mut World) {
    w.empty_usage_list = true;
    w.complete(ALL_KINDS);
    let before = w.month.plus(-1);
    for month in [before, w.month] {
        w.bill_month(month);
    }
    for day in [3, 5] {
        w.pay(w.month.plus(1).at(day, 9, 0), "话费自动缴费", w.tariff.monthly);
    }
    w.as_of = w.month.plus(3).day(10);
}

/// Most of the shared allowance went to the other number of the family, whose list is not in the papers.
fn family_pack(w: &mut World) {
    w.tariff.included.data = gb(10);
    w.tariff.data_keys = "shared_with = [\"13700009999\"]".into();
    w.tariff.data = super::tariff::DataPrice::PerGb(500);
    w.live(&["data", "mms"]);
    w.complete(ALL_KINDS);
    w.session(5, gb(4));
    w.session(25, gb(2));
    w.bill_month(w.month);
    w.charge(super::tariff::DATA_ITEM, "data", 1000);
}

/// The order was closed; the money went back to the card that had paid, as the bank's list shows.
fn back_to_the_card(w: &mut World) {
    ordinary(w);
    let text = format!("手机充值-138****{}-话费充值", &w.msisdn[7..]);
    let closed = w.pay(w.month.at(9, 10, 0), &text, 4985);
    (closed.platform, closed.status) = ("taobao", "closed");
    (closed.order_id, closed.payee) = ("SHOP0001".into(), "某某话费专营店".into());
    let paid = w.pay(w.month.at(9, 10, 1), &text, 4985);
    (paid.merchant_order_id, paid.payee) = ("SHOP0001".into(), "某某话费专营店".into());
    let back = w.pay(w.month.at(12, 8, 0), "退款-某某话费专营店", 4985);
    (back.platform, back.payee, back.direction, back.status) =
        ("icbc", "某某话费专营店".into(), "in", "refunded");
    (back.order_id, back.merchant_order_id) = (String::new(), "SHOP0001".into());
}
