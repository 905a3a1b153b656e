//! The sums over the case.

use crate::error::Result;
use crate::model::finding::{Target, Verdict};
use crate::model::money::Money;
use crate::model::record::{MoneyDirection, PaymentStatus};
use crate::report::assemble::{Desk, payments};
use crate::report::model::Totals;
use crate::settle::outcome::{DisposedLine, Disposition, SettledFinding};

/// Returns the sums of the report.
pub fn totals(desk: &Desk<'_>) -> Result<Totals> {
    let settled = desk.parts.settled;
    let part = |part: fn(&Disposition) -> Money| {
        Money::sum(settled.iter().flat_map(|line| &line.dispositions).map(part))
    };
    let claims = |verdict: Verdict| {
        let found = settled.iter().flat_map(|line| &line.findings);
        Money::sum(found.filter(|found| found.finding.verdict == verdict).map(|found| found.claim))
    };
    let (low, high) = expected(desk)?;
    let (paid, refunded) = paid(desk)?;
    Ok(Totals {
        billed: Money::sum(settled.iter().flat_map(|line| &line.gaps).map(|gap| gap.billed))?.to_string(),
        expected_low: low.to_string(),
        expected_high: high.to_string(),
        explained: part(|disposition| disposition.explained)?.to_string(),
        disputed: part(|disposition| disposition.disputed)?.to_string(),
        unverified: part(|disposition| disposition.unverified)?.to_string(),
        claim_proven: claims(Verdict::Proven)?.to_string(),
        claim_probable: claims(Verdict::Probable)?.to_string(),
        at_stake_needs_evidence: at_stake(desk)?.to_string(),
        paid: paid.to_string(),
        refunded: refunded.to_string(),
    })
}

/// Returns the bounds of what was owed: the settled high of every cycle, and the same without what is open.
fn expected(desk: &Desk<'_>) -> Result<(Money, Money)> {
    let settled = desk.parts.settled;
    let high = Money::sum(settled.iter().flat_map(|line| &line.gaps).map(|gap| gap.expected))?;
    let open = Money::sum(
        settled.iter().flat_map(|line| &line.dispositions).map(|disposition| disposition.unverified),
    )?;
    Ok((high.minus(open)?, high))
}

/// Returns what hangs on missing records, each yuan once and at most what is not yet known (fine print 37).
fn at_stake(desk: &Desk<'_>) -> Result<Money> {
    let mut sum = Money::ZERO;
    for (_, line, settled) in desk.lines() {
        let open = |found: &&SettledFinding| found.finding.verdict == Verdict::NeedsEvidence;
        let targets: Vec<(Target, Money)> =
            settled.findings.iter().filter(open).flat_map(|found| found.finding.on.iter().copied()).collect();
        for disposition in &settled.dispositions {
            let DisposedLine::Bill(at) = disposition.line else { continue };
            let most = targets
                .iter()
                .filter(|(target, _)| *target == Target::BillLine(at))
                .map(|(_, yuan)| *yuan)
                .max();
            sum = sum.plus(most.unwrap_or_default().min(disposition.unverified).or_zero())?;
        }
        for (at, facts) in payments::related(settled).filter(|(at, _)| *at < line.payments.len()) {
            let most = targets
                .iter()
                .filter(|(target, _)| *target == Target::Payment(at))
                .map(|(_, yuan)| *yuan)
                .max();
            sum = sum.plus(most.unwrap_or_default().min(facts.left_over).or_zero())?;
        }
    }
    Ok(sum)
}

/// Returns what was paid for the phone and what of it came back.
fn paid(desk: &Desk<'_>) -> Result<(Money, Money)> {
    let (mut paid, mut refunded) = (Money::ZERO, Money::ZERO);
    for (_, line, settled) in desk.lines() {
        for (at, facts) in payments::related(settled) {
            let Some(row) = line.payments.get(at) else { continue };
            let succeeded =
                !matches!(row.status, PaymentStatus::Pending | PaymentStatus::Closed | PaymentStatus::Failed);
            match row.direction {
                MoneyDirection::Out if succeeded => {
                    paid = paid.plus(row.amount)?;
                    // A refund row of its own is counted when it comes by.
                    let own_row = facts.matched.iter().any(|found| found.rule.contains("refund"));
                    let given_back = row.refunded.filter(|_| !own_row).unwrap_or_default();
                    refunded = refunded.plus(given_back)?;
                }
                MoneyDirection::In | MoneyDirection::Neutral if row.status == PaymentStatus::Refunded => {
                    refunded = refunded.plus(row.amount)?;
                }
                MoneyDirection::In if succeeded => refunded = refunded.plus(row.amount)?,
                _ => {}
            }
        }
    }
    Ok((paid, refunded))
}
