//! Ids made from content: the same papers give the same ids under any name and in any order.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use crate::model::case::{Case, Line};
use crate::model::record::Payment;
use crate::report::assemble::Assembly;
use crate::report::model::Report;
use crate::settle::outcome::DisposedLine;

/// Returns `L-` ids by line and bill line. Equal lines of one bill are told apart by their occurrence.
pub fn line_ids(parts: &Assembly<'_>) -> BTreeMap<(usize, DisposedLine), String> {
    let mut seen = BTreeMap::new();
    let mut ids = BTreeMap::new();
    for (index, (line, settled)) in parts.case.lines.iter().zip(parts.settled).enumerate() {
        for disposition in &settled.dispositions {
            let content = line_content(line, disposition.line, &disposition.amount.to_string());
            ids.insert((index, disposition.line), id("L-", &content, &mut seen));
        }
    }
    ids
}

/// Returns `P-` ids by line and payment; payments of no line stand behind the last line.
pub fn payment_ids(case: &Case) -> BTreeMap<(usize, usize), String> {
    let mut seen = BTreeMap::new();
    let mut ids = BTreeMap::new();
    let lists = case.lines.iter().map(|line| &line.payments).chain([&case.other_payments]);
    for (index, payments) in lists.enumerate() {
        for (payment_index, payment) in payments.iter().enumerate() {
            ids.insert((index, payment_index), id("P-", &payment_content(payment), &mut seen));
        }
    }
    ids
}

/// Returns the id of the report: a hash of what it is made from and what it says.
pub fn report_id(report: &Report) -> String {
    let mut digests: Vec<&str> = report.inputs.iter().map(|input| input.sha256.as_str()).collect();
    digests.sort_unstable();
    let mut parts = vec![report.program.version.as_str(), report.as_of.as_str()];
    parts.extend(digests);
    parts.extend(report.lines.iter().flat_map(|line| [line.id.as_str(), line.disputed.as_str()]));
    parts.extend(report.findings.iter().flat_map(|finding| [finding.id.as_str(), finding.claim.as_str()]));
    let hash = hex(&parts.join("\u{1f}"));
    format!("{}-{}", &hash[..4], &hash[4..8])
}

fn line_content(line: &Line, disposed: DisposedLine, amount: &str) -> String {
    let index = disposed.row();
    let Some(bill_line) = line.bill.get(index) else { return format!("{}|{amount}", line.info.msisdn) };
    let item = match disposed {
        DisposedLine::Bill(_) => bill_line.item.as_str(),
        DisposedLine::TotalDifference(_) => "total-difference",
        DisposedLine::MissingCredit(_) => "missing-credit",
    };
    [line.info.msisdn.as_str(), &bill_line.cycle.to_string(), bill_line.category.code(), item, amount]
        .join("\u{1f}")
}

fn payment_content(payment: &Payment) -> String {
    [
        &payment.paid_at.to_string(),
        &payment.platform,
        &payment.payee,
        &payment.description,
        &payment.amount.to_string(),
        payment.status.code(),
        &payment.order_id,
    ]
    .join("\u{1f}")
}

fn id(prefix: &str, content: &str, seen: &mut BTreeMap<String, u32>) -> String {
    let occurrence = seen.entry(content.to_owned()).or_insert(0);
    *occurrence += 1;
    format!("{prefix}{}", &hex(&format!("{content}\u{1f}{occurrence}"))[..10])
}

fn hex(content: &str) -> String {
    Sha256::digest(content.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
