//! Whether a bag is whole: every problem with the file it is about and the reason.

use std::collections::{BTreeMap, BTreeSet};

use super::{DECLARATION, INFO, MANIFEST, Members, TAG_MANIFEST, oxum};
use crate::bundle::content::Content;
use crate::bundle::member_name::{fault, folded};
use crate::model::message::Message;

/// Longest tag file: the manifest of as many files as a bundle may hold, with long names.
const TEXT_BYTES_MAX: u64 = 64 << 20;

/// Something that keeps a bag from being whole.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// File that it is about, below the root; none for the bag as a whole.
    pub member: Option<String>,
    /// Stable code, e.g. `hash-differs`; its words are `bundle.problem.<code>`.
    pub code: &'static str,
    /// What was stated, where there is something to compare.
    pub stated: String,
    /// What was found.
    pub found: String,
}

impl Problem {
    /// Returns a problem of a file.
    pub fn of(member: &str, code: &'static str) -> Self {
        Self { member: Some(member.to_owned()), code, stated: String::new(), found: String::new() }
    }

    /// Returns a problem of the whole bag.
    pub fn whole(code: &'static str) -> Self {
        Self { member: None, code, stated: String::new(), found: String::new() }
    }

    /// Returns the same problem with what was stated and what was found.
    pub fn compared(self, stated: impl ToString, found: impl ToString) -> Self {
        Self { stated: stated.to_string(), found: found.to_string(), ..self }
    }

    /// Returns the problem in a sentence that is still without words.
    pub fn message(&self) -> Message {
        Message::new(format!("bundle.problem.{}", self.code))
            .text("stated", &self.stated)
            .text("found", &self.found)
    }
}

/// Checks the files of a ZIP as a bag. Returns its files below the root folder and every problem, by file.
///
/// No files at all when there is no bag in it.
pub fn check(members: &Members) -> (Members, Vec<Problem>) {
    let Some(root) = root(members) else { return (Members::new(), vec![Problem::whole("no-bag")]) };
    let below =
        |(name, bytes): (&String, &Content)| Some((name.strip_prefix(&root)?.to_owned(), bytes.clone()));
    let files: Members = members.iter().filter_map(below).collect();
    let mut problems = Vec::new();
    let outside = members.keys().filter(|name| !name.starts_with(&root));
    problems.extend(outside.map(|name| Problem::of(name, "outside-bag")));
    declaration(&files, &mut problems);
    payload(&files, &mut problems);
    tags(&files, &mut problems);
    info(&files, &mut problems);
    problems.sort();
    problems.dedup();
    (files, problems)
}

/// The one folder that holds `bagit.txt`, with its slash.
fn root(members: &Members) -> Option<String> {
    let mut roots = members.keys().filter_map(|name| name.strip_suffix("bagit.txt"));
    let mut found = roots.by_ref().filter(|root| root.ends_with('/') && root.matches('/').count() == 1);
    let root = found.next()?.to_owned();
    found.next().is_none().then_some(root)
}

fn declaration(files: &Members, problems: &mut Vec<Problem>) {
    let Some(text) = text("bagit.txt", files, problems) else { return };
    if text != DECLARATION {
        let version = text.lines().next().unwrap_or_default().chars().take(60).collect::<String>();
        problems.push(Problem::of("bagit.txt", "declaration").compared("BagIt-Version: 1.0", version));
    }
}

fn payload(files: &Members, problems: &mut Vec<Problem>) {
    // A manifest that cannot be read lists nothing; that every file is missing from it need not be said.
    let Some(listed) = listed(MANIFEST, files, problems) else { return };
    for name in listed.keys().filter(|name| !name.starts_with("data/")) {
        problems.push(Problem::of(name, "manifest-not-payload"));
    }
    compare(&listed, files, problems);
    for name in files.keys().filter(|name| name.starts_with("data/") && !listed.contains_key(*name)) {
        problems.push(Problem::of(name, "not-listed"));
    }
}

