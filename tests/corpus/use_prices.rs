//! USE-005 to USE-007 and USE-011: more units, a higher price, another rounding, no cap.

use super::scenario::{Scenario, error, innocent};
use super::tariff::{DATA_ITEM, DataPrice, GB, MB, MMS_ITEM, SMS_ITEM, VOICE_ITEM, up};
use super::truth::{PROVEN, SURE};
use super::world::{World, gb};

const ALL_KINDS: &[&str] = &["voice", "sms", "mms", "data"];

pub const SCENARIOS: &[Scenario] = &[
    error("USE-005", "texts", 2, |w| more_messages(w, "sms", SMS_ITEM)),
    error("USE-005", "multimedia messages", 2, |w| more_messages(w, "mms", MMS_ITEM)),
    error("USE-005", "minutes", 2, more_minutes),
    innocent("USE-005", "quantity equals the list", 2, units_as_listed),
    innocent("USE-005", "long texts listed in parts", 2, long_texts),
    innocent("USE-005", "late records", 2, late_texts),
    error("USE-006", "texts", 2, |w| dearer_messages(w, "sms", SMS_ITEM)),
    error("USE-006", "multimedia messages", 2, |w| dearer_messages(w, "mms", MMS_ITEM)),
    innocent("USE-006", "plan price", 2, units_as_listed),
    innocent("USE-006", "announced change of price", 2, announced_price),
    error("USE-007", "started GB instead of full GB", 2, rounded_up),
    error("USE-007", "MB of 1000 KB", 2, thousand_bytes),
    error("USE-007", "each day on its own", 2, rounded_by_day),
    innocent("USE-007", "rounded as the plan says", 2, rounded_as_agreed),
    innocent("USE-007", "an unclear clause", 2, unclear_rounding),
    error("USE-011", "fee above the cap", 2, above_cap),
    innocent("USE-011", "fee at the cap", 2, at_cap),
];

fn texts(w: &mut World, kind: &'static str) -> i64 {
    let count = w.random.between(3, 9);
    for day in w.days(count) {
        w.message(kind, day);
    }
    count
}

fn price_of(w: &World, kind: &str) -> i64 {
    if kind == "mms" { w.tariff.price.mms } else { w.tariff.price.sms }
}

fn priced(w: &mut World, item: &str, kind: &'static str, quantity: i64, price: i64) {
    let row = w.charge(item, kind, quantity * price);
    row.quantity = quantity.to_string();
    row.unit_price = super::papers::yuan(price);
}

fn more_messages(w: &mut World, kind: &'static str, item: &str) {
    w.live(&["sms", "mms"]);
    w.complete(ALL_KINDS);
    w.bill_month(w.month);
    let listed = texts(w, kind);
    let (surplus, price) = (w.random.between(1, 30), price_of(w, kind));
    priced(w, item, kind, listed + surplus, price);
    w.expect("USE-005", PROVEN, surplus * price).claim = None;
    w.allow(&["USE-006", "USE-017"]);
}

fn more_minutes(w: &mut World) {
    w.tariff.included.voice = 0;
    w.live(&["voice", "mms"]);
    w.complete(ALL_KINDS);
    w.bill_month(w.month);
    let mut minutes = 0;
    for day in w.days(4) {
        let duration_s = w.random.between(1, 900);
        w.call(day, duration_s);
        minutes += up(duration_s, 60);
    }
    let (surplus, price) = (w.random.between(1, 60), w.tariff.price.voice);
    priced(w, VOICE_ITEM, "voice", minutes + surplus, price);
    w.expect("USE-005", PROVEN, surplus * price).claim = None;
    w.allow(&["USE-006", "USE-017"]);
}

fn units_as_listed(w: &mut World) {
    w.live(&["sms", "mms"]);
    w.complete(ALL_KINDS);
    w.bill_month(w.month);
    let count = texts(w, "mms");
    let price = w.tariff.price.mms;
    priced(w, MMS_ITEM, "mms", count, price);
}

/// A long text is listed as one identical row a part, without ids.
fn long_texts(w: &mut World) {
    w.live(&["sms", "mms"]);
    w.complete(ALL_KINDS);
    w.bill_month(w.month);
    let count = texts(w, "sms");
    let parts = w.random.between(2, 4);
    let long = w.events.iter().rfind(|event| event.kind == "sms").cloned().expect("texts were sent");
    w.events.extend((1..parts).map(|_| long.clone()));
    let price = w.tariff.price.sms;
    priced(w, SMS_ITEM, "sms", count + parts - 1, price);
}

fn late_texts(w: &mut World) {
    w.live(&["sms", "mms"]);
    w.complete(ALL_KINDS);
    let before = w.month.plus(-1);
    w.row(before, "套餐月费", "plan-fee", w.tariff.monthly);
    w.bill_month(w.month);
    let count = texts(w, "sms");
    for back in 0..2 {
        let start = w.time(before, before.days() - back);
        w.event("sms", start);
    }
    let price = w.tariff.price.sms;
    priced(w, SMS_ITEM, "sms", count + 2, price);
}

