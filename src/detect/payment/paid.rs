//! What the detectors of payments ask of the papers: deductions, what came back, what the operator credited.

use chrono::Days;

use crate::detect::{Facts, Stake};
use crate::error::Result;
use crate::model::coverage::{CoverKind, CoveredBy};
use crate::model::finding::{Evidence, EvidenceRole, Finding, FindingKind, Need, Target, Verdict};
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::period::{Cycle, Day, DaySpan};
use crate::model::record::{Category, Order, Payment};
use crate::reconcile::outcome::{MatchedTo, PaymentClass};
use crate::reconcile::{delivery_days, moved};

/// Days after a payment within which its refund shows, unless a promise says otherwise (fine print 17, 35).
pub const REFUND_DAYS: u64 = 15;

impl<'a> Facts<'a> {
    /// Returns the carrier-related rows with which money left, by index. A bank's row for a payment that the
    /// platform lists too is the same deduction.
    pub fn deductions(&self) -> impl Iterator<Item = (usize, &'a Payment)> {
        let facts = &self.reconciliation.payments;
        let payments = self.line.payments.iter().enumerate().zip(facts);
        let is_deduction = |payment: &Payment, facts: &crate::reconcile::outcome::PaymentFacts| {
            let again = facts.matched.iter().any(|found| found.rule == "same-payment");
            let related = facts.class != PaymentClass::Unrelated && !again;
            related && moved(payment) && payment.amount.is_positive()
        };
        payments.filter(move |((_, payment), facts)| is_deduction(payment, facts)).map(|(row, _)| row)
    }

    /// Returns the yuan of a payment that did not come back.
    ///
    /// # Errors
    /// When a sum leaves the exact range.
    pub fn kept_of(&self, payment: usize) -> Result<Money> {
        let back = self.reconciliation.payments[payment].given_back()?;
        self.line.payments[payment].amount.minus(back).map(Money::or_zero)
    }

    /// Returns whether a detector before this one has found an error on the payment.
    pub fn is_payment_found(&self, payment: usize) -> bool {
        let is_error =
            |finding: &&Finding| finding.kind == FindingKind::Error && finding.verdict >= Verdict::Probable;
        let on = |(target, _): &(Target, Money)| *target == Target::Payment(payment);
        self.found().iter().filter(is_error).any(|finding| finding.on.iter().any(on))
    }

    /// Returns the stake of a payment: `amount` of its yuan.
    pub fn payment_stake(&self, index: usize, amount: Money) -> Stake {
        let payment = &self.line.payments[index];
        let day = payment.paid_at.day();
        Stake {
            cycle: Cycle::of(day),
            day: Some(day),
            amount,
            on: vec![(Target::Payment(index), amount.min(payment.amount))],
            subject: format!("{}|{}|{}|{}", payment.platform, payment.payee, payment.amount, payment.paid_at),
            what: Message::new("detect.what.payment")
                .text("payee", shown_payee(payment))
                .text("amount", payment.amount)
                .text("day", day),
            evidence: vec![self.cell(EvidenceRole::Supports, payment.at, "amount")],
            clauses: vec![],
            missing: vec![],
        }
    }

    /// Returns whether the export with the payment is whole, unfiltered, and runs on to that day: then what it
    /// does not show did not happen. Its window ends it, else the day on which it was made.
    pub fn is_export_whole_until(&self, payment: usize, last: Day) -> bool {
        let table = self.case.table(self.line.payments[payment].at);
        // Printed sums may differ by the platform's own note; a printed count may not.
        let counted = table.controls.iter().filter(|control| control.name == "count");
        let whole = table.unfiltered == Some(true) && counted.into_iter().all(|control| control.ties);
        let stated = table.coverage.iter().filter(|part| part.by == CoveredBy::Stated);
        let end = stated.map(|part| part.span.last()).max().or(table.exported_on);
        whole && end.is_some_and(|end| end.min(self.case.as_of) >= last)
    }

    /// Returns the need of the platform's whole export over a span.
    pub fn export_needed(&self, span: DaySpan) -> Need {
        let what = Message::new("detect.need.export").text("start", span.start).text("end", span.last());
        Need { what, ..self.payments_needed(span) }
    }

    /// Returns the need of the bill of a cycle, to see what a payment was for.
    pub fn bill_needed(&self, cycle: Cycle) -> Need {
        let what = Message::new("detect.need.bill").message("holder", self.holder()).text("month", cycle);
        Need { what, ..self.payments_needed(cycle.span()) }
    }

    /// Returns the need of the operator's payment list over a span. How long it is kept no clause says.
    pub fn payments_needed(&self, span: DaySpan) -> Need {
        Need { kept_until: None, ..self.needed(CoverKind::Payments, span) }
    }

