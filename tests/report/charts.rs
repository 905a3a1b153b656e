use mingzhang::model::money::Money;
use mingzhang::render::chart::composition;
use mingzhang::render::chart::days::PANELS_MAX;
use mingzhang::render::chart::drawing::{Anchor, Shape};
use mingzhang::render::chart::paid;
use mingzhang::render::chart::scale::{Scale, per_mille};
use mingzhang::render::chart::text_width::{width_px, wrapped};
use mingzhang::render::chart::waterfall::{self, Words};
use mingzhang::render::chart_svg::{self, Labels};
use mingzhang::render::charts::{Chart, charts};
use mingzhang::report::model::{Cause, Gap, Payment, PaymentMatch, Report};
use mingzhang::report::wording::{Lang, Wording};

use super::fixture;

fn words() -> Words {
    Words {
        expected: "应收".into(), billed: "实收".into(), others: "其余".into(), residual: "差额".into()
    }
}

fn yuan(text: &str) -> Money {
    Money::parse(text).expect("an amount")
}

fn labels() -> Labels<'static> {
    Labels { id: "chart", title: "图", description: "说明" }
}

#[test]
fn the_waterfall_closes_at_what_was_billed() {
    for report in [fixture::mms_15_yuan(), fixture::clean(), fixture::many()] {
        let bars = waterfall::bars(&report, &words()).expect("bars");
        let last = bars.last().expect("a last bar");
        let before = &bars[bars.len() - 2];
        // The bars before the last end where the last one ends: expected + Σ causes + residual = billed.
        assert_eq!(before.end, last.end, "{bars:#?}");
        for pair in bars[..bars.len() - 1].windows(2) {
            assert_eq!(pair[0].end, pair[1].start, "each bar begins where the one before ends");
        }
    }
}

#[test]
fn the_waterfall_of_the_invented_case_has_three_bars() {
    let bars = waterfall::bars(&fixture::mms_15_yuan(), &words()).expect("bars");
    // 74.10 + 15.00 = 89.10
    let ends: Vec<Money> = bars.iter().map(|bar| bar.end).collect();
    assert_eq!(ends, [yuan("74.10"), yuan("89.10"), yuan("89.10")]);
}

#[test]
fn causes_beyond_the_limit_are_one_bar_and_nothing_is_lost() {
    let mut report = Report::default();
    // Ten causes of 1.00 … 10.00: 55.00 above an expected 45.00. Seven are shown, 3.00 + 2.00 + 1.00 = 6.00 are the rest.
    let causes =
        (1..=10)
            .map(|n| Cause { label: format!("原因{n}"), amount: format!("{n}.00"), ..Cause::default() });
    report.gaps = vec![Gap {
        billed: "100.00".into(),
        expected: "45.00".into(),
        causes: causes.collect(),
        residual: "0.00".into(),
        ..Gap::default()
    }];
    let bars = waterfall::bars(&report, &words()).expect("bars");
    assert_eq!(bars.len(), 1 + waterfall::CAUSES_MAX + 1);
    let rest = &bars[waterfall::CAUSES_MAX];
    assert_eq!(
        (rest.label.as_str(), rest.end.minus(rest.start).expect("a difference")),
        ("其余", yuan("6.00"))
    );
}

#[test]
fn a_charge_that_is_missing_runs_downwards() {
    let gap = Gap {
        billed: "40.00".into(),
        expected: "50.00".into(),
        causes: vec![Cause {
            name: Some("not-charged".into()),
            label: "没有收".into(),
            amount: "-10.00".into(),
            ..Cause::default()
        }],
        residual: "0.00".into(),
        ..Gap::default()
    };
    let report = Report { gaps: vec![gap], ..Report::default() };
    let bars = waterfall::bars(&report, &words()).expect("bars");
    assert_eq!((bars[1].start, bars[1].end), (yuan("50.00"), yuan("40.00")));
    let svg = chart_svg::svg(&waterfall::draw(&bars).expect("a drawing"), labels()).expect("a chart");
    assert!(svg.contains("−10.00"));
}

