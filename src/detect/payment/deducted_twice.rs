//! PAY-001 deducted-twice.

use crate::detect::payment::paid::{REFUND_DAYS, days_after};
use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::coverage::CoverKind;
use crate::model::finding::{EvidenceRole, Finding, FindingKind, Verdict};
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::period::{Cycle, Day, DaySpan};
use crate::model::record::Category;
use crate::reconcile::moved;
use crate::reconcile::name::{normalised, same};
use crate::reconcile::outcome::{MatchedTo, PaymentClass};

/// Two successful deductions of the same payee, amount and purpose, where one sum was due.
pub static DETECTOR: Detector = Detector {
    code: "PAY-001",
    name: "deducted-twice",
    kind: FindingKind::Error,
    role: Role::Plain,
    needs: &[CoverKind::Payments],
    basis: &["mfd-122", "mfd-985", "jg-41", "ec-62"],
    page: include_str!("deducted_twice.md"),
    stakes,
    detect,
};

/// Days between two deductions that can hardly be two bills.
const CLOSE_DAYS: i64 = 3;
/// Days between two deductions of one order.
const ORDER_DAYS: i64 = 31;

/// Days between two deductions of one month under a standing order.
const RENEWAL_DAYS: i64 = 20;

/// Two payments of one sum: the one that settles it and the one that nothing explains.
struct Pair {
    settling: usize,
    surplus: usize,
    due: Option<MatchedTo>,
}

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    Ok(pairs(facts).iter().map(|pair| stake(facts, pair)).collect())
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    let told = pairs(facts).into_iter().filter(|pair| pair.due.is_some());
    Ok(told.map(|pair| finding(facts, &pair)).collect())
}

/// Returns each payment that nothing explains, beside the same payment that settles a due sum; else, where
/// no bill or order of that time is in the papers, beside the same payment within days.
fn pairs(facts: &Facts<'_>) -> Vec<Pair> {
    let mut used = vec![false; facts.line.payments.len()];
    let mut pairs = vec![];
    for surplus in (0..facts.line.payments.len()).filter(|index| is_open(facts, *index)) {
        let twin = |other: &usize| *other != surplus && !used[*other] && is_twin(facts, *other, surplus);
        let settled = (0..facts.line.payments.len()).filter(twin).find_map(|other| {
            let due = facts.reconciliation.payments[other].settles()?;
            is_of_due(facts, due, other, surplus).then_some((other, due))
        });
        let close =
            |other: &usize| *other < surplus && is_open(facts, *other) && is_close(facts, *other, surplus);
        let unknown = (0..surplus).filter(twin).find(close).filter(|_| !facts.has_due_near(surplus));
        let pair = match (settled, unknown) {
            (Some((settling, due)), _) => Pair { settling, surplus, due: Some(due) },
            (None, Some(settling)) => Pair { settling, surplus, due: None },
            (None, None) => continue,
        };
        if !both_credited(facts, &pair) {
            used[pair.settling] |= pair.due.is_none();
            used[surplus] = true;
            pairs.push(pair);
        }
    }
    pairs
}

impl Facts<'_> {
    /// Returns whether a bill that the payment could settle is in the papers.
    fn has_due_near(&self, payment: usize) -> bool {
        let month = Cycle::of(self.line.payments[payment].paid_at.day());
        self.line.charges_of(month.previous()).next().is_some()
    }
}

/// Returns whether money left with the row and neither a due sum nor a refund explains any of it. Face
/// value that was topped up is no deduction for a due sum.
fn is_open(facts: &Facts<'_>, index: usize) -> bool {
    let class = facts.reconciliation.payments[index].class;
    let payment = &facts.line.payments[index];
    let untouched = facts.reconciliation.payments[index].left_over == payment.amount;
    let related = !matches!(class, PaymentClass::Unrelated);
    moved(payment) && related && untouched && payment.amount.is_positive()
}

/// Returns whether both rows deduct the same for the same purpose and line, on one platform or on two. Rows
/// with one id are one deduction.
fn is_twin(facts: &Facts<'_>, settling: usize, surplus: usize) -> bool {
    let (a, b) = (&facts.line.payments[settling], &facts.line.payments[surplus]);
    let one_row = !a.order_id.is_empty() && a.order_id == b.order_id;
    let other_line = !a.msisdn.is_empty() && !b.msisdn.is_empty() && !is_same_number(&a.msisdn, &b.msisdn);
    let given_back = facts.reconciliation.payments[settling].given_back();
    let kept = given_back.is_ok_and(Money::is_zero);
    let purpose = normalised(&a.description) == normalised(&b.description);
    let alike = same(&a.payee, &b.payee) && a.amount == b.amount && purpose;
    moved(a) && kept && alike && !one_row && !other_line
}

/// Returns whether two numbers can be the same line; a masked digit fits every digit.
fn is_same_number(a: &str, b: &str) -> bool {
    let masked = |c: char| matches!(c, '*' | 'x' | 'X');
    let equal = |(a, b): (char, char)| a == b || masked(a) || masked(b);
    a.chars().count() == b.chars().count() && a.chars().zip(b.chars()).all(equal)
}

