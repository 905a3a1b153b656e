//! USE-012 usage-recorded-twice.

use crate::detect::papers::{QUOTED_ROWS_MAX, kind_name};
use crate::detect::usage::charged::{Charged, charged, cost, counted, listed_fees};
use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::finding::{Evidence, EvidenceRole, Finding, FindingKind, Verdict};
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::source::CellRef;
use crate::model::usage::{Direction, UsageEvent, UsageKind};

/// One event stands twice within one export and was charged twice.
pub static DETECTOR: Detector = Detector {
    code: "USE-012",
    name: "usage-recorded-twice",
    kind: FindingKind::Error,
    role: Role::Plain,
    needs: &[],
    basis: &["mfd-122", "mfd-985", "jg-41", "xf-10", "dx-33"],
    page: include_str!("usage_recorded_twice.md"),
    stakes,
    detect,
};

/// Two rows that may be one event.
struct Twice<'a> {
    first: UsageEvent<'a>,
    again: UsageEvent<'a>,
    /// Whether equal ids make it certain.
    is_certain: bool,
    /// Yuan of the repeated row, where it is known.
    fee: Option<Money>,
}

/// The repeated rows of one usage charge that are equally certain.
struct Repeats<'a> {
    charged: &'a Charged,
    rows: Vec<Twice<'a>>,
    is_certain: bool,
    fees: Money,
}

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    let mut stakes = vec![];
    for charged in charged(facts)? {
        stakes.extend(repeats(facts, charged)?.iter().map(|_| Stake::answered(charged.cycle)));
    }
    Ok(stakes)
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    let mut findings = vec![];
    for charged in charged(facts)? {
        for repeats in repeats(facts, charged)? {
            findings.extend(finding(facts, &repeats)?);
        }
    }
    Ok(findings)
}

fn repeats<'a>(facts: &Facts<'a>, charged: &'a Charged) -> Result<Vec<Repeats<'a>>> {
    let usage = &facts.line.usage;
    let of_cycle = usage.range(charged.cycle.start_time(), charged.cycle.end_time());
    if usage.columns().starts[of_cycle].windows(2).all(|pair| pair[0] != pair[1]) {
        return Ok(vec![]);
    }
    let events: Vec<UsageEvent<'a>> = charged.events(facts).filter(is_own).collect();
    let mut certain = vec![];
    let mut uncertain = vec![];
    for (index, again) in events.iter().enumerate() {
        let earlier = events[..index].iter().rev().take_while(|first| first.start == again.start);
        let same: Vec<&UsageEvent<'a>> = earlier.filter(|first| is_same(first, again)).collect();
        let by_id =
            same.iter().find(|first| !again.record_id.is_empty() && first.record_id == again.record_id);
        let without = same.iter().find(|first| again.record_id.is_empty() || first.record_id.is_empty());
        let fee = fee(facts, charged, again);
        match (by_id, without) {
            (Some(first), _) => {
                certain.push(Twice { first: **first, again: *again, is_certain: true, fee });
            }
            (None, Some(first)) => {
                uncertain.push(Twice { first: **first, again: *again, is_certain: false, fee });
            }
            // Ids of their own: two events.
            (None, None) => {}
        }
    }
    let mut all = vec![];
    for rows in [certain, uncertain].into_iter().filter(|rows| !rows.is_empty()) {
        let is_certain = rows[0].is_certain;
        let fees = Money::sum(rows.iter().filter_map(|row| row.fee))?;
        all.push(Repeats { charged, rows, is_certain, fees });
    }
    Ok(all)
}

/// Forwarded legs and what does not say who called are left out.
fn is_own(event: &UsageEvent<'_>) -> bool {
    event.kind == UsageKind::Data || event.direction == Direction::Out
}

