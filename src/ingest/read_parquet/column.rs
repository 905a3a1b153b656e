//! One column: its values as exact text. Whole numbers, decimals, days and times keep every digit; binary
//! floats are shown like the numbers of a workbook.

use chrono::{DateTime, NaiveDateTime, TimeDelta};
use parquet::basic::{ConvertedType, LogicalType, TimeUnit};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::DataType;
use parquet::errors::Result as ParquetResult;
use parquet::schema::types::ColumnDescriptor;

use crate::ingest::container::unusable;
use crate::ingest::read_parquet::Refused;
use crate::ingest::read_workbook::number::{Printed, printed_number};
use crate::model::sheet::CellKind;

/// What the values of a column mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// As they are stored.
    Plain,
    /// Whole numbers without sign.
    Unsigned,
    /// Decimals with that many digits behind the point.
    Decimal(u32),
    /// Days since 1970-01-01.
    Date,
    /// Parts of a second since midnight.
    Time(i64),
    /// Parts of a second since 1970-01-01 00:00:00.
    Timestamp(Timestamps),
}

/// How a column of times counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Timestamps {
    per_second: i64,
    /// Whether the times are those of Greenwich; then Beijing is eight hours ahead. Else they are local already.
    is_utc: bool,
}

impl Timestamps {
    /// Returns the seconds of the wall clock, where there is no fraction of a second.
    pub(super) fn whole_seconds(self, value: i64) -> Option<i64> {
        let seconds = (value.rem_euclid(self.per_second) == 0).then(|| value.div_euclid(self.per_second))?;
        if self.is_utc { seconds.checked_add(BEIJING_AHEAD_S) } else { Some(seconds) }
    }

    /// Returns the text of a time.
    pub(super) fn printed(self, value: i64) -> Option<String> {
        self.wall_time(value).map(|printed| printed.text)
    }

    fn wall_time(self, value: i64) -> Option<Printed> {
        let nanos = value.rem_euclid(self.per_second) * (NANOS / self.per_second);
        wall_time(value.div_euclid(self.per_second), nanos as u32, self.is_utc)
    }
}

/// A column of the file that stands in no list or map.
#[derive(Debug, Clone)]
pub struct Column {
    /// Index among the columns of the file.
    pub index: usize,
    /// Its name.
    pub name: String,
    pub(super) meaning: Meaning,
    /// Definition level of a value that is there.
    pub(super) level: i16,
}

impl Column {
    /// Returns the column; nothing for a part of a list, a map or a structure.
    pub fn of(index: usize, leaf: &ColumnDescriptor) -> Option<Self> {
        let flat = leaf.max_rep_level() == 0 && leaf.path().parts().len() == 1;
        let name = leaf.name().to_owned();
        flat.then(|| Self { index, name, meaning: meaning(leaf), level: leaf.max_def_level() })
    }

    /// Returns the next values; nothing for one that is absent.
    ///
    /// # Errors
    /// When the column ends too early, or a text is no UTF-8.
    pub fn read(&self, reader: &mut ColumnReader, rows: usize) -> Result<Vec<Option<Printed>>, Refused> {
        let texts = match reader {
            ColumnReader::BoolColumnReader(reader) => self.values(reader, rows, |value| truth(*value))?,
            ColumnReader::Int32ColumnReader(reader) => {
                self.values(reader, rows, |value| match self.meaning {
                    Meaning::Unsigned => plain(value.cast_unsigned().to_string()),
                    _ => self.whole((*value).into()),
                })?
            }
            ColumnReader::Int64ColumnReader(reader) => {
                self.values(reader, rows, |value| match self.meaning {
                    Meaning::Unsigned => plain(value.cast_unsigned().to_string()),
                    _ => self.whole(*value),
                })?
            }
            ColumnReader::Int96ColumnReader(reader) => self.values(reader, rows, |value| {
                wall_time(value.to_seconds(), value.to_nanos().rem_euclid(NANOS) as u32, false)
            })?,
            ColumnReader::FloatColumnReader(reader) => {
                // The shortest text that reads back is what the writer meant; widening it adds digits of its own.
                self.values(reader, rows, |value| value.to_string().parse().ok().map(printed_number))?
            }
            ColumnReader::DoubleColumnReader(reader) => {
                self.values(reader, rows, |value| Some(printed_number(*value)))?
            }
            ColumnReader::ByteArrayColumnReader(reader) => {
                self.values(reader, rows, |value| self.bytes(value.data()))?
            }
            ColumnReader::FixedLenByteArrayColumnReader(reader) => {
                self.values(reader, rows, |value| self.bytes(value.data()))?
            }
        };
        match texts {
            Some(texts) => Ok(texts),
            None => Err(unusable("encoding").into()),
        }
    }

    /// Reads the values of a column; nothing when one of them has no text.
    fn values<T: DataType>(
        &self,
        reader: &mut ColumnReaderImpl<T>,
        rows: usize,
        text: impl Fn(&T::T) -> Option<Printed>,
    ) -> Result<Option<Vec<Option<Printed>>>, Refused> {
        let (levels, values) = self.next(reader, rows)?;
        let mut values = values.iter();
        let mut texts = Vec::with_capacity(rows);
        for level in levels {
            if level < self.level {
                texts.push(None);
                continue;
            }
            let value = values.next().ok_or_else(|| unusable("damaged-parquet"))?;
            match text(value) {
                Some(printed) => texts.push(Some(printed)),
                None => return Ok(None),
            }
        }
        Ok(Some(texts))
    }

