//! SUB-006, 007, 009, 010, 011 and 014: the monthly fee, its proration, its credits and its pauses.

use super::papers::yuan;
use super::scenario::{Scenario, error, innocent};
use super::tariff::Tariff;
use super::truth::{PROVEN, SURE};
use super::world::World;

const ALL_KINDS: &[&str] = &["voice", "sms", "mms", "data"];

pub const SCENARIOS: &[Scenario] = &[
    error("SUB-006", "full fee in a first month by day", 2, |w| first_month(w, FirstMonth::ByDay, true)),
    error("SUB-006", "full fee in a first month of half", 2, |w| first_month(w, FirstMonth::Half, true)),
    innocent("SUB-006", "first month by day", 2, |w| first_month(w, FirstMonth::ByDay, false)),
    innocent("SUB-006", "first month in full by its terms", 2, |w| first_month(w, FirstMonth::Full, false)),
    innocent("SUB-006", "half after the 15th", 2, |w| first_month(w, FirstMonth::Half, false)),
    error("SUB-007", "fee above the plan", 2, dearer_fee),
    error("SUB-007", "service above its order", 2, dearer_service),
    innocent("SUB-007", "discount ended as agreed", 2, |w| credit(w, Credit::Over)),
    error("SUB-009", "credit absent", 2, |w| credit(w, Credit::Absent)),
    error("SUB-009", "credit short", 2, |w| credit(w, Credit::Short)),
    innocent("SUB-009", "credit given", 2, |w| credit(w, Credit::Given)),
    error("SUB-010", "old and new plan", 2, |w| changed_plan(w, true)),
    innocent("SUB-010", "new plan only", 2, |w| changed_plan(w, false)),
    error("SUB-011", "full fee while suspended", 2, |w| suspended(w, Pause::ChargedInFull)),
    innocent("SUB-011", "holding fee", 2, |w| suspended(w, Pause::HoldingFee)),
    innocent("SUB-011", "month of the stop", 2, |w| suspended(w, Pause::MonthOfStop)),
    error("SUB-014", "fault of five days", 2, |w| fault(w, 5)),
    innocent("SUB-014", "fault of one day", 2, |w| fault(w, 1)),
];

enum FirstMonth {
    ByDay,
    Half,
    Full,
}

/// The line begins in the month of the case; the allowance is granted in full.
fn first_month(w: &mut World, rule: FirstMonth, wrong: bool) {
    let days = w.month.days();
    let start = w.random.between(16, days - 3);
    let monthly = w.tariff.monthly;
    let (keys, due) = match rule {
        // fee × days in force ÷ days of the month, half away from zero.
        FirstMonth::ByDay => ("by-day", (monthly * (days - start + 1) * 2 + days) / (2 * days)),
        FirstMonth::Half => ("half-after-15", (monthly + 1) / 2),
        FirstMonth::Full => ("full", monthly),
    };
    w.tariff.fee_keys = format!("first_month = \"{keys}\"\nallowance_first_month = \"full\"\n");
    w.first_day = w.month.day(start);
    w.complete(ALL_KINDS);
    for day in [start, days] {
        w.message("sms", day);
    }
    w.bill_month(w.month);
    w.bill[0].amount = if wrong { monthly } else { due };
    if wrong {
        w.expect("SUB-006", SURE, monthly - due);
        w.allow(&["SUB-007"]);
    }
}

fn ordinary(w: &mut World) {
    w.live(&["mms"]);
    w.complete(ALL_KINDS);
    w.bill_month(w.month);
}

fn dearer_fee(w: &mut World) {
    ordinary(w);
    let more = w.random.between(1, 30) * 100;
    w.bill[0].amount += more;
    w.expect("SUB-007", PROVEN, more);
    w.allow(&["SUB-006"]);
}

fn dearer_service(w: &mut World) {
    ordinary(w);
    w.complete_orders();
    let (price, more) = (w.random.between(2, 30) * 100, w.random.between(1, 20) * 100);
    let order = w.order("order", w.start.at(2, 10, 0), "", "视频会员");
    (order.price, order.confirmed) = (Some(price), "yes");
    w.charge("视频会员", "vas", price + more);
    w.expect("SUB-007", SURE, more);
}

#[derive(PartialEq)]
enum Credit {
    Given,
    Absent,
    Short,
    Over,
}

