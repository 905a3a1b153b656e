//! Packs and services: ordered, renewed, cancelled.

pub mod paid_but_not_served;
pub mod renewal_missed;
