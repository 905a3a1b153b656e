//! BILL-003 line-charged-twice.

use std::collections::BTreeMap;

use crate::detect::orders::{order_of_charge, orders_of};
use crate::detect::papers::{bill_item, clauses_of};
use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::coverage::{Completeness, CoverKind};
use crate::model::finding::{Evidence, EvidenceRole, Finding, FindingKind, Override, Target, Verdict};
use crate::model::interval::Interval;
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::period::{Cycle, DaySpan};
use crate::model::record::{BillLine, Category};
use crate::rating::in_force::Basis;
use crate::reconcile::name::{normalised, same};
use crate::reconcile::repeatable_word;

/// The same item, amount and provider stand more than once on one line's bill of one period.
pub static DETECTOR: Detector = Detector {
    code: "BILL-003",
    name: "line-charged-twice",
    kind: FindingKind::Error,
    role: Role::Plain,
    needs: &[CoverKind::Orders],
    basis: &["mfd-122", "mfd-985", "jg-41", "xf-10"],
    page: include_str!("line_charged_twice.md"),
    stakes,
    detect,
};

/// Bill lines that print the same, by their indices in the line's bill.
struct Twins<'a> {
    line: &'a BillLine,
    all: Vec<usize>,
}

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    Ok(twins(facts).iter().map(|twins| Stake::answered(twins.line.cycle)).collect())
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    let mut findings = vec![];
    for twins in twins(facts) {
        if !is_owed(facts, &twins)? {
            findings.push(finding(facts, &twins)?);
        }
    }
    Ok(findings)
}

fn twins<'a>(facts: &Facts<'a>) -> Vec<Twins<'a>> {
    let mut equal: BTreeMap<(Cycle, Category, String, Money, String), Vec<usize>> = BTreeMap::new();
    let amount = |line: &BillLine| (line.cycle, line.category, line.amount);
    for (index, line) in facts.line.bill.iter().enumerate() {
        let charged = line.category.is_charge() && line.amount.is_positive();
        let paired = || facts.line.bill.iter().filter(|other| amount(other) == amount(line)).nth(1).is_some();
        if charged && paired() {
            let provider = normalised(line.provider.as_deref().unwrap_or(""));
            let key = (line.cycle, line.category, normalised(&line.item), line.amount, provider);
            equal.entry(key).or_default().push(index);
        }
    }
    let repeated = equal.into_values().filter(|all| all.len() > 1);
    repeated.map(|all| Twins { line: &facts.line.bill[all[0]], all }).collect()
}

fn stake(facts: &Facts<'_>, twins: &Twins<'_>) -> Result<Stake> {
    let surplus = &twins.all[1..];
    let (_, items) = facts.tied(twins.all[0]);
    Ok(Stake {
        cycle: twins.line.cycle,
        day: None,
        amount: twins.line.amount.times(surplus.len() as u64)?,
        on: surplus.iter().map(|line| (Target::BillLine(*line), twins.line.amount)).collect(),
        subject: format!("{}|{}|{}", twins.line.item, twins.line.amount, twins.all.len()),
        what: bill_item(twins.line),
        evidence: facts.amounts(&twins.all),
        clauses: clauses_of(&items),
        missing: vec![],
    })
}

/// Returns whether the papers say that it is owed that often: by the rated items it is tied to (fees come
/// split, a pack is bought twice), or by as many orders.
fn is_owed(facts: &Facts<'_>, twins: &Twins<'_>) -> Result<bool> {
    let (group, items) = facts.tied(twins.all[0]);
    if let Some(group) = group.filter(|_| !items.is_empty()) {
        let billed = Money::sum(group.lines.iter().map(|line| facts.line.bill[*line].amount))?;
        let due = Interval::sum(items.iter().map(|(_, item)| item.amount))?;
        if billed <= due.high {
            return Ok(true);
        }
    }
    Ok(twins.all.iter().all(|line| order_of_charge(facts, *line).is_some()))
}

