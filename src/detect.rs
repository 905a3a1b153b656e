//! Layer 4: what is wrong. A detector is a static record with two pure functions over the facts and a
//! page whose examples are run as tests; findings carry message keys and arguments, no prose.

pub mod bill;
mod given_back;
mod memo;
pub mod orders;
pub mod papers;
pub mod payment;
pub mod service;
pub mod subscription;
pub mod usage;
pub mod waste;

use crate::detect::memo::take_turn;
use crate::error::Result;
use crate::model::case::{Case, Line};
use crate::model::coverage::CoverKind;
use crate::model::finding::{ClauseRef, Evidence, Finding, FindingKind, Need, Target, Verdict};
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::period::{Cycle, Day};
use crate::rating::Detail;
use crate::rating::outcome::{Change, RatedCycle, RatedLine};
use crate::reconcile::outcome::Reconciliation;

pub use memo::Memo;

/// Every detector, in the order of the specification's table; at equal strength the earlier claims first.
pub static DETECTORS: &[&Detector] = &[
    &usage::mms_charged_without_mms::DETECTOR,
    &usage::sms_charged_without_sms::DETECTOR,
    &usage::voice_charged_without_calls::DETECTOR,
    &usage::data_charged_without_sessions::DETECTOR,
    &usage::more_units_charged_than_recorded::DETECTOR,
    &usage::unit_price_above_plan::DETECTOR,
    &usage::rounding_not_in_plan::DETECTOR,
    &usage::charged_while_allowance_remained::DETECTOR,
    &usage::consumption_order_wrong::DETECTOR,
    &usage::rollover_not_granted::DETECTOR,
    &usage::cap_exceeded::DETECTOR,
    &usage::usage_recorded_twice::DETECTOR,
    &usage::calls_overlap::DETECTOR,
    &usage::domestic_roaming_charged::DETECTOR,
    &usage::incoming_or_free_number_charged::DETECTOR,
    &usage::usage_outside_its_period::DETECTOR,
    &usage::detail_differs_from_bill::DETECTOR,
    &bill::items_differ_from_total::DETECTOR,
    &bill::quantity_times_price_differs::DETECTOR,
    &bill::line_charged_twice::DETECTOR,
    &bill::balance_does_not_carry::DETECTOR,
    &bill::bill_month_missing::DETECTOR,
    &bill::sudden_surge::DETECTOR,
    &bill::late_fee_above_limit::DETECTOR,
    &subscription::renewal_missed::DETECTOR,
    &subscription::renewed_twice::DETECTOR,
    &subscription::charged_after_cancellation::DETECTOR,
    &subscription::service_never_ordered::DETECTOR,
    &subscription::third_party_charge_unnamed::DETECTOR,
    &subscription::first_or_last_month_wrong::DETECTOR,
    &subscription::price_above_agreed::DETECTOR,
    &subscription::trial_turned_paid::DETECTOR,
    &subscription::promised_credit_missing::DETECTOR,
    &subscription::two_plans_charged::DETECTOR,
    &subscription::charged_while_suspended::DETECTOR,
    &subscription::renewal_without_notice::DETECTOR,
    &subscription::paid_but_not_served::DETECTOR,
    &subscription::fee_kept_during_fault::DETECTOR,
    &payment::deducted_twice::DETECTOR,
    &payment::deduction_without_basis::DETECTOR,
    &payment::deducted_more_than_due::DETECTOR,
    &payment::top_up_not_credited::DETECTOR,
    &payment::refund_missing::DETECTOR,
    &payment::same_fee_on_bill_and_platform::DETECTOR,
    &payment::deducted_after_agreement_ended::DETECTOR,
    &payment::wallet_does_not_carry::DETECTOR,
    &payment::export_totals_differ::DETECTOR,
    &service::promise_broken::DETECTOR,
    &service::reply_overdue::DETECTOR,
    &service::appeal_window_closing::DETECTOR,
    &service::records_soon_deleted::DETECTOR,
    &service::rule_text_withheld::DETECTOR,
    &waste::allowance_unused::DETECTOR,
    &waste::cheaper_plan::DETECTOR,
];

