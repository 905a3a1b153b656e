//! Charts as inline SVG. The only module that knows plotters; the page's style sheet gives the inks their colours
//! and patterns in light, dark and print, so that a chart is readable without colour.

use plotters::drawing::DrawingArea;
use plotters::prelude::{
    Circle, IntoDrawingArea, IntoFont, PathElement, RGBColor, Rectangle, SVGBackend, Text, TextStyle,
};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, ShapeStyle};

use crate::error::{Error, ErrorKind, Result};
use crate::model::message::Message;
use crate::render::chart::drawing::{Anchor, Drawing, FONT_PX, Ink, RING_PX, Shape};
use crate::render::visible::visible;

/// What is said of a chart to those who do not see it.
#[derive(Debug, Clone, Copy)]
pub struct Labels<'a> {
    /// Id of the chart on the page; unique there.
    pub id: &'a str,
    /// Name of the chart.
    pub title: &'a str,
    /// The chart in one sentence.
    pub description: &'a str,
}

/// Returns a drawing as inline SVG with its text alternative.
///
/// # Errors
/// When drawing fails.
pub fn svg(drawing: &Drawing, labels: Labels<'_>) -> Result<String> {
    let mut text = String::new();
    {
        let area = SVGBackend::with_string(&mut text, drawing.size).into_drawing_area();
        for shape in &drawing.shapes {
            paint(&area, shape)?;
        }
        area.present().map_err(refused)?;
    }
    Ok(dressed(&text, drawing.size, labels))
}

fn paint(area: &DrawingArea<SVGBackend<'_>, plotters::coord::Shift>, shape: &Shape) -> Result<()> {
    let line = |ink: Ink| ShapeStyle { color: mark(ink).to_rgba(), filled: false, stroke_width: 1 };
    match shape {
        Shape::Rect { x, y, ink } => {
            area.draw(&Rectangle::new([(x.0, y.0), (x.1, y.1)], mark(*ink).filled()))
        }
        Shape::Path { points, ink } => area.draw(&PathElement::new(points.clone(), line(*ink))),
        Shape::Ring { at, ink } => area.draw(&Circle::new(*at, RING_PX, line(*ink))),
        Shape::Text { at, anchor, ink, text } => {
            let horizontal = match anchor {
                Anchor::Start => HPos::Left,
                Anchor::End => HPos::Right,
            };
            let color = mark(*ink);
            let font = ("sans-serif", FONT_PX).into_font();
            let style = TextStyle::from(font).color(&color).pos(Pos::new(horizontal, VPos::Center));
            area.draw(&Text::new(text.clone(), *at, style))
        }
    }
    .map_err(refused)
}

/// Returns the class of the ink in the style sheet.
fn class(ink: Ink) -> String {
    match ink {
        Ink::Ink => "i-ink".to_owned(),
        Ink::Soft => "i-soft".to_owned(),
        Ink::Hair => "i-hair".to_owned(),
        Ink::Open => "i-open".to_owned(),
        Ink::Explained => "i-explained".to_owned(),
        Ink::Disputed => "i-disputed".to_owned(),
        Ink::DisputedText => "i-disputed-text".to_owned(),
        Ink::Unverified => "i-unverified".to_owned(),
        Ink::Missing => "i-missing".to_owned(),
        Ink::Series(n) => format!("i-s{}", n % Ink::SERIES),
    }
}

/// Returns the mark by which the ink travels through plotters: a colour that nothing else uses.
fn mark(ink: Ink) -> RGBColor {
    let number = match ink {
        Ink::Ink => 1,
        Ink::Soft => 2,
        Ink::Hair => 3,
        Ink::Open => 4,
        Ink::Explained => 5,
        Ink::Disputed => 6,
        Ink::Unverified => 7,
        Ink::Missing => 8,
        Ink::DisputedText => 9,
        Ink::Series(n) => 16 + n % Ink::SERIES,
    };
    RGBColor(0xA0, 0x00, number)
}

/// Returns the SVG with classes in place of marks, without fixed size, name space, font and opacity.
fn dressed(svg: &str, size: (u32, u32), labels: Labels<'_>) -> String {
    let body = svg.split_once(">\n").map_or("", |(_, body)| body);
    let mut body = body.replace(" opacity=\"1\"", "").replace(" font-family=\"sans-serif\"", "");
    body = without_attribute(&body, " font-size=\"");
    for ink in Ink::all() {
        let RGBColor(red, green, blue) = mark(ink);
        let color = format!("\"#{red:02X}{green:02X}{blue:02X}\"");
        let class = class(ink);
        body = body.replace(&format!("fill={color}"), &format!("class=\"f {class}\""));
        body = body.replace(&format!("stroke={color}"), &format!("class=\"l {class}\""));
    }
    let (id, width, height) = (labels.id, size.0, size.1);
    let (title, description) = (escaped(labels.title), escaped(labels.description));
    format!(
        "<svg class=\"chart\" id=\"{id}\" viewBox=\"0 0 {width} {height}\" role=\"img\" \
         aria-labelledby=\"{id}-title {id}-desc\">\n<title id=\"{id}-title\">{title}</title>\n\
         <desc id=\"{id}-desc\">{description}</desc>\n{body}"
    )
}

fn without_attribute(text: &str, start: &str) -> String {
    let mut parts = text.split(start);
    let first = parts.next().unwrap_or("").to_owned();
    parts.fold(first, |kept, part| kept + part.split_once('"').map_or("", |(_, rest)| rest))
}

fn escaped(text: &str) -> String {
    visible(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn refused(error: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::Output, Message::new("error.chart").text("cause", error))
}
