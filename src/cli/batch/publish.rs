//! From results to the files of a portfolio, all of them at once when everything is there.

use std::fs::{self, File};
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc;

use tempfile::NamedTempFile;

use crate::cli::batch::store::ResultFolder;
use crate::cli::console::Console;
use crate::error::{Error, ErrorKind, Result};
use crate::model::diagnostic::Diagnostic;
use crate::model::message::Message;
use crate::portfolio::codec::Writer;
use crate::portfolio::merge::Merged;
use crate::portfolio::model::{Input, Portfolio, SCHEMA};
use crate::portfolio::page::{self, Links};
use crate::portfolio::read::Reading;
use crate::portfolio::result::LineResult;
use crate::portfolio::storage::failed;
use crate::portfolio::sums::Sums;
use crate::portfolio::table_set::TableSet;
use crate::portfolio::write_csv::{CsvTables, csv_row};
use crate::portfolio::write_parquet::{ParquetError, ParquetTables};
use crate::report::wording::Wording;

/// File in which a part keeps its results for `--merge`.
pub const PART_RESULTS: &str = "results.lines";
/// Lines that are handed on together.
const BATCH_LINES: usize = 1024;
/// Batches that may wait: some twenty megabytes.
const BATCHES_WAITING: usize = 16;

/// Returns the name under which the results of a part are kept.
pub fn part_name((k, n): (u32, u32)) -> String {
    if n <= 1 { "all".to_owned() } else { format!("part-{k}-of-{n}") }
}

/// Returns what a portfolio of tables knows beside its lines, and the text of `set_aside.csv`.
pub fn of_tables(
    set: &TableSet<'_>,
    reading: &Reading,
    part: (u32, u32),
    wording: &Wording,
) -> (Portfolio, String) {
    let mut aside = String::from("path,row,column,header,value,reason,help\n");
    let mut inputs = Vec::new();
    for (layout, facts) in set.layouts.iter().zip(&reading.files) {
        inputs.push(Input {
            path: layout.path.clone(),
            bytes: layout.length_bytes,
            rows_read: facts.rows_read,
            rows_used: facts.rows_used,
            rows_set_aside: facts.rows_read - facts.rows_used,
        });
        facts.aside.iter().for_each(|row| aside_row(&mut aside, row, wording));
    }
    for reading in &set.small {
        let tables = &reading.source.tables;
        let rows = |count: fn(&crate::model::source::Table) -> u32| {
            tables.iter().map(|table| u64::from(count(table))).sum::<u64>()
        };
        let (rows_read, rows_used) = (rows(|table| table.rows_read), rows(|table| table.rows_used));
        inputs.push(Input {
            path: reading.source.path.clone(),
            bytes: reading.source.length_bytes,
            rows_read,
            rows_used,
            rows_set_aside: rows_read - rows_used,
        });
        tables.iter().flat_map(|table| &table.set_aside).for_each(|row| aside_row(&mut aside, row, wording));
    }
    inputs.sort_by(|a, b| a.path.cmp(&b.path));
    let portfolio = Portfolio {
        as_of: Some(set.as_of.to_string()),
        title: set.case_file.title.clone().unwrap_or_default(),
        of: "tables".to_owned(),
        part: (part.1 > 1).then(|| format!("{}/{}", part.0, part.1)),
        inputs,
        ..Portfolio::default()
    };
    (portfolio, aside)
}

fn aside_row(to: &mut String, row: &Diagnostic, wording: &Wording) {
    let say = |message: &Message| wording.say(message).unwrap_or_else(|_| message.key.clone());
    let number = |value: Option<u32>| value.map(|value| value.to_string()).unwrap_or_default();
    let cells = [
        row.path.clone(),
        number(row.row),
        number(row.column.map(u32::from)),
        row.header.clone().unwrap_or_default(),
        row.value.clone().unwrap_or_default(),
        say(&row.reason),
        row.help.as_ref().map(say).unwrap_or_default(),
    ];
    to.push_str(&csv_row(cells.iter().map(String::as_str)));
}

