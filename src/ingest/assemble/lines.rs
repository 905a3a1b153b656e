//! Records split by line, overlapping exports recognised.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use crate::ingest::FileReading;
use crate::ingest::merge::{Merge, Printed};
use crate::ingest::parse_cell::msisdn::{fits, is_masked};
use crate::ingest::records::{Owned, Records};
use crate::model::case::{Case, CaseFile, Line, LineInfo};
use crate::model::coverage::{Coverage, CoveredBy};
use crate::model::diagnostic::{Diagnostic, DiagnosticClass};
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::period::{Cycle, Day, DaySpan, WallTime};
use crate::model::record::{BillLine, Charge, MoneyDirection, Order, Payment, WalletEntry};
use crate::model::source::{RowRef, Source, TableKind};
use crate::model::usage::{UsageEvent, UsageTable};

/// Number of a line in the order of the numbers.
type LineIndex = usize;

/// What makes two usage rows the same event: the operator's id, else everything that is measured.
type UsageKey = (LineIndex, u8, WallTime, u8, String, u32, u64, Option<Money>, String);
type BillKey = (LineIndex, Cycle, String, u8, Money, Option<Decimal>, Option<Decimal>, Option<String>);
type PaymentKey = (String, String, WallTime, MoneyDirection, Money, String, String);
type OrderKey = (LineIndex, String, WallTime, u8, String, String, Option<Day>, Option<Day>, Option<Money>);
type ChargeKey = (LineIndex, WallTime, Option<Cycle>, String, Money, Option<String>);
type WalletKey = (LineIndex, WallTime, String, String, Money, Option<Money>, Option<Money>, String);

/// The lines of a case while files are taken up one after the other.
#[derive(Debug, Default)]
pub struct Lines {
    numbers: Vec<String>,
    lines: Vec<Line>,
    payments: Vec<Payment>,
    /// Day of the export of each payment: the later export knows the status better.
    payments_exported: Vec<Option<Day>>,
    repeated_payments: Vec<(usize, RowRef)>,
    /// Lines seen in each table.
    seen: BTreeMap<(u16, u16), BTreeSet<LineIndex>>,
    merge_usage: bool,
    usage: Merge<UsageKey>,
    bill: Merge<BillKey>,
    paid: Merge<PaymentKey>,
    orders: Merge<OrderKey>,
    charges: Merge<ChargeKey>,
    wallet: Merge<WalletKey>,
}

impl Lines {
    /// Returns the lines that the papers and case.toml name, still without records.
    pub fn new(readings: &[FileReading], file: &CaseFile) -> Self {
        let numbers: Vec<String> = known_numbers(readings, file).into_iter().collect();
        let usage_tables = readings.iter().flat_map(|reading| &reading.source.tables);
        // Within one table identical rows are different events, so a single one needs no comparison.
        let merge_usage = usage_tables.filter(|table| table.kind == TableKind::Usage).count() > 1;
        let lines = numbers.iter().map(|_| Line::default()).collect();
        Self { numbers, lines, merge_usage, ..Self::default() }
    }

    /// Returns the line of a number as printed: exact, the only one that a masked number fits, or the
    /// case's only line where nothing is printed.
    pub fn resolve(&self, printed: &str) -> Option<LineIndex> {
        if printed.is_empty() {
            return (self.numbers.len() == 1).then_some(0);
        }
        if let Ok(exact) = self.numbers.binary_search_by(|number| number.as_str().cmp(printed)) {
            return Some(exact);
        }
        let mut fitting = (0..self.numbers.len()).filter(|index| fits(printed, &self.numbers[*index]));
        fitting.next().filter(|_| is_masked(printed) && fitting.next().is_none())
    }

    /// Returns the lines seen in the tables of a source; the case's only line when it has no rows.
    pub fn seen_in(&self, source: u16, table: Option<u16>) -> Vec<LineIndex> {
        let of_source =
            self.seen.iter().filter(|((s, t), _)| *s == source && table.is_none_or(|table| *t == table));
        let seen: BTreeSet<LineIndex> = of_source.flat_map(|(_, lines)| lines.iter().copied()).collect();
        if seen.is_empty() { self.resolve("").into_iter().collect() } else { seen.into_iter().collect() }
    }

    /// Returns the number of a line.
    pub fn number(&self, line: LineIndex) -> &str {
        &self.numbers[line]
    }

    /// Returns the usage of a line so far, unsorted.
    pub fn usage(&self, line: LineIndex) -> &UsageTable {
        &self.lines[line].usage
    }

