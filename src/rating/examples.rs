//! Worked examples of plan files, run through the same rules as a bill. A plan whose examples fail is not used.

use std::sync::Arc;

use crate::error::Result;
use crate::model::interval::Interval;
use crate::model::message::Message;
use crate::model::money::Money;
use crate::model::period::{Cycle, DaySpan, WallTime};
use crate::model::plan::{Example, ExampleUse, Plan, Validity};
use crate::model::quantity::Unit;
use crate::model::source::RowRef;
use crate::model::usage::{Direction, UsageEvent, UsageKind, UsageTable};
use crate::rating::Detail;
use crate::rating::cycle::{CycleFacts, rate_cycle};
use crate::rating::cycle_usage::CycleUsage;
use crate::rating::in_force::{Basis, InForce, PackInForce, PlanInForce, validity_end};
use crate::rating::outcome::{ItemKind, RatedCycle};
use crate::rating::variation::UsedBefore;
use crate::rules::plan_book::PlanBook;
use crate::spec::SpecProblem;

/// How one figure of an example came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExampleResult {
    /// Name of the example.
    pub example: String,
    /// Row of the example in the plan file.
    pub row: u32,
    /// Rate id, `monthly`, `packs`, `credits` or `total`.
    pub figure: String,
    /// Yuan that the file expects.
    pub expected: Money,
    /// Yuan that the rules give.
    pub found: Interval,
}

impl ExampleResult {
    /// Returns whether the rules give just what the file expects.
    pub fn holds(&self) -> bool {
        self.found == Interval::exact(self.expected)
    }
}

/// Returns the book of the plans whose examples hold and that do not overlap, and what is wrong with the
/// others. `plans` are (path, plan).
///
/// # Errors
/// When an amount leaves the exact range.
pub fn checked_book(plans: impl IntoIterator<Item = (String, Plan)>) -> Result<(PlanBook, Vec<SpecProblem>)> {
    let mut book = PlanBook::default();
    let mut problems = Vec::new();
    for (path, plan) in plans {
        let failed: Vec<ExampleResult> = run(&plan)?.into_iter().filter(|result| !result.holds()).collect();
        if failed.is_empty() {
            let added = book.add(plan);
            problems.extend(added.err().map(|message| at_row(&path, 1, message)));
        }
        for result in failed {
            let message = Message::new("plan.example-fails")
                .text("example", &result.example)
                .text("figure", &result.figure)
                .text("expected", result.expected)
                .text("found", found_text(result.found));
            problems.push(at_row(&path, result.row, message));
        }
    }
    Ok((book, problems))
}

/// Runs the worked examples of a plan; one result for each expected figure.
///
/// # Errors
/// When an amount leaves the exact range.
pub fn run(plan: &Plan) -> Result<Vec<ExampleResult>> {
    let plan = Arc::new(plan.clone());
    let mut results = Vec::new();
    for example in &plan.examples {
        let rated = rate_example(&plan, example)?;
        for (figure, expected) in &example.expect {
            results.push(ExampleResult {
                example: example.name.clone(),
                row: example.row,
                figure: figure.clone(),
                expected: *expected,
                found: figure_of(&rated, figure)?,
            });
        }
    }
    Ok(results)
}

fn rate_example(plan: &Arc<Plan>, example: &Example) -> Result<RatedCycle> {
    let day_without_use = example.start.or(plan.effective_from);
    let day_without_use = day_without_use.or(Cycle::new(2025, 1).map(|cycle| cycle.span().start));
    let first_use = example.uses.iter().map(|it| it.at).min();
    let cycle = Cycle::of(first_use.map(WallTime::day).or(day_without_use).unwrap_or_default());
    let mut uses: Vec<&ExampleUse> = example.uses.iter().collect();
    uses.sort_by_key(|it| it.at);
    let mut table = UsageTable::default();
    let mut outside = Vec::new();
    for event in uses {
        push_use(&mut table, &mut outside, event);
    }
    let usage = CycleUsage::new(&table, cycle, &outside);
    let started = example.start.map(WallTime::at_start_of);
    let in_force = in_force_throughout(plan, cycle, started, first_use);
    let facts = CycleFacts {
        msisdn: "",
        usage: &usage,
        in_force: &in_force,
        carried: &[],
        used_before: &UsedBefore::new(),
        siblings: &[],
        detail: Detail::Steps,
        is_complete: &|_, _| true,
    };
    Ok(rate_cycle(&facts)?.rated)
}

