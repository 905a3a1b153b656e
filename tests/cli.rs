//! The binary, run the way a person does, on the sample cases and on cases made worse.

mod init;
mod letter;
mod rate;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

const CASES: [&str; 3] = ["mms-15-yuan", "pack-not-renewed", "clean"];

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_bills")
}

pub(crate) fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder").map(|entry| entry.expect("an entry")) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target)
        } else {
            drop(fs::copy(entry.path(), target))
        }
    }
}

/// A copy of a sample case that a test may spoil.
struct Copy {
    folder: TempDir,
}

impl Copy {
    fn of(case: &str) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        copy_folder(&samples().join(case), &folder.path().join("case"));
        Self { folder }
    }

    fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join("case").join(file)
    }

    /// Rewrites a GB18030 file line by line.
    fn edit(&self, file: &str, change: impl Fn(Vec<String>) -> Vec<String>) {
        let bytes = fs::read(self.path(file)).expect("the file is there");
        let (text, _, broken) = encoding_rs::GB18030.decode(&bytes);
        assert!(!broken);
        let lines = change(text.lines().map(str::to_owned).collect());
        let text = lines.join("\r\n") + "\r\n";
        let (bytes, _, _) = encoding_rs::GB18030.encode(&text);
        fs::write(self.path(file), bytes).expect("written");
    }

    fn rename(&self, from: &str, to: &str) {
        fs::rename(self.path(from), self.path(to)).expect("renamed");
    }

    /// Runs `check` and returns (exit status, report, stderr).
    fn check(&self) -> (i32, Value, String) {
        let out = self.folder.path().join("out");
        let run = mingzhang()
            .arg("check")
            .arg(self.folder.path().join("case"))
            .arg("--out")
            .arg(&out)
            .output()
            .expect("runs");
        let stderr = String::from_utf8_lossy(&run.stderr).into_owned();
        let text =
            fs::read_to_string(out.join("report.json")).unwrap_or_else(|_| panic!("a report\n{stderr}"));
        (run.status.code().expect("a status"), serde_json::from_str(&text).expect("JSON"), stderr)
    }
}

fn mingzhang() -> Command {
    Command::new(env!("CARGO_BIN_EXE_mingzhang"))
}

fn sample(case: &str) -> Value {
    let (status, report, _) = Copy::of(case).check();
    assert_eq!(status, 0);
    assert_closes(&report);
    report
}

fn fen(value: &Value) -> i64 {
    let text = value.as_str().expect("money is text");
    let (yuan, places) = text.split_once('.').expect("two places");
    assert_eq!(places.len(), 2, "{text}");
    let size: i64 = format!("{}{places}", yuan.trim_start_matches('-')).parse().expect("digits");
    if yuan.starts_with('-') { -size } else { size }
}

/// The sums that must close in every report, added up here and not by the program.
fn assert_closes(report: &Value) {
    let totals = &report["totals"];
    let parts = ["explained", "disputed", "unverified"].map(|key| fen(&totals[key]));
    assert_eq!(parts.iter().sum::<i64>(), fen(&totals["billed"]));
    let lines = report["lines"].as_array().expect("lines");
    for key in ["explained", "disputed", "unverified"] {
        assert_eq!(lines.iter().map(|line| fen(&line[key])).sum::<i64>(), fen(&totals[key]), "{key}");
    }
    for gap in report["gaps"].as_array().expect("gaps") {
        let causes: i64 =
            gap["causes"].as_array().expect("causes").iter().map(|cause| fen(&cause["amount"])).sum();
        assert_eq!(fen(&gap["billed"]) - fen(&gap["expected"]), causes + fen(&gap["residual"]));
        assert_eq!(gap["residual"], "0.00");
    }
    for input in report["inputs"].as_array().expect("inputs") {
        let count = |key: &str| input[key].as_u64().expect("a count");
        assert_eq!(count("rows_read"), count("rows_used") + count("rows_set_aside"), "{}", input["path"]);
    }
    assert_eq!(report["control"]["closes"], true);
}

fn findings(report: &Value) -> Vec<(String, String, String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let all = report["findings"].as_array().expect("findings").iter();
    all.filter(|f| f["kind"] == "E")
        .map(|f| (text(&f["code"]), text(&f["verdict"]), text(&f["amount"]), text(&f["claim"])))
        .collect()
}

fn finding(code: &str, verdict: &str, amount: &str, claim: &str) -> Vec<(String, String, String, String)> {
    vec![(code.into(), verdict.into(), amount.into(), claim.into())]
}

/// Everything about the findings that must not depend on names of files and order of rows.
fn finding_ids(report: &Value) -> Vec<String> {
    let all = report["findings"].as_array().expect("findings").iter();
    let mut ids: Vec<String> =
        all.map(|f| format!("{} {} {} {}", f["id"], f["verdict"], f["amount"], f["claim"])).collect();
    ids.sort();
    ids
}

