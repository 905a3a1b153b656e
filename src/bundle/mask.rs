//! The masked copy: numbers, names and ids replaced by stand-ins of the same shape, the same one everywhere, in the
//! papers themselves. The report of the copy is then made like any other, so its sums are the same by construction, and
//! both are checked before anything is handed out.
//!
//! Stand-ins are numbered in the order of the originals. No hash of an original is ever shown: phone numbers are so few
//! that anybody could try them all.

mod case_text;
mod leaks;
mod papers;
mod pieces;
mod stand_ins;
mod vocabulary;
mod write;

use std::collections::BTreeMap;

use super::case_set::{Analysed, CaseMember, CaseSet, Role};
use super::manifest::Withheld;
use super::member_name::SafeNames;
use super::pack::{self, ORIGINALS, Packed};
use super::sha256;
use crate::error::{Error, ErrorKind, Result};
use crate::ingest::cells::{self, FileCells};
use crate::ingest::{self, FormatBook};
use crate::model::case::CaseFile;
use crate::model::message::Message;
use papers::Rewriter;
use stand_ins::{Originals, StandIns};

/// Packs a masked copy of a case.
///
/// # Errors
/// When the copy would give another result than the original, or would still hold a replaced word: nothing is handed
/// out then.
pub fn pack_masked(set: &CaseSet) -> Result<Packed> {
    let original = set.analyse()?;
    let (masked, withheld, stand_ins) = masked(set)?;
    let packed = pack::pack(&masked, Some(withheld))?;
    same_result(&original, &packed.analysed)?;
    let leaks = leaks::find(&packed.members, &stand_ins);
    if let Some(member) = leaks.first() {
        let message = Message::new("bundle.mask-leaks").text("member", member).count("count", leaks.len());
        return Err(Error::new(ErrorKind::Output, message).with_help(Message::new("bundle.mask-leaks-help")));
    }
    Ok(packed)
}

/// One paper, opened.
struct Paper {
    /// Index of the member that it comes from.
    member: usize,
    /// Path as the analysis knows it.
    path: String,
    /// Its bytes.
    bytes: Vec<u8>,
    /// Its cells; nothing when it cannot be used.
    cells: Option<FileCells>,
}

fn masked(set: &CaseSet) -> Result<(CaseSet, Vec<Withheld>, StandIns)> {
    let case_file = set.case_file()?;
    let papers = papers(set, &case_file, &set.formats()?)?;
    let case_text = set.of_role(Role::Case).next().map(CaseMember::text).transpose()?;
    let case_table: toml::Table = case_text.as_deref().and_then(|text| text.parse().ok()).unwrap_or_default();
    let mut originals = Originals::default();
    case_text::collect(&case_table, &mut originals);
    for paper in &papers {
        papers::collect(paper, &mut originals);
    }
    let stand_ins = StandIns::assign(originals);
    let rewriter = Rewriter::new(&stand_ins);
    let mut names = SafeNames::default();
    let mut copy = Copy { paths: BTreeMap::new(), members: Vec::new(), withheld: Vec::new() };
    for (index, member) in set.members.iter().enumerate() {
        match member.role {
            Role::Case => {}
            Role::Input => {
                let own = papers.iter().filter(|paper| paper.member == index);
                copy.input(member, own, &rewriter, &mut names)?;
            }
            Role::Plan | Role::Format => {
                let text = rewriter.free_text(&member.text()?);
                let path = names.name(&rewriter.name(&member.path));
                copy.put(member, path, text.into_bytes());
            }
            Role::Attachment => copy.withhold(member, None),
        }
    }
    if let Some(member) = set.of_role(Role::Case).next() {
        let text = case_text::rewrite(&case_table, &copy.paths, &rewriter);
        copy.put(member, "case.toml".to_owned(), text.into_bytes());
    }
    let copy = copy.committed();
    let settings = set.settings.clone();
    Ok((CaseSet { members: copy.members, settings }, copy.withheld, stand_ins))
}

/// Opens the papers: archives are taken apart, so that nothing unseen stays inside one.
fn papers(set: &CaseSet, case_file: &CaseFile, formats: &FormatBook) -> Result<Vec<Paper>> {
    let mut papers = Vec::new();
    for (index, member) in set.members.iter().enumerate().filter(|(_, member)| member.role == Role::Input) {
        for file in ingest::members(member.file()?) {
            let archive = file.path.split_once("!/").map(|(archive, _)| archive);
            let hints = &case_file.sources;
            let own = hints.iter().find(|hint| hint.file == file.path);
            let hint = own.or_else(|| hints.iter().find(|hint| Some(hint.file.as_str()) == archive));
            let cells = cells::cells(&file, hint, formats).ok();
            papers.push(Paper { member: index, path: file.path, bytes: file.bytes, cells });
        }
    }
    Ok(papers)
}

