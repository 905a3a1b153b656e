use mingzhang::render::pdf;
use mingzhang::render::pdf::face::{Faces, PT};
use mingzhang::render::pdf::mark::{Mark, Page, Role, Tone};
use mingzhang::render::pdf::text::{Align, Span, Style, Text};
use mingzhang::report::model::Report;
use mingzhang::report::wording::{Lang, Wording};

use super::{fixture, path};

const STYLE: Style = Style { size: 10 * PT, bold: false, tone: Tone::Black };

fn faces() -> Faces {
    Faces::embedded().expect("the fonts are there")
}

fn pages(report: &Report, lang: Lang) -> Vec<Page> {
    let wording = Wording::load(lang).expect("the wording files hold");
    pdf::report_pages(report, &wording, &faces()).unwrap_or_else(|error| panic!("{error:?}"))
}

fn file(report: &Report) -> Vec<u8> {
    let wording = Wording::load(Lang::Zh).expect("the wording files hold");
    pdf::report(report, &wording, &faces()).unwrap_or_else(|error| panic!("{error:?}"))
}

/// The text of a page as it is copied.
fn text_of(page: &Page) -> String {
    let texts = page.marks.iter().filter_map(|mark| match mark {
        Mark::Text { text, .. } => Some(text.as_str()),
        _ => None,
    });
    texts.collect()
}

/// Left, top, right and bottom of every text of a page outside drawings, by the glyphs' own widths.
fn boxes(page: &Page) -> Vec<([i32; 4], String)> {
    let boxed = |mark: &Mark| {
        let Mark::Text { at, size, text, glyphs, tone, .. } = mark else { return None };
        // What stands in a drawing is the drawing's own concern.
        if matches!(tone, Tone::Chart(_)) {
            return None;
        }
        let width: i32 = glyphs.iter().map(|glyph| glyph.width_per_mille * size / 1000).sum();
        Some(([at.0, at.1 - size * 80 / 100, at.0 + width, at.1 + size * 5 / 100], text.clone()))
    };
    page.marks.iter().filter_map(boxed).collect()
}

fn lines(text: &str, width_pt: i32) -> Vec<String> {
    let spans = [Span { text: text.to_owned(), style: STYLE, link: None }];
    let lines = Text::new(&spans, &faces()).lines(0, width_pt * PT, Align::Left, 150);
    let text = |marks: Vec<Mark>| text_of(&Page { marks });
    lines.into_iter().map(|(_, marks)| text(marks)).collect()
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    assert!(file(&fixture::many()) == file(&fixture::many()));
}

#[test]
fn the_file_embeds_its_fonts_and_names_its_language() {
    let bytes = file(&fixture::mms_15_yuan());
    let text = String::from_utf8_lossy(&bytes);
    assert!(bytes.starts_with(b"%PDF-1.7"));
    for word in [
        "/FontFile2",
        "NotoSansSC-Regular",
        "NotoSansSC-Bold",
        "/ToUnicode",
        "/Lang",
        "/Outlines",
        "/StructTreeRoot",
    ] {
        assert!(text.contains(word), "{word}");
    }
}

#[test]
fn nothing_is_clipped_and_nothing_overlaps() {
    let reports =
        [fixture::mms_15_yuan(), fixture::many(), fixture::clean(), fixture::empty(), fixture::hostile()];
    for report in &reports {
        for lang in Lang::ALL {
            for (number, page) in pages(report, lang).iter().enumerate() {
                check_page(page, &format!("{} {lang:?} page {}", report.title, number + 1));
            }
        }
    }
}

#[test]
fn nothing_is_clipped_in_the_sample_cases() {
    for name in ["mms-15-yuan", "pack-not-renewed", "clean"] {
        for (number, page) in pages(&path::sample(name, Lang::Zh), Lang::Zh).iter().enumerate() {
            check_page(page, &format!("{name} page {}", number + 1));
        }
    }
}

fn check_page(page: &Page, at: &str) {
    let boxes = boxes(page);
    for (index, (a, text)) in boxes.iter().enumerate() {
        assert!(a[0] >= 40 * PT && a[2] <= 596 * PT - 40 * PT, "{at}: {text} leaves the column: {a:?}");
        assert!(a[1] >= 20 * PT && a[3] <= 842 * PT - 20 * PT, "{at}: {text} leaves the page: {a:?}");
        for (b, other) in &boxes[index + 1..] {
            let apart = a[2] <= b[0] + 200 || b[2] <= a[0] + 200 || a[3] <= b[1] || b[3] <= a[1];
            assert!(apart, "{at}: {text} {a:?} lies on {other} {b:?}");
        }
    }
}

#[test]
fn the_first_page_says_what_is_wrong_and_how_much() {
    let report = fixture::mms_15_yuan();
    let pages = pages(&report, Lang::Zh);
    let first = text_of(&pages[0]);
    for word in [report.lead.as_str(), "15.00", "89.10", "74.10", "请在 2026-02-13 前", "第 1 页"] {
        assert!(first.contains(word), "{word}: {first}");
    }
    let last = text_of(pages.last().expect("pages"));
    assert!(last.contains(&format!("第 {0} 页，共 {0} 页", pages.len())), "{last}");
}

