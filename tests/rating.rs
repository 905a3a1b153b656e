//! Tests of rating.

mod buckets;
mod fees;
mod in_force;
mod open_questions;
mod properties;
mod support;
mod trace;
mod vectors;
