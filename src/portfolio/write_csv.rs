//! Findings and bill lines as CSV.

use std::fmt::{Display, Write as _};
use std::io;

use csv::Writer;

use crate::model::period::Cycle;
use crate::portfolio::result::{Amount, LineResult};

/// Columns of `findings`, behind `case` where cases are folders.
pub const FINDING_COLUMNS: [&str; 10] =
    ["msisdn", "period", "code", "kind", "verdict", "amount", "claim", "title", "path", "row"];
/// Columns of `lines`, behind `case` where cases are folders.
pub const BILL_COLUMNS: [&str; 10] =
    ["msisdn", "period", "item", "category", "amount", "explained", "disputed", "unverified", "path", "row"];

/// Writes two tables, row by row.
pub struct CsvTables<W: io::Write> {
    findings: Writer<W>,
    bill: Writer<W>,
    has_case: bool,
    text: String,
    period: Shown<Cycle>,
    amount: Shown<Amount>,
}

/// A value with its text: most rows of a portfolio are of one month, and hold one amount twice.
struct Shown<T> {
    value: Option<T>,
    text: String,
}

impl<T: Copy + PartialEq + Display> Shown<T> {
    fn nothing() -> Self {
        Self { value: None, text: String::new() }
    }

    fn of(&mut self, value: T) -> &str {
        if self.value != Some(value) {
            self.value = Some(value);
            self.text.clear();
            // Writing to a string cannot fail.
            let _ = write!(self.text, "{value}");
        }
        &self.text
    }
}

impl<W: io::Write> CsvTables<W> {
    /// Writes the headers.
    ///
    /// # Errors
    /// When a table cannot be written.
    pub fn new(findings: W, bill: W, has_case: bool) -> io::Result<Self> {
        let (findings, bill) = (Writer::from_writer(findings), Writer::from_writer(bill));
        let (period, amount) = (Shown::nothing(), Shown::nothing());
        let mut tables = Self { findings, bill, has_case, text: String::new(), period, amount };
        let case = has_case.then_some("case");
        tables.findings.write_record(case.into_iter().chain(FINDING_COLUMNS))?;
        tables.bill.write_record(case.into_iter().chain(BILL_COLUMNS))?;
        Ok(tables)
    }

    /// Writes the rows of a line.
    ///
    /// # Errors
    /// When a table cannot be written.
    pub fn add(&mut self, line: &LineResult) -> io::Result<()> {
        let Self { findings, bill, has_case, text, period, amount } = self;
        let case = has_case.then_some(line.case.as_str());
        for row in &line.findings {
            let mut cells = Cells { to: findings, text };
            cells.texts(case)?;
            cells.texts([line.msisdn.as_str(), period.of(row.period)])?;
            cells.texts([row.code, row.kind.code(), row.verdict.code()])?;
            cells.shown(&row.amount)?;
            cells.shown(&row.claim)?;
            cells.texts([row.title.as_str()])?;
            cells.end(&row.at.path, row.at.row)?;
        }
        for row in &line.bill {
            let mut cells = Cells { to: bill, text };
            cells.texts(case)?;
            cells.texts([line.msisdn.as_str(), period.of(row.period)])?;
            cells.texts([row.item.as_str(), row.category.code()])?;
            for yuan in [row.amount, row.explained, row.disputed, row.unverified] {
                let text = if yuan == Amount::ZERO { "0.00" } else { amount.of(yuan) };
                cells.to.write_field(text)?;
            }
            cells.end(&row.at.path, row.at.row)?;
        }
        Ok(())
    }

    /// Returns the tables.
    ///
    /// # Errors
    /// When a table cannot be written.
    pub fn finish(self) -> io::Result<(W, W)> {
        let done = |table: Writer<W>| table.into_inner().map_err(|error| error.into_error());
        Ok((done(self.findings)?, done(self.bill)?))
    }
}

/// Returns one row as text; what a spreadsheet would take for a formula gets an apostrophe.
pub fn csv_row<'t>(cells: impl IntoIterator<Item = &'t str>) -> String {
    let mut row = Writer::from_writer(Vec::new());
    let mut text = String::new();
    // Writing to memory cannot fail.
    let _ = Cells { to: &mut row, text: &mut text }.texts(cells);
    let _ = row.write_record(None::<&[u8]>);
    String::from_utf8(row.into_inner().unwrap_or_default()).unwrap_or_default()
}

/// A row that is being written.
struct Cells<'a, W: io::Write> {
    to: &'a mut Writer<W>,
    text: &'a mut String,
}

impl<W: io::Write> Cells<'_, W> {
    /// Writes texts; what a spreadsheet would take for a formula gets an apostrophe.
    fn texts<'t>(&mut self, texts: impl IntoIterator<Item = &'t str>) -> io::Result<()> {
        for text in texts {
            if !text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
                self.to.write_field(text)?;
                continue;
            }
            self.shown(&format_args!("'{text}"))?;
        }
        Ok(())
    }

    fn shown(&mut self, value: &impl Display) -> io::Result<()> {
        self.text.clear();
        // Writing to a string cannot fail.
        let _ = write!(self.text, "{value}");
        Ok(self.to.write_field(&*self.text)?)
    }

    /// Writes the place and ends the row; row 0 is none.
    fn end(&mut self, path: &str, row: u32) -> io::Result<()> {
        self.texts([path])?;
        if row == 0 {
            self.to.write_field("")?;
        } else {
            self.shown(&row)?;
        }
        Ok(self.to.write_record(None::<&[u8]>)?)
    }
}
