//! The house rules, checked: direction of layers, bans, sizes, one crate one module, true documents.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Top modules by layer; a module imports only lower ones and itself. The ground floor is one room: errors carry
/// messages, money returns errors.
const LAYERS: &[(&str, u32)] = &[
    ("embedded", 0),
    ("error", 0),
    ("model", 0),
    ("spec", 0),
    ("ingest", 1),
    ("rules", 1),
    ("rating", 2),
    ("reconcile", 3),
    ("detect", 4),
    ("settle", 5),
    ("report", 6),
    ("render", 7),
    ("analyse", 8),
    ("bundle", 9),
    ("portfolio", 9),
    ("cli", 10),
    ("main", 11),
    ("lib", 11),
];

/// The layer of the command line.
const COMMAND_LINE: u32 = 10;

struct SourceFile {
    path: String,
    module: String,
    text: String,
}

impl SourceFile {
    /// The file without comment lines, so that prose about a ban is not a breach of it.
    fn code_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().enumerate().map(|(index, line)| (index + 1, line));
        lines.filter(|(_, line)| !line.trim_start().starts_with("//"))
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files_below(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files_below(&path, extension));
        } else if path.extension().is_some_and(|e| e == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn sources() -> Vec<SourceFile> {
    let src = root().join("src");
    let files = files_below(&src, "rs");
    assert!(files.len() > 30, "the source folder is where it is looked for");
    let read = |path: PathBuf| {
        let relative = path.strip_prefix(&src).expect("below src").to_string_lossy().replace('\\', "/");
        let module = relative.split(['/', '.']).next().unwrap_or_default().to_owned();
        SourceFile {
            path: relative,
            module,
            text: fs::read_to_string(&path).expect("source files are UTF-8"),
        }
    };
    files.into_iter().map(read).collect()
}

fn layer(module: &str) -> Option<u32> {
    LAYERS.iter().find(|(name, _)| *name == module).map(|(_, layer)| *layer)
}

fn report(breaches: Vec<String>) {
    assert!(breaches.is_empty(), "{} breaches:\n{}", breaches.len(), breaches.join("\n"));
}

#[test]
fn every_module_imports_only_lower_layers() {
    let mut breaches = Vec::new();
    for file in sources() {
        let own = layer(&file.module).unwrap_or_else(|| panic!("src/{} belongs to no layer", file.path));
        for (row, line) in file.code_lines() {
            for used in line.split("crate::").skip(1) {
                let module =
                    used.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
                let allowed =
                    module == file.module || layer(module).is_none_or(|other| other < own || other == 0);
                if !allowed {
                    breaches.push(format!("src/{}:{row}: layer {own} imports {module}", file.path));
                }
            }
        }
    }
    report(breaches);
}

/// What must not stand below the command line, and the files that may use it all the same.
const BANS: &[(&str, &[&str])] = &[
    ("println!", &[]),
    ("print!(", &[]),
    ("dbg!", &[]),
    ("std::fs", &[]),
    ("std::env::", &[]),
    ("SystemTime", &[]),
    ("Instant::now", &[]),
    ("Local::now", &[]),
    ("Utc::now", &[]),
    // The interner only looks up; its order never leaves it.
    ("HashMap", &["model/usage.rs"]),
    ("HashSet", &[]),
    ("todo!", &[]),
    ("unimplemented!", &[]),
    (".unwrap()", &[]),
    ("from_f64", &[]),
    ("thread_rng", &[]),
];

#[test]
fn nothing_below_the_command_line_prints_reads_or_guesses() {
    let mut breaches = Vec::new();
    for file in sources().iter().filter(|file| layer(&file.module).is_some_and(|layer| layer < COMMAND_LINE))
    {
        for (row, line) in file.code_lines() {
            for (ban, allowed) in BANS {
                let word_before =
                    line.split(ban).next().and_then(|s| s.chars().last()).is_some_and(char::is_alphanumeric);
                if line.contains(ban) && !word_before && !allowed.contains(&file.path.as_str()) {
                    breaches.push(format!("src/{}:{row}: {ban}", file.path));
                }
            }
        }
    }
    report(breaches);
}

#[test]
fn binary_floats_stay_where_workbooks_and_pixels_are() {
    // A number cell of a workbook knows no other numbers; its exact text stands beside it.
    let allowed = ["ingest/read_workbook", "render/chart", "render/pdf/paint", "render/xlsx/number"];
    let mut breaches = Vec::new();
    for file in sources().iter().filter(|file| !allowed.iter().any(|prefix| file.path.starts_with(prefix))) {
        for (row, line) in file.code_lines() {
            let words: BTreeSet<&str> = line.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
            if words.contains("f64") || words.contains("f32") {
                breaches.push(format!("src/{}:{row}: {}", file.path, line.trim()));
            }
        }
    }
    report(breaches);
}

/// One crate, one place: (crate as written in code, path prefixes that may name it).
const HOMES: &[(&str, &[&str])] = &[
    ("calamine", &["ingest/read_workbook"]),
    ("cfb", &["ingest/read_workbook"]),
    ("quick_xml", &["ingest/read_workbook", "render/markup"]),
    ("html5gum", &["ingest/read_html"]),
    ("zip", &["ingest/read_workbook", "ingest/open", "bundle/archive"]),
    ("csv", &["portfolio/write_csv"]),
    ("encoding_rs", &["ingest/decode", "ingest/read_csv", "ingest/open", "bundle/mask"]),
    ("parquet", &["ingest/read_parquet", "portfolio/write_parquet"]),
    ("bytes", &["ingest/read_parquet"]),
    ("polars_core", &["portfolio/frame"]),
    ("polars_ops", &["portfolio/frame"]),
    ("plotters", &["render/chart"]),
    ("krilla", &["render/pdf/paint"]),
    ("ttf_parser", &["render/pdf/face"]),
    ("minijinja", &["report/wording", "render/template"]),
    ("annotate_snippets", &["rules/problem_text"]),
    ("rust_xlsxwriter", &["render/xlsx/book", "bundle/mask/write"]),
    ("icalendar", &["render/ics"]),
    ("resvg", &["render/png"]),
    ("clap", &["cli"]),
    ("tempfile", &["cli"]),
    ("indicatif", &["cli"]),
];

#[test]
fn every_crate_has_one_home() {
    let mut breaches = Vec::new();
    for file in sources() {
        for (row, line) in file.code_lines() {
            for (name, homes) in HOMES {
                let used = line.contains(&format!("use {name}::")) || line.contains(&format!(" {name}::"));
                if used && !homes.iter().any(|home| file.path.starts_with(home)) {
                    breaches.push(format!("src/{}:{row}: {name} belongs in {homes:?}", file.path));
                }
            }
        }
    }
    report(breaches);
}

#[test]
fn files_and_functions_stay_small() {
    let mut breaches = Vec::new();
    for file in sources() {
        let lines = file.text.lines().count();
        // Type definitions with a sentence for every field are long and still read top-down.
        let limit = if file.path == "report/model.rs" || file.path.starts_with("model/") { 900 } else { 400 };
        if lines > limit {
            breaches.push(format!("src/{}: {lines} lines, at most {limit}", file.path));
        }
        let mut started: Option<(usize, usize)> = None;
        for (row, line) in file.text.lines().enumerate() {
            let indent = line.len() - line.trim_start().len();
            let opens = line.trim_start().starts_with("fn ")
                || line.contains("pub fn ")
                || line.contains("pub(crate) fn ");
            if opens && line.trim_end().ends_with('{') {
                started = Some((row, indent));
            }
            if let Some((start, depth)) = started
                && line.trim_end() == format!("{}}}", " ".repeat(depth))
            {
                if row - start > 70 {
                    breaches.push(format!(
                        "src/{}:{}: function of {} lines",
                        file.path,
                        start + 1,
                        row - start
                    ));
                }
                started = None;
            }
        }
    }
    report(breaches);
}

#[test]
fn every_dependency_says_why_it_is_there() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("Cargo.toml is there");
    let mut section = "";
    let mut before = "";
    let mut breaches = Vec::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            section = line;
        } else if section.contains("dependencies]")
            && line.contains('=')
            && !line.starts_with('#')
            && !before.starts_with('#')
        {
            breaches.push(format!("Cargo.toml: {line}"));
        }
        before = line;
    }
    report(breaches);
}

