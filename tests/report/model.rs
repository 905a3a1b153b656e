use mingzhang::render::json;
use mingzhang::report;

use super::{fixture, golden};

#[test]
fn the_published_schema_is_that_of_the_types() {
    golden::check("schemas/report.schema.json", &report::schema_text());
}

#[test]
fn the_report_fits_its_published_schema() {
    let schema = serde_json::from_str(&report::schema_text()).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema holds");
    for report in [fixture::mms_15_yuan(), fixture::clean(), fixture::hostile(), fixture::many()] {
        let value = serde_json::from_str(&json::render(&report)).expect("the report is JSON");
        let errors: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
}

#[test]
fn a_number_where_an_amount_belongs_does_not_fit_the_schema() {
    let schema = serde_json::from_str(&report::schema_text()).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema holds");
    let mut value: serde_json::Value =
        serde_json::from_str(&json::render(&fixture::mms_15_yuan())).expect("the report is JSON");
    value["totals"]["billed"] = serde_json::json!(89.1);
    assert!(!validator.is_valid(&value));
}

#[test]
fn json_escapes_control_and_bidi_characters_and_reads_back_the_same() {
    let report = fixture::hostile();
    let text = json::render(&report);
    assert!(text.contains("\\u202e"), "the override is escaped");
    assert!(!text.contains('\u{202e}') && !text.contains('\u{7}') && !text.contains('\u{feff}'));
    assert!(text.ends_with("}\n"));
    let back: mingzhang::report::model::Report = serde_json::from_str(&text).expect("it reads back");
    assert_eq!(back, report);
}

#[test]
fn a_character_beyond_sixteen_bits_is_escaped_as_a_pair() {
    // U+E0041 = D800 + (0xD0041 >> 10 = 0x340) = DB40, DC00 + 0x41 = DC41
    assert_eq!(json::escape_unsafe("\"\u{e0041}\""), "\"\\udb40\\udc41\"");
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    assert_eq!(json::render(&fixture::many()), json::render(&fixture::many()));
}
