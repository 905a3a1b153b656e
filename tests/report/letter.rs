use mingzhang::render;
use mingzhang::report::model::Report;
use mingzhang::report::wording::{Lang, Wording};

use super::{fixture, golden};

fn letter(report: &Report) -> String {
    let wording = Wording::load(Lang::Zh).expect("the wording files hold");
    render::letter::operator(report, &wording).unwrap_or_else(|error| panic!("{error:?}"))
}

#[test]
fn the_letter_of_the_invented_case_reads_as_written_down() {
    golden::check("tests/golden/letter-operator.md", &letter(&fixture::mms_15_yuan()));
}

#[test]
fn the_markdown_report_of_the_invented_case_reads_as_written_down() {
    let wording = Wording::load(Lang::Zh).expect("the wording files hold");
    let text = render::markdown::render(&fixture::mms_15_yuan(), &wording).expect("it renders");
    golden::check("tests/golden/report.md", &text);
}

#[test]
fn what_the_case_does_not_say_is_a_marked_blank_and_on_the_list() {
    let text = letter(&fixture::mms_15_yuan());
    assert!(text.contains("投诉人：＿＿＿＿（请填写：姓名）"));
    assert!(text.contains("寄出前请补齐：姓名、"));
    let mut report = fixture::mms_15_yuan();
    report.complainant.name = Some("林晓明".into());
    let text = letter(&report);
    assert!(text.contains("投诉人：林晓明") && !text.contains("请填写：姓名"));
}

#[test]
fn only_what_is_proven_is_demanded() {
    let mut report = fixture::mms_15_yuan();
    assert!(letter(&report).contains("退还 15.00 元"));
    report.findings[0].verdict = "probable".into();
    report.totals.claim_probable = "15.00".into();
    report.totals.claim_proven = "0.00".into();
    let text = letter(&report);
    assert!(text.contains("请核实这 15.00 元") && !text.contains("退还"), "{text}");
    report.findings[0].verdict = "needs-evidence".into();
    report.findings[0].claim = "0.00".into();
    let text = letter(&report);
    assert!(text.contains("请提供下列记录") && !text.contains("退还"), "{text}");
}

#[test]
fn the_letter_accuses_and_threatens_nobody() {
    for report in [fixture::mms_15_yuan(), fixture::many(), fixture::clean()] {
        let text = letter(&report);
        for word in ["欺诈", "诈骗", "否则", "曝光", "起诉", "三倍"] {
            assert!(!text.contains(word), "{word}");
        }
    }
}

#[test]
fn markdown_of_file_text_stays_text() {
    let wording = Wording::load(Lang::Zh).expect("the wording files hold");
    let report = fixture::hostile();
    for text in [letter(&report), render::markdown::render(&report, &wording).expect("it renders")] {
        assert!(!text.contains("<script>") && !text.contains('\u{202e}'), "{text}");
        assert!(text.contains("\\<script\\>"), "{text}");
    }
}
