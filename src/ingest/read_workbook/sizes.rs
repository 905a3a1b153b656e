//! Looks into a ZIP container before anybody inflates it in memory: names, passwords, declared and
//! counted sizes.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::ingest::room::Room;

/// Most bytes that all members together may inflate to.
const INFLATED_BYTES_MAX: u64 = 512 << 20;
/// Most bytes of a member that is taken out whole.
const MEMBER_BYTES_MAX: u64 = 16 << 20;
/// Most cells of all sheets, as in an XLS: reading them one by one takes most of the time.
const CELLS_MAX: usize = 6_000_000;
/// Most members; a workbook of bills has a few dozen.
const MEMBERS_MAX: usize = 10_000;
/// Bytes that a shared string takes in memory beside its text.
const SHARED_STRING_BYTES: usize = 64;
/// Most bytes of the parts that are kept as a whole; real ones have a few hundred KiB.
const PART_BYTES_MAX: u64 = 16 << 20;
/// Longest text between two tags: a cell of a spreadsheet has at most 32,767 characters.
const RUN_BYTES_MAX: usize = 16 << 20;

/// Returns the names of the members after checking that the container is whole, has no password and
/// stays inside the limits by what it declares.
///
/// # Errors
/// The stable code of the problem: `truncated`, `encrypted-zip`, `zip-bomb`, `damaged-workbook`.
pub fn checked_names(bytes: &[u8]) -> Result<Vec<String>, &'static str> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| "truncated")?;
    if archive.len() > MEMBERS_MAX {
        return Err("zip-bomb");
    }
    let mut names = Vec::new();
    let mut declared: u64 = 0;
    for index in 0..archive.len() {
        let member = archive.by_index_raw(index).map_err(|_| "damaged-workbook")?;
        if member.encrypted() {
            return Err("encrypted-zip");
        }
        declared = declared.saturating_add(member.size());
        names.push(member.name().map_err(|_| "damaged-workbook")?.into_owned());
    }
    if declared > INFLATED_BYTES_MAX {
        return Err("zip-bomb");
    }
    Ok(names)
}

/// Inflates every member once, block by block, and checks what really comes out. The shared strings take their room.
/// Returns how many merged cells the sheets name.
///
/// # Errors
/// The stable code of the problem: `zip-bomb`, `large-cell`, `damaged-workbook`, `too-large`.
pub fn check_inflated(bytes: &[u8], room: &mut Room) -> Result<usize, &'static str> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| "truncated")?;
    let (mut total, mut merged, mut cells) = (0u64, 0, 0);
    for index in 0..archive.len() {
        let member = archive.by_index(index).map_err(|_| "damaged-workbook")?;
        let name = member.name().map_err(|_| "damaged-workbook")?.into_owned();
        let mut counted = Counted::default();
        counted.read_all(member.take(INFLATED_BYTES_MAX - total + 1)).map_err(|_| "damaged-workbook")?;
        total += counted.bytes;
        merged += counted.merged;
        cells += if name.starts_with("xl/worksheets/") { counted.cells } else { 0 };
        if cells > CELLS_MAX {
            return Err("too-large");
        }
        let whole =
            matches!(name.as_str(), "xl/styles.xml" | "xl/workbook.xml" | "xl/_rels/workbook.xml.rels");
        if total > INFLATED_BYTES_MAX || (whole && counted.bytes > PART_BYTES_MAX) {
            return Err("zip-bomb");
        }
        if name.ends_with(".xml") && counted.longest_run > RUN_BYTES_MAX {
            return Err("large-cell");
        }
        if name == "xl/sharedStrings.xml" {
            let text = usize::try_from(counted.bytes).unwrap_or(usize::MAX);
            let strings = counted.shared_strings * SHARED_STRING_BYTES;
            room.spend(text.saturating_add(strings)).map_err(|_| "too-large")?;
        }
    }
    Ok(merged)
}

/// Returns the content of one member.
///
/// # Errors
/// The stable code of the problem: `truncated`, `zip-bomb`, `damaged-workbook`.
pub fn member(bytes: &[u8], name: &str) -> Result<Vec<u8>, &'static str> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| "truncated")?;
    let file = archive.by_name(name).map_err(|_| "damaged-workbook")?;
    let mut content = Vec::new();
    file.take(MEMBER_BYTES_MAX + 1).read_to_end(&mut content).map_err(|_| "damaged-workbook")?;
    if content.len() as u64 > MEMBER_BYTES_MAX { Err("zip-bomb") } else { Ok(content) }
}

/// Opens one member of a document; it is read as a stream.
///
/// # Errors
/// The stable code of the problem: `truncated`, `damaged-workbook`.
pub fn with_member<T>(
    bytes: &[u8],
    name: &str,
    read: impl FnOnce(&mut dyn Read) -> T,
) -> Result<T, &'static str> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| "truncated")?;
    let mut file = archive.by_name(name).map_err(|_| "damaged-workbook")?;
    Ok(read(&mut file))
}

#[derive(Default)]
struct Counted {
    bytes: u64,
    shared_strings: usize,
    merged: usize,
    cells: usize,
    longest_run: usize,
    /// Bytes since the last `<`.
    run: usize,
}

impl Counted {
    fn read_all(&mut self, mut member: impl Read) -> std::io::Result<()> {
        let mut block = vec![0; 64 << 10];
        loop {
            let length = member.read(&mut block)?;
            if length == 0 {
                self.longest_run = self.longest_run.max(self.run);
                return Ok(());
            }
            self.count(&block[..length]);
        }
    }

    fn count(&mut self, block: &[u8]) {
        self.bytes += block.len() as u64;
        let mut from = 0;
        for at in memchr::memchr_iter(b'<', block) {
            self.longest_run = self.longest_run.max(self.run + at - from);
            // A tag that two blocks share is not counted; there are far fewer blocks than strings.
            self.shared_strings += usize::from(block[at..].starts_with(b"<si"));
            self.merged += usize::from(block[at..].starts_with(b"<mergeCell"));
            self.cells += usize::from(matches!(block[at..], [_, b'c', b' ' | b'>' | b'/', ..]));
            (from, self.run) = (at, 0);
        }
        self.run += block.len() - from;
    }
}
