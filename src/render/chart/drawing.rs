//! A chart as a list of shapes in whole pixels, drawn with inks by name. The page, the PDF and the picture each
//! paint the same list, so no two of them can show different bars.

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

    /// Returns every ink.
    pub fn all() -> impl Iterator<Item = Self> {
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

/// One shape; later ones lie above earlier ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// A filled rectangle from the left top to the right bottom.
    Rect {
        /// Left and right.
        x: (i32, i32),
        /// Top and bottom.
        y: (i32, i32),
        /// What it is filled with.
        ink: Ink,
    },
    /// A hair line through points.
    Path {
        /// The points.
        points: Vec<(i32, i32)>,
        /// What it is drawn with.
        ink: Ink,
    },
    /// A small ring.
    Ring {
        /// Its centre.
        at: (i32, i32),
        /// What it is drawn with.
        ink: Ink,
    },
    /// A line of text.
    Text {
        /// The point; its y is the middle of the line.
        at: (i32, i32),
        /// Where the text stands relative to the point.
        anchor: Anchor,
        /// What it is written with.
        ink: Ink,
        /// The text, control and bidi characters made visible.
        text: String,
    },
}

/// Radius of a ring in pixels.
pub const RING_PX: i32 = 3;

/// A chart, ready to be painted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Drawing {
    /// Width and height in pixels.
    pub size: (u32, u32),
    /// What is on it.
    pub shapes: Vec<Shape>,
}

impl Drawing {
    /// Returns an empty drawing of that size.
    pub fn new(width_px: i32, height_px: i32) -> Self {
        Self { size: (width_px.max(1) as u32, height_px.max(1) as u32), shapes: Vec::new() }
    }

    /// Fills a rectangle; one that has a value is at least two pixels wide.
    pub fn rect(&mut self, ink: Ink, x: (i32, i32), y: (i32, i32)) {
        let (left, right) = (x.0.min(x.1), x.0.max(x.1).max(x.0.min(x.1) + 2));
        self.shapes.push(Shape::Rect { x: (left, right), y, ink });
    }

    /// Draws a hair line through the points.
    pub fn path(&mut self, ink: Ink, points: &[(i32, i32)]) {
        self.shapes.push(Shape::Path { points: points.to_vec(), ink });
    }

    /// Draws a small ring.
    pub fn ring(&mut self, ink: Ink, at: (i32, i32)) {
        self.shapes.push(Shape::Ring { at, ink });
    }

    /// Writes a text; `y` is the middle of its line.
    pub fn text(&mut self, ink: Ink, anchor: Anchor, at: (i32, i32), text: &str) {
        self.shapes.push(Shape::Text { at, anchor, ink, text: visible(text) });
    }
}