/// Whatever opens a connection does it through one of these. An asynchronous runtime alone does not: it opens sockets with
/// the help of `mio` and `socket2`.
#[test]
fn no_network_code_is_in_the_tree() {
    let lock = fs::read_to_string(root().join("Cargo.lock")).expect("Cargo.lock is there");
    let networked = [
        "mio",
        "socket2",
        "async-io",
        "reqwest",
        "hyper",
        "ureq",
        "attohttpc",
        "curl",
        "rustls",
        "native-tls",
        "openssl",
        "h2",
        "quinn",
        "isahc",
        "object_store",
    ];
    let named = |name: &&&str| lock.contains(&format!("name = \"{name}\"\n"));
    let found: Vec<&&str> = networked.iter().filter(named).collect();
    assert!(found.is_empty(), "bills never leave the machine, but the tree holds {found:?}");
}

#[test]
fn every_sentence_in_the_code_has_words_in_both_languages() {
    let wordings = ["zh", "en"].map(|lang| {
        let files = files_below(&root().join("schemas/wording").join(lang), "toml");
        let text: Vec<String> =
            files.iter().map(|path| fs::read_to_string(path).expect("wording is UTF-8")).collect();
        text.join("\n")
    });
    let mut breaches = Vec::new();
    for file in sources() {
        for (row, line) in file.code_lines() {
            for key in line.split("Message::new(\"").skip(1).filter_map(|rest| rest.split('"').next()) {
                for (lang, wording) in ["zh", "en"].iter().zip(&wordings) {
                    if !wording.contains(&format!("\"{key}\" =")) {
                        breaches.push(format!("src/{}:{row}: `{key}` has no words in {lang}", file.path));
                    }
                }
            }
        }
    }
    report(breaches);
}

