//! WST-001 and WST-002: money well owed that need not be spent.

use super::scenario::{Scenario, error, innocent};
use super::world::{USAGE, World, gb};

const ALL_KINDS: &[&str] = &["voice", "sms", "mms", "data"];

pub const SCENARIOS: &[Scenario] = &[
    error("WST-001", "a tenth used in three months", 2, |w| three_months(w, 10)),
    innocent("WST-001", "half used", 2, |w| three_months(w, 50)),
    error("WST-002", "cheaper plan known", 2, |w| other_plan(w, -1500)),
    innocent("WST-002", "other plan costs more", 2, |w| other_plan(w, 5000)),
];

fn three_months(w: &mut World, percent: i64) {
    w.tariff.included.data = gb(20);
    w.tariff.included.voice = 0;
    for offset in [-2, -1, 0] {
        let month = w.month.plus(offset);
        for day in [1, 12, month.days()] {
            let start = w.time(month, day);
            w.event("data", start).bytes = gb(20) * percent / 300;
        }
        w.cover(USAGE, ALL_KINDS, month.day(1), month.last_day());
        w.bill_month(month);
    }
    if percent < 20 {
        w.remark("WST-001", "W");
    }
}

fn other_plan(w: &mut World, dearer: i64) {
    w.tariff.monthly = 7900;
    w.live(&["mms"]);
    w.complete(ALL_KINDS);
    w.bill_month(w.month);
    let mut other = w.tariff.clone();
    other.id = "corpus-other".into();
    other.name = "另一套餐".into();
    other.monthly += dearer;
    w.plans.push(("plans/other.toml".into(), other.toml()));
    if dearer < 0 {
        w.remark("WST-002", "W");
    }
}
