//! From the sample cases to the report: what the assembly adds to the settled case.

use std::path::{Path, PathBuf};

use mingzhang::ingest::{self, FormatBook, InputFile};
use mingzhang::model::money::Money;
use mingzhang::report::assemble::{Assembly, assemble};
use mingzhang::report::model::Report;
use mingzhang::report::wording::{Lang, Wording};
use mingzhang::rules::law::LawBook;
use mingzhang::{rating, reconcile, rules, settle};

/// Returns the report of a sample case.
pub fn sample(name: &str, lang: Lang) -> Report {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_bills").join(name);
    let case_text = std::fs::read_to_string(root.join("case.toml")).expect("the case file is there");
    let case_file = rules::case_file::parse("case.toml", &case_text).expect("the case file holds");
    let as_of = case_file.as_of.expect("the sample says its day");
    let plans = files(&root, &root.join("plans")).into_iter().map(|file| {
        let text = String::from_utf8(file.bytes).expect("plans are text");
        (file.path.clone(), rules::plan::parse(&file.path, &text).expect("the plan holds"))
    });
    let (plans, problems) = rating::examples::checked_book(plans).expect("amounts fit");
    assert!(problems.is_empty(), "{problems:?}");
    let formats = FormatBook::built_in().expect("the formats hold");
    let papers = files(&root, &root).into_iter().filter(|file| !file.path.ends_with(".toml"));
    let readings = papers.map(|file| ingest::read_file(&file, None, &formats)).collect();
    let case = ingest::assemble_case(readings, case_file, as_of).expect("the case is assembled");
    let settled = case.lines.iter().map(|line| {
        let rated = rating::rate_line(line, &plans, &[]).expect("rated");
        let reconciliation = reconcile::reconcile(&case, line, &rated).expect("reconciled");
        settle::settle_line_with(&case, line, rated, reconciliation, rating::rerate).expect("settled")
    });
    let settled: Vec<_> = settled.collect();
    let laws = LawBook::built_in();
    let wording = Wording::load(lang).expect("the wording files hold");
    let assembly = Assembly { case: &case, settled: &settled, laws: &laws, plans: &plans, attachments: vec![], notes: vec![] };
    assemble(assembly, &wording).unwrap_or_else(|error| panic!("{error:?}"))
}

/// Returns the files below a folder, by path relative to the root.
fn files(root: &Path, folder: &Path) -> Vec<InputFile> {
    let mut all = Vec::new();
    let mut folders: Vec<PathBuf> = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("the folder is there").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root).expect("below the root").to_string_lossy().replace('\\', "/");
                all.push(InputFile { path: name, bytes: std::fs::read(&path).expect("readable") });
            }
        }
    }
    all.sort_by(|a, b| a.path.cmp(&b.path));
    all
}

fn yuan(text: &str) -> Money {
    Money::parse(text).expect("an amount")
}
