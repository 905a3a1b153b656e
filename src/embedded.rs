//! The data files of `schemas/`, embedded at build time.

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// Returns the text of the embedded file at that path below `schemas/`. An unknown path is a bug of the caller.
pub fn text(path: &str) -> &'static str {
    let at = EMBEDDED.binary_search_by_key(&path, |(name, _)| name);
    at.map_or_else(|_| panic!("no embedded file {path}"), |index| EMBEDDED[index].1)
}

/// Returns the bytes of an embedded font of `schemas/fonts/`. An unknown name is a bug of the caller.
pub fn font(name: &str) -> &'static [u8] {
    let mut fonts = fonts().filter(|(path, _)| path.strip_prefix("fonts/") == Some(name));
    fonts.next().map_or_else(|| panic!("no embedded font {name}"), |(_, bytes)| bytes)
}

/// Returns the embedded fonts, by path: (path below `schemas/`, bytes).
pub fn fonts() -> impl Iterator<Item = (&'static str, &'static [u8])> {
    FONTS.iter().map(|(name, bytes)| (*name, *bytes))
}

/// Returns the embedded files below that folder of `schemas/`, by path: (path below `schemas/`, text).
pub fn below(folder: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    EMBEDDED.iter().copied().filter(move |(name, _)| name.starts_with(folder))
}
