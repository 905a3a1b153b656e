//! The evidence bundle: packed, checked, spoiled, masked, and laid beside the other side's records.

mod bad_bags;
mod beside;
mod large;
mod mask;
mod packed;
mod recipe;
mod side_files;
mod time_stamps;

use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use mingzhang::bundle::archive::{self, Members};
use mingzhang::bundle::bag;
use mingzhang::bundle::case_set::{CaseMember, CaseSet, Role, Settings};
use mingzhang::bundle::content::{Content, Source};
use mingzhang::bundle::pack::{self, Packed, below};
use mingzhang::bundle::verify::{self, Verified};
use mingzhang::render::outputs::Format;
use mingzhang::report::wording::{Lang, Wording};

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_bills")
}

/// A sample case as `pack` reads it.
fn sample(case: &str) -> CaseSet {
    let root = samples().join(case);
    let mut members = Vec::new();
    collect(&root, &root, &mut members);
    set_of(members)
}

fn set_of(members: Vec<CaseMember>) -> CaseSet {
    let as_of = "2025-12-02".parse().expect("a day");
    let settings = Settings {
        as_of,
        lang: Lang::Zh,
        formats: vec![Format::Html, Format::Json, Format::Md],
        assumed_plans: Vec::new(),
    };
    CaseSet { members, settings }
}

fn collect(folder: &Path, root: &Path, members: &mut Vec<CaseMember>) {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(&path, root, members);
            continue;
        }
        let relative = path.strip_prefix(root).expect("below").to_string_lossy().replace('\\', "/");
        let role = match relative.as_str() {
            "case.toml" => Role::Case,
            name if name.starts_with("plans/") => Role::Plan,
            _ => Role::Input,
        };
        members.push(CaseMember { role, path: relative, bytes: fs::read(&path).expect("readable").into() });
    }
}

fn packed(case: &str) -> Packed {
    pack::pack(&sample(case), None).unwrap_or_else(|error| panic!("{error:?}"))
}

fn zipped(packed: &Packed, members: &Members) -> Vec<u8> {
    let mut zip = Cursor::new(Vec::new());
    archive::write(&below(&packed.root, members), &mut zip).unwrap_or_else(|error| panic!("{error:?}"));
    zip.into_inner()
}

fn source(bytes: &[u8]) -> Arc<dyn Source> {
    Arc::new(bytes.to_vec())
}

fn bytes(content: &Content) -> Vec<u8> {
    content.bytes().expect("readable").into_owned()
}

fn text(content: &Content) -> String {
    String::from_utf8(bytes(content)).expect("text")
}

fn verified(zip: &[u8]) -> Verified {
    let wording = Wording::load(Lang::Zh).unwrap_or_else(|error| panic!("{error:?}"));
    verify::verify(&source(zip), &wording).unwrap_or_else(|error| panic!("{error:?}"))
}

/// (file, code) of every problem.
fn problems(zip: &[u8]) -> Vec<(String, String)> {
    let result = verified(zip).verification;
    assert!(!result.verified);
    result.problems.into_iter().map(|it| (it.member.unwrap_or_default(), it.code)).collect()
}

/// Writes both manifests anew, as somebody does who wants to hide a change.
fn rehashed(mut members: Members) -> Members {
    let part = |members: &Members, payload: bool| -> Members {
        let wanted = |name: &str| name.starts_with("data/") == payload && name != bag::TAG_MANIFEST;
        members.iter().filter(|(name, _)| wanted(name)).map(|(n, b)| (n.clone(), b.clone())).collect()
    };
    let payload = bag::manifest(&part(&members, true));
    members.insert(bag::MANIFEST.to_owned(), payload.into());
    let tags = bag::manifest(&part(&members, false));
    members.insert(bag::TAG_MANIFEST.to_owned(), tags.into());
    members
}
