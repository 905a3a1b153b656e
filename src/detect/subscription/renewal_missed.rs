//! SUB-001 renewal-missed.

use crate::detect::papers::{bill_item, how_known, verdict_of};
use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::coverage::{Completeness, CoverKind};
use crate::model::finding::{
    ClauseRef, Evidence, EvidenceRole, Finding, FindingKind, Override, Target, Verdict,
};
use crate::model::interval::Interval;
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::period::{Cycle, DaySpan};
use crate::model::plan::Pack;
use crate::model::quantity::Unit;
use crate::model::record::{BillLine, Category, OrderAction};
use crate::rating::Detail;
use crate::rating::in_force::{Basis, PackInForce, first_day_without};
use crate::rating::outcome::{Change, ExpectedItem, ItemKind, RatedCycle};
use crate::reconcile::name::same;

/// A pack that renews by itself was not renewed, and the use that it would have covered was billed as overage.
pub static DETECTOR: Detector = Detector {
    code: "SUB-001",
    name: "renewal-missed",
    kind: FindingKind::Error,
    role: Role::Plain,
    needs: &[CoverKind::Orders, CoverKind::Data, CoverKind::Voice, CoverKind::Sms, CoverKind::Mms],
    basis: &["mfd-509", "mfd-577", "xfss-10", "xfss-12", "hy-cucc-4"],
    page: include_str!("renewal_missed.md"),
    stakes,
    detect,
};

/// A pack that lapsed in a cycle in which overage of its units was billed.
struct Lapse<'a> {
    cycle: Cycle,
    validity: &'a PackInForce,
    pack: &'a Pack,
    units: Vec<Unit>,
    /// Bill lines that charge the overage.
    lines: Vec<usize>,
    /// Expected overage items with their indices in the rated cycle.
    items: Vec<(usize, &'a ExpectedItem)>,
    /// Billed overage of the units, in yuan.
    billed: Money,
}

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    lapses(facts)?.iter().map(|lapse| stake(facts, lapse)).collect()
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    let mut findings = vec![];
    for lapse in lapses(facts)? {
        findings.extend(finding(facts, &lapse)?);
    }
    Ok(findings)
}

fn lapses<'a>(facts: &Facts<'a>) -> Result<Vec<Lapse<'a>>> {
    let mut lapses = vec![];
    for cycle in facts.line.billed_cycles() {
        // What is missing on a bill printed before the cycle ended may still come (fine print 36).
        if facts.is_provisional(cycle) {
            continue;
        }
        for validity in
            facts.rated.in_force.packs.iter().filter(|validity| has_lapsed(facts, validity, cycle))
        {
            lapses.extend(lapse(facts, validity, cycle)?);
        }
    }
    Ok(lapses)
}

/// Returns whether the validity should have been followed by another in the cycle, and was not: it renews
/// by itself, ends inside the cycle or with the one before, was not cancelled, and the money was there.
fn has_lapsed(facts: &Facts<'_>, validity: &PackInForce, cycle: Cycle) -> bool {
    let at = validity.end;
    let in_cycle = cycle.start_time() <= at && at < cycle.end_time();
    let previous = validity.start < cycle.start_time();
    let follows =
        facts.rated.in_force.packs.iter().any(|other| {
            other.pack.id == validity.pack.id && other.start < cycle.end_time() && other.end > at
        });
    // An order row says from when; case.toml says only when, and ends the pack with that month.
    let by_case_file =
        validity.basis == Basis::CaseFile && validity.cancelled_at.is_some_and(|time| time <= at);
    let cancelled = by_case_file || cancel_row(facts, validity).is_some();
    in_cycle && previous && renews(validity) && !follows && !cancelled && !lacks_money(facts, validity, cycle)
}

/// Returns whether the validity renews by itself; where only a bill shows the pack, its own rule says.
fn renews(validity: &PackInForce) -> bool {
    let by_rule = validity.pack.pack().is_some_and(|pack| pack.auto_renew);
    validity.auto_renew || (matches!(validity.basis, Basis::Bill(_)) && by_rule)
}

/// Returns the order row that ended the validity before its renewal, if there is one: what was cancelled
/// for a later day was still to be renewed (fine print 20).
fn cancel_row(facts: &Facts<'_>, validity: &PackInForce) -> Option<usize> {
    let names: Vec<&str> = validity.pack.names().collect();
    facts.line.orders.iter().position(|order| {
        let named = names.iter().any(|name| same(name, &order.name) || same(name, &order.product));
        let since = order.ordered_at.day() >= validity.start.day() && order.ordered_at <= validity.end;
        order.action == OrderAction::Cancel
            && named
            && since
            && first_day_without(order) <= validity.end.day()
    })
}

