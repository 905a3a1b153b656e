//! Layer 5: the one report model that every renderer reads.

pub mod model;
pub mod wording;
