//! How wide a text is, without a font: so that no label is clipped on any machine.

use crate::render::chart::drawing::FONT_PX;

/// Returns the width of a text in pixels, estimated on the safe side: a Chinese character is one em wide, a wide
/// Latin letter nine tenths, every other ASCII character six tenths.
pub fn width_px(text: &str) -> i32 {
    let tenths: i32 = text.chars().map(tenths_of_em).sum();
    tenths * FONT_PX as i32 / 10 + 1
}

/// Returns the text cut into lines that fit; no character is lost.
pub fn wrapped(text: &str, max_px: i32) -> Vec<String> {
    let mut lines = vec![String::new()];
    for c in text.chars() {
        let Some(line) = lines.last_mut() else { continue };
        let fits = width_px(line) + tenths_of_em(c) * FONT_PX as i32 / 10 < max_px;
        if fits || line.is_empty() {
            line.push(c);
        } else {
            lines.push(c.to_string());
        }
    }
    lines
}

fn tenths_of_em(c: char) -> i32 {
    match c {
        'W' | 'M' | 'm' | 'w' | '@' | '%' => 9,
        ' '..='~' => 6,
        _ => 10,
    }
}
