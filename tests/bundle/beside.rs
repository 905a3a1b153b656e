//! The other side's records and reply beside a bundle.

use mingzhang::bundle::case_set::{CaseMember, Role};
use mingzhang::bundle::comparison::{Comparison, Counts, OtherSide, comparison};
use mingzhang::bundle::pack;
use mingzhang::ingest::InputFile;
use mingzhang::reconcile::compare::Tolerance;
use mingzhang::report::wording::{Lang, Wording};
use serde_json::Value;

use super::{packed, set_of};

const HEAD: &str = "msisdn,start,kind,direction,peer,duration_s,bytes,fee,record_id\n";

fn wording() -> Wording {
    Wording::load(Lang::Zh).unwrap_or_else(|error| panic!("{error:?}"))
}

fn file(path: &str, text: &str) -> InputFile {
    InputFile { path: path.to_owned(), bytes: text.as_bytes().to_vec() }
}

/// Lays usage rows of the other side beside ours.
fn usage(ours: &str, theirs: &str, tolerance: Tolerance) -> Comparison {
    let bytes = format!("{HEAD}{ours}").into_bytes();
    let set =
        set_of(vec![CaseMember { role: Role::Input, path: "usage/a.csv".to_owned(), bytes: bytes.into() }]);
    let packed = pack::pack(&set, None).unwrap_or_else(|error| panic!("{error:?}"));
    let side = OtherSide { records: vec![file("op.csv", &format!("{HEAD}{theirs}"))], reply: None };
    comparison((&packed, "00"), &side, tolerance, &wording()).unwrap_or_else(|error| panic!("{error:?}"))
}

/// equal, differs, only here, outside, only there
fn numbers(counts: &Counts) -> [u64; 5] {
    [counts.equal, counts.differs, counts.only_here, counts.outside_window, counts.only_there]
}

fn call(time: &str, peer: &str, duration_s: u32) -> String {
    format!("13800001111,2025-10-{time},voice,out,{peer},{duration_s},,0.10,\n")
}

#[test]
fn times_and_durations_within_the_tolerance_are_equal_and_one_second_more_is_not() {
    let ours = call("03 10:00:00", "13900000001", 60);
    let tolerance = Tolerance { time_s: 2, duration_s: 1 };
    let of = |time: &str, duration_s| {
        numbers(&usage(&ours, &call(time, "13900000001", duration_s), tolerance).counts[0])
    };
    assert_eq!(of("03 10:00:02", 60), [1, 0, 0, 0, 0]);
    assert_eq!(of("03 10:00:00", 61), [1, 0, 0, 0, 0]);
    assert_eq!(of("03 10:00:00", 62), [0, 1, 0, 0, 0]);
    // The same call with another clock: found by its day and figures, and the time is what differs.
    let shifted = usage(&ours, &call("03 10:00:03", "13900000001", 60), tolerance);
    assert_eq!(numbers(&shifted.counts[0]), [0, 1, 0, 0, 0]);
    assert_eq!(shifted.rows[0].differences[0].field, "start");
}

#[test]
fn a_field_that_differs_is_named_with_both_values_and_both_places() {
    let theirs = call("03 10:00:00", "13900000001", 60).replace("0.10", "0.20");
    let found = usage(&call("03 10:00:00", "13900000001", 60), &theirs, Tolerance::default());
    let row = &found.rows[0];
    assert_eq!(row.outcome, "differs");
    let it = &row.differences[0];
    assert_eq!((it.field.as_str(), it.here.as_str(), it.there.as_str()), ("fee", "0.10", "0.20"));
    assert_eq!(row.here.as_ref().map(|at| (at.path.as_str(), at.row)), Some(("usage/a.csv", 2)));
    assert_eq!(row.there.as_ref().map(|at| (at.path.as_str(), at.row)), Some(("op.csv", 2)));
}

#[test]
fn rows_that_repeat_are_paired_one_to_one() {
    let one = call("03 10:00:00", "13900000001", 60);
    let end = call("31 23:00:00", "13900000002", 5);
    // Three here and two there: two pairs, one row only here.
    let found = usage(&(one.repeat(3) + &end), &(one.repeat(2) + &end), Tolerance::default());
    assert_eq!(numbers(&found.counts[0]), [3, 0, 1, 0, 0]);
    let found = usage(&(one.repeat(2) + &end), &(one.repeat(3) + &end), Tolerance::default());
    assert_eq!(numbers(&found.counts[0]), [3, 0, 0, 0, 1]);
}

#[test]
fn days_that_the_other_side_does_not_hand_over_are_no_contradiction() {
    let ours = call("03 10:00:00", "13900000001", 60)
        + &call("04 10:00:00", "13900000001", 70)
        + &call("25 10:00:00", "13900000001", 80);
    // Their list speaks for 3 to 5 October only (its first and last rows).
    let theirs = call("03 10:00:00", "13900000001", 60) + &call("05 11:00:00", "13900000009", 10);
    assert_eq!(numbers(&usage(&ours, &theirs, Tolerance::default()).counts[0]), [1, 0, 1, 1, 1]);
}

#[test]
fn a_number_with_stars_is_the_number_that_fits_it() {
    let ours = call("03 10:00:00", "13900000001", 60);
    let found = usage(&ours, &call("03 10:00:00", "139****0001", 60), Tolerance::default());
    assert_eq!(numbers(&found.counts[0]), [1, 0, 0, 0, 0]);
    let found = usage(&ours, &call("03 10:00:00", "139****0002", 60), Tolerance::default());
    assert_eq!(numbers(&found.counts[0]), [0, 1, 0, 0, 0]);
}

