//! Embeds every data file of `schemas/`, so that a new format, plan, law or wording is a file and nothing else.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

fn main() {
    println!("cargo:rerun-if-changed=schemas");
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets the manifest folder"));
    let mut files = Vec::new();
    collect(&root.join("schemas"), &mut files);
    files.sort();
    let mut code = String::from("pub static EMBEDDED: &[(&str, &str)] = &[\n");
    for file in &files {
        let name = file.strip_prefix(root.join("schemas")).expect("collected below schemas");
        let name = name.to_string_lossy().replace('\\', "/");
        writeln!(code, "    ({name:?}, include_str!({:?})),", file.display().to_string())
            .expect("writing to a string");
    }
    code.push_str("];\npub static FONTS: &[(&str, &[u8])] = &[\n");
    for file in fonts(&root.join("schemas/fonts")) {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let path = format!("fonts/{name}");
        writeln!(code, "    ({path:?}, include_bytes!({:?})),", file.display().to_string())
            .expect("writing to a string");
    }
    code.push_str("];\n");
    let out = PathBuf::from(std::env::var("OUT_DIR").expect("cargo sets the output folder"));
    fs::write(out.join("embedded.rs"), code).expect("the output folder is writable");
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    println!("cargo:rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() && path.file_name().is_some_and(|name| name != "fonts") {
            collect(&path, files);
        } else if matches!(path.extension().and_then(|e| e.to_str()), Some("toml" | "html" | "md" | "css")) {
            files.push(path);
        }
    }
}

fn fonts(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut found: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|extension| extension == "ttf")).collect();
    found.sort();
    found
}
