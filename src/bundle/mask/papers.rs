//! The papers, cell by cell: what each holds, and what takes its place.

use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, MatchKind};

use super::Paper;
use super::pieces::{self, Kind, Piece};
use super::stand_ins::{Originals, StandIns};
use super::vocabulary::{holds, vocabulary};
use crate::ingest::cells::{ColumnRole, SheetCells, TableCells};
use crate::model::sheet::Row;
use crate::model::source::TableKind;

/// Shortest word that is replaced wherever it stands, in characters.
const KNOWN_CHARS_MIN: usize = 2;
/// Shortest id that is replaced wherever it stands, in characters.
const KNOWN_ID_CHARS_MIN: usize = 6;

/// Takes up everything in a paper that is to be replaced.
pub fn collect(paper: &Paper, originals: &mut Originals) {
    for piece in pieces::of_text(&paper.path) {
        take(&piece, originals);
    }
    let Some(cells) = &paper.cells else { return };
    for sheet in &cells.sheets {
        let name = sheet.sheet.name.as_deref().unwrap_or_default();
        for text in sheet.preface.iter().map(String::as_str).chain([name]) {
            pieces::of_text(text).iter().for_each(|piece| take(piece, originals));
        }
        for row in sheet.sheet.rows() {
            for (_, treatment) in treatments(sheet, row) {
                treatment.pieces().iter().for_each(|piece| take(piece, originals));
            }
        }
    }
}

fn take(piece: &Piece<'_>, originals: &mut Originals) {
    if let Piece::Replace(kind, text) = piece {
        originals.add(*kind, text);
    }
}

/// What happens to a cell.
pub enum Treatment<'t> {
    /// It stays: a time, an amount, a word of the layout.
    Stays(&'t str),
    /// It is blanked. What is in it may stand elsewhere too, and is replaced there; nothing where nobody knows what it is.
    Blank(Vec<Piece<'t>>),
    /// Parts of it are replaced.
    Parts(Vec<Piece<'t>>),
}

impl Treatment<'_> {
    fn pieces(&self) -> &[Piece<'_>] {
        match self {
            Treatment::Parts(pieces) | Treatment::Blank(pieces) => pieces,
            Treatment::Stays(_) => &[],
        }
    }
}

/// Returns what happens to each cell of a row, by 1-based column.
pub fn treatments<'t>(sheet: &'t SheetCells, row: Row<'t>) -> Vec<(u16, Treatment<'t>)> {
    let number = row.number();
    let width = row.width().min(usize::from(u16::MAX)) as u16;
    let table = sheet.tables.iter().rev().find(|table| (table.header_row..=table.last_row).contains(&number));
    let mut after_label = false;
    let mut all = Vec::new();
    for column in 1..=width {
        let text = row.cell(usize::from(column));
        let treatment = match table {
            Some(table) if table.header_row == number => Treatment::Stays(text),
            Some(table) => in_table(table, column, row, text),
            None if after_label && !text.trim().is_empty() => {
                Treatment::Parts(pieces::whole(if text.is_ascii() { Kind::Id } else { Kind::Name }, text))
            }
            None => Treatment::Parts(pieces::of_text(text)),
        };
        after_label = pieces::is_label(text) || (after_label && text.trim().is_empty());
        all.push((column, treatment));
    }
    all
}

