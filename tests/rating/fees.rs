//! Monthly fees: parts of a month, joining, leaving, suspension, credits.

use mingzhang::model::case::Subscription;
use mingzhang::model::interval::Interval;
use mingzhang::model::money::Money;
use mingzhang::model::period::DaySpan;
use mingzhang::model::plan::DayRate;
use mingzhang::model::record::{Category, OrderAction};
use mingzhang::rating::proration::fee_of_days;

use super::support::{
    MB, amount, bill_line, book, cycle, data, day, exactly, line, order, plan, rate, subscription, yuan,
};

fn by_day(monthly: &str, method: DayRate, month: &str, first: &str, last: &str) -> String {
    let days = DaySpan::inclusive(day(first), day(last));
    fee_of_days(yuan(monthly), method, cycle(month), days).expect("in range").to_string()
}

/// What the monthly fee is in `month` for these fee keys and this subscription.
fn monthly(keys: &str, month: &str, subscription: Subscription) -> Interval {
    let fee = format!("[fee]\nmonthly = \"59.00\"\nclause = \"1\"\n{keys}\n");
    let book = book([plan("demo", "plan", &fee)]);
    let mut line = line("demo", &[]);
    line.subscriptions = vec![subscription];
    line.bill = vec![bill_line(month, "月费", Category::PlanFee, "59.00")];
    let rated = rate(&line, &book);
    amount(&rated.cycles[&cycle(month)], "monthly")
}

#[test]
fn a_first_month_by_day_is_rounded_once() {
    // 29 × 17 ÷ 31 = 15.9032…; 30 × 16 ÷ 30 = 16; 59 × 17 ÷ 31 = 32.3548….
    assert_eq!(by_day("29.00", DayRate::Exact, "2025-10", "2025-10-15", "2025-10-31"), "15.90");
    assert_eq!(by_day("30.00", DayRate::Exact, "2025-09", "2025-09-15", "2025-09-30"), "16.00");
    assert_eq!(by_day("59.00", DayRate::Exact, "2025-10", "2025-10-15", "2025-10-31"), "32.35");
}

#[test]
fn a_truncated_day_rate_leaves_the_remainder_to_the_last_day() {
    // 19 ÷ 31 = 0.612…: 30 × 0.61 = 18.30, last 0.70; 19 ÷ 30 = 0.633…: 29 × 0.63 = 18.27, last 0.73;
    // 19 ÷ 29 = 0.655…: 28 × 0.65 = 18.20, last 0.80; 19 ÷ 28 = 0.678…: 27 × 0.67 = 18.09, last 0.91.
    let months = [
        ("2025-10", "2025-10-30", "2025-10-31", "0.61", "0.70"),
        ("2025-09", "2025-09-29", "2025-09-30", "0.63", "0.73"),
        ("2024-02", "2024-02-28", "2024-02-29", "0.65", "0.80"),
        ("2025-02", "2025-02-27", "2025-02-28", "0.67", "0.91"),
    ];
    for (month, day_before, last, rate, remainder) in months {
        assert_eq!(by_day("19.00", DayRate::Truncated, month, day_before, day_before), rate, "{month}");
        assert_eq!(by_day("19.00", DayRate::Truncated, month, last, last), remainder, "{month}");
    }
}

#[test]
fn the_first_month_follows_the_method_of_the_plan() {
    let joined = |first: &str| subscription("demo", first);
    let by_day = "first_month = \"by-day\"";
    // 59 × 17 ÷ 31 = 32.35…; without the activation day 59 × 16 ÷ 31 = 30.45….
    assert_eq!(monthly(by_day, "2025-10", joined("2025-10-15")), exactly("32.35"));
    let later = "first_month = \"by-day\"\ncounts_activation_day = false";
    assert_eq!(monthly(later, "2025-10", joined("2025-10-15")), exactly("30.45"));
    assert_eq!(monthly(by_day, "2025-10", joined("2025-10-01")), exactly("59.00"));
    assert_eq!(monthly(by_day, "2025-11", joined("2025-10-15")), exactly("59.00"));
    assert_eq!(monthly("first_month = \"full\"", "2025-10", joined("2025-10-31")), exactly("59.00"));
    assert_eq!(monthly("first_month = \"free\"", "2025-10", joined("2025-10-15")), exactly("0.00"));
    assert_eq!(monthly("first_month = \"overage-only\"", "2025-10", joined("2025-10-15")), exactly("0.00"));
}

#[test]
fn half_a_month_is_charged_from_the_sixteenth() {
    let half = "first_month = \"half-after-15\"";
    assert_eq!(monthly(half, "2025-10", subscription("demo", "2025-10-15")), exactly("59.00"));
    assert_eq!(monthly(half, "2025-10", subscription("demo", "2025-10-16")), exactly("29.50"));
}

