//! The table of contents of a ZIP, read strictly: what a lenient reader passes over is where two programs see
//! different files.

use std::io::{Read, Seek, SeekFrom};

/// One entry of the table of contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Name as stored.
    pub name: Vec<u8>,
    /// Whether it has a password.
    pub encrypted: bool,
    /// File type bits of Unix, 0 when not stated.
    pub unix_type: u32,
    /// Size after inflating, as stated.
    pub length_bytes: u64,
    /// Where the file begins, with its own header.
    offset: u64,
}

const END: &[u8] = b"PK\x05\x06";
const END_64: &[u8] = b"PK\x06\x06";
const LOCATOR_64: &[u8] = b"PK\x06\x07";
const ENTRY: &[u8] = b"PK\x01\x02";
const LOCAL: &[u8] = b"PK\x03\x04";
const END_LENGTH: usize = 22;
const LOCATOR_LENGTH: usize = 20;
const COMMENT_MAX: usize = 65_535;
const LOCAL_LENGTH: usize = 30;
/// Most bytes of a table of contents: room for every file that a bundle may hold, with long names.
const TABLE_BYTES_MAX: u64 = 64 << 20;

/// Returns the entries in their order; nothing when it is no ZIP, or one whose table does not fit its files.
pub fn entries<R: Read + Seek>(file: &mut R) -> Option<Vec<Entry>> {
    let length = file.seek(SeekFrom::End(0)).ok()?;
    let tail_max = (END_LENGTH + COMMENT_MAX + LOCATOR_LENGTH) as u64;
    let tail = bytes_at(file, length.saturating_sub(tail_max), length.min(tail_max))?;
    let tail_start = length - tail.len() as u64;
    let end = end_of(&tail)?;
    let (count, start) = extent(file, &tail, end)?;
    let table_length = (tail_start + end as u64).checked_sub(start).filter(|it| *it <= TABLE_BYTES_MAX)?;
    let table = bytes_at(file, start, table_length)?;
    let mut entries = Vec::new();
    let mut at = 0;
    for _ in 0..count {
        let (entry, next) = entry(&table, at)?;
        entries.push(entry);
        at = next;
    }
    // Nothing may stand between the last entry and the end record but the 64-bit form of the latter.
    (at == table.len() || table.get(at..at + 4) == Some(END_64)).then_some(())?;
    entries.iter().all(|entry| has_own_header(file, entry)).then_some(entries)
}

fn bytes_at<R: Read + Seek>(file: &mut R, start: u64, length: u64) -> Option<Vec<u8>> {
    file.seek(SeekFrom::Start(start)).ok()?;
    let mut bytes = vec![0; usize::try_from(length).ok()?];
    file.read_exact(&mut bytes).ok()?;
    Some(bytes)
}

/// The file itself must carry the same name as the table says.
fn has_own_header<R: Read + Seek>(file: &mut R, entry: &Entry) -> bool {
    let header = bytes_at(file, entry.offset, (LOCAL_LENGTH + entry.name.len()) as u64);
    header.is_some_and(|header| {
        header.starts_with(LOCAL)
            && short(&header, 26).is_some_and(|length| usize::from(length) == entry.name.len())
            && header.get(LOCAL_LENGTH..) == Some(entry.name.as_slice())
    })
}

/// The end record, whose comment reaches exactly to the last byte.
fn end_of(tail: &[u8]) -> Option<usize> {
    let last = tail.len().checked_sub(END_LENGTH)?;
    let first = last.saturating_sub(COMMENT_MAX);
    (first..=last).rev().find(|at| {
        tail.get(*at..at + 4) == Some(END)
            && short(tail, at + 20).is_some_and(|length| at + END_LENGTH + usize::from(length) == tail.len())
    })
}

/// How many entries there are, and where the first begins.
fn extent<R: Read + Seek>(file: &mut R, tail: &[u8], end: usize) -> Option<(u64, u64)> {
    let (count, start) = (short(tail, end + 10)?, long(tail, end + 16)?);
    let narrow = Some((u64::from(count), u64::from(start)));
    if count != u16::MAX && start != u32::MAX {
        return narrow;
    }
    let locator = end.checked_sub(LOCATOR_LENGTH).filter(|at| tail.get(*at..at + 4) == Some(LOCATOR_64));
    let Some(locator) = locator else { return narrow };
    let record = bytes_at(file, wide(tail, locator + 8)?, 56)?;
    record.starts_with(END_64).then_some(())?;
    Some((wide(&record, 32)?, wide(&record, 48)?))
}

fn entry(table: &[u8], at: usize) -> Option<(Entry, usize)> {
    (table.get(at..at.checked_add(4)?)? == ENTRY).then_some(())?;
    let lengths = [short(table, at + 28)?, short(table, at + 30)?, short(table, at + 32)?].map(usize::from);
    let name = table.get(at + 46..at + 46 + lengths[0])?.to_vec();
    let extra = table.get(at + 46 + lengths[0]..at + 46 + lengths[0] + lengths[1])?;
    let (packed, unpacked, offset) = (long(table, at + 20)?, long(table, at + 24)?, long(table, at + 42)?);
    let [length_bytes, _, offset] = wide_fields(extra, [unpacked, packed, offset])?;
    let entry = Entry {
        name,
        encrypted: short(table, at + 8)? & 1 != 0,
        unix_type: long(table, at + 38)? >> 16 & 0o170_000,
        length_bytes,
        offset,
    };
    Some((entry, at + 46 + lengths.iter().sum::<usize>()))
}

/// Sizes and offset, where needed from the 64-bit extra field, which holds only those that do not fit.
fn wide_fields(extra: &[u8], narrow: [u32; 3]) -> Option<[u64; 3]> {
    let mut values = narrow.map(u64::from);
    let mut at = wide_extra(extra).unwrap_or(extra.len());
    for (value, narrow) in values.iter_mut().zip(narrow) {
        if narrow == u32::MAX && at < extra.len() {
            *value = wide(extra, at)?;
            at += 8;
        }
    }
    Some(values)
}

fn wide_extra(extra: &[u8]) -> Option<usize> {
    let mut at = 0;
    while let (Some(id), Some(length)) = (short(extra, at), short(extra, at + 2)) {
        if id == 1 {
            return Some(at + 4);
        }
        at += 4 + usize::from(length);
    }
    None
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn long(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

fn wide(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(at..at.checked_add(8)?)?.try_into().ok()?))
}
