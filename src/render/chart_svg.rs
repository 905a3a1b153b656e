//! Charts as inline SVG. The only module that knows plotters; charts draw on its [`Canvas`] with inks by name,
//! and the page's style sheet gives the inks their colours in light, dark and print.

use plotters::drawing::DrawingArea;
use plotters::prelude::{
    Circle, IntoDrawingArea, IntoFont, PathElement, RGBColor, Rectangle, SVGBackend, Text, TextStyle,
};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, ShapeStyle};

use crate::error::{Error, ErrorKind, Result};
use crate::model::message::Message;
use crate::render::visible::visible;

/// Size of chart text in pixels of the view box.
pub const FONT_PX: u32 = 14;

/// What something is drawn with. The class in the page decides colour and pattern, so that a chart is right
/// in dark mode and in print, and readable without colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ink {
    /// Text and axes.
    Ink,
    /// Secondary text.
    Soft,
    /// Hair lines.
    Hair,
    /// Billed: open box.
    Open,
    /// Explained.
    Explained,
    /// Disputed.
    Disputed,
    /// Text about what is disputed.
    DisputedText,
    /// Not yet known: hatched.
    Unverified,
    /// Charged too little.
    Missing,
    /// One of [`Ink::SERIES`] neutral patterns.
    Series(u8),
}

impl Ink {
    /// How many neutral patterns tell series apart.
    pub const SERIES: u8 = 8;

    /// Returns the class of the ink in the style sheet.
    fn class(self) -> String {
        match self {
            Self::Ink => "i-ink".to_owned(),
            Self::Soft => "i-soft".to_owned(),
            Self::Hair => "i-hair".to_owned(),
            Self::Open => "i-open".to_owned(),
            Self::Explained => "i-explained".to_owned(),
            Self::Disputed => "i-disputed".to_owned(),
            Self::DisputedText => "i-disputed-text".to_owned(),
            Self::Unverified => "i-unverified".to_owned(),
            Self::Missing => "i-missing".to_owned(),
            Self::Series(n) => format!("i-s{}", n % Self::SERIES),
        }
    }

    /// Returns the mark by which the ink travels through plotters: a colour that nothing else uses.
    fn mark(self) -> RGBColor {
        let number = match self {
            Self::Ink => 1,
            Self::Soft => 2,
            Self::Hair => 3,
            Self::Open => 4,
            Self::Explained => 5,
            Self::Disputed => 6,
            Self::Unverified => 7,
            Self::Missing => 8,
            Self::DisputedText => 9,
            Self::Series(n) => 16 + n % Self::SERIES,
        };
        RGBColor(0xA0, 0x00, number)
    }

    fn all() -> impl Iterator<Item = Self> {
        let fixed = [
            Self::Ink,
            Self::Soft,
            Self::Hair,
            Self::Open,
            Self::Explained,
            Self::Disputed,
            Self::Unverified,
            Self::Missing,
            Self::DisputedText,
        ];
        fixed.into_iter().chain((0..Self::SERIES).map(Self::Series))
    }
}

/// Where a text stands relative to its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// The point is its left end.
    Start,
    /// The point is its right end.
    End,
}

/// A drawing surface with whole pixels.
pub struct Canvas<'a> {
    area: DrawingArea<SVGBackend<'a>, plotters::coord::Shift>,
}

impl Canvas<'_> {
    /// Fills a rectangle; one that has a value is at least two pixels wide.
    ///
    /// # Errors
    /// When the back end refuses.
    pub fn rect(&self, ink: Ink, x: (i32, i32), y: (i32, i32)) -> Result<()> {
        let (left, right) = (x.0.min(x.1), x.0.max(x.1).max(x.0.min(x.1) + 2));
        let shape = Rectangle::new([(left, y.0), (right, y.1)], ink.mark().filled());
        self.area.draw(&shape).map_err(refused)
    }

    /// Draws a hair line through the points.
    ///
    /// # Errors
    /// When the back end refuses.
    pub fn path(&self, ink: Ink, points: &[(i32, i32)]) -> Result<()> {
        let style = ShapeStyle { color: ink.mark().to_rgba(), filled: false, stroke_width: 1 };
        self.area.draw(&PathElement::new(points.to_vec(), style)).map_err(refused)
    }

    /// Draws a small ring.
    ///
    /// # Errors
    /// When the back end refuses.
    pub fn ring(&self, ink: Ink, at: (i32, i32)) -> Result<()> {
        let style = ShapeStyle { color: ink.mark().to_rgba(), filled: false, stroke_width: 1 };
        self.area.draw(&Circle::new(at, 3, style)).map_err(refused)
    }

    /// Writes a text; `y` is the middle of its line.
    ///
    /// # Errors
    /// When the back end refuses.
    pub fn text(&self, ink: Ink, anchor: Anchor, at: (i32, i32), text: &str) -> Result<()> {
        let horizontal = match anchor {
            Anchor::Start => HPos::Left,
            Anchor::End => HPos::Right,
        };
        let color = ink.mark();
        let font = ("sans-serif", FONT_PX).into_font();
        let style = TextStyle::from(font).color(&color).pos(Pos::new(horizontal, VPos::Center));
        self.area.draw(&Text::new(visible(text), at, style)).map_err(refused)
    }
}

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

/// Returns an inline SVG of that size with its text alternative.
///
/// # Errors
/// When drawing fails.
pub fn svg(
    size: (u32, u32),
    labels: Labels<'_>,
    draw: impl FnOnce(&Canvas<'_>) -> Result<()>,
) -> Result<String> {
    let mut text = String::new();
    {
        let canvas = Canvas { area: SVGBackend::with_string(&mut text, size).into_drawing_area() };
        draw(&canvas)?;
        canvas.area.present().map_err(refused)?;
    }
    Ok(dressed(&text, size, labels))
}

/// Returns the SVG with classes in place of marks, without fixed size, name space, font and opacity.
fn dressed(svg: &str, size: (u32, u32), labels: Labels<'_>) -> String {
    let body = svg.split_once(">\n").map_or("", |(_, body)| body);
    let mut body = body.replace(" opacity=\"1\"", "").replace(" font-family=\"sans-serif\"", "");
    body = without_attribute(&body, " font-size=\"");
    for ink in Ink::all() {
        let RGBColor(red, green, blue) = ink.mark();
        let color = format!("\"#{red:02X}{green:02X}{blue:02X}\"");
        let class = ink.class();
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
