//! Looks into a ZIP container before anybody inflates it in memory: names, passwords, declared and
//! counted sizes.

use std::io::{Cursor, Read};

use zip::ZipArchive;

/// Most bytes that all members together may inflate to.
pub const INFLATED_BYTES_MAX: u64 = 512 << 20;
/// Most bytes of a member that is taken out whole.
const MEMBER_BYTES_MAX: u64 = 192 << 20;
/// Most members; a workbook of bills has a few dozen.
const MEMBERS_MAX: usize = 10_000;
/// Most shared strings: each costs more in memory than in the file.
const SHARED_STRINGS_MAX: usize = 8_000_000;
/// Most bytes of the style part; real ones have a few hundred KiB.
const STYLE_BYTES_MAX: u64 = 16 << 20;

/// Returns the names of the members after checking that the container is whole, has no password and
/// stays inside the limits, by what it declares and by what really comes out.
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
    // Other archives are refused by name; only a workbook is inflated.
    if names.iter().any(|name| name == "xl/workbook.xml") {
        count_inflated(&mut archive, &names)?;
    }
    Ok(names)
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

fn count_inflated(archive: &mut ZipArchive<Cursor<&[u8]>>, names: &[String]) -> Result<(), &'static str> {
    let mut total: u64 = 0;
    for (index, name) in names.iter().enumerate() {
        let member = archive.by_index(index).map_err(|_| "damaged-workbook")?;
        let mut counted = Counted::default();
        counted.read_all(member.take(INFLATED_BYTES_MAX - total + 1)).map_err(|_| "damaged-workbook")?;
        total += counted.bytes;
        let styles = name == "xl/styles.xml" && counted.bytes > STYLE_BYTES_MAX;
        let strings = name == "xl/sharedStrings.xml" && counted.shared_strings > SHARED_STRINGS_MAX;
        if total > INFLATED_BYTES_MAX || styles || strings {
            return Err("zip-bomb");
        }
    }
    Ok(())
}

#[derive(Default)]
struct Counted {
    bytes: u64,
    shared_strings: usize,
}

impl Counted {
    fn read_all(&mut self, mut member: impl Read) -> std::io::Result<()> {
        let mut block = vec![0; 64 << 10];
        loop {
            let length = member.read(&mut block)?;
            if length == 0 {
                return Ok(());
            }
            self.bytes += length as u64;
            self.shared_strings += block[..length].windows(3).filter(|window| *window == b"<si").count();
        }
    }
}
