//! Rows to records, one table each. A mapper returns nothing when the reader has collected a problem.

pub mod bill;
pub mod charges;
pub mod orders;
pub mod payments;
pub mod usage;
pub mod wallet;

use std::borrow::Cow;

use crate::ingest::items::{ItemBook, ItemMeaning};
use crate::ingest::records::Records;
use crate::ingest::row_reader::RowReader;
use crate::model::message::Message;
use crate::model::period::Cycle;
use crate::model::quantity::Unit;
use crate::model::record::Category;
use crate::model::source::{RowRef, TableKind};

/// What a table says for all its rows.
#[derive(Debug, Clone, Copy)]
pub struct RowDefaults<'a> {
    /// Line named outside the rows; empty = none.
    pub msisdn: &'a str,
    /// Billing month stated outside the rows.
    pub cycle: Option<Cycle>,
    /// Item names.
    pub items: &'a ItemBook,
}

/// Maps a row of any table but a bill, whose rows depend on each other. Returns whether it became a record.
pub fn map_row<'a>(
    reader: &mut RowReader<'a>,
    at: RowRef,
    defaults: RowDefaults<'a>,
    records: &mut Records,
) -> bool {
    let table = reader.table.found.format.table;
    let mapped = match table {
        TableKind::Usage => usage::map(reader, at, defaults, records),
        TableKind::Payments => {
            payments::map(reader, at, defaults).map(|payment| records.payments.push(payment))
        }
        TableKind::Orders => orders::map(reader, at, defaults).map(|order| records.orders.push(order)),
        TableKind::Charges => charges::map(reader, at, defaults).map(|charge| records.charges.push(charge)),
        TableKind::Wallet => wallet::map(reader, at, defaults).map(|entry| records.wallet.push(entry)),
        TableKind::Bill => None,
    };
    mapped.is_some()
}

/// Returns the row's own line, else the table's.
fn line_of<'a>(reader: &mut RowReader<'a>, defaults: RowDefaults<'a>) -> Cow<'a, str> {
    let own = reader.number("msisdn");
    if own.is_empty() { Cow::Borrowed(defaults.msisdn) } else { own }
}

/// Returns what an item is for: by the row's category, else by its name, else other with a note.
fn meaning_of(reader: &mut RowReader<'_>, item: &str, items: &ItemBook) -> Option<ItemMeaning> {
    let named = items.meaning(item, &reader.table.found.format.id).cloned();
    if reader.has("category") && !reader.text("category").is_empty() {
        let category = Category::from_code(reader.word("category")?)?;
        let units = named.filter(|named| named.category == category).map(|named| named.units);
        return Some(ItemMeaning { category, units: units.unwrap_or_else(|| units_of(category)) });
    }
    if named.is_none() {
        reader.remark("item", Message::new("ingest.item.unknown").text("item", item));
    }
    Some(named.unwrap_or(ItemMeaning { category: Category::Other, units: Vec::new() }))
}

fn units_of(category: Category) -> Vec<Unit> {
    Unit::ALL.into_iter().filter(|unit| Category::of_unit(*unit) == category).collect()
}
