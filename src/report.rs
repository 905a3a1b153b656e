//! Layer 6: the one report model that every renderer reads.

pub mod assemble;
pub mod model;
pub mod wording;

/// Returns the published JSON Schema of the report, with a line feed at the end.
pub fn schema_text() -> String {
    let schema = schemars::schema_for!(model::Report);
    match serde_json::to_string_pretty(&schema) {
        Ok(text) => text + "\n",
        // A schema is JSON by construction.
        Err(error) => unreachable!("the schema serialises: {error}"),
    }
}
