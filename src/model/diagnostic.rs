//! Remarks about the user's data: collected, never fatal to a file.

use crate::model::coded::coded_enum;
use crate::model::message::Message;

coded_enum! {
    /// What a remark is about.
    DiagnosticClass {
        /// A row that is part of the layout: totals, pager, footer.
        Structure = "structure",
        /// A row or value that could not be read.
        Problem = "problem",
        /// Worth knowing; nothing was left out.
        Note = "note",
    }
}

/// Where, what was read, which rule read it, what to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// What it is about.
    pub class: DiagnosticClass,
    /// Path relative to the case folder.
    pub path: String,
    /// Sheet of a workbook.
    pub sheet: Option<String>,
    /// 1-based row.
    pub row: Option<u32>,
    /// 1-based column.
    pub column: Option<u16>,
    /// Header of the column.
    pub header: Option<String>,
    /// The value as it stands in the file.
    pub value: Option<String>,
    /// The rule that read it, e.g. `cmcc/bill-1: amount (money)`.
    pub rule: Option<String>,
    /// What is wrong.
    pub reason: Message,
    /// What to do.
    pub help: Option<Message>,
}
