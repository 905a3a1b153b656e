//! SUB-014 fee-kept-during-fault.

use crate::detect::papers::bill_item;
use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::case::Incident;
use crate::model::finding::{Finding, FindingKind, Target, Verdict};
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::period::{Cycle, DaySpan, WallTime};
use crate::model::record::{BillLine, Category};

/// A reported fault lasted longer than the rule allows, and the monthly fee was charged in full.
pub static DETECTOR: Detector = Detector {
    code: "SUB-014",
    name: "fee-kept-during-fault",
    kind: FindingKind::Question,
    role: Role::Plain,
    needs: &[],
    basis: &["dx-32", "dx-35"],
    page: include_str!("fee_kept_during_fault.md"),
    stakes,
    detect,
};

/// Hours for the repair in towns.
const TOWN_HOURS: i64 = 48;
/// Hours for the repair in the country.
const RURAL_HOURS: i64 = 72;
/// Words that put the fault on the user's own device.
const OWN_DEVICE: [&str; 8] =
    ["终端故障", "终端原因", "终端问题", "手机故障", "手机原因", "手机问题", "自身设备", "用户设备"];

/// A fault that was reported, and the monthly fee of the cycle of the report.
struct Fault<'a> {
    incident: &'a Incident,
    reported: WallTime,
    /// End of the fault; the day of the calculation while it lasts.
    end: WallTime,
    index: usize,
    line: &'a BillLine,
}

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    Ok(faults(facts).iter().map(|fault| stake(facts, fault)).collect())
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    let late =
        faults(facts).into_iter().filter(|fault| is_late(fault) && !is_own_device(facts, fault.incident));
    let kept = late.filter(|fault| !is_reduced(facts, fault.line.cycle));
    Ok(kept.map(|fault| finding(facts, &fault)).collect())
}

fn faults<'a>(facts: &Facts<'a>) -> Vec<Fault<'a>> {
    // A fault names no line: the one that answers for the contacts answers for it.
    if !facts.answers_for_contacts() {
        return vec![];
    }
    facts.case.file.incidents.iter().filter_map(|incident| fault(facts, incident)).collect()
}

/// The report is the first contact with the incident's ticket (fine print 40).
fn fault<'a>(facts: &Facts<'a>, incident: &'a Incident) -> Option<Fault<'a>> {
    let ticket = incident.ticket.as_deref().filter(|ticket| !ticket.is_empty())?;
    let of_ticket =
        facts.case.file.contacts.iter().filter(|contact| contact.ticket.as_deref() == Some(ticket));
    let reported = of_ticket.map(|contact| contact.at).min()?.max(incident.start);
    let end = incident.end.unwrap_or_else(|| WallTime::at_start_of(facts.case.as_of));
    let cycle = Cycle::of(reported.day());
    let mut fees = facts.line.charges_of(cycle);
    let (index, line) =
        fees.find(|(_, line)| line.category == Category::PlanFee && line.amount.is_positive())?;
    Some(Fault { incident, reported, end, index, line })
}

fn is_late(fault: &Fault<'_>) -> bool {
    let hours = if fault.incident.rural { RURAL_HOURS } else { TOWN_HOURS };
    fault.reported.after_s(hours * 3_600) < fault.end
}

fn is_own_device(facts: &Facts<'_>, incident: &Incident) -> bool {
    let of_ticket = facts.case.file.contacts.iter().filter(|contact| contact.ticket == incident.ticket);
    let said = of_ticket.filter_map(|contact| contact.said.as_deref());
    let texts = said.chain(incident.symptom.as_deref()).chain(incident.tried.iter().map(String::as_str));
    texts.into_iter().any(|text| OWN_DEVICE.iter().any(|word| text.contains(word)))
}

/// Returns whether the bill of the cycle or of the next gives something back; then the fee was not kept in full.
fn is_reduced(facts: &Facts<'_>, cycle: Cycle) -> bool {
    let charges = facts.line.charges_of(cycle).chain(facts.line.charges_of(cycle.next()));
    charges.into_iter().any(|(_, line)| line.amount.is_negative())
}

fn stake(facts: &Facts<'_>, fault: &Fault<'_>) -> Stake {
    Stake {
        cycle: fault.line.cycle,
        day: Some(fault.reported.day()),
        amount: Money::ZERO,
        on: vec![(Target::BillLine(fault.index), fault.line.amount)],
        subject: format!("{}|{}", fault.line.item, fault.reported),
        what: bill_item(fault.line),
        evidence: facts.amounts(&[fault.index]),
        clauses: vec![],
        missing: vec![],
    }
}

fn finding(facts: &Facts<'_>, fault: &Fault<'_>) -> Finding {
    // Begun days of the fault inside the cycle, from the day it began.
    let days = DaySpan::inclusive(fault.incident.start.day(), fault.end.after_s(-1).day());
    let days = days.intersection(fault.line.cycle.span()).map_or(0, DaySpan::days);
    let mut finding =
        stake(facts, fault).finding(DETECTOR.code, FindingKind::Question, Verdict::Probable, "kept");
    let hours = if fault.incident.rural { RURAL_HOURS } else { TOWN_HOURS };
    finding.explanation = finding
        .explanation
        .text("reported", fault.reported)
        .text("end", fault.end)
        .text("hours", hours)
        .text("fee", fault.line.amount)
        .text("days", days)
        .text("month_days", fault.line.cycle.days());
    finding.innocent = vec![Message::new("SUB-014.innocent")];
    if facts.case.lines.len() > 1 {
        finding.innocent.push(Message::new("SUB-014.innocent.line"));
    }
    finding.ask = vec![
        Message::new("SUB-014.ask")
            .text("ticket", fault.incident.ticket.as_deref().unwrap_or_default())
            .text("days", days),
    ];
    finding
}
