//! The one place where an amount becomes a binary float: the number cell of a workbook, which knows no other
//! numbers. Its exact text stands in the cell beside it.

/// Returns the number that a cell shows for the decimal text of an amount; text that is no amount is zero.
pub(super) fn number(amount: &str) -> f64 {
    amount.parse().unwrap_or(0.0)
}

/// Returns the count as a number of a cell.
pub(super) fn count(count: u64) -> f64 {
    count as f64
}