/// An example that names no start speaks of a whole cycle: a plan or month pack is in force from its first second, a
/// pack of days from the first use.
fn in_force_throughout(
    plan: &Arc<Plan>,
    cycle: Cycle,
    started: Option<WallTime>,
    first_use: Option<WallTime>,
) -> InForce {
    // The text as the file has it: other readings would say something else.
    // An example is of one line: nobody else draws from what it shares.
    let mut text = Plan { readings: Vec::new(), ..(**plan).clone() };
    text.allowances.iter_mut().for_each(|allowance| allowance.shared_with.clear());
    let plan = Arc::new(text);
    let order = Basis::Order(RowRef { source: 0, table: 0, row: 1 });
    let span = DaySpan { start: cycle.previous().span().start, end: cycle.next().span().end };
    let bare = |plan: &Plan| Plan {
        kind: crate::model::plan::PlanKind::Plan(None),
        allowances: Vec::new(),
        rates: Vec::new(),
        caps: Vec::new(),
        credits: Vec::new(),
        ..plan.clone()
    };
    let Some(pack) = plan.pack() else {
        let span = DaySpan { start: started.map_or(span.start, WallTime::day), ..span };
        let plan = PlanInForce { plan, span, joined: Some(span.start), ended: false, basis: order };
        return InForce { plans: vec![plan], ..InForce::default() };
    };
    let by_itself = first_use.filter(|_| pack.validity != Validity::Month);
    let start = started.or(by_itself).unwrap_or(cycle.start_time());
    let valid = PackInForce {
        start,
        end: validity_end(pack.validity, start),
        price: pack.price,
        auto_renew: pack.auto_renew,
        cancelled_at: None,
        paid_elsewhere: false,
        basis: order,
        pack: Arc::clone(&plan),
    };
    // Rates of a pack need a plan to stand on: one that says nothing itself.
    let joined = Some(span.start);
    let ground = PlanInForce { plan: Arc::new(bare(&plan)), span, joined, ended: false, basis: order };
    InForce { plans: vec![ground], packs: vec![valid], ..InForce::default() }
}

fn push_use(table: &mut UsageTable, outside: &mut Vec<bool>, event: &ExampleUse) {
    let messages = matches!(event.volume.unit, Unit::Sms | Unit::Mms);
    let (times, kind) = match event.volume.unit {
        Unit::Voice => (1, UsageKind::Voice),
        Unit::Sms => (event.volume.amount, UsageKind::Sms),
        Unit::Mms => (event.volume.amount, UsageKind::Mms),
        Unit::Data => (1, UsageKind::Data),
    };
    for _ in 0..times {
        let number = table.len() as u32 + 1;
        let record_id = number.to_string();
        table.push(&UsageEvent {
            start: event.at,
            kind,
            direction: if kind == UsageKind::Data { Direction::Unstated } else { event.direction },
            scope: event.scope,
            failed: false,
            duration_s: if kind == UsageKind::Voice {
                u32::try_from(event.volume.amount).unwrap_or(u32::MAX)
            } else {
                0
            },
            length_bytes: if messages || kind == UsageKind::Voice { 0 } else { event.volume.amount },
            fee: None,
            peer: event.peer.as_deref().unwrap_or(""),
            app: event.app.as_deref().unwrap_or(""),
            location: "",
            record_id: &record_id,
            at: RowRef { source: 0, table: 0, row: number },
        });
        outside.push(event.outside);
    }
}

fn figure_of(rated: &RatedCycle, figure: &str) -> Result<Interval> {
    let sum = |wanted: &dyn Fn(&ItemKind) -> bool| {
        Interval::sum(rated.items.iter().filter(|item| wanted(&item.kind)).map(|item| item.amount))
    };
    match figure {
        "monthly" => sum(&|kind| *kind == ItemKind::Monthly),
        "packs" => sum(&|kind| *kind == ItemKind::Pack),
        // Credits are negative items; a file names them as what is given back.
        "credits" => {
            let credits = sum(&|kind| *kind == ItemKind::Credit)?;
            Ok(Interval::between(credits.low.negated(), credits.high.negated()))
        }
        "total" => sum(&|_| true),
        rate => {
            let of_rate = |kind: &ItemKind| matches!(kind, ItemKind::Overage(_));
            let items = rated.items.iter().filter(|item| of_rate(&item.kind) && item.name == rate);
            Interval::sum(items.map(|item| item.amount))
        }
    }
}

fn found_text(found: Interval) -> String {
    if found.is_certain() { found.low.to_string() } else { format!("{} … {}", found.low, found.high) }
}

fn at_row(path: &str, row: u32, message: Message) -> SpecProblem {
    SpecProblem { path: path.to_owned(), row, column: 1, span: 0..0, message }
}
