//! Layer 9: many lines. A set of tables is read in blocks, spread by line and judged line by line, each as a case of
//! its own and by the same code as a case; folders of cases are added up in the same way. Nothing is opened by name:
//! bytes, spill file and results are lent by the command line.

pub mod codec;
pub mod court;
pub mod frame;
pub mod judge;
pub mod merge;
pub mod model;
pub mod page;
pub mod partition;
pub mod read;
pub mod reports;
pub mod result;
pub mod row;
pub mod run;
pub mod screen;
pub mod storage;
pub mod sums;
pub mod table_set;
pub mod write_csv;
pub mod write_parquet;

pub use reports::reports;
pub use run::{Lent, Means, run};

/// Returns the published schema of `portfolio.json`.
pub fn schema_text() -> String {
    let schema = schemars::schema_for!(model::Portfolio);
    match serde_json::to_string_pretty(&schema) {
        Ok(text) => text + "\n",
        // A schema is JSON by construction.
        Err(error) => unreachable!("the schema serialises: {error}"),
    }
}
