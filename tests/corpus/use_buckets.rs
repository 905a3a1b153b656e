//! USE-008 to USE-010: allowances that were left, used in the wrong order, or not carried over.

use super::papers::yuan;
use super::scenario::{Scenario, error, innocent};
use super::tariff::{DATA_ITEM, DataPrice, MB, Pack, SMS_ITEM, VOICE_ITEM};
use super::truth::{NEEDS, PROBABLE, PROVEN};
use super::world::{USAGE, World, gb};

const ALL_KINDS: &[&str] = &["voice", "sms", "mms", "data"];

pub const SCENARIOS: &[Scenario] = &[
    error("USE-008", "data inside the allowance", 6, |w| data_left(w, Proof::Declared)),
    error("USE-008", "data, list only inferred complete", 4, |w| data_left(w, Proof::Inferred)),
    error("USE-008", "data, no list", 3, |w| data_left(w, Proof::None)),
    error("USE-008", "calls inside the allowance", 5, minutes_left),
    error("USE-008", "texts inside the allowance", 5, texts_left),
    innocent("USE-008", "all inside and nothing charged", 3, nothing_charged),
    innocent("USE-008", "allowance used to the byte", 3, |w| at_the_edge(w, 0)),
    innocent("USE-008", "one byte beyond the allowance", 3, |w| at_the_edge(w, 1)),
    innocent("USE-008", "used abroad", 4, used_abroad),
    innocent("USE-008", "night allowance, used by day", 4, night_allowance),
    innocent("USE-008", "last call half covered", 3, split_call),
    innocent("USE-008", "special allowance does not fit", 4, special_left),
    innocent("USE-008", "day pack was over", 4, day_pack_over),
    innocent("USE-008", "allowance of a first month by day", 4, first_month),
    innocent("USE-008", "a second line used it up", 4, shared),
    error("USE-009", "general before special", 2, |w| two_buckets(w, true)),
    innocent("USE-009", "order as the plan says", 2, |w| two_buckets(w, false)),
    error("USE-010", "rest of last month ignored", 2, rollover_ignored),
    innocent("USE-010", "plan without rollover", 2, no_rollover),
    innocent("USE-010", "rest used up as well", 2, rollover_used),
];

enum Proof {
    Declared,
    Inferred,
    None,
}

fn data_left(w: &mut World, proof: Proof) {
    let verdicts = match proof {
        Proof::Declared => PROVEN,
        Proof::Inferred => PROBABLE,
        Proof::None => NEEDS,
    };
    if !matches!(proof, Proof::None) {
        w.live(&["mms"]);
    }
    if matches!(proof, Proof::Declared) {
        w.complete(ALL_KINDS);
    }
    w.bill_month(w.month);
    let fee = w.tariff.data.fee(w.random.between(1, 3000) * MB);
    w.charge(DATA_ITEM, "data", fee);
    w.expect("USE-008", verdicts, fee);
    w.allow(&["USE-006", "USE-017"]);
}

fn minutes_left(w: &mut World) {
    w.tariff.included.voice = w.random.pick(&[60, 100, 200]);
    w.live(&["mms"]);
    w.complete(ALL_KINDS);
    w.bill_month(w.month);
    let fee = w.random.between(3, 90) * w.tariff.price.voice;
    w.charge(VOICE_ITEM, "voice", fee);
    w.expect("USE-008", PROVEN, fee);
    w.allow(&["USE-006", "USE-017"]);
}

fn texts_left(w: &mut World) {
    w.tariff.included.sms = w.random.between(10, 50);
    w.live(&["mms"]);
    w.complete(ALL_KINDS);
    w.bill_month(w.month);
    let fee = w.random.between(1, 60) * w.tariff.price.sms;
    w.charge(SMS_ITEM, "sms", fee);
    w.expect("USE-008", PROVEN, fee);
    w.allow(&["USE-006", "USE-017"]);
}

fn nothing_charged(w: &mut World) {
    w.live(&["mms"]);
    w.complete(ALL_KINDS);
    w.bill_month(w.month);
    w.charge(DATA_ITEM, "data", 0);
}

fn at_the_edge(w: &mut World, beyond: i64) {
    w.live(&["data", "mms"]);
    w.complete(ALL_KINDS);
    let half = w.tariff.included.data / 2;
    w.session(2, half);
    w.session(27, w.tariff.included.data - half + beyond);
    w.bill_month(w.month);
}

