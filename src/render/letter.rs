//! Letters: the complaint as a careful person would write it, in Markdown.

use std::collections::BTreeMap;

use crate::error::Result;
use crate::model::money::Money;
use crate::render::template::{self, Serde, Value, context};
use crate::render::words::{Words, shown};
use crate::report::model::{Expected, Finding, Law, Report};
use crate::report::wording::Wording;

/// The rule that gives an operator 15 days to answer.
const ANSWER_RULE: &str = "o35-10";

/// Returns the first letter to the operator. What the case does not say is a marked blank, listed at the top.
///
/// # Errors
/// When a sentence is missing in the wording files, or an amount of the report is none.
pub fn operator(report: &Report, wording: &Wording) -> Result<String> {
    let words = Words(wording);
    let errors: Vec<&Finding> = report.findings.iter().filter(|finding| finding.kind == "E").collect();
    let questions: Vec<&Finding> = report.findings.iter().filter(|finding| finding.kind == "Q").collect();
    let papers = Papers::of(report, &errors, words)?;
    let mut blanks = Vec::new();
    let sender = sender(report, words, &mut blanks)?;
    let respondent = respondent(report, words, &mut blanks)?;
    let items = errors
        .iter()
        .enumerate()
        .map(|(index, finding)| item(report, index + 1, finding, &papers, words))
        .collect::<Result<Vec<_>>>()?;
    let asks: Vec<String> = questions.iter().flat_map(|finding| finding.ask.clone()).collect();
    blanks.push(words.plain("letter.field.signature")?);
    blanks.push(words.plain("letter.field.date")?);
    template::fill(
        "letter-operator.md",
        wording,
        context! {
            report => Value::from(Serde(report)),
            opening => opening(report, &errors, words)?,
            numbers => numbers(report, words)?,
            answer_rule => report.laws.iter().find(|law| law.id == ANSWER_RULE).map(|law| law.title.clone()),
            laws => quoted_laws(report, &errors),
            has_proven => errors.iter().any(|finding| finding.verdict == "proven"),
            papers => papers.rows, sender, respondent, items, asks, blanks,
        },
    )
}

/// Returns a value that the case states, or a marked blank that is also put on the list.
fn or_blank(value: Option<&str>, field: &str, words: Words<'_>, blanks: &mut Vec<String>) -> Result<String> {
    if let Some(value) = value.filter(|value| !value.trim().is_empty()) {
        return Ok(value.to_owned());
    }
    let what = words.plain(&format!("letter.field.{field}"))?;
    let blank = words.with("letter.blank", &[("what", &what)])?;
    blanks.push(what);
    Ok(blank)
}

fn sender(report: &Report, words: Words<'_>, blanks: &mut Vec<String>) -> Result<Value> {
    let who = &report.complainant;
    let name = or_blank(who.name.as_deref(), "name", words, blanks)?;
    let identity = or_blank(None, "identity", words, blanks)?;
    let phone = or_blank(who.phone.as_deref(), "phone", words, blanks)?;
    let address = or_blank(who.address.as_deref(), "address", words, blanks)?;
    Ok(context! { name, identity, phone, address })
}

fn respondent(report: &Report, words: Words<'_>, blanks: &mut Vec<String>) -> Result<String> {
    let stated =
        report.subjects.iter().map(|subject| subject.respondent.as_str()).find(|name| !name.is_empty());
    or_blank(stated, "respondent", words, blanks)
}

/// Returns the numbers of the case with operator and billed days.
fn numbers(report: &Report, words: Words<'_>) -> Result<Vec<String>> {
    let number = |subject: &crate::report::model::Subject| {
        let mut parts = vec![subject.msisdn.clone()];
        parts.extend(Some(subject.operator_name.clone()).filter(|name| !name.is_empty()));
        if let (Some(start), Some(end)) = (&subject.start, &subject.end) {
            parts.push(words.with("html.billed_days", &[("start", start), ("end", end)])?);
        }
        Ok(parts.join(" · "))
    };
    report.subjects.iter().map(number).collect()
}

/// Returns what is wrong in one sentence.
fn opening(report: &Report, errors: &[&Finding], words: Words<'_>) -> Result<String> {
    let totals = &report.totals;
    let proven = Money::parse(&totals.claim_proven)?.is_positive();
    let probable = Money::parse(&totals.claim_probable)?.is_positive();
    let titles: Vec<&str> = errors.iter().map(|finding| finding.title.as_str()).take(3).collect();
    let titles = titles.join(words.0.lang().list_separator());
    let key = match (proven, probable, errors.is_empty()) {
        (_, _, true) => return words.plain("letter.opening.none"),
        (true, false, _) => "letter.opening.proven",
        (true, true, _) => "letter.opening.both",
        (false, true, _) => "letter.opening.probable",
        (false, false, _) => "letter.opening.records",
    };
    let args =
        [("proven", totals.claim_proven.as_str()), ("probable", &totals.claim_probable), ("titles", &titles)];
    words.with(key, &args)
}

