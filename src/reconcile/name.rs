//! Names of items, packs and payees, made comparable.

/// Returns the name without spaces and with one form of width, case, brackets and 账; what a person
/// would call the same name is the same text afterwards, and nothing else is.
pub fn normalised(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for c in name.chars().filter_map(comparable) {
        match one_form(c) {
            Some(c) => text.push(c),
            None => text.extend(c.to_lowercase()),
        }
    }
    text
}

/// Returns the small form of a character that has just one; neither other ASCII nor Chinese characters have another.
fn one_form(c: char) -> Option<char> {
    match c {
        'A'..='Z' => Some(c.to_ascii_lowercase()),
        '\0'..='\u{7f}' | '\u{3400}'..='\u{9fff}' => Some(c),
        _ => None,
    }
}

/// Returns whether both name the same, and name something.
pub fn same(a: &str, b: &str) -> bool {
    // Most names differ in their first character.
    let first = |name: &str| name.chars().find_map(comparable).map(one_form);
    match (first(a), first(b)) {
        (None, _) | (_, None) => return false,
        (Some(Some(a)), Some(Some(b))) if a != b => return false,
        _ => {}
    }
    a == b || normalised(a) == normalised(b)
}

fn comparable(c: char) -> Option<char> {
    match c {
        c if c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}' | '•' | '·') => None,
        '帐' => Some('账'),
        '（' | '【' | '[' => Some('('),
        '）' | '】' | ']' => Some(')'),
        // Full-width forms of the printable ASCII characters.
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0),
        c => Some(c),
    }
}
