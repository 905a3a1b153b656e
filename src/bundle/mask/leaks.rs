//! The last look before a masked copy leaves: every byte of every file is searched for every original.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::sync::Arc;

use aho_corasick::AhoCorasick;
use encoding_rs::GB18030;
use flate2::read::ZlibDecoder;

use super::pieces::Kind;
use super::stand_ins::StandIns;
use crate::bundle::archive::{self, Members};
use crate::bundle::content::{Content, Source};
use crate::bundle::pack::RULES;
use crate::embedded;

/// Shortest original that is searched for, in bytes: shorter ones stand in any text by chance.
const BYTES_MIN: usize = 5;
/// Shorter numbers count only where no other letter or digit touches them: a checksum holds any five digits.
const LOOSE_BYTES_MIN: usize = 8;

/// Most bytes of a stream that are looked at.
const STREAM_BYTES_MAX: u64 = 64 << 20;

/// Returns the files that still hold an original, as it stands or in another encoding, also inside workbooks.
pub fn find(members: &Members, stand_ins: &StandIns) -> Vec<String> {
    let needles = needles(stand_ins);
    let Ok(search) = AhoCorasick::new(&needles) else { return members.keys().cloned().collect() };
    let holds = |bytes: &[u8]| {
        search.find_overlapping_iter(bytes).any(|found| {
            let loose = found.end() - found.start() >= LOOSE_BYTES_MIN;
            let touches =
                |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_alphanumeric);
            loose || !(touches(found.start().checked_sub(1)) || touches(Some(found.end())))
        })
    };
    let found = members
        .iter()
        .filter(|(name, content)| is_of_case(name) && (holds(name.as_bytes()) || leaks(content, &holds)));
    found.map(|(name, _)| name.clone()).collect()
}

/// What cannot be read cannot be cleared.
fn leaks(content: &Content, holds: &dyn Fn(&[u8]) -> bool) -> bool {
    content.bytes().map_or(true, |bytes| inside(&bytes, holds))
}

fn inside(bytes: &[u8], holds: &dyn Fn(&[u8]) -> bool) -> bool {
    let source: Arc<dyn Source> = Arc::new(bytes.to_vec());
    let packed = bytes.starts_with(b"PK\x03\x04").then(|| archive::read(&source).ok()).flatten();
    let parts = packed.map(|(parts, _)| parts).unwrap_or_default();
    holds(bytes)
        || parts.values().any(|part| part.bytes().map_or(true, |bytes| holds(&bytes)))
        || pdf_streams(bytes).iter().any(|part| holds(part))
}

/// Laws, holidays and built-in plans are the same for everybody.
fn is_of_case(name: &str) -> bool {
    let general = ["laws.toml", "holidays.toml", "program.txt"].map(|file| format!("{RULES}/{file}"));
    !general.iter().any(|file| file == name) && !name.starts_with(&format!("{RULES}/plans/built-in/"))
}

fn needles(stand_ins: &StandIns) -> Vec<Vec<u8>> {
    let mut needles = BTreeSet::new();
    let of_program: BTreeMap<&str, &str> = embedded::below("").collect();
    for (kind, original, stand_in) in stand_ins.pairs() {
        // What a payment was for, and words that the program itself uses, tell nothing about anybody.
        let common = !original.bytes().any(|b| b.is_ascii_digit())
            && of_program.values().any(|text| text.contains(original));
        if kind == Kind::Purpose || common || original == stand_in || original.len() < BYTES_MIN {
            continue;
        }
        needles.insert(original.as_bytes().to_vec());
        needles.insert(original.encode_utf16().flat_map(u16::to_le_bytes).collect());
        needles.insert(original.encode_utf16().flat_map(u16::to_be_bytes).collect());
        needles.insert(GB18030.encode(original).0.into_owned());
    }
    needles.retain(|needle: &Vec<u8>| needle.len() >= BYTES_MIN);
    needles.into_iter().collect()
}

/// The inflated streams of a PDF.
fn pdf_streams(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut streams = Vec::new();
    let mut rest = if bytes.starts_with(b"%PDF") { bytes } else { &[] };
    while let Some(at) = find_word(rest, b"stream") {
        rest = &rest[at + b"stream".len()..];
        let body = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n")).unwrap_or(rest);
        let mut inflated = Vec::new();
        // What does not inflate is no packed stream; its bytes were searched as they stand.
        if ZlibDecoder::new(body).take(STREAM_BYTES_MAX).read_to_end(&mut inflated).is_ok() {
            streams.push(inflated);
        }
    }
    streams
}

fn find_word(bytes: &[u8], word: &[u8]) -> Option<usize> {
    bytes.windows(word.len()).position(|window| window == word)
}
