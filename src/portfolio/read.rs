//! From blocks of text to rows by line. Each worker takes the next block and owns the rows that begin in it.

mod group;
mod text;

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::error::{Error, ErrorKind, Result};
use crate::ingest::FormatBook;
use crate::ingest::bulk::cell::DayMemory;
use crate::ingest::bulk::{Block, Body, Layout, Plain, Record, UsageRow};
use crate::ingest::parse_cell::msisdn::is_masked;
use crate::model::coverage::CoverKind;
use crate::model::diagnostic::{Diagnostic, DiagnosticClass};
use crate::model::message::Message;
use crate::model::source::{RowRef, TableKind};
use crate::model::usage::UsageKind;
use crate::portfolio::partition::{Feeder, Partitions, is_in_part};
use crate::portfolio::row::{self, Place};
use crate::portfolio::storage::{Bytes, Watch};

/// Bytes of text that one worker takes at a time: with its separators it fits into a processor's own cache.
const BLOCK_BYTES: u64 = 256 << 10;

/// A part of a file: bytes of a text, or one row group.
#[derive(Debug, Clone, Copy)]
struct Piece {
    file: usize,
    start: u64,
    end: u64,
}

/// What a block held.
#[derive(Debug, Clone, Default)]
struct BlockFacts {
    bytes: u64,
    lines: u32,
    rows: u64,
    used: u64,
    first_record: Option<u32>,
    kinds: u8,
    /// Rows that could not be read, with the line of the block.
    aside: Vec<Diagnostic>,
}

/// What a file held.
#[derive(Debug, Clone, Default)]
pub struct FileFacts {
    /// Non-blank rows below the header.
    pub rows_read: u64,
    /// Rows that became records.
    pub rows_used: u64,
    /// Kinds of usage that occur.
    pub kinds: BTreeSet<CoverKind>,
    /// First row that became a record.
    pub first_row: Option<u32>,
    /// The others, with their rows in the file.
    pub aside: Vec<Diagnostic>,
}

/// What reading found beside the rows themselves.
#[derive(Debug, Default)]
pub struct Reading {
    /// By file.
    pub files: Vec<FileFacts>,
    /// File and first row of each block.
    blocks: Vec<(u16, u32)>,
}

impl Reading {
    /// Returns the file and the row of a place.
    #[inline]
    pub fn row_of(&self, place: Place) -> RowRef {
        let (source, first) = self.blocks.get(place.block as usize).copied().unwrap_or_default();
        RowRef { source, table: 0, row: first.saturating_add(place.line) }
    }
}

/// What reading works on.
pub struct Job<'a> {
    /// The tables.
    pub layouts: &'a [Layout],
    /// Their bytes.
    pub bytes: &'a dyn Bytes,
    /// Known layouts.
    pub formats: &'a FormatBook,
    /// Lines of this part only.
    pub part: (u32, u32),
    /// Partitions that are finished already: their rows are not kept.
    pub finished: &'a [bool],
    /// Only these lines, whose rows are kept as they are printed.
    pub only: Option<&'a BTreeSet<u64>>,
    /// Threads.
    pub workers: usize,
}

/// Reads all tables.
///
/// # Errors
/// When a file cannot be read, or holds line breaks inside of cells.
pub fn read(job: &Job<'_>, partitions: &Partitions<'_>, watch: &dyn Watch) -> Result<Reading> {
    let pieces = pieces(job.layouts);
    let facts: Vec<Mutex<BlockFacts>> = pieces.iter().map(|_| Mutex::default()).collect();
    let next = AtomicUsize::new(0);
    let work = || -> Result<()> {
        let mut worker = Worker::new(job, partitions);
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(piece) = pieces.get(index) else { break };
            let found = worker.block(index as u32, *piece)?;
            watch.read(found.bytes);
            if let Ok(mut slot) = facts[index].lock() {
                *slot = found;
            }
        }
        worker.feeder.finish()
    };
    on_all(job.workers, &work)?;
    let facts = facts.into_iter().map(|slot| slot.into_inner().unwrap_or_default());
    Ok(summed(job.layouts, &pieces, facts))
}

/// Runs the same work on several threads; the first error counts.
///
/// # Errors
/// Those of the work.
pub fn on_all(workers: usize, work: &(impl Fn() -> Result<()> + Sync)) -> Result<()> {
    std::thread::scope(|scope| {
        let threads: Vec<_> = (1..workers.max(1)).map(|_| scope.spawn(work)).collect();
        let own = work();
        // A panic is a bug of ours: it goes on in the thread that waits.
        let others = threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        others.collect::<Vec<_>>().into_iter().chain([own]).collect::<Result<()>>()
    })
}

