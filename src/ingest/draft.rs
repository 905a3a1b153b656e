//! A format file for a layout that is not known, drafted from a sample: every header is in it, those that the
//! nearest layout knows with their field, the others to be assigned by a person.

use std::fmt::Write as _;

use crate::ingest::container::{Container, sniff};
use crate::ingest::format::Format;
use crate::ingest::format::field::fields;
use crate::ingest::header::header_name;
use crate::ingest::identify::{HEADER_ROW_MAX, Identified, SheetContext, identify, unknown_layout};
use crate::ingest::read_csv::{ReadSheet, delimiters_by_promise, read_csv};
use crate::ingest::room::Room;
use crate::ingest::{FormatBook, InputFile, decode, read_html, read_parquet, read_workbook};
use crate::model::sheet::Row;
use crate::model::source::{TableKind, Unusable};

/// Returns the text of a format file for the sample.
///
/// # Errors
/// When the sample cannot be read, or no row of it could be a header.
pub fn draft(sample: &InputFile, book: &FormatBook) -> Result<String, Unusable> {
    let context = SheetContext { book, hint: None, path: &sample.path };
    for read in sheets(&sample.bytes)? {
        let nearest = identify(&read.sheet, context, "").into_iter().find_map(|answer| match answer {
            Identified::One(found) => Some((found.format, found.header_row)),
            Identified::None(Some(near)) => Some((near.format, near.row)),
            _ => None,
        });
        let row = match nearest {
            Some((_, row)) => read.sheet.row(row),
            None => read.sheet.rows().find(|row| headers(*row).len() >= 2),
        };
        if let Some(row) = row {
            return Ok(text(&headers(row), nearest.map(|(format, _)| format)));
        }
    }
    Err(unknown_layout(None))
}

fn sheets(bytes: &[u8]) -> Result<Vec<ReadSheet>, Unusable> {
    let mut room = Room::beside(bytes.len());
    match sniff(bytes)? {
        Container::Text => {
            let text = decode::decode(bytes.into(), &mut room)?;
            let delimiter = delimiters_by_promise(&text).first().copied().unwrap_or(b',');
            Ok(vec![read_csv(text, delimiter, HEADER_ROW_MAX, room)?.read])
        }
        Container::Html => read_html::read_html(bytes, &mut room),
        Container::Workbook => read_workbook::read_workbook(bytes, &mut room),
        Container::Xls => read_workbook::read_xls(bytes, &mut room),
        Container::Ods => read_workbook::read_ods(bytes, &mut room),
        Container::Parquet => read_parquet::read_parquet(bytes, &mut room),
    }
}

fn headers(row: Row<'_>) -> Vec<String> {
    let filled = row.cells().map(str::trim).filter(|cell| !cell.is_empty() && cell.len() <= 200);
    filled.map(|cell| cell.replace(['\n', '\r', '\t'], " ")).collect()
}

fn text(headers: &[String], nearest: Option<&Format>) -> String {
    let table = nearest.map_or(TableKind::Usage, |format| format.table);
    let mut draft = String::from("schema = \"mingzhang.format/1\"\nid = \"my/format-1\"\n");
    draft += "title = { zh = \"我的格式\", en = \"My format\" }\n";
    let _ = writeln!(draft, "# usage, bill, payments, orders, charges, wallet\ntable = \"{}\"", table.code());
    draft += "verified = false\npreamble = [\"window\", \"export-time\"]\n";
    let (known, other): (Vec<&String>, Vec<&String>) =
        headers.iter().partition(|header| field_of(header, nearest).is_some());
    let quoted: Vec<String> = other.iter().map(|header| format!("{header:?}")).collect();
    let _ =
        writeln!(draft, "# 还没有指定用途的列 / columns without a field\ncontext = [{}]", quoted.join(", "));
    if let Some(constants) = nearest.map(|format| &format.constants).filter(|constants| !constants.is_empty())
    {
        draft += "\n[constants]\n";
        for (field, value) in constants {
            let _ = writeln!(draft, "{field} = {value:?}");
        }
    }
    for header in known {
        column(&mut draft, header, nearest);
    }
    let names: Vec<&str> = fields(table).iter().map(|(name, _)| *name).collect();
    let _ = writeln!(draft, "\n# 可用的字段 / fields: {}", names.join(" "));
    draft += "# [[column]]\n# field = \"…\"\n# header = [\"…\"]\n# required = true\n";
    draft
}

fn field_of<'f>(header: &str, nearest: Option<&'f Format>) -> Option<&'f str> {
    let key = header_name(header).0;
    let column = nearest?.columns.iter().find(|column| column.headers.contains(&key))?;
    Some(&column.field)
}

fn column(draft: &mut String, header: &str, nearest: Option<&Format>) {
    let key = header_name(header).0;
    let Some(rule) = nearest.and_then(|f| f.columns.iter().find(|column| column.headers.contains(&key)))
    else {
        return;
    };
    let _ = writeln!(draft, "\n[[column]]\nfield = {:?}\nheader = [{header:?}]", rule.field);
    if rule.required {
        draft.push_str("required = true\n");
    }
    let shared = match rule.field.as_str() {
        "kind" => Some("kind"),
        "direction" if nearest.is_some_and(|f| f.table == TableKind::Payments) => Some("money-direction"),
        "direction" => Some("direction"),
        "scope" => Some("scope"),
        "failed" => Some("failed"),
        "category" => Some("category"),
        "status" => Some("payment-status"),
        "action" => Some("order-action"),
        _ => None,
    };
    if let Some(words) = shared {
        let _ = writeln!(draft, "words = {words:?}");
    }
}
