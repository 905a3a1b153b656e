//! Blocks of a CSV file into records and cells. Separators are found sixteen bytes at a time.

/// Most cells of a record that are looked at; more make it odd.
pub const CELLS_MAX: usize = 32;

/// The separators of one block of text that begins at the start of a record.
#[derive(Debug, Default)]
pub struct Block {
    found: Separators,
    /// First separator of the next record.
    next: usize,
    /// First quote of the next record.
    quote: usize,
    at: usize,
    line: u32,
}

/// Where the separators of a text stand. The lists keep their lengths from text to text; what counts is in front.
#[derive(Debug, Default)]
struct Separators {
    /// Offsets of commas and line ends.
    ends: Vec<u32>,
    ends_count: usize,
    /// Which of them are line ends.
    lines: Vec<u32>,
    lines_count: usize,
    /// Offsets of quotes.
    quotes: Vec<u32>,
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
    block: &'b [u8],
    /// Where the record begins in its block.
    start: usize,
    /// Where its cells end in the block; the last one's end may lie behind a carriage return.
    ends: &'e [u32],
    has_quotes: bool,
}

impl<'b> Record<'b, '_> {
    /// Returns a cell by its index; empty where the table has no such column.
    #[inline(always)]
    pub fn cell(&self, index: Option<u8>) -> &'b [u8] {
        let Some(index) = index.map(usize::from) else { return &[] };
        let Some(to) = self.ends.get(index) else { return &[] };
        let from = if index == 0 { self.start } else { self.ends[index - 1] as usize + 1 };
        let to = (*to as usize).min(self.start + self.text.len());
        let cell = self.block.get(from..to).unwrap_or_default();
        if self.has_quotes && cell.first() == Some(&b'"') { &[] } else { cell }
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
        (self.next, self.quote, self.at, self.line) = (0, 0, 0, 0);
        self.found.begin(text.len());
        find(text, &mut self.found);
        // The last record may end with the text.
        if text.last().is_some_and(|last| *last != b'\n') {
            self.found.add(text.len(), true);
        }
    }

    /// Returns the lines that were passed.
    pub fn lines(&self) -> u32 {
        self.line
    }

    /// Returns the next record of a table with that many columns; `text` is the one that was opened.
    #[inline]
    pub fn record<'b, 'e>(&'e mut self, text: &'b [u8], columns: usize) -> Option<Record<'b, 'e>> {
        let last = *self.found.lines[..self.found.lines_count].get(self.line as usize)? as usize;
        let ends = self.found.ends.get(self.next..=last)?;
        let (start, line, end) = (self.at, self.line, *ends.last()? as usize);
        self.next = last + 1;
        self.at = end + 1;
        self.line += 1;
        let quotes = self.found.quotes.get(self.quote..).unwrap_or_default();
        let quotes = &quotes[..quotes.iter().take_while(|at| **at < end as u32).count()];
        self.quote += quotes.len();
        let own = text.get(start..end)?;
        let own = own.strip_suffix(b"\r").unwrap_or(own);
        let is_plain = ends.len() == columns && are_empty_cells(text, quotes);
        Some(Record { line, text: own, is_plain, block: text, start, ends, has_quotes: !quotes.is_empty() })
    }
}

/// Returns whether no cell begins with a quote, but for empty ones; quotes inside of a cell mean nothing.
#[inline]
fn are_empty_cells(text: &[u8], quotes: &[u32]) -> bool {
    let mut quotes = quotes.iter().map(|at| *at as usize);
    while let Some(open) = quotes.next() {
        let before = open.checked_sub(1).and_then(|at| text.get(at));
        if before.is_none_or(|byte| matches!(byte, b',' | b'\n')) {
            let behind = text.get(open + 2);
            let closes = behind.is_none_or(|byte| matches!(byte, b',' | b'\n' | b'\r'));
            if quotes.next() != Some(open + 1) || !closes {
                return false;
            }
        }
    }
    true
}

impl Separators {
    /// Makes place for the separators of so many bytes.
    fn begin(&mut self, length_bytes: usize) {
        // A whole word of them may be written behind the last one.
        let most = length_bytes + 2 * WIDE;
        if self.ends.len() < most {
            self.ends.resize(most, 0);
            self.lines.resize(most, 0);
        }
        (self.ends_count, self.lines_count) = (0, 0);
        self.quotes.clear();
    }

    #[inline]
    fn add(&mut self, at: usize, is_line: bool) {
        self.ends[self.ends_count] = at as u32;
        self.lines[self.lines_count] = self.ends_count as u32;
        self.ends_count += 1;
        self.lines_count += usize::from(is_line);
    }

    /// Adds the separators of the bytes at `base`, given by a bit each.
    #[inline]
    fn add_all(&mut self, base: usize, ends: u64, mut lines: u64) {
        while lines != 0 {
            let before = ends & ((1 << lines.trailing_zeros()) - 1);
            self.lines[self.lines_count] = self.ends_count as u32 + before.count_ones();
            self.lines_count += 1;
            lines &= lines - 1;
        }
        let places = self.ends.get_mut(self.ends_count..).and_then(|rest| rest.first_chunk_mut::<WIDE>());
        let Some(places) = places else { return };
        let (mut count, mut left) = (0, ends);
        while left != 0 {
            places[count % WIDE] = base as u32 + left.trailing_zeros();
            count += 1;
            left &= left - 1;
        }
        self.ends_count += count;
    }
}

/// Bytes that are looked at together.
const WIDE: usize = 64;

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
    let (wide, rest) = text.as_chunks::<WIDE>();
    for (index, chunk) in wide.iter().enumerate() {
        let (mut ends, mut lines, mut quotes) = (0u64, 0u64, 0u64);
        for (part, bytes) in chunk.as_chunks::<16>().0.iter().enumerate() {
            let both = u128::from_le_bytes(*bytes);
            let bytes = _mm_set_epi64x((both >> 64) as i64, both as i64);
            let of_lines = _mm_cmpeq_epi8(bytes, line);
            ends |= bits(_mm_or_si128(_mm_cmpeq_epi8(bytes, comma), of_lines), part);
            lines |= bits(of_lines, part);
            quotes |= bits(_mm_cmpeq_epi8(bytes, quote), part);
        }
        found.add_all(index * WIDE, ends, lines);
        while quotes != 0 {
            found.quotes.push((index * WIDE) as u32 + quotes.trailing_zeros());
            quotes &= quotes - 1;
        }
    }
    find_each(rest, text.len() - rest.len(), found);
}

#[cfg(not(all(target_arch = "x86_64", target_feature = "sse2")))]
fn find(text: &[u8], found: &mut Separators) {
    find_each(text, 0, found);
}

fn find_each(text: &[u8], base: usize, found: &mut Separators) {
    for (at, byte) in text.iter().enumerate() {
        match byte {
            b'"' => found.quotes.push((base + at) as u32),
            b',' | b'\n' => found.add(base + at, *byte == b'\n'),
            _ => {}
        }
    }
}