/// Writes the files of a portfolio and returns their paths.
///
/// # Errors
/// When a file cannot be written.
pub fn publish(
    out: &Path,
    sequences: Vec<Box<dyn Read + Send>>,
    mut portfolio: Portfolio,
    aside: &str,
    links: &Links,
    console: &Console,
) -> Result<Vec<PathBuf>> {
    fs::create_dir_all(out).map_err(failed(UNWRITABLE))?;
    let has_case = portfolio.of == "cases";
    let is_part = portfolio.part.is_some();
    let (sums, mut files) = tables(out, sequences, has_case, is_part)?;
    portfolio.schema = SCHEMA.to_owned();
    portfolio.version = env!("CARGO_PKG_VERSION").to_owned();
    if portfolio.title.is_empty() {
        portfolio.title = console.words(&Message::new("portfolio.title"));
    }
    sums.fill(&mut portfolio, &console.wording)?;
    let json = serde_json::to_string_pretty(&portfolio).unwrap_or_default() + "\n";
    files.push(filled(out, "set_aside.csv", aside.as_bytes())?);
    files.push(filled(out, "portfolio.json", json.as_bytes())?);
    let page = page::render(&portfolio, links, &console.wording)?;
    files.push(filled(out, "portfolio.html", page.as_bytes())?);
    let mut paths = Vec::new();
    for (file, name) in files {
        let path = out.join(name);
        file.persist(&path).map_err(|error| failed(UNWRITABLE)(error.error))?;
        paths.push(path);
    }
    paths.sort();
    tell(&portfolio, &paths, console);
    Ok(paths)
}

const UNWRITABLE: &str = "portfolio.results-failed";

/// A file that is whole before it gets its name.
type Ready = (NamedTempFile, String);

fn begun(out: &Path) -> Result<NamedTempFile> {
    let file = NamedTempFile::new_in(out).map_err(failed(UNWRITABLE))?;
    crate::cli::output::make_readable(file.as_file()).map_err(failed(UNWRITABLE))?;
    Ok(file)
}

fn filled(out: &Path, name: &str, bytes: &[u8]) -> Result<Ready> {
    let mut file = begun(out)?;
    file.write_all(bytes).map_err(failed(UNWRITABLE))?;
    Ok((file, name.to_owned()))
}

/// Writes the tables: one thread adds up and writes CSV, another writes Parquet.
fn tables(
    out: &Path,
    sequences: Vec<Box<dyn Read + Send>>,
    has_case: bool,
    is_part: bool,
) -> Result<(Sums, Vec<Ready>)> {
    let names = ["findings.csv", "lines.csv", "findings.parquet", "lines.parquet", PART_RESULTS];
    let files = names.iter().map(|_| begun(out)).collect::<Result<Vec<_>>>()?;
    let handle = |index: usize| -> Result<BufWriter<File>> {
        let file = files[index].as_file().try_clone().map_err(failed(UNWRITABLE))?;
        Ok(BufWriter::with_capacity(256 << 10, file))
    };
    let refused =
        |error: ParquetError| Error::new(ErrorKind::Output, Message::new(UNWRITABLE)).with_source(error);
    let mut csv = CsvTables::new(handle(0)?, handle(1)?, has_case).map_err(failed(UNWRITABLE))?;
    let mut parquet = ParquetTables::new(handle(2)?, handle(3)?, has_case).map_err(refused)?;
    let mut kept = handle(4)?;
    let (send, receive) = mpsc::sync_channel::<Vec<LineResult>>(BATCHES_WAITING);
    let (back, used) = mpsc::sync_channel::<Vec<LineResult>>(BATCHES_WAITING);
    let sums = std::thread::scope(|scope| {
        let writer = scope.spawn(move || -> Result<()> {
            for batch in receive {
                batch.iter().try_for_each(|line| parquet.add(line)).map_err(refused)?;
                // Nobody may be waiting for it any more.
                let _ = back.try_send(batch);
            }
            parquet.finish().map(drop).map_err(refused)
        });
        let mut sums = Sums::default();
        let mut merged = Merged::of(sequences)?;
        let mut batch: Vec<LineResult> = Vec::with_capacity(BATCH_LINES);
        let mut written = Writer::default();
        while let Some(line) = merged.next_line()? {
            sums.add(&line)?;
            csv.add(&line).map_err(failed(UNWRITABLE))?;
            if is_part {
                written.bytes.clear();
                line.write(&mut written);
                kept.write_all(&written.bytes).map_err(failed(UNWRITABLE))?;
            }
            batch.push(line);
            if batch.len() == BATCH_LINES {
                let _ = used.try_recv();
                // A writer that has stopped says why when it is joined.
                let _ = send.send(std::mem::replace(&mut batch, Vec::with_capacity(BATCH_LINES)));
            }
        }
        let _ = send.send(batch);
        drop(send);
        writer.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        csv.finish().map_err(failed(UNWRITABLE))?;
        kept.flush().map_err(failed(UNWRITABLE))?;
        Ok::<Sums, Error>(sums)
    })?;
    let wanted = if is_part { names.len() } else { names.len() - 1 };
    let ready = files.into_iter().zip(names).take(wanted).map(|(file, name)| (file, name.to_owned()));
    Ok((sums, ready.collect()))
}

