//! From results to the files of a portfolio.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use crate::cli::args::BatchArgs;
use crate::cli::batch::store::ResultFolder;
use crate::cli::console::Console;
use crate::error::{Error, ErrorKind, Result};
use crate::model::message::Message;
use crate::portfolio::merge::Merged;
use crate::portfolio::read::Reading;
use crate::portfolio::storage::failed;
use crate::portfolio::table_set::TableSet;
use crate::portfolio::write_csv::CsvTables;
use crate::portfolio::write_parquet::ParquetTables;

/// What the portfolio knows beside its lines.
#[derive(Debug, Default)]
pub struct Facts {
    /// Whether cases are folders.
    pub has_case: bool,
}

impl Facts {
    /// Returns the facts of a set of tables.
    pub fn of_tables(_set: &TableSet<'_>, _reading: &Reading, _part: (u32, u32)) -> Self {
        Self { has_case: false }
    }
}

/// Returns the name under which the results of a part are kept.
pub fn part_name((k, n): (u32, u32)) -> String {
    if n <= 1 { "all".to_owned() } else { format!("part-{k}-of-{n}") }
}

/// Writes the files of the portfolio.
///
/// # Errors
/// When a file cannot be written.
pub fn publish(_args: &BatchArgs, out: &Path, results: ResultFolder, facts: Facts, _console: &Console) -> Result<()> {
    let unwritable = failed("portfolio.results-failed");
    let create = |name: &str| File::create(out.join(name)).map(BufWriter::new).map_err(&unwritable);
    let mut csv = CsvTables::new(create("findings.csv")?, create("lines.csv")?, facts.has_case).map_err(&unwritable)?;
    let parquet_failed = |error: parquet::errors::ParquetError| {
        Error::new(ErrorKind::Output, Message::new("portfolio.results-failed")).with_source(error)
    };
    let mut parquet = ParquetTables::new(create("findings.parquet")?, create("lines.parquet")?, facts.has_case)
        .map_err(parquet_failed)?;
    let mut merged = Merged::of(results.sequences().map_err(&unwritable)?)?;
    while let Some(line) = merged.next()? {
        csv.add(&line).map_err(&unwritable)?;
        parquet.add(&line).map_err(parquet_failed)?;
    }
    csv.finish().map_err(&unwritable)?;
    parquet.finish().map_err(parquet_failed)?;
    results.remove();
    Ok(())
}
