//! Plan files: tariff text as data, checked as a whole before a figure of it is used.

mod example;
mod money_rules;
mod reading;
mod spec;
mod usage_rules;

use std::collections::BTreeSet;
use std::ops::Range;

use crate::model::case::Operator;
use crate::model::message::Message;
use crate::model::plan::{Clause, Consumption, Plan, PlanKind};
use crate::rules::check::{Checker, Text};
use crate::spec::{self as files, SpecDocument, SpecProblem, SpecText};
use spec::{ClauseSpec, PlanSpec};

/// Version of the plan file that is read.
pub const SCHEMA: &str = "mingzhang.plan/1";

/// Returns the checked plan of a plan file. Its worked examples are not run here.
///
/// # Errors
/// With every problem of the file, by place.
pub fn parse(path: &str, text: &str) -> Result<Plan, Vec<SpecProblem>> {
    let document = SpecDocument::parse(SpecText { path, text });
    let mut plan = base(document.clone(), None)?;
    let (readings, problems) = reading::readings(&document);
    if !problems.is_empty() {
        return Err(problems);
    }
    plan.readings = readings;
    Ok(plan)
}

/// Returns the plan of the document without its readings; `reading` names the one that was put in.
fn base(mut document: SpecDocument<'_>, reading: Option<&str>) -> Result<Plan, Vec<SpecProblem>> {
    let spec: Option<PlanSpec> = document.extract();
    let Some(spec) = spec.filter(|_| !document.is_broken()) else { return Err(document.into_problems()) };
    let mut check = Checker::after(document);
    let plan = PlanChecker { check: &mut check, clauses: BTreeSet::new(), reading }.plan(&spec);
    files::sort_problems(&mut check.problems);
    plan.filter(|_| check.problems.is_empty()).ok_or(check.problems)
}

/// Checks one plan: the shared checks and the clauses that its figures may name.
struct PlanChecker<'c, 'a> {
    check: &'c mut Checker<'a>,
    clauses: BTreeSet<String>,
    reading: Option<&'c str>,
}

impl PlanChecker<'_, '_> {
    fn plan(&mut self, spec: &PlanSpec) -> Option<Plan> {
        let top = 0..0;
        self.check.schema(spec.schema.as_ref(), SCHEMA);
        let id = self.id(&top, spec.id.as_ref());
        let name = self.check.text(&top, "name", spec.name.as_ref());
        let operator = spec.operator.as_ref().map(|word| self.operator(word));
        let effective_from = self.check.optional_day(spec.effective_from.as_ref());
        let effective_last = self.check.optional_day(spec.effective_to.as_ref());
        if let (Some(from), Some(last), Some(at)) = (effective_from, effective_last, &spec.effective_to)
            && last < from
        {
            self.check.ends_before_start(at.span(), &from.to_string());
        }
        let clauses = self.clauses(spec);
        let kind = self.kind(spec);
        let allowances = self.allowances(spec);
        // An allowance with a problem of its own is still a known name.
        let named = spec.allowance.iter().filter_map(|it| it.get_ref().id.as_ref());
        let named: Vec<&str> = named.map(|id| id.get_ref().as_str()).collect();
        let consumption = spec
            .consumption
            .as_ref()
            .map_or(Some(Consumption::default()), |consumption| self.consumption(consumption, &named));
        let rates = self.rates(spec);
        let caps = self.caps(spec);
        let credits = self.credits(spec);
        self.reading_keys(spec);
        let examples = self.examples(spec);
        Some(Plan {
            id: id?,
            name: name?,
            aliases: spec.aliases.iter().map(|alias| alias.get_ref().clone()).collect(),
            operator: operator.flatten(),
            kind: kind?,
            effective_from,
            effective_last,
            clauses,
            allowances,
            consumption: consumption?,
            rates,
            caps,
            credits,
            readings: Vec::new(),
            examples,
        })
    }

    fn operator(&mut self, word: &Text) -> Option<Operator> {
        let choices = Operator::ALL.map(|operator| (operator.code(), operator));
        self.check.choice(word, &choices)
    }

