//! Allowances of several lines, and events of one second.

use mingzhang::model::case::{Line, LineInfo};
use mingzhang::model::coverage::CoverKind;
use mingzhang::model::interval::Interval;
use mingzhang::model::usage::{Scope, UsageEvent};
use mingzhang::rating::outcome::RatedLine;
use mingzhang::rating::rate_line_among;
use mingzhang::rules::plan_book::PlanBook;

use super::support::{
    MB, amount, book, call, cycle, data, exactly, line, plan, rate, stated, subscription, table, total, yuan,
};

const SECOND_LINE: &str = "13800002222";
const RATE: &str = "[[rate]]\nid = \"data-out\"\nunit = \"data\"\nper = \"cycle\"\ncount = \"1MB\"\n\
                    stages = [{ price = \"1.00\" }]\nclause = \"1\"\n";

/// The main line grants 100 MB to itself and to the second line; each pays its own overage at 1 yuan per MB.
fn family() -> PlanBook {
    let shared = "[[allowance]]\nid = \"data\"\nunit = \"data\"\namount = \"100MB\"\nshared_with = [\"13800002222\"]\nclause = \"1\"\n";
    book([plan("main", "plan", &format!("{RATE}{shared}")), plan("second", "plan", RATE)])
}

fn lines(main: &[UsageEvent<'_>], second: &[UsageEvent<'_>]) -> Vec<Line> {
    let complete = || vec![stated(CoverKind::Data, "2025-10-01", "2025-10-31")];
    let second = Line {
        info: LineInfo { msisdn: SECOND_LINE.to_owned(), ..LineInfo::default() },
        usage: table(second),
        coverage: complete(),
        subscriptions: vec![subscription("second", "2020-01-01")],
        ..Line::default()
    };
    vec![Line { coverage: complete(), ..line("main", main) }, second]
}

fn among(all: &[Line], index: usize, book: &PlanBook) -> RatedLine {
    rate_line_among(&all[index], all, book, &[]).expect("in range")
}

fn costs(all: &[Line]) -> [Interval; 2] {
    let book = family();
    [0, 1].map(|index| amount(&among(all, index, &book).cycles[&cycle("2025-10")], "data-out"))
}

#[test]
fn two_lines_draw_from_one_allowance_by_start_time() {
    // 9:00 main 60 of 100; 10:00 second the other 40 and 30 outside; 11:00 main 5 outside.
    let main = [data("2025-10-03 09:00:00", 60 * MB), data("2025-10-03 11:00:00", 5 * MB)];
    let all = lines(&main, &[data("2025-10-03 10:00:00", 70 * MB)]);
    assert_eq!(costs(&all), [exactly("5.00"), exactly("30.00")]);
}

#[test]
fn the_last_mb_of_a_shared_allowance_costs_nobody_anything() {
    let main = [data("2025-10-03 09:00:00", 60 * MB)];
    let all = lines(&main, &[data("2025-10-03 10:00:00", 40 * MB)]);
    assert_eq!(costs(&all), [exactly("0.00"), exactly("0.00")]);
    let all = lines(&main, &[data("2025-10-03 10:00:00", 40 * MB + 1)]);
    assert_eq!(costs(&all), [exactly("0.00"), exactly("1.00")]);
}

#[test]
fn a_line_without_complete_list_leaves_the_others_open() {
    let main = [data("2025-10-03 09:00:00", 60 * MB)];
    let mut all = lines(&main, &[data("2025-10-03 10:00:00", 70 * MB)]);
    all[1].coverage.clear();
    // The second line may have used all of it before 9:00: 0 or 60 outside. The main line's list is complete:
    // the second drew 40 of 70.
    assert_eq!(costs(&all), [Interval::between(yuan("0.00"), yuan("60.00")), exactly("30.00")]);
}

#[test]
fn lines_that_start_in_one_second_are_bounds() {
    let second = "2025-10-03 10:00:00";
    let all = lines(&[data(second, 80 * MB)], &[data(second, 50 * MB)]);
    // Whoever is first: main 80 + second 20 of 50 (30 outside), or second 50 + main 50 of 80 (30 outside).
    let bounds = Interval::between(yuan("0.00"), yuan("30.00"));
    assert_eq!(costs(&all), [bounds, bounds]);
}

#[test]
fn a_change_is_rated_among_the_same_lines() {
    let main = [data("2025-10-03 09:00:00", 60 * MB), data("2025-10-03 11:00:00", 5 * MB)];
    let all = lines(&main, &[data("2025-10-03 10:00:00", 70 * MB)]);
    let rated = among(&all, 0, &family());
    let same = mingzhang::rating::outcome::Change::RolloverDropped;
    let again = mingzhang::rating::rerate(&all[0], &rated, cycle("2025-10"), &same).expect("in range");
    assert_eq!(again, rated.cycles[&cycle("2025-10")]);
}

