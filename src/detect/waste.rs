//! Money well owed that need not be spent.

pub mod allowance_unused;
pub mod cheaper_plan;
