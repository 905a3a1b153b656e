//! A JSON array on stdout, written while it is made: a list of a million records takes no more memory than one of three.

use std::io::{self, Write};

use serde::Serialize;

use crate::cli::console::Console;
use crate::render::json::escape_unsafe;

/// An array that is being printed.
pub struct JsonList<'a> {
    lines: Lines<'a>,
    is_empty: bool,
}

impl<'a> JsonList<'a> {
    /// Begins the array.
    pub fn begin(console: &'a Console) -> Self {
        Self { lines: Lines { console, bytes: Vec::new() }, is_empty: true }
    }

    /// Prints one member.
    pub fn push(&mut self, value: &impl Serialize) {
        self.lines.add(if self.is_empty { "[\n" } else { ",\n" });
        self.is_empty = false;
        // A closed pipe ends the output quietly, as everywhere.
        let _ = serde_json::to_writer_pretty(&mut self.lines, value);
    }

    /// Ends the array.
    pub fn end(mut self) {
        self.lines.add(if self.is_empty { "[]\n" } else { "\n]\n" });
        self.lines.print_to(self.lines.bytes.len());
    }
}

/// Whole lines are printed with their unsafe characters escaped; no line ends inside a JSON string.
struct Lines<'a> {
    console: &'a Console,
    bytes: Vec<u8>,
}

/// Bytes that are gathered before they are printed.
const GATHERED_BYTES: usize = 64 << 10;

impl Lines<'_> {
    fn add(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
    }

    fn print_to(&mut self, end: usize) {
        let text: Vec<u8> = self.bytes.drain(..end).collect();
        self.console.print(&escape_unsafe(&String::from_utf8_lossy(&text)));
    }
}

impl Write for Lines<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes.extend_from_slice(bytes);
        if self.bytes.len() >= GATHERED_BYTES
            && let Some(line_feed) = self.bytes.iter().rposition(|b| *b == b'\n')
        {
            self.print_to(line_feed + 1);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
