//! The whole way of a set of tables: read and spread, then judge partition by partition, each line on its own.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::error::Result;
use crate::ingest::bulk::Layout;
use crate::portfolio::codec::Writer;
use crate::portfolio::court::{Court, Desk};
use crate::portfolio::partition::{Partitions, Spread};
use crate::portfolio::read::{self, Reading, on_all};
use crate::portfolio::result::LineResult;
use crate::portfolio::row::{self, Heading, Headings, Place, Stored};
use crate::portfolio::screen::{Draft, Lessons, Memory, Screen};
use crate::portfolio::storage::{Bytes, Results, Spill, Watch, failed};
use crate::portfolio::table_set::{Shares, TableSet};
use crate::report::wording::Wording;

/// How the work is done; none of it changes a result.
#[derive(Debug, Clone, Copy)]
pub struct Means {
    /// Threads.
    pub workers: usize,
    /// Bytes of rows that are kept in memory.
    pub row_budget_bytes: u64,
    /// Part k of n, 1-based.
    pub part: (u32, u32),
    /// Whether lines on which nothing can be found are recognised early.
    pub screens: bool,
}

/// What the command line lends.
#[derive(Clone, Copy)]
pub struct Lent<'a> {
    /// The bytes of the tables.
    pub bytes: &'a dyn Bytes,
    /// A file for rows.
    pub spill: &'a dyn Spill,
    /// A place for results.
    pub results: &'a dyn Results,
    /// Whoever watches.
    pub watch: &'a dyn Watch,
}

/// Returns how the lines of these tables are spread.
pub fn spread(set: &TableSet<'_>) -> Spread {
    Spread::of(set.layouts.iter().map(Layout::text_bytes).sum())
}

/// Reads and judges all tables; the results of each partition are handed to `lent.results`.
///
/// # Errors
/// When a file cannot be read or written, or an amount leaves the exact range.
pub fn run(set: &TableSet<'_>, wording: &Wording, means: Means, lent: Lent<'_>) -> Result<Reading> {
    let spread = spread(set);
    let shelves: Vec<Range<usize>> = spread.shelves().collect();
    let mut finished = vec![false; spread.count()];
    for (shelf, own) in shelves.iter().enumerate() {
        finished[own.clone()].fill(lent.results.is_finished(shelf));
    }
    let partitions = Partitions::new(spread, means.row_budget_bytes, lent.spill);
    let job = read::Job {
        layouts: &set.layouts,
        bytes: lent.bytes,
        formats: set.formats,
        part: means.part,
        finished: &finished,
        only: None,
        workers: means.workers,
    };
    let reading = read::read(&job, &partitions, lent.watch)?;
    let shares = Shares::of(set);
    let court = Court::new(set, &shares, &reading, wording);
    let screen = Screen::new(&court);
    let next = AtomicUsize::new(0);
    let work = || -> Result<()> {
        let (lessons, mut rows) = (Lessons::none(), Vec::new());
        let mut bench =
            Bench { desk: Desk::default(), memory: Memory::new(&lessons), files: Files::default() };
        let hall = Hall { court: &court, screen: means.screens.then_some(&screen), spread, means };
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(own) = shelves.get(index) else { return Ok(()) };
            if finished[own.start] {
                continue;
            }
            let mut shelf = Shelf::default();
            for partition in own.clone() {
                partitions.take(partition, &mut rows)?;
                hall.judge_all(partition, &rows, &mut bench, &mut shelf)?;
            }
            let lines = shelf.results.len() as u64;
            lent.results.finish(index, &shelf.sorted()).map_err(failed("portfolio.results-failed"))?;
            lent.watch.finished(lines);
        }
    };
    on_all(means.workers, &work)?;
    Ok(reading)
}

/// Where the lines of a partition are judged.
struct Hall<'a> {
    court: &'a Court<'a>,
    screen: Option<&'a Screen<'a>>,
    spread: Spread,
    means: Means,
}

/// What one thread uses again from partition to partition.
struct Bench<'m> {
    desk: Desk,
    memory: Memory<'m>,
    files: Files,
}

impl Hall<'_> {
    /// Judges the lines of a partition.
    fn judge_all(&self, index: usize, rows: &[u8], bench: &mut Bench<'_>, shelf: &mut Shelf) -> Result<()> {
        bench.files.file(rows);
        let mut draft = Draft::default();
        for (msisdn, at) in self.lines(index, &bench.files.numbers) {
            let filed = at.map_or(&[][..], |at| bench.files.rows_of(at));
            let own = LineRows { rows, filed };
            let passed = match self.screen {
                Some(screen) => screen.pass(&msisdn, own, &mut draft, &mut bench.desk, &mut bench.memory)?,
                None => None,
            };
            let result = match passed {
                Some(result) => Some(result),
                None => self.court.judge(&msisdn, &own.iter().collect::<Vec<_>>(), &mut bench.desk)?,
            };
            if let Some(result) = result {
                shelf.add(msisdn, &result);
            }
        }
        Ok(())
    }

    /// Returns the lines of the partition, each with its place among `numbers`; the same number from tables and small
    /// files is one line.
    fn lines(&self, index: usize, numbers: &[u64]) -> Vec<(String, Option<u32>)> {
        let mut lines = self.extra_numbers(index);
        let known = |text: &str| {
            let number = text.parse().ok().filter(|number: &u64| number.to_string() == text);
            number.is_some_and(|number| numbers.contains(&number))
        };
        lines.retain(|(number, _)| !known(number));
        lines.extend(numbers.iter().enumerate().map(|(at, number)| (number.to_string(), Some(at as u32))));
        lines
    }

    /// Numbers that only small files and case.toml name.
    fn extra_numbers(&self, index: usize) -> Vec<(String, Option<u32>)> {
        let named = self.court.shares.numbers().into_iter();
        let here = named.filter(|number| {
            let value = number.parse::<u64>().unwrap_or(0);
            self.spread.partition_of(value) == index
                && crate::portfolio::partition::is_in_part(value, self.means.part)
        });
        here.map(|number| (number.to_owned(), None)).collect()
    }
}

