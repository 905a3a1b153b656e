//! Money taken by platforms.

pub mod deducted_after_agreement_ended;
pub mod deducted_more_than_due;
pub mod deducted_twice;
pub mod deduction_without_basis;
pub mod export_totals_differ;
pub mod paid;
pub mod refund_missing;
pub mod same_fee_on_bill_and_platform;
pub mod top_up_not_credited;
pub mod wallet_does_not_carry;
