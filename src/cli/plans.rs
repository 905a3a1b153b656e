//! `plans`: list, show and check plan rules.

use crate::analyse::plan_book;
use crate::cli::Status;
use crate::cli::args::{PlansArgs, Skeleton};
use crate::cli::catalogue::unknown_id;
use crate::cli::console::Console;
use crate::cli::workspace::read_file;
use crate::embedded;
use crate::error::Result;
use crate::model::message::Message;
use crate::rules;

/// Lists the built-in plans, shows one, or checks plan files.
///
/// # Errors
/// When a file cannot be opened or no plan has the id.
pub fn run(args: &PlansArgs, console: &Console) -> Result<Status> {
    if !args.check.is_empty() {
        return check(args, console);
    }
    if let Some(kind) = args.new {
        console.print(skeleton(kind));
        return Ok(Status::Done);
    }
    let plans = || {
        embedded::below("plans/")
            .filter_map(|(path, text)| Some((rules::plan::parse(path, text).ok()?, text)))
    };
    let Some(id) = &args.id else {
        for (plan, _) in plans() {
            console.line(&format!("{:<28}{}", plan.id, plan.name));
        }
        return Ok(Status::Done);
    };
    let Some((_, text)) = plans().find(|(plan, _)| plan.id == *id) else {
        return Err(unknown_id(id, "cli.what-plan", plans().map(|(plan, _)| plan.id)));
    };
    console.print(text);
    Ok(Status::Done)
}

/// Returns a plan file to start from: it holds as it stands.
fn skeleton(kind: Skeleton) -> &'static str {
    match kind {
        Skeleton::Plan => include_str!("../../schemas/skeletons/plan.toml"),
        Skeleton::Pack => include_str!("../../schemas/skeletons/pack.toml"),
    }
}

fn check(args: &PlansArgs, console: &Console) -> Result<Status> {
    let mut status = Status::Done;
    for path in &args.check {
        let file = read_file(path, &path.display().to_string())?;
        let text = String::from_utf8_lossy(&file.bytes).into_owned();
        let shown = file.path.clone();
        let parsed = rules::plan::parse(&shown, &text).ok();
        let (_, problems) = plan_book(&[file])?;
        match parsed.filter(|_| problems.is_empty()) {
            Some(plan) => {
                let words = Message::new("cli.plan-holds").text("path", &shown).text("id", &plan.id);
                console.say(&words.text("name", &plan.name).count("examples", plan.examples.len()));
            }
            None => {
                console.problems(&problems, &text);
                console.say(&Message::new("cli.plan-fails").text("path", &shown));
                status = Status::InputUnusable;
            }
        }
    }
    Ok(status)
}
