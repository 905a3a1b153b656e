//! Everything that one report is made from, and the one way from there to the report: `pack` and `verify` both take it,
//! so that a bundle that was packed here verifies there.

use crate::analyse::{Analysis, Inputs, analyse};
use crate::error::{Error, ErrorKind, Result};
use crate::ingest::{FormatBook, InputFile};
use crate::model::case::CaseFile;
use crate::model::coded::coded_enum;
use crate::model::message::Message;
use crate::model::period::Day;
use crate::render::outputs::{Format, Output, outputs};
use crate::report::model::Attachment;
use crate::report::wording::{Lang, Wording};
use crate::rules;

use super::content::Content;

coded_enum! {
    /// What a file is for.
    Role {
        /// case.toml.
        Case = "case",
        /// A bill, list, payment export or order record.
        Input = "input",
        /// A plan file.
        Plan = "plan",
        /// A format file of the user.
        Format = "format",
        /// A file that is quoted, never parsed.
        Attachment = "attachment",
    }
}

/// One file of the case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseMember {
    /// What it is for.
    pub role: Role,
    /// Path as the analysis knows it: relative to the case folder, with `/`.
    pub path: String,
    /// Its bytes.
    pub bytes: Content,
}

/// What beside the files decides the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Day of the calculation.
    pub as_of: Day,
    /// Language of the report.
    pub lang: Lang,
    /// Forms of the report.
    pub formats: Vec<Format>,
    /// Plan ids taken as in force when nothing else says otherwise.
    pub assumed_plans: Vec<String>,
}

/// The files of a case and the settings of its report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseSet {
    /// The files, in the order in which they are read.
    pub members: Vec<CaseMember>,
    /// The settings.
    pub settings: Settings,
}

/// A report and the files it becomes.
pub struct Analysed {
    /// The case and its report.
    pub analysis: Analysis,
    /// The files of the report.
    pub outputs: Vec<Output>,
}

impl CaseSet {
    /// Returns the files of a role, in order.
    pub fn of_role(&self, role: Role) -> impl Iterator<Item = &CaseMember> {
        self.members.iter().filter(move |member| member.role == role)
    }

    /// Makes the report from the files and settings alone.
    ///
    /// # Errors
    /// When the case file or a format file does not hold, or an amount leaves the exact range.
    pub fn analyse(&self) -> Result<Analysed> {
        let wording = Wording::load(self.settings.lang)?;
        let analysis = analyse(self.inputs()?, &wording)?;
        let outputs = outputs(&analysis.report, &self.settings.formats, &wording)?;
        Ok(Analysed { analysis, outputs })
    }

    /// Returns what the case file says.
    ///
    /// # Errors
    /// When it does not hold.
    pub fn case_file(&self) -> Result<CaseFile> {
        let Some(member) = self.of_role(Role::Case).next() else { return Ok(CaseFile::default()) };
        rules::case_file::parse(&member.path, &member.text()?).map_err(|_| does_not_hold(&member.path))
    }

    /// Returns the known layouts, those of the case included.
    ///
    /// # Errors
    /// When a format file does not hold.
    pub fn formats(&self) -> Result<FormatBook> {
        let mut book = FormatBook::built_in().clone();
        for member in self.of_role(Role::Format) {
            book.add(&member.path, &member.text()?).map_err(|_| does_not_hold(&member.path))?;
        }
        Ok(book)
    }

    fn inputs(&self) -> Result<Inputs> {
        let files = |role| self.of_role(role).map(CaseMember::file).collect::<Result<Vec<InputFile>>>();
        let attachment = |member: &CaseMember| Attachment {
            path: member.path.clone(),
            sha256: Some(member.bytes.sha256()),
            ..Attachment::default()
        };
        Ok(Inputs {
            files: files(Role::Input)?,
            case_file: self.case_file()?,
            plans: files(Role::Plan)?,
            assumed_plans: self.settings.assumed_plans.clone(),
            attachments: self.of_role(Role::Attachment).map(attachment).collect(),
            formats: self.formats()?,
            as_of: self.settings.as_of,
        })
    }
}

impl CaseMember {
    /// Returns it as the readers take it.
    ///
    /// # Errors
    /// When its bytes cannot be read.
    pub fn file(&self) -> Result<InputFile> {
        let unreadable = |error| {
            let message = Message::new("bundle.changed-meanwhile").text("member", &self.path);
            Error::new(ErrorKind::Input, message).with_source(error)
        };
        let bytes = self.bytes.bytes().map_err(unreadable)?.into_owned();
        Ok(InputFile { path: self.path.clone(), bytes })
    }

    /// Returns its text; what is no text becomes a replacement character.
    ///
    /// # Errors
    /// When its bytes cannot be read.
    pub fn text(&self) -> Result<String> {
        Ok(String::from_utf8_lossy(&self.file()?.bytes).into_owned())
    }
}

fn does_not_hold(path: &str) -> Error {
    Error::new(ErrorKind::Rules, Message::new("bundle.rules-fail").text("path", path))
}
