//! The case of one line goes the way of every case.

use crate::error::Result;
use crate::model::case::{Case, Line};
use crate::model::finding::{EvidenceRole, Finding, Target};
use crate::model::source::RowRef;
use crate::portfolio::court::{Court, Desk};
use crate::portfolio::result::{At, BillRow, FindingRow, LineResult};
use crate::portfolio::row::{Place, Stored};
use crate::rating::Detail;
use crate::report::wording::Wording;
use crate::settle::outcome::{DisposedLine, Disposition, SettledFinding, SettledLine};
use crate::{rating, reconcile, settle};

impl Court<'_> {
    /// Judges a line as `check` judges a case with nothing but this line.
    ///
    /// # Errors
    /// When an amount leaves the exact range.
    pub fn judge(
        &self,
        msisdn: &str,
        rows: &[(Place, Stored<'_>)],
        desk: &mut Desk,
    ) -> Result<Option<LineResult>> {
        let case = self.case(msisdn, rows, desk)?;
        let Some(line) = case.lines.iter().find(|line| line.info.msisdn == msisdn) else { return Ok(None) };
        // What is kept of a line has amounts, no steps.
        let (plans, assumed) = (&self.set.plans, &self.set.assumed_plans);
        let rated = rating::rate_line_to((line, &[]), plans, assumed, Detail::Amounts)?;
        let reconciliation = reconcile::reconcile(&case, line, &rated)?;
        let settled = settle::settle_line(&case, line, rated, reconciliation)?;
        result(&case, line, &settled, self.wording).map(Some)
    }
}

/// Returns what is kept of a settled line.
///
/// # Errors
/// When a sentence has no words.
pub fn result(case: &Case, line: &Line, settled: &SettledLine, wording: &Wording) -> Result<LineResult> {
    let mut found: Vec<&SettledFinding> = settled.findings.iter().collect();
    found.sort_by(|a, b| crate::report::assemble::rank(a).cmp(&crate::report::assemble::rank(b)));
    let findings = found.into_iter().map(|found| finding_row(case, line, found, wording));
    let bill = settled.dispositions.iter().filter_map(|part| bill_row(case, line, part, wording).transpose());
    let plan = settled.rated.in_force.plans.last().and_then(|plan| plan.plan.operator);
    Ok(LineResult {
        case: String::new(),
        msisdn: line.info.msisdn.clone(),
        operator: line.info.operator.or(plan),
        findings: findings.collect::<Result<_>>()?,
        bill: bill.collect::<Result<_>>()?,
        answers: Vec::new(),
    })
}

fn finding_row(case: &Case, line: &Line, found: &SettledFinding, wording: &Wording) -> Result<FindingRow> {
    let finding = &found.finding;
    Ok(FindingRow {
        period: finding.cycle,
        code: finding.code,
        kind: finding.kind,
        verdict: finding.verdict,
        amount: finding.amount.into(),
        claim: found.claim.into(),
        title: wording.say(&finding.title)?,
        at: place(case, finding),
        platform: platform(line, finding),
    })
}

/// Returns the first row that supports the finding, else the first quoted one.
fn place(case: &Case, finding: &Finding) -> At {
    let supports = finding.evidence.iter().find(|it| it.role == EvidenceRole::Supports);
    let quoted = supports.or(finding.evidence.first());
    quoted.map_or_else(At::default, |quoted| at(case, quoted.at.row))
}

fn at(case: &Case, row: RowRef) -> At {
    At { path: case.source(row).path.clone(), row: row.row }
}

fn platform(line: &Line, finding: &Finding) -> String {
    let payments = finding.on.iter().filter_map(|(target, _)| match target {
        Target::Payment(index) => line.payments.get(*index),
        _ => None,
    });
    payments.map(|payment| payment.platform.clone()).next().unwrap_or_default()
}

fn bill_row(case: &Case, line: &Line, part: &Disposition, wording: &Wording) -> Result<Option<BillRow>> {
    use crate::model::record::Category;
    let Some(printed) = line.bill.get(part.line.row()) else { return Ok(None) };
    let (item, category) = match part.line {
        DisposedLine::Bill(_) => (printed.item.clone(), printed.category),
        DisposedLine::TotalDifference(_) => (wording.word("report.total-difference")?, Category::Other),
        DisposedLine::MissingCredit(_) => (wording.word("report.missing-credit")?, Category::Credit),
    };
    Ok(Some(BillRow {
        period: printed.cycle,
        item,
        category,
        amount: part.amount.into(),
        explained: part.explained.into(),
        disputed: part.disputed.into(),
        unverified: part.unverified.into(),
        at: at(case, printed.at),
    }))
}
