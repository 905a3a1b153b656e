//! Tests of reconcile, detect and settle.

mod builders;
mod evidence;
mod findings;
mod packs;
mod payments;
mod sums;
mod ties;
