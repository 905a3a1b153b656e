use mingzhang::render;
use mingzhang::render::letter::{Channel, Letter};
use mingzhang::render::pdf::face::Faces;
use mingzhang::report::model::{Contact, Report};
use mingzhang::report::wording::{Lang, Wording};

use super::{fixture, golden, path};

fn words(lang: Lang) -> Wording {
    Wording::load(lang).expect("the wording files hold")
}

fn letter(report: &Report, channel: Channel, lang: Lang) -> Option<Letter> {
    let letter = render::letter::letter(report, channel, &words(lang));
    letter.unwrap_or_else(|error| panic!("{channel:?}: {error:?}"))
}

fn text(report: &Report, channel: Channel) -> String {
    letter(report, channel, Lang::Zh).expect("there is something to write").markdown()
}

fn operator(report: &Report) -> String {
    text(report, Channel::Operator)
}

/// The operator was asked on 8 November at 10:03 and broke its promise.
fn asked() -> Contact {
    Contact {
        at: "2025-11-08 10:03:00".into(),
        channel: "operator".into(),
        party: "运营商".into(),
        agent_id: Some("8812".into()),
        ticket: Some("20251108000123".into()),
        promise: Some("48小时内回复".into()),
        due: Some("2025-11-10 10:03:00".into()),
        outcome: Some("broken".into()),
        ..Contact::default()
    }
}

/// The invented case after the operator was asked.
fn after_the_operator() -> Report {
    let mut report = fixture::mms_15_yuan();
    report.contacts = vec![asked()];
    report.province = Some("浙江".into());
    report.complainant.name = Some("林晓明".into());
    report
}

#[test]
fn the_letter_of_the_invented_case_reads_as_written_down() {
    golden::check("tests/golden/letter-operator.md", &operator(&fixture::mms_15_yuan()));
}

#[test]
fn the_appeal_of_the_invented_case_reads_as_written_down() {
    golden::check("tests/golden/letter-miit.md", &text(&after_the_operator(), Channel::Miit));
}

#[test]
fn the_letter_in_english_reads_as_written_down() {
    let mut report = after_the_operator();
    report.contacts[0].party = "operator".into();
    let letter = letter(&report, Channel::Operator, Lang::En).expect("a letter");
    golden::check("tests/golden/letter-operator-en.md", &letter.markdown());
}

#[test]
fn the_markdown_report_of_the_invented_case_reads_as_written_down() {
    let text = render::markdown::render(&fixture::mms_15_yuan(), &words(Lang::Zh)).expect("it renders");
    golden::check("tests/golden/report.md", &text);
}

#[test]
fn what_the_case_does_not_say_is_a_marked_blank_and_on_the_list_at_the_end() {
    let text = operator(&fixture::mms_15_yuan());
    assert!(text.contains("投诉人：＿＿＿＿（请填写：姓名）"), "{text}");
    let (_, end) = text.split_once("## 寄出前请补齐").expect("the list is there");
    assert!(end.contains("- 姓名\n") && end.contains("- 签名\n"), "{end}");
    let mut report = fixture::mms_15_yuan();
    report.complainant.name = Some("林晓明".into());
    let text = operator(&report);
    assert!(text.contains("投诉人：林晓明") && !text.contains("请填写：姓名") && !text.contains("- 姓名\n"));
}

#[test]
fn only_what_is_proven_is_demanded() {
    let mut report = fixture::mms_15_yuan();
    assert!(operator(&report).contains("退还 15.00 元"));
    report.findings[0].verdict = "probable".into();
    let text = operator(&report);
    assert!(text.contains("请核实这 15.00 元") && !text.contains("退还"), "{text}");
    report.findings[0].verdict = "needs-evidence".into();
    report.findings[0].claim = "0.00".into();
    let text = operator(&report);
    assert!(text.contains("请提供下列记录") && !text.contains("退还"), "{text}");
}

/// The demand is in the request and nowhere else: what a detector asks is cut down to what is to be shown.
#[test]
fn what_is_to_be_shown_holds_no_second_demand() {
    let mut report = fixture::mms_15_yuan();
    report.findings[0].ask = vec![
        "请出示 2025-10 的每一条记录；拿不出的，请退还 15.00 元。".into(),
        "没有记录支持的，请退还 15.00 元。".into(),
    ];
    let text = operator(&report);
    assert!(text.contains("- 请出示 2025-10 的每一条记录。\n"), "{text}");
    assert_eq!(text.matches("退还 15.00 元").count(), 1, "{text}");
    report.findings[0].verdict = "probable".into();
    assert!(!operator(&report).contains("退还"));
}

