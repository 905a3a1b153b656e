//! The other side's own export and its reply beside a bundle: `comparison.json` and `comparison.html`.

mod page;
mod reply;

use schemars::JsonSchema;
use serde::Serialize;

use super::manifest::{Program, pretty};
use super::pack::{self, Packed};
use crate::error::Result;
use crate::ingest::{self, FormatBook, InputFile};
use crate::model::case::{Case, CaseFile};
use crate::model::message::Message;
use crate::model::source::{RowRef, Source};
use crate::reconcile::compare::{self, ComparedRow, Outcome, Tolerance};
use crate::render::outputs::Output;
use crate::report::wording::Wording;

/// The version of the file.
pub const SCHEMA: &str = "mingzhang.comparison/1";

/// What the comparison came to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct Comparison {
    /// Always `mingzhang.comparison/1`.
    pub schema: String,
    /// What made it.
    pub program: Program,
    /// Title of the case.
    pub title: String,
    /// Id of the bundle's report.
    pub report_id: String,
    /// SHA-256 of the bundle.
    pub bundle_sha256: String,
    /// The other side's files.
    pub files: Vec<OtherFile>,
    /// How far two records of the same event may lie apart.
    pub tolerances: Tolerances,
    /// How many rows of each table came out how.
    pub counts: Vec<Counts>,
    /// Every row, by table, line and time.
    pub rows: Vec<ComparedLine>,
    /// The other side's reply, item by item.
    pub reply: Vec<ReplyLine>,
}

/// A file of the other side.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct OtherFile {
    /// Its name.
    pub path: String,
    /// `records` or `reply`.
    pub role: String,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
    /// Format id; null when it could not be used.
    pub profile: Option<String>,
    /// Rows that became records.
    pub rows_used: u64,
    /// Rows that did not.
    pub rows_set_aside: u64,
    /// Why it could not be used; null when it could.
    pub problem: Option<String>,
}

/// Tolerances.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct Tolerances {
    /// Between two times, in seconds.
    pub time_s: u32,
    /// Between two durations, in seconds.
    pub duration_s: u32,
}

/// Rows of a table by outcome.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct Counts {
    /// `bill`, `usage`, `payments`.
    pub table: String,
    /// Alike within the tolerances.
    pub equal: u64,
    /// With a field that is not the same.
    pub differs: u64,
    /// Only in the bundle.
    pub only_here: u64,
    /// Only in the bundle, where the other side's files do not reach.
    pub outside_window: u64,
    /// Only in the other side's files.
    pub only_there: u64,
}

/// A compared row.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct ComparedLine {
    /// `bill`, `usage`, `payments`.
    pub table: String,
    /// Number of the line.
    pub msisdn: String,
    /// The record in short.
    pub label: String,
    /// `equal`, `differs`, `only-here`, `outside-window`, `only-there`.
    pub outcome: String,
    /// Its place in the bundle.
    pub here: Option<Place>,
    /// Its place in the other side's files.
    pub there: Option<Place>,
    /// Fields that are not the same.
    pub differences: Vec<Difference>,
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct Place {
    /// File.
    pub path: String,
    /// Sheet of a workbook.
    pub sheet: Option<String>,
    /// Row.
    pub row: u32,
}

/// A field that is not the same.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct Difference {
    /// Field of the general record format.
    pub field: String,
    /// What the bundle says.
    pub here: String,
    /// What the other side says.
    pub there: String,
}

/// An amount of the other side's reply beside ours.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct ReplyLine {
    /// Number of the line; empty when no line fits.
    pub msisdn: String,
    /// Cycle.
    pub period: String,
    /// Item as the reply calls it.
    pub item: String,
    /// Its place in the reply.
    pub place: Place,
    /// What the reply says, in yuan.
    pub replied: String,
    /// What the bill charged; null when the item is not on it.
    pub billed: Option<String>,
    /// Lower bound of what we compute; null when no rule prices it.
    pub computed_low: Option<String>,
    /// Upper bound.
    pub computed_high: Option<String>,
    /// reply − computed (nearest bound); null when nothing was computed.
    pub difference: Option<String>,
    /// `same`, `explained`, `not-explained`, `no-rule`.
    pub outcome: String,
    /// What explains the difference, or why nothing does.
    pub why: String,
}

/// What the other side handed over.
pub struct OtherSide {
    /// Its own export.
    pub records: Vec<InputFile>,
    /// Its reply: item, period, amount.
    pub reply: Option<InputFile>,
}

