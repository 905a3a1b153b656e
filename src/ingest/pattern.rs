//! Sentences with blanks: how preambles, footers and descriptions state facts, as data of a format file.
//! `起始时间:{start} 终止时间:{end}` matches anywhere in a text; spaces and square brackets do not count.

use crate::ingest::fold::fold;
use crate::ingest::parse_cell::count::count;
use crate::ingest::parse_cell::date::date;
use crate::ingest::parse_cell::money::{MoneyUnit, money};
use crate::ingest::parse_cell::month::month;
use crate::ingest::parse_cell::msisdn::msisdn;

/// What a blank holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum BlankKind {
    Day,
    Month,
    Number,
    Count,
    Amount,
    Word,
}

/// Blanks by name.
const BLANKS: [(&str, BlankKind); 18] = [
    ("start", BlankKind::Day),
    ("end", BlankKind::Day),
    ("exported", BlankKind::Day),
    ("month", BlankKind::Month),
    ("msisdn", BlankKind::Number),
    ("count", BlankKind::Count),
    ("in_count", BlankKind::Count),
    ("out_count", BlankKind::Count),
    ("neutral_count", BlankKind::Count),
    ("sum", BlankKind::Amount),
    ("in", BlankKind::Amount),
    ("out", BlankKind::Amount),
    ("neutral", BlankKind::Amount),
    ("amount", BlankKind::Amount),
    ("face_value", BlankKind::Amount),
    ("refunded", BlankKind::Amount),
    ("filter", BlankKind::Word),
    ("any", BlankKind::Word),
];

/// Longest text of a blank, in characters.
const BLANK_CHARS_MAX: usize = 40;

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Literal(Vec<char>),
    Blank(&'static str, BlankKind),
}

/// A sentence with blanks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    parts: Vec<Part>,
}

/// A text as patterns see it: folded, without square brackets.
#[derive(Debug)]
pub struct Letters(Vec<char>);

impl Letters {
    /// Returns the letters of a text.
    pub fn of(text: &str) -> Self {
        Self(letters(text))
    }
}

/// What the blanks of a pattern hold, by name.
pub type Filled = Vec<(&'static str, String)>;

impl Pattern {
    /// Returns the pattern of a text with `{name}` blanks; the name of the unknown blank otherwise.
    ///
    /// # Errors
    /// When a blank is not known or not closed.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((literal, after)) = rest.split_once('{') {
            push_literal(&mut parts, literal);
            let (name, behind) = after.split_once('}').ok_or_else(|| after.to_owned())?;
            let blank = BLANKS.iter().find(|(known, _)| *known == name).ok_or_else(|| name.to_owned())?;
            parts.push(Part::Blank(blank.0, blank.1));
            rest = behind;
        }
        push_literal(&mut parts, rest);
        Ok(Self { parts })
    }

    /// Returns what the blanks hold where the pattern first matches in the text.
    pub fn find(&self, text: &str) -> Option<Filled> {
        self.find_in(&Letters::of(text))
    }

    /// The same in a text that is searched for several patterns.
    pub fn find_in(&self, text: &Letters) -> Option<Filled> {
        let text = &text.0[..];
        // Where a letter of its words does not occur at all, the pattern does not match anywhere.
        let words = self.parts.iter().flat_map(|part| match part {
            Part::Literal(literal) => &literal[..],
            Part::Blank(..) => &[],
        });
        if !words.into_iter().all(|letter| *letter == ':' || text.contains(letter)) {
            return None;
        }
        let begins = |start: &usize| {
            let blank = matches!(self.parts.first(), Some(Part::Blank(..)));
            // A blank at the beginning takes whole numbers, never the tail of one.
            !(blank && *start > 0 && continues_number(text[start - 1]))
        };
        (0..text.len()).filter(begins).find_map(|start| {
            let mut filled = Filled::new();
            matches_from(&self.parts, text, start, &mut filled).then_some(filled)
        })
    }
}

fn push_literal(parts: &mut Vec<Part>, literal: &str) {
    let letters: Vec<char> = letters(literal).into_iter().filter(|c| *c != ' ').collect();
    if !letters.is_empty() {
        parts.push(Part::Literal(letters));
    }
}

fn letters(text: &str) -> Vec<char> {
    fold(text).chars().filter(|c| !matches!(c, '[' | ']')).collect()
}

fn matches_from(parts: &[Part], text: &[char], at: usize, filled: &mut Filled) -> bool {
    match parts.split_first() {
        None => true,
        Some((Part::Literal(literal), rest)) => {
            literal_end(literal, text, at).is_some_and(|end| matches_from(rest, text, end, filled))
        }
        Some((Part::Blank(name, kind), rest)) => {
            let start = skip_spaces(text, at);
            let run = text[start..].iter().take(BLANK_CHARS_MAX).take_while(|c| kind.allows(**c)).count();
            (1..=run).rev().any(|length| {
                let value: String = text[start..start + length].iter().collect();
                if !kind.accepts(value.trim()) || cuts_number(text, start + length) {
                    return false;
                }
                filled.push((name, value.trim().to_owned()));
                let fits = matches_from(rest, text, start + length, filled);
                if !fits {
                    filled.pop();
                }
                fits
            })
        }
    }
}

/// Returns whether a value that ends here would be only the head of a longer number or date.
fn cuts_number(text: &[char], end: usize) -> bool {
    let digit_at = |at: usize| text.get(at).is_some_and(char::is_ascii_digit);
    let joined = text.get(end).is_some_and(|c| "-/.:".contains(*c)) && digit_at(end + 1);
    let before = end.checked_sub(1).is_some_and(digit_at);
    // `2025-10-01-2025-10-31`: a hyphen after a whole date separates two dates.
    let dash_between_dates = text.get(end) == Some(&'-') && digits_from(text, end + 1) >= 4;
    digit_at(end) || (before && joined && !dash_between_dates)
}

fn digits_from(text: &[char], at: usize) -> usize {
    text[at.min(text.len())..].iter().take_while(|c| c.is_ascii_digit()).count()
}

fn continues_number(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '-' | '/' | '.')
}

fn literal_end(literal: &[char], text: &[char], at: usize) -> Option<usize> {
    literal.iter().try_fold(at, |at, expected| {
        let at = skip_spaces(text, at);
        match text.get(at) {
            Some(c) if c == expected => Some(at + 1),
            // A label and its value in two cells have no colon between them.
            _ if *expected == ':' && at > 0 => Some(at),
            _ => None,
        }
    })
}

fn skip_spaces(text: &[char], at: usize) -> usize {
    at + text[at.min(text.len())..].iter().take_while(|c| **c == ' ').count()
}

impl BlankKind {
    fn allows(self, c: char) -> bool {
        match self {
            Self::Day | Self::Month => c.is_ascii_digit() || "-/.: T年月日时分秒份".contains(c),
            Self::Number => c.is_ascii_digit() || "*+".contains(c),
            Self::Count => c.is_ascii_digit() || c == ',',
            Self::Amount => c.is_ascii_digit() || ",.-¥".contains(c),
            Self::Word => c != ' ',
        }
    }

    fn accepts(self, text: &str) -> bool {
        match self {
            Self::Day => matches!(date(text), Ok(Some(_))),
            Self::Month => matches!(month(text), Ok(Some(_))) && !matches!(date(text), Ok(Some(_))),
            Self::Number => msisdn(text).len() >= 11,
            Self::Count => matches!(count(text), Ok(Some(_))),
            Self::Amount => matches!(money(text, MoneyUnit::Yuan), Ok(Some(_))),
            Self::Word => true,
        }
    }
}
