//! The trace: every step with its rule, clause, formula and values.

use mingzhang::rating::outcome::TraceStep;

use super::evaluator::{evaluate, number};
use super::support::{MB, book, call, cycle, data, line, plan, rate};

fn steps(trace: &[TraceStep]) -> Vec<(&str, &str, &str)> {
    trace.iter().map(|step| (step.what.key.as_str(), step.formula.as_str(), step.after.as_str())).collect()
}

#[test]
fn data_overage_is_traced_from_volume_to_yuan() {
    let text = "[[allowance]]\nid = \"data\"\nunit = \"data\"\namount = \"1GB\"\nclause = \"1\"\n\
                [[rate]]\nid = \"data-out\"\nunit = \"data\"\nper = \"cycle\"\ncount = \"1MB\"\nround = \"up\"\nrepeat = true\n\
                stages = [{ to = \"100MB\", price = \"0.27\", cap = \"10\" }, { to = \"1GB\", price = \"0.27\", cap = \"5\" }]\n\
                clause = \"1\"\n";
    let book = book([plan("demo", "plan", text)]);
    // 1024 MB inside, 119 MB outside: 100 × 0.27 = 27 → 10; 19 × 0.27 = 5.13 → 5; 10 + 5 = 15.
    let rated = rate(&line("demo", &[data("2025-10-03 10:00:00", 1143 * MB)]), &book);
    let item = &rated.cycles[&cycle("2025-10")].items[0];
    assert_eq!(
        steps(&item.trace),
        [
            ("rating.step.volume", "1GB + 119MB = 1143MB", "1143MB"),
            ("rating.step.allowance", "1143MB − 1GB = 119MB", "119MB"),
            ("rating.step.count", "⌈119MB ÷ 1MB⌉ = 119", "119MB"),
            ("rating.step.stage", "100 × 0.27 = 27", "27"),
            ("rating.step.stage-cap", "min(27, 10.00) = 10.00", "10.00"),
            ("rating.step.stage", "19 × 0.27 = 5.13", "5.13"),
            ("rating.step.stage-cap", "min(5.13, 5.00) = 5.00", "5.00"),
            ("rating.step.stages", "10 + 5 = 15", "15"),
        ]
    );
    assert!(item.trace.iter().all(|step| step.rule == "demo/rate.data-out"));
    assert!(item.trace.iter().all(|step| step.clause.as_deref() == Some("1")));
}

#[test]
fn calls_of_the_same_length_are_one_step() {
    let text = "[[rate]]\nid = \"voice-out\"\nunit = \"voice\"\nper = \"event\"\ncount = \"60s\"\n\
                stages = [{ price = \"0.15\" }]\nclause = \"1\"\n";
    let book = book([plan("demo", "plan", text)]);
    let calls =
        [call("2025-10-03 10:00:00", 30), call("2025-10-03 11:00:00", 45), call("2025-10-03 12:00:00", 61)];
    let rated = rate(&line("demo", &calls), &book);
    // 30 + 45 + 61 = 136 s; two calls of one minute at 0.15, one of two at 0.30: 0.60.
    assert_eq!(
        steps(&rated.cycles[&cycle("2025-10")].items[0].trace),
        [
            ("rating.step.volume", "0min + 136s = 136s", "136s"),
            ("rating.step.stage", "1 × 0.15 = 0.15", "0.15"),
            ("rating.step.events", "2 × 0.15 = 0.30", "0.30"),
            ("rating.step.stage", "2 × 0.15 = 0.3", "0.3"),
            ("rating.step.sum", "0.30 + 0.30 = 0.60", "0.60"),
        ]
    );
}

#[test]
fn rounding_is_a_step_of_its_own() {
    let text = "[[rate]]\nid = \"out\"\nunit = \"data\"\nper = \"cycle\"\ncount = \"1MB\"\nround = \"exact\"\n\
                price_per = \"1GB\"\nstages = [{ price = \"5.00\" }]\nclause = \"1\"\n";
    let book = book([plan("demo", "plan", text)]);
    // 1 MB of 1 GB at 5.00: 5 ÷ 1024 = 0.0048828125 → 0.00; 2 MB: 0.009765625 → 0.01.
    let rated = rate(&line("demo", &[data("2025-10-03 10:00:00", 2 * MB)]), &book);
    let trace = &rated.cycles[&cycle("2025-10")].items[0].trace;
    let last = trace.last().expect("steps");
    assert_eq!(
        (last.what.key.as_str(), last.formula.as_str()),
        ("rating.step.round-half-up", "0.009765625 → 0.01")
    );
}

#[test]
fn the_evaluator_refuses_a_wrong_figure() {
    let text = "[[rate]]\nid = \"out\"\nunit = \"data\"\nper = \"cycle\"\ncount = \"1MB\"\n\
                stages = [{ price = \"0.29\" }]\nclause = \"1\"\n";
    let book = book([plan("demo", "plan", text)]);
    let rated = rate(&line("demo", &[data("2025-10-03 10:00:00", 206 * MB)]), &book);
    let mut item = rated.cycles[&cycle("2025-10")].items[0].clone();
    // 206 × 0.29 = 59.74.
    assert_eq!(evaluate(&item).ok(), number("59.74"));
    let last = item.trace.last_mut().expect("steps");
    last.formula = "206 × 0.29 = 59.75".to_owned();
    last.after = "59.75".to_owned();
    assert!(evaluate(&item).is_err());
}

#[test]
fn every_fee_can_be_read_step_by_step() {
    let fee = |keys: &str| format!("[fee]\nmonthly = \"29.99\"\n{keys}\nclause = \"1\"\n");
    let credit = "[[credit]]\nid = \"back\"\namount = \"1.00\"\nfirst_cycle = \"this-month\"\ncycles = 3\nclause = \"1\"\n";
    let first_months = [
        "first_month = \"full\"",
        "first_month = \"by-day\"",
        "first_month = \"by-day\"\nday_rate = \"truncated\"",
        "first_month = \"half-after-15\"",
        "first_month = \"free\"",
        "first_month = \"overage-only\"",
    ];
    for keys in first_months {
        let book = book([plan("demo", "plan", &(fee(keys) + credit))]);
        let mut line = line("demo", &[data("2025-10-20 10:00:00", MB)]);
        line.subscriptions = vec![super::support::subscription("demo", "2025-10-16")];
        let rated = rate(&line, &book);
        let items = &rated.cycles[&cycle("2025-10")].items;
        assert_eq!(items.len(), 2, "{keys}");
        for item in items {
            assert_eq!(
                evaluate(item),
                Ok(number(&item.amount.high.to_string()).expect("a number")),
                "{keys}"
            );
        }
    }
}