fn used_abroad(w: &mut World) {
    w.live(&["mms"]);
    w.complete(ALL_KINDS);
    let price = w.random.pick(&[50, 100, 300]);
    w.tariff.more = format!(
        "[[rate]]\nid = \"data-abroad\"\nunit = \"data\"\nmatch = {{ scope = [\"international\"] }}\nper = \"cycle\"\n\
         count = \"1MB\"\nround = \"up\"\nstages = [{{ price = \"{}\" }}]\nbilled_as = [\"国际漫游上网费\"]\n\
         clause = \"3\"\n",
        yuan(price)
    );
    let used_mb = w.random.between(2, 40);
    w.session(13, used_mb * MB).scope = "international";
    w.bill_month(w.month);
    w.charge("国际漫游上网费", "roaming", used_mb * price);
}

fn night_allowance(w: &mut World) {
    w.tariff.data_match = "{ scope = [\"domestic\"], hours = \"23:00-07:00\" }".into();
    w.live(&["data", "mms"]);
    w.complete(ALL_KINDS);
    let mut by_day = 0;
    for day in w.days(4) {
        let bytes = w.random.between(50, 700) * MB;
        w.session(day, bytes);
        by_day += bytes;
    }
    w.bill_month(w.month);
    w.bill.retain(|row| row.category != "data");
    let fee = w.tariff.data.fee(by_day);
    w.charge(DATA_ITEM, "data", fee);
}

/// The allowance ends in the middle of a call; only its later minutes cost.
fn split_call(w: &mut World) {
    w.tariff.included.voice = 100;
    w.live(&["voice", "mms"]);
    w.complete(ALL_KINDS);
    w.call(3, 97 * 60);
    let duration_s = w.random.between(181, 900);
    w.call(20, duration_s);
    w.bill_month(w.month);
}

/// The general allowance is used up; the one of an app is left, but other apps were used.
fn special_left(w: &mut World) {
    w.tariff.more = "[[allowance]]\nid = \"video\"\nunit = \"data\"\namount = \"30GB\"\n\
         match = { scope = [\"domestic\"], app = [\"抖音\"] }\nrollover = \"none\"\nclause = \"2\"\n"
        .into();
    w.live(&["data", "mms"]);
    w.complete(ALL_KINDS);
    let beyond = w.random.between(1, 3000) * MB;
    w.session(4, w.tariff.included.data).app = "微信";
    w.session(25, beyond).app = "其他";
    w.bill_month(w.month);
}

/// A pack of one day, hardly used, was over when the plan's allowance ran out.
fn day_pack_over(w: &mut World) {
    let mut pack = Pack::varied(&mut w.random);
    (pack.validity, pack.auto_renew) = ("1d", false);
    w.live(&["data", "mms"]);
    w.complete(ALL_KINDS);
    w.complete_orders();
    let month = w.month;
    let order = w.order("order", month.at(3, 8, 0), &pack.id, &pack.name);
    (order.price, order.confirmed) = (Some(pack.price), "yes");
    let beyond = w.random.between(1, 3000) * MB;
    w.session(3, 100 * MB);
    w.session(9, w.tariff.included.data);
    w.session(20, beyond);
    w.row(month.plus(-1), "套餐月费", "plan-fee", w.tariff.monthly);
    w.bill_month(month);
    w.bill.retain(|row| row.category != "data");
    // The first 100 MB are the pack's.
    let fee = w.tariff.data.fee(beyond);
    w.charge(DATA_ITEM, "data", fee);
    w.charge(&pack.name, "pack-fee", pack.price);
    w.packs.push(pack);
}

/// The line began in this month; the allowance is granted for its days, whole bytes.
fn first_month(w: &mut World) {
    let (days, start) = (w.month.days(), w.random.between(10, 20));
    let in_force = days - start + 1;
    w.tariff.fee_keys = "first_month = \"by-day\"\nallowance_first_month = \"by-day\"\n".into();
    w.tariff.included.voice = 0;
    w.first_day = w.month.day(start);
    w.complete(ALL_KINDS);
    let granted = w.tariff.included.data * in_force / days;
    let beyond = w.random.between(1, 1500) * MB;
    w.session(start, granted);
    w.session(days, beyond);
    w.bill_month(w.month);
    // fee × days in force ÷ days of the month, half away from zero.
    w.bill[0].amount = (w.tariff.monthly * in_force * 2 + days) / (2 * days);
    w.bill.retain(|row| row.category != "data");
    let fee = w.tariff.data.fee(beyond);
    w.charge(DATA_ITEM, "data", fee);
}

