//! Findings and bill lines as Parquet. Amounts are decimals with twelve places, so that every amount is exact.

use std::io;
use std::sync::Arc;

use parquet::basic::Compression;
use parquet::data_type::{ByteArray, ByteArrayType, FixedLenByteArray, FixedLenByteArrayType, Int32Type};
pub use parquet::errors::ParquetError;
use parquet::errors::Result as ParquetResult;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::ColumnPath;

use crate::model::period::Cycle;
use crate::portfolio::result::{Amount, LineResult};
use crate::portfolio::write_csv::{BILL_COLUMNS, FINDING_COLUMNS};

/// Rows of a row group: while one is written, nothing is taken in.
const GROUP_ROWS: usize = 64 << 10;
/// Bytes of an amount: 27 digits.
const AMOUNT_BYTES: usize = 12;

/// One column, as far as it is not written yet.
enum Column {
    Text(Vec<ByteArray>),
    Amount(Vec<FixedLenByteArray>),
    Row(Vec<i32>),
}

/// Writes one table.
struct Table<W: io::Write + Send> {
    to: SerializedFileWriter<W>,
    columns: Vec<Column>,
    rows: usize,
    /// Texts that came before: equal ones share their bytes.
    last: Vec<ByteArray>,
    /// Amount that came before: most rows hold one amount twice, and nothing twice.
    amount: (Amount, FixedLenByteArray),
    zero: FixedLenByteArray,
}

/// Writes both tables.
pub struct ParquetTables<W: io::Write + Send> {
    findings: Table<W>,
    bill: Table<W>,
    has_case: bool,
    /// The last month and its text.
    period: (Option<Cycle>, String),
}

impl<W: io::Write + Send> ParquetTables<W> {
    /// Returns empty tables.
    ///
    /// # Errors
    /// When a table cannot be written.
    pub fn new(findings: W, bill: W, has_case: bool) -> ParquetResult<Self> {
        let findings = Table::new(findings, "findings", &FINDING_COLUMNS, has_case)?;
        let bill = Table::new(bill, "lines", &BILL_COLUMNS, has_case)?;
        Ok(Self { findings, bill, has_case, period: (None, String::new()) })
    }

    /// Adds the rows of a line.
    ///
    /// # Errors
    /// When a table cannot be written.
    pub fn add(&mut self, line: &LineResult) -> ParquetResult<()> {
        let case = self.has_case.then_some(line.case.as_str());
        let Self { findings, bill, period, .. } = self;
        let mut shown = |of: Cycle| {
            if period.0 != Some(of) {
                *period = (Some(of), of.to_string());
            }
            period.1.clone()
        };
        for row in &line.findings {
            let period = shown(row.period);
            let (kind, verdict) = (row.kind.code(), row.verdict.code());
            let texts = [line.msisdn.as_str(), &period, row.code, kind, verdict, &row.title, &row.at.path];
            findings.add(case.into_iter().chain(texts), &[row.amount, row.claim], row.at.row)?;
        }
        for row in &line.bill {
            let period = shown(row.period);
            let texts = [line.msisdn.as_str(), &period, &row.item, row.category.code(), &row.at.path];
            let amounts = [row.amount, row.explained, row.disputed, row.unverified];
            bill.add(case.into_iter().chain(texts), &amounts, row.at.row)?;
        }
        Ok(())
    }

    /// Writes what is left.
    ///
    /// # Errors
    /// When a table cannot be written.
    pub fn finish(self) -> ParquetResult<(W, W)> {
        Ok((self.findings.finish()?, self.bill.finish()?))
    }
}

