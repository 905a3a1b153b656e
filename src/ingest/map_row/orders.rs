//! Order rows.

use crate::ingest::map_row::{RowDefaults, line_of};
use crate::ingest::records::Owned;
use crate::ingest::row_reader::RowReader;
use crate::model::record::{Order, OrderAction};
use crate::model::source::RowRef;

/// Returns the order of a row; nothing when a cell that is needed cannot be read.
pub fn map<'a>(reader: &mut RowReader<'a>, at: RowRef, defaults: RowDefaults<'a>) -> Option<Owned<Order>> {
    let msisdn = line_of(reader, defaults);
    let ordered_at = reader.time("at");
    let ordered_at = reader.need("at", ordered_at);
    let action = reader.word("action");
    let action = reader.need("action", action).and_then(OrderAction::from_code);
    let (product, name) = (reader.text("product"), reader.text("name"));
    // Stopping and restarting a line concerns no product.
    let of_line = matches!(action, Some(OrderAction::Suspend | OrderAction::Resume));
    if product.is_empty() && name.is_empty() && !of_line {
        reader.need::<()>("name", None);
    }
    let (effective_from, effective_last) = (reader.day_of("effective_from"), reader.day_of("effective_to"));
    let price = reader.money("price");
    let (confirmed, auto_renew) = (reader.yes_no("confirmed"), reader.yes_no("auto_renew"));
    let order = Order {
        at,
        ordered_at: ordered_at?,
        action: action?,
        product: product.to_owned(),
        name: name.to_owned(),
        effective_from,
        effective_last,
        price,
        channel: reader.text("channel").to_owned(),
        confirmed,
        auto_renew,
        order_id: reader.id("order_id").into_owned(),
    };
    reader.problems.is_empty().then_some(Owned { msisdn: msisdn.into_owned(), record: order })
}
