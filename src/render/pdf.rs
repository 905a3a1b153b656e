//! PDF: the report and the letters on A4, with embedded fonts, Chinese text that can be copied, an outline, links
//! and page numbers. The same report gives the same bytes.

use std::cell::Cell;

use crate::error::Result;
use crate::render::charts::{self, Chart};
use crate::render::html;
use crate::render::markup::{self, Element};
use crate::render::pdf::face::{Faces, PT};
use crate::render::pdf::layout::{Column, Layout, Setting};
use crate::render::pdf::mark::{Mark, Page, Tone};
use crate::render::pdf::paint::About;
use crate::render::pdf::text::{Align, Span, Style, Text};
use crate::render::template::{self, Value, context, merge_maps};
use crate::render::words::Words;
use crate::report::model::Report;
use crate::report::wording::Wording;

pub mod face;
mod figure;
mod inline;
mod layout;
pub mod mark;
mod pages;
mod paint;
mod table;
pub mod text;

/// Distance of the text from the sides of the page.
const SIDE: i32 = 48 * PT;
/// Where text begins and ends on a page.
const TOP: i32 = 58 * PT;
const BOTTOM: i32 = 56 * PT;

/// Size of the plain text of a report.
const TEXT: i32 = 9 * PT + PT / 2;

/// Returns the report as a PDF file.
///
/// # Errors
/// When a sentence is missing in the wording files, or an amount of the report is none.
pub fn report(report: &Report, wording: &Wording, faces: &Faces) -> Result<Vec<u8>> {
    let sheet = Sheet::of(report, Words(wording), &report.title)?;
    paint::file(&report_pages(report, wording, faces)?, faces, &sheet.about)
}

/// Returns the pages of the report, before they become a file.
///
/// # Errors
/// When a sentence is missing in the wording files, or an amount of the report is none.
pub fn report_pages(report: &Report, wording: &Wording, faces: &Faces) -> Result<Vec<Page>> {
    let words = Words(wording);
    let charts = charts::beside_strips(report, wording)?;
    let named = |chart: &Chart| context! { id => chart.id, title => &chart.title, note => &chart.note };
    let own = context! {
        own_font => faces.own_sha256(),
        chart_list => charts.iter().map(named).collect::<Vec<Value>>(),
    };
    let values = merge_maps([own, html::values(report, words)?]);
    let root = markup::parse("report-pdf.html", &template::fill("report-pdf.html", wording, values)?)?;
    let sheet = Sheet::of(report, words, &report.title)?;
    pages_of(&root, &charts, faces, &sheet, TEXT)
}

/// What stands on every page, and what the file says about itself.
pub struct Sheet {
    about: About,
    head: (String, String),
    foot: String,
    page_words: [String; 3],
}

impl Sheet {
    /// Returns what stands on every page of a document of that title.
    ///
    /// # Errors
    /// When a sentence is missing in the wording files.
    pub(crate) fn of(report: &Report, words: Words<'_>, title: &str) -> Result<Self> {
        let made_by =
            words.with("html.made_by", &[("version", &report.program.version), ("id", &report.id)])?;
        Ok(Self {
            head: (title.to_owned(), words.with("html.as_of", &[("day", &report.as_of)])?),
            page_words: [
                words.plain("html.page_before")?,
                words.plain("html.page_between")?,
                words.plain("html.page_after")?,
            ],
            about: About {
                title: title.to_owned(),
                language: words.plain("html.lang")?,
                made_by: format!("mingzhang {}", report.program.version),
                id: report.id.clone(),
                as_of: report.as_of.clone(),
            },
            foot: made_by,
        })
    }

    /// Returns the same without head: a letter begins with its own.
    pub(crate) fn without_head(mut self) -> Self {
        self.head = (String::new(), String::new());
        self
    }
}

/// Returns a document as a PDF file; `size` is the size of its plain text.
///
/// # Errors
/// When it names a chart that does not exist, or a font of the user's cannot be embedded.
pub fn document(
    root: &Element,
    charts: &[Chart],
    faces: &Faces,
    sheet: &Sheet,
    size: i32,
) -> Result<Vec<u8>> {
    let pages = pages_of(root, charts, faces, sheet, size)?;
    paint::file(&pages, faces, &sheet.about)
}

/// Returns how many pages a document has.
///
/// # Errors
/// When it names a chart that does not exist.
pub fn page_count(
    root: &Element,
    charts: &[Chart],
    faces: &Faces,
    sheet: &Sheet,
    size: i32,
) -> Result<usize> {
    Ok(pages_of(root, charts, faces, sheet, size)?.len())
}

fn pages_of(root: &Element, charts: &[Chart], faces: &Faces, sheet: &Sheet, size: i32) -> Result<Vec<Page>> {
    let style = Style { size, bold: false, tone: Tone::Black };
    let setting = Setting { style, leading: 158, distance: size * 6 / 10, align: Align::Left };
    let column = Column { x: SIDE, width: paint::A4.0 - 2 * SIDE };
    let flow = Layout { faces, charts, heads: Vec::new(), blocks_set: Cell::default() }
        .document(root, column, setting)?;
    let mut pages = pages::cut(&flow, TOP, paint::A4.1 - TOP - BOTTOM);
    let count = pages.len();
    for (index, page) in pages.iter_mut().enumerate() {
        page.marks.extend(margins(sheet, faces, index + 1, count));
    }
    Ok(pages)
}

/// Returns head and foot of a page: title, day, version, number.
fn margins(sheet: &Sheet, faces: &Faces, number: usize, count: usize) -> Vec<Mark> {
    let [before, between, after] = &sheet.page_words;
    let page = format!("{before}{number}{between}{count}{after}");
    let style = Style { size: 15 * PT / 2, bold: false, tone: Tone::Soft };
    let width = paint::A4.0 - 2 * SIDE;
    let foot = paint::A4.1 - BOTTOM + 16 * PT;
    let lines = [
        (shortened(&sheet.head.0), Align::Left, 30 * PT),
        (sheet.head.1.clone(), Align::Right, 30 * PT),
        (sheet.foot.clone(), Align::Left, foot),
        (page, Align::Right, foot),
    ];
    let mut marks = Vec::new();
    for (text, align, y) in lines {
        let span = Span { text, style, link: None };
        for (_, mut line) in Text::new(&[span], faces).lines(SIDE, width, align, 130).into_iter().take(1) {
            line.iter_mut().for_each(|mark| mark.shift((0, y)));
            marks.append(&mut line);
        }
    }
    let has_head = !sheet.head.0.is_empty();
    for y in [Some(43 * PT).filter(|_| has_head), Some(foot - 5 * PT)].into_iter().flatten() {
        let points = vec![(SIDE, y), (SIDE + width, y)];
        marks.push(Mark::Path { points, width: PT / 2, tone: Tone::Hair });
    }
    marks
}

/// A title of any length leaves room for the day beside it.
fn shortened(title: &str) -> String {
    const MOST: usize = 48;
    if title.chars().count() <= MOST {
        return title.to_owned();
    }
    title.chars().take(MOST).chain(['…']).collect()
}
