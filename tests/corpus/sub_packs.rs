//! SUB-001 to SUB-003: packs that did not renew, renewed twice, or went on after their end.

use super::scenario::{Scenario, error, innocent};
use super::tariff::{DATA_ITEM, DataPrice, MB, Pack};
use super::truth::{OPEN, PROBABLE, PROVEN, SURE};
use super::world::{USAGE, World, gb};

const ALL_KINDS: &[&str] = &["voice", "sms", "mms", "data"];

pub const SCENARIOS: &[Scenario] = &[
    error("SUB-001", "not renewed, balance positive", 8, |w| missed(w, Papers::All)),
    error("SUB-001", "not renewed, no balance rows", 5, |w| missed(w, Papers::NoBalance)),
    error("SUB-001", "not renewed, orders not complete", 4, |w| missed(w, Papers::NoOrderWindow)),
    error("SUB-001", "one of two packs", 4, one_of_two),
    innocent("SUB-001", "renewed", 4, |w| not_missed(w, Reason::Renewed)),
    innocent("SUB-001", "cancelled", 4, |w| not_missed(w, Reason::Cancelled)),
    innocent("SUB-001", "does not renew by its terms", 4, |w| not_missed(w, Reason::OneMonthOnly)),
    innocent("SUB-001", "balance too low", 4, |w| not_missed(w, Reason::BalanceTooLow)),
    innocent("SUB-001", "running bill", 4, running_bill),
    innocent("SUB-001", "no overage", 3, |w| not_missed(w, Reason::NoOverage)),
    innocent("SUB-001", "the pack would have cost more", 3, |w| not_missed(w, Reason::DearerPack)),
    error("SUB-002", "one month under two names", 2, |w| two_names(w, 1)),
    innocent("SUB-002", "two orders", 2, |w| two_names(w, 2)),
    error("SUB-003", "month after the cancellation", 2, |w| cancelled(w, -1)),
    innocent("SUB-003", "cancel now, effective next month", 2, |w| cancelled(w, 0)),
];

#[derive(PartialEq)]
enum Papers {
    All,
    NoBalance,
    NoOrderWindow,
}

#[derive(PartialEq)]
enum Reason {
    Renewed,
    Cancelled,
    OneMonthOnly,
    BalanceTooLow,
    NoOverage,
    DearerPack,
    StillOpen,
}

/// A pack of last month, its order and last month's bill; this month uses allowance, pack and `beyond` bytes.
struct PackLine {
    pack: Pack,
    beyond: i64,
}

impl PackLine {
    fn new(w: &mut World, beyond: i64) -> Self {
        w.tariff.included.data = gb(w.random.between(2, 8));
        w.tariff.data = DataPrice::PerGb(w.random.pick(&[500, 1000]));
        Self { pack: Pack::varied(&mut w.random), beyond }
    }

    /// Usage of both months, and the list of both as complete.
    fn live(&self, w: &mut World, used: i64) {
        w.live(&["data", "mms"]);
        w.complete(ALL_KINDS);
        let before = w.month.plus(-1);
        w.cover(USAGE, ALL_KINDS, before.day(1), before.last_day());
        for day in [1, before.days()] {
            let start = w.time(before, day);
            w.event("data", start).bytes = gb(1);
        }
        for day in [1, 8, 16, w.month.days()] {
            w.session(day, used / 4);
        }
    }

    fn order_last_month(&self, w: &mut World) {
        let before = w.month.plus(-1);
        let row = w.order("order", before.at(1, 9, 30), &self.pack.id, &self.pack.name);
        (row.from, row.last) = (before.day(1), before.last_day());
        (row.price, row.auto_renew) =
            (Some(self.pack.price), if self.pack.auto_renew { "yes" } else { "no" });
        row.confirmed = "yes";
        w.row(before, "套餐月费", "plan-fee", w.tariff.monthly);
        w.row(before, &self.pack.name, "pack-fee", self.pack.price);
    }