    /// Takes up the records of a file. Rows whose line is not known are set aside in its tables.
    pub fn take(&mut self, source: &mut Source, index: u16, mut records: Records) {
        if let Some((line, at)) = self.only_user(&records) {
            self.seen.entry((index, at.table)).or_default().insert(line);
            self.lines[line].usage = std::mem::take(&mut records.usage).of_source(index);
            records.usage_owners.clear();
        }
        for (owner, event) in records.usage_events() {
            let at = RowRef { source: index, ..event.at };
            match self.line_of(owner, at) {
                Some(line) => self.take_usage(line, &UsageEvent { at, ..event }),
                None => wait(source, at),
            }
        }
        for Owned { msisdn, record } in records.bill {
            let at = RowRef { source: index, ..record.at };
            match self.line_of(&msisdn, at) {
                Some(line) => self.take_bill(line, BillLine { at, ..record }),
                None => wait(source, at),
            }
        }
        for Owned { msisdn, record } in records.orders {
            let at = RowRef { source: index, ..record.at };
            match self.line_of(&msisdn, at) {
                Some(line) => self.take_order(line, Order { at, ..record }),
                None => wait(source, at),
            }
        }
        for Owned { msisdn, record } in records.charges {
            let at = RowRef { source: index, ..record.at };
            match self.line_of(&msisdn, at) {
                Some(line) => self.take_charge(line, Charge { at, ..record }),
                None => wait(source, at),
            }
        }
        for Owned { msisdn, record } in records.wallet {
            let at = RowRef { source: index, ..record.at };
            let owner = self.wallet_owner(&msisdn, &record.account);
            match self.line_of(&owner, at) {
                Some(line) => self.take_wallet(line, WalletEntry { at, ..record }),
                None => wait(source, at),
            }
        }
        for payment in records.payments {
            let at = RowRef { source: index, ..payment.at };
            let exported_on = source.tables.get(usize::from(at.table)).and_then(|table| table.exported_on);
            self.take_payment(Payment { at, ..payment }, exported_on);
        }
    }

    /// Returns the one line that has all usage rows of a file, and the place of a row, where they are the first that
    /// the line gets and nothing is compared: its table can be kept as it is.
    fn only_user(&self, records: &Records) -> Option<(LineIndex, RowRef)> {
        let [owner] = &records.owners[..] else { return None };
        let rows = records.usage.rows();
        let (first, line) = (*rows.first()?, self.resolve(owner)?);
        let alone = self.lines[line].usage.is_empty() && rows.iter().all(|row| row.table == first.table);
        (alone && !self.merge_usage).then_some((line, first))
    }

    fn line_of(&mut self, owner: &str, at: RowRef) -> Option<LineIndex> {
        let line = self.resolve(owner)?;
        self.seen.entry((at.source, at.table)).or_default().insert(line);
        Some(line)
    }

    /// A balance log may name a line by its account.
    fn wallet_owner(&self, msisdn: &str, account: &str) -> String {
        let names_line = msisdn.is_empty() && self.numbers.iter().any(|number| number == account);
        if names_line { account.to_owned() } else { msisdn.to_owned() }
    }

    fn take_usage(&mut self, line: LineIndex, event: &UsageEvent<'_>) {
        if self.merge_usage {
            let printed = self.usage.row(usage_key(line, event), event.at, 0);
            if let Printed::Again(kept, _) = printed {
                return self.lines[line].repeated.push((kept, event.at));
            }
        }
        self.lines[line].usage.push(event);
    }

    fn take_bill(&mut self, line: LineIndex, record: BillLine) {
        let fields = (record.item.clone(), record.category as u8, record.amount);
        let more = (record.quantity, record.unit_price, record.provider.clone());
        let key = (line, record.cycle, fields.0, fields.1, fields.2, more.0, more.1, more.2);
        match self.bill.row(key, record.at, 0) {
            Printed::First => self.lines[line].bill.push(record),
            Printed::Again(kept, _) => self.lines[line].repeated.push((kept, record.at)),
        }
    }

    fn take_order(&mut self, line: LineIndex, record: Order) {
        let what = (record.product.clone(), record.name.clone());
        let key = (
            line,
            record.order_id.clone(),
            record.ordered_at,
            record.action as u8,
            what.0,
            what.1,
            record.effective_from,
            record.effective_last,
            record.price,
        );
        match self.orders.row(key, record.at, 0) {
            Printed::First => self.lines[line].orders.push(record),
            Printed::Again(kept, _) => self.lines[line].repeated.push((kept, record.at)),
        }
    }

