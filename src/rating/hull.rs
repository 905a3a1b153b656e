//! The bounds over all possibilities of a cycle, and what decides between them.

use crate::error::Result;
use crate::model::finding::ClauseRef;
use crate::model::interval::Interval;
use crate::model::message::Message;
use crate::model::period::WallTime;
use crate::model::plan::Plan;
use crate::model::quantity::Volume;
use crate::rating::cycle::{CycleFacts, OpenedPack, Run, pack_with_unknown_rest};
use crate::rating::outcome::{BucketUse, ExpectedItem, ItemKind, OpenQuestion, RatedCycle, TraceStep};
use crate::rating::setup::Bucket;
use crate::rating::variation::{Extreme, Orders};

/// Returns the bounds over all runs. Text and buckets are those of the run that costs most; claims use it.
pub(super) fn hull(facts: &CycleFacts<'_>, runs: Vec<Run<'_>>) -> Result<RatedCycle> {
    let cycle = facts.usage.cycle;
    let totals = runs.iter().map(|run| total(&run.items)).collect::<Result<Vec<Interval>>>()?;
    let total = totals.iter().copied().reduce(Interval::hull).unwrap_or_default();
    let open = open_questions(facts, &runs, &totals);
    let mut rated = RatedCycle { total, open, ..RatedCycle::empty(cycle) };
    let mut runs = runs.into_iter();
    if let Some(first) = runs.next() {
        rated.items = items(first.items, runs.as_slice());
        rated.buckets = first.buckets.iter().map(bucket_use).collect();
        (rated.days, rated.unrated) = (first.days, first.unrated);
    }
    Ok(rated)
}

/// Returns what a possibility costs on the operator's bill (fine print 7).
fn total(items: &[ExpectedItem]) -> Result<Interval> {
    Interval::sum(items.iter().filter(|item| !item.paid_elsewhere).map(|item| item.amount))
}

/// Returns the items of the first run with the bounds over all, and what only others have.
fn items(mut best: Vec<ExpectedItem>, others: &[Run<'_>]) -> Vec<ExpectedItem> {
    for run in others {
        for (item, number) in numbered(&run.items) {
            let same = best.iter_mut().filter(|known| known.rule == item.rule).nth(number);
            match same {
                Some(known) => widen(known, item),
                None => best.push(item.clone()),
            }
        }
    }
    for item in best.iter_mut().filter(|item| !item.amount.is_certain()) {
        item.trace.push(TraceStep {
            rule: item.rule.clone(),
            clause: Some(item.clause.clause.clone()),
            what: Message::new("rating.step.bounds"),
            formula: format!("{} … {}", item.amount.low, item.amount.high),
            before: item.amount.low.to_string(),
            after: item.amount.high.to_string(),
        });
    }
    best
}

/// Returns each item with its number among the items of the same rule.
fn numbered(items: &[ExpectedItem]) -> impl Iterator<Item = (&ExpectedItem, usize)> {
    items
        .iter()
        .enumerate()
        .map(|(index, item)| (item, items[..index].iter().filter(|before| before.rule == item.rule).count()))
}

fn widen(known: &mut ExpectedItem, item: &ExpectedItem) {
    if item.amount.high > known.amount.high {
        known.trace = item.trace.clone();
        known.volume = item.volume;
    }
    known.amount = known.amount.hull(item.amount);
    known.inferred |= item.inferred;
}

fn bucket_use(bucket: &Bucket) -> BucketUse {
    BucketUse {
        id: bucket.id.clone(),
        plan: bucket.plan.clone(),
        granted: bucket.granted,
        used: bucket.granted.amount - bucket.left,
        start: bucket.start,
        end: bucket.end,
        exhausted_at: bucket.exhausted_at,
    }
}

/// Returns each question that alone moves the total, with the pair of possibilities that lie furthest apart and
/// differ in nothing else.
fn open_questions(facts: &CycleFacts<'_>, runs: &[Run<'_>], totals: &[Interval]) -> Vec<OpenQuestion> {
    let mut questions: Vec<OpenQuestion> =
        runs.first().into_iter().flat_map(|run| run.items.iter().filter_map(open_item)).collect();
    let plans = unclear(runs);
    let places: Vec<Vec<usize>> = places(runs, &plans);
    let dimensions = places.first().map_or(0, Vec::len);
    for dimension in 0..dimensions {
        let differ = |a: usize, b: usize| {
            let others = |place: &Vec<usize>| {
                let kept = place.iter().enumerate().filter(|(index, _)| *index != dimension);
                kept.map(|(_, value)| *value).collect::<Vec<_>>()
            };
            places[a][dimension] != places[b][dimension] && others(&places[a]) == others(&places[b])
        };
        let pairs = (0..runs.len()).flat_map(|low| (0..runs.len()).map(move |high| (low, high)));
        let moving =
            pairs.filter(|(low, high)| totals[*low].high < totals[*high].high && differ(*low, *high));
        let spread =
            |(low, high): &(usize, usize)| totals[*high].high.minus(totals[*low].high).unwrap_or_default();
        // Of equal spreads the first pair stays.
        let widest = moving.reduce(|best, next| if spread(&next) > spread(&best) { next } else { best });
        if let Some((low, high)) = widest {
            let mut question = question(facts, &plans, [&runs[low], &runs[high]], dimension);
            (question.low, question.high) = (totals[low].high, totals[high].high);
            questions.push(question);
        }
    }
    questions
}

