//! Cells of a column as they are best compared: whole numbers as numbers, times as seconds, everything else as text.

use parquet::basic::Type;
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArray, DataType};

use crate::ingest::container::unusable;
use crate::ingest::read_parquet::Refused;
use crate::ingest::read_parquet::column::{Column, Meaning, Timestamps};
use crate::ingest::read_workbook::number::Printed;
use crate::model::sheet::CellKind;

/// What the reader of a table wants of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Want {
    /// It is not looked at.
    Nothing,
    /// Text.
    Text,
    /// A whole number or a time, where it is stored as one.
    Number,
}

/// Some cells of a column, one a row.
#[derive(Debug)]
pub struct Cells {
    values: Values,
    /// Whether each cell is absent; empty where all are there.
    absent: Vec<bool>,
}

#[derive(Debug)]
enum Values {
    Texts(Vec<ByteArray>),
    Printed(Vec<Printed>),
    /// The texts one behind the other, and where each ends.
    Digits(Vec<u8>, Vec<u32>),
    Whole(Vec<i64>),
    Times(Vec<i64>, Timestamps),
}

impl Cells {
    /// Returns the whole number of a row, where it is stored as one.
    #[inline]
    pub fn whole(&self, row: usize) -> Option<i64> {
        match &self.values {
            Values::Whole(values) if !self.is_absent(row) => values.get(row).copied(),
            _ => None,
        }
    }

    /// Returns the seconds of the wall clock of a row, where it is stored as a time without fractions of a second.
    #[inline]
    pub fn time(&self, row: usize) -> Option<i64> {
        match &self.values {
            Values::Times(values, stamps) if !self.is_absent(row) => stamps.whole_seconds(*values.get(row)?),
            _ => None,
        }
    }

    /// Returns the text of a row; empty for an absent cell, none for a number or a time.
    #[inline]
    pub fn text(&self, row: usize) -> Option<&[u8]> {
        if self.is_absent(row) {
            return Some(&[]);
        }
        match &self.values {
            Values::Texts(values) => values.get(row).map(ByteArray::data),
            Values::Printed(values) => values.get(row).map(|printed| printed.text.as_bytes()),
            Values::Digits(digits, ends) => {
                let start = row.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
                digits.get(start as usize..*ends.get(row)? as usize)
            }
            Values::Whole(_) | Values::Times(..) => None,
        }
    }

    /// Writes the text of a row, whatever it is stored as.
    pub fn print(&self, row: usize, to: &mut Vec<u8>) {
        if let Some(text) = self.text(row) {
            return to.extend_from_slice(text);
        }
        let printed = match &self.values {
            Values::Whole(values) => values.get(row).map(i64::to_string),
            Values::Times(values, stamps) => values.get(row).and_then(|value| stamps.printed(*value)),
            _ => None,
        };
        to.extend_from_slice(printed.unwrap_or_default().as_bytes());
    }

    #[inline]
    fn is_absent(&self, row: usize) -> bool {
        self.absent.get(row).copied().unwrap_or(false)
    }
}

impl Column {
    /// Returns what the cells of the column are.
    pub fn kind(&self, stored: Type) -> CellKind {
        match (self.meaning, stored) {
            (Meaning::Date | Meaning::Timestamp(_), _) | (_, Type::INT96) => CellKind::DateTime,
            (_, Type::FLOAT | Type::DOUBLE) => CellKind::Number,
            _ => CellKind::Text,
        }
    }

    /// Returns the next cells.
    ///
    /// # Errors
    /// When the column ends too early, or a text is no UTF-8.
    pub fn cells(&self, reader: &mut ColumnReader, rows: usize, want: Want) -> Result<Cells, Refused> {
        match (reader, self.meaning, want) {
            (ColumnReader::ByteArrayColumnReader(reader), Meaning::Plain, _) => {
                let (texts, absent) = self.filled(reader, rows, ByteArray::from(""))?;
                Ok(Cells { values: Values::Texts(texts), absent })
            }
            (ColumnReader::Int64ColumnReader(reader), Meaning::Plain, _) => {
                let (values, absent) = self.filled(reader, rows, 0)?;
                Ok(Cells { values: numbers(values, want), absent })
            }
            (ColumnReader::Int32ColumnReader(reader), Meaning::Plain, _) => {
                let (values, absent) = self.filled(reader, rows, 0)?;
                Ok(Cells { values: numbers(values.into_iter().map(i64::from).collect(), want), absent })
            }
            (ColumnReader::Int64ColumnReader(reader), Meaning::Timestamp(stamps), Want::Number) => {
                let (values, absent) = self.filled(reader, rows, 0)?;
                Ok(Cells { values: Values::Times(values, stamps), absent })
            }
            (reader, ..) => {
                let printed = self.read(reader, rows)?;
                let absent = printed.iter().map(Option::is_none).collect();
                let none = || Printed { text: String::new(), kind: CellKind::Text, raw: None };
                let texts = printed.into_iter().map(|it| it.unwrap_or_else(none)).collect();
                Ok(Cells { values: Values::Printed(texts), absent })
            }
        }
    }

    /// Returns one value a row, `filler` where it is absent, and which are absent.
    fn filled<T: DataType>(
        &self,
        reader: &mut ColumnReaderImpl<T>,
        rows: usize,
        filler: T::T,
    ) -> Result<(Vec<T::T>, Vec<bool>), Refused> {
        let (levels, values) = self.next(reader, rows)?;
        if values.len() == rows {
            return Ok((values, Vec::new()));
        }
        let absent: Vec<bool> = levels.iter().map(|level| *level < self.level).collect();
        let mut values = values.into_iter();
        let mut filled = Vec::with_capacity(rows);
        for absent in &absent {
            let value = if *absent { Some(filler.clone()) } else { values.next() };
            filled.push(value.ok_or_else(|| unusable("damaged-parquet"))?);
        }
        Ok((filled, absent))
    }
}

fn numbers(values: Vec<i64>, want: Want) -> Values {
    if want == Want::Number {
        return Values::Whole(values);
    }
    let mut digits = Vec::with_capacity(values.len() * 8);
    let mut ends = Vec::with_capacity(values.len());
    for value in values {
        push_digits(value, &mut digits);
        ends.push(digits.len() as u32);
    }
    Values::Digits(digits, ends)
}

/// Writes a number as text; the numbers of records are so many that it is worth some lines.
fn push_digits(value: i64, to: &mut Vec<u8>) {
    if value < 0 {
        to.push(b'-');
    }
    let (mut left, mut text, mut at) = (value.unsigned_abs(), [0u8; 20], 20);
    loop {
        at -= 1;
        text[at] = b'0' + (left % 10) as u8;
        left /= 10;
        if left == 0 {
            break;
        }
    }
    to.extend_from_slice(&text[at..]);
}
