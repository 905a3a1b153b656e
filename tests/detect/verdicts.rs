//! The verdict of every detector of errors moves with its evidence: proven, then probable, then needs-evidence, as the
//! records that it rests on are taken away. The base case is an example of its page.

use std::collections::BTreeSet;

use mingzhang::detect::{DETECTORS, detector};
use mingzhang::model::finding::FindingKind;

use super::builders::day;
use super::pages::blocks;
use super::pipeline::settle;

type Files = Vec<(String, Vec<u8>)>;

/// What is taken away from the papers.
#[derive(Clone, Copy)]
enum Take {
    /// The n-th `[[coverage]]` of case.toml.
    Coverage(usize),
    /// A file, with what is declared of it.
    File(&'static str),
    /// The declared window of the usage list; events of the kind that cost nothing stand at both ends of October, so
    /// that the rows suggest it.
    Window(&'static str),
    /// A text in a file, for another.
    Text(&'static str, &'static str, &'static str),
}

/// How a detector weakens. Where a step is missing, `why` says which rule leaves it out.
struct Ladder {
    code: &'static str,
    probable: &'static [Take],
    open: &'static [Take],
    why: &'static str,
}

const fn ladder(code: &'static str, probable: &'static [Take], open: &'static [Take]) -> Ladder {
    Ladder { code, probable, open, why: "" }
}

const fn short(
    code: &'static str,
    probable: &'static [Take],
    open: &'static [Take],
    why: &'static str,
) -> Ladder {
    Ladder { code, probable, open, why }
}

const NO_LIST: &[Take] = &[Take::File("usage.csv")];
const ORAL: &str = "customer service, oral";

const LADDERS: &[Ladder] = &[
    ladder("USE-001", &[Take::Window("sms")], NO_LIST),
    ladder("USE-002", &[Take::Window("mms")], NO_LIST),
    ladder("USE-003", &[Take::Window("voice")], NO_LIST),
    ladder("USE-004", &[Take::Window("data")], NO_LIST),
    ladder("USE-005", &[Take::Window("sms")], NO_LIST),
    ladder("USE-006", &[Take::Window("sms")], NO_LIST),
    ladder("USE-007", &[Take::Window("data")], &[Take::Coverage(0)]),
    ladder("USE-008", &[Take::Window("data")], NO_LIST),
    ladder("USE-009", &[Take::Window("data")], NO_LIST),
    ladder("USE-010", &[Take::Coverage(0)], NO_LIST),
    short(
        "USE-011",
        &[Take::Text("plans/demo-19.toml", "演示资费说明（虚构）", ORAL)],
        &[],
        "the ceiling stands in the plan and the fee on the bill: no list can change it",
    ),
    short(
        "USE-012",
        &[Take::Text("usage.csv", "0.40,A1", "0.40,"), Take::Text("usage.csv", "0.40,A1", "0.40,")],
        &[],
        "without the list nothing is recorded twice",
    ),
    short(
        "USE-014",
        &[],
        &[],
        "decided by the item's name and the law; a general name is the page's second example",
    ),
    short("USE-015", &[Take::File("plans/demo-19.toml")], &[], "the fee stands on the row itself"),
    short(
        "USE-016",
        &[],
        &[],
        "a date after the bill is wrong whatever else is on paper; older rows are a question",
    ),
    ladder("USE-017", &[Take::Window("voice")], &[Take::Coverage(0)]),
    short("BILL-001", &[], &[], "decided by the bill alone; an unread row makes it a question"),
    short("BILL-002", &[], &[], "decided by the bill alone"),
    short(
        "BILL-003",
        &[],
        &[],
        "decided by the bill alone for plan fees (fine print 30); services are in findings.rs",
    ),
    short("BILL-007", &[], &[], "decided by the bill alone; without days it is a question (fine print 15)"),
    ladder("SUB-001", &[Take::Coverage(1)], NO_LIST),
    short("SUB-002", &[Take::Coverage(0)], &[], "without any order list the pack is not known to be one"),
    short("SUB-003", &[Take::Coverage(0)], &[], "without the cancel row nothing was cancelled"),
    ladder(
        "SUB-004",
        &[Take::Text("case.toml", "start = 2025-08-01", "start = 2025-10-01")],
        &[Take::File("orders.csv")],
    ),
    short(
        "SUB-006",
        &[Take::Text("plans/demo-59.toml", "演示资费说明（虚构）", ORAL)],
        &[],
        "without the plan no share of a month is known",
    ),
    short(
        "SUB-007",
        &[Take::Text("plans/demo-59.toml", "演示资费说明（虚构）", ORAL)],
        &[],
        "without the price agreed nothing is above it",
    ),
    ladder(
        "SUB-008",
        &[Take::Text("case.toml", "start = 2025-07-01", "start = 2025-10-01")],
        &[Take::File("orders.csv")],
    ),
    short(
        "SUB-009",
        &[Take::Text("plans/demo-59.toml", "演示资费说明（虚构）", ORAL)],
        &[],
        "without the plan nothing was promised",
    ),
    short("SUB-010", &[Take::Coverage(0)], &[], "without the orders no plan was left"),
    short("SUB-011", &[Take::Coverage(0)], &[], "without the orders nothing was suspended"),
    short(
        "SUB-013",
        &[],
        &[Take::File("orders.csv")],
        "the rows of an order list suggest no window: it is complete or unknown",
    ),
    short(
        "PAY-001",
        &[],
        &[Take::File("bill.csv")],
        "the page's export is not known to be whole: probable from the start; proven is in the corpus",
    ),
    ladder("PAY-002", &[Take::Coverage(1)], &[Take::File("bill.csv")]),
    short("PAY-003", &[], &[], "decided by the sum due and the sum paid"),
    short(
        "PAY-004",
        &[],
        &[Take::Coverage(0)],
        "payment rows of a bill suggest no window: the list is complete or unknown",
    ),
    short(
        "PAY-005",
        &[],
        &[],
        "the page's export is not known to be whole: probable from the start; proven is in the corpus",
    ),
    short("PAY-006", &[Take::Coverage(0)], &[], "without the payment or the bill there are no two charges"),
    short("PAY-007", &[], &[], "probable from the start: the order list may lack a new mandate"),
    short("PAY-008", &[], &[], "decided by the balance log alone"),
];

impl Take {
    fn from(self, files: &mut Files) {
        match self {
            Self::Coverage(nth) => drop_coverage(files, |index, _| index == nth),
            Self::File(path) => {
                files.retain(|(other, _)| other != path);
                drop_coverage(files, |_, part| part.contains(&format!("file = \"{path}\"")));
            }
            Self::Window(kind) => {
                drop_coverage(files, |_, part| part.contains("file = \"usage.csv\""));
                edit(files, "usage.csv", |text| text.to_owned() + &free_events(text, kind));
            }
            Self::Text(path, old, new) => edit(files, path, |text| {
                assert!(text.contains(old), "{path} holds {old}");
                text.replacen(old, new, 1)
            }),
        }
    }
}

fn edit(files: &mut Files, path: &str, change: impl Fn(&str) -> String) {
    let (_, text) = files.iter_mut().find(|(other, _)| other == path).expect("the file is there");
    *text = change(std::str::from_utf8(text).expect("UTF-8")).into_bytes();
}

fn drop_coverage(files: &mut Files, is_dropped: impl Fn(usize, &str) -> bool) {
    if files.iter().all(|(path, _)| path != "case.toml") {
        return;
    }
    edit(files, "case.toml", |text| {
        let mut nth = 0;
        let kept = text.split("[[").filter(|part| {
            let is_coverage = part.starts_with("coverage]]");
            nth += usize::from(is_coverage);
            !(is_coverage && is_dropped(nth - 1, part))
        });
        kept.collect::<Vec<_>>().join("[[")
    });
}

/// Two events of the kind that no rule charges: incoming, without length.
fn free_events(list: &str, kind: &str) -> String {
    let header: Vec<&str> = list.lines().next().expect("a header").split(',').collect();
    let row = |day: &str| {
        let cell = |name: &&str| match *name {
            "msisdn" => "13800001111".to_owned(),
            "start" => format!("2025-10-{day} 07:00:00"),
            "kind" => kind.to_owned(),
            "direction" => "in".to_owned(),
            "scope" => "domestic".to_owned(),
            "peer" => "13900009999".to_owned(),
            "duration_s" | "bytes" => "0".to_owned(),
            "fee" => "0.00".to_owned(),
            "record_id" => format!("E{day}"),
            _ => String::new(),
        };
        header.iter().map(cell).collect::<Vec<_>>().join(",") + "\n"
    };
    row("01") + &row("31")
}

/// The verdicts of the code's own findings, strongest first.
fn verdict(files: &Files, code: &str) -> String {
    let found = settle(files, day("2025-12-31")).findings();
    let own = found.iter().find_map(|finding| finding.strip_prefix(code)?.split_whitespace().next());
    own.unwrap_or("nothing").to_owned()
}

fn taken(files: &Files, takes: &[Take]) -> Files {
    let mut files = files.clone();
    takes.iter().for_each(|take| take.from(&mut files));
    files
}

#[test]
fn every_detector_of_errors_weakens_as_its_records_go() {
    let mut wrong = vec![];
    for ladder in LADDERS {
        let page = detector(ladder.code).expect("a detector").page;
        let base =
            blocks(page).into_iter().find(|block| block.section == "Example").expect("an example").files;
        let strongest = verdict(&base, ladder.code);
        assert!(["proven", "probable"].contains(&strongest.as_str()), "{}", ladder.code);
        for (takes, expected) in [(ladder.probable, "probable"), (ladder.open, "needs-evidence")] {
            if takes.is_empty() {
                continue;
            }
            let found = verdict(&taken(&base, takes), ladder.code);
            if found != expected {
                wrong.push(format!("{}: {found} for {expected}", ladder.code));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_step_that_is_missing_has_its_reason() {
    for ladder in LADDERS {
        let whole = !ladder.probable.is_empty() && !ladder.open.is_empty();
        assert_eq!(whole, ladder.why.is_empty(), "{}", ladder.code);
    }
}

#[test]
fn no_detector_of_errors_is_left_out() {
    let listed: BTreeSet<&str> = LADDERS.iter().map(|ladder| ladder.code).collect();
    let errors = DETECTORS.iter().filter(|detector| detector.kind == FindingKind::Error);
    let missing: Vec<&str> = errors.map(|it| it.code).filter(|code| !listed.contains(code)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
