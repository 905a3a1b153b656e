//! Units of usage and volumes in their base units.

use std::fmt;

use crate::model::coded::coded_enum;

coded_enum! {
    /// What is measured.
    Unit {
        /// Calls. Base unit of a volume: one second; an allowance grants whole minutes.
        Voice = "voice",
        /// Text messages. Base unit: one message.
        Sms = "sms",
        /// Multimedia messages. Base unit: one message.
        Mms = "mms",
        /// Data. Base unit: one byte.
        Data = "data",
    }
}

/// Bytes in 1 KB: every operator text that was read counts in 1024.
pub const KB: u64 = 1 << 10;
/// Bytes in 1 MB.
pub const MB: u64 = 1 << 20;
/// Bytes in 1 GB.
pub const GB: u64 = 1 << 30;

/// A volume: a unit and how many base units (seconds, messages, bytes).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Volume {
    /// What is measured.
    pub unit: Unit,
    /// Seconds, messages or bytes.
    pub amount: u64,
}

impl Volume {
    /// Returns the volume of a unit and a number of base units.
    pub fn new(unit: Unit, amount: u64) -> Self {
        Self { unit, amount }
    }

    /// Returns the volume of a text such as `10GB`, `206MB`, `200min`, `60s` or `100`, if it is one of that unit.
    ///
    /// Decimals are accepted where the result is a whole number of base units (`1.5GB`).
    pub fn parse(unit: Unit, text: &str) -> Option<Self> {
        let text = text.trim();
        let split = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let (number, suffix) = text.split_at(split);
        let factor = match (unit, suffix.trim()) {
            (Unit::Voice, "s") | (Unit::Sms | Unit::Mms, "") | (Unit::Data, "B") => 1,
            (Unit::Voice, "min") => 60,
            (Unit::Data, "KB") => KB,
            (Unit::Data, "MB") => MB,
            (Unit::Data, "GB") => GB,
            (Unit::Data, "TB") => GB << 10,
            _ => return None,
        };
        let value = rust_decimal::Decimal::from_str_exact(number).ok()?;
        let amount = value.checked_mul(factor.into())?;
        let whole = amount.normalize();
        (whole.scale() == 0)
            .then(|| u64::try_from(whole.mantissa()).ok())
            .flatten()
            .map(|amount| Self { unit, amount })
    }
}

/// Prints the largest unit that divides without rest: `206MB`, `10GB`, `200min`, `61s`, `8`.
impl fmt::Display for Volume {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sizes: &[(u64, &str)] = match self.unit {
            Unit::Voice => &[(60, "min"), (1, "s")],
            Unit::Sms | Unit::Mms => &[(1, "")],
            Unit::Data => &[(GB, "GB"), (MB, "MB"), (KB, "KB"), (1, "B")],
        };
        let fits = |size: u64| self.amount.is_multiple_of(size) && self.amount >= size;
        let (size, name) = sizes.iter().copied().find(|(size, _)| fits(*size)).unwrap_or(sizes[0]);
        if self.amount == 0 { write!(f, "0{name}") } else { write!(f, "{}{name}", self.amount / size) }
    }
}
