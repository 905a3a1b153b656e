//! The papers: files, their tables, and the place of every row and cell.

use std::sync::Arc;

use crate::model::coded::coded_enum;
use crate::model::coverage::Coverage;
use crate::model::diagnostic::Diagnostic;
use crate::model::message::Message;
use crate::model::period::Day;
use crate::model::sheet::Sheet;

/// The place of a row: which file, which of its tables, which row of the sheet (1-based).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowRef {
    /// Index into the case's sources.
    pub source: u16,
    /// Index into the source's tables.
    pub table: u16,
    /// Row in the file or sheet, as an editor counts it.
    pub row: u32,
}

/// The place of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CellRef {
    /// The row.
    pub row: RowRef,
    /// 1-based column; none where the whole row is meant.
    pub column: Option<u16>,
}

coded_enum! {
    /// Which of the general tables a file fills.
    TableKind {
        /// Usage events.
        Usage = "usage",
        /// Bill lines, balances and totals.
        Bill = "bill",
        /// Payments of a platform or bank.
        Payments = "payments",
        /// Orders, renewals, cancellations.
        Orders = "orders",
        /// Details of bill lines, never added to the bill.
        Charges = "charges",
        /// A balance log.
        Wallet = "wallet",
    }
}

/// How a column of a file was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnUse {
    /// 1-based column.
    pub column: u16,
    /// Header as printed, trimmed.
    pub header: String,
    /// Field of the general record format that it fills; none = kept as context.
    pub field: Option<String>,
}

/// A total that the file prints about itself, against what was counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ControlTotal {
    /// What is counted: `count`, `sum`, `in`, `out`, `neutral`.
    pub name: String,
    /// As printed.
    pub stated: String,
    /// Counted by us, in the same form.
    pub counted: String,
    /// Whether both agree.
    pub ties: bool,
    /// Where it is printed.
    pub at: CellRef,
}

/// One table of a file, recognised and read.
#[derive(Debug, Clone)]
pub struct Table {
    /// Its cells as printed.
    pub sheet: Arc<Sheet>,
    /// Id of the format that recognised it, e.g. `cmcc/bill-1`.
    pub profile: String,
    /// Whether that layout was confirmed on a real file.
    pub verified: bool,
    /// Which general table it fills.
    pub kind: TableKind,
    /// Row of the header.
    pub header_row: u32,
    /// How each column was read.
    pub columns: Vec<ColumnUse>,
    /// Non-blank rows below the header = used + set aside.
    pub rows_read: u32,
    /// Rows that became records (or date rows).
    pub rows_used: u32,
    /// The others, each with its reason.
    pub set_aside: Vec<Diagnostic>,
    /// Which kinds and days the table speaks for.
    pub coverage: Vec<Coverage>,
    /// What the file says about itself.
    pub controls: Vec<ControlTotal>,
    /// Number of the line, where the file states it outside the rows.
    pub msisdn: Option<String>,
    /// Day on which the export was made, where stated.
    pub exported_on: Option<Day>,
    /// Whether the export says that it was not filtered (导出类型 全部); none = it does not say.
    pub unfiltered: Option<bool>,
}

impl Table {
    /// Returns the 1-based column that fills the field.
    pub fn column_of(&self, field: &str) -> Option<u16> {
        self.columns.iter().find(|column| column.field.as_deref() == Some(field)).map(|column| column.column)
    }
}

/// Why a file could not be used at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unusable {
    /// Stable code, e.g. `unknown-layout`, `truncated`.
    pub code: &'static str,
    /// What is wrong with it.
    pub message: Message,
    /// What to do instead.
    pub help: Message,
}

/// One input file.
#[derive(Debug, Clone)]
pub struct Source {
    /// Path relative to the case folder, with `/`.
    pub path: String,
    /// SHA-256 of the bytes that were parsed, in hexadecimal.
    pub sha256: String,
    /// Size of the file.
    pub length_bytes: u64,
    /// Its tables; empty when it could not be used.
    pub tables: Vec<Table>,
    /// Why it could not be used, if so.
    pub unusable: Option<Unusable>,
    /// Remarks about the whole file.
    pub notes: Vec<Diagnostic>,
}
