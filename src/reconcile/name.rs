//! Names of items, packs and payees, made comparable.

/// Returns the name without spaces and with one form of width, case, brackets and 账; what a person
/// would call the same name is the same text afterwards, and nothing else is.
pub fn normalised(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for c in name.chars().filter_map(comparable) {
        match c {
            'A'..='Z' => text.push(c.to_ascii_lowercase()),
            // Neither ASCII nor Chinese characters below have another case.
            '\0'..='\u{7f}' | '\u{3400}'..='\u{9fff}' => text.push(c),
            c => text.extend(c.to_lowercase()),
        }
    }
    text
}

/// Returns whether both name the same, and name something.
pub fn same(a: &str, b: &str) -> bool {
    let a = normalised(a);
    !a.is_empty() && a == normalised(b)
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
