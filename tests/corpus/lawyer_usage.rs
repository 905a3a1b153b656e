//! What the operator's lawyer would answer: usage charges that look wrong and are right.

use super::papers::yuan;
use super::scenario::{Scenario, innocent};
use super::tariff::{DATA_ITEM, DataPrice, GB, MB, MMS_ITEM, VOICE_ITEM, up};
use super::world::{USAGE, World, gb};

const ALL_KINDS: &[&str] = &["voice", "sms", "mms", "data"];

pub const SCENARIOS: &[Scenario] = &[
    innocent("USE-008", "sessions of last month's last day, beyond its allowance", 2, late_sessions),
    innocent("USE-007", "a late session crosses the step", 2, late_step),
    innocent("USE-003", "a forwarded call", 2, forwarded),
    innocent("USE-012", "legs of a forwarded call", 2, forwarding_legs),
    innocent("USE-001", "sent on the list of the month, three weeks before", 2, issued_older),
    innocent("USE-005", "data printed in MB", 2, quantity_in_mb),
    innocent("USE-005", "calls printed in seconds", 2, quantity_in_seconds),
    innocent("USE-006", "two prices for day and night", 2, day_and_night),
    innocent("USE-009", "the special rest does not fit", 2, special_first),
    innocent("USE-010", "transferred to another owner", 2, |w| rest_lost(w, Lost::Transfer)),
    innocent("USE-010", "plan changed with the month", 2, |w| rest_lost(w, Lost::Change)),
    innocent("USE-010", "suspended in the month before", 2, |w| rest_lost(w, Lost::Suspension)),
    innocent("USE-011", "asked to go on beyond the cap", 2, reopened),
    innocent("USE-013", "calls of another line on the same list", 2, other_line),
    innocent("USE-014", "long-distance calls to Hong Kong", 2, |w| far_call(w, "hmt", "长途通话费")),
    innocent("USE-014", "roaming data abroad under a general name", 2, roaming_data),
    innocent("USE-015", "incoming call abroad", 2, incoming_abroad),
    innocent("USE-016", "first second of the next month on the list", 2, next_month_row),
    innocent("USE-017", "fees in 厘 that the bill rounds", 2, rounded_sum),
    innocent("WST-002", "another operator's plan", 2, other_operator),
];

fn complete(w: &mut World, without: &[&str]) {
    w.live(without);
    w.complete(ALL_KINDS);
}

/// The month before used up its allowance, then 300 MB more on its last day; its bill had no data fee.
fn late_sessions(w: &mut World) {
    let before = w.month.plus(-1);
    w.start = before.plus(-1);
    w.tariff.data = DataPrice::PerMb(3);
    w.tariff.included.data = gb(2);
    complete(w, &["data", "mms"]);
    w.cover(USAGE, ALL_KINDS, before.day(1), before.last_day());
    let late = w.random.between(50, 400) * MB;
    w.event("data", before.at(2, 10, 0)).bytes = gb(2);
    w.event("data", before.at(before.days(), 21, 0)).bytes = late;
    w.session(10, gb(1));
    w.row(before, "套餐月费", "plan-fee", w.tariff.monthly);
    w.bill_month(w.month);
    w.bill.retain(|row| row.category != "data");
    let fee = w.tariff.data.fee(late);
    w.charge(DATA_ITEM, "data", fee);
}

/// Full GB only: 2.7 GB of the month and 0.5 GB of last month's last day make three full ones.
fn late_step(w: &mut World) {
    let before = w.month.plus(-1);
    let price = w.random.pick(&[300, 500]);
    w.tariff.data = DataPrice::PerFullGb(price);
    w.tariff.included.data = gb(2);
    complete(w, &["data", "mms"]);
    w.cover(USAGE, ALL_KINDS, before.day(1), before.last_day());
    w.event("data", before.at(2, 10, 0)).bytes = gb(2);
    w.event("data", before.at(before.days(), 21, 0)).bytes = GB / 2;
    w.session(1, gb(2));
    w.session(12, 2 * GB + 700 * MB);
    w.row(before, "套餐月费", "plan-fee", w.tariff.monthly);
    w.bill_month(w.month);
    w.bill.retain(|row| row.category != "data");
    w.charge(DATA_ITEM, "data", 3 * price);
}

/// A forwarded call has no direction on the list; the line pays for the leg to the other number.
fn forwarded(w: &mut World) {
    w.tariff.included.voice = 0;
    complete(w, &["voice", "mms"]);
    let seconds = w.random.between(61, 600);
    w.call(14, seconds).direction = "";
    w.bill_month(w.month);
}

/// Two legs of one forwarded call stand in two equal rows without ids, each at its price.
fn forwarding_legs(w: &mut World) {
    w.tariff.included.voice = 0;
    complete(w, &["voice", "mms"]);
    let seconds = w.random.between(61, 600);
    let leg = w.call(14, seconds);
    leg.direction = "";
    let again = leg.clone();
    w.events.push(again);
    w.bill_month(w.month);
}

