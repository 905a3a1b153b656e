//! Every sample in one line of what `inspect` says of it, compared with a kept list that was read by a person.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::layouts::LAYOUTS;
use super::{inspected, read};

const GOLDEN: &str = "tests/golden/inspect-samples.txt";

#[test]
fn every_sample_is_counted_summed_and_dated_as_its_owner_would() {
    let lines: Vec<String> = LAYOUTS.iter().map(|(_, text, _)| line(text)).collect();
    let shown = lines.join("\n") + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(GOLDEN);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, &shown).expect("the list is written");
    }
    let golden = fs::read_to_string(&path).expect("the list is kept");
    assert!(golden == shown, "{GOLDEN} differs; UPDATE_GOLDEN=1 rewrites it\n{shown}");
}

/// Format, table, rows, counts, sum, window with its origin, number, day of export, control totals.
fn line(text: &str) -> String {
    let of_file = inspected(&read("sample.csv", text));
    let plain = |key: &str| match &of_file[key] {
        Value::String(text) => text.clone(),
        Value::Null => "-".to_owned(),
        other => other.to_string(),
    };
    let window = match &of_file["covers"] {
        Value::Null => "-".to_owned(),
        covers => {
            let part = |key: &str| covers[key].as_str().unwrap_or_default().to_owned();
            format!("{}..{} {}", part("start"), part("end"), part("by"))
        }
    };
    let controls = of_file["control"].as_array().into_iter().flatten();
    let controls: Vec<String> = controls
        .map(|it| {
            format!("{}={}{}", it["name"], it["stated"], if it["ties"] == true { "" } else { " differs" })
        })
        .collect();
    format!(
        "{} {} | read {} used {} aside {} | {} | sum {} | {window} | number {} | exported {} | {}",
        plain("profile"),
        plain("table"),
        plain("rows_read"),
        plain("rows_used"),
        plain("rows_set_aside"),
        plain("count_by_kind"),
        plain("sum_amount"),
        plain("msisdn"),
        plain("exported_on"),
        controls.join(" "),
    )
}
