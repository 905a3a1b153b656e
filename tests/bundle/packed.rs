//! What a bundle holds, that it verifies, and that nothing in it can be changed unseen.

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use mingzhang::bundle::case_set::{CaseMember, Role};
use mingzhang::bundle::pack;
use serde_json::Value;

use super::{packed, problems, rehashed, sample, set_of, verified, zipped};

#[test]
fn a_bundle_holds_originals_report_and_rules_and_verifies() {
    let packed = packed("mms-15-yuan");
    for name in [
        "bagit.txt",
        "bag-info.txt",
        "manifest-sha256.txt",
        "tagmanifest-sha256.txt",
        "data/README.md",
        "data/originals/case.toml",
        "data/originals/bills/2025-10账单.csv",
        "data/originals/plans/demo-59.toml",
        "data/report/report.json",
        "data/report/report.html",
        "data/rules/run.json",
        "data/rules/laws.toml",
        "data/rules/plans/demo-59.toml",
    ] {
        assert!(packed.members.contains_key(name), "{name}");
    }
    for member in sample("mms-15-yuan").members {
        assert_eq!(
            packed.members[&format!("data/originals/{}", member.path)],
            member.bytes,
            "{}",
            member.path
        );
    }
    let result = verified(&packed.zip().expect("a ZIP")).verification;
    assert!(result.verified, "{:?} {:?}", result.problems, result.rerun);
    assert!(result.remarks.is_empty(), "{:?}", result.remarks);
    // 24 files of the bag less the 7 originals are made again.
    assert_eq!(result.rerun.expect("it ran").files, packed.members.len() as u64 - 7);
}

#[test]
fn one_changed_byte_in_any_file_is_named() {
    let packed = packed("mms-15-yuan");
    for (name, bytes) in &packed.members {
        let mut members = packed.members.clone();
        let mut changed = super::bytes(bytes);
        let at = changed.len() / 2;
        changed[at] ^= 0x04;
        members.insert(name.clone(), changed.into());
        let result = verified(&zipped(&packed, &members)).verification;
        assert!(!result.verified, "{name}");
        let of_bag = result.problems.iter().any(|it| it.member.as_deref() == Some(name));
        let of_rerun = result.rerun.is_some_and(|rerun| rerun.differing.contains(name));
        assert!(of_bag || of_rerun, "{name} is not named");
        // A manifest is caught by what it says about the others, every other file by its own checksum.
        assert!(of_bag || name.contains("manifest-"), "{name} is not named by a checksum");
    }
}

#[test]
fn no_byte_of_the_zip_changes_unseen() {
    let packed = packed("clean");
    let zip = packed.zip().expect("a ZIP");
    assert!(verified(&zip).verification.remarks.is_empty());
    for at in (0..zip.len()).step_by(zip.len() / 60) {
        let mut changed = zip.clone();
        changed[at] ^= 0x10;
        let result = verified(&changed).verification;
        assert!(!result.verified || !result.remarks.is_empty(), "byte {at} of {}", zip.len());
    }
}

#[test]
fn an_edited_report_with_new_checksums_is_exposed_by_the_computation() {
    let packed = packed("mms-15-yuan");
    let mut members = packed.members.clone();
    let report = "data/report/report.json";
    let mut json: Value = serde_json::from_str(&super::text(&members[report])).expect("JSON");
    let claim = json["findings"].as_array().expect("findings").iter().position(|it| it["claim"] == "15.00");
    let claim = claim.expect("the MMS finding claims 15.00");
    json["findings"][claim]["claim"] = Value::from("95.00");
    let edited = serde_json::to_string_pretty(&json).expect("JSON") + "\n";
    members.insert(report.to_owned(), edited.into());
    let result = verified(&zipped(&packed, &rehashed(members))).verification;
    assert!(!result.verified);
    // "95.00" is as long as "15.00": size and checksums fit, and only the computation tells.
    assert!(result.problems.is_empty(), "{:?}", result.problems);
    let rerun = result.rerun.expect("it ran");
    assert!(rerun.differing.iter().any(|name| name == report));
    assert_eq!(rerun.report.count, 1);
    let difference = &rerun.report.shown[0];
    assert_eq!(difference.path, format!("/findings/{claim}/claim"));
    assert_eq!(
        (difference.stated.as_deref(), difference.computed.as_deref()),
        (Some("95.00"), Some("15.00"))
    );
}

#[test]
fn an_original_that_the_run_does_not_mention_is_named() {
    let packed = packed("mms-15-yuan");
    let mut members = packed.members.clone();
    members.insert("data/originals/bills/extra.csv".to_owned(), "x".into());
    let found = problems(&zipped(&packed, &rehashed(members)));
    assert!(
        found.contains(&("data/originals/bills/extra.csv".to_owned(), "not-in-run".to_owned())),
        "{found:?}"
    );
}