/// The line is four months old: a credit from the next month on is due for three months or for twelve.
fn credit(w: &mut World, state: Credit) {
    let amount = w.random.between(5, 15) * 100;
    let cycles = if state == Credit::Over { 3 } else { 12 };
    w.tariff.more = format!(
        "[[credit]]\nid = \"return\"\namount = \"{}\"\nfirst_cycle = \"next-month\"\ncycles = {cycles}\n\
         billed_as = [\"充值赠费返还\"]\nclause = \"1\"\n",
        yuan(amount)
    );
    ordinary(w);
    let given = match state {
        Credit::Given => amount,
        Credit::Short => w.random.between(1, 4) * 100,
        Credit::Absent | Credit::Over => 0,
    };
    if given > 0 {
        w.charge("充值赠费返还", "credit", -given);
    }
    if matches!(state, Credit::Absent | Credit::Short) {
        w.expect("SUB-009", SURE, amount - given);
    }
}

/// Changed to another plan from the first of the month.
fn changed_plan(w: &mut World, both: bool) {
    let mut next = Tariff::varied(&mut w.random);
    next.id = format!("{}-next", next.id);
    next.name = format!("新语料套餐{}元档", next.monthly / 100);
    next.fee_keys = "first_month = \"full\"\n".into();
    next.included.voice = next.included.voice.max(100);
    next.included.data = super::world::gb(30);
    w.tariff.included.voice = w.tariff.included.voice.max(100);
    w.plans.push(("plans/next.toml".into(), next.toml().replace("套餐月费", "新套餐月费")));
    w.plans.push(("plans/plan.toml".into(), w.tariff.toml()));
    w.knows_plan = false;
    w.live(&["mms"]);
    w.complete(ALL_KINDS);
    w.complete_orders();
    let (old_id, old_name, old_fee) = (w.tariff.id.clone(), w.tariff.name.clone(), w.tariff.monthly);
    let (first, month) = (w.start, w.month);
    let order = w.order("order", first.at(1, 9, 0), &old_id, &old_name);
    (order.from, order.price, order.confirmed) = (first.day(1), Some(old_fee), "yes");
    let change = w.order("change", month.plus(-1).at(20, 9, 0), &next.id, &next.name);
    (change.from, change.price, change.confirmed) = (month.day(1), Some(next.monthly), "yes");
    w.row(w.month.plus(-1), "套餐月费", "plan-fee", old_fee);
    w.charge("新套餐月费", "plan-fee", next.monthly);
    let texts = w.fees(w.month).sms;
    w.charge(super::tariff::SMS_ITEM, "sms", texts);
    if both {
        w.charge("套餐月费", "plan-fee", old_fee);
        w.expect("SUB-010", SURE, old_fee).claim = None;
        w.allow(&["SUB-003", "SUB-007", "BILL-003"]);
    }
}

enum Pause {
    ChargedInFull,
    HoldingFee,
    MonthOfStop,
}

fn suspended(w: &mut World, pause: Pause) {
    let holding = w.random.pick(&[300, 500, 1000]);
    w.tariff.fee_keys = format!("suspended = \"{}\"\n", yuan(holding));
    w.empty_usage_list = true;
    w.complete(ALL_KINDS);
    w.complete_orders();
    let stop = if matches!(pause, Pause::MonthOfStop) { w.month } else { w.month.plus(-1) };
    let row = w.order("suspend", stop.at(15, 10, 0), "", "停机保号");
    row.from = stop.day(15);
    let monthly = w.tariff.monthly;
    w.row(w.month.plus(-1), "套餐月费", "plan-fee", monthly);
    if matches!(pause, Pause::HoldingFee) {
        w.charge("停机保号费", "plan-fee", holding);
    } else {
        w.charge("套餐月费", "plan-fee", monthly);
    }
    if matches!(pause, Pause::ChargedInFull) {
        w.expect("SUB-011", SURE, monthly - holding);
        w.allow(&["SUB-006", "SUB-007"]);
    }
}

/// Reported on the day it began, with a ticket; the fee was charged in full.
fn fault(w: &mut World, days: i64) {
    ordinary(w);
    let (start, end) = (w.month.at(10, 14, 0), w.month.at(10 + days, 9, 0));
    let report = w.month.at(10, 14, 30);
    let time = |text: String| text.replace(' ', "T");
    w.case_toml += &format!(
        "\n[[contact]]\nat = {}\nchannel = \"operator\"\nticket = \"T1\"\nsaid = \"已记录\"\noutcome = \"kept\"\n\
         \n[[incident]]\nstart = {}\nend = {}\nplace = \"杭州\"\nrural = false\nsymptom = \"无法上网\"\nticket = \"T1\"\n",
        time(report),
        time(start),
        time(end)
    );
    if days > 2 {
        w.remark("SUB-014", "Q");
    }
}
