//! Findings in words, the laws they rest on, and how every detector ended.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::detect::{self, DETECTORS, papers};
use crate::error::Result;
use crate::model::case::{Line, Operator};
use crate::model::finding::{FindingKind, Target, Verdict};
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::record::Category;
use crate::report::assemble::{Desk, deadlines, quote};
use crate::report::model::{Detector, Finding, Law, Remedy};
use crate::settle;
use crate::settle::outcome::{DisposedLine, Outcome, SettledFinding, SettledLine};

/// Returns the findings of all lines: errors before questions before better choices, then the strongest verdict,
/// the largest claim, the largest amount, code, id.
pub fn findings(desk: &Desk<'_>) -> Result<Vec<Finding>> {
    let mut all: Vec<(usize, &Line, &SettledLine, &SettledFinding, Money)> = Vec::new();
    for (index, line, settled) in desk.lines() {
        let stakes = settle::stakes(settled)?;
        all.extend(settled.findings.iter().zip(stakes).map(|(found, at)| (index, line, settled, found, at)));
    }
    all.sort_by_key(|(_, _, _, found, _)| rank(found));
    all.into_iter()
        .map(|(index, line, settled, found, stake)| {
            let at_stake = stake.to_string();
            Ok(Finding { at_stake, ..finding(desk, index, (line, settled), found)? })
        })
        .collect()
}

type Rank<'a> = (FindingKind, Reverse<Verdict>, Reverse<Money>, Reverse<Money>, &'a str, &'a str);

/// Returns the order of a finding in the report.
pub fn rank(found: &SettledFinding) -> Rank<'_> {
    let finding = &found.finding;
    let (claim, amount) = (Reverse(found.claim), Reverse(finding.amount));
    (finding.kind, Reverse(finding.verdict), claim, amount, finding.code, &found.id)
}

fn finding(
    desk: &Desk<'_>,
    index: usize,
    of: (&Line, &SettledLine),
    found: &SettledFinding,
) -> Result<Finding> {
    let (line, settled) = of;
    let finding = &found.finding;
    let info = detect::detector(finding.code);
    let basis = info.map_or(&[][..], |info| info.basis);
    let event = papers::event_days(finding).latest;
    let clauses =
        finding.clauses.iter().filter_map(|clause| desk.clause(settled, &clause.plan, &clause.clause));
    Ok(Finding {
        id: found.id.clone(),
        code: finding.code.to_owned(),
        name: info.map_or_else(String::new, |info| info.name.to_owned()),
        kind: finding.kind.code().to_owned(),
        verdict: finding.verdict.code().to_owned(),
        msisdn: line.info.msisdn.clone(),
        period: finding.cycle.to_string(),
        date: finding.day.map(|day| day.to_string()),
        amount: finding.amount.to_string(),
        claim: found.claim.to_string(),
        title: desk.say(&finding.title)?,
        explanation: desk.say(&finding.explanation)?,
        evidence: finding.evidence.iter().map(|quoted| quote::evidence(desk.case, quoted)).collect(),
        excerpts: quote::excerpts(desk.case, &finding.evidence),
        clauses: clauses.collect(),
        basis: basis
            .iter()
            .filter(|id| desk.law(line, id, event).is_some())
            .map(|id| (*id).to_owned())
            .collect(),
        ask: desk.say_all(&finding.ask)?,
        innocent: desk.say_all(&finding.innocent)?,
        deadlines: deadlines::deadlines(desk, line, finding)?,
        lines: lines_of(desk, index, line, found),
        remedies: remedies(desk, line, found)?,
        at_stake: String::new(),
    })
}