/// Returns whether both deductions fall into the time of that one due sum: the month after the bill's cycle,
/// or a month around the order.
fn is_of_due(facts: &Facts<'_>, due: MatchedTo, settling: usize, surplus: usize) -> bool {
    let days = [settling, surplus].map(|index| facts.line.payments[index].paid_at.day());
    match due {
        MatchedTo::Bill(cycle) => days.iter().all(|day| cycle.next().span().contains(*day)),
        MatchedTo::Order(order) => {
            // A standing order is deducted again each month.
            let renews = facts.line.orders[order].auto_renew == Some(true);
            let most = if renews { RENEWAL_DAYS } else { ORDER_DAYS };
            (days[1] - days[0]).num_days().abs() <= most
        }
        MatchedTo::Payment(_) => false,
    }
}

fn is_close(facts: &Facts<'_>, a: usize, b: usize) -> bool {
    let top_up = facts.reconciliation.payments[b].class == PaymentClass::TopUp;
    !top_up && days_apart(facts, a, b) <= CLOSE_DAYS
}

fn days_apart(facts: &Facts<'_>, a: usize, b: usize) -> i64 {
    (facts.line.payments[a].paid_at.day() - facts.line.payments[b].paid_at.day()).num_days().abs()
}

/// Returns whether the operator's own list shows both sums on the account: then nothing is lost.
fn both_credited(facts: &Facts<'_>, pair: &Pair) -> bool {
    let payment = &facts.line.payments[pair.surplus];
    let credited = payment.face_value.unwrap_or(payment.amount);
    let month = Cycle::of(payment.paid_at.day());
    let rows = facts.line.bill.iter().filter(|line| {
        line.category == Category::Payment
            && line.amount.abs() == credited
            && (line.cycle == month || line.cycle == month.next())
    });
    rows.count() >= 2
}

fn stake(facts: &Facts<'_>, pair: &Pair) -> Stake {
    let payment = &facts.line.payments[pair.surplus];
    let amount_of =
        |index: usize| facts.cell(EvidenceRole::Supports, facts.line.payments[index].at, "amount");
    let mut evidence =
        vec![amount_of(pair.settling.min(pair.surplus)), amount_of(pair.settling.max(pair.surplus))];
    evidence.extend(pair.due.and_then(|due| facts.due_cell(due)));
    // The bill of the month before tells what was due.
    let bill = || facts.bill_needed(Cycle::of(payment.paid_at.day()).previous());
    let missing = if pair.due.is_none() { vec![bill()] } else { vec![] };
    Stake { evidence, missing, ..facts.payment_stake(pair.surplus, payment.amount) }
}

fn finding(facts: &Facts<'_>, pair: &Pair) -> Finding {
    let (verdict, known) = verdict(facts, pair);
    let stake = stake(facts, pair);
    let (first, second) = (pair.settling.min(pair.surplus), pair.settling.max(pair.surplus));
    let at = |index: usize| facts.line.payments[index].paid_at;
    let mut finding = stake.finding(DETECTOR.code, FindingKind::Error, verdict, known);
    finding.explanation = finding
        .explanation
        .text("first", at(first))
        .text("second", at(second))
        .message("due", facts.due_words(pair.due));
    let refund = if verdict == Verdict::Proven { "no-refund" } else { "refund-unknown" };
    finding.innocent =
        vec![Message::new(format!("PAY-001.innocent.{refund}")), Message::new("PAY-001.innocent.other-line")];
    let amount = |key: &str| Message::new(key).text("amount", stake.amount).text("second", at(second));
    finding.ask = vec![amount("PAY-001.ask.platform"), amount("PAY-001.ask.operator")];
    if verdict != Verdict::Proven {
        let span = DaySpan::inclusive(at(first).day(), last_needed(facts, pair));
        finding.needs = vec![facts.export_needed(span)];
    }
    finding
}

fn last_needed(facts: &Facts<'_>, pair: &Pair) -> Day {
    days_after(facts.line.payments[pair.settling.max(pair.surplus)].paid_at.day(), REFUND_DAYS)
}

/// Proven only where a refund would show, and where the second deduction can hardly be for an older bill
/// that is not in the papers.
fn verdict(facts: &Facts<'_>, pair: &Pair) -> (Verdict, &'static str) {
    if !facts.is_export_whole_until(pair.settling.max(pair.surplus), last_needed(facts, pair)) {
        return (Verdict::Probable, "export-short");
    }
    let close = days_apart(facts, pair.settling, pair.surplus) <= CLOSE_DAYS;
    match pair.due {
        Some(MatchedTo::Bill(cycle)) if !close => {
            let older = facts.line.charges_of(cycle.previous()).next().is_some();
            if older { (Verdict::Proven, "stated") } else { (Verdict::Probable, "older-bill") }
        }
        _ => (Verdict::Proven, "stated"),
    }
}
