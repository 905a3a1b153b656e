//! Blocks of text: loaded up to the end of their last line, decoded, and read line by line.

use std::ops::Range;

use crate::error::Result;
use crate::ingest::bulk::{Coding, Layout};
use crate::portfolio::read::{BlockFacts, Piece, Worker, many_lines};
use crate::portfolio::storage::{Bytes, failed};

/// Bytes behind a block in which its last row ends, to begin with.
const TAIL_BYTES: usize = 4 << 10;
/// Most bytes of one row.
const ROW_BYTES_MAX: usize = 2 << 20;

impl Worker<'_, '_, '_> {
    /// Reads the rows that begin in a block of a text that begins at `body`.
    pub(super) fn text_block(&mut self, piece: Piece, body: u64, coding: Coding) -> Result<BlockFacts> {
        let layout = &self.job.layouts[piece.file];
        let mut text = std::mem::take(&mut self.text);
        let own = Stretch { layout, piece, body, coding }.load(self.job.bytes, &mut text)?;
        let mut facts = BlockFacts { bytes: piece.end - piece.start, ..BlockFacts::default() };
        let mut odd: Vec<(u32, &str)> = Vec::new();
        let decoded = coding.decoded(&text[own]);
        facts.lines = self.lines(layout, 0, &decoded, &mut facts, &mut odd)?;
        self.odd_rows(layout, &odd, &mut facts)?;
        drop(decoded);
        self.text = text;
        Ok(facts)
    }
}

/// A block, and what is known of its file.
struct Stretch<'l> {
    layout: &'l Layout,
    piece: Piece,
    body: u64,
    coding: Coding,
}

impl Stretch<'_> {
    /// Loads the block and returns where its own rows stand in `text`.
    fn load(&self, bytes: &dyn Bytes, text: &mut Vec<u8>) -> Result<Range<usize>> {
        let Self { layout, piece, body, coding } = self;
        // One character before the block tells whether its first row begins with it.
        let unit = coding.unit_bytes();
        let before = if piece.start > *body { unit } else { 0 };
        let from = piece.start - before as u64;
        let own = (piece.end - from) as usize;
        let mut wanted = own + TAIL_BYTES;
        let mut loaded = 0;
        loop {
            loaded = fill(bytes, piece.file, from, loaded..wanted, text)?;
            let whole = loaded < wanted;
            let text = &text[..loaded];
            let start = if before == 0 { Some(0) } else { coding.line_end(text, 0) };
            let end = coding.line_end(text, own.saturating_sub(unit)).or(whole.then_some(loaded));
            match (start, end) {
                (Some(start), Some(end)) => return Ok(start.min(end)..end),
                _ if whole => return Ok(0..0),
                _ if wanted > own + ROW_BYTES_MAX => return Err(many_lines(layout)),
                _ => wanted += ROW_BYTES_MAX,
            }
        }
    }
}

/// Reads the bytes of a range of `text`, which is made longer where it has to be; returns where they end.
pub(super) fn fill(
    bytes: &dyn Bytes,
    file: usize,
    from: u64,
    wanted: Range<usize>,
    text: &mut Vec<u8>,
) -> Result<usize> {
    if text.len() < wanted.end {
        text.resize(wanted.end, 0);
    }
    let mut at = wanted.start;
    while at < wanted.end {
        let read = bytes.read_at(file, from + at as u64, &mut text[at..wanted.end]);
        let read = read.map_err(failed("portfolio.read-failed"))?;
        if read == 0 {
            break;
        }
        at += read;
    }
    Ok(at)
}
