//! USE-014 and USE-015: domestic roaming, incoming calls and emergency numbers.

use super::papers::yuan;
use super::scenario::{Scenario, error, innocent};
use super::tariff::VOICE_ITEM;
use super::truth::SURE;
use super::world::World;

const ALL_KINDS: &[&str] = &["voice", "sms", "mms", "data"];

pub const SCENARIOS: &[Scenario] = &[
    error("USE-014", "domestic roaming calls", 2, |w| roaming(w, "国内漫游通话费")),
    error("USE-014", "domestic long-distance calls", 2, |w| roaming(w, "国内长途通话费")),
    error("USE-014", "domestic roaming data", 2, |w| roaming(w, "国内漫游上网费")),
    innocent("USE-014", "calls in Hong Kong", 2, |w| abroad(w, "hmt", "港澳台漫游通话费")),
    innocent("USE-014", "calls abroad", 2, |w| abroad(w, "international", "国际漫游通话费")),
    error("USE-015", "incoming call", 2, incoming),
    error("USE-015", "emergency number", 2, emergency),
    innocent("USE-015", "plan rates incoming calls", 2, incoming_rated),
];

fn ordinary(w: &mut World) {
    w.tariff.included.voice = 0;
    w.live(&["mms"]);
    w.complete(ALL_KINDS);
}

fn roaming(w: &mut World, item: &str) {
    ordinary(w);
    w.bill_month(w.month);
    let fee = w.random.between(2, 80) * 25;
    w.charge(item, "roaming", fee);
    w.expect("USE-014", SURE, fee);
    w.allow(&["USE-003", "USE-004", "USE-006", "USE-017"]);
}

fn abroad(w: &mut World, scope: &'static str, item: &str) {
    ordinary(w);
    let price = w.random.pick(&[99, 199, 299]);
    w.tariff.more = format!(
        "[[rate]]\nid = \"voice-abroad\"\nunit = \"voice\"\nmatch = {{ scope = [\"{scope}\"] }}\nper = \"event\"\n\
         count = \"60s\"\nround = \"up\"\nstages = [{{ price = \"{}\" }}]\nbilled_as = [\"{item}\"]\nclause = \"3\"\n",
        yuan(price)
    );
    let minutes = w.random.between(1, 12);
    w.call(16, minutes * 60).scope = scope;
    w.bill_month(w.month);
    w.charge(item, "roaming", minutes * price);
}

/// A call that the list itself prices at `minutes` of the plan's price.
fn priced_call(w: &mut World, minutes: i64) -> i64 {
    let fee = minutes * w.tariff.price.voice;
    let call = w.call(21, minutes * 60);
    call.fee = Some(fee);
    fee
}

fn charge_wrongly(w: &mut World, fee: i64) {
    w.bill_month(w.month);
    w.overcharge(VOICE_ITEM, "voice", fee);
    w.expect("USE-015", SURE, fee);
    w.allow(&["USE-005", "USE-006", "USE-017"]);
}

fn incoming(w: &mut World) {
    ordinary(w);
    let minutes = w.random.between(1, 30);
    let fee = priced_call(w, minutes);
    w.events.last_mut().expect("a call").direction = "in";
    charge_wrongly(w, fee);
}

fn emergency(w: &mut World) {
    ordinary(w);
    let minutes = w.random.between(1, 9);
    let peer = w.random.pick(&["110", "119", "120", "122"]);
    w.bill_month(w.month);
    let fee = priced_call(w, minutes);
    w.events.last_mut().expect("a call").peer = peer.into();
    w.overcharge(VOICE_ITEM, "voice", fee);
    w.expect("USE-015", SURE, fee);
    w.allow(&["USE-005", "USE-006", "USE-017"]);
}

fn incoming_rated(w: &mut World) {
    ordinary(w);
    w.events.retain(|event| event.kind != "voice" || event.direction == "out");
    let price = w.random.pick(&[5, 10]);
    w.tariff.more = format!(
        "[[rate]]\nid = \"voice-in\"\nunit = \"voice\"\nmatch = {{ direction = \"in\", scope = [\"domestic\"] }}\n\
         per = \"event\"\ncount = \"60s\"\nround = \"up\"\nstages = [{{ price = \"{}\" }}]\n\
         billed_as = [\"被叫通话费\"]\nclause = \"3\"\n",
        yuan(price)
    );
    let minutes = w.random.between(2, 20);
    let call = w.call(21, minutes * 60);
    (call.direction, call.fee) = ("in", Some(minutes * price));
    w.bill_month(w.month);
    w.charge("被叫通话费", "voice", minutes * price);
}
