//! Allowances and packs: what is used first, split events, midnight and month edges.

use mingzhang::model::case::Line;
use mingzhang::model::coverage::CoverKind;
use mingzhang::model::quantity::{Unit, Volume};
use mingzhang::model::record::OrderAction;
use mingzhang::model::usage::{Direction, Scope, UsageEvent, UsageKind};
use mingzhang::rating::outcome::{BucketUse, RatedCycle};
use mingzhang::rules::plan_book::PlanBook;

use super::support::{
    MB, allowance_text, amount, book, call, cycle, data, event, exactly, fifteen_fen_a_minute, line, order,
    pack_text, plan, rate, stated, time, yuan_per_mb,
};

fn rates() -> String {
    yuan_per_mb("data-out") + &fifteen_fen_a_minute("voice-out")
}

fn demo(sections: &str) -> PlanBook {
    book([plan("demo", "plan", &format!("{}{sections}", rates()))])
}

fn october(line: &Line, book: &PlanBook) -> RatedCycle {
    rate(line, book).cycles[&cycle("2025-10")].clone()
}

fn bucket<'r>(rated: &'r RatedCycle, id: &str) -> &'r BucketUse {
    rated
        .buckets
        .iter()
        .find(|bucket| bucket.id == id)
        .unwrap_or_else(|| panic!("{id} in {:?}", rated.buckets))
}

#[test]
fn overage_begins_one_byte_after_the_allowance_text() {
    let book = demo(&allowance_text("data", "data", "100MB", ""));
    let exact = october(&line("demo", &[data("2025-10-03 10:00:00", 100 * MB)]), &book);
    assert_eq!(amount(&exact, "data-out"), exactly("0.00"));
    assert_eq!(bucket(&exact, "data").exhausted_at, Some(time("2025-10-03 10:00:00")));
    // One byte is one started MB: 1.00.
    let over = october(&line("demo", &[data("2025-10-03 10:00:00", 100 * MB + 1)]), &book);
    assert_eq!(amount(&over, "data-out"), exactly("1.00"));
}

#[test]
fn a_split_call_costs_its_seconds_beyond_the_covered_minutes() {
    let book = demo(&allowance_text("voice", "voice", "2min", ""));
    // 125 s need 3 minutes, 2 are there: 125 − 120 = 5 s outside → 1 started minute = 0.15.
    let split = october(&line("demo", &[call("2025-10-03 10:00:00", 125)]), &book);
    assert_eq!(amount(&split, "voice-out"), exactly("0.15"));
    let voice = split.items.iter().find(|item| item.name == "voice-out").expect("the rate");
    assert_eq!(voice.volume, Some(Volume::new(Unit::Voice, 5)));
    // 120 s fit exactly.
    let fits = october(&line("demo", &[call("2025-10-03 10:00:00", 120)]), &book);
    assert_eq!(amount(&fits, "voice-out"), exactly("0.00"));
    // 121 s: 1 s outside is one started minute.
    let over = october(&line("demo", &[call("2025-10-03 10:00:00", 121)]), &book);
    assert_eq!(amount(&over, "voice-out"), exactly("0.15"));
}

#[test]
fn a_call_of_zero_seconds_uses_no_minute() {
    let book = demo(&allowance_text("voice", "voice", "1min", ""));
    let calls = [call("2025-10-03 10:00:00", 0), call("2025-10-03 11:00:00", 60)];
    let rated = october(&line("demo", &calls), &book);
    assert_eq!(amount(&rated, "voice-out"), exactly("0.00"));
    assert_eq!(bucket(&rated, "voice").used, 60);
}

#[test]
fn an_event_belongs_to_the_cycle_in_which_it_starts() {
    let book = demo("");
    let events = [data("2025-09-30 23:59:59", MB), data("2025-10-01 00:00:00", 2 * MB)];
    let rated = rate(&line("demo", &events), &book);
    assert_eq!(amount(&rated.cycles[&cycle("2025-09")], "data-out"), exactly("1.00"));
    assert_eq!(amount(&rated.cycles[&cycle("2025-10")], "data-out"), exactly("2.00"));
}

#[test]
fn the_order_of_consumption_decides_which_bucket_is_used_up() {
    let buckets = allowance_text("first", "data", "10MB", "") + &allowance_text("second", "data", "10MB", "");
    let order = |ids: &str| format!("{buckets}[consumption]\norder = [{ids}]\nclause = \"1\"\n");
    let events = [data("2025-10-03 10:00:00", 10 * MB)];
    let rated = october(&line("demo", &events), &demo(&order("\"second\", \"first\"")));
    assert_eq!((bucket(&rated, "first").used, bucket(&rated, "second").used), (0, 10 * MB));
    assert_eq!(
        rated.buckets.iter().map(|bucket| bucket.id.as_str()).collect::<Vec<_>>(),
        ["second", "first"]
    );
    let rated = october(&line("demo", &events), &demo(&order("\"first\"")));
    assert_eq!((bucket(&rated, "first").used, bucket(&rated, "second").used), (10 * MB, 0));
}

