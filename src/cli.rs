//! Layer 10: the command line. The only place that opens files by name, reads the clock and prints.

pub mod args;
#[cfg(feature = "portfolio")]
mod batch;
#[cfg(not(feature = "portfolio"))]
#[path = "cli/batch_missing.rs"]
mod batch;
mod case;
mod catalogue;
mod check;
mod console;
mod explain;
mod generated;
mod init;
mod inspect;
mod json_list;
mod letter;
mod output;
mod pack;
mod plans;
mod rate;
mod verify;
mod workspace;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::args::{Cli, Command};
use crate::cli::console::Console;

/// Exit status of a command; the numbers are part of the interface (spec 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Done, whatever was found.
    Done = 0,
    /// `--fail-on`: a finding at or above that level. `verify`: not verified.
    FoundAtLevel = 1,
    /// The command was asked for something it cannot mean.
    Usage = 2,
    /// An input could not be used at all; the others were still analysed.
    InputUnusable = 3,
    /// Our bug.
    Internal = 70,
}

/// Runs the command line and returns its exit status.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(error.exit_code() as u8);
        }
    };
    quiet_foreign_readers();
    // A panic is a bug of ours: its message goes to stderr as usual, the status says so.
    let status = std::panic::catch_unwind(|| run(&cli)).unwrap_or(Status::Internal);
    ExitCode::from(status as u8)
}

/// Crates that read foreign bytes. What they cannot read may panic inside them; `ingest` catches that and says
/// that the file is damaged, so the words of the panic are no news to the user.
const FOREIGN_READERS: [&str; 3] = ["calamine-", "cfb-", "parquet-"];

fn quiet_foreign_readers() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let file = panic.location().map_or("", |place| place.file());
        let is_foreign =
            FOREIGN_READERS.iter().any(|name| file.split(['/', '\\']).any(|part| part.starts_with(name)));
        if !is_foreign {
            usual(panic);
        }
    }));
}

fn run(cli: &Cli) -> Status {
    let console = match Console::new(&cli.global) {
        Ok(console) => console,
        Err(error) => {
            eprintln!("mingzhang: {error}");
            return Status::Internal;
        }
    };
    let outcome = match &cli.command {
        Command::Check(args) => check::run(args, &console),
        Command::Init(args) => init::run(args, &console),
        Command::Inspect(args) => inspect::run(args, &console),
        Command::Rate(args) => rate::run(args, &console),
        Command::Letter(args) => letter::run(args, &console),
        Command::Batch(args) => batch::run(args, &console),
        Command::Explain(args) => explain::run(args, &console),
        Command::Pack(args) => pack::run(args, &console),
        Command::Verify(args) => verify::run(args, &console),
        Command::Detectors(args) => catalogue::detectors(args, &console),
        Command::Formats(args) => catalogue::formats(args, &console),
        Command::Laws(args) => catalogue::laws(args, &console),
        Command::Plans(args) => plans::run(args, &console),
        Command::Schema(args) => catalogue::schema(args, &console),
        Command::Completions(args) => generated::completions(args, &console),
        Command::Man => generated::man(&console),
    };
    outcome.unwrap_or_else(|error| console.error(&error))
}
