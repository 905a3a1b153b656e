//! Laws that hold for every line.

use mingzhang::model::case::{Line, Opening};
use mingzhang::model::coverage::CoverKind;
use mingzhang::model::money::Money;
use mingzhang::model::period::{Cycle, DaySpan};
use mingzhang::model::plan::DayRate;
use mingzhang::model::quantity::{Unit, Volume};
use mingzhang::model::usage::{Direction, Scope, UsageEvent, UsageKind, UsageTable};
use mingzhang::rating::outcome::RatedLine;
use mingzhang::rating::proration::{fee_of_days, fee_of_part};
use mingzhang::rules::plan_book::PlanBook;
use proptest::prelude::*;

use super::evaluator::{evaluate, number};
use super::support::{
    MB, MSISDN, allowance_text, at, book, call, cycle, data, line, plan, rate, rate_text, stated,
    subscription, time, total,
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

/// 3 yuan for each started MB abroad; stands before the rates of the mainland.
const ABROAD: &str = "[[rate]]\nid = \"abroad\"\nunit = \"data\"\nmatch = { scope = [\"international\"] }\nper = \"cycle\"\n\
                      count = \"1MB\"\nstages = [{ price = \"3\" }]\nclause = \"1\"\n";

/// A session at home or abroad, of an app or none, or a call.
fn any_event(index: usize, (second, shape, size): (i64, u8, u32)) -> UsageEvent<'static> {
    let scope = if shape % 2 == 0 { Scope::Domestic } else { Scope::International };
    let app = if shape < 2 { "video" } else { "" };
    match shape {
        4.. => event(index, (second, true, size)),
        _ => UsageEvent { scope, app, ..event(index, (second, false, size)) },
    }
}

