//! Dates to keep: appeal, first complaint, retention of records.

use crate::detect::papers::event_days;
use crate::error::Result;
use crate::model::case::Line;
use crate::model::finding::{Finding, FindingKind};
use crate::model::message::Message;
use crate::model::period::Day;
use crate::report::assemble::Desk;
use crate::report::model::Deadline;
use crate::rules::deadline;

/// Returns the days on which what the finding is about can have happened.
pub fn event(finding: &Finding) -> deadline::EventDays {
    event_days(finding)
}

/// Returns the last day on which the first complaint is safe.
pub fn complaint_safe(finding: &Finding) -> Day {
    deadline::first_complaint(event_days(finding)).safe_until
}

/// Returns the dates of a finding. A better choice has none, and a question that is about no yuan is no
/// charging dispute.
pub fn deadlines(desk: &Desk<'_>, line: &Line, finding: &Finding) -> Result<Vec<Deadline>> {
    if finding.kind == FindingKind::Waste || finding.on.is_empty() {
        return Ok(Vec::new());
    }
    let event = event_days(finding);
    let mut dates = vec![
        dated(desk, "appeal", deadline::appeal(event))?,
        dated(desk, "first-complaint", deadline::first_complaint(event))?,
    ];
    if let Some(kept) = finding.needs.iter().filter_map(|need| need.kept_until).min() {
        let (_, basis) = deadline::records_kept_until(finding.cycle, line.info.operator);
        let term = deadline::Deadline { safe_until: kept, at_the_latest: kept, basis };
        dates.push(dated(desk, "records-kept", term)?);
    }
    Ok(dates)
}

fn dated(desk: &Desk<'_>, what: &str, term: deadline::Deadline) -> Result<Deadline> {
    Ok(Deadline {
        what: what.to_owned(),
        label: desk.say(&Message::new(format!("report.deadline.{what}")))?,
        safe_until: term.safe_until.to_string(),
        at_the_latest: term.at_the_latest.to_string(),
        basis: term.basis.to_owned(),
    })
}
