//! Header cells: one spelling, and the unit that a header states in brackets.

use crate::ingest::fold::fold_name;
use crate::ingest::parse_cell::money::MoneyUnit;
use crate::model::quantity::{GB, KB, MB};

/// The unit that a header or a format file states for a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnUnit {
    /// 元.
    Yuan,
    /// 分: 0.01 yuan, or minutes in a column of durations.
    Fen,
    /// 厘.
    Li,
    /// Seconds.
    Second,
    /// Minutes.
    Minute,
    /// Bytes.
    Byte,
    /// 1024 bytes.
    Kb,
    /// 1024² bytes.
    Mb,
    /// 1024³ bytes.
    Gb,
}

const UNITS: [(&str, ColumnUnit); 22] = [
    ("元", ColumnUnit::Yuan),
    ("yuan", ColumnUnit::Yuan),
    ("人民币", ColumnUnit::Yuan),
    ("分", ColumnUnit::Fen),
    ("fen", ColumnUnit::Fen),
    ("厘", ColumnUnit::Li),
    ("秒", ColumnUnit::Second),
    ("s", ColumnUnit::Second),
    ("分钟", ColumnUnit::Minute),
    ("min", ColumnUnit::Minute),
    ("字节", ColumnUnit::Byte),
    ("byte", ColumnUnit::Byte),
    ("bytes", ColumnUnit::Byte),
    ("b", ColumnUnit::Byte),
    ("k", ColumnUnit::Kb),
    ("kb", ColumnUnit::Kb),
    ("m", ColumnUnit::Mb),
    ("mb", ColumnUnit::Mb),
    ("兆", ColumnUnit::Mb),
    ("g", ColumnUnit::Gb),
    ("gb", ColumnUnit::Gb),
    ("时分秒", ColumnUnit::Second),
];

impl ColumnUnit {
    /// Returns the unit of that word.
    pub fn from_word(word: &str) -> Option<Self> {
        UNITS.iter().find(|(known, _)| *known == word).map(|(_, unit)| *unit)
    }

    /// Returns the unit of amounts, if it is one.
    pub fn money(self) -> Option<MoneyUnit> {
        match self {
            Self::Yuan => Some(MoneyUnit::Yuan),
            Self::Fen => Some(MoneyUnit::Fen),
            Self::Li => Some(MoneyUnit::Li),
            _ => None,
        }
    }

    /// Returns the seconds of one unit in a column of durations, if it is one.
    pub fn seconds(self) -> Option<u32> {
        match self {
            Self::Second => Some(1),
            Self::Minute | Self::Fen => Some(60),
            _ => None,
        }
    }

    /// Returns the bytes of one unit, if it is one of volumes.
    pub fn bytes(self) -> Option<u64> {
        match self {
            Self::Byte => Some(1),
            Self::Kb => Some(KB),
            Self::Mb => Some(MB),
            Self::Gb => Some(GB),
            _ => None,
        }
    }
}

/// Returns the key of a header cell and the unit in brackets at its end: `通信费（元）` → (`通信费`, yuan).
pub fn header_name(printed: &str) -> (String, Option<ColumnUnit>) {
    let folded = fold_name(printed);
    let bracketed = folded.strip_suffix(')').and_then(|open| open.rsplit_once('('));
    let stated = bracketed.and_then(|(name, unit)| {
        let unit = ColumnUnit::from_word(unit.strip_prefix("单位:").unwrap_or(unit))?;
        (!name.is_empty()).then(|| (name.to_owned(), Some(unit)))
    });
    stated.unwrap_or((folded, None))
}