/// A list as printed: an empty id stays empty, and each row has its own number.
fn rows<'a>(events: impl Iterator<Item = UsageEvent<'a>>) -> UsageTable {
    let mut table = UsageTable::default();
    for (index, event) in events.enumerate() {
        table.push(&UsageEvent { at: at(index as u32 + 2), ..event });
    }
    table.sorted()
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
    fn the_parts_of_a_fee_add_up_to_it(
        fen in 0..100_000i32,
        month in 1..=12u32,
        cuts in prop::collection::btree_set(1..28u32, 0..6),
    ) {
        let (fee, cycle) = (Money::from_fen(fen), Cycle::new(2025, month).expect("a month"));
        let span = cycle.span();
        let edge = |day: u32| span.start.checked_add_days(chrono::Days::new(day.into())).expect("a day");
        let edges: Vec<_> = [0].into_iter().chain(cuts).map(edge).chain([span.end]).collect();
        for method in [DayRate::Exact, DayRate::Truncated] {
            let part = |days: &[chrono::NaiveDate]| {
                let before = DaySpan { start: span.start, end: days[0] }.days();
                fee_of_part(fee, method, cycle, before, DaySpan { start: days[0], end: days[1] })
            };
            let parts: Vec<Money> = edges.windows(2).map(|days| part(days).expect("in range")).collect();
            prop_assert_eq!(Money::sum(parts.iter().copied()).expect("in range"), fee, "{:?}", method);
            prop_assert!(parts.iter().all(|part| !part.is_negative()));
        }
    }

    #[test]
    fn a_part_of_its_own_is_rounded_once(fen in 0..100_000i32, month in 1..=12u32, start in 0..28u32) {
        let (fee, cycle) = (Money::from_fen(fen), Cycle::new(2025, month).expect("a month"));
        let first = cycle.span().start.checked_add_days(chrono::Days::new(start.into())).expect("a day");
        let days = DaySpan { start: first, end: cycle.span().end };
        let found = fee_of_days(fee, DayRate::Exact, cycle, days).expect("in range");
        // ⌊(2 × fen × days + days of the month) ÷ (2 × days of the month)⌋ fen: half a fen goes up.
        let (count, month_days) = (i64::from(days.days()), i64::from(cycle.days()));
        let expected = (2 * i64::from(fen) * count + month_days) / (2 * month_days);
        prop_assert_eq!(found, Money::from_fen(i32::try_from(expected).expect("small")));
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
    fn rating_months_at_once_is_rating_them_one_by_one(rows in prop::collection::vec((0..123 * 86_400i64, 0..900u32), 1..40)) {
        let mut rows = rows;
        rows.sort_unstable();
        rows.dedup_by_key(|row| row.0);
        let events: Vec<_> = rows.iter().enumerate().map(|(index, row)| event(index, (row.0, false, row.1))).collect();
        let book = book([plan("demo", "plan", &format!("{RATES}{ROLLING}"))]);
        let mut all = line("demo", &events);
        all.subscriptions = vec![subscription("demo", "2025-10-01")];
        all.coverage = vec![stated(CoverKind::Data, "2025-10-01", "2026-01-31")];
        let at_once = rate(&all, &book);
        let mut left = 0;
        for month in ["2025-10", "2025-11", "2025-12", "2026-01"].map(cycle) {
            let own: Vec<_> = events.iter().filter(|it| Cycle::of(it.start.day()) == month).copied().collect();
            // The month alone, with what the month before left written down as its opening.
            let mut alone = line("demo", &own);
            let rollover = Volume::new(Unit::Data, left);
            alone.openings = vec![Opening { msisdn: MSISDN.to_owned(), rollover, allowance: None }];
            let one_by_one = rate(&alone, &book);
            let total = |rated: &RatedLine| rated.cycles.get(&month).map(|it| it.total);
            prop_assert_eq!(total(&one_by_one), total(&at_once), "{}", month);
            left = one_by_one.cycles.get(&month).map_or(100 * MB, |rated| {
                let own = rated.buckets.iter().find(|it| it.id == "data").expect("the allowance");
                own.granted.amount - own.used
            });
        }
    }

    #[test]
    fn one_more_allowance_never_costs_more(
        rows in prop::collection::vec((0..31 * 86_400i64, 0..6u8, 1..900u32), 0..40),
        granted in 1..400u64,
        shape in 0..5usize,
        first in any::<bool>(),
    ) {
        let mut rows = rows;
        rows.sort_unstable();
        rows.dedup_by_key(|row| row.0);
        let events: Vec<_> = rows.iter().enumerate().map(|(index, row)| any_event(index, *row)).collect();
        let (unit, keys) = [
            ("data", ""),
            ("data", "match = { scope = [\"international\"] }"),
            ("data", "match = { app = [\"video\"], hours = \"23:00-07:00\" }"),
            ("voice", ""),
            ("voice", "match = { hours = \"20:00-22:00\" }"),
        ][shape];
        let amount = if unit == "data" { format!("{granted}MB") } else { format!("{granted}min") };
        let more = allowance_text("more", unit, &amount, keys);
        let known = allowance_text("data", "data", "300MB", "") + &allowance_text("voice", "voice", "20min", "");
        let order = if first { "[consumption]\norder = [\"more\"]\n" } else { "" };
        let without = book([plan("demo", "plan", &format!("{ABROAD}{RATES}{known}"))]);
        let with = book([plan("demo", "plan", &format!("{ABROAD}{RATES}{known}{more}{order}"))]);
        prop_assert!(cost(&events, &with) <= cost(&events, &without));
    }

    #[test]
    fn the_bounds_hold_every_reading_rest_and_order(
        sizes in prop::collection::vec((1..200u32, any::<bool>()), 1..=3),
        later in prop::collection::vec(1..100u32, 0..5),
        rolled_mb in 0..=100u64,
        other_reading in any::<bool>(),
        twice in any::<bool>(),
        turns in any::<prop::sample::Index>(),
    ) {
        // On paper: sessions of one second, one of them printed twice without an id, an unclear clause, no month before.
        let session = |second: i64, (size, abroad): (u32, bool), id: &'static str| UsageEvent {
            start: time("2025-10-10 12:00:00").after_s(second),
            scope: if abroad { Scope::International } else { Scope::Domestic },
            record_id: id,
            ..data("2025-10-10 12:00:00", u64::from(size) * MB / 2)
        };
        const IDS: [&str; 3] = ["a", "b", "c"];
        let rest: Vec<_> = later.iter().enumerate().map(|(index, size)| session(60 + index as i64, (*size, false), "")).collect();
        let printed_twice = session(600, (90, false), "");
        let reading = "[[reading]]\nid = \"up\"\nclause = \"1\"\nset = { \"rate.data-out.round\" = \"exact\" }\n";
        let text = |round: &str, reading: &str| {
            let out = rate_text("data-out", "data", &format!("per = \"cycle\"\ncount = \"1MB\"\nround = \"{round}\"\nstages = [{{ price = \"1\" }}]"));
            book([plan("demo", "plan", &format!("{ABROAD}{out}{ROLLING}{reading}"))])
        };
        let mut on_paper = line("demo", &[]);
        let at_once = sizes.iter().zip(IDS).map(|(size, id)| session(0, *size, id));
        on_paper.usage = rows(at_once.chain(rest.iter().copied()).chain([printed_twice; 2]));
        let bounds = rate(&on_paper, &text("up", reading)).cycles[&cycle("2025-10")].total;
        // One completion: who came first is known, and so is the rest of it.
        let mut turned = sizes.clone();
        let shift = turns.index(turned.len());
        turned.rotate_left(shift);
        let in_turn = turned.iter().zip(IDS).enumerate().map(|(second, (size, id))| session(second as i64, *size, id));
        let told_apart = ["x", if twice { "y" } else { "x" }].map(|id| UsageEvent { record_id: id, ..printed_twice });
        let mut completed = line("demo", &[]);
        completed.usage = rows(in_turn.chain(rest.iter().copied()).chain(told_apart));
        let rollover = Volume::new(Unit::Data, rolled_mb * MB);
        completed.openings = vec![Opening { msisdn: MSISDN.to_owned(), rollover, allowance: None }];
        let truth = rate(&completed, &text(if other_reading { "exact" } else { "up" }, "")).cycles[&cycle("2025-10")].total;
        prop_assert!(truth.is_certain(), "{truth:?}");
        prop_assert!(bounds.low <= truth.low && truth.high <= bounds.high, "{truth:?} outside {bounds:?}");
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
