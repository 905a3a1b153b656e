//! Characters that must not act on the reader's screen: control and bidi characters.

/// Returns whether a character is invisible and changes how the text around it is shown: control characters
/// other than tab and line feed, bidi marks and overrides, zero-width characters, line separators, tags.
pub fn is_unsafe(c: char) -> bool {
    matches!(c,
        '\u{0}'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Returns the text with every such character written as its code point, e.g. `〔U+202E〕`.
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unsafe(c) {
            shown.push_str(&format!("〔U+{:04X}〕", u32::from(c)));
        } else {
            shown.push(c);
        }
    }
    shown
}