    /// Returns the cell that says how much was due.
    pub fn due_cell(&self, due: MatchedTo) -> Option<Evidence> {
        let cell = |at, field| self.cell(EvidenceRole::Context, at, field);
        match due {
            MatchedTo::Bill(cycle) => {
                let total = self.line.printed_total(cycle).map(|(_, line)| line);
                let any = || self.line.charges_of(cycle).next().map(|(_, line)| line);
                total.or_else(any).map(|line| cell(line.at, "amount"))
            }
            MatchedTo::Order(index) => Some(cell(self.line.orders[index].at, "price")),
            MatchedTo::Payment(_) => None,
        }
    }

    /// Returns the words for a due sum.
    pub fn due_words(&self, due: Option<MatchedTo>) -> Message {
        match due {
            Some(MatchedTo::Order(index)) => {
                Message::new("PAY-001.due.order").text("name", order_name(&self.line.orders[index]))
            }
            Some(MatchedTo::Bill(cycle)) => Message::new("PAY-001.due.bill").text("month", cycle),
            _ => Message::new("PAY-001.due.unknown"),
        }
    }

    /// Returns whether the papers hold a bill of the cycle.
    pub fn has_bill(&self, cycle: Cycle) -> bool {
        self.line.charges_of(cycle).next().is_some()
    }

    /// Returns, by payment, whether the operator's own payment list shows it on the account: a row of its
    /// amount or face value within the term, else rest of the rows that no payment of that amount takes. A
    /// month's rows may be one sum.
    ///
    /// # Errors
    /// When a sum leaves the exact range.
    pub fn credited(&self) -> Result<Vec<bool>> {
        let mut rows = self.credit_rows();
        let mut credited = vec![false; self.line.payments.len()];
        for exact in [true, false] {
            for (index, payment) in self.deductions() {
                let sum = payment.face_value.unwrap_or(payment.amount);
                let fits = |row: &&mut (DaySpan, Money)| {
                    let enough = if exact { row.1 == sum } else { row.1 >= sum };
                    enough && row.0.intersection(term_of(payment)).is_some()
                };
                if credited[index] {
                    continue;
                }
                if let Some(row) = rows.iter_mut().find(fits) {
                    row.1 = row.1.minus(sum)?;
                    credited[index] = true;
                }
            }
        }
        self.credit_in_parts(&mut rows, &mut credited)?;
        Ok(credited)
    }

    /// Credits the payments left over with the rows left over of their terms, where together they are enough: a
    /// top-up may arrive in parts.
    fn credit_in_parts(&self, rows: &mut [(DaySpan, Money)], credited: &mut [bool]) -> Result<()> {
        for (index, payment) in self.deductions() {
            let mut sum = payment.face_value.unwrap_or(payment.amount);
            let in_term = |row: &&mut (DaySpan, Money)| row.0.intersection(term_of(payment)).is_some();
            let left = Money::sum(rows.iter_mut().filter(in_term).map(|row| row.1))?;
            if credited[index] || left < sum {
                continue;
            }
            credited[index] = true;
            for row in rows.iter_mut().filter(in_term) {
                let part = row.1.min(sum);
                row.1 = row.1.minus(part)?;
                sum = sum.minus(part)?;
            }
        }
        Ok(())
    }

    /// Returns the rows of the operator's payment list with the days in which they fall: bill rows have a
    /// month, rows of a 缴费 export their day.
    fn credit_rows(&self) -> Vec<(DaySpan, Money)> {
        let bill = self.line.bill.iter().filter(|line| line.category == Category::Payment);
        let listed = self.line.charges.iter().filter(|charge| charge.category == Category::Payment);
        let dated = listed.map(|charge| {
            let day = charge.charged_at.day();
            (DaySpan::inclusive(day, day), charge.amount.abs())
        });
        bill.map(|line| (line.cycle.span(), line.amount.abs())).chain(dated).collect()
    }
}

/// Returns the days within which what the payment buys must have arrived, the day of the payment included.
pub fn term_of(payment: &Payment) -> DaySpan {
    let day = payment.paid_at.day();
    DaySpan::inclusive(day, days_after(day, delivery_days(payment)))
}

/// Returns the day `days` later.
pub fn days_after(day: Day, days: u64) -> Day {
    day.checked_add_days(Days::new(days)).unwrap_or(day)
}

/// Returns the name under which an order is known.
pub fn order_name(order: &Order) -> &str {
    if order.name.is_empty() { &order.product } else { &order.name }
}

/// Returns whom a row pays, else for what.
pub fn shown_payee(payment: &Payment) -> &str {
    if payment.payee.is_empty() { &payment.description } else { &payment.payee }
}
