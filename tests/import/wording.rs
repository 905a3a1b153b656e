//! Every sentence of the import exists in both languages, with the same blanks.

use std::collections::{BTreeMap, BTreeSet};

use mingzhang::embedded;

fn words(language: &str) -> BTreeMap<String, String> {
    toml::from_str(embedded::text(&format!("wording/{language}/ingest.toml")))
        .expect("a flat table of sentences")
}

fn blanks(sentence: &str) -> BTreeSet<&str> {
    sentence.split("{{ ").skip(1).filter_map(|rest| rest.split(" }}").next()).collect()
}

fn sources(folder: &std::path::Path, texts: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).expect("the sources lie beside the tests").flatten() {
        if entry.path().is_dir() {
            sources(&entry.path(), texts);
        } else {
            texts.push(std::fs::read_to_string(entry.path()).expect("sources are text"));
        }
    }
}

#[test]
fn both_languages_hold_the_same_sentences_with_the_same_blanks() {
    let (zh, en) = (words("zh"), words("en"));
    assert_eq!(zh.keys().collect::<Vec<_>>(), en.keys().collect::<Vec<_>>());
    for (key, sentence) in &zh {
        assert_eq!(blanks(sentence), blanks(&en[key]), "{key}");
    }
}

#[test]
fn every_sentence_that_the_import_names_is_written() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut texts = vec![std::fs::read_to_string(root.join("ingest.rs")).expect("the layer's front page")];
    sources(&root.join("ingest"), &mut texts);
    let zh = words("zh");
    let named: BTreeSet<&str> = texts
        .iter()
        .flat_map(|text| text.split("Message::new(\"").skip(1))
        .filter_map(|rest| rest.split('"').next())
        .collect();
    assert!(named.len() > 20, "the search finds the sentences");
    for key in named {
        assert!(zh.contains_key(key), "{key}");
    }
    let called = |function: &str| -> BTreeSet<String> {
        let open = format!("{function}(\"");
        let words = texts.iter().flat_map(|text| text.split(open.as_str()).skip(1).collect::<Vec<_>>());
        words.filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
    };
    for rule in called("refused") {
        assert!(zh.contains_key(&format!("ingest.cell.{rule}")), "{rule}");
    }
    for code in called("unusable").into_iter().chain(called("Err")) {
        assert!(zh.contains_key(&format!("ingest.file.{code}")), "{code}");
        assert!(zh.contains_key(&format!("ingest.file.{code}.help")), "{code}");
    }
}
