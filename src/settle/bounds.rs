//! What is owed in each group of bill lines and expected items, once the findings are accepted
//! (fine print 1–3, 5, 26, 29).

use crate::detect::Facts;
use crate::detect::bill::late_fee_above_limit;
use crate::detect::orders::order_of_charge;
use crate::error::Result;
use crate::model::coverage::CoverKind;
use crate::model::finding::{Finding, FindingKind, Override};
use crate::model::interval::Interval;
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::period::Cycle;
use crate::model::quantity::Unit;
use crate::model::record::Category;
use crate::model::trace::TraceStep;
use crate::rating::outcome::{ExpectedItem, ItemKind};
use crate::reconcile::outcome::TieGroup;
use crate::settle::is_accepted;
use crate::settle::outcome::{DisposedLine, SettledItem};

/// A group with what was billed and what is owed.
#[derive(Debug)]
pub(super) struct Bounds {
    pub(super) group: TieGroup,
    pub(super) billed: Money,
    pub(super) due: Interval,
    pub(super) items: Vec<SettledItem>,
    pub(super) ground: Ground,
    /// Whether the group holds promised credits and no charge.
    pub(super) is_credit: bool,
}

/// What the bounds rest on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ground {
    /// Rules of a plan or pack.
    Rule,
    /// Rules, but the list of the kind is not proved complete, so the charge may be right (fine print 3).
    Incomplete(Vec<Unit>),
    /// An order record with its price.
    Order(Money),
    /// The law, which allows a late fee up to this.
    Law(Money),
    /// A reduction that the bill grants by itself.
    Reduction,
    /// Nothing: the charge may be anything between 0 and itself.
    NoRule,
    /// A finding says that nothing is owed.
    Refuted,
}

/// The made line 合计差额: printed total − Σ items.
#[derive(Debug)]
pub(super) struct MadeLine {
    pub(super) cycle: Cycle,
    /// Index of the printed total in the line's bill.
    pub(super) total: usize,
    pub(super) amount: Money,
    pub(super) due: Interval,
}

/// What the accepted findings change in one group.
struct Changes<'a> {
    refuted: Vec<usize>,
    most: Vec<(usize, Money)>,
    due: Vec<(usize, Interval, &'a [TraceStep])>,
    owed: Vec<(&'a str, &'a Message, Money)>,
}

/// Returns the bounds of every group of the line.
pub(super) fn bounds(facts: &Facts<'_>, findings: &[Finding]) -> Result<Vec<Bounds>> {
    facts.reconciliation.groups.iter().map(|group| bounds_of(facts, group, findings)).collect()
}

fn bounds_of(facts: &Facts<'_>, group: &TieGroup, findings: &[Finding]) -> Result<Bounds> {
    let changes = Changes::of(group, findings);
    let lines = || group.lines.iter().map(|index| (*index, &facts.line.bill[*index]));
    let billed = Money::sum(lines().map(|(_, line)| line.amount))?;
    let standing = lines().filter(|(index, _)| !changes.refuted.contains(index));
    let standing = Money::sum(standing.map(|(index, line)| changes.most_of(index, line.amount)))?.or_zero();
    let charges: Vec<usize> =
        lines().filter(|(_, line)| line.amount.is_positive()).map(|(at, _)| at).collect();
    let refuted = !charges.is_empty() && charges.iter().all(|index| changes.refuted.contains(index));
    let items = facts.items_of(group);
    let (mut settled, ground) = if refuted {
        (refuted_items(facts, group, &items), Ground::Refuted)
    } else if items.is_empty() {
        without_rule(facts, group, billed, standing)?
    } else {
        by_rule(facts, group, &items, &changes, standing)?
    };
    if !changes.most.is_empty() {
        lower(&mut settled, standing)?;
    }
    settled.extend(changes.owed.iter().map(|(name, what, amount)| owed_item(group, name, what, *amount)));
    add_given_back(facts, group, billed, &mut settled)?;
    let due = Interval::sum(settled.iter().map(|item| item.amount))?;
    let is_credit = charges.is_empty() && is_credit(&items);
    Ok(Bounds { group: group.clone(), billed, due, items: settled, ground, is_credit })
}

fn is_credit(items: &[(usize, &ExpectedItem)]) -> bool {
    !items.is_empty() && items.iter().all(|(_, item)| item.kind == ItemKind::Credit)
}

impl<'a> Changes<'a> {
    fn of(group: &TieGroup, findings: &'a [Finding]) -> Self {
        let mut changes = Self { refuted: vec![], most: vec![], due: vec![], owed: vec![] };
        for change in findings.iter().filter(|finding| is_accepted(finding)).flat_map(|f| &f.overrides) {
            match change {
                Override::Refuted { bill_line } if group.lines.contains(bill_line) => {
                    changes.refuted.push(*bill_line);
                }
                Override::AtMost { bill_line, most } if group.lines.contains(bill_line) => {
                    changes.most.push((*bill_line, *most));
                }
                Override::Due { cycle, item, due, trace }
                    if *cycle == group.cycle && group.items.contains(item) =>
                {
                    changes.due.push((*item, *due, trace));
                }
                Override::Owed { bill_line, name, what, amount } if group.lines.contains(bill_line) => {
                    changes.owed.push((name, what, *amount));
                }
                _ => {}
            }
        }
        changes
    }

