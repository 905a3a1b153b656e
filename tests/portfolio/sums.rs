//! Sums of a portfolio: exact, the same in any pieces, without a binary float.

use std::fs;
use std::path::Path;

use mingzhang::model::case::Operator;
use mingzhang::model::finding::{FindingKind, Verdict};
use mingzhang::model::money::Money;
use mingzhang::model::period::Cycle;
use mingzhang::model::record::Category;
use mingzhang::portfolio::model::Portfolio;
use mingzhang::portfolio::result::{Amount, At, BillRow, FindingRow, LineResult};
use mingzhang::portfolio::sums::Sums;
use mingzhang::report::wording::{Lang, Wording};

fn yuan(text: &str) -> Amount {
    Money::parse(text).expect("an amount").into()
}

fn october() -> Cycle {
    Cycle::new(2025, 10).expect("a month")
}

fn finding(code: &'static str, verdict: Verdict, claim: &str, platform: &str) -> FindingRow {
    FindingRow {
        period: october(),
        code,
        kind: FindingKind::Error,
        verdict,
        amount: yuan(claim),
        claim: yuan(claim),
        title: String::new(),
        at: At::default(),
        platform: platform.to_owned(),
    }
}

fn bill(period: Cycle, amount: &str, unverified: &str) -> BillRow {
    let (amount, unverified) = (yuan(amount), yuan(unverified));
    let (item, category) = ("fee".to_owned(), Category::PlanFee);
    let explained = amount;
    let disputed = Amount::ZERO;
    BillRow { period, item, category, amount, explained, disputed, unverified, at: At::default() }
}

fn line(msisdn: u64, findings: Vec<FindingRow>, bill: Vec<BillRow>) -> LineResult {
    let operator = Some(Operator::ALL[0]);
    LineResult { msisdn: msisdn.to_string(), operator, findings, bill, ..LineResult::default() }
}

fn summed(lines: &[LineResult]) -> Portfolio {
    let mut sums = Sums::default();
    lines.iter().for_each(|line| sums.add(line).expect("in range"));
    let mut portfolio = Portfolio::default();
    sums.fill(&mut portfolio, &Wording::load(Lang::En).expect("the wording holds")).expect("in range");
    portfolio
}

#[test]
fn parts_of_a_fen_add_up_and_are_never_lost() {
    // 0.00005 twice and 10.123456789012: 10.123556789012. Billed 0.00001 + 0.00009 = 0.0001.
    let claims = ["0.00005", "10.123456789012", "0.00005"];
    let lines: Vec<LineResult> = (0..3)
        .map(|index| {
            let found = finding("USE-001", Verdict::Proven, claims[index], "alipay");
            let billed = ["0.00001", "0.00009", "0"][index];
            line(index as u64 + 1, vec![found], vec![bill(october(), billed, "0")])
        })
        .collect();
    let portfolio = summed(&lines);
    assert_eq!(portfolio.totals.claim_proven, "10.123556789012");
    assert_eq!(portfolio.totals.billed, "0.0001");
    assert_eq!(portfolio.by_platform[0].claim, "10.123556789012");
    // Equal claims stand in the order of the lines.
    let largest: Vec<&str> = portfolio.largest_claims.iter().map(|it| it.msisdn.as_str()).collect();
    assert_eq!(largest, ["2", "1", "3"]);
}

#[test]
fn lines_are_counted_once_however_many_findings_they_have() {
    let twice = vec![
        finding("USE-001", Verdict::Proven, "1.00", "alipay"),
        finding("USE-001", Verdict::Proven, "2.00", "alipay"),
        finding("USE-001", Verdict::Probable, "4.00", ""),
    ];
    let once = vec![finding("USE-001", Verdict::NeedsEvidence, "0", "alipay")];
    let november = october().next();
    let bills =
        vec![bill(october(), "5.00", "1.00"), bill(october(), "6.00", "2.00"), bill(november, "7.00", "0")];
    let portfolio = summed(&[line(1, twice, bills), line(2, once, Vec::new())]);
    let rows: Vec<_> = portfolio
        .by_detector
        .iter()
        .map(|it| (it.verdict.as_str(), it.findings, it.lines, it.claim.as_str()))
        .collect();
    assert_eq!(
        rows,
        [("proven", 2, 1, "3.00"), ("probable", 1, 1, "4.00"), ("needs-evidence", 1, 1, "0.00")]
    );
    assert_eq!((portfolio.by_platform[0].lines, portfolio.by_platform[0].findings), (2, 3));
    // 5.00 + 6.00 in October on one line, 7.00 in November; findings in October only.
    let months: Vec<_> = portfolio
        .by_month
        .iter()
        .map(|it| (it.lines, it.findings, it.billed.as_str(), it.claim.as_str()))
        .collect();
    assert_eq!(months, [(1, 4, "11.00", "7.00"), (1, 0, "7.00", "0.00")]);
    assert_eq!(portfolio.totals.lines_with_errors, 1);
    assert_eq!(portfolio.common_problems[0].lines, 1);
    assert_eq!(portfolio.largest_bills[0].amount, "11.00");
}

/// 0.0001 yuan times 2⁶³ is some 922 × 10¹² yuan: two amounts of 500 × 10¹² do not fit together.
#[test]
fn a_sum_that_leaves_the_range_is_an_error_and_never_wraps() {
    let large = |msisdn| line(msisdn, Vec::new(), vec![bill(october(), "500000000000000.00", "0")]);
    let mut sums = Sums::default();
    assert!(sums.add(&large(1)).is_ok());
    assert!(sums.add(&large(2)).is_err());
    assert_eq!(summed(&[large(1)]).totals.billed, "500000000000000.00");
}

#[test]
fn tables_hold_whole_numbers_and_texts_and_nothing_else() {
    let found = finding("USE-001", Verdict::Proven, "1.005", "alipay");
    let mut sums = Sums::default();
    // One more than are reduced together.
    for number in 0..=65_536u64 {
        sums.add(&line(number + 1, vec![found.clone()], vec![bill(october(), "1.00", "0")]))
            .expect("in range");
    }
    let tables = sums.tables();
    assert!(tables.iter().any(|(name, table)| *name == "found" && table.height() == 1));
    for (name, table) in tables {
        for (column, is_text) in table.columns() {
            let named = ["case", "msisdn", "code", "platform", "party"].contains(&column.as_str());
            assert_eq!(is_text, named, "{name}.{column}");
        }
    }
    let mut portfolio = Portfolio::default();
    sums.fill(&mut portfolio, &Wording::load(Lang::En).expect("the wording holds")).expect("in range");
    // 65,537 × 1.005 = 65,864.685, in two pieces.
    assert_eq!(portfolio.totals.claim_proven, "65864.685");
    assert_eq!(portfolio.totals.lines, 65_537);
    assert_eq!(portfolio.by_month[0].lines, 65_537);
}

/// The file was written by the version that added up in maps of whole numbers.
#[test]
fn a_portfolio_of_tables_comes_out_as_it_always_has() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/portfolio/tables.json");
    let mut portfolio = summed(&super::tables::judged(&super::tables::files(200)));
    portfolio.schema = mingzhang::portfolio::model::SCHEMA.to_owned();
    let own = serde_json::to_string_pretty(&portfolio).expect("JSON") + "\n";
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, &own).expect("written");
    }
    assert_eq!(own, fs::read_to_string(&path).expect("a golden file"));
}
