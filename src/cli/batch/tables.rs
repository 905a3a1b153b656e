//! `batch` over one set of tables.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::analyse::plan_book;
use crate::cli::args::BatchArgs;
use crate::cli::batch::folder::{self, TableFiles};
use crate::cli::batch::publish;
use crate::cli::batch::store::{Bars, ResultFolder, SpillFile, Tables};
use crate::cli::case;
use crate::cli::console::Console;
use crate::cli::workspace::{read_file, unreadable};
use crate::cli::{Status, catalogue, output};
use crate::error::Result;
use crate::ingest::InputFile;
use crate::model::case::CaseFile;
use crate::model::message::Message;
use crate::portfolio::merge::Merged;
use crate::portfolio::page::{self, Links};
use crate::portfolio::storage::failed;
use crate::portfolio::table_set::TableSet;
use crate::portfolio::{self, Lent, Means};
use crate::render::outputs::{Format, outputs};
use crate::report::model::Report;
use crate::rules;

/// Bytes that the program needs beside its rows: blocks, open chunks, lines at work, outputs.
const OTHER_BYTES: u64 = 128 << 20;
/// Least bytes of rows that are kept in memory.
const ROWS_BYTES_MIN: u64 = 4 << 20;

/// Judges every line of the tables below a folder.
///
/// # Errors
/// When a file cannot be read or written, or an amount leaves the exact range.
pub fn run(args: &BatchArgs, folder: &Path, out: &Path, console: &Console) -> Result<Status> {
    let Some(case_file) = case_file(folder, console)? else { return Ok(Status::InputUnusable) };
    let Some((formats, _)) = catalogue::format_book(&args.format, console)? else {
        return Ok(Status::InputUnusable);
    };
    let (plan_files, assumed_plans) = plan_files(args, folder)?;
    let (plans, problems) = plan_book(&plan_files)?;
    case::tell_plan_problems(&plan_files, &problems, console);
    let TableFiles { bulk, small } = folder::table_files(folder, out, &case_file, &formats)?;
    let as_of = args.as_of.or(case_file.as_of).unwrap_or_else(case::today_in_beijing);
    let (layouts, files): (Vec<_>, Vec<_>) = bulk.into_iter().unzip();
    let set = TableSet { layouts, small, case_file, plans, assumed_plans, formats: &formats, as_of };
    let work = work(args, &set, &files, &plan_files);
    let part = args.part.unwrap_or((1, 1));
    let results = ResultFolder::open(out.join(".batch").join(publish::part_name(part)), &work, args.fresh);
    let results = results.map_err(failed("portfolio.results-failed"))?;
    if results.count() > 0 {
        console.remark(&Message::new("batch.resumed"));
    }
    let spill = SpillFile::new(results.path()).map_err(failed("portfolio.spill-failed"))?;
    let total = set.layouts.iter().map(|layout| layout.length_bytes).sum();
    let word = |key: &str| console.words(&Message::new(key));
    let bars = Bars::new(total, console.is_quiet(), word("batch.reading"), word("batch.judging"));
    let tables = Tables(files);
    let lent = Lent { bytes: &tables, spill: &spill, results: &results, watch: &bars };
    let reading = portfolio::run(&set, &console.wording, means(args), lent)?;
    let links = if args.reports { reports(args, &set, lent, &results, out, console)? } else { Links::new() };
    bars.clear();
    let (portfolio, aside) = publish::of_tables(&set, &reading, part, &console.wording);
    publish::finish(out, results, portfolio, &aside, &links, console)?;
    let usable = problems.is_empty() && set.small.iter().all(|reading| reading.source.unusable.is_none());
    Ok(if usable { Status::Done } else { Status::InputUnusable })
}

/// Folder of the reports of lines.
const REPORTS: &str = "lines";

