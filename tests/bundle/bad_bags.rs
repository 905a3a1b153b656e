//! Bags that are not what they say: the kinds of the Library of Congress conformance suite, and worse ones.

use std::io::{Cursor, Write};
use std::sync::LazyLock;

use assert_cmd::Command;
use mingzhang::bundle::archive::{self, Members};
use mingzhang::bundle::pack::Packed;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{packed, problems, rehashed, verified, zipped};

struct Whole {
    packed: Packed,
    zip: Vec<u8>,
}

static WHOLE: LazyLock<Whole> = LazyLock::new(|| {
    let packed = packed("clean");
    let zip = packed.zip().expect("a ZIP");
    Whole { packed, zip }
});

const BILL: &str = "data/originals/bills/账单2025-10.xlsx";

/// Spoils the files of a good bag and expects one problem among those found.
fn check(spoil: impl Fn(&mut Members), member: &str, code: &str) {
    let mut members = WHOLE.packed.members.clone();
    spoil(&mut members);
    let found = problems(&zipped(&WHOLE.packed, &members));
    assert!(found.contains(&(member.to_owned(), code.to_owned())), "{member} {code}: {found:?}");
}

fn edit(members: &mut Members, name: &str, change: impl Fn(String) -> String) {
    let text = super::text(&members[name]);
    members.insert(name.to_owned(), change(text).into());
}

#[test]
fn a_wrong_checksum_a_missing_file_and_an_extra_file_are_named() {
    check(
        |it| edit(it, "manifest-sha256.txt", |text| text.replacen(&text[..4], "0000", 1)),
        "data/README.md",
        "hash-differs",
    );
    check(|it| drop(it.insert(BILL.to_owned(), b"other".to_vec().into())), BILL, "hash-differs");
    check(|it| drop(it.remove(BILL)), BILL, "missing");
    check(
        |it| drop(it.insert("data/extra.txt".to_owned(), b"x".to_vec().into())),
        "data/extra.txt",
        "not-listed",
    );
    check(|it| drop(it.insert("extra.txt".to_owned(), b"x".to_vec().into())), "extra.txt", "not-listed");
}

#[test]
fn tag_files_are_read_strictly() {
    for name in ["bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt"] {
        check(|it| edit(it, name, |text| format!("\u{FEFF}{text}")), name, "byte-order-mark");
        check(|it| edit(it, name, |text| text.replace('\n', "\r\n")), name, "line-ends");
        check(|it| edit(it, name, |text| text.replace('\n', "\r")), name, "line-ends");
        check(|it| edit(it, name, |text| text.trim_end().to_owned()), name, "no-last-line-end");
        check(|it| drop(it.insert(name.to_owned(), b"\xff\xffx\n".to_vec().into())), name, "not-utf8");
    }
    for name in ["bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt"] {
        check(|it| drop(it.remove(name)), name, "missing");
    }
}

#[test]
fn declarations_and_manifests_of_other_kinds_are_refused() {
    check(|it| edit(it, "bagit.txt", |text| text.replace("1.0", "0.97")), "bagit.txt", "declaration");
    check(|it| edit(it, "bagit.txt", |text| text.replace("UTF-8", "UTF-16")), "bagit.txt", "declaration");
    check(
        |it| edit(it, "bag-info.txt", |text| text.replace("Payload-Oxum: ", "Payload-Oxum: 9")),
        "bag-info.txt",
        "oxum",
    );
    check(
        |it| edit(it, "bag-info.txt", |text| text.clone() + "Payload-Oxum: 1.1\n"),
        "bag-info.txt",
        "oxum-count",
    );
    check(|it| edit(it, "bag-info.txt", |text| text + "no label\n"), "bag-info.txt", "info-line");
    check(
        |it| drop(it.insert("fetch.txt".to_owned(), b"http://example.org/x 1 data/x\n".to_vec().into())),
        "fetch.txt",
        "fetch",
    );
    check(
        |it| drop(it.insert("manifest-md5.txt".to_owned(), b"\n".to_vec().into())),
        "manifest-md5.txt",
        "other-manifest",
    );
    check(|it| drop(it.remove("bagit.txt")), "", "no-bag");
}

