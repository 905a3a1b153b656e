//! The facts sheet: what the records say, in figures that customer service can check against its own list.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::Result;
use crate::model::case::Line;
use crate::model::coverage::Coverage;
use crate::model::message::Message;
use crate::model::period::Cycle;
use crate::model::quantity::{GB, KB, MB, Unit};
use crate::model::usage::{Direction, UsageEvent, UsageKind};
use crate::report::assemble::{Desk, quote};
use crate::report::model::{FactEvent, FactPart, FactSheet, FactTable};

/// Most parts of a table by app or network; the rest is one part.
const PARTS_MAX: usize = 20;
/// How many of the biggest records are named.
const BIGGEST: usize = 10;
/// Parts that a sentence names.
const NAMED: usize = 3;
/// Last day of the first half of a month, as customer service counts.
const HALF: u32 = 15;

/// Returns the facts by number, cycle and kind.
///
/// # Errors
/// When a sentence is missing in the wording files.
pub fn facts(desk: &Desk<'_>) -> Result<Vec<FactSheet>> {
    let mut all = Vec::new();
    for line in &desk.case.lines {
        let mut cycles: BTreeSet<Cycle> =
            line.usage.events().map(|event| Cycle::of(event.start.day())).collect();
        cycles.extend(line.billed_cycles());
        for cycle in cycles {
            for kind in UsageKind::ALL {
                let sheet = sheet(desk, line, cycle, kind)?;
                all.extend(if sheet.is_some() { sheet } else { absence(desk, line, cycle, kind)? });
            }
        }
    }
    Ok(all)
}

fn sheet(desk: &Desk<'_>, line: &Line, cycle: Cycle, kind: UsageKind) -> Result<Option<FactSheet>> {
    let range = line.usage.range(cycle.start_time(), cycle.end_time());
    let events: Vec<UsageEvent<'_>> =
        range.map(|index| line.usage.event(index)).filter(|event| event.kind == kind).collect();
    let (Some(first), Some(last)) = (events.first(), events.last()) else { return Ok(None) };
    let paths: BTreeSet<String> =
        events.iter().map(|event| desk.case.source(event.at).path.clone()).collect();
    let volume = events.iter().fold(0u64, |sum, event| sum.saturating_add(size(event)));
    let tables = tables(desk, cycle, &events, volume)?;
    let mut biggest: Vec<&UsageEvent<'_>> = events.iter().collect();
    biggest.sort_by_key(|event| (std::cmp::Reverse(size(event)), event.start, event.at));
    biggest.truncate(if kind.unit().is_some_and(is_measured) { BIGGEST } else { 0 });
    Ok(Some(FactSheet {
        msisdn: line.info.msisdn.clone(),
        period: cycle.to_string(),
        kind: kind.code().to_owned(),
        paths: paths.into_iter().collect(),
        events: events.len() as u64,
        volume,
        sentences: sentences(desk, kind, &events, volume, &tables)?,
        first: Some(fact_event(desk, first)?),
        last: Some(fact_event(desk, last)?),
        tables,
        biggest: biggest.into_iter().map(|event| fact_event(desk, event)).collect::<Result<_>>()?,
    }))
}

/// Returns the fact that there is no record of a kind, where the list is complete for the whole cycle.
fn absence(desk: &Desk<'_>, line: &Line, cycle: Cycle, kind: UsageKind) -> Result<Option<FactSheet>> {
    let Some(unit) = kind.unit() else { return Ok(None) };
    let span = cycle.span();
    if !line.completeness(unit.into(), span).is_proved() {
        return Ok(None);
    }
    let none = Message::new("facts.none")
        .message("kind", Message::new(format!("common.kind.{}", kind.code())))
        .text("start", span.start)
        .text("end", span.last());
    let speaks =
        |part: &&Coverage| part.kinds.contains(&unit.into()) && part.span.intersection(span).is_some();
    let paths: BTreeSet<String> =
        line.coverage.iter().filter(speaks).map(|part| desk.case.source(part.at.row).path.clone()).collect();
    Ok(Some(FactSheet {
        msisdn: line.info.msisdn.clone(),
        period: cycle.to_string(),
        kind: kind.code().to_owned(),
        paths: paths.into_iter().collect(),
        sentences: vec![desk.say(&none)?],
        ..FactSheet::default()
    }))
}

/// Returns the base units of a record: seconds, messages, bytes; a 增值 record counts as one.
fn size(event: &UsageEvent<'_>) -> u64 {
    match event.kind {
        UsageKind::Voice => event.duration_s.into(),
        UsageKind::Data => event.length_bytes,
        UsageKind::Sms | UsageKind::Mms | UsageKind::Vas => 1,
    }
}

/// Returns whether records of that unit differ in size.
fn is_measured(unit: Unit) -> bool {
    matches!(unit, Unit::Voice | Unit::Data)
}

