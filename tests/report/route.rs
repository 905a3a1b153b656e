//! Which way to go, what shuts it, and the four questions to a platform.

use mingzhang::analyse::{Inputs, analyse};
use mingzhang::ingest::{FormatBook, InputFile};
use mingzhang::report::model::Report;
use mingzhang::report::wording::{Lang, Wording};
use mingzhang::rules::case_file;

const CASE: &str = "schema = \"mingzhang.case/1\"\n[[line]]\nmsisdn = \"13800001111\"\noperator = \"cmcc\"\n\
    [[coverage]]\nfile = \"usage.csv\"\nkinds = [\"sms\", \"mms\"]\nstart = 2025-10-01\nend = 2025-10-31\n";
const BILL: &str = "msisdn,period,item,category,amount\n13800001111,2025-10,彩信费,mms,15.00\n";
const LIST: &str = "msisdn,start,kind,direction,peer\n13800001111,2025-10-10 09:00:00,sms,in,13900000001\n";

/// The report of 15.00 yuan of MMS fees without MMS, with more of case.toml.
fn report(more: &str, as_of: &str) -> Report {
    report_of(&format!("{CASE}{more}"), as_of)
}

fn report_of(case: &str, as_of: &str) -> Report {
    let file =
        |(path, text): (&str, &str)| InputFile { path: path.to_owned(), bytes: text.as_bytes().to_vec() };
    let inputs = Inputs {
        files: [("bill.csv", BILL), ("usage.csv", LIST)].map(file).into(),
        case_file: case_file::parse("case.toml", case).expect("case.toml holds"),
        plans: vec![],
        assumed_plans: vec![],
        attachments: vec![],
        formats: FormatBook::built_in().clone(),
        as_of: as_of.parse().expect("a day"),
    };
    analyse(inputs, &Wording::load(Lang::Zh).expect("the wording holds")).expect("analysed").report
}

fn contact(at: &str, channel: &str, more: &str) -> String {
    format!("[[contact]]\nat = {at}\nchannel = \"{channel}\"\n{more}\n")
}

/// Channel, state, from, until.
fn ways(report: &Report) -> Vec<(&str, &str, Option<&str>, Option<&str>)> {
    report
        .route
        .iter()
        .map(|it| (it.channel.as_str(), it.state.as_str(), it.from.as_deref(), it.until.as_deref()))
        .collect()
}

#[test]
fn the_operator_comes_first_and_the_others_wait() {
    let report = report("", "2025-11-20");
    // October + 5 months from its first day: 1 March; 16 days before: 13 February; three years: 1 October 2028.
    assert_eq!(
        ways(&report),
        [
            ("operator", "now", None, Some("2026-02-13")),
            ("miit", "later", None, Some("2026-03-01")),
            ("12315", "later", None, None),
            ("association", "later", None, None),
            ("court", "later", None, Some("2028-10-01")),
        ]
    );
}

#[test]
fn the_appeal_opens_when_the_term_of_the_answer_is_over() {
    let complained = contact("2025-11-05T10:00:00", "operator", "outcome = \"open\"");
    // 5 November + 15 days.
    let state = |as_of: &str| {
        let report = report(&complained, as_of);
        (report.route[0].state.clone(), report.route[1].state.clone(), report.route[1].from.clone())
    };
    let until = Some("2025-11-20".to_owned());
    assert_eq!(state("2025-11-20"), ("done".to_owned(), "later".to_owned(), until.clone()));
    assert_eq!(state("2025-11-21"), ("done".to_owned(), "now".to_owned(), until));
    // The latest possible event is 31 October: over after 31 March.
    assert_eq!(state("2026-03-31").1, "now");
    assert_eq!(state("2026-04-01").1, "over");
}

