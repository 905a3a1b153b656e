//! One line: its rows become a case of its own.

use crate::error::Result;
use crate::ingest::bulk::{Block, Plain, Shown};
use crate::ingest::records::{Owned, Records};
use crate::ingest::{FileReading, assemble_case};
use crate::model::case::Case;
use crate::model::money::Money;
use crate::model::period::{Day, WallTime};
use crate::model::source::{RowRef, TableKind};
use crate::model::usage::UsageEvent;
use crate::portfolio::read::Reading;
use crate::portfolio::row::{Place, Stored, StoredUsage};
use crate::portfolio::table_set::{Shares, TableSet};
use crate::report::wording::Wording;

/// What every line is judged with.
pub struct Court<'a> {
    /// The tables.
    pub set: &'a TableSet<'a>,
    /// What single lines have of case file and small files.
    pub shares: &'a Shares,
    /// What reading found.
    pub reading: &'a Reading,
    /// What all lines see of each table.
    pub shown: Vec<Shown>,
    /// The words of titles.
    pub wording: &'a Wording,
}

/// What one thread uses again from line to line.
#[derive(Default)]
pub struct Desk {
    pub(super) block: Block,
    pub(super) plain: Plain,
    texts: [String; 4],
}

/// Most refused rows of a table that a line's case carries: one tells that the table is not whole.
const PROBLEMS_SHOWN: usize = 100;

impl<'a> Court<'a> {
    /// Returns what every line is judged with.
    pub fn new(
        set: &'a TableSet<'a>,
        shares: &'a Shares,
        reading: &'a Reading,
        wording: &'a Wording,
    ) -> Self {
        let shown = reading.files.iter().map(|file| Shown {
            first_row: file.first_row,
            kinds: file.kinds.clone(),
            problems: file.aside.iter().take(PROBLEMS_SHOWN).cloned().collect(),
            ..Shown::default()
        });
        Self { set, shares, reading, shown: shown.collect(), wording }
    }

