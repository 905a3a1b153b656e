//! Usage rows.

use std::borrow::Cow;

use crate::ingest::map_row::{RowDefaults, line_of};
use crate::ingest::records::Records;
use crate::ingest::row_reader::RowReader;
use crate::model::source::RowRef;
use crate::model::usage::{Direction, Scope, UsageEvent, UsageKind};

/// Adds the event of a row; nothing when a cell that is needed cannot be read.
pub fn map<'a>(
    reader: &mut RowReader<'a>,
    at: RowRef,
    defaults: RowDefaults<'a>,
    records: &mut Records,
) -> Option<()> {
    let msisdn = line_of(reader, defaults);
    let start = reader.time("start");
    let start = reader.need("start", start);
    let kind = reader.word("kind");
    let kind = reader.need("kind", kind).and_then(UsageKind::from_code);
    let direction = direction(reader);
    let scope = scope(reader);
    let failed = reader.word("failed").is_some_and(|word| word == "yes");
    let duration_s = reader.duration_s("duration_s").unwrap_or(0);
    let length_bytes = reader.bytes("bytes").unwrap_or(0);
    let fee = reader.money("fee");
    let (peer, record_id) = (reader.number("peer"), reader.id("record_id"));
    let (app, location) = (reader.text("app"), reader.text("location"));
    let (start, kind) = start.zip(kind).filter(|_| reader.problems.is_empty())?;
    let event = UsageEvent {
        start,
        kind,
        direction,
        scope,
        failed,
        duration_s,
        length_bytes,
        fee,
        peer: &peer,
        app,
        location,
        record_id: &record_id,
        at,
    };
    records.push_usage(&msisdn, &event);
    Some(())
}

/// Absent means not stated: data, 增值 and forwarded legs have no direction.
fn direction(reader: &mut RowReader<'_>) -> Direction {
    let stated = reader.word("direction").map(Cow::Borrowed).or_else(|| reader.extracted("direction"));
    match stated.as_deref() {
        Some("out") => Direction::Out,
        Some("in") => Direction::In,
        _ => Direction::Unstated,
    }
}

/// The farthest place that the type or the place of the event names.
fn scope(reader: &mut RowReader<'_>) -> Scope {
    let stated = [reader.word("scope").map(Cow::Borrowed), reader.extracted("scope")];
    let scopes = stated.iter().flatten().map(|code| match code.as_ref() {
        "international" => Scope::International,
        "hmt" => Scope::Hmt,
        _ => Scope::Domestic,
    });
    scopes.max().unwrap_or(Scope::Domestic)
}