/// The list issued for the month prints a record that is three weeks older.
fn issued_older(w: &mut World) {
    complete(w, &["mms"]);
    let before = w.month.plus(-1);
    w.event("mms", before.at(9, 10, 0));
    w.bill_month(w.month);
    let price = w.tariff.price.mms;
    w.charge(MMS_ITEM, "mms", price);
}

fn overage(w: &mut World, bytes: i64) -> i64 {
    let included = w.tariff.included.data;
    w.session(1, included);
    w.session(16, bytes);
    w.tariff.data.fee(bytes)
}

fn quantity_in_mb(w: &mut World) {
    w.tariff.data = DataPrice::PerMb(3);
    complete(w, &["data", "mms"]);
    let bytes = w.random.between(200, 900) * MB + 1;
    let fee = overage(w, bytes);
    w.bill_month(w.month);
    w.bill.retain(|row| row.category != "data");
    let row = w.charge(DATA_ITEM, "data", fee);
    (row.quantity, row.unit_price) = (up(bytes, MB).to_string(), yuan(3));
}

fn quantity_in_seconds(w: &mut World) {
    w.tariff.included.voice = 0;
    complete(w, &["voice", "mms"]);
    let mut seconds = 0;
    for day in w.days(4) {
        let duration_s = w.random.between(1, 900);
        w.call(day, duration_s);
        seconds += duration_s;
    }
    w.bill_month(w.month);
    let row = w.bill.iter_mut().find(|row| row.item == VOICE_ITEM).expect("calls cost");
    row.quantity = seconds.to_string();
}

/// The tariff has a second, dearer price by day; the calls were made by day.
fn day_and_night(w: &mut World) {
    w.tariff.included.voice = 0;
    w.tariff.voice_match = "{ scope = [\"domestic\"], hours = \"22:00-07:00\" }".into();
    let day_price = w.tariff.price.voice + 10;
    w.tariff.more = format!(
        "[[rate]]\nid = \"voice-day\"\nunit = \"voice\"\nmatch = {{ scope = [\"domestic\"] }}\nper = \"event\"\n\
         count = \"60s\"\nround = \"up\"\nstages = [{{ price = \"{}\" }}]\nbilled_as = [\"{VOICE_ITEM}\"]\nclause = \"3\"\n",
        yuan(day_price)
    );
    complete(w, &["voice", "mms"]);
    let mut fee = 0;
    for day in w.days(3) {
        let duration_s = w.random.between(1, 900);
        w.call(day, duration_s);
        fee += up(duration_s, 60) * day_price;
    }
    w.bill_month(w.month);
    w.bill.retain(|row| row.item != VOICE_ITEM);
    w.charge(VOICE_ITEM, "voice", fee);
}

/// The special allowance comes first and keeps a rest, because nothing more fits it.
fn special_first(w: &mut World) {
    let price = w.random.pick(&[300, 500]);
    w.tariff.included.data = gb(3);
    w.tariff.data = DataPrice::PerGb(price);
    w.tariff.order = "\"video\", \"data\"".into();
    w.tariff.more = "[[allowance]]\nid = \"video\"\nunit = \"data\"\namount = \"10GB\"\n\
                     match = { scope = [\"domestic\"], app = [\"抖音\"] }\nrollover = \"none\"\nclause = \"2\"\n"
        .into();
    complete(w, &["data", "mms"]);
    let beyond = w.random.between(1, 4);
    w.session(5, gb(2)).app = "抖音";
    w.session(19, gb(3 + beyond)).app = "其他";
    w.bill_month(w.month);
    w.bill.retain(|row| row.category != "data");
    w.charge(DATA_ITEM, "data", beyond * price);
}

enum Lost {
    Transfer,
    Change,
    Suspension,
}

/// A rest was left, and something ended it by the rules of carrying over.
fn rest_lost(w: &mut World, lost: Lost) {
    let before = w.month.plus(-1);
    w.start = before;
    w.tariff.rollover = "next-month";
    w.tariff.included.data = gb(10);
    w.tariff.data = DataPrice::PerGb(500);
    complete(w, &["data", "mms"]);
    w.cover(USAGE, ALL_KINDS, before.day(1), before.last_day());
    for day in [2, 15] {
        w.event("data", before.at(day, 10, 0)).bytes = gb(2);
    }
    let beyond = w.random.between(1, 3);
    for day in [1, w.month.days()] {
        w.session(day, gb(10 + beyond) / 2);
    }
    w.case_toml +=
        &format!("\n[[opening]]\nmsisdn = \"{}\"\nrollover = \"0GB\"\nallowance = \"data\"\n", w.msisdn);
    w.row(before, "套餐月费", "plan-fee", w.tariff.monthly);
    w.bill_month(w.month);
    let month = w.month;
    match lost {
        Lost::Transfer => drop(w.order("change", month.at(3, 10, 0), "", "过户").id.clone()),
        Lost::Suspension => {
            let row = w.order("suspend", before.at(20, 10, 0), "", "停机保号");
            (row.from, row.last) = (before.day(20), before.day(25));
        }
        Lost::Change => {
            // The same text under another name: the line came from a plan of the same kind.
            let mut old = w.tariff.clone();
            (old.id, old.name) = ("corpus-old".into(), "旧语料套餐".into());
            w.plans.push(("plans/old.toml".into(), old.toml()));
            let (id, name) = (w.tariff.id.clone(), w.tariff.name.clone());
            let first = w.order("order", before.plus(-2).at(1, 9, 0), "corpus-old", "旧语料套餐");
            first.from = before.plus(-2).day(1);
            let change = w.order("change", before.at(20, 9, 0), &id, &name);
            change.from = month.day(1);
        }
    }
}