fn in_table<'t>(table: &TableCells, column: u16, row: Row<'t>, text: &'t str) -> Treatment<'t> {
    let words = vocabulary();
    let known = table.columns.iter().find(|(number, ..)| *number == column);
    let Some((_, header, role)) = known else { return Treatment::Parts(pieces::of_text(text)) };
    let is = |fields: &[String], field: &String| fields.contains(field);
    match role {
        ColumnRole::Field(field) if is(&words.numbers, field) => Treatment::Parts(pieces::of_number(text)),
        ColumnRole::Field(field) if is(&words.ids, field) => Treatment::Parts(pieces::whole(Kind::Id, text)),
        ColumnRole::Field(field) if is(&words.parties, field) => {
            let company = holds(&words.companies, text);
            Treatment::Parts(if company { pieces::of_text(text) } else { pieces::whole(Kind::Party, text) })
        }
        ColumnRole::Field(field) if is(&words.texts, field) => {
            let private =
                table.kind == TableKind::Payments && field == "description" && !concerns_a_line(table, row);
            Treatment::Parts(if private { pieces::whole(Kind::Purpose, text) } else { pieces::of_text(text) })
        }
        // A footer may begin in any column.
        ColumnRole::Field(_) if text.contains([':', '：']) && !text.is_ascii() => {
            Treatment::Parts(pieces::of_text(text))
        }
        ColumnRole::Field(_) => Treatment::Stays(text),
        ColumnRole::Context | ColumnRole::Unknown if pieces::is_label(header) => {
            Treatment::Blank(pieces::of_label(text))
        }
        ColumnRole::Context if !holds(&words.blank, header) => Treatment::Parts(pieces::of_text(text)),
        ColumnRole::Context | ColumnRole::Unknown => Treatment::Blank(Vec::new()),
    }
}

/// Whether a payment may have to do with a phone line: then its purpose is needed.
fn concerns_a_line(table: &TableCells, row: Row<'_>) -> bool {
    let tells = |role: &ColumnRole| matches!(role, ColumnRole::Field(field) if field == "payee" || field == "description");
    let mut told = table
        .columns
        .iter()
        .filter(|(.., role)| tells(role))
        .map(|(column, ..)| row.cell(usize::from(*column)));
    told.any(|cell| holds(&vocabulary().companies, cell))
}

/// Puts the stand-ins in place.
pub struct Rewriter<'s> {
    stand_ins: &'s StandIns,
    known: Option<AhoCorasick>,
    replacements: Vec<&'s str>,
}

impl<'s> Rewriter<'s> {
    /// Returns a rewriter that also replaces words known from one place wherever else they stand.
    pub fn new(stand_ins: &'s StandIns) -> Self {
        let long = |kind: Kind, text: &str| {
            let enough = if kind == Kind::Id { KNOWN_ID_CHARS_MIN } else { KNOWN_CHARS_MIN };
            kind != Kind::Purpose && text.chars().count() >= enough
        };
        let words: BTreeMap<&str, &str> = stand_ins
            .pairs()
            .filter(|(kind, original, _)| long(*kind, original))
            .map(|(_, original, stand_in)| (original, stand_in))
            .collect();
        let known = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(words.keys());
        Self { stand_ins, known: known.ok(), replacements: words.into_values().collect() }
    }

    /// Returns the text of a cell in the copy.
    pub fn cell(&self, treatment: &Treatment<'_>) -> String {
        match treatment {
            Treatment::Stays(text) => (*text).to_owned(),
            Treatment::Blank(_) => String::new(),
            Treatment::Parts(pieces) => self.pieces(pieces),
        }
    }

    /// Returns free text with everything replaced that is known or recognised.
    pub fn free_text(&self, text: &str) -> String {
        self.pieces(&pieces::of_text(text))
    }

    /// Returns the name of a file or sheet in the copy.
    pub fn name(&self, name: &str) -> String {
        self.free_text(name)
    }

    /// Returns the stand-in of an original.
    pub fn stand_in(&self, kind: Kind, text: &str) -> String {
        self.stand_ins.of(kind, text).to_owned()
    }

    fn pieces(&self, pieces: &[Piece<'_>]) -> String {
        let piece = |piece: &Piece<'_>| match piece {
            Piece::Keep(text) => self.known_words(text),
            Piece::Replace(kind, text) => self.stand_in(*kind, text),
        };
        pieces.iter().map(piece).collect()
    }

    fn known_words(&self, text: &str) -> String {
        match &self.known {
            Some(known) => known.replace_all(text, &self.replacements),
            None => text.to_owned(),
        }
    }
}
