//! The recipes of the README, pasted into a shell.
#![cfg(target_os = "linux")]

use std::process::Command;

use mingzhang::bundle::mask::pack_masked;
use mingzhang::bundle::pack::Packed;

use super::{packed, sample};

/// Unpacks a bundle and runs the first block of its README.
fn pasted(packed: &Packed) -> String {
    let folder = tempfile::TempDir::new().expect("a folder");
    for (name, bytes) in &packed.members {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, super::bytes(bytes)).expect("written");
    }
    let readme = super::text(&packed.members["data/README.md"]);
    let block = readme.split("```sh\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a block");
    let run = Command::new("sh").arg("-c").arg(block).current_dir(folder.path()).env("LC_ALL", "C").output();
    String::from_utf8_lossy(&run.expect("a shell").stdout).into_owned()
}

#[test]
fn the_recipe_of_the_readme_says_ok_to_every_line() {
    for packed in [packed("pack-not-renewed"), pack_masked(&sample("mms-15-yuan")).expect("masked")] {
        let said = pasted(&packed);
        let lines: Vec<&str> = said.lines().collect();
        assert!(lines.iter().all(|line| line.ends_with(": OK")), "{said}");
        // Every file but the tag manifest, 8 checks of bag-info.txt, plans and two rule files once more.
        let plans = packed.members.keys().filter(|name| name.starts_with("data/rules/plans/")).count();
        assert_eq!(lines.len(), packed.members.len() - 1 + 8 + plans + 2, "{said}");
    }
}

#[test]
fn the_recipe_notices_a_changed_record() {
    let mut packed = packed("clean");
    let records = "data/rules/records.tsv";
    let text = super::text(&packed.members[records]).replacen("39.00", "93.00", 1);
    packed.members.insert(records.to_owned(), text.into());
    let said = pasted(&packed);
    assert!(said.contains("data/rules/records.tsv: FAILED"), "{said}");
    assert!(said.contains("Record-Set-SHA256: FAILED"), "{said}");
}
