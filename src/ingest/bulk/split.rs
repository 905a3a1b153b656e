//! Blocks of a CSV file into records and cells. Separators are found sixteen bytes at a time.

/// Most cells of a record that are looked at; more make it odd.
pub const CELLS_MAX: usize = 32;

/// The separators of one block of text that begins at the start of a record.
#[derive(Debug, Default)]
pub struct Block {
    found: Separators,
    /// First separator of the next record.
    next: usize,
    at: usize,
    line: u32,
}

/// Where the separators of a text stand.
#[derive(Debug, Default)]
struct Separators {
    /// Offsets of commas and line ends.
    ends: Vec<u32>,
    /// Which of them are line ends.
    lines: Vec<u32>,
    /// Whether the text holds a quote anywhere.
    has_quotes: bool,
}

/// One record: its cells as printed.
#[derive(Debug)]
pub struct Record<'b, 'e> {
    /// Line of the block on which it stands; the block's first line is 0.
    pub line: u32,
    /// The whole record without its line end.
    pub text: &'b [u8],
    /// Whether it is as wide as the header and has no quotes but empty ones.
    pub is_plain: bool,
    /// Where the record begins in its block.
    start: usize,
    /// Where its cells end in the block.
    ends: &'e [u32],
    has_quotes: bool,
}

impl<'b> Record<'b, '_> {
    /// Returns a cell by its index; empty where the table has no such column.
    #[inline]
    pub fn cell(&self, index: Option<u8>) -> &'b [u8] {
        let Some(index) = index.map(usize::from) else { return &[] };
        let from = if index == 0 {
            0
        } else {
            self.ends.get(index - 1).map_or(usize::MAX, |end| self.place(*end) + 1)
        };
        let to = self.ends.get(index).map_or(0, |end| self.place(*end));
        // The end of the last cell may lie behind a carriage return.
        let cell = self.text.get(from..to.min(self.text.len())).unwrap_or_default();
        if self.has_quotes && cell.first() == Some(&b'"') { &[] } else { cell }
    }

    #[inline]
    fn place(&self, end: u32) -> usize {
        end as usize - self.start
    }

    /// Returns whether no cell begins with a quote, but for empty ones.
    fn has_plain_cells(&self) -> bool {
        let mut cells = self.text.split(|byte| *byte == b',');
        cells.all(|cell| cell.first() != Some(&b'"') || cell == b"\"\"")
    }

    /// Returns whether nothing stands in it.
    pub fn is_blank(&self) -> bool {
        self.text.iter().all(u8::is_ascii_whitespace)
    }

    /// Returns whether a quoted cell goes on in the next line.
    pub fn is_unclosed(&self) -> bool {
        !self.is_plain && self.text.iter().filter(|byte| **byte == b'"').count() % 2 == 1
    }
}

impl Block {
    /// Finds the separators of `text`; the memory of the block before is used again.
    pub fn open(&mut self, text: &[u8]) {
        self.found.ends.clear();
        self.found.lines.clear();
        self.found.has_quotes = false;
        self.next = 0;
        self.at = 0;
        self.line = 0;
        find(text, &mut self.found);
        // The last record may end with the text.
        if text.last().is_some_and(|last| *last != b'\n') {
            self.found.lines.push(self.found.ends.len() as u32);
            self.found.ends.push(text.len() as u32);
        }
    }

    /// Returns the lines that were passed.
    pub fn lines(&self) -> u32 {
        self.line
    }

    /// Returns the next record of a table with that many columns; `text` is the one that was opened.
    #[inline]
    pub fn record<'b, 'e>(&'e mut self, text: &'b [u8], columns: usize) -> Option<Record<'b, 'e>> {
        let last = *self.found.lines.get(self.line as usize)? as usize;
        let ends = self.found.ends.get(self.next..=last)?;
        let (start, line, end) = (self.at, self.line, *ends.last()? as usize);
        self.next = last + 1;
        self.at = end + 1;
        self.line += 1;
        let text = text.get(start..end)?;
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        let has_quotes = self.found.has_quotes;
        let mut record = Record { line, text, is_plain: ends.len() == columns, start, ends, has_quotes };
        record.is_plain &= !has_quotes || record.has_plain_cells();
        Some(record)
    }
}

#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
fn find(text: &[u8], found: &mut Separators) {
    // SAFETY: the code is only compiled where every processor has SSE2.
    unsafe { find_wide(text, found) }
}

#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
#[target_feature(enable = "sse2")]
fn find_wide(text: &[u8], found: &mut Separators) {
    use std::arch::x86_64::{
        __m128i, _mm_cmpeq_epi8, _mm_movemask_epi8, _mm_or_si128, _mm_set_epi64x, _mm_set1_epi8,
    };
    let all = |byte: u8| _mm_set1_epi8(byte as i8);
    let (comma, line, quote) = (all(b','), all(b'\n'), all(b'"'));
    let bits = |hits: __m128i, part: usize| u64::from(_mm_movemask_epi8(hits) as u16) << (part * 16);
    let (wide, rest) = text.as_chunks::<64>();
    let mut quotes = 0u64;
    for (index, chunk) in wide.iter().enumerate() {
        let (mut mask, mut lines) = (0u64, 0u64);
        for (part, bytes) in chunk.as_chunks::<16>().0.iter().enumerate() {
            let both = u128::from_le_bytes(*bytes);
            let bytes = _mm_set_epi64x((both >> 64) as i64, both as i64);
            let ends = _mm_cmpeq_epi8(bytes, line);
            mask |= bits(_mm_or_si128(_mm_cmpeq_epi8(bytes, comma), ends), part);
            lines |= bits(ends, part);
            quotes |= bits(_mm_cmpeq_epi8(bytes, quote), part);
        }
        let before = found.ends.len() as u32;
        while lines != 0 {
            let below = (1u64 << lines.trailing_zeros()) - 1;
            found.lines.push(before + (mask & below).count_ones());
            lines &= lines - 1;
        }
        while mask != 0 {
            found.ends.push((index * 64) as u32 + mask.trailing_zeros());
            mask &= mask - 1;
        }
    }
    found.has_quotes = quotes != 0;
    find_each(rest, text.len() - rest.len(), found);
}

#[cfg(not(all(target_arch = "x86_64", target_feature = "sse2")))]
fn find(text: &[u8], found: &mut Separators) {
    find_each(text, 0, found);
}

fn find_each(text: &[u8], base: usize, found: &mut Separators) {
    for (at, byte) in text.iter().enumerate() {
        found.has_quotes |= *byte == b'"';
        if *byte == b'\n' {
            found.lines.push(found.ends.len() as u32);
        }
        if matches!(byte, b',' | b'\n') {
            found.ends.push((base + at) as u32);
        }
    }
}