#[test]
fn an_mms_fee_without_any_mms_is_proven() {
    // sample_bills/README.md: 59.00 + 0.00 + 15.00 + 15.00 billed, 74.00 due.
    let report = sample("mms-15-yuan");
    assert_eq!(findings(&report), finding("USE-001", "proven", "15.00", "15.00"));
    let totals = &report["totals"];
    assert_eq!((totals["billed"].as_str(), totals["expected_low"].as_str()), (Some("89.00"), Some("74.00")));
    assert_eq!(
        (totals["expected_high"].as_str(), totals["claim_proven"].as_str()),
        (Some("74.00"), Some("15.00"))
    );
    assert_eq!((totals["unverified"].as_str(), totals["paid"].as_str()), (Some("0.00"), Some("89.00")));
    let evidence = report["findings"][0]["evidence"].as_array().expect("evidence");
    let bill =
        evidence.iter().find(|e| e["path"] == "bills/2025-10账单.csv").expect("the bill row is quoted");
    assert_eq!((bill["row"].as_u64(), bill["quote"].as_str()), (Some(12), Some("15.00")));
    let window =
        |e: &&Value| e["quote"].as_str().is_some_and(|quote| quote.contains("从2025-10-01到2025-10-31"));
    let window = evidence.iter().find(window).expect("the window of the list is quoted");
    assert_eq!(
        (window["path"].as_str(), window["row"].as_u64()),
        (Some("usage/短彩信详单202510.csv"), Some(3))
    );
}

#[test]
fn without_the_window_of_the_list_the_finding_is_only_probable() {
    let copy = Copy::of("mms-15-yuan");
    copy.edit("usage/短彩信详单202510.csv", |lines| {
        lines.into_iter().filter(|line| !line.starts_with('从')).collect()
    });
    let (_, report, _) = copy.check();
    assert_closes(&report);
    assert_eq!(findings(&report), finding("USE-001", "probable", "15.00", "15.00"));
    assert_eq!(report["totals"]["claim_proven"], "0.00");
}

#[test]
fn without_the_list_the_finding_needs_evidence_and_says_which() {
    let copy = Copy::of("mms-15-yuan");
    fs::remove_file(copy.path("usage/短彩信详单202510.csv")).expect("removed");
    let (_, report, _) = copy.check();
    assert_closes(&report);
    let mms: Vec<_> = findings(&report).into_iter().filter(|f| f.0 == "USE-001").collect();
    assert_eq!(mms, finding("USE-001", "needs-evidence", "15.00", "0.00"));
    let totals = &report["totals"];
    assert_eq!(
        (totals["claim_proven"].as_str(), totals["unverified"].as_str()),
        (Some("0.00"), Some("15.00"))
    );
    assert_eq!(totals["at_stake_needs_evidence"], "15.00");
    let found = report["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .find(|f| f["code"] == "USE-001")
        .expect("found");
    let ask = found["ask"].to_string();
    // October's raw records are kept to the last day of October + 5 months.
    for word in ["短彩信详单", "中国移动", "2026-03-31"] {
        assert!(ask.contains(word), "{ask}");
    }
}

#[test]
fn one_mms_in_the_list_ends_the_finding() {
    let copy = Copy::of("mms-15-yuan");
    copy.edit("usage/短彩信详单202510.csv", |lines| {
        lines
            .into_iter()
            .map(|line| line.replace("13900000001,发送,短信,短信", "13900000001,发送,彩信,彩信"))
            .collect()
    });
    let (_, report, _) = copy.check();
    assert_closes(&report);
    assert!(findings(&report).iter().all(|f| f.0 != "USE-001"), "{:?}", findings(&report));
}

#[test]
fn a_pack_that_did_not_renew_costs_overage_less_its_price() {
    // sample_bills/README.md: 55.00 billed − 5.00 had it renewed − 15.00 pack = 35.00.
    let report = sample("pack-not-renewed");
    assert_eq!(findings(&report), finding("SUB-001", "proven", "35.00", "35.00"));
    let totals = &report["totals"];
    assert_eq!(
        (totals["billed"].as_str(), totals["expected_high"].as_str()),
        (Some("148.30"), Some("113.30"))
    );
    let expected = report["expected"].as_array().expect("expected").iter();
    let overage =
        expected.filter(|e| e["period"] == "2025-10" && e["name"] == "data-out").collect::<Vec<_>>();
    assert_eq!(overage.len(), 1);
    assert_eq!(overage[0]["amount_high"], "5.00");
    assert!(!overage[0]["trace"].as_array().expect("a trace").is_empty());
}

#[test]
fn a_clean_case_has_no_finding_and_every_yuan_is_explained() {
    let report = sample("clean");
    assert_eq!(findings(&report), vec![]);
    let totals = &report["totals"];
    assert_eq!((totals["billed"].as_str(), totals["explained"].as_str()), (Some("59.80"), Some("59.80")));
    assert!(report["detectors"].as_array().expect("detectors").iter().all(|d| d["outcome"] != "found"));
}

#[test]
fn a_second_run_writes_the_same_bytes() {
    for case in CASES {
        let copy = Copy::of(case);
        let read = || {
            copy.check();
            let out = copy.folder.path().join("out");
            [
                "report.json",
                "report.html",
                "report.md",
                "report.pdf",
                "report.xlsx",
                "report.ics",
                "letters/operator.md",
                "letters/operator.pdf",
            ]
            .map(|name| fs::read(out.join(name)).expect(name))
        };
        assert!(read() == read(), "{case}");
    }
}

#[test]
fn the_committed_reports_are_what_check_writes() {
    for case in CASES {
        let copy = Copy::of(case);
        copy.check();
        let written = fs::read_to_string(copy.folder.path().join("out/report.json")).expect("a report");
        let expected = samples().join("expected").join(format!("{case}.json"));
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::create_dir_all(expected.parent().expect("a folder")).expect("a folder");
            fs::write(&expected, &written).expect("written");
        }
        let committed = fs::read_to_string(&expected).expect("sample_bills/expected holds the report");
        assert!(written == committed, "{case}: UPDATE_GOLDEN=1 cargo test, then read the difference");
    }
}