fn tags(files: &Members, problems: &mut Vec<Problem>) {
    let listed = listed(TAG_MANIFEST, files, problems);
    let unreadable = listed.is_none();
    let listed = listed.unwrap_or_default();
    for name in listed.keys().filter(|name| name.starts_with("data/")) {
        problems.push(Problem::of(name, "manifest-not-tag"));
    }
    compare(&listed, files, problems);
    for name in files.keys().filter(|name| !name.starts_with("data/")) {
        if name == "fetch.txt" {
            problems.push(Problem::of(name, "fetch"));
        } else if is_manifest(name) && name != MANIFEST && name != TAG_MANIFEST {
            problems.push(Problem::of(name, "other-manifest"));
        } else if !unreadable && name != TAG_MANIFEST && !listed.contains_key(name) {
            problems.push(Problem::of(name, "not-listed"));
        }
    }
}

fn is_manifest(name: &str) -> bool {
    !name.contains('/') && (name.starts_with("manifest-") || name.starts_with("tagmanifest-"))
}

fn compare(listed: &BTreeMap<String, String>, files: &Members, problems: &mut Vec<Problem>) {
    for (name, stated) in listed {
        match files.get(name).map(Content::sha256) {
            None => problems.push(Problem::of(name, "missing")),
            Some(found) if found != *stated => {
                problems.push(Problem::of(name, "hash-differs").compared(stated, found));
            }
            Some(_) => {}
        }
    }
}

/// The lines of a manifest: checksum by file; nothing when it is no readable text.
fn listed(manifest: &str, files: &Members, problems: &mut Vec<Problem>) -> Option<BTreeMap<String, String>> {
    let text = text(manifest, files, problems)?;
    let mut listed = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for (index, line) in text.lines().enumerate() {
        let Some((hash, name)) = manifest_line(line) else {
            problems.push(Problem::of(manifest, "manifest-line").compared(index + 1, ""));
            continue;
        };
        if let Some(fault) = fault(name) {
            problems.push(Problem::of(name, fault.code()));
        } else if !seen.insert(folded(name)) {
            problems.push(Problem::of(name, "listed-twice"));
        } else {
            listed.insert(name.to_owned(), hash.to_lowercase());
        }
    }
    Some(listed)
}

fn manifest_line(line: &str) -> Option<(&str, &str)> {
    let (hash, name) = line.split_at_checked(64)?;
    let name = name.strip_prefix("  ").or_else(|| name.strip_prefix(" *"))?;
    (hash.bytes().all(|b| b.is_ascii_hexdigit()) && !name.is_empty()).then_some((hash, name))
}

fn info(files: &Members, problems: &mut Vec<Problem>) {
    let Some(text) = text(INFO, files, problems) else { return };
    let mut stated = Vec::new();
    for (index, line) in text.lines().enumerate() {
        match line.split_once(": ") {
            Some((label, _)) if label.is_empty() || label.starts_with(' ') => {
                problems.push(Problem::of(INFO, "info-line").compared(index + 1, ""));
            }
            Some((label, value)) if label.eq_ignore_ascii_case("Payload-Oxum") => {
                stated.push(value.to_owned())
            }
            Some(_) => {}
            None => problems.push(Problem::of(INFO, "info-line").compared(index + 1, "")),
        }
    }
    let found = oxum(files.iter().filter(|(name, _)| name.starts_with("data/")).map(|(_, bytes)| bytes));
    match stated.as_slice() {
        [one] if *one == found => {}
        [one] => problems.push(Problem::of(INFO, "oxum").compared(one, found)),
        _ => problems.push(Problem::of(INFO, "oxum-count").compared(stated.len(), found)),
    }
}

/// The text of a tag file. Marks and line ends that other programs read otherwise are refused.
fn text(name: &str, files: &Members, problems: &mut Vec<Problem>) -> Option<String> {
    let text = files.get(name).ok_or("missing").and_then(text_of);
    text.map_err(|code| problems.push(Problem::of(name, code))).ok()
}

fn text_of(content: &Content) -> Result<String, &'static str> {
    if content.length_bytes() > TEXT_BYTES_MAX {
        return Err("too-long");
    }
    let bytes = content.bytes().map_err(|_| "damaged")?;
    let marks: [&[u8]; 3] = [b"\xEF\xBB\xBF", b"\xFF\xFE", b"\xFE\xFF"];
    if marks.iter().any(|mark| bytes.starts_with(mark)) {
        Err("byte-order-mark")
    } else if bytes.contains(&b'\r') {
        Err("line-ends")
    } else if !bytes.ends_with(b"\n") {
        Err("no-last-line-end")
    } else {
        String::from_utf8(bytes.into_owned()).map_err(|_| "not-utf8")
    }
}
