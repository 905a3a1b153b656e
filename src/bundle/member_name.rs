//! Names inside a bundle: what every system can store, what nobody can climb out with, and what is told apart
//! everywhere.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

use crate::render::visible::is_unsafe;

/// Longest part of a name, in bytes: file systems end at 255.
const PART_BYTES_MAX: usize = 200;
/// Characters that Windows, a shell or a BagIt manifest reads as something else.
const RESERVED: &str = "<>:\"|?*%\\";
/// Names of devices on Windows, with any extension.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// Gives every path a name of its own that is safe on any system.
#[derive(Debug, Clone, Default)]
pub struct SafeNames {
    taken: BTreeSet<String>,
}

impl SafeNames {
    /// Returns the safe name of a path. A path that is safe already keeps its name; a second path that some system
    /// would take for the same gets a number.
    pub fn name(&mut self, path: &str) -> String {
        let parts: Vec<String> =
            path.split(['/', '\\']).filter(|part| !part.is_empty()).map(safe_part).collect();
        let name = if parts.is_empty() { "_".to_owned() } else { parts.join("/") };
        let numbered =
            (1..).map(|number: u32| if number == 1 { name.clone() } else { with_number(&name, number) });
        // The numbers never end, so neither do the names.
        let free = numbered.into_iter().find(|name| self.taken.insert(folded(name)));
        free.unwrap_or(name)
    }
}

/// Why a name must not be in a bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameFault {
    /// Empty, or a part of it is.
    Empty,
    /// It begins at the root of a disk.
    Absolute,
    /// It climbs out of the folder.
    Climbs,
    /// It holds a backslash, which some systems read as a folder.
    Backslash,
    /// It holds control or bidi characters.
    Control,
}

impl NameFault {
    /// Returns the word by which problems name it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "name-empty",
            Self::Absolute => "name-absolute",
            Self::Climbs => "name-climbs",
            Self::Backslash => "name-backslash",
            Self::Control => "name-control",
        }
    }
}

/// Returns what is wrong with the name of a file in a bundle, if something is.
pub fn fault(name: &str) -> Option<NameFault> {
    let drive = name.as_bytes().get(1) == Some(&b':') && name.starts_with(|c: char| c.is_ascii_alphabetic());
    if name.starts_with('/') || name.starts_with('~') || drive {
        Some(NameFault::Absolute)
    } else if name.contains('\\') {
        Some(NameFault::Backslash)
    } else if name.split('/').any(|part| part == "..") {
        Some(NameFault::Climbs)
    } else if name.chars().any(is_unsafe) {
        Some(NameFault::Control)
    } else {
        name.split('/').any(|part| part.is_empty() || part == ".").then_some(NameFault::Empty)
    }
}

/// Returns the name by which systems that ignore case or compose letters know it.
pub fn folded(name: &str) -> String {
    name.nfc().collect::<String>().to_lowercase().nfc().collect()
}

fn safe_part(part: &str) -> String {
    let replaced =
        part.chars().map(|c| if is_unsafe(c) || c.is_control() || RESERVED.contains(c) { '_' } else { c });
    let mut safe: String = replaced.collect();
    let dots = safe.chars().all(|c| c == '.' || c == ' ');
    if dots || safe.ends_with(['.', ' ']) || safe.starts_with([' ', '~', '-']) {
        safe = format!("_{}", safe.trim_end_matches(['.', ' ']));
    }
    let stem = safe.split('.').next().unwrap_or_default().to_lowercase();
    let port =
        stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt")).is_some_and(|end| end.len() == 1);
    if DEVICES.contains(&stem.as_str()) || port {
        safe.insert(0, '_');
    }
    let end = (0..=PART_BYTES_MAX.min(safe.len())).rev().find(|end| safe.is_char_boundary(*end)).unwrap_or(0);
    safe.truncate(end);
    safe
}

fn with_number(name: &str, number: u32) -> String {
    let (folder, file) = name.rsplit_once('/').map_or((String::new(), name), |(f, n)| (format!("{f}/"), n));
    match file.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()) {
        Some((stem, extension)) => format!("{folder}{stem}~{number}.{extension}"),
        None => format!("{folder}{file}~{number}"),
    }
}
