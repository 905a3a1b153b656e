//! Inside a line: which parts are bold, toned or lead elsewhere, and what the classes of an element mean.

use crate::render::markup::{Element, Node};
use crate::render::pdf::face::PT;
use crate::render::pdf::layout::Setting;
use crate::render::pdf::mark::Tone;
use crate::render::pdf::text::{Align, Span, Style};

/// Returns whether the element is a block; everything else is part of a line.
pub fn is_block(name: &str) -> bool {
    !matches!(name, "b" | "a" | "br" | "i" | "span" | "time" | "small" | "code")
}

/// Returns the spans of inline nodes. White space is one space; `br` ends a line.
pub fn spans(nodes: &[Node], style: Style) -> Vec<Span> {
    let mut spans = Vec::new();
    gather(nodes, style, None, &mut spans);
    if let Some(first) = spans.first_mut() {
        first.text = first.text.trim_start_matches(' ').to_owned();
    }
    spans
}

fn gather(nodes: &[Node], style: Style, link: Option<&str>, spans: &mut Vec<Span>) {
    for node in nodes {
        match node {
            Node::Text(text) => {
                let text = collapsed(text, spans);
                spans.push(Span { text, style, link: link.map(str::to_owned) });
            }
            Node::Element(element) if element.name == "br" => {
                spans.push(Span { text: "\n".to_owned(), style, link: None });
            }
            Node::Element(element) => {
                let target = element.attribute("href").strip_prefix('#');
                let inner = inline_style(element, style);
                gather(&element.children, inner, target.or(link), spans);
            }
        }
    }
}

/// Returns the text with every run of white space as one space, none where a line begins.
fn collapsed(text: &str, before: &[Span]) -> String {
    let mut blank = before.last().is_none_or(|span| span.text.ends_with([' ', '\n']));
    let mut kept = String::with_capacity(text.len());
    for c in text.chars() {
        // Full-width spaces are set on purpose.
        let is_blank = matches!(c, ' ' | '\n' | '\r' | '\t');
        if !is_blank {
            kept.push(c);
        } else if !blank {
            kept.push(' ');
        }
        blank = is_blank;
    }
    kept
}

fn inline_style(element: &Element, style: Style) -> Style {
    let style = match element.name.as_str() {
        "b" => Style { bold: true, ..style },
        "small" => Style { size: style.size * 88 / 100, ..style },
        _ => style,
    };
    toned(element, style)
}

fn toned(element: &Element, style: Style) -> Style {
    let mut style = style;
    for class in element.attribute("class").split_whitespace() {
        match class {
            "dim" => style.tone = Tone::Soft,
            "dis" => style.tone = Tone::Red,
            "ok" => style.tone = Tone::Green,
            "unk" | "problem" => style.tone = Tone::Ochre,
            "strong" => style.bold = true,
            _ => {}
        }
    }
    style
}

/// Returns the setting inside an element by its classes.
pub fn classed(element: &Element, setting: Setting) -> Setting {
    let mut setting = Setting { style: toned(element, setting.style), ..setting };
    for class in element.attribute("class").split_whitespace() {
        match class {
            "big" => setting = setting.sized(setting.style.size * 200 / 100),
            "lead" => setting = setting.sized(setting.style.size * 125 / 100),
            "small" => setting = setting.sized(setting.style.size * 90 / 100),
            "fine" => setting = setting.sized(setting.style.size * 82 / 100),
            "r" | "money" => setting.align = Align::Right,
            "tight" => (setting.leading, setting.distance) = (setting.leading.min(135), 2 * PT),
            _ => {}
        }
    }
    setting
}
