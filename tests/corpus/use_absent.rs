//! USE-001 to USE-004: a fee for usage that a complete list does not hold.

use super::papers;
use super::scenario::{Scenario, error, innocent};
use super::tariff::{DATA_ITEM, MMS_ITEM, SMS_ITEM, VOICE_ITEM};
use super::truth::{NEEDS, PROBABLE, PROVEN};
use super::world::{USAGE, World};

const MMS: Kind = Kind { code: "USE-001", kind: "mms", item: MMS_ITEM };
const SMS: Kind = Kind { code: "USE-002", kind: "sms", item: SMS_ITEM };
const VOICE: Kind = Kind { code: "USE-003", kind: "voice", item: VOICE_ITEM };
const DATA: Kind = Kind { code: "USE-004", kind: "data", item: DATA_ITEM };
const ALL_KINDS: &[&str] = &["voice", "sms", "mms", "data"];
/// An overage fee without usage is also one while the allowance remained, above the list, above its own fees.
const SAME_YUAN: &[&str] = &["USE-005", "USE-006", "USE-008", "USE-017"];

pub const SCENARIOS: &[Scenario] = &[
    error("USE-001", "declared complete", 6, |w| declared(w, MMS)),
    error("USE-001", "window printed by the list", 5, |w| stated(w, MMS)),
    error("USE-001", "complete list without a row", 3, |w| empty_list(w, MMS)),
    error("USE-001", "plan not known", 3, |w| without_plan(w, MMS)),
    error("USE-001", "list only inferred complete", 4, |w| inferred(w, MMS)),
    error("USE-001", "no list", 4, |w| without_list(w, MMS)),
    error("USE-001", "list ends on the 20th", 3, |w| cut_list(w, MMS)),
    error("USE-001", "printed count does not tie out", 3, count_off),
    error("USE-001", "only received ones", 3, only_received),
    error("USE-001", "only the other line sent one", 4, other_line),
    error("USE-001", "partly given back by its discount", 3, |w| discounted(w, false)),
    error("USE-001", "on a bill tree", 4, bill_tree),
    innocent("USE-001", "wholly given back by its discount", 3, |w| discounted(w, true)),
    error("USE-001", "merged 短彩信费", 4, merged_fee),
    innocent("USE-001", "one was sent", 5, |w| used(w, MMS)),
    innocent("USE-001", "pack with order", 3, mms_pack),
    innocent("USE-001", "手机报 with order", 3, mobile_paper),
    innocent("USE-001", "merged 短彩信费 of texts", 4, merged_fee_of_texts),
    innocent("USE-001", "late record", 3, |w| late_record(w, MMS)),
    error("USE-002", "declared complete", 5, |w| declared(w, SMS)),
    error("USE-002", "window printed by the list", 4, |w| stated(w, SMS)),
    error("USE-002", "complete list without a row", 3, |w| empty_list(w, SMS)),
    error("USE-002", "list only inferred complete", 3, |w| inferred(w, SMS)),
    error("USE-002", "no list", 3, |w| without_list(w, SMS)),
    innocent("USE-002", "used", 4, |w| used(w, SMS)),
    innocent("USE-002", "late record", 3, |w| late_record(w, SMS)),
    error("USE-003", "declared complete", 5, |w| declared(w, VOICE)),
    error("USE-003", "complete list without a row", 3, |w| empty_list(w, VOICE)),
    error("USE-003", "no list", 3, |w| without_list(w, VOICE)),
    innocent("USE-003", "used", 4, |w| used(w, VOICE)),
    error("USE-004", "declared complete", 5, |w| declared(w, DATA)),
    error("USE-004", "complete list without a row", 3, |w| empty_list(w, DATA)),
    error("USE-004", "no list", 3, |w| without_list(w, DATA)),
    innocent("USE-004", "used", 4, |w| used(w, DATA)),
    innocent("USE-004", "last days billed next month", 3, late_sessions),
];

/// A kind of usage, its detector and its item on the bill.
#[derive(Clone, Copy)]
struct Kind {
    code: &'static str,
    kind: &'static str,
    item: &'static str,
}

