use mingzhang::render;
use mingzhang::report::model::Report;
use mingzhang::report::wording::{Lang, Wording};

use super::{fixture, golden};

fn calendar(report: &Report) -> String {
    let wording = Wording::load(Lang::Zh).expect("words");
    render::ics::render(report, &wording).unwrap_or_else(|error| panic!("{error:?}"))
}

/// Returns the lines of the file with the folded ones put together again.
fn lines(calendar: &str) -> Vec<String> {
    calendar.replace("\r\n ", "").split("\r\n").map(str::to_owned).collect()
}

#[test]
fn the_calendar_of_the_invented_case_reads_as_written_down() {
    golden::check("tests/golden/report.ics", &calendar(&fixture::told()));
}

#[test]
fn every_date_is_a_whole_day_and_stands_once_with_two_reminders() {
    let mut report = fixture::told();
    // The same dates again: two findings, one entry a date.
    report.findings.push(report.findings[0].clone());
    let lines = lines(&calendar(&report));
    let of = |start: &str| lines.iter().filter(|line| line.starts_with(start)).collect::<Vec<_>>();
    // Appeal, first complaint, and the promise that was broken.
    let starts =
        ["DTSTART;VALUE=DATE:20251110", "DTSTART;VALUE=DATE:20260213", "DTSTART;VALUE=DATE:20260301"];
    assert_eq!(of("DTSTART"), starts.iter().collect::<Vec<_>>());
    // A whole day ends where the next begins.
    assert_eq!(of("DTEND")[0], "DTEND;VALUE=DATE:20251111");
    assert_eq!(of("TRIGGER").len(), 6);
    let summaries: String = of("SUMMARY").into_iter().cloned().collect();
    assert!(summaries.contains("向电信用户申诉受理机构申诉") && summaries.contains("运营商承诺到期"));
}

#[test]
fn a_promise_that_was_kept_is_no_date_to_keep() {
    let mut report = fixture::told();
    report.contacts[0].outcome = Some("kept".into());
    assert!(!calendar(&report).contains("20251110"));
}

#[test]
fn the_time_stamp_is_the_day_of_the_calculation_and_ids_come_from_content() {
    let report = fixture::told();
    let calendar = calendar(&report);
    assert_eq!(calendar, self::calendar(&report));
    let stamps: Vec<String> =
        lines(&calendar).into_iter().filter(|line| line.starts_with("DTSTAMP")).collect();
    assert!(!stamps.is_empty() && stamps.iter().all(|stamp| stamp == "DTSTAMP:20251120T000000Z"));
    let mut uids: Vec<String> = lines(&calendar).into_iter().filter(|line| line.starts_with("UID")).collect();
    let count = uids.len();
    uids.sort();
    uids.dedup();
    // Three entries with two reminders each.
    assert_eq!((uids.len(), count), (9, 9));
}

#[test]
fn text_cannot_break_out_of_its_line() {
    let mut report = fixture::told();
    report.contacts[0].promise = Some("一\r\nEND:VEVENT\nBEGIN:VEVENT;x,y".into());
    let lines = lines(&calendar(&report));
    assert_eq!(lines.iter().filter(|line| *line == "BEGIN:VEVENT").count(), 3);
}

#[test]
fn a_report_without_dates_is_a_calendar_without_entries() {
    let text = calendar(&fixture::clean());
    assert!(text.starts_with("BEGIN:VCALENDAR\r\n") && text.ends_with("END:VCALENDAR\r\n"));
    assert!(!text.contains("BEGIN:VEVENT"));
}
