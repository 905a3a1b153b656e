//! Tests of rating.
