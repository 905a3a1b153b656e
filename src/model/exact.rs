//! Exact fractions for pricing: bytes × price ÷ 2³⁰ needs up to 30 decimals, more than `Decimal` holds.

use rust_decimal::Decimal;

use crate::error::{Error, Result};
use crate::model::money::{Money, MoneyRounding};

/// An exact fraction: `numerator ÷ denominator`, denominator positive, lowest terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exact {
    numerator: i128,
    denominator: i128,
}

fn greatest_common_divisor(a: u128, b: u128) -> u128 {
    let (mut a, mut b) = (a, b);
    // Nearly always both fit 64 bits, where a division takes a tenth of the time.
    while let (Err(_), _) | (_, Err(_)) = (u64::try_from(a), u64::try_from(b)) {
        if b == 0 {
            return a;
        }
        (a, b) = (b, a % b);
    }
    let (mut a, mut b) = (a as u64, b as u64);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.into()
}

impl Exact {
    /// Nothing.
    pub const ZERO: Self = Self { numerator: 0, denominator: 1 };

    /// Returns the fraction in lowest terms. A zero denominator is a bug of the caller.
    pub fn new(numerator: i128, denominator: i128) -> Self {
        assert!(denominator > 0, "a fraction needs a positive denominator");
        if denominator == 1 {
            return Self { numerator, denominator };
        }
        let divisor =
            greatest_common_divisor(numerator.unsigned_abs(), denominator.unsigned_abs()).max(1) as i128;
        Self { numerator: numerator / divisor, denominator: denominator / divisor }
    }

    /// Returns the whole number as a fraction.
    pub fn whole(value: u64) -> Self {
        Self { numerator: i128::from(value), denominator: 1 }
    }

    /// Returns the decimal number as a fraction.
    pub fn from_decimal(value: Decimal) -> Self {
        Self::new(value.mantissa(), 10i128.pow(value.scale()))
    }

    /// Returns the sum.
    ///
    /// # Errors
    /// When the result does not fit 127 bits.
    pub fn plus(self, other: Self) -> Result<Self> {
        let left = self.numerator.checked_mul(other.denominator);
        let right = other.numerator.checked_mul(self.denominator);
        let numerator = left.zip(right).and_then(|(l, r)| l.checked_add(r));
        let denominator = self.denominator.checked_mul(other.denominator);
        numerator
            .zip(denominator)
            .map(|(n, d)| Self::new(n, d))
            .ok_or_else(|| Error::overflow("sum of fractions"))
    }

    /// Returns the product.
    ///
    /// # Errors
    /// When the result does not fit 127 bits.
    pub fn times(self, other: Self) -> Result<Self> {
        let numerator = self.numerator.checked_mul(other.numerator);
        let denominator = self.denominator.checked_mul(other.denominator);
        numerator
            .zip(denominator)
            .map(|(n, d)| Self::new(n, d))
            .ok_or_else(|| Error::overflow("product of fractions"))
    }

    /// Returns the smaller of both.
    ///
    /// # Errors
    /// When they cannot be compared in 127 bits.
    pub fn min(self, other: Self) -> Result<Self> {
        let difference = self.plus(Self { numerator: -other.numerator, ..other })?;
        Ok(if difference.numerator <= 0 { self } else { other })
    }

    /// Returns the yuan of this fraction, divided once and cut to `scale` decimals by the named rule.
    ///
    /// # Errors
    /// When the amount leaves the exact range.
    pub fn to_money(self, rule: MoneyRounding, scale: u32) -> Result<Money> {
        let shift = 10i128.pow(scale);
        let shifted = self.numerator.checked_mul(shift).ok_or_else(|| Error::overflow("fraction"))?;
        let (quotient, rest) = (shifted / self.denominator, shifted % self.denominator);
        let up = rule == MoneyRounding::HalfUp
            && rest.unsigned_abs() >= (self.denominator.unsigned_abs()).div_ceil(2);
        let rounded = if up { quotient + shifted.signum() } else { quotient };
        let value =
            Decimal::try_from_i128_with_scale(rounded, scale).map_err(|_| Error::overflow("fraction"))?;
        Money::new(value)
    }

    /// Returns the fraction as text for a trace: a decimal when it ends within 12 places, else `n/d`.
    pub fn to_text(self) -> String {
        let ends = 10i128.pow(12) % self.denominator == 0;
        if !ends {
            return format!("{}/{}", self.numerator, self.denominator);
        }
        match self.to_money(MoneyRounding::Truncate, 12) {
            Ok(money) => money.yuan().normalize().to_string(),
            Err(_) => format!("{}/{}", self.numerator, self.denominator),
        }
    }
}
