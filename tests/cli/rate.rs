//! `rate`, `explain` and `plans --new`, run the way a person does.

use std::fs;

use super::{CASES, Copy, mingzhang, samples};
use crate::rating::evaluator::evaluate_report;

fn output(args: &[&str], status: i32) -> String {
    let run = mingzhang().env_remove("MINGZHANG_LANG").args(args).output().expect("it runs");
    assert_eq!(run.status.code(), Some(status), "{}", String::from_utf8_lossy(&run.stderr));
    String::from_utf8(run.stdout).expect("UTF-8")
}

fn sample(case: &str) -> String {
    samples().join(case).to_string_lossy().into_owned()
}

#[test]
fn rate_prints_what_the_bill_should_have_been_step_by_step() {
    let printed = output(&["rate", &sample("pack-not-renewed"), "--as-of", "2025-11-20"], 0);
    // 10640 MB outside 5 GB: ⌈10640 ÷ 1024⌉ = 11 × 5 = 55; 39 + 55 + 3 × 0.10 = 94.30.
    for text in ["13800002222　2025-10", "⌈10640MB ÷ 1GB⌉ = 11", "11 × 5 = 55", "应收合计　94.30 元"]
    {
        assert!(printed.contains(text), "{text} in {printed}");
    }
}

#[test]
fn rate_says_what_decides_between_the_bounds() {
    let copy = Copy::of("pack-not-renewed");
    let plan = copy.path("plans/demo-39.toml");
    let text = fs::read_to_string(&plan).expect("a plan");
    let reading =
        "\n[[reading]]\nid = \"pro-rata\"\nclause = \"3.1\"\nset = { \"rate.data-out.round\" = \"exact\" }\n";
    fs::write(&plan, text + reading).expect("written");
    let case = copy.path("").to_string_lossy().into_owned();
    let printed = output(&["rate", &case, "--as-of", "2025-11-20"], 0);
    // Pro rata: 10640 ÷ 1024 × 5 = 51.953125 → 51.95; 39 + 51.95 + 0.30 = 91.25.
    for text in ["最少 91.25 元，最多 94.30 元", "demo-39 第 3.1 条怎么理解", "pro-rata"] {
        assert!(printed.contains(text), "{text} in {printed}");
    }
    let english = output(&["rate", &case, "--as-of", "2025-11-20", "--lang", "en"], 0);
    assert!(english.contains("at least 91.25, at most 94.30 yuan"), "{english}");
}

#[test]
fn rate_says_which_lists_it_does_not_know_to_be_complete() {
    let printed = output(&["rate", &sample("pack-not-renewed"), "--as-of", "2025-11-20"], 0);
    let months: Vec<&str> = printed.split("13800002222　").collect();
    // October has both of its lists; September may lack some.
    let october = months.iter().find(|it| it.starts_with("2025-10")).expect("October");
    assert!(!october.contains("没有完整的"), "{october}");
    let copy = Copy::of("pack-not-renewed");
    fs::remove_file(copy.path("usage/短彩信详单202510.csv")).expect("removed");
    let printed = output(&["rate", &copy.path("").to_string_lossy(), "--as-of", "2025-11-20"], 0);
    let october = printed.split("13800002222　").find(|it| it.starts_with("2025-10")).expect("October");
    assert!(october.contains("没有完整的短信、彩信清单"), "{october}");
}

#[test]
fn explain_goes_from_an_id_a_name_or_an_amount_down_to_rows_and_formulas() {
    let copy = Copy::of("pack-not-renewed");
    copy.check();
    let report = copy.folder.path().join("out/report.json").to_string_lossy().into_owned();
    let read: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(&report).expect("a report")).expect("JSON");
    let id = read["findings"][0]["id"].as_str().expect("a finding");
    let finding = output(&["explain", &report, id], 0);
    for text in ["SUB-001", "35.00", "第 12 行", "条款：", "依据：", "套餐外流量费"] {
        assert!(finding.contains(text), "{text} in {finding}");
    }
    // With the pack 400 MB are outside: one started GB, 5 yuan.
    let by_name = output(&["explain", &report, "2025-10/data-out"], 0);
    assert!(by_name.contains("⌈400MB ÷ 1GB⌉ = 1") && by_name.contains("1 × 5 = 5"), "{by_name}");
    let by_amount = output(&["explain", &report, "55"], 0);
    assert!(by_amount.contains("套餐外流量费　55.00 元"), "{by_amount}");
    assert_eq!(output(&["explain", &report, "F-0000000000"], 2), "");
    assert_eq!(output(&["explain", &copy.path("case.toml").to_string_lossy(), "1.00"], 3), "");
}

#[test]
fn explain_knows_sums_files_checks_and_next_steps_by_their_names() {
    let copy = Copy::of("pack-not-renewed");
    let (_, read, _) = copy.check();
    let report = copy.folder.path().join("out/report.json").to_string_lossy().into_owned();
    let explain = |id: &str| output(&["explain", &report, id], 0);
    // September 39 + 15, October 39 + 0.30 + 5 + 15: 113.30 owed; 35.00 claimed (see above).
    for name in ["claim_proven", "totals.claim_proven", "已证实"] {
        let printed = explain(name);
        assert!(printed.contains("35.00 元") && printed.contains("F-"), "{name}: {printed}");
    }
    let expected = explain("应收");
    for text in ["expected_low", "expected_high", "2025-10/data-out", "113.30 元"] {
        assert!(expected.contains(text), "{text} in {expected}");
    }
    assert!(explain("争议").contains("套餐外流量费"));
    assert!(explain("套餐外流量费").contains("⌈400MB ÷ 1GB⌉ = 1"));
    let step = read["next_steps"][0]["what"].as_str().expect("a step");
    assert!(explain("下一步").contains(step) && explain("next_steps").contains(step));
    assert!(explain("sub-001").contains("发现问题"));
    let path = read["inputs"][0]["path"].as_str().expect("a path");
    let name = path.rsplit('/').next().expect("a name");
    assert!(explain(path).contains("SHA-256") && explain(name).contains("SHA-256"));
    // An id that is not typed to its end, and one with a wrong letter.
    let id = read["findings"][0]["id"].as_str().expect("a finding");
    assert!(explain(&id[..6]).contains("SUB-001"));
    let wrong = format!("{}x", &id[..id.len() - 1]);
    let run = mingzhang().args(["explain", &report, &wrong]).output().expect("it runs");
    let advice = String::from_utf8(run.stderr).expect("UTF-8");
    assert_eq!(run.status.code(), Some(2));
    assert!(advice.contains(id), "{advice}");
}

#[test]
fn the_expected_lines_of_the_samples_can_be_recomputed_from_their_traces() {
    for case in CASES {
        let (_, report, _) = Copy::of(case).check();
        let formulas = evaluate_report(&report).unwrap_or_else(|problem| panic!("{case}: {problem}"));
        assert!(formulas > 0, "{case}");
    }
}

#[test]
fn the_skeletons_hold_as_they_stand() {
    for kind in ["plan", "pack"] {
        let folder = tempfile::TempDir::new().expect("a folder");
        let path = folder.path().join("new.toml");
        fs::write(&path, output(&["plans", "--new", kind], 0)).expect("written");
        let checked = output(&["plans", "--check", &path.to_string_lossy()], 0);
        assert!(checked.contains("通过校验"), "{checked}");
    }
    assert_eq!(output(&["plans", "--new"], 0), output(&["plans", "--new", "plan"], 0));
}
