//! What a folder holds: folders of cases, or one set of tables.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use crate::cli::workspace::{Workspace, read_file, unreadable};
use crate::error::{Error, ErrorKind, Result};
use crate::ingest::bulk::{self, Groups, Layout, TAIL_BYTES, footer_bytes};
use crate::ingest::{self, FileReading, FormatBook, InputFile};
use crate::model::case::{CaseFile, SourceHint};
use crate::model::message::Message;

/// Bytes from the beginning of a file by which its layout is recognised.
const HEAD_BYTES: u64 = 64 << 10;

/// The files of a set of tables.
pub struct TableFiles {
    /// Tables that are read in bulk, and their files.
    pub bulk: Vec<(Layout, File)>,
    /// Files that are read in the ordinary way.
    pub small: Vec<FileReading>,
}

/// Returns the case folders below `folder`, by name; none when the folder is one set of tables: it has a case.toml
/// or a paper of its own.
///
/// # Errors
/// When the folder cannot be read.
pub fn case_folders(folder: &Path, out: &Path) -> Result<Option<Vec<PathBuf>>> {
    let entries = fs::read_dir(folder).map_err(|error| unreadable(folder, error))?;
    let mut folders = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| unreadable(folder, error))?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
        let own = fs::canonicalize(&path).ok() == fs::canonicalize(out).ok();
        if name.starts_with('.') || own {
            continue;
        }
        if path.is_dir() {
            folders.push(path);
        } else if is_paper(&name) || name == "case.toml" {
            return Ok(None);
        }
    }
    folders.sort();
    Ok(Some(folders))
}

fn is_paper(name: &str) -> bool {
    let extension = name.rsplit('.').next().unwrap_or_default();
    matches!(extension, "csv" | "parquet" | "tsv" | "txt" | "xlsx" | "xls" | "ods" | "zip")
}

/// Returns the tables below a folder, by path: those in the general record format are only opened, the others read.
///
/// # Errors
/// When a file cannot be read.
pub fn table_files(
    folder: &Path,
    out: &Path,
    case_file: &CaseFile,
    formats: &FormatBook,
) -> Result<TableFiles> {
    let mut files = TableFiles { bulk: Vec::new(), small: Vec::new() };
    for (path, shown) in Workspace::papers(folder, Some(out))? {
        let hint = case_file.sources.iter().find(|hint| hint.file == shown);
        let file = File::open(&path).map_err(|error| unreadable(&path, error))?;
        let length = file.metadata().map_err(|error| unreadable(&path, error))?.len();
        let found = layout(&file, (&shown, length), hint, formats);
        match found.map_err(|error| unreadable(&path, error))? {
            Some(layout) => files.bulk.push((layout, file)),
            None => {
                let file = read_file(&path, &shown)?;
                let members = ingest::members(InputFile { path: shown, bytes: file.bytes });
                files.small.extend(members.iter().map(|member| ingest::read_file(member, hint, formats)));
            }
        }
    }
    if files.bulk.len() + files.small.len() > usize::from(u16::MAX) {
        let message = Message::new("ingest.too-many-files").count("count", files.bulk.len());
        return Err(Error::new(ErrorKind::Input, message));
    }
    Ok(files)
}

/// Returns the layout of a table that can be read in bulk.
fn layout(
    mut file: &File,
    (shown, length): (&str, u64),
    hint: Option<&SourceHint>,
    formats: &FormatBook,
) -> io::Result<Option<Layout>> {
    let mut head = Vec::new();
    file.take(HEAD_BYTES).read_to_end(&mut head)?;
    if !head.starts_with(b"PAR1") {
        return Ok(bulk::recognise(shown, length, &head, hint, formats));
    }
    let mut tail = Vec::new();
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL_BYTES as u64)))?;
    file.read_to_end(&mut tail)?;
    let Some(footer_bytes) = footer_bytes(&tail) else { return Ok(None) };
    let mut footer = Vec::new();
    file.seek(SeekFrom::Start(length.saturating_sub((TAIL_BYTES + footer_bytes) as u64)))?;
    file.take(footer_bytes as u64).read_to_end(&mut footer)?;
    let groups = Groups::of(&footer);
    Ok(groups.and_then(|groups| bulk::recognise_groups(shown, length, groups, hint, formats)))
}
