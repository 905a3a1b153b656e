//! Plan files: every key, every check.

use mingzhang::model::exact::Exact;
use mingzhang::model::plan::{
    BucketSelector, DayRate, FirstMonth, Per, Plan, Rollover, Share, StepRounding, Validity,
};
use mingzhang::model::quantity::{GB, MB, Unit, Volume};
use mingzhang::model::usage::{Direction, Scope};
use mingzhang::rules::plan::parse;
use mingzhang::spec::SpecProblem;

/// The example of the specification, with the clauses that its figures name.
pub const DEMO: &str = r#"schema = "mingzhang.plan/1"
id = "demo-59"
name = "畅享套餐 59 元档"
aliases = ["畅享套餐59元", "59元畅享"]
operator = "cmcc"
kind = "plan"
effective_from = 2024-01-01
effective_to = 2025-12-31

[[clause]]
id = "1.1"
text = "月费 59 元"
source = "https://example.invalid/1"
retrieved = 2025-09-30

[[clause]]
id = "3.2"
text = "套餐外流量"
source = "customer service, oral"

[fee]
monthly = "59.00"
first_month = "by-day"
counts_activation_day = true
day_rate = "truncated"
allowance_first_month = "by-day"
last_month = "free"
suspended = "5.00"
billed_as = ["套餐月费", "月基本费"]
clause = "1.1"

[[allowance]]
id = "data"
unit = "data"
amount = "10GB"
match = { direction = "out", scope = ["domestic"], app = ["抖音"], hours = "23:00-07:00", peer = ["10086"] }
shared_with = ["13800002222"]
rollover = "next-month"
clause = "1.1"

[consumption]
order = ["rollover", "pack:*", "pack:data-10gb", "data"]
tie = "expiry"
clause = "1.1"

[[rate]]
id = "data-out"
unit = "data"
match = { scope = ["domestic"] }
per = "cycle"
count = "1MB"
round = "up"
stages = [
  { to = "1GB", price = "0.29", cap = "60.00" },
]
price_per = "1MB"
money_round = "truncate"
money_scale = 3
repeat = true
billed_as = ["套餐外上网费"]
clause = "3.2"

[[cap]]
unit = "data"
amount = "500.00"
clause = "1.1"

[[credit]]
id = "first-topup"
amount = "10.00"
first_cycle = "next-month"
cycles = 12
billed_as = ["充值赠费返还"]
clause = "1.1"

[[reading]]
id = "round-down"
clause = "3.2"
set = { "rate.data-out.round" = "down", "fee.first_month" = "full" }

[[example]]
name = "206 MB outside the plan"
use = [{ unit = "data", amount = "206MB", at = "2025-10-03 10:00:00", outside = true }]
expect = { "data-out" = "59.74", monthly = "59.00" }
source = "operator page, example 2"
"#;

fn problems(text: &str) -> Vec<(u32, u32, String)> {
    let problems = parse("plan.toml", text).expect_err("the file has problems");
    problems.into_iter().map(|problem| (problem.row, problem.column, problem.message.key)).collect()
}

/// Checks that the change makes exactly this problem, at the row of `place` in the changed file.
fn check(from: &str, to: &str, place: &str, key: &str) {
    assert!(DEMO.contains(from), "{from}");
    let text = DEMO.replacen(from, to, 1);
    let at = text.find(place).unwrap_or_else(|| panic!("{place}"));
    let row = text[..at].matches('\n').count() as u32 + 1;
    let found: Vec<(u32, String)> = problems(&text).into_iter().map(|(row, _, key)| (row, key)).collect();
    assert_eq!(found, [(row, key.to_owned())], "{from} → {to}");
}

#[test]
fn every_key_of_a_plan_arrives() {
    let plan = parse("plan.toml", DEMO).expect("no problems");
    let fee = plan.fee().expect("a fee");
    assert_eq!((fee.first_month, fee.day_rate), (FirstMonth::ByDay, DayRate::Truncated));
    assert_eq!((fee.allowance_first_month, fee.last_month), (Share::ByDay, Share::Free));
    assert_eq!(fee.suspended.map(|money| money.to_string()).as_deref(), Some("5.00"));
    let allowance = &plan.allowances[0];
    assert_eq!(
        (allowance.amount, allowance.rollover),
        (Volume::new(Unit::Data, 10 * GB), Rollover::NextMonth)
    );
    // 23:00 = 82800 s, 07:00 = 25200 s.
    assert_eq!(allowance.matches.hours_s, Some((82_800, 25_200)));
    assert_eq!(
        plan.consumption.order,
        [
            BucketSelector::Rollover,
            BucketSelector::AnyPack,
            BucketSelector::Pack("data-10gb".to_owned()),
            BucketSelector::Allowance("data".to_owned()),
        ]
    );
    let rate = &plan.rates[0];
    assert_eq!((rate.per, rate.round, rate.count, rate.money_scale), (Per::Cycle, StepRounding::Up, MB, 3));
    assert_eq!((rate.stages[0].to, rate.repeat), (Some(GB), true));
    assert_eq!(Exact::from_decimal(rate.stages[0].price).to_text(), "0.29");
    assert!(plan.credits[0].starts_next_month);
    assert_eq!((plan.clauses[0].oral, plan.clauses[1].oral), (false, true));
    assert_eq!(plan.examples[0].row, 81);
}