    /// Returns the definition level of each row, and the values that are there.
    pub(super) fn next<T: DataType>(
        &self,
        reader: &mut ColumnReaderImpl<T>,
        rows: usize,
    ) -> Result<(Vec<i16>, Vec<T::T>), Refused> {
        let (mut levels, mut values) = (Vec::with_capacity(rows), Vec::with_capacity(rows));
        let mut read = 0;
        while read < rows {
            let count: ParquetResult<(usize, usize, usize)> =
                reader.read_records(rows - read, Some(&mut levels), None, &mut values);
            match count?.0 {
                0 => return Err(unusable("damaged-parquet").into()),
                records => read += records,
            }
        }
        // A column that is always there has no levels.
        levels.resize(rows, self.level);
        Ok((levels, values))
    }

    fn whole(&self, value: i64) -> Option<Printed> {
        match self.meaning {
            Meaning::Decimal(scale) => plain(decimal(value.into(), scale)),
            Meaning::Date => DateTime::from_timestamp(value.checked_mul(86_400)?, 0)
                .and_then(|at| of_kind(at.date_naive().to_string(), CellKind::DateTime)),
            Meaning::Time(per_second) => {
                let seconds = value.div_euclid(per_second);
                let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
                plain(format!("{hours:02}:{minutes:02}:{:02}", seconds % 60))
            }
            Meaning::Timestamp(stamps) => stamps.wall_time(value),
            Meaning::Plain | Meaning::Unsigned => plain(value.to_string()),
        }
    }

    fn bytes(&self, value: &[u8]) -> Option<Printed> {
        match self.meaning {
            Meaning::Decimal(scale) => plain(decimal(big_endian(value)?, scale)),
            _ => plain(std::str::from_utf8(value).ok()?.to_owned()),
        }
    }
}

const NANOS: i64 = 1_000_000_000;
/// How far the clocks of Beijing are ahead of Greenwich.
const BEIJING_AHEAD_S: i64 = 8 * 3600;

fn meaning(leaf: &ColumnDescriptor) -> Meaning {
    let decimal = || Meaning::Decimal(u32::try_from(leaf.type_scale()).unwrap_or(0));
    let per_second = |unit: &TimeUnit| match unit {
        TimeUnit::MILLIS => 1_000,
        TimeUnit::MICROS => 1_000_000,
        TimeUnit::NANOS => NANOS,
    };
    let local = |per_second| Meaning::Timestamp(Timestamps { per_second, is_utc: false });
    match (leaf.logical_type_ref(), leaf.converted_type()) {
        (Some(LogicalType::Decimal(_)), _) | (None, ConvertedType::DECIMAL) => decimal(),
        (Some(LogicalType::Date), _) | (None, ConvertedType::DATE) => Meaning::Date,
        (Some(LogicalType::Time(time)), _) => Meaning::Time(per_second(&time.unit)),
        (None, ConvertedType::TIME_MILLIS) => Meaning::Time(1_000),
        (None, ConvertedType::TIME_MICROS) => Meaning::Time(1_000_000),
        (Some(LogicalType::Timestamp(time)), _) => Meaning::Timestamp(Timestamps {
            per_second: per_second(&time.unit),
            is_utc: time.is_adjusted_to_u_t_c,
        }),
        // Files without the newer mark do not say whose time it is; exports print the local one.
        (None, ConvertedType::TIMESTAMP_MILLIS) => local(1_000),
        (None, ConvertedType::TIMESTAMP_MICROS) => local(1_000_000),
        (Some(LogicalType::Integer(number)), _) if !number.is_signed => Meaning::Unsigned,
        (None, ConvertedType::UINT_32 | ConvertedType::UINT_64) => Meaning::Unsigned,
        _ => Meaning::Plain,
    }
}

fn of_kind(text: String, kind: CellKind) -> Option<Printed> {
    Some(Printed { text, kind, raw: None })
}

fn plain(text: String) -> Option<Printed> {
    of_kind(text, CellKind::Text)
}

fn truth(value: bool) -> Option<Printed> {
    plain(if value { "yes" } else { "no" }.to_owned())
}

/// Returns the time as `2025-10-01 08:12:45`, with the fraction of a second where there is one.
fn wall_time(seconds: i64, nanos: u32, is_utc: bool) -> Option<Printed> {
    let stored: NaiveDateTime = DateTime::from_timestamp(seconds, nanos)?.naive_utc();
    let local = if is_utc { stored.checked_add_signed(TimeDelta::seconds(BEIJING_AHEAD_S))? } else { stored };
    of_kind(local.format("%Y-%m-%d %H:%M:%S%.f").to_string(), CellKind::DateTime)
}

/// Returns an unscaled number with its point.
fn decimal(unscaled: i128, scale: u32) -> String {
    let sign = if unscaled < 0 { "-" } else { "" };
    let digits = format!("{:0width$}", unscaled.unsigned_abs(), width = scale.min(64) as usize + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale.min(64) as usize);
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{whole}{point}{fraction}")
}

/// Returns the number of bytes in two's complement, the first one the greatest; nothing above 128 bits.
fn big_endian(bytes: &[u8]) -> Option<i128> {
    let (first, negative) = (bytes.first()?, *bytes.first()? >= 0x80);
    let filler = if negative { 0xFF } else { 0 };
    let spare = bytes.len().saturating_sub(16);
    if *first != filler && spare > 0 || bytes[..spare].iter().any(|b| *b != filler) {
        return None;
    }
    let mut wide = [filler; 16];
    let tail = &bytes[spare..];
    wide[16 - tail.len()..].copy_from_slice(tail);
    Some(i128::from_be_bytes(wide))
}
