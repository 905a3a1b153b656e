//! PAY-009 export-totals-differ.

use std::collections::BTreeSet;

use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::case::Line;
use crate::model::finding::{Evidence, EvidenceRole, Finding, FindingKind, Verdict};
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::period::{Cycle, Day};
use crate::model::source::{ControlTotal, Table};

/// The count or sum that a payment export prints is not that of its rows.
pub static DETECTOR: Detector = Detector {
    code: "PAY-009",
    name: "export-totals-differ",
    kind: FindingKind::Question,
    role: Role::Plain,
    needs: &[],
    basis: &["ec-31"],
    page: include_str!("export_totals_differ.md"),
    stakes,
    detect,
};

/// 支付宝 says in its own export that the sums may differ.
const SUMS_MAY_DIFFER: &str = "alipay/";
/// The printed number of rows.
const COUNT: &str = "count";

/// A printed total of an export.
struct Printed<'a> {
    table: &'a Table,
    control: &'a ControlTotal,
    last: Day,
}

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    Ok(printed(facts).iter().map(|printed| stake(printed)).collect())
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    let all = printed(facts);
    Ok(all.iter().filter(|printed| !printed.control.ties).map(finding).collect())
}

/// Returns the printed totals that must agree, of the exports whose first line this is.
fn printed<'a>(facts: &Facts<'a>) -> Vec<Printed<'a>> {
    let mut all = vec![];
    for (source, table) in exports_of(facts.line) {
        let first = facts.case.lines.iter().find(|line| exports_of(line).contains(&(source, table)));
        if first.is_some_and(|first| first.info.msisdn != facts.line.info.msisdn) {
            continue;
        }
        let own = facts.line.payments.iter().filter(|p| (p.at.source, p.at.table) == (source, table));
        let Some(last) = own.max_by_key(|payment| payment.paid_at) else { continue };
        let (table, last) = (facts.case.table(last.at), last.paid_at.day());
        let sums_count = !table.profile.starts_with(SUMS_MAY_DIFFER);
        let must_agree = |control: &&ControlTotal| sums_count || control.name == COUNT;
        all.extend(table.controls.iter().filter(must_agree).map(|control| Printed { table, control, last }));
    }
    all
}

/// Returns the tables from which the line's payments come: (source, table).
fn exports_of(line: &Line) -> BTreeSet<(u16, u16)> {
    line.payments.iter().map(|payment| (payment.at.source, payment.at.table)).collect()
}

fn stake(printed: &Printed<'_>) -> Stake {
    let control = printed.control;
    Stake {
        cycle: Cycle::of(printed.last),
        day: Some(printed.last),
        amount: Money::ZERO,
        on: vec![],
        subject: format!("{}|{}|{}|{}", printed.table.profile, control.name, control.stated, control.counted),
        what: Message::new("PAY-009.what").text("stated", &control.stated).text("counted", &control.counted),
        evidence: vec![Evidence { role: EvidenceRole::Supports, at: control.at }],
        clauses: vec![],
        missing: vec![],
    }
}

fn finding(printed: &Printed<'_>) -> Finding {
    let stake = stake(printed);
    let what = if printed.control.name.ends_with(COUNT) { COUNT } else { "sum" };
    let mut finding = stake.finding(DETECTOR.code, FindingKind::Question, Verdict::Proven, what);
    finding.innocent = vec![Message::new("PAY-009.innocent.filtered")];
    finding.ask = vec![Message::new("PAY-009.ask")];
    finding
}