#[test]
fn a_reading_is_the_plan_with_its_keys_replaced() {
    let plan = parse("plan.toml", DEMO).expect("no problems");
    let reading = &plan.readings[0];
    assert_eq!(reading.plan.rates[0].round, StepRounding::Down);
    assert_eq!(reading.plan.fee().map(|fee| fee.first_month), Some(FirstMonth::Full));
    assert_eq!(plan.rates[0].round, StepRounding::Up);
}

#[test]
fn a_pack_has_a_price_and_a_validity() {
    let text = |validity: &str| {
        format!(
            "schema = \"mingzhang.plan/1\"\nid = \"p\"\nname = \"p\"\nkind = \"pack\"\n[[clause]]\nid = \"1\"\ntext = \"t\"\n\
             source = \"s\"\n[pack]\nprice = \"10.00\"\nvalidity = \"{validity}\"\nauto_renew = true\nclause = \"1\"\n"
        )
    };
    let validity =
        |word: &str| parse("p.toml", &text(word)).map(|plan| plan.pack().map(|pack| pack.validity));
    assert_eq!(validity("month"), Ok(Some(Validity::Month)));
    assert_eq!(validity("1d"), Ok(Some(Validity::OneDay)));
    assert_eq!(validity("30d"), Ok(Some(Validity::Days(30))));
    assert_eq!(problems(&text("30")), [(11, 12, "plan.validity".to_owned())]);
}

#[test]
fn a_money_value_without_quotes_is_a_problem() {
    check("monthly = \"59.00\"", "monthly = 59.00", "monthly = 59.00", "spec.number-needs-quotes");
    check("amount = \"500.00\"", "amount = 500", "amount = 500", "spec.number-needs-quotes");
    check("monthly = \"59.00\"", "monthly = \"59 元\"", "monthly", "spec.money");
    check("monthly = \"59.00\"", "monthly = \"-59\"", "monthly", "spec.money");
}

#[test]
fn every_figure_names_a_clause_that_exists() {
    check(
        "clause = \"3.2\"\n\n[[cap]]",
        "clause = \"3.3\"\n\n[[cap]]",
        "clause = \"3.3\"",
        "plan.unknown-clause",
    );
    check(
        "unit = \"data\"\namount = \"500.00\"\nclause = \"1.1\"",
        "unit = \"data\"\namount = \"500.00\"",
        "[[cap]]",
        "spec.missing-key",
    );
}

#[test]
fn ids_are_unique_and_kebab_case() {
    check("id = \"demo-59\"", "id = \"Demo_59\"", "id = \"Demo_59\"", "plan.id-form");
    let third = "[[clause]]
id = \"1.1\"
text = \"t\"
source = \"s\"
[fee]";
    check(
        "[fee]",
        third,
        "id = \"1.1\"
text = \"t\"",
        "plan.repeated-id",
    );
}

#[test]
fn stages_rise_and_only_the_last_may_be_open() {
    let stage = "  { to = \"1GB\", price = \"0.29\", cap = \"60.00\" },\n";
    let two = |a: &str, b: &str| format!("  {{ {a} }},\n  {{ {b} }},\n");
    let rising = two("to = \"1GB\", price = \"1\"", "to = \"1GB\", price = \"2\"");
    check(stage, &rising, "{ to = \"1GB\", price = \"2\"", "plan.stage-order");
    let open_first = two("price = \"1\"", "to = \"1GB\", price = \"2\"");
    check(stage, &open_first, "{ price = \"1\"", "plan.open-stage");
    let open_repeat = two("to = \"1GB\", price = \"1\"", "price = \"2\"");
    check(stage, &open_repeat, "{ price = \"2\"", "plan.open-repeat");
}

