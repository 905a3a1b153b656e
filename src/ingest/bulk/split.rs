//! Blocks of a CSV file into records and cells. Separators are found sixteen bytes at a time.

/// Most cells of a record that are looked at; more make it odd.
pub const CELLS_MAX: usize = 32;

/// The separators of one block of text that begins at the start of a record.
#[derive(Debug, Default)]
pub struct Block {
    /// Offsets of commas and line ends.
    ends: Vec<u32>,
    next: usize,
    at: usize,
    line: u32,
}

/// One record: its cells as printed.
#[derive(Debug)]
pub struct Record<'b> {
    /// Line of the block on which it stands; the block's first line is 0.
    pub line: u32,
    /// The whole record without its line end.
    pub text: &'b [u8],
    /// Whether it is as wide as the header and has no quotes but empty ones.
    pub is_plain: bool,
    cells: [&'b [u8]; CELLS_MAX],
}

impl<'b> Record<'b> {
    /// Returns a cell by its index; empty where the table has no such column.
    #[inline]
    pub fn cell(&self, index: Option<u8>) -> &'b [u8] {
        index.map_or(&[], |index| self.cells[usize::from(index) % CELLS_MAX])
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
        self.ends.clear();
        self.next = 0;
        self.at = 0;
        self.line = 0;
        find(text, &mut self.ends);
    }

    /// Returns the lines that were passed.
    pub fn lines(&self) -> u32 {
        self.line
    }

    /// Returns the next record of a table with that many columns.
    #[inline]
    pub fn record<'b>(&mut self, text: &'b [u8], columns: usize) -> Option<Record<'b>> {
        if self.at >= text.len() {
            return None;
        }
        let (start, line) = (self.at, self.line);
        let mut cells: [&[u8]; CELLS_MAX] = [&[]; CELLS_MAX];
        let (mut count, mut plain, mut from) = (0, true, start);
        let end = loop {
            let end = self.ends.get(self.next).map_or(text.len(), |end| *end as usize);
            self.next += 1;
            let last = text.get(end) != Some(&b',');
            let mut cell = &text[from..end];
            if last && cell.last() == Some(&b'\r') {
                cell = &cell[..cell.len() - 1];
            }
            if cell.first() == Some(&b'"') {
                plain &= cell == b"\"\"";
                cell = &[];
            }
            if count < CELLS_MAX {
                cells[count] = cell;
            }
            count += 1;
            if last {
                break end;
            }
            from = end + 1;
        };
        self.at = end + 1;
        self.line += 1;
        let text = text[start..end].strip_suffix(b"\r").unwrap_or(&text[start..end]);
        Some(Record { line, text, is_plain: plain && count == columns, cells })
    }
}

#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
fn find(text: &[u8], ends: &mut Vec<u32>) {
    // SAFETY: the code is only compiled where every processor has SSE2.
    unsafe { find_wide(text, ends) }
}

#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
#[target_feature(enable = "sse2")]
fn find_wide(text: &[u8], ends: &mut Vec<u32>) {
    use std::arch::x86_64::{_mm_cmpeq_epi8, _mm_movemask_epi8, _mm_or_si128, _mm_set_epi64x, _mm_set1_epi8};
    let (comma, line) = (_mm_set1_epi8(b',' as i8), _mm_set1_epi8(b'\n' as i8));
    let (wide, rest) = text.as_chunks::<64>();
    for (index, chunk) in wide.iter().enumerate() {
        let mut mask = 0u64;
        for (part, bytes) in chunk.as_chunks::<16>().0.iter().enumerate() {
            let both = u128::from_le_bytes(*bytes);
            let found = _mm_set_epi64x((both >> 64) as i64, both as i64);
            let hit = _mm_or_si128(_mm_cmpeq_epi8(found, comma), _mm_cmpeq_epi8(found, line));
            mask |= u64::from(_mm_movemask_epi8(hit) as u16) << (part * 16);
        }
        while mask != 0 {
            ends.push((index * 64) as u32 + mask.trailing_zeros());
            mask &= mask - 1;
        }
    }
    find_each(rest, text.len() - rest.len(), ends);
}

#[cfg(not(all(target_arch = "x86_64", target_feature = "sse2")))]
fn find(text: &[u8], ends: &mut Vec<u32>) {
    find_each(text, 0, ends);
}

fn find_each(text: &[u8], base: usize, ends: &mut Vec<u32>) {
    let separators = text.iter().enumerate().filter(|(_, byte)| matches!(byte, b',' | b'\n'));
    ends.extend(separators.map(|(at, _)| (base + at) as u32));
}