    /// Returns the case of one line.
    ///
    /// # Errors
    /// When there are more than 65,535 files.
    pub fn case(&self, msisdn: &str, rows: &[(Place, Stored<'_>)], desk: &mut Desk) -> Result<Case> {
        let mut files: Vec<Option<Part<'_>>> = self.set.layouts.iter().map(|_| None).collect();
        for (place, stored) in rows {
            let RowRef { source, row, .. } = self.reading.row_of(*place);
            let file = usize::from(source);
            let part = files[file].get_or_insert_with(|| Part::new(self.set.layouts[file].kind, rows));
            self.add(part, msisdn, file, RowRef { source: 0, table: 0, row }, *stored, desk);
        }
        let mut readings: Vec<FileReading> = self.shares.readings(msisdn).collect();
        for (index, part) in files.into_iter().enumerate() {
            let Some(part) = part else { continue };
            readings.push(self.reading_of(index, msisdn, part));
        }
        assemble_case(readings, self.shares.case_file(msisdn), self.set.as_of)
    }

    fn add<'b>(
        &self,
        part: &mut Part<'b>,
        msisdn: &str,
        file: usize,
        at: RowRef,
        stored: Stored<'b>,
        desk: &mut Desk,
    ) {
        match stored {
            Stored::Odd(text) => part.odd.push((at.row, text)),
            Stored::Usage(usage) => {
                push_usage(&mut part.records, msisdn, at, &usage, &mut desk.texts);
                part.day(WallTime(usage.start).day());
            }
            Stored::Text(text) => self.add_text(part, msisdn, file, at, text, desk),
        }
    }

    fn add_text(
        &self,
        part: &mut Part<'_>,
        msisdn: &str,
        file: usize,
        at: RowRef,
        text: &str,
        desk: &mut Desk,
    ) {
        let layout = &self.set.layouts[file];
        let (block, plain) = (&mut desk.block, &mut desk.plain);
        block.open(text.as_bytes());
        let Some(record) = block.record(text.as_bytes(), layout.columns) else { return };
        let msisdn = msisdn.to_owned();
        match layout.kind {
            TableKind::Bill => {
                let line = layout.bill.read(&record, at, plain, layout, self.set.formats);
                part.bill(line.map(|record| Owned { msisdn, record }));
            }
            TableKind::Payments => {
                let payment = layout.payment.read(&record, at, plain);
                part.days_of(payment.iter().map(|it| it.paid_at.day()));
                part.records.payments.extend(payment);
            }
            TableKind::Orders => {
                let order = layout.order.read(&record, at, plain);
                part.days_of(order.iter().map(|it| it.ordered_at.day()));
                part.records.orders.extend(order.map(|record| Owned { msisdn, record }));
            }
            TableKind::Usage | TableKind::Charges | TableKind::Wallet => {}
        }
    }

    /// Rows that are not plain are read by the ordinary code, and take their places among the others.
    fn reading_of(&self, index: usize, msisdn: &str, mut part: Part<'_>) -> FileReading {
        let layout = &self.set.layouts[index];
        let mut sheet = None;
        if !part.odd.is_empty() {
            let FileReading { source, records: read } = layout.read_odd(&part.odd, self.set.formats);
            sheet = source.tables.into_iter().next().map(|table| table.sheet);
            for (owner, event) in read.usage_events() {
                part.day(event.start.day());
                part.records.push_usage(owner, &event);
            }
            part.days_of(read.bill.iter().map(|it| it.record.cycle.span().start));
            part.days_of(read.payments.iter().map(|it| it.paid_at.day()));
            part.days_of(read.orders.iter().map(|it| it.record.ordered_at.day()));
            part.records.bill.extend(read.bill);
            part.records.payments.extend(read.payments);
            part.records.orders.extend(read.orders);
            part.records.bill.sort_by_key(|it| it.record.at);
            part.records.payments.sort_by_key(|it| it.at);
            part.records.orders.sort_by_key(|it| it.record.at);
        }
        let shown = Shown { records: part.count, days: part.days, sheet, ..self.shown[index].clone() };
        layout.reading(msisdn, shown, part.records, self.set.formats)
    }
}

/// The rows of a line in one file.
#[derive(Default)]
struct Part<'b> {
    records: Records,
    odd: Vec<(u32, &'b str)>,
    days: Option<(Day, Day)>,
    count: u64,
}

impl Part<'_> {
    /// Returns room for as much usage as the rows hold.
    fn new(kind: TableKind, rows: &[(Place, Stored<'_>)]) -> Self {
        let mut part = Self::default();
        if kind == TableKind::Usage {
            let usage = rows.iter().filter(|(_, stored)| matches!(stored, Stored::Usage(_))).count();
            part.records.reserve_usage(usage);
            // The other number and the id of the record.
            part.records.usage.reserve_texts(2 * usage);
        }
        part
    }

    fn day(&mut self, day: Day) {
        let (first, last) = self.days.unwrap_or((day, day));
        self.days = Some((first.min(day), last.max(day)));
        self.count += 1;
    }

    fn days_of(&mut self, days: impl Iterator<Item = Day>) {
        days.for_each(|day| self.day(day));
    }

    /// A total that the bill prints twice is one line.
    fn bill(&mut self, line: Option<Owned<crate::model::record::BillLine>>) {
        use crate::model::record::Category;
        let Some(line) = line else { return };
        let again = |known: &Owned<crate::model::record::BillLine>| {
            let (a, b) = (&known.record, &line.record);
            a.category == Category::Total && (a.cycle, a.amount) == (b.cycle, b.amount)
        };
        if line.record.category == Category::Total && self.records.bill.iter().any(again) {
            return;
        }
        self.day(line.record.cycle.span().start);
        self.records.bill.push(line);
    }
}

fn push_usage(
    records: &mut Records,
    msisdn: &str,
    at: RowRef,
    usage: &StoredUsage<'_>,
    texts: &mut [String; 4],
) {
    for (packed, text) in usage.texts().into_iter().zip(texts.iter_mut()) {
        text.clear();
        packed.push_to(text);
    }
    let event = UsageEvent {
        start: WallTime(usage.start),
        kind: usage.kind,
        direction: usage.direction,
        scope: usage.scope,
        failed: false,
        duration_s: usage.duration_s,
        length_bytes: usage.length_bytes,
        fee: usage.fee_e4.and_then(|e4| Money::from_e4(e4).ok()),
        peer: &texts[0],
        app: &texts[1],
        location: &texts[2],
        record_id: &texts[3],
        at,
    };
    records.push_usage(msisdn, &event);
}