fn reopened(w: &mut World) {
    let price = w.random.pick(&[300, 500]);
    w.tariff.data = DataPrice::PerGb(price);
    let (steps, cap) = (w.random.between(20, 60), price * 8);
    w.tariff.more = format!("[[cap]]\nunit = \"data\"\namount = \"{}\"\nclause = \"3\"\n", yuan(cap));
    complete(w, &["data", "mms"]);
    let fee = overage(w, gb(steps));
    w.bill_month(w.month);
    w.bill.retain(|row| row.category != "data");
    w.charge(DATA_ITEM, "data", fee);
    w.order("change", w.month.at(17, 9, 0), "", "封顶后恢复上网");
}

/// Two lines of one account call at the same time.
fn other_line(w: &mut World) {
    complete(w, &["voice", "mms"]);
    let other = format!("1370000{}", &w.msisdn[7..]);
    w.call(11, 900);
    w.bill_month(w.month);
    let start = w.events.last().expect("just called").start.clone();
    let event = w.event("voice", start);
    (event.msisdn, event.duration_s) = (other, 600);
}

fn far_call(w: &mut World, scope: &'static str, item: &str) {
    let price = w.random.pick(&[100, 299]);
    w.tariff.more = format!(
        "[[rate]]\nid = \"voice-far\"\nunit = \"voice\"\nmatch = {{ scope = [\"{scope}\"] }}\nper = \"event\"\n\
         count = \"60s\"\nround = \"up\"\nstages = [{{ price = \"{}\" }}]\nbilled_as = [\"{item}\"]\nclause = \"3\"\n",
        yuan(price)
    );
    complete(w, &["mms"]);
    let duration_s = w.random.between(30, 600);
    w.call(15, duration_s).scope = scope;
    w.bill_month(w.month);
    w.charge(item, "voice", up(duration_s, 60) * price);
}

fn roaming_data(w: &mut World) {
    w.knows_plan = false;
    complete(w, &["mms", "voice", "sms"]);
    w.session(15, 20 * MB).scope = "international";
    w.charge("套餐月费", "plan-fee", w.tariff.monthly);
    w.charge("漫游流量费", "roaming", 5800);
}

fn incoming_abroad(w: &mut World) {
    w.knows_plan = false;
    complete(w, &["mms", "sms"]);
    let call = w.call(15, 125);
    (call.direction, call.scope, call.fee) = ("in", "international", Some(297));
    w.charge("套餐月费", "plan-fee", w.tariff.monthly);
    w.charge("国际漫游通话费", "roaming", 297);
}

/// 00:00:00 of the next month stands at the end of the list, and is not charged here.
fn next_month_row(w: &mut World) {
    complete(w, &["mms"]);
    w.bill_month(w.month);
    let next = w.month.plus(1);
    w.event("sms", next.at(1, 0, 0)).fee = None;
}

/// Each call costs 0.125 yuan on the list; the bill prints the sum to the fen, upwards.
fn rounded_sum(w: &mut World) {
    w.knows_plan = false;
    let calls = 2 * w.random.between(2, 9) + 1;
    w.complete(ALL_KINDS);
    let mut list =
        String::from("msisdn,start,kind,direction,scope,peer,duration_s,bytes,app,fee,record_id\n");
    for index in 0..calls {
        let start = w.month.at(1 + index % 28, 9, index % 60);
        list += &format!("{},{start},voice,out,domestic,13900000001,30,,,0.125,R{index}\n", w.msisdn);
    }
    w.files.push((USAGE.into(), list));
    w.charge("套餐月费", "plan-fee", w.tariff.monthly);
    // calls × 12.5 fen, an odd number of them: the half fen goes up.
    w.charge(VOICE_ITEM, "voice", (calls * 125 + 5) / 10);
}

fn other_operator(w: &mut World) {
    complete(w, &["mms"]);
    w.bill_month(w.month);
    let mut other = w.tariff.clone();
    (other.id, other.name, other.monthly) = ("corpus-other".into(), "别家套餐".into(), 100);
    w.plans.push(("plans/other.toml".into(), other.toml().replace("\"cmcc\"", "\"ctcc\"")));
}
