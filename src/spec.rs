//! Files from outside in TOML: read into an `XSpec` with the place of every problem.
//!
//! Every problem of a file is found in one go: an entry that does not fit is noted and taken out, then
//! the rest is read again.

mod words;

use std::ops::Range;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use crate::model::message::Message;

pub use words::near;

/// Most entries that are taken out of one file before reading gives up.
const PROBLEMS_MAX: usize = 200;

/// A problem of a case, plan, format or law file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecProblem {
    /// Path of the file.
    pub path: String,
    /// 1-based row.
    pub row: u32,
    /// 1-based column, in characters.
    pub column: u32,
    /// Bytes of the file that it is about.
    pub span: Range<usize>,
    /// What is wrong and what is right.
    pub message: Message,
}

/// A text with the places of its lines: turns byte spans into problems.
#[derive(Debug, Clone, Copy)]
pub struct SpecText<'a> {
    /// Path of the file.
    pub path: &'a str,
    /// Its text.
    pub text: &'a str,
}

impl SpecText<'_> {
    /// Returns the problem at a byte span.
    pub fn problem(&self, span: Range<usize>, message: Message) -> SpecProblem {
        let (row, column) = self.place(&span);
        SpecProblem { path: self.path.to_owned(), row, column, span, message }
    }

    /// Returns the 1-based row and column (in characters) of a byte span's start.
    pub fn place(&self, span: &Range<usize>) -> (u32, u32) {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        (before.matches('\n').count() as u32 + 1, before[line_start..].chars().count() as u32 + 1)
    }
}

/// Reads a TOML file into its spec type.
///
/// # Errors
/// With every problem, by place, when the text is not TOML or does not have the shape of the type.
pub fn read<T: DeserializeOwned>(file: SpecText<'_>) -> Result<T, Vec<SpecProblem>> {
    let mut document = SpecDocument::parse(file);
    let value = document.extract();
    match value {
        Some(value) if document.problems.is_empty() => Ok(value),
        _ => Err(document.into_problems()),
    }
}

/// A parsed TOML file whose shape is being checked.
#[derive(Debug, Clone)]
pub struct SpecDocument<'a> {
    /// The file.
    pub file: SpecText<'a>,
    /// The entries that are left.
    pub root: Spanned<DeTable<'a>>,
    /// What was found so far, in the order of discovery.
    pub problems: Vec<SpecProblem>,
    /// Entries that were taken out: start of their table and key. They are not missing, only wrong.
    pub taken_out: Vec<(usize, String)>,
    broken: bool,
}

impl<'a> SpecDocument<'a> {
    /// Returns the parsed file; what is not TOML is noted, the rest is kept.
    pub fn parse(file: SpecText<'a>) -> Self {
        let (root, errors) = DeTable::parse_recoverable(file.text);
        let note = |error: &toml::de::Error| {
            let message = Message::new("spec.toml").text("detail", error.message());
            file.problem(error.span().unwrap_or(0..0), message)
        };
        let problems: Vec<SpecProblem> = errors.iter().map(note).collect();
        Self { file, root, broken: !problems.is_empty(), problems, taken_out: Vec::new() }
    }

    /// Returns whether the text itself is not TOML, so that entries may be missing only for that reason.
    pub fn is_broken(&self) -> bool {
        self.broken
    }

    /// Returns the value of the entries that fit; those that do not are noted and taken out.
    ///
    /// None when nothing that is left can be read.
    pub fn extract<T: DeserializeOwned>(&mut self) -> Option<T> {
        for _ in 0..PROBLEMS_MAX {
            let error = match T::deserialize(toml::de::Deserializer::from(self.root.clone())) {
                Ok(value) => return Some(value),
                Err(error) => error,
            };
            let span = error.span().unwrap_or(0..0);
            let path = innermost(self.root.get_ref(), &span);
            let value = path.as_ref().and_then(|path| value_at(self.root.get_ref(), path));
            let message = words::of_error(&error, value);
            self.note_shape(span, message);
            let root_span = self.root.span();
            if !path.is_some_and(|path| self.take_out(root_span, &path)) {
                return None;
            }
        }
        None
    }

    /// Returns every problem, by place.
    pub fn into_problems(mut self) -> Vec<SpecProblem> {
        sort_problems(&mut self.problems);
        self.problems
    }

