//! What the papers leave open becomes bounds: rollover, repeated rows, directions, shared allowances.

use mingzhang::model::case::{Line, Opening};
use mingzhang::model::coverage::CoverKind;
use mingzhang::model::interval::Interval;
use mingzhang::model::quantity::{Unit, Volume};
use mingzhang::model::usage::{Direction, UsageEvent, UsageKind, UsageTable};
use mingzhang::rules::plan_book::PlanBook;

use super::support::{
    MB, MSISDN, amount, at, book, cycle, data, event, exactly, line, plan, rate, stated, subscription, yuan,
};

const RATES: &str = "[[rate]]\nid = \"data-out\"\nunit = \"data\"\nper = \"cycle\"\ncount = \"1MB\"\n\
                     stages = [{ price = \"1.00\" }]\nclause = \"1\"\n\
                     [[rate]]\nid = \"sms-out\"\nunit = \"sms\"\nper = \"event\"\ncount = \"1\"\n\
                     stages = [{ price = \"0.10\" }]\nclause = \"1\"\n";

fn rolling(more: &str) -> PlanBook {
    let allowance = "[[allowance]]\nid = \"data\"\nunit = \"data\"\namount = \"100MB\"\nrollover = \"next-month\"\n\
                     clause = \"1\"\n[consumption]\norder = [\"rollover\", \"data\"]\nclause = \"1\"\n";
    book([plan("demo", "plan", &format!("{RATES}{allowance}{more}"))])
}

fn cost(line: &Line, book: &PlanBook, month: &str, name: &str) -> Interval {
    amount(&rate(line, book).cycles[&cycle(month)], name)
}

fn between(low: &str, high: &str) -> Interval {
    Interval { low: yuan(low), high: yuan(high) }
}

/// 70 MB in September, 150 MB in October.
fn two_months() -> Line {
    line("demo", &[data("2025-09-15 10:00:00", 70 * MB), data("2025-10-15 10:00:00", 150 * MB)])
}

#[test]
fn an_unknown_month_before_leaves_rollover_open() {
    // Rollover 0: 150 − 100 = 50 outside; rollover 100 MB: 200 are there.
    assert_eq!(cost(&two_months(), &rolling(""), "2025-10", "data-out"), between("0.00", "50.00"));
}

#[test]
fn a_complete_month_before_still_needs_its_own_rollover() {
    let mut line = two_months();
    line.coverage = vec![stated(CoverKind::Data, "2025-09-01", "2025-09-30")];
    // September: rollover from August 0 to 100. With 0: 100 − 70 = 30 left, October 150 − 130 = 20 outside.
    // With 100 that is used first: all 100 of September left, October nothing outside.
    assert_eq!(cost(&line, &rolling(""), "2025-10", "data-out"), between("0.00", "20.00"));
}

#[test]
fn rollover_is_known_when_the_line_began_in_the_month_before() {
    let mut line = two_months();
    line.coverage = vec![stated(CoverKind::Data, "2025-09-01", "2025-09-30")];
    line.subscriptions = vec![subscription("demo", "2025-09-01")];
    assert_eq!(cost(&line, &rolling(""), "2025-10", "data-out"), exactly("20.00"));
    // One day of September without proof opens it again.
    line.coverage = vec![stated(CoverKind::Data, "2025-09-01", "2025-09-29")];
    assert_eq!(cost(&line, &rolling(""), "2025-10", "data-out"), between("0.00", "50.00"));
}

#[test]
fn an_opening_says_what_the_first_month_begins_with() {
    let mut line = line("demo", &[data("2025-10-15 10:00:00", 150 * MB)]);
    line.openings = vec![Opening {
        msisdn: MSISDN.to_owned(),
        rollover: Volume::new(Unit::Data, 30 * MB),
        allowance: None,
    }];
    assert_eq!(cost(&line, &rolling(""), "2025-10", "data-out"), exactly("20.00"));
}

#[test]
fn what_rolled_over_never_rolls_again() {
    let mut line = line(
        "demo",
        &[
            data("2025-09-15 10:00:00", MB),
            data("2025-10-15 10:00:00", MB),
            data("2025-11-15 10:00:00", 250 * MB),
        ],
    );
    line.subscriptions = vec![subscription("demo", "2025-09-01")];
    line.coverage = vec![stated(CoverKind::Data, "2025-09-01", "2025-11-30")];
    // October begins with 99 + 100 and uses 1 of the 99; November has 100 + 100: 250 − 200 = 50.
    assert_eq!(cost(&line, &rolling(""), "2025-11", "data-out"), exactly("50.00"));
}

fn with_ids(ids: [&str; 2]) -> Line {
    let mut table = UsageTable::default();
    for (index, record_id) in ids.into_iter().enumerate() {
        let message = event(UsageKind::Sms, "2025-10-15 10:00:00");
        table.push(&UsageEvent { record_id, at: at(index as u32 + 2), ..message });
    }
    Line { usage: table.sorted(), ..line("demo", &[]) }
}

