//! Rows on their way to their line: usage packed into some thirty bytes, everything else as its text.
//!
//! A chunk of rows is a sequence of these, told apart by their first byte:
//!
//! | first byte | then |
//! |---|---|
//! | 0 | number of the block in which the next rows stand (4 bytes) |
//! | 255 | flags (1), line of the block (4), number of the line (8), length of the text (4), the text |
//! | length of a usage row | flags (1), number (6), start (4), line of the block (3), kinds (1), duration (3), volume (5), its texts |

use crate::ingest::bulk::{UsageRow, cell::Id};
use crate::model::usage::{Direction, Scope, UsageKind};
use crate::portfolio::codec::{Packed, Reader, Writer, bytes_of_digits, tag_of_text};
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
    /// Whether it states nothing by itself that a detector may look at: a mainland event without fee, to no number
    /// that is free for everybody, of which it is known who started it.
    pub is_bare: bool,
    /// Duration.
    pub duration_s: u32,
    /// Volume.
    pub length_bytes: u64,
    /// Fee in 0.0001 yuan, where stated.
    pub fee_e4: Option<i64>,
    texts: Texts<'b>,
}

/// The texts of a usage row, as they wait: most lines are judged without them.
#[derive(Debug, Clone, Copy)]
struct Texts<'b> {
    flags: u8,
    bytes: &'b [u8],
}

impl<'b> StoredUsage<'b> {
    /// Returns the other number or access point, the app, the place and the id of the record.
    pub fn texts(&self) -> [Packed<'b>; 4] {
        let (flags, mut from) = (self.texts.flags, Reader::new(self.texts.bytes));
        let (peer, record_id) = (from.packed(), from.packed());
        let mut text = |flag: u8| if flags & flag != 0 { from.packed() } else { Packed::default() };
        [peer, text(HAS_APP), text(HAS_LOCATION), record_id]
    }
}

/// First byte of what tells the block.
const BLOCK: u8 = 0;
/// First byte of a text.
const TEXT: u8 = u8::MAX;
const IS_ODD: u8 = 1;
const IS_BARE: u8 = 1 << 1;
const HAS_APP: u8 = 1 << 2;
const HAS_LOCATION: u8 = 1 << 3;
const HAS_FEE: u8 = 1 << 4;
/// Bytes of a usage row before its texts.
const USAGE_BYTES: usize = 24;
/// Bytes of the row of a text before it.
const TEXT_BYTES: usize = 18;
/// Bytes of what tells the block.
const BLOCK_BYTES: usize = 5;

/// A usage row as it is written.
pub struct Packet {
    bytes: [u8; PACKET_BYTES],
    length: usize,
}

/// Bytes that hold every packet: of its texts, two ids may have 64 letters each, and what does not fit is no packet.
const PACKET_BYTES: usize = USAGE_BYTES + 2 * (1 + 64 + 8);

impl Packet {
    /// Returns the bytes of the row.
    #[inline]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    #[inline]
    fn word(&mut self, at: usize, word: u64) {
        if let Some(place) = self.bytes.get_mut(at..).and_then(|rest| rest.first_chunk_mut::<8>()) {
            *place = word.to_le_bytes();
        }
    }

    #[inline]
    fn id(&mut self, id: Id<'_>) {
        let at = self.length;
        match id {
            Id::None => self.length += 1,
            Id::Digits(count, value) => {
                self.bytes[at] = count;
                self.word(at + 1, value);
                self.length += 1 + bytes_of_digits(count);
            }
            Id::Text(text) => {
                self.bytes[at] = tag_of_text(text.len());
                self.bytes[at + 1..at + 1 + text.len()].copy_from_slice(text);
                self.length += 1 + text.len();
            }
        }
        // What a number wrote beyond its end is the place of the next tag.
        self.bytes[self.length] = 0;
    }
}

/// Packs a usage row; none where a number is too large for its place, or the texts are too long.
#[inline]
pub fn packed(line: u32, row: &UsageRow<'_>) -> Option<Packet> {
    let fits = row.msisdn < 1 << 48
        && line < 1 << 24
        && row.duration_s < 1 << 24
        && row.length_bytes < 1 << 40
        && (0..1 << 32).contains(&row.start);
    if !fits {
        return None;
    }
    let has = |present: bool, flag: u8| if present { flag } else { 0 };
    let flags = has(!row.app.is_empty(), HAS_APP)
        | has(!row.location.is_empty(), HAS_LOCATION)
        | has(row.fee_e4.is_some(), HAS_FEE)
        | has(is_bare(row), IS_BARE);
    let kinds = row.kind as u8 | (row.direction as u8) << 3 | (row.scope as u8) << 5;
    let mut packet = Packet { bytes: [0; PACKET_BYTES], length: USAGE_BYTES };
    packet.word(8, row.start as u64 | u64::from(line) << 32 | u64::from(kinds) << 56);
    packet.word(16, u64::from(row.duration_s) | row.length_bytes << 24);
    packet.id(row.peer);
    packet.id(row.record_id);
    if flags & (HAS_APP | HAS_LOCATION | HAS_FEE) != 0 {
        packet.rest(row)?;
    }
    packet.word(0, packet.length as u64 | u64::from(flags) << 8 | row.msisdn << 16);
    Some(packet)
}

impl Packet {
    /// Adds what most rows do not have.
    fn rest(&mut self, row: &UsageRow<'_>) -> Option<()> {
        let mut to = Writer::default();
        for text in [row.app, row.location].into_iter().filter(|text| !text.is_empty()) {
            to.text(text);
        }
        if let Some(fee) = row.fee_e4 {
            to.signed(fee);
        }
        let place = self.bytes.get_mut(self.length..self.length + to.bytes.len())?;
        place.copy_from_slice(&to.bytes);
        self.length += to.bytes.len();
        Some(())
    }
}