    /// Notes a wrong shape, unless broken TOML in the same row is already noted: it would be a consequence.
    fn note_shape(&mut self, span: Range<usize>, message: Message) {
        let problem = self.file.problem(span, message);
        let consequence = self.broken && self.problems.iter().any(|other| other.row == problem.row);
        if !consequence {
            self.problems.push(problem);
        }
    }

    fn take_out(&mut self, root_span: Range<usize>, path: &[Step]) -> bool {
        let taken = remove(self.root.get_mut(), root_span.start, path);
        let found = taken.is_some();
        self.taken_out.extend(taken);
        found
    }
}

/// Sorts problems by their place in the file and drops exact repetitions.
pub fn sort_problems(problems: &mut Vec<SpecProblem>) {
    problems.sort_by(|a, b| {
        (&a.path, a.span.start, a.span.end, &a.message).cmp(&(&b.path, b.span.start, b.span.end, &b.message))
    });
    problems.dedup();
}

/// One step down in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Key(String),
    Index(usize),
}

/// Returns the path of the smallest entry whose key or value holds the span.
fn innermost(table: &DeTable<'_>, span: &Range<usize>) -> Option<Vec<Step>> {
    let mut best: Option<(usize, Vec<Step>)> = None;
    visit_table(table, &mut Vec::new(), &mut |place, path| {
        let holds = place.start <= span.start && span.end <= place.end;
        let size = place.len();
        // On a tie the deeper entry wins: it is visited later.
        if holds && best.as_ref().is_none_or(|(smallest, _)| size <= *smallest) {
            best = Some((size, path.to_vec()));
        }
    });
    best.map(|(_, path)| path)
}

fn visit_table(table: &DeTable<'_>, path: &mut Vec<Step>, see: &mut impl FnMut(Range<usize>, &[Step])) {
    for (key, value) in table {
        path.push(Step::Key(key.get_ref().to_string()));
        see(key.span(), path);
        visit_value(value, path, see);
        path.pop();
    }
}

fn visit_value(
    value: &Spanned<DeValue<'_>>,
    path: &mut Vec<Step>,
    see: &mut impl FnMut(Range<usize>, &[Step]),
) {
    see(value.span(), path);
    match value.get_ref() {
        DeValue::Table(table) => visit_table(table, path, see),
        DeValue::Array(array) => {
            for (index, element) in array.iter().enumerate() {
                path.push(Step::Index(index));
                visit_value(element, path, see);
                path.pop();
            }
        }
        _ => {}
    }
}

fn value_at<'t, 'a>(table: &'t DeTable<'a>, path: &[Step]) -> Option<&'t DeValue<'a>> {
    let (first, rest) = path.split_first()?;
    let Step::Key(key) = first else { return None };
    let value = table.iter().find(|(name, _)| name.get_ref().as_ref() == key.as_str())?.1;
    rest.iter().try_fold(value.get_ref(), |value, step| match step {
        Step::Key(key) => value.get(key.as_str()).map(Spanned::get_ref),
        Step::Index(index) => value.get(*index).map(Spanned::get_ref),
    })
}

/// Takes the entry at the path out; returns the start of its table and its key.
fn remove(table: &mut DeTable<'_>, table_start: usize, path: &[Step]) -> Option<(usize, String)> {
    let (first, rest) = path.split_first()?;
    let Step::Key(key) = first else { return None };
    if rest.is_empty() {
        let kept = std::mem::take(table).into_iter().filter(|(name, _)| name.get_ref().as_ref() != key);
        *table = kept.collect();
        return Some((table_start, key.clone()));
    }
    let value = table.iter_mut().find(|(name, _)| name.get_ref().as_ref() == key.as_str())?.1;
    remove_below(value, rest)
}

fn remove_below(value: &mut Spanned<DeValue<'_>>, path: &[Step]) -> Option<(usize, String)> {
    let start = value.span().start;
    match (value.get_mut(), path) {
        (DeValue::Table(table), path) => remove(table, start, path),
        (DeValue::Array(array), [Step::Index(index)]) => {
            let kept = std::mem::replace(array, DeArray::new())
                .into_iter()
                .enumerate()
                .filter(|(at, _)| at != index);
            *array = kept.map(|(_, element)| element).collect();
            Some((start, index.to_string()))
        }
        (DeValue::Array(array), [Step::Index(index), rest @ ..]) => {
            remove_below(array.get_mut(*index)?, rest)
        }
        _ => None,
    }
}
