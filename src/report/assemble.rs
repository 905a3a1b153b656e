//! From the settled case to the report model: every figure as text, every row quoted, arrays ordered by rule.

use std::collections::BTreeMap;

use crate::error::Result;
use crate::model::case::{Case, Line};
use crate::model::message::Message;
use crate::model::period::Day;
use crate::report::model::{Attachment, Clause, Complainant, Law, Program, Report, SCHEMA, Subject, Totals};
use crate::report::wording::{Lang, Wording};
use crate::rules::law::LawBook;
use crate::rules::plan_book::PlanBook;
use crate::settle;
use crate::settle::outcome::{DisposedLine, SettledLine};

mod bill;
mod coverage;
mod deadlines;
mod facts;
mod findings;
pub use findings::rank;
mod ids;
mod lead;
mod next_steps;
mod papers;
mod payments;
mod platform_record;
mod quote;
mod route;
mod service;
mod timeline;
mod usage;

/// Everything that a report is made of.
pub struct Assembly<'a> {
    /// The frozen case.
    pub case: &'a Case,
    /// Its lines, settled, in the order of the case.
    pub settled: &'a [SettledLine],
    /// Rules of law.
    pub laws: &'a LawBook,
    /// Plans and packs, for their clauses.
    pub plans: &'a PlanBook,
    /// Quoted files, with path and SHA-256.
    pub attachments: Vec<Attachment>,
    /// Remarks of the whole run.
    pub notes: Vec<Message>,
}

/// Returns the report of a settled case.
///
/// # Errors
/// When a sum leaves the exact range, or a sentence is missing in the wording files.
pub fn assemble(assembly: Assembly<'_>, wording: &Wording) -> Result<Report> {
    let desk = Desk::new(&assembly, wording);
    let case = assembly.case;
    let findings = findings::findings(&desk)?;
    let totals = totals(&desk)?;
    let gaps = bill::gaps(&desk)?;
    let mut report = Report {
        schema: SCHEMA.to_owned(),
        program: Program { version: env!("CARGO_PKG_VERSION").to_owned() },
        lang: wording.lang().code().to_owned(),
        as_of: case.as_of.to_string(),
        title: title(&desk)?,
        lead: lead::lead(&desk, &totals)?,
        subjects: subjects(&desk)?,
        inputs: papers::inputs(&desk)?,
        set_aside: papers::set_aside(&desk)?,
        notes: papers::notes(&desk)?,
        control: papers::control(&desk, &totals, &gaps)?,
        lines: bill::lines(&desk)?,
        expected: bill::expected(&desk)?,
        buckets: bill::buckets(&desk),
        payments: payments::payments(&desk)?,
        bills_paid: payments::bills_paid(&desk)?,
        detectors: findings::detectors(&desk)?,
        next_steps: next_steps::next_steps(&desk, &findings)?,
        route: route::route(&desk)?,
        service: service::service(&desk)?,
        platform_record: platform_record::platform_record(&desk)?,
        coverage: coverage::coverage(&desk),
        laws: findings::laws(&desk, &findings),
        clauses: bill::clauses(&desk),
        complainant: complainant(case),
        attachments: papers::attachments(&desk),
        usage: usage::usage(&desk)?,
        facts: facts::facts(&desk)?,
        timeline: timeline::timeline(&desk)?,
        contacts: service::contacts(&desk)?,
        province: case.file.province.clone(),
        totals,
        gaps,
        findings,
        id: String::new(),
    };
    report.id = ids::report_id(&report);
    Ok(report)
}

/// What lies on the desk while the report is written: the parts, the words, and the ids given out.
struct Desk<'a> {
    parts: &'a Assembly<'a>,
    case: &'a Case,
    wording: &'a Wording,
    /// Ids of bill lines: (index of the line, which of its bill lines).
    line_ids: BTreeMap<(usize, DisposedLine), String>,
    /// Ids of payments: (index of the line, index of the payment); payments of no line stand behind the last line.
    payment_ids: BTreeMap<(usize, usize), String>,
}

impl<'a> Desk<'a> {
    fn new(parts: &'a Assembly<'a>, wording: &'a Wording) -> Self {
        let line_ids = ids::line_ids(parts);
        Self { parts, case: parts.case, wording, line_ids, payment_ids: ids::payment_ids(parts.case) }
    }

    /// Returns the lines with their index and what was settled for them.
    fn lines(&self) -> impl Iterator<Item = (usize, &'a Line, &'a SettledLine)> {
        let settled = self.parts.settled;
        self.case.lines.iter().zip(settled).enumerate().map(|(index, (line, settled))| (index, line, settled))
    }

