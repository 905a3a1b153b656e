//! Rating of a million events: events a second, and proof that the walk allocates nothing per event.
//!
//! `cargo bench --bench rating`. Fails when twice the events need more allocations than the events' own months do.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use mingzhang::model::case::{Line, LineInfo, Subscription};
use mingzhang::model::period::{Day, WallTime};
use mingzhang::model::source::RowRef;
use mingzhang::model::usage::{Direction, Scope, UsageEvent, UsageKind, UsageTable};
use mingzhang::rating::rate_line;
use mingzhang::rules::plan;
use mingzhang::rules::plan_book::PlanBook;

/// Counts every allocation of the process.
struct Counting;

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);

// SAFETY: every call is passed on to the system allocator unchanged; only a counter is raised beside it.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the pointer came from `System.alloc` with this layout.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the pointer came from `System.alloc` with this layout.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const EVENTS: u32 = 1_000_000;
const ROUNDS: u32 = 5;
/// 2025-01-01 00:00:00 as seconds of the wall clock.
const START: i64 = 1_735_689_600;
const YEAR_S: i64 = 365 * 86_400;

const HEAD: &str = "schema = \"mingzhang.plan/1\"\nid = \"bench\"\nname = \"bench\"\noperator = \"cmcc\"\nkind = \"plan\"\n\
                    [[clause]]\nid = \"1\"\ntext = \"text\"\nsource = \"https://example.invalid\"\n";

/// One scenario: a plan and how its events look.
struct Scenario {
    name: &'static str,
    rules: &'static str,
    event: fn(u32) -> UsageEvent<'static>,
}

const SCENARIOS: [Scenario; 3] = [
    Scenario {
        name: "voice: allowance, then each started minute",
        rules: "[[allowance]]\nid = \"voice\"\nunit = \"voice\"\namount = \"200min\"\nclause = \"1\"\n\
                [[rate]]\nid = \"voice-out\"\nunit = \"voice\"\nper = \"event\"\ncount = \"60s\"\nstages = [{ price = \"0.15\" }]\nclause = \"1\"\n",
        event: call,
    },
    Scenario {
        name: "data: night and app allowances, repeating ladder",
        rules: "[[allowance]]\nid = \"night\"\nunit = \"data\"\namount = \"20GB\"\nmatch = { hours = \"23:00-07:00\" }\nclause = \"1\"\n\
                [[allowance]]\nid = \"app\"\nunit = \"data\"\namount = \"30GB\"\nmatch = { app = [\"video\", \"music\"] }\nclause = \"1\"\n\
                [[allowance]]\nid = \"data\"\nunit = \"data\"\namount = \"10GB\"\nclause = \"1\"\n\
                [consumption]\norder = [\"night\", \"app\", \"data\"]\nclause = \"1\"\n\
                [[rate]]\nid = \"data-out\"\nunit = \"data\"\nmatch = { scope = [\"domestic\"] }\nper = \"cycle\"\ncount = \"1MB\"\nrepeat = true\n\
                stages = [{ to = \"1GB\", price = \"0.29\", cap = \"60.00\" }]\nclause = \"1\"\n",
        event: session,
    },
    Scenario {
        name: "day packs: a ladder that begins anew each day",
        rules: "[[rate]]\nid = \"data-day\"\nunit = \"data\"\nper = \"day\"\ncount = \"1MB\"\nrepeat = true\n\
                stages = [{ to = \"800MB\", price = \"0.10\", cap = \"1.00\" }]\nclause = \"1\"\n",
        event: session,
    },
];

fn call(number: u32) -> UsageEvent<'static> {
    UsageEvent {
        kind: UsageKind::Voice,
        direction: Direction::Out,
        duration_s: number % 600,
        ..session(number)
    }
}

fn session(number: u32) -> UsageEvent<'static> {
    let app = ["video", "chat", "music", ""][number as usize % 4];
    UsageEvent {
        start: WallTime(START),
        kind: UsageKind::Data,
        direction: Direction::Unstated,
        scope: Scope::Domestic,
        failed: false,
        duration_s: 30,
        length_bytes: u64::from(number % 7_919) * 1_024,
        fee: None,
        peer: "",
        app,
        location: "",
        record_id: "",
        at: RowRef { source: 0, table: 0, row: number + 2 },
    }
}

/// A line with so many events, spread over a year.
fn line(scenario: &Scenario, events: u32) -> Line {
    let mut usage = UsageTable::default();
    for number in 0..events {
        let start = WallTime(START + i64::from(number) * YEAR_S / i64::from(events));
        usage.push(&UsageEvent { start, ..(scenario.event)(number) });
    }
    let msisdn = "13800001111".to_owned();
    let subscription = Subscription {
        msisdn: msisdn.clone(),
        product: "bench".to_owned(),
        start: Day::from_ymd_opt(2020, 1, 1).expect("a day"),
        last: None,
        auto_renew: None,
        cancelled_at: None,
    };
    Line {
        info: LineInfo { msisdn, ..LineInfo::default() },
        usage,
        subscriptions: vec![subscription],
        ..Line::default()
    }
}

fn allocations_of(line: &Line, book: &PlanBook) -> u64 {
    let before = ALLOCATIONS.load(Ordering::Relaxed);
    let rated = rate_line(line, book, &[]).expect("amounts in range");
    assert_eq!(rated.cycles.len(), 12);
    ALLOCATIONS.load(Ordering::Relaxed) - before
}

fn main() {
    for scenario in &SCENARIOS {
        let text = format!("{HEAD}{}", scenario.rules);
        let mut book = PlanBook::default();
        book.add(plan::parse("bench.toml", &text).expect("the plan holds")).expect("one version");
        let (half, whole) = (line(scenario, EVENTS / 2), line(scenario, EVENTS));
        let (fewer, more) = (allocations_of(&half, &book), allocations_of(&whole, &book));
        let mut best = f64::INFINITY;
        for _ in 0..ROUNDS {
            let began = Instant::now();
            std::hint::black_box(rate_line(&whole, &book, &[]).expect("amounts in range"));
            best = best.min(began.elapsed().as_secs_f64());
        }
        let rate = f64::from(EVENTS) / best / 1e6;
        println!(
            "{:<52} {rate:>6.1} M events/s   {more} allocations ({fewer} for half the events)",
            scenario.name
        );
        let per_event = more.saturating_sub(fewer) as f64 / f64::from(EVENTS / 2);
        assert!(per_event < 0.001, "{per_event} allocations per event");
    }
}