/// A pattern of error, waste or doubt that the papers can show.
#[derive(Debug)]
pub struct Detector {
    /// Code, never reused.
    pub code: &'static str,
    /// Name that states the bad pattern, in kebab case.
    pub name: &'static str,
    /// Kind of most of its findings.
    pub kind: FindingKind,
    /// Whether it names the cause or only sees the effect.
    pub role: Role,
    /// Records without which it cannot tell.
    pub needs: &'static [CoverKind],
    /// Ids of rules in `laws.toml`; the report prints those in force at the event's date.
    pub basis: &'static [&'static str],
    /// Its page, in Markdown.
    pub page: &'static str,
    /// Returns the charges and payments in question; of one that the papers answer only counts that there is one.
    pub stakes: fn(&Facts<'_>) -> Result<Vec<Stake>>,
    /// Returns what is wrong, as far as the papers tell.
    pub detect: fn(&Facts<'_>) -> Result<Vec<Finding>>,
}

/// Which detector claims first at equal strength.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// It names the cause.
    Cause,
    /// Neither.
    Plain,
    /// It only sees the effect.
    Effect,
}

/// Rates a cycle again with one fact changed.
pub type Rerate = fn(&Line, &RatedLine, Cycle, &Change, Detail) -> Result<RatedCycle>;

/// What a detector may look at: the frozen case, one of its lines, rated and reconciled.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The case.
    pub case: &'a Case,
    /// The line.
    pub line: &'a Line,
    /// The line, rated.
    pub rated: &'a RatedLine,
    /// The line, reconciled.
    pub reconciliation: &'a Reconciliation,
    /// Answers "had the pack renewed".
    pub rerate: Rerate,
    /// What was asked of the line before.
    pub memo: &'a Memo,
    /// What the detectors that stand before in the table have found on the line.
    found: &'a [Finding],
}

/// A charge or payment in question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stake {
    /// Cycle that it is about.
    pub cycle: Cycle,
    /// Day of the event, where there is one.
    pub day: Option<Day>,
    /// Yuan that hang on it.
    pub amount: Money,
    /// The charge or payment yuan.
    pub on: Vec<(Target, Money)>,
    /// Text that tells it from others of the same detector and cycle: item and amount, never a path or row.
    pub subject: String,
    /// What it is, for a sentence: `账单项“彩信费”15.00 元`.
    pub what: Message,
    /// Rows that show it.
    pub evidence: Vec<Evidence>,
    /// Clauses that speak of it.
    pub clauses: Vec<ClauseRef>,
    /// Records without which it cannot be told; empty when the papers suffice or already answer.
    pub missing: Vec<Need>,
}

/// How a detector ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Its code.
    pub code: &'static str,
    /// Whether anything in the papers concerned it.
    pub had_stakes: bool,
    /// Findings with a verdict.
    pub found: usize,
    /// Findings for which a record is missing.
    pub open: usize,
    /// The missing records, each once.
    pub missing: Vec<Message>,
}

/// Returns the detector of that code.
pub fn detector(code: &str) -> Option<&'static Detector> {
    DETECTORS.iter().copied().find(|detector| detector.code == code)
}

