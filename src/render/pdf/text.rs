//! Lines of text: which glyphs, and where a line may end.

use crate::render::pdf::face::{FaceIndex, Faces, Length};
use crate::render::pdf::mark::{Mark, Placed, Tone};
use crate::render::visible::visible;

/// How a text is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Type size.
    pub size: Length,
    /// Whether it is bold.
    pub bold: bool,
    /// Tone.
    pub tone: Tone,
}

/// A piece of text in one style.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The text; a line feed ends a line.
    pub text: String,
    /// Its style.
    pub style: Style,
    /// Id of the place that it leads to.
    pub link: Option<String>,
}

/// A character with its glyph.
#[derive(Debug, Clone, Copy)]
struct Piece {
    c: char,
    face: FaceIndex,
    id: u16,
    width_per_mille: i32,
    width: Length,
    span: usize,
}

/// A line: pieces of the text, and how wide they are.
#[derive(Debug, Clone, Copy)]
struct Line {
    start: usize,
    end: usize,
    width: Length,
}

/// Text whose glyphs are known.
pub struct Text<'a> {
    spans: &'a [Span],
    pieces: Vec<Piece>,
}

/// Where lines stand in their column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// At the left edge.
    Left,
    /// At the right edge.
    Right,
    /// In the middle.
    Middle,
}

impl<'a> Text<'a> {
    /// Returns the glyphs of a text. A character that no font has is written as its code point, 〔U+9F98〕.
    pub fn new(spans: &'a [Span], faces: &Faces) -> Self {
        let mut pieces = Vec::new();
        for (index, span) in spans.iter().enumerate() {
            for c in visible(&span.text).chars() {
                let c = if c == '\t' { ' ' } else { c };
                push(&mut pieces, c, index, span.style, faces);
            }
        }
        Self { spans, pieces }
    }

    /// Returns the widths of the longest part that cannot be broken, and of the longest line if none is broken.
    pub fn widths(&self) -> (Length, Length) {
        let (mut part, mut line, mut parts_max, mut lines_max) = (0, 0, 0, 0);
        for (index, piece) in self.pieces.iter().enumerate() {
            if index > 0 && may_break(&self.pieces, index) {
                part = 0;
            }
            if piece.c == '\n' {
                (part, line) = (0, 0);
                continue;
            }
            part += piece.width;
            line += piece.width;
            if piece.c != ' ' {
                parts_max = parts_max.max(part);
            }
            lines_max = lines_max.max(line);
        }
        (parts_max, lines_max)
    }

    /// Returns the lines as marks, each with its height: (height, marks), y from the top of the line.
    pub fn lines(&self, x: Length, width: Length, align: Align, leading: i32) -> Vec<(Length, Vec<Mark>)> {
        self.broken(width).into_iter().map(|line| self.set(line, x, width, align, leading)).collect()
    }

    fn broken(&self, width: Length) -> Vec<Line> {
        let mut lines = Vec::new();
        let (mut start, mut used) = (0, 0);
        let mut last_break = None;
        let mut index = 0;
        while let Some(piece) = self.pieces.get(index) {
            if piece.c == '\n' {
                lines.push(self.line(start, index));
                (start, used, last_break) = (index + 1, 0, None);
                index += 1;
                continue;
            }
            if index > start && may_break(&self.pieces, index) {
                last_break = Some(index);
            }
            if used + piece.width > width && piece.c != ' ' && index > start {
                let end = last_break.filter(|at| *at > start).unwrap_or(index);
                lines.push(self.line(start, end));
                (start, used, last_break) = (self.skip_spaces(end), 0, None);
                index = start;
                continue;
            }
            used += piece.width;
            index += 1;
        }
        if start < self.pieces.len() || lines.is_empty() {
            lines.push(self.line(start, self.pieces.len()));
        }
        lines
    }

    fn skip_spaces(&self, from: usize) -> usize {
        from + self.pieces.iter().skip(from).take_while(|piece| piece.c == ' ').count()
    }

    /// Returns a line without the spaces at its end.
    fn line(&self, start: usize, end: usize) -> Line {
        let pieces = self.pieces.get(start..end).unwrap_or_default();
        let blank = pieces.iter().rev().take_while(|piece| piece.c == ' ').count();
        let end = end - blank;
        let width = self.pieces.get(start..end).unwrap_or_default().iter().map(|piece| piece.width).sum();
        Line { start, end, width }
    }

