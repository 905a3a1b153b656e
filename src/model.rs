//! Layer 0: the types and their laws. Nothing here reads, decides or prints.

pub mod case;
pub(crate) mod coded;
pub mod coverage;
pub mod diagnostic;
pub mod exact;
pub mod finding;
pub mod interval;
pub mod message;
pub mod money;
pub mod period;
pub mod plan;
pub mod quantity;
pub mod record;
pub mod sheet;
pub mod source;
pub mod trace;
pub mod usage;