/// 1 yuan per domestic MB, 3 yuan per MB abroad, 100 MB for either.
fn two_rates() -> PlanBook {
    let rate = |id: &str, scope: &str, price: &str| {
        format!(
            "[[rate]]\nid = \"{id}\"\nunit = \"data\"\nmatch = {{ scope = [\"{scope}\"] }}\nper = \"cycle\"\n\
             count = \"1MB\"\nstages = [{{ price = \"{price}\" }}]\nclause = \"1\"\n"
        )
    };
    let allowance = "[[allowance]]\nid = \"data\"\nunit = \"data\"\namount = \"100MB\"\nclause = \"1\"\n";
    let rates = rate("home", "domestic", "1.00") + &rate("abroad", "international", "3.00");
    book([plan("demo", "plan", &format!("{rates}{allowance}"))])
}

fn abroad<'a>(start: &str, length_bytes: u64) -> UsageEvent<'a> {
    UsageEvent { scope: Scope::International, ..data(start, length_bytes) }
}

#[test]
fn events_of_one_second_are_rated_in_every_order_where_a_bucket_runs_out() {
    let second = "2025-10-03 10:00:00";
    let rated = rate(&line("demo", &[data(second, 80 * MB), abroad(second, 80 * MB)]), &two_rates());
    let rated = &rated.cycles[&cycle("2025-10")];
    // Home first: 60 abroad outside, 180.00. Abroad first: 60 at home outside, 60.00.
    assert_eq!(rated.total, Interval::between(yuan("60.00"), yuan("180.00")));
    // The items' own bounds are wider: both rates begin at nothing.
    assert_eq!(total(rated), Interval::between(yuan("0.00"), yuan("240.00")));
    let keys: Vec<&str> = rated.open.iter().map(|open| open.what.key.as_str()).collect();
    assert_eq!(keys, ["rating.open.order"]);
    assert_eq!((rated.open[0].low, rated.open[0].high), (yuan("60.00"), yuan("180.00")));
}

#[test]
fn one_second_apart_the_order_is_known() {
    let events = [data("2025-10-03 10:00:00", 80 * MB), abroad("2025-10-03 10:00:01", 80 * MB)];
    let rated = rate(&line("demo", &events), &two_rates());
    // 80 at home inside, 20 abroad inside, 60 × 3 outside.
    assert_eq!(rated.cycles[&cycle("2025-10")].total, exactly("180.00"));
    assert!(rated.cycles[&cycle("2025-10")].open.is_empty());
}

#[test]
fn an_order_that_no_bucket_notices_is_not_a_question() {
    let second = "2025-10-03 10:00:00";
    let rated = rate(&line("demo", &[data(second, 50 * MB), abroad(second, 49 * MB)]), &two_rates());
    assert_eq!(rated.cycles[&cycle("2025-10")].total, exactly("0.00"));
    assert!(rated.cycles[&cycle("2025-10")].open.is_empty());
}

#[test]
fn many_events_of_one_second_are_said_to_be_too_many() {
    let second = "2025-10-03 10:00:00";
    let mut events: Vec<_> = (1..=4).map(|size| data(second, size * 10 * MB)).collect();
    events.push(abroad(second, 50 * MB));
    let rated = rate(&line("demo", &events), &two_rates());
    assert!(rated.notes.iter().any(|note| note.key == "rating.note.too-many-readings"));
    // Still rated forward (100 at home, 50 × 3) and backward (50 abroad, 40 + 10 at home, 50 × 1).
    assert_eq!(rated.cycles[&cycle("2025-10")].total, Interval::between(yuan("50.00"), yuan("150.00")));
}

#[test]
fn a_call_and_a_session_of_one_second_do_not_compete() {
    let second = "2025-10-03 10:00:00";
    let text = "[[allowance]]\nid = \"data\"\nunit = \"data\"\namount = \"100MB\"\nclause = \"1\"\n";
    let voice = "[[rate]]\nid = \"voice-out\"\nunit = \"voice\"\nper = \"event\"\ncount = \"60s\"\nstages = [{ price = \"0.15\" }]\nclause = \"1\"\n";
    let book = book([plan("demo", "plan", &format!("{RATE}{text}{voice}"))]);
    let rated = rate(&line("demo", &[data(second, 101 * MB), call(second, 61)]), &book);
    // 1 MB outside at 1.00 and two minutes at 0.15.
    assert_eq!(rated.cycles[&cycle("2025-10")].total, exactly("1.30"));
}