/// Compares the other side's files with a bundle that was computed again.
///
/// # Errors
/// When an amount leaves the exact range, or a sentence is missing in the wording files.
pub fn comparison(
    (packed, bundle_sha256): (&Packed, &str),
    set: &OtherSide,
    tolerance: Tolerance,
    wording: &Wording,
) -> Result<Comparison> {
    let analysis = &packed.analysed.analysis;
    let there = other_case(&set.records, &analysis.case)?;
    let asked = !set.records.is_empty();
    let rows = if asked { compare::compare(&analysis.case, &there, tolerance)? } else { Vec::new() };
    let mut files = said_files(&there, "records", wording)?;
    let mut reply = Vec::new();
    if let Some(file) = &set.reply {
        let case = other_case(std::slice::from_ref(file), &analysis.case)?;
        files.extend(said_files(&case, "reply", wording)?);
        reply = reply::lines(analysis, &case, wording)?;
    }
    Ok(Comparison {
        schema: SCHEMA.to_owned(),
        program: Program { name: "mingzhang".to_owned(), version: pack::version() },
        title: analysis.report.title.clone(),
        report_id: analysis.report.id.clone(),
        bundle_sha256: bundle_sha256.to_owned(),
        files,
        tolerances: Tolerances { time_s: tolerance.time_s, duration_s: tolerance.duration_s },
        counts: counts(&rows),
        rows: rows.iter().map(|row| line(row, (&analysis.case, &there), wording)).collect::<Result<_>>()?,
        reply,
    })
}

impl Comparison {
    /// Returns the files to write.
    ///
    /// # Errors
    /// When a sentence is missing in the wording files.
    pub fn outputs(&self, wording: &Wording) -> Result<Vec<Output>> {
        let page = page::render(self, wording)?;
        Ok(vec![
            Output { name: "comparison.html".to_owned(), bytes: page.into_bytes() },
            Output { name: "comparison.json".to_owned(), bytes: pretty(self).into_bytes() },
        ])
    }

    /// Returns whether a file of the other side could not be used.
    pub fn has_unusable_file(&self) -> bool {
        self.files.iter().any(|file| file.problem.is_some())
    }
}

/// Returns the published JSON Schema of the comparison, with a line feed at the end.
pub fn schema_text() -> String {
    pretty(&schemars::schema_for!(Comparison))
}

impl Difference {
    /// Returns both values as a person reads them.
    fn words(&self) -> [Message; 2] {
        [&self.here, &self.there].map(|value| match self.field.as_str() {
            "direction" if !value.is_empty() => Message::new(format!("compare.direction.{value}")),
            _ => Message::new("compare.value").text("value", value),
        })
    }

    /// Returns the field and both values in words.
    pub fn message(&self) -> Message {
        let [here, there] = self.words();
        let field = Message::new(format!("compare.field.{}", self.field));
        Message::new("compare.row-field")
            .message("field", field)
            .message("here", here)
            .message("there", there)
    }
}

/// Reads the other side's files as a case of its own; it knows our lines, nothing else.
fn other_case(files: &[InputFile], here: &Case) -> Result<Case> {
    let book = FormatBook::built_in();
    let readings =
        files.iter().cloned().flat_map(ingest::members).map(|file| ingest::read_file(&file, None, book));
    let lines = here.lines.iter().map(|line| line.info.clone()).collect();
    ingest::assemble_case(readings.collect(), CaseFile { lines, ..CaseFile::default() }, here.as_of)
}

fn said_files(case: &Case, role: &str, wording: &Wording) -> Result<Vec<OtherFile>> {
    let file = |source: &Source| {
        let problem = source.unusable.as_ref().map(|why| {
            let words = Message::new("compare.unusable").message("message", why.message.clone());
            wording.say(&words.message("help", why.help.clone()))
        });
        Ok(OtherFile {
            path: source.path.clone(),
            role: role.to_owned(),
            sha256: source.sha256.clone(),
            profile: source.tables.first().map(|table| table.profile.clone()),
            rows_used: source.tables.iter().map(|table| u64::from(table.rows_used)).sum(),
            rows_set_aside: source.tables.iter().map(|table| table.set_aside.len() as u64).sum(),
            problem: problem.transpose()?,
        })
    };
    case.sources.iter().map(file).collect()
}

fn counts(rows: &[ComparedRow]) -> Vec<Counts> {
    let mut all: Vec<Counts> = Vec::new();
    for row in rows {
        if all.last().is_none_or(|last| last.table != row.table.code()) {
            all.push(Counts { table: row.table.code().to_owned(), ..Counts::default() });
        }
        if let Some(counts) = all.last_mut() {
            *match row.outcome {
                Outcome::Equal => &mut counts.equal,
                Outcome::Differs => &mut counts.differs,
                Outcome::OnlyHere => &mut counts.only_here,
                Outcome::OutsideWindow => &mut counts.outside_window,
                Outcome::OnlyThere => &mut counts.only_there,
            } += 1;
        }
    }
    all
}

fn line(row: &ComparedRow, (here, there): (&Case, &Case), wording: &Wording) -> Result<ComparedLine> {
    let difference = |it: &compare::FieldDifference| Difference {
        field: it.field.to_owned(),
        here: it.here.clone(),
        there: it.there.clone(),
    };
    Ok(ComparedLine {
        table: row.table.code().to_owned(),
        msisdn: row.msisdn.clone(),
        label: wording.say(&row.label)?,
        outcome: row.outcome.code().to_owned(),
        here: row.here.map(|at| place(here, at)),
        there: row.there.map(|at| place(there, at)),
        differences: row.differences.iter().map(difference).collect(),
    })
}

fn place(case: &Case, at: RowRef) -> Place {
    let sheet = case.table(at).sheet.name.clone();
    Place { path: case.source(at).path.clone(), sheet, row: at.row }
}
