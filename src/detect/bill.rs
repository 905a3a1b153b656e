//! What stands on the bill itself.

pub mod items_differ_from_total;
pub mod line_charged_twice;