#[test]
fn a_list_that_is_declared_complete_encloses_its_query_screen() {
    let mut report = fixture::mms_15_yuan();
    assert!(!operator(&report).contains("查询页面"));
    report.coverage[1].days.fill("declared".into());
    let letter = letter(&report, Channel::Operator, Lang::Zh).expect("a letter");
    assert!(letter.markdown().contains("（请填写：查询页面的截图）"));
    assert!(letter.blanks.iter().any(|blank| blank == "查询页面的截图"));
}

#[test]
fn every_matter_has_one_request() {
    for report in [fixture::mms_15_yuan(), fixture::many()] {
        let errors = report.findings.iter().filter(|finding| finding.kind == "E").count();
        assert_eq!(operator(&report).matches("**请求：**").count(), errors);
    }
}

#[test]
fn no_letter_accuses_or_threatens() {
    for report in [fixture::mms_15_yuan(), fixture::many(), fixture::clean(), after_the_operator()] {
        for channel in Channel::ALL {
            let Some(letter) = letter(&report, channel, Lang::Zh) else { continue };
            let text = letter.markdown();
            for word in ["欺诈", "诈骗", "否则", "曝光", "起诉", "三倍"] {
                assert!(!text.contains(word), "{channel:?}: {word}");
            }
        }
    }
}

#[test]
fn markdown_of_file_text_stays_text() {
    let wording = words(Lang::Zh);
    let report = fixture::hostile();
    let mut texts = vec![render::markdown::render(&report, &wording).expect("it renders")];
    texts.extend(
        Channel::ALL
            .into_iter()
            .filter_map(|channel| letter(&report, channel, Lang::Zh))
            .map(|it| it.markdown()),
    );
    for text in texts {
        assert!(!text.contains("<script>") && !text.contains('\u{202e}'), "{text}");
        assert!(text.contains("\\<script\\>"), "{text}");
    }
}

#[test]
fn laws_are_quoted_word_for_word_in_the_annex_only() {
    let report = fixture::mms_15_yuan();
    let text = operator(&report);
    let (body, annex) = text.split_once("\n---\n").expect("an annex");
    let quote = &report.laws[0].quote;
    assert!(annex.contains(&format!("> {quote}")), "{annex}");
    assert!(!body.contains(quote.as_str()) && body.contains(&report.laws[0].title));
}

#[test]
fn an_appeal_before_the_operator_was_asked_says_so() {
    let mut report = fixture::mms_15_yuan();
    report.contacts.clear();
    let appeal = letter(&report, Channel::Miit, Lang::Zh).expect("a letter");
    assert!(appeal.notes[0].contains("先向运营商投诉"), "{:?}", appeal.notes);
    assert!(appeal.markdown().contains("请填写：向运营商投诉的日期、工单号和答复"));
    assert!(appeal.blanks.iter().any(|blank| blank.contains("工单号")));
}

/// Asked on 8 November: 8 + 15 = 23 November is the first day on which the appeal is free.
#[test]
fn an_appeal_waits_fifteen_days_for_the_answer() {
    let mut report = after_the_operator();
    report.as_of = "2025-11-22".into();
    let notes = letter(&report, Channel::Miit, Lang::Zh).expect("a letter").notes;
    assert!(notes.iter().any(|note| note.contains("2025-11-23")), "{notes:?}");
    report.as_of = "2025-11-23".into();
    let notes = letter(&report, Channel::Miit, Lang::Zh).expect("a letter").notes;
    assert!(notes.is_empty(), "{notes:?}");
}

#[test]
fn an_answer_that_does_not_satisfy_ends_the_wait() {
    let mut report = after_the_operator();
    report.contacts[0].said = Some("系统正常".into());
    report.as_of = "2025-11-09".into();
    let notes = letter(&report, Channel::Miit, Lang::Zh).expect("a letter").notes;
    assert!(notes[0].contains("不满意可以现在申诉"), "{notes:?}");
}

