//! `completions`, `man`: what is generated from the command line itself.

use clap::{Command, CommandFactory};

use crate::cli::Status;
use crate::cli::args::{Cli, CompletionsArgs};
use crate::cli::console::Console;
use crate::error::{Error, ErrorKind, Result};
use crate::model::message::Message;

/// Prints the completion script of a shell.
///
/// # Errors
/// Never: the shells are checked by the command line.
pub fn completions(args: &CompletionsArgs, console: &Console) -> Result<Status> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "mingzhang", &mut script);
    console.print(&String::from_utf8_lossy(&script));
    Ok(Status::Done)
}

/// Prints the manual page: the program, then each command.
///
/// # Errors
/// When the page cannot be made.
pub fn man(console: &Console) -> Result<Status> {
    let mut page = Vec::new();
    let mut program = Cli::command();
    program.build();
    let commands: Vec<Command> =
        program.get_subcommands().filter(|it| it.get_name() != "help").cloned().collect();
    let written = clap_mangen::Man::new(program)
        .render(&mut page)
        .and_then(|()| commands.into_iter().try_for_each(|command| section(command, &mut page)));
    written.map_err(|error| {
        Error::new(ErrorKind::Output, Message::new("cli.file-unwritable").text("path", "man"))
            .with_source(error)
    })?;
    console.print(&String::from_utf8_lossy(&page));
    Ok(Status::Done)
}

/// Writes one command as a section of the page.
fn section(command: Command, page: &mut Vec<u8>) -> std::io::Result<()> {
    page.extend_from_slice(format!(".SH \"MINGZHANG {}\"\n", command.get_name().to_uppercase()).as_bytes());
    let manual = clap_mangen::Man::new(command);
    manual.render_synopsis_section(page)?;
    manual.render_description_section(page)?;
    manual.render_options_section(page)
}
