//! Papers made by hand: a line with its bills, lists, payments and orders, each in its own table.

use std::sync::Arc;

use mingzhang::detect::Rerate;
use mingzhang::model::case::{Case, Line};
use mingzhang::model::coverage::{CoverKind, Coverage, CoveredBy};
use mingzhang::model::finding::ClauseRef;
use mingzhang::model::interval::Interval;
use mingzhang::model::money::Money;
use mingzhang::model::period::{Cycle, Day, DaySpan, WallTime};
use mingzhang::model::quantity::{Unit, Volume};
use mingzhang::model::record::{
    BillLine, Category, MoneyDirection, Order, OrderAction, Payment, PaymentStatus,
};
use mingzhang::model::sheet::{CellKind, Sheet};
use mingzhang::model::source::{CellRef, ColumnUse, RowRef, Source, Table, TableKind};
use mingzhang::model::usage::{Direction, Scope, UsageEvent, UsageKind};
use mingzhang::rating::Detail;
use mingzhang::rating::outcome::{BucketUse, Change, ExpectedItem, ItemKind, RatedCycle, RatedLine};
use mingzhang::reconcile::{self, outcome::Reconciliation};
use mingzhang::settle::outcome::{DisposedLine, Gap, SettledFinding, SettledLine};
use mingzhang::settle::{Totals, settle_line_with, totals};

pub fn money(text: &str) -> Money {
    Money::parse(text).expect("an amount")
}

pub fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

pub fn time(text: &str) -> WallTime {
    let format = "%Y-%m-%d %H:%M:%S";
    let full = if text.len() == 10 { format!("{text} 00:00:00") } else { format!("{text}:00") };
    WallTime::new(chrono::NaiveDateTime::parse_from_str(&full, format).expect("a time"))
}

pub fn cycle(text: &str) -> Cycle {
    Cycle::parse(text).expect("a cycle")
}

pub const OCTOBER: &str = "2025-10";

/// The papers of one line.
#[derive(Clone)]
pub struct Papers {
    pub case: Case,
    pub line: Line,
    pub rated: RatedLine,
    pub rerate: Rerate,
}

/// A settled line with the case it belongs to.
pub struct Outcome {
    pub settled: SettledLine,
    pub totals: Totals,
}

fn never(
    _: &Line,
    rated: &RatedLine,
    cycle: Cycle,
    _: &Change,
    _: Detail,
) -> mingzhang::error::Result<RatedCycle> {
    Ok(rated.cycles[&cycle].clone())
}

impl Papers {
    pub fn new() -> Self {
        let mut line = Line::default();
        line.info.msisdn = "13800001111".to_owned();
        let case = Case { as_of: day("2025-12-31"), ..Case::default() };
        Self { case, line, rated: RatedLine::default(), rerate: never }
    }

    /// Adds a bill: (item, category, amount). An item with a bar is printed by a provider: `阅读|某公司`.
    pub fn bill(mut self, period: &str, rows: &[(&str, &str, &str)]) -> Self {
        let cells =
            rows.iter().map(|(item, category, amount)| [*item, *category, *amount].join(",")).collect();
        let at = self.table(TableKind::Bill, &["item", "category", "amount"], cells);
        for (index, (item, category, amount)) in rows.iter().enumerate() {
            let category = Category::from_code(category).expect("a category");
            let (item, provider) =
                item.split_once('|').map_or((*item, None), |(i, p)| (i, Some(p.to_owned())));
            let own = Unit::ALL.into_iter().filter(|unit| Category::of_unit(*unit) == category);
            let units = if item == "短彩信费" { vec![Unit::Sms, Unit::Mms] } else { own.collect() };
            self.line.bill.push(BillLine {
                at: RowRef { row: index as u32 + 2, ..at },
                cycle: cycle(period),
                item: item.to_owned(),
                category,
                units,
                amount: money(amount),
                quantity: None,
                unit_price: None,
                provider,
            });
        }
        self.line.bill.sort_by_key(|line| (line.cycle, line.at));
        self
    }

    /// Adds a list of events: (start, kind, direction), with the window that it prints, if any.
    pub fn usage(
        mut self,
        rows: &[(&str, &str, &str)],
        kinds: &str,
        first: &str,
        last: &str,
        by: CoveredBy,
    ) -> Self {
        let cells =
            rows.iter().map(|(start, kind, direction)| [*start, *kind, *direction].join(",")).collect();
        let at = self.table(TableKind::Usage, &["start", "kind", "direction"], cells);
        for (index, (start, kind, direction)) in rows.iter().enumerate() {
            let event = event(start, kind, direction, RowRef { row: index as u32 + 2, ..at });
            self.line.usage.push(&event);
        }
        self.line.usage = std::mem::take(&mut self.line.usage).sorted();
        self.cover(at, kinds, first, last, by)
    }

