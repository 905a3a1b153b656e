//! Results added up, exactly: in any order, in any parts, to the same sums.

use std::collections::{BTreeMap, BTreeSet};

use crate::detect::{self, DETECTORS};
use crate::error::Result;
use crate::model::case::Operator;
use crate::model::finding::{FindingKind, Verdict};
use crate::model::period::Cycle;
use crate::portfolio::model::{Answer, Common, OfDetector, OfGroup, Outlier, Portfolio, Totals};
use crate::portfolio::result::{Amount, LineResult};
use crate::report::wording::Wording;

/// How many outliers and slow answers are listed.
const LISTED: usize = 20;
/// How many frequent errors are listed.
const COMMON: usize = 8;

#[derive(Debug, Clone, Copy)]
struct Found {
    findings: u64,
    lines: u64,
    amount: Amount,
    claim: Amount,
}

#[derive(Debug, Clone, Copy)]
struct Group {
    lines: u64,
    findings: u64,
    billed: Amount,
    unverified: Amount,
    claim: Amount,
}

impl Default for Found {
    fn default() -> Self {
        Self { findings: 0, lines: 0, amount: Amount::ZERO, claim: Amount::ZERO }
    }
}

impl Default for Group {
    fn default() -> Self {
        let zero = Amount::ZERO;
        Self { lines: 0, findings: 0, billed: zero, unverified: zero, claim: zero }
    }
}

/// The largest of many, the first in order at equal size.
#[derive(Debug, Default)]
struct Largest(Vec<(i128, Outlier)>);

/// Sums so far.
#[derive(Debug)]
pub struct Sums {
    cases: BTreeSet<String>,
    lines: u64,
    lines_with_errors: u64,
    found: BTreeMap<(&'static str, FindingKind, Verdict), Found>,
    operators: BTreeMap<Option<Operator>, Group>,
    platforms: BTreeMap<String, Group>,
    months: BTreeMap<Cycle, Group>,
    billed: Amount,
    explained: Amount,
    disputed: Amount,
    unverified: Amount,
    claims: Largest,
    bills: Largest,
    answers: Vec<Answer>,
}

impl Default for Sums {
    fn default() -> Self {
        let zero = Amount::ZERO;
        Self {
            cases: BTreeSet::new(),
            lines: 0,
            lines_with_errors: 0,
            found: BTreeMap::new(),
            operators: BTreeMap::new(),
            platforms: BTreeMap::new(),
            months: BTreeMap::new(),
            billed: zero,
            explained: zero,
            disputed: zero,
            unverified: zero,
            claims: Largest::default(),
            bills: Largest::default(),
            answers: Vec::new(),
        }
    }
}

impl Sums {
    /// Adds the result of a line. Results come in the order of case and number.
    ///
    /// # Errors
    /// When a sum leaves the exact range.
    pub fn add(&mut self, line: &LineResult) -> Result<()> {
        if !line.case.is_empty() && !self.cases.contains(&line.case) {
            self.cases.insert(line.case.clone());
        }
        let answers = line.answers.iter().map(|(party, days)| Answer {
            days: *days,
            case: line.case.clone(),
            party: party.clone(),
        });
        self.answers.extend(answers);
        if line.msisdn.is_empty() {
            return Ok(());
        }
        self.lines += 1;
        let is_error = |row: &&crate::portfolio::result::FindingRow| {
            row.kind == FindingKind::Error && row.verdict >= Verdict::Probable
        };
        self.lines_with_errors += u64::from(line.findings.iter().any(|row| is_error(&row)));
        self.add_findings(line)?;
        self.add_bill(line)?;
        if self.answers.len() > LISTED * 8 {
            self.keep_slowest();
        }
        Ok(())
    }

    fn add_findings(&mut self, line: &LineResult) -> Result<()> {
        let mut claim = Amount::ZERO;
        let operator = self.operators.entry(line.operator).or_default();
        operator.lines += 1;
        for (index, row) in line.findings.iter().enumerate() {
            let key = (row.code, row.kind, row.verdict);
            let again =
                line.findings[..index].iter().any(|other| (other.code, other.kind, other.verdict) == key);
            let found = self.found.entry(key).or_default();
            found.findings += 1;
            found.lines += u64::from(!again);
            found.amount = found.amount.plus(row.amount)?;
            found.claim = found.claim.plus(row.claim)?;
            claim = claim.plus(row.claim)?;
            operator.findings += 1;
            operator.claim = operator.claim.plus(row.claim)?;
            let month = self.months.entry(row.period).or_default();
            month.findings += 1;
            month.claim = month.claim.plus(row.claim)?;
            if !row.platform.is_empty() {
                let platform = self.platforms.entry(row.platform.clone()).or_default();
                platform.findings += 1;
                platform.claim = platform.claim.plus(row.claim)?;
                let same = line.findings[..index].iter().any(|other| other.platform == row.platform);
                platform.lines += u64::from(!same);
            }
        }
        if claim.is_positive() {
            self.claims.add(claim, line, String::new())?;
        }
        Ok(())
    }

    fn add_bill(&mut self, line: &LineResult) -> Result<()> {
        let operator = self.operators.entry(line.operator).or_default();
        let mut months: BTreeMap<Cycle, Amount> = BTreeMap::new();
        for row in &line.bill {
            self.billed = self.billed.plus(row.amount)?;
            self.explained = self.explained.plus(row.explained)?;
            self.disputed = self.disputed.plus(row.disputed)?;
            self.unverified = self.unverified.plus(row.unverified)?;
            operator.billed = operator.billed.plus(row.amount)?;
            operator.unverified = operator.unverified.plus(row.unverified)?;
            let month = self.months.entry(row.period).or_default();
            month.billed = month.billed.plus(row.amount)?;
            month.unverified = month.unverified.plus(row.unverified)?;
            let own = months.entry(row.period).or_insert(Amount::ZERO);
            *own = own.plus(row.amount)?;
        }
        for (cycle, billed) in months {
            self.months.entry(cycle).or_default().lines += 1;
            self.bills.add(billed, line, cycle.to_string())?;
        }
        Ok(())
    }

