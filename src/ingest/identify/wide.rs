//! Bills with a column for each fee, as operators print them for the numbers of a company: told, not read.

use crate::ingest::fold::fold_name;
use crate::ingest::format::FormatBook;
use crate::ingest::header::header_name;
use crate::ingest::identify::HEADER_ROW_MAX;
use crate::ingest::parse_cell::is_present;
use crate::model::message::Message;
use crate::model::record::Category;
use crate::model::sheet::{Row, Sheet};
use crate::model::source::Unusable;

/// So many columns named like items of a bill tell it.
const FEES_MIN: usize = 3;
/// Headers under which such bills name the number.
const NUMBER_HEADERS: [&str; 7] =
    ["业务号码", "手机号码", "手机号", "用户号码", "服务号码", "计费号码", "msisdn"];

/// Returns the answer for a sheet that is a bill with a column for each fee.
pub fn wide_bill(sheet: &Sheet, book: &FormatBook) -> Option<Unusable> {
    sheet.rows().take(HEADER_ROW_MAX).find_map(|row| answer(sheet, row, book))
}

fn answer(sheet: &Sheet, header: Row<'_>, book: &FormatBook) -> Option<Unusable> {
    let names: Vec<(usize, String)> = header
        .cells()
        .enumerate()
        .filter(|(_, cell)| !cell.trim().is_empty() && cell.len() <= 200)
        .map(|(index, cell)| (index + 1, header_name(cell).0))
        .collect();
    let number = names.iter().find(|(_, name)| NUMBER_HEADERS.contains(&name.as_str()))?.0;
    let is_fee = |name: &str| {
        let meaning = book.items.meaning(&fold_name(name), "");
        meaning.is_some_and(|meaning| meaning.category.is_charge() && meaning.category != Category::Other)
    };
    let known: Vec<usize> =
        names.iter().filter(|(_, name)| is_fee(name)).map(|(column, _)| *column).collect();
    let (first, last) = match known.as_slice() {
        [first, .., last] if known.len() >= FEES_MIN => (*first, *last),
        _ => return None,
    };
    // What stands between two fees is a fee, also under a name that is not known.
    let fees = names.iter().filter(|(column, _)| (first..=last).contains(column));
    let items: Vec<&str> = fees.map(|(_, name)| name.as_str()).collect();
    let message =
        Message::new("ingest.file.wide-bill").text("row", header.number()).text("items", items.join("、"));
    let help = Message::new("ingest.file.wide-bill.help")
        .text("count", items.len())
        .text("example", example(sheet, header.number(), number, (first, items[0])));
    Some(Unusable { code: "wide-bill", message, help })
}

/// Returns the first fee of the first number as a row of its own; the month has to be filled in.
fn example(sheet: &Sheet, header_row: u32, number: usize, (column, item): (usize, &str)) -> String {
    let first = sheet.rows_after(header_row).find(|row| is_present(row.cell(number)));
    let cell = |column: usize| first.map_or("", |row| row.cell(column).trim());
    format!("{},YYYY-MM,{item},{}", cell(number), cell(column))
}
