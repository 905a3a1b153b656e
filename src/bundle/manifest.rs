//! `data/rules/run.json`, version `mingzhang.bundle/1`: what a bundle holds and how its report was made.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::render::json::escape_unsafe;

/// The version of this file.
pub const SCHEMA: &str = "mingzhang.bundle/1";

/// How the report of a bundle was made.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Always `mingzhang.bundle/1`.
    pub schema: String,
    /// What made it.
    pub program: Program,
    /// Day of the calculation.
    pub as_of: String,
    /// Language of the report: `zh` or `en`.
    pub lang: String,
    /// Forms of the report.
    pub formats: Vec<String>,
    /// Plan ids taken as in force when nothing else says otherwise.
    pub assumed_plans: Vec<String>,
    /// Whether names, numbers and ids are replaced.
    pub masked: bool,
    /// Id of the report.
    pub report_id: String,
    /// The records.
    pub records: RecordSet,
    /// Fingerprints: SHA-256 of files in `data/rules`.
    pub fingerprints: Fingerprints,
    /// Files of the case, in the order in which they are read.
    pub files: Vec<File>,
    /// Originals that a masked bundle keeps back.
    pub withheld: Vec<Withheld>,
}

/// What made a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Program {
    /// `mingzhang`.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// The records of a case as a set: the order of files and rows does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordSet {
    /// How many there are.
    pub count: u64,
    /// SHA-256 of their sorted ids, one a line.
    pub sha256: String,
}

/// SHA-256 of the files that name what the report was made with.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fingerprints {
    /// Of `program.txt`.
    pub program: String,
    /// Of `plans.sha256`.
    pub plans: String,
    /// Of `rules.sha256`.
    pub rules: String,
}

/// A file of the case.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// What it is for: `case`, `input`, `plan`, `format`, `attachment`.
    pub role: String,
    /// Path as the report names it.
    pub path: String,
    /// Name in the bundle; another one only where the path is not safe on every system.
    pub member: String,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
    /// Size.
    pub bytes: u64,
}

/// An original that is not in a masked bundle.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Withheld {
    /// What it is for.
    pub role: String,
    /// Name of the masked copy in the bundle; null when there is none.
    pub masked_as: Option<String>,
    /// SHA-256 of `key` and the SHA-256 of the original, both in hexadecimal, where `key` is the SHA-256 of the sorted
    /// SHA-256 of all originals, one a line. A plain SHA-256 would tell the number to whoever tries them all.
    pub commitment: String,
    /// Size of the original.
    pub bytes: u64,
}

impl Manifest {
    /// Returns the file as it stands in a bundle.
    pub fn to_json(&self) -> String {
        pretty(self)
    }

    /// Returns the manifest of that text; nothing when it is no manifest of this version.
    pub fn parse(text: &[u8]) -> Option<Self> {
        serde_json::from_slice(text).ok().filter(|manifest: &Self| manifest.schema == SCHEMA)
    }
}

/// Returns the published JSON Schema of the manifest, with a line feed at the end.
pub fn schema_text() -> String {
    pretty(&schemars::schema_for!(Manifest))
}

/// Returns JSON with a line feed at the end; control and bidi characters as `\uXXXX`.
pub fn pretty(value: &impl Serialize) -> String {
    match serde_json::to_string_pretty(value) {
        Ok(text) => escape_unsafe(&text) + "\n",
        // The types hold only text, numbers and lists: nothing in them can fail to serialise.
        Err(error) => unreachable!("it serialises: {error}"),
    }
}
