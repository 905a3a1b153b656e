//! One fee on the bill: what it costs after its reductions, and as something in question.

use crate::detect::papers::{bill_item, clauses_of};
use crate::detect::{Facts, Stake};
use crate::error::Result;
use crate::model::finding::{Need, Target};
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::period::Cycle;
use crate::model::record::BillLine;
use crate::rating::in_force::{Basis, PlanInForce};
use crate::rating::outcome::{ExpectedItem, ItemKind};
use crate::reconcile::name::normalised;

/// Returns what a charge costs after the reductions that are tied to it; never below zero.
///
/// # Errors
/// When the sum leaves the exact range.
pub fn net(facts: &Facts<'_>, bill_line: usize) -> Result<Money> {
    let line = &facts.line.bill[bill_line];
    let group = facts.reconciliation.group_of(bill_line);
    let tied = group.map_or(&[][..], |group| &group.lines).iter().map(|index| facts.line.bill[*index].amount);
    Ok(line.amount.plus(Money::sum(tied.filter(|amount| amount.is_negative()))?)?.or_zero())
}

/// Returns the bill line as a stake over some of its yuan.
pub fn line_stake(facts: &Facts<'_>, bill_line: usize, amount: Money, missing: Vec<Need>) -> Stake {
    let line = &facts.line.bill[bill_line];
    let (_, items) = facts.tied(bill_line);
    Stake {
        cycle: line.cycle,
        day: None,
        amount,
        on: vec![(Target::BillLine(bill_line), line.amount)],
        subject: format!("{}|{}", line.item, line.amount),
        what: bill_item(line),
        evidence: facts.amounts(&[bill_line]),
        clauses: clauses_of(&items),
        missing,
    }
}

/// Returns the item and the line where one charge stands against one expected item (fine print 30).
pub fn only_item<'a>(facts: &Facts<'a>, bill_line: usize) -> Option<(usize, &'a ExpectedItem)> {
    let (group, items) = facts.tied(bill_line);
    let charges = group?.lines.iter().filter(|index| facts.line.bill[**index].amount.is_positive()).count();
    match items.as_slice() {
        [only] if charges == 1 => Some(*only),
        _ => None,
    }
}

/// Returns whether the plan or a pack in force explains the line or speaks of it: included in the plan.
pub fn is_by_rule(facts: &Facts<'_>, index: usize, line: &BillLine) -> bool {
    let (_, items) = facts.tied(index);
    let shown_elsewhere = |pack: &str| {
        facts.rated.in_force.packs.iter().any(|known| known.pack.id == pack && known.basis >= Basis::CaseFile)
    };
    let by_item =
        items.iter().any(|(_, item)| item.kind != ItemKind::Pack || shown_elsewhere(&item.clause.plan));
    let item = normalised(&line.item);
    let bare =
        ["功能费", "使用费", "月费", "费"].iter().find_map(|word| item.strip_suffix(word)).unwrap_or(&item);
    let mut clauses = facts.rated.in_force.plans_in(line.cycle).flat_map(|plan| &plan.plan.clauses);
    by_item || (bare.chars().count() >= 2 && clauses.any(|clause| normalised(&clause.text).contains(bare)))
}

/// Returns the reductions of the cycle that belong to no charge; they may bring any fee down to what was agreed.
///
/// # Errors
/// When the sum leaves the exact range.
pub fn loose_reductions(facts: &Facts<'_>, cycle: Cycle) -> Result<Money> {
    let groups = facts.reconciliation.groups.iter().filter(|group| group.cycle == cycle);
    let alone = groups.filter(|group| {
        group.items.is_empty() && group.lines.iter().all(|index| facts.line.bill[*index].amount.is_negative())
    });
    Ok(Money::sum(alone.flat_map(|group| &group.lines).map(|index| facts.line.bill[*index].amount))?.abs())
}

/// Returns the plan in force in the cycle whose monthly fee the item is.
pub fn plan_of<'a>(facts: &Facts<'a>, cycle: Cycle, item: &ExpectedItem) -> Option<&'a PlanInForce> {
    let monthly = item.kind == ItemKind::Monthly;
    facts.rated.in_force.plans_in(cycle).find(|plan| monthly && plan.plan.id == item.clause.plan)
}

/// Asks for the refund of some yuan of a charge.
pub fn ask_refund(line: &BillLine, amount: Money) -> Message {
    Message::new("sub.ask.refund").text("month", line.cycle).text("item", &line.item).text("amount", amount)
}
