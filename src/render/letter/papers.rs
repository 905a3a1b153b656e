//! The numbered papers 证据1, 证据2 …: one a file, with its rows and fingerprint.

use std::collections::BTreeMap;

use crate::error::Result;
use crate::render::letter::parties::Blanks;
use crate::render::template::{Value, context};
use crate::render::words::Words;
use crate::report::model::{CoverageMap, Finding, Report};

/// Most row numbers that are listed one by one.
const ROWS_MAX: usize = 6;

/// The evidence of a letter.
pub struct Papers {
    names: BTreeMap<String, String>,
    /// Name, path, what it shows, rows, source, fingerprint.
    pub rows: Vec<Value>,
}

impl Papers {
    /// Returns the files that the findings quote, in the order in which they are first quoted, then the attachments.
    ///
    /// # Errors
    /// When a sentence is missing in the wording files.
    pub fn of(report: &Report, errors: &[&Finding], words: Words<'_>, blanks: &mut Blanks) -> Result<Self> {
        let mut order: Vec<&str> = Vec::new();
        let mut rows_of: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        for evidence in errors.iter().flat_map(|finding| &finding.evidence) {
            if !order.contains(&evidence.path.as_str()) {
                order.push(&evidence.path);
            }
            rows_of.entry(&evidence.path).or_default().push(evidence.row);
        }
        let mut papers = Self { names: BTreeMap::new(), rows: Vec::new() };
        for (index, path) in order.into_iter().enumerate() {
            let name = paper(index + 1, words)?;
            let rows = rows_text(rows_of.remove(path).unwrap_or_default(), words)?;
            let input = report.inputs.iter().find(|input| input.path == path);
            let sha256 = input.map(|input| input.sha256.as_str()).unwrap_or_default();
            let kind = match input.and_then(|input| input.table.as_deref()) {
                Some(table) => words.code("table", table)?,
                None => String::new(),
            };
            papers.rows.push(context! { name => &name, path, kind, rows, sha256 });
            papers.names.insert(path.to_owned(), name);
        }
        // A list that only its owner says is complete is as good as the screen that shows it.
        if is_declared(report, &papers.names) {
            let name = paper(papers.rows.len() + 1, words)?;
            let path = blanks.or_blank(None, "query_screen", words)?;
            let (kind, rows) = (words.plain("letter.attachment")?, words.plain("letter.query_screen")?);
            papers.rows.push(context! { name, path, kind, rows, sha256 => "" });
        }
        let first = papers.rows.len();
        for (index, file) in report.attachments.iter().enumerate() {
            let name = paper(first + index + 1, words)?;
            let sha256 = file.sha256.as_deref().unwrap_or_default();
            let told = [file.about.as_deref(), file.obtained.as_deref()].into_iter().flatten();
            let rows = told.collect::<Vec<_>>().join(words.0.lang().list_separator());
            let kind = words.plain("letter.attachment")?;
            papers.rows.push(context! { name, path => &file.path, kind, rows, sha256 });
        }
        Ok(papers)
    }

    /// Returns the names of the papers that a finding quotes.
    pub fn of_finding(&self, finding: &Finding) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for name in finding.evidence.iter().filter_map(|evidence| self.names.get(&evidence.path)) {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        names
    }
}

/// Returns whether one of the quoted files is of a kind whose completeness the complainant declares.
fn is_declared(report: &Report, quoted: &BTreeMap<String, String>) -> bool {
    let declared = report.coverage.iter().filter(|map| map.days.iter().any(|day| day == "declared"));
    let tables: Vec<&str> = declared.map(table_of).collect();
    let tables_quoted = report.inputs.iter().filter(|input| quoted.contains_key(&input.path));
    tables_quoted.filter_map(|input| input.table.as_deref()).any(|table| tables.contains(&table))
}

/// Returns the general table that holds records of that kind.
fn table_of(map: &CoverageMap) -> &'static str {
    match map.kind.as_str() {
        "orders" => "orders",
        "payments" => "payments",
        _ => "usage",
    }
}

fn paper(number: usize, words: Words<'_>) -> Result<String> {
    words.with("letter.paper", &[("number", &number.to_string())])
}

/// Returns rows in words: the first few, or the range with its count.
fn rows_text(mut rows: Vec<u32>, words: Words<'_>) -> Result<String> {
    rows.sort_unstable();
    rows.dedup();
    let (first, last) = (rows.first().copied().unwrap_or(0), rows.last().copied().unwrap_or(0));
    if rows.len() <= ROWS_MAX {
        let rows: Vec<String> = rows.iter().map(u32::to_string).collect();
        return words.with("html.row_number", &[("row", &rows.join(words.0.lang().list_separator()))]);
    }
    let args =
        [("first", &first.to_string()), ("last", &last.to_string()), ("count", &rows.len().to_string())];
    words.with("html.row_range", &args.map(|(name, text)| (name, text.as_str())))
}
