//! case.toml of a masked copy: written anew, so that comments stay behind.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use toml::{Table, Value};

use super::papers::Rewriter;
use super::pieces::{self, Kind, Piece};
use super::stand_ins::Originals;

/// What stands where an address or a place stood.
const HIDDEN: &str = "（已遮盖）";

/// What a text of case.toml is.
#[derive(Clone, Copy)]
enum Treatment {
    Replace(Kind),
    Hide,
    Path,
    Stays,
    Free,
}

fn treatment(section: &str, key: &str) -> Treatment {
    match (section, key) {
        (_, "msisdn" | "phone") => Treatment::Replace(Kind::Number),
        (_, "agent_id" | "ticket") => Treatment::Replace(Kind::Id),
        ("complainant", "name") => Treatment::Replace(Kind::Name),
        (_, "address" | "place") => Treatment::Hide,
        (_, "file") => Treatment::Path,
        (_, "schema" | "province" | "operator" | "billing" | "product" | "format" | "channel" | "kinds") => {
            Treatment::Stays
        }
        (_, "rollover" | "allowance" | "outcome" | "respondent") => Treatment::Stays,
        _ => Treatment::Free,
    }
}

/// Takes up everything in case.toml that is to be replaced.
pub fn collect(case: &Table, originals: &mut Originals) {
    each_text(case, &mut |section, key, text| match treatment(section, key) {
        Treatment::Replace(kind) => originals.add(kind, text),
        Treatment::Free => {
            for piece in pieces::of_text(text) {
                if let Piece::Replace(kind, text) = piece {
                    originals.add(kind, text);
                }
            }
        }
        Treatment::Hide | Treatment::Path | Treatment::Stays => {}
    });
}

fn each_text(case: &Table, act: &mut dyn FnMut(&str, &str, &str)) {
    fn walk(section: &str, key: &str, value: &Value, act: &mut dyn FnMut(&str, &str, &str)) {
        match value {
            Value::String(text) => act(section, key, text),
            Value::Array(values) => values.iter().for_each(|value| walk(section, key, value, act)),
            Value::Table(table) => table.iter().for_each(|(name, value)| walk(key, name, value, act)),
            _ => {}
        }
    }
    case.iter().for_each(|(key, value)| walk("", key, value, act));
}

/// Returns the text of the masked case.toml. `paths` are those of the copy by those of the originals.
pub fn rewrite(case: &Table, paths: &BTreeMap<String, Vec<String>>, rewriter: &Rewriter<'_>) -> String {
    let writer = Writer { paths, rewriter };
    let mut text = String::new();
    for (key, value) in case.iter().filter(|(_, value)| !is_section(value)) {
        let _ = writeln!(text, "{key} = {}", writer.value("", key, value, None));
    }
    for (key, value) in case.iter().filter(|(key, value)| is_section(value) && *key != "attachment") {
        match value {
            Value::Table(table) => writer.section(&mut text, &format!("[{key}]"), key, table),
            Value::Array(tables) => {
                for table in tables.iter().filter_map(Value::as_table) {
                    writer.section(&mut text, &format!("[[{key}]]"), key, table);
                }
            }
            _ => {}
        }
    }
    text
}

fn is_section(value: &Value) -> bool {
    value.is_table() || value.as_array().is_some_and(|values| values.iter().any(Value::is_table))
}

struct Writer<'a> {
    paths: &'a BTreeMap<String, Vec<String>>,
    rewriter: &'a Rewriter<'a>,
}

impl Writer<'_> {
    /// A table that names an archive is written once for each of its files; one that names a file which is not in the
    /// copy is left out.
    fn section(&self, text: &mut String, header: &str, section: &str, table: &Table) {
        let file = table.get("file").and_then(Value::as_str);
        let targets: Vec<Option<&str>> = match file {
            Some(file) => {
                self.paths.get(file).into_iter().flatten().map(|path| Some(path.as_str())).collect()
            }
            None => vec![None],
        };
        for target in targets {
            let _ = writeln!(text, "\n{header}");
            for (key, value) in table {
                let _ = writeln!(text, "{key} = {}", self.value(section, key, value, target));
            }
        }
    }

    fn value(&self, section: &str, key: &str, value: &Value, path: Option<&str>) -> String {
        match value {
            Value::String(text) => quoted(&self.text(section, key, text, path)),
            Value::Array(values) => {
                let values: Vec<String> =
                    values.iter().map(|value| self.value(section, key, value, path)).collect();
                format!("[{}]", values.join(", "))
            }
            Value::Integer(number) => number.to_string(),
            Value::Boolean(truth) => truth.to_string(),
            Value::Datetime(at) => at.to_string(),
            // No key of a case file holds anything else.
            Value::Float(_) | Value::Table(_) => "\"\"".to_owned(),
        }
    }

    fn text(&self, section: &str, key: &str, text: &str, path: Option<&str>) -> String {
        match treatment(section, key) {
            Treatment::Replace(kind) => self.rewriter.stand_in(kind, text),
            Treatment::Hide => HIDDEN.to_owned(),
            Treatment::Path => path.unwrap_or_default().to_owned(),
            Treatment::Stays => text.to_owned(),
            Treatment::Free => self.rewriter.free_text(text),
        }
    }
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted + "\""
}
