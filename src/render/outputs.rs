//! Which files a report becomes: one list for every command that writes or packs them.

use crate::error::Result;
use crate::render::letter::Channel;
use crate::render::pdf::face::Faces;
use crate::render::{html, ics, json, letter, markdown, pdf, png, xlsx};
use crate::report::model::Report;
use crate::report::wording::Wording;

/// A form of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// The page.
    Html,
    /// The model itself.
    Json,
    /// Markdown: the report and the letters.
    Md,
    /// PDF: the report and the letters.
    Pdf,
    /// The evidence workbook.
    Xlsx,
    /// Dates for a calendar.
    Ics,
    /// Every chart as a picture; only on request.
    Png,
}

impl Format {
    /// All forms, in the order in which they are written.
    pub const ALL: [Self; 7] =
        [Self::Html, Self::Json, Self::Md, Self::Pdf, Self::Xlsx, Self::Ics, Self::Png];
    /// The forms that are written unless a user asks for others.
    pub const USUAL: [Self; 6] = [Self::Html, Self::Json, Self::Md, Self::Pdf, Self::Xlsx, Self::Ics];

    /// Returns the name by which a user asks for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Json => "json",
            Self::Md => "md",
            Self::Pdf => "pdf",
            Self::Xlsx => "xlsx",
            Self::Ics => "ics",
            Self::Png => "png",
        }
    }

    /// Returns the form of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// A file to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Path inside the report folder, with `/`.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Returns the files of a report in the asked forms. Same report, same bytes.
///
/// # Errors
/// When a sentence is missing in the wording files, or an amount of the report is none.
pub fn outputs(report: &Report, formats: &[Format], wording: &Wording) -> Result<Vec<Output>> {
    outputs_with(report, formats, wording, None)
}

/// Returns the same with fonts of the user's in the PDF files.
///
/// # Errors
/// When a sentence is missing in the wording files, or an amount of the report is none.
pub fn outputs_with(
    report: &Report,
    formats: &[Format],
    wording: &Wording,
    faces: Option<&Faces>,
) -> Result<Vec<Output>> {
    let mut files = Vec::new();
    for format in Format::ALL.into_iter().filter(|format| formats.contains(format)) {
        match format {
            Format::Html => files.push(text("report.html", html::render(report, wording)?)),
            Format::Json => files.push(text("report.json", json::render(report))),
            Format::Md => {
                files.push(text("report.md", markdown::render(report, wording)?));
                let letter = letter::letter(report, Channel::Operator, wording)?;
                files.extend(letter.map(|letter| text("letters/operator.md", letter.markdown())));
            }
            Format::Pdf => {
                let ours;
                let faces = match faces {
                    Some(faces) => faces,
                    None => {
                        ours = Faces::embedded()?;
                        &ours
                    }
                };
                files.extend(pdf_files(report, wording, faces)?);
            }
            Format::Xlsx => {
                files.push(Output { name: "report.xlsx".to_owned(), bytes: xlsx::render(report, wording)? });
            }
            Format::Ics => files.push(text("report.ics", ics::render(report, wording)?)),
            Format::Png => files.extend(png::pictures(report, wording)?),
        }
    }
    Ok(files)
}

fn text(name: &str, text: String) -> Output {
    Output { name: name.to_owned(), bytes: text.into_bytes() }
}

fn pdf_files(report: &Report, wording: &Wording, faces: &Faces) -> Result<Vec<Output>> {
    let mut files =
        vec![Output { name: "report.pdf".to_owned(), bytes: pdf::report(report, wording, faces)? }];
    if let Some(letter) = letter::letter(report, Channel::Operator, wording)? {
        let bytes = letter.pdf(report, wording, faces)?;
        files.push(Output { name: "letters/operator.pdf".to_owned(), bytes });
    }
    Ok(files)
}