    /// Returns what the findings leave standing of a line.
    fn most_of(&self, line: usize, amount: Money) -> Money {
        let limits = self.most.iter().filter(|(index, _)| *index == line).map(|(_, most)| *most);
        limits.fold(amount, Money::min)
    }

    /// Returns the lowest amount that a finding leaves due for an item, with its trace.
    fn due_of(&self, item: usize) -> Option<(Interval, &'a [TraceStep])> {
        let of_item = self.due.iter().filter(|(index, ..)| *index == item);
        of_item.min_by_key(|(_, due, _)| (due.high, due.low)).map(|(_, due, trace)| (*due, *trace))
    }
}

/// Takes what is above `most` together off the last items.
fn lower(items: &mut [SettledItem], most: Money) -> Result<()> {
    let high = Money::sum(items.iter().map(|item| item.amount.high))?;
    let mut excess = high.minus(most)?.or_zero();
    for item in items.iter_mut().rev().filter(|item| item.amount.high.is_positive()) {
        let taken = item.amount.high.min(excess);
        if taken.is_positive() {
            let after = item.amount.high.minus(taken)?;
            item.trace.push(step("settle.step.at-most", item.amount.high, after));
            item.amount = Interval { low: item.amount.low.min(after), high: after };
            excess = excess.minus(taken)?;
        }
    }
    Ok(())
}

fn by_rule(
    facts: &Facts<'_>,
    group: &TieGroup,
    items: &[(usize, &ExpectedItem)],
    changes: &Changes<'_>,
    standing: Money,
) -> Result<(Vec<SettledItem>, Ground)> {
    let mut settled: Vec<SettledItem> = items
        .iter()
        .map(|(index, item)| {
            let changed = changes.due_of(*index);
            let (amount, trace) = changed.unwrap_or((item.amount, &item.trace));
            SettledItem {
                cycle: group.cycle,
                name: item.name.clone(),
                amount,
                trace: trace.to_vec(),
                lines: vec![],
            }
        })
        .collect();
    let open = if changes.due.is_empty() { open_units(facts, group, items) } else { vec![] };
    let high = Money::sum(settled.iter().map(|item| item.amount.high))?;
    let more = standing.minus(high)?;
    let usage = items.iter().rposition(|(_, item)| matches!(item.kind, ItemKind::Overage(_)));
    let Some(last) = usage.filter(|_| !open.is_empty() && more.is_positive()) else {
        return Ok((settled, Ground::Rule));
    };
    let item = &mut settled[last];
    let raised = item.amount.high.plus(more)?;
    item.trace.push(step("settle.step.incomplete", item.amount.high, raised));
    item.amount.high = raised;
    Ok((settled, Ground::Incomplete(open)))
}

/// Returns the kinds in the group whose list is not proved complete, or holds events without a rate.
fn open_units(facts: &Facts<'_>, group: &TieGroup, items: &[(usize, &ExpectedItem)]) -> Vec<Unit> {
    let of_items = items.iter().filter_map(|(_, item)| match item.kind {
        ItemKind::Overage(unit) => Some(unit),
        _ => None,
    });
    let of_lines = group.lines.iter().flat_map(|line| facts.line.bill[*line].units.iter().copied());
    let mut units: Vec<Unit> = of_items.chain(of_lines).collect();
    units.sort();
    units.dedup();
    let unrated = facts.rated.cycles.get(&group.cycle).map_or(&[][..], |rated| &rated.unrated);
    units.retain(|unit| {
        let known = facts.line.completeness(CoverKind::from(*unit), group.cycle.span());
        !known.is_proved() || unrated.iter().any(|rest| rest.unit == *unit)
    });
    units
}

/// What no plan rule prices stands at the price of its order, a late fee at the law's limit (fine print 2).
fn without_rule(
    facts: &Facts<'_>,
    group: &TieGroup,
    billed: Money,
    standing: Money,
) -> Result<(Vec<SettledItem>, Ground)> {
    let lines = || group.lines.iter().map(|index| &facts.line.bill[*index]);
    let name = lines().map(|line| line.item.as_str()).next().unwrap_or_default();
    let item = |amount: Interval, key: &str| {
        let trace = vec![step(key, billed, amount.high)];
        vec![SettledItem { cycle: group.cycle, name: name.to_owned(), amount, trace, lines: vec![] }]
    };
    if !lines().any(|line| line.amount.is_positive()) {
        return Ok((item(Interval::exact(billed), "settle.step.reduction"), Ground::Reduction));
    }
    let &[only] = &group.lines[..] else {
        return Ok((item(Interval::between(Money::ZERO, standing), "settle.step.no-rule"), Ground::NoRule));
    };
    let line = &facts.line.bill[only];
    let is_late_fee = line.category == Category::LateFee;
    let limit = if is_late_fee { late_fee_above_limit::lawful_limit(facts, line)? } else { None };
    Ok(match (limit, order_of_charge(facts, only).and_then(|order| order.price)) {
        (Some(limit), _) => {
            (item(Interval::exact(limit.min(line.amount)), "settle.step.law"), Ground::Law(limit))
        }
        (None, Some(price)) => (item(Interval::exact(price), "settle.step.order"), Ground::Order(price)),
        (None, None) => {
            (item(Interval::between(Money::ZERO, standing), "settle.step.no-rule"), Ground::NoRule)
        }
    })
}