#[test]
fn the_term_of_the_province_counts_in_working_days() {
    let complained = contact("2025-11-05T10:00:00", "operator", "outcome = \"open\"");
    let from = |province: &str| {
        let case = CASE.replacen('\n', &format!("\nprovince = \"{province}\"\n"), 1);
        report_of(&format!("{case}{complained}"), "2025-11-20").route[1].from.clone()
    };
    // Henan, five working days after Wednesday 5 November: 6, 7, 10, 11, 12.
    assert_eq!(from("河南省").as_deref(), Some("2025-11-12"));
    assert_eq!(from("浙江").as_deref(), Some("2025-11-20"));
}

#[test]
fn who_took_the_matter_on_shuts_the_others_out() {
    let asked = |channel: &str| {
        let report = report(&contact("2025-11-06T10:00:00", channel, "outcome = \"open\""), "2025-11-20");
        report.route.iter().map(|it| it.state.clone()).collect::<Vec<_>>()
    };
    assert_eq!(asked("12315"), ["now", "shut", "done", "later", "later"]);
    assert_eq!(asked("association"), ["now", "shut", "shut", "done", "later"]);
    assert_eq!(asked("court"), ["now", "shut", "shut", "later", "done"]);
    assert_eq!(asked("miit"), ["now", "done", "shut", "later", "later"]);
    // A private platform shuts nothing.
    assert_eq!(asked("heimao"), ["now", "later", "later", "later", "later"]);
}

#[test]
fn the_four_questions_are_answered_from_records_only() {
    assert!(report("", "2025-11-20").platform_record.is_empty());
    let first = contact(
        "2025-11-01T10:00:00",
        "platform",
        "ticket = \"T1\"\nanswered_after_s = 40\noutcome = \"open\"",
    );
    let second =
        contact("2025-11-04T10:00:00", "platform", "ticket = \"T1\"\nsaid = \"已补发\"\noutcome = \"kept\"");
    let third = contact("2025-11-02T10:00:00", "platform", "ticket = \"T2\"\noutcome = \"broken\"");
    let report = report(&format!("{first}{second}{third}"), "2025-11-20");
    let answers: Vec<(&str, &str)> =
        report.platform_record.iter().map(|it| (it.question.as_str(), it.answer.as_str())).collect();
    assert_eq!(
        answers,
        [
            ("qualification", "材料里没有（营业执照、经营许可证或授权书）"),
            ("response", "等待 40 秒，3 天后有答复（中位数）"),
            ("closed", "2 件里解决了 1 件"),
            ("corrected", "2 件投诉里改正了 1 件"),
        ]
    );
    assert_eq!(report.platform_record[2].records, ["T2"]);
    assert_eq!(report.service[0].closed, "1/2");
}

#[test]
fn a_licence_among_the_attachments_is_a_qualification_shown() {
    let licence = "[[attachment]]\nfile = \"attachments/营业执照.png\"\nabout = \"某某通信\"\n";
    let asked = contact("2025-11-01T10:00:00", "platform", "said = \"我们有资质\"");
    let shown = report(&format!("{asked}{licence}"), "2025-11-20");
    assert_eq!(shown.platform_record[0].records, ["attachments/营业执照.png"]);
    // What somebody said of a licence is none.
    assert!(report(&asked, "2025-11-20").platform_record[0].records.is_empty());
}

#[test]
fn one_step_asks_for_the_records_that_several_findings_need() {
    let bill = "msisdn,period,item,category,amount\n13800001111,2025-10,短彩信费,sms,15.00\n";
    let inputs = Inputs {
        files: vec![InputFile { path: "bill.csv".to_owned(), bytes: bill.as_bytes().to_vec() }],
        case_file: case_file::parse("case.toml", "schema = \"mingzhang.case/1\"\n").expect("case.toml holds"),
        plans: vec![],
        assumed_plans: vec![],
        attachments: vec![],
        formats: FormatBook::built_in().clone(),
        as_of: "2025-11-20".parse().expect("a day"),
    };
    let report = analyse(inputs, &Wording::load(Lang::Zh).expect("holds")).expect("analysed").report;
    let open = report.findings.iter().filter(|it| it.verdict == "needs-evidence").count();
    let steps: Vec<&str> = report.next_steps.iter().map(|step| step.money.as_str()).collect();
    // USE-001 and USE-002 ask about the same 15.00.
    assert_eq!((open, steps), (2, vec!["15.00"]));
}