    fn take_charge(&mut self, line: LineIndex, record: Charge) {
        let key = (
            line,
            record.charged_at,
            record.cycle,
            record.item.clone(),
            record.amount,
            record.provider.clone(),
        );
        match self.charges.row(key, record.at, 0) {
            Printed::First => self.lines[line].charges.push(record),
            Printed::Again(kept, _) => self.lines[line].repeated.push((kept, record.at)),
        }
    }

    fn take_wallet(&mut self, line: LineIndex, record: WalletEntry) {
        let ids = (record.account.clone(), record.order_id.clone());
        let key = (
            line,
            record.changed_at,
            ids.0,
            ids.1,
            record.change,
            record.before,
            record.after,
            record.note.clone(),
        );
        match self.wallet.row(key, record.at, 0) {
            Printed::First => self.lines[line].wallet.push(record),
            Printed::Again(kept, _) => self.lines[line].repeated.push((kept, record.at)),
        }
    }

    fn take_payment(&mut self, payment: Payment, exported_on: Option<Day>) {
        let key = payment_key(&payment);
        match self.paid.row(key, payment.at, self.payments.len()) {
            Printed::First => {
                self.payments.push(payment);
                self.payments_exported.push(exported_on);
            }
            Printed::Again(_, index) => {
                // A status changes after the payment: the later export is right.
                let later = exported_on > self.payments_exported[index];
                let other = if later {
                    self.payments_exported[index] = exported_on;
                    std::mem::replace(&mut self.payments[index], payment)
                } else {
                    payment
                };
                self.repeated_payments.push((index, other.at));
            }
        }
    }

    /// Hands the lines to the case: sorted, with everything that speaks for them.
    pub fn finish(mut self, case: &mut Case, declared: Vec<(LineIndex, Coverage)>, file: &CaseFile) {
        self.split_payments(case);
        for (index, source) in case.sources.iter().enumerate() {
            self.spread_coverage(source, index as u16, case.as_of);
        }
        for (line, coverage) in declared {
            self.lines[line].coverage.push(coverage);
        }
        for (number, mut line) in self.numbers.into_iter().zip(self.lines) {
            line.info = file.lines.iter().find(|info| info.msisdn == number).cloned().unwrap_or_default();
            line.subscriptions = file.subscriptions.iter().filter(|s| s.msisdn == number).cloned().collect();
            line.openings = file.openings.iter().filter(|o| o.msisdn == number).cloned().collect();
            line.info = LineInfo { msisdn: number, ..line.info };
            sort(&mut line);
            case.lines.push(line);
        }
        case.other_payments.sort_by_key(|payment| (payment.paid_at, payment.at));
    }

    fn split_payments(&mut self, case: &mut Case) {
        let homes: Vec<Option<LineIndex>> = self.payments.iter().map(|p| self.resolve(&p.msisdn)).collect();
        for (index, other) in std::mem::take(&mut self.repeated_payments) {
            if let Some(line) = homes[index] {
                self.lines[line].repeated.push((self.payments[index].at, other));
            }
        }
        for (payment, home) in std::mem::take(&mut self.payments).into_iter().zip(homes) {
            match home {
                Some(line) => self.lines[line].payments.push(payment),
                None => case.other_payments.push(payment),
            }
        }
    }

    fn spread_coverage(&mut self, source: &Source, index: u16, as_of: Day) {
        for (number, table) in source.tables.iter().enumerate() {
            for coverage in &table.coverage {
                let lines = match &coverage.msisdn {
                    Some(msisdn) => self.resolve(msisdn).into_iter().collect(),
                    None => self.seen_in(index, Some(number as u16)),
                };
                let from_rows = coverage.at.row.row > table.header_row;
                for line in lines {
                    let part = Coverage { msisdn: Some(self.numbers[line].clone()), ..coverage.clone() };
                    self.lines[line].coverage.push(if from_rows { widened(part, as_of) } else { part });
                }
            }
        }
    }
}