#[test]
fn lines_of_a_manifest_that_climb_repeat_or_cannot_be_read_are_named() {
    let hash = "0".repeat(64);
    let add = |line: String| move |text: String| format!("{text}{line}\n");
    let manifest = "manifest-sha256.txt";
    check(|it| edit(it, manifest, add(format!("{hash}  ../../x"))), "../../x", "name-climbs");
    check(|it| edit(it, manifest, add(format!("{hash}  /etc/x"))), "/etc/x", "name-absolute");
    check(|it| edit(it, manifest, add(format!("{hash}  ~/x"))), "~/x", "name-absolute");
    check(|it| edit(it, manifest, add(format!("{hash}  data\\x"))), "data\\x", "name-backslash");
    check(|it| edit(it, manifest, add(format!("{hash}  data/README.md"))), "data/README.md", "listed-twice");
    check(|it| edit(it, manifest, add(format!("{hash}  data/readme.MD"))), "data/readme.MD", "listed-twice");
    check(|it| edit(it, manifest, add(format!("{hash}  bagit.txt"))), "bagit.txt", "manifest-not-payload");
    check(|it| edit(it, manifest, add("no checksum".to_owned())), manifest, "manifest-line");
    check(|it| edit(it, "tagmanifest-sha256.txt", add(format!("{hash}  {BILL}"))), BILL, "manifest-not-tag");
}

#[test]
fn checksums_in_capitals_are_the_same_checksums() {
    let mut members = WHOLE.packed.members.clone();
    edit(&mut members, "tagmanifest-sha256.txt", |text| {
        text.lines().map(|line| format!("{}{}\n", line[..64].to_uppercase(), &line[64..])).collect()
    });
    let result = verified(&zipped(&WHOLE.packed, &members)).verification;
    assert!(result.problems.is_empty(), "{:?}", result.problems);
}

/// Overwrites a name wherever the ZIP stores it.
fn renamed(zip: &[u8], from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut changed = zip.to_vec();
    let mut found = 0;
    for at in 0..changed.len().saturating_sub(from.len()) {
        if &changed[at..at + from.len()] == from.as_bytes() {
            changed[at..at + from.len()].copy_from_slice(to.as_bytes());
            found += 1;
        }
    }
    assert_eq!(found, 2, "a name stands before the file and in the table of contents");
    changed
}

#[test]
fn names_that_leave_the_folder_are_refused_and_nothing_is_written() {
    let root = &WHOLE.packed.root;
    let name = format!("{root}/data/README.md");
    let padded = |start: &str| format!("{start}{}", "x".repeat(name.len() - start.len()));
    let cases = [
        (padded("../../"), "name-climbs"),
        (padded("/tmp/"), "name-absolute"),
        (padded("C:/"), "name-absolute"),
        (padded("a\\..\\b"), "name-backslash"),
        (padded("a//b"), "name-empty"),
        (padded("./b"), "name-empty"),
        (padded("a\u{7}b"), "name-control"),
        (padded("a\u{202e}b"), "name-control"),
    ];
    let folder = tempfile::TempDir::new().expect("a folder");
    for (hostile, code) in cases {
        let zip = renamed(&WHOLE.zip, &name, &hostile);
        let found = problems(&zip);
        assert_eq!(found, [(hostile, code.to_owned())]);
        let path = folder.path().join("inner/bad.zip");
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(&path, zip).expect("written");
        let run = Command::new(env!("CARGO_BIN_EXE_mingzhang"))
            .current_dir(path.parent().expect("a folder"))
            .args(["verify", "bad.zip"])
            .assert()
            .code(1);
        assert!(String::from_utf8_lossy(&run.get_output().stdout).contains("文件名"));
    }
    let left: Vec<_> = std::fs::read_dir(folder.path()).expect("a folder").collect();
    let inner: Vec<_> = std::fs::read_dir(folder.path().join("inner")).expect("a folder").collect();
    assert_eq!((left.len(), inner.len()), (1, 1), "nothing but the ZIP itself");
}

#[test]
fn names_that_stand_twice_or_only_look_different_are_refused() {
    let root = &WHOLE.packed.root;
    let (a, b) = (format!("{root}/data/rules/laws.toml"), format!("{root}/data/report/rule.tom"));
    let mut members = WHOLE.packed.members.clone();
    members.insert("data/rules/lawx.toml".to_owned(), "x".into());
    let zip = zipped(&WHOLE.packed, &members);
    let extra = format!("{root}/data/rules/lawx.toml");
    assert_eq!(problems(&renamed(&zip, &extra, &a)), [(a.clone(), "name-twice".to_owned())]);
    let upper = a.replace("laws", "LAWS");
    assert_eq!(problems(&renamed(&zip, &extra, &upper)), [(upper, "name-alike".to_owned())]);
    // é as one character and as e with an accent.
    for name in ["data/caf\u{e9}", "data/cafe\u{301}"] {
        members.insert(name.to_owned(), "x".into());
    }
    let found = problems(&zipped(&WHOLE.packed, &members));
    assert!(found.iter().any(|(_, code)| code == "name-alike"), "{found:?} {b}");
}

