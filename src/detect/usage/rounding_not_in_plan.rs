//! USE-007 rounding-not-in-plan.

use crate::detect::usage::charged::{Charged, charged};
use crate::detect::usage::unit_price_above_plan::is_higher_price;
use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::coverage::CoverKind;
use crate::model::finding::{Finding, FindingKind, Verdict};
use crate::model::message::Message;

/// One other way of counting or rounding gives just the figure that was billed, and it costs more.
pub static DETECTOR: Detector = Detector {
    code: "USE-007",
    name: "rounding-not-in-plan",
    kind: FindingKind::Error,
    role: Role::Cause,
    needs: &[CoverKind::Voice, CoverKind::Sms, CoverKind::Mms, CoverKind::Data],
    basis: &["mfd-498", "mfd-509", "xf-10", "mfd-985"],
    page: include_str!("rounding_not_in_plan.md"),
    stakes,
    detect,
};

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    let mut stakes = vec![];
    for charged in audited(facts)? {
        // The rows on paper have to give the figure in another way; else nothing speaks of rounding, and whether
        // anything was owed is asked by others.
        let answered = charged.roundings(facts)?.is_empty();
        let question = || charged.question(facts, charged.surplus()?);
        stakes.push(if answered { Stake::answered(charged.cycle) } else { question()? });
    }
    Ok(stakes)
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    let mut findings = vec![];
    for charged in audited(facts)? {
        findings.extend(finding(facts, charged)?);
    }
    Ok(findings)
}

/// Returns the charges above what the rules make of the records. A late record or a running bill explains a
/// difference better than rounding does.
fn audited<'a>(facts: &Facts<'a>) -> Result<Vec<&'a Charged>> {
    let mut all = vec![];
    for charged in charged(facts)?.iter().filter(|charged| charged.is_priced) {
        let surplus = charged.surplus()?.is_positive();
        if surplus && !facts.is_provisional(charged.cycle) && !charged.may_hold_late(facts)? {
            all.push(charged);
        }
    }
    Ok(all)
}

fn finding(facts: &Facts<'_>, charged: &Charged) -> Result<Option<Finding>> {
    let Some((verdict, known)) = charged.verdict(facts) else { return Ok(None) };
    let changes = charged.roundings(facts)?;
    let first = changes.first().and_then(|(first, _)| charged.items(facts).find(|(index, _)| index == first));
    let Some((_, item)) = first else { return Ok(None) };
    if is_higher_price(facts, charged)? {
        return Ok(None);
    }
    let one = changes.len() == 1;
    // Which of several changes was made the papers do not tell (fine print 28).
    let verdict = if one { verdict } else { verdict.min(Verdict::Probable) };
    let amount = charged.surplus()?;
    let stake = charged.stake(facts, amount)?;
    let mut finding =
        stake.finding(DETECTOR.code, FindingKind::Error, verdict, if one { "one" } else { "several" });
    charged.limit(facts, &mut finding)?;
    finding.explanation = finding
        .explanation
        .text("billed", charged.billed)
        .text("due", charged.due.high)
        .text("clause", &item.clause.clause)
        .list("changes", changes.iter().map(|(_, change)| change.words()).collect())
        .message("known", Message::new(format!("detect.known.{known}")));
    finding.evidence.extend(charged.windows(facts));
    finding.innocent = vec![Message::new("USE-007.innocent")];
    let item = &facts.line.bill[charged.lines[0]].item;
    finding.ask = vec![
        Message::new("USE-007.ask").text("item", item).text("month", charged.cycle).text("amount", amount),
    ];
    Ok(Some(finding))
}
