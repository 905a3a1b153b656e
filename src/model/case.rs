//! The frozen case: what the papers and the person say, split by line (phone number).

use crate::model::coded::coded_enum;
use crate::model::coverage::{Completeness, CoverKind, Coverage, completeness};
use crate::model::diagnostic::Diagnostic;
use crate::model::money::Money;
use crate::model::period::{Cycle, Day, DaySpan, WallTime};
use crate::model::quantity::Volume;
use crate::model::record::{BillLine, Category, Charge, Order, Payment, WalletEntry};
use crate::model::source::{CellRef, RowRef, Source, Table};
use crate::model::usage::UsageTable;

coded_enum! {
    /// Whose network it is.
    Operator {
        /// 中国移动.
        Cmcc = "cmcc",
        /// 中国联通.
        Cucc = "cucc",
        /// 中国电信.
        Ctcc = "ctcc",
        /// 中国广电.
        Cbn = "cbn",
        /// A virtual operator (移动转售).
        Mvno = "mvno",
    }
}

/// Who complains; only letters use it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Complainant {
    /// Name.
    pub name: Option<String>,
    /// Contact phone.
    pub phone: Option<String>,
    /// Address.
    pub address: Option<String>,
}

/// `[[line]]`: a phone number of the case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LineInfo {
    /// The number.
    pub msisdn: String,
    /// Its operator, if said.
    pub operator: Option<Operator>,
    /// Whether it is prepaid, if said.
    pub prepaid: Option<bool>,
    /// Full name of the operator's company, if said.
    pub respondent: Option<String>,
}

/// `[[subscription]]`: a plan or pack in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Line.
    pub msisdn: String,
    /// Plan id.
    pub product: String,
    /// First day in force.
    pub start: Day,
    /// Last day in force (inclusive, as written), if it ended.
    pub last: Option<Day>,
    /// Whether the pack renews; none = as the plan file says.
    pub auto_renew: Option<bool>,
    /// When it was cancelled, if it was.
    pub cancelled_at: Option<WallTime>,
}

/// `[[source]]`: what a file does not say itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceHint {
    /// Path relative to the case folder.
    pub file: String,
    /// Line of the file's rows.
    pub msisdn: Option<String>,
    /// Format id, where two match.
    pub format: Option<String>,
    /// Year, where times have none.
    pub year: Option<i32>,
}

/// `[[statement]]`: what the person says; never proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// What it is about.
    pub about: String,
    /// The words.
    pub text: String,
}

/// `[[coverage]]`: a declaration that a file holds all events of some kinds in a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredCoverage {
    /// Path relative to the case folder.
    pub file: String,
    /// Line; none = every line seen in the file.
    pub msisdn: Option<String>,
    /// Kinds.
    pub kinds: Vec<CoverKind>,
    /// Days.
    pub span: DaySpan,
}

/// `[[opening]]`: known state before the first record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// Line.
    pub msisdn: String,
    /// What was rolled over.
    pub rollover: Volume,
    /// Allowance it belongs to; none = the only one that rolls over.
    pub allowance: Option<String>,
}

/// `[[contact]]`: one conversation with somebody about the case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// When.
    pub at: WallTime,
    /// operator, platform, miit, 12315, heimao, association, court.
    pub channel: String,
    /// 工号.
    pub agent_id: Option<String>,
    /// 工单号.
    pub ticket: Option<String>,
    /// Waiting time.
    pub answered_after_s: Option<u32>,
    /// What was said.
    pub said: Option<String>,
    /// What was promised.
    pub promise: Option<String>,
    /// When the promise is due.
    pub due: Option<WallTime>,
    /// kept, broken, open.
    pub outcome: Option<String>,
    /// Whether the plan rule was given in writing when asked.
    pub rule_text_given: Option<bool>,
}

/// `[[incident]]`: a fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incident {
    /// When it began.
    pub start: WallTime,
    /// When it was over; none = still open.
    pub end: Option<WallTime>,
    /// Where.
    pub place: Option<String>,
    /// Whether the place is rural.
    pub rural: bool,
    /// What was seen.
    pub symptom: Option<String>,
    /// What was tried.
    pub tried: Vec<String>,
    /// 工单号.
    pub ticket: Option<String>,
}

/// `[[attachment]]`: a file that is quoted, never parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Path relative to the case folder.
    pub file: String,
    /// What it is about.
    pub about: Option<String>,
    /// Where and when it was obtained.
    pub obtained: Option<String>,
}