#[test]
fn an_event_may_be_split_over_several_buckets() {
    let buckets = allowance_text("first", "data", "10MB", "") + &allowance_text("second", "data", "10MB", "");
    let rated = october(&line("demo", &[data("2025-10-03 10:00:00", 23 * MB)]), &demo(&buckets));
    assert_eq!((bucket(&rated, "first").used, bucket(&rated, "second").used), (10 * MB, 10 * MB));
    assert_eq!(amount(&rated, "data-out"), exactly("3.00"));
}

#[test]
fn of_two_packs_the_one_that_expires_first_is_used_first() {
    let pack = |id: &str, validity: &str| {
        let text = pack_text("5.00", validity, "");
        plan(id, "pack", &(text + &allowance_text("data", "data", "10MB", "")))
    };
    let base =
        plan("demo", "plan", &format!("{}[consumption]\norder = [\"pack:*\"]\nclause = \"1\"\n", rates()));
    let book = book([base, pack("long", "30d"), pack("short", "1d")]);
    let mut line = line("demo", &[data("2025-10-03 12:00:00", 10 * MB)]);
    line.orders = vec![
        order("2025-10-03 08:00:00", OrderAction::Order, "long"),
        order("2025-10-03 09:00:00", OrderAction::Order, "short"),
    ];
    let rated = october(&line, &book);
    assert_eq!((bucket(&rated, "pack:short").used, bucket(&rated, "pack:long").used), (10 * MB, 0));
    // Both prices are owed.
    assert_eq!((amount(&rated, "long"), amount(&rated, "short")), (exactly("5.00"), exactly("5.00")));
}

#[test]
fn of_equal_expiry_the_earlier_activation_is_used_first() {
    let pack = |id: &str| {
        let text = pack_text("5.00", "month", "");
        plan(id, "pack", &(text + &allowance_text("data", "data", "10MB", "")))
    };
    let book = book([plan("demo", "plan", &rates()), pack("pack-a"), pack("pack-b")]);
    let mut line = line("demo", &[data("2025-10-03 12:00:00", 10 * MB)]);
    line.orders = vec![
        order("2025-10-03 08:00:00", OrderAction::Order, "pack-b"),
        order("2025-10-03 09:00:00", OrderAction::Order, "pack-a"),
    ];
    let rated = october(&line, &book);
    assert_eq!((bucket(&rated, "pack:pack-a").used, bucket(&rated, "pack:pack-b").used), (0, 10 * MB));
}

#[test]
fn a_pack_covers_nothing_before_its_activation_and_after_its_expiry() {
    let text = pack_text("5.00", "1d", "");
    let pack = plan("day-pack", "pack", &(text + &allowance_text("data", "data", "100MB", "")));
    let book = book([plan("demo", "plan", &rates()), pack]);
    let cases = [
        ("2025-10-03 07:59:59", "1.00"),
        ("2025-10-03 08:00:00", "0.00"),
        ("2025-10-03 23:59:59", "0.00"),
        ("2025-10-04 00:00:00", "1.00"),
    ];
    for (start, expected) in cases {
        let mut line = line("demo", &[data(start, MB)]);
        line.orders = vec![order("2025-10-03 08:00:00", OrderAction::Order, "day-pack")];
        assert_eq!(amount(&october(&line, &book), "data-out"), exactly(expected), "{start}");
    }
}

#[test]
fn a_pack_of_thirty_days_keeps_its_rest_into_the_next_cycle() {
    let text = pack_text("5.00", "30d", "");
    let pack = plan("pack-30d", "pack", &(text + &allowance_text("data", "data", "10MB", "")));
    let book = book([plan("demo", "plan", &rates()), pack]);
    let mut line = line("demo", &[data("2025-09-20 12:00:00", 8 * MB), data("2025-10-03 12:00:00", 5 * MB)]);
    line.orders = vec![order("2025-09-15 08:00:00", OrderAction::Order, "pack-30d")];
    line.coverage = vec![stated(CoverKind::Data, "2025-09-15", "2025-10-31")];
    let rated = rate(&line, &book);
    assert_eq!(amount(&rated.cycles[&cycle("2025-09")], "data-out"), exactly("0.00"));
    // 10 − 8 = 2 MB are left; 5 − 2 = 3 MB outside. The price was due in September.
    let october = &rated.cycles[&cycle("2025-10")];
    assert_eq!(
        (amount(october, "data-out"), amount(october, "pack-30d")),
        (exactly("3.00"), exactly("0.00"))
    );
}

