//! What stands on a page: a list of marks in thousandths of a point, from the left top of the page.

use crate::render::chart::drawing::Ink;
use crate::render::pdf::face::{FaceIndex, Length};

/// What something is painted with. On paper and in black and white every tone keeps its place in the scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tone {
    /// Text.
    Black,
    /// Secondary text.
    Soft,
    /// Lines of tables and boxes.
    Hair,
    /// The background of a head row.
    Shade,
    /// What is disputed.
    Red,
    /// The background of what is disputed.
    RedShade,
    /// What is explained.
    Green,
    /// A day whose records are complete.
    GreenShade,
    /// A day with records.
    GreenDeep,
    /// What is not known yet.
    Ochre,
    /// What a chart is drawn with.
    Chart(Ink),
}

/// A glyph that is placed: its number, its width, and how many bytes of the text it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    /// Number in the face.
    pub id: u16,
    /// Width in thousandths of the type size.
    pub width_per_mille: i32,
    /// Bytes of the text.
    pub bytes: usize,
}

/// What a block of text is for somebody who does not see the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// A heading of that level.
    Heading(u8),
    /// A paragraph, an item of a list, a cell.
    Paragraph,
    /// A drawing, in words.
    Figure(String),
}

/// One mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mark {
    /// A run of text in one face.
    Text {
        /// Left end and base line.
        at: (Length, Length),
        /// Type size.
        size: Length,
        /// Face.
        face: FaceIndex,
        /// Tone.
        tone: Tone,
        /// The text, as it is copied.
        text: String,
        /// Its glyphs.
        glyphs: Vec<Placed>,
    },
    /// A rectangle.
    Rect {
        /// Left and top.
        at: (Length, Length),
        /// Width and height.
        size: (Length, Length),
        /// What it is filled with.
        tone: Tone,
    },
    /// The outline of a rectangle.
    Frame {
        /// Left and top.
        at: (Length, Length),
        /// Width and height.
        size: (Length, Length),
        /// Thickness.
        width: Length,
        /// What it is drawn with.
        tone: Tone,
    },
    /// A line through points.
    Path {
        /// The points.
        points: Vec<(Length, Length)>,
        /// Thickness.
        width: Length,
        /// What it is drawn with.
        tone: Tone,
    },
    /// A ring.
    Ring {
        /// Its centre.
        at: (Length, Length),
        /// Its radius.
        radius: Length,
        /// What it is drawn with.
        tone: Tone,
    },
    /// A place that leads to another one of the document.
    Link {
        /// Left and top.
        at: (Length, Length),
        /// Width and height.
        size: (Length, Length),
        /// Id of the place.
        to: String,
    },
    /// A block begins, or goes on after the end of a line or page. What stands outside blocks is decoration.
    Block {
        /// Its number in reading order.
        number: usize,
        /// What it is.
        role: Role,
    },
    /// The block ends here, or the line or page.
    BlockEnd,
    /// A place that links and the outline lead to.
    Place {
        /// Its top.
        y: Length,
        /// Its id; empty when only the outline leads here.
        id: String,
        /// Title and level in the outline.
        outline: Option<(String, u8)>,
    },
}

impl Mark {
    /// Moves the mark.
    pub fn shift(&mut self, by: (Length, Length)) {
        let moved = |at: &mut (Length, Length)| {
            at.0 += by.0;
            at.1 += by.1;
        };
        match self {
            Self::Text { at, .. }
            | Self::Rect { at, .. }
            | Self::Frame { at, .. }
            | Self::Ring { at, .. }
            | Self::Link { at, .. } => moved(at),
            Self::Path { points, .. } => points.iter_mut().for_each(moved),
            Self::Place { y, .. } => *y += by.1,
            Self::Block { .. } | Self::BlockEnd => {}
        }
    }
}

/// A piece of a page that is never cut: a line, a row, a chart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Atom {
    /// Height.
    pub height: Length,
    /// Marks; y from the top of the atom, x from the left of the page.
    pub marks: Vec<Mark>,
    /// Whether the next one has to stand on the same page.
    pub keep: bool,
    /// Whether it is only distance, which is dropped at the top of a page.
    pub gap: bool,
    /// Whether a new page begins before it.
    pub new_page: bool,
    /// The head row that is repeated when a page begins with this one: index into [`Flow::heads`].
    pub head: Option<usize>,
}

impl Atom {
    /// Returns distance.
    pub fn gap(height: Length) -> Self {
        Self { height, gap: true, ..Self::default() }
    }

    /// Makes its marks those of a block.
    pub fn wrap(&mut self, number: usize, role: Role) {
        self.marks.insert(0, Mark::Block { number, role });
        self.marks.push(Mark::BlockEnd);
    }

    /// Moves its marks.
    pub fn shift(&mut self, by: (Length, Length)) {
        self.marks.iter_mut().for_each(|mark| mark.shift(by));
    }
}

/// A document before it is cut into pages.
#[derive(Debug, Clone, Default)]
pub struct Flow {
    /// What follows one another.
    pub atoms: Vec<Atom>,
    /// Head rows of tables.
    pub heads: Vec<Atom>,
}

/// A page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// Its marks.
    pub marks: Vec<Mark>,
}
