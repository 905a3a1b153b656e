//! Plans and packs that begin, end or change inside a month.

use mingzhang::model::case::Line;
use mingzhang::model::coverage::CoverKind;
use mingzhang::model::interval::Interval;
use mingzhang::model::plan::Plan;
use mingzhang::model::record::{Category, Order, OrderAction};
use mingzhang::model::usage::UsageEvent;
use mingzhang::rating::outcome::{Change, RatedLine};
use mingzhang::rating::rerate;

use super::evaluator::{evaluate, number};
use super::support::{
    MB, allowance_text, amount, bill_line, book, cycle, data, day, exactly, fee_text, line, order, pack_text,
    plan, plan_text, rate, rate_text, stated, subscription, time, yuan, yuan_per_mb,
};

/// A version of plan `demo`; `window` says when its text applies.
fn version(window: &str, sections: &str) -> Plan {
    let text = plan_text("demo", "plan", sections)
        .replace("operator = \"cmcc\"", &format!("operator = \"cmcc\"\n{window}"));
    mingzhang::rules::plan::parse("plan.toml", &text).expect("no problems")
}

/// The text of `demo` up to the 15th and from the 16th of October.
fn two_versions(before: &str, after: &str) -> mingzhang::rules::plan_book::PlanBook {
    book([version("effective_to = 2025-10-15", before), version("effective_from = 2025-10-16", after)])
}

fn amounts(rated: &RatedLine, month: &str, name: &str) -> Vec<Interval> {
    let items = rated.cycles[&cycle(month)].items.iter();
    items.filter(|item| item.name == name).map(|item| item.amount).collect()
}

#[test]
fn two_versions_of_one_fee_add_up_to_it() {
    // 0.31 × 15 ÷ 31 = 0.15; 0.31 × 16 ÷ 31 = 0.16. 29.99 × 15 ÷ 31 = 14.5112… → 14.51, the rest 15.48;
    // 0.05 × 15 ÷ 31 = 0.0241… → 0.02, rest 0.03; 0.03 × 15 ÷ 31 = 0.0145… → 0.01, rest 0.02;
    // 0.01 × 15 ÷ 31 = 0.0048… → 0.00, rest 0.01.
    let table = [
        ("0.31", ["0.15", "0.16"]),
        ("29.99", ["14.51", "15.48"]),
        ("0.05", ["0.02", "0.03"]),
        ("0.03", ["0.01", "0.02"]),
        ("0.01", ["0.00", "0.01"]),
    ];
    for (fee, parts) in table {
        let text = fee_text(fee, "");
        let rated = rate(&line("demo", &[data("2025-10-20 10:00:00", MB)]), &two_versions(&text, &text));
        assert_eq!(amounts(&rated, "2025-10", "monthly"), parts.map(exactly), "{fee}");
        for item in &rated.cycles[&cycle("2025-10")].items {
            assert_eq!(evaluate(item).ok(), number(&item.amount.high.to_string()), "{fee}");
        }
    }
}

#[test]
fn half_a_fen_in_each_half_of_a_month_is_charged_once() {
    // 0.01 × 15 ÷ 30 = 0.005, rounded on its own 0.01 in both halves: 0.02 for a fee of 0.01. Running: 0.01, 0.00.
    let text = fee_text("0.01", "");
    let book =
        book([version("effective_to = 2025-09-15", &text), version("effective_from = 2025-09-16", &text)]);
    let rated = rate(&line("demo", &[data("2025-09-20 10:00:00", MB)]), &book);
    assert_eq!(amounts(&rated, "2025-09", "monthly"), [exactly("0.01"), exactly("0.00")]);
    // The second half on its own is rounded as the specification says.
    let mut joined = line("demo", &[data("2025-09-20 10:00:00", MB)]);
    joined.subscriptions = vec![subscription("demo", "2025-09-16")];
    let alone = super::support::book([plan("demo", "plan", &fee_text("0.01", "first_month = \"by-day\""))]);
    assert_eq!(amounts(&rate(&joined, &alone), "2025-09", "monthly"), [exactly("0.01")]);
}