/// A second line draws from the same allowance, earlier in the month; its usage is on the same list.
fn shared(w: &mut World) {
    let other = format!("1370000{}", &w.msisdn[7..]);
    w.tariff.data_keys = format!("shared_with = [\"{other}\"]\n");
    w.case_toml += &format!("\n[[line]]\nmsisdn = \"{other}\"\noperator = \"cmcc\"\n");
    w.live(&["data", "mms"]);
    w.complete(ALL_KINDS);
    let (start, end) = (w.month.day(1), w.month.last_day());
    w.case_toml += &format!(
        "\n[[coverage]]\nfile = \"{USAGE}\"\nmsisdn = \"{other}\"\nkinds = [\"data\"]\nstart = {start}\nend = {end}\n"
    );
    w.bill_month(w.month);
    let beyond = w.random.between(1, 1500) * MB;
    w.session(3, w.tariff.included.data).msisdn = other;
    w.session(20, beyond);
    let fee = w.tariff.data.fee(beyond);
    w.charge(DATA_ITEM, "data", fee);
}

/// A special allowance for one app and a general one. The app is used first, then others: used in the plan's
/// order nothing is left over; with the general one first, the later sessions find it empty.
fn two_buckets(w: &mut World, wrong: bool) {
    let (size_gb, price) = (w.random.between(2, 6), w.random.pick(&[300, 500]));
    w.tariff.included.data = gb(size_gb);
    w.tariff.data = DataPrice::PerGb(price);
    w.tariff.order = if wrong { "\"video\", \"data\"" } else { "\"data\", \"video\"" }.into();
    w.tariff.more = format!(
        "[[allowance]]\nid = \"video\"\nunit = \"data\"\namount = \"{size_gb}GB\"\n\
         match = {{ scope = [\"domestic\"], app = [\"抖音\"] }}\nrollover = \"none\"\nclause = \"2\"\n"
    );
    w.live(&["data", "mms"]);
    w.complete(ALL_KINDS);
    w.session(5, gb(size_gb)).app = "抖音";
    w.session(19, gb(size_gb)).app = "其他";
    w.bill_month(w.month);
    w.bill.retain(|row| row.category != "data");
    let fee = size_gb * price;
    w.charge(DATA_ITEM, "data", fee);
    if wrong {
        w.expect("USE-009", PROVEN, fee);
        w.allow(&["USE-006", "USE-008"]);
    }
}

/// Last month left `left_gb` of the allowance of 10 GB, this month uses `beyond` bytes more than the allowance.
fn two_months(w: &mut World, left_gb: i64, beyond: i64) {
    let before = w.month.plus(-1);
    w.start = before;
    w.tariff.included.data = gb(10);
    w.tariff.data = DataPrice::PerGb(500);
    w.live(&["data", "mms"]);
    w.complete(ALL_KINDS);
    w.cover(USAGE, ALL_KINDS, before.day(1), before.last_day());
    for day in [2, 15, before.days()] {
        let start = w.time(before, day);
        w.event("data", start).bytes = gb(10 - left_gb) / 3;
    }
    for day in [1, w.month.days()] {
        w.session(day, (gb(10) + beyond) / 2);
    }
    w.case_toml +=
        &format!("\n[[opening]]\nmsisdn = \"{}\"\nrollover = \"0GB\"\nallowance = \"data\"\n", w.msisdn);
    w.row(before, "套餐月费", "plan-fee", w.tariff.monthly);
    w.bill_month(w.month);
}

fn rollover_ignored(w: &mut World) {
    w.tariff.rollover = "next-month";
    let (left, beyond) = (w.random.between(4, 6), w.random.between(1, 3));
    two_months(w, left, gb(beyond));
    w.expect("USE-010", PROVEN, beyond * 500);
    w.allow(&["USE-006", "USE-008"]);
}

fn no_rollover(w: &mut World) {
    let (left, beyond) = (w.random.between(4, 6), w.random.between(1, 3));
    two_months(w, left, gb(beyond));
}

fn rollover_used(w: &mut World) {
    w.tariff.rollover = "next-month";
    let beyond = w.random.between(1, 3);
    // 4 GB are left of last month; the month uses them and `beyond` GB more.
    two_months(w, 4, gb(4 + beyond));
    w.bill.retain(|row| row.category != "data");
    w.charge(DATA_ITEM, "data", beyond * 500);
}
