//! Usage events as plain columns: rating walks them once, without allocation per event.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::model::coded::coded_enum;
use crate::model::money::Money;
use crate::model::period::WallTime;
use crate::model::quantity::Unit;
use crate::model::source::RowRef;

/// What kind of event it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum UsageKind {
    /// A call.
    Voice,
    /// A text message.
    Sms,
    /// A multimedia message.
    Mms,
    /// A data session.
    Data,
    /// A record of a 增值 or 代收 list.
    Vas,
}

impl UsageKind {
    /// Every kind, in the order of the specification.
    pub const ALL: [Self; 5] = [Self::Voice, Self::Sms, Self::Mms, Self::Data, Self::Vas];

    /// Returns the word used in the general record format.
    pub fn code(self) -> &'static str {
        self.unit().map_or("vas", Unit::code)
    }

    /// Returns the kind of that word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Returns the unit in which such events are measured; none for 增值 and 代收 records.
    pub fn unit(self) -> Option<Unit> {
        match self {
            Self::Voice => Some(Unit::Voice),
            Self::Sms => Some(Unit::Sms),
            Self::Mms => Some(Unit::Mms),
            Self::Data => Some(Unit::Data),
            Self::Vas => None,
        }
    }
}

coded_enum! {
    /// Who started it.
    #[repr(u8)]
    Direction {
        /// The line's own user.
        Out = "out",
        /// The other side.
        In = "in",
        /// Data, 增值, forwarded legs, or not stated.
        Unstated = "",
    }
}

coded_enum! {
    /// Where the line was.
    #[repr(u8)]
    Scope {
        /// Mainland.
        Domestic = "domestic",
        /// Hong Kong, Macao, Taiwan.
        Hmt = "hmt",
        /// Abroad, or to abroad.
        International = "international",
    }
}

/// One usage event as read from a row or as viewed in a [`UsageTable`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UsageEvent<'a> {
    /// Start, wall clock.
    pub start: WallTime,
    /// Kind of event.
    pub kind: UsageKind,
    /// Who started it.
    pub direction: Direction,
    /// Where the line was.
    pub scope: Scope,
    /// Whether the record says that it failed; failed events are never chargeable.
    pub failed: bool,
    /// Duration of a call or session.
    pub duration_s: u32,
    /// Volume of a data session, or size of a message.
    pub length_bytes: u64,
    /// What the operator says that this event cost, in yuan; none = not stated.
    pub fee: Option<Money>,
    /// The other number, or the access point; empty = not stated.
    pub peer: &'a str,
    /// App or service; empty = not stated.
    pub app: &'a str,
    /// Place as printed; empty = not stated.
    pub location: &'a str,
    /// The operator's id of the record; empty = none.
    pub record_id: &'a str,
    /// Where it stands.
    pub at: RowRef,
}

/// Index of a text in the interner of its table; 0 is the empty text.
type TextId = u32;

/// Bytes that a text takes beside itself: its counters, its place in the list and its place among the ids.
const TEXT_BYTES: usize = 112;

/// Fee column value for "not stated".
const FEE_UNSTATED: i64 = i64::MIN;
/// Fee column value for "does not fit 0.0001 yuan": looked up beside.
const FEE_BESIDE: i64 = i64::MIN + 1;

/// The events of one line, column by column, sorted by [`UsageTable::sorted`].
#[derive(Debug, Clone, Default)]
pub struct UsageTable {
    starts: Vec<i64>,
    kinds: Vec<UsageKind>,
    directions: Vec<Direction>,
    scopes: Vec<Scope>,
    failed: Vec<bool>,
    durations_s: Vec<u32>,
    lengths_bytes: Vec<u64>,
    fees_e4: Vec<i64>,
    peers: Vec<TextId>,
    apps: Vec<TextId>,
    locations: Vec<TextId>,
    record_ids: Vec<TextId>,
    rows: Vec<RowRef>,
    /// Fees with more than four decimals, by row: rare, but never rounded.
    fees_beside: BTreeMap<RowRef, Money>,
    texts: Vec<Arc<str>>,
    text_ids: HashMap<Arc<str>, TextId>,
    /// Bytes of the texts themselves.
    texts_bytes: usize,
}

