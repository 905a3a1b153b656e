//! The plan book: versions, names, examples.

use mingzhang::model::plan::Plan;
use mingzhang::rating::examples;
use mingzhang::rules::plan::parse;
use mingzhang::rules::plan_book::{PlanBook, normalised_name};

use super::plan::DEMO;

fn version(from: &str, last: &str) -> Plan {
    let text = DEMO.replace("effective_from = 2024-01-01", from).replace("effective_to = 2025-12-31", last);
    parse("plan.toml", &text).expect("no problems")
}

fn day(text: &str) -> chrono::NaiveDate {
    text.parse().expect("a day")
}

#[test]
fn each_day_has_its_version() {
    let mut book = PlanBook::default();
    assert!(book.add(version("effective_from = 2024-01-01", "effective_to = 2024-12-31")).is_ok());
    assert!(book.add(version("effective_from = 2025-01-01", "")).is_ok());
    assert!(book.get("demo-59", day("2023-12-31")).is_none());
    let end_of = |on: &str| book.get("demo-59", day(on)).map(|plan| plan.effective_last);
    assert_eq!(end_of("2024-12-31"), Some(Some(day("2024-12-31"))));
    assert_eq!(end_of("2025-01-01"), Some(None));
}

#[test]
fn versions_that_share_a_day_overlap() {
    let mut book = PlanBook::default();
    assert!(book.add(version("effective_from = 2024-01-01", "effective_to = 2024-12-31")).is_ok());
    let overlap = book.add(version("effective_from = 2024-12-31", ""));
    assert_eq!(overlap.map_err(|message| message.key), Err("plan.overlap".to_owned()));
    assert!(book.add(version("", "effective_to = 2023-12-31")).is_ok());
}

#[test]
fn a_plan_is_found_by_id_name_and_alias_however_they_are_printed() {
    let mut book = PlanBook::default();
    assert!(book.add(version("", "")).is_ok());
    for name in ["demo-59", "畅享套餐 59 元档", "畅享套餐59元档", "畅享套餐５９元", " 59元畅享 "]
    {
        assert_eq!(book.named(name), Some("demo-59"), "{name}");
    }
    assert_eq!(book.named("畅享套餐 99 元档"), None);
}

#[test]
fn a_name_that_two_plans_share_names_none() {
    let mut book = PlanBook::default();
    assert!(book.add(version("", "")).is_ok());
    let other = Plan { id: "other".to_owned(), ..version("", "") };
    assert!(book.add(other).is_ok());
    assert_eq!(book.named("59元畅享"), None);
    assert_eq!(book.named("other"), Some("other"));
}

#[test]
fn names_are_compared_without_blanks_width_and_case() {
    assert_eq!(normalised_name("５Ｇ 畅享（Ｐｌｕｓ）"), "5g畅享(plus)");
}

#[test]
fn a_plan_whose_example_fails_is_not_used() {
    let good = parse("good.toml", DEMO).expect("no problems");
    // 205 × 0.29 = 59.45, so 59.74 is wrong for 205 MB.
    let bad_text = DEMO.replace("206MB", "205MB").replace("demo-59", "demo-60");
    let bad = parse("bad.toml", &bad_text).expect("no problems of form");
    let plans = [("good.toml".to_owned(), good), ("bad.toml".to_owned(), bad)];
    let (book, problems) = examples::checked_book(plans).expect("in range");
    assert!(book.named("demo-59").is_some());
    assert!(book.named("demo-60").is_none());
    let found: Vec<_> = problems.iter().map(|problem| (problem.path.as_str(), problem.row)).collect();
    assert_eq!(found, [("bad.toml", 81)]);
    let text = |name: &str| problems[0].message.args.get(name).cloned();
    assert_eq!(text("found"), Some(mingzhang::model::message::Arg::Text("59.45".to_owned())));
}

#[test]
fn every_built_in_plan_holds_its_own_examples() {
    let plans = PlanBook::built_in_files().map(|(path, plan)| (path.to_owned(), plan));
    let (book, problems) = examples::checked_book(plans).expect("in range");
    assert_eq!(problems, []);
    assert_eq!(book.iter().count(), PlanBook::built_in().iter().count());
    assert!(book.named("cmcc-zixuan-overage").is_some());
    for plan in book.iter() {
        assert!(!plan.examples.is_empty(), "{} has no worked example", plan.id);
    }
}

#[test]
fn a_plan_of_the_case_takes_the_place_of_the_built_in_one_that_it_was_copied_from() {
    let (_, text) = mingzhang::embedded::below("plans/")
        .find(|(path, _)| path.ends_with("xingka-overage.toml"))
        .expect("built in");
    let book = |text: String| {
        let file =
            mingzhang::ingest::InputFile { path: "plans/mine.toml".to_owned(), bytes: text.into_bytes() };
        mingzhang::analyse::plan_book(&[file]).expect("in range")
    };
    // Copied as it stands, or under an id of its own: one plan has the name, and it is the user's.
    for id in ["ctcc-xingka-overage", "my-xingka"] {
        let own = text.replace("id = \"ctcc-xingka-overage\"", &format!("id = \"{id}\""));
        let (book, problems) =
            book(own.replace("text = \"国内通话 0.1", "text = \"自己的合同：国内通话 0.1"));
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(book.named("星卡套餐（仅套餐外资费）"), Some(id));
        let clause =
            book.versions(id).first().and_then(|plan| plan.clause("voice")).map(|it| it.text.clone());
        assert!(clause.is_some_and(|text| text.starts_with("自己的合同")), "{id}");
    }
    // Another name and id leaves the built-in one where it is.
    let other =
        text.replace("id = \"ctcc-xingka-overage\"", "id = \"other\"").replace("星卡套餐", "另一个套餐");
    assert_eq!(book(other).0.named("星卡套餐（仅套餐外资费）"), Some("ctcc-xingka-overage"));
}
