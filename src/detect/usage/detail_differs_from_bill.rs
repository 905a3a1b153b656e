//! USE-017 detail-differs-from-bill.

use crate::detect::papers::kind_name;
use crate::detect::usage::charged::{Charged, charged, listed_fees};
use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::coverage::CoverKind;
use crate::model::finding::{Finding, FindingKind, Verdict};
use crate::model::message::Message;
use crate::model::money::{Money, MoneyRounding};
use crate::model::quantity::Unit;

/// The fees on a complete list add up to less than the bill charges for that kind.
pub static DETECTOR: Detector = Detector {
    code: "USE-017",
    name: "detail-differs-from-bill",
    kind: FindingKind::Error,
    role: Role::Effect,
    needs: &[CoverKind::Voice, CoverKind::Sms, CoverKind::Mms],
    basis: &["dx-33", "xf-10", "mfd-122", "mfd-985"],
    page: include_str!("detail_differs_from_bill.md"),
    stakes,
    detect,
};

/// A usage charge whose every record has a fee.
struct Detail<'a> {
    charged: &'a Charged,
    listed: Money,
    /// Yuan above the list, to the operator's favour in rounding.
    surplus: Money,
}

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    let mut stakes = vec![];
    for detail in details(facts)? {
        let answered = detail.surplus.is_zero();
        let question = || detail.charged.question(facts, detail.surplus);
        stakes.push(if answered { Stake::answered(detail.charged.cycle) } else { question()? });
    }
    Ok(stakes)
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    let mut findings = vec![];
    for detail in details(facts)? {
        findings.extend(finding(facts, &detail)?);
    }
    Ok(findings)
}

fn details<'a>(facts: &Facts<'a>) -> Result<Vec<Detail<'a>>> {
    let all = charged(facts)?;
    let mut details = vec![];
    for (index, charged) in all.iter().enumerate() {
        // A kind that several charges share cannot be told apart on the list.
        let shares = |other: &Charged| {
            other.cycle == charged.cycle && other.units.iter().any(|unit| charged.units.contains(unit))
        };
        if all.iter().enumerate().any(|(at, other)| at != index && shares(other)) {
            continue;
        }
        let late = charged.late(facts);
        let Some(own) = listed_fees(charged.events(facts))? else { continue };
        let Some(late) = (if late.is_empty() { Some(Money::ZERO) } else { listed_fees(late.into_iter())? })
        else {
            continue;
        };
        let listed = own.plus(late)?;
        // Data is priced over the cycle, and lists without fees print 0.00: neither tells a fee by record.
        if charged.units.contains(&Unit::Data) || !listed.is_positive() {
            continue;
        }
        // Parts of a 分 on the list may be rounded up by the bill.
        let up = listed.plus(Money::new(rust_decimal::Decimal::new(9999, 6))?)?;
        let surplus = charged.billed.minus(up.rounded(MoneyRounding::Truncate, 2))?.or_zero();
        details.push(Detail { charged, listed, surplus });
    }
    Ok(details)
}

fn finding(facts: &Facts<'_>, detail: &Detail<'_>) -> Result<Option<Finding>> {
    let charged = detail.charged;
    let Some((verdict, known)) = charged.verdict(facts).filter(|_| detail.surplus.is_positive()) else {
        return Ok(None);
    };
    let above_rule = charged.surplus()?;
    // What the plan's own rules make of the records is not wrong because the list words it otherwise.
    let doubtful = charged.is_priced && above_rule.is_zero();
    let (kind, verdict, known) = if doubtful {
        (FindingKind::Question, verdict.min(Verdict::Probable), "doubtful")
    } else {
        (FindingKind::Error, verdict, known)
    };
    let amount = if charged.is_priced && !doubtful { detail.surplus.min(above_rule) } else { detail.surplus };
    let mut finding = charged.stake(facts, amount)?.finding(DETECTOR.code, kind, verdict, known);
    if kind == FindingKind::Error {
        charged.limit(facts, &mut finding)?;
    }
    finding.explanation = finding
        .explanation
        .text("billed", charged.billed)
        .text("listed", detail.listed)
        .list("kinds", charged.units.iter().map(|unit| kind_name(*unit)).collect());
    finding.evidence.extend(charged.windows(facts));
    finding.innocent = vec![Message::new("USE-017.innocent")];
    finding.ask = vec![Message::new("USE-017.ask").text("month", charged.cycle).text("amount", amount)];
    Ok(Some(finding))
}
