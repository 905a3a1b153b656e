//! Bill lines with their disposition, the expected bill with its trace, gaps, buckets, clauses.

use std::collections::BTreeSet;

use crate::error::Result;
use crate::model::case::Line;
use crate::model::message::Message;
use crate::model::period::Cycle;
use crate::model::record::Category;
use crate::rating::outcome::ItemKind;
use crate::report::assemble::{Desk, quote};
use crate::report::model::{BillLine, Bucket, Cause, Clause, Expected, Gap, TraceStep};
use crate::settle::outcome::{DisposedLine, Disposition, SettledItem, SettledLine};

/// Returns every charge line by number, cycle and place; the made line of a cycle comes last.
pub fn lines(desk: &Desk<'_>) -> Result<Vec<BillLine>> {
    let mut all = Vec::new();
    for (index, line, settled) in desk.lines() {
        let mut dispositions: Vec<&Disposition> = settled.dispositions.iter().collect();
        dispositions.sort_by_key(|disposition| order(line, disposition.line));
        for disposition in dispositions {
            all.extend(bill_line(desk, index, line, disposition)?);
        }
    }
    Ok(all)
}

fn order(line: &Line, disposed: DisposedLine) -> (Option<Cycle>, u8, usize) {
    let index = disposed.row();
    let made = match disposed {
        DisposedLine::Bill(_) => 0,
        DisposedLine::MissingCredit(_) => 1,
        DisposedLine::TotalDifference(_) => 2,
    };
    (line.bill.get(index).map(|bill_line| bill_line.cycle), made, index)
}

fn bill_line(
    desk: &Desk<'_>,
    index: usize,
    line: &Line,
    disposition: &Disposition,
) -> Result<Option<BillLine>> {
    let Some(printed) = line.bill.get(disposition.line.row()) else { return Ok(None) };
    let (item, category) = match disposition.line {
        DisposedLine::Bill(_) => (printed.item.clone(), printed.category),
        DisposedLine::TotalDifference(_) => (desk.wording.word("report.total-difference")?, Category::Other),
        DisposedLine::MissingCredit(_) => (desk.wording.word("report.missing-credit")?, Category::Credit),
    };
    Ok(Some(BillLine {
        id: desk.line_ids.get(&(index, disposition.line)).cloned().unwrap_or_default(),
        source: quote::place(desk.case, printed.at),
        msisdn: line.info.msisdn.clone(),
        period: printed.cycle.to_string(),
        item,
        category: category.code().to_owned(),
        amount: disposition.amount.to_string(),
        explained: disposition.explained.to_string(),
        disputed: disposition.disputed.to_string(),
        unverified: disposition.unverified.to_string(),
        findings: disposition.findings.clone(),
        why: desk.say(&disposition.why)?,
    }))
}

/// Returns the expected items of all lines, by number and cycle, in bill order.
pub fn expected(desk: &Desk<'_>) -> Result<Vec<Expected>> {
    let mut all = Vec::new();
    for (index, line, settled) in desk.lines() {
        let mut items: Vec<_> = settled.expected.iter().collect();
        items.sort_by_key(|item| item.cycle);
        for item in items {
            all.push(Expected {
                msisdn: line.info.msisdn.clone(),
                period: item.cycle.to_string(),
                name: item.name.clone(),
                label: label(desk, settled, item)?,
                amount_low: item.amount.low.to_string(),
                amount_high: item.amount.high.to_string(),
                trace: item.trace.iter().map(|step| trace_step(desk, step)).collect::<Result<_>>()?,
                lines: item.lines.iter().filter_map(|at| desk.line_ids.get(&(index, *at)).cloned()).collect(),
            });
        }
    }
    Ok(all)
}

/// Returns what an expected item is, in words: its kind, or the name of the pack.
fn label(desk: &Desk<'_>, settled: &SettledLine, item: &SettledItem) -> Result<String> {
    let packs = settled.rated.in_force.packs.iter().map(|part| &part.pack);
    if let Some(pack) = packs.into_iter().find(|pack| pack.id == item.name) {
        return Ok(pack.name.clone());
    }
    let rated = settled.rated.cycles.get(&item.cycle).into_iter().flat_map(|cycle| &cycle.items);
    let key = match rated.into_iter().find(|rated| rated.name == item.name).map(|rated| &rated.kind) {
        Some(ItemKind::Monthly) => "monthly",
        Some(ItemKind::Overage(unit)) => unit.code(),
        Some(ItemKind::Credit) => "credit",
        None if item.name == "given-back" => "given-back",
        Some(ItemKind::Pack) | None => return Ok(item.name.clone()),
    };
    desk.wording.word(&format!("report.expected.{key}"))
}

