//! Packs and services: ordered, renewed, cancelled.

pub mod renewal_missed;
