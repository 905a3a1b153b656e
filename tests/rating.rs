//! Tests of rating.

mod buckets;
mod changes;
mod edges;
pub(crate) mod evaluator;
mod fees;
mod in_force;
mod open_questions;
mod properties;
mod published;
mod shared;
mod standing;
mod stays;
mod support;
mod trace;
mod vectors;