fn dearer_messages(w: &mut World, kind: &'static str, item: &str) {
    w.live(&["sms", "mms"]);
    w.complete(ALL_KINDS);
    w.bill_month(w.month);
    let listed = texts(w, kind);
    let (price, more) = (price_of(w, kind), w.random.between(1, 9) * 5);
    priced(w, item, kind, listed, price + more);
    w.expect("USE-006", PROVEN, listed * more);
    w.allow(&["USE-017"]);
}

/// The tariff text of earlier months is another version with another price; both are on file.
fn announced_price(w: &mut World) {
    w.live(&["sms", "mms"]);
    w.complete(ALL_KINDS);
    let mut earlier = w.tariff.clone();
    earlier.price.mms -= 10;
    earlier.window = format!("effective_to = {}", w.month.plus(-1).last_day());
    w.plans.push(("plans/earlier.toml".into(), earlier.toml()));
    w.tariff.window = format!("effective_from = {}", w.month.day(1));
    w.bill_month(w.month);
    let count = texts(w, "mms");
    let price = w.tariff.price.mms;
    priced(w, MMS_ITEM, "mms", count, price);
}

/// Uses up the allowance on the first day, then `beyond` in equal parts on the given days; no other data.
fn use_beyond(w: &mut World, parts: &[(i64, i64)]) {
    w.live(&["data", "mms"]);
    w.complete(ALL_KINDS);
    let included = w.tariff.included.data;
    w.session(1, included);
    for &(day, bytes) in parts {
        w.session(day, bytes);
    }
}

fn bill_data(w: &mut World, billed: i64) {
    w.bill_month(w.month);
    w.bill.retain(|row| row.category != "data");
    w.charge(DATA_ITEM, "data", billed);
}

fn full_gb_only(w: &mut World) -> (i64, i64) {
    let price = w.random.pick(&[300, 500]);
    w.tariff.data = DataPrice::PerFullGb(price);
    let full = w.random.between(1, 4);
    let part = w.random.between(50, 1000) * MB;
    use_beyond(w, &[(11, full * GB + part)]);
    (full, price)
}

fn rounded_up(w: &mut World) {
    let (full, price) = full_gb_only(w);
    bill_data(w, (full + 1) * price);
    w.expect("USE-007", PROVEN, price).verdicts = SURE;
    w.allow(&["USE-006"]);
}

fn rounded_as_agreed(w: &mut World) {
    let (full, price) = full_gb_only(w);
    bill_data(w, full * price);
}

fn thousand_bytes(w: &mut World) {
    let price = w.random.pick(&[3, 10]);
    w.tariff.data = DataPrice::PerMb(price);
    let bytes = w.random.between(200, 900) * MB;
    use_beyond(w, &[(11, bytes)]);
    let (right, wrong) = (up(bytes, MB) * price, up(bytes, 1_000_000) * price);
    bill_data(w, wrong);
    w.expect("USE-007", PROVEN, wrong - right).verdicts = SURE;
    w.allow(&["USE-006"]);
}

/// Three days of 0.3 GB each: one started GB by the plan, three when each day is rounded on its own.
fn rounded_by_day(w: &mut World) {
    let price = w.random.pick(&[300, 500]);
    w.tariff.data = DataPrice::PerGb(price);
    let part = w.random.between(100, 340) * MB;
    use_beyond(w, &[(8, part), (15, part), (22, part)]);
    bill_data(w, 3 * price);
    w.expect("USE-007", PROVEN, 2 * price).verdicts = SURE;
    w.allow(&["USE-006"]);
}

/// The clause can be read as full GB or as started GB; the bill follows one of the readings.
fn unclear_rounding(w: &mut World) {
    let (full, price) = full_gb_only(w);
    w.tariff.more =
        "[[reading]]\nid = \"round-up\"\nclause = \"3\"\nset = { \"rate.data-out.round\" = \"up\" }\n".into();
    bill_data(w, (full + 1) * price);
}

fn capped(w: &mut World) -> (i64, i64) {
    let price = w.random.pick(&[300, 500]);
    w.tariff.data = DataPrice::PerGb(price);
    let steps = w.random.between(20, 60);
    let cap = price * w.random.between(8, 18);
    w.tariff.more =
        format!("[[cap]]\nunit = \"data\"\namount = \"{}\"\nclause = \"3\"\n", super::papers::yuan(cap));
    use_beyond(w, &[(11, gb(steps))]);
    (steps * price, cap)
}

fn above_cap(w: &mut World) {
    let (fee, cap) = capped(w);
    bill_data(w, fee);
    w.expect("USE-011", PROVEN, fee - cap);
    w.allow(&["USE-006"]);
}

fn at_cap(w: &mut World) {
    let (_, cap) = capped(w);
    bill_data(w, cap);
}
