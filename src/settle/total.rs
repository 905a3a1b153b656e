//! Sums over the case (report `totals`).

use std::collections::BTreeMap;

use crate::error::Result;
use crate::model::case::{Case, Line};
use crate::model::finding::{Target, Verdict};
use crate::model::interval::Interval;
use crate::model::money::Money;
use crate::model::record::Payment;
use crate::reconcile::moved;
use crate::reconcile::outcome::{PaymentClass, PaymentFacts};
use crate::settle::outcome::{DisposedLine, SettledLine};

/// Sums over the case, exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// Σ charges of all bills, made lines included.
    pub billed: Money,
    /// Bounds of what was owed after the findings.
    pub expected: Interval,
    /// Σ explained of all dispositions.
    pub explained: Money,
    /// Σ disputed of all dispositions = Σ claims on bill lines.
    pub disputed: Money,
    /// Σ unverified of all dispositions.
    pub unverified: Money,
    /// Σ claims of proven findings, payments included.
    pub claim_proven: Money,
    /// Σ claims of probable findings, payments included.
    pub claim_probable: Money,
    /// Yuan that hang on missing records, each once (fine print 37).
    pub at_stake: Money,
    /// Carrier-related payments for which money left.
    pub paid: Money,
    /// Of it given back.
    pub refunded: Money,
}

/// Returns the sums over the settled lines of the case, which stand in the order of the case's lines.
///
/// # Errors
/// When a sum leaves the exact range.
pub fn totals(case: &Case, settled: &[SettledLine]) -> Result<Totals> {
    let mut totals = Totals::default();
    for (line, settled) in case.lines.iter().zip(settled) {
        totals.add_bill(settled)?;
        totals.add_claims(settled)?;
        totals.add_payments(line, settled)?;
        totals.at_stake = totals.at_stake.plus(Money::sum(stakes(settled)?)?)?;
    }
    Ok(totals)
}

impl Totals {
    fn add_bill(&mut self, settled: &SettledLine) -> Result<()> {
        for disposition in &settled.dispositions {
            self.billed = self.billed.plus(disposition.amount)?;
            self.explained = self.explained.plus(disposition.explained)?;
            self.disputed = self.disputed.plus(disposition.disputed)?;
            self.unverified = self.unverified.plus(disposition.unverified)?;
        }
        let expected = Interval::sum(settled.expected.iter().map(|item| item.amount))?;
        self.expected = self.expected.plus(expected)?;
        Ok(())
    }

    fn add_claims(&mut self, settled: &SettledLine) -> Result<()> {
        for finding in &settled.findings {
            match finding.finding.verdict {
                Verdict::Proven => self.claim_proven = self.claim_proven.plus(finding.claim)?,
                Verdict::Probable => self.claim_probable = self.claim_probable.plus(finding.claim)?,
                Verdict::NeedsEvidence => {}
            }
        }
        Ok(())
    }

    fn add_payments(&mut self, line: &Line, settled: &SettledLine) -> Result<()> {
        for (payment, facts) in line.payments.iter().zip(&settled.reconciliation.payments) {
            let (paid, given_back) = counted(payment, facts)?;
            self.paid = self.paid.plus(paid)?;
            self.refunded = self.refunded.plus(given_back)?;
        }
        Ok(())
    }
}

/// Returns the yuan of a payment that count as paid, and those of it that were given back. A payment that has
/// nothing to do with the phone, that moved no money, or that another row shows too, counts for nothing.
///
/// # Errors
/// When the sum leaves the exact range.
pub fn counted(payment: &Payment, facts: &PaymentFacts) -> Result<(Money, Money)> {
    let seen_elsewhere = facts.matched.iter().any(|found| found.rule == "same-payment");
    let counts = facts.class != PaymentClass::Unrelated && moved(payment) && !seen_elsewhere;
    if counts { Ok((payment.amount, facts.given_back()?)) } else { Ok((Money::ZERO, Money::ZERO)) }
}

/// Returns the yuan that hang on missing records, by finding: each yuan once, and only of what is unverified or
/// unmatched.
///
/// # Errors
/// When a difference leaves the exact range.
pub fn stakes(settled: &SettledLine) -> Result<Vec<Money>> {
    let mut left: BTreeMap<Target, Money> = BTreeMap::new();
    for disposition in &settled.dispositions {
        if let DisposedLine::Bill(index) = disposition.line {
            left.insert(Target::BillLine(index), disposition.unverified);
        }
    }
    for (index, payment) in settled.reconciliation.payments.iter().enumerate() {
        left.insert(Target::Payment(index), payment.left_over);
    }
    let mut stakes = Vec::new();
    for finding in &settled.findings {
        let open = finding.finding.verdict == Verdict::NeedsEvidence;
        let mut want = if open { finding.finding.amount } else { Money::ZERO };
        let mut stake = Money::ZERO;
        for (target, most) in &finding.finding.on {
            let Some(rest) = left.get_mut(target) else { continue };
            let taken = want.min(*most).min(*rest).or_zero();
            *rest = rest.minus(taken)?;
            want = want.minus(taken)?;
            stake = stake.plus(taken)?;
        }
        stakes.push(stake);
    }
    Ok(stakes)
}
