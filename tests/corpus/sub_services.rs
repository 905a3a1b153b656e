//! SUB-004, 005, 008, 012 and 013: services that nobody ordered, named, confirmed, announced or delivered.

use super::scenario::{Scenario, error, innocent};
use super::tariff::Pack;
use super::truth::{PROVEN, SURE};
use super::world::World;

const ALL_KINDS: &[&str] = &["voice", "sms", "mms", "data"];

pub const SCENARIOS: &[Scenario] = &[
    error("SUB-004", "service without order", 2, |w| never_ordered(w, "vas", "视频会员")),
    error("SUB-004", "MMS pack without order", 2, |w| never_ordered(w, "pack-fee", "彩信包")),
    error("SUB-004", "手机报 without order", 2, |w| never_ordered(w, "vas", "手机报")),
    innocent("SUB-004", "ordered", 2, ordered),
    innocent("SUB-004", "included in the plan", 2, included),
    error("SUB-005", "代收 without provider", 2, |w| collected(w, "")),
    innocent("SUB-005", "代收 with provider", 2, |w| collected(w, "某某科技有限公司")),
    error("SUB-008", "trial became paid", 2, |w| trial(w, false)),
    innocent("SUB-008", "trial confirmed", 2, |w| trial(w, true)),
    error("SUB-012", "renewal not announced", 2, |w| renewed_pack(w, true)),
    innocent("SUB-012", "pack that does not renew", 2, |w| renewed_pack(w, false)),
    error("SUB-013", "paid on a platform, never in force", 2, |w| paid_pack(w, Served::Never)),
    innocent("SUB-013", "in force within the hour", 2, |w| paid_pack(w, Served::Soon)),
    innocent("SUB-013", "slow delivery still open", 2, |w| paid_pack(w, Served::SlowTerm)),
];

fn ordinary(w: &mut World) {
    w.live(&["mms"]);
    w.complete(ALL_KINDS);
    w.complete_orders();
    w.row(w.month.plus(-1), "套餐月费", "plan-fee", w.tariff.monthly);
    w.bill_month(w.month);
}

fn never_ordered(w: &mut World, category: &'static str, name: &str) {
    ordinary(w);
    let fee = w.random.between(2, 30) * 100;
    w.charge(name, category, fee);
    w.expect("SUB-004", PROVEN, fee);
}

fn ordered(w: &mut World) {
    ordinary(w);
    let fee = w.random.between(2, 30) * 100;
    let order = w.order("order", w.month.at(2, 10, 0), "", "视频会员");
    (order.price, order.confirmed) = (Some(fee), "yes");
    w.charge("视频会员", "vas", fee);
}

/// Named by the plan as one of the items of its fee; the bill splits the fee.
fn included(w: &mut World) {
    ordinary(w);
    w.tariff.fee_keys.clear();
    w.charge("来电显示", "vas", 0);
}

fn collected(w: &mut World, provider: &str) {
    ordinary(w);
    let fee = w.random.between(2, 30) * 100;
    let name = "代收信息服务费";
    let order = w.order("order", w.month.at(2, 10, 0), "", name);
    (order.price, order.confirmed) = (Some(fee), "yes");
    w.charge(name, "third-party", fee).provider = provider.into();
    if provider.is_empty() {
        w.remark("SUB-005", "Q");
    }
}

/// Not on the bill three months ago, at 0.00 for two months, then with a price.
fn trial(w: &mut World, confirmed: bool) {
    ordinary(w);
    let fee = w.random.between(5, 30) * 100;
    let name = "视频彩铃";
    for offset in [-3, -2] {
        w.row(w.month.plus(offset), "套餐月费", "plan-fee", w.tariff.monthly);
    }
    for offset in [-2, -1] {
        w.row(w.month.plus(offset), name, "vas", 0);
    }
    w.charge(name, "vas", fee);
    if confirmed {
        let order = w.order("order", w.month.at(1, 10, 0), "", name);
        (order.price, order.confirmed) = (Some(fee), "yes");
    } else {
        w.expect("SUB-008", SURE, fee).claim = None;
        w.allow(&["SUB-004"]);
    }
}

fn renewed_pack(w: &mut World, renews: bool) {
    ordinary(w);
    let mut pack = Pack::varied(&mut w.random);
    pack.auto_renew = renews;
    pack.pack_keys = if renews { "renewal_notice_days = 5\n" } else { "" }.into();
    let months: &[i64] = if renews { &[-1, 0] } else { &[0] };
    for &offset in months {
        let month = w.month.plus(offset);
        let action = if offset == 0 && renews { "renew" } else { "order" };
        let row = w.order(action, month.at(1, 0, 0), &pack.id, &pack.name);
        (row.from, row.last) = (month.day(1), month.last_day());
        (row.price, row.auto_renew) = (Some(pack.price), if renews { "yes" } else { "no" });
        w.row(month, &pack.name, "pack-fee", pack.price);
    }
    if renews {
        w.remark("SUB-012", "Q");
    }
    w.packs.push(pack);
}

enum Served {
    Never,
    Soon,
    SlowTerm,
}

/// A pack bought on a platform: its price is not on the operator's bill.
fn paid_pack(w: &mut World, served: Served) {
    ordinary(w);
    let mut pack = Pack::varied(&mut w.random);
    pack.auto_renew = false;
    let slow =
        if matches!(served, Served::SlowTerm) { "（慢充，72小时至30天内到账）" } else { "" };
    let at = if slow.is_empty() { w.month.at(10, 9, 0) } else { w.month.at(w.month.days(), 9, 0) };
    let text = format!("{}{slow}", pack.name);
    let payment = w.pay(at, &text, pack.price);
    payment.platform = "taobao";
    payment.payee = "某某通信专营店".into();
    match served {
        Served::Never => {
            let price = pack.price;
            w.expect("SUB-013", SURE, price).claim = None;
            w.allow(&["PAY-002", "PAY-004"]);
        }
        Served::Soon => {
            let month = w.month;
            let row = w.order("order", month.at(10, 9, 20), &pack.id, &pack.name);
            (row.from, row.last) = (month.day(10), month.last_day());
            (row.price, row.confirmed) = (Some(pack.price), "yes");
            row.channel = "taobao".into();
        }
        Served::SlowTerm => w.as_of = w.month.plus(1).day(3),
    }
    w.packs.push(pack);
}
