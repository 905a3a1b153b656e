//! Layer 4: ties findings to yuan, removes overlaps, closes every gap to 0.00.

pub mod outcome;
