//! What the bill should have been, step by step, and the difference by cycle with its causes.

use crate::error::Result;
use crate::model::money::Money;
use crate::render::words::Words;
use crate::render::xlsx::bill::{self, NUMBER, PERIOD, codes};
use crate::render::xlsx::sheet::{Cell, Kind, Sheet, rounded};
use crate::report::model::{Expected, Gap, Report};

pub(super) const LOW: usize = 4;
pub(super) const HIGH: usize = 5;

/// Returns one row a step; the amounts of an item stand in its first row.
pub(super) fn expected(report: &Report, words: Words<'_>) -> Result<Sheet> {
    let columns = [
        ("number", Kind::Text, 14),
        ("period", Kind::Text, 9),
        ("item", Kind::Text, 24),
        ("rule_name", Kind::Text, 18),
        ("low", Kind::Money, 11),
        ("high", Kind::Money, 11),
        ("step", Kind::Count, 6),
        ("what", Kind::Long, 36),
        ("formula", Kind::Long, 44),
        ("before", Kind::Text, 14),
        ("after", Kind::Text, 14),
        ("rule", Kind::Text, 28),
        ("clause", Kind::Text, 8),
        ("charged_by", Kind::Text, 30),
    ];
    let mut sheet = super::sheet(words, "recalculation", &columns)?;
    for (index, total) in [(LOW, &report.totals.expected_low), (HIGH, &report.totals.expected_high)] {
        sheet.total(index, total);
    }
    for item in &report.expected {
        sheet.table.rows.extend(rows(report, item));
    }
    Ok(sheet)
}

fn rows(report: &Report, item: &Expected) -> Vec<Vec<Cell>> {
    let charged = report.lines.iter().filter(|line| item.lines.contains(&line.id));
    let charged = charged.map(|line| line.item.as_str()).collect::<Vec<_>>().join(" / ");
    let steps = item.trace.len().max(1);
    (0..steps)
        .map(|index| {
            let is_first = index == 0;
            let amount = |amount: &str| if is_first { Cell::money(amount) } else { Cell::Blank };
            let mut row = vec![
                Cell::text(&item.msisdn),
                Cell::text(&item.period),
                Cell::text(&item.label),
                Cell::text(&item.name),
                amount(&item.amount_low),
                amount(&item.amount_high),
            ];
            let step = item.trace.get(index);
            row.push(step.map_or(Cell::Blank, |_| Cell::Count(index as u64 + 1)));
            let cell = |text: Option<&str>| text.map_or(Cell::Blank, Cell::text);
            row.extend([
                cell(step.map(|step| step.what.as_str())),
                cell(step.map(|step| step.formula.as_str())),
                cell(step.map(|step| step.before.as_str())),
                cell(step.map(|step| step.after.as_str())),
                cell(step.map(|step| step.rule.as_str())),
                cell(step.and_then(|step| step.clause.as_deref())),
                if is_first { Cell::text(&charged) } else { Cell::Blank },
            ]);
            row
        })
        .collect()
}

const BILLED: usize = 2;
const EXPECTED: usize = 3;
const DIFFERENCE: usize = 4;
const CAUSE: usize = 7;
pub(super) const RESIDUAL: usize = 8;

/// Returns one row a cause; the sums of a cycle stand in the first row of the cycle.
pub(super) fn gaps(report: &Report, bill: &Sheet, expected: &Sheet, words: Words<'_>) -> Result<Sheet> {
    let columns = [
        ("number", Kind::Text, 14),
        ("period", Kind::Text, 9),
        ("billed", Kind::Money, 12),
        ("expected", Kind::Money, 12),
        ("difference", Kind::Money, 12),
        ("cause", Kind::Long, 44),
        ("findings", Kind::Text, 10),
        ("cause_amount", Kind::Money, 12),
        ("residual", Kind::Money, 12),
    ];
    let mut sheet = super::sheet(words, "gaps", &columns)?;
    sheet.total(RESIDUAL, &report.control.residual);
    // The rows are counted first: a residual sums the causes of the whole column.
    let rows: usize = report.gaps.iter().map(|gap| gap.causes.len().max(1)).sum();
    sheet.table.rows = vec![Vec::new(); rows];
    let mut row = 0;
    for gap in &report.gaps {
        for index in 0..gap.causes.len().max(1) {
            let cells = cause_row(report, gap, index, (&sheet, row, bill, expected))?;
            sheet.table.rows[row] = cells;
            row += 1;
        }
    }
    Ok(sheet)
}

fn cause_row(
    report: &Report,
    gap: &Gap,
    index: usize,
    sheets: (&Sheet, usize, &Sheet, &Sheet),
) -> Result<Vec<Cell>> {
    let (own, row, bill, expected) = sheets;
    let (number, period) = (own.cell(row, NUMBER), own.cell(row, PERIOD));
    let mut cells = vec![Cell::text(&gap.msisdn), Cell::text(&gap.period)];
    let of_cycle = |sheet: &Sheet, amount: usize, result: &str| {
        let (amounts, numbers, periods) = (sheet.range(amount), sheet.range(NUMBER), sheet.range(PERIOD));
        rounded(&format!("SUMIFS({amounts},{numbers},{number},{periods},{period})"), result)
    };
    let cause = gap.causes.get(index);
    let finding = cause.and_then(|cause| cause.finding.clone());
    if index == 0 {
        let difference = Money::parse(&gap.billed)?.minus(Money::parse(&gap.expected)?)?.to_string();
        let minus = format!("{}-{}", own.cell(row, BILLED), own.cell(row, EXPECTED));
        cells.push(of_cycle(bill, bill::AMOUNT, &gap.billed));
        cells.push(of_cycle(expected, HIGH, &gap.expected));
        cells.push(rounded(&minus, &difference));
    } else {
        cells.extend([Cell::Blank, Cell::Blank, Cell::Blank]);
    }
    cells.push(cause.map_or(Cell::Blank, |cause| Cell::text(&cause.label)));
    cells.push(Cell::text(codes(report, finding.as_slice())));
    cells.push(cause.map_or(Cell::Blank, |cause| Cell::money(&cause.amount)));
    cells.push(match index {
        0 => {
            let (causes, numbers, periods) = (own.range(CAUSE), own.range(NUMBER), own.range(PERIOD));
            let known = format!("SUMIFS({causes},{numbers},{number},{periods},{period})");
            rounded(&format!("{}-{known}", own.cell(row, DIFFERENCE)), &gap.residual)
        }
        _ => Cell::Blank,
    });
    Ok(cells)
}
