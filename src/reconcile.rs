//! Layer 3: sets the bill against the rules, and payments against bills, orders and refunds. Ties are
//! found by names, ids and exact amounts, never by likeness.

mod adopt;
mod carrier;
pub mod compare;
mod due;
pub mod name;
pub mod outcome;
mod parts;
mod payment;
mod refund;
mod rest;
mod reversal;
mod tie;

pub use adopt::{HomeTie, adopt_payments, home_ties};
pub use carrier::{
    delivery_days, foreign_word, names_bill, names_service_fee, other_card_word, qualification_word,
    reopen_word, repeatable_word, subscription_word, transfer_word,
};
pub use due::{due_of_bill, names_month};
pub use payment::{moved, payments};
pub use rest::{names_bill_of, paid_of_bill};
pub use reversal::Reversal;

use crate::error::Result;
use crate::model::case::{Case, Line};
use crate::rating::outcome::RatedLine;
use crate::reconcile::outcome::Reconciliation;

/// Returns the ties of bill lines and expected items of the line, and what each payment was for.
///
/// # Errors
/// When a sum leaves the exact range.
pub fn reconcile(_case: &Case, line: &Line, rated: &RatedLine) -> Result<Reconciliation> {
    Ok(Reconciliation {
        groups: tie::groups(line, rated),
        payments: payment::payments(line)?,
        reversals: reversal::reversals(line)?,
    })
}
