//! Usage rows in their plainest spelling.

use crate::ingest::bulk::cell::{self, DayMemory, Id, word};
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
    pub peer: Id<'b>,
    /// App or service.
    pub app: &'b str,
    /// Place.
    pub location: &'b str,
    /// Id of the record.
    pub record_id: Id<'b>,
}

impl UsageSlots {
    /// Returns the row; none when any cell is not in its plainest spelling.
    #[inline]
    pub fn read<'b>(&self, record: &Record<'b, '_>, days: &mut DayMemory) -> Option<UsageRow<'b>> {
        if !record.is_plain {
            return None;
        }
        let direction = direction(record.cell(self.direction))?;
        let (start, peer) = (record.cell(self.start), cell::peer(record.cell(self.peer))?);
        // Rows at the last second of a day without a peer may be adjustments of the month: the ordinary code knows.
        if direction == Direction::Unstated && peer == Id::None && start.ends_with(b"23:59:59") {
            return None;
        }
        Some(UsageRow {
            msisdn: cell::msisdn(record.cell(self.msisdn))?,
            start: days.time(start)?,
            kind: kind(record.cell(self.kind))?,
            direction,
            scope: scope(record.cell(self.scope))?,
            duration_s: u32::try_from(zero_or(record.cell(self.duration_s))?).ok()?,
            length_bytes: zero_or(record.cell(self.bytes))?,
            fee_e4: match record.cell(self.fee) {
                b"" => None,
                fee => Some(cell::money_e4(fee)?),
            },
            peer,
            app: empty_or(record.cell(self.app), cell::text)?,
            location: empty_or(record.cell(self.location), cell::text)?,
            record_id: cell::id(record.cell(self.record_id))?,
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

/// Words of a cell of eight bytes at most.
const fn of(text: &[u8]) -> u64 {
    let (mut value, mut at) = (0, 0);
    while at < text.len() {
        value |= (text[at] as u64) << (at * 8);
        at += 1;
    }
    value
}

const VOICE: u64 = of(b"voice");
const SMS: u64 = of(b"sms");
const MMS: u64 = of(b"mms");
const DATA: u64 = of(b"data");
const VAS: u64 = of(b"vas");
const OUT: u64 = of(b"out");
const IN: u64 = of(b"in");
const DOMESTIC: u64 = of(b"domestic");
const HMT: u64 = of(b"hmt");

/// Returns the cell as one word; none where it does not fit into one, or not only the word itself could be meant.
#[inline]
fn code(cell: &[u8]) -> Option<u64> {
    (cell.len() <= 8 && cell.last() != Some(&0)).then(|| word(cell))
}

#[inline]
pub(super) fn kind(cell: &[u8]) -> Option<UsageKind> {
    Some(match code(cell)? {
        VOICE => UsageKind::Voice,
        SMS => UsageKind::Sms,
        MMS => UsageKind::Mms,
        DATA => UsageKind::Data,
        VAS => UsageKind::Vas,
        _ => return None,
    })
}

#[inline]
pub(super) fn direction(cell: &[u8]) -> Option<Direction> {
    Some(match code(cell)? {
        0 => Direction::Unstated,
        OUT => Direction::Out,
        IN => Direction::In,
        _ => return None,
    })
}

#[inline]
pub(super) fn scope(cell: &[u8]) -> Option<Scope> {
    Some(match code(cell) {
        Some(0 | DOMESTIC) => Scope::Domestic,
        Some(HMT) => Scope::Hmt,
        None if cell == b"international" => Scope::International,
        _ => return None,
    })
}
