//! What is kept of each line: its findings, and its bill lines with where their yuan went.

use rust_decimal::Decimal;

use crate::detect;
use crate::error::{Error, Result};
use crate::model::case::Operator;
use crate::model::finding::{FindingKind, Verdict};
use crate::model::money::Money;
use crate::model::period::Cycle;
use crate::model::record::Category;
use crate::portfolio::codec::{Reader, Writer};

/// Yuan as results keep them: 0.0001 yuan where that is exact, which it nearly always is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amount {
    /// So many 0.0001 yuan.
    E4(i64),
    /// An amount with more decimals, or a very large one.
    Fine(Money),
}

impl Amount {
    /// No yuan at all.
    pub const ZERO: Self = Self::E4(0);

    /// Returns the amount as money.
    ///
    /// # Errors
    /// When results were damaged.
    pub fn money(self) -> Result<Money> {
        match self {
            Self::E4(e4) => Money::from_e4(e4),
            Self::Fine(money) => Ok(money),
        }
    }

    /// Returns both together.
    ///
    /// # Errors
    /// When the sum leaves the exact range.
    pub fn plus(self, other: Self) -> Result<Self> {
        match (self, other) {
            (Self::E4(a), Self::E4(b)) if a.checked_add(b).is_some() => Ok(Self::E4(a + b)),
            _ => Ok(self.money()?.plus(other.money()?)?.into()),
        }
    }

    /// Returns whether the amount is above zero.
    pub fn is_positive(self) -> bool {
        match self {
            Self::E4(e4) => e4 > 0,
            Self::Fine(money) => money.is_positive(),
        }
    }

    /// Returns the amount as so many whole 0.0001 yuan and so many 10⁻¹² yuan beyond, of which 10⁸ make the next one.
    ///
    /// # Errors
    /// When the amount is so large that its 0.0001 yuan are no 64-bit number.
    pub fn parts(self) -> Result<(i64, i64)> {
        match self {
            Self::E4(e4) => Ok((e4, 0)),
            Self::Fine(money) => {
                let e12 = money.yuan().mantissa() * 10i128.pow(Money::SCALE_MAX - money.yuan().scale());
                let e4 = i64::try_from(e12.div_euclid(E12_OF_E4)).map_err(|_| Error::overflow("sum"))?;
                Ok((e4, e12.rem_euclid(E12_OF_E4) as i64))
            }
        }
    }

    /// Returns the amount of such parts; there may be any number of 10⁻¹² yuan.
    ///
    /// # Errors
    /// When the amount leaves the exact range.
    pub fn of_parts(e4: i64, rest_e12: i64) -> Result<Self> {
        if rest_e12 == 0 {
            return Ok(Self::E4(e4));
        }
        let e12 = i128::from(e4) * E12_OF_E4 + i128::from(rest_e12);
        let yuan = Decimal::try_from_i128_with_scale(e12, Money::SCALE_MAX);
        Money::new(yuan.map_err(|_| Error::overflow("sum"))?).map(Self::from)
    }
}

/// 10⁻¹² yuan in 0.0001 yuan.
const E12_OF_E4: i128 = 100_000_000;

impl From<Money> for Amount {
    fn from(money: Money) -> Self {
        money.e4().map_or(Self::Fine(money), Self::E4)
    }
}

/// Prints like [`Money`]: at least two decimals.
impl std::fmt::Display for Amount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::E4(e4) if e4 % 100 == 0 => {
                let (sign, fen) = (if *e4 < 0 { "-" } else { "" }, e4.unsigned_abs() / 100);
                write!(f, "{sign}{}.{:02}", fen / 100, fen % 100)
            }
            _ => self.money().map_err(|_| std::fmt::Error)?.fmt(f),
        }
    }
}

/// The place of a row in a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct At {
    /// Path.
    pub path: String,
    /// Row, 1-based; 0 = none.
    pub row: u32,
}

/// A row of `findings`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingRow {
    /// Cycle.
    pub period: Cycle,
    /// Detector.
    pub code: &'static str,
    /// Kind.
    pub kind: FindingKind,
    /// Verdict.
    pub verdict: Verdict,
    /// Yuan that the finding alone would give back.
    pub amount: Amount,
    /// Yuan claimed.
    pub claim: Amount,
    /// What is wrong, in words.
    pub title: String,
    /// The first row that supports it.
    pub at: At,
    /// Platform of the payment that it is about; empty = it is about no payment.
    pub platform: String,
}

/// A row of `lines`: a bill line and where its yuan went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BillRow {
    /// Cycle.
    pub period: Cycle,
    /// Item as printed.
    pub item: String,
    /// Category.
    pub category: Category,
    /// Yuan.
    pub amount: Amount,
    /// Yuan that rules explain.
    pub explained: Amount,
    /// Yuan that findings claim.
    pub disputed: Amount,
    /// Yuan that cannot be told yet.
    pub unverified: Amount,
    /// Where it stands.
    pub at: At,
}

