//! What is drawn: the four figures, the strip of days, the bar of a bill line, the charts.

use crate::error::{Error, ErrorKind, Result};
use crate::model::message::Message;
use crate::render::chart::drawing::{Anchor, FONT_PX, RING_PX, Shape};
use crate::render::markup::Element;
use crate::render::pdf::face::{Faces, Length, PT};
use crate::render::pdf::layout::{Column, Layout, Setting};
use crate::render::pdf::mark::{Atom, Mark, Role, Tone};
use crate::render::pdf::text::{Align, Span, Style, Text};

/// Height of a chart at most.
const CHART_HEIGHT: Length = 600 * PT;

/// Returns figures side by side in frames: label, value, note.
///
/// # Errors
/// When a chart is named that does not exist.
pub fn figures(
    layout: &mut Layout<'_>,
    element: &Element,
    column: Column,
    setting: Setting,
) -> Result<Vec<Atom>> {
    let boxes: Vec<&Element> = element.all("fig").collect();
    let count = Length::try_from(boxes.len()).unwrap_or(1).max(1);
    let width = column.width / count;
    let mut row = Atom::default();
    for (index, figure) in boxes.iter().enumerate() {
        let x = column.x + Length::try_from(index).unwrap_or(0) * width;
        let inner = Column { x, width }.inside(8 * PT, 5 * PT);
        let mut y = 6 * PT;
        for mut atom in layout.blocks(&figure.children, inner, setting)? {
            atom.shift((0, y));
            y += atom.height;
            row.marks.append(&mut atom.marks);
        }
        row.height = row.height.max(y + 7 * PT);
    }
    for index in 0..count {
        let at = (column.x + index * width, 0);
        let size = (width, row.height);
        row.marks.push(Mark::Frame { at, size, width: PT / 2, tone: Tone::Hair });
    }
    if boxes.first().is_some_and(|figure| figure.has_class("main")) {
        let size = (width, 3 * PT);
        row.marks.push(Mark::Rect { at: (column.x, 0), size, tone: Tone::Red });
    }
    Ok(vec![row])
}

/// Returns the days of a month as boxes, with their counts: what is covered is filled, what is not is open.
pub fn strip(faces: &Faces, element: &Element, column: Column) -> Atom {
    let days: Vec<&Element> = element.all("day").collect();
    let count = Length::try_from(days.len()).unwrap_or(1).max(1);
    let step = (column.width / count).min(16 * PT);
    let size = (step - PT, 13 * PT);
    // What the strip says in words stands below it.
    let mut atom = Atom { height: 15 * PT, keep: true, ..Atom::default() };
    for (index, day) in days.iter().enumerate() {
        let at = (column.x + Length::try_from(index).unwrap_or(0) * step, PT);
        let tone = match (day.has_class("sure"), day.has_class("inferred"), day.has_class("some")) {
            (true, _, true) => Some(Tone::GreenDeep),
            (true, _, false) => Some(Tone::GreenShade),
            (_, true, _) => Some(Tone::Shade),
            _ => None,
        };
        atom.marks.extend(tone.map(|tone| Mark::Rect { at, size, tone }));
        atom.marks.push(Mark::Frame { at, size, width: PT / 2, tone: Tone::Hair });
        let style = Style { size: 6 * PT, bold: false, tone: Tone::Black };
        let span = Span { text: day.text(), style, link: None };
        let lines = Text::new(&[span], faces).lines(at.0, size.0, Align::Middle, 120);
        for mut mark in lines.into_iter().take(1).flat_map(|(_, marks)| marks) {
            mark.shift((0, at.1 + 3 * PT));
            atom.marks.push(mark);
        }
    }
    atom
}