    fn keep_slowest(&mut self) {
        self.answers.sort_by(|a, b| b.days.cmp(&a.days).then_with(|| a.cmp(b)));
        self.answers.truncate(LISTED);
    }

    /// Fills the sums into a portfolio.
    ///
    /// # Errors
    /// When a sum leaves the exact range, or a title has no words.
    pub fn fill(mut self, portfolio: &mut Portfolio, wording: &Wording) -> Result<()> {
        self.keep_slowest();
        portfolio.by_detector = self.by_detector(wording)?;
        portfolio.common_problems = self.common(wording)?;
        portfolio.totals = self.totals(portfolio.failures.len() as u64)?;
        let named = |(name, group): (String, Group)| of_group(name, group);
        let operator = |operator: Option<Operator>| operator.map_or("", Operator::code).to_owned();
        portfolio.by_operator =
            self.operators.into_iter().map(|(key, group)| named((operator(key), group))).collect();
        portfolio.by_platform = self.platforms.into_iter().map(named).collect();
        portfolio.by_month =
            self.months.into_iter().map(|(key, group)| named((key.to_string(), group))).collect();
        portfolio.slowest_answers = self.answers;
        portfolio.largest_claims = self.claims.list();
        portfolio.largest_bills = self.bills.list();
        Ok(())
    }

    fn totals(&self, failures: u64) -> Result<Totals> {
        let claim = |verdict: Verdict| {
            let of = self.found.iter().filter(|((_, _, own), _)| *own == verdict);
            of.map(|(_, found)| found.claim).try_fold(Amount::ZERO, Amount::plus)
        };
        Ok(Totals {
            cases: self.cases.len() as u64 + failures,
            lines: self.lines,
            lines_with_errors: self.lines_with_errors,
            findings: self.found.values().map(|found| found.findings).sum(),
            billed: self.billed.to_string(),
            explained: self.explained.to_string(),
            disputed: self.disputed.to_string(),
            unverified: self.unverified.to_string(),
            claim_proven: claim(Verdict::Proven)?.to_string(),
            claim_probable: claim(Verdict::Probable)?.to_string(),
        })
    }

    fn by_detector(&self, wording: &Wording) -> Result<Vec<OfDetector>> {
        let place = |code: &str| DETECTORS.iter().position(|detector| detector.code == code);
        let mut found: Vec<_> = self.found.iter().collect();
        found.sort_by_key(|((code, kind, verdict), _)| (place(code), *kind, std::cmp::Reverse(*verdict)));
        let row = |((code, kind, verdict), found): (&(&'static str, FindingKind, Verdict), &Found)| {
            Ok(OfDetector {
                code: (*code).to_owned(),
                name: detect::detector(code).map_or("", |detector| detector.name).to_owned(),
                title: wording.word(&format!("{code}.title"))?,
                kind: kind.code().to_owned(),
                verdict: verdict.code().to_owned(),
                findings: found.findings,
                lines: found.lines,
                amount: found.amount.to_string(),
                claim: found.claim.to_string(),
            })
        };
        found.into_iter().map(row).collect()
    }

    fn common(&self, wording: &Wording) -> Result<Vec<Common>> {
        let mut errors: BTreeMap<&str, (u64, Amount)> = BTreeMap::new();
        for ((code, kind, verdict), found) in &self.found {
            if *kind == FindingKind::Error && *verdict >= Verdict::Probable {
                let entry = errors.entry(code).or_insert((0, Amount::ZERO));
                *entry = (entry.0 + found.lines, entry.1.plus(found.claim)?);
            }
        }
        let mut errors: Vec<_> = errors.into_iter().collect();
        errors.sort_by_key(|(code, (lines, _))| (std::cmp::Reverse(*lines), *code));
        let row = |(code, (lines, claim)): (&str, (u64, Amount))| {
            Ok(Common {
                code: code.to_owned(),
                title: wording.word(&format!("{code}.title"))?,
                lines,
                per_mille: lines * 1000 / self.lines.max(1),
                claim: claim.to_string(),
            })
        };
        errors.into_iter().take(COMMON).map(row).collect()
    }
}

fn of_group(name: String, group: Group) -> OfGroup {
    OfGroup {
        name,
        lines: group.lines,
        findings: group.findings,
        billed: group.billed.to_string(),
        unverified: group.unverified.to_string(),
        claim: group.claim.to_string(),
    }
}

impl Largest {
    fn add(&mut self, amount: Amount, line: &LineResult, period: String) -> Result<()> {
        let size = match amount {
            Amount::E4(e4) => i128::from(e4) * 100_000_000,
            Amount::Fine(money) => {
                money.yuan().mantissa() * 10i128.pow(12u32.saturating_sub(money.yuan().scale()))
            }
        };
        // Results come in order, so the first of equal size stays.
        if self.0.len() == LISTED && self.0.last().is_some_and(|(least, _)| size <= *least) {
            return Ok(());
        }
        let at = self.0.partition_point(|(other, _)| *other >= size);
        let (case, msisdn) = (line.case.clone(), line.msisdn.clone());
        self.0.insert(at, (size, Outlier { case, msisdn, period, amount: amount.to_string() }));
        self.0.truncate(LISTED);
        Ok(())
    }

    fn list(self) -> Vec<Outlier> {
        self.0.into_iter().map(|(_, outlier)| outlier).collect()
    }
}
