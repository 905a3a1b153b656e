//! How wide a text is, without a font: so that no label is clipped on any machine.

use crate::render::chart::drawing::FONT_PX;

/// Returns the width of a text in pixels, estimated on the safe side: a Chinese character is one em wide, a wide
/// Latin letter nine tenths, every other ASCII character six tenths.
pub fn width_px(text: &str) -> i32 {
    let tenths: i32 = text.chars().map(tenths_of_em).sum();
    tenths * FONT_PX as i32 / 10 + 1
}

/// Returns the text cut into lines that fit; no character is lost. A number or a Latin word goes to the next line
/// whole, unless it is longer than a line.
pub fn wrapped(text: &str, max_px: i32) -> Vec<String> {
    let mut lines = vec![String::new()];
    for piece in pieces(text) {
        let fits = |line: &String| width_px(line) + width_px(&piece) - 1 < max_px;
        if !lines.last().is_some_and(|line| line.is_empty() || fits(line)) {
            lines.push(String::new());
        }
        for c in piece.chars() {
            let Some(line) = lines.last_mut() else { continue };
            if line.is_empty() || width_px(line) + tenths_of_em(c) * FONT_PX as i32 / 10 < max_px {
                line.push(c);
            } else {
                lines.push(c.to_string());
            }
        }
    }
    lines
}

/// Returns the pieces between which a line may end: runs of letters, digits and their signs, and every other
/// character alone. A space stays with what stands before it, as does a closing mark.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let is_run = |c: char| c.is_ascii_graphic() || c == '−';
    for c in text.chars() {
        let stays = |last: &String| match last.chars().last() {
            Some(before) => {
                c == ' ' || "，。；：、）！？”".contains(c) || is_run(before) && is_run(c) || before == '（'
            }
            None => true,
        };
        match pieces.last_mut().filter(|last| stays(last)) {
            Some(last) => last.push(c),
            None => pieces.push(c.to_string()),
        }
    }
    pieces
}

fn tenths_of_em(c: char) -> i32 {
    match c {
        'W' | 'M' | 'm' | 'w' | '@' | '%' => 9,
        ' '..='~' => 6,
        _ => 10,
    }
}
