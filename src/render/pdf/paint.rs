//! From pages to the bytes of a PDF file. The only module that knows krilla, and the only one of the PDF that turns
//! thousandths of a point into binary floats. Nothing in the file depends on time or chance.

use std::borrow::Cow;
use std::collections::BTreeMap;

use krilla::annotation::{LinkAnnotation, Target};
use krilla::configure::{Archival, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use krilla::{Document, SerializeSettings};

use crate::error::{Error, ErrorKind, Result};
use crate::model::message::Message;
use crate::render::pdf::face::{Faces, Length};
use crate::render::pdf::mark::{Mark, Page, Placed, Tone};
use crate::render::pdf::paint::structure::Structure;

mod ink;
mod structure;

/// Width and height of a page: A4.
pub const A4: (Length, Length) = (595_276, 841_890);

/// What a file says about itself.
#[derive(Debug, Clone, Default)]
pub struct About {
    /// Title.
    pub title: String,
    /// Language of the text: `zh-CN`.
    pub language: String,
    /// What made it: name and version.
    pub made_by: String,
    /// Content id.
    pub id: String,
    /// Day of the calculation, `YYYY-MM-DD`.
    pub as_of: String,
}

/// Returns the file.
///
/// # Errors
/// When a font of the user's cannot be embedded.
pub fn file(pages: &[Page], faces: &Faces, about: &About) -> Result<Vec<u8>> {
    let configuration = ConfigurationBuilder::new().with_archival_validator(Archival::A2_B).finish();
    let configuration = configuration.map_err(|error| refused(&format!("{error:?}")))?;
    let mut document =
        Document::new_with(SerializeSettings { configuration, ..SerializeSettings::default() });
    let fonts =
        faces.files().cloned().map(font).collect::<Option<Vec<_>>>().ok_or_else(|| refused("font"))?;
    let places = places(pages);
    let mut structure = Structure::default();
    for page in pages {
        let settings = PageSettings::from_wh(points(A4.0), points(A4.1)).ok_or_else(|| refused("page"))?;
        let mut sheet = document.start_page_with(settings);
        let mut surface = sheet.surface();
        for mark in &page.marks {
            structure.follow(&mut surface, mark);
            paint(&mut surface, mark, &fonts);
        }
        structure.close(&mut surface);
        surface.finish();
        for mark in &page.marks {
            if let Mark::Link { at, size, to } = mark
                && let (Some(rect), Some(place)) = (rect(*at, *size), places.get(to.as_str()))
            {
                sheet.add_annotation(link(rect, *place).into());
            }
        }
        sheet.finish();
    }
    document.set_tag_tree(structure.tree(&about.language));
    document.set_outline(outline(pages));
    document.set_metadata(metadata(about));
    document.finish().map_err(|error| refused(&format!("{error:?}")))
}

fn font(bytes: Cow<'static, [u8]>) -> Option<Font> {
    match bytes {
        Cow::Borrowed(bytes) => Font::new(bytes.into(), 0),
        Cow::Owned(bytes) => Font::new(bytes.into(), 0),
    }
}

fn paint(surface: &mut Surface<'_>, mark: &Mark, fonts: &[Font]) {
    match mark {
        Mark::Text { at, size, face, tone, text, glyphs } => {
            let Some(font) = fonts.get(*face) else { return };
            surface.set_fill(Some(fill(ink::color(*tone))));
            surface.set_stroke(None);
            surface.draw_glyphs(point(*at), &placed(glyphs), font.clone(), text, points(*size), false);
        }
        Mark::Rect { at, size, tone } => fill_rect(surface, *at, *size, *tone),
        Mark::Frame { at, size, width, tone } => {
            let (left, top, right, bottom) = (at.0, at.1, at.0 + size.0, at.1 + size.1);
            let corners = [(left, top), (right, top), (right, bottom), (left, bottom)];
            draw_line(surface, &corners, *width, *tone, true);
        }
        Mark::Path { points, width, tone } => draw_line(surface, points, *width, *tone, false),
        Mark::Ring { at, radius, tone } => ring(surface, *at, *radius, *tone),
        Mark::Link { .. } | Mark::Place { .. } | Mark::Block { .. } | Mark::BlockEnd => {}
    }
}

fn placed(glyphs: &[Placed]) -> Vec<KrillaGlyph> {
    let mut start = 0;
    let mut all = Vec::with_capacity(glyphs.len());
    for glyph in glyphs {
        let range = start..start + glyph.bytes;
        start = range.end;
        let advance = points(glyph.width_per_mille);
        all.push(KrillaGlyph::new(GlyphId::new(u32::from(glyph.id)), advance, 0.0, 0.0, 0.0, range, None));
    }
    all
}

fn fill_rect(surface: &mut Surface<'_>, at: (Length, Length), size: (Length, Length), tone: Tone) {
    let Some(rect) = rect(at, size) else { return };
    let mut path = PathBuilder::new();
    path.push_rect(rect);
    let Some(path) = path.finish() else { return };
    let (paint, edge) = ink::fill(surface, tone);
    surface.set_fill(Some(Fill { paint, opacity: NormalizedF32::ONE, rule: Default::default() }));
    surface.set_stroke(edge.map(|color| stroke(color, 0.6)));
    surface.draw_path(&path);
}

fn draw_line(surface: &mut Surface<'_>, at: &[(Length, Length)], width: Length, tone: Tone, closed: bool) {
    let mut path = PathBuilder::new();
    let mut rest = at.iter().map(|at| point(*at));
    let Some(first) = rest.next() else { return };
    path.move_to(first.x, first.y);
    rest.for_each(|next| path.line_to(next.x, next.y));
    if closed {
        path.close();
    }
    let Some(path) = path.finish() else { return };
    surface.set_fill(None);
    surface.set_stroke(Some(stroke(ink::color(tone), points(width))));
    surface.draw_path(&path);
}

fn ring(surface: &mut Surface<'_>, at: (Length, Length), radius: Length, tone: Tone) {
    // A circle of four curves: the handles are 0.5523 of the radius long.
    let (centre, r) = (point(at), points(radius));
    let h = r * 0.5523;
    let (x, y) = (centre.x, centre.y);
    let mut path = PathBuilder::new();
    path.move_to(x + r, y);
    path.cubic_to(x + r, y + h, x + h, y + r, x, y + r);
    path.cubic_to(x - h, y + r, x - r, y + h, x - r, y);
    path.cubic_to(x - r, y - h, x - h, y - r, x, y - r);
    path.cubic_to(x + h, y - r, x + r, y - h, x + r, y);
    path.close();
    let Some(path) = path.finish() else { return };
    surface.set_fill(None);
    surface.set_stroke(Some(stroke(ink::color(tone), 1.0)));
    surface.draw_path(&path);
}

fn fill(color: krilla::color::rgb::Color) -> Fill {
    Fill { paint: color.into(), opacity: NormalizedF32::ONE, rule: Default::default() }
}

fn stroke(color: krilla::color::rgb::Color, width: f32) -> Stroke {
    Stroke { paint: color.into(), width, ..Stroke::default() }
}

/// Returns where the places of the document are: page and point, by id. The first of an id counts.
fn places(pages: &[Page]) -> BTreeMap<&str, (usize, Length)> {
    let mut places = BTreeMap::new();
    for (index, page) in pages.iter().enumerate() {
        for mark in &page.marks {
            if let Mark::Place { y, id, .. } = mark
                && !id.is_empty()
            {
                places.entry(id.as_str()).or_insert((index, *y));
            }
        }
    }
    places
}

fn link(rect: Rect, place: (usize, Length)) -> LinkAnnotation {
    LinkAnnotation::new(rect, Target::Destination(destination(place).into()))
}

fn destination((page, y): (usize, Length)) -> XyzDestination {
    XyzDestination::new(page, Point::from_xy(0.0, points(y)))
}

/// Returns the outline: headings of the second level below those of the first.
fn outline(pages: &[Page]) -> Outline {
    let mut chapters: Vec<OutlineNode> = Vec::new();
    for (index, page) in pages.iter().enumerate() {
        for mark in &page.marks {
            let Mark::Place { y, outline: Some((title, level)), .. } = mark else { continue };
            let node = OutlineNode::new(title.clone(), destination((index, *y)));
            match chapters.last_mut().filter(|_| *level > 1) {
                Some(chapter) => chapter.push_child(node),
                None => chapters.push(node),
            }
        }
    }
    let mut outline = Outline::new();
    chapters.into_iter().for_each(|chapter| outline.push_child(chapter));
    outline
}

fn metadata(about: &About) -> Metadata {
    let metadata = Metadata::new()
        .title(about.title.clone())
        .language(about.language.clone())
        .creator(about.made_by.clone())
        .document_id(about.id.clone());
    // The day of the calculation, not of the clock: the same input gives the same file.
    let mut parts = about.as_of.split('-').filter_map(|part| part.parse::<u16>().ok());
    match (parts.next(), parts.next(), parts.next()) {
        (Some(year), Some(month), Some(day)) => {
            let (month, day) = (u8::try_from(month).unwrap_or(1), u8::try_from(day).unwrap_or(1));
            let date = DateTime::new(year).month(month).day(day).hour(0).minute(0).second(0);
            metadata.creation_date(date.utc_offset_hour(8).utc_offset_minute(0))
        }
        _ => metadata,
    }
}

fn rect(at: (Length, Length), size: (Length, Length)) -> Option<Rect> {
    Rect::from_xywh(points(at.0), points(at.1), points(size.0.max(1)), points(size.1.max(1)))
}

fn point(at: (Length, Length)) -> Point {
    Point::from_xy(points(at.0), points(at.1))
}

/// Returns thousandths as a number of wholes.
fn points(length: Length) -> f32 {
    length as f32 / 1000.0
}

fn refused(cause: &str) -> Error {
    Error::new(ErrorKind::Output, Message::new("error.pdf").text("cause", cause))
}
