//! Allots claims: each yuan of a charge or payment once (fine print 10, 26, 27).

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::detect::{self, DETECTORS, Facts, Role};
use crate::error::Result;
use crate::model::finding::{Finding, Target};
use crate::model::money::Money;
use crate::model::period::Cycle;
use crate::settle::bounds::{Bounds, MadeLine};
use crate::settle::is_accepted;

/// One part of a claim: which finding takes how much of what.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) finding: usize,
    pub(super) target: Target,
    pub(super) amount: Money,
}

/// All parts of all claims.
#[derive(Debug)]
pub(super) struct Claims {
    pub(super) parts: Vec<Part>,
}

impl Claims {
    /// Returns the whole claim of a finding.
    pub(super) fn of(&self, finding: usize) -> Result<Money> {
        Money::sum(self.parts.iter().filter(|part| part.finding == finding).map(|part| part.amount))
    }

    /// Returns what is claimed of a target.
    pub(super) fn on(&self, target: Target) -> Result<Money> {
        Money::sum(self.parts.iter().filter(|part| part.target == target).map(|part| part.amount))
    }
}

/// What is left to claim: of a group's surplus, of a line, of the lines of a bill together, of the whole
/// bill, of a made line, of a payment.
struct Left<'a> {
    bounds: &'a [Bounds],
    surplus: Vec<Money>,
    line: BTreeMap<usize, Money>,
    lines: BTreeMap<Cycle, Money>,
    bill: BTreeMap<Cycle, Money>,
    made: BTreeMap<Cycle, Money>,
    payment: BTreeMap<usize, Money>,
}

/// Returns the claims: stronger verdicts first, then detectors that name the cause, then the others, then
/// those that only see the effect, then the order of the table.
pub(super) fn allot(
    facts: &Facts<'_>,
    findings: &[Finding],
    ids: &[String],
    bounds: &[Bounds],
    made: &[MadeLine],
) -> Result<Claims> {
    let mut left = Left::new(facts, bounds, made)?;
    let mut order: Vec<usize> = (0..findings.len()).filter(|index| is_accepted(&findings[*index])).collect();
    order.sort_by_key(|index| {
        let finding = &findings[*index];
        let role = detect::detector(finding.code).map_or(Role::Effect, |detector| detector.role);
        let place = DETECTORS.iter().position(|detector| detector.code == finding.code);
        (Reverse(finding.verdict), role, place, Reverse(finding.amount), &ids[*index])
    });
    let mut parts = vec![];
    for index in order {
        let mut want = findings[index].amount;
        let mut on = findings[index].on.clone();
        // The surplus of a group is laid on its last lines.
        on.sort_by_key(|(target, _)| Reverse(*target));
        for (target, most) in on {
            let amount = left.take(target, want.min(most))?;
            want = want.minus(amount)?;
            if amount.is_positive() {
                parts.push(Part { finding: index, target, amount });
            }
        }
    }
    Ok(Claims { parts })
}

impl<'a> Left<'a> {
    fn new(facts: &Facts<'_>, bounds: &'a [Bounds], made: &[MadeLine]) -> Result<Self> {
        let surplus = |bounds: &Bounds| bounds.billed.minus(bounds.due.high).map(Money::or_zero);
        let surplus: Vec<Money> = bounds.iter().map(surplus).collect::<Result<_>>()?;
        let charges = facts.line.bill.iter().enumerate().filter(|(_, line)| line.category.is_charge());
        let mut payment = BTreeMap::new();
        for (index, matched) in facts.reconciliation.payments.iter().enumerate() {
            let back = matched.given_back()?;
            payment.insert(index, facts.line.payments[index].amount.minus(back)?.or_zero());
        }
        Ok(Self {
            lines: surpluses(facts, bounds, &surplus, made)?,
            bill: bills(facts, made)?,
            made: made.iter().map(|made| (made.cycle, made.amount.or_zero())).collect(),
            line: charges.map(|(index, line)| (index, line.amount.or_zero())).collect(),
            bounds,
            surplus,
            payment,
        })
    }

