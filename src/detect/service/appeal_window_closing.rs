//! SVC-003 appeal-window-closing.

use std::collections::BTreeMap;

use crate::detect::papers::event_days;
use crate::detect::service::contacts::{NEAR_DAYS, of_time};
use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::finding::{Finding, FindingKind, Verdict};
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::period::Cycle;
use crate::rules::deadline::{self, Deadline};

/// Less than 30 days are left to take a disputed charge to the telecom authority, or the term has passed.
pub static DETECTOR: Detector = Detector {
    code: "SVC-003",
    name: "appeal-window-closing",
    kind: FindingKind::Question,
    role: Role::Plain,
    needs: &[],
    basis: &["o35-11", "o35-10"],
    page: include_str!("appeal_window_closing.md"),
    stakes,
    detect,
};

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    Ok(terms(facts)?.into_values().map(|(stake, ..)| stake).collect())
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    let near =
        terms(facts)?.into_values().filter(|(_, term, _)| facts.days_left(term.safe_until) < NEAR_DAYS);
    Ok(near.map(|(stake, term, money)| finding(facts, &stake, term, money)).collect())
}

/// Returns the month's earliest term of the errors that the detectors before have found, with the yuan that
/// hang on them at most.
fn terms(facts: &Facts<'_>) -> Result<BTreeMap<Cycle, (Stake, Deadline, Money)>> {
    let mut terms: BTreeMap<Cycle, (Stake, Deadline, Money)> = BTreeMap::new();
    for found in facts.found().iter().filter(|found| found.kind == FindingKind::Error) {
        let term = deadline::appeal(event_days(found));
        let stake = Stake {
            subject: found.cycle.to_string(),
            evidence: found.evidence.clone(),
            ..of_time(found.cycle, None)
        };
        let entry = terms.entry(found.cycle).or_insert((stake, term, Money::ZERO));
        entry.2 = entry.2.max(found.amount);
        if term.safe_until < entry.1.safe_until {
            entry.1 = term;
        }
    }
    Ok(terms)
}

fn finding(facts: &Facts<'_>, stake: &Stake, term: Deadline, money: Money) -> Finding {
    let left = facts.days_left(term.safe_until);
    let known = match () {
        () if facts.days_left(term.at_the_latest) < 0 => "passed",
        () if left < 0 => "safe-passed",
        () => "closing",
    };
    let mut finding = stake.finding(DETECTOR.code, FindingKind::Question, Verdict::Proven, known);
    finding.explanation = finding
        .explanation
        .text("amount", money)
        .text("safe", term.safe_until)
        .text("latest", term.at_the_latest)
        .count("left", usize::try_from(left).unwrap_or(0));
    finding.innocent = vec![Message::new("SVC-003.innocent")];
    finding.ask = vec![Message::new(format!("SVC-003.ask.{known}")).text("latest", term.at_the_latest)];
    finding
}
