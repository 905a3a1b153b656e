//! Results added up, exactly: in any order, in any parts, to the same sums. Lines come in as columns, some ten thousand
//! at a time; each time they are reduced to the few rows of the report's tables, so that memory does not grow with lines.

mod columns;
mod tables;

use crate::detect::{self, DETECTORS};
use crate::error::Result;
use crate::model::case::Operator;
use crate::model::finding::{FindingKind, Verdict};
use crate::portfolio::frame::{Frame, Keep, Order};
use crate::portfolio::model::{Answer, Common, OfDetector, OfGroup, Outlier, Portfolio, Totals};
use crate::portfolio::result::{Amount, LineResult};
use crate::portfolio::sums::columns::{Columns, month_of};
use crate::portfolio::sums::tables::{Tables, yuan};
use crate::report::wording::Wording;

/// How many frequent errors are listed.
const COMMON: usize = 8;
/// Lines that are reduced together.
const LINES_AT_A_TIME: usize = 64 << 10;

/// Sums so far.
#[derive(Debug, Default)]
pub struct Sums {
    columns: Columns,
    tables: Tables,
    cases: u64,
    last_case: String,
}

impl Sums {
    /// Adds the result of a line. Results come in the order of case and number.
    ///
    /// # Errors
    /// When a sum leaves the exact range.
    pub fn add(&mut self, line: &LineResult) -> Result<()> {
        if line.case != self.last_case {
            self.cases += 1;
            self.last_case.clone_from(&line.case);
        }
        self.columns.add(line)?;
        if self.columns.lines() == LINES_AT_A_TIME {
            self.tables.take_in(self.columns.take()?)?;
        }
        Ok(())
    }

    /// Fills the sums into a portfolio.
    ///
    /// # Errors
    /// When a sum leaves the exact range, or a title has no words.
    pub fn fill(mut self, portfolio: &mut Portfolio, wording: &Wording) -> Result<()> {
        let rest = self.columns.take()?;
        self.tables.take_in(rest)?;
        let tables = &self.tables;
        portfolio.totals = totals(tables, self.cases + portfolio.failures.len() as u64)?;
        portfolio.by_detector = by_detector(&tables.found, wording)?;
        portfolio.common_problems = common(&tables.problems, portfolio.totals.lines, wording)?;
        let operators = tables.operators.whole("operator")?.into_iter().map(operator_code);
        portfolio.by_operator = groups(operators, &tables.operators)?;
        let platforms = tables.platforms.text("platform")?;
        portfolio.by_platform = groups(platforms.into_iter(), &tables.platforms)?;
        let months = tables.found_months.beside(&tables.months, &["month"], Keep::Both)?;
        portfolio.by_month = groups(months.whole("month")?.into_iter().map(month_of), &months)?;
        portfolio.slowest_answers = answers(&tables.answers)?;
        portfolio.largest_claims = outliers(&tables.claims, "claim")?;
        portfolio.largest_bills = outliers(&tables.bills, "billed")?;
        Ok(())
    }

    /// Returns the tables as they stand, by name.
    pub fn tables(&self) -> Vec<(&'static str, &Frame)> {
        self.tables.named()
    }
}

fn totals(tables: &Tables, cases: u64) -> Result<Totals> {
    let all = |name: &str| Ok(tables.operators.whole(name)?.into_iter().sum::<i64>() as u64);
    let claims = yuan(&tables.found, "claim")?;
    let verdicts = tables.found.whole("verdict")?;
    let claim = |verdict: Verdict| {
        let of = verdicts.iter().zip(&claims).filter(|(own, _)| **own == verdict as i64);
        of.map(|(_, claim)| *claim).try_fold(Amount::ZERO, Amount::plus)
    };
    let billed = |name: &str| yuan(&tables.operators, name)?.into_iter().try_fold(Amount::ZERO, Amount::plus);
    Ok(Totals {
        cases,
        lines: all("lines")?,
        lines_with_errors: all("errors")?,
        findings: all("findings")?,
        billed: billed("billed")?.to_string(),
        explained: billed("explained")?.to_string(),
        disputed: billed("disputed")?.to_string(),
        unverified: billed("unverified")?.to_string(),
        claim_proven: claim(Verdict::Proven)?.to_string(),
        claim_probable: claim(Verdict::Probable)?.to_string(),
    })
}