/// Returns the balance rows that stand at the renewal: the closing one before it and the opening one after.
fn balances<'a>(facts: &Facts<'a>, cycle: Cycle) -> Vec<&'a BillLine> {
    let closing = facts.line.bill_of(cycle.previous()).map(|(_, line)| line);
    let closing = closing.filter(|line| line.category == Category::ClosingBalance);
    let opening = facts.line.bill_of(cycle).map(|(_, line)| line);
    closing.chain(opening.filter(|line| line.category == Category::OpeningBalance)).collect()
}

/// A negative balance, or a prepaid one below the price, explains why the pack was not renewed.
fn lacks_money(facts: &Facts<'_>, validity: &PackInForce, cycle: Cycle) -> bool {
    let prepaid = facts.line.info.prepaid == Some(true);
    let least = if prepaid { validity.price } else { Money::ZERO };
    balances(facts, cycle).iter().any(|line| line.amount < least)
}

fn lapse<'a>(facts: &Facts<'a>, validity: &'a PackInForce, cycle: Cycle) -> Result<Option<Lapse<'a>>> {
    let (Some(pack), Some(rated)) = (validity.pack.pack(), facts.rated.cycles.get(&cycle)) else {
        return Ok(None);
    };
    let mut units: Vec<Unit> = validity.pack.allowances.iter().map(|granted| granted.amount.unit).collect();
    units.sort();
    units.dedup();
    let mut lapse = Lapse { cycle, validity, pack, units, lines: vec![], items: vec![], billed: Money::ZERO };
    for group in facts.reconciliation.groups.iter().filter(|group| group.cycle == cycle) {
        let items = facts.items_of(group);
        if !items.iter().any(|(_, item)| lapse.prices(item)) {
            continue;
        }
        let charged = Money::sum(group.lines.iter().map(|line| facts.line.bill[*line].amount))?;
        let others = items.iter().filter(|(_, item)| !lapse.prices(item)).map(|(_, item)| item.amount.high);
        lapse.billed = lapse.billed.plus(charged.minus(Money::sum(others)?)?.or_zero())?;
        lapse.lines.extend(group.lines.iter().filter(|line| facts.line.bill[**line].amount.is_positive()));
        lapse.items.extend(items.into_iter().filter(|(_, item)| lapse.prices(item)).collect::<Vec<_>>());
    }
    debug_assert!(lapse.items.iter().all(|(index, _)| *index < rated.items.len()));
    Ok(lapse.billed.is_positive().then_some(lapse))
}

impl Lapse<'_> {
    fn prices(&self, item: &ExpectedItem) -> bool {
        matches!(&item.kind, ItemKind::Overage(unit) if self.units.contains(unit))
    }

    /// Days whose orders would show a renewal or a cancellation.
    fn order_span(&self) -> DaySpan {
        DaySpan { start: self.validity.start.day(), end: self.cycle.span().end }
    }
}

fn stake(facts: &Facts<'_>, lapse: &Lapse<'_>) -> Result<Stake> {
    let most = lapse.billed.minus(lapse.validity.price)?.or_zero();
    let line = &facts.line.bill[lapse.lines[0]];
    let usage = lapse.units.iter().filter_map(|unit| facts.need((*unit).into(), lapse.cycle.span()));
    let missing = if most.is_positive() { usage.collect() } else { vec![] };
    let charge = |index: &usize| (Target::BillLine(*index), facts.line.bill[*index].amount);
    Ok(Stake {
        cycle: lapse.cycle,
        day: None,
        amount: most,
        on: lapse.lines.iter().map(charge).collect(),
        subject: format!("{}|{}", lapse.validity.pack.id, lapse.billed),
        what: bill_item(line),
        evidence: facts.amounts(&lapse.lines),
        clauses: vec![ClauseRef { plan: lapse.validity.pack.id.clone(), clause: lapse.pack.clause.clone() }],
        missing,
    })
}

fn finding(facts: &Facts<'_>, lapse: &Lapse<'_>) -> Result<Option<Finding>> {
    let stake = stake(facts, lapse)?;
    let change = Change::PackRenewed { pack: lapse.validity.pack.id.clone(), at: lapse.validity.end };
    if !stake.missing.is_empty() {
        return Ok(None);
    }
    let renewed = (facts.rerate)(facts.line, facts.rated, lapse.cycle, &change, Detail::Steps)?;
    let overage = renewed.items.iter().filter(|item| lapse.prices(item)).map(|item| item.amount);
    let due = Interval::sum(overage)?;
    let amount = lapse.billed.minus(due.high)?.minus(lapse.validity.price)?;
    let (Some((verdict, known)), true) = (verdict(facts, lapse), amount.is_positive()) else {
        return Ok(None);
    };
    let mut finding = stake.finding(DETECTOR.code, FindingKind::Error, verdict, known);
    finding.amount = amount;
    finding.overrides = overrides(lapse, &renewed);
    finding.explanation = explanation(finding.explanation, lapse, due).text("surplus", amount);
    finding.evidence.extend(evidence(facts, lapse));
    finding.innocent = innocent(facts, lapse);
    finding.ask = asks(lapse, amount);
    if verdict != Verdict::Proven {
        finding.needs = vec![facts.needed(CoverKind::Orders, lapse.order_span())];
    }
    Ok(Some(finding))
}