fn finding(facts: &Facts<'_>, twins: &Twins<'_>) -> Result<Finding> {
    let stake = stake(facts, twins)?;
    let (kind, verdict, known) = judged(facts, twins);
    let mut finding = stake.finding(DETECTOR.code, kind, verdict, known);
    finding.explanation = finding.explanation.count("count", twins.all.len()).text("one", twins.line.amount);
    if kind == FindingKind::Error {
        let surplus = twins.all[1..].iter();
        finding.overrides = surplus.map(|line| Override::Refuted { bill_line: *line }).collect();
    }
    let orders = orders_of(facts, twins.line).map(|order| order.at);
    let context = |at| Evidence { role: EvidenceRole::Context, at: facts.case.cell_of(at, "name") };
    finding.evidence.extend(orders.map(context));
    finding.innocent = vec![Message::new(format!("BILL-003.innocent.{known}"))];
    finding.ask = vec![
        Message::new("BILL-003.ask")
            .text("item", &twins.line.item)
            .text("month", twins.line.cycle)
            .text("amount", stake.amount),
    ];
    if known == "orders-incomplete" {
        finding.needs = vec![facts.needed(CoverKind::Orders, twins.line.cycle.span())];
    }
    Ok(finding)
}

/// Judges by fine print 30: the plan's own fee is due once; packs and services need a complete order list
/// with one order; further cards, family numbers, instalments and account bills are a question.
fn judged(facts: &Facts<'_>, twins: &Twins<'_>) -> (FindingKind, Verdict, &'static str) {
    let (error, question) = (FindingKind::Error, FindingKind::Question);
    let line = twins.line;
    if repeatable_word(&line.item).is_some() || is_account_bill(facts, line) {
        return (question, Verdict::Probable, "repeatable");
    }
    match line.category {
        Category::PlanFee => (error, Verdict::Proven, "plan-fee"),
        Category::PackFee | Category::Vas | Category::ThirdParty => {
            let one = orders_of(facts, line).count() == 1;
            match orders_complete(facts, twins) {
                Completeness::Proved { .. } if one => (error, Verdict::Proven, "one-order"),
                _ => (error, Verdict::Probable, "orders-incomplete"),
            }
        }
        _ => (error, Verdict::Probable, "other"),
    }
}

fn is_account_bill(facts: &Facts<'_>, line: &BillLine) -> bool {
    let others = facts.case.lines.iter().filter(|other| other.info.msisdn != facts.line.info.msisdn);
    let same_table = |other: &BillLine| {
        (other.at.source, other.at.table) == (line.at.source, line.at.table) && other.cycle == line.cycle
    };
    // One export of several numbers is no account bill: there every number prints its own total.
    let own_total = facts.line.printed_total(line.cycle).is_some();
    let total_of = |other: &crate::model::case::Line| other.printed_total(line.cycle).is_some();
    others.filter(|other| other.bill.iter().any(same_table)).any(|other| own_total != total_of(other))
}

/// Returns how completely the orders are on paper to the end of the cycle charged: from an earlier bill that
/// has the item less often, or from the line's first plan (fine print 31).
fn orders_complete(facts: &Facts<'_>, twins: &Twins<'_>) -> Completeness {
    let line = twins.line;
    let count = |cycle: Cycle| {
        let charges = facts.line.charges_of(cycle);
        charges.filter(|(_, other)| same(&other.item, &line.item) && other.amount == line.amount).count()
    };
    let earlier = facts.line.billed_cycles().into_iter().filter(|cycle| *cycle < line.cycle);
    let lacking = earlier.filter(|cycle| count(*cycle) < twins.all.len()).map(|cycle| cycle.span().start);
    let first_plan = facts.rated.in_force.plans.first().filter(|plan| plan.basis >= Basis::CaseFile);
    let complete = lacking.chain(first_plan.map(|plan| plan.span.start)).map(|start| {
        let span = DaySpan { start, end: line.cycle.span().end };
        facts.line.completeness(CoverKind::Orders, span)
    });
    complete.max().unwrap_or(Completeness::Unknown)
}