    /// Use that fills the allowance and the pack and goes beyond.
    fn used(&self, w: &World) -> i64 {
        w.tariff.included.data + gb(self.pack.data_gb) + self.beyond
    }

    /// What the month costs in overage without and with the pack.
    fn overage(&self, w: &World, used: i64) -> (i64, i64) {
        let outside = used / 4 * 4 - w.tariff.included.data;
        (w.tariff.data.fee(outside), w.tariff.data.fee(outside - gb(self.pack.data_gb)))
    }
}

fn bill_with_overage(w: &mut World, overage: i64) {
    w.bill_month(w.month);
    w.bill.retain(|row| row.category != "data");
    if overage > 0 {
        w.charge(DATA_ITEM, "data", overage);
    }
}

/// Opening, payment and closing of both months; the payment covers the charges, the balance stays above zero
/// unless `opening` is below.
fn balances(w: &mut World, opening: i64) {
    let balance = opening;
    for month in [w.month.plus(-1), w.month] {
        let charges = w.sum_of_items(&w.msisdn.clone(), &month.text());
        w.row(month, "期初余额", "opening-balance", balance);
        w.row(month, "本期缴费", "payment", charges);
        w.row(month, "期末余额", "closing-balance", balance);
    }
}

fn missed(w: &mut World, papers: Papers) {
    let beyond = w.random.between(0, 900) * MB;
    let mut line = PackLine::new(w, beyond);
    // The pack costs less than the overage that it would have saved: at least 3 GB at 5.00.
    line.pack.price = line.pack.price.min(1000);
    let used = line.used(w);
    line.live(w, used);
    line.order_last_month(w);
    let (billed, had_it_renewed) = line.overage(w, used);
    bill_with_overage(w, billed);
    if papers != Papers::NoBalance {
        let opening = w.random.between(50, 120) * 100;
        balances(w, opening);
    }
    if papers != Papers::NoOrderWindow {
        w.complete_orders();
    }
    w.packs.push(line.pack.clone());
    let verdicts = match papers {
        Papers::All => PROVEN,
        Papers::NoBalance => PROBABLE,
        Papers::NoOrderWindow => OPEN,
    };
    let expected = w.expect("SUB-001", verdicts, billed - had_it_renewed - line.pack.price);
    if papers == Papers::NoOrderWindow {
        expected.claim = None;
    }
}

/// A second pack renewed as it should; only the first is missing.
fn one_of_two(w: &mut World) {
    let beyond = w.random.between(0, 900) * MB;
    let mut line = PackLine::new(w, beyond);
    line.pack.price = line.pack.price.min(1000);
    let second =
        Pack {
            id: "corpus-second".into(), name: "周末流量月包".into(), data_gb: 2, ..line.pack.clone()
        };
    let used = line.used(w) + gb(second.data_gb);
    line.live(w, used);
    line.order_last_month(w);
    let (before, month) = (w.month.plus(-1), w.month);
    for (action, month) in [("order", before), ("renew", month)] {
        let row = w.order(action, month.at(1, 0, 10), &second.id, &second.name);
        (row.from, row.last) = (month.day(1), month.last_day());
        (row.price, row.auto_renew, row.confirmed) = (Some(second.price), "yes", "yes");
        w.row(month, &second.name, "pack-fee", second.price);
    }
    let (billed, had_it_renewed) = line.overage(w, used - gb(second.data_gb));
    bill_with_overage(w, billed);
    let opening = w.random.between(50, 120) * 100;
    balances(w, opening);
    w.complete_orders();
    w.expect("SUB-001", PROVEN, billed - had_it_renewed - line.pack.price);
    w.packs.extend([line.pack, second]);
}

