//! Layer 2: what the bill should have been, as bounds, with every step in a trace.

pub mod in_force;
pub mod outcome;
