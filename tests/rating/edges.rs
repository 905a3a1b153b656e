//! Sentences of the plan specification that no published vector shows: both sides of each edge.

use mingzhang::model::case::Line;
use mingzhang::model::interval::Interval;
use mingzhang::model::quantity::{Unit, Volume};
use mingzhang::model::record::{Category, Order, OrderAction};
use mingzhang::model::usage::{Direction, Scope, UsageEvent, UsageKind};
use mingzhang::rating::outcome::RatedCycle;
use mingzhang::rules::plan_book::PlanBook;

use super::support::{
    MB, allowance_text, amount, bill_line, book, call, cycle, data, event, exactly, fee_text,
    fifteen_fen_a_minute, line, order, pack_text, plan, rate, rate_text, subscription, yuan, yuan_per_mb,
};

fn demo(sections: &str) -> PlanBook {
    book([plan("demo", "plan", sections)])
}

fn october(line: &Line, book: &PlanBook) -> RatedCycle {
    rate(line, book).cycles[&cycle("2025-10")].clone()
}

/// What `events` cost under the item `name` in October.
fn cost(book: &PlanBook, events: &[UsageEvent<'_>], name: &str) -> Interval {
    amount(&october(&line("demo", events), book), name)
}

const AT: &str = "2025-10-03 10:00:00";

#[test]
fn each_way_to_add_up_meets_each_way_to_count() {
    // Sessions of 1.5 MB: two on the 3rd, one on the 4th; 1 yuan per MB.
    let half = 3 * MB / 2;
    let sessions = [data(AT, half), data("2025-10-03 11:00:00", half), data("2025-10-04 10:00:00", half)];
    // event: up 2 + 2 + 2, down 1 + 1 + 1, exact 1.5 × 3. day: 3 and 1.5 → up 3 + 2, down 3 + 1, exact 4.5.
    // cycle: 4.5 → up 5, down 4, exact 4.5.
    let table = [
        ("event", [("up", "6.00"), ("down", "3.00"), ("exact", "4.50")]),
        ("day", [("up", "5.00"), ("down", "4.00"), ("exact", "4.50")]),
        ("cycle", [("up", "5.00"), ("down", "4.00"), ("exact", "4.50")]),
    ];
    for (per, rounds) in table {
        for (round, expected) in rounds {
            let keys = format!(
                "per = \"{per}\"\ncount = \"1MB\"\nround = \"{round}\"\nstages = [{{ price = \"1\" }}]"
            );
            let book = demo(&rate_text("out", "data", &keys));
            assert_eq!(cost(&book, &sessions, "out"), exactly(expected), "{per} {round}");
        }
    }
}

#[test]
fn money_is_rounded_once_for_each_period() {
    // Two sessions of 5 MB at 0.001 a MB on two days. Cycle: 0.010. Day and event: 0.005 + 0.005, each rounded half
    // up to 0.01; cut to 0.00; to three decimals 0.005.
    let sessions = [data(AT, 5 * MB), data("2025-10-04 10:00:00", 5 * MB)];
    let table = [
        ("cycle", "", "0.01"),
        ("day", "", "0.02"),
        ("event", "", "0.02"),
        ("day", "money_round = \"truncate\"", "0.00"),
        ("day", "money_scale = 3", "0.010"),
        ("cycle", "money_scale = 1", "0.0"),
    ];
    for (per, money, expected) in table {
        let keys = format!("per = \"{per}\"\ncount = \"1MB\"\nstages = [{{ price = \"0.001\" }}]\n{money}");
        assert_eq!(
            cost(&demo(&rate_text("out", "data", &keys)), &sessions, "out"),
            exactly(expected),
            "{per} {money}"
        );
    }
}

#[test]
fn a_price_may_be_for_more_than_a_counting_step() {
    // 1 yuan per GB, counted in started MB: 511 MB 0.4990…, 512 MB 0.5, one byte more is 513 MB 0.50097….
    let keys = "per = \"cycle\"\ncount = \"1MB\"\nprice_per = \"1GB\"\nstages = [{ price = \"1\" }]";
    let book = demo(&rate_text("out", "data", keys));
    for (bytes, expected) in
        [(511 * MB, "0.50"), (509 * MB, "0.50"), (507 * MB, "0.50"), (506 * MB, "0.49"), (512 * MB, "0.50")]
    {
        assert_eq!(cost(&book, &[data(AT, bytes)], "out"), exactly(expected), "{bytes}");
    }
}

#[test]
fn messages_begin_to_cost_after_the_last_included_one() {
    let keys = "per = \"event\"\ncount = \"1\"\nstages = [{ price = \"0.10\" }]";
    for (unit, kind) in [("sms", UsageKind::Sms), ("mms", UsageKind::Mms)] {
        let book = demo(&(rate_text("out", unit, keys) + &allowance_text("incl", unit, "3", "")));
        let sent = |count: usize| vec![event(kind, AT); count];
        assert_eq!(cost(&book, &sent(3), "out"), exactly("0.00"), "{unit}");
        assert_eq!(cost(&book, &sent(4), "out"), exactly("0.10"), "{unit}");
    }
}

#[test]
fn without_rollover_the_rest_lapses() {
    let keys = |rollover: &str| allowance_text("data", "data", "100MB", rollover) + &yuan_per_mb("out");
    let mut line = line("demo", &[data("2025-09-10 10:00:00", MB), data("2025-10-10 10:00:00", 101 * MB)]);
    line.subscriptions = vec![subscription("demo", "2025-09-01")];
    line.coverage =
        vec![super::support::stated(mingzhang::model::coverage::CoverKind::Data, "2025-09-01", "2025-10-31")];
    let out = |rollover: &str| amount(&october(&line, &demo(&keys(rollover))), "out");
    assert_eq!(out("rollover = \"none\""), exactly("1.00"));
    assert_eq!(out("rollover = \"next-month\""), exactly("0.00"));
}

#[test]
fn a_match_takes_what_it_names_and_nothing_else() {
    let base = |fields: UsageEvent<'static>| fields;
    let there = |scope| UsageEvent { scope, ..data(AT, MB) };
    let by_scope = demo(
        &(yuan_per_mb("out")
            + &allowance_text("incl", "data", "1GB", "match = { scope = [\"hmt\", \"international\"] }")),
    );
    for (scope, expected) in [(Scope::Hmt, "0.00"), (Scope::International, "0.00"), (Scope::Domestic, "1.00")]
    {
        assert_eq!(cost(&by_scope, &[there(scope)], "out"), exactly(expected), "{scope:?}");
    }
    let voice =
        |keys: &str| demo(&(fifteen_fen_a_minute("out") + &allowance_text("incl", "voice", "100min", keys)));
    let by_peer = voice("match = { peer = [\"10086\"] }");
    for (peer, expected) in [("10086", "0.00"), ("100860", "0.15"), ("", "0.15")] {
        let called = base(UsageEvent { peer, ..call(AT, 60) });
        assert_eq!(cost(&by_peer, &[called], "out"), exactly(expected), "{peer}");
    }
    // An allowance for incoming calls leaves the outgoing ones outside; an incoming one draws from it.
    let by_direction = voice("match = { direction = \"in\" }");
    assert_eq!(cost(&by_direction, &[call(AT, 60)], "out"), exactly("0.15"));
    let incoming = UsageEvent { direction: Direction::In, ..call(AT, 60) };
    let rated = october(&line("demo", &[incoming]), &by_direction);
    assert_eq!((amount(&rated, "out"), rated.buckets[0].used), (exactly("0.00"), 60));
    // All that is named has to hold at once.
    let both = voice("match = { peer = [\"10086\"], hours = \"09:00-10:00\" }");
    for (start, expected) in [("2025-10-03 09:59:59", "0.00"), ("2025-10-03 10:00:00", "0.15")] {
        let called = UsageEvent { peer: "10086", ..call(start, 60) };
        assert_eq!(cost(&both, &[called], "out"), exactly(expected), "{start}");
    }
}

#[test]
fn direction_does_not_matter_for_data() {
    let keys = "match = { direction = \"in\" }";
    let book = demo(&(yuan_per_mb("out") + &allowance_text("incl", "data", "1MB", keys)));
    let down = UsageEvent { direction: Direction::In, ..data(AT, 2 * MB) };
    assert_eq!(cost(&book, &[down], "out"), exactly("1.00"));
}

#[test]
fn each_emergency_number_is_free_and_its_neighbour_is_not() {
    let book = demo(&fifteen_fen_a_minute("out"));
    for free in mingzhang::rating::FREE_NUMBERS {
        assert_eq!(cost(&book, &[UsageEvent { peer: free, ..call(AT, 60) }], "out"), exactly("0.00"));
    }
    assert_eq!(mingzhang::rating::FREE_NUMBERS.len(), 6);
    for other in ["111", "121", "123", "1211", "12396"] {
        assert_eq!(cost(&book, &[UsageEvent { peer: other, ..call(AT, 60) }], "out"), exactly("0.15"));
    }
}

#[test]
fn a_bucket_that_no_entry_names_comes_after_all_that_are_named() {
    let buckets = allowance_text("a", "data", "10MB", "") + &allowance_text("b", "data", "10MB", "");
    let text = yuan_per_mb("out") + &buckets + "[consumption]\norder = [\"b\"]\n";
    let rated = october(&line("demo", &[data(AT, 10 * MB)]), &demo(&text));
    let used: Vec<(&str, u64)> = rated.buckets.iter().map(|it| (it.id.as_str(), it.used)).collect();
    assert_eq!(used, [("b", 10 * MB), ("a", 0)]);
    // Of two that none names, the id decides where expiry and activation are equal.
    let rated = october(&line("demo", &[data(AT, 10 * MB)]), &demo(&(yuan_per_mb("out") + &buckets)));
    assert_eq!(rated.buckets[0].id, "a");
}

#[test]
fn a_cap_holds_for_its_unit_over_all_its_rates() {
    let two = rate_text(
        "abroad",
        "data",
        "match = { scope = [\"international\"] }\nper = \"cycle\"\ncount = \"1MB\"\nstages = [{ price = \"3\" }]",
    ) + &yuan_per_mb("home")
        + &fifteen_fen_a_minute("voice")
        + "[[cap]]\nunit = \"data\"\namount = \"50.00\"\nclause = \"1\"\n";
    let book = demo(&two);
    let used = |home: u64, abroad: u64| {
        let abroad = UsageEvent { scope: Scope::International, ..data("2025-10-04 10:00:00", abroad * MB) };
        let rated = october(&line("demo", &[data(AT, home * MB), abroad, call(AT, 6000)]), &book);
        ["abroad", "home", "voice"].map(|name| amount(&rated, name))
    };
    // 30 + 20 = 50 is at the cap; one yuan more comes off the last rate. 100 minutes of calls are no data.
    assert_eq!(used(20, 10), [exactly("30.00"), exactly("20.00"), exactly("15.00")]);
    assert_eq!(used(21, 10), [exactly("30.00"), exactly("20.00"), exactly("15.00")]);
    assert_eq!(used(9, 20), [exactly("50.00"), exactly("0.00"), exactly("15.00")]);
}

#[test]
fn the_total_is_fee_and_packs_and_overage_less_credits() {
    let credit = "[[credit]]\nid = \"back\"\namount = \"10.00\"\nfirst_cycle = \"this-month\"\ncycles = 2\nclause = \"1\"\n";
    let base = fee_text("59.00", "first_month = \"full\"") + &yuan_per_mb("out") + credit;
    let book = book([plan("demo", "plan", &base), plan("pack", "pack", &pack_text("5.00", "month", ""))]);
    let months = ["2025-09", "2025-10", "2025-11"];
    let mut line = line("demo", &[data("2025-10-10 10:00:00", 7 * MB)]);
    line.subscriptions = vec![subscription("demo", "2025-09-20")];
    line.orders = vec![order("2025-10-05 10:00:00", OrderAction::Order, "pack")];
    line.bill = months.map(|month| bill_line(month, "月费", Category::PlanFee, "59.00")).to_vec();
    let rated = rate(&line, &book);
    // September 59 − 10; October 59 + 5 + 7 − 10; November: both credits are given, 59.
    assert_eq!(
        months.map(|month| rated.cycles[&cycle(month)].total),
        [exactly("49.00"), exactly("61.00"), exactly("59.00")]
    );
}

#[test]
fn only_a_cycle_suspended_from_its_first_to_its_last_day_costs_the_holding_fee() {
    let text = fee_text("59.00", "suspended = \"5.00\"")
        + &allowance_text("data", "data", "1GB", "")
        + &yuan_per_mb("out");
    let book = demo(&text);
    let monthly = |suspended: Order, resumed: &str| {
        let mut line = line("demo", &[data("2025-10-10 10:00:00", MB)]);
        line.orders = vec![suspended, order(resumed, OrderAction::Resume, "")];
        let rated = october(&line, &book);
        [amount(&rated, "monthly"), amount(&rated, "out")]
    };
    let from = |at: &str| order(at, OrderAction::Suspend, "");
    let full = [exactly("59.00"), exactly("0.00")];
    // What is used while suspended has no allowance to draw from.
    let held = [exactly("5.00"), exactly("1.00")];
    assert_eq!(monthly(from("2025-10-01 08:00:00"), "2025-11-01 08:00:00"), held);
    assert_eq!(monthly(from("2025-10-02 08:00:00"), "2025-11-01 08:00:00"), full);
    assert_eq!(monthly(from("2025-10-01 08:00:00"), "2025-10-31 08:00:00"), full);
    // The price on the order is what was agreed.
    let priced = Order { price: Some(yuan("3.00")), ..from("2025-10-01 08:00:00") };
    assert_eq!(monthly(priced, "2025-11-01 08:00:00")[0], exactly("3.00"));
}

#[test]
fn suspensions_that_follow_each_other_suspend_the_cycle_together() {
    let book = demo(&fee_text("59.00", "suspended = \"5.00\""));
    let suspended = |at: &str, last: &str, price: Option<&str>| Order {
        effective_last: Some(last.parse().expect("a day")),
        price: price.map(yuan),
        ..order(at, OrderAction::Suspend, "")
    };
    let fee = |orders: Vec<Order>| {
        let mut line = line("demo", &[]);
        line.bill = vec![bill_line("2025-10", "月费", Category::PlanFee, "59.00")];
        line.orders = orders;
        amount(&october(&line, &book), "monthly")
    };
    let first = |price| suspended("2025-09-20 08:00:00", "2025-10-15", price);
    let second = |at: &str, price| suspended(at, "2025-11-10", price);
    assert_eq!(fee(vec![first(None), second("2025-10-16 08:00:00", None)]), exactly("5.00"));
    // A day between them is a day in service.
    assert_eq!(fee(vec![first(None), second("2025-10-17 08:00:00", None)]), exactly("59.00"));
    // Resumed on the 10th and suspended again on the same day: a month of a restart.
    let resumed = order("2025-10-10 08:00:00", OrderAction::Resume, "");
    assert_eq!(fee(vec![first(None), resumed, second("2025-10-10 09:00:00", None)]), exactly("59.00"));
    // The fee of the one order that states it; two different fees leave open which holds.
    assert_eq!(fee(vec![first(Some("3.00")), second("2025-10-16 08:00:00", None)]), exactly("3.00"));
    assert_eq!(fee(vec![first(Some("3.00")), second("2025-10-16 08:00:00", Some("6.00"))]), exactly("59.00"));
}

#[test]
fn half_a_fee_is_rounded_away_from_zero() {
    let book = demo(&fee_text("59.99", "first_month = \"half-after-15\""));
    let mut line = line("demo", &[]);
    line.bill = vec![bill_line("2025-10", "月费", Category::PlanFee, "59.99")];
    for (start, expected) in [("2025-10-15", "59.99"), ("2025-10-16", "30.00")] {
        line.subscriptions = vec![subscription("demo", start)];
        assert_eq!(amount(&october(&line, &book), "monthly"), exactly(expected), "{start}");
    }
}

#[test]
fn a_start_on_the_last_day_that_does_not_count_costs_nothing_yet() {
    let mut line = line("demo", &[]);
    line.bill = vec![bill_line("2025-10", "月费", Category::PlanFee, "19.00")];
    for method in ["exact", "truncated"] {
        let keys =
            format!("first_month = \"by-day\"\ncounts_activation_day = false\nday_rate = \"{method}\"");
        let book = demo(&fee_text("19.00", &keys));
        // 19 ÷ 31 = 0.6129…; the last day takes 19 − 30 × 0.61 = 0.70.
        let last = if method == "exact" { "0.61" } else { "0.70" };
        for (start, expected) in [("2025-10-30", last), ("2025-10-31", "0.00")] {
            line.subscriptions = vec![subscription("demo", start)];
            let rated = october(&line, &book);
            assert_eq!(amount(&rated, "monthly"), exactly(expected), "{method} {start}");
            assert!(super::evaluator::evaluate(&rated.items[0]).is_ok());
        }
    }
}

#[test]
fn overage_of_a_call_is_its_length_less_the_covered_minutes() {
    let keys = "per = \"event\"\ncount = \"1s\"\nprice_per = \"60s\"\nstages = [{ price = \"0.60\" }]";
    let book = demo(&(rate_text("out", "voice", keys) + &allowance_text("incl", "voice", "2min", "")));
    let rated = october(&line("demo", &[call(AT, 119), call("2025-10-03 11:00:00", 30)]), &book);
    // 119 s take both minutes; 30 s are outside at 0.01 a second.
    let item = rated.items.iter().find(|item| item.name == "out").expect("the rate");
    assert_eq!((item.amount, item.volume), (exactly("0.30"), Some(Volume::new(Unit::Voice, 30))));
}