#[test]
fn hours_of_an_allowance_reach_past_midnight() {
    let book = demo(&allowance_text("night", "data", "100MB", "match = { hours = \"23:00-07:00\" }"));
    let cases = [
        ("2025-10-03 22:59:59", "1.00"),
        ("2025-10-03 23:00:00", "0.00"),
        ("2025-10-04 06:59:59", "0.00"),
        ("2025-10-04 07:00:00", "1.00"),
    ];
    for (start, expected) in cases {
        let rated = october(&line("demo", &[data(start, MB)]), &book);
        assert_eq!(amount(&rated, "data-out"), exactly(expected), "{start}");
    }
}

#[test]
fn an_app_allowance_covers_its_apps_only() {
    let book = demo(&allowance_text("app", "data", "100MB", "match = { app = [\"抖音\"] }"));
    let of_app = |app: &'static str| UsageEvent { app, ..data("2025-10-03 10:00:00", MB) };
    assert_eq!(amount(&october(&line("demo", &[of_app("抖音")]), &book), "data-out"), exactly("0.00"));
    assert_eq!(amount(&october(&line("demo", &[of_app("微信")]), &book), "data-out"), exactly("1.00"));
    assert_eq!(amount(&october(&line("demo", &[of_app("")]), &book), "data-out"), exactly("1.00"));
}

#[test]
fn a_mainland_allowance_does_not_cover_use_abroad() {
    let book = demo(&allowance_text("data", "data", "100MB", "match = { scope = [\"domestic\"] }"));
    let abroad = UsageEvent { scope: Scope::International, ..data("2025-10-03 10:00:00", MB) };
    assert_eq!(amount(&october(&line("demo", &[abroad]), &book), "data-out"), exactly("1.00"));
}

#[test]
fn incoming_calls_are_free_unless_a_rate_names_them() {
    let incoming = UsageEvent { direction: Direction::In, ..call("2025-10-03 10:00:00", 61) };
    let free = october(&line("demo", &[incoming]), &demo(&allowance_text("voice", "voice", "10min", "")));
    assert_eq!((amount(&free, "voice-out"), bucket(&free, "voice").used), (exactly("0.00"), 0));
    assert_eq!(free.unrated, []);
    let rate_in = "[[rate]]\nid = \"voice-in\"\nunit = \"voice\"\nmatch = { direction = \"in\" }\nper = \"event\"\n\
                   count = \"60s\"\nstages = [{ price = \"0.10\" }]\nclause = \"1\"\n";
    let rated = october(&line("demo", &[incoming]), &demo(rate_in));
    assert_eq!((amount(&rated, "voice-in"), amount(&rated, "voice-out")), (exactly("0.20"), exactly("0.00")));
}

#[test]
fn emergency_calls_use_no_allowance_and_cost_nothing() {
    let emergency = |peer: &'static str| UsageEvent { peer, ..call("2025-10-03 10:00:00", 61) };
    let book = demo(&allowance_text("voice", "voice", "1min", ""));
    let rated = october(&line("demo", &[emergency("110")]), &book);
    assert_eq!((amount(&rated, "voice-out"), bucket(&rated, "voice").used), (exactly("0.00"), 0));
    // 1100 is no emergency number: one minute covered, one second outside.
    let rated = october(&line("demo", &[emergency("1100")]), &book);
    assert_eq!(amount(&rated, "voice-out"), exactly("0.15"));
}

#[test]
fn an_emergency_number_costs_what_a_rate_that_names_it_says() {
    let named = "[[rate]]\nid = \"info\"\nunit = \"voice\"\nmatch = { peer = [\"12395\"] }\nper = \"event\"\n\
                 count = \"60s\"\nstages = [{ price = \"2.00\" }]\nclause = \"1\"\n";
    let base = plan("demo", "plan", &format!("{named}{}", rates()));
    let calls = [UsageEvent { peer: "12395", ..call("2025-10-03 10:00:00", 30) }];
    let rated = october(&line("demo", &calls), &book([base]));
    assert_eq!((amount(&rated, "info"), amount(&rated, "voice-out")), (exactly("2.00"), exactly("0.00")));
}