#[test]
fn hostile_paths_get_safe_names_and_the_bundle_verifies() {
    let bill = "账期,项目,金额\n2025-10,月费,39.00\n";
    let paths = [
        "../../etc/bill.csv",
        "/abs/bill.csv",
        "a\\b.csv",
        "CON.csv",
        "x\u{202e}y\n.csv",
        "Bill.csv",
        "bill.csv",
        "50%.csv",
        "..",
    ];
    let member = |path: &&str| CaseMember { role: Role::Input, path: (*path).to_owned(), bytes: bill.into() };
    let packed = pack::pack(&set_of(paths.iter().map(member).collect()), None).expect("packs");
    let named: Vec<(&str, &str)> =
        packed.manifest.files.iter().map(|file| (file.path.as_str(), file.member.as_str())).collect();
    let expected = [
        ("../../etc/bill.csv", "data/originals/_/_/etc/bill.csv"),
        ("/abs/bill.csv", "data/originals/abs/bill.csv"),
        ("a\\b.csv", "data/originals/a/b.csv"),
        ("CON.csv", "data/originals/_CON.csv"),
        ("x\u{202e}y\n.csv", "data/originals/x_y_.csv"),
        ("Bill.csv", "data/originals/Bill.csv"),
        ("bill.csv", "data/originals/bill~2.csv"),
        ("50%.csv", "data/originals/50_.csv"),
        ("..", "data/originals/_"),
    ];
    assert_eq!(named, expected);
    let result = verified(&packed.zip().expect("a ZIP")).verification;
    assert!(result.verified, "{:?} {:?}", result.problems, result.rerun);
}

/// Every file of `schemas` that decides what the program prints: all but the published JSON Schemas, which are made from
/// the types, and what only describes the fonts.
fn data_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let aside =
            ["README.md", "OFL.txt", "subset.py", "general-standard-8105.txt"].contains(&name.as_str());
        if path.is_dir() {
            data_files(&path, found);
        } else if !aside && !name.ends_with(".schema.json") {
            found.push(path);
        }
    }
}

#[test]
fn the_fingerprint_of_the_program_covers_every_embedded_file() {
    let packed = packed("clean");
    let list = super::text(&packed.members["data/rules/program.txt"]);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    data_files(&root.join("schemas"), &mut files);
    for file in &files {
        let name = file.strip_prefix(root).expect("below").to_string_lossy().replace('\\', "/");
        let line = format!("{}  {name}", mingzhang::bundle::sha256(&fs::read(file).expect("readable")));
        assert!(list.lines().any(|it| it == line), "{name} can change without a trace");
    }
    // The first line names the version.
    assert_eq!(list.lines().count(), files.len() + 1);
    assert_eq!(packed.manifest.fingerprints.program, mingzhang::bundle::sha256(list.as_bytes()));
    assert!(
        list.contains("schemas/fonts/NotoSansSC-Regular.ttf")
            && list.contains("schemas/fonts/NotoSansSC-Bold.ttf")
    );
}

#[test]
fn attachments_and_unreadable_files_are_packed_as_they_are() {
    let mut set = sample("mms-15-yuan");
    let add =
        |role, path: &str, bytes: &[u8]| CaseMember { role, path: path.to_owned(), bytes: bytes.into() };
    set.members.push(add(Role::Attachment, "attachments/截图.png", b"\x89PNG\r\n\x1a\nscreen"));
    set.members.push(add(Role::Input, "bills/扫描.pdf", b"%PDF-1.4 scan"));
    let packed = pack::pack(&set, None).expect("packs");
    assert_eq!(
        super::bytes(&packed.members["data/originals/attachments/截图.png"]),
        b"\x89PNG\r\n\x1a\nscreen"
    );
    assert_eq!(super::text(&packed.members["data/originals/bills/扫描.pdf"]), "%PDF-1.4 scan");
    assert!(verified(&packed.zip().expect("a ZIP")).verification.verified);
}

#[test]
fn records_have_the_same_ids_in_any_file() {
    let one = packed("mms-15-yuan");
    let mut set = sample("mms-15-yuan");
    set.members.reverse();
    for member in set.members.iter_mut().filter(|member| member.path.starts_with("bills/")) {
        member.path = "renamed/账单2025-10.csv".to_owned();
    }
    let other = pack::pack(&set, None).expect("packs");
    assert_eq!(one.manifest.records, other.manifest.records);
    // 6 bill lines, 22 + 8 + 7 usage rows, 5 payments.
    assert_eq!(one.manifest.records.count, 48);
}

#[test]
fn a_bundle_that_was_zipped_again_verifies_with_a_remark() {
    let packed = packed("clean");
    let zip = packed.zip().expect("a ZIP");
    let mut stored = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, bytes) in &packed.members {
        stored.start_file(format!("{}/{name}", packed.root), options).expect("a file");
        std::io::Write::write_all(&mut stored, &super::bytes(bytes)).expect("written");
    }
    let stored = stored.finish().expect("a ZIP").into_inner();
    assert_ne!(stored, zip);
    let result = verified(&stored).verification;
    assert!(result.verified);
    assert_eq!(result.remarks.len(), 1);
}

/// Runs `pack` and `verify` as a person does, under other settings of the machine.
#[test]
fn time_zone_language_and_rights_of_the_machine_do_not_reach_the_bundle() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let run = |name: &str, zone: &str, locale: &str| {
        let path = folder.path().join(name);
        Command::new(env!("CARGO_BIN_EXE_mingzhang"))
            .args(["pack", "-q", "-o"])
            .arg(&path)
            .arg(super::samples().join("pack-not-renewed"))
            .env("TZ", zone)
            .env("LC_ALL", locale)
            .env("LANG", locale)
            .assert()
            .success();
        std::fs::read(path).expect("written")
    };
    let one = run("a.zip", "Asia/Shanghai", "zh_CN.UTF-8");
    let other = run("b.zip", "America/New_York", "C");
    assert_eq!(one, other);
    let out =
        Command::new(env!("CARGO_BIN_EXE_mingzhang")).arg("verify").arg(folder.path().join("a.zip")).output();
    assert!(out.expect("runs").status.success());
}
