//! Every rule that a detector, a date or a way names exists, may be quoted where it binds, and was in force.

use std::collections::BTreeMap;

use mingzhang::detect::DETECTORS;
use mingzhang::rules::law::{Law, LawBook};

fn day(text: &str) -> chrono::NaiveDate {
    text.parse().expect("a day")
}

/// First days of every quarter for which somebody may still have papers.
fn days() -> Vec<chrono::NaiveDate> {
    let quarters = (2023..=2027).flat_map(|year| ["01", "04", "07", "10"].map(move |month| (year, month)));
    quarters.map(|(year, month)| day(&format!("{year}-{month}-01"))).collect()
}

/// Rules by id without the ending of an earlier version.
fn by_id() -> BTreeMap<&'static str, Vec<&'static Law>> {
    let mut versions: BTreeMap<&str, Vec<&Law>> = BTreeMap::new();
    for law in LawBook::built_in().iter() {
        versions.entry(law.id.strip_suffix("-old").unwrap_or(&law.id)).or_default().push(law);
    }
    versions
}

#[test]
fn every_id_that_is_used_exists_and_may_be_quoted() {
    let known = by_id();
    let ways =
        ["o35-10", "o35-11", "hy-cmcc-6", "hy-vno-5m", "hy-cmcc-7", "xf-55", "mfd-188", "xf-39", "ts20-15"];
    let used = DETECTORS.iter().flat_map(|it| it.basis.iter().map(move |id| (it.code, *id)));
    for (code, id) in used.chain(ways.map(|id| ("a date or way", id))) {
        let id = id.strip_suffix("-old").unwrap_or(id);
        let versions = known.get(id).unwrap_or_else(|| panic!("{code} names {id}"));
        assert!(
            versions.iter().all(|law| law.is_quotable()),
            "{code} quotes {id}, known from elsewhere only"
        );
    }
}

#[test]
fn at_most_one_version_of_a_rule_is_in_force_on_a_day() {
    for (id, versions) in by_id() {
        for day in days() {
            let in_force = versions.iter().filter(|law| law.in_force_on(day)).count();
            assert!(in_force <= 1, "{id} on {day}");
        }
    }
}

#[test]
fn every_detector_has_a_rule_in_force_on_every_day_for_every_operator_and_province() {
    let book = LawBook::built_in();
    let provinces = [None, Some("浙江"), Some("河南省"), Some("重庆"), Some("北京")];
    for detector in DETECTORS {
        for day in days() {
            for operator in ["cmcc", "cucc", "ctcc", "cbn", "mvno"] {
                for province in provinces {
                    let laws = detector.basis.iter().filter_map(|id| book.get(id, day));
                    let binding =
                        laws.filter(|law| law.is_quotable() && law.applies_to(province, Some(operator)));
                    let place = format!("{} on {day}, {operator}, {province:?}", detector.code);
                    assert!(binding.count() > 0, "{place}: nothing can be quoted");
                }
            }
        }
    }
}

#[test]
fn rules_of_one_operator_or_province_bind_nobody_else() {
    for law in LawBook::built_in().iter() {
        if let Some(own) = law.operator.as_deref() {
            for other in ["cmcc", "cucc", "ctcc", "cbn", "mvno"].iter().filter(|other| **other != own) {
                assert!(!law.applies_to(law.province.as_deref(), Some(other)), "{}", law.id);
            }
        }
        if law.province.is_some() {
            assert!(!law.applies_to(Some("北京"), law.operator.as_deref()), "{}", law.id);
        }
    }
}

#[test]
fn a_rule_of_the_province_goes_before_one_of_the_country_while_it_is_in_force() {
    let book = LawBook::built_in();
    // 电信条例第三十三条: five times; 河南省电信条例第四十一条: three times, from 2021.
    assert_eq!(book.surge_times(None, day("2025-10-31")), Some(5));
    assert_eq!(book.surge_times(Some("河南省"), day("2025-10-31")), Some(3));
    assert_eq!(book.surge_times(Some("河南"), day("2020-12-31")), Some(5));
    assert_eq!(book.reply_working_days(Some("河南"), day("2025-10-31")), Some(5));
    assert_eq!(book.reply_working_days(Some("重庆市"), day("2025-10-31")), Some(15));
    assert_eq!(book.reply_working_days(Some("浙江"), day("2025-10-31")), None);
}
