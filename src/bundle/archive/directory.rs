//! The table of contents of a ZIP, read strictly: what a lenient reader passes over is where two programs see
//! different files.

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
}

const END: &[u8] = b"PK\x05\x06";
const END_64: &[u8] = b"PK\x06\x06";
const LOCATOR_64: &[u8] = b"PK\x06\x07";
const ENTRY: &[u8] = b"PK\x01\x02";
const LOCAL: &[u8] = b"PK\x03\x04";
const END_LENGTH: usize = 22;
const LOCATOR_LENGTH: usize = 20;
const COMMENT_MAX: usize = 65_535;

/// Returns the entries in their order; nothing when the bytes are no ZIP, or one whose table does not fit its files.
pub fn entries(bytes: &[u8]) -> Option<Vec<Entry>> {
    let end = end_of(bytes)?;
    let (count, start) = extent(bytes, end)?;
    let mut entries = Vec::new();
    let mut at = start;
    for _ in 0..count {
        let (entry, next) = entry(bytes, at)?;
        entries.push(entry);
        at = next;
    }
    // Nothing may stand between the last entry and the end record but the 64-bit form of the latter.
    (at == end || bytes.get(at..at + 4) == Some(END_64)).then_some(entries)
}

/// The end record, whose comment reaches exactly to the last byte.
fn end_of(bytes: &[u8]) -> Option<usize> {
    let last = bytes.len().checked_sub(END_LENGTH)?;
    let first = last.saturating_sub(COMMENT_MAX);
    (first..=last).rev().find(|at| {
        bytes.get(*at..at + 4) == Some(END)
            && short(bytes, at + 20)
                .is_some_and(|length| at + END_LENGTH + usize::from(length) == bytes.len())
    })
}

/// How many entries there are, and where the first begins.
fn extent(bytes: &[u8], end: usize) -> Option<(u64, usize)> {
    let (count, start) = (short(bytes, end + 10)?, long(bytes, end + 16)?);
    if count != u16::MAX && start != u32::MAX {
        return Some((u64::from(count), start as usize));
    }
    let locator = end.checked_sub(LOCATOR_LENGTH).filter(|at| bytes.get(*at..at + 4) == Some(LOCATOR_64));
    let Some(locator) = locator else { return Some((u64::from(count), start as usize)) };
    let wide_end = usize::try_from(wide(bytes, locator + 8)?).ok()?;
    (bytes.get(wide_end..wide_end.checked_add(4)?)? == END_64).then_some(())?;
    Some((wide(bytes, wide_end + 32)?, usize::try_from(wide(bytes, wide_end + 48)?).ok()?))
}

fn entry(bytes: &[u8], at: usize) -> Option<(Entry, usize)> {
    (bytes.get(at..at.checked_add(4)?)? == ENTRY).then_some(())?;
    let lengths = [short(bytes, at + 28)?, short(bytes, at + 30)?, short(bytes, at + 32)?].map(usize::from);
    let name = bytes.get(at + 46..at + 46 + lengths[0])?.to_vec();
    let extra = bytes.get(at + 46 + lengths[0]..at + 46 + lengths[0] + lengths[1])?;
    let (packed, unpacked, offset) = (long(bytes, at + 20)?, long(bytes, at + 24)?, long(bytes, at + 42)?);
    let wide_fields = wide_fields(extra, [unpacked, packed, offset])?;
    // The file itself must carry the same name as the table says.
    let local = usize::try_from(wide_fields[2]).ok()?;
    (bytes.get(local..local.checked_add(4)?)? == LOCAL).then_some(())?;
    let local_length = usize::from(short(bytes, local + 26)?);
    (bytes.get(local + 30..local + 30 + local_length)? == name).then_some(())?;
    let entry = Entry {
        name,
        encrypted: short(bytes, at + 8)? & 1 != 0,
        unix_type: long(bytes, at + 38)? >> 16 & 0o170_000,
        length_bytes: wide_fields[0],
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