/// The appeal of the fixture is safe until the day printed there; one day later is unsafe.
#[test]
fn a_term_that_may_be_over_is_said_plainly() {
    let mut report = after_the_operator();
    let appeal =
        report.findings[0].deadlines.iter().find(|date| date.what == "appeal").expect("a term").clone();
    report.as_of.clone_from(&appeal.safe_until);
    assert!(letter(&report, Channel::Miit, Lang::Zh).expect("a letter").notes.is_empty());
    report.as_of = next_day(&appeal.safe_until);
    let notes = letter(&report, Channel::Miit, Lang::Zh).expect("a letter").notes;
    assert!(notes.iter().any(|note| note.contains("期限可能已过")), "{notes:?}");
    report.as_of = next_day(&appeal.at_the_latest);
    let notes = letter(&report, Channel::Miit, Lang::Zh).expect("a letter").notes;
    assert!(notes.iter().any(|note| note.contains("期限已过")), "{notes:?}");
}

fn next_day(day: &str) -> String {
    let day: chrono::NaiveDate = day.parse().expect("a day");
    day.succ_opt().expect("a next day").to_string()
}

#[test]
fn a_channel_that_another_one_shuts_out_says_so() {
    let mut report = after_the_operator();
    report.as_of = "2025-12-02".into();
    report.contacts.push(Contact { channel: "12315".into(), party: "12315".into(), ..asked() });
    let notes = letter(&report, Channel::Miit, Lang::Zh).expect("a letter").notes;
    assert!(notes.iter().any(|note| note.contains("此前已找过12315")), "{notes:?}");
}

#[test]
fn a_public_post_holds_no_personal_data() {
    let text = text(&after_the_operator(), Channel::Heimao);
    for word in ["林晓明", "13800001111", "8812", "20251108000123", "签名"] {
        assert!(!text.contains(word), "{word}");
    }
    assert!(text.contains("138\\*\\*\\*\\*1111") && text.contains("涉诉金额：15.00 元"), "{text}");
}

#[test]
fn earlier_conversations_are_told_as_they_were_written_down() {
    let text = operator(&after_the_operator());
    let line = "2025-11-08 10:03 联系运营商，承诺“48小时内回复”，应于 2025-11-10 10:03 前兑现，到期没有兑现，\
                工号 8812，工单号 20251108000123。";
    assert!(text.contains(line), "{text}");
}

#[test]
fn a_platform_is_written_to_only_about_its_own_money() {
    let mut report = fixture::mms_15_yuan();
    for payment in &mut report.payments {
        payment.findings.clear();
    }
    assert!(letter(&report, Channel::Platform, Lang::Zh).is_none());
    let mut paid_twice = report.findings[0].clone();
    paid_twice.id = "F-2222222222".into();
    paid_twice.title = "同一笔费用扣了两次款".into();
    paid_twice.lines.clear();
    report.findings.push(paid_twice);
    report.payments[0].findings = vec!["F-2222222222".into()];
    report.payments[0].platform = "alipay".into();
    let text = text(&report, Channel::Platform);
    assert!(text.contains("致：支付宝") && text.contains("同一笔费用扣了两次款"), "{text}");
    assert!(!text.contains("收了彩信费"), "{text}");
}

#[test]
fn the_letter_of_the_first_sample_is_one_page_and_an_annex() {
    let report = path::sample("mms-15-yuan", Lang::Zh);
    let (faces, wording) = (Faces::embedded().expect("fonts"), words(Lang::Zh));
    for channel in [Channel::Operator, Channel::Miit, Channel::Consumer, Channel::Heimao] {
        let letter = letter(&report, channel, Lang::Zh).expect("a letter");
        let (body, whole) = letter.page_counts(&report, &wording, &faces).expect("it is laid out");
        assert_eq!(body, 1, "{channel:?}");
        assert!(whole >= 2, "{channel:?}: {whole} pages");
    }
}

#[test]
fn the_same_report_gives_the_same_letter() {
    let report = path::sample("pack-not-renewed", Lang::Zh);
    let (faces, wording) = (Faces::embedded().expect("fonts"), words(Lang::Zh));
    let file = || {
        let letter = letter(&report, Channel::Operator, Lang::Zh).expect("a letter");
        letter.pdf(&report, &wording, &faces).expect("a file")
    };
    assert!(file() == file());
}