fn by_detector(found: &Frame, wording: &Wording) -> Result<Vec<OfDetector>> {
    let found = found.sorted(&[Order::Up("place"), Order::Up("kind"), Order::Down("verdict")])?;
    let (kinds, verdicts) = (found.whole("kind")?, found.whole("verdict")?);
    let (findings, lines) = (found.whole("findings")?, found.whole("lines")?);
    let (amounts, claims) = (yuan(&found, "amount")?, yuan(&found, "claim")?);
    let places = found.whole("place")?.into_iter().enumerate();
    let row = |(row, place): (usize, i64)| {
        let detector = DETECTORS.get(place as usize)?;
        let kind = FindingKind::ALL.get(kinds[row] as usize)?;
        let verdict = Verdict::ALL.get(verdicts[row] as usize)?;
        Some(wording.word(&format!("{}.title", detector.code)).map(|title| OfDetector {
            code: detector.code.to_owned(),
            name: detector.name.to_owned(),
            title,
            kind: kind.code().to_owned(),
            verdict: verdict.code().to_owned(),
            findings: findings[row] as u64,
            lines: lines[row] as u64,
            amount: amounts[row].to_string(),
            claim: claims[row].to_string(),
        }))
    };
    places.filter_map(row).collect()
}

fn common(problems: &Frame, all_lines: u64, wording: &Wording) -> Result<Vec<Common>> {
    let first = problems.sorted(&[Order::Down("lines"), Order::Up("code")])?.first(COMMON);
    let rows = first.text("code")?.into_iter().zip(first.whole("lines")?).zip(yuan(&first, "claim")?);
    let row = |((code, lines), claim): ((String, i64), Amount)| {
        Ok(Common {
            title: wording.word(&format!("{code}.title"))?,
            code,
            lines: lines as u64,
            per_mille: lines as u64 * 1000 / all_lines.max(1),
            claim: claim.to_string(),
        })
    };
    rows.map(row).collect()
}

fn groups(names: impl Iterator<Item = String>, table: &Frame) -> Result<Vec<OfGroup>> {
    let (lines, findings) = (table.whole("lines")?, table.whole("findings")?);
    let (billed, unverified) = (yuan(table, "billed")?, yuan(table, "unverified")?);
    let claims = yuan(table, "claim")?;
    let row = |(row, name): (usize, String)| OfGroup {
        name,
        lines: lines[row] as u64,
        findings: findings[row] as u64,
        billed: billed[row].to_string(),
        unverified: unverified[row].to_string(),
        claim: claims[row].to_string(),
    };
    Ok(names.enumerate().map(row).collect())
}

fn outliers(table: &Frame, amount: &str) -> Result<Vec<Outlier>> {
    let rows = table.text("case")?.into_iter().zip(table.text("msisdn")?);
    let rows = rows.zip(table.whole("month")?).zip(yuan(table, amount)?);
    let row = |(((case, msisdn), month), amount): (((String, String), i64), Amount)| Outlier {
        case,
        msisdn,
        period: month_of(month),
        amount: amount.to_string(),
    };
    Ok(rows.map(row).collect())
}

fn answers(table: &Frame) -> Result<Vec<Answer>> {
    let rows = table.whole("days")?.into_iter().zip(table.text("case")?).zip(table.text("party")?);
    Ok(rows.map(|((days, case), party)| Answer { days: days as u32, case, party }).collect())
}

/// Returns the code of an operator; 0 stands for one that is not known.
fn operator_code(number: i64) -> String {
    let known = usize::try_from(number - 1).ok().and_then(|index| Operator::ALL.get(index));
    known.map_or("", |operator| operator.code()).to_owned()
}

/// Returns the place of a detector in the catalogue.
fn place_of(code: &str) -> i64 {
    let place = detect::DETECTORS.iter().position(|detector| detector.code == code);
    place.map_or(i64::MAX, |place| place as i64)
}