#[test]
fn a_match_that_names_nothing_is_a_problem() {
    check("match = { scope = [\"domestic\"] }", "match = { }", "match = { }", "plan.empty-match");
    check(
        "match = { scope = [\"domestic\"] }",
        "match = { scope = [] }",
        "match = { scope = [] }",
        "plan.empty-match",
    );
}

#[test]
fn consumption_names_what_there_is() {
    check("\"pack:data-10gb\", \"data\"]", "\"dato\"]", "\"dato\"]", "spec.unknown-word");
}

#[test]
fn volumes_fit_their_unit() {
    check("amount = \"10GB\"", "amount = \"10 min\"", "amount = \"10 min\"", "spec.volume.data");
    check("count = \"1MB\"", "count = \"0MB\"", "count = \"0MB\"", "spec.volume-zero");
}

#[test]
fn a_plan_has_no_pack_section() {
    check(
        "[[cap]]",
        "[pack]\nprice = \"1\"\nvalidity = \"month\"\nclause = \"1.1\"\n[[cap]]",
        "[pack]",
        "plan.pack-in-plan",
    );
}

#[test]
fn a_window_that_ends_before_it_starts_is_a_problem() {
    check("effective_to = 2025-12-31", "effective_to = 2023-12-31", "effective_to", "spec.end-before-start");
}

#[test]
fn a_reading_replaces_keys_that_exist_by_values_that_fit() {
    check(
        "\"rate.data-out.round\" = \"down\"",
        "\"rate.data-in.round\" = \"down\"",
        "set = ",
        "plan.reading-target",
    );
    check(
        "\"rate.data-out.round\" = \"down\"",
        "\"rate.data-out.rund\" = \"down\"",
        "set = ",
        "spec.unknown-key",
    );
    check(
        "\"rate.data-out.round\" = \"down\"",
        "\"rate.data-out.round\" = \"sideways\"",
        "set = ",
        "spec.unknown-word",
    );
}

#[test]
fn an_example_expects_figures_that_exist() {
    check("\"data-out\" = \"59.74\"", "\"data-uot\" = \"59.74\"", "expect = ", "plan.unknown-expectation");
}

#[test]
fn all_problems_of_a_plan_are_reported_together() {
    let text = r#"schema = "mingzhang.plan/1"
id = "demo"
name = "demo"
kind = "plan"
colour = "red"

[[clause]]
id = "1"
text = "t"
source = "s"

[fee]
monthly = 59.00
first_month = "half"
clause = "2"

[[rate]]
id = "out"
unit = "data"
per = "month"
count = "1XB"
stages = [{ to = "1GB", price = "0.29" }, { to = "1MB", price = "x" }]
clause = "1"
"#;
    let expected = [
        (5, 1, "spec.unknown-key"),
        (13, 11, "spec.number-needs-quotes"),
        (14, 15, "spec.unknown-word"),
        (15, 10, "plan.unknown-clause"),
        (20, 7, "spec.unknown-word"),
        (21, 9, "spec.volume.data"),
        (22, 50, "plan.stage-order"),
        (22, 65, "spec.money"),
    ];
    let expected: Vec<(u32, u32, String)> =
        expected.into_iter().map(|(row, column, key)| (row, column, key.to_owned())).collect();
    assert_eq!(problems(text), expected);
}

/// The demo plan with one more example.
fn with_example(keys: &str) -> Result<Plan, Vec<SpecProblem>> {
    parse("plan.toml", &format!("{DEMO}\n[[example]]\nname = \"n\"\nsource = \"s\"\n{keys}\n"))
}

#[test]
fn an_example_may_name_its_start_and_where_with_whom_and_in_which_direction() {
    let keys = "start = 2025-10-15\nuse = [{ unit = \"voice\", amount = \"60s\", at = \"2025-10-20 10:00:00\", scope = \"hmt\", direction = \"in\", peer = \"10086\" }]\nexpect = { total = \"1.00\" }";
    let plan = with_example(keys).expect("no problems");
    let example = plan.examples.last().expect("the example");
    assert_eq!(example.start, "2025-10-15".parse().ok());
    let event = &example.uses[0];
    assert_eq!(
        (event.scope, event.direction, event.peer.as_deref()),
        (Scope::Hmt, Direction::In, Some("10086"))
    );
    for wrong in [
        "start = \"2025-10-15\"",
        "use = [{ unit = \"sms\", amount = \"1\", at = \"2025-10-20 10:00:00\", scope = \"abroad\" }]",
    ] {
        assert!(with_example(&format!("{wrong}\nexpect = {{ total = \"1.00\" }}")).is_err(), "{wrong}");
    }
}