#[test]
fn different_fees_are_each_cut_by_their_own_days() {
    // 59 × 15 ÷ 31 = 28.548… → 28.55; 69 × 16 ÷ 31 = 35.612… → 35.61.
    let rated = rate(
        &line("demo", &[data("2025-10-20 10:00:00", MB)]),
        &two_versions(&fee_text("59.00", ""), &fee_text("69.00", "")),
    );
    assert_eq!(amounts(&rated, "2025-10", "monthly"), [exactly("28.55"), exactly("35.61")]);
}

#[test]
fn an_allowance_that_two_versions_grant_alike_is_granted_once() {
    let text = |price: &str| {
        let keys = format!("per = \"cycle\"\ncount = \"1MB\"\nstages = [{{ price = \"{price}\" }}]");
        allowance_text("data", "data", "100MB", "") + &rate_text("out", "data", &keys)
    };
    let events = [data("2025-10-10 10:00:00", 90 * MB), data("2025-10-20 10:00:00", 20 * MB)];
    let rated = rate(&line("demo", &events), &two_versions(&text("1.00"), &text("2.00")));
    // 90 of 100 before the 16th; 10 of the 20 after it are outside, at the price of that day.
    assert_eq!(amounts(&rated, "2025-10", "out"), [exactly("0.00"), exactly("20.00")]);
    // Different grants are each cut by their days: 100 × 15 ÷ 31 = 48.38… MB, 200 × 16 ÷ 31 = 103.22… MB.
    let other = text("2.00").replace("100MB", "200MB");
    let rated = rate(&line("demo", &events), &two_versions(&text("1.00"), &other));
    // 90 − 48.38… = 41.61… → 42 started MB.
    assert_eq!(amounts(&rated, "2025-10", "out"), [exactly("42.00"), exactly("0.00")]);
}

#[test]
fn overage_that_two_versions_price_alike_is_added_up_once() {
    let text = rate_text(
        "out",
        "data",
        "per = \"cycle\"\ncount = \"1MB\"\nrepeat = true\nstages = [{ to = \"1GB\", price = \"0.29\", cap = \"60.00\" }]",
    );
    let events = [data("2025-10-10 10:00:00", 300 * MB), data("2025-10-20 10:00:00", 300 * MB)];
    let rated = rate(&line("demo", &events), &two_versions(&text, &text));
    // 600 MB of one month reach the cap once.
    assert_eq!(amounts(&rated, "2025-10", "out"), [exactly("60.00")]);
}

#[test]
fn a_promise_is_kept_once_a_cycle_whatever_the_versions() {
    let text = fee_text("59.00", "")
        + "[[credit]]\nid = \"back\"\namount = \"10.00\"\nfirst_cycle = \"this-month\"\ncycles = 99\nclause = \"1\"\n";
    let mut line = line("demo", &[data("2025-10-20 10:00:00", MB)]);
    line.subscriptions = vec![subscription("demo", "2025-09-01")];
    let rated = rate(&line, &two_versions(&text, &text));
    assert_eq!(amounts(&rated, "2025-10", "back"), [exactly("-10.00")]);
    assert_eq!(rated.cycles[&cycle("2025-10")].total, exactly("49.00"));
}

#[test]
fn at_a_change_of_plan_each_text_says_what_its_days_cost() {
    let old = plan("old", "plan", &fee_text("59.00", "last_month = \"by-day\""));
    let new = plan("new", "plan", &fee_text("69.00", "first_month = \"by-day\""));
    let mut line = line("old", &[data("2025-10-20 10:00:00", MB)]);
    line.orders = vec![order("2025-10-15 09:00:00", OrderAction::Change, "new")];
    let october = |old: Plan, new: Plan| amounts(&rate(&line, &book([old, new])), "2025-10", "monthly");
    // 59 × 14 ÷ 31 = 26.645… → 26.65; 69 × 17 ÷ 31 = 37.838… → 37.84.
    assert_eq!(october(old, new), [exactly("26.65"), exactly("37.84")]);
    // Where the texts say so, the old month is full and the new one free.
    let old = plan("old", "plan", &fee_text("59.00", "last_month = \"full\""));
    let new = plan("new", "plan", &fee_text("69.00", "first_month = \"free\""));
    assert_eq!(october(old, new), [exactly("59.00"), exactly("0.00")]);
}

