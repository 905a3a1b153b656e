//! The report: words, model, page, charts, letters.

mod fixture;
mod html;
mod wording;

/// Returns the source files of the library: (path, text).
fn sources() -> Vec<(String, String)> {
    fn collect(folder: &std::path::Path, files: &mut Vec<(String, String)>) {
        for entry in std::fs::read_dir(folder).expect("the folder is there").flatten() {
            let path = entry.path();
            if path.is_dir() {
                collect(&path, files);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).expect("sources are text");
                files.push((path.display().to_string(), text));
            }
        }
    }
    let mut files = Vec::new();
    collect(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    files
}

/// Writes the page where a person can look at it, when `LOOK_AT` names a folder.
#[test]
fn pages_can_be_looked_at() {
    use mingzhang::report::wording::{Lang, Wording};
    let Ok(folder) = std::env::var("LOOK_AT") else { return };
    for lang in Lang::ALL {
        let wording = Wording::load(lang).expect("words");
        for (name, report) in [("mms", fixture::mms_15_yuan()), ("clean", fixture::clean())] {
            let html = mingzhang::render::html::render(&report, &wording).unwrap_or_else(|error| panic!("{error:?}"));
            std::fs::write(format!("{folder}/{name}-{}.html", lang.code()), html).expect("writable");
        }
    }
}
