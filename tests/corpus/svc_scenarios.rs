//! SVC-001 to SVC-005: promises, answers, terms and rule texts. All of them are questions.

use super::scenario::{Scenario, error, innocent};
use super::tariff::MMS_ITEM;
use super::truth::{NEEDS, PROVEN};
use super::world::World;

const ALL_KINDS: &[&str] = &["voice", "sms", "mms", "data"];

pub const SCENARIOS: &[Scenario] = &[
    error("SVC-001", "promise broken", 2, |w| promise(w, "broken")),
    innocent("SVC-001", "promise kept", 2, |w| promise(w, "kept")),
    error("SVC-002", "no answer for thirty days", 2, |w| complaint(w, false)),
    innocent("SVC-002", "answered on the same ticket", 2, |w| complaint(w, true)),
    error("SVC-003", "ten days to the end of the term", 2, |w| term(w, 10)),
    innocent("SVC-003", "three months left", 2, |w| term(w, 90)),
    error("SVC-004", "list needed, soon deleted", 2, |w| retention(w, true)),
    innocent("SVC-004", "nothing is needed", 2, |w| retention(w, false)),
    error("SVC-005", "rule text withheld", 2, |w| rule_text(w, false)),
    innocent("SVC-005", "rule text given", 2, |w| rule_text(w, true)),
];

fn ordinary(w: &mut World) {
    w.live(&["mms"]);
    w.complete(ALL_KINDS);
    w.bill_month(w.month);
}

fn time(text: String) -> String {
    text.replace(' ', "T")
}

fn contact(w: &mut World, day: i64, keys: &str) {
    let at = time(w.month.plus(1).at(day, 10, 0));
    w.case_toml += &format!("\n[[contact]]\nat = {at}\nchannel = \"operator\"\nticket = \"T1\"\n{keys}");
}

fn promise(w: &mut World, outcome: &str) {
    ordinary(w);
    let due = time(w.month.plus(1).at(6, 10, 0));
    let keys =
        format!("said = \"系统正常\"\npromise = \"24小时内回复\"\ndue = {due}\noutcome = \"{outcome}\"\n");
    contact(w, 5, &keys);
    if outcome == "broken" {
        w.remark("SVC-001", "Q");
    }
}

fn complaint(w: &mut World, answered: bool) {
    ordinary(w);
    w.as_of = w.month.plus(2).day(6);
    contact(w, 3, "outcome = \"open\"\n");
    if answered {
        contact(w, 9, "said = \"已核实，计费无误\"\noutcome = \"kept\"\n");
    } else {
        w.remark("SVC-002", "Q");
    }
}

/// The term of five months counts from the first day of the period; `left` days before it ends.
fn term(w: &mut World, left: i64) {
    ordinary(w);
    let fee = w.random.between(2, 30) * 100;
    w.charge(MMS_ITEM, "mms", fee);
    w.expect("USE-001", PROVEN, fee);
    w.allow(&["USE-005", "USE-006", "USE-017"]);
    w.as_of = if left > 31 { w.month.plus(2).day(1) } else { w.month.plus(4).day(20) };
    if left < 31 {
        w.remark("SVC-003", "Q");
    }
}

/// The raw records of a month are kept to the end of the fifth month after it.
fn retention(w: &mut World, needed: bool) {
    w.as_of = w.month.plus(5).day(20);
    w.paid = false;
    if needed {
        w.bill_month(w.month);
        let fee = w.random.between(2, 30) * 100;
        w.charge(MMS_ITEM, "mms", fee);
        w.expect("USE-001", NEEDS, fee);
        w.remark("SVC-004", "Q");
    } else {
        ordinary(w);
    }
}

fn rule_text(w: &mut World, given: bool) {
    ordinary(w);
    contact(w, 5, &format!("said = \"请看公告\"\noutcome = \"kept\"\nrule_text_given = {given}\n"));
    if !given {
        w.remark("SVC-005", "Q");
    }
}