fn refuted_items(facts: &Facts<'_>, group: &TieGroup, items: &[(usize, &ExpectedItem)]) -> Vec<SettledItem> {
    let zero = |name: &str, trace: &[TraceStep]| {
        let mut trace = trace.to_vec();
        trace.push(step("settle.step.refuted", Money::ZERO, Money::ZERO));
        SettledItem {
            cycle: group.cycle,
            name: name.to_owned(),
            amount: Interval::ZERO,
            trace,
            lines: vec![],
        }
    };
    if items.is_empty() {
        let line = group.lines.iter().map(|index| &facts.line.bill[*index]).next();
        return line.map(|line| zero(&line.item, &[])).into_iter().collect();
    }
    items.iter().map(|(_, item)| zero(&item.name, &item.trace)).collect()
}

/// Adds what was charged above the rules and given back on a later bill: there it is a reduction, so here it counts as
/// owed, and together it is nothing. Where no rule prices the charge, what was given back of it is certain, too.
fn add_given_back(
    facts: &Facts<'_>,
    group: &TieGroup,
    billed: Money,
    settled: &mut Vec<SettledItem>,
) -> Result<()> {
    let back: Vec<Money> =
        group.lines.iter().map(|index| facts.reconciliation.given_back(*index)).collect::<Result<_>>()?;
    let back = Money::sum(back)?;
    let due = Interval::sum(settled.iter().map(|item| item.amount))?;
    let above = back.min(billed.minus(due.high)?.or_zero());
    let mut open = back.minus(above)?.min(billed.minus(above)?.minus(due.low)?.or_zero());
    for item in settled.iter_mut() {
        let raised = open.min(item.amount.high.minus(item.amount.low)?);
        item.amount.low = item.amount.low.plus(raised)?;
        open = open.minus(raised)?;
    }
    if above.is_positive() {
        settled.push(SettledItem {
            cycle: group.cycle,
            name: "given-back".to_owned(),
            amount: Interval::exact(above),
            trace: vec![step("settle.step.given-back", Money::ZERO, above)],
            lines: vec![],
        });
    }
    Ok(())
}

fn owed_item(group: &TieGroup, name: &str, what: &Message, amount: Money) -> SettledItem {
    let trace = vec![TraceStep { what: what.clone(), ..step("settle.step.no-rule", Money::ZERO, amount) }];
    SettledItem {
        cycle: group.cycle,
        name: name.to_owned(),
        amount: Interval::exact(amount),
        trace,
        lines: vec![],
    }
}

fn step(key: &str, before: Money, after: Money) -> TraceStep {
    TraceStep {
        rule: key.trim_start_matches("settle.step.").to_owned(),
        clause: None,
        what: Message::new(key),
        formula: String::new(),
        before: before.to_string(),
        after: after.to_string(),
    }
}

/// Returns the made lines that close `billed` at the printed totals (fine print 5). Above the items the line
/// is owed only as far as no finding disputes it; below them it is a reduction.
pub(super) fn made_lines(facts: &Facts<'_>, findings: &[Finding]) -> Result<Vec<MadeLine>> {
    let mut made = vec![];
    for cycle in facts.line.billed_cycles() {
        let Some((total, line)) = facts.line.printed_total(cycle) else { continue };
        let items = Money::sum(facts.line.charges_of(cycle).map(|(_, charge)| charge.amount))?;
        let amount = line.amount.minus(items)?;
        let judged = findings.iter().find(|finding| finding.code == "BILL-001" && finding.cycle == cycle);
        let due = match judged.map(|finding| finding.kind) {
            Some(FindingKind::Error) => Interval::ZERO,
            Some(_) => Interval::between(Money::ZERO, amount),
            None => Interval::exact(amount),
        };
        if !amount.is_zero() {
            made.push(MadeLine { cycle, total, amount, due });
        }
    }
    Ok(made)
}

impl MadeLine {
    /// Returns the made line as an expected item, so that the items of a cycle add up to what is owed.
    pub(super) fn item(&self) -> SettledItem {
        SettledItem {
            cycle: self.cycle,
            name: "total-difference".to_owned(),
            amount: self.due,
            trace: vec![step("settle.step.total-difference", self.amount, self.due.high)],
            lines: vec![DisposedLine::TotalDifference(self.total)],
        }
    }
}

/// Returns whether the category is a reduction.
pub(super) fn is_reduction(category: Category) -> bool {
    matches!(category, Category::Discount | Category::Credit)
}
