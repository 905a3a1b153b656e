use mingzhang::render;
use mingzhang::report::model::Report;
use mingzhang::report::wording::{Lang, Wording};

use super::fixture;

fn page_in(lang: Lang, report: &Report) -> String {
    let wording = Wording::load(lang).expect("the wording files hold");
    render::html::render(report, &wording).unwrap_or_else(|error| panic!("{error:?}"))
}

fn page(report: &Report) -> String {
    page_in(Lang::Zh, report)
}

/// All reports that a page may have to show.
fn reports() -> Vec<Report> {
    vec![
        fixture::mms_15_yuan(),
        fixture::told(),
        fixture::clean(),
        fixture::hostile(),
        fixture::many(),
        fixture::strained(),
        fixture::empty(),
    ]
}

#[test]
fn the_equation_of_the_bill_stands_on_the_page() {
    let html = page(&fixture::mms_15_yuan());
    // 74.10 + 15.00 + 0.00 = 89.10
    assert!(html.contains("有依据 74.10 ＋ 有争议 15.00 ＋ 未核实 0.00 ＝ 89.10"));
    // 89.10 − 74.10 = 15.00, all of it by USE-001
    assert!(html.contains("2025-10：89.10 − 74.10 ＝ 15.00 ＝ USE-001 15.00，余 0.00"));
}

#[test]
fn the_page_asks_nothing_of_anybody() {
    for report in reports() {
        for lang in Lang::ALL {
            let html = page_in(lang, &report).to_lowercase();
            for forbidden in [
                "http:", "https:", "//www", "<script", "<link", "<iframe", "<object", "<img", "@import",
                "src=",
            ] {
                assert!(!html.contains(forbidden), "{forbidden} in the page");
            }
            assert!(html.contains("default-src &#x27;none&#x27;"), "the policy forbids everything else");
            assert!(!html.contains("unsafe-inline"));
        }
    }
}

#[test]
fn no_attribute_carries_style_or_code() {
    for report in reports() {
        let html = page(&report);
        for tag in html.split('<').skip(1).filter_map(|rest| rest.split('>').next()) {
            // Without what stands in quotes, only names are left.
            let bare: String = tag.split('"').step_by(2).collect();
            let names = bare.split_whitespace().skip(1).filter_map(|attribute| attribute.split_once('='));
            for (name, _) in names {
                let is_handler = name.starts_with("on") && !tag.starts_with(['!', '?']);
                assert!(!is_handler && name != "style", "<{tag}>");
            }
        }
    }
}

#[test]
fn hostile_text_is_shown_and_does_nothing() {
    let html = page(&fixture::hostile());
    assert!(html.contains("&lt;script&gt;"), "the markup is shown as text");
    assert!(!html.contains("<script>") && !html.contains("<b onclick"));
    assert!(!html.contains('\u{202e}') && !html.contains('\u{7}'));
    assert!(html.contains("〔U+202E〕"), "the override is shown by its number");
    let style = html.split("<style>").nth(1).and_then(|rest| rest.split("</style>").next()).unwrap_or("");
    assert!(
        !style.contains('<') && !style.contains("url(http"),
        "file text cannot leave its string in the style sheet"
    );
}

#[test]
fn ids_are_unique_and_every_link_on_the_page_leads_somewhere() {
    for report in reports() {
        let html = page(&report);
        let ids: Vec<&str> = html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let mut unique = ids.clone();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!(unique.len(), ids.len(), "an id occurs twice: {ids:?}");
        for target in html.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(ids.contains(&target), "nothing has the id {target}");
        }
    }
}

#[test]
fn a_clean_bill_reads_as_good_news() {
    let html = page(&fixture::clean());
    assert!(html.contains("<body class=\"clean\">"));
    assert!(html.contains("没有发现多收"));
    assert!(!html.contains("请在 "), "there is nothing to do by a day");
    assert!(page(&fixture::mms_15_yuan()).contains("<body class=\"claim\">"));
}

#[test]
fn an_uncertain_amount_is_shown_as_a_range() {
    // The fixture owes 1,180.40 under one reading and 1,210.40 under another.
    assert!(page(&fixture::many()).contains("1180.40–1210.40"));
}

#[test]
fn at_most_fifty_rows_are_shown_and_all_are_counted() {
    let html = page(&fixture::many());
    // 73 rows were set aside.
    assert!(html.contains("共 73 行，这里列 50 行"));
    assert_eq!(html.matches("读不懂的金额").count(), 50);
}

#[test]
fn every_table_cell_that_names_a_row_or_column_says_so() {
    let html = page(&fixture::mms_15_yuan());
    let heads = html.matches("<th ").count() + html.matches("<th>").count();
    assert_eq!(heads, html.matches(" scope=\"").count(), "a table header without scope");
    assert!(html.starts_with("<!doctype html>\n<html lang=\"zh-CN\">"));
    assert!(page_in(Lang::En, &fixture::mms_15_yuan()).contains("<html lang=\"en\">"));
}

#[test]
fn the_same_report_gives_the_same_page() {
    assert_eq!(page(&fixture::many()), page(&fixture::many()));
}

#[test]
fn ten_thousand_lines_come_in_pieces_and_clean_months_are_folded() {
    let html = page(&fixture::long());
    assert_eq!(html.matches(" id=\"L-").count(), 10_000);
    // October has 4,000 lines: 16 pieces of 250. Twelve clean months of 500 lines: 2 pieces each, folded.
    assert_eq!(html.matches("class=\"table piece\"").count(), 16 + 12 * 2);
    assert_eq!(html.matches("<details class=\"fold\">").count(), 12);
    assert!(html.contains("第 3751–4000 项"));
    // No bar for what is wholly explained; the four lines of the invented bill keep the one that is disputed.
    assert_eq!(html.matches("<svg class=\"bar\"").count(), 1);
}

#[test]
fn facts_timeline_and_conversations_stand_on_the_page() {
    let html = page(&fixture::told());
    assert!(html.contains("上网记录共 4 条，合计 4.0 MB"));
    assert!(html.contains("工号 8812") && html.contains("工单 20251108000123"));
    assert!(html.contains("要求后没有书面给出规则") && html.contains("落空"));
    assert!(html.contains("畅享套餐 59 元档的额度用完"));
    let clean = page(&fixture::clean());
    assert!(!clean.contains("id=\"timeline\"") && !clean.contains("href=\"#timeline\""));
}