/// Start, kind, peer, duration and volume are the same, in one export; another place, app or fee is another leg.
fn is_same(first: &UsageEvent<'_>, again: &UsageEvent<'_>) -> bool {
    let key =
        |event: &UsageEvent<'_>| (event.start, event.kind, event.duration_s, event.length_bytes, event.fee);
    let table = |event: &UsageEvent<'_>| (event.at.source, event.at.table);
    let texts = first.peer == again.peer && first.app == again.app && first.location == again.location;
    key(first) == key(again) && texts && table(first) == table(again)
}

/// Returns what the row cost: as the list says, else by a flat price where nothing is included.
fn fee(facts: &Facts<'_>, charged: &Charged, event: &UsageEvent<'_>) -> Option<Money> {
    let rated = facts.rated.cycles.get(&charged.cycle);
    let included =
        rated.is_some_and(|rated| rated.buckets.iter().any(|b| charged.units.contains(&b.granted.unit)));
    let by_rule = || {
        let price = charged.flat_price(facts).filter(|_| charged.is_priced && !included)?;
        cost(price, counted(event)?)
    };
    event.fee.or_else(by_rule).filter(|fee| fee.is_positive())
}

/// Returns how much of the repeated fees the bill charged: all where the list's fees add up to the bill, else
/// what is above the rules on a complete list.
fn charged_twice(facts: &Facts<'_>, repeats: &Repeats<'_>) -> Result<Money> {
    let charged = repeats.charged;
    if listed_fees(charged.events(facts))? == Some(charged.billed) {
        return Ok(repeats.fees);
    }
    if !charged.is_priced || !charged.completeness(facts).is_proved() || !charged.late(facts).is_empty() {
        return Ok(Money::ZERO);
    }
    // The rules count equal ids once; rows without ids once at least and twice at most.
    let once = if repeats.is_certain { charged.due.high } else { charged.due.low };
    Ok(repeats.fees.min(charged.billed.minus(once)?.or_zero()))
}

fn finding(facts: &Facts<'_>, repeats: &Repeats<'_>) -> Result<Option<Finding>> {
    let charged = repeats.charged;
    let events_told_apart =
        repeats.rows.iter().any(|row| matches!(row.again.kind, UsageKind::Sms | UsageKind::Mms));
    // Long messages are listed as identical rows, one for each part.
    if events_told_apart && !repeats.is_certain {
        return Ok(Some(described(
            facts,
            repeats,
            repeats.fees,
            FindingKind::Question,
            Verdict::Probable,
            "parts",
        )?));
    }
    let amount = charged_twice(facts, repeats)?.min(charged.billed);
    if !amount.is_positive() {
        return Ok(None);
    }
    let (verdict, known) =
        if repeats.is_certain { (Verdict::Proven, "same-id") } else { (Verdict::Probable, "no-ids") };
    let mut finding = described(facts, repeats, amount, FindingKind::Error, verdict, known)?;
    charged.limit(facts, &mut finding)?;
    Ok(Some(finding))
}

fn described(
    facts: &Facts<'_>,
    repeats: &Repeats<'_>,
    amount: Money,
    kind: FindingKind,
    verdict: Verdict,
    known: &'static str,
) -> Result<Finding> {
    let charged = repeats.charged;
    let mut finding = charged.stake(facts, amount)?.finding(DETECTOR.code, kind, verdict, known);
    let first = &repeats.rows[0].first;
    finding.subject = format!("{}|{known}", finding.subject);
    finding.explanation = finding
        .explanation
        .count("count", repeats.rows.len())
        .text("start", first.start)
        .message("kind", kind_name(charged.units[0]));
    let quoted = repeats.rows.iter().take(QUOTED_ROWS_MAX).flat_map(|row| [row.first.at, row.again.at]);
    let whole_row = |row| Evidence { role: EvidenceRole::Supports, at: CellRef { row, column: None } };
    finding.evidence.extend(quoted.map(whole_row));
    finding.innocent = vec![Message::new(format!("USE-012.innocent.{known}"))];
    finding.ask =
        vec![Message::new("USE-012.ask").text("month", charged.cycle).count("count", repeats.rows.len())];
    Ok(finding)
}