/// Returns the ids of the bill lines that a finding is about.
fn lines_of(desk: &Desk<'_>, index: usize, line: &Line, found: &SettledFinding) -> Vec<String> {
    let disposed = |target: &Target| match target {
        Target::BillLine(at) => Some(DisposedLine::Bill(*at)),
        Target::TotalDifference(cycle) => {
            let total = line.bill_of(*cycle).find(|(_, printed)| printed.category == Category::Total);
            total.map(|(at, _)| DisposedLine::TotalDifference(at))
        }
        Target::MissingCredit(cycle) => line.fee_row(*cycle).map(DisposedLine::MissingCredit),
        Target::Payment(_) | Target::Balance(_) => None,
    };
    let ids = found
        .finding
        .on
        .iter()
        .filter_map(|(target, _)| desk.line_ids.get(&(index, disposed(target)?)).cloned());
    let ids: BTreeSet<String> = ids.collect();
    ids.into_iter().collect()
}

/// Returns the conditional remedies of a proven error: twice the sum by the operator's form contract, and the
/// compensation for fraud (three times the price, at least 500 yuan). They are never part of the claim.
fn remedies(desk: &Desk<'_>, line: &Line, found: &SettledFinding) -> Result<Vec<Remedy>> {
    let finding = &found.finding;
    let is_proven = finding.verdict == Verdict::Proven && finding.kind == FindingKind::Error;
    if !is_proven || !found.claim.is_positive() {
        return Ok(Vec::new());
    }
    let at_least = Money::from_fen(50_000);
    let mut remedies = Vec::new();
    let on_bill = finding.on.iter().any(|(target, _)| target.is_on_bill());
    if line.info.operator == Some(Operator::Cmcc) && on_bill {
        remedies.push(("hy-cmcc-7", "report.remedy.double", found.claim.times(2)?));
    }
    remedies.push(("xf-55", "report.remedy.fraud", found.claim.times(3)?.max(at_least)));
    let event = papers::event_days(finding).latest;
    remedies
        .into_iter()
        .filter(|(basis, _, _)| desk.law(line, basis, event).is_some())
        .map(|(basis, key, amount)| {
            let text = desk.say(&Message::new(key))?;
            Ok(Remedy { text, amount: amount.to_string(), basis: basis.to_owned() })
        })
        .collect()
}

/// Returns the laws that findings, dates and remedies name, once each, by id.
pub fn laws(desk: &Desk<'_>, findings: &[Finding]) -> Vec<Law> {
    let mut laws = BTreeMap::new();
    for (_, line, settled) in desk.lines() {
        for found in &settled.findings {
            let Some(finding) = findings.iter().find(|finding| finding.id == found.id) else { continue };
            let event = papers::event_days(&found.finding).latest;
            let dates = finding.deadlines.iter().map(|date| &date.basis);
            let remedies = finding.remedies.iter().map(|remedy| &remedy.basis);
            for id in finding.basis.iter().chain(dates).chain(remedies) {
                if let Some(law) = desk.law(line, id, event) {
                    laws.entry(id.clone()).or_insert(law);
                }
            }
        }
    }
    laws.into_values().collect()
}

/// Returns every detector in the order of the table, over all lines: the strongest outcome counts.
pub fn detectors(desk: &Desk<'_>) -> Result<Vec<Detector>> {
    DETECTORS
        .iter()
        .map(|info| {
            let runs = desk.parts.settled.iter().flat_map(|settled| &settled.detectors);
            let runs: Vec<_> = runs.filter(|run| run.code == info.code).collect();
            let outcome = runs.iter().map(|run| run.outcome).max().unwrap_or(Outcome::NotApplicable);
            let mut missing: Vec<&Message> = runs.iter().flat_map(|run| &run.missing).collect();
            missing.sort();
            missing.dedup();
            let title = desk.wording.word(&format!("{}.title", info.code))?;
            Ok(Detector {
                code: info.code.to_owned(),
                name: info.name.to_owned(),
                title,
                outcome: outcome.code().to_owned(),
                findings: runs.iter().map(|run| run.findings as u64).sum(),
                missing: missing.into_iter().map(|message| desk.say(message)).collect::<Result<_>>()?,
            })
        })
        .collect()
}
