//! Payments that name no number find their line, where only one fits: by id first, then by the exact amount of one
//! open bill. Ties are left as they are.

use crate::error::Result;
use crate::model::case::{Case, Line};
use crate::model::period::Cycle;
use crate::model::record::Payment;
use crate::reconcile::carrier::words;
use crate::reconcile::due::{due_of_bill, due_window, names_month};
use crate::reconcile::payment::moved;
use crate::reconcile::refund::id_rule;

/// Moves each payment of no line to the only line that it can belong to. It is done before the case is frozen.
///
/// # Errors
/// When the sum of a bill leaves the exact range.
pub fn adopt_payments(case: &mut Case) -> Result<()> {
    let bills = bills_without_payment(case)?;
    let others = std::mem::take(&mut case.other_payments);
    let homes: Vec<Option<usize>> =
        others.iter().map(|payment| home(case, &bills, &others, payment)).collect();
    for (payment, home) in others.into_iter().zip(homes) {
        match home.and_then(|home| case.lines.get_mut(home)) {
            Some(line) => line.payments.push(payment),
            None => case.other_payments.push(payment),
        }
    }
    for line in &mut case.lines {
        line.payments.sort_by_key(|payment| (payment.paid_at, payment.at));
    }
    Ok(())
}

/// A payment of no line, and the bills that it fits: of several lines, or of one that another payment fits as well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HomeTie {
    /// Index in the case's other payments.
    pub payment: usize,
    /// The bills: index of the line, and cycle.
    pub bills: Vec<(usize, Cycle)>,
}

/// Returns the payments that found no line because more than one choice fits.
///
/// # Errors
/// When the sum of a bill leaves the exact range.
pub fn home_ties(case: &Case) -> Result<Vec<HomeTie>> {
    if case.other_payments.is_empty() {
        return Ok(Vec::new());
    }
    let bills = bills_without_payment(case)?;
    let tie = |(payment, row): (usize, &Payment)| {
        let fitting = bills.iter().filter(|bill| fits(bill, row)).map(|bill| (bill.line, bill.cycle));
        HomeTie { payment, bills: fitting.collect() }
    };
    Ok(case.other_payments.iter().enumerate().map(tie).filter(|tie| !tie.bills.is_empty()).collect())
}

/// A bill that no payment of its own line can have settled.
struct OpenBill {
    line: usize,
    cycle: Cycle,
    due: crate::model::money::Money,
}

fn bills_without_payment(case: &Case) -> Result<Vec<OpenBill>> {
    let mut open = vec![];
    for (index, line) in case.lines.iter().enumerate() {
        for cycle in line.billed_cycles() {
            let Some(due) = due_of_bill(line, cycle)?.filter(|due| due.is_positive()) else { continue };
            let pays = |payment: &Payment| {
                moved(payment) && payment.amount == due && due_window(cycle).contains(payment.paid_at.day())
            };
            if !line.payments.iter().any(pays) {
                open.push(OpenBill { line: index, cycle, due });
            }
        }
    }
    Ok(open)
}

fn home(case: &Case, bills: &[OpenBill], others: &[Payment], payment: &Payment) -> Option<usize> {
    let mut linked = case.lines.iter().enumerate().filter(|(_, line)| names_same_id(line, payment));
    match (linked.next(), linked.next()) {
        (Some((line, _)), None) => Some(line),
        (None, _) => by_bill(bills, others, payment),
        _ => None,
    }
}

fn names_same_id(line: &Line, payment: &Payment) -> bool {
    let of_payment = |other: &Payment| id_rule(payment, other).or_else(|| id_rule(other, payment)).is_some();
    let of_order = |id: &str| {
        !id.is_empty() && [&payment.order_id, &payment.merchant_order_id].iter().any(|own| *own == id)
    };
    line.payments.iter().any(of_payment) || line.orders.iter().any(|order| of_order(&order.order_id))
}

/// A payment that names another number is nobody's here; two that fit one bill are not told apart.
fn by_bill(bills: &[OpenBill], others: &[Payment], payment: &Payment) -> Option<usize> {
    let mut fitting = bills.iter().filter(|bill| fits(bill, payment));
    let only = fitting.next().filter(|_| fitting.next().is_none())?;
    let alone = others.iter().filter(|other| fits(only, other)).count() == 1;
    alone.then_some(only.line)
}

fn fits(bill: &OpenBill, payment: &Payment) -> bool {
    let words = &words().payment;
    let payable = words.is_carrier(payment) && (words.names_bill(payment) || !words.is_top_up(payment));
    payable
        && payment.msisdn.is_empty()
        && moved(payment)
        && payment.amount == bill.due
        && due_window(bill.cycle).contains(payment.paid_at.day())
        && names_month(&payment.description, bill.cycle) != Some(false)
}
