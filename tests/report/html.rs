use mingzhang::render;
use mingzhang::report::wording::{Lang, Wording};

use super::fixture;

fn page(report: &mingzhang::report::model::Report) -> String {
    let wording = Wording::load(Lang::Zh).expect("the wording files hold");
    render::html::render(report, &wording).expect("the page renders")
}

#[test]
fn the_equation_of_the_bill_stands_on_the_page() {
    let html = page(&fixture::mms_15_yuan());
    // 74.10 + 15.00 + 0.00 = 89.10
    assert!(html.contains("有依据 74.10 ＋ 有争议 15.00 ＋ 未核实 0.00 ＝ 89.10"), "{html}");
}
