//! Files that are compared byte for byte. `UPDATE_GOLDEN=1 cargo test` rewrites them; read the diff.

use std::path::Path;

/// Compares a text with the golden file at that path in the repository.
pub fn check(path: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&file, text).expect("the golden file is writable");
    }
    let golden = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(golden == text, "{path} differs; UPDATE_GOLDEN=1 rewrites it\n{text}");
}
