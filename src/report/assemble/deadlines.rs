//! Dates to keep: appeal, first complaint, retention of records.

use chrono::Days;

use crate::error::Result;
use crate::model::case::{Line, Operator};
use crate::model::finding::{Finding, FindingKind, Target};
use crate::model::message::Message;
use crate::model::period::{Day, months_after};
use crate::report::assemble::Desk;
use crate::report::model::Deadline;

/// A charging dispute may be appealed within five months of the event (`o35-11`).
const APPEAL_MONTHS: u32 = 5;
/// The operator has 15 days to answer before an appeal (`o35-10`); the appeal is handed in on the day after.
const COMPLAINT_DAYS_BEFORE: u64 = 16;

/// Returns the earliest and the latest day on which what a finding is about can have happened.
///
/// A monthly charge has no day of its own: it can have arisen on any day of its cycle, so the first one is the
/// safe one and the last one the event date (fine print 11 and 40).
pub fn event_days(finding: &Finding) -> (Day, Day) {
    let span = finding.cycle.span();
    let on_bill = finding.on.iter().any(|(target, _)| !matches!(target, Target::Payment(_)));
    match finding.day {
        Some(day) if !(on_bill && day == span.last()) => (day, day),
        _ => (span.start, span.last()),
    }
}

/// Returns the day until which an appeal is safe.
pub fn appeal_safe(finding: &Finding) -> Day {
    months_after(event_days(finding).0, APPEAL_MONTHS)
}

/// Returns the last day on which the first complaint is safe.
pub fn complaint_safe(finding: &Finding) -> Day {
    before(appeal_safe(finding))
}

/// Returns the dates of a finding; a better choice has none.
pub fn deadlines(desk: &Desk<'_>, line: &Line, finding: &Finding) -> Result<Vec<Deadline>> {
    if finding.kind == FindingKind::Waste {
        return Ok(Vec::new());
    }
    let safe = appeal_safe(finding);
    let latest = months_after(event_days(finding).1, APPEAL_MONTHS);
    let mut dates = vec![
        deadline(desk, "appeal", (safe, latest), "o35-11")?,
        deadline(desk, "first-complaint", (before(safe), before(latest)), "o35-10")?,
    ];
    if let Some(kept) = finding.needs.iter().filter_map(|need| need.kept_until).min() {
        let basis = match line.info.operator {
            Some(Operator::Cmcc) => "hy-cmcc-6",
            Some(Operator::Mvno) => "hy-vno-5m",
            _ => "",
        };
        dates.push(deadline(desk, "records-kept", (kept, kept), basis)?);
    }
    Ok(dates)
}

fn before(appeal: Day) -> Day {
    appeal.checked_sub_days(Days::new(COMPLAINT_DAYS_BEFORE)).unwrap_or(appeal)
}

fn deadline(desk: &Desk<'_>, what: &str, days: (Day, Day), basis: &str) -> Result<Deadline> {
    Ok(Deadline {
        what: what.to_owned(),
        label: desk.say(&Message::new(format!("report.deadline.{what}")))?,
        safe_until: days.0.to_string(),
        at_the_latest: days.1.to_string(),
        basis: basis.to_owned(),
    })
}
