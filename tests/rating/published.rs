//! Vectors that other projects publish, re-typed as facts. No code of theirs is here.
//!
//! Left out, and why:
//! - CGRateS, cdrtool (connect fees; 60-then-1 s increments; tariffs that change inside a call; bundles in 20 s
//!   steps): no consumer tariff text that was read has them, and a plan file cannot say them. Of 30/6 increments
//!   (`cgrates#118`) what is above the first 30 s is plain 6 s steps, and here.
//! - CommunityCellularManager, rows with free seconds, and numbers by prefix: an allowance grants whole minutes; a
//!   plan names whole peers.
//! - Lago graduated and volume models (flat fee per tier; the tier of the whole volume prices all of it),
//!   percentage models, taxes, credit notes; Opencell amounts with tax: nothing of the kind is on these bills.
//! - OpenMeter graduated tiers: flat fees per tier. Its engine's order of grants is the order here (below).
//! - Kill Bill quarters and years, usage tiers of size 1 (the rows name no prices), BillRun invoices and group
//!   sequences (they need its plan files): a cycle is a calendar month, and a vector needs its rule.
//! - Opencell counters with refunds: usage lists hold no negative use.

use mingzhang::model::interval::Interval;
use mingzhang::model::period::DaySpan;
use mingzhang::model::plan::DayRate;
use mingzhang::model::usage::UsageKind;
use mingzhang::rating::proration::fee_of_days;
use proptest::prelude::*;

use super::support::{
    MB, allowance_text, amount, book, call, cycle, data, day, event, exactly, line, order, plan, rate,
    rate_text, yuan,
};

fn cost_of_call(rule: &str, duration_s: u32) -> Interval {
    let text = format!("[[rate]]\nid = \"out\"\nunit = \"voice\"\nclause = \"1\"\n{rule}");
    let book = book([plan("demo", "plan", &text)]);
    let rated = rate(&line("demo", &[call("2025-10-03 10:00:00", duration_s)]), &book);
    amount(&rated.cycles[&cycle("2025-10")], "out")
}

/// CommunityCellularManager client/core/tests/billing_tests.py @e633771 (BSD): seconds, price per minute, billable
/// unit → cost, rows without free seconds.
#[test]
fn billable_units_of_the_community_cellular_manager() {
    let rows = [
        (0, "60", 30, "0"),
        (5, "60", 30, "30"),
        (5, "60", 60, "60"),
        (61, "60", 60, "120"),
        (61, "72", 30, "108"),
    ];
    for (seconds, per_minute, unit_s, expected) in rows {
        let rule = format!(
            "per = \"event\"\ncount = \"{unit_s}s\"\nround = \"up\"\nprice_per = \"60s\"\nstages = [{{ price = \"{per_minute}\" }}]"
        );
        assert_eq!(cost_of_call(&rule, seconds), exactly(expected), "{seconds} s");
    }
}

/// CGRateS engine/calldesc_test.go, TestGetCostRounding: 0.1 per minute by the second, 180 s. The file expects
/// 0.3001 and 0.30006 and says "should be 0.3": the price of a second was rounded first.
#[test]
fn three_minutes_by_the_second_cost_exactly_three_times_the_minute() {
    let rule = "per = \"event\"\ncount = \"1s\"\nround = \"up\"\nprice_per = \"60s\"\nstages = [{ price = \"0.1\" }]\nmoney_scale = 6";
    assert_eq!(cost_of_call(rule, 180), exactly("0.3"));
}

/// BillRun library/Tests/Tariff.php: volume 9.9, interval 10, price 1 → 1 rounded up, 0.99 as it is. Here 99 s of 100 s.
#[test]
fn an_interval_is_rounded_up_or_priced_pro_rata() {
    let rule = |round: &str| {
        format!("per = \"event\"\ncount = \"100s\"\nround = \"{round}\"\nstages = [{{ price = \"1\" }}]")
    };
    assert_eq!(cost_of_call(&rule("up"), 99), exactly("1.00"));
    assert_eq!(cost_of_call(&rule("exact"), 99), exactly("0.99"));
}

