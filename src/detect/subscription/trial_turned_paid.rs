//! SUB-008 trial-turned-paid.

use crate::detect::orders::{
    begins, first_day, is_like, is_named, names_of, order_history, quote_orders, rest_on_orders,
    verdict_by_orders,
};
use crate::detect::subscription::charge::{ask_refund, is_by_rule, line_stake, net};
use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::coverage::{Completeness, CoverKind};
use crate::model::finding::{EvidenceRole, Finding, FindingKind, Override, Verdict};
use crate::model::message::Message;
use crate::model::period::{Cycle, DaySpan};
use crate::model::record::{BillLine, Category, Order};
use crate::reconcile::name::same;

/// A service cost nothing for some months and then had a price that nobody confirmed.
pub static DETECTOR: Detector = Detector {
    code: "SUB-008",
    name: "trial-turned-paid",
    kind: FindingKind::Error,
    role: Role::Plain,
    needs: &[CoverKind::Orders],
    basis: &["hy-cucc-3", "xf-9", "mfd-122", "mfd-985", "hn-30"],
    page: include_str!("trial_turned_paid.md"),
    stakes,
    detect,
};

/// A fee after months at no price.
struct Paid<'a> {
    index: usize,
    line: &'a BillLine,
    /// The bill line of the last month at no price.
    free: usize,
    known: Completeness,
    /// Days of orders that tell.
    span: DaySpan,
    /// A row that ordered the service without naming a price or a confirmation.
    trial: Option<&'a Order>,
    /// Whether the plan was another one while it was free: then it may have been included.
    other_plan: bool,
}

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    paid(facts)?.iter().map(|paid| stake(facts, paid)).collect()
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    let mut findings = vec![];
    for paid in paid(facts)? {
        if paid.known > Completeness::Unknown && net(facts, paid.index)?.is_positive() {
            findings.push(finding(facts, &paid)?);
        }
    }
    Ok(findings)
}

fn paid<'a>(facts: &Facts<'a>) -> Result<Vec<Paid<'a>>> {
    let mut found = vec![];
    let fees = facts.line.bill.iter().enumerate().filter(|(_, line)| {
        matches!(line.category, Category::Vas | Category::PackFee | Category::ThirdParty)
            && line.amount.is_positive()
    });
    for (index, line) in fees {
        let free = last_free(facts, line)?;
        if let Some(free) = free.filter(|_| !is_agreed(facts, line) && !is_by_rule(facts, index, line)) {
            found.push(after_trial(facts, index, line, free));
        }
    }
    Ok(found)
}

fn after_trial<'a>(facts: &Facts<'a>, index: usize, line: &'a BillLine, free: usize) -> Paid<'a> {
    let unknown = (
        Completeness::Unknown,
        DaySpan { start: facts.line.bill[free].cycle.span().start, end: line.cycle.span().end },
    );
    let trial = orders(facts, line).next();
    // A row that is there needs no proof that none is missing.
    let (known, span) = order_history(facts, line).unwrap_or(unknown);
    let known = if trial.is_some() { known.max(Completeness::Inferred) } else { known };
    let plan = |cycle: Cycle| facts.rated.in_force.plans_in(cycle).map(|plan| &plan.plan.id).last();
    let other_plan = plan(line.cycle) != plan(facts.line.bill[free].cycle);
    Paid { index, line, free, known, span, trial, other_plan }
}

/// Returns the line of the latest earlier month in which the service stood on the bill and cost nothing.
fn last_free(facts: &Facts<'_>, line: &BillLine) -> Result<Option<usize>> {
    let names = names_of(facts, &line.item);
    let earlier = facts.line.bill.iter().enumerate().rev().filter(|(_, other)| {
        let fee = matches!(other.category, Category::Vas | Category::PackFee | Category::ThirdParty);
        fee && other.cycle < line.cycle && names.iter().any(|name| same(name, &other.item))
    });
    for (index, other) in earlier {
        if !other.amount.is_negative() && net(facts, index)?.is_zero() {
            return Ok(Some(index));
        }
    }
    Ok(None)
}

/// Returns the rows that order the service, in these words or in like ones.
fn orders<'a>(facts: &Facts<'a>, line: &BillLine) -> impl Iterator<Item = &'a Order> {
    let names = names_of(facts, &line.item);
    let end = line.cycle.span().end;
    facts.line.orders.iter().filter(move |order| {
        let like = |name: &str| names.iter().any(|own| is_like(own, name));
        let named = is_named(order, &names) || like(&order.name) || like(&order.product);
        begins(order) && named && first_day(order) < end
    })
}

/// Returns whether a row states a price, or that the order was confirmed.
fn is_agreed(facts: &Facts<'_>, line: &BillLine) -> bool {
    let priced = |order: &Order| order.price.is_some_and(|price| price.is_positive());
    orders(facts, line).any(|order| priced(order) || order.confirmed == Some(true))
}

fn stake(facts: &Facts<'_>, paid: &Paid<'_>) -> Result<Stake> {
    let missing = if paid.known == Completeness::Unknown {
        vec![facts.needed(CoverKind::Orders, paid.span)]
    } else {
        vec![]
    };
    Ok(line_stake(facts, paid.index, net(facts, paid.index)?, missing))
}

fn finding(facts: &Facts<'_>, paid: &Paid<'_>) -> Result<Finding> {
    let stake = stake(facts, paid)?;
    // What the trial's own terms say is not in the papers, so an order row leaves only a question.
    let (kind, verdict, key) = match (paid.trial, paid.other_plan) {
        (None, false) => (FindingKind::Error, verdict_by_orders(paid.known), "no-order"),
        (None, true) => (FindingKind::Question, Verdict::Probable, "other-plan"),
        (Some(_), _) => (FindingKind::Question, Verdict::Probable, "trial-order"),
    };
    let free = &facts.line.bill[paid.free];
    let mut finding = stake.finding(DETECTOR.code, kind, verdict, key);
    finding.explanation = finding.explanation.text("free", free.cycle);
    finding.evidence.push(facts.cell(EvidenceRole::Supports, free.at, "amount"));
    if kind == FindingKind::Error {
        finding.overrides = vec![Override::Refuted { bill_line: paid.index }];
        rest_on_orders(facts, &mut finding, paid.known, paid.span);
    }
    quote_orders(facts, &mut finding, EvidenceRole::Context, paid.trial);
    finding.innocent = vec![Message::new(if kind == FindingKind::Error {
        "SUB-008.innocent.no-order"
    } else {
        "SUB-008.innocent.terms"
    })];
    finding.ask.insert(0, Message::new("SUB-008.ask").text("item", &paid.line.item));
    if kind == FindingKind::Error {
        finding.ask.insert(1, ask_refund(paid.line, stake.amount));
    }
    Ok(finding)
}
