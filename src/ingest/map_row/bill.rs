//! Bill rows: read one by one, then weighed together, because a group row with items below it is a
//! subtotal and because 优惠 in a name does not tell the sign.

use std::collections::BTreeSet;

use crate::ingest::fold::matches_glob;
use crate::ingest::items::item_key;
use crate::ingest::map_row::{RowDefaults, line_of, meaning_of};
use crate::ingest::records::Owned;
use crate::ingest::row_reader::RowReader;
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::period::Cycle;
use crate::model::record::{BillLine, Category};
use crate::model::source::RowRef;

/// A bill row before its place in the tree is known.
#[derive(Debug, Clone)]
pub struct BillRow {
    /// The line that it is, unless it turns out to be a subtotal.
    pub line: Owned<BillLine>,
    /// Whether the format names it as a group.
    is_group: bool,
    /// Whether it is indented below another row.
    is_indented: bool,
    /// Whether its category was read from the item's name.
    by_name: bool,
}

/// What a bill row turned out to be.
#[derive(Debug, Clone)]
pub enum BillEntry {
    /// A line of the bill.
    Line(Owned<BillLine>, Option<Message>),
    /// A subtotal of the rows below it, or a total that repeats another.
    Structure(RowRef, Message),
}

/// Returns the row; nothing when a cell that is needed cannot be read.
pub fn read<'a>(reader: &mut RowReader<'a>, at: RowRef, defaults: RowDefaults<'a>) -> Option<BillRow> {
    let msisdn = line_of(reader, defaults);
    let item = Some(reader.text("item")).filter(|item| !item.is_empty());
    let item = reader.need("item", item);
    let key = item_key(item.unwrap_or_default());
    let is_group = reader.table.found.format.groups.iter().any(|glob| matches_glob(glob, &key));
    let amount = amount(reader, is_group);
    let cycle = reader.month("period").or(defaults.cycle);
    let cycle = reader.need("period", cycle);
    let by_name = reader.text("category").is_empty();
    let meaning = item.and_then(|item| match is_group {
        true => known_meaning(reader, item, defaults),
        false => meaning_of(reader, item, defaults.items),
    });
    let (quantity, unit_price) = (reader.decimal("quantity"), reader.decimal("unit_price"));
    let meaning = meaning?;
    let line = BillLine {
        at,
        cycle: cycle?,
        item: item?.to_owned(),
        category: meaning.category,
        units: meaning.units,
        amount: amount?,
        quantity,
        unit_price,
        provider: Some(reader.text("provider")).filter(|provider| !provider.is_empty()).map(str::to_owned),
    };
    let is_indented = is_indented(reader.untrimmed("item"));
    let row =
        BillRow { line: Owned { msisdn: msisdn.into_owned(), record: line }, is_group, is_indented, by_name };
    reader.problems.is_empty().then_some(row)
}

/// A group heading often has no amount of its own.
fn amount(reader: &mut RowReader<'_>, is_group: bool) -> Option<Money> {
    let amount = reader.money("amount");
    if is_group && amount.is_none() && reader.problems.is_empty() {
        return Some(Money::ZERO);
    }
    reader.need("amount", amount)
}

/// A group row is mostly a subtotal, so an unknown name needs no remark.
fn known_meaning(
    reader: &mut RowReader<'_>,
    item: &str,
    defaults: RowDefaults<'_>,
) -> Option<crate::ingest::items::ItemMeaning> {
    let notes = reader.notes.len();
    let meaning = meaning_of(reader, item, defaults.items);
    reader.notes.truncate(notes);
    meaning
}

fn is_indented(printed: &str) -> bool {
    let printed = printed.trim_start_matches('\u{FEFF}');
    printed.starts_with([' ', '\t', '\u{3000}', '\u{A0}', '•', '·', '-', '└', '├'])
}