/// `case.toml`, checked. An absent file is the default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CaseFile {
    /// Title of the report.
    pub title: Option<String>,
    /// Province, for local rules of law.
    pub province: Option<String>,
    /// Day of the calculation.
    pub as_of: Option<Day>,
    /// Who complains.
    pub complainant: Complainant,
    /// Lines.
    pub lines: Vec<LineInfo>,
    /// Plans and packs in force.
    pub subscriptions: Vec<Subscription>,
    /// What files do not say themselves.
    pub sources: Vec<SourceHint>,
    /// What the person says.
    pub statements: Vec<Statement>,
    /// Declared windows.
    pub coverage: Vec<DeclaredCoverage>,
    /// Known state before the first record.
    pub openings: Vec<Opening>,
    /// 沟通记录.
    pub contacts: Vec<Contact>,
    /// 故障.
    pub incidents: Vec<Incident>,
    /// Quoted files.
    pub attachments: Vec<Attachment>,
}

/// The records of one line: the unit of work.
#[derive(Debug, Clone, Default)]
pub struct Line {
    /// What case.toml says about it; the number is always set.
    pub info: LineInfo,
    /// Usage events, sorted.
    pub usage: UsageTable,
    /// Bill lines of all cycles, by cycle, then place.
    pub bill: Vec<BillLine>,
    /// Payments of this line, by time.
    pub payments: Vec<Payment>,
    /// Orders, by time.
    pub orders: Vec<Order>,
    /// Details of bill lines.
    pub charges: Vec<Charge>,
    /// Balance log.
    pub wallet: Vec<WalletEntry>,
    /// Plans and packs in force by case.toml.
    pub subscriptions: Vec<Subscription>,
    /// Known state before the first record.
    pub openings: Vec<Opening>,
    /// Windows that speak for this line.
    pub coverage: Vec<Coverage>,
    /// Further places of a record that overlapping exports print again: (kept, also here).
    pub repeated: Vec<(RowRef, RowRef)>,
}

impl Line {
    /// Returns the cycles for which the line has a bill, in order.
    pub fn billed_cycles(&self) -> Vec<Cycle> {
        let mut cycles: Vec<Cycle> = self.bill.iter().map(|line| line.cycle).collect();
        cycles.sort();
        cycles.dedup();
        cycles
    }

    /// Returns the indices of the bill lines of that cycle.
    pub fn bill_of(&self, cycle: Cycle) -> impl Iterator<Item = (usize, &BillLine)> {
        self.bill.iter().enumerate().filter(move |(_, line)| line.cycle == cycle)
    }

    /// Returns the charges of that cycle: bill lines without totals, payments and balances.
    pub fn charges_of(&self, cycle: Cycle) -> impl Iterator<Item = (usize, &BillLine)> {
        self.bill_of(cycle).filter(|(_, line)| line.category.is_charge())
    }

    /// Returns the printed total of that cycle, if there is exactly one.
    pub fn printed_total(&self, cycle: Cycle) -> Option<(usize, &BillLine)> {
        let mut totals = self.bill_of(cycle).filter(|(_, line)| line.category == Category::Total);
        totals.next().filter(|_| totals.next().is_none())
    }

    /// Returns how completely a kind is on paper over a span.
    pub fn completeness(&self, kind: CoverKind, span: DaySpan) -> Completeness {
        completeness(&self.coverage, kind, span)
    }
}

/// The frozen case.
#[derive(Debug, Clone, Default)]
pub struct Case {
    /// case.toml.
    pub file: CaseFile,
    /// Day of the calculation.
    pub as_of: Day,
    /// Input files, by path.
    pub sources: Vec<Source>,
    /// Lines, by number.
    pub lines: Vec<Line>,
    /// Payments that belong to no line of the case, by time.
    pub other_payments: Vec<Payment>,
    /// Remarks about the case as a whole.
    pub notes: Vec<Diagnostic>,
}

impl Case {
    /// Returns the file of a row.
    pub fn source(&self, at: RowRef) -> &Source {
        &self.sources[at.source as usize]
    }

    /// Returns the table of a row.
    pub fn table(&self, at: RowRef) -> &Table {
        &self.source(at).tables[at.table as usize]
    }

    /// Returns the cell of `at` that fills the field of the general record format.
    pub fn cell_of(&self, at: RowRef, field: &str) -> CellRef {
        CellRef { row: at, column: self.table(at).column_of(field) }
    }

    /// Returns the text of a cell as printed, trimmed; the whole row joined when no column is named.
    pub fn quote(&self, at: CellRef) -> String {
        let Some(row) = self.table(at.row).sheet.row(at.row.row) else { return String::new() };
        match at.column {
            Some(column) => row.cell(column as usize).trim().to_owned(),
            None => row.cells().map(str::trim).filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join("  "),
        }
    }

    /// Returns the amount as the yuan of a field, for tests and texts.
    pub fn total_charged(&self) -> crate::error::Result<Money> {
        let lines = self.lines.iter().flat_map(|line| &line.bill);
        Money::sum(lines.filter(|line| line.category.is_charge()).map(|line| line.amount))
    }
}
