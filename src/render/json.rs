//! `report.json`: the model itself, pretty-printed.

use std::fmt::Write as _;

use crate::render::visible;
use crate::report::model::Report;

/// Returns the report as JSON text in the order of the model, control and bidi characters as `\uXXXX`,
/// with a line feed at the end.
pub fn render(report: &Report) -> String {
    let mut text = match serde_json::to_string_pretty(report) {
        Ok(text) => escape_unsafe(&text),
        // The model holds only text, numbers and lists: nothing in it can fail to serialise.
        Err(error) => unreachable!("the report model serialises: {error}"),
    };
    text.push('\n');
    text
}

/// Returns JSON text in which unsafe characters are escaped; they can stand only inside strings.
pub fn escape_unsafe(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if c == '\n' || !visible::is_unsafe(c) {
            text.push(c);
            continue;
        }
        let mut units = [0; 2];
        for unit in c.encode_utf16(&mut units) {
            // Writing to a string cannot fail.
            let _ = write!(text, "\\u{unit:04x}");
        }
    }
    text
}
