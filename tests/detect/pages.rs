//! The page of every detector: its examples are run, its catalogue entries hold.

use std::collections::BTreeSet;

use mingzhang::detect::{DETECTORS, Detector};
use mingzhang::embedded;

use super::builders::day;
use super::pipeline::settle;

/// A fenced block of a page: its files, and what the page says that is found.
pub struct Block {
    pub section: String,
    pub files: Vec<(String, Vec<u8>)>,
    pub finds: String,
}

pub fn blocks(page: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = vec![];
    let mut section = String::new();
    let mut open: Option<Vec<(String, Vec<u8>)>> = None;
    for line in page.lines() {
        match &mut open {
            None if line.starts_with("## ") => section = line[3..].to_owned(),
            None if line == "```case" => open = Some(vec![]),
            None => {
                if let Some(finds) = line.strip_prefix("finds: ") {
                    let block = blocks.last_mut().expect("a block stands before `finds:`");
                    block.finds = finds.to_owned();
                }
            }
            Some(_) if line == "```" => {
                let files = open.take().unwrap_or_default();
                blocks.push(Block { section: section.clone(), files, finds: String::new() });
            }
            Some(files) => match line.strip_prefix("-- ").and_then(|rest| rest.strip_suffix(" --")) {
                Some(path) => files.push((path.to_owned(), vec![])),
                None => {
                    let (_, text) = files.last_mut().expect("a file begins with `-- path --`");
                    text.extend(line.bytes().chain([b'\n']));
                }
            },
        }
    }
    blocks
}

/// Findings of other detectors may stand beside; only those of the page's own code are compared.
fn check(detector: &Detector, block: &Block) {
    let settled = settle(&block.files, day("2025-12-31"));
    for source in &settled.case.sources {
        assert!(source.unusable.is_none(), "{}: {} {:?}", detector.code, source.path, source.unusable);
        for table in &source.tables {
            assert!(table.set_aside.is_empty(), "{}: {} {:?}", detector.code, source.path, table.set_aside);
        }
    }
    let own: Vec<String> =
        settled.findings().into_iter().filter(|found| found.starts_with(detector.code)).collect();
    let found = if own.is_empty() { "nothing".to_owned() } else { own.join(", ") };
    let files: Vec<_> =
        block.files.iter().map(|(path, text)| (path, String::from_utf8_lossy(text))).collect();
    assert_eq!(found, block.finds, "{} {}: {files:#?}", detector.code, block.section);
}

#[test]
fn every_example_finds_what_its_page_says() {
    for detector in DETECTORS {
        let blocks = blocks(detector.page);
        let of = |section: &str| blocks.iter().filter(|block| block.section == section).collect::<Vec<_>>();
        let (examples, others) = (of("Example"), of("Not a finding"));
        assert!(!examples.is_empty() && !others.is_empty(), "{} has both sections", detector.code);
        assert_eq!(examples.len() + others.len(), blocks.len(), "{}", detector.code);
        assert!(examples.iter().all(|block| block.finds.contains(detector.code)), "{}", detector.code);
        assert!(others.iter().all(|block| block.finds == "nothing"), "{}", detector.code);
        blocks.iter().for_each(|block| check(detector, block));
    }
}

#[test]
fn every_page_has_its_title_summary_and_sections() {
    for detector in DETECTORS {
        let mut lines = detector.page.lines();
        assert_eq!(lines.next(), Some(format!("# {} {}", detector.code, detector.name).as_str()));
        let summary = lines.find(|line| !line.is_empty()).expect("a summary");
        assert!(summary.is_ascii() && summary.ends_with('.'), "{}: {summary}", detector.code);
        for section in ["## Why", "## How it decides", "## Example", "## Not a finding"] {
            assert!(detector.page.lines().any(|line| line == section), "{} {section}", detector.code);
        }
    }
}

#[test]
fn codes_and_names_are_unique_and_every_law_is_known() {
    let codes: BTreeSet<_> = DETECTORS.iter().map(|detector| detector.code).collect();
    let names: BTreeSet<_> = DETECTORS.iter().map(|detector| detector.name).collect();
    assert_eq!((codes.len(), names.len()), (DETECTORS.len(), DETECTORS.len()));
    let laws = embedded::text("laws.toml");
    for detector in DETECTORS {
        assert!(!detector.basis.is_empty(), "{}", detector.code);
        for id in detector.basis {
            assert!(laws.contains(&format!("id = \"{id}\"")), "{} names {id}", detector.code);
        }
    }
}
