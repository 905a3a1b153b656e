//! SUB-009 promised-credit-missing.

use crate::detect::orders::quote_orders;
use crate::detect::papers::clauses_of;
use crate::detect::subscription::charge::loose_reductions;
use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::coverage::CoverKind;
use crate::model::finding::{Evidence, EvidenceRole, Finding, FindingKind, Target, Verdict};
use crate::model::interval::Interval;
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::period::Cycle;
use crate::rating::outcome::{ExpectedItem, ItemKind};
use crate::reconcile::outcome::TieGroup;

/// A credit that the plan promises for the cycle is absent from the bill, or smaller than promised.
pub static DETECTOR: Detector = Detector {
    code: "SUB-009",
    name: "promised-credit-missing",
    kind: FindingKind::Error,
    role: Role::Plain,
    needs: &[CoverKind::Orders],
    basis: &["mfd-577", "xfss-12", "mmbj-19", "xf-53"],
    page: include_str!("promised_credit_missing.md"),
    stakes,
    detect,
};

/// Credits due in a cycle, with what the bill gives of them.
struct Promise<'a> {
    cycle: Cycle,
    group: &'a TieGroup,
    items: Vec<&'a ExpectedItem>,
    /// Yuan promised, positive.
    promised: Money,
    /// Yuan given, positive.
    given: Money,
    /// The plan's fee row: the source of what is missing.
    row: usize,
}

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    promises(facts)?.iter().map(|promise| stake(facts, promise)).collect()
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    let mut findings = vec![];
    for promise in promises(facts)? {
        let short = promise.promised.minus(promise.given)?;
        // What is missing on a bill printed before the cycle ended may still come (fine print 36).
        if short.is_positive()
            && !facts.is_provisional(promise.cycle)
            && !is_given_elsewhere(facts, &promise, short)?
        {
            findings.push(finding(facts, &promise, short)?);
        }
    }
    Ok(findings)
}

fn promises<'a>(facts: &Facts<'a>) -> Result<Vec<Promise<'a>>> {
    let mut promises = vec![];
    for group in &facts.reconciliation.groups {
        let items: Vec<&ExpectedItem> = facts.items_of(group).into_iter().map(|(_, item)| item).collect();
        let amounts = || group.lines.iter().map(|index| facts.line.bill[*index].amount);
        let only_credits = !items.is_empty() && items.iter().all(|item| item.kind == ItemKind::Credit);
        let Some(row) = facts.line.fee_row(group.cycle) else { continue };
        if only_credits && !amounts().any(Money::is_positive) {
            let promised = Interval::sum(items.iter().map(|item| item.amount))?.high.negated();
            let given = Money::sum(amounts())?.negated();
            promises.push(Promise { cycle: group.cycle, group, items, promised, given, row });
        }
    }
    Ok(promises)
}

/// Returns whether the bill gives as much in another way: a reduction that belongs to no charge, or a monthly fee
/// printed after the credit.
fn is_given_elsewhere(facts: &Facts<'_>, promise: &Promise<'_>, short: Money) -> Result<bool> {
    let mut given = loose_reductions(facts, promise.cycle)?;
    for group in facts.reconciliation.groups.iter().filter(|group| group.cycle == promise.cycle) {
        let items = facts.items_of(group);
        if items.iter().any(|(_, item)| item.kind == ItemKind::Monthly) {
            let due = Money::sum(items.iter().map(|(_, item)| item.amount.low))?;
            let billed = Money::sum(group.lines.iter().map(|index| facts.line.bill[*index].amount))?;
            given = given.plus(due.minus(billed)?.or_zero())?;
        }
    }
    Ok(given >= short)
}

fn stake(facts: &Facts<'_>, promise: &Promise<'_>) -> Result<Stake> {
    let short = promise.promised.minus(promise.given)?.or_zero();
    let tied = facts.items_of(promise.group);
    let fee = facts.cell(EvidenceRole::Context, facts.line.bill[promise.row].at, "amount");
    let evidence: Vec<Evidence> = facts.amounts(&promise.group.lines).into_iter().chain([fee]).collect();
    Ok(Stake {
        cycle: promise.cycle,
        day: None,
        amount: short,
        on: vec![(Target::MissingCredit(promise.cycle), short)],
        subject: format!("{}|{}|{}", name(promise), promise.promised, promise.given),
        what: Message::new("SUB-009.what").text("name", name(promise)).text("amount", promise.promised),
        evidence,
        clauses: clauses_of(&tied),
        missing: vec![],
    })
}

/// Returns the names under which a bill would print the credits.
fn name(promise: &Promise<'_>) -> String {
    let names = promise.items.iter().map(|item| item.names.first().unwrap_or(&item.name).as_str());
    names.collect::<Vec<_>>().join("、")
}

fn finding(facts: &Facts<'_>, promise: &Promise<'_>, short: Money) -> Result<Finding> {
    // A first month that only the complainant states is one fact without a record.
    let by_rows = promise.items.iter().all(|item| item.order.is_some() && !item.inferred);
    let verdict = if by_rows { Verdict::Proven } else { Verdict::Probable };
    let key = if promise.given.is_zero() { "absent" } else { "short" };
    let stake = stake(facts, promise)?;
    let mut finding = stake.finding(DETECTOR.code, FindingKind::Error, verdict, key);
    finding.explanation = finding.explanation.text("given", promise.given);
    let rows: Vec<_> = promise.items.iter().filter_map(|item| item.order).collect();
    let orders = facts.line.orders.iter().filter(|order| rows.contains(&order.at));
    quote_orders(facts, &mut finding, EvidenceRole::Supports, orders);
    let months = if by_rows { "SUB-009.innocent.ended" } else { "SUB-009.innocent.start-unknown" };
    finding.innocent = vec![Message::new(months), Message::new("SUB-009.innocent.elsewhere")];
    finding.ask = vec![
        Message::new("SUB-009.ask")
            .text("month", promise.cycle)
            .text("name", name(promise))
            .text("amount", short),
    ];
    if !by_rows {
        finding.needs = vec![facts.needed(CoverKind::Orders, promise.cycle.span())];
    }
    Ok(finding)
}
