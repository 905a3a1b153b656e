//! Rows on their way to their line: usage packed into some thirty bytes, everything else as its text.

use crate::ingest::bulk::UsageRow;
use crate::model::usage::{Direction, Scope, UsageKind};
use crate::portfolio::codec::{Packed, Reader, Writer};
use crate::rating::FREE_NUMBERS;

/// Where a row stands: block of the portfolio, line of the block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Place {
    /// Number of the block over all files.
    pub block: u32,
    /// Line of the block.
    pub line: u32,
}

/// A row as it waits.
#[derive(Debug, Clone, Copy)]
pub enum Stored<'b> {
    /// A usage row in its plainest spelling.
    Usage(StoredUsage<'b>),
    /// The text of a row of another table in its plainest spelling.
    Text(&'b str),
    /// The text of a row that the ordinary code reads.
    Odd(&'b str),
}

/// A usage row as it waits.
#[derive(Debug, Clone, Copy)]
pub struct StoredUsage<'b> {
    /// Seconds of the wall clock.
    pub start: i64,
    /// Kind of event.
    pub kind: UsageKind,
    /// Who started it.
    pub direction: Direction,
    /// Where the line was.
    pub scope: Scope,
    /// Whether the other number is one that is free for everybody.
    pub is_free_number: bool,
    /// Duration.
    pub duration_s: u32,
    /// Volume.
    pub length_bytes: u64,
    /// Fee in 0.0001 yuan, where stated.
    pub fee_e4: Option<i64>,
    /// The other number or the access point.
    pub peer: Packed<'b>,
    /// App or service.
    pub app: Packed<'b>,
    /// Place.
    pub location: Packed<'b>,
    /// Id of the record.
    pub record_id: Packed<'b>,
}

const USAGE: u8 = 0;
const TEXT: u8 = 1;
const ODD: u8 = 2;
const HAS_APP: u8 = 1 << 2;
const HAS_LOCATION: u8 = 1 << 3;
const HAS_FEE: u8 = 1 << 4;
const FREE: u8 = 1 << 5;

/// Writes a usage row.
#[inline]
pub fn write_usage(to: &mut Writer, place: Place, row: &UsageRow<'_>) {
    let has = |present: bool, flag: u8| if present { flag } else { 0 };
    let free = row.kind != UsageKind::Data && row.peer.len() <= 5 && FREE_NUMBERS.contains(&row.peer);
    let head = USAGE
        | has(!row.app.is_empty(), HAS_APP)
        | has(!row.location.is_empty(), HAS_LOCATION)
        | has(row.fee_e4.is_some(), HAS_FEE)
        | has(free, FREE);
    let begins = begin(to, head, row.msisdn, row.start as u32, place);
    to.byte(row.kind as u8 | (row.direction as u8) << 3 | (row.scope as u8) << 5);
    to.number(row.duration_s.into());
    to.number(row.length_bytes);
    to.text(row.peer);
    to.text(row.record_id);
    if !row.app.is_empty() {
        to.text(row.app);
    }
    if !row.location.is_empty() {
        to.text(row.location);
    }
    if let Some(fee) = row.fee_e4 {
        to.signed(fee);
    }
    finish(to, begins);
}

/// Writes the text of another row.
pub fn write_text(to: &mut Writer, place: Place, msisdn: u64, text: &str, is_odd: bool) {
    let begins = begin(to, if is_odd { ODD } else { TEXT }, msisdn, 0, place);
    to.number(text.len() as u64);
    to.bytes.extend_from_slice(text.as_bytes());
    finish(to, begins);
}

/// First byte of a row whose length, too large for one byte, follows in four.
const LONG: u8 = u8::MAX;

/// Begins a row with what tells lines and times apart, so that the rest can be passed over.
#[inline]
fn begin(to: &mut Writer, head: u8, msisdn: u64, start: u32, place: Place) -> usize {
    let begins = to.bytes.len();
    to.byte(0);
    to.byte(head);
    to.bytes.extend_from_slice(&start.to_le_bytes());
    to.number(msisdn);
    to.number(place.block.into());
    to.number(place.line.into());
    begins
}

#[inline]
fn finish(to: &mut Writer, begins: usize) {
    let length = to.bytes.len() - begins - 1;
    if length < usize::from(LONG) {
        to.bytes[begins] = length as u8;
    } else {
        to.bytes[begins] = LONG;
        let length = (length as u32).to_le_bytes();
        to.bytes.splice(begins + 1..begins + 1, length);
    }
}

/// What of a row tells lines and times apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heading {
    /// Number of the line.
    pub msisdn: u64,
    /// Seconds of the wall clock; 0 for rows that are no plain usage.
    pub start: u32,
    /// Where it stands.
    pub place: Place,
}

/// Reads the heading of a row and passes the rest over.
#[inline]
pub fn heading(from: &mut Reader<'_>) -> Heading {
    let mut row = opened(from);
    heading_of(&mut row).1
}

/// Returns the bytes of the next row.
#[inline]
fn opened<'b>(from: &mut Reader<'b>) -> Reader<'b> {
    let length = match from.byte() {
        LONG => from.bytes(4).try_into().map_or(0, u32::from_le_bytes) as usize,
        length => usize::from(length),
    };
    Reader::new(from.bytes(length))
}

#[inline]
fn heading_of(row: &mut Reader<'_>) -> (u8, Heading) {
    let head = row.byte();
    let start = row.bytes(4).try_into().map_or(0, u32::from_le_bytes);
    let msisdn = row.number();
    let place = Place { block: row.number() as u32, line: row.number() as u32 };
    (head, Heading { msisdn, start, place })
}

/// Reads a row.
#[inline]
pub fn read<'b>(from: &mut Reader<'b>) -> (Heading, Stored<'b>) {
    let mut from = opened(from);
    let (head, heading) = heading_of(&mut from);
    if head & 3 != USAGE {
        let length = from.number() as usize;
        let text = std::str::from_utf8(from.bytes(length)).unwrap_or_default();
        return (heading, if head & 3 == ODD { Stored::Odd(text) } else { Stored::Text(text) });
    }
    let kinds = from.byte();
    let usage = StoredUsage {
        start: heading.start.into(),
        kind: UsageKind::ALL[usize::from(kinds & 7).min(4)],
        direction: [Direction::Out, Direction::In, Direction::Unstated][usize::from(kinds >> 3 & 3).min(2)],
        scope: [Scope::Domestic, Scope::Hmt, Scope::International][usize::from(kinds >> 5).min(2)],
        is_free_number: head & FREE != 0,
        duration_s: from.number() as u32,
        length_bytes: from.number(),
        peer: from.packed(),
        record_id: from.packed(),
        app: if head & HAS_APP != 0 { from.packed() } else { Packed::default() },
        location: if head & HAS_LOCATION != 0 { from.packed() } else { Packed::default() },
        fee_e4: (head & HAS_FEE != 0).then(|| from.signed()),
    };
    (heading, Stored::Usage(usage))
}