/// Returns one disputed matter: what, why, the lines with billed − due = difference, one request, the papers.
fn item(
    report: &Report,
    number: usize,
    finding: &Finding,
    papers: &Papers,
    words: Words<'_>,
) -> Result<Value> {
    let mut lines = Vec::new();
    for line in report.lines.iter().filter(|line| finding.lines.contains(&line.id)) {
        let due = Money::parse(&line.amount)?.minus(Money::parse(&line.disputed)?)?;
        lines.push(context! {
            row => line.source.row.map(|row| row.to_string()).unwrap_or_default(), period => &line.period,
            item => &line.item, amount => shown(&line.amount), due => shown(&due.to_string()),
            difference => shown(&line.disputed),
        });
    }
    let claimed = Money::parse(&finding.claim)?.is_positive();
    let lines = if claimed { lines } else { Vec::new() };
    let titles = finding.basis.iter().filter_map(|id| report.laws.iter().find(|law| law.id == *id));
    let laws = titles.map(|law| law.title.as_str()).collect::<Vec<_>>().join(words.0.lang().list_separator());
    // What is only asked about is not computed: that would look like a claim.
    let steps = if claimed { steps(report, finding) } else { Vec::new() };
    Ok(context! {
        number, title => &finding.title, period => finding.date.as_ref().unwrap_or(&finding.period),
        explanation => &finding.explanation, lines, steps,
        clauses => Value::from(Serde(&finding.clauses)), laws,
        request => request(finding, words)?, ask => &finding.ask, innocent => &finding.innocent,
        papers => papers.of_finding(finding).join(words.0.lang().list_separator()),
    })
}

/// Returns the computation of what was due for the bill lines of a finding.
fn steps(report: &Report, finding: &Finding) -> Vec<Value> {
    let is_about = |item: &&Expected| item.lines.iter().any(|line| finding.lines.contains(line));
    let items = report.expected.iter().filter(is_about);
    let steps = items.flat_map(|item| &item.trace).filter(|step| !step.formula.trim().is_empty());
    steps.map(|step| context! { what => &step.what, formula => &step.formula }).collect()
}

/// Returns the laws that the matters and the answer rest on, once each, for the annex.
fn quoted_laws(report: &Report, findings: &[&Finding]) -> Vec<Value> {
    let cited =
        |law: &&Law| law.id == ANSWER_RULE || findings.iter().any(|finding| finding.basis.contains(&law.id));
    report.laws.iter().filter(cited).map(|law| Value::from(Serde(law))).collect()
}

/// Returns the one request of a finding: proven is demanded, probable is to be checked, else the record is asked for.
fn request(finding: &Finding, words: Words<'_>) -> Result<String> {
    let claimed = Money::parse(&finding.claim)?.is_positive();
    match finding.verdict.as_str() {
        "proven" if claimed => words.with("letter.request.proven", &[("amount", &finding.claim)]),
        "probable" if claimed => words.with("letter.request.probable", &[("amount", &finding.claim)]),
        "needs-evidence" => words.with("letter.request.records", &[("amount", &finding.amount)]),
        _ => words.plain("letter.request.explain"),
    }
}

/// The numbered papers 证据1, 证据2 …: one a file, with its rows and fingerprint.
struct Papers {
    names: BTreeMap<String, String>,
    rows: Vec<Value>,
}

impl Papers {
    fn of(report: &Report, errors: &[&Finding], words: Words<'_>) -> Result<Self> {
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
            let name = words.with("letter.paper", &[("number", &(index + 1).to_string())])?;
            let rows = rows_text(rows_of.remove(path).unwrap_or_default(), words)?;
            let sha256 =
                report.inputs.iter().find(|input| input.path == path).map(|input| input.sha256.as_str());
            papers.rows.push(context! { name => &name, path, rows, sha256 => sha256.unwrap_or_default() });
            papers.names.insert(path.to_owned(), name);
        }
        let first = papers.rows.len();
        for (index, file) in report.attachments.iter().enumerate() {
            let name = words.with("letter.paper", &[("number", &(first + index + 1).to_string())])?;
            let sha256 = file.sha256.as_deref().unwrap_or_default();
            let about = file.about.as_deref().unwrap_or_default();
            papers.rows.push(context! { name, path => &file.path, rows => about, sha256 });
        }
        Ok(papers)
    }

    fn of_finding(&self, finding: &Finding) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for name in finding.evidence.iter().filter_map(|evidence| self.names.get(&evidence.path)) {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        names
    }
}

/// Returns rows in words: the first few, or the range with its count.
fn rows_text(mut rows: Vec<u32>, words: Words<'_>) -> Result<String> {
    rows.sort_unstable();
    rows.dedup();
    let (first, last) = (rows.first().copied().unwrap_or(0), rows.last().copied().unwrap_or(0));
    if rows.len() <= 6 {
        let rows: Vec<String> = rows.iter().map(u32::to_string).collect();
        return words.with("html.row_number", &[("row", &rows.join(words.0.lang().list_separator()))]);
    }
    let args =
        [("first", &first.to_string()), ("last", &last.to_string()), ("count", &rows.len().to_string())];
    words.with("html.row_range", &args.map(|(name, text)| (name, text.as_str())))
}
