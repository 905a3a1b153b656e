//! Links refund rows to the payments that they give back: by id first, else by payee, amount and status.

use crate::error::Result;
use crate::model::case::Line;
use crate::model::record::{Payment, PaymentStatus};
use crate::reconcile::name::normalised;
use crate::reconcile::outcome::{Match, MatchedTo, PaymentClass, PaymentFacts};
use crate::reconcile::payment::{is_refund, moved, unspent};

/// Shortest id that is accepted as the beginning of a refund's id without the mark `_` in between.
const GLUED_ID_CHARS_MIN: usize = 16;

/// Links every refund row, then adds what the row of a payment itself says about its refund.
pub(super) fn link(line: &Line, facts: &mut [PaymentFacts]) -> Result<()> {
    for refund in (0..facts.len()).filter(|index| is_refund(&line.payments[*index])) {
        if let Some((original, rule)) = original_of(line, facts, refund)? {
            let amount = line.payments[refund].amount;
            facts[original].matched.push(Match { to: MatchedTo::Payment(refund), amount, rule });
            facts[refund].matched.push(Match { to: MatchedTo::Payment(original), amount, rule });
            adopt_class(facts, refund, original);
        }
    }
    for (index, payment) in line.payments.iter().enumerate() {
        add_own_words(index, payment, &mut facts[index])?;
    }
    Ok(())
}

/// A refund is for what its payment was for, whichever of both rows says it.
fn adopt_class(facts: &mut [PaymentFacts], refund: usize, original: usize) {
    let known = [facts[original].class, facts[refund].class];
    let class = known.into_iter().find(|class| *class != PaymentClass::Unrelated);
    let class = class.unwrap_or(PaymentClass::Unrelated);
    facts[original].class = class;
    facts[refund].class = class;
}

fn original_of(line: &Line, facts: &[PaymentFacts], refund: usize) -> Result<Option<(usize, &'static str)>> {
    let row = &line.payments[refund];
    let mut open = vec![];
    for (index, original) in line.payments.iter().enumerate().filter(|(index, _)| *index != refund) {
        let gave = moved(original) || original.status == PaymentStatus::Closed;
        let before = original.paid_at <= row.paid_at && !is_refund(original);
        if gave && before && unspent(original, &facts[index])? >= row.amount {
            open.push(index);
        }
    }
    let by_id = open.iter().find_map(|index| id_rule(row, &line.payments[*index]).map(|rule| (*index, rule)));
    Ok(by_id.or_else(|| by_payee(line, &open, row).map(|index| (index, "refund-payee-amount"))))
}

/// Returns the rule by which the ids say that `refund` gives `original` back, or is the same payment elsewhere.
pub(super) fn id_rule(refund: &Payment, original: &Payment) -> Option<&'static str> {
    let id = original.order_id.as_str();
    let rest = (!id.is_empty()).then(|| refund.order_id.strip_prefix(id)).flatten();
    let glued = id.chars().count() >= GLUED_ID_CHARS_MIN;
    match rest {
        Some(rest) if rest.starts_with('_') || (glued && !rest.is_empty()) => Some("refund-prefix"),
        _ if is_same_id(&refund.order_id, &original.merchant_order_id) => Some("refund-id"),
        _ if is_same_id(&refund.merchant_order_id, id) => Some("refund-id"),
        _ if is_same_id(&refund.merchant_order_id, &original.merchant_order_id) => Some("refund-id"),
        _ => None,
    }
}

fn is_same_id(a: &str, b: &str) -> bool {
    !a.is_empty() && a == b
}

/// Returns the payment to the same payee whose amount, or refunded part, the row gives back. Those that
/// say themselves that they were refunded come first; among equal payments it does not matter which is meant.
fn by_payee(line: &Line, open: &[usize], refund: &Payment) -> Option<usize> {
    let says_so = |payment: &Payment| {
        !matches!(payment.status, PaymentStatus::Success) || payment.refunded == Some(refund.amount)
    };
    let fits = |payment: &Payment| {
        let amount = payment.amount == refund.amount || payment.refunded == Some(refund.amount);
        amount && bare_payee(payment) == bare_payee(refund)
    };
    let fitting = || open.iter().copied().filter(|index| fits(&line.payments[*index]));
    let mut marked = fitting().filter(|index| says_so(&line.payments[*index]));
    marked.next_back().or_else(|| fitting().next_back())
}

fn bare_payee(payment: &Payment) -> String {
    let payee = normalised(&payment.payee);
    let bare = payee.strip_suffix("-退款").or_else(|| payee.strip_prefix("退款-"));
    bare.map_or_else(|| payee.clone(), str::to_owned)
}

/// Adds the refund that only the payment's own row tells: `已退款(￥39.93)`, 已全额退款.
fn add_own_words(index: usize, payment: &Payment, facts: &mut PaymentFacts) -> Result<()> {
    let whole = payment.status == PaymentStatus::Refunded;
    let said = payment.refunded.or_else(|| whole.then_some(payment.amount));
    let (Some(said), true) = (said, moved(payment)) else { return Ok(()) };
    let more = said.min(payment.amount).minus(facts.given_back()?)?;
    if more.is_positive() {
        let to = MatchedTo::Payment(index);
        facts.matched.push(Match { to, amount: more, rule: "refund-in-row" });
    }
    Ok(())
}
