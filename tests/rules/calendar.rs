//! Working days and deadlines.

use mingzhang::model::case::Operator;
use mingzhang::model::period::Cycle;
use mingzhang::rules::calendar::Calendar;
use mingzhang::rules::deadline::{EventDays, appeal, first_complaint, records_kept_until};

fn day(text: &str) -> chrono::NaiveDate {
    text.parse().expect("a day")
}

#[test]
fn working_days_skip_days_off_and_count_working_weekends() {
    let calendar = Calendar::built_in();
    // After Friday 2026-02-13: Saturday 14 works, then the holidays to 02-23, then 24, 25, 26, 27.
    let fifth = calendar.working_days_after(day("2026-02-13"), 5);
    assert_eq!((fifth.day, fifth.provisional), (day("2026-02-27"), false));
    // After 09-30: 10-01 to 10-07 off; 8, 9, Saturday 10 works, 12, 13, 14, 15.
    assert_eq!(calendar.working_days_after(day("2026-09-30"), 7).day, day("2026-10-15"));
}

#[test]
fn the_year_2026_has_248_working_days() {
    let calendar = Calendar::built_in();
    let days = day("2026-01-01").iter_days().take(365);
    assert_eq!(days.filter(|day| calendar.is_working_day(*day)).count(), 248);
}

#[test]
fn a_year_without_data_counts_monday_to_friday_and_says_so() {
    let calendar = Calendar::built_in();
    // 2030-01-04 is a Friday.
    let next = calendar.working_days_after(day("2030-01-04"), 1);
    assert_eq!((next.day, next.provisional), (day("2030-01-07"), true));
    assert!(!calendar.working_days_after(day("2026-12-30"), 1).provisional);
    assert!(calendar.working_days_after(day("2026-12-31"), 1).provisional);
}

#[test]
fn the_appeal_keeps_the_day_of_the_month_or_its_last_day() {
    let on = |text: &str| {
        (appeal(EventDays::on(day(text))).safe_until, first_complaint(EventDays::on(day(text))).safe_until)
    };
    assert_eq!(on("2026-06-30"), (day("2026-11-30"), day("2026-11-14")));
    assert_eq!(on("2026-08-31"), (day("2027-01-31"), day("2027-01-15")));
    assert_eq!(on("2026-09-30"), (day("2027-02-28"), day("2027-02-12")));
}

#[test]
fn a_monthly_charge_has_a_safe_day_and_a_day_at_the_latest() {
    let october = Cycle::new(2025, 10).expect("a month");
    let event = EventDays::of_charge(october, None);
    // From the first day 2025-10-01 and the last day 2025-10-31; the complaint 16 days before.
    assert_eq!(
        (appeal(event).safe_until, appeal(event).at_the_latest),
        (day("2026-03-01"), day("2026-03-31"))
    );
    let first = first_complaint(event);
    assert_eq!((first.safe_until, first.at_the_latest), (day("2026-02-13"), day("2026-03-15")));
    let printed = EventDays::of_charge(october, Some(day("2025-10-20")));
    assert_eq!(appeal(printed).safe_until, day("2026-03-20"));
}

#[test]
fn records_are_kept_to_the_end_of_the_fifth_month() {
    let september = Cycle::new(2025, 9).expect("a month");
    assert_eq!(records_kept_until(september, Some(Operator::Cmcc)), (day("2026-02-28"), "hy-cmcc-6"));
    assert_eq!(records_kept_until(september, Some(Operator::Cucc)), (day("2026-02-28"), "hy-vno-5m"));
}
