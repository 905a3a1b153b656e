//! USE-014 domestic-roaming-charged.

use chrono::NaiveDate;

use crate::detect::usage::charged::weaker;
use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::coverage::{Completeness, CoverKind};
use crate::model::finding::{Finding, FindingKind, Override, Target, Verdict};
use crate::model::interval::Interval;
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::period::Day;
use crate::model::quantity::Unit;
use crate::model::record::{BillLine, Category};
use crate::model::usage::Scope;
use crate::reconcile::foreign_word;
use crate::reconcile::name::normalised;
use crate::reconcile::outcome::TieRule;

/// A mainland long-distance or roaming fee after these fees were abolished.
pub static DETECTOR: Detector = Detector {
    code: "USE-014",
    name: "domestic-roaming-charged",
    kind: FindingKind::Error,
    role: Role::Cause,
    needs: &[CoverKind::Voice, CoverKind::Data],
    basis: &["zc-roam-voice", "zc-roam-data", "dx-40", "xfss-12"],
    page: include_str!("domestic_roaming_charged.md"),
    stakes,
    detect,
};

/// Words of a fee for being, or calling, elsewhere.
const ELSEWHERE: [&str; 2] = ["漫游", "长途"];
/// Words by which such a fee says that it is for the mainland.
const MAINLAND: [&str; 5] = ["国内", "内地", "大陆", "省际", "省内"];
/// Words of data.
const DATA: [&str; 4] = ["流量", "上网", "数据", "gprs"];
/// Words of messages, which were not abolished.
const MESSAGES: [&str; 3] = ["短信", "彩信", "短消息"];

/// A fee for roaming or long distance that may be for the mainland.
struct Fee<'a> {
    index: usize,
    line: &'a BillLine,
    kinds: Vec<CoverKind>,
    /// Whether the item itself says that it is for the mainland.
    is_explicit: bool,
    /// Yuan above what a rule of the plan makes of it.
    amount: Money,
}

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    Ok(fees(facts)?.iter().map(|fee| stake(facts, fee)).collect())
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    let fees = fees(facts)?;
    Ok(fees.iter().filter_map(|fee| finding(facts, fee)).collect())
}

fn fees<'a>(facts: &Facts<'a>) -> Result<Vec<Fee<'a>>> {
    let mut fees = vec![];
    if !is_mobile(&facts.line.info.msisdn) {
        return Ok(fees);
    }
    for (index, line) in facts.line.bill.iter().enumerate() {
        let usage =
            matches!(line.category, Category::Roaming | Category::Voice | Category::Data | Category::Other);
        if !usage || !line.amount.is_positive() {
            continue;
        }
        let name = normalised(&line.item);
        let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
        let elsewhere = has(&ELSEWHERE) && !has(&MESSAGES) && foreign_word(&line.item).is_none();
        if !elsewhere || facts.is_subscription(index) {
            continue;
        }
        let kinds = match (line.category, has(&DATA)) {
            (Category::Data, _) | (_, true) => vec![CoverKind::Data],
            (Category::Voice, _) => vec![CoverKind::Voice],
            _ if has(&["通话", "语音", "话费", "主叫", "长途"]) => vec![CoverKind::Voice],
            _ => vec![CoverKind::Voice, CoverKind::Data],
        };
        let amount = above_rule(facts, index)?;
        let abolished = kinds.iter().filter_map(|kind| abolished_on(*kind)).max();
        if amount.is_positive() && abolished.is_some_and(|day| day <= line.cycle.span().start) {
            fees.push(Fee { index, line, kinds, is_explicit: has(&MAINLAND), amount });
        }
    }
    Ok(fees)
}

/// Returns the first day without the fee: calls 2017-09-01 (zc-roam-voice), data 2018-07-01 (zc-roam-data).
fn abolished_on(kind: CoverKind) -> Option<Day> {
    match kind {
        CoverKind::Data => NaiveDate::from_ymd_opt(2018, 7, 1),
        _ => NaiveDate::from_ymd_opt(2017, 9, 1),
    }
}

