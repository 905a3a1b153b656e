//! Two JSON files, field by field.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

/// Most differences that are listed; all are counted.
const SHOWN_MAX: usize = 50;
/// Longest value that is shown, in characters.
const VALUE_CHARS_MAX: usize = 200;

/// Fields that are not the same.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct Differences {
    /// How many there are.
    pub count: u64,
    /// The first of them, in the order of the file; at most 50.
    pub shown: Vec<Difference>,
}

/// A field that is not the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Difference {
    /// JSON pointer of the field.
    pub path: String,
    /// What the bundle states; null when it lacks the field.
    pub stated: Option<String>,
    /// What was computed; null when there is no such field.
    pub computed: Option<String>,
}

/// Compares two JSON texts. A text that is no JSON differs as a whole.
pub fn compare(stated: &[u8], computed: &[u8]) -> Differences {
    let mut differences = Differences::default();
    let parsed = [stated, computed].map(|text| serde_json::from_slice::<Value>(text).ok());
    differences.walk("", parsed[0].as_ref(), parsed[1].as_ref());
    differences
}

impl Differences {
    fn walk(&mut self, path: &str, stated: Option<&Value>, computed: Option<&Value>) {
        match (stated, computed) {
            (Some(Value::Object(a)), Some(Value::Object(b))) => {
                let own: BTreeSet<&String> = a.keys().collect();
                let keys = a.keys().chain(b.keys().filter(|key| !own.contains(key)));
                for key in keys {
                    let step = key.replace('~', "~0").replace('/', "~1");
                    self.walk(&format!("{path}/{step}"), a.get(key), b.get(key));
                }
            }
            (Some(Value::Array(a)), Some(Value::Array(b))) => {
                for index in 0..a.len().max(b.len()) {
                    self.walk(&format!("{path}/{index}"), a.get(index), b.get(index));
                }
            }
            (a, b) if a == b => {}
            (a, b) => self.note(path, a, b),
        }
    }

    fn note(&mut self, path: &str, stated: Option<&Value>, computed: Option<&Value>) {
        self.count += 1;
        if self.shown.len() < SHOWN_MAX {
            let difference = Difference {
                path: path.to_owned(),
                stated: stated.map(shown),
                computed: computed.map(shown),
            };
            self.shown.push(difference);
        }
    }
}

fn shown(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match text.char_indices().nth(VALUE_CHARS_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
