//! A BagIt 1.0 bag: payload, manifests, and what is said about both (RFC 8493).

mod check;

use std::collections::BTreeMap;

use super::archive::Members;
use super::content::Content;

pub use check::{Problem, check};

/// `bagit.txt`, to the byte.
pub const DECLARATION: &str = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";
/// Manifest of the payload.
pub const MANIFEST: &str = "manifest-sha256.txt";
/// Manifest of everything else.
pub const TAG_MANIFEST: &str = "tagmanifest-sha256.txt";
/// What is said about the bag.
pub const INFO: &str = "bag-info.txt";

/// Returns the bag of a payload, whose names begin with `data/`.
///
/// `info` is written in its order; `Payload-Oxum` is added.
pub fn build(payload: Members, info: &[(&str, String)]) -> Members {
    let mut tags: Members = BTreeMap::new();
    tags.insert("bagit.txt".to_owned(), DECLARATION.into());
    tags.insert(INFO.to_owned(), info_text(info, &oxum(payload.values())).into());
    tags.insert(MANIFEST.to_owned(), manifest(&payload).into());
    tags.insert(TAG_MANIFEST.to_owned(), manifest(&tags).into());
    payload.into_iter().chain(tags).collect()
}

/// Returns the lines that `sha256sum` prints for the files, by name.
pub fn manifest(files: &Members) -> String {
    files.iter().map(|(name, bytes)| format!("{}  {name}\n", bytes.sha256())).collect()
}

/// Returns bytes and number of the payload's files, `bytes.files`.
pub fn oxum<'a>(payload: impl Iterator<Item = &'a Content>) -> String {
    let (bytes, files) =
        payload.fold((0, 0), |(bytes, files), file| (bytes + file.length_bytes(), files + 1));
    format!("{bytes}.{files}")
}

fn info_text(info: &[(&str, String)], oxum: &str) -> String {
    let line = |(label, value): (&str, &str)| {
        let value: String = value.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        format!("{label}: {}\n", value.trim())
    };
    let told = info.iter().map(|(label, value)| line((label, value)));
    told.chain([line(("Payload-Oxum", oxum))]).collect()
}