/// Results of some partitions.
#[derive(Default)]
struct Shelf {
    to: Writer,
    /// The number of each line, and where its result stands.
    results: Vec<(String, Range<usize>)>,
}

impl Shelf {
    fn add(&mut self, msisdn: String, result: &LineResult) {
        let begins = self.to.bytes.len();
        result.write(&mut self.to);
        self.results.push((msisdn, begins..self.to.bytes.len()));
    }

    /// Returns the results in the order of the numbers as text.
    fn sorted(mut self) -> Vec<u8> {
        self.results.sort_by(|a, b| a.0.cmp(&b.0));
        let mut sorted = Vec::with_capacity(self.to.bytes.len());
        self.results.iter().for_each(|(_, own)| sorted.extend_from_slice(&self.to.bytes[own.clone()]));
        sorted
    }
}

/// Where a row of a partition is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Filed {
    /// Seconds of the wall clock; 0 for rows that are no plain usage.
    start: u32,
    place: Place,
    /// Where it begins among the rows.
    offset: u32,
}

/// The rows of one line: plain usage in order of time, before it everything else in order of place.
#[derive(Debug, Clone, Copy)]
pub struct LineRows<'r> {
    rows: &'r [u8],
    filed: &'r [Filed],
}

impl<'r> LineRows<'r> {
    /// Returns the rows with their places.
    #[inline]
    pub fn iter(self) -> impl Iterator<Item = (Place, Stored<'r>)> {
        self.filed.iter().map(move |filed| (filed.place, row::read(self.rows, filed.offset)))
    }
}

/// The rows of a partition by line.
#[derive(Default)]
struct Files {
    /// The lines, in the order in which they were met.
    numbers: Vec<u64>,
    /// Where the rows of each line end; they begin where those of the line before end.
    ends: Vec<u32>,
    filed: Vec<Filed>,
    /// The line of each row, as they come.
    lines: Vec<u32>,
    known: Known,
}

impl Files {
    /// Returns the rows of a line.
    fn rows_of(&self, line: u32) -> &[Filed] {
        let line = line as usize;
        let begin = line.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        &self.filed[begin..self.ends[line] as usize]
    }

    /// Files the rows of a partition, by a counting sort.
    fn file(&mut self, rows: &[u8]) {
        self.numbers.clear();
        self.ends.clear();
        self.lines.clear();
        self.known.clear();
        for heading in Headings::of(rows) {
            let line = self.known.index_of(heading.msisdn, &mut self.numbers);
            self.ends.resize(self.numbers.len(), 0);
            self.ends[line as usize] += 1;
            self.lines.push(line);
        }
        let mut next = 0;
        for end in &mut self.ends {
            next += std::mem::replace(end, next);
        }
        // Until all rows have their places, `ends` says where the next row of a line goes.
        self.filed.clear();
        self.filed.resize(self.lines.len(), Filed::default());
        for (heading, line) in Headings::of(rows).zip(&self.lines) {
            let place = &mut self.ends[*line as usize];
            let Heading { start, place: stands, offset, .. } = heading;
            self.filed[*place as usize] = Filed { start, place: stands, offset };
            *place += 1;
        }
        let mut begin = 0;
        for end in &self.ends {
            let own = &mut self.filed[begin as usize..*end as usize];
            if !own.is_sorted() {
                own.sort_unstable();
            }
            begin = *end;
        }
    }
}

/// Numbers that were seen, by a table without order: it only looks up, and nothing is ever listed from it.
#[derive(Default)]
struct Known {
    slots: Vec<(u64, u32)>,
    count: usize,
}

const FREE: u32 = u32::MAX;

impl Known {
    fn index_of(&mut self, number: u64, numbers: &mut Vec<u64>) -> u32 {
        if self.count * 2 >= self.slots.len() {
            self.grow();
        }
        let mask = self.slots.len() - 1;
        let mut at = slot(number) & mask;
        loop {
            let (known, index) = self.slots[at];
            if index == FREE {
                let index = numbers.len() as u32;
                self.slots[at] = (number, index);
                self.count += 1;
                numbers.push(number);
                return index;
            }
            if known == number {
                return index;
            }
            at = (at + 1) & mask;
        }
    }

    fn clear(&mut self) {
        self.slots.fill((0, FREE));
        self.count = 0;
    }

    fn grow(&mut self) {
        let wider = vec![(0, FREE); (self.slots.len() * 4).max(1024)];
        let mask = wider.len() - 1;
        for (number, index) in std::mem::replace(&mut self.slots, wider) {
            if index == FREE {
                continue;
            }
            let mut at = slot(number) & mask;
            while self.slots[at].1 != FREE {
                at = (at + 1) & mask;
            }
            self.slots[at] = (number, index);
        }
    }
}

fn slot(number: u64) -> usize {
    (number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 24) as usize
}
