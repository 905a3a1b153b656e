//! Results of lines as columns.

use chrono::Datelike as _;

use crate::error::{Error, Result};
use crate::model::finding::{FindingKind, Verdict};
use crate::model::period::Cycle;
use crate::portfolio::frame::{Frame, Values};
use crate::portfolio::result::{Amount, BillRow, LineResult};
use crate::portfolio::sums::place_of;

/// Lines that wait to be added up.
#[derive(Debug, Default)]
pub struct Columns {
    lines: Lines,
    findings: Findings,
    bills: Bills,
    answers: Answers,
    /// Number of the next line over all that ever came.
    next_line: i64,
}

/// The same as tables.
pub struct Waiting {
    /// One row a line: line, case, msisdn, operator, lines (1), errors (1 where it has some).
    pub lines: Frame,
    /// One row a finding: line, place, code, kind, verdict, month, platform, findings (1), amount, claim.
    pub findings: Frame,
    /// One row a line and month: line, month, lines (1), billed, explained, disputed, unverified.
    pub bills: Frame,
    /// Days, case, party.
    pub answers: Frame,
}

#[derive(Debug, Default)]
struct Lines {
    line: Vec<i64>,
    case: Vec<String>,
    msisdn: Vec<String>,
    operator: Vec<i64>,
    errors: Vec<i64>,
}

#[derive(Debug, Default)]
struct Findings {
    line: Vec<i64>,
    place: Vec<i64>,
    code: Vec<String>,
    kind: Vec<i64>,
    verdict: Vec<i64>,
    month: Vec<i64>,
    platform: Vec<String>,
    amount: Yuan,
    claim: Yuan,
}

#[derive(Debug, Default)]
struct Bills {
    line: Vec<i64>,
    month: Vec<i64>,
    billed: Yuan,
    explained: Yuan,
    disputed: Yuan,
    unverified: Yuan,
}

#[derive(Debug, Default)]
struct Answers {
    days: Vec<i64>,
    case: Vec<String>,
    party: Vec<String>,
}

/// A column of amounts: 0.0001 yuan, and what lies between two of them in 10⁻¹² yuan.
#[derive(Debug, Default)]
struct Yuan {
    e4: Vec<i64>,
    rest_e12: Vec<i64>,
    /// The sizes of all amounts that ever came, together: no sum of some of them is larger.
    sizes: i64,
}

impl Columns {
    /// Adds a line.
    ///
    /// # Errors
    /// When the amounts of a column could leave the exact range together.
    pub fn add(&mut self, line: &LineResult) -> Result<()> {
        self.answers.add(line);
        if line.msisdn.is_empty() {
            return Ok(());
        }
        let number = self.next_line;
        self.next_line += 1;
        self.lines.add(number, line);
        self.findings.add(number, line)?;
        self.bills.add(number, &line.bill)
    }

    /// Returns how many lines wait.
    pub fn lines(&self) -> usize {
        self.lines.line.len()
    }

    /// Takes the lines out.
    ///
    /// # Errors
    /// None but those of a bug: columns are of one length.
    pub fn take(&mut self) -> Result<Waiting> {
        Ok(Waiting {
            lines: self.lines.take()?,
            findings: self.findings.take()?,
            bills: self.bills.take()?,
            answers: self.answers.take()?,
        })
    }
}

impl Lines {
    fn add(&mut self, number: i64, line: &LineResult) {
        let mut errors = line.findings.iter().filter(|it| it.kind == FindingKind::Error);
        self.line.push(number);
        self.case.push(line.case.clone());
        self.msisdn.push(line.msisdn.clone());
        self.operator.push(line.operator.map_or(0, |operator| operator as i64 + 1));
        self.errors.push(errors.any(|it| it.verdict >= Verdict::Probable).into());
    }

    fn take(&mut self) -> Result<Frame> {
        let Self { line, case, msisdn, operator, errors } = std::mem::take(self);
        Frame::new(vec![
            ("lines", Values::Whole(vec![1; line.len()])),
            ("line", Values::Whole(line)),
            ("case", Values::Text(case)),
            ("msisdn", Values::Text(msisdn)),
            ("operator", Values::Whole(operator)),
            ("errors", Values::Whole(errors)),
        ])
    }
}

