//! Laws that hold for every line.

use mingzhang::model::case::{Line, Opening};
use mingzhang::model::coverage::CoverKind;
use mingzhang::model::money::Money;
use mingzhang::model::period::{Cycle, DaySpan};
use mingzhang::model::plan::DayRate;
use mingzhang::model::quantity::{Unit, Volume};
use mingzhang::model::usage::{Direction, UsageEvent, UsageKind};
use mingzhang::rating::outcome::RatedLine;
use mingzhang::rating::proration::fee_of_days;
use mingzhang::rules::plan_book::PlanBook;
use proptest::prelude::*;

use super::evaluator::{evaluate, number};
use super::support::{
    MB, MSISDN, at, book, call, cycle, data, line, plan, rate, stated, subscription, time, total,
};

const RATES: &str = "[[rate]]\nid = \"data-out\"\nunit = \"data\"\nper = \"day\"\ncount = \"1MB\"\nrepeat = true\n\
                     stages = [{ to = \"800MB\", price = \"0.10\", cap = \"1.00\" }]\nclause = \"1\"\n\
                     [[rate]]\nid = \"voice-out\"\nunit = \"voice\"\nper = \"event\"\ncount = \"60s\"\n\
                     stages = [{ price = \"0.15\" }]\nclause = \"1\"\n";

const ROLLING: &str = "[[allowance]]\nid = \"data\"\nunit = \"data\"\namount = \"100MB\"\nrollover = \"next-month\"\nclause = \"1\"\n\
                       [consumption]\norder = [\"rollover\", \"data\"]\nclause = \"1\"\n";

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

    #[test]
    fn the_order_of_rows_does_not_matter_within_a_second_either(rows in prop::collection::vec((0..2i64, 1..900u32), 0..=4)) {
        // Two seconds, up to four sessions: every order is rated, so the bounds are the same from both ends.
        let sessions: Vec<_> = rows.iter().map(|(second, size)| (*second, false, *size)).collect();
        let at_once = |rows: Vec<(i64, bool, u32)>| {
            let events: Vec<_> = rows.into_iter().enumerate().map(|(index, row)| event(index, row)).collect();
            rate(&line("demo", &events), &book_with(60, 1)).cycles.get(&cycle("2025-10")).map(|it| it.total)
        };
        let backward = at_once(sessions.iter().rev().copied().collect());
        prop_assert_eq!(at_once(sessions), backward);
    }

    #[test]
    fn every_trace_gives_its_figure_to_a_reader_who_knows_no_rating(rows in events(), data_mb in 1..100u64) {
        let events: Vec<_> = rows.iter().enumerate().map(|(index, row)| event(index, *row)).collect();
        let caps = "[[cap]]\nunit = \"data\"\namount = \"5.00\"\nclause = \"1\"\n";
        let fee = "[fee]\nmonthly = \"59.00\"\nclause = \"1\"\n";
        for per in ["event", "day", "cycle"] {
            let rates = RATES.replace("\"day\"", &format!("\"{per}\""));
            let allowance = format!("[[allowance]]\nid = \"data\"\nunit = \"data\"\namount = \"{data_mb}MB\"\nclause = \"1\"\n");
            let book = book([plan("demo", "plan", &format!("{fee}{rates}{allowance}{caps}"))]);
            let rated = rate(&line("demo", &events), &book);
            for item in rated.cycles.values().flat_map(|cycle| &cycle.items) {
                prop_assert_eq!(evaluate(item), Ok(number(&item.amount.high.to_string()).expect("a number")));
            }
        }
    }

    #[test]
    fn rating_months_at_once_is_rating_them_one_by_one(rows in prop::collection::vec((0..61 * 86_400i64, 0..900u32), 1..20)) {
        let mut rows = rows;
        rows.sort_unstable();
        rows.dedup_by_key(|row| row.0);
        let events: Vec<_> = rows.iter().enumerate().map(|(index, row)| event(index, (row.0, false, row.1))).collect();
        let book = book([plan("demo", "plan", &format!("{RATES}{ROLLING}"))]);
        let mut both = line("demo", &events);
        both.subscriptions = vec![subscription("demo", "2025-10-01")];
        both.coverage = vec![stated(CoverKind::Data, "2025-10-01", "2025-11-30")];
        let at_once = rate(&both, &book);
        // November alone, with what October left written down as its opening.
        let november: Vec<_> = events.iter().filter(|it| it.start >= time("2025-11-01 00:00:00")).copied().collect();
        let left = at_once.cycles.get(&cycle("2025-10")).map_or(100 * MB, |october| {
            let own = october.buckets.iter().find(|it| it.id == "data").expect("the allowance");
            own.granted.amount - own.used
        });
        let mut alone = line("demo", &november);
        let rollover = Volume::new(Unit::Data, left);
        alone.openings = vec![Opening { msisdn: MSISDN.to_owned(), rollover, allowance: None }];
        let one_by_one = rate(&alone, &book);
        let total = |rated: &RatedLine| rated.cycles.get(&cycle("2025-11")).map(|it| it.total);
        prop_assert_eq!(total(&one_by_one), total(&at_once));
    }

    #[test]
    fn the_bounds_hold_every_completion_of_what_is_unknown(
        rows in prop::collection::vec((0..31 * 86_400i64, 1..900u32), 0..12),
        messages in prop::collection::vec(any::<bool>(), 0..6),
        rolled_mb in 0..=100u64,
    ) {
        let mut rows = rows;
        rows.sort_unstable();
        rows.dedup_by_key(|row| row.0);
        let sms = "[[rate]]\nid = \"sms-out\"\nunit = \"sms\"\nper = \"event\"\ncount = \"1\"\nstages = [{ price = \"0.10\" }]\nclause = \"1\"\n";
        let book = book([plan("demo", "plan", &format!("{RATES}{sms}{ROLLING}"))]);
        let sessions: Vec<_> = rows.iter().enumerate().map(|(index, row)| event(index, (row.0, false, row.1))).collect();
        let message = |direction| UsageEvent { direction, ..super::support::event(UsageKind::Sms, "2025-10-20 10:00:00") };
        // On paper: directions are missing, and nothing is known of September.
        let unknown: Vec<_> =
            sessions.iter().copied().chain(messages.iter().map(|_| message(Direction::Unstated))).collect();
        let known: Vec<_> = sessions
            .iter()
            .copied()
            .chain(messages.iter().map(|out| message(if *out { Direction::Out } else { Direction::In })))
            .collect();
        let mut completed = line("demo", &known);
        let rollover = Volume::new(Unit::Data, rolled_mb * MB);
        completed.openings = vec![Opening { msisdn: MSISDN.to_owned(), rollover, allowance: None }];
        let total = |line: &Line| rate(line, &book).cycles.get(&cycle("2025-10")).map(|it| it.total).unwrap_or_default();
        let (bounds, truth) = (total(&line("demo", &unknown)), total(&completed));
        prop_assert!(truth.is_certain());
        prop_assert!(bounds.low <= truth.low && truth.high <= bounds.high, "{truth:?} outside {bounds:?}");
    }
}