#[test]
fn the_last_month_follows_the_method_of_the_plan() {
    let left = |last: &str| Subscription { last: Some(day(last)), ..subscription("demo", "2020-01-01") };
    assert_eq!(monthly("last_month = \"full\"", "2025-10", left("2025-10-10")), exactly("59.00"));
    // 59 × 10 ÷ 31 = 19.03….
    assert_eq!(monthly("last_month = \"by-day\"", "2025-10", left("2025-10-10")), exactly("19.03"));
    assert_eq!(monthly("last_month = \"free\"", "2025-10", left("2025-10-10")), exactly("0.00"));
    assert_eq!(monthly("last_month = \"free\"", "2025-09", left("2025-10-10")), exactly("59.00"));
}

#[test]
fn a_first_month_by_day_also_cuts_the_allowance_to_whole_bytes() {
    let sections = "[fee]\nmonthly = \"59.00\"\nfirst_month = \"by-day\"\nallowance_first_month = \"by-day\"\n\
                    clause = \"1\"\n[[allowance]]\nid = \"voice\"\nunit = \"voice\"\namount = \"100min\"\nclause = \"1\"\n\
                    [[allowance]]\nid = \"data\"\nunit = \"data\"\namount = \"1GB\"\nclause = \"1\"\n";
    let book = book([plan("demo", "plan", sections)]);
    let mut line = line("demo", &[data("2025-10-20 10:00:00", MB)]);
    line.subscriptions = vec![subscription("demo", "2025-10-15")];
    let rated = rate(&line, &book);
    let granted: Vec<u64> =
        rated.cycles[&cycle("2025-10")].buckets.iter().map(|bucket| bucket.granted.amount).collect();
    // 2³⁰ × 17 ÷ 31 = 18253611008 ÷ 31 = 588826161.5…; 100 min × 17 ÷ 31 = 54.8… → 54 min = 3240 s.
    assert_eq!(granted, [3240, 588_826_161]);
}

#[test]
fn overage_only_grants_nothing_in_the_first_month() {
    let sections = "[fee]\nmonthly = \"59.00\"\nfirst_month = \"overage-only\"\nclause = \"1\"\n\
                    [[allowance]]\nid = \"data\"\nunit = \"data\"\namount = \"1GB\"\nclause = \"1\"\n\
                    [[rate]]\nid = \"out\"\nunit = \"data\"\nper = \"cycle\"\ncount = \"1MB\"\n\
                    stages = [{ price = \"1.00\" }]\nclause = \"1\"\n";
    let book = book([plan("demo", "plan", sections)]);
    let mut line = line("demo", &[data("2025-10-20 10:00:00", MB), data("2025-11-20 10:00:00", MB)]);
    line.subscriptions = vec![subscription("demo", "2025-10-15")];
    let rated = rate(&line, &book);
    assert_eq!(amount(&rated.cycles[&cycle("2025-10")], "out"), exactly("1.00"));
    assert_eq!(amount(&rated.cycles[&cycle("2025-11")], "out"), exactly("0.00"));
}

#[test]
fn a_wholly_suspended_cycle_costs_the_holding_fee() {
    let fee = |keys: &str| {
        let text = format!("[fee]\nmonthly = \"59.00\"\nclause = \"1\"\n{keys}\n");
        book([plan("demo", "plan", &text)])
    };
    let mut line = line("demo", &[]);
    line.bill = ["2025-09", "2025-10", "2025-11"]
        .map(|month| bill_line(month, "月费", Category::PlanFee, "59.00"))
        .to_vec();
    line.orders = vec![
        order("2025-09-10 10:00:00", OrderAction::Suspend, ""),
        order("2025-11-20 10:00:00", OrderAction::Resume, ""),
    ];
    let months = |book| {
        let rated = rate(&line, &book);
        ["2025-09", "2025-10", "2025-11"].map(|month| amount(&rated.cycles[&cycle(month)], "monthly"))
    };
    // The month of the stop and the month of the restart are charged in full.
    assert_eq!(months(fee("suspended = \"5.00\"")), [exactly("59.00"), exactly("5.00"), exactly("59.00")]);
    // Without a holding fee on paper it lies between nothing and the full fee.
    let open = Interval::between(Money::ZERO, yuan("59.00"));
    assert_eq!(months(fee("")), [exactly("59.00"), open, exactly("59.00")]);
}

#[test]
fn a_credit_is_due_from_the_month_after_joining_for_its_cycles() {
    let text = "[fee]\nmonthly = \"59.00\"\nclause = \"1\"\n[[credit]]\nid = \"back\"\namount = \"10.00\"\n\
                first_cycle = \"next-month\"\ncycles = 2\nclause = \"1\"\n";
    let book = book([plan("demo", "plan", text)]);
    let mut line = line("demo", &[]);
    line.subscriptions = vec![subscription("demo", "2025-08-15")];
    line.bill = ["2025-08", "2025-09", "2025-10", "2025-11"]
        .map(|month| bill_line(month, "月费", Category::PlanFee, "59.00"))
        .to_vec();
    let rated = rate(&line, &book);
    let credits = ["2025-08", "2025-09", "2025-10", "2025-11"]
        .map(|month| amount(&rated.cycles[&cycle(month)], "back"));
    assert_eq!(credits, [exactly("0"), exactly("-10.00"), exactly("-10.00"), exactly("0")]);
}