impl Findings {
    fn add(&mut self, number: i64, line: &LineResult) -> Result<()> {
        for row in &line.findings {
            self.line.push(number);
            self.place.push(place_of(row.code));
            self.code.push(row.code.to_owned());
            self.kind.push(row.kind as i64);
            self.verdict.push(row.verdict as i64);
            self.month.push(number_of(row.period));
            self.platform.push(row.platform.clone());
            self.amount.push(row.amount)?;
            self.claim.push(row.claim)?;
        }
        Ok(())
    }

    fn take(&mut self) -> Result<Frame> {
        let whole = |values: &mut Vec<i64>| Values::Whole(std::mem::take(values));
        let mut columns = vec![
            ("findings", Values::Whole(vec![1; self.line.len()])),
            ("line", whole(&mut self.line)),
            ("place", whole(&mut self.place)),
            ("code", Values::Text(std::mem::take(&mut self.code))),
            ("kind", whole(&mut self.kind)),
            ("verdict", whole(&mut self.verdict)),
            ("month", whole(&mut self.month)),
            ("platform", Values::Text(std::mem::take(&mut self.platform))),
        ];
        columns.extend(self.amount.take(["amount_e4", "amount_rest_e12"]));
        columns.extend(self.claim.take(["claim_e4", "claim_rest_e12"]));
        Frame::new(columns)
    }
}

impl Bills {
    /// Adds one row a month; the rows of a bill stand by month.
    fn add(&mut self, number: i64, rows: &[BillRow]) -> Result<()> {
        for month in rows.chunk_by(|a, b| a.period == b.period) {
            let sum = |of: fn(&BillRow) -> Amount| month.iter().map(of).try_fold(Amount::ZERO, Amount::plus);
            self.line.push(number);
            self.month.push(month.first().map_or(0, |row| number_of(row.period)));
            self.billed.push(sum(|row| row.amount)?)?;
            self.explained.push(sum(|row| row.explained)?)?;
            self.disputed.push(sum(|row| row.disputed)?)?;
            self.unverified.push(sum(|row| row.unverified)?)?;
        }
        Ok(())
    }

    fn take(&mut self) -> Result<Frame> {
        let mut columns = vec![
            ("line", Values::Whole(std::mem::take(&mut self.line))),
            ("month", Values::Whole(std::mem::take(&mut self.month))),
        ];
        columns.extend(self.billed.take(["billed_e4", "billed_rest_e12"]));
        columns.extend(self.explained.take(["explained_e4", "explained_rest_e12"]));
        columns.extend(self.disputed.take(["disputed_e4", "disputed_rest_e12"]));
        columns.extend(self.unverified.take(["unverified_e4", "unverified_rest_e12"]));
        Frame::new(columns)
    }
}

impl Answers {
    fn add(&mut self, line: &LineResult) {
        for (party, days) in &line.answers {
            self.days.push((*days).into());
            self.case.push(line.case.clone());
            self.party.push(party.clone());
        }
    }

    fn take(&mut self) -> Result<Frame> {
        let Self { days, case, party } = std::mem::take(self);
        Frame::new(vec![
            ("days", Values::Whole(days)),
            ("case", Values::Text(case)),
            ("party", Values::Text(party)),
        ])
    }
}

impl Yuan {
    fn push(&mut self, amount: Amount) -> Result<()> {
        let (e4, rest_e12) = amount.parts()?;
        // One more for the rest, so that also its sum finds room.
        let size = e4.checked_abs().and_then(|size| size.checked_add(1));
        let sizes = size.and_then(|size| self.sizes.checked_add(size));
        self.sizes = sizes.ok_or_else(|| Error::overflow("sum"))?;
        self.e4.push(e4);
        self.rest_e12.push(rest_e12);
        Ok(())
    }

    fn take<'n>(&mut self, [e4, rest_e12]: [&'n str; 2]) -> [(&'n str, Values); 2] {
        [
            (e4, Values::Whole(std::mem::take(&mut self.e4))),
            (rest_e12, Values::Whole(std::mem::take(&mut self.rest_e12))),
        ]
    }
}

/// Returns a month as a number; months in order are numbers in order, and none is 0.
fn number_of(month: Cycle) -> i64 {
    let first = month.span().start;
    i64::from(first.year()) * 12 + i64::from(first.month0())
}

/// Returns the month of such a number, `2025-10`; nothing for 0.
pub fn month_of(number: i64) -> String {
    let cycle = i32::try_from(number.div_euclid(12)).ok().filter(|_| number > 0);
    let cycle = cycle.and_then(|year| Cycle::new(year, number.rem_euclid(12) as u32 + 1));
    cycle.map_or_else(String::new, |cycle| cycle.to_string())
}