#[test]
fn links_are_refused() {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, bytes) in &WHOLE.packed.members {
        let name = format!("{}/{name}", WHOLE.packed.root);
        if name.ends_with("laws.toml") {
            writer.add_symlink(name, "/etc/passwd", options).expect("a link");
        } else {
            writer.start_file(name, options).expect("a file");
            writer.write_all(&super::bytes(bytes)).expect("written");
        }
    }
    let zip = writer.finish().expect("a ZIP").into_inner();
    let link = format!("{}/data/rules/laws.toml", WHOLE.packed.root);
    assert_eq!(problems(&zip), [(link, "not-a-file".to_owned())]);
}

#[test]
fn what_cannot_be_opened_says_why() {
    let code = |zip: &[u8]| {
        let verified = verified(zip);
        assert!(!verified.usable && !verified.verification.verified);
        verified.verification.problems.into_iter().map(|it| it.code).collect::<Vec<_>>().join(" ")
    };
    let zip = &WHOLE.zip;
    assert_eq!(code(b""), "not-a-zip");
    assert_eq!(code(b"a text"), "not-a-zip");
    assert_eq!(code(&zip[..zip.len() - 30]), "not-a-zip");
    assert_eq!(code(&[zip.as_slice(), b"more"].concat()), "not-a-zip");
    let table = zip.windows(4).rposition(|window| window == b"PK\x01\x02").expect("an entry");
    let mut locked = zip.clone();
    locked[table + 8] |= 1;
    assert_eq!(code(&locked), "encrypted");
    // A file of 3 GiB in a ZIP of some 80 kB.
    let mut bomb = zip.clone();
    bomb[table + 24..table + 28].copy_from_slice(&(3u32 << 30).to_le_bytes());
    assert_eq!(code(&bomb), "too-large");
    let mut empty = ZipWriter::new(Cursor::new(Vec::new()));
    empty.start_file("x/readme.txt", SimpleFileOptions::default()).expect("a file");
    let found = verified(&empty.finish().expect("a ZIP").into_inner());
    assert_eq!(found.verification.problems[0].code, "no-bag");
    assert!(!found.usable);
}

#[test]
fn a_file_that_inflates_to_something_else_is_named() {
    let name = format!("{}/data/rules/laws.toml", WHOLE.packed.root);
    let zip = &WHOLE.zip;
    let start = zip.windows(name.len()).position(|window| window == name.as_bytes()).expect("the file");
    let mut changed = zip.clone();
    // Behind the name the packed bytes begin.
    changed[start + name.len() + 2_000] ^= 0x01;
    let found = problems(&changed);
    assert!(found.contains(&(name, "damaged".to_owned())), "{found:?}");
}

#[test]
fn every_problem_has_words() {
    let words = mingzhang::embedded::text("wording/zh/bundle.toml");
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/bundle");
    for file in ["bag/check.rs", "archive/read.rs", "member_name.rs", "verify.rs"] {
        let text = std::fs::read_to_string(root.join(file)).expect("a source");
        let calls = ["Problem::of(", "Problem::whole(", "whole(\"", "refuse(\"", "Some(\"", "=> \"name-"];
        for line in text.lines().filter(|line| calls.iter().any(|call| line.contains(call))) {
            let codes = line
                .split('"')
                .skip(1)
                .step_by(2)
                .filter(|it| it.contains('-') && !it.contains(['/', '.', ' ']));
            for code in codes.filter(|code| !code.ends_with('-')) {
                assert!(words.contains(&format!("\"bundle.problem.{code}\" =")), "{code} in {file}");
            }
        }
    }
}

#[test]
fn checksums_written_anew_do_not_hide_an_edited_original() {
    let mut members = WHOLE.packed.members.clone();
    edit(&mut members, "data/originals/case.toml", |text| text.replace("浙江", "江苏"));
    let result = verified(&zipped(&WHOLE.packed, &rehashed(members))).verification;
    assert!(!result.verified);
    let differing = result.rerun.expect("it ran").differing;
    assert!(differing.iter().any(|name| name == "data/rules/run.json"), "{differing:?}");
    assert!(archive::read(&super::source(&WHOLE.zip)).is_ok());
}
