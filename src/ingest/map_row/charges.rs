//! Rows of a list that details bill lines.

use crate::ingest::map_row::{RowDefaults, line_of, meaning_of};
use crate::ingest::records::Owned;
use crate::ingest::row_reader::RowReader;
use crate::model::record::Charge;
use crate::model::source::RowRef;

/// Returns the charge of a row; nothing when a cell that is needed cannot be read.
pub fn map<'a>(reader: &mut RowReader<'a>, at: RowRef, defaults: RowDefaults<'a>) -> Option<Owned<Charge>> {
    let msisdn = line_of(reader, defaults);
    let charged_at = reader.time("charged_at");
    let charged_at = reader.need("charged_at", charged_at);
    let item = Some(reader.text("item")).filter(|item| !item.is_empty());
    let item = reader.need("item", item);
    let amount = reader.money("amount");
    let amount = reader.need("amount", amount);
    let cycle = reader.month("period").or(defaults.cycle);
    let provider = Some(reader.text("provider")).filter(|provider| !provider.is_empty()).map(str::to_owned);
    let meaning = item.and_then(|item| meaning_of(reader, item, defaults.items));
    let (charged_at, item, meaning, amount) = (charged_at?, item?, meaning?, amount?);
    let charge =
        Charge { at, charged_at, cycle, item: item.to_owned(), category: meaning.category, amount, provider };
    reader.problems.is_empty().then_some(Owned { msisdn: msisdn.into_owned(), record: charge })
}
