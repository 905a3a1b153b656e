//! The tables of the report: what is left of many lines.

use crate::error::Result;
use crate::model::finding::{FindingKind, Verdict};
use crate::portfolio::frame::{Frame, Keep, Order};
use crate::portfolio::result::Amount;
use crate::portfolio::sums::columns::Waiting;

/// How many outliers and slow answers are listed.
const LISTED: usize = 20;

/// Sums over all lines so far. Amounts stand in two columns each, `…_e4` and `…_rest_e12`.
#[derive(Debug, Default)]
pub struct Tables {
    /// By detector, kind and verdict: findings, lines, amount, claim.
    pub found: Frame,
    /// Errors that are proven or probable, by detector: lines, findings, amount, claim.
    pub problems: Frame,
    /// By operator: lines, lines with errors, findings, claim, what was billed and where it went.
    pub operators: Frame,
    /// Findings on payments, by platform.
    pub platforms: Frame,
    /// By month: findings, claim.
    pub found_months: Frame,
    /// By month: lines with a bill, what was billed and where it went.
    pub months: Frame,
    /// Lines with the largest claims.
    pub claims: Frame,
    /// Lines with the largest bills of one month.
    pub bills: Frame,
    /// Answers that took longest.
    pub answers: Frame,
}

const CLAIM: [&str; 3] = ["findings", "claim_e4", "claim_rest_e12"];
const FOUND: [&str; 6] = ["lines", "findings", "amount_e4", "amount_rest_e12", "claim_e4", "claim_rest_e12"];
const BILLED: [&str; 8] = [
    "billed_e4",
    "billed_rest_e12",
    "explained_e4",
    "explained_rest_e12",
    "disputed_e4",
    "disputed_rest_e12",
    "unverified_e4",
    "unverified_rest_e12",
];

impl Tables {
    /// Adds lines that nobody has added yet.
    ///
    /// # Errors
    /// None but those of a bug: every column is there.
    pub fn take_in(&mut self, waiting: Waiting) -> Result<()> {
        let Waiting { lines, findings, bills, answers } = waiting;
        let by = ["place", "code", "kind", "verdict"];
        add(&mut self.found, &by_line(&findings, &by)?, &by, &FOUND)?;
        let problems = by_line(&findings.only(are_errors(&findings)?)?, &["code"])?;
        add(&mut self.problems, &problems, &["code"], &FOUND)?;
        let on_payments = findings.text("platform")?.iter().map(|name| !name.is_empty()).collect();
        let platforms = by_line(&findings.only(on_payments)?, &["platform"])?;
        let platforms = with_nothing(
            &platforms,
            &["billed_e4", "billed_rest_e12", "unverified_e4", "unverified_rest_e12"],
        )?;
        add(
            &mut self.platforms,
            &platforms,
            &["platform"],
            &[&FOUND[..], &BILLED[..2], &BILLED[6..]].concat(),
        )?;
        add(&mut self.found_months, &findings, &["month"], &CLAIM)?;
        let bills = bills.with("lines", vec![1; bills.height()])?;
        add(&mut self.months, &bills, &["month"], &[&["lines"], &BILLED[..]].concat())?;
        let whole = lines.beside(&findings.sums(&["line"], &CLAIM)?, &["line"], Keep::First)?;
        let whole = whole.beside(&bills.sums(&["line"], &BILLED)?, &["line"], Keep::First)?;
        let sums = [&["lines", "errors"], &CLAIM[..], &BILLED[..]].concat();
        add(&mut self.operators, &whole, &["operator"], &sums)?;
        self.claims = largest(&self.claims, &claims(&whole)?, "claim")?;
        let named = bills.beside(&lines.select(&["line", "case", "msisdn"])?, &["line"], Keep::First)?;
        self.bills = largest(&self.bills, &named, "billed")?;
        let slowest = [Order::Down("days"), Order::Up("case"), Order::Up("party")];
        self.answers = std::mem::take(&mut self.answers).above(&answers)?.sorted(&slowest)?.first(LISTED);
        Ok(())
    }

    /// Returns the tables by name.
    pub fn named(&self) -> Vec<(&'static str, &Frame)> {
        vec![
            ("found", &self.found),
            ("problems", &self.problems),
            ("operators", &self.operators),
            ("platforms", &self.platforms),
            ("found_months", &self.found_months),
            ("months", &self.months),
            ("claims", &self.claims),
            ("bills", &self.bills),
            ("answers", &self.answers),
        ]
    }
}

/// Returns the amounts of two columns.
///
/// # Errors
/// When an amount leaves the exact range.
pub fn yuan(table: &Frame, name: &str) -> Result<Vec<Amount>> {
    let rows = table.whole(&format!("{name}_e4"))?.into_iter().zip(table.whole(&format!("{name}_rest_e12"))?);
    rows.map(|(e4, rest)| Amount::of_parts(e4, rest)).collect()
}

fn add(sums: &mut Frame, more: &Frame, keys: &[&str], of: &[&str]) -> Result<()> {
    let more = more.sums(keys, of)?;
    *sums = std::mem::take(sums).above(&more)?.sums(keys, of)?;
    Ok(())
}

/// Returns which findings are errors that are proven or probable.
fn are_errors(findings: &Frame) -> Result<Vec<bool>> {
    let known = findings.whole("kind")?.into_iter().zip(findings.whole("verdict")?);
    let is_error = |(kind, verdict)| kind == FindingKind::Error as i64 && verdict >= Verdict::Probable as i64;
    Ok(known.map(is_error).collect())
}

/// Returns the sums by `keys` and line, each of which counts as one line.
fn by_line(findings: &Frame, keys: &[&str]) -> Result<Frame> {
    let sums = findings.sums(&[keys, &["line"]].concat(), &FOUND[1..])?;
    sums.with("lines", vec![1; sums.height()])
}

/// Returns the table with columns of zeros.
fn with_nothing(table: &Frame, names: &[&str]) -> Result<Frame> {
    names.iter().try_fold(table.clone(), |table, name| table.with(name, vec![0; table.height()]))
}

/// Returns the lines on which something is claimed.
fn claims(lines: &Frame) -> Result<Frame> {
    let lines = lines.with("month", vec![0; lines.height()])?;
    let positive = yuan(&lines, "claim")?.into_iter().map(Amount::is_positive);
    lines.only(positive.collect())
}

/// Returns the largest of those that were known and more rows; of equal ones the first line stands first.
fn largest(known: &Frame, more: &Frame, name: &str) -> Result<Frame> {
    let [e4, rest] = [format!("{name}_e4"), format!("{name}_rest_e12")];
    let more = evened(more, name)?.select(&["line", "case", "msisdn", "month", &e4, &rest])?;
    let order = [Order::Down(&e4), Order::Down(&rest), Order::Up("line"), Order::Up("month")];
    Ok(known.clone().above(&more)?.sorted(&order)?.first(LISTED))
}

/// Returns the table with less than 0.0001 yuan in every rest, so that amounts compare column by column.
fn evened(table: &Frame, name: &str) -> Result<Frame> {
    let parts = yuan(table, name)?.into_iter().map(Amount::parts).collect::<Result<Vec<_>>>()?;
    let (e4, rest) = parts.into_iter().unzip();
    table.with(&format!("{name}_e4"), e4)?.with(&format!("{name}_rest_e12"), rest)
}