/// The columns of a [`UsageTable`], all of the same length. Text ids are those of [`UsageTable::text_id`].
#[derive(Debug, Clone, Copy)]
pub struct UsageColumns<'a> {
    /// Starts, in seconds like [`WallTime`].
    pub starts: &'a [i64],
    /// Kinds.
    pub kinds: &'a [UsageKind],
    /// Who started it.
    pub directions: &'a [Direction],
    /// Where the line was.
    pub scopes: &'a [Scope],
    /// Whether it failed.
    pub failed: &'a [bool],
    /// Durations.
    pub durations_s: &'a [u32],
    /// Volumes of data.
    pub lengths_bytes: &'a [u64],
    /// Text ids of the other numbers; 0 = not stated.
    pub peers: &'a [u32],
    /// Text ids of the apps; 0 = not stated.
    pub apps: &'a [u32],
    /// Text ids of the record ids; 0 = none.
    pub record_ids: &'a [u32],
}

/// Mainland events without texts and fees, column by column.
#[derive(Debug, Default)]
pub struct BareEvents {
    /// Starts, in seconds like [`WallTime`].
    pub starts: Vec<i64>,
    /// Kinds.
    pub kinds: Vec<UsageKind>,
    /// Who started it.
    pub directions: Vec<Direction>,
    /// Durations.
    pub durations_s: Vec<u32>,
    /// Volumes of data.
    pub lengths_bytes: Vec<u64>,
    /// Where they stand.
    pub rows: Vec<RowRef>,
}

impl BareEvents {
    /// Forgets the events, but not the memory.
    pub fn clear(&mut self) {
        self.starts.clear();
        self.kinds.clear();
        self.directions.clear();
        self.durations_s.clear();
        self.lengths_bytes.clear();
        self.rows.clear();
    }
}

impl UsageTable {
    /// Returns how many events there are.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Returns whether there is no event.
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// Makes place for so many further events at once: growing step by step would take half as much again.
    pub fn reserve(&mut self, events: usize) {
        self.starts.reserve_exact(events);
        self.kinds.reserve_exact(events);
        self.directions.reserve_exact(events);
        self.scopes.reserve_exact(events);
        self.failed.reserve_exact(events);
        self.durations_s.reserve_exact(events);
        self.lengths_bytes.reserve_exact(events);
        self.fees_e4.reserve_exact(events);
        for ids in [&mut self.peers, &mut self.apps, &mut self.locations, &mut self.record_ids] {
            ids.reserve_exact(events);
        }
        self.rows.reserve_exact(events);
    }

    /// Makes place for so many further texts at once.
    pub fn reserve_texts(&mut self, texts: usize) {
        self.texts.reserve(texts);
        self.text_ids.reserve(texts);
    }

    /// Returns about how many bytes of memory the different texts of the events take.
    pub fn texts_bytes(&self) -> usize {
        self.texts_bytes + self.texts.len() * TEXT_BYTES
    }

    /// Adds an event.
    pub fn push(&mut self, event: &UsageEvent<'_>) {
        let fee_e4 = match event.fee {
            None => FEE_UNSTATED,
            Some(fee) => fee.e4().filter(|e4| *e4 > FEE_BESIDE).unwrap_or_else(|| {
                self.fees_beside.insert(event.at, fee);
                FEE_BESIDE
            }),
        };
        let texts = [event.peer, event.app, event.location, event.record_id].map(|text| self.intern(text));
        self.starts.push(event.start.0);
        self.kinds.push(event.kind);
        self.directions.push(event.direction);
        self.scopes.push(event.scope);
        self.failed.push(event.failed);
        self.durations_s.push(event.duration_s);
        self.lengths_bytes.push(event.length_bytes);
        self.fees_e4.push(fee_e4);
        self.peers.push(texts[0]);
        self.apps.push(texts[1]);
        self.locations.push(texts[2]);
        self.record_ids.push(texts[3]);
        self.rows.push(event.at);
    }

    /// Puts other events, in order of time and place and without texts and fees, in the place of all: what a walk
    /// needs that asks for neither. The columns that were there come back, for the memory that they hold.
    pub fn replace_bare(&mut self, events: &mut BareEvents) {
        if !self.texts.is_empty() || !self.fees_beside.is_empty() {
            *self = Self::default();
        }
        fn fill<T: Copy>(column: &mut Vec<T>, value: T, count: usize) {
            column.clear();
            column.resize(count, value);
        }
        let count = events.starts.len();
        std::mem::swap(&mut self.starts, &mut events.starts);
        std::mem::swap(&mut self.kinds, &mut events.kinds);
        std::mem::swap(&mut self.directions, &mut events.directions);
        std::mem::swap(&mut self.durations_s, &mut events.durations_s);
        std::mem::swap(&mut self.lengths_bytes, &mut events.lengths_bytes);
        std::mem::swap(&mut self.rows, &mut events.rows);
        fill(&mut self.scopes, Scope::Domestic, count);
        fill(&mut self.failed, false, count);
        fill(&mut self.fees_e4, FEE_UNSTATED, count);
        for ids in [&mut self.peers, &mut self.apps, &mut self.locations, &mut self.record_ids] {
            fill(ids, 0, count);
        }
    }