/// Runs every detector on a line: findings in the order of the table, and how each detector ended.
///
/// # Errors
/// When a sum leaves the exact range.
pub fn run(facts: &Facts<'_>) -> Result<(Vec<Finding>, Vec<Run>)> {
    let mut findings = vec![];
    let mut runs = vec![];
    for detector in DETECTORS {
        let facts = Facts { found: &findings, ..*facts };
        let stakes = (detector.stakes)(&facts)?;
        let found = take_turn(&facts, detector)?;
        let found: Vec<Finding> = found
            .into_iter()
            .map(|finding| given_back::after(&facts, finding))
            .filter_map(Result::transpose)
            .collect::<Result<_>>()?;
        let open: Vec<Finding> = stakes
            .iter()
            .filter(|stake| !stake.missing.is_empty())
            .map(|stake| given_back::after(&facts, stake.open_finding(detector)))
            .filter_map(Result::transpose)
            .collect::<Result<_>>()?;
        let mut missing: Vec<Message> =
            open.iter().flat_map(|finding| &finding.needs).map(|need| need.what.clone()).collect();
        missing.sort();
        missing.dedup();
        let had_stakes = !stakes.is_empty() || !found.is_empty();
        runs.push(Run { code: detector.code, had_stakes, found: found.len(), open: open.len(), missing });
        findings.extend(found);
        findings.extend(open);
    }
    Ok((findings, runs))
}

impl<'a> Facts<'a> {
    /// Returns the facts about a line of the case before any detector has looked at it.
    pub fn new(
        (case, line): (&'a Case, &'a Line),
        rated: &'a RatedLine,
        reconciliation: &'a Reconciliation,
        rerate: Rerate,
        memo: &'a Memo,
    ) -> Self {
        Self { case, line, rated, reconciliation, rerate, memo, found: &[] }
    }

    /// Returns what the detectors that stand before in the table have found on the line.
    pub fn found(&self) -> &'a [Finding] {
        self.memo.look_back();
        self.found
    }
}

impl Stake {
    /// Returns a charge or payment of the cycle whose question the papers answer: nothing is missing, so nobody asks
    /// what it is.
    pub fn answered(cycle: Cycle) -> Self {
        Self {
            cycle,
            day: None,
            amount: Money::ZERO,
            on: vec![],
            subject: String::new(),
            what: Message::new(String::new()),
            evidence: vec![],
            clauses: vec![],
            missing: vec![],
        }
    }

    /// Returns the finding of a detector on this stake, with the default sentences of its code;
    /// `explanation` is the last part of the key.
    pub fn finding(
        &self,
        code: &'static str,
        kind: FindingKind,
        verdict: Verdict,
        explanation: &str,
    ) -> Finding {
        let sentence = |part: &str| {
            Message::new(format!("{code}.{part}"))
                .message("what", self.what.clone())
                .text("amount", self.amount)
                .text("month", self.cycle)
        };
        Finding {
            code,
            kind,
            verdict,
            cycle: self.cycle,
            day: self.day,
            amount: self.amount,
            on: self.on.clone(),
            overrides: vec![],
            evidence: self.evidence.clone(),
            clauses: self.clauses.clone(),
            title: Message::new(format!("{code}.title")),
            explanation: sentence(&format!("explanation.{explanation}")),
            innocent: vec![],
            ask: vec![],
            needs: vec![],
            subject: self.subject.clone(),
        }
    }

    /// Returns the answer of the engine where a record is missing: which one, who holds it, until when
    /// it is kept, and how much hangs on it (fine print 8).
    fn open_finding(&self, detector: &Detector) -> Finding {
        let records = || self.missing.iter().map(|need| need.what.clone()).collect::<Vec<_>>();
        let title = Message::new("detect.open.title").message("what", self.what.clone());
        let explanation = Message::new("detect.open.explanation")
            .message("what", self.what.clone())
            .text("amount", self.amount)
            .list("records", records());
        let ask = |need: &Need| match need.kept_until {
            Some(day) => {
                Message::new("detect.open.ask-until").message("record", need.what.clone()).text("day", day)
            }
            None => Message::new("detect.open.ask").message("record", need.what.clone()),
        };
        let finding = self.finding(detector.code, detector.kind, Verdict::NeedsEvidence, "open");
        let asks = self.missing.iter().map(ask).collect();
        Finding { title, explanation, ask: asks, needs: self.missing.clone(), ..finding }
    }
}
