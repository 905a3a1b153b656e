//! Matches payments to what was due: orders by id or price, bills by exact amount after the cycle's end.

use crate::error::Result;
use crate::model::case::Line;
use crate::model::money::Money;
use crate::model::period::{Cycle, DaySpan};
use crate::model::record::{Category, Order, OrderAction, Payment};
use crate::reconcile::carrier::words;
use crate::reconcile::name::normalised;
use crate::reconcile::outcome::{Match, MatchedTo, PaymentClass, PaymentFacts};
use crate::reconcile::payment::{moved, settle, unspent};
use crate::reconcile::rest::{OpenBill, open_bills};

/// Returns what the bill of the cycle asks for: its printed total, else Σ charges; none without a bill.
///
/// # Errors
/// When the sum leaves the exact range.
pub fn due_of_bill(line: &Line, cycle: Cycle) -> Result<Option<Money>> {
    if let Some((_, total)) = line.printed_total(cycle) {
        return Ok(Some(total.amount));
    }
    let charges = Money::sum(line.charges_of(cycle).map(|(_, charge)| charge.amount))?;
    Ok(line.charges_of(cycle).next().map(|_| charges))
}

/// Returns whether the text names that month; none when it names no month at all.
pub fn names_month(text: &str, cycle: Cycle) -> Option<bool> {
    // Every form below holds at least two digits, or one before 月.
    if !text.contains('月') && text.chars().filter(|c| c.is_numeric()).nth(1).is_none() {
        return None;
    }
    let text = normalised(text);
    let (year, month) = cycle_numbers(cycle);
    let full = [
        format!("{year}年{month}月"),
        format!("{year}年{month:02}月"),
        format!("{year}-{month:02}"),
        format!("{year}{month:02}"),
        format!("{year}/{month:02}"),
    ];
    if full.iter().any(|form| text.contains(form.as_str())) {
        return Some(true);
    }
    let months = months_named(&text);
    (!months.is_empty()).then(|| !text.contains('年') && months.contains(&month))
}

/// Returns the months written as `10月`.
fn months_named(text: &str) -> Vec<u32> {
    let before = text.match_indices('月').map(|(at, _)| &text[..at]);
    let number = |before: &str| {
        let digits = before.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        before[digits..].parse().ok().filter(|month| (1..=12).contains(month))
    };
    before.filter_map(number).collect()
}

fn cycle_numbers(cycle: Cycle) -> (i32, u32) {
    use chrono::Datelike as _;
    let first = cycle.span().start;
    (first.year(), first.month())
}

/// Matches each order to the payment that carries its id, else to the one of its price on its platform
/// within a day, if there is only one order that fits.
pub(super) fn settle_orders(line: &Line, facts: &mut [PaymentFacts]) -> Result<()> {
    let mut settled = vec![false; line.orders.len()];
    for (payment, facts) in line.payments.iter().zip(facts) {
        let open = unspent(payment, facts)?;
        if !moved(payment) || !open.is_positive() {
            continue;
        }
        let (order, rule) = match order_of(line, payment, &settled, facts.class) {
            Fit::One(order, rule) => (order, rule),
            Fit::Several(orders) => {
                facts.ties = orders.into_iter().map(MatchedTo::Order).collect();
                continue;
            }
            Fit::None => continue,
        };
        settled[order] = true;
        let amount = line.orders[order].price.map_or(open, |price| price.min(open));
        facts.class = PaymentClass::Purchase;
        facts.matched.push(Match { to: MatchedTo::Order(order), amount, rule });
    }
    Ok(())
}

/// The order that a payment is for, by its index and the rule that tells.
enum Fit {
    None,
    One(usize, &'static str),
    Several(Vec<usize>),
}

fn order_of(line: &Line, payment: &Payment, settled: &[bool], class: PaymentClass) -> Fit {
    let paid_for =
        |order: &Order| matches!(order.action, OrderAction::Order | OrderAction::Renew | OrderAction::Change);
    let open = || line.orders.iter().enumerate().filter(|(at, order)| !settled[*at] && paid_for(order));
    let has_id = |order: &Order| {
        !order.order_id.is_empty()
            && [&payment.order_id, &payment.merchant_order_id].contains(&&order.order_id)
    };
    if let Some((at, _)) = open().find(|(_, order)| has_id(order)) {
        return Fit::One(at, "order-id");
    }
    let fitting = open().filter(|(_, order)| {
        let apart_days = (order.ordered_at.day() - payment.paid_at.day()).num_days().abs();
        let named = !order.name.is_empty()
            && normalised(&payment.description).contains(normalised(&order.name).as_str());
        let related = class != PaymentClass::Unrelated || named;
        let price = order.price == Some(payment.amount);
        let channel =
            !order.channel.is_empty() && words().payment.channel_names(&order.channel, &payment.platform);
        price && channel && related && apart_days <= 1
    });
    let fitting: Vec<usize> = fitting.map(|(at, _)| at).collect();
    match fitting[..] {
        [] => Fit::None,
        [only] => Fit::One(only, "price-channel-day"),
        _ => Fit::Several(fitting),
    }
}

/// Matches payments to bills by exact amount, the oldest open bill first: what is open of it, else the whole bill of
/// which a part was paid before. A top-up is compared with a printed total only, and only where nobody chose its sum:
/// what then equals the total pays the bill (fine print 35).
pub(super) fn settle_bills(line: &Line, facts: &mut [PaymentFacts]) -> Result<()> {
    let mut open = open_bills(line, facts)?;
    for (index, payment) in line.payments.iter().enumerate() {
        let class = facts[index].class;
        let payable = matches!(class, PaymentClass::BillPayment | PaymentClass::Carrier)
            || (class == PaymentClass::TopUp && pays_total(line, payment));
        let amount = unspent(payment, &facts[index])?;
        if !payable || !moved(payment) || !amount.is_positive() {
            continue;
        }
        let payable = |bill: &OpenBill| {
            (class != PaymentClass::TopUp
                || line.printed_total(bill.cycle).is_some() && bill.rest == bill.due)
                && due_window(bill.cycle).contains(payment.paid_at.day())
                && names_month(&payment.description, bill.cycle) != Some(false)
        };
        let rest = open.iter().position(|bill| payable(bill) && bill.rest == amount);
        let whole = || open.iter().position(|bill| payable(bill) && bill.due == amount);
        if let Some(at) = rest.or_else(whole) {
            let bill = open.remove(at);
            let named = names_month(&payment.description, bill.cycle) == Some(true);
            let rule = match (bill.rest == bill.due, named) {
                (false, _) => "bill-part",
                (true, true) => "bill-named",
                (true, false) => "bill-amount-window",
            };
            settle(&mut facts[index], bill.cycle, bill.rest, rule);
        }
    }
    Ok(())
}

/// Returns whether a top-up may be how a bill was paid: deducted automatically or not in whole yuan, credited as it was
/// paid, and not to be looked up on the operator's own list of payments.
fn pays_total(line: &Line, payment: &Payment) -> bool {
    let chosen = payment.amount.yuan().is_integer() && !words().payment.is_automatic(payment);
    let credited = payment.face_value.unwrap_or(payment.amount);
    let listed = line.bill.iter().any(|row| row.category == Category::Payment);
    !chosen && credited == payment.amount && !listed
}

/// Returns the days in which a bill is paid: the two months after its cycle.
pub(super) fn due_window(cycle: Cycle) -> DaySpan {
    DaySpan { start: cycle.span().end, end: cycle.next().next().span().end }
}
