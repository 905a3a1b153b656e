//! Which files a command works on: case folders are walked, files taken as they are.

use std::fs;
use std::path::{Path, PathBuf};

use crate::bundle::content;
use crate::error::{Error, ErrorKind, Result};
use crate::ingest::InputFile;
use crate::ingest::container::FILE_BYTES_MAX;
use crate::model::message::Message;

/// A file that belongs to the case but is not parsed.
#[derive(Clone)]
pub struct Attached {
    /// Path relative to the case folder.
    pub path: String,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
    /// Size.
    pub length_bytes: u64,
    /// Where it lies.
    pub place: PathBuf,
}

/// Everything a case consists of, read once.
#[derive(Default)]
pub struct Workspace {
    /// case.toml, if there is one.
    pub case_file: Option<InputFile>,
    /// Plan files of the case.
    pub plans: Vec<InputFile>,
    /// Bills, lists, payments, orders.
    pub inputs: Vec<InputFile>,
    /// Screenshots, contracts, recordings.
    pub attachments: Vec<Attached>,
    /// Files that are documents or our own outputs: said, not read.
    pub passed_over: Vec<String>,
    /// Name of the case, for the output folder.
    pub name: String,
}

impl Workspace {
    /// Reads the files of `paths`: one case folder, or files and folders of them. `out` is never read.
    ///
    /// # Errors
    /// When a path is missing or a file cannot be read.
    pub fn read(paths: &[PathBuf], case: Option<&Path>, out: Option<&Path>) -> Result<Self> {
        let mut workspace = Self { name: name_of(paths), ..Self::default() };
        let out = out.and_then(|out| fs::canonicalize(out).ok());
        for path in paths {
            let folder = path.is_dir();
            let root = if folder { path.as_path() } else { path.parent().unwrap_or(Path::new("")) };
            workspace.visit(path, root, folder, out.as_deref())?;
        }
        if let Some(case) = case {
            workspace.case_file = Some(read_file(case, &case.display().to_string())?);
        }
        Ok(workspace)
    }

    /// Returns the papers of a case folder without reading them: path, and path as shown, by name.
    ///
    /// # Errors
    /// When a folder cannot be read.
    #[cfg(feature = "portfolio")]
    pub fn papers(folder: &Path, out: Option<&Path>) -> Result<Vec<(PathBuf, String)>> {
        let out = out.and_then(|out| fs::canonicalize(out).ok());
        let mut papers = Vec::new();
        let mut open = vec![folder.to_owned()];
        while let Some(path) = open.pop() {
            for child in sorted_children(&path)? {
                let shown = relative_path(&child, folder);
                let top = shown.split('/').next().unwrap_or_default();
                let own = out.is_some() && fs::canonicalize(&child).ok() == out;
                let extension =
                    child.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
                let aside =
                    is_document(&extension) || is_own_output(&child, &extension) || extension == "toml";
                if own || is_hidden(&child) || top == "attachments" {
                    continue;
                }
                if child.is_dir() {
                    open.push(child);
                } else if !aside {
                    papers.push((child, shown));
                }
            }
        }
        papers.sort_by(|a, b| a.1.cmp(&b.1));
        Ok(papers)
    }

    fn visit(&mut self, path: &Path, root: &Path, inside: bool, out: Option<&Path>) -> Result<()> {
        if path.is_dir() {
            let own_output = out.is_some_and(|out| fs::canonicalize(path).is_ok_and(|path| path == out));
            if own_output || is_hidden(path) && path != root {
                return Ok(());
            }
            for child in sorted_children(path)? {
                self.visit(&child, root, true, out)?;
            }
            return Ok(());
        }
        let relative = relative_path(path, root);
        let top = relative.split('/').next().unwrap_or_default();
        let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
        if relative == "case.toml" && self.case_file.is_none() {
            self.case_file = Some(read_file(path, &relative)?);
        } else if top == "attachments" && inside {
            self.attachments.push(attached(path, relative)?);
        } else if extension == "toml" && (top == "plans" || !inside) {
            self.plans.push(read_file(path, &relative)?);
        } else if inside && (is_hidden(path) || is_document(&extension) || is_own_output(path, &extension)) {
            self.passed_over.push(relative);
        } else {
            self.inputs.push(read_file(path, &relative)?);
        }
        Ok(())
    }
}

/// Reads one file whole, so that the bytes hashed are the bytes analysed.
///
/// # Errors
/// When it cannot be read or is larger than [`FILE_BYTES_MAX`].
pub fn read_file(path: &Path, shown: &str) -> Result<InputFile> {
    check_length(path)?;
    let bytes = fs::read(path).map_err(|error| unreadable(path, error))?;
    Ok(InputFile { path: shown.to_owned(), bytes })
}

fn check_length(path: &Path) -> Result<()> {
    let length = fs::metadata(path).map_err(|error| unreadable(path, error))?.len();
    if length > FILE_BYTES_MAX {
        let message = Message::new("cli.file-too-large").text("path", path.display());
        return Err(Error::new(ErrorKind::Input, message).with_help(Message::new("cli.file-too-large-help")));
    }
    Ok(())
}

/// Returns the file name of a path as text.
pub fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Attachments are never parsed, so they are hashed without being held.
fn attached(path: &Path, relative: String) -> Result<Attached> {
    check_length(path)?;
    let file = fs::File::open(path).map_err(|error| unreadable(path, error))?;
    let mut file = std::io::BufReader::new(file);
    let copied = content::copy(&mut file, FILE_BYTES_MAX, &mut std::io::sink());
    let (length_bytes, sha256) = copied.map_err(|error| unreadable(path, error))?;
    Ok(Attached { path: relative, sha256, length_bytes, place: path.to_owned() })
}

/// Returns the error of a path that cannot be read.
pub fn unreadable(path: &Path, error: std::io::Error) -> Error {
    let message = Message::new("cli.file-unreadable").text("path", path.display());
    Error::new(ErrorKind::Input, message).with_source(error)
}

fn sorted_children(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).map_err(|error| unreadable(folder, error))?;
    let children: std::io::Result<Vec<PathBuf>> =
        entries.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut children = children.map_err(|error| unreadable(folder, error))?;
    children.sort();
    Ok(children)
}

fn relative_path(path: &Path, root: &Path) -> String {
    let relative = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = relative.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

fn is_hidden(path: &Path) -> bool {
    let name = file_name(path);
    name.starts_with('.') || name.starts_with("~$") || matches!(name.as_str(), "Thumbs.db" | "desktop.ini")
}

fn is_document(extension: &str) -> bool {
    matches!(extension, "md" | "py" | "sh")
}

/// A report of ours in the folder is not a paper of the case.
fn is_own_output(path: &Path, extension: &str) -> bool {
    extension == "json" || extension == "html" && path.with_extension("json").exists()
}

fn name_of(paths: &[PathBuf]) -> String {
    let first = paths.first().and_then(|path| fs::canonicalize(path).ok());
    let name = first.filter(|_| paths.len() == 1).map(|path| {
        let shown = if path.is_dir() { path.file_name() } else { path.file_stem() };
        shown.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    });
    name.filter(|name| !name.is_empty()).unwrap_or_else(|| "report".to_owned())
}
