//! Layer 8: the whole path for one case, from bytes to the report model. Pure: nothing is opened or printed.

use std::collections::BTreeSet;

use crate::error::Result;
use crate::ingest::{self, FormatBook, InputFile};
use crate::model::case::{Case, CaseFile};
use crate::model::message::Message;
use crate::model::period::Day;
use crate::model::plan::Plan;
use crate::rating::outcome::RatedLine;
use crate::rating::{self, examples};
use crate::reconcile;
use crate::report::assemble::{self, Assembly};
use crate::report::model::{Attachment, Report};
use crate::report::wording::Wording;
use crate::rules;
use crate::rules::law::LawBook;
use crate::rules::plan_book::{PlanBook, normalised_name};
use crate::settle::{self, outcome::SettledLine};
use crate::spec::SpecProblem;

/// What one case consists of.
pub struct Inputs {
    /// Bills, lists, payments, orders.
    pub files: Vec<InputFile>,
    /// case.toml, checked; the default when there is none.
    pub case_file: CaseFile,
    /// Plan files of the case and of `--plan`.
    pub plans: Vec<InputFile>,
    /// Ids that `--plan` names: taken as in force when nothing else says otherwise.
    pub assumed_plans: Vec<String>,
    /// Files that are quoted, never parsed: path and SHA-256.
    pub attachments: Vec<Attachment>,
    /// Known layouts, those of the user included.
    pub formats: FormatBook,
    /// Day of the calculation.
    pub as_of: Day,
}

/// The result of one case.
pub struct Analysis {
    /// The frozen case.
    pub case: Case,
    /// Its lines, settled.
    pub settled: Vec<SettledLine>,
    /// The report model.
    pub report: Report,
    /// Problems of plan files, with the text they are in.
    pub plan_problems: Vec<SpecProblem>,
}

impl Analysis {
    /// Returns whether an input or a plan could not be used at all.
    pub fn has_unusable_input(&self) -> bool {
        !self.plan_problems.is_empty() || self.case.sources.iter().any(|source| source.unusable.is_some())
    }
}

/// A case that is read and rated, and nothing more.
pub struct RatedCase {
    /// The frozen case.
    pub case: Case,
    /// Its lines, rated, in the order of the case.
    pub rated: Vec<RatedLine>,
    /// Plans of the case over the built-in ones.
    pub plans: PlanBook,
    /// Problems of plan files, with the text they are in.
    pub plan_problems: Vec<SpecProblem>,
}

impl RatedCase {
    /// Returns whether an input or a plan could not be used at all.
    pub fn has_unusable_input(&self) -> bool {
        !self.plan_problems.is_empty() || self.case.sources.iter().any(|source| source.unusable.is_some())
    }
}

/// Reads and rates one case.
///
/// # Errors
/// When an embedded data file does not hold, or an amount leaves the exact range.
pub fn rate(inputs: Inputs) -> Result<RatedCase> {
    let formats = &inputs.formats;
    let (plans, plan_problems) = plan_book(&inputs.plans)?;
    let files = inputs.files.into_iter().flat_map(ingest::members);
    let readings = files.map(|file| {
        let hints = &inputs.case_file.sources;
        let archive = file.path.split_once("!/").map(|(archive, _)| archive);
        let own = hints.iter().find(|hint| hint.file == file.path);
        let hint = own.or_else(|| hints.iter().find(|hint| Some(hint.file.as_str()) == archive));
        ingest::read_owned(file, hint, formats)
    });
    let mut case = ingest::assemble_case(readings.collect(), inputs.case_file, inputs.as_of)?;
    reconcile::adopt_payments(&mut case)?;
    let rate_one = |line| rating::rate_line_among(line, &case.lines, &plans, &inputs.assumed_plans);
    let rated = case.lines.iter().map(rate_one).collect::<Result<Vec<RatedLine>>>()?;
    Ok(RatedCase { case, rated, plans, plan_problems })
}

/// Reads, rates, reconciles, detects, settles and reports one case.
///
/// # Errors
/// When an embedded data file does not hold, or an amount leaves the exact range.
pub fn analyse(mut inputs: Inputs, wording: &Wording) -> Result<Analysis> {
    let laws = LawBook::built_in();
    let attachments = std::mem::take(&mut inputs.attachments);
    let RatedCase { case, rated, plans, plan_problems } = rate(inputs)?;
    let settle_one = |(line, rated)| {
        let reconciliation = reconcile::reconcile(&case, line, &rated)?;
        settle::settle_line(&case, line, rated, reconciliation)
    };
    let settled = case.lines.iter().zip(rated).map(settle_one).collect::<Result<Vec<SettledLine>>>()?;
    let notes = Vec::<Message>::new();
    let assembly = Assembly { case: &case, settled: &settled, laws, plans: &plans, attachments, notes };
    let report = assemble::assemble(assembly, wording)?;
    Ok(Analysis { case, settled, report, plan_problems })
}

/// Returns the plans of the case over the built-in ones; a plan that does not hold is left out and named. A built-in
/// plan gives way to a plan of the case with its id, name or alias: copying one and adding one's own terms is how
/// they are meant to be used.
///
/// # Errors
/// When an amount of an example leaves the exact range.
pub fn plan_book(files: &[InputFile]) -> Result<(PlanBook, Vec<SpecProblem>)> {
    let mut problems = Vec::new();
    let mut own: Vec<(String, Plan)> = Vec::new();
    for file in files {
        let text = String::from_utf8_lossy(&file.bytes);
        match rules::plan::parse(&file.path, &text) {
            Ok(plan) => own.push((file.path.clone(), plan)),
            Err(found) => problems.extend(found),
        }
    }
    let names: BTreeSet<String> =
        own.iter().flat_map(|(_, plan)| plan.names().map(normalised_name)).collect();
    let gives_way = |plan: &Plan| plan.names().any(|name| names.contains(&normalised_name(name)));
    let built_in = PlanBook::built_in_files().filter(|(_, plan)| !gives_way(plan));
    let plans = built_in.map(|(path, plan)| (path.to_owned(), plan)).chain(own);
    let (book, failed) = examples::checked_book(plans)?;
    problems.extend(failed);
    Ok((book, problems))
}