    fn say(&self, message: &Message) -> Result<String> {
        self.wording.say(message)
    }

    fn say_all(&self, messages: &[Message]) -> Result<Vec<String>> {
        messages.iter().map(|message| self.wording.say(message)).collect()
    }

    /// Returns the rule of law in the version of that day, if it may be quoted and binds the operator and province.
    fn law(&self, line: &Line, id: &str, day: Day) -> Option<Law> {
        let law = self.parts.laws.get(id, day)?;
        let operator = line.info.operator.map(|operator| operator.code());
        let fits = law.is_quotable() && law.applies_to(self.case.file.province.as_deref(), operator);
        let name = match self.wording.lang() {
            Lang::Zh => &law.name_zh,
            Lang::En => &law.name_en,
        };
        fits.then(|| Law {
            id: id.to_owned(),
            title: format!("{name} {}", law.article).trim().to_owned(),
            quote: law.quote_zh.clone(),
            source: law.source.clone(),
        })
    }

    /// Returns the clause in the words of the plan or pack that was in force.
    fn clause(&self, settled: &SettledLine, plan: &str, id: &str) -> Option<Clause> {
        let in_force = &settled.rated.in_force;
        let plans = in_force.plans.iter().map(|part| &part.plan);
        let packs = in_force.packs.iter().map(|part| &part.pack);
        let others = self.parts.plans.versions(plan);
        let found = plans.chain(packs).chain(others).find(|known| known.id == plan)?;
        let clause = found.clause(id)?;
        Some(Clause {
            plan: found.id.clone(),
            plan_name: found.name.clone(),
            clause: clause.id.clone(),
            text: clause.text.clone(),
            source: clause.source.clone(),
        })
    }
}

fn totals(desk: &Desk<'_>) -> Result<Totals> {
    let sums = settle::totals(desk.case, desk.parts.settled)?;
    Ok(Totals {
        billed: sums.billed.to_string(),
        expected_low: sums.expected.low.to_string(),
        expected_high: sums.expected.high.to_string(),
        explained: sums.explained.to_string(),
        disputed: sums.disputed.to_string(),
        unverified: sums.unverified.to_string(),
        claim_proven: sums.claim_proven.to_string(),
        claim_probable: sums.claim_probable.to_string(),
        at_stake_needs_evidence: sums.at_stake.to_string(),
        paid: sums.paid.to_string(),
        refunded: sums.refunded.to_string(),
    })
}

fn title(desk: &Desk<'_>) -> Result<String> {
    if let Some(title) = desk.case.file.title.clone().filter(|title| !title.trim().is_empty()) {
        return Ok(title);
    }
    let mut cycles: Vec<_> = desk.case.lines.iter().flat_map(|line| line.billed_cycles()).collect();
    cycles.sort();
    match (cycles.first(), cycles.last()) {
        (Some(first), Some(last)) if first == last => {
            desk.say(&Message::new("report.title.one").text("period", first))
        }
        (Some(first), Some(last)) => {
            desk.say(&Message::new("report.title.many").text("first", first).text("last", last))
        }
        _ => desk.say(&Message::new("report.title.none")),
    }
}

fn subjects(desk: &Desk<'_>) -> Result<Vec<Subject>> {
    let subject = |line: &Line| {
        let cycles = line.billed_cycles();
        let operator = line.info.operator.map(|operator| operator.code());
        let operator_name = match operator {
            Some(code) => desk.wording.word(&format!("common.operator.{code}"))?,
            None => String::new(),
        };
        Ok(Subject {
            msisdn: line.info.msisdn.clone(),
            shown: masked(&line.info.msisdn),
            operator: operator.unwrap_or_default().to_owned(),
            operator_name,
            respondent: line.info.respondent.clone().unwrap_or_default(),
            start: cycles.first().map(|cycle| cycle.span().start.to_string()),
            end: cycles.last().map(|cycle| cycle.span().last().to_string()),
        })
    };
    desk.case.lines.iter().map(subject).collect()
}

/// Returns a number with its middle masked: `138****1111`.
fn masked(number: &str) -> String {
    let digits: Vec<char> = number.chars().collect();
    if digits.len() < 8 {
        return number.to_owned();
    }
    let hidden = digits.len() - 7;
    digits[..3]
        .iter()
        .copied()
        .chain(std::iter::repeat_n('*', hidden))
        .chain(digits[digits.len() - 4..].iter().copied())
        .collect()
}

fn complainant(case: &Case) -> Complainant {
    let who = &case.file.complainant;
    Complainant { name: who.name.clone(), phone: who.phone.clone(), address: who.address.clone() }
}