/// The promise holds for mainland mobile numbers.
fn is_mobile(msisdn: &str) -> bool {
    msisdn.len() == 11 && msisdn.starts_with('1')
}

/// Returns what was billed above the rules: the whole fee, unless plan rules price the group; nothing where
/// a rule names the very item.
fn above_rule(facts: &Facts<'_>, index: usize) -> Result<Money> {
    let amount = facts.line.bill[index].amount;
    let (group, items) = facts.tied(index);
    let Some(group) = group else { return Ok(amount) };
    let billed = Money::sum(group.lines.iter().map(|line| facts.line.bill[*line].amount))?;
    let due = Interval::sum(items.iter().map(|(_, item)| item.amount))?;
    if group.rule == TieRule::Name && !items.is_empty() && billed <= due.high {
        return Ok(Money::ZERO);
    }
    Ok(amount.min(billed.minus(due.high)?.or_zero()))
}

fn stake(facts: &Facts<'_>, fee: &Fee<'_>) -> Stake {
    let span = fee.line.cycle.span();
    let missing = match fee.is_explicit {
        true => vec![],
        false => fee.kinds.iter().filter_map(|kind| facts.need(*kind, span)).collect(),
    };
    let on = vec![(Target::BillLine(fee.index), fee.amount)];
    Stake { missing, on, ..facts.stake_of_line(fee.index, fee.amount) }
}

fn finding(facts: &Facts<'_>, fee: &Fee<'_>) -> Option<Finding> {
    let (verdict, known) = judged(facts, fee)?;
    let mut finding = stake(facts, fee).finding(DETECTOR.code, FindingKind::Error, verdict, known);
    let whole = fee.amount == fee.line.amount;
    finding.overrides = vec![match fee.line.amount.minus(fee.amount) {
        Ok(most) if !whole => Override::AtMost { bill_line: fee.index, most },
        _ => Override::Refuted { bill_line: fee.index },
    }];
    let abolished = fee.kinds.iter().filter_map(|kind| abolished_on(*kind)).max()?;
    finding.explanation = finding.explanation.text("since", abolished);
    if !fee.is_explicit {
        let span = fee.line.cycle.span();
        finding.evidence.extend(fee.kinds.iter().flat_map(|kind| facts.windows(*kind, span)));
    }
    finding.innocent = vec![Message::new("USE-014.innocent.abroad"), Message::new("USE-014.innocent.older")];
    finding.ask = vec![
        Message::new("USE-014.ask")
            .text("item", &fee.line.item)
            .text("month", fee.line.cycle)
            .text("amount", fee.amount),
    ];
    Some(finding)
}

/// The item's own words prove it; else a list without a record from outside of the mainland speaks for it.
fn judged(facts: &Facts<'_>, fee: &Fee<'_>) -> Option<(Verdict, &'static str)> {
    if fee.is_explicit {
        // Records of the month before may be billed in the first month without the fee.
        let first = fee.kinds.iter().filter_map(|kind| abolished_on(*kind)).max()?;
        let verdict = if first == fee.line.cycle.span().start { Verdict::Probable } else { Verdict::Proven };
        return Some((verdict, "explicit"));
    }
    let (start, end) = (fee.line.cycle.previous().start_time(), fee.line.cycle.end_time());
    let mut away =
        facts.events_between(&Unit::ALL, start, end).filter(|event| event.scope != Scope::Domestic);
    let span = fee.line.cycle.span();
    let of = |kind: &CoverKind| facts.line.completeness(*kind, span);
    let known = fee.kinds.iter().map(of).reduce(weaker).unwrap_or(Completeness::Unknown);
    (away.next().is_none() && known != Completeness::Unknown).then_some((Verdict::Probable, "by-list"))
}
