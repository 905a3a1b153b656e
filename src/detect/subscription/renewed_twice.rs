//! SUB-002 renewed-twice.

use crate::detect::orders::{bill_names, quote_orders, rest_on_orders, verdict_by_orders};
use crate::detect::papers::{bill_item, clauses_of};
use crate::detect::subscription::charge::ask_refund;
use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::coverage::{Completeness, CoverKind};
use crate::model::finding::{EvidenceRole, Finding, FindingKind, Override, Target};
use crate::model::interval::Interval;
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::period::{Cycle, DaySpan};
use crate::rating::in_force::{Basis, PackInForce};
use crate::reconcile::name::same;

/// One validity of a pack was charged twice.
pub static DETECTOR: Detector = Detector {
    code: "SUB-002",
    name: "renewed-twice",
    kind: FindingKind::Error,
    role: Role::Plain,
    needs: &[CoverKind::Orders],
    basis: &["mfd-122", "mfd-985", "jg-41", "xf-10"],
    page: include_str!("renewed_twice.md"),
    stakes,
    detect,
};

/// A pack whose price stands more often on a bill than it was in force.
struct Repeat<'a> {
    cycle: Cycle,
    pack: &'a PackInForce,
    /// Validities that begin in the cycle.
    count: usize,
    /// Bill lines that charge the price, in the order of the bill.
    lines: Vec<usize>,
    /// Whether a validity of a neighbouring cycle without a bill may be charged here.
    doubtful: bool,
}

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    repeats(facts).iter().map(|repeat| stake(facts, repeat)).collect()
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    let mut findings = vec![];
    for repeat in repeats(facts) {
        if !is_owed(facts, &repeat)? {
            findings.push(finding(facts, &repeat)?);
        }
    }
    Ok(findings)
}

fn repeats<'a>(facts: &Facts<'a>) -> Vec<Repeat<'a>> {
    let mut repeats = vec![];
    for cycle in facts.line.billed_cycles() {
        let mut seen: Vec<&str> = vec![];
        for pack in validities(facts, cycle) {
            if !seen.contains(&pack.pack.id.as_str()) {
                seen.push(&pack.pack.id);
                repeats.extend(repeat(facts, cycle, pack));
            }
        }
    }
    repeats
}

/// Returns the validities that begin in the cycle and that the operator charges, by order or case file.
fn validities<'a>(facts: &Facts<'a>, cycle: Cycle) -> impl Iterator<Item = &'a PackInForce> {
    let packs = facts.rated.in_force.packs.iter();
    packs.filter(move |pack| {
        Cycle::of(pack.start.day()) == cycle && pack.basis >= Basis::CaseFile && !pack.paid_elsewhere
    })
}

fn repeat<'a>(facts: &Facts<'a>, cycle: Cycle, pack: &'a PackInForce) -> Option<Repeat<'a>> {
    let of_pack = |other: &&PackInForce| other.pack.id == pack.pack.id;
    let count = validities(facts, cycle).filter(of_pack).count();
    let lines: Vec<usize> = charges(facts, cycle, pack)
        .into_iter()
        .filter(|index| facts.line.bill[*index].amount == pack.price)
        .collect();
    let surplus = lines.len() > count && pack.price.is_positive();
    let before = neighbour(facts, cycle.previous(), pack, |_| true);
    let ordered_by_then = |next: &PackInForce| {
        let row = facts.line.orders.iter().find(|order| next.basis == Basis::Order(order.at));
        row.is_some_and(|order| order.ordered_at < cycle.end_time())
    };
    let after = neighbour(facts, cycle.next(), pack, ordered_by_then);
    let charged_here = [before, after].contains(&Neighbour::NotCharged);
    let doubtful = [before, after].contains(&Neighbour::NoBill);
    (surplus && !charged_here).then_some(Repeat { cycle, pack, count, lines, doubtful })
}

/// How the validities of a neighbouring cycle were charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Neighbour {
    /// There are none, or their own bill charges them.
    Charged,
    /// Their own bill does not charge them, so this one may.
    NotCharged,
    /// Their own bill is not in the papers.
    NoBill,
}

