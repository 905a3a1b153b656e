//! BILL-001 items-differ-from-total.

use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::diagnostic::DiagnosticClass;
use crate::model::finding::{EvidenceRole, Finding, FindingKind, Target, Verdict};
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::period::Cycle;
use crate::model::record::Category;
use crate::model::source::RowRef;

/// The printed total asks for more than the items add up to.
pub static DETECTOR: Detector = Detector {
    code: "BILL-001",
    name: "items-differ-from-total",
    kind: FindingKind::Error,
    role: Role::Plain,
    needs: &[],
    basis: &["xf-10", "dx-33", "mfd-122", "mfd-985", "jg-13"],
    page: include_str!("items_differ_from_total.md"),
    stakes,
    detect,
};

/// A bill with one printed total and items.
struct Bill {
    cycle: Cycle,
    total: usize,
    printed: Money,
    items: Money,
    count: usize,
}

/// The total is in question wherever the bill prints one; no other record is needed.
fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    Ok(bills(facts)?.iter().map(|bill| Stake::answered(bill.cycle)).collect())
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    let mut findings = vec![];
    for bill in bills(facts)? {
        findings.extend(finding(facts, &bill)?);
    }
    Ok(findings)
}

fn bills(facts: &Facts<'_>) -> Result<Vec<Bill>> {
    let mut bills = vec![];
    for cycle in facts.line.billed_cycles() {
        let Some((total, line)) = facts.line.printed_total(cycle) else { continue };
        let items = Money::sum(facts.line.charges_of(cycle).map(|(_, charge)| charge.amount))?;
        let count = facts.line.charges_of(cycle).count();
        if count > 0 {
            bills.push(Bill { cycle, total, printed: line.amount, items, count });
        }
    }
    Ok(bills)
}

fn stake(facts: &Facts<'_>, bill: &Bill) -> Result<Stake> {
    let surplus = bill.printed.minus(bill.items)?;
    let line = &facts.line.bill[bill.total];
    Ok(Stake {
        cycle: bill.cycle,
        day: None,
        amount: surplus,
        on: vec![(Target::TotalDifference(bill.cycle), surplus.or_zero())],
        subject: format!("{}|{}|{}", line.item, bill.printed, bill.items),
        what: Message::new("detect.what.total").text("item", &line.item).text("amount", bill.printed),
        evidence: facts.amounts(&[bill.total]),
        clauses: vec![],
        missing: vec![],
    })
}

fn finding(facts: &Facts<'_>, bill: &Bill) -> Result<Option<Finding>> {
    let surplus = bill.printed.minus(bill.items)?;
    if !surplus.is_positive() || is_explained(facts, bill, surplus)? {
        return Ok(None);
    }
    let at = facts.line.bill[bill.total].at;
    let doubtful = has_unread_rows(facts, at) || facts.bills_others(at);
    let (kind, verdict, known) = if doubtful {
        (FindingKind::Question, Verdict::Probable, "doubtful")
    } else {
        (FindingKind::Error, Verdict::Proven, "stated")
    };
    let mut finding = stake(facts, bill)?.finding(DETECTOR.code, kind, verdict, known);
    finding.explanation = finding
        .explanation
        .text("total", bill.printed)
        .text("items", bill.items)
        .text("surplus", surplus)
        .count("count", bill.count);
    let items = facts.line.charges_of(bill.cycle).map(|(_, line)| line.at);
    finding.evidence.extend(items.map(|at| facts.cell(EvidenceRole::Context, at, "amount")));
    finding.innocent =
        vec![Message::new("BILL-001.innocent.sign"), Message::new("BILL-001.innocent.prepaid")];
    finding.ask = vec![Message::new("BILL-001.ask").text("month", bill.cycle).text("amount", surplus)];
    Ok(Some(finding))
}

/// Returns whether the difference is only a way of printing: the total stands before the reductions, the
/// reductions are printed with the other sign, or a payment or balance on the same bill makes it up.
fn is_explained(facts: &Facts<'_>, bill: &Bill, surplus: Money) -> Result<bool> {
    let reductions = |sign: fn(&Money) -> bool| {
        let lines = facts.line.charges_of(bill.cycle).map(|(_, line)| line);
        let lines = lines.filter(|line| matches!(line.category, Category::Discount | Category::Credit));
        Money::sum(lines.map(|line| line.amount).filter(sign))
    };
    let negative = reductions(|amount| amount.is_negative())?.abs();
    // Once: the total stands before them; twice: they were added instead of taken off.
    let before_reductions =
        negative.is_positive() && (surplus == negative || surplus == negative.times(2)?);
    let beside = facts.line.bill_of(bill.cycle).map(|(_, line)| line).filter(|line| {
        matches!(line.category, Category::Payment | Category::OpeningBalance | Category::ClosingBalance)
    });
    // Items may have more decimals than the total.
    let rounded = surplus < Money::from_fen(1);
    let made_up = beside.into_iter().any(|line| line.amount.abs() == surplus);
    Ok(before_reductions || made_up || rounded)
}

fn has_unread_rows(facts: &Facts<'_>, at: RowRef) -> bool {
    facts.case.table(at).set_aside.iter().any(|row| row.class == DiagnosticClass::Problem)
}
