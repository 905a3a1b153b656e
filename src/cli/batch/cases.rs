//! `batch` over folders of cases: each as `check` does it, several at a time; a bad one never stops the rest.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::analyse::{self, Analysis};
use crate::cli::args::{BatchArgs, CaseArgs};
use crate::cli::batch::publish;
use crate::cli::batch::store::{Bars, ResultFolder};
use crate::cli::case::{self, OpenCase};
use crate::cli::console::Console;
use crate::cli::workspace::file_name;
use crate::cli::{Status, output};
use crate::error::{Error, Result};
use crate::model::message::Message;
use crate::portfolio::codec::Writer;
use crate::portfolio::judge;
use crate::portfolio::model::{Failure, Portfolio};
use crate::portfolio::page::{self, Links};
use crate::portfolio::read::on_all;
use crate::portfolio::result::LineResult;
use crate::portfolio::storage::{Watch, failed};
use crate::render::outputs::{Format, outputs};

/// Judges every case folder below a folder.
///
/// # Errors
/// When a result cannot be written. What is wrong with one case stands in the portfolio.
pub fn run(args: &BatchArgs, folders: &[PathBuf], out: &Path, console: &Console) -> Result<Status> {
    let part = args.part.unwrap_or((1, 1));
    let own: Vec<&PathBuf> = folders.iter().filter(|folder| is_in_part(folder, part)).collect();
    let as_of = args.as_of.unwrap_or_else(case::today_in_beijing);
    let work = format!(
        "mingzhang {}\ncases as of {as_of}\nplans {:?}\nformats {:?}\npart {part:?}\n",
        env!("CARGO_PKG_VERSION"),
        args.plan,
        args.format
    );
    let results = ResultFolder::open(out.join(".batch").join(publish::part_name(part)), &work, args.fresh);
    let results = results.map_err(failed("portfolio.results-failed"))?;
    if results.count() > 0 {
        console.remark(&Message::new("batch.resumed"));
    }
    let word = console.words(&Message::new("batch.judging"));
    let bars = Bars::of_cases(own.len() as u64, console.is_quiet(), word);
    let next = AtomicUsize::new(0);
    let work = || -> Result<()> {
        loop {
            let Some(folder) = own.get(next.fetch_add(1, Ordering::Relaxed)) else { return Ok(()) };
            one(args, folder, out, &results, console)?;
            bars.finished(1);
        }
    };
    on_all(args.workers(), &work)?;
    bars.clear();
    let failures = failures(&own, &results);
    let is_whole = failures.is_empty();
    let portfolio = Portfolio {
        as_of: args.as_of.map(|day| day.to_string()),
        of: "cases".to_owned(),
        part: (part.1 > 1).then(|| format!("{}/{}", part.0, part.1)),
        failures,
        ..Portfolio::default()
    };
    let links = if args.reports { links(&own, out) } else { Links::new() };
    publish::finish(out, results, portfolio, ASIDE_HEADER, &links, console)?;
    Ok(if is_whole { Status::Done } else { Status::InputUnusable })
}

/// Returns the reports that were written, by case.
fn links(folders: &[&PathBuf], out: &Path) -> Links {
    let names = folders.iter().map(|folder| file_name(folder));
    let written = names.filter(|name| out.join(REPORTS).join(name).join("report.html").exists());
    written.map(|name| (name.clone(), page::link(REPORTS, &name))).collect()
}

/// Folder of the reports of cases.
const REPORTS: &str = "cases";

/// Rows that a case sets aside stand in its own report.
const ASIDE_HEADER: &str = "path,row,column,header,value,reason,help\n";

/// Returns whether the folder belongs to part `k` of `n`: by its name alone.
fn is_in_part(folder: &Path, part: (u32, u32)) -> bool {
    let name = file_name(folder);
    let number =
        name.bytes().fold(0u64, |sum, byte| sum.wrapping_mul(0x0000_0100_0000_01B3) ^ u64::from(byte));
    crate::portfolio::partition::is_in_part(number, part)
}

fn one(args: &BatchArgs, folder: &Path, out: &Path, results: &ResultFolder, console: &Console) -> Result<()> {
    let name = file_name(folder);
    let (done, failed_before) = (format!("{name}.lines"), format!("{name}.failed"));
    if results.has(&done) {
        return Ok(());
    }
    let judged = catch_unwind(AssertUnwindSafe(|| judge(args, folder, &name, out, console)));
    let judged = judged.unwrap_or_else(|_| Err(Failed(console.words(&Message::new("batch.bug")))));
    let (kept, message) = match judged {
        Ok(bytes) => (bytes, None),
        Err(Failed(message)) => (Vec::new(), Some(message)),
    };
    let unwritable = failed("portfolio.results-failed");
    if let Some(message) = message {
        results.keep(&failed_before, message.as_bytes()).map_err(&unwritable)?;
    }
    results.keep(&done, &kept).map_err(&unwritable)
}

/// Why a case could not be judged, in words.
struct Failed(String);

fn judge(
    args: &BatchArgs,
    folder: &Path,
    name: &str,
    out: &Path,
    console: &Console,
) -> std::result::Result<Vec<u8>, Failed> {
    let said = |error: Error| Failed(console.words(&error.message));
    let case_args = CaseArgs {
        paths: vec![folder.to_owned()],
        case: None,
        plan: args.plan.clone(),
        as_of: args.as_of,
        format: args.format.clone(),
    };
    let silent = console.silent();
    let opened = case::open(&case_args, Some(out), &silent).map_err(said)?;
    let unreadable = || Failed(console.words(&Message::new("batch.case-file")));
    let OpenCase { inputs, .. } = opened.ok_or_else(unreadable)?;
    let analysis = analyse::analyse(inputs, &console.wording).map_err(said)?;
    if analysis.case.lines.is_empty() {
        return Err(Failed(console.words(&Message::new("batch.no-line"))));
    }
    if args.reports {
        let files =
            outputs(&analysis.report, &[Format::Html, Format::Json], &console.wording).map_err(said)?;
        output::write_all(&out.join(REPORTS).join(name), &files).map_err(said)?;
    }
    let mut to = Writer::default();
    for line in lines(name, &analysis, console).map_err(said)? {
        line.write(&mut to);
    }
    Ok(to.bytes)
}

fn lines(name: &str, analysis: &Analysis, console: &Console) -> Result<Vec<LineResult>> {
    let mut lines = Vec::new();
    for (line, settled) in analysis.case.lines.iter().zip(&analysis.settled) {
        let result = judge::result(&analysis.case, line, settled, &console.wording)?;
        lines.push(LineResult { case: name.to_owned(), ..result });
    }
    let answers = analysis.report.service.iter().filter_map(|party| {
        let days = party.median_days_to_answer.as_deref()?.split('.').next()?.parse().ok()?;
        Some((party.party.clone(), days))
    });
    if let Some(first) = lines.first_mut() {
        first.answers = answers.collect();
    }
    Ok(lines)
}

fn failures(folders: &[&PathBuf], results: &ResultFolder) -> Vec<Failure> {
    let failed = folders.iter().filter_map(|folder| {
        let case = file_name(folder);
        let message = std::fs::read_to_string(results.path().join(format!("{case}.failed"))).ok()?;
        Some(Failure { case, message })
    });
    failed.collect()
}
