//! Every sentence that a finding or a bill line can carry has words in both languages with the same arguments.

use std::collections::{BTreeMap, BTreeSet};

use mingzhang::detect::DETECTORS;
use mingzhang::embedded;

/// The files of the detectors' words, by area.
fn detector_areas() -> Vec<String> {
    let files = embedded::below("wording/zh/detect").map(|(path, _)| path);
    let area = |path: &str| path.trim_start_matches("wording/zh/").trim_end_matches(".toml").to_owned();
    files.map(area).collect()
}

fn wording(lang: &str, area: &str) -> BTreeMap<String, String> {
    toml::from_str(embedded::text(&format!("wording/{lang}/{area}.toml"))).expect("flat text")
}

fn arguments(text: &str) -> BTreeSet<&str> {
    text.split("{{ ").skip(1).filter_map(|rest| rest.split(" }}").next()).collect()
}

#[test]
fn both_languages_have_the_same_sentences_and_arguments() {
    for area in detector_areas().into_iter().chain(["settle".to_owned()]) {
        let (zh, en) = (wording("zh", &area), wording("en", &area));
        assert_eq!(zh.keys().collect::<Vec<_>>(), en.keys().collect::<Vec<_>>());
        for (key, text) in &zh {
            assert_eq!(arguments(text), arguments(&en[key]), "{key}");
            assert!(!text.is_ascii() || text.starts_with("{{"), "{key} is not Chinese: {text}");
        }
    }
}

#[test]
fn every_detector_has_a_title_without_arguments() {
    let words: BTreeMap<String, String> =
        detector_areas().iter().flat_map(|area| wording("zh", area)).collect();
    for detector in DETECTORS {
        let title = words.get(&format!("{}.title", detector.code)).expect("a title");
        assert!(arguments(title).is_empty(), "{title}");
    }
}
