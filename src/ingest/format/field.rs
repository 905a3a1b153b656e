//! The fields of the general record format and the grammar of each.

use crate::model::source::TableKind;

/// The grammar of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellRule {
    /// Any text, trimmed.
    Text,
    /// An id: text that a spreadsheet may have damaged.
    Id,
    /// A phone number.
    Msisdn,
    /// An amount.
    Money,
    /// An exact number.
    Number,
    /// A time, or the date part of one.
    DateTime,
    /// A day.
    Date,
    /// A time of day beside a date.
    Time,
    /// A billing month.
    Month,
    /// A duration.
    Duration,
    /// A data volume.
    Volume,
    /// A word of a table.
    Word,
    /// Yes or no.
    YesNo,
}

impl CellRule {
    /// Returns whether its values are added up: then a merged cell is the value of its first row only.
    pub fn is_counted(self) -> bool {
        matches!(self, Self::Money | Self::Number | Self::Duration | Self::Volume)
    }

    /// Returns the name of the grammar, as diagnostics name it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Id => "id",
            Self::Msisdn => "msisdn",
            Self::Money => "money",
            Self::Number => "number",
            Self::DateTime => "datetime",
            Self::Date => "date",
            Self::Time => "time",
            Self::Month => "month",
            Self::Duration => "duration",
            Self::Volume => "volume",
            Self::Word => "word",
            Self::YesNo => "yes-no",
        }
    }
}

use CellRule::{Date, DateTime, Duration, Id, Money, Month, Msisdn, Number, Text, Time, Volume, Word, YesNo};

const USAGE: &[(&str, CellRule)] = &[
    ("msisdn", Msisdn),
    ("start", DateTime),
    ("time", Time),
    ("kind", Word),
    ("direction", Word),
    ("scope", Word),
    ("peer", Msisdn),
    ("duration_s", Duration),
    ("bytes", Volume),
    ("app", Text),
    ("location", Text),
    ("fee", Money),
    ("record_id", Id),
    ("failed", Word),
];
const BILL: &[(&str, CellRule)] = &[
    ("msisdn", Msisdn),
    ("period", Month),
    ("item", Text),
    ("category", Word),
    ("amount", Money),
    ("quantity", Number),
    ("unit_price", Number),
    ("provider", Text),
];
const PAYMENTS: &[(&str, CellRule)] = &[
    ("paid_at", DateTime),
    ("time", Time),
    ("platform", Text),
    ("payee", Text),
    ("description", Text),
    ("amount", Money),
    ("direction", Word),
    ("status", Word),
    ("order_id", Id),
    ("merchant_order_id", Id),
    ("msisdn", Msisdn),
    ("face_value", Money),
    ("refunded", Money),
    // Exports of banks: two columns, or one whose sign is that of the balance.
    ("income", Money),
    ("expense", Money),
    ("change", Money),
];
const ORDERS: &[(&str, CellRule)] = &[
    ("msisdn", Msisdn),
    ("at", DateTime),
    ("time", Time),
    ("action", Word),
    ("product", Text),
    ("name", Text),
    ("effective_from", Date),
    ("effective_to", Date),
    ("price", Money),
    ("channel", Text),
    ("confirmed", YesNo),
    ("auto_renew", YesNo),
    ("order_id", Id),
];
const CHARGES: &[(&str, CellRule)] = &[
    ("msisdn", Msisdn),
    ("charged_at", DateTime),
    ("time", Time),
    ("period", Month),
    ("item", Text),
    ("category", Word),
    ("amount", Money),
    ("provider", Text),
];
const WALLET: &[(&str, CellRule)] = &[
    ("msisdn", Msisdn),
    ("at", DateTime),
    ("time", Time),
    ("account", Text),
    ("order_id", Id),
    ("change", Money),
    ("before", Money),
    ("after", Money),
    ("note", Text),
];

/// Returns the fields that a table may fill, with their grammars.
pub fn fields(table: TableKind) -> &'static [(&'static str, CellRule)] {
    match table {
        TableKind::Usage => USAGE,
        TableKind::Bill => BILL,
        TableKind::Payments => PAYMENTS,
        TableKind::Orders => ORDERS,
        TableKind::Charges => CHARGES,
        TableKind::Wallet => WALLET,
    }
}

/// Returns the grammar of a field, if the table has it.
pub fn rule_of(table: TableKind, field: &str) -> Option<CellRule> {
    fields(table).iter().find(|(name, _)| *name == field).map(|(_, rule)| *rule)
}
