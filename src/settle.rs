//! Layer 5: ties findings to yuan, removes overlaps, closes every gap to 0.00.

mod bounds;
mod claim;
mod dispose;
mod gap;
mod id;
pub mod outcome;
mod total;
mod why;

use std::cmp::Reverse;

use crate::detect::{self, Facts, Memo, Rerate, Run};
use crate::error::Result;
use crate::model::case::{Case, Line};
use crate::model::finding::{Finding, FindingKind, Verdict};
use crate::rating::{self, outcome::RatedLine};
use crate::reconcile::outcome::Reconciliation;
use crate::settle::outcome::{DetectorRun, DisposedLine, Outcome, SettledFinding, SettledItem, SettledLine};

pub use total::{Totals, counted, stakes, totals};

/// Runs the detectors on a rated and reconciled line and puts every yuan of its bills in its place.
///
/// # Errors
/// When a sum leaves the exact range.
pub fn settle_line(
    case: &Case,
    line: &Line,
    rated: RatedLine,
    reconciliation: Reconciliation,
) -> Result<SettledLine> {
    settle_line_with(case, line, rated, reconciliation, rating::rerate_to)
}

/// The same with another answer to the counterfactuals.
///
/// # Errors
/// When a sum leaves the exact range.
pub fn settle_line_with(
    case: &Case,
    line: &Line,
    rated: RatedLine,
    reconciliation: Reconciliation,
    rerate: Rerate,
) -> Result<SettledLine> {
    let memo = Memo::default();
    let facts = Facts::new((case, line), &rated, &reconciliation, rerate, &memo);
    let (found, runs) = detect::run(&facts)?;
    let ids = id::ids(&line.info.msisdn, &found);
    let bounds = bounds::bounds(&facts, &found)?;
    let made = bounds::made_lines(&facts, &found)?;
    let claims = claim::allot(&facts, &found, &ids, &bounds, &made)?;
    let dispositions = dispose::dispositions(&facts, &found, &ids, &bounds, &made, &claims)?;
    let gaps = gap::gaps(&facts, &ids, &bounds, &made, &claims)?;
    let expected = expected(bounds, &made);
    let detectors = runs.iter().map(detector_run).collect();
    let findings = settled_findings(found, ids, &claims)?;
    Ok(SettledLine { rated, reconciliation, findings, dispositions, expected, gaps, detectors })
}

/// Returns whether the finding changes what was owed: an error, proven or probable.
fn is_accepted(finding: &Finding) -> bool {
    finding.kind == FindingKind::Error && finding.verdict >= Verdict::Probable
}

fn expected(bounds: Vec<bounds::Bounds>, made: &[bounds::MadeLine]) -> Vec<SettledItem> {
    let of_group = |bounds: bounds::Bounds| {
        let lines: Vec<DisposedLine> =
            bounds.group.lines.iter().map(|index| DisposedLine::Bill(*index)).collect();
        bounds.items.into_iter().map(move |item| SettledItem { lines: lines.clone(), ..item })
    };
    let mut items: Vec<SettledItem> = bounds.into_iter().flat_map(of_group).collect();
    items.extend(made.iter().map(bounds::MadeLine::item));
    // Stable: within a cycle the order of the bill and the rules stays.
    items.sort_by_key(|item| item.cycle);
    items
}

/// Orders findings by verdict, claim, code and id.
fn settled_findings(
    found: Vec<Finding>,
    ids: Vec<String>,
    claims: &claim::Claims,
) -> Result<Vec<SettledFinding>> {
    let mut settled = vec![];
    for (index, (finding, id)) in found.into_iter().zip(ids).enumerate() {
        settled.push(SettledFinding { id, claim: claims.of(index)?, finding });
    }
    settled.sort_by(|a, b| {
        let key = |f: &SettledFinding| (Reverse(f.finding.verdict), Reverse(f.claim), f.finding.code);
        key(a).cmp(&key(b)).then_with(|| a.id.cmp(&b.id))
    });
    Ok(settled)
}

fn detector_run(run: &Run) -> DetectorRun {
    let outcome = match run {
        Run { found: 1.., .. } => Outcome::Found,
        Run { open: 1.., .. } => Outcome::NeedsEvidence,
        Run { had_stakes: true, .. } => Outcome::Nothing,
        _ => Outcome::NotApplicable,
    };
    DetectorRun { code: run.code, outcome, findings: run.found + run.open, missing: run.missing.clone() }
}