    fn cover(mut self, at: RowRef, kinds: &str, first: &str, last: &str, by: CoveredBy) -> Self {
        let coverage = Coverage {
            msisdn: None,
            kinds: kinds.split(' ').map(|kind| CoverKind::from_code(kind).expect("a kind")).collect(),
            span: DaySpan::inclusive(day(first), day(last)),
            by,
            at: CellRef { row: RowRef { row: 1, ..at }, column: None },
        };
        self.line.coverage.push(coverage.clone());
        self.case.sources[at.source as usize].tables[0].coverage.push(coverage);
        self
    }

    /// Adds an order list over a window: (time, action, name).
    pub fn orders(
        mut self,
        rows: &[(&str, OrderAction, &str)],
        first: &str,
        last: &str,
        by: CoveredBy,
    ) -> Self {
        let cells = rows.iter().map(|(at, action, name)| [*at, action.code(), *name].join(",")).collect();
        let at = self.table(TableKind::Orders, &["at", "action", "name"], cells);
        for (index, (ordered_at, action, name)) in rows.iter().enumerate() {
            self.line.orders.push(order(ordered_at, *action, name, RowRef { row: index as u32 + 2, ..at }));
        }
        self.cover(at, "orders", first, last, by)
    }

    /// Adds an unfiltered export of payments that ends on that day: (time, payee, description, amount, status, id).
    pub fn payments(mut self, rows: &[(&str, &str, &str, &str, &str, &str)], last: &str) -> Self {
        let cells = rows.iter().map(|row| [row.0, row.1, row.2, row.3, row.4, row.5].join(",")).collect();
        let columns = ["paid_at", "payee", "description", "amount", "status", "order_id"];
        let at = self.table(TableKind::Payments, &columns, cells);
        for (index, row) in rows.iter().enumerate() {
            self.line.payments.push(payment(row, RowRef { row: index as u32 + 2, ..at }));
        }
        self.line.payments.sort_by_key(|payment| (payment.paid_at, payment.at));
        let table = &mut self.case.sources[at.source as usize].tables[0];
        table.unfiltered = Some(true);
        table.exported_on = Some(day(last));
        self
    }

    pub fn rated(mut self, period: &str, items: Vec<ExpectedItem>, buckets: Vec<BucketUse>) -> Self {
        let cycle = cycle(period);
        let rated = RatedCycle { items, buckets, ..RatedCycle::empty(cycle) };
        self.rated.cycles.insert(cycle, rated);
        self
    }

    pub fn printed_on(mut self, text: &str) -> Self {
        for source in &mut self.case.sources {
            source.tables[0].exported_on = Some(day(text));
        }
        self
    }

    fn table(&mut self, kind: TableKind, fields: &[&str], rows: Vec<String>) -> RowRef {
        let mut sheet = Sheet::new(None);
        for (index, row) in [fields.join(",")].iter().chain(&rows).enumerate() {
            sheet.begin_row(index as u32 + 1);
            row.split(',').for_each(|cell| sheet.push_cell(cell, CellKind::Text, None));
        }
        let column = |(index, field): (usize, &&str)| ColumnUse {
            column: index as u16 + 1,
            header: (*field).to_owned(),
            field: Some((*field).to_owned()),
        };
        let table = Table {
            sheet: Arc::new(sheet),
            profile: format!("general/{}-1", kind.code()),
            verified: true,
            kind,
            header_row: 1,
            columns: fields.iter().enumerate().map(column).collect(),
            rows_read: rows.len() as u32,
            rows_used: rows.len() as u32,
            set_aside: vec![],
            coverage: vec![],
            controls: vec![],
            msisdn: None,
            exported_on: None,
            unfiltered: None,
        };
        let source = self.case.sources.len() as u16;
        self.case.sources.push(Source {
            path: format!("{source}.csv"),
            sha256: String::new(),
            length_bytes: 0,
            tables: vec![table],
            unusable: None,
            notes: vec![],
        });
        RowRef { source, table: 0, row: 1 }
    }

    pub fn reconciled(&self) -> Reconciliation {
        reconcile::reconcile(&self.case, &self.line, &self.rated).expect("reconciles")
    }

    pub fn settle(&self) -> Outcome {
        let mut case = self.case.clone();
        case.lines = vec![self.line.clone()];
        let settled = settle_line_with(&case, &self.line, self.rated.clone(), self.reconciled(), self.rerate)
            .expect("settles");
        let totals = totals(&case, std::slice::from_ref(&settled)).expect("adds up");
        assert_closes(&settled, totals);
        Outcome { settled, totals }
    }
}

impl Outcome {
    /// The findings of a code as `verdict amount claim`.
    pub fn of(&self, code: &str) -> Vec<String> {
        let found = self.settled.findings.iter().filter(|found| found.finding.code == code);
        found.map(|f| format!("{} {} {}", f.finding.verdict.code(), f.finding.amount, f.claim)).collect()
    }

    pub fn only(&self, code: &str) -> &SettledFinding {
        let mut found = self.settled.findings.iter().filter(|found| found.finding.code == code);
        let first = found.next().expect("a finding");
        assert!(found.next().is_none(), "one finding of {code}");
        first
    }