fn pieces(layouts: &[Layout]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for (file, layout) in layouts.iter().enumerate() {
        match &layout.body {
            Body::Text { starts, .. } => {
                let starts = (*starts..layout.length_bytes).step_by(BLOCK_BYTES as usize);
                let end = |start: u64| (start + BLOCK_BYTES).min(layout.length_bytes);
                pieces.extend(starts.map(|start| Piece { file, start, end: end(start) }));
            }
            Body::Groups(groups) => {
                let groups = 0..groups.count() as u64;
                pieces.extend(groups.map(|group| Piece { file, start: group, end: group + 1 }));
            }
        }
    }
    pieces
}

fn summed(layouts: &[Layout], pieces: &[Piece], facts: impl Iterator<Item = BlockFacts>) -> Reading {
    let mut reading = Reading { files: vec![FileFacts::default(); layouts.len()], blocks: Vec::new() };
    let mut next_row: Vec<u32> = layouts.iter().map(|layout| layout.body.first_row()).collect();
    for (piece, facts) in pieces.iter().zip(facts) {
        let (file, first) = (&mut reading.files[piece.file], next_row[piece.file]);
        reading.blocks.push((piece.file as u16, first));
        next_row[piece.file] = first.saturating_add(facts.lines);
        file.rows_read += facts.rows;
        file.rows_used += facts.used;
        file.first_row = file.first_row.or(facts.first_record.map(|line| first.saturating_add(line)));
        let seen = UsageKind::ALL.into_iter().filter(|kind| facts.kinds & (1 << *kind as u8) != 0);
        file.kinds.extend(seen.map(|kind| kind.unit().map_or(CoverKind::Vas, CoverKind::from)));
        let placed = |diagnostic: Diagnostic| {
            let row = diagnostic.row.map(|line| first.saturating_add(line));
            Diagnostic { row, ..diagnostic }
        };
        file.aside.extend(facts.aside.into_iter().map(placed));
    }
    reading
}

impl BlockFacts {
    /// Counts a row that became a record.
    #[inline]
    fn took(&mut self, line: u32) {
        self.rows += 1;
        self.used += 1;
        self.first_record.get_or_insert(line);
    }
}

struct Worker<'w, 'p, 's> {
    job: &'w Job<'w>,
    feeder: Feeder<'p, 's>,
    text: Vec<u8>,
    block: Block,
    days: DayMemory,
    plain: Plain,
    partitions: &'p Partitions<'s>,
}

impl<'w, 'p, 's> Worker<'w, 'p, 's> {
    fn new(job: &'w Job<'w>, partitions: &'p Partitions<'s>) -> Self {
        Self {
            job,
            feeder: partitions.feeder(job.workers),
            text: Vec::new(),
            block: Block::default(),
            days: DayMemory::default(),
            plain: Plain::default(),
            partitions,
        }
    }

    /// Reads the rows that begin in a block, or those of a row group.
    fn block(&mut self, number: u32, piece: Piece) -> Result<BlockFacts> {
        let layout = &self.job.layouts[piece.file];
        self.feeder.begin(number);
        let mut facts = match &layout.body {
            Body::Text { starts, coding } => self.text_block(piece, *starts, *coding)?,
            Body::Groups(groups) => self.group(piece, groups)?,
        };
        facts.aside.sort_by_key(|diagnostic| (diagnostic.row, diagnostic.column));
        Ok(facts)
    }

    /// Takes up the rows of some lines, the first of which is line `first` of the block; returns how many lines there are.
    fn lines<'t>(
        &mut self,
        layout: &Layout,
        first: u32,
        text: &'t [u8],
        facts: &mut BlockFacts,
        odd: &mut Vec<(u32, &'t str)>,
    ) -> Result<u32> {
        let mut block = std::mem::take(&mut self.block);
        block.open(text);
        while let Some(mut record) = block.record(text, layout.columns) {
            record.line += first;
            if self.plain_row(layout, &record, facts)? || record.is_blank() {
                continue;
            }
            facts.rows += 1;
            if record.is_unclosed() {
                return Err(many_lines(layout));
            }
            match std::str::from_utf8(record.text) {
                Ok(text) => odd.push((record.line, text)),
                Err(_) => facts.aside.push(aside(layout, record.line, "portfolio.row.not-text")),
            }
        }
        let lines = block.lines();
        self.block = block;
        Ok(lines)
    }

    /// Takes up a row that is in its plainest spelling; false when it is not.
    #[inline]
    fn plain_row(
        &mut self,
        layout: &Layout,
        record: &Record<'_, '_>,
        facts: &mut BlockFacts,
    ) -> Result<bool> {
        if layout.kind == TableKind::Usage {
            let Some(usage) = layout.usage.read(record, &mut self.days) else { return Ok(false) };
            return self.usage_row(&usage, record.line, facts, |to| to.extend_from_slice(record.text));
        }
        let Some(msisdn) = self.plain_text(layout, record) else { return Ok(false) };
        let text = std::str::from_utf8(record.text).unwrap_or_default();
        if let Some(partition) = self.partition_of(msisdn) {
            row::write_text(&mut self.feeder.row, record.line, msisdn, text, self.job.only.is_some());
            self.feeder.put_row(partition)?;
        }
        facts.took(record.line);
        Ok(true)
    }

