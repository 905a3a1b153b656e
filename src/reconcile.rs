//! Layer 2: which papers speak of the same thing.

pub mod outcome;
