//! USE-001 and USE-008 at the edges of months, lists and exports.

use super::papers;
use super::scenario::{Scenario, error, innocent};
use super::tariff::{DATA_ITEM, MB, MMS_ITEM, SMS_ITEM};
use super::truth::{NEEDS, PROVEN};
use super::world::World;

const ALL_KINDS: &[&str] = &["voice", "sms", "mms", "data"];
const SAME_YUAN: &[&str] = &["USE-005", "USE-006", "USE-017"];

pub const SCENARIOS: &[Scenario] = &[
    error("USE-001", "one was sent in the next second", 3, first_second_after),
    error("USE-001", "late one was billed before", 4, |w| sent_before(w, true)),
    error("USE-001", "sent weeks before", 4, |w| sent_before(w, false)),
    error("USE-001", "in two months", 3, two_months),
    error("USE-001", "declaration leaves pictures out", 3, kinds_left_out),
    error("USE-001", "running bill", 3, running_bill),
    innocent("USE-001", "one was sent in the last second", 3, last_second),
    innocent("USE-001", "a line of 0.00", 3, zero_line),
    error("USE-008", "data inside, overlapping exports", 4, overlapping_lists),
    innocent("USE-008", "rest of last month not known", 4, rest_unknown),
    innocent("USE-008", "an unclear clause", 4, unclear_scope),
    innocent("USE-008", "merged fee of pictures, texts were left", 4, merged_pictures),
];

fn ordinary(w: &mut World) {
    w.live(&["mms"]);
    w.complete(ALL_KINDS);
}

fn charge_mms(w: &mut World) -> i64 {
    let fee = w.random.between(2, 60) * 50;
    w.charge(MMS_ITEM, "mms", fee);
    w.expect("USE-001", PROVEN, fee);
    w.allow(SAME_YUAN);
    fee
}

/// 00:00:00 of the first of the next month, on the next month's list.
fn first_second_after(w: &mut World) {
    ordinary(w);
    w.bill_month(w.month);
    let next = w.month.plus(1);
    w.event("mms", next.at(1, 0, 0));
    let row = w.events.pop().expect("just added");
    w.files.push(("usage/next.csv".into(), papers::usage_csv(&[row])));
    charge_mms(w);
}

fn last_second(w: &mut World) {
    ordinary(w);
    let start = w.month.at(w.month.days(), 23, 59).replace("23:59:00", "23:59:59");
    w.event("mms", start);
    w.bill_month(w.month);
}

/// The list of the month before holds one: on its last day and billed there, or in its third week.
fn sent_before(w: &mut World, billed: bool) {
    ordinary(w);
    w.bill_month(w.month);
    let before = w.month.plus(-1);
    let day = if billed { before.days() } else { 17 };
    w.event("mms", before.at(day, 12, 30));
    let row = w.events.pop().expect("just added");
    w.files.push(("usage/before.csv".into(), papers::usage_csv(&[row])));
    w.cover("usage/before.csv", ALL_KINDS, before.day(1), before.last_day());
    w.row(before, "套餐月费", "plan-fee", w.tariff.monthly);
    if billed {
        w.row(before, MMS_ITEM, "mms", w.tariff.price.mms);
    }
    charge_mms(w);
}

/// The month and the one before each charge one; both lists are complete and hold none.
fn two_months(w: &mut World) {
    ordinary(w);
    w.bill_month(w.month);
    charge_mms(w);
    let before = w.month.plus(-1);
    let fee = w.random.between(2, 60) * 50;
    w.event("sms", before.at(11, 9, 0));
    let row = w.events.pop().expect("just added");
    w.files.push(("usage/before.csv".into(), papers::usage_csv(&[row])));
    w.cover("usage/before.csv", ALL_KINDS, before.day(1), before.last_day());
    w.row(before, "套餐月费", "plan-fee", w.tariff.monthly);
    w.row(before, SMS_ITEM, "sms", w.tariff.price.sms);
    w.row(before, MMS_ITEM, "mms", fee);
    w.expect("USE-001", PROVEN, fee).period = before.text();
}

/// What a declaration does not name is not known, however the rows lie.
fn kinds_left_out(w: &mut World) {
    w.live(&["mms"]);
    w.complete(&["voice", "sms", "data"]);
    w.bill_month(w.month);
    charge_mms(w);
    let expected = w.truth.expected.last_mut().expect("just pushed");
    (expected.verdicts, expected.claim) = (NEEDS, Some(0));
}

/// Printed on the 20th: the rest of the month is on no list yet.
fn running_bill(w: &mut World) {
    ordinary(w);
    let (day, month) = (w.month.day(20), w.month);
    w.events.retain(|event| event.start < day);
    w.bill_month(month);
    charge_mms(w);
    let expected = w.truth.expected.last_mut().expect("just pushed");
    (expected.verdicts, expected.claim) = (NEEDS, Some(0));
    w.paid = false;
    w.as_of = month.day(21);
    w.print_cmcc_bill_on(day);
}

fn zero_line(w: &mut World) {
    ordinary(w);
    w.bill_month(w.month);
    w.charge(MMS_ITEM, "mms", 0);
}

/// Two thirds of the allowance are used; counted twice they would be more than all of it.
fn overlapping_lists(w: &mut World) {
    w.live(&["data", "mms"]);
    w.complete(ALL_KINDS);
    let third = w.tariff.included.data / 3;
    for day in [1, w.month.days()] {
        w.session(day, third);
    }
    w.bill_month(w.month);
    let copy = papers::usage_csv(&w.events);
    w.files.push(("usage/again.csv".into(), copy));
    let fee = w.tariff.data.fee(w.random.between(1, 3000) * MB);
    w.charge(DATA_ITEM, "data", fee);
    w.expect("USE-008", PROVEN, fee);
    w.allow(SAME_YUAN);
}

/// The allowance rolls over, but nothing tells what was left of it: the charge may be right.
fn rest_unknown(w: &mut World) {
    w.tariff.rollover = "next-month";
    w.live(&["data", "mms"]);
    w.complete(ALL_KINDS);
    let beyond = w.random.between(1, 1500) * MB;
    w.session(1, w.tariff.included.data);
    w.session(w.month.days(), beyond);
    w.bill_month(w.month);
}

/// Read in one way the allowance holds at night only; then the charge is right.
fn unclear_scope(w: &mut World) {
    w.tariff.more = "[[reading]]\nid = \"night\"\nclause = \"2\"\n\
         set = { \"allowance.data.match\" = { scope = [\"domestic\"], hours = \"23:00-07:00\" } }\n"
        .into();
    ordinary(w);
    let by_day: i64 = w.events.iter().filter(|event| event.kind == "data").map(|event| event.bytes).sum();
    w.bill_month(w.month);
    let fee = w.tariff.data.fee(by_day);
    w.charge(DATA_ITEM, "data", fee);
}

/// The texts stay inside their allowance, the pictures cost; the bill prints one item for both.
fn merged_pictures(w: &mut World) {
    w.tariff.included.sms = 50;
    ordinary(w);
    for day in [4, 14] {
        w.message("mms", day);
    }
    w.bill_month(w.month);
    for row in w.bill.iter_mut().filter(|row| row.item == MMS_ITEM) {
        (row.item, row.category) = ("短彩信费".into(), "sms");
    }
}
