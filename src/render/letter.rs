//! Letters: the complaint for one channel as a careful person would write it. One tree, printed as Markdown and as
//! PDF. Facts only: what is proven is demanded, what is probable is to be checked, what is missing is asked for.

use crate::error::Result;
use crate::render::markup::{self, Element, markdown};
use crate::render::pdf::face::{Faces, PT};
use crate::render::pdf::{self, Sheet};
use crate::render::template::{self, Value, context, merge_maps};
use crate::render::words::Words;
use crate::report::model::{Finding, Report};
use crate::report::wording::Wording;

mod history;
mod matters;
mod papers;
mod parties;

/// The template of all letters.
const TEMPLATE: &str = "letter.html";

/// Whom a letter is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Channel {
    /// The operator: the first complaint.
    Operator,
    /// 电信用户申诉受理机构: the appeal after the operator was asked.
    Miit,
    /// 12315: the consumer complaint with the market regulator.
    Consumer,
    /// 黑猫投诉: a public post, without personal data.
    Heimao,
    /// The platform through which money was paid.
    Platform,
}

impl Channel {
    /// All channels, in the order in which they are tried.
    pub const ALL: [Self; 5] = [Self::Operator, Self::Miit, Self::Consumer, Self::Heimao, Self::Platform];

    /// Returns the name in flags, files and case files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Miit => "miit",
            Self::Consumer => "12315",
            Self::Heimao => "heimao",
            Self::Platform => "platform",
        }
    }

    /// Returns the channel of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.name() == name)
    }
}

/// A letter, ready to be printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Its title.
    pub title: String,
    /// What stands in the way of sending it: conditions of the channel that are not met.
    pub notes: Vec<String>,
    /// What has to be filled in by hand.
    pub blanks: Vec<String>,
    root: Element,
}

/// Returns the letter of a report for a channel; none when the report holds nothing that concerns it.
///
/// # Errors
/// When a sentence is missing in the wording files, or an amount of the report is none.
pub fn letter(report: &Report, channel: Channel, wording: &Wording) -> Result<Option<Letter>> {
    let words = Words(wording);
    let errors = concerned(report, channel, "E");
    let questions = concerned(report, channel, "Q");
    if channel == Channel::Platform && errors.is_empty() && questions.is_empty() {
        return Ok(None);
    }
    let notes = history::conditions(report, channel, words)?;
    let mut blanks = parties::Blanks::default();
    let parties = parties::values(report, channel, &errors, words, &mut blanks)?;
    let history = history::values(report, channel, words, &mut blanks)?;
    let matters = matters::values(report, channel, &errors, &questions, words, &mut blanks)?;
    for field in ["signature", "date"].into_iter().filter(|_| channel != Channel::Heimao) {
        blanks.add(words.plain(&format!("letter.field.{field}"))?);
    }
    let title = words.with(&format!("letter.title.{}", channel.name()), &[("title", &report.title)])?;
    let own = context! {
        channel => channel.name(), title => &title, notes => &notes, blanks => &blanks.names,
        report => Value::from(template::Serde(report)),
    };
    let text = template::fill(TEMPLATE, wording, merge_maps([own, parties, history, matters]))?;
    let root = markup::parse(TEMPLATE, &text)?;
    Ok(Some(Letter { title, notes, blanks: blanks.names, root }))
}

impl Letter {
    /// Returns the letter as Markdown.
    pub fn markdown(&self) -> String {
        markdown::text(&self.root)
    }

    /// Returns the letter as a PDF file.
    ///
    /// # Errors
    /// When a sentence is missing in the wording files, or a font of the user's cannot be embedded.
    pub fn pdf(&self, report: &Report, wording: &Wording, faces: &Faces) -> Result<Vec<u8>> {
        let sheet = Sheet::of(report, Words(wording), &self.title)?.without_head();
        pdf::document(&self.root, &[], faces, &sheet, 10 * PT)
    }

    /// Returns how many pages stand before the annex, and how many there are.
    ///
    /// # Errors
    /// When a sentence is missing in the wording files.
    pub fn page_counts(&self, report: &Report, wording: &Wording, faces: &Faces) -> Result<(usize, usize)> {
        let sheet = Sheet::of(report, Words(wording), &self.title)?.without_head();
        let whole = pdf::page_count(&self.root, &[], faces, &sheet, 10 * PT)?;
        let mut body = self.root.clone();
        body.cut_at("newpage");
        Ok((pdf::page_count(&body, &[], faces, &sheet, 10 * PT)?, whole))
    }
}

/// Returns the findings of a kind that a channel can do something about: a platform only about its own money.
fn concerned<'a>(report: &'a Report, channel: Channel, kind: &str) -> Vec<&'a Finding> {
    let on_payment =
        |finding: &Finding| report.payments.iter().any(|payment| payment.findings.contains(&finding.id));
    let findings = report.findings.iter().filter(|finding| finding.kind == kind);
    findings.filter(|finding| channel != Channel::Platform || on_payment(finding)).collect()
}
