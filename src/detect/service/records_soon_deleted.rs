//! SVC-004 records-soon-deleted.

use std::collections::BTreeMap;

use crate::detect::service::contacts::{NEAR_DAYS, of_time};
use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::finding::{Finding, FindingKind, Need, Verdict};
use crate::model::message::Message;
use crate::model::period::{Cycle, Day};

/// Records that an open question needs leave the operator's retention soon.
pub static DETECTOR: Detector = Detector {
    code: "SVC-004",
    name: "records-soon-deleted",
    kind: FindingKind::Question,
    role: Role::Plain,
    needs: &[],
    basis: &["hy-cmcc-6", "hy-vno-5m", "dx-33"],
    page: include_str!("records_soon_deleted.md"),
    stakes,
    detect,
};

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    Ok(needed(facts).into_keys().map(|(cycle, _)| of_time(cycle, None)).collect())
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    let near = |kept: Day| (0..NEAR_DAYS).contains(&facts.days_left(kept));
    let near = needed(facts).into_iter().filter(|((_, kept), _)| near(*kept));
    Ok(near.map(|((cycle, kept), records)| finding(facts, cycle, kept, records)).collect())
}

/// Returns the records for which findings of the detectors before wait, by month and by the day until which they
/// are kept.
fn needed(facts: &Facts<'_>) -> BTreeMap<(Cycle, Day), Vec<Message>> {
    let mut needed: BTreeMap<(Cycle, Day), Vec<Message>> = BTreeMap::new();
    let open = facts.found().iter().filter(|found| found.verdict == Verdict::NeedsEvidence);
    let needs = open.flat_map(|found| found.needs.iter().map(|need: &Need| (found.cycle, need)));
    for (cycle, need) in needs {
        let Some(kept) = need.kept_until else { continue };
        let records = needed.entry((cycle, kept)).or_default();
        if !records.contains(&need.what) {
            records.push(need.what.clone());
        }
    }
    needed
}

fn finding(facts: &Facts<'_>, cycle: Cycle, kept: Day, records: Vec<Message>) -> Finding {
    let stake = Stake { subject: format!("{cycle}|{kept}"), ..of_time(cycle, None) };
    let mut finding = stake.finding(DETECTOR.code, FindingKind::Question, Verdict::Proven, "near");
    let left = usize::try_from(facts.days_left(kept)).unwrap_or(0);
    finding.explanation =
        finding.explanation.list("records", records.clone()).text("kept", kept).count("left", left);
    finding.innocent = vec![Message::new("SVC-004.innocent")];
    finding.ask = vec![Message::new("SVC-004.ask").list("records", records).text("kept", kept)];
    finding
}
