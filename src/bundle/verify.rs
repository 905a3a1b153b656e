//! Checking a bundle: whole as a bag, and the same report when everything is computed again from its originals.

mod differences;

use std::borrow::Cow;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use super::archive::{self, Members, Same};
use super::bag::{self, Problem};
use super::case_set::{CaseMember, CaseSet, Role, Settings};
use super::content::{self, Content, Source};
use super::manifest::{Manifest, Program, pretty};
use super::pack::{self, ORIGINALS, Packed, RUN};
use super::signature::SignatureCheck;
use super::timestamp::TimestampCheck;
use crate::error::{Error, ErrorKind, Result};
use crate::model::message::Message;
use crate::render::outputs::Format;
use crate::report::wording::{Lang, Wording};

pub use differences::{Difference, Differences, compare};

/// The version of the printed result.
pub const SCHEMA: &str = "mingzhang.verification/1";
/// Longest JSON file that is looked into.
const JSON_BYTES_MAX: u64 = 384 << 20;
/// Most bytes of papers that are computed with: attachments are only hashed.
const PAPERS_BYTES_MAX: u64 = 4 << 30;

/// What the check of a bundle came to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct Verification {
    /// Always `mingzhang.verification/1`.
    pub schema: String,
    /// Whether everything that was checked holds.
    pub verified: bool,
    /// The ZIP.
    pub bundle: Bundle,
    /// What made the bundle; null when it does not say.
    pub made_by: Option<Program>,
    /// What checked it.
    pub checked_by: Program,
    /// Whether names, numbers and ids are replaced.
    pub masked: bool,
    /// What keeps it from being whole.
    pub problems: Vec<SaidProblem>,
    /// The computation from its originals; null when it could not be done.
    pub rerun: Option<Rerun>,
    /// The signature, if one was given.
    pub signature: Option<SignatureCheck>,
    /// The time stamp, if one was given.
    pub timestamp: Option<TimestampCheck>,
    /// Worth knowing; nothing is wrong.
    pub remarks: Vec<String>,
}

/// The ZIP itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct Bundle {
    /// SHA-256 in hexadecimal.
    pub sha256: String,
    /// Size.
    pub bytes: u64,
    /// How many files are in it.
    pub files: u64,
}

/// A problem in words.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct SaidProblem {
    /// File that it is about; null for the whole bundle.
    pub member: Option<String>,
    /// Stable code.
    pub code: String,
    /// What is wrong.
    pub message: String,
}

/// The computation from the originals.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct Rerun {
    /// Whether every file came out the same.
    pub equal: bool,
    /// Files that were made again and came out otherwise.
    pub differing: Vec<String>,
    /// How many files were made again.
    pub files: u64,
    /// The report, field by field.
    pub report: Differences,
}

/// The result, and the case for whoever wants to lay something beside it.
pub struct Verified {
    /// The result.
    pub verification: Verification,
    /// Whether the bundle could be opened at all.
    pub usable: bool,
    /// The case as computed again.
    pub packed: Option<Packed>,
}

/// Checks a bundle. Signature and time stamp are checked by the caller's files, which lie beside the ZIP.
///
/// # Errors
/// When a sentence is missing in the wording files.
pub fn verify(zip: &Arc<dyn Source>, wording: &Wording) -> Result<Verified> {
    let (bytes, sha256) = measured(zip.as_ref())?;
    let own = Program { name: "mingzhang".to_owned(), version: pack::version() };
    let mut result = Verification {
        schema: SCHEMA.to_owned(),
        checked_by: own,
        bundle: Bundle { sha256, bytes, files: 0 },
        ..Verification::default()
    };
    let (members, refused) = match archive::read(zip) {
        Ok(read) => read,
        Err(refused) => {
            result.problems = said(&[Problem::whole(refused.code)], wording)?;
            return Ok(Verified { verification: result, usable: false, packed: None });
        }
    };
    let mut problems: Vec<Problem> = refused
        .iter()
        .map(|it| {
            it.member.as_ref().map_or_else(|| Problem::whole(it.code), |name| Problem::of(name, it.code))
        })
        .collect();
    result.bundle.files = members.len() as u64;
    // Names that cannot be trusted end the check: nothing behind them was read.
    let looked_into = !members.is_empty() || refused.is_empty();
    let (files, of_bag) = if looked_into { bag::check(&members) } else { (Members::new(), Vec::new()) };
    problems.extend(of_bag.into_iter().filter(|it| !problems_name(&refused, it)));
    let manifest = files.get(RUN).and_then(json).and_then(|bytes| Manifest::parse(&bytes));
    let mut packed = None;
    if let Some(manifest) = &manifest {
        result.made_by = Some(manifest.program.clone());
        result.masked = manifest.masked;
        match case_set(manifest, &files, &mut problems) {
            Some(set) => packed = run_again(&set, manifest, &mut problems),
            None => problems.push(Problem::whole("no-rerun")),
        }
    } else if !files.is_empty() {
        problems.push(Problem::of(RUN, "no-run"));
    }
    if let Some(packed) = &packed {
        result.rerun = Some(rerun(packed, &files));
        remarks(packed, &result, zip.as_ref(), wording)?.into_iter().for_each(|it| result.remarks.push(it));
    }
    result.problems = said(&problems, wording)?;
    result.verified = problems.is_empty() && result.rerun.as_ref().is_some_and(|rerun| rerun.equal);
    Ok(Verified { verification: result, usable: !files.is_empty() || !refused.is_empty(), packed })
}

/// Returns the published JSON Schema of the result, with a line feed at the end.
pub fn schema_text() -> String {
    pretty(&schemars::schema_for!(Verification))
}