    fn clauses(&mut self, spec: &PlanSpec) -> Vec<Clause> {
        let parsed: Vec<Clause> = spec
            .clause
            .iter()
            .filter_map(|clause| self.clause_text(&clause.span(), clause.get_ref()))
            .collect();
        // Ids of clauses with another problem count too, else each figure would be a second problem.
        let ids = spec.clause.iter().filter_map(|clause| clause.get_ref().id.as_ref());
        for id in ids {
            if !self.clauses.insert(id.get_ref().clone()) {
                self.check.problem(id.span(), Message::new("plan.repeated-id").text("id", id.get_ref()));
            }
        }
        parsed
    }

    fn clause_text(&mut self, table: &Range<usize>, spec: &ClauseSpec) -> Option<Clause> {
        let id = self.check.text(table, "id", spec.id.as_ref());
        let text = self.check.text(table, "text", spec.text.as_ref());
        let source = self.check.text(table, "source", spec.source.as_ref());
        let retrieved = self.check.optional_day(spec.retrieved.as_ref());
        let source = source?;
        let oral = is_oral(&source);
        Some(Clause { id: id?, text: text?, source, retrieved, oral })
    }

    fn kind(&mut self, spec: &PlanSpec) -> Option<PlanKind> {
        let word = self.check.required(&(0..0), "kind", spec.kind.as_ref())?;
        match self.check.choice(word, &[("plan", false), ("pack", true)])? {
            false => {
                if let Some(pack) = &spec.pack {
                    self.check.problem(pack.span(), Message::new("plan.pack-in-plan"));
                }
                match &spec.fee {
                    None => Some(PlanKind::Plan(None)),
                    Some(fee) => self.fee(&fee.span(), fee.get_ref()).map(|fee| PlanKind::Plan(Some(fee))),
                }
            }
            true => {
                if let Some(fee) = &spec.fee {
                    self.check.problem(fee.span(), Message::new("plan.fee-in-pack"));
                }
                let pack = self.check.required(&(0..0), "pack", spec.pack.as_ref())?;
                self.pack(&pack.span(), pack.get_ref()).map(PlanKind::Pack)
            }
        }
    }

    /// Returns the id of a clause that the plan has; every figure names one.
    fn clause(&mut self, table: &Range<usize>, value: Option<&Text>) -> Option<String> {
        if value.is_none() {
            self.check.required::<()>(table, "clause", None);
            return None;
        }
        self.optional_clause(value)
    }

    fn optional_clause(&mut self, value: Option<&Text>) -> Option<String> {
        let value = value?;
        if !self.clauses.contains(value.get_ref()) {
            let near = files::near(value.get_ref(), self.clauses.iter().map(String::as_str)).join(", ");
            let message =
                Message::new("plan.unknown-clause").text("clause", value.get_ref()).text("near", near);
            self.check.problem(value.span(), message);
        }
        Some(value.get_ref().clone())
    }

    /// Returns a required id: lower-case letters, digits and single hyphens.
    fn id(&mut self, table: &Range<usize>, value: Option<&Text>) -> Option<String> {
        let value = self.check.required(table, "id", value)?;
        let id = is_kebab_case(value.get_ref()).then(|| value.get_ref().clone());
        self.check.or_note(value, id, "plan.id-form")
    }

    /// Returns a required id that is not among those seen, and adds it.
    fn unique_id(
        &mut self,
        seen: &mut BTreeSet<String>,
        table: &Range<usize>,
        value: Option<&Text>,
    ) -> Option<String> {
        let id = self.id(table, value)?;
        if !seen.insert(id.clone())
            && let Some(value) = value
        {
            self.check.problem(value.span(), Message::new("plan.repeated-id").text("id", &id));
        }
        Some(id)
    }
}

fn is_kebab_case(id: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    id.split('-').all(part)
}

/// Returns whether a clause was only told: its source says so.
fn is_oral(source: &str) -> bool {
    let source = source.to_lowercase();
    source.split(|c: char| !c.is_alphanumeric()).any(|word| word == "oral")
        || ["口头", "口述"].iter().any(|word| source.contains(word))
}