#[test]
fn an_id_tells_the_event_whatever_else_differs() {
    let ours = "13800001111,2025-10-03 10:00:00,voice,out,13900000001,60,,0.10,R1\n";
    let theirs = "13800001111,2025-10-09 12:00:00,voice,out,13900000001,90,,0.10,R1\n";
    let found = usage(ours, theirs, Tolerance::default());
    let fields: Vec<&str> = found.rows[0].differences.iter().map(|it| it.field.as_str()).collect();
    assert_eq!(fields, ["start", "duration_s"]);
    // Each side may number in its own way: rows that are alike but for the id are one event, and the id is what differs.
    let found = usage(ours, &ours.replace("R1", "R2"), Tolerance::default());
    assert_eq!(numbers(&found.counts[0]), [0, 1, 0, 0, 0]);
    assert_eq!(found.rows[0].differences[0].field, "record_id");
    // The same id elsewhere comes first: R2 at the same time is another event then.
    let both = format!("{}{theirs}", ours.replace("R1", "R2"));
    assert_eq!(numbers(&usage(ours, &both, Tolerance::default()).counts[0]), [0, 1, 0, 0, 1]);
}

fn beside(records: Vec<InputFile>, reply: Option<&str>) -> Comparison {
    let packed = packed("pack-not-renewed");
    let side = OtherSide { records, reply: reply.map(|text| file("答复.csv", text)) };
    comparison((&packed, "00"), &side, Tolerance::default(), &wording())
        .unwrap_or_else(|error| panic!("{error:?}"))
}

#[test]
fn bill_lines_and_payments_are_compared_too() {
    let bill = "账期,项目,类别,金额\n2025-10,轻享套餐39元档月费,plan-fee,39.00\n2025-10,短信费,sms,0.30\n\
                2025-10,套餐外流量费,data,5.00\n2025-10,合计,total,44.30\n2025-10,滞纳金,late-fee,1.00\n";
    let paid = "支付时间,金额,平台\n2025-11-06 08:30:06,94.30,operator\n";
    let found = beside(vec![file("账单.csv", bill), file("缴费.csv", paid)], None);
    let of = |table: &'static str| {
        found.rows.iter().filter(move |row| row.table == table && row.outcome != "outside-window")
    };
    let bill: Vec<(&str, &str)> = of("bill").map(|row| (row.label.as_str(), row.outcome.as_str())).collect();
    assert!(bill.contains(&("2025-10 轻享套餐39元档月费", "equal")), "{bill:?}");
    assert!(bill.contains(&("2025-10 套餐外流量费", "differs")), "{bill:?}");
    assert!(bill.contains(&("2025-10 滞纳金", "only-there")), "{bill:?}");
    let paid: Vec<&str> = of("payments").map(|row| row.outcome.as_str()).collect();
    assert!(paid.contains(&"equal"), "{paid:?}");
}

#[test]
fn a_reply_is_explained_only_by_what_gives_its_very_figure() {
    // 10640 MB are 10.39 GB: 11 started GB at 5 yuan are 55.00, 10 whole ones 50.00 (demo-39, clause 3.1).
    let of = |amount: &str| {
        let found = beside(Vec::new(), Some(&format!("项目,账期,金额\n套餐外流量费,2025-10,{amount}\n")));
        (found.reply[0].outcome.clone(), found.reply[0].why.clone())
    };
    assert_eq!(of("55.00").0, "explained");
    assert!(of("55.00").1.contains("不考虑本报告所列差错"));
    assert_eq!(of("50.00").0, "explained");
    assert!(of("50.00").1.contains("不足一个计费单位的不计"), "{}", of("50.00").1);
    assert_eq!(of("53.20").0, "not-explained");
    let found = beside(
        Vec::new(),
        Some("项目,账期,金额\n轻享套餐39元档月费,2025-10,39.00\n不存在的费,2025-10,1.00\n"),
    );
    let outcomes: Vec<&str> = found.reply.iter().map(|it| it.outcome.as_str()).collect();
    assert_eq!(outcomes, ["same", "no-rule"]);
    assert!(found.rows.is_empty());
}

#[test]
fn the_page_loads_nothing_and_the_file_follows_its_schema() {
    let hostile = "<script>alert(1)</script>";
    let bill = format!("账期,项目,类别,金额\n2025-10,{hostile},other,5.00\n");
    let found = beside(
        vec![file("账单.csv", &bill), file("坏.pdf", "%PDF-1.4")],
        Some("项目,账期,金额\n月费,2025-10,1\n"),
    );
    assert!(found.has_unusable_file());
    let outputs = found.outputs(&wording()).unwrap_or_else(|error| panic!("{error:?}"));
    let page = String::from_utf8(outputs[0].bytes.clone()).expect("text");
    assert!(!page.contains("<script") && page.contains("&lt;script&gt;"));
    for mark in ["http://", "https://", " src=", "@import"] {
        assert!(!page.contains(mark), "{mark}");
    }
    assert!(page.split("url(").skip(1).all(|rest| rest.starts_with('#')), "only patterns of the page itself");
    let schema: Value = serde_json::from_str(&mingzhang::bundle::comparison::schema_text()).expect("JSON");
    let json: Value = serde_json::from_slice(&outputs[1].bytes).expect("JSON");
    jsonschema::validate(&schema, &json).unwrap_or_else(|error| panic!("{error}"));
}