    fn set(&self, line: Line, x: Length, width: Length, align: Align, leading: i32) -> (Length, Vec<Mark>) {
        let pieces = self.pieces.get(line.start..line.end).unwrap_or_default();
        let first = self.spans.first().map_or(0, |span| span.style.size);
        let tallest =
            pieces.iter().filter_map(|piece| self.spans.get(piece.span)).map(|span| span.style.size);
        let size = tallest.max().unwrap_or(first);
        let height = size * leading / 100;
        // Chinese type sits in the middle of its line: its em box reaches from 0.88 above to 0.12 below the base line.
        let base = (height - size) / 2 + size * 88 / 100;
        let free = (width - line.width).max(0);
        let mut left = x + match align {
            Align::Left => 0,
            Align::Right => free,
            Align::Middle => free / 2,
        };
        let mut marks = Vec::new();
        for run in pieces.chunk_by(|a, b| a.face == b.face && a.span == b.span) {
            let Some(span) = run.first().and_then(|piece| self.spans.get(piece.span)) else { continue };
            let run_width: Length = run.iter().map(|piece| piece.width).sum();
            if let Some(to) = &span.link {
                marks.push(Mark::Link { at: (left, 0), size: (run_width, height), to: to.clone() });
            }
            marks.push(text_mark(run, span.style, (left, base)));
            left += run_width;
        }
        (height, marks)
    }
}

fn text_mark(run: &[Piece], style: Style, at: (Length, Length)) -> Mark {
    let placed = |piece: &Piece| Placed {
        id: piece.id,
        width_per_mille: piece.width_per_mille,
        bytes: piece.c.len_utf8(),
    };
    Mark::Text {
        at,
        size: style.size,
        face: run.first().map_or(0, |piece| piece.face),
        tone: style.tone,
        text: run.iter().map(|piece| piece.c).collect(),
        glyphs: run.iter().map(placed).collect(),
    }
}

fn push(pieces: &mut Vec<Piece>, c: char, span: usize, style: Style, faces: &Faces) {
    if c == '\n' {
        pieces.push(Piece { c, face: 0, id: 0, width_per_mille: 0, width: 0, span });
        return;
    }
    let Some(glyph) = faces.glyph(c, style.bold) else {
        // The brackets, letters and digits of a code point are in every cut of our fonts.
        let code = format!("〔U+{:04X}〕", u32::from(c));
        let known: Vec<char> = code.chars().filter(|c| faces.glyph(*c, style.bold).is_some()).collect();
        known.into_iter().for_each(|c| push(pieces, c, span, style, faces));
        return;
    };
    let width = style.size * glyph.width_per_mille / 1000;
    pieces.push(Piece {
        c,
        face: glyph.face,
        id: glyph.id,
        width_per_mille: glyph.width_per_mille,
        width,
        span,
    });
}

/// What never begins a line (避头).
const NOT_FIRST: &str = "，。、；：？！）】》」』〉〕”’…—～·％‰℃°,.;:?!)]}>%＝＋−×÷=";
/// What never ends a line (避尾).
const NOT_LAST: &str = "（【《「『〈〔“‘￥¥$([{<＃#№±";

/// Returns whether a line may end before the piece at that index.
fn may_break(pieces: &[Piece], index: usize) -> bool {
    let (Some(before), Some(after)) = (index.checked_sub(1).and_then(|at| pieces.get(at)), pieces.get(index))
    else {
        return false;
    };
    let (before, after) = (before.c, after.c);
    match (before, after) {
        ('\n', _) => true,
        (_, ' ' | '\n') => false,
        // An amount and its unit stay together: 15.00 元.
        (' ', '元' | '条' | '项' | '天' | '行' | '页' | '日' | '月' | '年') => {
            !index.checked_sub(2).and_then(|at| pieces.get(at)).is_some_and(|piece| piece.c.is_ascii_digit())
        }
        (' ', after) => !"＝＋−×÷=".contains(after),
        _ if NOT_FIRST.contains(after) || NOT_LAST.contains(before) => false,
        _ => is_wide(before) || is_wide(after) || before == '…',
    }
}

/// Returns whether lines may break on both sides of a character, as between Chinese characters.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ffe6}' | '\u{20000}'..='\u{3ffff}')
}