#[test]
fn a_failed_message_is_not_chargeable() {
    let rate_sms = "[[rate]]\nid = \"sms-out\"\nunit = \"sms\"\nper = \"event\"\ncount = \"1\"\n\
                    stages = [{ price = \"0.10\" }]\nclause = \"1\"\n";
    let sent = event(UsageKind::Sms, "2025-10-03 10:00:00");
    let failed = UsageEvent { failed: true, ..event(UsageKind::Sms, "2025-10-03 11:00:00") };
    assert_eq!(amount(&october(&line("demo", &[sent, failed]), &demo(rate_sms)), "sms-out"), exactly("0.10"));
    assert_eq!(amount(&october(&line("demo", &[failed]), &demo(rate_sms)), "sms-out"), exactly("0.00"));
}

#[test]
fn use_without_a_rate_is_unrated_with_its_reason() {
    let message = event(UsageKind::Mms, "2025-10-03 10:00:00");
    let rated = october(
        &line("demo", &[message, UsageEvent { start: time("2025-10-04 10:00:00"), ..message }]),
        &demo(""),
    );
    assert_eq!(rated.unrated.len(), 1);
    let unrated = &rated.unrated[0];
    assert_eq!((unrated.unit, unrated.events, unrated.volume), (Unit::Mms, 2, Volume::new(Unit::Mms, 2)));
    assert_eq!(unrated.reason.key, "rating.unrated.no-rate");
    assert!(rated.items.iter().all(|item| item.category != mingzhang::model::record::Category::Mms));
}

#[test]
fn use_above_the_last_stage_is_unrated_when_it_does_not_repeat() {
    let text = "[[rate]]\nid = \"out\"\nunit = \"data\"\nper = \"cycle\"\ncount = \"1MB\"\n\
                stages = [{ to = \"100MB\", price = \"0.10\" }]\nclause = \"1\"\n";
    let book = book([plan("demo", "plan", text)]);
    let at_the_top = october(&line("demo", &[data("2025-10-03 10:00:00", 100 * MB)]), &book);
    assert_eq!((amount(&at_the_top, "out"), at_the_top.unrated.len()), (exactly("10.00"), 0));
    let above = october(&line("demo", &[data("2025-10-03 10:00:00", 101 * MB)]), &book);
    assert_eq!(amount(&above, "out"), exactly("10.00"));
    assert_eq!(above.unrated[0].volume, Volume::new(Unit::Data, MB));
}

#[test]
fn the_first_rate_that_fits_prices_the_event() {
    let text = "[[rate]]\nid = \"roaming\"\nunit = \"data\"\nmatch = { scope = [\"hmt\"] }\nper = \"cycle\"\n\
                count = \"1MB\"\nstages = [{ price = \"5.00\" }]\nclause = \"1\"\n";
    let base = plan("demo", "plan", &format!("{text}{}", rates()));
    let book = book([base]);
    let there = UsageEvent { scope: Scope::Hmt, ..data("2025-10-03 10:00:00", MB) };
    let rated = october(&line("demo", &[there, data("2025-10-03 11:00:00", MB)]), &book);
    assert_eq!((amount(&rated, "roaming"), amount(&rated, "data-out")), (exactly("5.00"), exactly("1.00")));
}

#[test]
fn what_is_above_a_cap_is_not_owed() {
    let book = demo("[[cap]]\nunit = \"data\"\namount = \"50.00\"\nclause = \"1\"\n");
    let cost =
        |mb: u64| amount(&october(&line("demo", &[data("2025-10-03 10:00:00", mb * MB)]), &book), "data-out");
    assert_eq!((cost(50), cost(51), cost(500)), (exactly("50.00"), exactly("50.00"), exactly("50.00")));
}

#[test]
fn the_days_table_tells_inside_from_outside() {
    let book = demo(&allowance_text("data", "data", "10MB", ""));
    let events = [data("2025-10-01 10:00:00", 8 * MB), data("2025-10-31 23:59:59", 5 * MB)];
    let rated = october(&line("demo", &events), &book);
    let days = &rated.days[&Unit::Data];
    assert_eq!(days.len(), 31);
    assert_eq!((days[0].inside, days[0].outside), (8 * MB, 0));
    assert_eq!((days[30].inside, days[30].outside), (2 * MB, 3 * MB));
}

#[test]
fn a_nonsense_volume_stops_nothing() {
    let book = demo(&allowance_text("data", "data", "10MB", ""));
    let events = [data("2025-10-03 10:00:00", u64::MAX), data("2025-10-03 10:00:01", u64::MAX)];
    let rated = mingzhang::rating::rate_line(&line("demo", &events), &book, &[]);
    assert!(rated.is_ok());
}
