//! The template engine, for pages and letters alike: strict about what is missing.
//!
//! The only module of this layer that knows the engine; renderers use what it passes on.

use std::collections::BTreeMap;

use minijinja::value::Kwargs;
use minijinja::{Environment, UndefinedBehavior, escape_formatter};

use crate::embedded;
use crate::error::{Error, ErrorKind, Result};
use crate::model::message::Message;
use crate::render::visible::visible;
use crate::report::wording::Wording;

pub use minijinja::value::{Serde, merge_maps};
pub use minijinja::{Value, context};

/// Fills in the embedded template `templates/<name>`; its function `t` says sentences of the wording files.
/// A name that ends in `.html` is escaped. Control and bidi characters are made visible everywhere.
///
/// # Errors
/// When the template names something that is not there.
pub fn fill(name: &str, wording: &Wording, values: Value) -> Result<String> {
    let template = embedded::text(&format!("templates/{name}"));
    let text = engine(wording).render_named_str(name, template, values).map_err(|error| {
        let at = format!("{name}:{}", error.line().unwrap_or(0));
        Error::new(ErrorKind::Output, Message::new("error.template").text("at", at)).with_source(error)
    })?;
    Ok(text.trim_end().to_owned() + "\n")
}

fn engine(wording: &Wording) -> Environment<'static> {
    let mut engine = Environment::new();
    engine.set_undefined_behavior(UndefinedBehavior::Strict);
    engine.set_formatter(|out, state, value| match value.as_str() {
        Some(text) if !value.is_safe() => escape_formatter(out, state, &Value::from(visible(text))),
        _ => escape_formatter(out, state, value),
    });
    engine.add_filter("md", |text: String| markdown_text(&text));
    engine.add_filter("quoted", |text: String| quoted(&text));
    engine.add_filter("dated", |text: String| Value::from_safe_string(dated(&text)));
    let wording = wording.clone();
    engine.add_function("t", move |key: String, args: Kwargs| say(&wording, &key, &args));
    engine
}

fn say(wording: &Wording, key: &str, args: &Kwargs) -> std::result::Result<String, minijinja::Error> {
    let values = args.args().map(|name| Ok((name.to_owned(), args.get::<Value>(name)?)));
    let values = values.collect::<std::result::Result<BTreeMap<_, _>, minijinja::Error>>()?;
    wording.fill(key, values).map_err(|error| {
        minijinja::Error::new(minijinja::ErrorKind::InvalidOperation, key.to_owned()).with_source(error)
    })
}

/// Returns text that Markdown shows as it stands, on one line.
pub fn markdown_text(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' => plain.push(' '),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' => plain.extend(['\\', c]),
            _ => plain.push(c),
        }
    }
    plain
}

/// Returns text as a Markdown quotation that keeps its paragraphs.
fn quoted(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(|line| format!("> {}", markdown_text(line))).collect::<Vec<_>>().join("\n>\n")
}

/// Returns escaped text whose dates stay on one line.
fn dated(text: &str) -> String {
    let mut html = String::new();
    let mut rest = text;
    while let Some((before, date, after)) = next_date(rest) {
        html.push_str(&format!("{}<time>{date}</time>", escaped(before)));
        rest = after;
    }
    html + &escaped(rest)
}

/// Returns what stands before the first `YYYY-MM-DD`, the date, and what stands after it.
fn next_date(text: &str) -> Option<(&str, &str, &str)> {
    let starts = text.char_indices().map(|(at, _)| at);
    let mut dates = starts.filter_map(|at| Some((at, text.get(at..at + 10)?)));
    let (at, date) = dates.find(|(_, ten)| {
        ten.bytes()
            .enumerate()
            .all(|(index, b)| if matches!(index, 4 | 7) { b == b'-' } else { b.is_ascii_digit() })
    })?;
    Some((&text[..at], date, &text[at + 10..]))
}

/// Returns text that HTML shows as it stands.
pub fn escaped(text: &str) -> String {
    visible(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