/// What one line of a portfolio came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LineResult {
    /// Case folder; empty in a set of tables.
    pub case: String,
    /// Number.
    pub msisdn: String,
    /// Whose network it is, where known.
    pub operator: Option<Operator>,
    /// Findings: errors first, then by verdict, claim, code, in the order of the report.
    pub findings: Vec<FindingRow>,
    /// Bill lines, by cycle and place.
    pub bill: Vec<BillRow>,
    /// Conversations with somebody, from case files: party, days from the question to the answer.
    pub answers: Vec<(String, u32)>,
}

impl LineResult {
    /// Writes the result, its length first.
    pub fn write(&self, to: &mut Writer) {
        let mut own = Writer::default();
        self.write_parts(&mut own);
        to.number(own.bytes.len() as u64);
        to.bytes.extend_from_slice(&own.bytes);
    }

    fn write_parts(&self, to: &mut Writer) {
        to.text(&self.case);
        to.text(&self.msisdn);
        to.byte(self.operator.map_or(0, |operator| operator as u8 + 1));
        to.number(self.findings.len() as u64);
        self.findings.iter().for_each(|row| write_finding(row, to));
        to.number(self.bill.len() as u64);
        self.bill.iter().for_each(|row| write_bill(row, to));
        to.number(self.answers.len() as u64);
        for (party, days) in &self.answers {
            to.text(party);
            to.number((*days).into());
        }
    }

    /// Reads back what stands behind the length.
    ///
    /// # Errors
    /// When the bytes are no result of this program.
    pub fn read(from: &mut Reader<'_>) -> Result<Self> {
        let (case, msisdn) = (from.text(), from.text());
        let operator =
            from.byte().checked_sub(1).and_then(|index| Operator::ALL.get(usize::from(index)).copied());
        let findings = (0..from.number()).map(|_| read_finding(from)).collect::<Result<_>>()?;
        let bill = (0..from.number()).map(|_| read_bill(from)).collect::<Result<_>>()?;
        let answers = (0..from.number()).map(|_| (from.text(), from.number() as u32)).collect();
        Ok(Self { case, msisdn, operator, findings, bill, answers })
    }
}

fn write_finding(row: &FindingRow, to: &mut Writer) {
    write_cycle(row.period, to);
    to.text(row.code);
    to.byte(row.kind as u8);
    to.byte(row.verdict as u8);
    write_money(row.amount, to);
    write_money(row.claim, to);
    to.text(&row.title);
    write_at(&row.at, to);
    to.text(&row.platform);
}

fn read_finding(from: &mut Reader<'_>) -> Result<FindingRow> {
    Ok(FindingRow {
        period: read_cycle(from)?,
        code: detect::detector(&from.text()).ok_or_else(damaged)?.code,
        kind: *FindingKind::ALL.get(usize::from(from.byte())).ok_or_else(damaged)?,
        verdict: *Verdict::ALL.get(usize::from(from.byte())).ok_or_else(damaged)?,
        amount: read_money(from)?,
        claim: read_money(from)?,
        title: from.text(),
        at: read_at(from),
        platform: from.text(),
    })
}

fn write_bill(row: &BillRow, to: &mut Writer) {
    write_cycle(row.period, to);
    to.text(&row.item);
    to.byte(row.category as u8);
    [row.amount, row.explained, row.disputed, row.unverified].into_iter().for_each(|it| write_money(it, to));
    write_at(&row.at, to);
}

fn read_bill(from: &mut Reader<'_>) -> Result<BillRow> {
    Ok(BillRow {
        period: read_cycle(from)?,
        item: from.text(),
        category: *Category::ALL.get(usize::from(from.byte())).ok_or_else(damaged)?,
        amount: read_money(from)?,
        explained: read_money(from)?,
        disputed: read_money(from)?,
        unverified: read_money(from)?,
        at: read_at(from),
    })
}

fn write_cycle(cycle: Cycle, to: &mut Writer) {
    use chrono::Datelike as _;
    let first = cycle.span().start;
    to.number(u64::from(first.year().unsigned_abs()) * 12 + u64::from(first.month0()));
}

fn read_cycle(from: &mut Reader<'_>) -> Result<Cycle> {
    let months = from.number();
    Cycle::new((months / 12) as i32, (months % 12) as u32 + 1).ok_or_else(damaged)
}

fn write_money(amount: Amount, to: &mut Writer) {
    match amount {
        Amount::E4(e4) => {
            to.byte(0);
            to.signed(e4);
        }
        Amount::Fine(money) => {
            to.byte(1);
            to.text(&money.yuan().to_string());
        }
    }
}

fn read_money(from: &mut Reader<'_>) -> Result<Amount> {
    if from.byte() == 0 {
        Ok(Amount::E4(from.signed()))
    } else {
        Money::parse(&from.text()).map(Amount::Fine)
    }
}

fn write_at(at: &At, to: &mut Writer) {
    to.text(&at.path);
    to.number(at.row.into());
}

fn read_at(from: &mut Reader<'_>) -> At {
    At { path: from.text(), row: from.number() as u32 }
}

/// Returns the error for results that this program did not write.
pub fn damaged() -> Error {
    let message = crate::model::message::Message::new("portfolio.damaged");
    Error::new(crate::error::ErrorKind::Input, message)
        .with_help(crate::model::message::Message::new("portfolio.damaged.help"))
}
