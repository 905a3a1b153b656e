//! Tests of rating.

mod fees;
mod support;
mod vectors;
