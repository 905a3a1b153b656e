//! USE-012, 013, 016 and 017: events listed twice, overlapping, outside their time, or adding up to less.

use super::papers;
use super::scenario::{Scenario, error, innocent};
use super::tariff::{SMS_ITEM, VOICE_ITEM, up};
use super::truth::{PROBABLE, PROVEN, SURE};
use super::world::World;

const ALL_KINDS: &[&str] = &["voice", "sms", "mms", "data"];

pub const SCENARIOS: &[Scenario] = &[
    error("USE-012", "same call twice, same id", 2, |w| call_twice(w, true)),
    error("USE-012", "same call twice, no ids", 2, |w| call_twice(w, false)),
    error("USE-012", "same text twice, no ids", 2, text_twice),
    innocent("USE-012", "two identical calls with their own ids", 2, identical_calls),
    innocent("USE-012", "overlapping exports", 2, overlapping_exports),
    error("USE-013", "two calls at once", 2, |w| two_calls(w, 100)),
    innocent("USE-013", "one call after the other", 2, |w| two_calls(w, 0)),
    error("USE-016", "a call of the future", 2, future_call),
    innocent("USE-016", "late record of the last days", 2, late_call),
    error("USE-017", "list adds up to less", 2, |w| listed_fees(w, true)),
    innocent("USE-017", "list adds up", 2, |w| listed_fees(w, false)),
    innocent("USE-017", "allowance credited on the bill only", 2, credited_on_bill),
];

/// Calls with the fees that the list prints; returns the fee of the last and of all.
fn paid_calls(w: &mut World, ids: bool) -> (i64, i64) {
    w.tariff.included.voice = 0;
    w.live(&["voice", "mms"]);
    w.complete(ALL_KINDS);
    let price = w.tariff.price.voice;
    let (mut last, mut all) = (0, 0);
    for day in w.days(4) {
        let duration_s = w.random.between(30, 900);
        let id = if ids { format!("R{day:02}{duration_s:04}") } else { String::new() };
        last = up(duration_s, 60) * price;
        all += last;
        let call = w.call(day, duration_s);
        (call.fee, call.id) = (Some(last), id);
    }
    (last, all)
}

fn call_twice(w: &mut World, ids: bool) {
    let (last, all) = paid_calls(w, ids);
    let again = w.events.last().cloned().expect("calls were made");
    w.events.push(again);
    w.bill_month(w.month);
    w.bill.retain(|row| row.item != VOICE_ITEM);
    w.charge(VOICE_ITEM, "voice", all + last);
    w.expect("USE-012", if ids { PROVEN } else { PROBABLE }, last).claim = None;
    w.allow(&["USE-005", "USE-006"]);
}

/// Split long texts are listed as identical rows: a question, not an error.
fn text_twice(w: &mut World) {
    w.live(&["mms"]);
    w.complete(ALL_KINDS);
    let again = w.events.iter().rfind(|event| event.kind == "sms" && event.direction == "out").cloned();
    w.events.push(again.expect("texts were sent"));
    w.bill_month(w.month);
    w.remark("USE-012", "Q");
}

fn identical_calls(w: &mut World) {
    let (last, all) = paid_calls(w, true);
    let mut again = w.events.last().cloned().expect("calls were made");
    again.id += "B";
    w.events.push(again);
    w.bill_month(w.month);
    w.bill.retain(|row| row.item != VOICE_ITEM);
    w.charge(VOICE_ITEM, "voice", all + last);
}

/// A second export holds the second half of the month again.
fn overlapping_exports(w: &mut World) {
    let ids = w.random.between(0, 1) == 1;
    paid_calls(w, ids);
    w.bill_month(w.month);
    let middle = w.month.day(14);
    let second: Vec<_> = w.events.iter().filter(|event| event.start >= middle).cloned().collect();
    w.files.push(("usage/again.csv".into(), papers::usage_csv(&second)));
    let (start, end) = (w.month.day(14), w.month.last_day());
    w.cover("usage/again.csv", ALL_KINDS, start, end);
}

fn two_calls(w: &mut World, overlap_s: i64) {
    w.live(&["voice", "mms"]);
    w.complete(ALL_KINDS);
    let start = w.month.at(11, 9, 0);
    w.event("voice", start).duration_s = 600 + overlap_s;
    let next = w.month.at(11, 9, 10);
    w.event("voice", next).duration_s = 240;
    w.bill_month(w.month);
    if overlap_s > 0 {
        w.remark("USE-013", "Q");
    }
}

fn future_call(w: &mut World) {
    let (_, all) = paid_calls(w, true);
    let start = w.month.at(5, 12, 0).replace("2025-", "2027-");
    let fee = w.random.between(1, 9) * w.tariff.price.voice;
    let future = w.event("voice", start);
    (future.duration_s, future.fee, future.id) = (50, Some(fee), "R-future".into());
    w.bill_month(w.month);
    w.bill.retain(|row| row.item != VOICE_ITEM);
    w.charge(VOICE_ITEM, "voice", all + fee);
    let expected = w.expect("USE-016", SURE, fee);
    expected.claim = None;
    w.allow(&["USE-005", "USE-006", "USE-017"]);
}

fn late_call(w: &mut World) {
    let (_, all) = paid_calls(w, true);
    let before = w.month.plus(-1);
    let start = w.time(before, before.days());
    let fee = w.tariff.price.voice;
    let late = w.event("voice", start);
    (late.duration_s, late.fee, late.id) = (50, Some(fee), "R-late".into());
    w.row(before, "套餐月费", "plan-fee", w.tariff.monthly);
    w.bill_month(w.month);
    w.bill.retain(|row| row.item != VOICE_ITEM);
    w.charge(VOICE_ITEM, "voice", all + fee);
}

fn listed_fees(w: &mut World, wrong: bool) {
    w.knows_plan = false;
    let (_, all) = paid_calls(w, true);
    let surplus = if wrong { w.random.between(1, 50) * 10 } else { 0 };
    w.bill_month(w.month);
    w.bill.retain(|row| row.item != VOICE_ITEM && row.item != SMS_ITEM);
    w.events.retain(|event| event.kind == "voice");
    w.charge(VOICE_ITEM, "voice", all + surplus);
    if wrong {
        w.expect("USE-017", PROVEN, surplus);
    }
}

/// The list prices every call, the bill credits the first 50 minutes.
fn credited_on_bill(w: &mut World) {
    w.knows_plan = false;
    let (last, all) = paid_calls(w, true);
    w.events.retain(|event| event.kind == "voice");
    w.charge("套餐月费", "plan-fee", w.tariff.monthly);
    w.charge(VOICE_ITEM, "voice", all - last);
}
