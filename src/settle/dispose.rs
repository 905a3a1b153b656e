//! Where each yuan of a bill line went: explained + disputed + unverified = amount, exactly.

use crate::detect::Facts;
use crate::detect::papers::clauses_of;
use crate::error::Result;
use crate::model::finding::{Finding, Target};
use crate::model::money::Money;
use crate::model::period::Cycle;
use crate::settle::bounds::{Bounds, MadeLine};
use crate::settle::claim::Claims;
use crate::settle::outcome::{DisposedLine, Disposition};
use crate::settle::why;

/// Returns the dispositions of all charge lines in the order of the bill, each cycle's made line last.
pub(super) fn dispositions(
    facts: &Facts<'_>,
    findings: &[Finding],
    ids: &[String],
    bounds: &[Bounds],
    made: &[MadeLine],
    claims: &Claims,
) -> Result<Vec<Disposition>> {
    let mut all = vec![];
    for bounds in bounds {
        all.extend(of_group(facts, findings, ids, bounds, claims)?);
    }
    for made in made {
        all.push(of_made(facts, findings, ids, made, claims)?);
    }
    for cycle in facts.line.billed_cycles() {
        all.extend(of_missing_credit(facts, findings, ids, claims, cycle)?);
    }
    let place = |disposition: &Disposition| match disposition.line {
        DisposedLine::Bill(index) => (facts.line.bill[index].cycle, 0, index),
        DisposedLine::MissingCredit(index) => (facts.line.bill[index].cycle, 1, index),
        DisposedLine::TotalDifference(index) => (facts.line.bill[index].cycle, 2, index),
    };
    all.sort_by_key(place);
    Ok(all)
}

/// Reductions are explained at their amount; of the charges, what is claimed is disputed, the rest is
/// explained up to the lower bound of what is owed, the first lines first, and what remains is open.
fn of_group(
    facts: &Facts<'_>,
    findings: &[Finding],
    ids: &[String],
    bounds: &Bounds,
    claims: &Claims,
) -> Result<Vec<Disposition>> {
    let amount_of = |index: &usize| facts.line.bill[*index].amount;
    let reductions =
        Money::sum(bounds.group.lines.iter().map(amount_of).filter(|amount| amount.is_negative()))?;
    let mut explainable = bounds.due.low.minus(reductions)?.or_zero();
    let mut all = vec![];
    for index in &bounds.group.lines {
        let amount = amount_of(index);
        let disputed = claims.on(Target::BillLine(*index))?;
        let rest = amount.minus(disputed)?;
        let explained = if amount.is_negative() { amount } else { rest.min(explainable) };
        if amount.is_positive() {
            explainable = explainable.minus(explained)?;
        }
        let unverified = rest.minus(explained)?;
        let parts = why::Parts { amount, disputed, unverified };
        all.push(Disposition {
            line: DisposedLine::Bill(*index),
            amount,
            explained,
            disputed,
            unverified,
            findings: ids_on(findings, ids, Target::BillLine(*index)),
            why: why::of_line(facts, findings, bounds, claims, &parts, *index)?,
            clauses: clauses_of(&facts.items_of(&bounds.group)),
        });
    }
    Ok(all)
}

fn of_made(
    facts: &Facts<'_>,
    findings: &[Finding],
    ids: &[String],
    made: &MadeLine,
    claims: &Claims,
) -> Result<Disposition> {
    let target = Target::TotalDifference(made.cycle);
    let disputed = claims.on(target)?;
    let rest = made.amount.minus(disputed)?;
    let explained = if made.amount.is_negative() { rest } else { rest.min(made.due.low) };
    Ok(Disposition {
        line: DisposedLine::TotalDifference(made.total),
        amount: made.amount,
        explained,
        disputed,
        unverified: rest.minus(explained)?,
        findings: ids_on(findings, ids, target),
        why: why::of_made(facts, findings, made, claims),
        clauses: vec![],
    })
}

/// What is missing from the bill gets a line of 0.00: explained −x, disputed x (fine print 5).
fn of_missing_credit(
    facts: &Facts<'_>,
    findings: &[Finding],
    ids: &[String],
    claims: &Claims,
    cycle: Cycle,
) -> Result<Option<Disposition>> {
    let target = Target::MissingCredit(cycle);
    let disputed = claims.on(target)?;
    let Some(row) = facts.line.fee_row(cycle).filter(|_| disputed.is_positive()) else { return Ok(None) };
    let on = findings.iter().filter(|finding| finding.on.iter().any(|(other, _)| *other == target));
    Ok(Some(Disposition {
        line: DisposedLine::MissingCredit(row),
        amount: Money::ZERO,
        explained: disputed.negated(),
        disputed,
        unverified: Money::ZERO,
        findings: ids_on(findings, ids, target),
        why: why::of_missing_credit(findings, claims, target),
        clauses: on.flat_map(|finding| finding.clauses.clone()).collect(),
    }))
}

fn ids_on(findings: &[Finding], ids: &[String], target: Target) -> Vec<String> {
    let on = |finding: &Finding| finding.on.iter().any(|(other, _)| *other == target);
    let mut ids: Vec<String> =
        findings.iter().zip(ids).filter(|(finding, _)| on(finding)).map(|(_, id)| id.clone()).collect();
    ids.sort();
    ids
}