    /// Takes up a row of usage; false when a number in it is larger than usage ever is.
    #[inline]
    fn usage_row(
        &mut self,
        usage: &UsageRow<'_>,
        line: u32,
        facts: &mut BlockFacts,
        print: impl Fn(&mut Vec<u8>),
    ) -> Result<bool> {
        if let Some(partition) = self.partition_of(usage.msisdn) {
            if self.job.only.is_some() {
                let mut text = Vec::new();
                print(&mut text);
                let text = String::from_utf8_lossy(&text);
                row::write_text(&mut self.feeder.row, line, usage.msisdn, &text, true);
                self.feeder.put_row(partition)?;
            } else {
                let Some(packet) = row::packed(line, usage) else { return Ok(false) };
                self.feeder.put(partition, packet.bytes())?;
            }
        }
        facts.kinds |= 1 << usage.kind as u8;
        facts.took(line);
        Ok(true)
    }

    fn plain_text(&mut self, layout: &Layout, record: &Record<'_, '_>) -> Option<u64> {
        let plain = &mut self.plain;
        let msisdn = crate::ingest::bulk::cell::msisdn(record.cell(Some(layout.msisdn)))?;
        match layout.kind {
            TableKind::Bill => layout.bill.cells(record, plain, layout, self.job.formats).map(drop)?,
            TableKind::Payments => layout.payment.cells(record, plain).map(drop)?,
            TableKind::Orders => layout.order.cells(record, plain).map(drop)?,
            _ => return None,
        }
        Some(msisdn)
    }

    /// Returns the partition of a line whose rows are wanted: of this part, and not finished by an earlier run.
    #[inline]
    fn partition_of(&self, msisdn: u64) -> Option<usize> {
        let partition = self.partitions.spread().partition_of(msisdn);
        let wanted = self.job.only.is_none_or(|lines| lines.contains(&msisdn))
            && is_in_part(msisdn, self.job.part)
            && self.job.finished.get(partition) != Some(&true);
        wanted.then_some(partition)
    }

    /// Lets the ordinary code read what is left, and keeps the text of the rows that it can use.
    fn odd_rows(&mut self, layout: &Layout, rows: &[(u32, &str)], facts: &mut BlockFacts) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let numbered: Vec<(u32, &str)> = rows.iter().map(|(line, text)| (line + 2, *text)).collect();
        let read = layout.read_odd(&numbered, self.job.formats);
        let refused = read.source.tables.into_iter().flat_map(|table| table.set_aside);
        facts.aside.extend(refused.map(|it| Diagnostic { row: it.row.map(|row| row - 2), ..it }));
        let records = &read.records;
        for (_, event) in records.usage_events() {
            facts.kinds |= 1 << event.kind as u8;
        }
        let usage = records.usage_events().map(|(owner, event)| (owner, event.at));
        let bill = records.bill.iter().map(|it| (it.msisdn.as_str(), it.record.at));
        let orders = records.orders.iter().map(|it| (it.msisdn.as_str(), it.record.at));
        let payments = records.payments.iter().map(|it| (it.msisdn.as_str(), it.at));
        let found: Vec<(&str, RowRef)> = usage.chain(bill).chain(orders).chain(payments).collect();
        for (owner, at) in found {
            let line = at.row - 2;
            let whole = owner.parse::<u64>().ok().filter(|it| !is_masked(owner) && it.to_string() == owner);
            let Some(msisdn) = whole else {
                facts.aside.push(aside(layout, line, "portfolio.row.no-line"));
                continue;
            };
            facts.used += 1;
            facts.first_record = facts.first_record.map(|first| first.min(line)).or(Some(line));
            let text = rows.iter().find(|(number, _)| *number == line).map_or("", |(_, text)| *text);
            if let Some(partition) = self.partition_of(msisdn) {
                row::write_text(&mut self.feeder.row, line, msisdn, text, true);
                self.feeder.put_row(partition)?;
            }
        }
        Ok(())
    }
}

fn many_lines(layout: &Layout) -> Error {
    let message = Message::new("portfolio.line-breaks").text("path", &layout.path);
    Error::new(ErrorKind::Input, message).with_help(Message::new("portfolio.line-breaks.help"))
}

fn aside(layout: &Layout, line: u32, key: &'static str) -> Diagnostic {
    Diagnostic {
        class: DiagnosticClass::Problem,
        path: layout.path.clone(),
        sheet: None,
        row: Some(line),
        column: None,
        header: None,
        value: None,
        rule: None,
        reason: Message::new(key),
        help: None,
    }
}