/// Tsurugi phone-bill-benchmark, SimpleBillingCalculatorTest (Apache-2.0): base 3000 with calls for 2000 included.
#[test]
fn a_base_fee_with_calls_included() {
    let text = "[fee]\nmonthly = \"3000\"\nclause = \"1\"\n[[rate]]\nid = \"out\"\nunit = \"voice\"\nper = \"cycle\"\n\
                count = \"1s\"\nstages = [{ to = \"2000s\", price = \"0\" }, { price = \"1\" }]\nclause = \"1\"\n";
    let book = book([plan("demo", "plan", text)]);
    for (used, expected) in [(1, "3000"), (1999, "3000"), (2000, "3000"), (2001, "3001"), (2999, "3999")] {
        let rated = rate(&line("demo", &[call("2025-10-03 10:00:00", used)]), &book);
        assert_eq!(rated.cycles[&cycle("2025-10")].total, exactly(expected), "{used}");
    }
}

/// Lago charge_models, package: 121 units at 100 per 10 → 1300; with 10 free → 1200.
#[test]
fn packages_of_ten() {
    let rule = "[[rate]]\nid = \"out\"\nunit = \"sms\"\nper = \"cycle\"\ncount = \"10\"\nround = \"up\"\n\
                stages = [{ price = \"100\" }]\nclause = \"1\"\n";
    let free = "[[allowance]]\nid = \"sms\"\nunit = \"sms\"\namount = \"10\"\nclause = \"1\"\n";
    let messages: Vec<_> = (0..121).map(|_| event(UsageKind::Sms, "2025-10-03 10:00:00")).collect();
    for (text, expected) in [(rule.to_owned(), "1300"), (format!("{rule}{free}"), "1200")] {
        let rated = rate(&line("demo", &messages), &book([plan("demo", "plan", &text)]));
        assert_eq!(rated.cycles[&cycle("2025-10")].total, exactly(expected));
    }
}

/// cgrates#118, as its author states it: 0.006 a minute in steps of 6 s above the first 30 s. 36 s, 60 s and 78 s.
#[test]
fn steps_of_six_seconds() {
    let rule = "per = \"event\"\ncount = \"6s\"\nround = \"up\"\nprice_per = \"60s\"\nstages = [{ price = \"0.006\" }]\nmoney_scale = 4";
    for (seconds, expected) in [(32, "0.0036"), (57, "0.006"), (75, "0.0078"), (78, "0.0078"), (79, "0.0084")]
    {
        assert_eq!(cost_of_call(rule, seconds), exactly(expected), "{seconds} s");
    }
}

/// CGRateS general_tests/smschrg1_test.go: 20 units at 0.002 for 10 = 0.004. Here one more message is one more step.
#[test]
fn messages_in_tens() {
    let keys = "per = \"cycle\"\ncount = \"10\"\nstages = [{ price = \"0.002\" }]\nmoney_scale = 3";
    let book = book([plan("demo", "plan", &rate_text("out", "sms", keys))]);
    for (count, expected) in [(20, "0.004"), (21, "0.006")] {
        let messages = vec![event(UsageKind::Sms, "2025-10-03 10:00:00"); count];
        assert_eq!(rate(&line("demo", &messages), &book).cycles[&cycle("2025-10")].total, exactly(expected));
    }
}

/// CGRateS general_tests/rerate_cdrs_it_test.go: 60 s free, then 0.6 a minute: two calls of 2 minutes cost 0.6 and
/// 1.2, the earlier one the less.
#[test]
fn the_free_minute_goes_to_the_earlier_call() {
    let keys = "per = \"event\"\ncount = \"60s\"\nstages = [{ price = \"0.6\" }]";
    let text = rate_text("out", "voice", keys) + &allowance_text("free", "voice", "1min", "");
    let book = book([plan("demo", "plan", &text)]);
    let (early, late) = (call("2025-10-03 10:00:00", 120), call("2025-10-03 11:00:00", 120));
    let of = |calls: &[_]| rate(&line("demo", calls), &book).cycles[&cycle("2025-10")].clone();
    assert_eq!(of(&[early]).total, exactly("0.60"));
    let both = of(&[late, early]);
    // 1 minute at 0.60 for the early one, 2 at 0.60 for the late one.
    assert_eq!(both.total, exactly("1.80"));
    assert_eq!(both.buckets[0].exhausted_at, Some(early.start));
}

