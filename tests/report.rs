//! The report: words, model, page, charts, letters.

mod calendar;
mod charts;
mod facts;
mod fixture;
pub mod golden;
mod html;
mod letter;
mod model;
mod path;
mod pdf;
mod route;
mod wording;
mod xlsx;

/// Writes the page where a person can look at it, when `LOOK_AT` names a folder.
#[test]
fn pages_can_be_looked_at() {
    use mingzhang::report::wording::{Lang, Wording};
    let Ok(folder) = std::env::var("LOOK_AT") else { return };
    for lang in Lang::ALL {
        let wording = Wording::load(lang).expect("words");
        for (name, report) in [
            ("mms", fixture::mms_15_yuan()),
            ("clean", fixture::clean()),
            ("many", fixture::many()),
            ("strained", fixture::strained()),
            ("long", fixture::long()),
            ("hostile", fixture::hostile()),
        ] {
            put_all(&format!("{folder}/{name}-{}", lang.code()), &report, &wording);
        }
    }
}

/// Writes what the sample cases come to where a person can look at it, when `LOOK_AT` names a folder.
#[test]
fn sample_cases_can_be_looked_at() {
    use mingzhang::report::wording::{Lang, Wording};
    let Ok(folder) = std::env::var("LOOK_AT") else { return };
    for lang in Lang::ALL {
        let wording = Wording::load(lang).expect("words");
        for name in ["mms-15-yuan", "pack-not-renewed", "clean"] {
            let report = path::sample(name, lang);
            put_all(&format!("{folder}/s-{name}-{}", lang.code()), &report, &wording);
        }
    }
}

/// Writes every file of a report into a folder.
fn put_all(
    folder: &str,
    report: &mingzhang::report::model::Report,
    wording: &mingzhang::report::wording::Wording,
) {
    use mingzhang::render::outputs::{Format, outputs};
    for file in outputs(report, &Format::ALL, wording).unwrap_or_else(|error| panic!("{error:?}")) {
        let path = std::path::Path::new(folder).join(file.name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
        std::fs::write(path, file.bytes).expect("writable");
    }
}
