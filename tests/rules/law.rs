//! Laws by the date of the event.

use mingzhang::rules::law::{LawBook, LawKind};

fn day(text: &str) -> chrono::NaiveDate {
    text.parse().expect("a day")
}

#[test]
fn the_version_in_force_at_the_event_is_found() {
    let book = LawBook::built_in();
    let version = |on: &str| book.get("wljy-18", day(on)).map(|law| law.id.as_str());
    assert_eq!(version("2021-04-30"), None);
    assert_eq!(version("2025-04-30"), Some("wljy-18-old"));
    assert_eq!(version("2025-05-01"), Some("wljy-18"));
    assert!(book.get("ptjg-20", day("2026-04-09")).is_none());
    assert!(book.get("ptjg-20", day("2026-04-10")).is_some());
}

#[test]
fn every_rule_has_words_and_a_unique_id() {
    let book = LawBook::built_in();
    let mut ids: Vec<&str> = book.iter().map(|law| law.id.as_str()).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count);
    for law in book.iter() {
        assert!(!law.quote_zh.trim().is_empty(), "{}", law.id);
    }
}

#[test]
fn the_rules_that_deadlines_name_exist() {
    let book = LawBook::built_in();
    for id in ["o35-10", "o35-11", "hy-cmcc-6", "hy-vno-5m"] {
        assert!(book.get(id, day("2025-10-31")).is_some(), "{id}");
    }
}

#[test]
fn secondary_sources_are_never_quoted_and_local_rules_bind_only_there() {
    let book = LawBook::built_in();
    assert!(book.iter().filter(|law| law.kind == LawKind::Secondary).all(|law| !law.is_quotable()));
    let henan = book.get("hn-41", day("2025-10-31")).expect("in force");
    assert!(henan.applies_to(Some("河南"), None));
    assert!(!henan.applies_to(Some("浙江"), None) && !henan.applies_to(None, None));
}
