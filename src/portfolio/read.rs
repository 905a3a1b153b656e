//! From blocks of text to rows by line. Each worker takes the next block and owns the rows that begin in it.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::error::{Error, ErrorKind, Result};
use crate::ingest::FormatBook;
use crate::ingest::bulk::cell::DayMemory;
use crate::ingest::bulk::{Block, Layout, Plain, Record};
use crate::ingest::parse_cell::msisdn::is_masked;
use crate::model::coverage::CoverKind;
use crate::model::diagnostic::{Diagnostic, DiagnosticClass};
use crate::model::message::Message;
use crate::model::source::{RowRef, TableKind};
use crate::model::usage::UsageKind;
use crate::portfolio::partition::{Feeder, Partitions, is_in_part};
use crate::portfolio::row::{self, Place};
use crate::portfolio::storage::{Bytes, Watch, failed};

/// Bytes of text that one worker takes at a time.
const BLOCK_BYTES: u64 = 1 << 20;
/// Bytes behind a block in which its last row ends, to begin with.
const TAIL_BYTES: usize = 4 << 10;
/// Most bytes of one row.
const ROW_BYTES_MAX: usize = 2 << 20;

/// A block of a file.
#[derive(Debug, Clone, Copy)]
struct Piece {
    file: usize,
    start: u64,
    end: u64,
}

/// What a block held.
#[derive(Debug, Clone, Default)]
struct BlockFacts {
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
            if let Ok(mut slot) = facts[index].lock() {
                *slot = found;
            }
            watch.read(piece.end - piece.start);
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
        let mut start = layout.body_starts;
        while start < layout.length_bytes {
            let end = (start + BLOCK_BYTES).min(layout.length_bytes);
            pieces.push(Piece { file, start, end });
            start = end;
        }
    }
    pieces
}

