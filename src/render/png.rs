//! Charts as pictures, on request: the same drawing as on the page, in the light palette, with the embedded font.

use std::sync::Arc;

use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::{self, Tree, fontdb};

use crate::embedded;
use crate::error::{Error, ErrorKind, Result};
use crate::model::message::Message;
use crate::render::charts::{Chart, charts};
use crate::render::outputs::Output;
use crate::report::model::Report;
use crate::report::wording::Wording;

/// Pixels of the picture for one pixel of the drawing: sharp in print at its usual size.
const SCALE: u16 = 3;
/// White space around the drawing, in pixels of the drawing.
const MARGIN: u16 = 12;

/// Returns every chart of the report as a picture.
///
/// # Errors
/// When a chart cannot be drawn.
pub fn pictures(report: &Report, wording: &Wording) -> Result<Vec<Output>> {
    let mut fonts = fontdb::Database::new();
    fonts.load_font_data(embedded::font("NotoSansSC-Regular.ttf").to_vec());
    let options = usvg::Options {
        font_family: "Noto Sans SC".to_owned(),
        fontdb: Arc::new(fonts),
        ..usvg::Options::default()
    };
    let picture = |chart: &Chart| {
        Ok(Output { name: format!("charts/{}.png", chart.id), bytes: painted(chart, &options)? })
    };
    charts(report, wording)?.iter().map(picture).collect()
}

/// Returns a chart as a file of its own: with name space, size, colours and patterns.
///
/// # Errors
/// When the chart cannot be drawn.
pub fn standalone_svg(chart: &Chart) -> Result<String> {
    let svg = chart.svg()?;
    let body = svg.split_once(">\n").map_or("", |(_, body)| body);
    let (width, height) = chart.drawing.size;
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\">\n{}{body}",
        embedded::text("templates/chart.html").trim_end()
    ))
}

fn painted(chart: &Chart, options: &usvg::Options<'_>) -> Result<Vec<u8>> {
    let tree = Tree::from_str(&standalone_svg(chart)?, options).map_err(refused)?;
    let (width, height) = chart.drawing.size;
    let px = |length: u32| (length + 2 * u32::from(MARGIN)) * u32::from(SCALE);
    let mut picture = Pixmap::new(px(width), px(height)).ok_or_else(|| refused("size"))?;
    picture.fill(Color::WHITE);
    let (scale, margin) = (SCALE.into(), MARGIN.into());
    let place = Transform::from_translate(margin, margin).post_scale(scale, scale);
    resvg::render(&tree, place, &mut picture.as_mut());
    picture.encode_png().map_err(refused)
}

fn refused(error: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::Output, Message::new("error.chart").text("cause", error))
}