/// Returns the bar of a bill line: explained, disputed and unverified by their share in thousandths.
pub fn bar(element: &Element, column: Column) -> Atom {
    use crate::render::chart::drawing::Ink;
    let width = column.width.min(60 * PT);
    let (top, height) = (4 * PT, 6 * PT);
    let mut atom = Atom { height: 13 * PT, ..Atom::default() };
    for part in element.all("part") {
        let per_mille = |name: &str| part.attribute(name).parse::<Length>().unwrap_or(0).clamp(0, 1000);
        let ink = match part.attribute("class") {
            "e" => Ink::Explained,
            "d" => Ink::Disputed,
            _ => Ink::Unverified,
        };
        let at = (column.x + width * per_mille("x") / 1000, top);
        let size = (width * per_mille("width") / 1000, height);
        atom.marks.push(Mark::Rect { at, size, tone: Tone::Chart(ink) });
    }
    atom.marks.push(Mark::Frame {
        at: (column.x, top),
        size: (width, height),
        width: PT / 2,
        tone: Tone::Soft,
    });
    atom
}

/// Returns a chart, as large as its column allows: the same shapes as on the page.
///
/// # Errors
/// When there is no chart of that id.
pub fn chart(layout: &Layout<'_>, element: &Element, column: Column) -> Result<Atom> {
    let id = element.attribute("id");
    let missing = || Error::new(ErrorKind::Output, Message::new("error.chart").text("cause", id));
    let chart = layout.charts.iter().find(|chart| chart.id == id).ok_or_else(missing)?;
    let drawing = &chart.drawing;
    let pixels = |px: u32| Length::try_from(px).unwrap_or(1).max(1);
    let (width, height) = (pixels(drawing.size.0), pixels(drawing.size.1));
    // A pixel is at most 0.72 pt, so that chart text is never larger than the text around it.
    let scale = (column.width / width).min(CHART_HEIGHT / height).min(72 * PT / 100);
    let mut atom = Atom { height: height * scale, ..Atom::default() };
    for shape in &drawing.shapes {
        let mut marks = shape_marks(shape, scale, layout.faces);
        marks.iter_mut().for_each(|mark| mark.shift((column.x, 0)));
        atom.marks.append(&mut marks);
    }
    atom.wrap(layout.next_block(), Role::Figure(chart.description.clone()));
    Ok(atom)
}

fn shape_marks(shape: &Shape, scale: Length, faces: &Faces) -> Vec<Mark> {
    let point = |at: (i32, i32)| (at.0 * scale, at.1 * scale);
    match shape {
        Shape::Rect { x, y, ink } => {
            let (left, top) = (x.0.min(x.1), y.0.min(y.1));
            let size = ((x.1 - x.0).abs() * scale, (y.1 - y.0).abs() * scale);
            vec![Mark::Rect { at: point((left, top)), size, tone: Tone::Chart(*ink) }]
        }
        Shape::Path { points, ink } => {
            let points = points.iter().map(|at| point(*at)).collect();
            vec![Mark::Path { points, width: scale, tone: Tone::Chart(*ink) }]
        }
        Shape::Ring { at, ink } => {
            vec![Mark::Ring { at: point(*at), radius: RING_PX * scale, tone: Tone::Chart(*ink) }]
        }
        Shape::Text { at, anchor, ink, text } => {
            let size = Length::try_from(FONT_PX).unwrap_or(14) * scale;
            let style = Style { size, bold: false, tone: Tone::Chart(*ink) };
            let span = Span { text: text.clone(), style, link: None };
            let text = Text::new(std::slice::from_ref(&span), faces);
            let (x, y) = point(*at);
            let (left, align) = match anchor {
                Anchor::Start => (x, Align::Left),
                Anchor::End => (x - text.widths().1, Align::Left),
            };
            let lines = text.lines(left, Length::MAX / 2, align, 100);
            let mut marks: Vec<Mark> = lines.into_iter().take(1).flat_map(|(_, marks)| marks).collect();
            marks.iter_mut().for_each(|mark| mark.shift((0, y - size / 2)));
            marks
        }
    }
}