fn not_missed(w: &mut World, reason: Reason) {
    let beyond = w.random.between(1, 900) * MB;
    let mut line = PackLine::new(w, beyond);
    line.pack.auto_renew = reason != Reason::OneMonthOnly;
    let used = match reason {
        Reason::NoOverage => w.tariff.included.data - 64 * MB,
        Reason::DearerPack => w.tariff.included.data + 100 * MB,
        _ => line.used(w),
    };
    if reason == Reason::DearerPack {
        // One started GB of overage at most, and a pack that costs more.
        line.pack.price = 2000;
    }
    line.live(w, used);
    line.order_last_month(w);
    let (without_pack, with_pack) = line.overage(w, used);
    bill_with_overage(w, if reason == Reason::Renewed { with_pack } else { without_pack });
    if reason == Reason::Renewed {
        let month = w.month;
        let row = w.order("renew", month.at(1, 0, 0), &line.pack.id, &line.pack.name);
        (row.from, row.last) = (month.day(1), month.last_day());
        (row.price, row.auto_renew, row.confirmed) = (Some(line.pack.price), "yes", "yes");
        w.charge(&line.pack.name, "pack-fee", line.pack.price);
    }
    if reason == Reason::Cancelled {
        let before = w.month.plus(-1);
        let at = before.at(w.random.between(5, 25), 15, 0);
        w.order("cancel", at, &line.pack.id, &line.pack.name).last = before.last_day();
    }
    if reason == Reason::BalanceTooLow {
        let owed = w.random.between(30, 90) * 100;
        balances(w, -owed);
    }
    w.complete_orders();
    w.packs.push(line.pack);
}

/// Printed on the 20th: what is missing on a running bill may still come.
fn running_bill(w: &mut World) {
    not_missed(w, Reason::StillOpen);
    w.paid = false;
    w.as_of = w.month.day(21);
    let printed = w.month.day(20);
    w.events.retain(|event| event.start < printed);
    let month = w.month;
    w.bill.retain(|row| row.period != month.text());
    w.bill_month(month);
    w.print_cmcc_bill_on(printed);
}

/// One validity on the bill under the pack's name and under an alias, for one order or for two.
fn two_names(w: &mut World, orders: i64) {
    w.live(&["mms"]);
    w.complete(ALL_KINDS);
    w.complete_orders();
    let mut pack = Pack::varied(&mut w.random);
    pack.auto_renew = false;
    pack.pack_keys = format!("billed_as = [\"{}使用费\"]\n", pack.name);
    for order in 0..orders {
        let month = w.month;
        let row = w.order("order", month.at(1, 9, 10 * order), &pack.id, &pack.name);
        (row.from, row.last) = (month.day(1), month.last_day());
        (row.price, row.confirmed) = (Some(pack.price), "yes");
    }
    w.row(w.month.plus(-1), "套餐月费", "plan-fee", w.tariff.monthly);
    w.bill_month(w.month);
    w.charge(&pack.name, "pack-fee", pack.price);
    let alias = format!("{}使用费", pack.name);
    w.charge(&alias, "pack-fee", pack.price);
    if orders == 1 {
        w.expect("SUB-002", SURE, pack.price);
        w.allow(&["SUB-004", "SUB-007", "BILL-003"]);
    }
    w.packs.push(pack);
}

/// Ordered four months ago, cancelled in the month at the offset, in force to the end of that month.
fn cancelled(w: &mut World, offset: i64) {
    w.live(&["mms"]);
    w.complete(ALL_KINDS);
    w.complete_orders();
    let price = w.random.between(2, 30) * 100;
    let name = w.random.pick(&["来电名片", "视频会员", "通信助手"]);
    let order = w.order("order", w.start.at(2, 10, 0), "", name);
    (order.price, order.confirmed) = (Some(price), "yes");
    let last_month = w.month.plus(offset);
    let at = last_month.at(w.random.between(3, 25), 11, 0);
    w.order("cancel", at, "", name).last = last_month.last_day();
    for month in [w.month.plus(-1), w.month] {
        if month != w.month {
            w.row(month, "套餐月费", "plan-fee", w.tariff.monthly);
        } else {
            w.bill_month(month);
        }
        w.row(month, name, "vas", price);
    }
    if offset < 0 {
        w.expect("SUB-003", PROVEN, price);
        w.allow(&["SUB-004"]);
    }
}
