//! Rows that wait for their line come back as they were.

use mingzhang::ingest::bulk::UsageRow;
use mingzhang::ingest::bulk::cell::Id;
use mingzhang::model::usage::{Direction, Scope, UsageKind};
use mingzhang::portfolio::codec::Writer;
use mingzhang::portfolio::row::{self, Headings, Place, Stored};
use proptest::prelude::*;

fn call() -> UsageRow<'static> {
    UsageRow {
        msisdn: 13_800_001_111,
        start: 1_760_000_000,
        kind: UsageKind::Voice,
        direction: Direction::Out,
        scope: Scope::Domestic,
        duration_s: 61,
        length_bytes: 0,
        fee_e4: None,
        peer: Id::Digits(11, 13_900_002_222),
        app: "",
        location: "",
        record_id: Id::Digits(4, 17),
    }
}

fn shown(id: Id<'_>) -> String {
    match id {
        Id::None => String::new(),
        Id::Digits(count, value) => format!("{value:0width$}", width = usize::from(count)),
        Id::Text(text) => String::from_utf8_lossy(text).into_owned(),
    }
}

/// Packs a row behind others and returns it as it is read again.
fn assert_comes_back(usage: &UsageRow<'_>) {
    let mut chunk = Vec::new();
    row::write_block(&mut chunk, 7);
    let mut text = Writer::default();
    row::write_text(&mut text, 3, 13_800_001_111, "a,b,c", false);
    chunk.extend_from_slice(&text.bytes);
    chunk.extend_from_slice(row::packed(4, usage).expect("it fits").bytes());
    row::write_block(&mut chunk, 9);
    chunk.extend_from_slice(row::packed(5, &call()).expect("it fits").bytes());

    let headings: Vec<_> = Headings::of(&chunk).collect();
    let places: Vec<_> = headings.iter().map(|it| (it.place.block, it.place.line)).collect();
    assert_eq!(places, [(7, 3), (7, 4), (9, 5)]);
    assert_eq!(headings[1].place, Place { block: 7, line: 4 });
    assert_eq!((headings[1].msisdn, i64::from(headings[1].start)), (usage.msisdn, usage.start));
    assert!(matches!(row::read(&chunk, headings[0].offset), Stored::Text("a,b,c")));
    let Stored::Usage(read) = row::read(&chunk, headings[1].offset) else { panic!("a usage row") };
    assert_eq!((read.start, read.kind, read.direction), (usage.start, usage.kind, usage.direction));
    assert_eq!((read.scope, read.duration_s), (usage.scope, usage.duration_s));
    assert_eq!((read.length_bytes, read.fee_e4), (usage.length_bytes, usage.fee_e4));
    let texts = read.texts().map(|packed| {
        let mut text = String::new();
        packed.push_to(&mut text);
        text
    });
    let wanted = [shown(usage.peer), usage.app.to_owned(), usage.location.to_owned(), shown(usage.record_id)];
    assert_eq!(texts, wanted);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_packed_row_comes_back(
        (msisdn, start, kind, direction, scope) in (1..1u64 << 48, 0..1i64 << 32, 0..5usize, 0..3usize, 0..3usize),
        (duration_s, length_bytes, fee_e4) in (0..1u32 << 24, 0..1u64 << 40, prop::option::of(any::<i32>())),
        (peer, record_id) in ("[0-9]{0,18}|[a-zA-Z0-9]{0,31}[a-z]", "[0-9]{0,18}|[0-9]{19,40}"),
        (app, location) in ("[a-z微信]{0,9}", "[京0-9]{0,9}"),
    ) {
        let id = |text: &'static str| mingzhang::ingest::bulk::cell::id(text.as_bytes()).expect("an id");
        let [peer, record_id, app, location] = [peer, record_id, app, location].map(|text| &*text.leak());
        assert_comes_back(&UsageRow {
            msisdn,
            start,
            kind: UsageKind::ALL[kind],
            direction: [Direction::Out, Direction::In, Direction::Unstated][direction],
            scope: [Scope::Domestic, Scope::Hmt, Scope::International][scope],
            duration_s,
            length_bytes,
            fee_e4: fee_e4.map(i64::from),
            peer: id(peer),
            app,
            location,
            record_id: id(record_id),
        });
    }
}

#[test]
fn a_number_that_is_too_large_for_its_place_is_not_cut() {
    assert_comes_back(&UsageRow { msisdn: (1 << 48) - 1, ..call() });
    assert!(row::packed(0, &UsageRow { msisdn: 1 << 48, ..call() }).is_none());
    assert_comes_back(&UsageRow { duration_s: (1 << 24) - 1, ..call() });
    assert!(row::packed(0, &UsageRow { duration_s: 1 << 24, ..call() }).is_none());
    assert_comes_back(&UsageRow { length_bytes: (1 << 40) - 1, ..call() });
    assert!(row::packed(0, &UsageRow { length_bytes: 1 << 40, ..call() }).is_none());
    assert!(row::packed((1 << 24) - 1, &call()).is_some());
    assert!(row::packed(1 << 24, &call()).is_none());
    let long = "很".repeat(60);
    assert!(row::packed(0, &UsageRow { location: &long, ..call() }).is_none(), "180 bytes beside two ids");
}

#[test]
fn only_what_states_nothing_by_itself_is_bare() {
    let bare = |usage: &UsageRow<'_>| {
        let packet = row::packed(0, usage).expect("it fits");
        let Stored::Usage(read) = row::read(packet.bytes(), 0) else { panic!("a usage row") };
        read.is_bare
    };
    assert!(bare(&call()));
    assert!(!bare(&UsageRow { fee_e4: Some(0), ..call() }), "a fee");
    assert!(!bare(&UsageRow { scope: Scope::Hmt, ..call() }), "a place");
    assert!(!bare(&UsageRow { direction: Direction::Unstated, ..call() }), "who began it is open");
    assert!(!bare(&UsageRow { kind: UsageKind::Vas, ..call() }), "no usage by events");
    assert!(!bare(&UsageRow { peer: Id::Digits(3, 110), ..call() }), "a number that is free");
    assert!(bare(&UsageRow { peer: Id::Digits(3, 111), ..call() }));
    assert!(!bare(&UsageRow { peer: Id::Digits(5, 12_395), ..call() }));
    let session =
        UsageRow { kind: UsageKind::Data, direction: Direction::Unstated, peer: Id::None, ..call() };
    assert!(bare(&session));
}