    /// Takes up to `want` of the target and returns how much was left to take.
    fn take(&mut self, target: Target, want: Money) -> Result<Money> {
        match target {
            Target::Payment(index) => take_of(self.payment.get_mut(&index), want),
            // One detector looks at balance logs, once at each row: nothing overlaps.
            Target::Balance(_) => Ok(want),
            Target::TotalDifference(cycle) => {
                let bill = self.bill.get(&cycle).copied().unwrap_or_default();
                let amount = take_of(self.made.get_mut(&cycle), want.min(bill))?;
                take_of(self.bill.get_mut(&cycle), amount)
            }
            Target::BillLine(index) => self.take_of_line(index, want),
            Target::MissingCredit(cycle) => self.take_of_credits(cycle, want),
        }
    }

    fn take_of_line(&mut self, index: usize, want: Money) -> Result<Money> {
        let Some(at) = self.bounds.iter().position(|bounds| bounds.group.lines.contains(&index)) else {
            return Ok(Money::ZERO);
        };
        let cycle = self.bounds[at].group.cycle;
        let line = self.line.get(&index).copied().unwrap_or_default();
        let lines = self.lines.get(&cycle).copied().unwrap_or_default();
        let bill = self.bill.get(&cycle).copied().unwrap_or_default();
        let amount = want.min(self.surplus[at]).min(line).min(lines).min(bill).or_zero();
        self.surplus[at] = self.surplus[at].minus(amount)?;
        take_of(self.line.get_mut(&index), amount)?;
        take_of(self.lines.get_mut(&cycle), amount)?;
        take_of(self.bill.get_mut(&cycle), amount)
    }

    /// What a credit lacks is the surplus of the groups that hold nothing but credits.
    fn take_of_credits(&mut self, cycle: Cycle, want: Money) -> Result<Money> {
        let mut taken = Money::ZERO;
        for (at, bounds) in self.bounds.iter().enumerate() {
            if bounds.group.cycle != cycle || !bounds.is_credit {
                continue;
            }
            let lines = self.lines.get(&cycle).copied().unwrap_or_default();
            let bill = self.bill.get(&cycle).copied().unwrap_or_default();
            let amount = want.minus(taken)?.min(self.surplus[at]).min(lines).min(bill).or_zero();
            self.surplus[at] = self.surplus[at].minus(amount)?;
            take_of(self.lines.get_mut(&cycle), amount)?;
            take_of(self.bill.get_mut(&cycle), amount)?;
            taken = taken.plus(amount)?;
        }
        Ok(taken)
    }
}

fn take_of(left: Option<&mut Money>, want: Money) -> Result<Money> {
    let Some(left) = left else { return Ok(Money::ZERO) };
    let amount = want.min(*left).or_zero();
    *left = left.minus(amount)?;
    Ok(amount)
}

/// Returns the most that can be claimed of each bill: its charges after every reduction, the made line
/// included (fine print 26).
fn bills(facts: &Facts<'_>, made: &[MadeLine]) -> Result<BTreeMap<Cycle, Money>> {
    let mut bills = BTreeMap::new();
    for cycle in facts.line.billed_cycles() {
        let charges = facts.line.charges_of(cycle).map(|(_, line)| line.amount);
        let made = made.iter().filter(|made| made.cycle == cycle).map(|made| made.amount);
        bills.insert(cycle, Money::sum(charges.chain(made))?.or_zero());
    }
    Ok(bills)
}

/// Returns the most that can be claimed of the lines of each bill: their surpluses, less what a printed
/// total below the items has already given back (fine print 5).
fn surpluses(
    facts: &Facts<'_>,
    bounds: &[Bounds],
    surplus: &[Money],
    made: &[MadeLine],
) -> Result<BTreeMap<Cycle, Money>> {
    let mut lines = BTreeMap::new();
    for cycle in facts.line.billed_cycles() {
        let of_cycle = bounds.iter().zip(surplus).filter(|(bounds, _)| bounds.group.cycle == cycle);
        let surpluses = Money::sum(of_cycle.map(|(_, surplus)| *surplus))?;
        let below = made.iter().filter(|made| made.cycle == cycle).map(|made| made.amount.min(Money::ZERO));
        lines.insert(cycle, surpluses.plus(Money::sum(below)?)?.or_zero());
    }
    Ok(lines)
}
