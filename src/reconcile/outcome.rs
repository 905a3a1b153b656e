//! What reconciliation returns.

use std::collections::BTreeMap;

use crate::model::money::Money;
use crate::model::period::Cycle;
use crate::reconcile::reversal::Reversal;

/// By which rule bill lines and expected items were tied (fine print 25).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TieRule {
    /// Same normalised name.
    Name,
    /// The only unmatched expected item of that kind.
    OnlyOfKind,
    /// All unmatched of the category.
    Category,
    /// A bill line without rule, or a rule without bill line.
    Alone,
}

/// n bill lines set against m expected items of one cycle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TieGroup {
    /// The cycle.
    pub cycle: Cycle,
    /// Indices in the line's bill.
    pub lines: Vec<usize>,
    /// Indices in the rated cycle's items.
    pub items: Vec<usize>,
    /// How they were tied.
    pub rule: TieRule,
}

/// What a payment is for (fine print 35).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PaymentClass {
    /// Names a bill or equals a printed total.
    BillPayment,
    /// Face value, 充值, 交费.
    TopUp,
    /// An order.
    Purchase,
    /// Carrier-related, but none of these is certain.
    Carrier,
    /// Nothing to do with the case.
    Unrelated,
}

/// What a payment was matched to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MatchedTo {
    /// The bill of a cycle.
    Bill(Cycle),
    /// An order, by its index in the line's orders.
    Order(usize),
    /// Another payment, by its index in the line's payments (refund, or the same payment elsewhere).
    Payment(usize),
}

/// One match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// To what.
    pub to: MatchedTo,
    /// Yuan of the payment that it takes.
    pub amount: Money,
    /// Rule id, e.g. `id`, `payee-amount-window`, `refund-prefix`.
    pub rule: &'static str,
}

/// One payment of the line, reconciled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentFacts {
    /// What it is for.
    pub class: PaymentClass,
    /// What it was matched to.
    pub matched: Vec<Match>,
    /// Yuan that nothing explains.
    pub left_over: Money,
    /// What the payment fits equally well, at least two, or one that another payment fits as well: nothing was chosen.
    pub ties: Vec<MatchedTo>,
}

/// A reconciled line.
#[derive(Debug, Clone, Default)]
pub struct Reconciliation {
    /// Ties of bill lines and expected items; every charge line and every expected item is in exactly one.
    pub groups: Vec<TieGroup>,
    /// By payment, in the order of the line's payments.
    pub payments: Vec<PaymentFacts>,
    /// By bill line, what later bills gave back of it.
    pub reversals: BTreeMap<usize, Vec<Reversal>>,
}

impl Reconciliation {
    /// Returns the yuan that later bills gave back of a bill line.
    ///
    /// # Errors
    /// When the sum leaves the exact range.
    pub fn given_back(&self, bill_line: usize) -> crate::error::Result<Money> {
        let parts = self.reversals.get(&bill_line).map(Vec::as_slice).unwrap_or_default();
        Money::sum(parts.iter().map(|part| part.amount))
    }

    /// Returns the group of a bill line, by its index in the line's bill; none for totals and balances.
    pub fn group_of(&self, bill_line: usize) -> Option<&TieGroup> {
        self.groups.iter().find(|group| group.lines.contains(&bill_line))
    }
}

impl PaymentFacts {
    /// Returns the bill or order that the payment settles, if any.
    pub fn settles(&self) -> Option<MatchedTo> {
        let due = |to: &MatchedTo| matches!(to, MatchedTo::Bill(_) | MatchedTo::Order(_));
        self.matched.iter().map(|found| found.to).find(due)
    }

    /// Returns the yuan of the payment that were given back.
    ///
    /// # Errors
    /// When the sum leaves the exact range.
    pub fn given_back(&self) -> crate::error::Result<Money> {
        Money::sum(self.matched.iter().filter(|found| found.rule.starts_with("refund")).map(|m| m.amount))
    }
}