fn fact_event(desk: &Desk<'_>, event: &UsageEvent<'_>) -> Result<FactEvent> {
    Ok(FactEvent {
        at: event.start.to_string(),
        volume: size(event),
        shown: shown(desk, event.kind, size(event))?,
        app: event.app.to_owned(),
        access: if event.kind == UsageKind::Data { event.peer.to_owned() } else { String::new() },
        source: quote::place(desk.case, event.at),
    })
}

/// Returns a volume as people read it: `150.2 GB`, `12 分 5 秒`, `8 条`. One decimal, half up; exact figures stand
/// beside it.
fn shown(desk: &Desk<'_>, kind: UsageKind, volume: u64) -> Result<String> {
    match kind {
        UsageKind::Data => {
            let sizes = [(GB, "GB"), (MB, "MB"), (KB, "KB")];
            let found = sizes.into_iter().find(|(size, _)| volume >= *size);
            Ok(found.map_or_else(
                || format!("{volume} B"),
                |(size, name)| format!("{} {name}", tenths(volume.into(), size.into(), 1)),
            ))
        }
        UsageKind::Voice => desk.say(
            &Message::new("facts.volume.voice").text("minutes", volume / 60).text("seconds", volume % 60),
        ),
        UsageKind::Sms | UsageKind::Mms | UsageKind::Vas => {
            desk.say(&Message::new("facts.volume.count").text("count", volume))
        }
    }
}

/// Returns `part × factor ÷ whole` with one decimal, half up.
fn tenths(part: u128, whole: u128, factor: u128) -> String {
    let tenths = (part * factor * 10 + whole / 2).checked_div(whole).unwrap_or(0);
    format!("{}.{}", tenths / 10, tenths % 10)
}

fn tables(desk: &Desk<'_>, cycle: Cycle, events: &[UsageEvent<'_>], volume: u64) -> Result<Vec<FactTable>> {
    let days = cycle.days();
    let month = cycle.to_string();
    let month = month.get(5..).unwrap_or_default();
    let half = |start: u32, end: u32| {
        desk.say(
            &Message::new("facts.span")
                .text("start", format!("{month}-{start:02}"))
                .text("end", format!("{month}-{end:02}")),
        )
    };
    let halves = [half(1, HALF)?, half(HALF + 1, days)?];
    let day_of = |event: &UsageEvent<'_>| ((event.start.0 - cycle.start_time().0) / 86_400) as u32 + 1;
    let day_names: Vec<String> = (0..=days).map(|day| format!("{month}-{day:02}")).collect();
    let hour = desk.wording.word("facts.hour-unit")?;
    let hour_names: Vec<String> = (0..24).map(|number| format!("{number:02}{hour}")).collect();
    let hour_of = |event: &UsageEvent<'_>| event.start.0.rem_euclid(86_400) / 3600;
    let named = |names: &[String], index: usize| names.get(index).cloned().unwrap_or_default();
    let mut tables = vec![
        (
            "half",
            by_index(events, |event| usize::from(day_of(event) > HALF), |at| named(&halves, at)),
            Order::Time,
        ),
        ("day", by_index(events, |event| day_of(event) as usize, |at| named(&day_names, at)), Order::Time),
        ("hour", by_index(events, |event| hour_of(event) as usize, |at| named(&hour_names, at)), Order::Time),
    ];
    if events.iter().any(|event| event.direction != Direction::Unstated) {
        let words = ["out", "in", "none"].map(|name| desk.wording.word(&format!("facts.direction.{name}")));
        let words = words.into_iter().collect::<Result<Vec<String>>>()?;
        let sums = by_index(events, |event| event.direction as usize, |at| named(&words, at));
        tables.push(("direction", sums, Order::Size));
    }
    if events.iter().any(|event| !event.app.is_empty()) {
        tables.push(("app", by_name(events, |event| event.app), Order::Size));
    }
    if events.iter().any(|event| event.kind == UsageKind::Data && !event.peer.is_empty()) {
        tables.push(("access", by_name(events, |event| event.peer), Order::Size));
    }
    let kind = events.first().map_or(UsageKind::Data, |event| event.kind);
    let table = |(by, sums, order): (&str, Vec<Sum>, Order)| {
        Ok(FactTable { by: by.to_owned(), parts: parts(desk, kind, sums, volume, order)? })
    };
    tables.into_iter().map(table).collect()
}

/// A part of the use: its name, how many records, how many base units.
type Sum = (String, u64, u64);

/// Returns the sums of the records by a text that they carry, by that text.
fn by_name<'e>(events: &'e [UsageEvent<'e>], name_of: impl Fn(&'e UsageEvent<'e>) -> &'e str) -> Vec<Sum> {
    let mut sums: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for event in events {
        let sum = sums.entry(name_of(event)).or_default();
        *sum = (sum.0 + 1, sum.1.saturating_add(size(event)));
    }
    sums.into_iter().map(|(name, (events, volume))| (name.to_owned(), events, volume)).collect()
}

