//! BILL-004 balance-does-not-carry.

use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::finding::{Evidence, EvidenceRole, Finding, FindingKind, Verdict};
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::period::Cycle;
use crate::model::record::{BillLine, Category};

/// Money is missing between the balances that the bills print.
pub static DETECTOR: Detector = Detector {
    code: "BILL-004",
    name: "balance-does-not-carry",
    kind: FindingKind::Question,
    role: Role::Plain,
    needs: &[],
    basis: &["xf-8", "dx-33", "xfss-9"],
    page: include_str!("balance_does_not_carry.md"),
    stakes,
    detect,
};

/// A payment row with this word applies money that was there before; it brings none.
const APPLIED: &str = "抵扣";

/// Two balances that have to follow from each other.
struct Carry<'a> {
    cycle: Cycle,
    /// Last part of the explanation's key.
    kind: &'static str,
    first: &'a BillLine,
    last: &'a BillLine,
    /// What the last should be at least, in yuan.
    computed: Money,
}

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    Ok(carries(facts)?.iter().map(|carry| stake(facts, carry)).collect())
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    let mut findings = vec![];
    for carry in carries(facts)? {
        let gap = carry.computed.minus(carry.last.amount)?;
        // More than computed is in the customer's favour: deposits or bonus money came back.
        if gap.is_positive() && !is_reduction(facts, &carry, gap)? {
            findings.push(finding(facts, &carry, gap));
        }
    }
    Ok(findings)
}

fn carries<'a>(facts: &Facts<'a>) -> Result<Vec<Carry<'a>>> {
    let mut carries = vec![];
    for cycle in facts.line.billed_cycles() {
        if facts.is_provisional(cycle) {
            continue;
        }
        let Some(opening) = balance(facts, cycle, Category::OpeningBalance) else { continue };
        if let Some(closing) = balance(facts, cycle.previous(), Category::ClosingBalance) {
            let (kind, computed) = ("between", closing.amount);
            carries.push(Carry { cycle, kind, first: closing, last: opening, computed });
        }
        if let Some(closing) = balance(facts, cycle, Category::ClosingBalance) {
            let computed = least_closing(facts, cycle, opening.amount)?;
            carries.push(Carry { cycle, kind: "within", first: opening, last: closing, computed });
        }
    }
    Ok(carries)
}

/// Returns the only balance row of that kind; none where the bill may be that of several numbers.
fn balance<'a>(facts: &Facts<'a>, cycle: Cycle, category: Category) -> Option<&'a BillLine> {
    let mut rows = facts.line.bill_of(cycle).map(|(_, line)| line).filter(|line| line.category == category);
    let row = rows.next().filter(|row| !facts.bills_others(row.at))?;
    rows.next().is_none().then_some(row)
}

/// Returns the least closing balance under every way to read the bill: charges by item or by the printed
/// total, payments with or without what was only applied.
fn least_closing(facts: &Facts<'_>, cycle: Cycle, opening: Money) -> Result<Money> {
    let items = Money::sum(facts.line.charges_of(cycle).map(|(_, line)| line.amount))?;
    let printed = facts.line.printed_total(cycle).map_or(items, |(_, total)| total.amount);
    let payments = || {
        let rows = facts.line.bill_of(cycle).map(|(_, line)| line);
        rows.filter(|line| line.category == Category::Payment)
    };
    let all = Money::sum(payments().map(|line| line.amount.abs()))?;
    let fresh = payments().filter(|line| !line.item.contains(APPLIED));
    let fresh = Money::sum(fresh.map(|line| line.amount.abs()))?;
    opening.plus(all.min(fresh))?.minus(items.max(printed))
}

/// Returns whether the gap is a reduction of the bill, which may have gone to another account as bonus money.
fn is_reduction(facts: &Facts<'_>, carry: &Carry<'_>, gap: Money) -> Result<bool> {
    let reductions = || {
        let amounts = facts.line.charges_of(carry.cycle).map(|(_, line)| line.amount);
        amounts.filter(|amount| amount.is_negative()).map(Money::abs)
    };
    Ok(reductions().any(|amount| amount == gap) || Money::sum(reductions())? == gap)
}

fn stake(facts: &Facts<'_>, carry: &Carry<'_>) -> Stake {
    let subject = format!("{}|{}|{}", carry.kind, carry.first.amount, carry.last.amount);
    let cell = |line: &BillLine| facts.cell(EvidenceRole::Supports, line.at, "amount");
    let evidence = vec![cell(carry.first), cell(carry.last)];
    Stake { evidence, ..facts.stake_of_cycle(carry.cycle, subject) }
}

fn finding(facts: &Facts<'_>, carry: &Carry<'_>, gap: Money) -> Finding {
    let stake = stake(facts, carry);
    let mut finding = stake.finding(DETECTOR.code, FindingKind::Question, Verdict::Probable, carry.kind);
    finding.explanation = finding
        .explanation
        .text("first", carry.first.amount)
        .text("last", carry.last.amount)
        .text("computed", carry.computed)
        .text("gap", gap);
    if carry.kind == "within" {
        let rows = facts.line.bill_of(carry.cycle).map(|(_, line)| line);
        let moved = rows.filter(|line| line.category.is_charge() || line.category == Category::Payment);
        let context = |line: &BillLine| facts.cell(EvidenceRole::Context, line.at, "amount");
        finding.evidence.extend(moved.map(context).collect::<Vec<Evidence>>());
    }
    finding.innocent = vec![Message::new("BILL-004.innocent")];
    finding.ask = vec![Message::new("BILL-004.ask").text("month", carry.cycle).text("gap", gap)];
    finding
}
