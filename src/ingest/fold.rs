//! One spelling for characters that exports use interchangeably. Only comparisons and grammars see it;
//! what is quoted stays as printed.

use std::borrow::Cow;

/// Returns the text with ASCII instead of full-width forms, plain spaces, `¥` and straight quotes, trimmed.
pub fn fold(text: &str) -> Cow<'_, str> {
    let is_folded = match text.is_ascii() {
        true => !text.bytes().any(|b| matches!(b, b'\t' | b'\r' | b'\n')),
        false => text.chars().all(|c| fold_char(c) == Some(c)),
    };
    if is_folded {
        return Cow::Borrowed(text.trim());
    }
    let folded: String = text.chars().filter_map(fold_char).collect();
    Cow::Owned(folded.trim().to_owned())
}

/// Returns the folded text without any whitespace, lower case, 帐→账 and 其它→其他: the key of a header or an item name.
pub fn fold_name(text: &str) -> String {
    let joined: String = fold(text).chars().filter(|c| !c.is_whitespace()).collect();
    let lower = if joined.bytes().any(|b| b.is_ascii_uppercase()) || !joined.is_ascii() {
        joined.to_lowercase()
    } else {
        joined
    };
    if lower.contains('帐') || lower.contains("其它") {
        return lower.replace('帐', "账").replace("其它", "其他");
    }
    lower
}

/// Returns the folded text without any whitespace.
pub fn fold_joined(text: Cow<'_, str>) -> Cow<'_, str> {
    match text.contains(char::is_whitespace) {
        true => Cow::Owned(text.chars().filter(|c| !c.is_whitespace()).collect()),
        false => text,
    }
}

/// Returns whether the folded text matches the pattern, in which `*` stands for any text.
pub fn matches_glob(pattern: &str, text: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut left) = text.strip_prefix(head) else { return false };
    let (middle, tail) = rest.rsplit_once('*').unwrap_or(("", rest));
    for part in middle.split('*').filter(|part| !part.is_empty()) {
        let Some(at) = left.find(part) else { return false };
        left = &left[at + part.len()..];
    }
    left.ends_with(tail)
}

fn fold_char(c: char) -> Option<char> {
    match c {
        '\u{FEFF}' | '\u{200B}' | '\u{200E}' | '\u{200F}' => None,
        '\u{3000}' | '\u{00A0}' | '\t' | '\r' | '\n' => Some(' '),
        '￥' => Some('¥'),
        '\u{2212}' | '\u{FE63}' => Some('-'),
        '“' | '”' => Some('"'),
        '【' | '〔' => Some('['),
        '】' | '〕' => Some(']'),
        '～' | '〜' => Some('~'),
        '！'..='～' => char::from_u32(c as u32 - 0xFEE0),
        other => Some(other),
    }
}
