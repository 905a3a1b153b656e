//! The report: words, model, page, charts, letters.

mod charts;
mod fixture;
mod golden;
mod html;
mod letter;
mod model;
mod path;
mod route;
mod wording;

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
            ("hostile", fixture::hostile()),
        ] {
            let html = mingzhang::render::html::render(&report, &wording)
                .unwrap_or_else(|error| panic!("{error:?}"));
            std::fs::write(format!("{folder}/{name}-{}.html", lang.code()), html).expect("writable");
            let letter =
                mingzhang::render::letter::operator(&report, &wording).unwrap_or_else(|e| panic!("{e:?}"));
            std::fs::write(format!("{folder}/{name}-{}-letter.md", lang.code()), letter).expect("writable");
            let text =
                mingzhang::render::markdown::render(&report, &wording).unwrap_or_else(|e| panic!("{e:?}"));
            std::fs::write(format!("{folder}/{name}-{}.md", lang.code()), text).expect("writable");
        }
    }
}

/// Writes what the sample cases come to where a person can look at it, when `LOOK_AT` names a folder.
#[test]
fn sample_cases_can_be_looked_at() {
    use mingzhang::render;
    use mingzhang::report::wording::{Lang, Wording};
    let Ok(folder) = std::env::var("LOOK_AT") else { return };
    for lang in Lang::ALL {
        let wording = Wording::load(lang).expect("words");
        for name in ["mms-15-yuan", "pack-not-renewed", "clean"] {
            let report = path::sample(name, lang);
            let put = |end: &str, text: String| {
                std::fs::write(format!("{folder}/s-{name}-{}{end}", lang.code()), text)
            };
            put(".json", render::json::render(&report)).expect("writable");
            put(".html", render::html::render(&report, &wording).expect("a page")).expect("writable");
            put("-letter.md", render::letter::operator(&report, &wording).expect("a letter"))
                .expect("writable");
            put(".md", render::markdown::render(&report, &wording).expect("text")).expect("writable");
        }
    }
}
