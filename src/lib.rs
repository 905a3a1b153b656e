//! mingzhang (明账): from phone bills, usage lists and payment exports to a dispute report that survives
//! the operator's own check.
//!
//! Modules are layers; each imports only lower ones (`tests/tidy.rs` enforces it). See ARCHITECTURE.md.

pub mod embedded;
pub mod error;
pub mod model;
pub mod spec;

pub mod ingest;
pub mod rules;

pub mod rating;
pub mod reconcile;

pub mod detect;

pub mod settle;

pub mod report;

pub mod render;

pub mod analyse;

pub mod bundle;
#[cfg(feature = "portfolio")]
pub mod portfolio;

pub mod cli;
