//! What several detectors ask of the papers: rows to quote, windows, missing records, chargeable events.

use std::ops::Range;

use chrono::Days;

use crate::detect::{Facts, Stake};
use crate::model::case::Operator;
use crate::model::coverage::{Completeness, CoverKind, Coverage, CoveredBy};
use crate::model::finding::{ClauseRef, Evidence, EvidenceRole, Finding, Need, Target, Verdict};
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::period::{Cycle, DaySpan, WallTime};
use crate::model::quantity::Unit;
use crate::model::record::BillLine;
use crate::model::source::{CellRef, RowRef};
use crate::model::usage::{UsageEvent, UsageKind};
use crate::rating::outcome::ExpectedItem;
use crate::reconcile::outcome::TieGroup;
use crate::rules::deadline::{self, EventDays};

/// Most rows of one role that a finding quotes; the rest is counted in its sentences.
pub const QUOTED_ROWS_MAX: usize = 12;

impl<'a> Facts<'a> {
    /// Returns the evidence of one field of a row.
    pub fn cell(&self, role: EvidenceRole, at: RowRef, field: &str) -> Evidence {
        Evidence { role, at: self.case.cell_of(at, field) }
    }

    /// Returns the amount cells of bill lines, as support.
    pub fn amounts(&self, bill_lines: &[usize]) -> Vec<Evidence> {
        let cell = |index: &usize| self.cell(EvidenceRole::Supports, self.line.bill[*index].at, "amount");
        bill_lines.iter().map(cell).collect()
    }

    /// Returns where the windows stand that speak best for the kind in the span. A window that the list
    /// itself prints supports; a declared or inferred one only names the list.
    pub fn windows(&self, kind: CoverKind, span: DaySpan) -> Vec<Evidence> {
        let parts = self.line.coverage.iter();
        let speaking =
            parts.filter(|part| part.kinds.contains(&kind) && part.span.intersection(span).is_some());
        let speaking: Vec<&Coverage> = speaking.collect();
        let Some(best) = speaking.iter().map(|part| part.by).max() else { return vec![] };
        let mut at: Vec<CellRef> =
            speaking.iter().filter(|part| part.by == best).map(|part| part.at).collect();
        at.sort();
        at.dedup();
        let printed = best == CoveredBy::Stated;
        let role = if printed { EvidenceRole::Supports } else { EvidenceRole::Context };
        at.into_iter().map(|at| Evidence { role, at }).collect()
    }

    /// Returns the need of a kind over a span when nothing in the papers speaks for it.
    pub fn need(&self, kind: CoverKind, span: DaySpan) -> Option<Need> {
        self.is_unknown(kind, span).then(|| self.needed(kind, span))
    }

    /// Returns whether nothing in the papers speaks for a kind over a span.
    pub fn is_unknown(&self, kind: CoverKind, span: DaySpan) -> bool {
        self.line.completeness(kind, span) == Completeness::Unknown
    }

    /// Returns a kind of record over a span as something to ask for: who holds it, and until when.
    pub fn needed(&self, kind: CoverKind, span: DaySpan) -> Need {
        let what = Message::new(format!("detect.need.{}", kind.code()))
            .message("holder", self.holder())
            .text("start", span.start)
            .text("end", span.last());
        // The contracts name a term for raw charging data only; how long order and payment records are kept no
        // rule on file says.
        let is_charging_data = !matches!(kind, CoverKind::Orders | CoverKind::Payments);
        let kept_until =
            is_charging_data.then(|| deadline::records_kept_until(Cycle::of(span.start), self.operator()).0);
        Need { kind, span, what, kept_until }
    }

    /// Returns the words for the line's operator.
    pub fn holder(&self) -> Message {
        Message::new(format!("detect.operator.{}", self.operator().map_or("unknown", Operator::code)))
    }

    /// Returns the line's operator: as case.toml says, else as the layout of its bill tells.
    fn operator(&self) -> Option<Operator> {
        let by_layout = || {
            let profile = |line: &BillLine| self.case.table(line.at).profile.clone();
            let issuer = self.line.bill.first().map(profile)?;
            Operator::from_code(issuer.split('/').next().unwrap_or_default())
        };
        self.line.info.operator.or_else(by_layout)
    }

    /// Returns whether the table also bills other numbers: then totals and balances may be the account's.
    pub fn bills_others(&self, at: RowRef) -> bool {
        let same_table = |other: &RowRef| (other.source, other.table) == (at.source, at.table);
        let others = self.case.lines.iter().filter(|line| line.info.msisdn != self.line.info.msisdn);
        others.flat_map(|line| &line.bill).any(|line| same_table(&line.at))
    }

    /// Returns the stake of one bill line: `amount` of it is in question, and no record is missing.
    pub fn stake_of_line(&self, index: usize, amount: Money) -> Stake {
        let line = &self.line.bill[index];
        let (_, items) = self.tied(index);
        Stake {
            cycle: line.cycle,
            day: None,
            amount,
            on: vec![(Target::BillLine(index), line.amount.min(amount))],
            subject: format!("{}|{}", line.item, line.amount),
            what: bill_item(line),
            evidence: self.amounts(&[index]),
            clauses: clauses_of(&items),
            missing: vec![],
        }
    }

    /// Returns a stake of a whole cycle that hangs on no yuan, for what is only asked.
    pub fn stake_of_cycle(&self, cycle: Cycle, subject: String) -> Stake {
        Stake {
            cycle,
            day: None,
            amount: Money::ZERO,
            on: vec![],
            subject,
            what: Message::new("detect.what.bill-of").text("month", cycle),
            evidence: vec![],
            clauses: vec![],
            missing: vec![],
        }
    }