#[test]
fn paths_named_in_the_documents_exist() {
    let mut breaches = Vec::new();
    for name in ["README.md", "ARCHITECTURE.md", "sample_bills/README.md"] {
        let text = fs::read_to_string(root().join(name)).unwrap_or_else(|_| panic!("{name} is there"));
        for quoted in text.split('`').skip(1).step_by(2) {
            let path = quoted.trim_end_matches('/');
            let looks_like_path =
                ["src/", "schemas/", "tests/", "sample_bills/", ".ci/"].iter().any(|p| path.starts_with(p));
            let plain = !path.contains(|c: char| "<>*{} ".contains(c));
            if looks_like_path && plain && !root().join(path).exists() {
                breaches.push(format!("{name}: {quoted}"));
            }
        }
    }
    report(breaches);
}

#[test]
fn no_file_names_a_machine_or_a_registry() {
    let tracked = ["rs", "toml", "md", "html", "py", "json"].iter().flat_map(|extension| {
        ["src", "schemas", "tests", "sample_bills"]
            .iter()
            .flat_map(move |folder| files_below(&root().join(folder), extension))
    });
    let marks: BTreeMap<&str, &str> = [
        ("/home/", "a home folder"),
        (concat!("/ro", "ot/"), "a home folder"),
        ("/Users/", "a home folder"),
        ("crates.io/", "a registry"),
    ]
    .into();
    let mut breaches = Vec::new();
    for path in tracked.filter(|path| !path.ends_with("tests/tidy.rs")) {
        let text = fs::read_to_string(&path).unwrap_or_default();
        for (mark, what) in &marks {
            if text.contains(mark) {
                breaches.push(format!("{}: names {what}", path.display()));
            }
        }
    }
    report(breaches);
}
