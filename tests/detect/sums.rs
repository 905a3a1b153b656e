//! Sums close for every line.
