//! billed − expected of each billed cycle, in named disjoint causes (spec 3 "Gap").

use crate::detect::Facts;
use crate::error::Result;
use crate::model::finding::Target;
use crate::model::money::Money;
use crate::model::period::Cycle;
use crate::settle::bounds::{Bounds, MadeLine};
use crate::settle::claim::{Claims, Part};
use crate::settle::outcome::{Cause, Gap};

/// Returns one gap a billed cycle.
pub(super) fn gaps(
    facts: &Facts<'_>,
    ids: &[String],
    bounds: &[Bounds],
    made: &[MadeLine],
    claims: &Claims,
) -> Result<Vec<Gap>> {
    let cycles = facts.line.billed_cycles().into_iter();
    cycles.map(|cycle| gap(facts, cycle, ids, bounds, made, claims)).collect()
}

fn gap(
    facts: &Facts<'_>,
    cycle: Cycle,
    ids: &[String],
    bounds: &[Bounds],
    made: &[MadeLine],
    claims: &Claims,
) -> Result<Gap> {
    let bounds: Vec<&Bounds> = bounds.iter().filter(|bounds| bounds.group.cycle == cycle).collect();
    let made: Vec<&MadeLine> = made.iter().filter(|made| made.cycle == cycle).collect();
    let billed = bounds.iter().map(|b| b.billed).chain(made.iter().map(|made| made.amount));
    let expected = bounds.iter().map(|b| b.due.high).chain(made.iter().map(|made| made.due.high));
    let (billed, expected) = (Money::sum(billed)?, Money::sum(expected)?);
    let mut causes = claimed(facts, cycle, ids, claims)?;
    let claimed = Money::sum(causes.iter().map(|cause| cause.amount))?;
    let (mut missing, mut within, mut above) = (Money::ZERO, Money::ZERO, claimed.negated());
    for (billed, due) in
        bounds.iter().map(|b| (b.billed, b.due)).chain(made.iter().map(|m| (m.amount, m.due)))
    {
        // Below the lower bound it was certainly not charged; between the bounds it is open.
        let short = billed.min(due.low).minus(due.low)?;
        let rest = billed.minus(due.high)?.minus(short)?;
        missing = missing.plus(short)?;
        within = within.plus(rest.min(Money::ZERO))?;
        above = above.plus(rest.or_zero())?;
    }
    causes.extend(named("not-charged", missing));
    causes.extend(named("unverified", within));
    causes.extend(named("unverified", above));
    let sum = Money::sum(causes.iter().map(|cause| cause.amount))?;
    Ok(Gap { cycle, billed, expected, residual: billed.minus(expected)?.minus(sum)?, causes })
}

/// Returns the claims on the bill of the cycle, one cause a finding, the largest first.
fn claimed(facts: &Facts<'_>, cycle: Cycle, ids: &[String], claims: &Claims) -> Result<Vec<Cause>> {
    let in_cycle = |part: &&Part| match part.target {
        Target::BillLine(index) => facts.line.bill[index].cycle == cycle,
        Target::TotalDifference(of) | Target::MissingCredit(of) => of == cycle,
        Target::Payment(_) | Target::Balance(_) => false,
    };
    let mut causes: Vec<Cause> = vec![];
    for (finding, id) in ids.iter().enumerate() {
        let parts = claims.parts.iter().filter(in_cycle).filter(|part| part.finding == finding);
        let amount = Money::sum(parts.map(|part| part.amount))?;
        if amount.is_positive() {
            causes.push(Cause { finding: Some(id.clone()), name: None, amount });
        }
    }
    causes.sort_by(|a, b| b.amount.cmp(&a.amount).then_with(|| a.finding.cmp(&b.finding)));
    Ok(causes)
}

fn named(name: &'static str, amount: Money) -> Option<Cause> {
    (!amount.is_zero()).then_some(Cause { finding: None, name: Some(name), amount })
}