#[test]
fn equal_rows_count_by_their_ids() {
    let book = rolling("");
    // Equal ids: one event. No id on either: one or two. Different ids: two.
    assert_eq!(cost(&with_ids(["A1", "A1"]), &book, "2025-10", "sms-out"), exactly("0.10"));
    assert_eq!(cost(&with_ids(["", ""]), &book, "2025-10", "sms-out"), between("0.10", "0.20"));
    assert_eq!(cost(&with_ids(["A1", ""]), &book, "2025-10", "sms-out"), between("0.10", "0.20"));
    assert_eq!(cost(&with_ids(["A1", "A2"]), &book, "2025-10", "sms-out"), exactly("0.20"));
}

#[test]
fn a_message_without_direction_counts_at_most() {
    let unstated =
        UsageEvent { direction: Direction::Unstated, ..event(UsageKind::Sms, "2025-10-15 10:00:00") };
    let line = line("demo", &[unstated]);
    assert_eq!(cost(&line, &rolling(""), "2025-10", "sms-out"), between("0.00", "0.10"));
}

#[test]
fn a_shared_allowance_may_be_used_up_by_others() {
    let shared = "[[allowance]]\nid = \"data\"\nunit = \"data\"\namount = \"100MB\"\nshared_with = [\"13800002222\"]\nclause = \"1\"\n";
    let book = book([plan("demo", "plan", &format!("{RATES}{shared}"))]);
    let line = line("demo", &[data("2025-10-15 10:00:00", 30 * MB)]);
    assert_eq!(cost(&line, &book, "2025-10", "data-out"), between("0.00", "30.00"));
}

#[test]
fn the_rest_of_a_month_pack_rolls_over_too() {
    let pack = "[pack]\nprice = \"5.00\"\nvalidity = \"month\"\nclause = \"1\"\n\
                [[allowance]]\nid = \"data\"\nunit = \"data\"\namount = \"100MB\"\nrollover = \"next-month\"\nclause = \"1\"\n";
    let book = book([plan("demo", "plan", RATES), plan("pack", "pack", pack)]);
    let mut line = two_months();
    line.coverage = vec![stated(CoverKind::Data, "2025-09-01", "2025-09-30")];
    line.orders = vec![super::support::order(
        "2025-09-01 00:00:00",
        mingzhang::model::record::OrderAction::Order,
        "pack",
    )];
    // September: 100 − 70 = 30 left; October has no pack: 150 − 30 = 120 outside.
    assert_eq!(cost(&line, &book, "2025-10", "data-out"), exactly("120.00"));
}

/// A plan with so many alternative readings, none of which changes a price.
fn with_readings(id: &str, count: u32) -> mingzhang::model::plan::Plan {
    let kind = if id == "demo" { "plan" } else { "pack" };
    let pack = "[pack]\nprice = \"1.00\"\nvalidity = \"month\"\nauto_renew = false\nclause = \"1\"\n";
    let own =
        if id == "demo" { RATES.to_owned() } else { format!("{pack}{}", RATES.replace("data-out", "other")) };
    let target = if id == "demo" { "data-out" } else { "other" };
    let reading = |number: u32| {
        format!(
            "[[reading]]\nid = \"r{number}\"\nclause = \"1\"\nset = {{ \"rate.{target}.money_scale\" = {} }}\n",
            3 + number % 9
        )
    };
    plan(id, kind, &format!("{own}{}", (0..count).map(reading).collect::<String>()))
}

fn notes_with(readings: [u32; 2]) -> Vec<String> {
    let book = book([with_readings("demo", readings[0]), with_readings("pack", readings[1])]);
    let mut line = line("demo", &[data("2025-10-15 10:00:00", MB)]);
    line.orders = vec![super::support::order(
        "2025-10-01 00:00:00",
        mingzhang::model::record::OrderAction::Order,
        "pack",
    )];
    rate(&line, &book).notes.into_iter().map(|note| note.key).collect()
}

#[test]
fn up_to_256_combinations_are_rated_and_one_more_is_said() {
    // Text and 15 readings each: 16 × 16 = 256. Text and 16 readings: 17 × 16 = 272.
    assert_eq!(notes_with([15, 15]), Vec::<String>::new());
    assert_eq!(notes_with([16, 15]), ["rating.note.too-many-readings"]);
}

#[test]
fn each_question_says_what_it_moves() {
    let unstated =
        UsageEvent { direction: Direction::Unstated, ..event(UsageKind::Sms, "2025-10-16 10:00:00") };
    let line = line("demo", &[data("2025-10-15 10:00:00", 150 * MB), unstated]);
    let rated = &rate(&line, &rolling("")).cycles[&cycle("2025-10")];
    // 150 MB against 100 and an unknown rollover of 0 … 100: 50.00 … 0.00; the message 0.00 … 0.10.
    assert_eq!(rated.total, between("0.00", "50.10"));
    let open: Vec<_> = rated.open.iter().map(|it| (it.what.key.as_str(), it.low, it.high)).collect();
    assert_eq!(
        open,
        [
            ("rating.open.rollover", yuan("0.10"), yuan("50.10")),
            ("rating.open.events", yuan("50.00"), yuan("50.10")),
        ]
    );
}