#[inline]
fn is_bare(row: &UsageRow<'_>) -> bool {
    let is_free = |peer: &Id<'_>| match peer {
        Id::Digits(3 | 5, value) => FREE_NUMBERS.iter().any(|it| it.parse() == Ok(*value)),
        _ => false,
    };
    let data = row.kind == UsageKind::Data;
    row.fee_e4.is_none()
        && row.kind != UsageKind::Vas
        && row.scope == Scope::Domestic
        && (data || (row.direction != Direction::Unstated && !is_free(&row.peer)))
}

/// Writes the text of another row.
pub fn write_text(to: &mut Writer, line: u32, msisdn: u64, text: &str, is_odd: bool) {
    to.bytes.extend([TEXT, if is_odd { IS_ODD } else { 0 }]);
    to.bytes.extend(line.to_le_bytes());
    to.bytes.extend(msisdn.to_le_bytes());
    to.bytes.extend((text.len() as u32).to_le_bytes());
    to.bytes.extend_from_slice(text.as_bytes());
}

/// Writes in which block the next rows stand.
#[inline]
pub fn write_block(to: &mut Vec<u8>, block: u32) {
    let [a, b, c, d] = block.to_le_bytes();
    to.extend_from_slice(&[BLOCK, a, b, c, d]);
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
    /// Where in its chunk it begins.
    pub offset: u32,
}

/// The rows of a chunk, one after the other.
#[derive(Debug)]
pub struct Headings<'b> {
    chunk: &'b [u8],
    at: usize,
    block: u32,
}

impl<'b> Headings<'b> {
    /// Returns the rows of a chunk.
    pub fn of(chunk: &'b [u8]) -> Self {
        Self { chunk, at: 0, block: 0 }
    }
}

impl Iterator for Headings<'_> {
    type Item = Heading;

    #[inline]
    fn next(&mut self) -> Option<Heading> {
        loop {
            let row = self.chunk.get(self.at..)?;
            let offset = self.at as u32;
            match *row.first()? {
                BLOCK => {
                    self.block = u32::from_le_bytes(*row.get(1..)?.first_chunk()?);
                    self.at += BLOCK_BYTES;
                }
                TEXT => {
                    let line = u32::from_le_bytes(*row.get(2..)?.first_chunk()?);
                    let msisdn = u64::from_le_bytes(*row.get(6..)?.first_chunk()?);
                    self.at += TEXT_BYTES + u32::from_le_bytes(*row.get(14..)?.first_chunk()?) as usize;
                    return Some(Heading {
                        msisdn,
                        start: 0,
                        place: Place { block: self.block, line },
                        offset,
                    });
                }
                length => {
                    let [head, time] = words(row)?;
                    self.at += usize::from(length);
                    let place = Place { block: self.block, line: (time >> 32) as u32 & 0xFF_FFFF };
                    return Some(Heading { msisdn: head >> 16, start: time as u32, place, offset });
                }
            }
        }
    }
}

#[inline]
fn words<const COUNT: usize>(row: &[u8]) -> Option<[u64; COUNT]> {
    let words = row.as_chunks::<8>().0.first_chunk::<COUNT>()?;
    Some(words.map(u64::from_le_bytes))
}

/// Reads the row that begins at `offset` of a chunk; what is missing reads as an empty text.
#[inline]
pub fn read(chunk: &[u8], offset: u32) -> Stored<'_> {
    let row = chunk.get(offset as usize..).unwrap_or_default();
    let read = match row.first() {
        None | Some(&BLOCK) => None,
        Some(&TEXT) => read_text(row),
        Some(&length) => read_usage(row.get(..length.into()).unwrap_or(row)),
    };
    read.unwrap_or(Stored::Text(""))
}

fn read_text(row: &[u8]) -> Option<Stored<'_>> {
    let length = u32::from_le_bytes(*row.get(14..)?.first_chunk()?) as usize;
    let text = std::str::from_utf8(row.get(TEXT_BYTES..TEXT_BYTES + length)?).ok()?;
    Some(if row[1] & IS_ODD != 0 { Stored::Odd(text) } else { Stored::Text(text) })
}

#[inline]
fn read_usage(row: &[u8]) -> Option<Stored<'_>> {
    let [head, time, volume] = words(row)?;
    let (flags, kinds) = ((head >> 8) as u8, (time >> 56) as u8);
    let bytes = &row[USAGE_BYTES..];
    Some(Stored::Usage(StoredUsage {
        start: i64::from(time as u32),
        kind: UsageKind::ALL[usize::from(kinds & 7).min(4)],
        direction: [Direction::Out, Direction::In, Direction::Unstated][usize::from(kinds >> 3 & 3).min(2)],
        scope: [Scope::Domestic, Scope::Hmt, Scope::International][usize::from(kinds >> 5).min(2)],
        is_bare: flags & IS_BARE != 0,
        duration_s: volume as u32 & 0xFF_FFFF,
        length_bytes: volume >> 24,
        fee_e4: (flags & HAS_FEE != 0).then(|| fee(flags, bytes)),
        texts: Texts { flags, bytes },
    }))
}

/// The fee stands behind the texts.
fn fee(flags: u8, texts: &[u8]) -> i64 {
    let mut from = Reader::new(texts);
    let before = 2 + u32::from(flags & HAS_APP != 0) + u32::from(flags & HAS_LOCATION != 0);
    for _ in 0..before {
        from.packed();
    }
    from.signed()
}