impl<W: io::Write + Send> Table<W> {
    fn new(to: W, name: &str, columns: &[&str], has_case: bool) -> ParquetResult<Self> {
        let named: Vec<&str> =
            has_case.then_some("case").into_iter().chain(columns.iter().copied()).collect();
        let field = |name: &&str| match *name {
            "amount" | "claim" | "explained" | "disputed" | "unverified" => {
                format!("required fixed_len_byte_array({AMOUNT_BYTES}) {name} (DECIMAL(27, 12));")
            }
            "row" => "optional int32 row (INTEGER(32, false));".to_owned(),
            name => format!("required binary {name} (UTF8);"),
        };
        let fields: Vec<String> = named.iter().map(field).collect();
        let schema = Arc::new(parse_message_type(&format!("message {name} {{ {} }}", fields.join(" ")))?);
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by("mingzhang".to_owned())
            // Nearly every number and row occurs once: a dictionary of them would be searched for nothing.
            .set_column_dictionary_enabled(ColumnPath::from("msisdn"), false)
            .set_column_dictionary_enabled(ColumnPath::from("row"), false)
            .set_statistics_enabled(parquet::file::properties::EnabledStatistics::Chunk);
        let to = SerializedFileWriter::new(to, schema, Arc::new(properties.build()))?;
        let empty = |name: &&str| match *name {
            "amount" | "claim" | "explained" | "disputed" | "unverified" => Column::Amount(Vec::new()),
            "row" => Column::Row(Vec::new()),
            _ => Column::Text(Vec::new()),
        };
        let last = named.iter().map(|_| ByteArray::from("")).collect();
        let columns = named.iter().map(empty).collect();
        let zero = bytes_of(Amount::ZERO);
        Ok(Self { to, columns, rows: 0, last, amount: (Amount::ZERO, zero.clone()), zero })
    }

    fn add<'t>(
        &mut self,
        texts: impl Iterator<Item = &'t str>,
        amounts: &[Amount],
        row: u32,
    ) -> ParquetResult<()> {
        let (mut texts, mut amounts) = (texts, amounts.iter());
        for (column, last) in self.columns.iter_mut().zip(&mut self.last) {
            match column {
                Column::Text(values) => {
                    let text = texts.next().unwrap_or_default();
                    if last.data() != text.as_bytes() {
                        *last = ByteArray::from(text);
                    }
                    values.push(last.clone());
                }
                Column::Amount(values) => {
                    let amount = amounts.next().copied().unwrap_or(Amount::ZERO);
                    if amount == Amount::ZERO {
                        values.push(self.zero.clone());
                        continue;
                    }
                    if amount != self.amount.0 {
                        self.amount = (amount, bytes_of(amount));
                    }
                    values.push(self.amount.1.clone());
                }
                Column::Row(values) => values.push(row as i32),
            }
        }
        self.rows += 1;
        if self.rows >= GROUP_ROWS { self.write() } else { Ok(()) }
    }

    fn write(&mut self) -> ParquetResult<()> {
        let mut group = self.to.next_row_group()?;
        let mut columns = self.columns.iter_mut();
        while let Some(mut writer) = group.next_column()? {
            match columns.next() {
                Some(Column::Text(values)) => {
                    writer.typed::<ByteArrayType>().write_batch(values, None, None)?;
                    values.clear();
                }
                Some(Column::Amount(values)) => {
                    writer.typed::<FixedLenByteArrayType>().write_batch(values, None, None)?;
                    values.clear();
                }
                Some(Column::Row(values)) => {
                    // Row 0 stands for none.
                    let levels: Vec<i16> = values.iter().map(|row| i16::from(*row != 0)).collect();
                    values.retain(|row| *row != 0);
                    writer.typed::<Int32Type>().write_batch(values, Some(&levels), None)?;
                    values.clear();
                }
                None => {}
            }
            writer.close()?;
        }
        group.close()?;
        self.rows = 0;
        Ok(())
    }

    fn finish(mut self) -> ParquetResult<W> {
        if self.rows > 0 {
            self.write()?;
        }
        self.to.into_inner()
    }
}

/// Returns the amount in 10⁻¹² yuan, big end first.
fn bytes_of(amount: Amount) -> FixedLenByteArray {
    let units = match amount {
        Amount::E4(e4) => i128::from(e4) * 100_000_000,
        Amount::Fine(money) => {
            let yuan = money.yuan();
            yuan.mantissa() * 10i128.pow(12u32.saturating_sub(yuan.scale()))
        }
    };
    FixedLenByteArray::from(units.to_be_bytes()[16 - AMOUNT_BYTES..].to_vec())
}