#[test]
fn order_of_rows_and_names_of_files_change_no_finding() {
    let shuffle = |lines: Vec<String>| {
        let header = lines.iter().position(|line| line.starts_with("起始时间")).expect("a header");
        let (head, rows) = lines.split_at(header + 1);
        // Every third row first: a fixed shuffle, the same on every machine.
        let mut rows: Vec<(usize, String)> = rows.iter().cloned().enumerate().collect();
        rows.sort_by_key(|(index, _)| (index % 3, usize::MAX - index));
        head.iter().cloned().chain(rows.into_iter().map(|(_, row)| row)).collect()
    };
    let plain = sample("mms-15-yuan");
    let copy = Copy::of("mms-15-yuan");
    for list in ["usage/短彩信详单202510.csv", "usage/通话详单202510.csv", "usage/上网详单202510.csv"]
    {
        copy.edit(list, shuffle);
    }
    copy.rename("usage/短彩信详单202510.csv", "usage/zz.csv");
    copy.rename("bills/2025-10账单.csv", "payments/a.csv");
    copy.rename("usage/上网详单202510.csv", "b.txt");
    let (status, report, stderr) = copy.check();
    assert_eq!(status, 0, "{stderr}");
    assert_closes(&report);
    assert_eq!(finding_ids(&report), finding_ids(&plain));
    assert_eq!(report["totals"], plain["totals"]);

    let plain = sample("pack-not-renewed");
    let copy = Copy::of("pack-not-renewed");
    copy.rename("bills/账单2025-10.xlsx", "bills/0.xlsx");
    copy.rename("usage/上网详单202510.csv", "usage/list.csv");
    let (_, report, _) = copy.check();
    assert_eq!(finding_ids(&report), finding_ids(&plain));
}

#[test]
fn workbook_numbers_reach_the_report_without_their_binary_tail() {
    let report = sample("pack-not-renewed");
    let line = report["lines"]
        .as_array()
        .expect("lines")
        .iter()
        .find(|line| line["item"] == "短信费")
        .expect("the line");
    assert_eq!(line["amount"], "0.30");
    let file = samples().join("pack-not-renewed/payments/微信支付账单流水文件(20250901-20251130).xlsx");
    let run = mingzhang().args(["inspect", "--json", "--records"]).arg(file).output().expect("runs");
    let inspected: Value = serde_json::from_slice(&run.stdout).expect("JSON");
    let records = inspected[0]["records"].as_array().expect("records");
    assert!(records.iter().any(|record| record["amount"] == "548.58"), "{records:?}");
    // 548.58 + 94.30 + 8.88 + 54.00 + 100.10 = 805.86.
    assert_eq!(inspected[0]["sum_amount"], "805.86");
}

