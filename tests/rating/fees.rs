//! Monthly fees: parts of a month, joining, leaving, suspension.

use mingzhang::model::period::DaySpan;
use mingzhang::model::plan::DayRate;
use mingzhang::rating::proration::fee_of_days;

use super::support::{cycle, day, yuan};

fn by_day(monthly: &str, method: DayRate, month: &str, first: &str, last: &str) -> String {
    let days = DaySpan::inclusive(day(first), day(last));
    fee_of_days(yuan(monthly), method, cycle(month), days).expect("in range").to_string()
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
