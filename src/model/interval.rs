//! What is known about an amount: a lower and an upper bound.

use crate::error::Result;
use crate::model::money::Money;

/// Bounds of a correct amount; certain when both are equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Interval {
    /// The least that can be right, in yuan.
    pub low: Money,
    /// The most that can be right, in yuan. Claims use this bound, which favours the operator.
    pub high: Money,
}

impl Interval {
    /// Nothing owed, for certain.
    pub const ZERO: Self = Self { low: Money::ZERO, high: Money::ZERO };

    /// Returns the interval of one certain amount.
    pub fn exact(amount: Money) -> Self {
        Self { low: amount, high: amount }
    }

    /// Returns the interval between two amounts, in either order.
    pub fn between(a: Money, b: Money) -> Self {
        Self { low: a.min(b), high: a.max(b) }
    }

    /// Returns whether both bounds are equal.
    pub fn is_certain(self) -> bool {
        self.low == self.high
    }

    /// Returns the bounds of the sum.
    ///
    /// # Errors
    /// When a bound leaves the exact range.
    pub fn plus(self, other: Self) -> Result<Self> {
        Ok(Self { low: self.low.plus(other.low)?, high: self.high.plus(other.high)? })
    }

    /// Returns the bounds of the sum of all.
    ///
    /// # Errors
    /// When a bound leaves the exact range.
    pub fn sum(items: impl IntoIterator<Item = Self>) -> Result<Self> {
        items.into_iter().try_fold(Self::ZERO, Self::plus)
    }

    /// Returns the smallest interval that holds both.
    pub fn hull(self, other: Self) -> Self {
        Self { low: self.low.min(other.low), high: self.high.max(other.high) }
    }
}
