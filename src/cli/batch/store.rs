//! What the portfolio borrows: the bytes of its tables, a spill file, a folder for results, a progress bar.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use indicatif::{ProgressBar, ProgressStyle};

use crate::portfolio::storage::{Bytes, Results, Spill, Watch};

/// Open tables.
pub struct Tables(pub Vec<File>);

impl Bytes for Tables {
    fn read_at(&self, file: usize, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        self.0.get(file).map_or(Ok(0), |file| read_at(file, offset, into))
    }
}

/// Rows that do not fit into memory, in a file without a name.
pub struct SpillFile {
    file: File,
    length: AtomicU64,
}

impl SpillFile {
    /// Opens a spill file beside the results.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn new(folder: &Path) -> io::Result<Self> {
        Ok(Self { file: tempfile::tempfile_in(folder)?, length: AtomicU64::new(0) })
    }
}

impl Spill for SpillFile {
    fn append(&self, bytes: &[u8]) -> io::Result<u64> {
        let offset = self.length.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        write_at(&self.file, offset, bytes)?;
        Ok(offset)
    }

    fn read(&self, offset: u64, into: &mut [u8]) -> io::Result<()> {
        let mut at = 0;
        while at < into.len() {
            match read_at(&self.file, offset + at as u64, &mut into[at..])? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                read => at += read,
            }
        }
        Ok(())
    }
}

/// Results of shelves or cases, one file each; a file is there whole or not at all.
pub struct ResultFolder {
    folder: PathBuf,
}

/// Results of that size are read at once.
const SMALL_BYTES: u64 = 32 << 10;
/// Name of the file that says for which work the results stand.
const WORK: &str = "work.txt";

impl ResultFolder {
    /// Opens the folder; results of other work are removed. `work` tells the work: inputs and what decides results.
    ///
    /// # Errors
    /// When it cannot be made or cleared.
    pub fn open(folder: PathBuf, work: &str, fresh: bool) -> io::Result<Self> {
        let known = fs::read_to_string(folder.join(WORK)).is_ok_and(|text| text == work);
        if folder.exists() && (fresh || !known) {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        if !known || fresh {
            put(&folder, WORK, work.as_bytes())?;
        }
        Ok(Self { folder })
    }

    /// Returns how many results an earlier run has left.
    pub fn count(&self) -> usize {
        self.names().map_or(0, |names| names.len())
    }

    /// Returns the results of everything, to be read one after the other.
    ///
    /// # Errors
    /// When one cannot be opened.
    pub fn sequences(&self) -> io::Result<Vec<Box<dyn Read + Send>>> {
        let open = |name: String| {
            let mut file = File::open(self.folder.join(name))?;
            // Of thousands of cases not every file can be open at once.
            if file.metadata()?.len() > SMALL_BYTES {
                return Ok(Box::new(file) as Box<dyn Read + Send>);
            }
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes)?;
            Ok(Box::new(io::Cursor::new(bytes)) as Box<dyn Read + Send>)
        };
        self.names()?.into_iter().map(open).collect()
    }

    /// Returns whether the results of that name are there.
    pub fn has(&self, name: &str) -> bool {
        self.folder.join(name).exists()
    }

    /// Keeps results under a name.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn keep(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        put(&self.folder, name, bytes)
    }

    /// Returns the folder.
    pub fn path(&self) -> &Path {
        &self.folder
    }

    /// Removes the folder: the work is done.
    pub fn remove(self) {
        // What cannot be removed is in nobody's way.
        let _ = fs::remove_dir_all(&self.folder);
    }

    fn names(&self) -> io::Result<Vec<String>> {
        let entries = fs::read_dir(&self.folder)?.collect::<io::Result<Vec<_>>>()?;
        let names = entries.into_iter().map(|entry| entry.file_name().to_string_lossy().into_owned());
        let mut names: Vec<String> = names.filter(|name| name.ends_with(".lines")).collect();
        names.sort();
        Ok(names)
    }
}

/// Returns the name of a shelf.
fn shelf_name(shelf: usize) -> String {
    format!("{shelf:05}.lines")
}

impl Results for ResultFolder {
    fn is_finished(&self, shelf: usize) -> bool {
        self.has(&shelf_name(shelf))
    }

    fn finish(&self, shelf: usize, bytes: &[u8]) -> io::Result<()> {
        self.keep(&shelf_name(shelf), bytes)
    }
}

/// Writes a file in one step.
fn put(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.persist(folder.join(name))?;
    Ok(())
}

/// Progress at a terminal: how much, how fast, how long still.
pub struct Bars {
    read: ProgressBar,
    lines: ProgressBar,
}

impl Bars {
    /// Returns the bars; nothing is drawn when `quiet` or away from a terminal.
    pub fn new(bytes: u64, quiet: bool, reading: String, judging: String) -> Self {
        let bars = indicatif::MultiProgress::new();
        if quiet {
            bars.set_draw_target(indicatif::ProgressDrawTarget::hidden());
        }
        let style = |template: &str| {
            ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
        };
        let read = bars.add(ProgressBar::new(bytes));
        read.set_style(style("{msg} {bar:30} {bytes}/{total_bytes} {binary_bytes_per_sec} {eta}"));
        read.set_message(reading);
        let lines = bars.add(ProgressBar::new_spinner());
        lines.set_style(style("{msg} {human_pos} {per_sec} {elapsed}"));
        lines.set_message(judging);
        Self { read, lines }
    }

    /// Returns one bar for so many cases.
    pub fn of_cases(cases: u64, quiet: bool, judging: String) -> Self {
        let bars = Self::new(0, quiet, String::new(), judging);
        bars.read.finish_and_clear();
        bars.lines.set_length(cases);
        let style = ProgressStyle::with_template("{msg} {bar:30} {pos}/{len} {per_sec} {eta}");
        bars.lines.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bars
    }

    /// Takes the bars away.
    pub fn clear(&self) {
        self.read.finish_and_clear();
        self.lines.finish_and_clear();
    }
}

impl Watch for Bars {
    fn read(&self, bytes: u64) {
        self.read.inc(bytes);
    }

    fn finished(&self, lines: u64) {
        self.lines.inc(lines);
    }
}

#[cfg(unix)]
fn read_at(file: &File, offset: u64, into: &mut [u8]) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, into, offset)
}

#[cfg(unix)]
fn write_at(file: &File, offset: u64, bytes: &[u8]) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, offset)
}

#[cfg(windows)]
fn read_at(file: &File, offset: u64, into: &mut [u8]) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, into, offset)
}

#[cfg(windows)]
fn write_at(file: &File, mut offset: u64, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        let written = std::os::windows::fs::FileExt::seek_write(file, bytes, offset)?;
        (bytes, offset) = (&bytes[written..], offset + written as u64);
    }
    Ok(())
}