#[test]
fn charts_hold_for_nothing_for_one_month_and_for_twenty_four() {
    let mut report = Report::default();
    let line = fixture::mms_15_yuan().lines[0].clone();
    for count in [0, 1, 24] {
        report.lines = (0..count)
            .map(|n| {
                let mut line = line.clone();
                line.period = format!("{}-{:02}", 2024 + n / 12, n % 12 + 1);
                line.amount = if n % 5 == 4 { "-3.50".into() } else { "59.00".into() };
                line.category = format!("category-{}", n % 11);
                line
            })
            .collect();
        let data = composition::composition(&report, "其余", |name| Ok(name.repeat(9))).expect("data");
        assert_eq!(data.months.len(), count);
        assert!(data.series.len() <= 8);
        let svg = chart_svg::svg(&composition::draw(&data).expect("a drawing"), labels()).expect("a chart");
        assert!(svg.ends_with("</svg>\n") && svg.contains("role=\"img\""));
    }
}

#[test]
fn inks_are_classes_and_no_colour_is_left_in_the_chart() {
    let bars = waterfall::bars(&fixture::mms_15_yuan(), &words()).expect("bars");
    let svg = chart_svg::svg(&waterfall::draw(&bars).expect("a drawing"), labels()).expect("a chart");
    assert!(!svg.contains('#'), "{svg}");
    assert!(svg.contains("class=\"f i-disputed\"") && svg.contains("<title id=\"chart-title\">图</title>"));
}

#[test]
fn a_scale_keeps_zero_and_both_ends() {
    let scale = Scale::new([yuan("-10.00"), yuan("90.00")], 0, 1000);
    // 100.00 yuan on 1000 px: 0.10 yuan a pixel.
    assert_eq!([scale.px(yuan("-10")), scale.px(Money::ZERO), scale.px(yuan("90"))], [0, 100, 1000]);
    assert_eq!(scale.px(yuan("0.09")), 100);
    assert_eq!(scale.px(yuan("0.10")), 101);
    assert_eq!(per_mille(yuan("15.00"), yuan("60.00")), 250);
    assert_eq!(per_mille(yuan("15.00"), Money::ZERO), 0);
}

#[test]
fn a_long_label_is_cut_into_lines_and_no_character_is_lost() {
    let label = "套餐外国内移动上网流量费（含闲时）MMS";
    let lines = wrapped(label, 100);
    assert_eq!(lines.concat(), label);
    assert!(lines.len() > 1 && lines.iter().all(|line| width_px(line) <= 101));
    assert_eq!(wrapped("短", 1), ["短"]);
    // 14 px an ideograph, 8.4 px a digit: the amount does not fit behind six ideographs and goes on whole.
    assert_eq!(wrapped("清单列出费用 10.00 元", 100), ["清单列出费用 ", "10.00 元"]);
}

fn all_charts(report: &Report, lang: Lang) -> Vec<Chart> {
    charts(report, &Wording::load(lang).expect("words")).unwrap_or_else(|error| panic!("{error:?}"))
}

#[test]
fn every_label_of_every_chart_lies_inside_its_drawing() {
    let reports =
        [fixture::mms_15_yuan(), fixture::clean(), fixture::many(), fixture::strained(), fixture::empty()];
    for report in &reports {
        for chart in Lang::ALL.into_iter().flat_map(|lang| all_charts(report, lang)) {
            let (width, height) = (chart.drawing.size.0 as i32, chart.drawing.size.1 as i32);
            for shape in &chart.drawing.shapes {
                let Shape::Text { at, anchor, text, .. } = shape else { continue };
                let (left, right) = match anchor {
                    Anchor::Start => (at.0, at.0 + width_px(text)),
                    Anchor::End => (at.0 - width_px(text), at.0),
                };
                // The estimate of a width is on the safe side by a tenth.
                assert!(left >= -2 && right <= width + 4, "{}: {text:?} from {left} to {right}", chart.id);
                assert!(at.1 >= 7 && at.1 <= height - 7, "{}: {text:?} at {} of {height}", chart.id, at.1);
            }
        }
    }
}