impl Verification {
    /// Takes up the check of a signature: an invalid one keeps the bundle from being verified.
    pub fn with_signature(mut self, check: SignatureCheck) -> Self {
        self.verified &= check.valid;
        self.signature = Some(check);
        self
    }

    /// Takes up the check of a time stamp: one for another file, or one that does not hold, keeps the bundle from being
    /// verified.
    pub fn with_timestamp(mut self, check: TimestampCheck) -> Self {
        self.verified &= check.fault.is_none();
        self.timestamp = Some(check);
        self
    }
}

/// A damaged file is missing from what could be read: that is said once.
fn problems_name(refused: &[archive::Refused], problem: &Problem) -> bool {
    let named = |name: &String| {
        let tail = |refused: &archive::Refused| {
            refused.member.as_ref().is_some_and(|it| it.ends_with(&format!("/{name}")))
        };
        refused.iter().any(tail)
    };
    problem.code == "missing" && problem.member.as_ref().is_some_and(named)
}

/// The case of a bundle; nothing when a file that it needs is not there.
fn case_set(manifest: &Manifest, files: &Members, problems: &mut Vec<Problem>) -> Option<CaseSet> {
    let mut members = Vec::new();
    for file in &manifest.files {
        let Some(bytes) = files.get(&file.member) else {
            problems.push(Problem::of(&file.member, "missing"));
            return None;
        };
        let role = Role::from_code(&file.role)?;
        members.push(CaseMember { role, path: file.path.clone(), bytes: bytes.clone() });
    }
    let papers = members.iter().filter(|member: &&CaseMember| member.role != Role::Attachment);
    if papers.map(|member| member.bytes.length_bytes()).sum::<u64>() > PAPERS_BYTES_MAX {
        problems.push(Problem::whole("papers-too-large"));
        return None;
    }
    let known = |name: &String| manifest.files.iter().any(|file| file.member == *name);
    let unknown = files.keys().filter(|name| name.starts_with(ORIGINALS) && !known(name));
    problems.extend(unknown.map(|name| Problem::of(name, "not-in-run")));
    let settings = Settings {
        as_of: manifest.as_of.parse().ok()?,
        lang: Lang::from_code(&manifest.lang)?,
        formats: manifest.formats.iter().map(|name| Format::named(name)).collect::<Option<_>>()?,
        assumed_plans: manifest.assumed_plans.clone(),
    };
    Some(CaseSet { members, settings })
}

fn run_again(set: &CaseSet, manifest: &Manifest, problems: &mut Vec<Problem>) -> Option<Packed> {
    let withheld = manifest.masked.then(|| manifest.withheld.clone());
    let packed = pack::pack(set, withheld);
    if packed.is_err() {
        problems.push(Problem::whole("no-rerun"));
    }
    packed.ok()
}

/// Compares everything that was made again; the originals are compared with themselves.
fn rerun(packed: &Packed, files: &Members) -> Rerun {
    let names = packed.members.keys().chain(files.keys());
    let mut differing: Vec<String> =
        names.filter(|name| packed.members.get(*name) != files.get(*name)).cloned().collect();
    differing.sort();
    differing.dedup();
    let made = packed.members.keys().filter(|name| !name.starts_with(ORIGINALS)).count();
    let report = format!("{}/report.json", pack::REPORT);
    let report = match (files.get(&report), packed.members.get(&report)) {
        (Some(stated), Some(computed)) if stated != computed => match (json(stated), json(computed)) {
            (Some(stated), Some(computed)) => compare(&stated, &computed),
            _ => Differences::default(),
        },
        _ => Differences::default(),
    };
    Rerun { equal: differing.is_empty(), differing, files: made as u64, report }
}

fn remarks(
    packed: &Packed,
    result: &Verification,
    zip: &dyn Source,
    wording: &Wording,
) -> Result<Vec<String>> {
    let mut remarks = Vec::new();
    let equal = result.rerun.as_ref().is_some_and(|rerun| rerun.equal);
    if let Some(maker) = result.made_by.as_ref().filter(|maker| maker.version != result.checked_by.version) {
        let words = Message::new("bundle.other-version").text("made", &maker.version);
        remarks.push(wording.say(&words.text("own", &result.checked_by.version))?);
    }
    if equal && !is_packed_the_same(packed, zip)? {
        remarks.push(wording.word("bundle.packed-again")?);
    }
    if result.masked {
        remarks.push(wording.word("bundle.is-masked")?);
    }
    Ok(remarks)
}

/// Whether packing again gives the same ZIP to the byte.
fn is_packed_the_same(packed: &Packed, zip: &dyn Source) -> Result<bool> {
    let mut same = Same::new(zip.open().map_err(unreadable)?).map_err(unreadable)?;
    packed.write_zip(&mut same)?;
    Ok(same.holds())
}

/// Size and SHA-256 of the ZIP.
fn measured(zip: &dyn Source) -> Result<(u64, String)> {
    let mut file = zip.open().map_err(unreadable)?;
    content::copy(&mut file, u64::MAX, &mut std::io::sink()).map_err(unreadable)
}

fn unreadable(error: std::io::Error) -> Error {
    Error::new(ErrorKind::Input, Message::new("bundle.unreadable")).with_source(error)
}

/// The bytes of a JSON file; nothing when it is too long to be one of ours.
fn json(content: &Content) -> Option<Cow<'_, [u8]>> {
    (content.length_bytes() <= JSON_BYTES_MAX).then_some(())?;
    content.bytes().ok()
}

fn said(problems: &[Problem], wording: &Wording) -> Result<Vec<SaidProblem>> {
    let say = |problem: &Problem| {
        let message = wording.say(&problem.message())?;
        Ok(SaidProblem { member: problem.member.clone(), code: problem.code.to_owned(), message })
    };
    problems.iter().map(say).collect()
}