/// Returns the place of each run: number of the reading of each unclear plan, then grants, events, orders.
fn places(runs: &[Run<'_>], plans: &[&str]) -> Vec<Vec<usize>> {
    let mut orders: Vec<Orders> = vec![Orders::new()];
    let mut place_of = |run: &Run<'_>| {
        let readings =
            plans.iter().map(|plan| run.variation.readings.get(plan).map_or(0, |number| number + 1));
        let moved: Orders = run.orders.iter().filter(|(a, b)| a != b).map(|(a, b)| (*a, *b)).collect();
        let order = orders.iter().position(|known| *known == moved).unwrap_or(orders.len());
        if order == orders.len() {
            orders.push(moved);
        }
        readings.chain([run.variation.grants as usize, run.variation.events as usize, order]).collect()
    };
    runs.iter().map(&mut place_of).collect()
}

/// Returns the ids of plans that any run reads in another way.
fn unclear<'r>(runs: &'r [Run<'_>]) -> Vec<&'r str> {
    let mut plans: Vec<&str> = runs.iter().flat_map(|run| run.variation.readings.keys().copied()).collect();
    plans.sort_unstable();
    plans.dedup();
    plans
}

fn question(
    facts: &CycleFacts<'_>,
    plans: &[&str],
    [low, high]: [&Run<'_>; 2],
    dimension: usize,
) -> OpenQuestion {
    match plans.get(dimension) {
        Some(plan) => reading_question(facts, low, high, plan),
        None => match dimension - plans.len() {
            0 => grants_question(facts, low, high),
            1 => plain_question("events", [low, high].map(|run| extreme(run.variation.events))),
            _ => plain_question("order", [low, high].map(|run| order_choice(facts, &run.orders))),
        },
    }
}

fn reading_question(facts: &CycleFacts<'_>, low: &Run<'_>, high: &Run<'_>, plan: &str) -> OpenQuestion {
    let cycle = facts.usage.cycle;
    let in_force = facts.in_force.plans_in(cycle).map(|plan| &*plan.plan);
    let packs = facts.in_force.packs_in(cycle).map(|pack| &*pack.pack);
    let known: Option<&Plan> = in_force.chain(packs).find(|known| known.id == plan);
    let reading = |run: &Run<'_>| {
        let number = run.variation.readings.get(plan)?;
        known?.readings.get(*number)
    };
    let choice = |run: &Run<'_>| match reading(run) {
        Some(reading) => Message::new("rating.open.reading-other").text("id", &reading.id),
        None => Message::new("rating.open.reading-text"),
    };
    let clause = reading(low).or_else(|| reading(high)).map(|reading| reading.clause.clone());
    let clause = clause.unwrap_or_default();
    OpenQuestion {
        what: Message::new("rating.open.reading").text("plan", plan).text("clause", &clause),
        clause: Some(ClauseRef { plan: plan.to_owned(), clause }),
        at_low: choice(low),
        at_high: choice(high),
        ..plain_question("reading", [choice(low), choice(high)])
    }
}

fn grants_question(facts: &CycleFacts<'_>, low: &Run<'_>, high: &Run<'_>) -> OpenQuestion {
    let Some(rest) = facts.carried.iter().find(|rest| rest.low != rest.high) else {
        if let Some(opened) = pack_with_unknown_rest(facts) {
            return used_question(&opened, [low, high]);
        }
        return plain_question("shared", [low, high].map(|run| extreme(run.variation.grants.other())));
    };
    let unit = rest.plan.allowances.iter().find(|it| it.id == rest.allowance).map(|it| it.amount.unit);
    let volume = |run: &Run<'_>| {
        let amount = if run.variation.grants == Extreme::Least { rest.low } else { rest.high };
        let volume = unit.map(|unit| Volume::new(unit, amount).to_string()).unwrap_or_default();
        Message::new("rating.open.rolled-over").text("volume", volume)
    };
    let question = plain_question("rollover", [volume(low), volume(high)]);
    OpenQuestion { what: question.what.text("allowance", &rest.allowance), ..question }
}

fn used_question(opened: &OpenedPack<'_>, runs: [&Run<'_>; 2]) -> OpenQuestion {
    let used = runs.map(|run| {
        let used = if run.variation.grants == Extreme::Least { opened.most } else { opened.least };
        Message::new("rating.open.used").text("volume", used)
    });
    let question = plain_question("pack-used", used);
    OpenQuestion { what: question.what.text("pack", opened.pack), ..question }
}

fn plain_question(name: &str, [at_low, at_high]: [Message; 2]) -> OpenQuestion {
    let what = Message::new(format!("rating.open.{name}"));
    OpenQuestion { what, clause: None, at_low, low: Default::default(), at_high, high: Default::default() }
}

fn extreme(extreme: Extreme) -> Message {
    Message::new(if extreme == Extreme::Least { "rating.open.least" } else { "rating.open.most" })
}

fn order_choice(facts: &CycleFacts<'_>, orders: &Orders) -> Message {
    let moved = orders.iter().find(|(place, event)| place != event).map(|(place, _)| *place);
    match moved {
        None => Message::new("rating.open.order-as-printed"),
        Some(place) => Message::new("rating.open.order-other")
            .text("second", WallTime(facts.usage.table.columns().starts[place])),
    }
}

/// An item that even one possibility leaves open: a pack that only the bill knows, or a suspension without fee.
fn open_item(item: &ExpectedItem) -> Option<OpenQuestion> {
    if item.amount.is_certain() || item.paid_elsewhere {
        return None;
    }
    let name = if item.kind == ItemKind::Pack { "pack-on-bill" } else { "holding-fee" };
    let [at_low, at_high] = [item.amount.low, item.amount.high]
        .map(|amount| Message::new("rating.open.amount").text("amount", amount));
    let question = plain_question(name, [at_low, at_high]);
    Some(OpenQuestion {
        what: question.what.text("item", &item.name),
        clause: Some(item.clause.clone()),
        low: item.amount.low,
        high: item.amount.high,
        ..question
    })
}
