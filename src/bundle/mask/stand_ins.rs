//! Who stands for whom. Numbered in the order of the originals, never computed from them.

use std::collections::{BTreeMap, BTreeSet};

use super::pieces::Kind;
use crate::ingest::parse_cell::msisdn::{fits, is_masked, msisdn};

/// Everything that is to be replaced.
#[derive(Debug, Clone, Default)]
pub struct Originals {
    by_kind: BTreeMap<Kind, BTreeSet<String>>,
}

impl Originals {
    /// Takes up an original as it stands in the papers.
    pub fn add(&mut self, kind: Kind, text: &str) {
        self.by_kind.entry(kind).or_default().insert(key(kind, text));
    }

    fn of(&self, kind: Kind) -> impl Iterator<Item = &String> {
        self.by_kind.get(&kind).into_iter().flatten()
    }
}

/// Stand-ins by kind and original.
#[derive(Debug, Clone, Default)]
pub struct StandIns {
    by_original: BTreeMap<(Kind, String), String>,
}

const STEMS: [&str; 10] = ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸"];

impl StandIns {
    /// Gives every original its stand-in; no stand-in is itself an original.
    pub fn assign(originals: Originals) -> Self {
        let mut taken: BTreeSet<String> = originals.by_kind.values().flatten().cloned().collect();
        let mut assigned = Self::default();
        let (masked, full): (Vec<&String>, Vec<&String>) =
            originals.of(Kind::Number).partition(|number| is_masked(number));
        for number in full {
            let stand_in = free(&mut taken, |count| digits_after(number, prefix_length(number), count));
            assigned.by_original.insert((Kind::Number, number.clone()), stand_in);
        }
        for number in masked {
            let stand_in = assigned.masked_number(number, &mut taken);
            assigned.by_original.insert((Kind::Number, number.clone()), stand_in);
        }
        for id in originals.of(Kind::Id) {
            // An account may be the number of a line.
            let number = assigned.by_original.get(&(Kind::Number, msisdn(id).into_owned())).cloned();
            let stand_in = number.unwrap_or_else(|| free(&mut taken, |count| same_shape(id, count)));
            assigned.by_original.insert((Kind::Id, id.clone()), stand_in);
        }
        for (kind, word) in [(Kind::Name, "用户"), (Kind::Party, "商户"), (Kind::Purpose, "事项")] {
            for text in originals.of(kind) {
                // The same name may stand for a payer and for a payee.
                let known = assigned.by_original.get(&(Kind::Name, text.clone())).cloned();
                let stand_in = known.unwrap_or_else(|| free(&mut taken, |count| named(word, count)));
                assigned.by_original.insert((kind, text.clone()), stand_in);
            }
        }
        assigned
    }

    /// Returns the stand-in of an original. An original that was never taken up is blanked.
    pub fn of(&self, kind: Kind, text: &str) -> &str {
        self.by_original.get(&(kind, key(kind, text))).map_or("", String::as_str)
    }

    /// Returns all pairs: kind, original, stand-in.
    pub fn pairs(&self) -> impl Iterator<Item = (Kind, &str, &str)> {
        self.by_original
            .iter()
            .map(|((kind, original), stand_in)| (*kind, original.as_str(), stand_in.as_str()))
    }

    /// A number with stars stays one that the stand-in of its full number fits.
    fn masked_number(&self, masked: &str, taken: &mut BTreeSet<String>) -> String {
        let mut full =
            self.pairs().filter(|(kind, original, _)| *kind == Kind::Number && fits(masked, original));
        match full.next() {
            Some((_, _, stand_in)) => {
                masked.chars().zip(stand_in.chars()).map(|(m, s)| if m == '*' { '*' } else { s }).collect()
            }
            None => free(taken, |count| {
                let whole = digits_after(&masked.replace('*', "0"), 3.min(masked.len()), count);
                masked.chars().zip(whole.chars()).map(|(m, s)| if m == '*' { '*' } else { s }).collect()
            }),
        }
    }
}

fn key(kind: Kind, text: &str) -> String {
    if kind == Kind::Number { msisdn(text).into_owned() } else { text.trim().to_owned() }
}

fn free(taken: &mut BTreeSet<String>, make: impl Fn(usize) -> String) -> String {
    // Shapes run out only when there are more originals than a shape has values; then the number is appended.
    let tries =
        (1..=100_000).map(|count| if count < 50_000 { make(count) } else { format!("{}{count}", make(1)) });
    let found = tries.into_iter().find(|stand_in| taken.insert(stand_in.clone()));
    found.unwrap_or_default()
}

/// Mobile numbers keep the three digits of their network, landlines their area code.
fn prefix_length(number: &str) -> usize {
    let landline = number.starts_with('0') && !number.starts_with("01") && !number.starts_with("02");
    if landline { 4 } else { 3 }.min(number.len())
}

fn digits_after(number: &str, kept: usize, count: usize) -> String {
    let width = number.len() - kept;
    let tail = format!("{count:0width$}");
    format!("{}{}", &number[..kept], &tail[tail.len().saturating_sub(width)..])
}

/// The same characters in the same places: digits for digits, letters for letters, signs as they are.
fn same_shape(id: &str, count: usize) -> String {
    let mut left = count;
    let mut reversed: Vec<char> = Vec::new();
    let first = id.chars().find(|c| c.is_alphanumeric());
    for c in id.chars().rev() {
        let (alphabet, size) = match c {
            '0'..='9' => ('0', 10),
            'a'..='z' => ('a', 26),
            'A'..='Z' => ('A', 26),
            c if c.is_alphanumeric() => ('某', 1),
            c => (c, 1),
        };
        let step = (left % size) as u32;
        left /= size;
        reversed.push(char::from_u32(u32::from(alphabet) + step).unwrap_or(alphabet));
    }
    let mut shape: Vec<char> = reversed.into_iter().rev().collect();
    // A leading zero would be lost where the id is taken for a number.
    if first.is_some_and(|c| ('1'..='9').contains(&c))
        && let Some(lead) = shape.iter_mut().find(|c| c.is_alphanumeric()).filter(|c| **c == '0')
    {
        *lead = '9';
    }
    shape.into_iter().collect()
}

fn named(word: &str, count: usize) -> String {
    match STEMS.get(count - 1) {
        Some(stem) => format!("{word}{stem}"),
        None => format!("{word}{count}"),
    }
}
