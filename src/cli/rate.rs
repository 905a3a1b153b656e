//! `rate`: only what the bill should have been, each line with its steps.

use crate::analyse::{self, RatedCase};
use crate::cli::Status;
use crate::cli::args::RateArgs;
use crate::cli::case;
use crate::cli::console::Console;
use crate::error::Result;
use crate::model::case::Line;
use crate::model::message::Message;
use crate::model::quantity::{Unit, Volume};
use crate::rating::outcome::{ExpectedItem, ItemKind, OpenQuestion, RatedCycle};

/// Rates every cycle of every line and prints the expected lines with their traces.
///
/// # Errors
/// When a path cannot be read, or an amount leaves the exact range.
pub fn run(args: &RateArgs, console: &Console) -> Result<Status> {
    let Some(opened) = case::open(&args.case, None, console)? else { return Ok(Status::InputUnusable) };
    let rated = analyse::rate(opened.inputs)?;
    case::tell_plan_problems(&opened.plan_files, &rated.plan_problems, console);
    tell_unusable(&rated, console);
    for (line, rating) in rated.case.lines.iter().zip(&rated.rated) {
        rating.notes.iter().for_each(|note| console.remark(note));
        if rating.cycles.is_empty() {
            console.say(&Message::new("rate.no-plan").text("msisdn", &line.info.msisdn));
        }
        for cycle in rating.cycles.values() {
            show_cycle(&line.info.msisdn, cycle, console);
            tell_incomplete(line, cycle, console);
        }
    }
    Ok(if rated.has_unusable_input() { Status::InputUnusable } else { Status::Done })
}

fn tell_unusable(rated: &RatedCase, console: &Console) {
    for source in &rated.case.sources {
        if let Some(problem) = &source.unusable {
            let words = Message::new("rate.unusable").text("path", &source.path);
            console.warn(&console.words(&words.message("reason", problem.message.clone())));
        }
    }
}

/// Prints a cycle: items with steps, buckets, what no rate prices, the total and what decides it.
fn show_cycle(msisdn: &str, cycle: &RatedCycle, console: &Console) {
    console.say(&Message::new("rate.cycle").text("msisdn", msisdn).text("cycle", cycle.cycle));
    cycle.items.iter().for_each(|item| show_item(item, console));
    // A rest of nothing is no news.
    for bucket in cycle.buckets.iter().filter(|bucket| bucket.granted.amount > 0) {
        let used = Volume::new(bucket.granted.unit, bucket.used);
        let words = Message::new("rate.bucket").text("id", &bucket.id).text("plan", &bucket.plan);
        let words = words.text("granted", bucket.granted).text("used", used);
        let gone = bucket.exhausted_at.map(|at| at.to_string()).unwrap_or_default();
        console.say(&words.text("exhausted_at", gone));
    }
    for unrated in &cycle.unrated {
        let words = Message::new("rate.unrated").text("volume", unrated.volume);
        console
            .say(&words.count("events", unrated.events as usize).message("reason", unrated.reason.clone()));
    }
    let total = cycle.total;
    if total.is_certain() {
        console.say(&Message::new("rate.total").text("amount", total.high));
    } else {
        console.say(&Message::new("rate.total-open").text("low", total.low).text("high", total.high));
    }
    cycle.open.iter().for_each(|question| show_question(question, console));
}

/// Says which lists are not known to be complete: the figures hold for the records that are there.
fn tell_incomplete(line: &Line, cycle: &RatedCycle, console: &Console) {
    let units = Unit::ALL.into_iter().filter(|unit| {
        let priced = cycle.items.iter().any(|item| item.kind == ItemKind::Overage(*unit));
        priced && !line.completeness((*unit).into(), cycle.cycle.span()).is_proved()
    });
    let words = |unit: Unit| console.words(&Message::new(format!("rating.unit.{}", unit.code())));
    let units: Vec<String> = units.map(words).collect();
    if !units.is_empty() {
        let separator = console.words(&Message::new("rate.and"));
        console.say(&Message::new("rate.incomplete").text("units", units.join(&separator)));
    }
}

fn show_item(item: &ExpectedItem, console: &Console) {
    let amount = if item.amount.is_certain() {
        item.amount.high.to_string()
    } else {
        format!("{} … {}", item.amount.low, item.amount.high)
    };
    let label = match item.kind {
        ItemKind::Monthly => Message::new("report.expected.monthly"),
        ItemKind::Overage(unit) => Message::new(format!("report.expected.{}", unit.code())),
        ItemKind::Credit => Message::new("report.expected.credit"),
        ItemKind::Pack => Message::new("rate.pack").text("pack", &item.name),
    };
    let words = Message::new("rate.item").message("label", label).text("amount", amount);
    let words = words.text("plan", &item.clause.plan).text("clause", &item.clause.clause);
    let elsewhere = if item.paid_elsewhere { "yes" } else { "" };
    let inferred = if item.inferred { "yes" } else { "" };
    console.say(&words.text("inferred", inferred).text("elsewhere", elsewhere));
    for step in &item.trace {
        let words = Message::new("rate.step").message("what", step.what.clone());
        console.say(&words.text("formula", &step.formula));
    }
}

fn show_question(question: &OpenQuestion, console: &Console) {
    let words = Message::new("rate.decides").message("what", question.what.clone());
    let words = words.message("at_low", question.at_low.clone()).text("low", question.low);
    console.say(&words.message("at_high", question.at_high.clone()).text("high", question.high));
}