/// The step for the 15.00 yuan: what to do, whom to turn to, until when.
fn step(report: &Report) -> (String, String, Option<String>) {
    let step = report.next_steps.iter().find(|step| step.money == "15.00").expect("a step");
    (step.what.clone(), step.who.clone(), step.by.clone())
}

#[test]
fn the_first_step_follows_what_was_done() {
    let state = |more: &str, as_of: &str| {
        let (what, who, by) = step(&report(more, as_of));
        let key = [
            "马上向",
            "向中国移动（10086）投诉，",
            "答复期到",
            "申诉之前不要",
            "申诉期已过",
            "已向电信用户",
            "已交给",
        ]
        .iter()
        .position(|words| what.contains(words))
        .expect("a known sentence");
        (key, who, by)
    };
    let day = |text: &str| Some(text.to_owned());
    let complained = contact("2025-11-05T10:00:00", "operator", "ticket = \"T1\"\noutcome = \"open\"");
    let operator = "中国移动（10086）".to_owned();
    let office = "电信用户申诉受理机构".to_owned();
    // Nothing done: 1 March − 16 days. On that day still, the day after at once.
    assert_eq!(state("", "2026-02-13"), (1, operator.clone(), day("2026-02-13")));
    assert_eq!(state("", "2026-02-14"), (0, operator.clone(), None));
    // 5 November + 15 days; the day after, the appeal is open until 1 March, and then until 31 March at the latest.
    assert_eq!(state(&complained, "2025-11-20"), (2, operator.clone(), day("2025-11-20")));
    assert_eq!(state(&complained, "2025-11-21"), (3, office.clone(), day("2026-03-01")));
    assert_eq!(state(&complained, "2026-03-02"), (3, office.clone(), day("2026-03-31")));
    assert_eq!(state(&complained, "2026-04-01"), (4, "消费者协会".to_owned(), day("2028-10-01")));
    // An answer opens the appeal at once; one that only puts off does not, nor does a contact of before the charge.
    let answered = contact("2025-11-07T10:00:00", "operator", "ticket = \"T1\"\nsaid = \"系统正常\"");
    assert_eq!(
        state(&format!("{complained}{answered}"), "2025-11-08"),
        (3, office.clone(), day("2026-03-01"))
    );
    let put_off = contact(
        "2025-11-07T10:00:00",
        "operator",
        "ticket = \"T1\"\nsaid = \"在查\"\npromise = \"48小时内回复\"\ndue = 2025-11-09T10:00:00",
    );
    assert_eq!(state(&format!("{complained}{put_off}"), "2025-11-08").0, 2);
    let earlier = contact("2025-09-30T10:00:00", "operator", "said = \"系统正常\"");
    assert_eq!(state(&earlier, "2025-11-20").0, 1);
    // Who has the matter.
    let appealed = contact("2025-11-25T10:00:00", "miit", "outcome = \"open\"");
    assert_eq!(state(&format!("{complained}{appealed}"), "2025-11-30"), (5, office, None));
    let market = contact("2025-11-25T10:00:00", "12315", "outcome = \"open\"");
    assert_eq!(
        state(&format!("{complained}{market}"), "2025-11-30"),
        (6, "12315".to_owned(), day("2026-03-01"))
    );
}

#[test]
fn an_answer_opens_the_appeal_before_the_term_is_over() {
    let complained = contact("2025-11-05T10:00:00", "operator", "said = \"系统正常\"");
    let report = report(&complained, "2025-11-06");
    assert_eq!((report.route[0].state.as_str(), report.route[1].state.as_str()), ("done", "now"));
    assert!(report.route[1].text.contains("已经答复"), "{}", report.route[1].text);
}