/// Writes the report of each line on which something was found, and returns where they stand.
fn reports(
    args: &BatchArgs,
    set: &TableSet<'_>,
    lent: Lent<'_>,
    results: &ResultFolder,
    out: &Path,
    console: &Console,
) -> Result<Links> {
    let mut found = Merged::of(results.sequences().map_err(failed("portfolio.results-failed"))?)?;
    let mut lines = BTreeSet::new();
    while let Some(line) = found.next_line()? {
        lines.extend(line.msisdn.parse::<u64>().ok().filter(|_| !line.findings.is_empty()));
    }
    let mut links = Links::new();
    let mut keep = |msisdn: &str, report: &Report| {
        let files = outputs(report, &[Format::Html, Format::Json], &console.wording)?;
        links.insert(msisdn.to_owned(), page::link(REPORTS, msisdn));
        output::write_all(&out.join(REPORTS).join(msisdn), &files).map(drop)
    };
    portfolio::reports(set, &console.wording, means(args), lent, &lines, &mut keep)?;
    Ok(links)
}

/// Returns how the work is done.
pub fn means(args: &BatchArgs) -> Means {
    Means {
        workers: args.workers(),
        row_budget_bytes: args.memory_bytes.saturating_sub(OTHER_BYTES).max(ROWS_BYTES_MIN),
        part: args.part.unwrap_or((1, 1)),
        screens: !args.no_screen,
    }
}

fn case_file(folder: &Path, console: &Console) -> Result<Option<CaseFile>> {
    let path = folder.join("case.toml");
    if !path.exists() {
        return Ok(Some(CaseFile::default()));
    }
    let file = read_file(&path, "case.toml")?;
    let text = String::from_utf8_lossy(&file.bytes);
    let parsed = rules::case_file::parse(&file.path, &text);
    Ok(parsed.map_err(|problems| console.problems(&problems, &text)).ok())
}

fn plan_files(args: &BatchArgs, folder: &Path) -> Result<(Vec<InputFile>, Vec<String>)> {
    let mut files = Vec::new();
    let plans = folder.join("plans");
    if plans.is_dir() {
        let entries = fs::read_dir(&plans).map_err(|error| unreadable(&plans, error))?;
        let mut paths = entries
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<std::io::Result<Vec<_>>>()
            .map_err(|error| unreadable(&plans, error))?;
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
        paths.sort();
        for path in paths {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            files.push(read_file(&path, &format!("plans/{name}"))?);
        }
    }
    let mut assumed = Vec::new();
    for name in &args.plan {
        let path = Path::new(name);
        if path.is_file() {
            let file = read_file(path, name)?;
            assumed
                .extend(rules::plan::parse(name, &String::from_utf8_lossy(&file.bytes)).ok().map(|it| it.id));
            files.push(file);
        } else {
            assumed.push(name.clone());
        }
    }
    Ok((files, assumed))
}

/// Returns what decides the results: program, tables, rules, day, part, language. Results of other work are not used.
fn work(args: &BatchArgs, set: &TableSet<'_>, files: &[fs::File], plans: &[InputFile]) -> String {
    use std::fmt::Write as _;
    let mut work = format!("mingzhang {}\nas of {}\n", env!("CARGO_PKG_VERSION"), set.as_of);
    for (layout, file) in set.layouts.iter().zip(files) {
        let changed = file.metadata().and_then(|it| it.modified()).ok();
        let changed =
            changed.and_then(|it| it.duration_since(std::time::UNIX_EPOCH).ok()).unwrap_or_default();
        // Writing to a string cannot fail.
        let _ = writeln!(work, "{} {} {}", layout.path, layout.length_bytes, changed.as_nanos());
    }
    for reading in &set.small {
        let _ = writeln!(work, "{} {}", reading.source.path, reading.source.sha256);
    }
    for file in plans {
        let digest = Sha256::digest(&file.bytes);
        let text = digest.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
        let _ = writeln!(work, "{} {text}", file.path);
    }
    let case = Sha256::digest(format!("{:?}{:?}", set.case_file, args.format).as_bytes());
    let case = case.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
    let _ = writeln!(work, "case {case}\nplans {:?}\npart {:?}", set.assumed_plans, args.part);
    work
}