#[test]
fn a_plan_left_and_joined_again_rates_only_its_own_days() {
    let fee = fee_text("31.00", "first_month = \"by-day\"\nlast_month = \"by-day\"");
    let a = plan("a", "plan", &(fee.clone() + &yuan_per_mb("out-a")));
    let b = plan("b", "plan", &(fee + &yuan_per_mb("out-b").replace("1.00", "2.00")));
    let mut line = line(
        "a",
        &[data("2025-10-05 10:00:00", MB), data("2025-10-15 10:00:00", MB), data("2025-10-25 10:00:00", MB)],
    );
    line.orders = vec![
        order("2025-10-11 00:00:00", OrderAction::Change, "b"),
        order("2025-10-21 00:00:00", OrderAction::Change, "a"),
    ];
    let rated = rate(&line, &book([a, b]));
    // 1 yuan a day: 10, 10 and 11 days. The session of the 15th is b's.
    assert_eq!(amounts(&rated, "2025-10", "monthly"), [exactly("10.00"), exactly("10.00"), exactly("11.00")]);
    let october = &rated.cycles[&cycle("2025-10")];
    assert_eq!((amount(october, "out-a"), amount(october, "out-b")), (exactly("2.00"), exactly("2.00")));
}

/// A plan without data and a pack `pack`, which was ordered at these times.
fn with_pack(pack: &str, ordered: &[&str], events: &[UsageEvent<'_>]) -> (Line, RatedLine) {
    let book = book([plan("demo", "plan", &yuan_per_mb("out")), plan("pack", "pack", pack)]);
    let mut line = line("demo", events);
    line.orders = ordered.iter().map(|at| order(at, OrderAction::Order, "pack")).collect();
    let rated = rate(&line, &book);
    (line, rated)
}

#[test]
fn a_validity_ends_to_the_second() {
    let incl = allowance_text("data", "data", "100MB", "");
    // A month to the end of the calendar month; 30 d are 30 × 24 h; 1 d ends at 24:00 whatever the hour.
    let edges = [
        ("month", "2025-09-20 10:00:00", "2025-09-30 23:59:59", "2025-10-01 00:00:00"),
        ("30d", "2025-09-20 10:00:00", "2025-10-20 09:59:59", "2025-10-20 10:00:00"),
        ("7d", "2025-09-20 10:00:00", "2025-09-27 09:59:59", "2025-09-27 10:00:00"),
        ("1d", "2025-09-20 23:59:59", "2025-09-20 23:59:59", "2025-09-21 00:00:00"),
    ];
    for (validity, start, last, after) in edges {
        let cost = |at: &str| {
            let (_, rated) = with_pack(&(pack_text("5.00", validity, "") + &incl), &[start], &[data(at, MB)]);
            amount(&rated.cycles[&mingzhang::model::period::Cycle::of(time(at).day())], "out")
        };
        assert_eq!(cost(last).low, yuan("0.00"), "{validity} at {last}");
        assert_eq!(cost(after), exactly("1.00"), "{validity} at {after}");
    }
}

/// A day pack that is a rate of its own: 0.10 a MB to 1 yuan, on the days on which it was bought.
fn day_rate() -> String {
    let keys =
        "per = \"day\"\ncount = \"1MB\"\nstages = [{ to = \"800MB\", price = \"0.10\", cap = \"1.00\" }]";
    pack_text("0.00", "1d", "") + &rate_text("day", "data", keys)
}

#[test]
fn the_rate_of_a_pack_applies_on_its_days_and_not_between_them() {
    let events = ["2025-10-03 12:00:00", "2025-10-05 12:00:00", "2025-10-10 12:00:00"]
        .map(|start| data(start, 20 * MB));
    let (line, rated) = with_pack(&day_rate(), &["2025-10-03 08:00:00", "2025-10-10 08:00:00"], &events);
    let october = &rated.cycles[&cycle("2025-10")];
    // Two days with the pack at 1 yuan; the 5th is 20 MB at the plan's own yuan.
    assert_eq!((amount(october, "day"), amount(october, "out")), (exactly("2.00"), exactly("20.00")));
    // One fact changed elsewhere leaves that alone.
    let change = Change::PlanPrice { plan: "pack".to_owned(), price: yuan("0.50") };
    let changed = rerate(&line, &rated, cycle("2025-10"), &change).expect("in range");
    assert_eq!((amount(&changed, "day"), amount(&changed, "out")), (exactly("2.00"), exactly("20.00")));
    assert_eq!(amount(&changed, "pack"), exactly("1.00"));
}

#[test]
fn what_a_pack_of_days_has_left_is_open_where_the_month_before_is_not_complete() {
    let pack = pack_text("5.00", "30d", "") + &allowance_text("data", "data", "100MB", "");
    let events = [data("2025-09-25 12:00:00", 40 * MB), data("2025-10-05 12:00:00", 80 * MB)];
    let (mut line, rated) = with_pack(&pack, &["2025-09-20 08:00:00"], &events);
    let october = &rated.cycles[&cycle("2025-10")];
    // At least 40 of 100 are gone, at most all: 80 − 60 = 20 outside, or all 80.
    assert_eq!(amount(october, "out"), Interval::between(yuan("20.00"), yuan("80.00")));
    assert_eq!(
        october.open.iter().map(|it| it.what.key.as_str()).collect::<Vec<_>>(),
        ["rating.open.pack-used"]
    );
    // A list that is complete since the pack began settles it; one that begins a day later does not.
    let book = book([plan("demo", "plan", &yuan_per_mb("out")), plan("pack", "pack", &pack)]);
    for (first, expected) in
        [("2025-09-20", exactly("20.00")), ("2025-09-21", Interval::between(yuan("20.00"), yuan("80.00")))]
    {
        line.coverage = vec![stated(CoverKind::Data, first, "2025-10-31")];
        assert_eq!(amounts(&rate(&line, &book), "2025-10", "out"), [expected], "{first}");
    }
}

#[test]
fn a_pack_opened_before_the_first_record_may_be_used_up() {
    let pack = pack_text("5.00", "30d", "") + &allowance_text("data", "data", "100MB", "");
    let (_, rated) = with_pack(&pack, &["2025-09-20 08:00:00"], &[data("2025-10-05 12:00:00", 80 * MB)]);
    assert_eq!(amounts(&rated, "2025-10", "out"), [Interval::between(yuan("0.00"), yuan("80.00"))]);
}

#[test]
fn a_day_pack_is_charged_for_each_order() {
    let pack = pack_text("2.00", "1d", "") + &allowance_text("data", "data", "100MB", "");
    let events = [data("2025-10-03 12:00:00", 150 * MB)];
    let once = with_pack(&pack, &["2025-10-03 08:00:00"], &events).1;
    let twice = with_pack(&pack, &["2025-10-03 08:00:00", "2025-10-03 09:00:00"], &events).1;
    let october = |rated: &RatedLine| {
        let rated = &rated.cycles[&cycle("2025-10")];
        (amount(rated, "pack"), amount(rated, "out"))
    };
    assert_eq!(october(&once), (exactly("2.00"), exactly("50.00")));
    assert_eq!(october(&twice), (exactly("4.00"), exactly("0.00")));
}

#[test]
fn a_cancelled_plan_costs_nothing_in_the_month_after() {
    let book = book([plan("demo", "plan", &fee_text("59.00", ""))]);
    let mut line = line("demo", &[]);
    line.bill =
        ["2025-10", "2025-11"].map(|month| bill_line(month, "月费", Category::PlanFee, "59.00")).to_vec();
    let cancel = order("2025-10-10 12:00:00", OrderAction::Cancel, "demo");
    let monthly = |cancel: Order| {
        let orders = vec![order("2025-01-01 00:00:00", OrderAction::Order, "demo"), cancel];
        let rated = rate(&Line { orders, ..line.clone() }, &book);
        ["2025-10", "2025-11"].map(|month| rated.cycles.get(&cycle(month)).map(|it| amount(it, "monthly")))
    };
    assert_eq!(monthly(cancel.clone()), [Some(exactly("59.00")), None]);
    // The last day in force is the first of November: that month is the cycle of cancellation, and full.
    let last = Order { effective_last: Some(day("2025-11-01")), ..cancel };
    assert_eq!(monthly(last), [Some(exactly("59.00")), Some(exactly("59.00"))]);
}