    /// Returns whether the bill of the cycle was printed before the cycle ended (fine print 36).
    pub fn is_provisional(&self, cycle: Cycle) -> bool {
        let printed = |line: &BillLine| self.case.table(line.at).exported_on;
        self.line.bill_of(cycle).filter_map(|(_, line)| printed(line)).any(|day| day < cycle.span().end)
    }

    /// Returns the group of a bill line and its expected items.
    pub fn tied(&self, bill_line: usize) -> (Option<&'a TieGroup>, Vec<(usize, &'a ExpectedItem)>) {
        let group = self.reconciliation.group_of(bill_line);
        (group, group.map_or(vec![], |group| self.items_of(group)))
    }

    /// Returns the expected items of a group with their indices in the rated cycle.
    pub fn items_of(&self, group: &TieGroup) -> Vec<(usize, &'a ExpectedItem)> {
        let items = self.rated.cycles.get(&group.cycle).map_or(&[][..], |rated| &rated.items);
        group.items.iter().filter_map(|index| items.get(*index).map(|item| (*index, item))).collect()
    }

    /// Returns the events of the units that start in `[start, end)`.
    pub fn events_between(
        &self,
        units: &[Unit],
        start: WallTime,
        end: WallTime,
    ) -> impl Iterator<Item = UsageEvent<'a>> {
        let usage = &self.line.usage;
        let range: Range<usize> = usage.range(start, end);
        let wanted = UsageKind::ALL.map(|kind| kind.unit().is_some_and(|unit| units.contains(&unit)));
        let kinds = usage.columns().kinds;
        range.filter(move |index| wanted[kinds[*index] as usize]).map(move |index| usage.event(index))
    }

    /// Returns the windows of a kind for which the list with the row was issued: as printed or declared, and only
    /// where neither is, as its rows suggest.
    pub fn window_of_list(&self, at: RowRef, kind: CoverKind) -> Vec<DaySpan> {
        let own = |part: &&Coverage| {
            let here = part.at.row.source == at.source;
            let table = part.at.row.table == at.table || part.by == CoveredBy::Declared;
            here && table && part.kinds.contains(&kind)
        };
        let parts: Vec<&Coverage> = self.line.coverage.iter().filter(own).collect();
        let best = parts.iter().map(|part| part.by).max();
        parts.iter().filter(|part| Some(part.by) == best).map(|part| part.span).collect()
    }
}

/// Returns whether the operator may charge for the event: outgoing and successful, with some use. What
/// is not stated counts against the complaint; an incoming event counts when the list prices it.
pub fn is_chargeable(event: &UsageEvent<'_>) -> bool {
    use crate::model::usage::Direction;
    let priced = event.fee.is_some_and(|fee| fee.is_positive());
    let outgoing = event.kind == UsageKind::Data || event.direction != Direction::In;
    let used = match event.kind {
        UsageKind::Voice => event.duration_s > 0,
        UsageKind::Data => event.length_bytes > 0,
        UsageKind::Sms | UsageKind::Mms | UsageKind::Vas => true,
    };
    !event.failed && (priced || (outgoing && used))
}

/// Returns the days that `count` days before the cycle takes in.
pub fn last_days_before(cycle: Cycle, count: u64) -> DaySpan {
    let end = cycle.span().start;
    DaySpan { start: end.checked_sub_days(Days::new(count)).unwrap_or(end), end }
}

/// Returns the strongest verdict that the completeness of the records allows.
pub fn verdict_of(completeness: Completeness) -> Option<Verdict> {
    match completeness {
        Completeness::Proved { .. } => Some(Verdict::Proven),
        Completeness::Inferred => Some(Verdict::Probable),
        Completeness::Unknown => None,
    }
}

/// Returns the last part of an explanation's key: how completeness is known.
pub fn how_known(completeness: Completeness) -> &'static str {
    match completeness {
        Completeness::Proved { declared: false } => "stated",
        Completeness::Proved { declared: true } => "declared",
        Completeness::Inferred | Completeness::Unknown => "inferred",
    }
}

/// Returns the first and the last day on which what a finding is about can have happened.
///
/// A monthly charge has no day of its own: it can have arisen on any day of its cycle, so the first one is the
/// safe one and the last one the event date (fine print 11 and 40).
pub fn event_days(finding: &Finding) -> EventDays {
    let on_bill = finding.on.iter().any(|(target, _)| target.is_on_bill());
    match finding.day {
        Some(day) if on_bill && day == finding.cycle.span().last() => {
            EventDays::of_charge(finding.cycle, None)
        }
        Some(day) => EventDays::on(day),
        None => EventDays::of_charge(finding.cycle, None),
    }
}

/// Returns the name of a kind of usage.
pub fn kind_name(unit: Unit) -> Message {
    Message::new(format!("detect.kind.{}", unit.code()))
}

/// Returns the words for one bill line: item and amount.
pub fn bill_item(line: &BillLine) -> Message {
    Message::new("detect.what.bill-line").text("item", &line.item).text("amount", line.amount)
}

/// Returns the clauses of expected items, each once.
pub fn clauses_of(items: &[(usize, &ExpectedItem)]) -> Vec<ClauseRef> {
    let mut clauses: Vec<ClauseRef> = items.iter().map(|(_, item)| item.clause.clone()).collect();
    clauses.sort();
    clauses.dedup();
    clauses
}