/// Returns the sums of the records by a small number, in its order.
fn by_index(
    events: &[UsageEvent<'_>],
    index_of: impl Fn(&UsageEvent<'_>) -> usize,
    name_of: impl Fn(usize) -> String,
) -> Vec<Sum> {
    let mut sums: BTreeMap<usize, (u64, u64)> = BTreeMap::new();
    for event in events {
        let sum = sums.entry(index_of(event)).or_default();
        *sum = (sum.0 + 1, sum.1.saturating_add(size(event)));
    }
    sums.into_iter().map(|(index, (events, volume))| (name_of(index), events, volume)).collect()
}

/// In which order the parts of a table stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    /// As they come.
    Time,
    /// The largest first, the small ones together.
    Size,
}

fn parts(
    desk: &Desk<'_>,
    kind: UsageKind,
    mut sums: Vec<Sum>,
    all: u64,
    order: Order,
) -> Result<Vec<FactPart>> {
    if order == Order::Size {
        sums.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| a.0.cmp(&b.0)));
        if sums.len() > PARTS_MAX {
            let rest = sums.split_off(PARTS_MAX - 1);
            let events = rest.iter().map(|sum| sum.1).sum();
            let volume = rest.iter().fold(0u64, |all, sum| all.saturating_add(sum.2));
            sums.push(("*".to_owned(), events, volume));
        }
    }
    sums.into_iter()
        .map(|(name, events, volume)| {
            let shown = shown(desk, kind, volume)?;
            Ok(FactPart { name, events, volume, shown, share: tenths(volume.into(), all.into(), 100) })
        })
        .collect()
}

fn sentences(
    desk: &Desk<'_>,
    kind: UsageKind,
    events: &[UsageEvent<'_>],
    volume: u64,
    tables: &[FactTable],
) -> Result<Vec<String>> {
    let mut sentences = Vec::new();
    let measured = kind.unit().is_some_and(is_measured);
    let at = |event: Option<&UsageEvent<'_>>| event.map(|event| event.start.to_string()).unwrap_or_default();
    let total = Message::new("facts.total")
        .message("kind", Message::new(format!("common.kind.{}", kind.code())))
        .text("events", events.len())
        .text("volume", if measured { shown(desk, kind, volume)? } else { String::new() })
        .text("first", at(events.first()))
        .text("last", at(events.last()));
    sentences.push(desk.say(&total)?);
    for table in tables {
        match table.by.as_str() {
            "day" if measured => sentences.extend(busiest(desk, table)?),
            "hour" => sentences.extend(night(desk, kind, volume, events)?),
            "day" => {}
            // One part alone says nothing that the total does not say; the way of access is a fact by itself.
            "app" | "direction" if table.parts.len() == 1 => {}
            by => {
                let named = table.parts.iter().take(NAMED).map(|part| named_part(desk, part));
                let named = named.collect::<Result<Vec<_>>>()?.join(desk.wording.lang().clause_separator());
                let by = Message::new(format!("facts.by.{by}"));
                sentences
                    .push(desk.say(&Message::new("facts.parts").message("by", by).text("parts", named))?);
            }
        }
    }
    Ok(sentences)
}

fn named_part(desk: &Desk<'_>, part: &FactPart) -> Result<String> {
    let name = match part.name.as_str() {
        "" => desk.wording.word("facts.not-stated")?,
        "*" => desk.wording.word("facts.others")?,
        name => name.to_owned(),
    };
    desk.say(
        &Message::new("facts.part").text("name", name).text("volume", &part.shown).text("share", &part.share),
    )
}

fn busiest(desk: &Desk<'_>, days: &FactTable) -> Result<Option<String>> {
    let most = days.parts.iter().rev().max_by_key(|part| part.volume);
    let message = most.map(|part| {
        let message = Message::new("facts.busiest").text("day", &part.name);
        message.text("volume", &part.shown).text("share", &part.share)
    });
    message.map(|message| desk.say(&message)).transpose()
}

/// Returns what falls between midnight and six, when people sleep and phones update themselves.
fn night(desk: &Desk<'_>, kind: UsageKind, all: u64, events: &[UsageEvent<'_>]) -> Result<Option<String>> {
    let at_night = events.iter().filter(|event| event.start.0.rem_euclid(86_400) < 6 * 3600);
    let (count, volume) =
        at_night.fold((0u64, 0u64), |sum, event| (sum.0 + 1, sum.1.saturating_add(size(event))));
    if count == 0 {
        return Ok(None);
    }
    let message = Message::new("facts.night")
        .text("events", count)
        .text("volume", shown(desk, kind, volume)?)
        .text("share", tenths(volume.into(), all.into(), 100));
    desk.say(&message).map(Some)
}
