//! Laws that hold for every line.

use mingzhang::model::money::Money;
use mingzhang::model::period::{Cycle, DaySpan};
use mingzhang::model::plan::DayRate;
use mingzhang::model::usage::UsageEvent;
use mingzhang::rating::proration::fee_of_days;
use mingzhang::rules::plan_book::PlanBook;
use proptest::prelude::*;

use super::support::{MB, at, book, call, cycle, data, line, plan, rate, time, total};

const RATES: &str = "[[rate]]\nid = \"data-out\"\nunit = \"data\"\nper = \"day\"\ncount = \"1MB\"\nrepeat = true\n\
                     stages = [{ to = \"800MB\", price = \"0.10\", cap = \"1.00\" }]\nclause = \"1\"\n\
                     [[rate]]\nid = \"voice-out\"\nunit = \"voice\"\nper = \"event\"\ncount = \"60s\"\n\
                     stages = [{ price = \"0.15\" }]\nclause = \"1\"\n";

fn book_with(data_mb: u64, minutes: u64) -> PlanBook {
    let allowances = format!(
        "[[allowance]]\nid = \"data\"\nunit = \"data\"\namount = \"{data_mb}MB\"\nclause = \"1\"\n\
         [[allowance]]\nid = \"voice\"\nunit = \"voice\"\namount = \"{minutes}min\"\nclause = \"1\"\n"
    );
    book([plan("demo", "plan", &format!("{RATES}{allowances}"))])
}

/// Sessions and calls of October: (second of the month, whether a call, size).
fn events() -> impl Strategy<Value = Vec<(i64, bool, u32)>> {
    prop::collection::vec((0..31 * 86_400i64, any::<bool>(), 0..2_000u32), 0..40)
}

fn event(index: usize, (second, is_call, size): (i64, bool, u32)) -> UsageEvent<'static> {
    let start = time("2025-10-01 00:00:00").after_s(second);
    let event = if is_call {
        call("2025-10-01 00:00:00", size)
    } else {
        data("2025-10-01 00:00:00", u64::from(size) * MB / 7)
    };
    UsageEvent { start, at: at(index as u32 + 2), ..event }
}

fn cost(events: &[UsageEvent<'_>], book: &PlanBook) -> Money {
    let rated = rate(&line("demo", events), book);
    let cost = rated.cycles.get(&cycle("2025-10")).map(total).unwrap_or_default();
    assert!(cost.is_certain());
    cost.high
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_rows_does_not_matter(rows in events()) {
        // Distinct starts: of two events in one second the order of the papers decides.
        let mut rows = rows;
        rows.sort_unstable();
        rows.dedup_by_key(|row| row.0);
        let forward: Vec<_> = rows.iter().enumerate().map(|(index, row)| event(index, *row)).collect();
        let backward: Vec<_> = rows.iter().rev().enumerate().map(|(index, row)| event(index, *row)).collect();
        let book = book_with(500, 30);
        prop_assert_eq!(cost(&forward, &book), cost(&backward, &book));
    }

    #[test]
    fn a_larger_allowance_never_costs_more(rows in events(), data_mb in 1..2_000u64, minutes in 1..200u64) {
        let events: Vec<_> = rows.iter().enumerate().map(|(index, row)| event(index, *row)).collect();
        let small = cost(&events, &book_with(data_mb, minutes));
        let large = cost(&events, &book_with(data_mb + 100, minutes + 10));
        prop_assert!(large <= small);
    }

    #[test]
    fn the_parts_of_a_truncated_fee_add_up_to_the_fee(fen in 0..100_000i32, month in 1..=12u32, cut in 1..28u32) {
        let fee = Money::from_fen(fen);
        let cycle = Cycle::new(2025, month).expect("a month");
        let edge = cycle.span().start.checked_add_days(chrono::Days::new(cut.into())).expect("a day");
        let part = |span| fee_of_days(fee, DayRate::Truncated, cycle, span).expect("in range");
        let before = part(DaySpan { start: cycle.span().start, end: edge });
        let after = part(DaySpan { start: edge, end: cycle.span().end });
        prop_assert_eq!(before.plus(after).expect("in range"), fee);
    }

    #[test]
    fn the_parts_of_an_exact_fee_miss_it_by_one_fen_at_most(fen in 0..100_000i32, month in 1..=12u32, cut in 1..28u32) {
        let fee = Money::from_fen(fen);
        let cycle = Cycle::new(2025, month).expect("a month");
        let edge = cycle.span().start.checked_add_days(chrono::Days::new(cut.into())).expect("a day");
        let part = |span| fee_of_days(fee, DayRate::Exact, cycle, span).expect("in range");
        let before = part(DaySpan { start: cycle.span().start, end: edge });
        let after = part(DaySpan { start: edge, end: cycle.span().end });
        // Each part is rounded once, by half a fen at most.
        let gap = before.plus(after).and_then(|sum| sum.minus(fee)).expect("in range");
        prop_assert!(gap.abs() <= Money::from_fen(1));
    }
}