fn neighbour(
    facts: &Facts<'_>,
    cycle: Cycle,
    pack: &PackInForce,
    counts: impl Fn(&PackInForce) -> bool,
) -> Neighbour {
    let of_pack = validities(facts, cycle).filter(|other| other.pack.id == pack.pack.id && counts(other));
    match of_pack.count() {
        0 => Neighbour::Charged,
        _ if facts.line.charges_of(cycle).next().is_none() => Neighbour::NoBill,
        count if charges(facts, cycle, pack).len() >= count => Neighbour::Charged,
        _ => Neighbour::NotCharged,
    }
}

fn charges(facts: &Facts<'_>, cycle: Cycle, pack: &PackInForce) -> Vec<usize> {
    let names = bill_names(&pack.pack);
    let lines = facts
        .line
        .charges_of(cycle)
        .filter(|(_, line)| line.amount.is_positive() && names.iter().any(|name| same(name, &line.item)));
    lines.map(|(index, _)| index).collect()
}

fn stake(facts: &Facts<'_>, repeat: &Repeat<'_>) -> Result<Stake> {
    let surplus = &repeat.lines[repeat.count..];
    let line = &facts.line.bill[surplus[0]];
    let (_, items) = facts.tied(surplus[0]);
    Ok(Stake {
        cycle: repeat.cycle,
        day: None,
        amount: repeat.pack.price.times(surplus.len() as u64)?,
        on: surplus.iter().map(|index| (Target::BillLine(*index), facts.line.bill[*index].amount)).collect(),
        subject: format!("{}|{}|{}", repeat.pack.pack.id, repeat.pack.price, repeat.lines.len()),
        what: bill_item(line),
        evidence: facts.amounts(&repeat.lines),
        clauses: clauses_of(&items),
        missing: vec![],
    })
}

/// Returns whether the group costs no more than it should: then a reduction took the second charge back.
fn is_owed(facts: &Facts<'_>, repeat: &Repeat<'_>) -> Result<bool> {
    let (group, items) = facts.tied(repeat.lines[0]);
    let Some(group) = group.filter(|_| !items.is_empty()) else { return Ok(false) };
    let billed = Money::sum(group.lines.iter().map(|line| facts.line.bill[*line].amount))?;
    let due = Interval::sum(items.iter().map(|(_, item)| item.amount))?;
    Ok(billed <= due.high)
}

fn finding(facts: &Facts<'_>, repeat: &Repeat<'_>) -> Result<Finding> {
    let stake = stake(facts, repeat)?;
    // An order of the month before may take effect in the cycle.
    let span = DaySpan { start: repeat.cycle.previous().span().start, end: repeat.cycle.span().end };
    let by_rows = repeat.pack.basis.order().is_some() && !repeat.doubtful;
    let on_paper = facts.line.completeness(CoverKind::Orders, span);
    let known = if by_rows { on_paper } else { on_paper.min(Completeness::Inferred) };
    let verdict = verdict_by_orders(known);
    let mut finding = stake.finding(DETECTOR.code, FindingKind::Error, verdict, "twice");
    finding.explanation = finding
        .explanation
        .text("pack", &repeat.pack.pack.name)
        .count("count", repeat.count)
        .count("charged", repeat.lines.len())
        .text("price", repeat.pack.price);
    finding.overrides =
        repeat.lines[repeat.count..].iter().map(|line| Override::Refuted { bill_line: *line }).collect();
    let orders = facts.line.orders.iter().filter(|order| repeat.pack.basis == Basis::Order(order.at));
    quote_orders(facts, &mut finding, EvidenceRole::Supports, orders);
    rest_on_orders(facts, &mut finding, known, span);
    finding.innocent = vec![
        Message::new(if on_paper.is_proved() && by_rows {
            "SUB-002.innocent.one-order"
        } else {
            "SUB-002.innocent.orders-unknown"
        }),
        Message::new(if repeat.doubtful { "SUB-002.innocent.late-unknown" } else { "SUB-002.innocent.late" }),
    ];
    let line = &facts.line.bill[repeat.lines[repeat.count]];
    finding.ask.insert(0, Message::new("SUB-002.ask").text("pack", &repeat.pack.pack.name));
    finding.ask.insert(1, ask_refund(line, stake.amount));
    Ok(finding)
}
