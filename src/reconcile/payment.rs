//! What each payment was for (fine print 35), and what is left of it that nothing explains.

use crate::error::Result;
use crate::model::case::Line;
use crate::model::money::Money;
use crate::model::period::Cycle;
use crate::model::record::{MoneyDirection, Payment, PaymentStatus};
use crate::reconcile::carrier::words;
use crate::reconcile::outcome::{Match, MatchedTo, PaymentClass, PaymentFacts};
use crate::reconcile::{due, parts, refund, rest};

/// Returns whether money left the customer with this row, also when it came back later.
pub fn moved(payment: &Payment) -> bool {
    let paid = matches!(
        payment.status,
        PaymentStatus::Success | PaymentStatus::Refunded | PaymentStatus::PartlyRefunded
    );
    paid && !is_refund(payment) && payment.direction != MoneyDirection::In
}

/// Returns whether the row itself gives money back.
pub(super) fn is_refund(payment: &Payment) -> bool {
    let named = || payment.status == PaymentStatus::Refunded || words().payment.names_refund(payment);
    payment.direction != MoneyDirection::Out && named()
}

/// Returns the facts of each payment, in the order of the line's payments.
///
/// # Errors
/// When a sum leaves the exact range.
pub fn payments(line: &Line) -> Result<Vec<PaymentFacts>> {
    let mut facts: Vec<PaymentFacts> = line.payments.iter().map(unmatched).collect();
    refund::link(line, &mut facts)?;
    link_same_payments(line, &mut facts);
    due::settle_orders(line, &mut facts)?;
    if line.payments.is_empty() {
        return Ok(facts);
    }
    rest::settle_named(line, &mut facts)?;
    due::settle_bills(line, &mut facts)?;
    parts::settle_sums(line, &mut facts)?;
    rest::settle_named_above(line, &mut facts)?;
    let free = parts::free(line, &facts)?;
    rest::settle_unnamed_parts(line, &mut facts, &free)?;
    rest::name_closed(line, &mut facts)?;
    for (payment, facts) in line.payments.iter().zip(&mut facts) {
        facts.left_over = left_over(payment, facts)?;
    }
    Ok(facts)
}

fn unmatched(payment: &Payment) -> PaymentFacts {
    let words = &words().payment;
    let class = if !words.is_carrier(payment) {
        PaymentClass::Unrelated
    } else if words.is_top_up(payment) {
        PaymentClass::TopUp
    } else if words.names_bill(payment) {
        PaymentClass::BillPayment
    } else {
        PaymentClass::Carrier
    };
    PaymentFacts { class, matched: vec![], left_over: Money::ZERO, ties: vec![] }
}

fn left_over(payment: &Payment, facts: &PaymentFacts) -> Result<Money> {
    let related = facts.class != PaymentClass::Unrelated;
    if related && (moved(payment) || is_refund(payment)) { unspent(payment, facts) } else { Ok(Money::ZERO) }
}

/// Matches yuan of the payment to the bill of the cycle: then it was a payment of a bill.
pub(super) fn settle(facts: &mut PaymentFacts, cycle: Cycle, amount: Money, rule: &'static str) {
    facts.class = PaymentClass::BillPayment;
    facts.ties.clear();
    facts.matched.push(Match { to: MatchedTo::Bill(cycle), amount, rule });
}

/// Returns the yuan of the payment that no match has taken.
pub(super) fn unspent(payment: &Payment, facts: &PaymentFacts) -> Result<Money> {
    let taken = Money::sum(facts.matched.iter().map(|found| found.amount))?;
    payment.amount.minus(taken).map(Money::or_zero)
}

/// Links a bank's row to the row of the platform that it paid: one payment seen twice, never two.
fn link_same_payments(line: &Line, facts: &mut [PaymentFacts]) {
    let mut seen = vec![false; facts.len()];
    for (bank, payment) in line.payments.iter().enumerate().filter(|(_, payment)| moved(payment)) {
        let Some(platform) = words().payment.listed_by(payment) else { continue };
        let is_same = |other: &Payment| {
            let apart_days = (other.paid_at.day() - payment.paid_at.day()).num_days().abs();
            moved(other) && other.platform == platform && other.amount == payment.amount && apart_days <= 1
        };
        let other = (0..line.payments.len()).find(|other| !seen[*other] && is_same(&line.payments[*other]));
        if let Some(other) = other {
            seen[other] = true;
            facts[bank].class = facts[other].class;
            let to = MatchedTo::Payment(other);
            facts[bank].matched.push(Match { to, amount: payment.amount, rule: "same-payment" });
        }
    }
}
