//! Payments and what each was matched to.

use crate::error::Result;
use crate::render::words::Words;
use crate::render::xlsx::bill::codes;
use crate::render::xlsx::sheet::{Cell, Kind, Sheet};
use crate::report::model::{Payment, Report};

pub(super) const COUNTED: usize = 8;
pub(super) const GIVEN_BACK: usize = 9;

pub(super) fn payments(report: &Report, words: Words<'_>) -> Result<Sheet> {
    let columns = [
        ("paid_at", Kind::Text, 19),
        ("file", Kind::Text, 30),
        ("row", Kind::Count, 6),
        ("platform", Kind::Text, 10),
        ("payee", Kind::Text, 22),
        ("purpose", Kind::Long, 30),
        ("amount", Kind::Money, 11),
        ("status", Kind::Text, 12),
        ("counted", Kind::Money, 11),
        ("given_back", Kind::Money, 11),
        ("matched", Kind::Long, 36),
        ("left_over", Kind::Money, 11),
        ("findings", Kind::Text, 12),
        ("payment_id", Kind::Text, 14),
    ];
    let mut sheet = super::sheet(words, "payments", &columns)?;
    for (index, total) in [(COUNTED, &report.totals.paid), (GIVEN_BACK, &report.totals.refunded)] {
        sheet.total(index, total);
    }
    for payment in &report.payments {
        sheet.table.rows.push(row(report, payment, words)?);
    }
    Ok(sheet)
}

fn row(report: &Report, payment: &Payment, words: Words<'_>) -> Result<Vec<Cell>> {
    let matched = words.matches(payment)?.join("\n");
    let known = |amount: &str| Cell::money(if amount.is_empty() { "0.00" } else { amount });
    Ok(vec![
        Cell::text(&payment.paid_at),
        Cell::text(words.place(&payment.source.path, payment.source.sheet.as_deref(), None)?),
        payment.source.row.map_or(Cell::Blank, |row| Cell::Count(row.into())),
        Cell::text(words.code("platform", &payment.platform)?),
        Cell::text(&payment.payee),
        Cell::text(&payment.description),
        Cell::money(&payment.amount),
        Cell::text(words.code("payment-status", &payment.status)?),
        known(&payment.counted),
        known(&payment.given_back),
        Cell::text(matched),
        Cell::money(&payment.left_over),
        Cell::text(codes(report, &payment.findings)),
        Cell::text(&payment.id),
    ])
}
