//! `batch` as a person runs it.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

use super::tables::{CASE, Files, PLAN, files, number};

fn mingzhang() -> Command {
    let mut command = Command::cargo_bin("mingzhang").expect("the binary is built");
    command.env_remove("MINGZHANG_LANG");
    command
}

fn write(folder: &Path, files: &Files) {
    fs::create_dir_all(folder.join("plans")).expect("a folder");
    fs::write(folder.join("plans/bulk-39.toml"), PLAN).expect("written");
    fs::write(folder.join("case.toml"), CASE).expect("written");
    for (path, text) in files {
        fs::write(folder.join(path), text).expect("written");
    }
}

const OUTPUTS: [&str; 7] = [
    "findings.csv",
    "findings.parquet",
    "lines.csv",
    "lines.parquet",
    "portfolio.html",
    "portfolio.json",
    "set_aside.csv",
];

#[test]
fn parts_merged_are_the_bytes_of_one_run() {
    let folder = TempDir::new().expect("a folder");
    let tables = folder.path().join("tables");
    write(&tables, &files(40));
    let run = |arguments: &[&str], out: &str| {
        let mut command = mingzhang();
        command.arg("batch").args(arguments).arg("--out").arg(folder.path().join(out)).arg("-q");
        command.assert().success();
    };
    let tables = tables.display().to_string();
    run(&[&tables], "whole");
    let parts: Vec<String> =
        (1..=2).map(|k| folder.path().join(format!("part{k}")).display().to_string()).collect();
    for (k, part) in parts.iter().enumerate() {
        run(&[&tables, "--part", &format!("{}/2", k + 1)], part);
    }
    run(&["--merge", &parts[1], &parts[0]], "merged");
    for name in OUTPUTS {
        let read = |out: &str| fs::read(folder.path().join(out).join(name)).expect(name);
        assert_eq!(read("whole"), read("merged"), "{name}");
    }
    let mut command = mingzhang();
    let one = command.args(["batch", "--merge", &parts[0], "--out"]).arg(folder.path().join("half"));
    one.assert().code(2);
}

#[test]
fn one_bad_case_never_stops_the_rest() {
    let folder = TempDir::new().expect("a folder");
    let cases = folder.path().join("cases");
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_bills");
    for name in ["mms-15-yuan", "clean"] {
        crate::cli::copy_folder(&samples.join(name), &cases.join(name));
    }
    fs::create_dir_all(cases.join("broken")).expect("a folder");
    fs::write(cases.join("broken/case.toml"), "schema = 3").expect("written");
    let out = folder.path().join("out");
    let mut command = mingzhang();
    command.arg("batch").arg(&cases).arg("--out").arg(&out).args(["--as-of", "2025-11-20", "--reports"]);
    command.assert().code(3);
    let text = fs::read_to_string(out.join("portfolio.json")).expect("written");
    let portfolio: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(portfolio["failures"][0]["case"], "broken");
    assert_eq!(portfolio["totals"]["cases"], 3);
    let findings = fs::read_to_string(out.join("findings.csv")).expect("written");
    assert!(findings.starts_with("case,msisdn,period,code,kind,verdict,amount,claim,title,path,row\n"));
    assert!(findings.contains("mms-15-yuan,"), "{findings}");
    assert!(out.join("cases/clean/report.html").exists());
    let page = fs::read_to_string(out.join("portfolio.html")).expect("written");
    assert!(page.contains("USE-001") && page.contains("broken"));
}

#[test]
fn the_published_schema_is_the_one_of_the_types_and_holds_for_a_portfolio() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/portfolio.schema.json");
    let own = mingzhang::portfolio::schema_text();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, &own).expect("written");
    }
    assert_eq!(fs::read_to_string(&path).expect("published"), own);
    let folder = TempDir::new().expect("a folder");
    write(&folder.path().join("tables"), &files(10));
    let out = folder.path().join("out");
    mingzhang().arg("batch").arg(folder.path().join("tables")).arg("--out").arg(&out).assert().success();
    let portfolio: Value =
        serde_json::from_str(&fs::read_to_string(out.join("portfolio.json")).expect("written"))
            .expect("JSON");
    let schema: Value = serde_json::from_str(&own).expect("JSON");
    assert!(jsonschema::is_valid(&schema, &portfolio));
    // Ten lines of 39.95, with 15.00, 39.00 and 7.00 above: 399.50 + 61.00. One line has no usage, so that its calls
    // and texts (0.95) cannot be told or are refuted; what is claimed is claimed of bills and payments.
    assert_eq!(portfolio["totals"]["billed"], "460.50");
    assert_eq!(portfolio["totals"]["lines"], 10);
}

/// Of ten lines, those with a finding get a report, which quotes the rows of the tables where they stand.
#[test]
fn lines_of_tables_get_a_report_each_on_request() {
    let folder = TempDir::new().expect("a folder");
    let tables = folder.path().join("tables");
    write(&tables, &files(10));
    let out = folder.path().join("out");
    let mut command = mingzhang();
    command.arg("batch").arg(&tables).arg("--reports").arg("--out").arg(&out).assert().success();
    let read = |path: &str| fs::read_to_string(out.join(path)).expect(path);
    let findings = read("findings.csv");
    let page = read("portfolio.html");
    let mut reported = 0;
    for index in 0..10 {
        let msisdn = number(index);
        let rows: Vec<Vec<&str>> = findings.lines().map(|line| line.split(',').collect()).collect();
        let mut claims: Vec<&str> = rows.iter().filter(|row| row[0] == msisdn).map(|row| row[6]).collect();
        let path = format!("lines/{msisdn}/report.json");
        assert_eq!(claims.is_empty(), !out.join(&path).exists(), "{msisdn}");
        if claims.is_empty() {
            continue;
        }
        reported += 1;
        assert!(page.contains(&format!("href=\"lines/{msisdn}/report.html\"")), "{msisdn}");
        let report: Value = serde_json::from_str(&read(&path)).expect("JSON");
        let own = report["findings"].as_array().expect("findings");
        let mut found: Vec<&str> = own.iter().map(|it| it["claim"].as_str().expect("money")).collect();
        claims.sort_unstable();
        found.sort_unstable();
        assert_eq!(found, claims, "{msisdn}");
    }
    assert!(reported >= 5, "{reported} lines have a finding");
    // The second line: 15.00 for pictures that nobody sent; its bill stands in rows 6 to 10, the pictures in row 9.
    let report: Value =
        serde_json::from_str(&read(&format!("lines/{}/report.json", number(1)))).expect("JSON");
    let evidence = report["findings"][0]["evidence"].as_array().expect("evidence");
    let quoted = evidence.iter().find(|row| row["path"] == "bill.csv").expect("the bill is quoted");
    assert_eq!(quoted["row"], 9);
    let text = quoted.to_string();
    assert!(text.contains("15.00"), "{text}");
}
