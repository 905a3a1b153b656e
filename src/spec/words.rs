//! What serde says about a wrong entry, as a message with near valid choices.

use toml::de::DeValue;

use crate::model::message::{Arg, Message};

/// Returns the message for a shape error; `value` is the entry that it is about.
pub(super) fn of_error(error: &toml::de::Error, value: Option<&DeValue<'_>>) -> Message {
    let said = error.message();
    let quoted = quoted_words(said);
    if said.starts_with("unknown field") {
        unknown("spec.unknown-key", &quoted)
    } else if said.starts_with("unknown variant") {
        unknown("spec.unknown-word", &quoted)
    } else if let (true, Some(key)) = (said.starts_with("missing field"), quoted.first()) {
        Message::new("spec.missing-key").text("key", key)
    } else if said.starts_with("invalid type") || said.starts_with("invalid value") {
        wrong_type(said, value)
    } else {
        Message::new("spec.toml").text("detail", said)
    }
}

/// Returns the choices that resemble the word, best first; all of them when none does.
pub fn near<'a>(word: &str, choices: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let all: Vec<&str> = choices.into_iter().collect();
    let limit = (word.chars().count() / 3).max(2);
    let mut close: Vec<(usize, &str)> = all.iter().map(|choice| (distance(word, choice), *choice)).collect();
    close.retain(|(away, _)| *away <= limit);
    close.sort();
    if close.is_empty() { all } else { close.into_iter().map(|(_, choice)| choice).take(3).collect() }
}

fn unknown(key: &str, quoted: &[String]) -> Message {
    let Some((word, choices)) = quoted.split_first() else { return Message::new(key) };
    let near = near(word, choices.iter().map(String::as_str));
    Message::new(key).text("word", word).text("near", near.join(", "))
}

fn wrong_type(said: &str, value: Option<&DeValue<'_>>) -> Message {
    let expected = said.rsplit_once("expected ").map_or("", |(_, expected)| expected);
    let printed = match value {
        Some(DeValue::Integer(number)) => Some(number.to_string()),
        Some(DeValue::Float(number)) => Some(number.to_string()),
        _ => None,
    };
    match printed {
        Some(number) if expected == "a string" => {
            Message::new("spec.number-needs-quotes").text("value", number)
        }
        _ => Message::new("spec.wrong-type")
            .message("expected", expected_word(expected))
            .message("found", Message::new(format!("spec.type.{}", type_word(value)))),
    }
}

fn type_word(value: Option<&DeValue<'_>>) -> &'static str {
    match value {
        Some(DeValue::String(_)) => "text",
        Some(DeValue::Integer(_)) => "whole-number",
        Some(DeValue::Float(_)) => "decimal-number",
        Some(DeValue::Boolean(_)) => "boolean",
        Some(DeValue::Datetime(_)) => "date",
        Some(DeValue::Array(_)) => "list",
        Some(DeValue::Table(_)) => "table",
        None => "other",
    }
}

fn expected_word(expected: &str) -> Message {
    let word = match expected {
        "a string" => "text",
        "a boolean" => "boolean",
        "a sequence" => "list",
        "a map" => "table",
        "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" | "usize" => "whole-number",
        words if words.contains("datetime") => "date",
        words if words.starts_with("struct") => "table",
        _ => "other",
    };
    Message { key: format!("spec.type.{word}"), args: std::collections::BTreeMap::<_, Arg>::new() }
}

/// Returns the words between backquotes: what serde names first is the culprit, then come the choices.
fn quoted_words(said: &str) -> Vec<String> {
    said.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Returns how many single-character edits turn one word into the other.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, right) in b.iter().enumerate() {
            let replace = diagonal + usize::from(left != *right);
            diagonal = row[j + 1];
            row[j + 1] = replace.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
