//! Row groups of Parquet tables: usage straight from its columns, everything else as the lines that a text would hold.

use crate::error::{Error, ErrorKind, Result};
use crate::ingest::bulk::columns::Rows;
use crate::ingest::bulk::{Groups, Layout};
use crate::model::message::Message;
use crate::model::source::{TableKind, Unusable};
use crate::portfolio::read::text::fill;
use crate::portfolio::read::{BlockFacts, Piece, Worker, aside};

impl Worker<'_, '_, '_> {
    /// Reads the rows of a row group.
    pub(super) fn group(&mut self, piece: Piece, groups: &Groups) -> Result<BlockFacts> {
        let layout = &self.job.layouts[piece.file];
        let refused = |unusable: Unusable| damaged(layout, &unusable);
        let group = piece.start as usize;
        let mut facts = BlockFacts::default();
        let mut loaded = Vec::new();
        for range in groups.ranges(group, layout.wants()).map_err(refused)? {
            let mut bytes = Vec::new();
            let wanted = 0..(range.end - range.start) as usize;
            let end = fill(self.job.bytes, piece.file, range.start, wanted, &mut bytes)?;
            bytes.truncate(end);
            facts.bytes += bytes.len() as u64;
            loaded.push((range.start, bytes));
        }
        let mut open = groups.open(group, layout.wants(), loaded).map_err(refused)?;
        while let Some((count, cells)) = open.next_rows().map_err(refused)? {
            let rows = Rows::new(count, layout.wants(), cells);
            match layout.kind {
                TableKind::Usage => self.usage_rows(layout, &rows, &mut facts)?,
                _ => self.text_rows(layout, &rows, &mut facts)?,
            }
            facts.lines += count as u32;
        }
        Ok(facts)
    }

    fn usage_rows(&mut self, layout: &Layout, rows: &Rows<'_>, facts: &mut BlockFacts) -> Result<()> {
        let first = facts.lines;
        let mut odd: Vec<(u32, Vec<u8>)> = Vec::new();
        for row in 0..rows.count() {
            let line = first + row as u32;
            let taken = match layout.usage.read_row(rows, row, &mut self.days) {
                Some(usage) => {
                    let print = |to: &mut Vec<u8>| _ = rows.write_line(row, to);
                    self.usage_row(&usage, line, facts, print)?
                }
                None => false,
            };
            if !taken {
                let mut text = Vec::new();
                rows.write_line(row, &mut text);
                odd.push((line, text));
            }
        }
        self.quoted_rows(layout, &odd, facts)
    }

    fn text_rows(&mut self, layout: &Layout, rows: &Rows<'_>, facts: &mut BlockFacts) -> Result<()> {
        let first = facts.lines;
        let mut quoted: Vec<(u32, Vec<u8>)> = Vec::new();
        let mut text = std::mem::take(&mut self.text);
        text.clear();
        for row in 0..rows.count() {
            let begins = text.len();
            let plain = rows.write_line(row, &mut text);
            if !plain || is_empty(&text[begins..]) {
                quoted.push((first + row as u32, text.split_off(begins)));
            }
            text.push(b'\n');
        }
        let mut odd: Vec<(u32, &str)> = Vec::new();
        self.lines(layout, first, &text, facts, &mut odd)?;
        self.odd_rows(layout, &odd, facts)?;
        self.text = text;
        self.quoted_rows(layout, &quoted, facts)
    }

    /// Lets the ordinary code read rows that stand on more than one line or were no plain usage.
    fn quoted_rows(
        &mut self,
        layout: &Layout,
        rows: &[(u32, Vec<u8>)],
        facts: &mut BlockFacts,
    ) -> Result<()> {
        let mut odd: Vec<(u32, &str)> = Vec::new();
        for (line, text) in rows.iter().filter(|(_, text)| !is_empty(text)) {
            facts.rows += 1;
            match std::str::from_utf8(text) {
                Ok(text) => odd.push((*line, text)),
                Err(_) => facts.aside.push(aside(layout, *line, "portfolio.row.not-text")),
            }
        }
        self.odd_rows(layout, &odd, facts)
    }
}

/// Returns whether no cell of a line holds anything.
fn is_empty(line: &[u8]) -> bool {
    line.iter().all(|byte| *byte == b',' || byte.is_ascii_whitespace())
}

fn damaged(layout: &Layout, unusable: &Unusable) -> Error {
    let message = Message::new("portfolio.damaged-table").text("path", &layout.path);
    let message = message.message("reason", unusable.message.clone());
    Error::new(ErrorKind::Input, message).with_help(unusable.help.clone())
}
