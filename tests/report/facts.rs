//! What the records say, in the report of a sample case.

use mingzhang::report::model::FactSheet;
use mingzhang::report::wording::Lang;

use super::path;

fn sheet(name: &str, kind: &str) -> FactSheet {
    let report = path::sample(name, Lang::Zh);
    let of_kind = report.facts.into_iter().find(|facts| facts.kind == kind);
    of_kind.unwrap_or_else(|| panic!("no facts on {kind} in {name}"))
}

#[test]
fn every_division_of_the_use_adds_up_to_the_whole() {
    for name in ["mms-15-yuan", "pack-not-renewed", "clean"] {
        for facts in path::sample(name, Lang::Zh).facts {
            for table in &facts.tables {
                let events: u64 = table.parts.iter().map(|part| part.events).sum();
                let volume: u64 = table.parts.iter().map(|part| part.volume).sum();
                assert_eq!(
                    (events, volume),
                    (facts.events, facts.volume),
                    "{name} {} {}",
                    facts.kind,
                    table.by
                );
            }
            assert!(facts.biggest.len() <= 10);
            assert!(facts.biggest.windows(2).all(|pair| pair[0].volume >= pair[1].volume));
        }
    }
}

#[test]
fn a_complete_list_without_a_record_is_a_fact_of_its_own() {
    let facts = sheet("mms-15-yuan", "mms");
    assert_eq!((facts.events, facts.first.is_none()), (0, true));
    assert_eq!(facts.sentences, ["2025-10-01 至 2025-10-31 没有彩信记录；清单对这些天是齐全的。"]);
}

#[test]
fn a_list_without_the_field_says_nothing_about_it() {
    // The list of sessions has no column for the app, and one for the way of access.
    let facts = sheet("pack-not-renewed", "data");
    let by: Vec<&str> = facts.tables.iter().map(|table| table.by.as_str()).collect();
    assert!(!by.contains(&"app") && by.contains(&"access"), "{by:?}");
}

#[test]
fn use_by_day_is_what_was_granted_and_what_went_beyond() {
    let report = path::sample("pack-not-renewed", Lang::Zh);
    let days = report.usage.iter().find(|days| days.unit == "data" && !days.fees.is_empty());
    let days = days.expect("the list states fees");
    let outside: u64 = days.outside.iter().sum();
    assert!(outside > 0 && days.overage_from.is_some());
    let inside: u64 = days.inside.iter().sum();
    assert!(inside <= days.granted, "{inside} of {}", days.granted);
    // Each day has its use: before the moment nothing is outside.
    let first_outside = days.outside.iter().position(|bytes| *bytes > 0).expect("something is outside") + 1;
    let moment = days.overage_from.as_deref().and_then(|at| at.get(8..10)?.parse::<usize>().ok());
    assert!(moment.is_some_and(|day| day <= first_outside), "{moment:?} {first_outside}");
}

#[test]
fn the_timeline_is_in_order_and_holds_bills_orders_and_contacts() {
    let report = path::sample("pack-not-renewed", Lang::Zh);
    assert!(report.timeline.windows(2).all(|pair| pair[0].at <= pair[1].at));
    for kind in ["bill", "order", "contact", "promise", "exhausted"] {
        assert!(report.timeline.iter().any(|moment| moment.kind == kind), "no {kind}");
    }
    let promise = report.timeline.iter().find(|moment| moment.kind == "promise").expect("a promise");
    assert_eq!(promise.text, "运营商承诺到期：48小时内回复（落空）");
    assert_eq!(report.contacts[0].agent_id.as_deref(), Some("8812"));
}