fn trace_step(desk: &Desk<'_>, step: &crate::rating::outcome::TraceStep) -> Result<TraceStep> {
    Ok(TraceStep {
        rule: step.rule.clone(),
        clause: step.clause.clone(),
        what: desk.say(&step.what)?,
        formula: step.formula.clone(),
        before: step.before.clone(),
        after: step.after.clone(),
    })
}

/// Returns billed − expected of every billed cycle, by number and cycle.
pub fn gaps(desk: &Desk<'_>) -> Result<Vec<Gap>> {
    let mut all = Vec::new();
    for (_, line, settled) in desk.lines() {
        let mut gaps: Vec<_> = settled.gaps.iter().collect();
        gaps.sort_by_key(|gap| gap.cycle);
        for gap in gaps {
            let causes =
                gap.causes.iter().map(|cause| named_cause(desk, settled, cause)).collect::<Result<_>>()?;
            all.push(Gap {
                msisdn: line.info.msisdn.clone(),
                period: gap.cycle.to_string(),
                billed: gap.billed.to_string(),
                expected: gap.expected.to_string(),
                causes,
                residual: gap.residual.to_string(),
            });
        }
    }
    Ok(all)
}

fn named_cause(
    desk: &Desk<'_>,
    settled: &SettledLine,
    cause: &crate::settle::outcome::Cause,
) -> Result<Cause> {
    let finding = cause.finding.as_ref().and_then(|id| settled.findings.iter().find(|found| found.id == *id));
    let label = match (finding, cause.name) {
        (Some(found), _) => desk.say(&found.finding.title)?,
        (None, Some(name)) => desk.say(&Message::new(format!("report.cause.{name}")))?,
        (None, None) => cause.finding.clone().unwrap_or_default(),
    };
    Ok(Cause {
        finding: cause.finding.clone(),
        name: cause.name.map(str::to_owned),
        label,
        amount: cause.amount.to_string(),
    })
}

/// Returns how allowances and packs were used, by number and cycle, in the order of consumption.
pub fn buckets(desk: &Desk<'_>) -> Vec<Bucket> {
    let mut all = Vec::new();
    for (_, line, settled) in desk.lines() {
        for (cycle, rated) in &settled.rated.cycles {
            for bucket in &rated.buckets {
                let used = crate::model::quantity::Volume::new(bucket.granted.unit, bucket.used);
                all.push(Bucket {
                    msisdn: line.info.msisdn.clone(),
                    period: cycle.to_string(),
                    id: bucket.id.clone(),
                    plan: bucket.plan.clone(),
                    unit: bucket.granted.unit.code().to_owned(),
                    granted: bucket.granted.to_string(),
                    used: used.to_string(),
                    exhausted_at: bucket.exhausted_at.map(|at| at.to_string()),
                });
            }
        }
    }
    all
}

/// Returns every clause that a bill line, an expected item or a finding rests on, once, by plan and clause.
pub fn clauses(desk: &Desk<'_>) -> Vec<Clause> {
    let mut seen = BTreeSet::new();
    let mut all = Vec::new();
    for (_, _, settled) in desk.lines() {
        let of_lines = settled.dispositions.iter().flat_map(|disposition| &disposition.clauses);
        let of_findings = settled.findings.iter().flat_map(|found| &found.finding.clauses);
        let named = of_lines.chain(of_findings).map(|clause| (clause.plan.clone(), clause.clause.clone()));
        let steps = settled.expected.iter().flat_map(|item| &item.trace);
        let traced = steps.filter_map(|step| {
            let plan = step.rule.split('/').next().unwrap_or_default();
            step.clause.clone().map(|clause| (plan.to_owned(), clause))
        });
        for (plan, id) in named.chain(traced) {
            if seen.insert((plan.clone(), id.clone())) {
                all.extend(desk.clause(settled, &plan, &id));
            }
        }
    }
    all.sort_by(|a, b| (&a.plan, natural(&a.clause)).cmp(&(&b.plan, natural(&b.clause))));
    all
}

/// Returns a clause id as numbers, so that 3.10 comes after 3.2.
fn natural(clause: &str) -> (Vec<u32>, String) {
    (clause.split('.').map(|part| part.parse().unwrap_or(u32::MAX)).collect(), clause.to_owned())
}