impl Kind {
    /// Adds the fee that nothing stands behind.
    fn charge(self, w: &mut World) -> i64 {
        let fee = w.random.between(3, 90) * 50;
        w.charge(self.item, self.kind, fee);
        w.allow(SAME_YUAN);
        fee
    }
}

fn declared(w: &mut World, kind: Kind) {
    w.live(&[kind.kind]);
    w.complete(ALL_KINDS);
    w.bill_month(w.month);
    let fee = kind.charge(w);
    w.expect(kind.code, PROVEN, fee);
}

fn stated(w: &mut World, kind: Kind) {
    with_message_list(w, kind, 0);
    let fee = kind.charge(w);
    w.expect(kind.code, PROVEN, fee);
}

/// A list whose printed count differs from its rows proves no absence.
fn count_off(w: &mut World) {
    with_message_list(w, MMS, 1);
    let fee = MMS.charge(w);
    w.expect(MMS.code, PROBABLE, fee);
}

fn with_message_list(w: &mut World, kind: Kind, more: usize) {
    w.live(&[kind.kind]);
    w.complete(&["voice", "data"]);
    w.bill_month(w.month);
    let (messages, rest): (Vec<_>, Vec<_>) =
        w.events.iter().cloned().partition(|event| matches!(event.kind, "sms" | "mms"));
    w.events = rest;
    let window = (w.month.day(1), w.month.last_day());
    let count = messages.len() + more;
    let list = papers::cmcc_messages_csv(&messages, &w.msisdn, (&window.0, &window.1), count);
    w.files.push(("usage/messages.csv".into(), list));
}

fn empty_list(w: &mut World, kind: Kind) {
    w.empty_usage_list = true;
    w.complete(ALL_KINDS);
    w.bill_month(w.month);
    let fee = kind.charge(w);
    w.expect(kind.code, PROVEN, fee);
}

fn without_plan(w: &mut World, kind: Kind) {
    w.knows_plan = false;
    w.live(&[kind.kind]);
    w.complete(ALL_KINDS);
    w.bill_month(w.month);
    let fee = kind.charge(w);
    w.expect(kind.code, PROVEN, fee);
}

/// Messages of the other kind stand on the first and on the last day: the list spans the month, unsaid.
fn inferred(w: &mut World, kind: Kind) {
    w.live(&[kind.kind]);
    w.bill_month(w.month);
    let fee = kind.charge(w);
    w.expect(kind.code, PROBABLE, fee);
}

/// The yuan also hang on USE-008 where an allowance exists; both ask for the same list.
fn without_list(w: &mut World, kind: Kind) {
    w.bill_month(w.month);
    let fee = kind.charge(w);
    w.expect(kind.code, NEEDS, fee);
}

fn cut_list(w: &mut World, kind: Kind) {
    w.live(&[kind.kind]);
    let until = w.month.day(20);
    w.bill_month(w.month);
    w.events.retain(|event| event.start.as_str() < until.as_str());
    w.bill.retain(|row| row.category == "plan-fee");
    let from = w.month.day(1);
    w.cover(USAGE, ALL_KINDS, from, until);
    let fee = kind.charge(w);
    // Fewer texts than were billed would be another question: the texts of the list are billed.
    let texts = w.fees(w.month).sms;
    w.charge(SMS_ITEM, "sms", texts);
    w.expect(kind.code, NEEDS, fee);
}

fn only_received(w: &mut World) {
    declared(w, MMS);
    for day in [3, 17] {
        w.message("mms", day).direction = "in";
    }
}

/// Another line of the same files sent one; its bill charges it.
fn other_line(w: &mut World) {
    declared(w, MMS);
    let other = format!("1370000{}", &w.msisdn[7..]);
    w.case_toml += &format!("\n[[line]]\nmsisdn = \"{other}\"\noperator = \"cmcc\"\n");
    w.message("mms", 15).msisdn = other.clone();
    w.charge(MMS_ITEM, "mms", w.tariff.price.mms).msisdn = other;
}