#[test]
fn every_bar_lies_inside_its_drawing() {
    for report in [fixture::mms_15_yuan(), fixture::strained()] {
        for chart in all_charts(&report, Lang::Zh) {
            let (width, height) = (chart.drawing.size.0 as i32, chart.drawing.size.1 as i32);
            for shape in &chart.drawing.shapes {
                let Shape::Rect { x, y, .. } = shape else { continue };
                assert!(x.0 >= 0 && x.1 <= width && y.0 >= 0 && y.1 <= height, "{}: {shape:?}", chart.id);
                assert!(x.0 < x.1 && y.0 < y.1, "{}: {shape:?}", chart.id);
            }
        }
    }
}

#[test]
fn every_chart_says_in_words_what_it_shows() {
    for lang in Lang::ALL {
        let charts = all_charts(&fixture::mms_15_yuan(), lang);
        let ids: Vec<&str> = charts.iter().map(|chart| chart.id).collect();
        let wanted = [
            "waterfall",
            "composition",
            "burn-down",
            "usage",
            "events",
            "payments-and-bills",
            "coverage-map",
        ];
        assert_eq!(ids, wanted);
        for chart in charts {
            assert!(!chart.title.is_empty() && !chart.note.is_empty(), "{}", chart.id);
            // Every description carries a figure of what is drawn: a month, or the plan's fee.
            let told = ["2025", "89.10", "59.00"].iter().any(|figure| chart.description.contains(figure));
            assert!(told, "{}: {}", chart.id, chart.description);
        }
    }
    let charts = all_charts(&fixture::mms_15_yuan(), Lang::Zh);
    let burn_down = charts.iter().find(|chart| chart.id == "burn-down").expect("a burn-down");
    // 300 MB granted and used, 19 + 10 × 10 = 119 MB outside.
    assert!(
        burn_down.description.contains("额度 300 MB，用去 300 MB，套餐外 119 MB"),
        "{}",
        burn_down.description
    );
    assert!(burn_down.description.contains("10-21 08:12 用完"));
}

#[test]
fn what_does_not_fit_a_chart_is_counted() {
    let charts = all_charts(&fixture::strained(), Lang::Zh);
    let usage = charts.iter().find(|chart| chart.id == "burn-down").expect("a burn-down");
    // 24 months with an allowance, of which 6 are drawn.
    assert_eq!(PANELS_MAX, 6);
    assert!(usage.description.ends_with("另有 18 组没有画出，见用量事实表。"), "{}", usage.description);
}

#[test]
fn payments_stand_beside_the_bill_that_they_pay() {
    let payment = |id: &str, amount: &str, left: &str| Payment {
        paid_at: "2025-11-05 09:12:33".into(),
        amount: amount.into(),
        left_over: left.into(),
        matched: vec![PaymentMatch {
            to: "bill".into(),
            id: id.into(),
            amount: amount.into(),
            rule: "id".into(),
        }],
        ..Payment::default()
    };
    let gap = Gap { period: "2025-10".into(), billed: "89.10".into(), ..Gap::default() };
    let report = Report {
        gaps: vec![gap],
        payments: vec![payment("2025-10", "50.00", "0.00"), payment("2025-10", "39.10", "10.00")],
        ..Report::default()
    };
    let months = paid::months(&report).expect("months");
    // October: 50.00 + 39.10 = 89.10 paid of 89.10; 10.00 of November fits nothing.
    let (october, november) = (months["2025-10"], months["2025-11"]);
    assert_eq!((october.billed, october.paid, october.open), (yuan("89.10"), yuan("89.10"), Money::ZERO));
    assert_eq!((november.billed, november.paid, november.open), (Money::ZERO, Money::ZERO, yuan("10.00")));
}

#[test]
fn pictures_are_made_on_request_and_are_the_same_each_time() {
    let wording = Wording::load(Lang::Zh).expect("words");
    let pictures = || mingzhang::render::png::pictures(&fixture::mms_15_yuan(), &wording).expect("pictures");
    let first = pictures();
    assert_eq!(first.len(), 7);
    assert!(first.iter().all(|it| it.name.starts_with("charts/") && it.bytes.starts_with(b"\x89PNG\r\n")));
    assert_eq!(first, pictures());
}
