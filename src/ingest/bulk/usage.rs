//! Usage rows in their plainest spelling.

use crate::ingest::bulk::cell::{self, DayMemory};
use crate::ingest::bulk::split::Record;
use crate::model::usage::{Direction, Scope, UsageKind};

/// Where the columns of a usage table stand.
#[derive(Debug, Clone, Copy, Default)]
pub struct UsageSlots {
    pub(super) msisdn: Option<u8>,
    pub(super) start: Option<u8>,
    pub(super) kind: Option<u8>,
    pub(super) direction: Option<u8>,
    pub(super) scope: Option<u8>,
    pub(super) peer: Option<u8>,
    pub(super) duration_s: Option<u8>,
    pub(super) bytes: Option<u8>,
    pub(super) app: Option<u8>,
    pub(super) location: Option<u8>,
    pub(super) fee: Option<u8>,
    pub(super) record_id: Option<u8>,
}

/// One usage row.
#[derive(Debug, Clone, Copy)]
pub struct UsageRow<'b> {
    /// Number of the line.
    pub msisdn: u64,
    /// Seconds of the wall clock.
    pub start: i64,
    /// Kind of event.
    pub kind: UsageKind,
    /// Who started it.
    pub direction: Direction,
    /// Where the line was.
    pub scope: Scope,
    /// Duration.
    pub duration_s: u32,
    /// Volume.
    pub length_bytes: u64,
    /// Fee in 0.0001 yuan, where stated.
    pub fee_e4: Option<i64>,
    /// The other number or the access point.
    pub peer: &'b str,
    /// App or service.
    pub app: &'b str,
    /// Place.
    pub location: &'b str,
    /// Id of the record.
    pub record_id: &'b str,
}

impl UsageSlots {
    /// Returns the row; none when any cell is not in its plainest spelling.
    #[inline]
    pub fn read<'b>(&self, record: &Record<'b, '_>, days: &mut DayMemory) -> Option<UsageRow<'b>> {
        if !record.is_plain {
            return None;
        }
        let of = |slot| record.cell(slot);
        let direction = direction(of(self.direction))?;
        let (start, peer) = (of(self.start), empty_or(of(self.peer), cell::peer)?);
        // Rows at the last second of a day without a peer may be adjustments of the month: the ordinary code knows.
        if direction == Direction::Unstated && peer.is_empty() && start.ends_with(b"23:59:59") {
            return None;
        }
        Some(UsageRow {
            msisdn: cell::msisdn(of(self.msisdn))?,
            start: days.time(start)?,
            kind: kind(of(self.kind))?,
            direction,
            scope: scope(of(self.scope))?,
            duration_s: u32::try_from(zero_or(of(self.duration_s))?).ok()?,
            length_bytes: zero_or(of(self.bytes))?,
            fee_e4: match of(self.fee) {
                b"" => None,
                fee => Some(cell::money_e4(fee)?),
            },
            peer,
            app: empty_or(of(self.app), cell::text)?,
            location: empty_or(of(self.location), cell::text)?,
            record_id: empty_or(of(self.record_id), cell::id)?,
        })
    }
}

/// Returns an empty cell as empty text, another by its grammar.
#[inline]
pub(super) fn empty_or<'b>(cell: &'b [u8], read: impl Fn(&'b [u8]) -> Option<&'b str>) -> Option<&'b str> {
    if cell.is_empty() { Some("") } else { read(cell) }
}

#[inline]
pub(super) fn zero_or(cell: &[u8]) -> Option<u64> {
    if cell.is_empty() { Some(0) } else { cell::number(cell) }
}

#[inline]
pub(super) fn kind(cell: &[u8]) -> Option<UsageKind> {
    Some(match cell {
        b"voice" => UsageKind::Voice,
        b"sms" => UsageKind::Sms,
        b"mms" => UsageKind::Mms,
        b"data" => UsageKind::Data,
        b"vas" => UsageKind::Vas,
        _ => return None,
    })
}

#[inline]
pub(super) fn direction(cell: &[u8]) -> Option<Direction> {
    Some(match cell {
        b"" => Direction::Unstated,
        b"out" => Direction::Out,
        b"in" => Direction::In,
        _ => return None,
    })
}

#[inline]
pub(super) fn scope(cell: &[u8]) -> Option<Scope> {
    Some(match cell {
        b"" | b"domestic" => Scope::Domestic,
        b"hmt" => Scope::Hmt,
        b"international" => Scope::International,
        _ => return None,
    })
}