fn part(fee: &str, month: &str, first: &str, last: &str) -> String {
    let days = DaySpan::inclusive(day(first), day(last));
    fee_of_days(yuan(fee), DayRate::Exact, cycle(month), days).expect("in range").to_string()
}

/// Kill Bill, proRations/monthly (Apache-2.0): 2011-02-10 to 02-24 (end excluded) = 1/2. BillRun Monthsdifftest:
/// 2019-02-11..12 = 2/28; 2019-01-31..02-01 = 1/31 + 1/28; both days counted. 868 = 28 × 31.
#[test]
fn parts_of_a_month() {
    assert_eq!(part("1.00", "2011-02", "2011-02-10", "2011-02-23"), "0.50");
    assert_eq!(part("868.00", "2019-02", "2019-02-11", "2019-02-12"), "62.00");
    assert_eq!(part("868.00", "2019-01", "2019-01-31", "2019-02-01"), "28.00");
    assert_eq!(part("868.00", "2019-02", "2019-01-31", "2019-02-01"), "31.00");
    // 2017-11-01..2018-11-01 = 12 + 1/30: the thirteenth month is its first day.
    assert_eq!(part("30.00", "2018-11", "2018-11-01", "2018-11-01"), "1.00");
}

/// OpenMeter openmeter/credit/engine (Apache-2.0): grants are burnt by priority, then expiry, then creation.
#[test]
fn grants_are_used_by_priority_then_expiry_then_creation() {
    let pack = |id: &str, validity: &str| {
        let text = format!(
            "[pack]\nprice = \"1.00\"\nvalidity = \"{validity}\"\nclause = \"1\"\n\
             [[allowance]]\nid = \"data\"\nunit = \"data\"\namount = \"100MB\"\nclause = \"1\"\n"
        );
        plan(id, "pack", &text)
    };
    let rule = "[[rate]]\nid = \"out\"\nunit = \"data\"\nper = \"cycle\"\ncount = \"1MB\"\nstages = [{ price = \"1\" }]\nclause = \"1\"\n\
                [consumption]\norder = [\"pack:first\", \"pack:*\"]\nclause = \"1\"\n";
    let book =
        book([plan("demo", "plan", rule), pack("first", "30d"), pack("long", "30d"), pack("short", "7d")]);
    let mut line = line("demo", &[data("2025-10-05 10:00:00", 150 * MB)]);
    let ordered = |at, id| order(at, mingzhang::model::record::OrderAction::Order, id);
    line.orders = vec![
        ordered("2025-10-01 09:00:00", "long"),
        ordered("2025-10-02 09:00:00", "short"),
        ordered("2025-10-03 09:00:00", "first"),
    ];
    let rated = rate(&line, &book);
    let used: Vec<(&str, u64)> =
        rated.cycles[&cycle("2025-10")].buckets.iter().map(|it| (it.plan.as_str(), it.used / MB)).collect();
    // Named first although it expires last; then the one that ends on the 9th, before the one that is older.
    assert_eq!(used, [("first", 100), ("short", 50), ("long", 0)]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// SigScale ocs_rating_SUITE.erl (Apache-2.0), closed form: ⌈units ÷ size⌉ × price.
    #[test]
    fn the_price_of_whole_units_has_a_closed_form(units in 1..100_000u32, size in 1..1_000u32, price in 1..1_000u32) {
        let rule = format!("per = \"event\"\ncount = \"{size}s\"\nround = \"up\"\nstages = [{{ price = \"{price}\" }}]");
        let expected = u64::from(units).div_ceil(u64::from(size)) * u64::from(price);
        prop_assert_eq!(cost_of_call(&rule, units), exactly(&expected.to_string()));
    }
}
