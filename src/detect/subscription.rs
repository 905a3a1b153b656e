//! Packs and services: ordered, renewed, cancelled.

mod charge;
pub mod charged_after_cancellation;
pub mod charged_while_suspended;
pub mod fee_kept_during_fault;
pub mod first_or_last_month_wrong;
pub mod price_above_agreed;
pub mod renewal_missed;
pub mod renewal_without_notice;
pub mod renewed_twice;
pub mod service_never_ordered;
pub mod third_party_charge_unnamed;
pub mod trial_turned_paid;
pub mod two_plans_charged;