/// Judges by the weakest of: use of the cycle, orders since the pack began, balances (fine print 16).
fn verdict(facts: &Facts<'_>, lapse: &Lapse<'_>) -> Option<(Verdict, &'static str)> {
    let use_of = |unit: &Unit| facts.line.completeness((*unit).into(), lapse.cycle.span());
    let usage = lapse.units.iter().map(use_of).min()?;
    let orders = facts.line.completeness(CoverKind::Orders, lapse.order_span());
    let by_records = verdict_of(usage)?;
    let inferred = lapse.items.iter().any(|(_, item)| item.inferred) || lapse.validity.basis.is_inferred();
    let oral = lapse.validity.pack.clause(&lapse.pack.clause).is_some_and(|clause| clause.oral);
    if by_records == Verdict::Probable || inferred || oral {
        return Some((Verdict::Probable, "inferred"));
    }
    if !orders.is_proved() {
        return Some((Verdict::Probable, "orders-incomplete"));
    }
    if balances(facts, lapse.cycle).is_empty() {
        return Some((Verdict::Probable, "no-balance"));
    }
    Some((Verdict::Proven, how_known(declared(usage, orders))))
}

fn declared(usage: Completeness, orders: Completeness) -> Completeness {
    let is_declared = |known| known == Completeness::Proved { declared: true };
    Completeness::Proved { declared: is_declared(usage) || is_declared(orders) }
}

/// What is owed instead: the overage that the pack leaves over, and the pack's price.
fn overrides(lapse: &Lapse<'_>, renewed: &RatedCycle) -> Vec<Override> {
    let due = |(index, item): &(usize, &ExpectedItem)| {
        let again = renewed.items.iter().find(|other| other.rule == item.rule && other.kind == item.kind);
        Override::Due {
            cycle: lapse.cycle,
            item: *index,
            due: again.map_or(Interval::ZERO, |item| item.amount),
            trace: again.map_or_else(Vec::new, |item| item.trace.clone()),
        }
    };
    let price = Override::Owed {
        bill_line: lapse.lines[0],
        name: lapse.validity.pack.id.clone(),
        what: Message::new("SUB-001.owed").text("pack", &lapse.validity.pack.name),
        amount: lapse.validity.price,
    };
    lapse.items.iter().map(due).chain([price]).collect()
}

fn explanation(message: Message, lapse: &Lapse<'_>, due: Interval) -> Message {
    message
        .text("pack", &lapse.validity.pack.name)
        .text("at", lapse.validity.end)
        .text("billed", lapse.billed)
        .text("due", due.high)
        .text("price", lapse.validity.price)
}

/// Quotes the order or fee that shows the pack, the windows of use and orders, and the balances.
fn evidence(facts: &Facts<'_>, lapse: &Lapse<'_>) -> Vec<Evidence> {
    let mut evidence = vec![];
    match lapse.validity.basis {
        Basis::Order(at) => evidence.push(facts.cell(EvidenceRole::Supports, at, "name")),
        Basis::Bill(at) => evidence.push(facts.cell(EvidenceRole::Supports, at, "item")),
        Basis::CaseFile | Basis::Assumed => {}
    }
    evidence.extend(facts.windows(CoverKind::Orders, lapse.order_span()));
    for unit in &lapse.units {
        evidence.extend(facts.windows((*unit).into(), lapse.cycle.span()));
    }
    let balance = |line: &&BillLine| facts.cell(EvidenceRole::Supports, line.at, "amount");
    evidence.extend(balances(facts, lapse.cycle).iter().map(balance));
    evidence
}

fn innocent(facts: &Facts<'_>, lapse: &Lapse<'_>) -> Vec<Message> {
    let orders = facts.line.completeness(CoverKind::Orders, lapse.order_span()).is_proved();
    let cancelled = if orders { "SUB-001.innocent.no-cancel" } else { "SUB-001.innocent.cancel-unknown" };
    let lowest = balances(facts, lapse.cycle).iter().map(|line| line.amount).min();
    let money = match lowest {
        Some(amount) => Message::new("SUB-001.innocent.balance").text("amount", amount),
        None => Message::new("SUB-001.innocent.balance-unknown"),
    };
    vec![Message::new(cancelled), money]
}

fn asks(lapse: &Lapse<'_>, amount: Money) -> Vec<Message> {
    let pack = |key: &str| Message::new(key).text("pack", &lapse.validity.pack.name);
    vec![
        pack("SUB-001.ask.log").text("at", lapse.validity.end),
        pack("SUB-001.ask.refund").text("amount", amount).text("price", lapse.validity.price),
    ]
}
