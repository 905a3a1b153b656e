//! Lines rated by amounts cost what lines rated with every step cost.

use mingzhang::model::case::Line;
use mingzhang::model::money::Money;
use mingzhang::model::plan::Plan;
use mingzhang::model::usage::{Direction, UsageEvent, UsageKind};
use mingzhang::rating::standing::{Session, Standing};
use mingzhang::rules::plan_book::PlanBook;
use proptest::prelude::*;

use super::support::{
    MB, allowance_text, book, call, cycle, data, fee_text, line, plan, rate, rate_text, subscription, table,
    yuan,
};

/// 59 yuan, 100 MB and 20 minutes; beyond them 0.29 a started MB of a day and 0.15 a started minute.
fn demo(more: &str) -> Plan {
    let rates = [
        rate_text("data-out", "data", "per = \"day\"\ncount = \"1MB\"\nstages = [{ price = \"0.29\" }]"),
        rate_text("voice-out", "voice", "per = \"event\"\ncount = \"60s\"\nstages = [{ price = \"0.15\" }]"),
    ];
    let allowances =
        [allowance_text("data", "data", "100MB", ""), allowance_text("voice", "voice", "20min", "")];
    plan("demo", "plan", &[&rates.concat(), &allowances.concat(), &fee_text("59.00", ""), more].concat())
}

fn standing(line: &Line, book: &PlanBook) -> Option<Standing> {
    Standing::of(&rate(line, book), cycle("2025-10"))
}

/// Returns what a line with this usage owes by item; none where that is left to the whole way.
fn owed(session: &mut Session<'_>, events: &[UsageEvent<'_>]) -> Option<Vec<Money>> {
    let mut amounts = Vec::new();
    session.amounts(&table(events), &mut amounts).expect("in range").then_some(amounts)
}

#[test]
fn usage_inside_at_and_beyond_the_allowance_is_priced() {
    let book = book([demo("")]);
    let known = standing(&line("demo", &[call("2025-10-03 08:00:00", 61)]), &book).expect("it stands still");
    // One session for all: what one line used is not taken from the next.
    let mut session = known.session().expect("a plan");
    // 20 minutes are free. 1200 s are 20 minutes: nothing. 1201 s are 21: one minute of 0.15.
    // 100 MB are free; 100 MB and one byte: one started MB of 0.29.
    for (voice_s, length_bytes, voice, data_fee) in [
        (1_200, 100 * MB, "0.00", "0.00"),
        (1_201, 100 * MB + 1, "0.15", "0.29"),
        (1_261, 103 * MB, "0.30", "0.87"),
    ] {
        let usage = [call("2025-10-03 08:00:00", voice_s), data("2025-10-04 08:00:00", length_bytes)];
        let wanted = [yuan("59.00"), yuan(data_fee), yuan(voice)];
        assert_eq!(owed(&mut session, &usage), Some(wanted.into()), "{voice_s} s, {length_bytes} bytes");
    }
}

#[test]
fn a_line_whose_month_hangs_on_more_than_its_usage_does_not_stand_still() {
    let book_of = |more: &str| book([demo(more)]);
    let calls = [call("2025-10-03 08:00:00", 61)];
    assert!(standing(&line("demo", &calls), &book_of("")).is_some());
    let cap = "[[cap]]\nunit = \"data\"\namount = \"10.00\"\nclause = \"1\"\n";
    assert!(standing(&line("demo", &calls), &book_of(cap)).is_none(), "a cap");
    let rolls = allowance_text("rest", "sms", "100", "rollover = \"next-month\"");
    assert!(standing(&line("demo", &calls), &book_of(&rolls)).is_none(), "rollover");
    // From 2 October the plan does not cover the month; from 1 October it does.
    let from =
        |start: &str| Line { subscriptions: vec![subscription("demo", start)], ..line("demo", &calls) };
    assert!(standing(&from("2025-10-02"), &book_of("")).is_none(), "a first month");
    assert!(standing(&from("2025-10-01"), &book_of("")).is_some());
}

#[test]
fn use_without_a_price_is_left_to_the_whole_way() {
    let book = book([demo("")]);
    let known = standing(&line("demo", &[]), &book);
    assert!(known.is_none(), "a line without a month has nothing to stand on");
    let known = standing(&line("demo", &[call("2025-10-03 08:00:00", 61)]), &book).expect("it stands still");
    let message = super::support::event(UsageKind::Sms, "2025-10-05 08:00:00");
    let message = UsageEvent { direction: Direction::Out, ..message };
    let mut session = known.session().expect("a plan");
    assert_eq!(owed(&mut session, &[message]), None);
    // A line without such a message is rated after it as before: nothing but the fee.
    let wanted = [yuan("59.00"), yuan("0.00"), yuan("0.00")];
    assert_eq!(owed(&mut session, &[]), Some(wanted.into()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn amounts_are_those_of_the_line_rated_with_its_steps(
        rows in prop::collection::btree_map(0..31 * 86_400i64, (any::<bool>(), 0..2_000u32), 1..40),
    ) {
        let book = book([demo("")]);
        let known = standing(&line("demo", &[call("2025-10-03 08:00:00", 61)]), &book).expect("it stands still");
        let events: Vec<_> = rows
            .into_iter()
            .map(|(second, (is_call, size))| {
                let event = if is_call {
                    call("2025-10-01 00:00:00", size)
                } else {
                    data("2025-10-01 00:00:00", u64::from(size) * MB / 70)
                };
                UsageEvent { start: event.start.after_s(second), ..event }
            })
            .collect();
        // Whatever an earlier line used up.
        let mut session = known.session().expect("a plan");
        _ = owed(&mut session, &[call("2025-10-02 08:00:00", 1_500), data("2025-10-02 09:00:00", 150 * MB)]);
        let whole = rate(&line("demo", &events), &book);
        let wanted: Vec<_> = whole.cycles[&cycle("2025-10")].items.iter().map(|item| item.amount.low).collect();
        prop_assert_eq!(owed(&mut session, &events), Some(wanted));
    }
}