    pub fn outcome(&self, code: &str) -> &'static str {
        self.settled.detectors.iter().find(|run| run.code == code).expect("ran").outcome.code()
    }

    pub fn gap(&self) -> &Gap {
        &self.settled.gaps[0]
    }
}

/// The sums that must close for every line, whatever it holds.
pub fn assert_closes(settled: &SettledLine, totals: Totals) {
    for d in &settled.dispositions {
        let parts = Money::sum([d.explained, d.disputed, d.unverified]).expect("adds up");
        assert_eq!(parts, d.amount, "{d:?}");
        assert!(!d.disputed.is_negative() && !d.unverified.is_negative(), "{d:?}");
        // Only what the bill lacks is disputed beyond its own amount (fine print 5).
        let lacking = matches!(d.line, DisposedLine::MissingCredit(_)) && d.amount.is_zero();
        assert!(lacking || d.disputed <= d.amount.or_zero(), "{d:?}");
    }
    for gap in &settled.gaps {
        let causes = Money::sum(gap.causes.iter().map(|cause| cause.amount)).expect("adds up");
        assert_eq!(gap.billed.minus(gap.expected).ok(), causes.plus(gap.residual).ok(), "{gap:?}");
        assert_eq!(gap.residual, Money::ZERO, "{gap:?}");
    }
    let expected = Money::sum(settled.gaps.iter().map(|gap| gap.expected)).expect("adds up");
    assert_eq!(totals.expected.high, expected);
    assert!(totals.at_stake <= totals.unverified.plus(totals.paid).expect("adds up"));
    for found in &settled.findings {
        assert!(found.claim <= found.finding.amount && !found.claim.is_negative(), "{found:?}");
    }
}

pub fn event<'a>(start: &str, kind: &str, direction: &str, at: RowRef) -> UsageEvent<'a> {
    let kind = UsageKind::from_code(kind).expect("a kind");
    UsageEvent {
        start: time(start),
        kind,
        direction: match direction {
            "in" => Direction::In,
            "out" | "failed" => Direction::Out,
            _ => Direction::Unstated,
        },
        scope: Scope::Domestic,
        failed: direction == "failed",
        duration_s: if kind == UsageKind::Voice { 60 } else { 0 },
        length_bytes: if kind == UsageKind::Data { 1 << 20 } else { 0 },
        fee: None,
        peer: "",
        app: "",
        location: "",
        record_id: "",
        at,
    }
}

fn order(ordered_at: &str, action: OrderAction, name: &str, at: RowRef) -> Order {
    Order {
        at,
        ordered_at: time(ordered_at),
        action,
        product: String::new(),
        name: name.to_owned(),
        effective_from: None,
        effective_last: None,
        price: None,
        channel: String::new(),
        confirmed: None,
        auto_renew: None,
        order_id: String::new(),
    }
}

fn payment(row: &(&str, &str, &str, &str, &str, &str), at: RowRef) -> Payment {
    let (paid_at, payee, description, amount, status, id) = *row;
    let (direction, status) = match status {
        "refund" => (MoneyDirection::In, PaymentStatus::Refunded),
        status => (MoneyDirection::Out, PaymentStatus::from_code(status).expect("a status")),
    };
    Payment {
        at,
        paid_at: time(paid_at),
        platform: "alipay".to_owned(),
        payee: payee.to_owned(),
        description: description.to_owned(),
        amount: money(amount),
        direction,
        status,
        order_id: id.to_owned(),
        merchant_order_id: String::new(),
        msisdn: String::new(),
        face_value: None,
        refunded: None,
    }
}

/// An expected item of plan `demo`, billed under the name, certain.
pub fn item(name: &str, kind: ItemKind, billed_as: &str, amount: &str) -> ExpectedItem {
    let category = match kind {
        ItemKind::Monthly => Category::PlanFee,
        ItemKind::Overage(unit) => Category::of_unit(unit),
        ItemKind::Pack => Category::PackFee,
        ItemKind::Credit => Category::Credit,
    };
    ExpectedItem {
        name: name.to_owned(),
        rule: format!("demo/{name}"),
        kind,
        category,
        names: vec![billed_as.to_owned()],
        clause: ClauseRef { plan: "demo".to_owned(), clause: "1".to_owned() },
        amount: Interval::exact(money(amount)),
        volume: None,
        inferred: false,
        paid_elsewhere: false,
        order: None,
        trace: vec![],
    }
}

/// A bucket of the plan `demo` for October.
pub fn bucket(unit: Unit, granted: u64, used: u64) -> BucketUse {
    let cycle = cycle(OCTOBER);
    BucketUse {
        id: unit.code().to_owned(),
        plan: "demo".to_owned(),
        granted: Volume::new(unit, granted),
        used,
        start: cycle.start_time(),
        end: cycle.end_time(),
        exhausted_at: None,
    }
}
