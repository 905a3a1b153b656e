//! The kept inputs of the fuzz targets, run as an ordinary test.

#[path = "../../fuzz/targets.rs"]
mod targets;

use std::fs;
use std::path::Path;

/// Name of a target and what it does with its bytes.
type Target = (&'static str, fn(&[u8]));

#[test]
fn every_kept_input_is_read_or_refused_without_a_panic() {
    let runs: [Target; 6] = [
        ("csv", targets::csv),
        ("workbook", targets::workbook),
        ("html", targets::html),
        ("parquet", targets::parquet),
        ("cell", targets::cell),
        ("format", targets::format),
    ];
    for (name, run) in runs {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name);
        let mut count = 0;
        for entry in fs::read_dir(folder).expect("the inputs are kept").flatten() {
            run(&fs::read(entry.path()).expect("an input"));
            count += 1;
        }
        assert!(count > 0, "{name} has no input");
    }
}
