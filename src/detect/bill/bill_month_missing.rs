//! BILL-005 bill-month-missing.

use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::finding::{Evidence, EvidenceRole, Finding, FindingKind, Verdict};
use crate::model::message::Message;
use crate::model::period::Cycle;
use crate::model::record::Category;

/// Between two bills of the line there is a month without a bill.
pub static DETECTOR: Detector = Detector {
    code: "BILL-005",
    name: "bill-month-missing",
    kind: FindingKind::Question,
    role: Role::Plain,
    needs: &[],
    basis: &["dx-33", "xf-8"],
    page: include_str!("bill_month_missing.md"),
    stakes,
    detect,
};

/// Months without a bill, with the bills before and after them.
struct Hole {
    first: Cycle,
    last: Cycle,
    before: Cycle,
    after: Cycle,
}

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    // One bill has no neighbour to be compared with.
    let bills = bills(facts);
    let pairs = bills.windows(2);
    Ok(pairs.map(|pair| facts.stake_of_cycle(pair[1], pair[0].to_string())).collect())
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    let bills = bills(facts);
    let holes = bills.windows(2).filter_map(|pair| hole(facts, pair[0], pair[1]));
    Ok(holes.map(|hole| finding(facts, &hole)).collect())
}

/// Returns the cycles with a bill; balances alone are none.
fn bills(facts: &Facts<'_>) -> Vec<Cycle> {
    let is_bill = |cycle: &Cycle| {
        let mut lines = facts.line.bill_of(*cycle);
        lines.any(|(_, line)| line.category.is_charge() || line.category == Category::Total)
    };
    facts.line.billed_cycles().into_iter().filter(is_bill).collect()
}

/// Returns the months between two bills; none when they adjoin, or when the line was suspended throughout.
fn hole(facts: &Facts<'_>, before: Cycle, after: Cycle) -> Option<Hole> {
    let mut missing = vec![];
    let mut cycle = before.next();
    while cycle < after {
        if facts.rated.in_force.suspended_throughout(cycle).is_none() {
            missing.push(cycle);
        }
        cycle = cycle.next();
    }
    Some(Hole { first: *missing.first()?, last: *missing.last()?, before, after })
}

fn finding(facts: &Facts<'_>, hole: &Hole) -> Finding {
    let stake = facts.stake_of_cycle(hole.first, format!("{}|{}", hole.first, hole.last));
    let mut finding = stake.finding(DETECTOR.code, FindingKind::Question, Verdict::Probable, "gap");
    finding.explanation = finding
        .explanation
        .text("last", hole.last)
        .text("before", hole.before)
        .text("after", hole.after)
        .message("bill", missing_bill(facts, hole.first));
    let row = |cycle: Cycle| facts.line.bill_of(cycle).next().map(|(_, line)| line.at);
    let neighbours = [hole.before, hole.after].into_iter().filter_map(row);
    let context = |at| Evidence { role: EvidenceRole::Context, at: facts.case.cell_of(at, "period") };
    finding.evidence.extend(neighbours.map(context));
    finding.innocent = vec![Message::new("BILL-005.innocent")];
    finding.ask = vec![Message::new("detect.open.ask").message("record", missing_bill(facts, hole.first))];
    finding
}

fn missing_bill(facts: &Facts<'_>, cycle: Cycle) -> Message {
    Message::new("detect.need.bill").message("holder", facts.holder()).text("month", cycle)
}
