//! `init`: a case folder to fill in. Asks at a terminal, takes flags otherwise, never overwrites.

use std::fs::OpenOptions;
use std::io::{IsTerminal, Write};
use std::path::Path;

use crate::cli::Status;
use crate::cli::args::InitArgs;
use crate::cli::console::Console;
use crate::error::{Error, ErrorKind, Result};
use crate::model::case::Operator;
use crate::model::message::Message;
use crate::render::template::{self, Value, context};
use crate::rules::case_file;

const FOLDERS: [&str; 6] = ["bills", "usage", "payments", "orders", "plans", "attachments"];

/// Makes the folders and a commented case.toml.
///
/// # Errors
/// When the folder already holds a case.toml, an answer does not fit, or a file cannot be written.
pub fn run(args: &InitArgs, console: &Console) -> Result<Status> {
    let target = args.folder.join("case.toml");
    if target.exists() {
        let message = Message::new("cli.init-exists").text("path", target.display());
        return Err(Error::new(ErrorKind::Usage, message));
    }
    let text = case_toml(&asked(args.clone(), console), console)?;
    if let Err(problems) = case_file::parse("case.toml", &text) {
        console.problems(&problems, &text);
        return Ok(Status::Usage);
    }
    for folder in FOLDERS {
        std::fs::create_dir_all(args.folder.join(folder)).map_err(|error| unwritable(&target, error))?;
    }
    let file = OpenOptions::new().write(true).create_new(true).open(&target);
    file.and_then(|mut file| file.write_all(text.as_bytes())).map_err(|error| unwritable(&target, error))?;
    console.line(&target.display().to_string());
    console.remark(&Message::new("cli.init-done").text("folder", args.folder.display()));
    Ok(Status::Done)
}

/// Returns the answers: flags first, the rest asked for when somebody is there to answer.
fn asked(mut args: InitArgs, console: &Console) -> InitArgs {
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return args;
    }
    args.title = args.title.or_else(|| answer("cli.init-title", console));
    if args.msisdn.is_empty() {
        args.msisdn.extend(answer("cli.init-msisdn", console));
    }
    if !args.msisdn.is_empty() {
        args.operator = args.operator.or_else(|| answer("cli.init-operator", console));
    }
    args.province = args.province.or_else(|| answer("cli.init-province", console));
    args.name = args.name.or_else(|| answer("cli.init-name", console));
    args
}

/// Asks one question; an empty line leaves it open.
fn answer(key: &str, console: &Console) -> Option<String> {
    eprint!("{} ", console.words(&Message::new(key)));
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).ok()?;
    Some(line.trim().to_owned()).filter(|line| !line.is_empty())
}

fn case_toml(args: &InitArgs, console: &Console) -> Result<String> {
    let operator = args.operator.as_deref().map(operator_code);
    let values = context! {
        folder => Value::from_safe_string(args.folder.display().to_string().replace(char::is_control, " ")),
        title => quoted(args.title.as_deref()),
        province => quoted(args.province.as_deref()),
        as_of => args.as_of.map(|day| day.to_string()).unwrap_or_default(),
        name => quoted(args.name.as_deref()),
        phone => quoted(args.phone.as_deref()),
        address => quoted(args.address.as_deref()),
        msisdns => args.msisdn.iter().map(|number| quoted(Some(number))).collect::<Vec<_>>(),
        operator => quoted(operator.as_deref()),
    };
    template::fill("case.toml", &console.wording, values)
}

/// Returns the code of an operator that is called by its Chinese name; anything else as it is, for the check.
fn operator_code(text: &str) -> String {
    let names = [
        ("移动", Operator::Cmcc),
        ("联通", Operator::Cucc),
        ("电信", Operator::Ctcc),
        ("广电", Operator::Cbn),
        ("虚拟", Operator::Mvno),
    ];
    let named = names.iter().find(|(name, _)| text.contains(name));
    named.map_or_else(|| text.to_lowercase(), |(_, operator)| operator.code().to_owned())
}

/// Returns a TOML string, empty when there is nothing to say. JSON escapes the same characters in the same way,
/// but for DEL.
fn quoted(text: Option<&str>) -> Value {
    let quote = |text: &str| serde_json::Value::from(text.replace('\u{7f}', "")).to_string();
    Value::from_safe_string(text.map(quote).unwrap_or_default())
}

fn unwritable(path: &Path, error: std::io::Error) -> Error {
    let message = Message::new("cli.file-unwritable").text("path", path.display());
    Error::new(ErrorKind::Output, message).with_source(error)
}