/// Fine print 26: the reduction of the same item belongs to it.
fn discounted(w: &mut World, wholly: bool) {
    w.live(&["mms"]);
    w.complete(ALL_KINDS);
    w.bill_month(w.month);
    let fee = MMS.charge(w);
    let back = if wholly { fee } else { fee / 3 };
    w.charge("彩信费优惠", "discount", -back);
    if !wholly {
        w.expect(MMS.code, PROVEN, fee - back);
    }
}

fn bill_tree(w: &mut World) {
    declared(w, MMS);
    w.print_cmcc_bill();
}

fn merged_fee(w: &mut World) {
    w.live(&["sms", "mms"]);
    w.message("sms", 2).direction = "in";
    w.complete(ALL_KINDS);
    w.bill_month(w.month);
    let fee = w.random.between(3, 90) * 50;
    w.charge("短彩信费", "sms", fee);
    w.allow(SAME_YUAN);
    w.allow(&["USE-001", "USE-002"]);
    let expected = w.expect("USE-001", PROVEN, fee);
    expected.codes.push("USE-002");
    // Which of the two claims is left open; together they claim the fee once.
    expected.claim = None;
}

fn used(w: &mut World, kind: Kind) {
    w.live(&[kind.kind]);
    w.complete(ALL_KINDS);
    match kind.kind {
        "voice" => {
            let allowance_s = w.tariff.included.voice * 60;
            let beyond_s = w.random.between(1, 900);
            w.call(6, allowance_s + 1);
            w.call(14, beyond_s);
        }
        "data" => {
            let beyond = w.random.between(1, 3 << 30);
            w.session(6, w.tariff.included.data);
            w.session(14, beyond);
        }
        kind => {
            let sent = w.random.between(1, 4);
            for day in w.days(sent) {
                w.message(kind, day);
            }
        }
    }
    w.bill_month(w.month);
}

fn mms_pack(w: &mut World) {
    w.live(&["mms"]);
    w.complete(ALL_KINDS);
    w.complete_orders();
    w.bill_month(w.month);
    let at = w.month.at(1, 9, 0);
    w.order("order", at, "", "彩信包").price = Some(500);
    w.charge("彩信包", "pack-fee", 500);
}

fn mobile_paper(w: &mut World) {
    w.live(&["mms"]);
    w.complete(ALL_KINDS);
    w.complete_orders();
    w.bill_month(w.month);
    let at = w.month.at(1, 9, 0);
    w.order("order", at, "", "手机报").price = Some(300);
    w.charge("手机报", "vas", 300);
}

fn merged_fee_of_texts(w: &mut World) {
    w.live(&["mms"]);
    w.complete(ALL_KINDS);
    w.bill_month(w.month);
    for row in w.bill.iter_mut().filter(|row| row.item == SMS_ITEM) {
        row.item = "短彩信费".into();
    }
}

/// Sent in the last three days of the month before, not billed there, printed on the list of this month.
fn late_record(w: &mut World, kind: Kind) {
    w.live(&[kind.kind]);
    let before = w.month.plus(-1);
    let start = w.time(before, before.days() - 1);
    w.event(kind.kind, start);
    w.complete(ALL_KINDS);
    w.row(before, "套餐月费", "plan-fee", w.tariff.monthly);
    w.bill_month(w.month);
    let price = if kind.kind == "mms" { w.tariff.price.mms } else { w.tariff.price.sms };
    w.overcharge(kind.item, kind.kind, price);
}

fn late_sessions(w: &mut World) {
    w.live(&["data"]);
    let before = w.month.plus(-1);
    let start = w.time(before, before.days());
    let bytes = w.tariff.included.data + w.random.between(1, 900) * (1 << 20);
    w.event("data", start).bytes = bytes;
    w.complete(ALL_KINDS);
    w.row(before, "套餐月费", "plan-fee", w.tariff.monthly);
    w.bill_month(w.month);
    let late = w.fees(before).data;
    w.overcharge(DATA_ITEM, "data", late);
    // Fine print 12 names the detectors that a late record answers; USE-008 is not among them.
    w.allow(&["USE-008"]);
}
