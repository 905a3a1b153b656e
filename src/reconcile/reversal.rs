//! Charges that a later bill takes back: a negative line that says so, tied to the charge by its name or exact amount.

use std::collections::BTreeMap;

use crate::error::Result;
use crate::model::case::Line;
use crate::model::money::Money;
use crate::model::period::Cycle;
use crate::model::record::BillLine;
use crate::reconcile::carrier::reversal_word;
use crate::reconcile::due::names_month;
use crate::reconcile::name::normalised;

/// Bills after the charge in which it may be taken back.
const CYCLES_MAX: usize = 6;
/// Shortest name by which an item is found in the words of a reversal.
const NAME_CHARS_MIN: usize = 2;

/// What a later bill gave back of a charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reversal {
    /// Index of the negative line in the line's bill.
    pub by: usize,
    /// Yuan, positive.
    pub amount: Money,
}

/// Returns, by bill line, what later bills gave back of it. A reversal that names a month takes from that month's
/// bill; else from the last bill before it that charges the item. One that names no item is tied by its exact amount,
/// where only one charge has it.
///
/// # Errors
/// When a difference leaves the exact range.
pub(super) fn reversals(line: &Line) -> Result<BTreeMap<usize, Vec<Reversal>>> {
    let mut back: BTreeMap<usize, Vec<Reversal>> = BTreeMap::new();
    let says_so = |row: &BillLine| {
        row.category.is_charge() && row.amount.is_negative() && reversal_word(&row.item).is_some()
    };
    for (by, row) in line.bill.iter().enumerate().filter(|(_, row)| says_so(row)) {
        let mut rest = row.amount.abs();
        for index in reversed_lines(line, row) {
            let taken = back.get(&index).map(Vec::as_slice).unwrap_or_default();
            let left = line.bill[index].amount.minus(Money::sum(taken.iter().map(|part| part.amount))?)?;
            let amount = left.min(rest).or_zero();
            if amount.is_positive() {
                back.entry(index).or_default().push(Reversal { by, amount });
                rest = rest.minus(amount)?;
            }
        }
    }
    Ok(back)
}

/// Returns the charges that the reversal can be for, the last line of the bill first: what is charged twice stands last.
fn reversed_lines(line: &Line, reversal: &BillLine) -> Vec<usize> {
    let earlier = earlier_cycles(reversal.cycle);
    let charges = || {
        line.bill.iter().enumerate().filter(|(_, row)| {
            row.category.is_charge() && row.amount.is_positive() && earlier.contains(&row.cycle)
        })
    };
    let text = normalised(&reversal.item);
    let named: Vec<(usize, &BillLine)> = charges()
        .filter(|(_, row)| {
            let name = normalised(&row.item);
            name.chars().count() >= NAME_CHARS_MIN && text.contains(&name)
        })
        .collect();
    if named.is_empty() {
        let mut equal = charges().filter(|(_, row)| row.amount == reversal.amount.abs());
        return equal.next().filter(|_| equal.next().is_none()).map(|(index, _)| index).into_iter().collect();
    }
    let month = earlier.iter().copied().find(|cycle| names_month(&reversal.item, *cycle) == Some(true));
    let last = named.iter().map(|(_, row)| row.cycle).max();
    let cycle = month.or(last);
    let of_cycle = named.into_iter().filter(|(_, row)| Some(row.cycle) == cycle).map(|(index, _)| index);
    let mut lines: Vec<usize> = of_cycle.collect();
    lines.reverse();
    lines
}

fn earlier_cycles(cycle: Cycle) -> Vec<Cycle> {
    std::iter::successors(Some(cycle.previous()), |cycle| Some(cycle.previous())).take(CYCLES_MAX).collect()
}
