//! Exact amounts in yuan.

use std::fmt;

use rust_decimal::{Decimal, RoundingStrategy};

use crate::error::{Error, Result};

/// An exact amount in yuan: less than 10¹⁵ in size, at most 12 decimals.
///
/// Inside these bounds [`Decimal`] adds without rounding (15 + 12 digits of 28), so a sum is exact or an
/// error. There is no way in from a binary float and no arithmetic operator: an operator could only
/// panic or wrap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Money(Decimal);

/// How an amount is cut to a number of decimals; named by the plan, shown in the trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MoneyRounding {
    /// Half away from zero, the commercial rule and the default.
    #[default]
    HalfUp,
    /// Cut off towards zero.
    Truncate,
}

impl Money {
    /// No yuan at all.
    pub const ZERO: Self = Self(Decimal::ZERO);
    /// Most decimals an amount may carry.
    pub const SCALE_MAX: u32 = 12;
    /// First size that is too large.
    const LIMIT: Decimal = Decimal::from_parts(0xA4C6_8000, 0x0003_8D7E, 0, false, 0);

    /// Returns the amount of a decimal number of yuan.
    ///
    /// # Errors
    /// When the number has 10¹⁵ yuan or more, or more than 12 decimals.
    pub fn new(yuan: Decimal) -> Result<Self> {
        let yuan = yuan.normalize();
        let fits = yuan.scale() <= Self::SCALE_MAX && yuan.abs() < Self::LIMIT;
        if fits { Ok(Self(yuan)) } else { Err(Error::overflow(&yuan.to_string())) }
    }

    /// Returns the amount of a whole number of 分 (0.01 yuan).
    pub fn from_fen(fen: i32) -> Self {
        Self(Decimal::new(i64::from(fen), 2).normalize())
    }

    /// Returns the amount of plain ASCII decimal text such as `-15.00`: digits, at most one sign and one point.
    ///
    /// Foreign money text with units, thousands or full-width digits is read by `ingest`.
    ///
    /// # Errors
    /// When the text is anything else, or outside the exact range.
    pub fn parse(text: &str) -> Result<Self> {
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        let plain = digits.starts_with(|c: char| c.is_ascii_digit())
            && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
            && digits.bytes().filter(|b| *b == b'.').count() <= 1
            && !digits.ends_with('.');
        let value = plain.then(|| Decimal::from_str_exact(text.trim_start_matches('+')).ok()).flatten();
        value.ok_or_else(|| Error::overflow(text)).and_then(Self::new)
    }

    /// Returns the decimal number of yuan.
    pub fn yuan(self) -> Decimal {
        self.0
    }

    /// Returns the amount of so many 0.0001 yuan.
    pub fn from_e4(e4: i64) -> Result<Self> {
        Self::new(Decimal::new(e4, 4))
    }

    /// Returns the amount in 0.0001 yuan, if it is a whole number of them that an `i64` holds.
    pub fn e4(self) -> Option<i64> {
        let shift = 4u32.checked_sub(self.0.scale())?;
        i64::try_from(self.0.mantissa().checked_mul(10i128.pow(shift))?).ok()
    }

    /// Returns this amount and `other` together.
    ///
    /// # Errors
    /// When the sum leaves the exact range.
    pub fn plus(self, other: Self) -> Result<Self> {
        self.0.checked_add(other.0).map_or_else(|| Err(Error::overflow("sum")), Self::new)
    }

    /// Returns what is left of this amount without `other`; may be negative.
    ///
    /// # Errors
    /// When the difference leaves the exact range.
    pub fn minus(self, other: Self) -> Result<Self> {
        self.plus(other.negated())
    }

    /// Returns the same size with the other sign.
    pub fn negated(self) -> Self {
        if self.is_zero() { self } else { Self(-self.0) }
    }

    /// Returns the size without sign.
    pub fn abs(self) -> Self {
        Self(self.0.abs())
    }

    /// Returns this amount, or zero when it is negative.
    pub fn or_zero(self) -> Self {
        self.max(Self::ZERO)
    }

    /// Returns the exact sum.
    ///
    /// # Errors
    /// When a partial sum leaves the exact range.
    pub fn sum(amounts: impl IntoIterator<Item = Self>) -> Result<Self> {
        amounts.into_iter().try_fold(Self::ZERO, Self::plus)
    }

    /// Returns this amount `count` times.
    ///
    /// # Errors
    /// When the product leaves the exact range.
    pub fn times(self, count: u64) -> Result<Self> {
        if count == 0 || self.is_zero() {
            return Ok(Self::ZERO);
        }
        // 27 digits times a large count could round inside `Decimal`; a count below 10¹² with an
        // amount below 10¹⁵ and 12 decimals that really occurs has far fewer digits, the rest is refused.
        let product = self.0.checked_mul(Decimal::from(count)).filter(|p| p.scale() == self.0.scale());
        product.map_or_else(|| Err(Error::overflow("product")), Self::new)
    }

    /// Returns the amount cut to `scale` decimals by the named rule.
    pub fn rounded(self, rule: MoneyRounding, scale: u32) -> Self {
        let strategy = match rule {
            MoneyRounding::HalfUp => RoundingStrategy::MidpointAwayFromZero,
            MoneyRounding::Truncate => RoundingStrategy::ToZero,
        };
        Self(self.0.round_dp_with_strategy(scale, strategy).normalize())
    }

    /// Returns whether this is no yuan at all.
    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    /// Returns whether this is more than no yuan.
    pub fn is_positive(self) -> bool {
        self > Self::ZERO
    }

    /// Returns whether this is less than no yuan.
    pub fn is_negative(self) -> bool {
        self < Self::ZERO
    }
}

/// Prints at least two decimals, more only when the amount has them: `15.00`, `0.105`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places = self.0.scale().max(2) as usize;
        f.pad(&format!("{:.places$}", self.0))
    }
}
