//! What stands on the bill itself.

pub mod balance_does_not_carry;
pub mod bill_month_missing;
pub mod items_differ_from_total;
pub mod late_fee_above_limit;
pub mod line_charged_twice;
pub mod quantity_times_price_differs;
pub mod sudden_surge;
