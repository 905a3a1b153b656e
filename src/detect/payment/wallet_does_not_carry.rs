//! PAY-008 wallet-does-not-carry.

use std::collections::BTreeMap;

use crate::detect::{Detector, Facts, Role, Stake};
use crate::error::Result;
use crate::model::finding::{EvidenceRole, Finding, FindingKind, Target, Verdict};
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::period::Cycle;
use crate::model::record::WalletEntry;

/// A balance log does not carry: before + change is not after, or a row does not begin where the last one ended.
pub static DETECTOR: Detector = Detector {
    code: "PAY-008",
    name: "wallet-does-not-carry",
    kind: FindingKind::Question,
    role: Role::Plain,
    needs: &[],
    basis: &["mfd-122", "ec-31", "ec-62"],
    page: include_str!("wallet_does_not_carry.md"),
    stakes,
    detect,
};

/// A row at which the balance is not what it should be.
struct Break {
    row: usize,
    /// Yuan that should stand there.
    should: Money,
    /// Yuan that are printed.
    printed: Money,
    within_row: bool,
}

fn stakes(facts: &Facts<'_>) -> Result<Vec<Stake>> {
    let wallet = facts.line.wallet.iter().enumerate();
    let told = wallet.filter(|(_, entry)| entry.after.is_some());
    Ok(told.map(|(row, _)| stake(facts, row, Money::ZERO)).collect())
}

fn detect(facts: &Facts<'_>) -> Result<Vec<Finding>> {
    let mut breaks = within_rows(facts)?;
    breaks.extend(between_rows(facts)?);
    breaks.iter().map(|found| finding(facts, found)).collect()
}

/// Returns the rows that contradict themselves. A log may print changes without sign.
fn within_rows(facts: &Facts<'_>) -> Result<Vec<Break>> {
    let mut breaks = vec![];
    for (row, entry) in facts.line.wallet.iter().enumerate() {
        let (Some(before), Some(printed)) = (entry.before, entry.after) else { continue };
        let should = before.plus(entry.change)?;
        if should != printed && before.minus(entry.change)? != printed {
            breaks.push(Break { row, should, printed, within_row: true });
        }
    }
    Ok(breaks)
}

/// Returns the rows of one account and list that do not begin where the row before ended. Rows of one second may
/// stand in either order, so they are passed over.
fn between_rows(facts: &Facts<'_>) -> Result<Vec<Break>> {
    let wallet = &facts.line.wallet;
    let mut accounts: BTreeMap<(&str, u16, u16), Vec<usize>> = BTreeMap::new();
    for (row, entry) in wallet.iter().enumerate() {
        accounts.entry((&entry.account, entry.at.source, entry.at.table)).or_default().push(row);
    }
    let mut breaks = vec![];
    for rows in accounts.values() {
        for pair in rows.windows(2) {
            let (last, next) = (&wallet[pair[0]], &wallet[pair[1]]);
            let at_once = |row: usize| {
                let same = |other: &&usize| wallet[**other].changed_at == wallet[row].changed_at;
                rows.iter().filter(same).count() > 1
            };
            let (Some(should), Some(printed)) = (last.after, begins_at(next)?) else { continue };
            if should != printed && !at_once(pair[0]) && !at_once(pair[1]) {
                breaks.push(Break { row: pair[1], should, printed, within_row: false });
            }
        }
    }
    Ok(breaks)
}

/// Returns the balance before a row: as printed, else what its after and change leave.
fn begins_at(entry: &WalletEntry) -> Result<Option<Money>> {
    match (entry.before, entry.after) {
        (Some(before), _) => Ok(Some(before)),
        (None, Some(after)) => after.minus(entry.change).map(Some),
        (None, None) => Ok(None),
    }
}

fn stake(facts: &Facts<'_>, row: usize, amount: Money) -> Stake {
    let entry = &facts.line.wallet[row];
    let day = entry.changed_at.day();
    let cell = |field| facts.cell(EvidenceRole::Supports, entry.at, field);
    Stake {
        cycle: Cycle::of(day),
        day: Some(day),
        amount,
        on: vec![(Target::Balance(row), amount)],
        subject: format!("{}|{}|{}|{}", entry.account, entry.changed_at, entry.change, amount),
        what: Message::new("PAY-008.what").text("at", entry.changed_at).text("change", entry.change),
        evidence: ["before", "change", "after"].map(cell).to_vec(),
        clauses: vec![],
        missing: vec![],
    }
}

/// An error where one row takes more than it says; rows between may be missing from the export, and a balance
/// that is too high is nobody's loss.
fn finding(facts: &Facts<'_>, found: &Break) -> Result<Finding> {
    let lost = found.should.minus(found.printed)?;
    let (kind, known) = match (found.within_row, lost.is_positive()) {
        (true, true) => (FindingKind::Error, "row"),
        (true, false) => (FindingKind::Question, "gain"),
        (false, _) => (FindingKind::Question, "between"),
    };
    let stake = stake(facts, found.row, lost.abs());
    let mut finding = stake.finding(DETECTOR.code, kind, Verdict::Probable, known);
    finding.explanation = finding.explanation.text("should", found.should).text("printed", found.printed);
    finding.innocent = vec![Message::new(format!("PAY-008.innocent.{known}"))];
    finding.ask =
        vec![Message::new("PAY-008.ask").message("what", stake.what.clone()).text("amount", lost.abs())];
    Ok(finding)
}