fn summed(layouts: &[Layout], pieces: &[Piece], facts: impl Iterator<Item = BlockFacts>) -> Reading {
    let mut reading = Reading { files: vec![FileFacts::default(); layouts.len()], blocks: Vec::new() };
    // The header is row 1.
    let mut next_row = vec![2u32; layouts.len()];
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

    /// Reads the rows that begin in a block.
    fn block(&mut self, number: u32, piece: Piece) -> Result<BlockFacts> {
        let layout = &self.job.layouts[piece.file];
        let mut text = std::mem::take(&mut self.text);
        let owned = load(self.job.bytes, piece, layout, &mut text)?;
        let mut block = std::mem::take(&mut self.block);
        block.open(&text[owned.clone()]);
        let mut facts = BlockFacts::default();
        let mut odd: Vec<(u32, &str)> = Vec::new();
        while let Some(record) = block.record(&text[owned.clone()], layout.columns) {
            if self.plain_row(layout, number, &record, &mut facts)? || record.is_blank() {
                continue;
            }
            facts.rows += 1;
            if record.is_unclosed() {
                return Err(many_lines(layout));
            }
            match std::str::from_utf8(record.text) {
                Ok(text) => odd.push((record.line, text)),
                Err(_) => facts.aside.push(aside(layout, record.line, "portfolio.row.not-utf8")),
            }
        }
        self.odd_rows(layout, number, &odd, &mut facts)?;
        facts.lines = block.lines();
        facts.aside.sort_by_key(|diagnostic| (diagnostic.row, diagnostic.column));
        (self.text, self.block) = (text, block);
        Ok(facts)
    }

    /// Takes up a row that is in its plainest spelling; false when it is not.
    #[inline]
    fn plain_row(
        &mut self,
        layout: &Layout,
        block: u32,
        record: &Record<'_, '_>,
        facts: &mut BlockFacts,
    ) -> Result<bool> {
        let place = Place { block, line: record.line };
        let msisdn = if layout.kind == TableKind::Usage {
            let Some(usage) = layout.usage.read(record, &mut self.days) else { return Ok(false) };
            facts.kinds |= 1 << usage.kind as u8;
            if self.is_kept(usage.msisdn) {
                row::write_usage(&mut self.feeder.row, place, &usage);
            }
            usage.msisdn
        } else {
            let Some(msisdn) = self.plain_text(layout, record) else { return Ok(false) };
            let text = std::str::from_utf8(record.text).unwrap_or_default();
            if self.is_kept(msisdn) {
                row::write_text(&mut self.feeder.row, place, msisdn, text, false);
            }
            msisdn
        };
        facts.rows += 1;
        facts.used += 1;
        facts.first_record.get_or_insert(record.line);
        if !self.feeder.row.bytes.is_empty() {
            self.feeder.put(msisdn)?;
        }
        Ok(true)
    }

    fn plain_text(&mut self, layout: &Layout, record: &Record<'_, '_>) -> Option<u64> {
        let (plain, at) = (&mut self.plain, RowRef { source: 0, table: 0, row: 1 });
        let msisdn = crate::ingest::bulk::cell::msisdn(record.cell(Some(layout.msisdn)))?;
        match layout.kind {
            TableKind::Bill => layout.bill.read(record, at, plain, layout, self.job.formats).map(drop)?,
            TableKind::Payments => layout.payment.read(record, at, plain).map(drop)?,
            TableKind::Orders => layout.order.read(record, at, plain).map(drop)?,
            _ => return None,
        }
        Some(msisdn)
    }

    /// Returns whether the rows of a line are wanted: of this part, and not finished by an earlier run.
    #[inline]
    fn is_kept(&self, msisdn: u64) -> bool {
        let finished = || self.job.finished.get(self.partitions.spread().partition_of(msisdn)) == Some(&true);
        is_in_part(msisdn, self.job.part) && !finished()
    }

    /// Lets the ordinary code read what is left, and keeps the text of the rows that it can use.
    fn odd_rows(
        &mut self,
        layout: &Layout,
        block: u32,
        rows: &[(u32, &str)],
        facts: &mut BlockFacts,
    ) -> Result<()> {
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
            if self.is_kept(msisdn) {
                row::write_text(&mut self.feeder.row, Place { block, line }, msisdn, text, true);
                self.feeder.put(msisdn)?;
            }
        }
        Ok(())
    }
}

/// Loads a block and returns where its own rows stand in `text`.
fn load(
    bytes: &dyn Bytes,
    piece: Piece,
    layout: &Layout,
    text: &mut Vec<u8>,
) -> Result<std::ops::Range<usize>> {
    // One byte before the block tells whether its first row begins with it.
    let before = usize::from(piece.start > layout.body_starts);
    let from = piece.start - before as u64;
    let own = (piece.end - from) as usize;
    let mut wanted = own + TAIL_BYTES;
    text.clear();
    loop {
        fill(bytes, piece.file, from, wanted, text)?;
        let line_end =
            |from: usize| text.get(from..)?.iter().position(|b| *b == b'\n').map(|at| from + at + 1);
        let whole = text.len() < wanted;
        let start = if before == 0 { Some(0) } else { line_end(0) };
        let end = line_end(own - 1).or(whole.then_some(text.len()));
        match (start, end) {
            (Some(start), Some(end)) => return Ok(start.min(end)..end),
            _ if whole => return Ok(0..0),
            _ if wanted > own + ROW_BYTES_MAX => return Err(many_lines(layout)),
            _ => wanted += ROW_BYTES_MAX,
        }
    }
}

fn fill(bytes: &dyn Bytes, file: usize, from: u64, wanted: usize, text: &mut Vec<u8>) -> Result<()> {
    let mut at = text.len();
    text.resize(wanted, 0);
    while at < wanted {
        let read = bytes.read_at(file, from + at as u64, &mut text[at..]);
        let read = read.map_err(failed("portfolio.read-failed"))?;
        if read == 0 {
            break;
        }
        at += read;
    }
    text.truncate(at);
    Ok(())
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