fn tell(portfolio: &Portfolio, paths: &[PathBuf], console: &Console) {
    let totals = &portfolio.totals;
    let lead = Message::new("batch.lead")
        .count("lines", totals.lines as usize)
        .count("errors", totals.lines_with_errors as usize)
        .text("proven", &totals.claim_proven)
        .text("probable", &totals.claim_probable);
    console.remark(&lead);
    let sums = Message::new("cli.sums").text("billed", &totals.billed).text("explained", &totals.explained);
    console.remark(&sums.text("disputed", &totals.disputed).text("unverified", &totals.unverified));
    for failure in &portfolio.failures {
        let words =
            Message::new("batch.failed").text("case", &failure.case).text("message", &failure.message);
        console.warn(&console.words(&words));
    }
    for path in paths {
        console.line(&path.display().to_string());
    }
}

/// Adds the parts of a portfolio up.
///
/// # Errors
/// When a part cannot be read, or the parts are not all parts of one portfolio.
pub fn merge(folders: &[PathBuf], out: &Path, console: &Console) -> Result<()> {
    let mut portfolios = Vec::new();
    let mut sequences: Vec<Box<dyn Read + Send>> = Vec::new();
    let mut asides = Vec::new();
    for folder in folders {
        let text =
            fs::read_to_string(folder.join("portfolio.json")).map_err(failed("portfolio.read-failed"))?;
        portfolios
            .push(serde_json::from_str::<Portfolio>(&text).map_err(|_| crate::portfolio::result::damaged())?);
        let results = File::open(folder.join(PART_RESULTS)).map_err(failed("portfolio.read-failed"))?;
        sequences.push(Box::new(results));
        asides
            .push(fs::read_to_string(folder.join("set_aside.csv")).map_err(failed("portfolio.read-failed"))?);
    }
    let whole = whole(portfolios)?;
    publish(out, sequences, whole, asides.first().map_or("", String::as_str), &Links::new(), console)?;
    Ok(())
}

/// Returns the portfolio of which these are all parts.
fn whole(mut parts: Vec<Portfolio>) -> Result<Portfolio> {
    let mut named: Vec<String> = parts.iter().filter_map(|it| it.part.clone()).collect();
    named.sort();
    let count = named.len();
    let mut wanted: Vec<String> = (1..=count).map(|k| format!("{k}/{count}")).collect();
    wanted.sort();
    let first = parts.pop().unwrap_or_default();
    let alike = |it: &Portfolio| {
        (&it.inputs, &it.as_of, &it.of, &it.title) == (&first.inputs, &first.as_of, &first.of, &first.title)
    };
    if count != parts.len() + 1 || named != wanted || !parts.iter().all(alike) {
        let message = Message::new("batch.not-all-parts").text("parts", named.join(" "));
        return Err(Error::new(ErrorKind::Usage, message).with_help(Message::new("batch.not-all-parts.help")));
    }
    let Portfolio { as_of, title, of, inputs, .. } = first;
    Ok(Portfolio { as_of, title, of, inputs, ..Portfolio::default() })
}

/// Hands results over and removes them afterwards: the work is done.
///
/// # Errors
/// When a file cannot be written.
pub fn finish(
    out: &Path,
    results: ResultFolder,
    portfolio: Portfolio,
    aside: &str,
    links: &Links,
    console: &Console,
) -> Result<()> {
    let sequences = results.sequences().map_err(failed(UNWRITABLE))?;
    publish(out, sequences, portfolio, aside, links, console)?;
    results.remove();
    // Parts of other runs may still be at work beside it.
    let _ = fs::remove_dir(out.join(".batch"));
    Ok(())
}
