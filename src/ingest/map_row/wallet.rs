//! Rows of a balance log.

use crate::ingest::map_row::{RowDefaults, line_of};
use crate::ingest::records::Owned;
use crate::ingest::row_reader::RowReader;
use crate::model::record::WalletEntry;
use crate::model::source::RowRef;

/// Returns the entry of a row; nothing when a cell that is needed cannot be read.
pub fn map<'a>(
    reader: &mut RowReader<'a>,
    at: RowRef,
    defaults: RowDefaults<'a>,
) -> Option<Owned<WalletEntry>> {
    let msisdn = line_of(reader, defaults);
    let changed_at = reader.time("at");
    let changed_at = reader.need("at", changed_at);
    let change = reader.money("change");
    let change = reader.need("change", change);
    let (before, after) = (reader.money("before"), reader.money("after"));
    let entry = WalletEntry {
        at,
        changed_at: changed_at?,
        account: reader.text("account").to_owned(),
        order_id: reader.id("order_id").into_owned(),
        change: change?,
        before,
        after,
        note: reader.text("note").to_owned(),
    };
    reader.problems.is_empty().then_some(Owned { msisdn: msisdn.into_owned(), record: entry })
}