    /// Returns the event at that index.
    pub fn event(&self, index: usize) -> UsageEvent<'_> {
        UsageEvent {
            start: WallTime(self.starts[index]),
            kind: self.kinds[index],
            direction: self.directions[index],
            scope: self.scopes[index],
            failed: self.failed[index],
            duration_s: self.durations_s[index],
            length_bytes: self.lengths_bytes[index],
            fee: self.fee(index),
            peer: self.text(self.peers[index]),
            app: self.text(self.apps[index]),
            location: self.text(self.locations[index]),
            record_id: self.text(self.record_ids[index]),
            at: self.rows[index],
        }
    }

    /// Returns the columns themselves, for walks without a view per event.
    pub fn columns(&self) -> UsageColumns<'_> {
        UsageColumns {
            starts: &self.starts,
            kinds: &self.kinds,
            directions: &self.directions,
            scopes: &self.scopes,
            failed: &self.failed,
            durations_s: &self.durations_s,
            lengths_bytes: &self.lengths_bytes,
            peers: &self.peers,
            apps: &self.apps,
            record_ids: &self.record_ids,
        }
    }

    /// Returns whether any event states what it cost.
    pub fn states_fees(&self) -> bool {
        self.fees_e4.iter().any(|fee| *fee != FEE_UNSTATED)
    }

    /// Returns the id under which the columns hold that text; none when no event has it.
    pub fn text_id(&self, text: &str) -> Option<u32> {
        if text.is_empty() { Some(0) } else { self.text_ids.get(text).copied() }
    }

    /// Returns the events in order.
    pub fn events(&self) -> impl Iterator<Item = UsageEvent<'_>> {
        (0..self.len()).map(|index| self.event(index))
    }

    /// Returns the indices of the events that start in `[start, end)`; the table must be sorted.
    pub fn range(&self, start: WallTime, end: WallTime) -> std::ops::Range<usize> {
        let from = self.starts.partition_point(|s| *s < start.0);
        let to = self.starts.partition_point(|s| *s < end.0);
        from..to.max(from)
    }

    /// Returns where the events stand.
    pub fn rows(&self) -> &[RowRef] {
        &self.rows
    }

    /// Returns the same events as rows of another file.
    pub fn of_source(mut self, source: u16) -> Self {
        self.rows.iter_mut().for_each(|row| row.source = source);
        let beside = std::mem::take(&mut self.fees_beside).into_iter();
        self.fees_beside = beside.map(|(row, fee)| (RowRef { source, ..row }, fee)).collect();
        self
    }

    /// Returns the same events by start time, then by place in the papers.
    pub fn sorted(self) -> Self {
        let key = |index: usize| (self.starts[index], self.rows[index]);
        if (1..self.len()).all(|index| key(index - 1) <= key(index)) {
            return self;
        }
        let mut order: Vec<usize> = (0..self.len()).collect();
        order.sort_by_key(|index| key(*index));
        fn placed<T: Copy>(column: &[T], order: &[usize]) -> Vec<T> {
            order.iter().map(|index| column[*index]).collect()
        }
        Self {
            starts: placed(&self.starts, &order),
            kinds: placed(&self.kinds, &order),
            directions: placed(&self.directions, &order),
            scopes: placed(&self.scopes, &order),
            failed: placed(&self.failed, &order),
            durations_s: placed(&self.durations_s, &order),
            lengths_bytes: placed(&self.lengths_bytes, &order),
            fees_e4: placed(&self.fees_e4, &order),
            peers: placed(&self.peers, &order),
            apps: placed(&self.apps, &order),
            locations: placed(&self.locations, &order),
            record_ids: placed(&self.record_ids, &order),
            rows: placed(&self.rows, &order),
            ..self
        }
    }

    fn fee(&self, index: usize) -> Option<Money> {
        match self.fees_e4[index] {
            FEE_UNSTATED => None,
            FEE_BESIDE => self.fees_beside.get(&self.rows[index]).copied(),
            e4 => Money::from_e4(e4).ok(),
        }
    }

    fn text(&self, id: TextId) -> &str {
        id.checked_sub(1).map_or("", |index| &self.texts[index as usize])
    }

    fn intern(&mut self, text: &str) -> TextId {
        if text.is_empty() {
            return 0;
        }
        if let Some(id) = self.text_ids.get(text) {
            return *id;
        }
        let shared: Arc<str> = text.into();
        self.texts.push(Arc::clone(&shared));
        let id = self.texts.len() as TextId;
        self.text_ids.insert(shared, id);
        self.texts_bytes += text.len();
        id
    }
}
