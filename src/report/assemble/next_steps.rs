//! What to do next, whom to ask, until when; ranked by money, then by date.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::error::Result;
use crate::model::case::{Line, Operator};
use crate::model::finding::{FindingKind, Target, Verdict};
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::period::Day;
use crate::report::assemble::route::{self, Stage};
use crate::report::assemble::{Desk, deadlines};
use crate::report::model::{Finding, NextStep};
use crate::rules;
use crate::settle::outcome::{SettledFinding, SettledLine};

/// Most questions that become a step of their own.
const QUESTIONS_MAX: usize = 3;

/// A step before it is ranked.
struct Step {
    what: String,
    who: String,
    by: Option<Day>,
    money: Money,
    finding: String,
}

/// Returns the steps, the most money and the nearest date first.
pub fn next_steps(desk: &Desk<'_>, findings: &[Finding]) -> Result<Vec<NextStep>> {
    let mut steps = Vec::new();
    for (_, line, settled) in desk.lines() {
        for key in ["complain", "check"] {
            for on_bill in [true, false] {
                steps.extend(claim_step(desk, (line, settled), key, on_bill)?);
            }
        }
        steps.extend(record_steps(desk, line, settled)?);
        steps.extend(question_steps(desk, line, settled, findings)?);
    }
    steps.sort_by_key(|step| (Reverse(step.money), step.by.unwrap_or(Day::MAX), step.finding.clone()));
    Ok(steps
        .into_iter()
        .enumerate()
        .map(|(index, step)| NextStep {
            rank: index as u32 + 1,
            what: step.what,
            who: step.who,
            by: step.by.map(|day| day.to_string()),
            money: step.money.to_string(),
            finding: Some(step.finding),
        })
        .collect())
}

/// Returns one step for all claims of a verdict against the operator, or against the payment platform.
fn claim_step(desk: &Desk<'_>, of: (&Line, &SettledLine), key: &str, on_bill: bool) -> Result<Option<Step>> {
    let (line, settled) = of;
    let verdict = if key == "complain" { Verdict::Proven } else { Verdict::Probable };
    let claimed: Vec<&SettledFinding> = settled
        .findings
        .iter()
        .filter(|found| found.finding.kind == FindingKind::Error && found.finding.verdict == verdict)
        .filter(|found| found.claim.is_positive() && is_on_bill(found) == on_bill)
        .collect();
    let Some(first) = claimed.first() else { return Ok(None) };
    let money = Money::sum(claimed.iter().map(|found| found.claim))?;
    let next = next_way(desk, line, &claimed, on_bill);
    let message = Message::new(format!("report.step.{key}{}", next.suffix))
        .message("who", next.who.clone())
        .text("amount", money);
    let message = next.day.map_or(message.clone(), |day| message.text("day", day));
    let by = next.by.filter(|day| *day >= desk.case.as_of);
    Ok(Some(Step {
        what: desk.say(&message)?,
        who: desk.say(&next.who)?,
        by,
        money,
        finding: first.id.clone(),
    }))
}

/// Where a claim goes next: the last part of the sentence's key, whom to turn to, the last day, the day in the sentence.
struct Way {
    suffix: &'static str,
    who: Message,
    by: Option<Day>,
    day: Option<Day>,
}

/// Returns the next way that is open to the claims, by what was done before.
fn next_way(desk: &Desk<'_>, line: &Line, claimed: &[&SettledFinding], on_bill: bool) -> Way {
    let channel = |code: &str| Message::new(format!("common.channel.{code}"));
    if !on_bill {
        return platform_way(desk, claimed);
    }
    let event =
        claimed.iter().map(|found| deadlines::event(&found.finding)).min_by_key(|event| event.earliest);
    let stage = event.map_or(Stage::First, |event| route::stage(desk, event));
    let suit = event.map(route::suit_until);
    let appeal = event.map(|event| rules::deadline::appeal(event).safe_until);
    let way = |suffix, who, by, day| Way { suffix, who, by, day };
    match stage {
        Stage::First => first_way(desk, operator(line), claimed),
        Stage::Waiting(until) => way("-wait", operator(line), Some(until), Some(until)),
        Stage::Appeal(until) => way("-appeal", channel("miit"), Some(until), None),
        Stage::Over => way("-over", channel("association"), suit, suit),
        Stage::Appealed => way("-pending", channel("miit"), None, suit),
        Stage::Elsewhere(code) => way("-elsewhere", channel(code), appeal, None),
    }
}