struct Copy {
    /// Paths in the copy by the paths of the originals.
    paths: BTreeMap<String, Vec<String>>,
    members: Vec<CaseMember>,
    withheld: Vec<Withheld>,
}

impl Copy {
    fn input<'p>(
        &mut self,
        member: &CaseMember,
        papers: impl Iterator<Item = &'p Paper>,
        rewriter: &Rewriter<'_>,
        names: &mut SafeNames,
    ) -> Result<()> {
        let mut first = None;
        for paper in papers {
            let Some(cells) = &paper.cells else { continue };
            let (bytes, extension) = write::file(paper, cells, rewriter)?;
            let path = rewriter.name(&paper.path.replace("!/", "/"));
            let stem = path.rsplit_once('.').map_or(path.as_str(), |(stem, _)| stem).to_owned();
            let path = names.name(&extension.map_or(path, |extension| format!("{stem}.{extension}")));
            for original in [&paper.path, &member.path] {
                let known = self.paths.entry(original.clone()).or_default();
                if !known.contains(&path) {
                    known.push(path.clone());
                }
            }
            first = first.or_else(|| Some(path.clone()));
            self.members.push(CaseMember { role: Role::Input, path, bytes: bytes.into() });
        }
        self.withhold(member, first);
        Ok(())
    }

    fn put(&mut self, member: &CaseMember, path: String, bytes: Vec<u8>) {
        self.withhold(member, Some(path.clone()));
        self.members.push(CaseMember { role: member.role, path, bytes: bytes.into() });
    }

    fn withhold(&mut self, member: &CaseMember, masked_as: Option<String>) {
        self.withheld.push(Withheld {
            role: member.role.code().to_owned(),
            masked_as: masked_as.map(|path| format!("{ORIGINALS}/{path}")),
            commitment: member.bytes.sha256(),
            bytes: member.bytes.length_bytes(),
        });
    }

    /// Turns the digests of the originals into commitments: they can be checked by whoever has all originals, and tell
    /// nothing to whoever has none. A bill holds so little that is not known that its plain digest would.
    fn committed(mut self) -> Self {
        let mut digests: Vec<String> =
            self.withheld.iter().map(|it| format!("{}\n", it.commitment)).collect();
        digests.sort();
        let key = sha256(digests.concat().as_bytes());
        for it in &mut self.withheld {
            it.commitment = sha256(format!("{key}{}", it.commitment).as_bytes());
        }
        self
    }
}

/// Refuses a copy whose findings, lines or sums are not those of the original.
fn same_result(original: &Analysed, copy: &Analysed) -> Result<()> {
    let [a, b] = [original, copy].map(|it| &it.analysis.report);
    let findings = |report: &crate::report::model::Report| {
        let fields = report.findings.iter().map(|it| {
            format!("{} {} {} {} {} {}", it.code, it.kind, it.verdict, it.period, it.amount, it.claim)
        });
        let mut all: Vec<String> = fields.collect();
        all.sort();
        all
    };
    let lines = |report: &crate::report::model::Report| {
        let fields = report.lines.iter().map(|it| {
            format!(
                "{} {} {} {} {} {}",
                it.period, it.category, it.amount, it.explained, it.disputed, it.unverified
            )
        });
        let mut all: Vec<String> = fields.collect();
        all.sort();
        all
    };
    let (before, after) = ((findings(a), lines(a)), (findings(b), lines(b)));
    if before == after && a.totals == b.totals {
        return Ok(());
    }
    let missing =
        before.0.iter().chain(&before.1).filter(|it| !after.0.contains(it) && !after.1.contains(it));
    let added = after.0.iter().chain(&after.1).filter(|it| !before.0.contains(it) && !before.1.contains(it));
    let missing = missing.cloned().collect::<Vec<_>>().join("; ");
    let message = Message::new("bundle.mask-differs").text("missing", missing);
    let message = message.text("added", added.cloned().collect::<Vec<_>>().join("; "));
    Err(Error::new(ErrorKind::Output, message).with_help(Message::new("bundle.mask-differs-help")))
}