/// Returns what each row is, in their order.
pub fn weigh(rows: Vec<BillRow>) -> Vec<BillEntry> {
    let (subtotal, flipped) = reading(&rows);
    let mut totals: BTreeSet<(String, Cycle, Money)> = BTreeSet::new();
    let mut entries = Vec::new();
    for (row, is_subtotal) in rows.into_iter().zip(subtotal) {
        let (at, line) = (row.line.record.at, &row.line.record);
        if is_subtotal {
            entries
                .push(BillEntry::Structure(at, Message::new("ingest.row.subtotal").text("item", &line.item)));
        } else if line.category == Category::Total {
            let total = (row.line.msisdn.clone(), line.cycle, line.amount);
            if totals.insert(total) {
                entries.push(BillEntry::Line(row.line, None));
            } else {
                let reason = Message::new("ingest.row.repeated-total").text("item", &line.item);
                entries.push(BillEntry::Structure(at, reason));
            }
        } else {
            entries.push(signed(row, flipped));
        }
    }
    entries
}

/// The sign of a reduction that is printed without one is taken from the printed total; where that does
/// not tell, the amount stays as printed and counts as a charge of no particular kind.
fn signed(row: BillRow, flipped: bool) -> BillEntry {
    let BillRow { mut line, by_name, .. } = row;
    let is_reduction = reduces(line.record.category);
    if !(is_reduction && by_name && line.record.amount.is_positive()) {
        return BillEntry::Line(line, None);
    }
    let item = line.record.item.clone();
    if flipped {
        line.record.amount = line.record.amount.negated();
        return BillEntry::Line(line, Some(Message::new("ingest.item.flipped").text("item", item)));
    }
    line.record.category = Category::Other;
    BillEntry::Line(line, Some(Message::new("ingest.item.positive-discount").text("item", item)))
}

/// Returns which rows are subtotals and whether positive reductions are meant negative: the first reading
/// under which the charges add up to the printed total, else the plain one.
fn reading(rows: &[BillRow]) -> (Vec<bool>, bool) {
    let (nested, flat) = subtotals(rows);
    let readings = [(&nested, false), (&flat, false), (&nested, true), (&flat, true)];
    let tying = readings.into_iter().find(|(subtotal, flip)| ties_with_total(rows, subtotal, *flip));
    let (subtotal, flip) = tying.unwrap_or((&nested, false));
    (subtotal.clone(), flip)
}

/// Returns for each row whether it is a subtotal: a group row with items below it. The second answer leaves
/// out groups whose amount is not the sum of what follows: flat bills name groups among their lines.
fn subtotals(rows: &[BillRow]) -> (Vec<bool>, Vec<bool>) {
    let mut nested = vec![false; rows.len()];
    let mut certain = vec![false; rows.len()];
    for (index, row) in rows.iter().enumerate().filter(|(_, row)| row.is_group) {
        let below: Vec<&BillRow> =
            rows[index + 1..].iter().take_while(|below| belongs_below(below, row)).collect();
        let indented = below.first().is_some_and(|below| below.is_indented) && !row.is_indented;
        let amount = row.line.record.amount;
        let sum = Money::sum(below.iter().map(|below| below.line.record.amount)).ok();
        nested[index] = !below.is_empty();
        certain[index] = nested[index] && (indented || amount.is_zero() || sum == Some(amount));
    }
    (nested, certain)
}

fn reduces(category: Category) -> bool {
    matches!(category, Category::Discount | Category::Credit)
}

fn belongs_below(below: &BillRow, group: &BillRow) -> bool {
    let (line, head) = (&below.line, &group.line);
    let same_bill = line.msisdn == head.msisdn && line.record.cycle == head.record.cycle;
    // A reduction after a charge is no part of it, unless it is printed as one.
    let apart = reduces(line.record.category) && !below.is_indented;
    !below.is_group && same_bill && line.record.category.is_charge() && !apart
}

/// Returns whether the charges add up to the first printed total.
fn ties_with_total(rows: &[BillRow], subtotal: &[bool], flip_discounts: bool) -> bool {
    let total = rows.iter().find(|row| row.line.record.category == Category::Total);
    let Some(total) = total.map(|row| &row.line) else { return false };
    let counted = rows.iter().zip(subtotal).filter(|(row, is_subtotal)| {
        let line = &row.line;
        !**is_subtotal
            && line.record.category.is_charge()
            && line.msisdn == total.msisdn
            && line.record.cycle == total.record.cycle
    });
    let amounts = counted.map(|(row, _)| {
        let line = &row.line.record;
        let is_reduction = reduces(line.category);
        if flip_discounts && is_reduction && row.by_name && line.amount.is_positive() {
            line.amount.negated()
        } else {
            line.amount
        }
    });
    Money::sum(amounts).is_ok_and(|sum| sum == total.record.amount)
}