/// The first complaint; when its safe day has passed, at once.
fn first_way(desk: &Desk<'_>, who: Message, claimed: &[&SettledFinding]) -> Way {
    let safe = claimed.iter().map(|found| deadlines::complaint_safe(&found.finding)).min();
    let late = safe.is_some_and(|day| day < desk.case.as_of);
    Way { suffix: if late { "-late" } else { "" }, who, by: safe, day: None }
}

/// A platform is asked itself; after it was asked, 12315 is open, for which no term of five months runs.
fn platform_way(desk: &Desk<'_>, claimed: &[&SettledFinding]) -> Way {
    if route::was_asked(desk, "platform") {
        let who = Message::new("common.channel.12315");
        return Way { suffix: "-platform", who, by: None, day: None };
    }
    first_way(desk, Message::new("report.who.platform"), claimed)
}

fn is_on_bill(found: &SettledFinding) -> bool {
    found.finding.on.is_empty() || found.finding.on.iter().any(|(target, _)| target.is_on_bill())
}

/// Returns a step for every set of missing records: which findings it decides, and how much hangs on it, each yuan
/// once.
fn record_steps(desk: &Desk<'_>, line: &Line, settled: &SettledLine) -> Result<Vec<Step>> {
    let mut by_records: BTreeMap<Vec<Message>, Vec<&SettledFinding>> = BTreeMap::new();
    for found in &settled.findings {
        let mut needs: Vec<Message> = found.finding.needs.iter().map(|need| need.what.clone()).collect();
        needs.dedup();
        if found.finding.verdict == Verdict::NeedsEvidence && !needs.is_empty() {
            by_records.entry(needs).or_default().push(found);
        }
    }
    by_records.into_iter().map(|(records, found)| record_step(desk, line, records, &found)).collect()
}

fn record_step(
    desk: &Desk<'_>,
    line: &Line,
    records: Vec<Message>,
    found: &[&SettledFinding],
) -> Result<Step> {
    let mut titles: Vec<Message> = found.iter().map(|found| found.finding.title.clone()).collect();
    titles.dedup();
    let kept = found.iter().flat_map(|found| &found.finding.needs).filter_map(|need| need.kept_until).min();
    let safe = found.iter().map(|found| deadlines::complaint_safe(&found.finding)).min();
    let by = kept.into_iter().chain(safe).min();
    let message = Message::new("report.step.records").list("records", records).list("title", titles);
    Ok(Step {
        what: desk.say(&message)?,
        who: desk.say(&operator(line))?,
        by: by.filter(|by| *by >= desk.case.as_of),
        money: at_stake(found)?,
        finding: found.first().map(|found| found.id.clone()).unwrap_or_default(),
    })
}

/// Returns the yuan that hang on the findings together; what two of them are about counts once.
fn at_stake(found: &[&SettledFinding]) -> Result<Money> {
    let mut on: BTreeMap<Target, Money> = BTreeMap::new();
    for found in found {
        for (target, most) in &found.finding.on {
            let known = on.entry(*target).or_default();
            *known = (*known).max((*most).min(found.finding.amount));
        }
    }
    Money::sum(on.into_values())
}

fn question_steps(
    desk: &Desk<'_>,
    line: &Line,
    settled: &SettledLine,
    findings: &[Finding],
) -> Result<Vec<Step>> {
    let questions = settled.findings.iter().filter(|found| {
        found.finding.kind == FindingKind::Question && found.finding.verdict != Verdict::NeedsEvidence
    });
    let mut steps = Vec::new();
    for found in questions.take(QUESTIONS_MAX) {
        let ask =
            findings.iter().find(|finding| finding.id == found.id).and_then(|finding| finding.ask.first());
        if let Some(ask) = ask {
            let who = desk.say(&operator(line))?;
            let id = found.id.clone();
            steps.push(Step { what: ask.clone(), who, by: None, money: Money::ZERO, finding: id });
        }
    }
    Ok(steps)
}

/// Returns whom to call: the operator's service number.
fn operator(line: &Line) -> Message {
    let code = match line.info.operator {
        Some(Operator::Cmcc) => "cmcc",
        Some(Operator::Cucc) => "cucc",
        Some(Operator::Ctcc) => "ctcc",
        Some(Operator::Cbn) => "cbn",
        Some(Operator::Mvno) | None => "other",
    };
    Message::new(format!("report.who.{code}"))
}