/// Numbers of the case: named by case.toml, by tables and by rows that belong to a line. Payments name
/// the number that they are for, which makes a line only where nothing else does.
fn known_numbers(readings: &[FileReading], file: &CaseFile) -> BTreeSet<String> {
    let mut printed: BTreeSet<&str> = file.lines.iter().map(|line| line.msisdn.as_str()).collect();
    printed.extend(file.subscriptions.iter().map(|subscription| subscription.msisdn.as_str()));
    printed.extend(file.openings.iter().map(|opening| opening.msisdn.as_str()));
    printed.extend(file.coverage.iter().filter_map(|coverage| coverage.msisdn.as_deref()));
    printed.extend(file.sources.iter().filter_map(|source| source.msisdn.as_deref()));
    for reading in readings {
        let records = &reading.records;
        printed.extend(reading.source.tables.iter().filter_map(|table| table.msisdn.as_deref()));
        printed.extend(records.owners.iter().map(String::as_str));
        printed.extend(records.bill.iter().map(|line| line.msisdn.as_str()));
        printed.extend(records.orders.iter().map(|order| order.msisdn.as_str()));
        printed.extend(records.charges.iter().map(|charge| charge.msisdn.as_str()));
        printed.extend(records.wallet.iter().map(|entry| entry.msisdn.as_str()));
    }
    if printed.iter().all(|number| number.is_empty()) {
        let payments = readings.iter().flat_map(|reading| &reading.records.payments);
        printed.extend(payments.map(|payment| payment.msisdn.as_str()).filter(|number| !is_masked(number)));
    }
    let full: Vec<&str> =
        printed.iter().copied().filter(|number| !number.is_empty() && !is_masked(number)).collect();
    let lonely = |masked: &&str| is_masked(masked) && !full.iter().any(|number| fits(masked, number));
    let masked = printed.iter().copied().filter(lonely);
    masked.chain(full.iter().copied()).map(str::to_owned).collect()
}

fn usage_key(line: LineIndex, event: &UsageEvent<'_>) -> UsageKey {
    let (kind, start) = (event.kind as u8, event.start);
    if !event.record_id.is_empty() {
        return (line, kind, start, 0, String::new(), 0, 0, None, event.record_id.to_owned());
    }
    let (peer, direction) = (event.peer.to_owned(), event.direction as u8);
    (line, kind, start, direction, peer, event.duration_s, event.length_bytes, event.fee, String::new())
}

fn payment_key(payment: &Payment) -> PaymentKey {
    let (platform, id) = (payment.platform.clone(), payment.order_id.clone());
    // With an id payee and purpose may be worded differently by two exports.
    let (payee, description) = if id.is_empty() {
        (payment.payee.clone(), payment.description.clone())
    } else {
        (String::new(), String::new())
    };
    (platform, id, payment.paid_at, payment.direction, payment.amount, payee, description)
}

/// A record waits until case.toml says which line it belongs to.
fn wait(source: &mut Source, at: RowRef) {
    let path = source.path.clone();
    let Some(table) = source.tables.get_mut(usize::from(at.table)) else { return };
    table.rows_used = table.rows_used.saturating_sub(1);
    table.set_aside.push(Diagnostic {
        class: DiagnosticClass::Problem,
        path,
        sheet: table.sheet.name.clone(),
        row: Some(at.row),
        column: None,
        header: None,
        value: None,
        rule: Some(table.profile.clone()),
        reason: Message::new("ingest.row.no-line"),
        help: Some(Message::new("ingest.row.no-line.help")),
    });
    table.set_aside.sort_by_key(|diagnostic| (diagnostic.row, diagnostic.column));
}

/// A list whose rows begin and end within three days of a month's borders speaks for the month up to
/// that border (spec 3, Coverage): at most inferred.
fn widened(coverage: Coverage, as_of: Day) -> Coverage {
    if coverage.by != CoveredBy::Inferred {
        return coverage;
    }
    let days = |from: Day, to: Day| (to - from).num_days();
    let (first, last) = (Cycle::of(coverage.span.start).span(), Cycle::of(coverage.span.last()).span());
    let start = if days(first.start, coverage.span.start) <= 3 { first.start } else { coverage.span.start };
    let end = if days(coverage.span.last(), last.last()) <= 3 { last.end } else { coverage.span.end };
    Coverage { span: super::clipped(DaySpan { start, end }, as_of), ..coverage }
}

fn sort(line: &mut Line) {
    line.usage = std::mem::take(&mut line.usage).sorted();
    line.bill.sort_by_key(|bill| (bill.cycle, bill.at));
    line.payments.sort_by_key(|payment| (payment.paid_at, payment.at));
    line.orders.sort_by_key(|order| (order.ordered_at, order.at));
    line.charges.sort_by_key(|charge| (charge.charged_at, charge.at));
    line.wallet.sort_by_key(|entry| (entry.changed_at, entry.at));
    line.repeated.sort();
}