/// Whoever hears the page: every block is one element, drawings are told in words, head rows are not read twice.
#[test]
fn every_text_belongs_to_a_block_or_is_decoration() {
    let report = fixture::many();
    let mut figures = 0;
    for page in pages(&report, Lang::Zh) {
        let mut open = false;
        for mark in &page.marks {
            match mark {
                Mark::Block { role, .. } => {
                    assert!(!open, "blocks do not nest");
                    open = true;
                    figures += usize::from(matches!(role, Role::Figure(words) if !words.is_empty()));
                }
                Mark::BlockEnd => open = false,
                _ => {}
            }
        }
        assert!(!open);
    }
    assert!(figures >= 2, "waterfall and composition at least: {figures}");
}

#[test]
fn every_bill_line_finding_and_source_is_in_the_file() {
    let report = path::sample("pack-not-renewed", Lang::Zh);
    let all: String = pages(&report, Lang::Zh).iter().map(text_of).collect();
    for line in &report.lines {
        assert!(all.contains(&line.item) && all.contains(&line.amount.replace('-', "−")), "{}", line.item);
    }
    for finding in &report.findings {
        assert!(all.contains(&finding.code) && all.contains(&finding.title), "{}", finding.code);
    }
    for input in &report.inputs {
        assert!(all.contains(&input.sha256), "{}", input.path);
    }
}

#[test]
fn the_head_of_a_table_comes_again_on_every_page() {
    // 50 rows that were set aside do not fit on one page.
    let pages = pages(&fixture::many(), Lang::Zh);
    let with_rows: Vec<&Page> =
        pages.iter().filter(|page| text_of(page).contains("请改成数字后再试")).collect();
    assert!(with_rows.len() > 1);
    for page in with_rows {
        let text = text_of(page);
        let head = text.find("位置原文原因").expect("a head row");
        assert!(head < text.find("请改成数字后再试").expect("a row"));
    }
}

#[test]
fn a_heading_never_stands_at_the_foot_of_a_page() {
    for page in pages(&fixture::many(), Lang::Zh) {
        let places = page.marks.iter().filter_map(|mark| match mark {
            Mark::Place { y, outline: Some((title, _)), .. } => Some((*y, title.clone())),
            _ => None,
        });
        for (y, title) in places {
            let below = boxes(&page).iter().filter(|(at, _)| at[1] > y + 20 * PT && at[3] < 786 * PT).count();
            assert!(below > 0, "{title}");
        }
    }
}

#[test]
fn punctuation_never_begins_a_line_and_brackets_never_end_one() {
    let text =
        "收了彩信费（套餐外），但没有发过彩信；请退还。“系统正常”《电信条例》第三十三条：应当免费提供。"
            .repeat(6);
    for width in 60..140 {
        let lines = lines(&text, width);
        assert_eq!(lines.concat(), text, "no character is lost at {width}");
        for line in &lines {
            assert!(!line.starts_with(['，', '；', '。', '）', '”', '》', '：']), "{width}: {line}");
            assert!(!line.ends_with(['（', '“', '《']), "{width}: {line}");
        }
    }
}

#[test]
fn an_amount_keeps_its_unit_and_a_word_stays_whole() {
    for width in 40..160 {
        for line in lines("本月共多收彩信费合计 15.00 元，文件 report.json 里有全部记录", width)
        {
            assert!(!line.trim_start().starts_with('元'), "{width}: {line}");
        }
    }
    // 30 pt hold three characters of 10 pt; "abc def" breaks at its space.
    assert_eq!(lines("abc def", 30), ["abc", "def"]);
}

#[test]
fn a_word_longer_than_its_column_is_broken_and_not_cut() {
    let hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    let lines = lines(hash, 100);
    assert!(lines.len() > 1);
    assert_eq!(lines.concat(), hash);
}

#[test]
fn a_character_that_no_font_has_is_written_as_its_code_point() {
    assert_eq!(lines("龘㼆𬭎⌈1.5⌉", 200), ["龘㼆𬭎⌈1.5⌉"]);
    assert_eq!(lines("好😀", 200), ["好〔U+1F600〕"]);
}

#[test]
fn a_file_that_is_no_font_is_refused() {
    assert!(faces().with("a.ttf", b"no font".to_vec()).is_err());
}

#[test]
fn a_font_of_the_users_is_named_by_its_fingerprint() {
    let own = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/fonts/NotoSansSC-Bold.ttf"))
        .expect("a font");
    let faces = faces().with("own.ttf", own).expect("a font");
    let wording = Wording::load(Lang::Zh).expect("the wording files hold");
    let pages = pdf::report_pages(&fixture::clean(), &wording, &faces).expect("pages");
    let last = text_of(pages.last().expect("a page"));
    let sha256 = "8dfbb9d486d50e4d4ee2cd37f14f85fe5d2173f20db2d7ad6187a0f16142c039";
    assert!(last.contains(sha256), "{last}");
}