#[test]
fn bad_files_beside_good_ones_are_reported_with_place_value_rule_and_help() {
    let copy = Copy::of("mms-15-yuan");
    let good = sample("mms-15-yuan");
    // An unreadable amount (letter O), an unknown layout, a truncated workbook.
    fs::write(
        copy.path("bills/手抄.csv"),
        "msisdn,period,item,category,amount\n13800001111,2025-09,月费,plan-fee,59.0O\n",
    )
    .expect("written");
    fs::write(copy.path("usage/unknown.csv"), "甲,乙,丙\n1,2,3\n").expect("written");
    let whole = fs::read(samples().join("clean/bills/账单2025-10.xlsx")).expect("a workbook");
    let mut cut = fs::File::create(copy.path("bills/cut.xlsx")).expect("a file");
    cut.write_all(&whole[..whole.len() / 2]).expect("written");
    let (status, report, stderr) = copy.check();
    assert_eq!(status, 3);
    assert_closes(&report);
    assert_eq!(finding_ids(&report), finding_ids(&good));
    let row = report["set_aside"]
        .as_array()
        .expect("rows")
        .iter()
        .find(|row| row["path"] == "bills/手抄.csv")
        .expect("reported");
    assert_eq!(
        (row["row"].as_u64(), row["column"].as_u64(), row["value"].as_str()),
        (Some(2), Some(5), Some("59.0O"))
    );
    assert_eq!(row["header"], "amount");
    for key in ["rule", "reason", "help"] {
        assert!(row[key].as_str().is_some_and(|text| !text.is_empty()), "{key}: {row}");
    }
    assert!(stderr.contains("bills/手抄.csv:2:5") && stderr.contains("59.0O"), "{stderr}");
    let problem = |path: &str| {
        let inputs = report["inputs"].as_array().expect("inputs");
        inputs.iter().find(|input| input["path"] == path).expect("listed")["problem"]["code"]
            .as_str()
            .map(str::to_owned)
    };
    assert_eq!(problem("usage/unknown.csv").as_deref(), Some("unknown-layout"));
    assert_eq!(problem("bills/cut.xlsx").as_deref(), Some("truncated"));
}

#[test]
fn a_broken_case_file_is_refused_with_all_its_problems() {
    let copy = Copy::of("clean");
    fs::write(copy.path("case.toml"), "schema = \"mingzhang.case/1\"\ntitel = \"x\"\nas_of = 2025-13-01\n")
        .expect("written");
    let run = mingzhang().arg("check").arg(copy.path("")).output().expect("runs");
    assert_eq!(run.status.code(), Some(3));
    let stderr = String::from_utf8_lossy(&run.stderr);
    assert!(stderr.contains("titel") && stderr.contains("case.toml"), "{stderr}");
}

#[test]
fn fail_on_turns_a_finding_into_exit_status_1() {
    let run = |case: &str, level: &str| {
        let out = TempDir::new().expect("a folder");
        let path = samples().join(case);
        let run =
            mingzhang().arg("check").arg(path).args(["--fail-on", level, "--out"]).arg(out.path()).output();
        run.expect("runs").status.code()
    };
    assert_eq!((run("mms-15-yuan", "proven"), run("clean", "proven")), (Some(1), Some(0)));
}

#[test]
fn wrong_words_are_a_usage_error() {
    assert_eq!(mingzhang().arg("chekc").output().expect("runs").status.code(), Some(2));
    let run = mingzhang().args(["detectors", "USE-999"]).output().expect("runs");
    assert_eq!(run.status.code(), Some(2));
    // The nearest code there is: one figure away.
    assert!(String::from_utf8_lossy(&run.stderr).contains("USE-009"));
}

#[test]
fn catalogues_and_plans_answer() {
    let text = |args: &[&str]| {
        let run = mingzhang().args(args).output().expect("runs");
        assert_eq!(run.status.code(), Some(0), "{args:?}: {}", String::from_utf8_lossy(&run.stderr));
        String::from_utf8(run.stdout).expect("UTF-8")
    };
    assert!(text(&["detectors"]).contains("mms-charged-without-mms"));
    assert!(text(&["detectors", "USE-001"]).contains("## Example"));
    assert!(text(&["formats"]).contains("cmcc/bill-1"));
    assert!(text(&["laws", "dx-33"]).contains("收费清单"));
    let plan = samples().join("mms-15-yuan/plans/demo-59.toml");
    assert!(text(&["plans", "--check", &plan.to_string_lossy()]).contains("demo-59"));
}

#[test]
fn a_plan_whose_example_is_wrong_is_not_used() {
    let copy = Copy::of("mms-15-yuan");
    let plan = copy.path("plans/demo-59.toml");
    let text = fs::read_to_string(&plan)
        .expect("a plan")
        .replace("\"data-out\" = \"15.00\"", "\"data-out\" = \"15.01\"");
    fs::write(&plan, text).expect("written");
    let run = mingzhang().args(["plans", "--check"]).arg(&plan).output().expect("runs");
    assert_eq!(run.status.code(), Some(3));
    let (status, report, stderr) = copy.check();
    assert_eq!(status, 3, "{stderr}");
    assert!(stderr.contains("15.01") && stderr.contains("15.00"), "{stderr}");
    // The MMS fee needs no plan: it stays proven.
    assert_eq!(findings(&report), finding("USE-001", "proven", "15.00", "15.00"));
    assert_closes(&report);
}
