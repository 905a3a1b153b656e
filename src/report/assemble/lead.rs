//! The lead: one sentence or two in plain words: what is wrong, how much, why we know.

use crate::error::Result;
use crate::model::finding::{Evidence, EvidenceRole, FindingKind, Verdict};
use crate::model::message::Message;
use crate::model::money::Money;
use crate::report::assemble::{Desk, findings, quote};
use crate::report::model::Totals;
use crate::settle::outcome::SettledFinding;

/// Most findings that the lead names.
const NAMED_MAX: usize = 3;

/// Returns the lead sentence.
pub fn lead(desk: &Desk<'_>, totals: &Totals) -> Result<String> {
    let mut all: Vec<&SettledFinding> =
        desk.parts.settled.iter().flat_map(|settled| &settled.findings).collect();
    all.sort_by_key(|found| findings::rank(found));
    let of = |verdict: Verdict| {
        let errors = all.iter().filter(move |found| found.finding.kind == FindingKind::Error);
        errors.filter(move |found| found.finding.verdict == verdict).copied().collect::<Vec<_>>()
    };
    let claimed =
        |verdict| of(verdict).into_iter().filter(|found| found.claim.is_positive()).collect::<Vec<_>>();
    let proven = claimed(Verdict::Proven);
    let probable = claimed(Verdict::Probable);
    if !proven.is_empty() {
        let first = overcharged(desk, "report.lead.proven", &totals.claim_proven, &proven)?;
        if probable.is_empty() {
            return Ok(first);
        }
        let more = Message::new("report.lead.also-probable").text("amount", &totals.claim_probable);
        return Ok(first + &desk.say(&more)?);
    }
    if !probable.is_empty() {
        return overcharged(desk, "report.lead.probable", &totals.claim_probable, &probable);
    }
    nothing_claimed(desk, totals, &all, of(Verdict::NeedsEvidence).len())
}

fn overcharged(desk: &Desk<'_>, key: &str, amount: &str, found: &[&SettledFinding]) -> Result<String> {
    let titles: Vec<Message> =
        found.iter().take(NAMED_MAX).map(|found| found.finding.title.clone()).collect();
    let places = places(desk, found);
    let many = if found.len() > NAMED_MAX { "-many" } else { "" };
    let message = Message::new(format!("{key}{many}")).text("amount", amount).list("titles", titles);
    let message = if found.len() > NAMED_MAX { message.count("count", found.len()) } else { message };
    let said = desk.say(&message)?;
    if places.is_empty() {
        return Ok(said);
    }
    Ok(said + &desk.say(&Message::new("report.lead.places").list("places", places))?)
}

/// Returns where the deciding rows of the first finding stand: 账单第 7 行、详单第 2 行.
fn places(desk: &Desk<'_>, found: &[&SettledFinding]) -> Vec<Message> {
    let Some(first) = found.first() else { return Vec::new() };
    let mut places = Vec::new();
    let supports = |evidence: &&Evidence| {
        evidence.role == EvidenceRole::Supports && !quote::is_header(desk.case, evidence)
    };
    for evidence in first.finding.evidence.iter().filter(supports) {
        let place = place(desk, evidence);
        if !places.contains(&place) && places.len() < NAMED_MAX {
            places.push(place);
        }
    }
    places
}

fn place(desk: &Desk<'_>, evidence: &Evidence) -> Message {
    let kind = desk.case.table(evidence.at.row).kind.code();
    let table = Message::new(format!("common.table.{kind}"));
    Message::new("report.lead.place").message("table", table).text("row", evidence.at.row.row)
}

fn nothing_claimed(
    desk: &Desk<'_>,
    totals: &Totals,
    all: &[&SettledFinding],
    needs: usize,
) -> Result<String> {
    if desk.case.lines.iter().all(|line| line.billed_cycles().is_empty()) && all.is_empty() {
        return desk.say(&Message::new("report.lead.no-bill"));
    }
    let questions = all.iter().filter(|found| found.finding.kind == FindingKind::Question).count();
    let unverified = Money::parse(&totals.unverified)?;
    let message = if needs > 0 {
        Message::new("report.lead.needs")
            .text("amount", &totals.at_stake_needs_evidence)
            .count("count", needs)
    } else if questions > 0 {
        Message::new("report.lead.questions").count("count", questions)
    } else if unverified.is_positive() {
        Message::new("report.lead.unverified").text("billed", &totals.billed).text("amount", unverified)
    } else {
        Message::new("report.lead.clean").text("billed", &totals.billed)
    };
    desk.say(&message)
}
