//! The case with one fact changed, and the rounding audit.

use mingzhang::model::coverage::CoverKind;
use mingzhang::model::interval::Interval;
use mingzhang::model::money::MoneyRounding;
use mingzhang::model::plan::{BucketSelector, Per, StepRounding};
use mingzhang::model::record::OrderAction;
use mingzhang::model::usage::UsageEvent;
use mingzhang::rating::outcome::Change;
use mingzhang::rating::rerate;
use mingzhang::rating::rounding_audit::{RoundingChange, rounding_audit};
use mingzhang::rules::plan_book::PlanBook;
use proptest::prelude::*;

use super::support::{
    MB, allowance_text, amount, book, call, cycle, data, exactly, line, order, pack_text, plan, rate,
    rate_text, stated, subscription, yuan,
};

const OCTOBER: &str = "2025-10";
const RATE: &str = "[[rate]]\nid = \"data-out\"\nunit = \"data\"\nper = \"cycle\"\ncount = \"1MB\"\n\
                    stages = [{ price = \"1.00\" }]\nclause = \"1\"\n";
const FEE: &str = "[fee]\nmonthly = \"59.00\"\nclause = \"1\"\n";

fn changed(events: &[UsageEvent<'_>], book: &PlanBook, change: &Change) -> Interval {
    let mut line = line("demo", events);
    line.subscriptions = vec![subscription("demo", "2025-09-01")];
    line.coverage = vec![stated(CoverKind::Data, "2025-09-01", "2025-10-31")];
    let rated = rate(&line, book);
    rerate(&line, &rated, cycle(OCTOBER), change).expect("in range").total
}

fn rolling() -> PlanBook {
    let allowance = "[[allowance]]\nid = \"data\"\nunit = \"data\"\namount = \"100MB\"\nrollover = \"next-month\"\nclause = \"1\"\n\
                     [consumption]\norder = [\"rollover\", \"data\"]\nclause = \"1\"\n";
    book([plan("demo", "plan", &format!("{FEE}{RATE}{allowance}"))])
}

#[test]
fn rollover_is_granted_or_dropped_for_the_cycle() {
    // September leaves 100 − 70 = 30; October uses 150: 20 outside. Dropped: 50. Granted 49: 1; granted 50: none.
    let events = [data("2025-09-15 10:00:00", 70 * MB), data("2025-10-15 10:00:00", 150 * MB)];
    let granted = |mb: u64| Change::RolloverGranted {
        plan: "demo".to_owned(),
        allowance: "data".to_owned(),
        amount: mb * MB,
    };
    assert_eq!(changed(&events, &rolling(), &granted(30)), exactly("79.00"));
    assert_eq!(changed(&events, &rolling(), &Change::RolloverDropped), exactly("109.00"));
    assert_eq!(changed(&events, &rolling(), &granted(49)), exactly("60.00"));
    assert_eq!(changed(&events, &rolling(), &granted(50)), exactly("59.00"));
}

#[test]
fn another_price_changes_the_fee_and_nothing_else() {
    let events = [data("2025-10-15 10:00:00", 201 * MB)];
    let price = |yuan_text: &str| Change::PlanPrice { plan: "demo".to_owned(), price: yuan(yuan_text) };
    // 100 rolled over from an unused September, 100 of October, 1 outside: 1.00 above the fee.
    assert_eq!(changed(&events, &rolling(), &price("59.00")), exactly("60.00"));
    assert_eq!(changed(&events, &rolling(), &price("49.00")), exactly("50.00"));
}

#[test]
fn another_order_of_buckets_shows_in_what_is_left() {
    // Home 100 MB, anywhere 100 MB. 100 at home, then 100 abroad. Home first: nothing outside. Anywhere first:
    // home uses `any`, and abroad finds only the home bucket: 100 outside.
    let text = "[[allowance]]\nid = \"home\"\nunit = \"data\"\namount = \"100MB\"\nmatch = { scope = [\"domestic\"] }\nclause = \"1\"\n\
                [[allowance]]\nid = \"any\"\nunit = \"data\"\namount = \"100MB\"\nclause = \"1\"\n\
                [consumption]\norder = [\"home\", \"any\"]\nclause = \"1\"\n";
    let book = book([plan("demo", "plan", &format!("{FEE}{RATE}{text}"))]);
    let abroad = UsageEvent {
        scope: mingzhang::model::usage::Scope::International,
        ..data("2025-10-16 10:00:00", 100 * MB)
    };
    let events = [data("2025-10-15 10:00:00", 100 * MB), abroad];
    let order = |ids: [&str; 2]| Change::BucketOrder {
        plan: "demo".to_owned(),
        order: ids.map(|id| BucketSelector::Allowance(id.to_owned())).to_vec(),
    };
    assert_eq!(changed(&events, &book, &order(["home", "any"])), exactly("59.00"));
    assert_eq!(changed(&events, &book, &order(["any", "home"])), exactly("159.00"));
}

#[test]
fn a_change_of_what_was_never_in_force_is_an_error() {
    let line = line("demo", &[data("2025-10-15 10:00:00", MB)]);
    let rated = rate(&line, &rolling());
    let unknown = [
        Change::PlanPrice { plan: "other".to_owned(), price: yuan("1.00") },
        Change::BucketOrder { plan: "other".to_owned(), order: vec![] },
        Change::RolloverGranted { plan: "demo".to_owned(), allowance: "voice".to_owned(), amount: 1 },
    ];
    for change in unknown {
        assert!(rerate(&line, &rated, cycle(OCTOBER), &change).is_err(), "{change:?}");
    }
}

fn audit(rule: &str, events: &[UsageEvent<'_>], charged: &str) -> Vec<RoundingChange> {
    let book = book([plan("demo", "plan", rule)]);
    let line = line("demo", events);
    let rated = rate(&line, &book);
    rounding_audit(&line, &rated, cycle(OCTOBER), ("demo", "out"), yuan(charged)).expect("in range")
}

/// 0.29 yuan per started MB of the month.
const PER_MB: &str = "[[rate]]\nid = \"out\"\nunit = \"data\"\nper = \"cycle\"\ncount = \"1MB\"\nround = \"up\"\n\
                      stages = [{ price = \"0.29\" }]\nclause = \"1\"\n";

#[test]
fn the_audit_finds_what_reproduces_a_figure_to_the_fen() {
    // 1.5 + 1.5 + 1.5 MB on two days (2 + 1). As written ⌈4.5⌉ = 5 × 0.29 = 1.45.
    let sessions = [
        data("2025-10-03 10:00:00", 3 * MB / 2),
        data("2025-10-03 11:00:00", 3 * MB / 2),
        data("2025-10-04 10:00:00", 3 * MB / 2),
    ];
    let audit = |charged: &str| audit(PER_MB, &sessions, charged);
    // Each session up: 2 + 2 + 2 = 6 × 0.29 = 1.74.
    assert_eq!(audit("1.74"), [RoundingChange::Per(Per::Event)]);
    // Down: 4 × 0.29 = 1.16. Exact: 4.5 × 0.29 = 1.305 → 1.31.
    assert_eq!(audit("1.16"), [RoundingChange::Round(StepRounding::Down)]);
    assert_eq!(audit("1.31"), [RoundingChange::Round(StepRounding::Exact)]);
    // To whole yuan: 1; to one decimal: 1.45 → 1.5.
    assert_eq!(audit("1.00"), [RoundingChange::MoneyScale(0)]);
    assert_eq!(audit("1.50"), [RoundingChange::MoneyScale(1)]);
    // One fen beside is no match; by day (3 + 2 = 5) gives what the rules give anyway.
    assert_eq!(audit("1.75"), []);
    assert_eq!(audit("1.45"), []);
}

#[test]
fn changes_that_give_one_figure_are_all_named() {
    // Two sessions of 0.5 MB on two days: as written 1 × 0.29. By event and by day alike 2 × 0.29 = 0.58; and
    // 1048576 B are two started MB of 1000 × 1000 B.
    let sessions = [data("2025-10-03 10:00:00", MB / 2), data("2025-10-04 10:00:00", MB / 2)];
    assert_eq!(
        audit(PER_MB, &sessions, "0.58"),
        [RoundingChange::Per(Per::Event), RoundingChange::Per(Per::Day), RoundingChange::RateIn1000]
    );
}

#[test]
fn a_thousand_instead_of_1024_shows() {
    // 100 MB = 104857600 B. As written 100 × 0.29 = 29.00; in 1000: ⌈104.8576⌉ = 105 × 0.29 = 30.45.
    let sessions = [data("2025-10-03 10:00:00", 100 * MB)];
    assert_eq!(audit(PER_MB, &sessions, "30.45"), [RoundingChange::RateIn1000]);
    // 1 GB granted, 1 GB used: nothing outside. Granted 1000³: 1073741824 − 1000000000 = 73741824 B =
    // 70.325… MB → 71 × 0.29 = 20.59.
    let allowance = "[[allowance]]\nid = \"data\"\nunit = \"data\"\namount = \"1GB\"\nclause = \"1\"\n";
    let sessions = [data("2025-10-03 10:00:00", 1024 * MB)];
    let found = audit(&format!("{PER_MB}{allowance}"), &sessions, "20.59");
    assert_eq!(found, [RoundingChange::AllowanceIn1000 { plan: "demo".to_owned() }]);
}

#[test]
fn what_a_pack_grants_in_thousands_shows_on_the_rate_of_the_plan() {
    // Plan 1 GB and pack 2 GB, 3 GB used: nothing outside. The pack in 1000: 2 × 73741824 B = 147483648 B =
    // 140.65… MB → 141 × 0.29 = 40.89. The plan in 1000: 73741824 B = 70.3… MB → 71 × 0.29 = 20.59.
    let incl = |amount: &str| allowance_text("data", "data", amount, "");
    let pack = plan("pack", "pack", &(pack_text("9.00", "month", "") + &incl("2GB")));
    let book = book([plan("demo", "plan", &format!("{PER_MB}{}", incl("1GB"))), pack]);
    let mut line = line("demo", &[data("2025-10-03 10:00:00", 3 * 1024 * MB)]);
    line.orders = vec![order("2025-10-01 00:00:00", OrderAction::Order, "pack")];
    let rated = rate(&line, &book);
    let audit = |charged: &str| {
        rounding_audit(&line, &rated, cycle(OCTOBER), ("demo", "out"), yuan(charged)).expect("in range")
    };
    let of = |plan: &str| vec![RoundingChange::AllowanceIn1000 { plan: plan.to_owned() }];
    assert_eq!(audit("40.89"), of("pack"));
    assert_eq!(audit("20.59"), of("demo"));
    assert_eq!(audit("20.58"), []);
}

#[test]
fn the_rate_of_a_pack_is_audited_too() {
    // 0.10 a started MB, each day on its own: 1.5 MB on two days, 2 + 2 = 0.40. The month together: 3 MB, 0.30;
    // parts of a MB pro rata: 0.15 + 0.15 = 0.30 as well. Down: 0.20.
    let keys = "per = \"day\"\ncount = \"1MB\"\nstages = [{ price = \"0.10\" }]";
    let pack = plan("pack", "pack", &(pack_text("0.00", "month", "") + &rate_text("day", "data", keys)));
    let book = book([plan("demo", "plan", PER_MB), pack]);
    let mut line =
        line("demo", &[data("2025-10-03 10:00:00", 3 * MB / 2), data("2025-10-04 10:00:00", 3 * MB / 2)]);
    line.orders = vec![order("2025-10-01 00:00:00", OrderAction::Order, "pack")];
    let rated = rate(&line, &book);
    let audit = |charged: &str| {
        rounding_audit(&line, &rated, cycle(OCTOBER), ("pack", "day"), yuan(charged)).expect("in range")
    };
    assert_eq!(audit("0.30"), [RoundingChange::Round(StepRounding::Exact), RoundingChange::Per(Per::Cycle)]);
    assert_eq!(audit("0.20"), [RoundingChange::Round(StepRounding::Down)]);
    assert_eq!(audit("0.40"), []);
}

#[test]
fn money_that_is_cut_instead_of_rounded_shows() {
    let rule = "[[rate]]\nid = \"out\"\nunit = \"data\"\nper = \"cycle\"\ncount = \"1MB\"\nround = \"exact\"\n\
                price_per = \"1GB\"\nstages = [{ price = \"5.00\" }]\nclause = \"1\"\n";
    // 2 MB of 1 GB at 5.00: 0.009765625 → 0.01; cut: 0.00, and so to one decimal or none, and a charge per GB down
    // is not one step of 1 MB: 2 × 5 ÷ 1024 as well.
    let sessions = [data("2025-10-03 10:00:00", 2 * MB)];
    let found = audit(rule, &sessions, "0.00");
    assert_eq!(
        found,
        [
            RoundingChange::MoneyRound(MoneyRounding::Truncate),
            RoundingChange::MoneyScale(0),
            RoundingChange::MoneyScale(1)
        ]
    );
}

#[test]
fn calls_added_up_before_rounding_show() {
    let rule = "[[rate]]\nid = \"out\"\nunit = \"voice\"\nper = \"event\"\ncount = \"60s\"\nround = \"up\"\n\
                stages = [{ price = \"0.15\" }]\nclause = \"1\"\n";
    // Three calls of 61 s: 6 minutes, 0.90. Per cycle 183 s → 4 minutes, 0.60, all on one day: per day too.
    let calls =
        [call("2025-10-03 10:00:00", 61), call("2025-10-03 11:00:00", 61), call("2025-10-03 12:00:00", 61)];
    assert_eq!(audit(rule, &calls, "0.60"), [RoundingChange::Per(Per::Day), RoundingChange::Per(Per::Cycle)]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// The audit prices one walk in every way; rating the month again with the rate changed gives the same amounts.
    #[test]
    fn the_audit_names_every_change_by_what_rating_makes_of_it(
        sessions in prop::collection::vec((1u32..=28, 1u64..3 * MB), 1..8),
        per in prop::sample::select(vec!["event", "day", "cycle"]),
    ) {
        let starts: Vec<String> = sessions
            .iter()
            .enumerate()
            .map(|(hour, (day, _))| format!("2025-10-{day:02} {hour:02}:00:00"))
            .collect();
        let events: Vec<UsageEvent<'_>> =
            starts.iter().zip(&sessions).map(|(start, (_, bytes))| data(start, *bytes)).collect();
        let demo = plan("demo", "plan", &PER_MB.replace("per = \"cycle\"", &format!("per = \"{per}\"")));
        let written = demo.rates[0].clone();
        let line = line("demo", &events);
        let rated = rate(&line, &book([demo]));
        let as_written = amount(&rated.cycles[&cycle(OCTOBER)], "out");
        for change in [
            RoundingChange::Round(StepRounding::Down),
            RoundingChange::Round(StepRounding::Exact),
            RoundingChange::Per(Per::Event),
            RoundingChange::Per(Per::Day),
            RoundingChange::Per(Per::Cycle),
            RoundingChange::MoneyScale(0),
            RoundingChange::MoneyScale(1),
        ] {
            let mut other = written.clone();
            match change {
                RoundingChange::Round(round) => other.round = round,
                RoundingChange::Per(per) => other.per = per,
                RoundingChange::MoneyScale(scale) => other.money_scale = scale,
                _ => {}
            }
            let replaced = Change::RateReplaced { plan: "demo".to_owned(), rate: Box::new(other.clone()) };
            let changed = rerate(&line, &rated, cycle(OCTOBER), &replaced).expect("in range");
            let figure = amount(&changed, "out");
            prop_assert!(figure.is_certain());
            let found = rounding_audit(&line, &rated, cycle(OCTOBER), ("demo", "out"), figure.high).expect("in range");
            prop_assert_eq!(found.contains(&change), figure != as_written && other != written);
        }
    }
}
