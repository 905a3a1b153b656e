//! Findings and bill lines as CSV.

use std::fmt::Write as _;
use std::io;

use crate::portfolio::result::LineResult;

/// Columns of `findings`, behind `case` where cases are folders.
pub const FINDING_COLUMNS: [&str; 10] =
    ["msisdn", "period", "code", "kind", "verdict", "amount", "claim", "title", "path", "row"];
/// Columns of `lines`, behind `case` where cases are folders.
pub const BILL_COLUMNS: [&str; 10] =
    ["msisdn", "period", "item", "category", "amount", "explained", "disputed", "unverified", "path", "row"];

/// Writes two tables, row by row.
pub struct CsvTables<W: io::Write> {
    findings: W,
    bill: W,
    has_case: bool,
    text: String,
}

impl<W: io::Write> CsvTables<W> {
    /// Writes the headers.
    ///
    /// # Errors
    /// When a table cannot be written.
    pub fn new(findings: W, bill: W, has_case: bool) -> io::Result<Self> {
        let mut tables = Self { findings, bill, has_case, text: String::new() };
        let case = if has_case { "case," } else { "" };
        writeln!(tables.findings, "{case}{}", FINDING_COLUMNS.join(","))?;
        writeln!(tables.bill, "{case}{}", BILL_COLUMNS.join(","))?;
        Ok(tables)
    }

    /// Writes the rows of a line.
    ///
    /// # Errors
    /// When a table cannot be written.
    pub fn add(&mut self, line: &LineResult) -> io::Result<()> {
        let text = &mut self.text;
        text.clear();
        let head = |text: &mut String| {
            if self.has_case {
                cell(text, &line.case);
                text.push(',');
            }
            cell(text, &line.msisdn);
        };
        for row in &line.findings {
            head(text);
            let (kind, verdict) = (row.kind.code(), row.verdict.code());
            // Writing to a string cannot fail.
            let _ =
                write!(text, ",{},{},{kind},{verdict},{},{},", row.period, row.code, row.amount, row.claim);
            cell(text, &row.title);
            text.push(',');
            place(text, &row.at.path, row.at.row);
        }
        self.findings.write_all(text.as_bytes())?;
        text.clear();
        for row in &line.bill {
            head(text);
            let _ = write!(text, ",{},", row.period);
            cell(text, &row.item);
            let (category, amount) = (row.category.code(), row.amount);
            let _ =
                write!(text, ",{category},{amount},{},{},{}", row.explained, row.disputed, row.unverified);
            text.push(',');
            place(text, &row.at.path, row.at.row);
        }
        self.bill.write_all(text.as_bytes())
    }

    /// Returns the tables.
    ///
    /// # Errors
    /// When a table cannot be written.
    pub fn finish(mut self) -> io::Result<(W, W)> {
        self.findings.flush()?;
        self.bill.flush()?;
        Ok((self.findings, self.bill))
    }
}

fn place(text: &mut String, path: &str, row: u32) {
    cell(text, path);
    let _ = match row {
        0 => writeln!(text, ","),
        row => writeln!(text, ",{row}"),
    };
}

/// Writes a cell; what a spreadsheet would take for a formula or a separator stands in quotes.
pub fn cell(text: &mut String, value: &str) {
    let guarded = value.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if !guarded && !value.contains([',', '"', '\n', '\r']) {
        text.push_str(value);
        return;
    }
    text.push('"');
    if guarded {
        text.push('\'');
    }
    text.push_str(&value.replace('"', "\"\""));
    text.push('"');
}
